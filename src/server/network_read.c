/* network_read.c — spaces, resources and members from their files; bookings and habits are in network_bookings.c. */
#include "network_read.h"

#include <string.h>

#include <sodium.h>

char *network_id(struct arena *arena, const char *name)
{
	unsigned char hash[16];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)name, strlen(name), NULL, 0);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x80);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	char digits[sizeof hash * 2 + 1];
	sodium_bin2hex(digits, sizeof digits, hash, sizeof hash);
	return arena_print(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16, digits + 20);
}

/* ---- spaces ------------------------------------------------------------------------------------------------------ */

const char *const network_weekdays[7] = { "monday", "tuesday",  "wednesday", "thursday",
	                                  "friday", "saturday", "sunday" };

bool network_read_range(const struct spot *at, struct minute_range *range)
{
	if (!cJSON_IsArray(at->value) || cJSON_GetArraySize(at->value) != 2)
		return spot_wrong(at, "expected two times such as [\"08:30\", \"17:00\"]");
	struct spot from = spot_of_element(at, 0, cJSON_GetArrayItem(at->value, 0));
	struct spot until = spot_of_element(at, 1, cJSON_GetArrayItem(at->value, 1));
	return spot_minutes(&from, &range->from) && spot_minutes(&until, &range->until);
}

static bool read_opening_day(const struct spot *at, struct opening_day *day)
{
	if (!spot_is_array(at))
		return false;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, at->value) {
		struct spot range = spot_of_element(at, index++, value);
		if (day->count == OPENING_RANGES_MAX)
			return spot_wrong(&range, "expected at most %d ranges in a day", OPENING_RANGES_MAX);
		if (!network_read_range(&range, &day->ranges[day->count++]))
			return false;
	}
	return true;
}

static bool read_closure(const struct spot *at, struct local_date today, struct closure *closure)
{
	static const char *const known[] = { "from", "until", "reason" };
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return false;
	struct spot from = spot_of_member(at, "from");
	struct spot until = spot_of_member(at, "until");
	if (!spot_date(&from, today, &closure->from) || !spot_date(&until, today, &closure->until) ||
	    !spot_text(at, "reason", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &closure->reason))
		return false;
	return date_compare(closure->from, closure->until) <= 0 || spot_wrong(&until, "expected a date not before \"from\"");
}

static bool read_closures(const struct spot *at, struct local_date today, struct opening_rule *rule)
{
	if (!at->value)
		return true;
	if (!spot_is_array(at))
		return false;
	size_t count = (size_t)cJSON_GetArraySize(at->value);
	struct closure *closures = arena_get(at->file->arena, count * sizeof *closures);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, at->value) {
		struct spot closure = spot_of_element(at, rule->closure_count, value);
		if (!read_closure(&closure, today, &closures[rule->closure_count++]))
			return false;
	}
	rule->closures = closures;
	return true;
}

static bool read_opening(const struct spot *at, struct local_date today, struct space *space)
{
	static const char *const known[] = { "week", "boundary", "open_on_holidays", "closures" };
	struct opening_rule *rule = &space->opening;
	rule->country = space->country;
	rule->boundary = OPENING_BOUNDARY_DEFAULT;
	struct spot week = spot_of_member(at, "week");
	struct spot boundary = spot_of_member(at, "boundary");
	struct spot closures = spot_of_member(at, "closures");
	if (!spot_is_object(at, known, COUNT_OF(known)) ||
	    !spot_is_object(&week, network_weekdays, COUNT_OF(network_weekdays)) ||
	    (boundary.value && !spot_minutes(&boundary, &rule->boundary)) ||
	    !spot_bool(at, "open_on_holidays", false, &rule->open_on_holidays) || !read_closures(&closures, today, rule))
		return false;
	for (size_t day = 0; day < COUNT_OF(network_weekdays); day++) {
		struct spot hours = spot_of_member(&week, network_weekdays[day]);
		if (hours.value && !read_opening_day(&hours, &rule->week[day]))
			return false;
	}
	struct problem cause = { 0 };
	return opening_rule_check(rule, space->granule_s, &cause) || spot_wrong(at, "%s", cause.text);
}

bool network_read_phone(const struct spot *at, const char **phone)
{
	if (!spot_text(at, "phone", TEXT_ONE_LINE, TEXT_NAME_MAX, "", phone) || !**phone)
		return **phone == '\0';
	size_t digits = strspn(*phone + 1, "0123456789");
	struct spot spot = spot_of_member(at, "phone");
	return ((*phone)[0] == '+' && digits >= 6 && digits <= 15 && (*phone)[1 + digits] == '\0') ||
	       spot_wrong(&spot, "expected an international number such as \"+3260123456\"");
}

static bool read_country(const struct spot *at, enum country *country)
{
	struct spot spot = spot_of_member(at, "country");
	*country = cJSON_IsString(spot.value) ? country_from_code(spot.value->valuestring) : COUNTRY_UNKNOWN;
	return *country == COUNTRY_BELGIUM || *country == COUNTRY_FRANCE || spot_wrong(&spot, "expected \"BE\" or \"FR\"");
}

