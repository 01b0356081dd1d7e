/* network_read.c — spaces, resources and members as they are written down. */
#include "network_read.h"

#include <string.h>

#include "db/db.h"

/* ---- spaces ------------------------------------------------------------------------------------------------------ */

const char *const network_weekdays[7] = { "monday", "tuesday",  "wednesday", "thursday",
	                                  "friday", "saturday", "sunday" };

bool network_read_range(const struct spot *at, struct minute_range *range)
{
	*range = (struct minute_range){ 0, 0 };
	if (!cJSON_IsArray(at->value) || cJSON_GetArraySize(at->value) != 2)
		return spot_expected(at, "two times such as [\"08:30\", \"17:00\"]");
	struct spot from = spot_of_element(at, 0, cJSON_GetArrayItem(at->value, 0));
	struct spot until = spot_of_element(at, 1, cJSON_GetArrayItem(at->value, 1));
	bool begins = spot_minutes(&from, &range->from);
	return spot_minutes(&until, &range->until) && begins;
}

static void read_opening_day(const struct spot *at, struct opening_day *day)
{
	if (!at->value || !spot_is_array(at))
		return;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, at->value) {
		struct spot range = spot_of_element(at, index++, value);
		if (day->count == OPENING_RANGES_MAX) {
			spot_expected(&range, "at most %d ranges in a day", OPENING_RANGES_MAX);
			return;
		}
		network_read_range(&range, &day->ranges[day->count++]);
	}
}

static void read_closure(const struct spot *at, struct local_date today, struct closure *closure)
{
	static const char *const known[] = { "from", "until", "reason" };
	*closure = (struct closure){ today, today, "" };
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	struct spot from = spot_of_member(at, "from");
	struct spot until = spot_of_member(at, "until");
	spot_text(at, "reason", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &closure->reason);
	bool begins = spot_date(&from, today, &closure->from);
	bool ends = spot_date(&until, today, &closure->until);
	if (begins && ends && date_compare(closure->from, closure->until) > 0)
		spot_expected(&until, "a date not before \"from\"");
}

static void read_closures(const struct spot *at, struct local_date today, struct opening_rule *rule)
{
	if (!at->value || !spot_is_array(at))
		return;
	size_t count = (size_t)cJSON_GetArraySize(at->value);
	if (count > CLOSURES_TOLD_MAX) {
		spot_expected(at, "at most %d closures, those that follow each other as one", CLOSURES_TOLD_MAX);
		return;
	}
	struct closure *closures = arena_get(at->file->arena, count * sizeof *closures);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, at->value) {
		struct spot closure = spot_of_element(at, rule->closure_count, value);
		read_closure(&closure, today, &closures[rule->closure_count++]);
	}
	rule->closures = closures;
}

/* A week is written by the names of its days, or as the interface tells it: a list of seven, Monday first. */
static struct spot spot_of_weekday(const struct spot *week, size_t day)
{
	return cJSON_IsArray(week->value) ? spot_of_element(week, day, cJSON_GetArrayItem(week->value, (int)day))
	                                  : spot_of_member(week, network_weekdays[day]);
}

static bool is_week(const struct spot *week)
{
	if (!cJSON_IsArray(week->value))
		return spot_is_object(week, network_weekdays, COUNT_OF(network_weekdays));
	return cJSON_GetArraySize(week->value) == COUNT_OF(network_weekdays) || spot_expected(week, "seven days, Monday first");
}

/* Days one by one, so that what is wrong with one of them is told there. */
static void check_week(const struct spot *week, const struct space *space)
{
	for (size_t day = 0; day < COUNT_OF(network_weekdays); day++) {
		struct opening_rule alone = { .boundary = space->opening.boundary };
		struct spot at = spot_of_weekday(week, day);
		struct problem cause = { 0 };
		alone.week[day] = space->opening.week[day];
		if (at.value && !opening_rule_check(&alone, space->granule_s, &cause))
			spot_wrong(&at, "%s", cause.text);
	}
}

static void read_opening(const struct spot *at, struct local_date today, struct space *space)
{
	static const char *const known[] = { "week", "boundary", "open_on_holidays", "closures" };
	struct opening_rule *rule = &space->opening;
	rule->country = space->country;
	rule->boundary = OPENING_BOUNDARY_DEFAULT;
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	struct spot week = spot_of_member(at, "week");
	struct spot boundary = spot_of_member(at, "boundary");
	struct spot closures = spot_of_member(at, "closures");
	size_t before = at->file->fault_count;
	if (boundary.value)
		spot_minutes(&boundary, &rule->boundary);
	spot_bool(at, "open_on_holidays", false, &rule->open_on_holidays);
	read_closures(&closures, today, rule);
	if (!is_week(&week))
		return;
	for (size_t day = 0; day < COUNT_OF(network_weekdays); day++) {
		struct spot hours = spot_of_weekday(&week, day);
		read_opening_day(&hours, &rule->week[day]);
	}
	struct opening_rule empty = { .boundary = rule->boundary };
	struct problem cause = { 0 };
	if (at->file->fault_count > before)
		return;
	if (!opening_rule_check(&empty, space->granule_s, &cause))
		spot_wrong(&boundary, "%s", cause.text);
	else
		check_week(&week, space);
}

