/* json.c — the same facts for scripts: {"outcome","items"|"item","sites","problem"}. See inside.h. */
#include <string.h>

#include "inside.h"
#include "hacktiv/wire.h"

static const char *site_id(const struct cli *cli, size_t site)
{
	return session_site(cli->session, site)->id;
}

static cJSON *instant_json(int64_t instant, const struct zone *zone)
{
	if (!instant || !zone)
		return cJSON_CreateNull();
	char text[INSTANT_TEXT_SIZE];
	instant_to_text(zone, instant, text);
	return cJSON_CreateString(text);
}

static cJSON *sites_json(const struct cli *cli)
{
	const struct zone *utc = zones_find(session_zones(cli->session), "UTC", NULL);
	cJSON *sites = cJSON_CreateArray();
	for (size_t at = 0; at < session_site_count(cli->session); at++) {
		const struct site_view *view = session_site(cli->session, at);
		cJSON *site = cJSON_CreateObject();
		cJSON_AddStringToObject(site, "id", view->id);
		cJSON_AddStringToObject(site, "state", site_state_wire_name(view->state));
		cJSON_AddItemToObject(site, "as_of", instant_json(view->as_of, utc));
		cJSON_AddItemToObject(site, "next_try_at", instant_json(view->next_try_at, utc));
		cJSON_AddItemToArray(sites, site);
	}
	return sites;
}

/* ---- items ---- */

static void add_item(cJSON *items, cJSON *item, const char *site)
{
	cJSON_AddStringToObject(item, "site", site);
	cJSON_AddItemToArray(items, item);
}

static cJSON *spaces_json(const struct cli *cli, struct local_date date)
{
	const struct space_list *list = session_spaces(cli->session);
	cJSON *items = cJSON_CreateArray();
	for (size_t at = 0; at < list->count; at++) {
		struct space space = list->rows[at].space;
		if (!date_equal(date, list->date))
			space.today = count_day(session_day(cli->session, list->rows[at].site, space.id, date));
		add_item(items, wire_space_write(&space), site_id(cli, list->rows[at].site));
	}
	return items;
}

void json_spaces(struct cli *cli, struct local_date date)
{
	cli->items = spaces_json(cli, date);
}

void json_day(struct cli *cli, size_t site, const char *space_id, struct local_date date)
{
	const struct day_list *day = session_day(cli->session, site, space_id, date);
	char iso[DATE_ISO_SIZE];
	date_to_iso(date, iso);
	cli->items = cJSON_CreateArray();
	for (size_t at = 0; at < day->count; at++) {
		cJSON *item = wire_resource_day_write(&day->rows[at]);
		cJSON_AddStringToObject(item, "space_id", space_id);
		cJSON_AddStringToObject(item, "date", iso);
		add_item(cli->items, item, site_id(cli, site));
	}
}

static const struct zone *zone_of(const struct cli *cli, const char *name)
{
	const struct zone *zone = zones_find(session_zones(cli->session), name, NULL);
	return zone ? zone : zones_find(session_zones(cli->session), "Europe/Brussels", NULL);
}

static cJSON *with_site(struct cli *cli, cJSON *item, size_t site)
{
	cJSON_AddStringToObject(item, "site", site_id(cli, site));
	return item;
}

cJSON *json_booking(struct cli *cli, const struct booking *booking, size_t site)
{
	return with_site(cli, wire_booking_write(booking, zone_of(cli, booking->time_zone)), site);
}

static cJSON *bookings_json(struct cli *cli)
{
	const struct booking_list *list = session_bookings(cli->session);
	cJSON *items = cJSON_CreateArray();
	for (size_t at = 0; at < list->count; at++)
		cJSON_AddItemToArray(items, json_booking(cli, &list->rows[at].booking, list->rows[at].site));
	return items;
}

void json_bookings(struct cli *cli)
{
	cli->items = bookings_json(cli);
}

cJSON *json_activity(struct cli *cli, const struct activity *activity, size_t site, bool whole)
{
	return with_site(cli, wire_activity_write(activity, zone_of(cli, activity->time_zone), whole), site);
}

void json_agenda(struct cli *cli, const struct agenda_filter *filter)
{
	const struct activity_list *list = session_activities(cli->session, filter->from, filter->until);
	cli->items = cJSON_CreateArray();
	for (size_t at = 0; at < list->count; at++) {
		if (agenda_filter_fits(cli->session, filter, list->rows[at].activity))
			cJSON_AddItemToArray(cli->items, json_activity(cli, list->rows[at].activity, list->rows[at].site, false));
	}
}

