/* keymap.c — see keymap.h. */
#include "keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE 0x1b
#define PASTE_BEGINS 200
#define PASTE_ENDS   201
static const char paste_end[] = "\033[201~";

/* What became of the bytes at hand. */
enum reading {
	READ_KEY,       /* `key` is filled, `bytes` are used up */
	READ_NOTHING,   /* `bytes` are used up and mean no key */
	READ_MORE       /* not enough bytes yet */
};

void decoder_init(struct decoder *decoder, int escape_delay_ms)
{
	*decoder = (struct decoder){.escape_delay_ms = escape_delay_ms};
	buffer_init(&decoder->paste, KEY_PASTE_MAX);
}

void decoder_clear(struct decoder *decoder)
{
	buffer_clear(&decoder->paste);
}

/* Ctrl-C typed into a paste that never ends: the person wants out. */
static bool breaks_paste(const struct decoder *decoder, const unsigned char *bytes, size_t count)
{
	return decoder->pasting && count == 1 && bytes[0] == 0x03;
}

size_t decoder_feed(struct decoder *decoder, const void *bytes, size_t count, int64_t now_ms)
{
	if (breaks_paste(decoder, bytes, count)) {
		decoder->pasting = false;
		decoder->held_count = 0;
		buffer_reset(&decoder->paste);
	}
	size_t room = sizeof decoder->held - decoder->held_count;
	if (count > room)
		count = room;
	memcpy(decoder->held + decoder->held_count, bytes, count);
	decoder->held_count += count;
	if (count)
		decoder->held_since_ms = now_ms;
	return count;
}

static void drop(struct decoder *decoder, size_t bytes)
{
	decoder->held_count -= bytes;
	memmove(decoder->held, decoder->held + bytes, decoder->held_count);
}

static void name_key(struct key *key, unsigned modifiers, const char *name)
{
	key->kind = KEY_NAMED;
	snprintf(key->name, sizeof key->name, "%s%s%s%s", modifiers & 4 ? "C-" : "", modifiers & 2 ? "M-" : "",
	         modifiers & 1 ? "S-" : "", name);
}

/* Final letters of CSI and SS3 (xterm; `a` to `d` are rxvt's shifted arrows, left out: they are letters after a bare "O"). */
static const char *name_of_final(unsigned char final)
{
	switch (final) {
	case 'A': return "Up";
	case 'B': return "Down";
	case 'C': return "Right";
	case 'D': return "Left";
	case 'H': return "Home";
	case 'F': return "End";
	case 'M': return "Enter";
	case 'P': return "F1";
	case 'Q': return "F2";
	case 'R': return "F3";
	case 'S': return "F4";
	case 'Z': return "BTab";
	default: return NULL;
	}
}

/* CSI number ~ (VT220, xterm, rxvt). */
static const char *name_of_number(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{1, "Home"}, {2, "Insert"}, {3, "Delete"}, {4, "End"}, {5, "PageUp"}, {6, "PageDown"}, {7, "Home"},
		{8, "End"}, {11, "F1"}, {12, "F2"}, {13, "F3"}, {14, "F4"}, {15, "F5"}, {17, "F6"}, {18, "F7"},
		{19, "F8"}, {20, "F9"}, {21, "F10"}, {23, "F11"}, {24, "F12"},
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

/* "5;3" → 5 and 3; what is missing is 1. A private marker ("<", "?") makes it nothing we asked for. */
static bool read_parameters(const unsigned char *text, size_t length, int *first, int *second)
{
	int values[2] = {0, 0};
	size_t at = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ';') {
			at++;
		} else if (text[i] >= '0' && text[i] <= '9') {
			if (at < 2 && values[at] < 10000)
				values[at] = values[at] * 10 + (text[i] - '0');
		} else {
			return false;
		}
	}
	*first = values[0] ? values[0] : 1;
	*second = values[1] ? values[1] : 1;
	return true;
}

