/* test_timeline.c — a day as letters: what each column says, where bookings meet, where the boundary stands. */
#include "table.h"

#include <string.h>

#include "timeline.h"

#define H(hours, minutes) ((hours) * 60 + (minutes))
#define OPEN(from, until) { .hours = { { { H(from, 0), H(until, 0) } }, 1 }, .reason = "" }

static const struct opening_state short_day = OPEN(9, 15);
static const struct opening_state with_lunch = { .hours = { { { H(9, 0), H(12, 0) }, { H(14, 0), H(16, 0) } }, 2 }, .reason = "" };
static const struct opening_state half_past = { .hours = { { { H(8, 30), H(14, 30) } }, 1 }, .reason = "" };
static const struct opening_state all_day = OPEN(0, 24);
static const struct opening_state closed = { .closed = CLOSED_WEEKLY, .reason = "" };

#define STRETCHES 4
#define X(from, until) { { from, until }, false, "" }
#define NOBODY X(0, 0)
#define M(from, until) { { from, until }, true, "b" }

static const struct {
	const struct opening_state *opening;
	int boundary, now, columns;
	struct busy busy[STRETCHES];        /* an empty one ends them */
	const char *scale, *row;
	const char *why;
} days[] = {
	{ &short_day, H(13, 0), 0, 13, { NOBODY }, "9   11  |13  ", "ffffffff|ffff", "half-hours; nobody" },
	{ &short_day, H(13, 0), 0, 25, { NOBODY }, "9   10  11  12  |13  14  ", "ffffffffffffffff|ffffffff", "quarters" },
	{ &short_day, H(13, 0), 0, 7, { NOBODY }, "9   |  ", "ffff|ff", "hours" },
	{ &short_day, H(13, 0), 0, 6, { NOBODY }, "9 | ", "ff|f", "two hours to a column, where nothing else fits" },
	{ &short_day, H(13, 0), 0, 13, { X(H(9, 0), H(13, 0)), M(H(13, 0), H(15, 0)) }, NULL, "xxxxxxxx|mmmm", "both halves" },
	{ &short_day, H(13, 0), 0, 13, { M(H(9, 0), H(13, 0)), M(H(13, 0), H(15, 0)) }, NULL, "mmmmmmmm|mmmm", "two half-days of mine" },
	{ &short_day, H(13, 0), 0, 13, { M(H(9, 0), H(15, 0)) }, NULL, "mmmmmmmmmmmmm", "one whole day of mine" },
	{ &short_day, H(13, 0), 0, 13, { X(H(9, 0), H(10, 0)), X(H(10, 0), H(12, 0)) }, NULL, "x|xxxxff|ffff", "back to back in the morning" },
	{ &short_day, H(13, 0), 0, 13, { X(H(10, 0), H(10, 30)), X(H(10, 30), H(11, 0)) }, NULL, "ffxxffff|ffff", "too short for a mark of its own" },
	{ &short_day, H(13, 0), 0, 13, { X(H(10, 0), H(10, 15)) }, NULL, "ffxfffff|ffff", "a quarter takes the column it lies in" },
	{ &short_day, H(13, 0), 0, 25, { X(H(10, 0), H(10, 15)) }, NULL, "ffffxfffffffffff|ffffffff", "and no more" },
	{ &short_day, H(13, 0), H(11, 0), 13, { X(H(9, 30), H(10, 30)), M(H(10, 30), H(11, 30)) }, NULL, "--|mmfff|ffff", "eleven o'clock" },
	{ &short_day, H(13, 0), H(10, 45), 13, { NOBODY }, NULL, "---fffff|ffff", "the half-hour that has begun is not over" },
	{ &short_day, H(13, 0), H(24, 0), 13, { X(H(9, 0), H(10, 0)), M(H(12, 0), H(14, 0)) }, NULL, "------mmmmm--", "yesterday, whosever it was" },
	{ &with_lunch, H(13, 0), 0, 15, { X(H(11, 30), H(14, 30)) }, NULL, "fffffxxxxxxxfff", "somebody stays over lunch" },
	{ &with_lunch, H(13, 0), 0, 15, { NOBODY }, "9   11  |13  15", "ffffff..|..ffff", "closed at lunch" },
	{ &half_past, H(13, 0), 0, 13, { NOBODY }, " 9   11  |13 ", "fffffffff|fff", "opens at half past" },
	{ &half_past, H(12, 30), 0, 13, { NOBODY }, NULL, "ffffffff|ffff", "the space's own boundary" },
	{ &short_day, H(8, 0), 0, 13, { NOBODY }, NULL, "ffffffffffff", "an afternoon without a morning" },
	{ &all_day, H(12, 0), 0, 13, { NOBODY }, "0  6  |12 18 ", "ffffff|ffffff", "day and night" },
	{ &closed, H(13, 0), 0, 40, { NOBODY }, "", "", "closed" },
};