void network_read_phone(const struct spot *at, const char **phone)
{
	if (!spot_text(at, "phone", TEXT_ONE_LINE, TEXT_NAME_MAX, "", phone) || !**phone)
		return;
	struct spot spot = spot_of_member(at, "phone");
	if (!phone_is_written(*phone))
		spot_expected(&spot, "an international number such as \"+3260123456\"");
}

static void read_country(const struct spot *at, enum country *country)
{
	struct spot spot = spot_of_member(at, "country");
	*country = cJSON_IsString(spot.value) ? country_from_code(spot.value->valuestring) : COUNTRY_UNKNOWN;
	if (*country != COUNTRY_BELGIUM && *country != COUNTRY_FRANCE)
		spot_expected(&spot, "\"BE\" or \"FR\"");
}

/* Without a zone nothing else can be dated: `row->zone` is NULL and `today` that of Greenwich. */
static void read_zone(const struct spot *at, const struct network *network, struct network_space *row)
{
	struct spot spot = spot_of_member(at, "time_zone");
	row->today = date_from_days((int32_t)(network->now / 86400));
	if (!spot_text(at, "time_zone", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &row->space.time_zone))
		return;
	row->zone = zones_find(network->zones, row->space.time_zone, NULL);
	if (row->zone)
		row->today = zone_wall(row->zone, network->now).date;
	else
		spot_expected(&spot, "a time zone that this system has, such as \"Europe/Brussels\"");
}

static void read_granule(const struct spot *at, int *granule_s)
{
	static const int lengths[] = { 300, 600, 900, 1800, 3600 };
	if (!spot_int(at, "granule_s", 300, 3600, GRANULE_DEFAULT_S, granule_s))
		return;
	for (size_t i = 0; i < COUNT_OF(lengths); i++)
		if (*granule_s == lengths[i])
			return;
	struct spot spot = spot_of_member(at, "granule_s");
	spot_expected(&spot, "300, 600, 900, 1800 or 3600");
	*granule_s = GRANULE_DEFAULT_S;
}

void network_read_id(const struct spot *at, bool known, const char **id)
{
	const char *given;
	struct spot spot = spot_of_member(at, "id");
	if (!spot.value || !spot_text(at, "id", TEXT_ONE_LINE, UUID_SIZE, NULL, &given))
		return;
	if (!uuid_is_valid(given))
		spot_expected(&spot, "a UUID in lower case");
	else if (known && strcmp(given, *id) != 0)
		spot_expected(&spot, "\"%s\", the id of the one that is there by this name", *id);
	else
		*id = given;
}

static const char *id_of_space(const struct spot *at, const struct network *network, const char *slug)
{
	struct arena *arena = at->file->arena;
	const struct space *there = network->tx && *slug ? db_find_space(network->tx, slug, arena) : NULL;
	const char *id = there ? there->id : network_id(arena, arena_print(arena, "space/%s", slug));
	network_read_id(at, there != NULL, &id);
	return id;
}

void network_read_space(const struct spot *at, const struct network *network, struct network_space *row)
{
	static const char *const known[] = {
		"slug", "name", "former_name", "description", "street", "postcode", "town", "country", "time_zone",
		"operator_name", "phone", "access_note", "granule_s", "vat_permille", "sample_data", "opening",
		"quota_day_minutes", "quota_open_bookings", "presence", "network_days", "carnets_of", "id"
	};
	struct space *space = &row->space;
	space->id = space->slug = "";
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	struct spot opening = spot_of_member(at, "opening");
	spot_slug(at, "slug", false, &space->slug);
	spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &space->name);
	spot_text(at, "former_name", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->former_name);
	spot_text(at, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &space->description);
	spot_text(at, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->street);
	spot_text(at, "postcode", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->postcode);
	spot_text(at, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &space->town);
	read_country(at, &space->country);
	read_zone(at, network, row);
	spot_text(at, "operator_name", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->operator_name);
	network_read_phone(at, &space->phone);
	spot_text(at, "access_note", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &space->access_note);
	read_granule(at, &space->granule_s);
	spot_int(at, "vat_permille", 0, 1000, -1, &space->vat_permille);
	spot_int(at, "quota_day_minutes", 0, 1440, 0, &space->quota.day_minutes);
	spot_int(at, "quota_open_bookings", 0, 10000, 0, &space->quota.open_bookings);
	spot_bool(at, "sample_data", false, &space->sample_data);
	read_opening(&opening, row->today, space);
	space->id = id_of_space(at, network, space->slug);
	space->version = 1;
}

