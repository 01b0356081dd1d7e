/* keymap.h — from the bytes a terminal sends to keys with names, without ever waiting.
 *
 * Understands UTF-8, xterm's, VT220's, rxvt's and the Linux console's sequences (ECMA-48 CSI, SS3) and bracketed paste. A
 * sequence may come in pieces: a lone Esc is decided after `escape_delay_ms`, one that has begun like a sequence after
 * KEY_SEQUENCE_MS. The tail of an arrow key that comes after its Esc was decided (a slow line) is dropped, not taken for letters. */
#ifndef HACKTIV_TUI_KEYMAP_H
#define HACKTIV_TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"

#define KEY_SEQUENCE_MS   500   /* nobody types Esc [ by hand, but a bad line can hold the rest back */
#define KEY_TAIL_MS      1000
#define KEY_PASTE_MS     1000   /* silence after which a paste that was never ended counts as ended */
#define KEY_PASTE_MAX   65536   /* bytes; the rest of a longer paste is dropped */
#define KEY_NAME_MAX       24

enum key_kind {
	KEY_CHARACTER,   /* `name` is what was typed: "a", "é", "?" , " " */
	KEY_NAMED,       /* "Up" "Down" "Left" "Right" "Enter" "Escape" "Tab" "BTab" "BSpace" "Delete" "Insert" "Home" "End" "PageUp"
	                    "PageDown" "F1" … "F12"; with "C-", "M-", "S-" before it; "C-a" … "C-z" */
	KEY_PASTE        /* `pasted`: whatever it was, not yet clean */
};

struct key {
	enum key_kind kind;
	char name[KEY_NAME_MAX];
	const char *pasted;         /* borrowed until the next decoder_next() */
	size_t pasted_length;
};

struct decoder {
	int escape_delay_ms;
	unsigned char held[256];    /* bytes that are not a key yet */
	size_t held_count;
	int64_t held_since_ms;      /* monotonic, when the last of them came */
	int64_t escaped_at_ms;      /* when a lone Esc was last decided by time; 0: never */
	bool pasting;
	struct buffer paste;
};

void decoder_init(struct decoder *decoder, int escape_delay_ms);
void decoder_clear(struct decoder *decoder);
/* Takes as many bytes as there is room for and returns their number; call decoder_next() until it says no, then feed the rest. */
size_t decoder_feed(struct decoder *decoder, const void *bytes, size_t count, int64_t now_ms);
bool decoder_next(struct decoder *decoder, int64_t now_ms, struct key *key);
/* Milliseconds until decoder_next() should be asked again though nothing came; -1: no need. */
int decoder_timeout(const struct decoder *decoder, int64_t now_ms);

#endif
