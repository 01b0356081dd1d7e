/* export.c — see export.h. The members of each list are those of doc/network.md. */
#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "db/db.h"

#define PAGE 200
#define SLUG_WANTED 56           /* bytes; import takes 64, and a number may follow */
#define ACTIVITY_DAYS 3660      /* from today: ten years of agenda */

struct named {                  /* a slug that was given, and to what */
	const char *id;
	const char *slug;
	struct named *next;
};

struct export {
	struct db_tx *tx;
	struct arena *arena;
	struct zones *zones;
	int64_t now;
	cJSON *file;
	const struct space *spaces;
	size_t space_count;
	struct named *resources, *organisations, *activities;
};

/* ---- names -------------------------------------------------------------------------------------------------------------- */

static bool is_given(const struct named *list, const char *slug)
{
	for (; list; list = list->next)
		if (strcmp(list->slug, slug) == 0)
			return true;
	return false;
}

/* "Les Serres 3" becomes "les-serres-3"; a second one of that name "les-serres-3-2". */
static const char *give_slug(struct export *export, struct named **list, const char *id, const char *name)
{
	const char *at = text_fold(export->arena, name), *base = "";
	size_t length;
	for (const char *word; (word = text_word(&at, &length)) && strlen(base) + length < SLUG_WANTED; )
		base = arena_print(export->arena, "%s%s%.*s", base, *base ? "-" : "", (int)length, word);
	size_t clean = strspn(base, "abcdefghijklmnopqrstuvwxyz0123456789-");
	base = clean > 0 && base[clean] == '\0' ? base : "x";
	const char *slug = base;
	for (int number = 2; is_given(*list, slug); number++)
		slug = arena_print(export->arena, "%s-%d", base, number);
	struct named *named = arena_get(export->arena, sizeof *named);
	*named = (struct named){ id, slug, *list };
	*list = named;
	return slug;
}

static const char *slug_of(const struct named *list, const char *id)
{
	for (; list; list = list->next)
		if (strcmp(list->id, id) == 0)
			return list->slug;
	return NULL;
}

static const struct space *space_of(const struct export *export, const char *id)
{
	for (size_t i = 0; i < export->space_count; i++)
		if (strcmp(export->spaces[i].id, id) == 0)
			return &export->spaces[i];
	return NULL;
}

/* ---- values -------------------------------------------------------------------------------------------------------------- */

/* What is not known is left out. */
static void put(cJSON *object, const char *name, const char *text)
{
	if (text && *text)
		cJSON_AddStringToObject(object, name, text);
}

static void put_number(cJSON *object, const char *name, int number, int unless)
{
	if (number != unless)
		cJSON_AddNumberToObject(object, name, number);
}

static void put_languages(cJSON *object, unsigned languages)
{
	cJSON *list = languages ? cJSON_AddArrayToObject(object, "languages") : NULL;
	for (unsigned bit = 1; bit && bit <= languages; bit <<= 1)
		if (languages & bit)
			cJSON_AddItemToArray(list, cJSON_CreateString(language_wire_name((enum language)bit)));
}

static const char *clock_text(struct export *export, int minutes)
{
	return arena_print(export->arena, "%02d:%02d", minutes / 60, minutes % 60);
}

static const char *date_text(struct export *export, struct local_date date)
{
	char *text = arena_get(export->arena, DATE_ISO_SIZE);
	date_to_iso(date, text);
	return text;
}

static cJSON *add_row(cJSON *list, const char *id)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddItemToArray(list, row);
	cJSON_AddStringToObject(row, "id", id);
	return row;
}

/* ---- spaces and what they have --------------------------------------------------------------------------------------------- */