void network_read_spaces(const struct spot *list, struct network *network)
{
	network->spaces = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->spaces);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->space_count, value);
		struct network_space *row = &network->spaces[network->space_count++];
		network_read_space(&at, network, row);
		for (const struct network_space *other = network->spaces; other < row && *row->space.slug; other++)
			if (strcmp(other->space.slug, row->space.slug) == 0)
				spot_wrong(&at, "expected another slug than \"%s\": it is the one of /spaces/%zu", row->space.slug,
				           (size_t)(other - network->spaces));
	}
	network->space_known = network->space_count;
	network_read_terms(list, network);
}

/* ---- resources --------------------------------------------------------------------------------------------------- */

static void read_kind(const struct spot *at, enum resource_kind *kind)
{
	struct spot spot = spot_of_member(at, "kind");
	if (!cJSON_IsString(spot.value) || !resource_kind_from_wire(spot.value->valuestring, kind))
		spot_expected(&spot, "desk, office, meeting_room, training_room, phone_booth, studio, workshop, lounge or machine");
}

static void read_state(const struct spot *at, struct resource *resource)
{
	struct spot spot = spot_of_member(at, "state");
	resource->state = RESOURCE_BOOKABLE;
	if (spot.value &&
	    (!cJSON_IsString(spot.value) || !resource_state_from_wire(spot.value->valuestring, &resource->state)))
		spot_expected(&spot, "bookable, planned, out_of_order or not_bookable");
	spot_text(at, "state_reason", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &resource->state_reason);
}

static void read_approval(const struct spot *at, enum approval *approval)
{
	struct spot spot = spot_of_member(at, "approval");
	if (spot.value && (!cJSON_IsString(spot.value) || !approval_from_wire(spot.value->valuestring, approval)))
		spot_expected(&spot, "none or staff");
}

void network_read_bits(const struct spot *at, const char *name, unsigned (*bit_of)(const char *word), const char *wanted, unsigned *bits)
{
	struct spot list = spot_of_member(at, name);
	if (!list.value || !spot_is_array(&list))
		return;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, list.value) {
		struct spot spot = spot_of_element(&list, index++, value);
		unsigned bit = cJSON_IsString(value) ? bit_of(value->valuestring) : 0;
		if (!bit)
			spot_expected(&spot, "%s", wanted);
		*bits |= bit;
	}
}

/* How it is booked, and how much of it one person may have. */
static void read_limits(const struct spot *at, struct resource *resource)
{
	struct spot late = spot_of_member(at, "late_cancel");
	network_read_bits(at, "units", booking_unit_from_wire, "half_day, day, hour or granule", &resource->takes);
	if (resource->takes)
		resource->by_hour = (resource->takes & (UNIT_HOUR | UNIT_GRANULE)) != 0;
	spot_int(at, "quantity", 1, 500, 1, &resource->quantity);
	spot_int(at, "least_minutes", 0, 1440, 0, &resource->least_minutes);
	spot_int(at, "most_minutes", 0, 1440, 0, &resource->most_minutes);
	spot_int(at, "step_minutes", 0, 1440, 0, &resource->step_minutes);
	spot_int(at, "quota_day_minutes", 0, 1440, 0, &resource->quota.day_minutes);
	spot_int(at, "quota_open_bookings", 0, 10000, 0, &resource->quota.open_bookings);
	if (late.value && (!cJSON_IsString(late.value) || !late_cancel_from_wire(late.value->valuestring, &resource->late_cancel)))
		spot_expected(&late, "refuse or charge");
}

