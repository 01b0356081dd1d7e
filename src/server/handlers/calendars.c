/* calendars.c — calendars that people subscribe to: their own, by an address that is secret, and the agenda that anybody may read.
 *
 * The key stands in the path, where few programs log or tell it on, and none of ours does: the log has the route's pattern. Answers do
 * not hold it either. */
#include "handlers.h"

#include <string.h>

#include "../auth.h"
#include "../calendar.h"
#include "../db/subscription.h"
#include "../feed.h"
#include "../limit.h"
#include "tell.h"

#define DAY_S 86400
#define DAYS_BACK 90
#define DAYS_CANCELLED 30
#define ENTRIES_MAX 2000
#define USE_NOTED_S 3600          /* the last use of a key is known to the hour: reading must not write each time */
#define OURS "hacktiv"            /* what a calendar is called where the data has no name for it */
#define CALENDAR_UTF8 CALENDAR "; charset=utf-8"

static struct calendar_window window_of(const struct request *request)
{
	/* By whole days: what is told does not change with every second that passes. */
	int64_t today = request->now / DAY_S * DAY_S;
	return (struct calendar_window){ .from = today - DAYS_BACK * DAY_S, .ended_since = today - DAYS_CANCELLED * DAY_S,
		                         .now = request->now, .limit = ENTRIES_MAX };
}

/* There is no feed of all that a calendar tells: its entity tag is that of its own bytes. */
static void tell(struct request *request, const struct calendar *calendar, const char *cache, struct response *response)
{
	char *text = calendar_write(calendar, request->arena);
	const char *etag = etag_weak(request, "%s", text);
	respond_document(response, text, strlen(text), CALENDAR_UTF8, cache);
	if (!request_has_copy(request, etag, cache, response))
		response->etag = etag;
}

/* ---- one's own ------------------------------------------------------------------------------------------------------- */

/* Both in the order of their start. */
static const struct calendar_entry *merge(struct arena *arena, const struct calendar_entry *ones, size_t one_count,
                                          const struct calendar_entry *others, size_t other_count)
{
	struct calendar_entry *all = arena_get(arena, (one_count + other_count + 1) * sizeof *all);
	size_t one = 0, other = 0;
	while (one + other < one_count + other_count) {
		bool take_one = other == other_count || (one < one_count && ones[one].start_at <= others[other].start_at);
		all[one + other] = take_one ? ones[one] : others[other];
		*(take_one ? &one : &other) += 1;
	}
	return all;
}

static void tell_own(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct calendar_key *key = request->notes;
	struct calendar_window window = window_of(request);
	size_t booked = 0, signed_up = 0;
	const struct calendar_entry *bookings = db_list_calendar_bookings(tx, key->member_id, &window, request->arena, &booked);
	const struct calendar_entry *signups = db_list_calendar_signups(tx, key->member_id, &window, request->arena, &signed_up);
	const struct calendar calendar = {
		.name = OURS,
		.public_url = request->server->public_url,
		.entries = merge(request->arena, bookings, booked, signups, signed_up),
		.count = booked + signed_up,
	};
	tell(request, &calendar, CACHE_MINE, response);
}

static void refuse_key(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	refuse(request, response, REFUSE_NOT_FOUND, "There is no calendar at this address, or none any more.");
}

/* In a step of its own: what is refused is undone, and would not count. */
static void count_wrong_key(struct request *request, struct db_tx *tx, struct response *response)
{
	if (limit_take(request, tx, LIMIT_CALENDAR, origin_house(request->address, request->arena), response))
		request_continue(request, PLACE_HERE, refuse_key);
}

static void note_use(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)response;
	if (db_use_calendar_key(tx, request->notes, request->now))
		request_continue(request, PLACE_READ, tell_own);
}

/* One that was taken away is as one that never was. */
void calendar_of_key(struct request *request, struct db_tx *tx, struct response *response)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	const struct calendar_key *key = NULL;
	if (token_hash(TOKEN_CALENDAR, request->named, hash))
		key = db_find_calendar_key(tx, hash, request->arena);
	request->notes = (void *)(uintptr_t)key;
	if (!key)
		request_continue(request, PLACE_WRITE, count_wrong_key);
	else if (key->used_at <= request->now - USE_NOTED_S)
		request_continue(request, PLACE_WRITE, note_use);
	else
		tell_own(request, tx, response);
}

/* ---- the agenda ------------------------------------------------------------------------------------------------------ */

static void tell_agenda(struct request *request, struct db_tx *tx, const char *name, const struct space *space, struct response *response)
{
	struct calendar_window window = window_of(request);
	struct calendar calendar = { .name = name, .time_zone = space ? space->time_zone : NULL, .public_url = request->server->public_url };
	calendar.entries = db_list_calendar_agenda(tx, space ? space->id : "", &window, request->arena, &calendar.count);
	tell(request, &calendar, cache_for(request), response);
}

void calendar_of_space(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (space)
		tell_agenda(request, tx, space->name, space, response);
	else
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
}

void calendar_of_network(struct request *request, struct db_tx *tx, struct response *response)
{
	tell_agenda(request, tx, OURS " agenda", NULL, response);
}