static void put_opening(struct export *export, cJSON *row, const struct opening_rule *rule)
{
	static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
	cJSON *opening = cJSON_AddObjectToObject(row, "opening"), *week = cJSON_AddObjectToObject(opening, "week");
	for (size_t day = 0; day < COUNT_OF(weekdays); day++) {
		cJSON *ranges = rule->week[day].count ? cJSON_AddArrayToObject(week, weekdays[day]) : NULL;
		for (size_t i = 0; i < rule->week[day].count; i++) {
			const struct minute_range range = rule->week[day].ranges[i];
			const char *edges[] = { clock_text(export, range.from), clock_text(export, range.until) };
			cJSON_AddItemToArray(ranges, cJSON_CreateStringArray(edges, 2));
		}
	}
	cJSON_AddStringToObject(opening, "boundary", clock_text(export, rule->boundary));
	cJSON_AddBoolToObject(opening, "open_on_holidays", rule->open_on_holidays);
	cJSON *closures = rule->closure_count ? cJSON_AddArrayToObject(opening, "closures") : NULL;
	for (size_t i = 0; i < rule->closure_count; i++) {
		cJSON *closure = cJSON_CreateObject();
		cJSON_AddItemToArray(closures, closure);
		cJSON_AddStringToObject(closure, "from", date_text(export, rule->closures[i].from));
		cJSON_AddStringToObject(closure, "until", date_text(export, rule->closures[i].until));
		put(closure, "reason", rule->closures[i].reason);
	}
}

/* How it takes those who come: presence, network days, whose carnets. */
static void put_terms(struct export *export, cJSON *row, const struct terms *terms)
{
	if (terms->takes_presence) {
		cJSON *presence = cJSON_AddObjectToObject(row, "presence");
		cJSON_AddNumberToObject(presence, "check_in_minutes", terms->check_in_minutes);
		cJSON_AddNumberToObject(presence, "grace_minutes", terms->grace_minutes);
	}
	put_number(row, "network_days", terms->network_days, 0);
	cJSON *carnets = terms->carnets_of_count ? cJSON_AddArrayToObject(row, "carnets_of") : NULL;
	for (size_t i = 0; i < terms->carnets_of_count; i++) {
		const struct space *seller = space_of(export, terms->carnets_of[i]);
		if (seller)
			cJSON_AddItemToArray(carnets, cJSON_CreateString(seller->slug));
	}
}

static void export_spaces(struct export *export)
{
	cJSON *list = cJSON_AddArrayToObject(export->file, "spaces");
	export->spaces = db_list_spaces(export->tx, export->arena, &export->space_count);
	for (size_t i = 0; i < export->space_count; i++) {
		const struct space *space = &export->spaces[i];
		cJSON *row = add_row(list, space->id);
		const struct {
			const char *name, *text;
		} texts[] = {
			{ "slug", space->slug }, { "name", space->name }, { "former_name", space->former_name },
			{ "description", space->description }, { "street", space->street }, { "postcode", space->postcode },
			{ "town", space->town }, { "country", country_code(space->country) }, { "time_zone", space->time_zone },
			{ "operator_name", space->operator_name }, { "phone", space->phone }, { "access_note", space->access_note },
		};
		for (size_t j = 0; j < COUNT_OF(texts); j++)
			put(row, texts[j].name, texts[j].text);
		cJSON_AddNumberToObject(row, "granule_s", space->granule_s);
		put_number(row, "vat_permille", space->vat_permille, -1);
		put_number(row, "quota_day_minutes", space->quota.day_minutes, 0);
		put_number(row, "quota_open_bookings", space->quota.open_bookings, 0);
		if (space->sample_data)
			cJSON_AddTrueToObject(row, "sample_data");
		put_opening(export, row, &space->opening);
		put_terms(export, row, db_find_terms(export->tx, space->id, export->arena));
	}
}

static void put_amenities(cJSON *row, unsigned amenities)
{
	cJSON *list = amenities ? cJSON_AddArrayToObject(row, "amenities") : NULL;
	for (unsigned bit = 1; bit && bit <= amenities; bit <<= 1)
		if (amenities & bit)
			cJSON_AddItemToArray(list, cJSON_CreateString(amenity_wire_name((enum amenity)bit)));
}

static void put_units(cJSON *row, unsigned takes)
{
	cJSON *list = takes ? cJSON_AddArrayToObject(row, "units") : NULL;
	for (unsigned bit = 1; bit && bit <= takes; bit <<= 1)
		if (takes & bit)
			cJSON_AddItemToArray(list, cJSON_CreateString(booking_unit_wire_name((enum booking_unit)bit)));
}

