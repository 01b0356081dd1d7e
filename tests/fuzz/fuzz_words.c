/* fuzz_words.c — whatever is typed as a wish: understood as it is said back, or refused with a sentence. The first byte chooses
 * today, NULs part words. */
#include "fuzz.h"

#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"
#include "hacktiv/model/words.h"

#define WORDS_MAX 64

static void check_problem(const struct problem *why)
{
	MUST(why->kind != PROBLEM_NONE && why->text[0]);
	MUST(text_is_clean(why->text, strlen(why->text), TEXT_ONE_LINE, PROBLEM_TEXT_MAX));
}

/* What we say of a date, we understand. */
static void check_said_back(struct arena *arena, struct local_date date, struct local_date today)
{
	MUST(date_is_valid(date));
	const char *said[] = { date_words(arena, date), date_words_long(arena, date) };
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		struct local_date again;
		MUST(date_from_words(said[i], today, &again, NULL));
		MUST(date_equal(again, date));
	}
}

static void read_date(struct arena *arena, const char *text, struct local_date today)
{
	struct problem why = { 0 };
	struct local_date date;
	enum day_part part;
	if (date_from_words(text, today, &date, &why))
		check_said_back(arena, date, today);
	else
		check_problem(&why);
	struct minute_range hours, again;
	if (hours_from_words(text, &hours, &why)) {
		MUST(0 <= hours.from && hours.from < hours.until && hours.until <= 24 * 60);
		MUST(hours_from_words(range_words(arena, hours), &again, NULL));
		MUST(again.from == hours.from && again.until == hours.until);
	} else {
		check_problem(&why);
	}
	if (day_part_from_words(text, &part))
		MUST(part == DAY_PART_MORNING || part == DAY_PART_AFTERNOON || part == DAY_PART_WHOLE);
}

static void read_wish(struct arena *arena, const char *const *words, size_t count, struct local_date today)
{
	struct problem why = { 0 };
	struct wish_words wish;
	if (!wish_from_words(arena, words, count, today, &wish, &why)) {
		check_problem(&why);
		return;
	}
	MUST(wish.place && text_is_clean(wish.place, strlen(wish.place), TEXT_ONE_LINE, TEXT_LINE_MAX));
	if (wish.has_date)
		check_said_back(arena, wish.when.date, today);
	MUST(!wish.has_part || (wish.when.part == DAY_PART_HOURS) == (wish.when.hours.from < wish.when.hours.until));
	struct space space = { .slug = "ferme", .name = "La Ferme", .former_name = "", .town = "Chimay" };
	struct resource resource = { .name = "Les Serres 3", .area = "Les Serres" };
	MUST(space_fits(&space, wish.place) >= 0 && resource_fits(&resource, wish.place) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct local_date days[] = {
		{ 2026, 7, 15 }, { 2024, 2, 28 }, { 2027, 2, 28 }, { 2000, 1, 1 }, { 2100, 12, 31 }, { 2026, 12, 31 }, { 2099, 2, 28 },
	};
	if (length == 0)
		return 0;
	struct arena *arena = arena_new();
	struct local_date today = days[bytes[0] % COUNT_OF(days)];
	const char *words[WORDS_MAX], *all = arena_copy_bytes(arena, (const char *)bytes + 1, length - 1);
	size_t count = 0;
	for (size_t at = 0; at < length - 1 && count < WORDS_MAX; at += strlen(all + at) + 1)
		words[count++] = text_clean(arena, all + at, strlen(all + at), TEXT_ONE_LINE, TEXT_LINE_MAX);
	if (count)
		read_date(arena, words[0], today);
	read_wish(arena, words, count, today);
	arena_free(arena);
	return 0;
}
