/* event.c — see event.h. */
#include "event.h"

#include <string.h>

#include "hacktiv/base.h"

static const struct {
	const char *word;
	enum event_type type;
} types[] = {
	{ "booking", EVENT_BOOKING }, { "availability", EVENT_AVAILABILITY }, { "activity", EVENT_ACTIVITY },
	{ "signup", EVENT_SIGNUP }, { "space", EVENT_SPACE }, { "directory", EVENT_DIRECTORY },
};

const char event_type_words[] = "booking, availability, activity, signup, space, directory";

/* EVENT_OTHER when `word`, up to its end or a dot, is none of them. */
static enum event_type type_of(const char *word, size_t length)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strlen(types[i].word) == length && strncmp(types[i].word, word, length) == 0)
			return types[i].type;
	return EVENT_OTHER;
}

bool event_types_read(const char *text, unsigned *wanted)
{
	*wanted = 0;
	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");
		enum event_type type = type_of(at, length);
		if (type == EVENT_OTHER)
			return false;
		*wanted |= type;
		at += length;
		if (!*at)
			return true;
	}
}

struct event_view event_view(const struct caller *caller, const char *space_id)
{
	return (struct event_view){
		.feed = rights_allow(caller, ACTION_SEE_CHANGES, space_id, false),
		.bookings = rights_allow(caller, ACTION_SEE_BOOKING, space_id, false),
	};
}

bool event_of(const struct change *change, const struct event_view *view, bool own, struct event *event)
{
	*event = (struct event){ type_of(change->kind, strcspn(change->kind, ".")), change->kind, change->ref, change->resource_id,
		                 change->version, change->date };
	switch (event->type) {
	case EVENT_BOOKING:
		if (view->bookings || own)
			return view->feed;
		/* Which booking is nobody's business; which resource may be had now is everybody's. */
		event->type = EVENT_AVAILABILITY;
		event->kind = "availability.changed";
		event->ref = change->resource_id;
		event->version = change->seq;
		return view->feed && *change->resource_id;
	case EVENT_AVAILABILITY:
		event->version = change->seq;
		return view->feed;
	case EVENT_ACTIVITY:
	case EVENT_SIGNUP:
	case EVENT_SPACE:
	case EVENT_DIRECTORY:
		return view->feed;
	case EVENT_OTHER:
		return view->feed && view->bookings;
	}
	return false;
}

cJSON *event_json(const char *space_id, const struct change *change, const struct event *event, const struct zone *zone)
{
	char at[INSTANT_TEXT_SIZE];
	instant_to_text(zone, change->at, at);
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "space_id", space_id);
	cJSON_AddNumberToObject(object, "seq", (double)change->seq);
	cJSON_AddStringToObject(object, "at", at);
	cJSON_AddStringToObject(object, "kind", event->kind);
	cJSON_AddStringToObject(object, "ref", event->ref);
	if (*event->resource_id)
		cJSON_AddStringToObject(object, "resource_id", event->resource_id);
	if (*event->date)
		cJSON_AddStringToObject(object, "date", event->date);
	cJSON_AddNumberToObject(object, "version", (double)event->version);
	return object;
}