static void put_resource(struct export *export, cJSON *list, const struct space *space, const struct resource *resource)
{
	cJSON *row = add_row(list, resource->id);
	cJSON_AddStringToObject(row, "space", space->slug);
	cJSON_AddStringToObject(row, "slug", give_slug(export, &export->resources, resource->id, resource->name));
	put(row, "name", resource->name);
	put(row, "area", resource->area);
	put(row, "note", resource->note);
	put(row, "kind", resource_kind_wire_name(resource->kind));
	put(row, "state", resource_state_wire_name(resource->state));
	put(row, "state_reason", resource->state_reason);
	put_amenities(row, resource->amenities);
	put_units(row, resource->takes);
	cJSON_AddNumberToObject(row, "capacity", resource->capacity);
	put_number(row, "half_day_cents", resource->half_day_cents, -1);
	put_number(row, "day_cents", resource->day_cents, -1);
	put_number(row, "hour_cents", resource->hour_cents, -1);
	cJSON_AddBoolToObject(row, "by_hour", resource->by_hour);
	cJSON_AddNumberToObject(row, "cancel_minutes", resource->cancel_minutes);
	put_number(row, "quantity", resource->quantity, 1);
	put_number(row, "least_minutes", resource->least_minutes, 0);
	put_number(row, "most_minutes", resource->most_minutes, 0);
	put_number(row, "step_minutes", resource->step_minutes, 0);
	put(row, "late_cancel", late_cancel_wire_name(resource->late_cancel));
	put_number(row, "quota_day_minutes", resource->quota.day_minutes, 0);
	put_number(row, "quota_open_bookings", resource->quota.open_bookings, 0);
	put(row, "approval", approval_wire_name(resource->approval));
	if (resource->frees_on_check_out)
		cJSON_AddTrueToObject(row, "frees_on_check_out");
}

static void export_resources(struct export *export)
{
	cJSON *list = cJSON_AddArrayToObject(export->file, "resources");
	for (size_t i = 0; i < export->space_count; i++) {
		size_t count = 0;
		const struct resource *resources = db_list_resources(export->tx, export->spaces[i].id, export->arena, &count);
		for (size_t j = 0; j < count; j++)
			put_resource(export, list, &export->spaces[i], &resources[j]);
	}
}

/* ---- people ---------------------------------------------------------------------------------------------------------------- */

static void put_organisation(struct export *export, cJSON *list, const struct organisation *organisation)
{
	cJSON *row = add_row(list, organisation->id);
	cJSON_AddStringToObject(row, "slug", give_slug(export, &export->organisations, organisation->id, organisation->name));
	put(row, "name", organisation->name);
	put(row, "kind", organisation_kind_wire_name(organisation->kind));
	put(row, "sector", organisation->sector);
	put(row, "description", organisation->description);
	put(row, "street", organisation->street);
	put(row, "postcode", organisation->postcode);
	put(row, "town", organisation->town);
	put(row, "country", country_code(organisation->country));
	put(row, "website", organisation->website);
	put(row, "email", organisation->email);
	put(row, "phone", organisation->phone);
	if (organisation->registration != REGISTRATION_NONE)
		put(row, registration_wire_name(organisation->registration), organisation->registration_number);
	put_languages(row, organisation->languages);
	if (organisation->visits)
		cJSON_AddTrueToObject(row, "visits");
}

static void export_organisations(struct export *export)
{
	cJSON *list = cJSON_AddArrayToObject(export->file, "organisations");
	size_t count = PAGE;
	for (const char *name = "", *id = ""; count == PAGE; ) {
		const struct organisation *page = db_list_organisations(export->tx, "", name, id, PAGE, export->arena, &count);
		for (size_t i = 0; i < count; i++) {
			const struct organisation *whole = db_find_organisation(export->tx, page[i].id, export->arena);
			if (whole)
				put_organisation(export, list, whole);
		}
		if (count > 0) {
			name = db_sort_name(export->arena, page[count - 1].name);
			id = page[count - 1].id;
		}
	}
}

