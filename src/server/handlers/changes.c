/* changes.c — what changed since a number or an id, in one space or in all that the caller may hear of: the live feed for those whom a
 * stream does not reach. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "../feed.h"
#include "../live.h"
#include "../number.h"

/* What was asked, kept while the request waits. */
struct asked {
	int limit;
	unsigned types;
	int64_t until_ms;       /* 0: it does not wait */
	bool waited;
	struct resume resume;
	struct live_wait wait;
};

static bool read_wait(struct request *request, struct asked *asked, struct response *response)
{
	const char *given = request_parameter(request, "wait");
	int64_t wait_s = 0;
	if (given && !number_read(given, LONG_POLL_MAX_S, &wait_s)) {
		refuse_parameter(request, response, "wait", "This is a number of seconds, at most 25.");
		return false;
	}
	asked->until_ms = wait_s > 0 ? clock_monotonic_ms() + 1000 * wait_s : 0;
	return true;
}

/* "after": the id of an event; for one space also the number of a change, 0 when not given. */
static bool read_after(struct request *request, struct db_tx *tx, struct resume *resume, struct response *response)
{
	const char *given = request_parameter(request, "after");
	int64_t number = 0;
	bool one_space = *request->space;
	if (one_space && (!given || number_read(given, INT64_MAX, &number)))
		return resume_from_number(request, tx, number, resume, response);
	if (!given || strchr(given, '.'))
		return resume_from(request, tx, given, resume, response);
	refuse_parameter(request, response, "after", one_space ? "This is the number of a change, 0 for all, or the id of an event."
	                                                       : "This is the id of an event.");
	return false;
}

/* Who asks, how, and where each space stands: what all of the answer depends on. */
static const char *list_etag(struct request *request, const struct asked *asked)
{
	const char *state = "";
	for (size_t i = 0; i < asked->resume.count; i++) {
		const struct start *start = &asked->resume.starts[i];
		state = arena_print(request->arena, "%s %s:%" PRId64 ":%" PRId64 ":%d", state, start->space->id, start->seq, start->head,
		                    start->view.bookings);
	}
	return etag_weak(request, "changes %s %s %d %u %s%s", request->member->id, asked->resume.epoch, asked->limit, asked->types,
	                 asked->resume.reset ? asked->resume.reset : "", state);
}

/* Adds what the caller hears of the next `rows` changes of one space; returns how many were looked at. */
static int add_changes(struct request *request, struct db_tx *tx, struct start *start, unsigned types, int rows, cJSON *items)
{
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, start->space->id, start->seq, rows, request->arena, &count);
	for (size_t i = 0; i < count; i++) {
		struct event event;
		bool own = strcmp(changes[i].member_id, request->member->id) == 0;
		if (event_of(&changes[i], &start->view, own, &event) && (types & event.type))
			cJSON_AddItemToArray(items, event_json(start->space->id, &changes[i], &event, start->zone));
		start->seq = changes[i].seq;
	}
	return (int)count;
}

static bool is_at_head(const struct resume *resume)
{
	for (size_t i = 0; i < resume->count; i++)
		if (resume->starts[i].seq < resume->starts[i].head)
			return false;
	return true;
}

static const char *next_page(struct request *request, const struct asked *asked)
{
	const char *types = request_parameter(request, "types");
	const char *narrowed = types ? arena_print(request->arena, "&types=%s", types) : "";
	const struct resume *resume = &asked->resume;
	if (!*request->space)
		return arena_print(request->arena, "/v1/changes?after=%s&limit=%d%s", resume_id(request->arena, resume), asked->limit,
		                   narrowed);
	return arena_print(request->arena, "/v1/spaces/%s/changes?after=%" PRId64 "&limit=%d%s", resume->starts[0].space->id,
	                   resume->starts[0].seq, asked->limit, narrowed);
}

static void respond_changes(struct request *request, struct asked *asked, cJSON *items, struct response *response)
{
	const struct resume *resume = &asked->resume;
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "items", items);
	if (*request->space)
		cJSON_AddNumberToObject(object, "seq", (double)resume->starts[0].seq);
	cJSON_AddStringToObject(object, "id", resume_id(request->arena, resume));
	if (resume->reset)
		cJSON_AddStringToObject(object, "reset", resume->reset);
	else
		cJSON_AddNullToObject(object, "reset");
	if (is_at_head(resume))
		cJSON_AddNullToObject(object, "next");
	else
		cJSON_AddStringToObject(object, "next", next_page(request, asked));
	respond_json(response, 200, object, CACHE_MINE);
}

/* There is nothing to tell yet. */
static void wait_on(struct request *request, struct asked *asked, struct response *response)
{
	if (!live_wait_begin(request->server->live, &asked->wait, request->member->id, &asked->resume, asked->until_ms)) {
		refuse_seat(request, response);
		return;
	}
	asked->waited = true;
	request->wait = &asked->wait;
	request->notes = asked;
	request->identified = false;   /* the token may be worth nothing by then */
	request_continue(request, PLACE_WAIT, change_list);
}

static void tell_changes(struct request *request, struct db_tx *tx, struct asked *asked, struct response *response)
{
	struct resume *resume = &asked->resume;
	const char *etag = list_etag(request, asked);
	if (!asked->until_ms && request_has_copy(request, etag, CACHE_MINE, response))
		return;
	cJSON *items = cJSON_CreateArray();
	int rows = asked->limit;
	for (size_t i = 0; i < resume->count && rows > 0; i++)
		if (resume->starts[i].seq < resume->starts[i].head)
			rows -= add_changes(request, tx, &resume->starts[i], asked->types, rows, items);
	bool nothing = cJSON_GetArraySize(items) == 0 && is_at_head(resume) && !resume->reset;
	if (nothing && clock_monotonic_ms() < asked->until_ms && !atomic_load(&request->server->draining)) {
		cJSON_Delete(items);
		wait_on(request, asked, response);
		return;
	}
	respond_changes(request, asked, items, response);
	if (!asked->until_ms)
		response->etag = etag;
}

void change_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct asked *asked = request->notes;
	if (asked && asked->waited) {
		const char *id = resume_id(request->arena, &asked->resume);
		if (!resume_from(request, tx, id, &asked->resume, response))
			return;
	} else {
		asked = arena_get(request->arena, sizeof *asked);
		if (!request_limit(request, &asked->limit, response) || !read_event_types(request, &asked->types, response) ||
		    !read_wait(request, asked, response) || !read_after(request, tx, &asked->resume, response))
			return;
	}
	tell_changes(request, tx, asked, response);
}
