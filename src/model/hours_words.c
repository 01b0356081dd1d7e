/* hours_words.c — hours as people type them: "14:00-16:00", "14h-16h30", "de 14 h à 16 h", "from 2pm to 4pm". See words.h. */
#include "hacktiv/model/words.h"

#include <string.h>

#include "hacktiv/base.h"
#include "reading.h"

#define PIECES_MAX 16   /* "entre 14 heures 30 et 16 heures 30": 9 */
#define NOON (12 * 60)

enum piece_kind { PIECE_END, PIECE_NUMBER, PIECE_WORD, PIECE_COLON, PIECE_DASH };

struct piece {
	enum piece_kind kind;
	int number;
	size_t digits;
	const char *word;      /* folded */
	bool apart;            /* there is a space before it */
};

static size_t dash_bytes(const char *at)
{
	return *at == '-' ? 1 : strncmp(at, "–", 3) == 0 || strncmp(at, "—", 3) == 0 ? 3 : 0;
}

static size_t blank_bytes(const char *at)
{
	return *at == ' ' ? 1 : strncmp(at, "\u00a0", 2) == 0 ? 2 : strncmp(at, "\u202f", 3) == 0 ? 3 : 0;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t letters(const char *at)
{
	size_t length = 0;
	while (at[length] && !is_digit(at[length]) && !strchr(" :/.+,;", at[length]) && !dash_bytes(at + length) && !blank_bytes(at + length))
		length++;
	return length;
}

static const char *take_piece(struct arena *arena, const char *at, struct piece *piece)
{
	if (is_digit(*at)) {
		piece->kind = PIECE_NUMBER;
		for (; is_digit(*at) && piece->digits < 5; at++, piece->digits++)
			piece->number = piece->number * 10 + (*at - '0');
		return at;
	}
	if (*at == ':' || dash_bytes(at)) {
		piece->kind = *at == ':' ? PIECE_COLON : PIECE_DASH;
		return at + (*at == ':' ? 1 : dash_bytes(at));
	}
	size_t length = letters(at);
	piece->kind = PIECE_WORD;
	piece->word = text_fold(arena, arena_copy_bytes(arena, at, length));
	return length ? at + length : NULL;
}

/* False: there is something in it that hours do not have. The last piece is PIECE_END. */
static bool take_apart(struct arena *arena, const char *text, struct piece pieces[PIECES_MAX])
{
	memset(pieces, 0, PIECES_MAX * sizeof *pieces);
	for (size_t count = 0; *text;) {
		if (blank_bytes(text)) {
			text += blank_bytes(text);
			pieces[count].apart = true;
			continue;
		}
		if (count + 1 == PIECES_MAX)
			return false;
		text = take_piece(arena, text, &pieces[count++]);
		if (!text)
			return false;
	}
	return true;
}

static bool is_word(const struct piece *piece, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count && piece->kind == PIECE_WORD; i++) {
		if (strcmp(piece->word, words[i]) == 0)
			return true;
	}
	return false;
}

static bool says_hour(const struct piece *piece)
{
	static const char *const words[] = { "h", "hr", "hrs", "heure", "heures" };
	return is_word(piece, words, COUNT_OF(words));
}

static bool says_half(const struct piece *piece, bool *afternoon)
{
	static const char *const words[] = { "am", "pm" };
	*afternoon = piece->kind == PIECE_WORD && strcmp(piece->word, "pm") == 0;
	return is_word(piece, words, COUNT_OF(words));
}

struct clock_read {
	int minutes;
	bool marked;           /* "14h", "14:00", "2pm"; a bare number is an hour only beside such a one */
	bool afternoon;        /* "2pm" */
	bool wrong;            /* "25h", "14:75" */
};

/* Minutes behind "14:" or "14h", or "14 h "; in "14h 25 novembre" there are none. */
static const struct piece *take_minutes(const struct piece *at, struct clock_read *clock)
{
	bool is_near = !at->apart || at[-1].apart;
	if (!is_near || at->kind != PIECE_NUMBER || at->digits != 2 || says_hour(at + 1))
		return at;
	clock->minutes += at->number;
	clock->wrong = clock->wrong || at->number > 59;
	return at + 1;
}