void network_read_place(const struct spot *at, struct resource *resource)
{
	spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &resource->name);
	spot_text(at, "area", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &resource->area);
	spot_text(at, "note", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &resource->note);
	read_kind(at, &resource->kind);
	read_state(at, resource);
	network_read_bits(at, "amenities", amenity_from_wire, "screen, height_adjustable, step_free, quiet, projector or window",
	                  &resource->amenities);
	spot_int(at, "capacity", 1, 500, 1, &resource->capacity);
	spot_int(at, "half_day_cents", 0, CENTS_MAX, -1, &resource->half_day_cents);
	spot_int(at, "day_cents", 0, CENTS_MAX, -1, &resource->day_cents);
	spot_int(at, "hour_cents", 0, HOUR_CENTS_MAX, -1, &resource->hour_cents);
	spot_bool(at, "by_hour", resource->hour_cents >= 0, &resource->by_hour);
	spot_int(at, "cancel_minutes", 0, 60 * 24 * 90, 60, &resource->cancel_minutes);
	read_limits(at, resource);
	read_approval(at, &resource->approval);
	spot_bool(at, "frees_on_check_out", false, &resource->frees_on_check_out);
}

static void read_resource(const struct spot *at, struct network *network, struct network_resource *row)
{
	static const char *const known[] = { "space", "slug", "name", "area", "note", "kind", "state", "state_reason",
		"amenities", "capacity", "half_day_cents", "day_cents", "by_hour", "hour_cents", "cancel_minutes",
		"units", "quantity", "least_minutes", "most_minutes", "step_minutes", "late_cancel", "quota_day_minutes", "quota_open_bookings",
		"approval", "frees_on_check_out", "id" };
	struct resource *resource = &row->resource;
	resource->id = row->slug = "";
	row->space = NETWORK_NOWHERE;
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	network_find_space(at, "space", network, &row->space);
	spot_slug(at, "slug", false, &row->slug);
	network_read_place(at, resource);
	if (row->space != NETWORK_NOWHERE && *row->slug)
		resource->id = network_resource_id(at->file->arena, network->spaces[row->space].space.slug, row->slug);
	network_read_id(at, false, &resource->id);
	resource->version = 1;
}

void network_read_resources(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->resources = arena_get(list->file->arena, count * sizeof *network->resources);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->resource_count, value);
		struct network_resource *row = &network->resources[network->resource_count++];
		read_resource(&at, network, row);
		for (const struct network_resource *other = network->resources; other < row && *row->resource.id; other++)
			if (strcmp(other->resource.id, row->resource.id) == 0)
				spot_wrong(&at, "expected another slug than \"%s\": it is the one of /resources/%zu", row->slug,
				           (size_t)(other - network->resources));
	}
	network->resource_known = network->resource_count;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

const char *network_read_space_id(const struct spot *at, const char *name, struct network *network)
{
	size_t found;
	struct spot spot = spot_of_member(at, name);
	return spot.value && network_find_space(at, name, network, &found) ? network->spaces[found].space.id : "";
}

static const char *id_of_member(const struct spot *at, const struct network *network, const char *login)
{
	const char *hash;
	struct arena *arena = at->file->arena;
	const struct member *there = network->tx ? db_find_member_by_login(network->tx, login, arena, &hash) : NULL;
	const char *id = there ? there->id : network_id(arena, arena_print(arena, "member/%s", login));
	network_read_id(at, there != NULL, &id);
	return id;
}

static void read_member(const struct spot *at, struct network *network, struct member *member, struct network_standing *standing)
{
	static const char *const known[] = { "login", "name", "home_space", "usual_resource", "staff_of", "roles", "card", "restricted",
		"disabled", "id" };
	member->id = member->login = member->name = member->home_space_id = member->usual_resource_id = "";
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	spot_slug(at, "login", true, &member->login);
	spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &member->name);
	member->id = id_of_member(at, network, member->login);
	member->home_space_id = network_read_space_id(at, "home_space", network);
	struct spot usual = spot_of_member(at, "usual_resource");
	size_t found;
	if (usual.value && network_find_resource(&usual, network, &found))
		member->usual_resource_id = network->resources[found].resource.id;
	network_read_card(at, network, member);
	spot_bool(at, "restricted", false, &standing->restricted);
	spot_bool(at, "disabled", false, &standing->disabled);
}

void network_read_members(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->members = arena_get(list->file->arena, count * sizeof *network->members);
	network->cards = arena_get(list->file->arena, count * sizeof *network->cards);
	network->roles = arena_get(list->file->arena, count * sizeof *network->roles);
	network->standings = arena_get(list->file->arena, count * sizeof *network->standings);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->member_count, value);
		size_t index = network->member_count++;
		struct member *member = &network->members[index];
		read_member(&at, network, member, &network->standings[index]);
		network_read_roles(&at, network, &network->roles[index]);
		for (const struct member *other = network->members; other < member && *member->login; other++)
			if (strcmp(other->login, member->login) == 0)
				spot_wrong(&at, "expected another login than \"%s\": it is the one of /members/%zu", member->login,
				           (size_t)(other - network->members));
	}
	network->member_known = network->member_count;
}
