/* say.c — dates and times said back to people. Own formats: the C library's differ between locales in ways that confuse
 * (two-digit years, "jui" for July), and a bare system has none but C. */
#include "hacktiv/model/words.h"

#include "hacktiv/base.h"

static const char *const weekdays_short[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun") };
static const char *const weekdays_long[] = { N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"),
	N_("Saturday"), N_("Sunday") };
static const char *const months_long[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"),
	N_("June"), N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };

char *date_words(struct arena *arena, struct local_date date)
{
	/* TRANSLATORS: short weekday, day, month, year. */
	return arena_print(arena, _("%1$s %2$02d/%3$02d/%4$04d"), _(weekdays_short[date_weekday(date) - 1]), date.day,
	                   date.month, date.year);
}

char *date_words_long(struct arena *arena, struct local_date date)
{
	const char *weekday = _(weekdays_long[date_weekday(date) - 1]), *month = _(months_long[date.month - 1]);
	if (date.day == 1)
		/* TRANSLATORS: weekday, month, year, on the first of a month. */
		return arena_print(arena, _("%1$s 1 %2$s %3$d"), weekday, month, date.year);
	/* TRANSLATORS: weekday, day of the month, month, year. */
	return arena_print(arena, _("%1$s %2$d %3$s %4$d"), weekday, date.day, month, date.year);
}

char *date_words_short(struct arena *arena, struct local_date date)
{
	return arena_print(arena, "%s %02d/%02d", _(weekdays_short[date_weekday(date) - 1]), date.day, date.month);
}

char *date_words_near(struct arena *arena, struct local_date date, struct local_date today)
{
	int ahead = (int)(date_to_days(date) - date_to_days(today));
	if (ahead == 0)
		return arena_copy_text(arena, _("today"));
	if (ahead == 1)
		return arena_copy_text(arena, _("tomorrow"));
	return date_words(arena, date);
}

char *minutes_words(struct arena *arena, int minutes)
{
	return arena_print(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

char *range_words(struct arena *arena, struct minute_range range)
{
	return arena_print(arena, "%s–%s", minutes_words(arena, range.from), minutes_words(arena, range.until));
}

static bool is_busy_throughout(const struct resource_day *row, struct minute_range range)
{
	int until = range.from;
	for (size_t i = 0; i < row->busy_count; i++) {
		if (row->busy[i].hours.from <= until && row->busy[i].hours.until > until)
			until = row->busy[i].hours.until;
	}
	return until >= range.until;
}

const char *half_words(const struct resource_day *row, enum day_part half, const struct opening_rule *rule, struct local_date date)
{
	enum slot_state state = half == DAY_PART_AFTERNOON ? row->afternoon : row->morning;
	struct minute_range edges;
	bool in_part = state == SLOT_TAKEN && row->resource.by_hour && row->busy_count &&
	               period_edges(half_day(date, half), rule, &edges, NULL) && !is_busy_throughout(row, edges);
	return in_part ? C_("slot", "partly") : slot_state_words(state);
}

char *busy_words(struct arena *arena, const struct resource_day *row)
{
	char *text = arena_copy_text(arena, "");
	for (size_t i = 0; i < row->busy_count; i++)
		text = arena_print(arena, "%s%s%s", text, i ? ", " : "", range_words(arena, row->busy[i].hours));
	return text;
}

char *instant_words(struct arena *arena, const struct zone *zone, int64_t instant)
{
	struct wall_time wall = zone_wall(zone, instant);
	return arena_print(arena, "%s %s", date_words(arena, wall.date), minutes_words(arena, wall.minutes));
}

char *signup_offer_words(struct arena *arena, const struct zone *zone, const struct signup *signup)
{
	const char *offered = signup_state_words(SIGNUP_OFFERED);
	if (!zone || !signup->until)
		return arena_copy_text(arena, offered);
	/* TRANSLATORS: "place offered until Wednesday 15 July 12:00" */
	return arena_print(arena, _("%1$s until %2$s"), offered, instant_words(arena, zone, signup->until));
}