static cJSON *signups_json(struct cli *cli)
{
	const struct activity_list *list = session_signups(cli->session);
	cJSON *items = cJSON_CreateArray();
	for (size_t at = 0; at < list->count; at++)
		cJSON_AddItemToArray(items, json_activity(cli, list->rows[at].activity, list->rows[at].site, false));
	return items;
}

void json_signups(struct cli *cli)
{
	cli->items = signups_json(cli);
}

cJSON *json_card(struct cli *cli, const struct card *card, size_t site)
{
	return with_site(cli, wire_card_write(card, true), site);
}

cJSON *json_organisation(struct cli *cli, const struct organisation *organisation, size_t site)
{
	return with_site(cli, wire_organisation_write(organisation, true), site);
}

void json_directory(struct cli *cli, const struct directory_list *list)
{
	cli->items = cJSON_CreateArray();
	for (size_t at = 0; at < list->count; at++) {
		const struct directory_row *row = &list->rows[at];
		cJSON *item = row->card ? wire_card_write(row->card, false) : wire_organisation_write(row->organisation, false);
		cJSON_AddItemToArray(cli->items, with_site(cli, item, row->site));
	}
}

void json_members(struct cli *cli)
{
	cli->items = cJSON_CreateArray();
	for (size_t at = 0; at < session_site_count(cli->session); at++) {
		const struct site_view *view = session_site(cli->session, at);
		if (view->member)
			add_item(cli->items, wire_member_write(view->member), view->id);
	}
}

static void add_wish(struct cli *cli, cJSON *items, const struct wish_view *wish, bool elsewhere)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "id", wish->row->id);
	cJSON_AddStringToObject(item, "kind", wish_kind_name(wish->row->kind));
	cJSON_AddStringToObject(item, "outcome", outcome_wire_name(wish->outcome.kind));
	cJSON_AddStringToObject(item, "text", wish_words(cli->arena, wish));
	cJSON_AddBoolToObject(item, "elsewhere", elsewhere);   /* in another hacktiv that runs */
	add_item(items, item, site_id(cli, wish->site));
}

static cJSON *wishes_json(struct cli *cli)
{
	cJSON *items = cJSON_CreateArray();
	for (size_t at = 0; at < session_wish_count(cli->session); at++)
		add_wish(cli, items, session_wish_at(cli->session, at), false);
	for (size_t at = 0; at < session_other_count(cli->session); at++)
		add_wish(cli, items, session_other_at(cli->session, at), true);
	return items;
}

void json_wishes(struct cli *cli)
{
	cli->items = wishes_json(cli);
}

void json_overview(struct cli *cli)
{
	cli->item = cJSON_CreateObject();
	cJSON_AddItemToObject(cli->item, "spaces", spaces_json(cli, session_spaces(cli->session)->date));
	cJSON_AddItemToObject(cli->item, "bookings", bookings_json(cli));
	cJSON_AddItemToObject(cli->item, "signups", signups_json(cli));
	cJSON_AddItemToObject(cli->item, "wishes", wishes_json(cli));
}

/* ---- why not ---- */

cJSON *json_problem(const char *kind, const char *field, const char *text)
{
	cJSON *problem = cJSON_CreateObject();
	cJSON_AddStringToObject(problem, "kind", kind);
	cJSON_AddStringToObject(problem, "field", field);
	cJSON_AddStringToObject(problem, "text", text);
	return problem;
}

void json_alternatives(cJSON *problem, const struct outcome *outcome)
{
	cJSON *items = cJSON_AddArrayToObject(problem, "alternatives");
	for (size_t at = 0; at < outcome->alternative_count; at++)
		cJSON_AddItemToArray(items, wire_alternative_write(&outcome->alternatives[at]));
}

/* ---- the whole ---- */

void json_print(struct cli *cli)
{
	cJSON *whole = cJSON_CreateObject();
	cJSON_AddStringToObject(whole, "outcome", cli->outcome ? cli->outcome : "failed");
	if (cli->items)
		cJSON_AddItemToObject(whole, "items", cli->items);
	else
		cJSON_AddItemToObject(whole, "item", cli->item ? cli->item : cJSON_CreateNull());
	cJSON_AddItemToObject(whole, "sites", cli->session ? sites_json(cli) : cJSON_CreateArray());
	cJSON_AddItemToObject(whole, "problem", cli->problem ? cli->problem : cJSON_CreateNull());
	char *text = cJSON_PrintUnformatted(whole);
	cJSON_Delete(whole);
	cli->items = cli->item = cli->problem = NULL;
	if (!text)
		die("out of memory");
	buffer_reset(&cli->out);
	buffer_add_text(&cli->out, text);
	buffer_add_text(&cli->out, "\n");
	cJSON_free(text);
}
