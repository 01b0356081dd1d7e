/* events.c — the live feed of one space, or of all that the caller may hear of, as a stream (WHATWG HTML, server-sent events). */
#include "handlers.h"

#include <string.h>

#include "../live.h"
#include "../number.h"

#define TOO_MANY_RETRY_S 15   /* by then the end of a lost stream has been noticed */

bool read_event_types(struct request *request, unsigned *types, struct response *response)
{
	const char *given = request_parameter(request, "types");
	*types = EVENT_ALL;
	if (!given || event_types_read(given, types))
		return true;
	refuse_parameter(request, response, "types", arena_print(request->arena, "These are words with commas between, of: %s.", event_type_words));
	return false;
}

/* "heartbeat": who pays for each byte, or sleeps in between, asks for fewer. */
static bool read_heartbeat(struct request *request, int *heartbeat_s, struct response *response)
{
	const char *given = request_parameter(request, "heartbeat");
	int64_t asked_s = HEARTBEAT_S;
	if (given && (!number_read(given, HEARTBEAT_MOST_S, &asked_s) || asked_s < HEARTBEAT_S)) {
		refuse_parameter(request, response, "heartbeat", "This is a number of seconds, 15 to 900.");
		return false;
	}
	*heartbeat_s = (int)asked_s;
	return true;
}

void refuse_seat(struct request *request, struct response *response)
{
	if (atomic_load(&request->server->draining)) {
		refuse(request, response, REFUSE_OVERLOADED, "This hacktivd is about to end: try again.");
		return;
	}
	refuse(request, response, REFUSE_RATE_LIMITED, "One person has at most %d streams and waiting requests at a time.",
	       STREAMS_PER_MEMBER);
	response->retry_after_s = TOO_MANY_RETRY_S;
}

void event_stream(struct request *request, struct db_tx *tx, struct response *response)
{
	struct resume resume;
	unsigned types;
	int heartbeat_s;
	if (!read_event_types(request, &types, response) || !read_heartbeat(request, &heartbeat_s, response) ||
	    !resume_from(request, tx, request_field(request, "Last-Event-ID"), &resume, response))
		return;
	respond_empty(response, 204);
	if (resume.count == 0)
		return;            /* nothing will ever be said: 204 tells clients not to come back */
	response->status = 200;
	response->content_type = "text/event-stream";
	if (strcmp(request->method, "HEAD") == 0)
		return;
	response->listener = live_admit(request->server->live, request, &resume, types, heartbeat_s);
	if (!response->listener)
		refuse_seat(request, response);
}