static char *drawn(struct arena *arena, const struct timeline *timeline, const struct resource_day *row)
{
	struct canvas canvas;
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 1, 80);
	canvas_blank(&canvas);
	timeline_draw(timeline, row, &canvas, (struct area){ .rows = 1, .columns = 80 }, 0, 2);
	char *text = arena_get(arena, 81);
	for (int column = 2; column < 80; column++)
		text[column - 2] = canvas_cell(&canvas, 0, column)->text[0];
	for (int end = 77; end >= 0 && text[end] == ' '; end--)
		text[end] = '\0';
	canvas_clear(&canvas);
	return text;
}

static struct resource_day row_of(const struct busy *busy)
{
	struct resource_day row = { .busy = busy };
	while (row.busy_count < STRETCHES && busy[row.busy_count].hours.until > 0)
		row.busy_count++;
	return row;
}

static void a_day_is_drawn_in_letters(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct timeline timeline = timeline_for(days[i].opening, days[i].boundary, days[i].now, days[i].columns, 8);
		struct resource_day row = row_of(days[i].busy);
		const char *scale = timeline_scale(arena, &timeline), *letters = drawn(arena, &timeline, &row);
		ROW_HOLDS(strcmp(letters, days[i].row) == 0, "%zu %s: \"%s\"", i, days[i].why, letters);
		ROW_HOLDS(!days[i].scale || strcmp(scale, days[i].scale) == 0, "%zu %s: \"%s\"", i, days[i].why, scale);
		ROW_HOLDS((int)strlen(letters) == timeline_columns(&timeline) && (int)strlen(scale) == timeline_columns(&timeline), "%s",
		          days[i].why);
	}
	arena_free(arena);
}

/* From one column to a hundred, for every day above: it fits as soon as two hours to a column do. */
static void it_is_as_wide_as_there_is_room(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		for (int columns = 1; columns <= 100; columns++) {
			struct timeline timeline = timeline_for(days[i].opening, days[i].boundary, 0, columns, 8);
			struct resource_day row = row_of(days[i].busy);
			ROW_HOLDS(timeline.per_hour == 0 || timeline_columns(&timeline) <= columns, "%s in %d columns", days[i].why, columns);
			ROW_HOLDS((int)strlen(timeline_scale(arena, &timeline)) == timeline_columns(&timeline), "%s in %d", days[i].why, columns);
			drawn(arena, &timeline, &row);
		}
	}
	arena_free(arena);
}

static void a_site_that_tells_halves_only_is_believed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline timeline = timeline_for(&short_day, H(13, 0), 0, 13, 8);
	const struct resource_day row = { .morning = SLOT_MINE, .afternoon = SLOT_TAKEN };
	assert_string_equal(drawn(arena, &timeline, &row), "mmmmmmmm|xxxx");
	arena_free(arena);
}

static void the_legend_names_each_letter(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(timeline_legend(arena, 80), "f free   x taken   m mine   . closed   - past");
	assert_string_equal(timeline_legend(arena, 40), "f free x taken m mine . closed - past");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_drawn_in_letters),
		cmocka_unit_test(it_is_as_wide_as_there_is_room),
		cmocka_unit_test(a_site_that_tells_halves_only_is_believed),
		cmocka_unit_test(the_legend_names_each_letter),
	};
	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
