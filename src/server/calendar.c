/* calendar.c — see calendar.h. */
#include "calendar.h"

#include <string.h>

#include <libical/ical.h>
#include <sodium.h>

#define ASK_AGAIN_S 3600
#define UID_BYTES 16

/* Names of CSS 3 (RFC 7986, 5.9), apart from one another also for who sees few colours. */
static const char *const colours[] = { "teal", "chocolate", "steelblue", "olivedrab", "purple", "goldenrod", "slategray", "crimson" };

static void add_extension(icalcomponent *component, const char *name, const char *value)
{
	icalproperty *property = icalproperty_new_x(value);
	icalproperty_set_x_name(property, name);
	icalcomponent_add_property(component, property);
}

/* How programs from before RFC 7986 know it. The library escapes no text of an extension: it is taken from where it did. */
static void add_name(icalcomponent *component, const char *name)
{
	icalproperty *property = icalproperty_new_name(name);
	char *escaped = icalproperty_get_value_as_string_r(property);
	icalcomponent_add_property(component, property);
	if (escaped)
		add_extension(component, "X-WR-CALNAME", escaped);
	icalmemory_free_buffer(escaped);
}

static void add_interval(icalcomponent *component)
{
	struct icaldurationtype duration = icaldurationtype_from_int(ASK_AGAIN_S);
	icalproperty *property = icalproperty_new_refreshinterval(duration);
	icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_DURATION));
	icalcomponent_add_property(component, property);
	add_extension(component, "X-PUBLISHED-TTL", "PT1H");
}

static icaltimetype in_utc(int64_t instant)
{
	return icaltime_from_timet_with_zone((time_t)instant, 0, icaltimezone_get_utc_timezone());
}

static const char *join(struct arena *arena, const char *before, const char *with, const char *after)
{
	return arena_print(arena, "%s%s%s", before, *before && *after ? with : "", after);
}

/* One thing, one id, whatever becomes of it. A sign-up's is its owner's, so that two of a house can show theirs side by side, and does
 * not say who that is: calendars are handed on. */
static const char *uid_of(const struct calendar_entry *entry, struct arena *arena)
{
	unsigned char hash[UID_BYTES];
	if (entry->kind != CALENDAR_SIGNUP)
		return entry->id;
	const char *both = arena_print(arena, "signup %s %s", entry->id, entry->member_id);
	char *uid = arena_get(arena, 2 * sizeof hash + 1);
	crypto_generichash(hash, sizeof hash, (const unsigned char *)both, strlen(both), NULL, 0);
	return sodium_bin2hex(uid, 2 * sizeof hash + 1, hash, sizeof hash);
}

static const char *summary_of(const struct calendar_entry *entry, struct arena *arena)
{
	if (entry->kind != CALENDAR_BOOKING)
		return entry->title;
	return *entry->title ? join(arena, entry->title, " · ", entry->place) : join(arena, entry->place, " · ", entry->space_name);
}

static const char *location_of(const struct calendar_entry *entry, struct arena *arena)
{
	if (!*entry->place)
		return "";
	const char *text = join(arena, entry->place, ", ", entry->space_name);
	text = join(arena, text, ", ", entry->street);
	return join(arena, text, ", ", join(arena, entry->postcode, " ", entry->town));
}

static void add_words(icalcomponent *event, const struct calendar_entry *entry, struct arena *arena)
{
	const char *location = location_of(entry, arena), *description = "";
	for (size_t i = 0; i < COUNT_OF(entry->paragraphs); i++)
		description = join(arena, description, "\n\n", entry->paragraphs[i]);
	icalcomponent_add_property(event, icalproperty_new_summary(summary_of(entry, arena)));
	if (*location)
		icalcomponent_add_property(event, icalproperty_new_location(location));
	if (*description)
		icalcomponent_add_property(event, icalproperty_new_description(description));
	if (*entry->organiser)
		icalcomponent_add_property(event, icalproperty_new_contact(entry->organiser));
}

static enum icalproperty_status status_of(const struct calendar_entry *entry)
{
	switch (entry->status) {
	case CALENDAR_CONFIRMED:
		return ICAL_STATUS_CONFIRMED;
	case CALENDAR_TENTATIVE:
		return ICAL_STATUS_TENTATIVE;
	case CALENDAR_CANCELLED:
		return ICAL_STATUS_CANCELLED;
	}
	return ICAL_STATUS_NONE;
}

static void add_standing(icalcomponent *event, const struct calendar_entry *entry)
{
	bool is_mine = entry->kind != CALENDAR_ACTIVITY;
	bool takes_time = is_mine && !entry->waits && entry->status != CALENDAR_CANCELLED;
	int sequence = entry->sequence < INT32_MAX ? (int)entry->sequence : INT32_MAX;
	icalcomponent_add_property(event, icalproperty_new_status(status_of(entry)));
	icalcomponent_add_property(event, icalproperty_new_sequence(sequence));
	icalcomponent_add_property(event, icalproperty_new_transp(takes_time ? ICAL_TRANSP_OPAQUE : ICAL_TRANSP_TRANSPARENT));
	icalcomponent_add_property(event, icalproperty_new_class(is_mine ? ICAL_CLASS_PRIVATE : ICAL_CLASS_PUBLIC));
	icalcomponent_add_property(event, icalproperty_new_color(colours[(unsigned)entry->space_position % COUNT_OF(colours)]));
}

static icalcomponent *event_of(const struct calendar *calendar, const struct calendar_entry *entry, struct arena *arena)
{
	icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	icalcomponent_add_property(event, icalproperty_new_uid(uid_of(entry, arena)));
	/* Without a METHOD these are one and the same (RFC 5545, 3.8.7.2). */
	icalcomponent_add_property(event, icalproperty_new_dtstamp(in_utc(entry->changed_at)));
	icalcomponent_add_property(event, icalproperty_new_lastmodified(in_utc(entry->changed_at)));
	icalcomponent_add_property(event, icalproperty_new_dtstart(in_utc(entry->start_at)));
	icalcomponent_add_property(event, icalproperty_new_dtend(in_utc(entry->end_at)));
	add_words(event, entry, arena);
	add_standing(event, entry);
	if (calendar->public_url && entry->kind != CALENDAR_BOOKING)
		icalcomponent_add_property(event, icalproperty_new_url(arena_print(arena, "%s/v1/spaces/%s/activities/%s", calendar->public_url,
		                                                                   entry->space_id, entry->id)));
	return event;
}

/* Where a value ends at a line's end the library goes on with a line that is empty. That is allowed, and more than some programs
 * can read. */
static void drop_empty_folds(char *text)
{
	char *to = text;
	for (const char *from = text; *from; ) {
		if (strncmp(from, "\r\n \r\n", 5) == 0)
			from += 3;
		else
			*to++ = *from++;
	}
	*to = '\0';
}

char *calendar_write(const struct calendar *calendar, struct arena *arena)
{
	icalcomponent *whole = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	icalcomponent_add_property(whole, icalproperty_new_version("2.0"));
	icalcomponent_add_property(whole, icalproperty_new_prodid("-//hacktiv//hacktivd//EN"));
	add_name(whole, calendar->name);
	add_interval(whole);
	if (calendar->time_zone)
		add_extension(whole, "X-WR-TIMEZONE", calendar->time_zone);
	for (size_t i = 0; i < calendar->count; i++)
		icalcomponent_add_component(whole, event_of(calendar, &calendar->entries[i], arena));
	char *text = icalcomponent_as_ical_string_r(whole);
	icalcomponent_free(whole);
	if (!text)
		die("out of memory");
	drop_empty_folds(text);
	return text;
}