static bool read_zone(const struct spot *at, const struct network *network, struct network_space *row)
{
	struct spot spot = spot_of_member(at, "time_zone");
	if (!spot_text(at, "time_zone", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &row->space.time_zone))
		return false;
	row->zone = zones_find(network->zones, row->space.time_zone, NULL);
	if (!row->zone)
		return spot_wrong(&spot, "expected a time zone that this system has, such as \"Europe/Brussels\"");
	row->today = zone_wall(row->zone, network->now).date;
	return true;
}

static bool read_granule(const struct spot *at, int *granule_s)
{
	static const int lengths[] = { 300, 600, 900, 1800, 3600 };
	if (!spot_int(at, "granule_s", 300, 3600, GRANULE_DEFAULT_S, granule_s))
		return false;
	for (size_t i = 0; i < COUNT_OF(lengths); i++)
		if (*granule_s == lengths[i])
			return true;
	struct spot spot = spot_of_member(at, "granule_s");
	return spot_wrong(&spot, "expected 300, 600, 900, 1800 or 3600");
}

static bool read_space(const struct spot *at, const struct network *network, struct network_space *row)
{
	static const char *const known[] = {
		"slug", "name", "former_name", "description", "street", "postcode", "town", "country", "time_zone",
		"operator_name", "phone", "access_note", "granule_s", "vat_permille", "sample_data", "opening"
	};
	struct space *space = &row->space;
	struct spot opening = spot_of_member(at, "opening");
	if (!spot_is_object(at, known, COUNT_OF(known)) || !spot_slug(at, "slug", false, &space->slug) ||
	    !spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &space->name) ||
	    !spot_text(at, "former_name", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->former_name) ||
	    !spot_text(at, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &space->description) ||
	    !spot_text(at, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->street) ||
	    !spot_text(at, "postcode", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->postcode) ||
	    !spot_text(at, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &space->town) || !read_country(at, &space->country) ||
	    !read_zone(at, network, row) ||
	    !spot_text(at, "operator_name", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &space->operator_name) ||
	    !network_read_phone(at, &space->phone) ||
	    !spot_text(at, "access_note", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &space->access_note) ||
	    !read_granule(at, &space->granule_s) || !spot_int(at, "vat_permille", 0, 1000, -1, &space->vat_permille) ||
	    !spot_bool(at, "sample_data", false, &space->sample_data) || !read_opening(&opening, row->today, space))
		return false;
	space->id = network_id(at->file->arena, arena_print(at->file->arena, "space/%s", space->slug));
	space->version = 1;
	return true;
}

bool network_read_spaces(const struct spot *list, struct network *network)
{
	network->spaces = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->spaces);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->space_count, value);
		struct network_space *row = &network->spaces[network->space_count];
		if (!read_space(&at, network, row))
			return false;
		for (size_t other = 0; other < network->space_count; other++)
			if (strcmp(network->spaces[other].space.slug, row->space.slug) == 0)
				return spot_wrong(&at, "expected another slug than \"%s\": it is the one of /spaces/%zu",
				                  row->space.slug, other);
		network->space_count++;
	}
	return true;
}

/* ---- resources --------------------------------------------------------------------------------------------------- */

static bool find_space(const struct network *network, const char *slug, size_t *found)
{
	for (*found = 0; *found < network->space_count; (*found)++)
		if (strcmp(network->spaces[*found].space.slug, slug) == 0)
			return true;
	return false;
}

bool network_find_space(const struct spot *at, const char *name, const struct network *network, size_t *found)
{
	struct spot spot = spot_of_member(at, name);
	return (cJSON_IsString(spot.value) && find_space(network, spot.value->valuestring, found)) ||
	       spot_wrong(&spot, "expected the slug of a space in spaces.json");
}

static bool read_kind(const struct spot *at, enum resource_kind *kind)
{
	struct spot spot = spot_of_member(at, "kind");
	return (cJSON_IsString(spot.value) && resource_kind_from_wire(spot.value->valuestring, kind)) ||
	       spot_wrong(&spot, "expected desk, office, meeting_room, training_room, phone_booth, studio, workshop, lounge "
	                         "or machine");
}

static bool read_state(const struct spot *at, struct resource *resource)
{
	struct spot spot = spot_of_member(at, "state");
	resource->state = RESOURCE_BOOKABLE;
	if (spot.value &&
	    (!cJSON_IsString(spot.value) || !resource_state_from_wire(spot.value->valuestring, &resource->state)))
		return spot_wrong(&spot, "expected bookable, planned, out_of_order or not_bookable");
	return spot_text(at, "state_reason", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &resource->state_reason);
}

static bool read_amenities(const struct spot *at, unsigned *amenities)
{
	struct spot list = spot_of_member(at, "amenities");
	if (!list.value)
		return true;
	if (!spot_is_array(&list))
		return false;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, list.value) {
		struct spot spot = spot_of_element(&list, index++, value);
		unsigned amenity = cJSON_IsString(value) ? amenity_from_wire(value->valuestring) : 0;
		if (!amenity)
			return spot_wrong(&spot, "expected screen, height_adjustable, step_free, quiet, projector or window");
		*amenities |= amenity;
	}
	return true;
}