static enum reading read_control_sequence(struct decoder *decoder, const unsigned char *bytes, size_t count,
                                          size_t *used, struct key *key)
{
	if (count > 2 && bytes[2] == '[') {   /* the Linux console's F1 to F5 */
		if (count < 4)
			return READ_MORE;
		*used = 4;
		if (bytes[3] < 'A' || bytes[3] > 'E')
			return READ_NOTHING;
		name_key(key, 0, (const char *[]){"F1", "F2", "F3", "F4", "F5"}[bytes[3] - 'A']);
		return READ_KEY;
	}
	size_t at = 2;
	while (at < count && bytes[at] >= 0x20 && bytes[at] <= 0x3f)
		at++;
	if (at == count)
		return READ_MORE;
	unsigned char final = bytes[at];
	if (final < 0x40 || final > 0x7e) {   /* broken off; what follows is its own */
		*used = at;
		return READ_NOTHING;
	}
	*used = at + 1;
	if (final == 'M' && at == 2) {   /* a mouse report that somebody else asked for: three bytes more */
		*used = at + 4;
		return count < *used ? READ_MORE : READ_NOTHING;
	}
	int first, second;
	if (!read_parameters(bytes + 2, at - 2, &first, &second))
		return READ_NOTHING;
	if (final == '~' && first == PASTE_BEGINS) {
		decoder->pasting = true;
		buffer_reset(&decoder->paste);
		return READ_NOTHING;
	}
	const char *name = final == '~' || final == '^' ? name_of_number(first) : name_of_final(final);
	if (!name)
		return READ_NOTHING;
	name_key(key, final == '^' ? 4 : (unsigned)(second - 1) & 7, name);
	return READ_KEY;
}

static enum reading read_escape(struct decoder *decoder, const unsigned char *bytes, size_t count, size_t *used,
                                struct key *key)
{
	if (count == 1)
		return READ_MORE;
	if (bytes[1] == '[')
		return read_control_sequence(decoder, bytes, count, used, key);
	if (bytes[1] == 'O') {
		if (count == 2)
			return READ_MORE;
		*used = 3;
		const char *name = name_of_final(bytes[2]);
		if (!name)
			return READ_NOTHING;
		name_key(key, 0, name);
		return READ_KEY;
	}
	/* No command has Alt in it: Esc and a key that came in one packet are two keys. */
	*used = 1;
	name_key(key, 0, "Escape");
	return READ_KEY;
}

static enum reading read_control(const unsigned char *bytes, size_t *used, struct key *key)
{
	*used = 1;
	switch (bytes[0]) {
	case 0x00: name_key(key, 0, "C-Space"); return READ_KEY;
	case 0x08:
	case 0x7f: name_key(key, 0, "BSpace"); return READ_KEY;
	case 0x09: name_key(key, 0, "Tab"); return READ_KEY;
	case 0x0a:
	case 0x0d: name_key(key, 0, "Enter"); return READ_KEY;
	default: break;
	}
	const char letter[] = {(char)(bytes[0] <= 0x1a ? bytes[0] + 'a' - 1 : bytes[0] + 0x40), '\0'};
	name_key(key, 4, letter);
	return READ_KEY;
}

static enum reading read_character(const unsigned char *bytes, size_t count, size_t *used, struct key *key)
{
	size_t need = bytes[0] < 0x80 ? 1 : bytes[0] < 0xc2 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : bytes[0] < 0xf5 ? 4 : 0;
	*used = 1;
	if (need == 0)
		return READ_NOTHING;
	for (size_t i = 1; i < need; i++) {
		if (i == count)
			return READ_MORE;
		if ((bytes[i] & 0xc0) != 0x80)
			return READ_NOTHING;
	}
	*used = need;
	key->kind = KEY_CHARACTER;
	memcpy(key->name, bytes, need);
	key->name[need] = '\0';
	return READ_KEY;
}

