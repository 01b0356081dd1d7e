/* instants.c — see instants.h. */
#include "instants.h"

#include <string.h>

#define INSTANT_LENGTH_MOST 25   /* 2026-10-25T02:30:00+02:00 */
#define SUFFIX_MOST 80

struct said {
	int64_t instant;
	int offset;             /* as written, seconds east of UTC */
	bool offset_known;      /* "Z" says nothing about it (RFC 9557, 2) */
};

static int offset_in(const char *text)
{
	int minutes = ((text[1] - '0') * 10 + (text[2] - '0')) * 60 + (text[4] - '0') * 10 + (text[5] - '0');
	return (text[0] == '-' ? -60 : 60) * minutes;
}

/* The bracketed parts after an instant. RULE_NONE: they agree with it. RULE_VALIDATION: they are not what they should be. */
static enum rule check_suffix(struct request *request, const char *suffix, const struct said *said)
{
	while (*suffix == '[') {
		const char *tag = suffix + 1, *end = strchr(suffix, ']');
		if (!end || end == tag || end - tag > SUFFIX_MOST)
			return RULE_VALIDATION;
		bool critical = *tag == '!';
		const char *name = arena_copy_bytes(request->arena, tag + critical, (size_t)(end - tag - critical));
		suffix = end + 1;
		if (strchr(name, '=')) {
			if (critical)
				return RULE_VALIDATION;
			continue;
		}
		const struct zone *zone = zones_find(request->server->zones, name, NULL);
		if (!zone)
			return RULE_VALIDATION;
		if (said->offset_known && zone_wall(zone, said->instant).offset != said->offset)
			return RULE_INCONSISTENT_OFFSET;
	}
	return *suffix ? RULE_VALIDATION : RULE_NONE;
}

static enum rule read_one(struct request *request, const cJSON *value, struct said *said)
{
	const char *text = value->valuestring;
	size_t length = strcspn(text, "[");
	if (length > INSTANT_LENGTH_MOST)
		return RULE_VALIDATION;
	const char *instant = arena_copy_bytes(request->arena, text, length);
	if (!instant_from_text(instant, &said->instant, NULL))
		return RULE_VALIDATION;
	said->offset_known = instant[length - 1] != 'Z' && instant[length - 1] != 'z';
	if (said->offset_known)
		said->offset = offset_in(instant + length - 6);
	return check_suffix(request, text + length, said);
}

static bool is_instant(const cJSON *value)
{
	return cJSON_IsString(value) && strpbrk(value->valuestring, "Tt");
}

/* The one of the two named `name`. False: answered. */
static bool read_member(struct request *request, cJSON *object, const char *name, int64_t *instant, struct response *response)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	const char *pointer = arena_print(request->arena, "/%s", name);
	if (!is_instant(value))
		return refuse_member(request, response, pointer, "Say start and end both as instants, or both by the clock.");
	struct said said = { 0 };
	enum rule rule = read_one(request, value, &said);
	*instant = said.instant;
	if (rule == RULE_NONE)
		return true;
	if (rule == RULE_VALIDATION)
		return refuse_member(request, response, pointer,
		                     "Write an instant as 2026-11-25T14:00:00+01:00, with a known zone in brackets or none.");
	refuse_rule(request, response, 422, &(struct obstacle){ rule, "" }, NULL, 0);
	return false;
}

static void put_text(cJSON *object, const char *name, const char *text)
{
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	cJSON_AddStringToObject(object, name, text);
}

static void put_clock(cJSON *object, const char *name, int minutes)
{
	char text[CLOCK_TEXT_SIZE];
	minutes_to_text(minutes, text);
	put_text(object, name, text);
}

bool instants_read(struct request *request, cJSON *object, const struct zone *zone, struct instants *said, struct response *response)
{
	*said = (struct instants){ 0, 0 };
	if (!is_instant(cJSON_GetObjectItemCaseSensitive(object, "start")) && !is_instant(cJSON_GetObjectItemCaseSensitive(object, "end")))
		return true;
	if (!read_member(request, object, "start", &said->start_at, response) ||
	    !read_member(request, object, "end", &said->end_at, response))
		return false;
	if (said->end_at <= said->start_at)
		return refuse_member(request, response, "/end", "The end should come after the start.");
	struct wall_time start = zone_wall(zone, said->start_at), end = zone_wall(zone, said->end_at);
	bool to_midnight = end.minutes == 0 && date_equal(end.date, date_plus(start.date, 1));
	int until = to_midnight ? 24 * 60 : end.minutes;
	if (!date_is_valid(start.date) || (!date_equal(start.date, end.date) && !to_midnight) || until <= start.minutes)
		return refuse_member(request, response, "/end", "A booking begins and ends on one day by the clock of the space; make two of it.");
	if (start.seconds || end.seconds)
		return refuse_member(request, response, "/start", "A booking begins and ends on whole minutes.");
	char date[DATE_ISO_SIZE];
	date_to_iso(start.date, date);
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(object, "date");
	if (given && (!cJSON_IsString(given) || strcmp(given->valuestring, date) != 0))
		return refuse_member(request, response, "/date", "This is not the date of the start by the clock of the space.");
	put_text(object, "date", date);
	put_clock(object, "start", start.minutes);
	put_clock(object, "end", until);
	return true;
}

void instants_as_taken(const struct space *space, const struct resource *resource, struct period *when, struct instants *said)
{
	unsigned takes = resource_takes(resource);
	if (when->part != DAY_PART_HOURS || (takes & (UNIT_HOUR | UNIT_GRANULE)))
		return;
	for (enum day_part part = DAY_PART_MORNING; part < DAY_PART_HOURS; part++) {
		struct minute_range edges;
		bool taken = takes & (part == DAY_PART_WHOLE ? UNIT_DAY : UNIT_HALF_DAY);
		if (!taken || !period_edges(half_day(when->date, part), &space->opening, &edges, NULL))
			continue;
		if (edges.from == when->hours.from && edges.until == when->hours.until) {
			*when = half_day(when->date, part);
			*said = (struct instants){ 0, 0 };
			return;
		}
	}
}