static void put_roles(struct export *export, cJSON *row, const char *member_id)
{
	size_t count = 0;
	const struct held_role *roles = db_list_roles(export->tx, member_id, export->arena, &count);
	cJSON *list = cJSON_AddArrayToObject(row, "roles");
	for (size_t i = 0; i < count; i++) {
		const struct space *space = space_of(export, roles[i].space_id);
		cJSON *role = cJSON_CreateObject();
		cJSON_AddItemToArray(list, role);
		cJSON_AddStringToObject(role, "role", role_wire_name(roles[i].role));
		if (space)
			cJSON_AddStringToObject(role, "space", space->slug);
	}
}

static void put_levels(cJSON *row, const struct owned_card *owned)
{
	cJSON *levels = cJSON_AddObjectToObject(row, "shown_to");
	for (int level = VISIBLE_TO_STAFF; level < VISIBILITIES; level++) {
		cJSON *fields = NULL;
		for (int field = 0; field < CARD_FIELDS; field++) {
			if (owned->shown_to[field] != (enum visibility)level)
				continue;
			if (!fields)
				fields = cJSON_AddArrayToObject(levels, visibility_wire_name((enum visibility)level));
			cJSON_AddItemToArray(fields, cJSON_CreateString(card_field_wire_name((enum card_field)field)));
		}
	}
}

static void put_card(struct export *export, cJSON *member, const struct owned_card *owned)
{
	cJSON *row = cJSON_AddObjectToObject(member, "card");
	const struct card *card = &owned->card;
	const char *organisation = slug_of(export->organisations, card->organisation_id);
	put(row, "profession", card->profession);
	put(row, organisation ? "organisation" : "works_for", organisation ? organisation : card->organisation_name);
	const struct organisation *whole =
		organisation ? db_find_organisation(export->tx, card->organisation_id, export->arena) : NULL;
	if (whole && strcmp(whole->contact_id, card->id) == 0)
		cJSON_AddTrueToObject(row, "contact");
	put(row, "skills", card->skills);
	put_languages(row, card->languages);
	put(row, "town", card->town);
	put(row, "country", country_code(card->country));
	put(row, "email", card->email);
	put(row, "phone", card->phone);
	put(row, "website", card->website);
	put(row, "about", card->about);
	put_levels(row, owned);
}

static void put_member(struct export *export, cJSON *list, const struct member *member)
{
	cJSON *row = add_row(list, member->id);
	const struct space *home = space_of(export, member->home_space_id);
	const char *usual = slug_of(export->resources, member->usual_resource_id);
	put(row, "login", member->login);
	put(row, "name", member->name);
	if (home)
		cJSON_AddStringToObject(row, "home_space", home->slug);
	if (home && usual)
		cJSON_AddStringToObject(row, "usual_resource", arena_print(export->arena, "%s/%s", home->slug, usual));
	put_roles(export, row, member->id);
	const struct profile *profile = db_find_profile(export->tx, member->id, export->arena);
	if (profile && profile->card.restricted)
		cJSON_AddTrueToObject(row, "restricted");
	if (db_is_disabled(export->tx, member->id))
		cJSON_AddTrueToObject(row, "disabled");
	if (profile && profile->has_card)
		put_card(export, row, &profile->card);
}

static void export_members(struct export *export)
{
	cJSON *list = cJSON_AddArrayToObject(export->file, "members");
	size_t count = PAGE;
	for (const char *after = ""; count == PAGE; ) {
		const struct member *members = db_list_members(export->tx, after, PAGE, export->arena, &count);
		for (size_t i = 0; i < count; i++)
			put_member(export, list, &members[i]);
		after = count ? members[count - 1].login : after;
	}
}

/* ---- activities -------------------------------------------------------------------------------------------------------------- */