#define CENTS_MAX 100000000

static bool read_resource(const struct spot *at, const struct network *network, struct network_resource *row)
{
	static const char *const known[] = { "space", "slug", "name", "area", "note", "kind", "state", "state_reason",
		"amenities", "capacity", "half_day_cents", "day_cents", "by_hour", "hour_cents", "cancel_minutes" };
	struct resource *resource = &row->resource;
	if (!spot_is_object(at, known, COUNT_OF(known)) || !network_find_space(at, "space", network, &row->space) ||
	    !spot_slug(at, "slug", false, &row->slug) ||
	    !spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &resource->name) ||
	    !spot_text(at, "area", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &resource->area) ||
	    !spot_text(at, "note", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &resource->note) || !read_kind(at, &resource->kind) ||
	    !read_state(at, resource) || !read_amenities(at, &resource->amenities) ||
	    !spot_int(at, "capacity", 1, 500, 1, &resource->capacity) ||
	    !spot_int(at, "half_day_cents", 0, CENTS_MAX, -1, &resource->half_day_cents) ||
	    !spot_int(at, "day_cents", 0, CENTS_MAX, -1, &resource->day_cents) ||
	    !spot_int(at, "hour_cents", 0, CENTS_MAX, -1, &resource->hour_cents) ||
	    !spot_bool(at, "by_hour", resource->hour_cents >= 0, &resource->by_hour) ||
	    !spot_int(at, "cancel_minutes", 0, 60 * 24 * 90, 60, &resource->cancel_minutes))
		return false;
	resource->id = network_id(at->file->arena, arena_print(at->file->arena, "resource/%s/%s",
	                                                       network->spaces[row->space].space.slug, row->slug));
	resource->version = 1;
	return true;
}

bool network_read_resources(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->resources = arena_get(list->file->arena, count * sizeof *network->resources);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->resource_count, value);
		struct network_resource *row = &network->resources[network->resource_count];
		if (!read_resource(&at, network, row))
			return false;
		for (size_t other = 0; other < network->resource_count; other++)
			if (strcmp(network->resources[other].resource.id, row->resource.id) == 0)
				return spot_wrong(&at, "expected another slug than \"%s\": it is the one of /resources/%zu",
				                  row->slug, other);
		network->resource_count++;
	}
	return true;
}

bool network_find_resource(const struct spot *at, const struct network *network, size_t *found)
{
	const char *path = cJSON_IsString(at->value) ? at->value->valuestring : "";
	const char *slash = strchr(path, '/');
	for (*found = 0; slash && *found < network->resource_count; (*found)++) {
		const struct network_resource *row = &network->resources[*found];
		const char *space = network->spaces[row->space].space.slug;
		size_t length = (size_t)(slash - path);
		if (strlen(space) == length && memcmp(space, path, length) == 0 && strcmp(row->slug, slash + 1) == 0)
			return true;
	}
	return spot_wrong(at, "expected a resource in resources.json, written \"space/resource\"");
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static bool read_member(const struct spot *at, const struct network *network, struct member *member)
{
	static const char *const known[] = { "login", "name", "home_space", "usual_resource", "staff_of", "card" };
	if (!spot_is_object(at, known, COUNT_OF(known)) || !spot_slug(at, "login", true, &member->login) ||
	    !spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &member->name))
		return false;
	member->id = network_id(at->file->arena, arena_print(at->file->arena, "member/%s", member->login));
	member->home_space_id = "";
	member->usual_resource_id = "";
	member->staff_of = "";
	size_t found = 0;
	struct spot home = spot_of_member(at, "home_space");
	if (home.value) {
		if (!network_find_space(at, "home_space", network, &found))
			return false;
		member->home_space_id = network->spaces[found].space.id;
	}
	if (spot_of_member(at, "staff_of").value) {
		if (!network_find_space(at, "staff_of", network, &found))
			return false;
		member->staff_of = network->spaces[found].space.id;
	}
	struct spot usual = spot_of_member(at, "usual_resource");
	if (usual.value) {
		if (!network_find_resource(&usual, network, &found))
			return false;
		member->usual_resource_id = network->resources[found].resource.id;
	}
	return true;
}

bool network_read_members(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->members = arena_get(list->file->arena, count * sizeof *network->members);
	network->cards = arena_get(list->file->arena, count * sizeof *network->cards);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->member_count, value);
		struct member *member = &network->members[network->member_count];
		if (!read_member(&at, network, member) || !network_read_card(&at, network, member))
			return false;
		for (size_t other = 0; other < network->member_count; other++)
			if (strcmp(network->members[other].login, member->login) == 0)
				return spot_wrong(&at, "expected another login than \"%s\": it is the one of /members/%zu",
				                  member->login, other);
		network->member_count++;
	}
	return true;
}

bool network_find_member(const struct spot *at, const struct network *network, size_t *found)
{
	const char *login = cJSON_IsString(at->value) ? at->value->valuestring : "";
	for (*found = 0; *found < network->member_count; (*found)++)
		if (strcmp(network->members[*found].login, login) == 0)
			return true;
	return spot_wrong(at, "expected the login of a member in members.json");
}
