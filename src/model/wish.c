/* wish.c — a wish taken from words in any order, and how well a place fits what was said. See words.h. */
#include "hacktiv/model/words.h"

#include <string.h>

#include "hacktiv/base.h"
#include "reading.h"

#define PHRASE_WORDS 8   /* "de 14 h 30 à 16 h 30" */

struct words {
	const char **word;
	size_t count;
};

/* Words as a shell hands them over, taken apart at their spaces: quoting "chimay demain" changes nothing. */
static bool take_apart(struct arena *arena, const char *const *said, size_t count, struct words *words, struct problem *why)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count && bytes <= TEXT_LINE_MAX; i++)
		bytes += strnlen(said[i], TEXT_LINE_MAX) + 1;
	if (bytes > TEXT_LINE_MAX)
		return problem_set(why, PROBLEM_TOO_LARGE, "place", _("That is too long. Say a place, a date and a half of the day."));

	words->word = arena_get(arena, (bytes + 1) * sizeof *words->word);
	words->count = 0;
	for (size_t i = 0; i < count; i++) {
		for (const char *at = said[i] + strspn(said[i], " "); *at; at += strspn(at, " ")) {
			size_t length = strcspn(at, " ");
			/* An accent may have stood on the space: cleaned again, it goes. */
			const char *word = text_clean(arena, at, length, TEXT_ONE_LINE, TEXT_LINE_MAX);
			words->word[words->count] = word;
			words->count += *word != '\0';
			at += length;
		}
	}
	return true;
}

static char *joined(struct arena *arena, const char *before, const char *word)
{
	return *before ? arena_print(arena, "%s %s", before, word) : arena_copy_text(arena, word);
}

static bool is_one_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* "le 21 juillet", "in the morning": said before a date or a part, and nothing else ("le havre" is a place). */
static bool is_article(const char *word)
{
	static const char *const articles[] = { "le", "la", "du", "pour", "the", "on", "in", "for" };
	return is_one_of(articles, COUNT_OF(articles), word);
}

/* "à chimay", "at the farm": said before a place. */
static bool is_toward(const char *word)
{
	static const char *const toward[] = { "à", "À", "chez", "at", "in" };
	return is_one_of(toward, COUNT_OF(toward), word);
}

/* A lone letter is a part only as it stands: "A" is the name of a room, "à" is no afternoon. */
static bool says_part(struct arena *arena, const char *said, enum day_part *part)
{
	const char *folded = text_fold(arena, said);
	if (*folded && !folded[1] && strcmp(said, folded) != 0)
		return false;
	return day_part_from_words(said, part);
}

/* "+3x", "1/2/3": meant as a date, whatever it is; it must not become the name of a place. */
static bool looks_like_a_date(const char *said)
{
	return !strchr(said, ' ') && (*said == '+' || (strchr("0123456789", *said) && strchr(said, '/')));
}

static bool take_part(struct wish_words *wish, struct period said, struct problem *why)
{
	if (wish->has_part && !period_equal(period_on(said, wish->when.date), wish->when))
		return problem_set(why, PROBLEM_INVALID, "part", _("Two parts of a day were said: which one, morning, afternoon or day?"));
	wish->has_part = true;
	wish->when = period_on(said, wish->when.date);
	return true;
}

static bool take_date(struct wish_words *wish, struct local_date date, struct problem *why)
{
	if (wish->has_date && !date_equal(wish->when.date, date))
		return problem_set(why, PROBLEM_INVALID, "date", _("Two dates were said: which one?"));
	wish->has_date = true;
	wish->when.date = date;
	return true;
}

/* The longest phrase at the beginning of `words` that is a date, a part or hours. `*taken` gets its words, 0 when there is
 * none; false when it is one that cannot be. */
static bool take_phrase(struct arena *arena, struct words words, struct local_date today, struct wish_words *wish, size_t *taken,
                        struct problem *why)
{
	const char *phrases[PHRASE_WORDS + 1] = { "" };
	size_t longest = words.count < PHRASE_WORDS ? words.count : PHRASE_WORDS;
	for (size_t i = 0; i < longest; i++)
		phrases[i + 1] = joined(arena, phrases[i], words.word[i]);

	for (*taken = longest; *taken > 0; --*taken) {
		const char *said = phrases[*taken];
		struct period period = { .part = DAY_PART_HOURS };
		if (says_part(arena, said, &period.part))
			return take_part(wish, period, why);
		enum hours_reading hours = hours_read(arena, said, &period.hours, why);
		if (hours != HOURS_NONE)
			return hours == HOURS_READ && take_part(wish, period, why);
		struct local_date date;
		switch (date_read(arena, said, today, &date, why)) {
		case READING_DATE:
			return take_date(wish, date, why);
		case READING_WRONG_DATE:
			return false;
		case READING_NO_DATE:
			if (looks_like_a_date(said))
				return false;
		}
	}
	problem_clear(why);
	return true;
}

/* As take_phrase(), over the articles before it. */
static bool take_when(struct arena *arena, struct words words, struct local_date today, struct wish_words *wish, size_t *taken,
                      struct problem *why)
{
	size_t articles = 0;
	while (articles < words.count && is_article(words.word[articles]))
		articles++;
	struct words after = { words.word + articles, words.count - articles };
	if (!take_phrase(arena, after, today, wish, taken, why))
		return false;
	if (*taken)
		*taken += articles;
	return true;
}

bool wish_from_words(struct arena *arena, const char *const *said, size_t count, struct local_date today,
                     struct wish_words *wish, struct problem *why)
{
	*wish = (struct wish_words){ .place = "" };
	struct words words;
	if (!take_apart(arena, said, count, &words, why))
		return false;
	while (words.count > 0) {
		size_t taken;
		if (!take_when(arena, words, today, wish, &taken, why))
			return false;
		if (taken == 0) {
			if (!is_toward(words.word[0]))
				wish->place = joined(arena, wish->place, words.word[0]);
			taken = 1;
		}
		words = (struct words){ words.word + taken, words.count - taken };
	}
	return true;
}

enum fit { FIT_NONE = 0, FIT_WORD = 2, FIT_TOWN = 3, FIT_NAME = 4 };

static bool same(struct arena *arena, const char *text, const char *folded)
{
	return text && *text && strcmp(text_fold(arena, text), folded) == 0;
}

int space_fits(const struct space *space, const char *words)
{
	if (!*words)
		return FIT_NONE;
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, words);
	int fit = FIT_NONE;
	if (same(arena, space->slug, folded) || same(arena, space->name, folded) || same(arena, space->former_name, folded))
		fit = FIT_NAME;
	else if (same(arena, space->town, folded))
		fit = FIT_TOWN;
	else if (text_matches(space->name, words) || text_matches(space->town, words) || text_matches(space->former_name, words))
		fit = FIT_WORD;
	arena_free(arena);
	return fit;
}

int resource_fits(const struct resource *resource, const char *words)
{
	if (!*words)
		return FIT_NONE;
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, words);
	int fit = FIT_NONE;
	if (same(arena, resource->name, folded))
		fit = FIT_NAME;
	else if (same(arena, resource->area, folded))
		fit = FIT_TOWN;
	else if (text_matches(resource->name, words) || text_matches(resource->area, words))
		fit = FIT_WORD;
	arena_free(arena);
	return fit;
}