static void put_activity(struct export *export, cJSON *list, const struct activity *activity)
{
	const struct space *space = space_of(export, activity->space_id);
	const struct zone *zone = space ? zones_find(export->zones, space->time_zone, NULL) : NULL;
	if (!zone)
		return;
	cJSON *row = add_row(list, activity->id);
	cJSON_AddStringToObject(row, "space", space->slug);
	cJSON_AddStringToObject(row, "slug", give_slug(export, &export->activities, activity->id, activity->title));
	put(row, "title", activity->title);
	put(row, "summary", activity->summary);
	put(row, "description", activity->description);
	put(row, "place", activity->place);
	put(row, "organiser", activity->organiser);
	put(row, "note", activity->note);
	put(row, "link", activity->link);
	put(row, "format", activity_format_wire_name(activity->format));
	cJSON_AddBoolToObject(row, "online", activity->online);
	put_languages(row, activity->languages);
	cJSON_AddStringToObject(row, "date", date_text(export, activity->date));
	cJSON_AddStringToObject(row, "from", clock_text(export, zone_wall(zone, activity->start_at).minutes));
	cJSON_AddStringToObject(row, "until", clock_text(export, zone_wall(zone, activity->end_at).minutes));
	cJSON_AddNumberToObject(row, "capacity", activity->capacity);
	cJSON_AddNumberToObject(row, "signup_minutes", (double)((activity->start_at - activity->signup_until) / 60));
	cJSON_AddNumberToObject(row, "withdraw_minutes", (double)((activity->start_at - activity->withdraw_until) / 60));
	put(row, "state", activity_state_wire_name(activity->state));
	put(row, "cancel_reason", activity->cancel_reason);
	put(row, "waitlist", waitlist_wire_name(activity->waitlist));
	cJSON_AddNumberToObject(row, "offer_minutes", activity->offer_minutes);
	put(row, "conditions", activity->conditions);
}

static void export_activities(struct export *export)
{
	cJSON *list = cJSON_AddArrayToObject(export->file, "activities");
	struct local_date today = date_from_days((int32_t)(export->now / 86400));
	const struct activity_filter filter = { .from = today, .until = date_plus(today, ACTIVITY_DAYS), .space_id = "", .words = "" };
	size_t count = PAGE;
	int64_t start = 0;
	for (const char *id = NULL; count == PAGE; ) {
		const struct activity *page = db_list_activities(export->tx, &filter, NULL, start, id, PAGE, export->arena, &count);
		for (size_t i = 0; i < count; i++) {
			const struct activity *whole = db_find_activity(export->tx, page[i].space_id, page[i].id, NULL, export->arena);
			if (whole)
				put_activity(export, list, whole);
		}
		if (count > 0) {
			start = page[count - 1].start_at;
			id = page[count - 1].id;
		}
	}
}

/* ---- the file ---------------------------------------------------------------------------------------------------------------- */

static bool collect(struct db_tx *tx, void *context, struct problem *why)
{
	struct export *export = context;
	export->tx = tx;
	db_take_long(tx);
	export_spaces(export);
	export_resources(export);
	export_organisations(export);
	export_members(export);
	export_activities(export);
	return !db_tx_failed(tx) || problem_set(why, PROBLEM_IO, "--database", "The database could not be read: see the log above.");
}

static bool write_text(const char *path, const char *text, struct problem *why)
{
	bool to_file = strcmp(path, "-") != 0;
	int descriptor = to_file ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : STDOUT_FILENO;
	if (descriptor < 0)
		return problem_set(why, PROBLEM_IO, "FILE", "%s cannot be made: %s.", path, strerror(errno));
	size_t length = strlen(text), done = 0;
	ssize_t now = 1;
	for (; done < length && now > 0; done += now > 0 ? (size_t)now : 0)
		now = write(descriptor, text + done, length - done);
	bool written = done == length && write(descriptor, "\n", 1) == 1 && (!to_file || fsync(descriptor) == 0);
	int error = errno;
	if (to_file)
		close(descriptor);
	if (!written && to_file)
		unlink(path);
	return written || problem_set(why, PROBLEM_IO, "FILE", "%s cannot be written: %s.", path, strerror(error));
}

bool export_file(const struct options *options, struct problem *why)
{
	struct clock clock;
	struct export export = { .arena = arena_new(), .zones = zones_new(), .file = cJSON_CreateObject() };
	bool done = clock_from_environment(&clock, why);
	export.now = done ? clock_now(&clock) : 0;
	struct db *db = done ? db_open_to_read(options->database, why) : NULL;
	done = db && db_read_now(db, collect, &export, why);
	db_close(db);
	char *text = done ? cJSON_Print(export.file) : NULL;
	done = text && write_text(options->subject, text, why);
	cJSON_free(text);
	cJSON_Delete(export.file);
	zones_free(export.zones);
	arena_free(export.arena);
	return done;
}