/* What follows the clock at `at`; NULL: there is none. */
static const struct piece *take_clock(const struct piece *at, struct clock_read *clock)
{
	static const char *const noon[] = { "midi", "noon" }, *const midnight[] = { "minuit", "midnight" };
	*clock = (struct clock_read){ .marked = true };
	if (is_word(at, noon, COUNT_OF(noon)) || is_word(at, midnight, COUNT_OF(midnight))) {
		clock->minutes = is_word(at, noon, COUNT_OF(noon)) ? NOON : 2 * NOON;
		return at + 1;
	}
	if (at->kind != PIECE_NUMBER || at->digits > 2)
		return NULL;
	clock->minutes = at->number * 60;
	clock->marked = at[1].kind == PIECE_COLON || says_hour(&at[1]);
	if (at[1].kind == PIECE_COLON && (at[2].kind != PIECE_NUMBER || at[2].digits != 2))
		return NULL;
	at = clock->marked ? take_minutes(at + 2, clock) : at + 1;
	if (says_half(at, &clock->afternoon)) {
		clock->wrong = clock->wrong || clock->minutes < 60 || clock->minutes >= 13 * 60;
		clock->minutes = clock->minutes % NOON + (clock->afternoon ? NOON : 0);
		clock->marked = true;
		at++;
	}
	clock->wrong = clock->wrong || clock->minutes > 2 * NOON;
	return at;
}

static const struct piece *take_until(const struct piece *at)
{
	static const char *const until[] = { "a", "to", "until", "till", "et", "and", "jusqu a" };
	return at->kind == PIECE_DASH || is_word(at, until, COUNT_OF(until)) ? at + 1 : NULL;
}

enum hours_reading hours_read(struct arena *arena, const char *text, struct minute_range *hours, struct problem *why)
{
	static const char *const before[] = { "de", "des", "from", "entre", "between", "a", "at" };
	struct piece pieces[PIECES_MAX];
	if (strlen(text) > WORDS_MAX || !take_apart(arena, text, pieces))
		return HOURS_NONE;
	struct clock_read from, until;
	const struct piece *at = take_clock(pieces + is_word(pieces, before, COUNT_OF(before)), &from);
	if (!at)
		return HOURS_NONE;
	if (at->kind == PIECE_END && from.marked) {
		problem_set(why, PROBLEM_INVALID, "hours", _("Until when? Say both, such as 14:00-16:00 or from 2pm to 4pm."));
		return HOURS_WRONG;
	}
	at = take_until(at) ? take_clock(take_until(at), &until) : NULL;
	if (!at || at->kind != PIECE_END || (!from.marked && !until.marked))
		return HOURS_NONE;
	/* "2-4pm": both in the afternoon, but "11-1pm". */
	if (!from.marked && until.afternoon && from.minutes + NOON < until.minutes)
		from.minutes += NOON;
	if (from.wrong || until.wrong || from.minutes >= until.minutes) {
		problem_set(why, PROBLEM_INVALID, "hours", _("“%s” are no hours of one day: they begin before they end, such as 14:00-16:00."),
		            text_clip(arena, text, QUOTED_COLUMNS));
		return HOURS_WRONG;
	}
	*hours = (struct minute_range){ from.minutes, until.minutes };
	return HOURS_READ;
}

bool hours_from_words(const char *text, struct minute_range *hours, struct problem *why)
{
	struct arena *arena = arena_new();
	enum hours_reading read = hours_read(arena, text, hours, why);
	if (read == HOURS_NONE)
		problem_set(why, PROBLEM_INVALID, "hours", _("“%s” are no hours. Understood are: 14:00-16:00, 14h-16h30, from 2pm to 4pm."),
		            text_clip(arena, text, QUOTED_COLUMNS));
	arena_free(arena);
	return read == HOURS_READ;
}