/* The rest of a sequence whose Esc was already taken for a key: "[A", "[1;5C", "OA". */
static enum reading read_tail(const struct decoder *decoder, int64_t now_ms, size_t *used)
{
	const unsigned char *bytes = decoder->held;
	*used = 0;
	if (!decoder->escaped_at_ms || now_ms - decoder->escaped_at_ms > KEY_TAIL_MS)
		return READ_KEY;
	if (bytes[0] == 'O' && decoder->held_count > 1 && name_of_final(bytes[1])) {
		*used = 2;
		return READ_NOTHING;
	}
	if (bytes[0] != '[')
		return READ_KEY;
	size_t at = 1;
	while (at < decoder->held_count && bytes[at] >= 0x20 && bytes[at] <= 0x3f)
		at++;
	if (at == decoder->held_count)
		return READ_MORE;
	*used = bytes[at] >= 0x40 && bytes[at] <= 0x7e ? at + 1 : 0;
	return *used ? READ_NOTHING : READ_KEY;
}

static bool overdue(const struct decoder *decoder, int64_t now_ms)
{
	return decoder_timeout(decoder, now_ms) == 0;
}

int decoder_timeout(const struct decoder *decoder, int64_t now_ms)
{
	if (!decoder->pasting && decoder->held_count == 0)
		return -1;
	int64_t patience = KEY_SEQUENCE_MS;
	if (decoder->pasting)
		patience = KEY_PASTE_MS;
	else if (decoder->held_count == 1 && decoder->held[0] == ESCAPE)
		patience = decoder->escape_delay_ms;
	int64_t left = decoder->held_since_ms + patience - now_ms;
	return left < 0 ? 0 : (int)left;
}

/* Moves what was pasted out of `held`; true when the paste is over. */
static bool take_paste(struct decoder *decoder, int64_t now_ms, struct key *key)
{
	size_t mark = sizeof paste_end - 1;
	size_t at = 0;
	bool ended = false;
	while (at < decoder->held_count) {
		size_t left = decoder->held_count - at;
		size_t same = left < mark ? left : mark;
		if (memcmp(decoder->held + at, paste_end, same) == 0) {
			ended = same == mark;
			break;
		}
		at++;
	}
	buffer_add(&decoder->paste, decoder->held, at);
	drop(decoder, ended ? at + mark : at);
	if (!ended && !overdue(decoder, now_ms))
		return false;
	decoder->pasting = false;
	*key = (struct key){.kind = KEY_PASTE, .pasted = decoder->paste.bytes, .pasted_length = decoder->paste.length};
	return true;
}

/* Nothing more came: what is held counts as it stands. */
static bool decide(struct decoder *decoder, int64_t now_ms, struct key *key)
{
	if (decoder->held[0] == ESCAPE && decoder->held_count == 1) {
		drop(decoder, 1);
		decoder->escaped_at_ms = now_ms;
		name_key(key, 0, "Escape");
		return true;
	}
	if (decoder->held[0] == '[') {
		size_t used;
		decoder->escaped_at_ms = 0;
		read_character(decoder->held, decoder->held_count, &used, key);
		drop(decoder, used);
		return true;
	}
	drop(decoder, decoder->held_count);
	return false;
}

static enum reading read_key(struct decoder *decoder, int64_t now_ms, size_t *used, struct key *key)
{
	enum reading tail = read_tail(decoder, now_ms, used);
	if (tail != READ_KEY)
		return tail;
	decoder->escaped_at_ms = 0;
	const unsigned char *bytes = decoder->held;
	if (bytes[0] == ESCAPE)
		return read_escape(decoder, bytes, decoder->held_count, used, key);
	if (bytes[0] < 0x20 || bytes[0] == 0x7f)
		return read_control(bytes, used, key);
	return read_character(bytes, decoder->held_count, used, key);
}

bool decoder_next(struct decoder *decoder, int64_t now_ms, struct key *key)
{
	*key = (struct key){0};
	while (decoder->pasting || decoder->held_count > 0) {
		if (decoder->pasting)
			return take_paste(decoder, now_ms, key);
		size_t used = 0;
		switch (read_key(decoder, now_ms, &used, key)) {
		case READ_KEY:
			drop(decoder, used);
			return true;
		case READ_NOTHING:
			drop(decoder, used);
			break;
		case READ_MORE:
			if (!overdue(decoder, now_ms) && decoder->held_count < sizeof decoder->held)
				return false;
			if (decide(decoder, now_ms, key))
				return true;
			break;
		}
	}
	return false;
}
