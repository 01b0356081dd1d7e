/* field.c — see field.h. */
#include "field.h"

#include <string.h>

/* Not memset(): a compiler may leave out the wiping of what nobody reads again. */
static void wipe(char *bytes, size_t length)
{
	volatile char *at = bytes;
	while (length-- > 0)
		*at++ = '\0';
}

void field_init(struct field *field, bool secret)
{
	*field = (struct field){.secret = secret};
}

void field_clear(struct field *field)
{
	wipe(field->text, sizeof field->text);
	field->length = field->at = 0;
}

static void insert(struct field *field, const char *text, size_t length)
{
	if (field->length + length > FIELD_MAX)
		return;
	memmove(field->text + field->at + length, field->text + field->at, field->length - field->at + 1);
	memcpy(field->text + field->at, text, length);
	field->length += length;
	field->at += length;
}

static void erase(struct field *field, size_t from, size_t until)
{
	memmove(field->text + from, field->text + until, field->length - until + 1);
	field->length -= until - from;
	field->at = from;
	wipe(field->text + field->length, FIELD_MAX - field->length);
}

void field_set(struct field *field, const char *text)
{
	field_clear(field);
	insert(field, text, strlen(text));
}

static size_t word_start(const struct field *field)
{
	size_t at = field->at;
	while (at > 0 && field->text[at - 1] == ' ')
		at--;
	while (at > 0 && field->text[at - 1] != ' ')
		at--;
	return at;
}

/* What is pasted may hold anything: line feeds become spaces, what moves a cursor is dropped. */
static void paste(struct field *field, const struct key *key)
{
	struct arena *arena = arena_new();
	char *clean = text_clean(arena, key->pasted, key->pasted_length, TEXT_ONE_LINE, FIELD_MAX);
	insert(field, clean, strlen(clean));
	if (field->secret)
		wipe(clean, strlen(clean));
	arena_free(arena);
}

static bool is(const struct key *key, const char *name)
{
	return strcmp(key->name, name) == 0;
}

static bool edit(struct field *field, const struct key *key)
{
	if (is(key, "Left"))
		field->at = text_previous(field->text, field->at);
	else if (is(key, "Right"))
		field->at = text_next(field->text, field->at);
	else if (is(key, "Home") || is(key, "C-a"))
		field->at = 0;
	else if (is(key, "End") || is(key, "C-e"))
		field->at = field->length;
	else if (is(key, "BSpace"))
		erase(field, text_previous(field->text, field->at), field->at);
	else if (is(key, "Delete"))
		erase(field, field->at, text_next(field->text, field->at));
	else if (is(key, "C-u"))
		erase(field, 0, field->at);
	else if (is(key, "C-k"))
		erase(field, field->at, field->length);
	else if (is(key, "C-w"))
		erase(field, word_start(field), field->at);
	else
		return false;
	return true;
}

bool field_key(struct field *field, const struct key *key)
{
	switch (key->kind) {
	case KEY_CHARACTER: {
		/* A lone combining mark or a control character of the upper half is no character one can mean. */
		bool clean = strcmp(key->name, " ") == 0 || text_is_clean(key->name, strlen(key->name), TEXT_ONE_LINE, KEY_NAME_MAX);
		if (clean)
			insert(field, key->name, strlen(key->name));
		return true;
	}
	case KEY_PASTE:
		paste(field, key);
		return true;
	case KEY_NAMED:
		return edit(field, key);
	}
	return false;
}

static int columns_before(const struct field *field, size_t until)
{
	int columns = 0;
	for (size_t at = 0; at < until;) {
		size_t next = text_next(field->text, at);
		char grapheme[FIELD_MAX + 1];
		memcpy(grapheme, field->text + at, next - at);
		grapheme[next - at] = '\0';
		columns += field->secret ? 1 : text_columns(grapheme);
		at = next;
	}
	return columns;
}

void field_draw(const struct field *field, struct canvas *canvas, struct area area, int row, int column, int columns,
                bool focused)
{
	if (columns < 1)
		return;
	size_t from = 0;
	int cursor = columns_before(field, field->at);
	int skipped = 0;
	while (cursor - skipped >= columns) {
		from = text_next(field->text, from);
		skipped = columns_before(field, from);
	}
	struct area inside = area_rows(area, row, 1);
	inside.column += column;
	inside.columns = inside.columns - column < columns ? inside.columns - column : columns;
	for (int i = 0; i < inside.columns; i++)
		canvas_text(canvas, inside, 0, i, STYLE_FIELD, " ");
	if (field->secret) {
		for (int i = 0; i < columns_before(field, field->length) - skipped; i++)
			canvas_text(canvas, inside, 0, i, STYLE_FIELD, "*");
	} else {
		canvas_text(canvas, inside, 0, 0, STYLE_FIELD, field->text + from);
	}
	if (focused)
		canvas_cursor(canvas, inside, 0, cursor - skipped);
}
