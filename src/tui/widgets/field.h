/* field.h — one line that one types into: whole graphemes, pasted text cleaned, secrets wiped. */
#ifndef HACKTIV_TUI_FIELD_H
#define HACKTIV_TUI_FIELD_H

#include "canvas.h"
#include "keymap.h"

#define FIELD_MAX 400u   /* bytes */

struct field {
	char text[FIELD_MAX + 1];   /* clean, one line */
	size_t length;
	size_t at;                  /* of the cursor: byte offset on a grapheme's edge */
	bool secret;                /* shown as stars */
};

void field_init(struct field *field, bool secret);
void field_clear(struct field *field);                     /* wipes it */
void field_set(struct field *field, const char *text);     /* cursor at the end */
/* True when the key was the field's: a character, a paste, an editing key. */
bool field_key(struct field *field, const struct key *key);
/* Draws in `columns` from `column` on, scrolled so that the cursor is in sight, and puts the hardware cursor there. */
void field_draw(const struct field *field, struct canvas *canvas, struct area area, int row, int column, int columns,
                bool focused);

#endif
