/* picture.c — see picture.h. */
#include "picture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_MAX (1u << 20)
#define HEADING "=== "

static void add_looks(struct terminal *terminal, int row, struct buffer *text)
{
	int columns = terminal_columns(terminal);
	bool begun = false;
	for (int column = 0; column < columns;) {
		char look = terminal_look(terminal, row, column);
		int from = column;
		while (column < columns && terminal_look(terminal, row, column) == look)
			column++;
		if (look == '.')
			continue;
		if (!begun)
			buffer_print(text, "%d:", row);
		begun = true;
		buffer_print(text, " %c%d", look, from);
		if (column - from > 1)
			buffer_print(text, "-%d", column - 1);
	}
	if (begun)
		buffer_add_text(text, "\n");
}

/* "[ W D J B - M J H T ]" */
static const char *find_code(const char *row)
{
	static const char form[] = "[ x x x x - x x x x ]";
	for (const char *at = strchr(row, '['); at; at = strchr(at + 1, '[')) {
		size_t length = 0;
		while (form[length] && (form[length] == 'x' ? isupper((unsigned char)at[length]) != 0 : form[length] == at[length]))
			length++;
		if (!form[length])
			return at;
	}
	return NULL;
}

/* The same each time. */
static void hide_code(char *row)
{
	char *code = (char *)(uintptr_t)find_code(row);
	if (code)
		memcpy(code, "[ X X X X - X X X X ]", strlen("[ X X X X - X X X X ]"));
}

/* What stands dark on light is a QR code, of an address with a code in it that is another each time: only where it stands is kept. */
static bool add_row_of_code(struct terminal *terminal, int at, struct buffer *text)
{
	int columns = terminal_columns(terminal), first = 0;
	while (first < columns && terminal_look(terminal, at, first) != 'k')
		first++;
	if (first == columns)
		return false;
	const char *row = terminal_row(terminal, at);
	for (int column = 0; column < first; column++) {
		buffer_add(text, *row ? row++ : " ", 1);
		while ((*row & 0xc0) == 0x80)
			buffer_add(text, row++, 1);
	}
	for (int column = first; column < columns && terminal_look(terminal, at, column) == 'k'; column++)
		buffer_add_text(text, "#");
	buffer_add_text(text, "\n");
	return true;
}

/* The home has another name in each play, always of the same length. */
static void add_row(const char *row, struct buffer *text)
{
	static const char home[] = "/tmp/hacktiv-play-";
	const char *found = strstr(row, home);
	size_t before = found ? (size_t)(found - row) + sizeof home - 1 : strlen(row);
	buffer_add(text, row, before);
	for (row += before; found && isalnum((unsigned char)*row); row++)
		buffer_add_text(text, "X");
	buffer_print(text, "%s\n", row);
}

void picture_take(struct terminal *terminal, struct buffer *text)
{
	int row, column;
	bool visible;
	for (int at = 0; at < terminal_rows(terminal); at++)
		if (!add_row_of_code(terminal, at, text))
			add_row(terminal_row(terminal, at), text);
	hide_code(text->bytes);
	terminal_cursor(terminal, &row, &column, &visible);
	buffer_print(text, "--- cursor %d:%d%s\n", row, column, visible ? "" : " hidden");
	for (int at = 0; at < terminal_rows(terminal); at++)
		add_looks(terminal, at, text);
}

bool picture_has_focus(struct terminal *terminal)
{
	int row, column, markers = 0;
	bool visible;
	terminal_cursor(terminal, &row, &column, &visible);
	for (int at = 0; at < terminal_rows(terminal); at++)
		markers += terminal_row(terminal, at)[0] == '>' && terminal_look(terminal, at, 0) == 'b';
	char look = terminal_look(terminal, row, column), letter = terminal_letter(terminal, row, column);
	bool field = look == 'u', marker = look == 'b' && letter == '>' && column == 0 && markers == 1;
	return visible && (field || marker || (look == 'b' && letter == '['));
}

/* ---- the file ---- */

void golden_open(struct golden *golden, const char *path, bool renew)
{
	struct problem why = { 0 };
	*golden = (struct golden){ .path = path, .renewed = renew };
	buffer_init(&golden->now, GOLDEN_MAX);
	if (renew || !path_read(path, GOLDEN_MAX, &golden->then, &why))
		buffer_init(&golden->then, 0);
}

const char *golden_find(const struct golden *golden, const char *name, size_t *length)
{
	char heading[80];
	snprintf(heading, sizeof heading, HEADING "%s\n", name);
	for (const char *at = golden->then.bytes; (at = strstr(at, heading)); at++) {
		if (at != golden->then.bytes && at[-1] != '\n')
			continue;
		at += strlen(heading);
		const char *next = strstr(at, "\n" HEADING);
		*length = next ? (size_t)(next + 1 - at) : strlen(at);
		return at;
	}
	return NULL;
}

void golden_add(struct golden *golden, const char *name, const struct buffer *picture)
{
	buffer_print(&golden->now, HEADING "%s\n", name);
	buffer_add(&golden->now, picture->bytes, picture->length);
}

bool golden_close(struct golden *golden)
{
	bool good = !golden->now.full;
	if (golden->renewed && golden->now.length > 0) {
		FILE *file = fopen(golden->path, "w");
		good = good && file && fwrite(golden->now.bytes, 1, golden->now.length, file) == golden->now.length;
		good = (!file || fclose(file) == 0) && good;
	}
	buffer_clear(&golden->then);
	buffer_clear(&golden->now);
	return good;
}

static size_t line_length(const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	return (size_t)((stop ? stop : end) - at);
}

static const char *next_line(const char *at, const char *end)
{
	at += line_length(at, end);
	return at < end ? at + 1 : at;
}

void picture_tell_difference(const char *then, size_t then_length, const char *now)
{
	const char *then_end = then + then_length, *now_end = now + strlen(now);
	for (; then < then_end || now < now_end; then = next_line(then, then_end), now = next_line(now, now_end)) {
		size_t expected = line_length(then, then_end), shown = line_length(now, now_end);
		if (expected == shown && memcmp(then, now, expected) == 0)
			printf("#   |%.*s\n", (int)shown, now);
		else
			printf("# - |%.*s\n# + |%.*s\n", (int)expected, then, (int)shown, now);
	}
}
