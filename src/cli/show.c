/* show.c — lists as text: a heading, aligned columns, one row for one thing. See inside.h. */
#include <libintl.h>
#include <string.h>

#include "inside.h"
#include "table.h"

/* ---- spaces ---- */

static void count_half(enum slot_state state, int *free_count)
{
	if (state == SLOT_FREE)
		++*free_count;
}

struct space_day count_day(const struct day_list *day)
{
	struct space_day counted = { .date = day->date, .opening = day->opening };
	for (size_t at = 0; at < day->count; at++) {
		const struct resource_day *row = &day->rows[at];
		if (row->resource.kind != RESOURCE_DESK || row->resource.state != RESOURCE_BOOKABLE)
			continue;
		counted.desks++;
		count_half(row->morning, &counted.free_morning);
		count_half(row->afternoon, &counted.free_afternoon);
	}
	return counted;
}

static const char *free_words(struct arena *arena, const struct space_day *day, int count)
{
	if (!day->date.year || day->opening.closed != CLOSED_NOT)
		return "";
	if (count == 0)
		return C_("desks of a half-day", "none free");
	return arena_print(arena, ngettext("%d free", "%d free", (unsigned long)count), count);
}

static const char *opening_cell(struct arena *arena, const struct space_day *day)
{
	return day->date.year ? opening_words(arena, &day->opening) : "";
}

static void space_row(struct cli *cli, struct table *table, const struct space_row *row, const struct space_day *day)
{
	const struct space *space = &row->space;
	const char *country = country_code(space->country);
	table_row(table, (const char *const[]){
		space->name,
		*country ? arena_print(cli->arena, "%s [%s]", space->town, country) : space->town,
		free_words(cli->arena, day, day->free_morning),
		free_words(cli->arena, day, day->free_afternoon),
		opening_cell(cli->arena, day),
	});
}

void show_spaces_text(struct cli *cli, struct local_date date)
{
	const struct space_list *list = session_spaces(cli->session);
	bool today = date_equal(date, list->date), sample = false;
	struct table table;
	table_init(&table, cli->arena, 5);
	table_row(&table, (const char *const[]){ C_("column", "Space"), C_("column", "Town"), C_("column", "Morning"),
	                                         C_("column", "Afternoon"), C_("column", "Opening") });
	for (size_t at = 0; at < list->count; at++) {
		const struct space_row *row = &list->rows[at];
		struct space_day day = row->space.today;
		if (!today)
			day = count_day(session_day(cli->session, row->site, row->space.id, date));
		space_row(cli, &table, row, &day);
		sample = sample || row->space.sample_data;
	}
	cli_say(cli, "%s\n", date_words_long(cli->arena, date));
	table_print(&table, terminal_width(), &cli->out);
	if (sample)
		cli_say(cli, "%s\n", _("Sample data: nothing here is for real."));
}

/* ---- one space on one day ---- */

/* Why it cannot be booked, or what is good to know about it. */
static const char *about_resource(struct arena *arena, const struct resource_day *row)
{
	const struct resource *resource = &row->resource;
	if (resource->state != RESOURCE_BOOKABLE && *resource->state_reason)
		return arena_print(arena, _("%1$s: %2$s"), resource_state_words(resource->state), resource->state_reason);
	if (resource->state != RESOURCE_BOOKABLE)
		return resource_state_words(resource->state);
	const char *words = resource->by_hour && row->busy_count ? arena_print(arena, _("taken %s"), busy_words(arena, row)) : "";
	for (unsigned at = 0; at < AMENITIES; at++) {
		enum amenity amenity = (enum amenity)(1u << at);
		if (resource->amenities & amenity)
			words = arena_print(arena, "%s%s%s", words, *words ? ", " : "", amenity_words(amenity));
	}
	return words;
}

void show_day_text(struct cli *cli, size_t site, const struct space *space, struct local_date date)
{
	const struct day_list *day = session_day(cli->session, site, space->id, date);
	cli_say(cli, _("%1$s (%2$s), %3$s: %4$s\n"), space->name, space->town, date_words_long(cli->arena, date),
	        opening_words(cli->arena, &day->opening));
	struct table table;
	table_init(&table, cli->arena, 5);
	table_row(&table, (const char *const[]){ C_("column", "Place"), C_("column", "Kind"), C_("column", "Morning"),
	                                         C_("column", "Afternoon"), "" });
	for (size_t at = 0; at < day->count; at++) {
		const struct resource_day *row = &day->rows[at];
		table_row(&table, (const char *const[]){
			row->resource.name, resource_kind_words(row->resource.kind),
			half_words(row, DAY_PART_MORNING, &space->opening, date), half_words(row, DAY_PART_AFTERNOON, &space->opening, date),
			about_resource(cli->arena, row),
		});
	}
	table_print(&table, terminal_width(), &cli->out);
	if (space->sample_data)
		cli_say(cli, "%s\n", _("Sample data: nothing here is for real."));
}

/* ---- mine ---- */

void show_bookings_text(struct cli *cli)
{
	const struct booking_list *list = session_bookings(cli->session);
	if (list->count == 0) {
		cli_say(cli, "%s\n", _("You have no booking from today on."));
		return;
	}
	struct table table;
	table_init(&table, cli->arena, 6);
	table.optional_last = true;
	for (size_t at = 0; at < list->count; at++) {
		const struct booking *booking = &list->rows[at].booking;
		table_row(&table, (const char *const[]){
			date_words(cli->arena, booking->when.date), period_words(cli->arena, booking->when), booking->space_name,
			booking->resource_name, booking->state == BOOKING_CONFIRMED ? "" : booking_state_words(booking->state), booking->id,
		});
	}
	table_print(&table, terminal_width(), &cli->out);
}

void show_member_text(struct cli *cli)
{
	for (size_t site = 0; site < session_site_count(cli->session); site++) {
		const struct site_view *view = session_site(cli->session, site);
		if (view->member)
			cli_say(cli, _("%1$s (%2$s), %3$s\n"), view->member->name, view->member->login, view->label);
	}
}

bool show_site_troubles(struct cli *cli)
{
	const struct zone *zone = zones_find(session_zones(cli->session), "Europe/Brussels", NULL);
	const struct space_list *spaces = session_spaces(cli->session);
	if (spaces->count)
		zone = zones_find(session_zones(cli->session), spaces->rows[0].space.time_zone, NULL);
	bool some = false;
	for (size_t site = 0; zone && site < session_site_count(cli->session); site++) {
		const struct site_view *view = session_site(cli->session, site);
		if (view->state != SITE_UNREACHABLE && view->state != SITE_TROUBLED && view->state != SITE_THROTTLED)
			continue;
		const char *words = site_words(cli->arena, view, session_now(cli->session), zone);
		if (view->state == SITE_THROTTLED)
			cli_complain(cli, _("%1$s: %2$s. Try again then."), view->label, words);
		else
			cli_complain(cli, _("%1$s: %2$s. %3$s"), view->label, words, view->problem);
		if (view->as_of)
			cli_complain(cli, _("What is shown of it is of %s."), instant_words(cli->arena, zone, view->as_of));
		some = true;
	}
	return some;
}
