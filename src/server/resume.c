/* resume.c — see resume.h. */
#include "resume.h"

#include <string.h>

#include "policy.h"

static int64_t head_of(const struct feed_head *heads, size_t count, const char *space_id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(heads[i].space_id, space_id) == 0)
			return heads[i].seq;
	return 0;
}

static const struct space *find_spaces(struct request *request, struct db_tx *tx, size_t *count, struct response *response)
{
	if (!*request->space)
		return db_list_spaces(tx, request->arena, count);
	const struct space *space = db_find_space(tx, request->space, request->arena);
	*count = space ? 1 : 0;
	if (!space)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	return space;
}

/* Spaces, rights and heads; everybody stands at the head. */
static bool begin(struct request *request, struct db_tx *tx, struct resume *resume, struct response *response)
{
	size_t count = 0, head_count = 0;
	const struct space *spaces = find_spaces(request, tx, &count, response);
	if (response->status)
		return false;
	const struct feed_head *heads = db_list_heads(tx, request->arena, &head_count);
	*resume = (struct resume){ .starts = arena_get(request->arena, (count + 1) * sizeof *resume->starts) };
	for (size_t i = 0; i < count; i++) {
		struct event_view view = event_view(&request->caller, spaces[i].id);
		const struct zone *zone = view.feed ? policy_zone(request->server, &spaces[i]) : NULL;
		int64_t head = head_of(heads, head_count, spaces[i].id);
		if (zone)
			resume->starts[resume->count++] = (struct start){ &spaces[i], zone, view, head, head };
	}
	if (*request->space && resume->count == 0)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	else if (resume->count > EVENT_SPACES_MAX)
		refuse(request, response, REFUSE_MALFORMED, "This network has more spaces than one feed carries: ask for each of them.");
	return !response->status && db_epoch(tx, resume->epoch);
}

static void begin_anew(struct resume *resume)
{
	for (size_t i = 0; i < resume->count; i++)
		resume->starts[i].seq = resume->starts[i].head;
}

/* RESET_… when this start cannot go on from where it stands. */
static const char *fault_of(struct db_tx *tx, const struct start *start)
{
	if (start->seq > start->head)
		return RESET_UNKNOWN;
	if (start->seq == start->head)
		return NULL;
	int64_t oldest = db_oldest_change(tx, start->space->id);
	return oldest == 0 || start->seq + 1 < oldest ? RESET_TOO_OLD : NULL;
}

static const char *take_places(struct db_tx *tx, struct resume *resume, const struct event_place *places, size_t count)
{
	for (size_t i = 0; i < resume->count; i++) {
		struct start *start = &resume->starts[i];
		char key[SPACE_KEY_SIZE];
		event_space_key(start->space->id, key);
		size_t at = 0;
		while (at < count && strcmp(places[at].key, key) != 0)
			at++;
		if (at == count)
			return RESET_SPACES;
		start->seq = places[at].seq;
		const char *fault = fault_of(tx, start);
		if (fault)
			return fault;
	}
	return NULL;
}

bool resume_from(struct request *request, struct db_tx *tx, const char *id, struct resume *resume, struct response *response)
{
	if (!begin(request, tx, resume, response))
		return false;
	if (!id)
		return true;
	char epoch[EPOCH_SIZE];
	struct event_place *places = arena_get(request->arena, EVENT_SPACES_MAX * sizeof *places);
	size_t count = 0;
	if (!event_id_read(id, epoch, places, &count))
		resume->reset = RESET_UNKNOWN;
	else if (strcmp(epoch, resume->epoch) != 0)
		resume->reset = RESET_EPOCH;
	else
		resume->reset = take_places(tx, resume, places, count);
	if (resume->reset)
		begin_anew(resume);
	return true;
}

bool resume_from_number(struct request *request, struct db_tx *tx, int64_t number, struct resume *resume, struct response *response)
{
	if (!begin(request, tx, resume, response))
		return false;
	resume->starts[0].seq = number;
	resume->reset = fault_of(tx, &resume->starts[0]);
	if (resume->reset)
		begin_anew(resume);
	return true;
}

const char *resume_id(struct arena *arena, const struct resume *resume)
{
	struct event_place *places = arena_get(arena, (resume->count + 1) * sizeof *places);
	for (size_t i = 0; i < resume->count; i++) {
		event_space_key(resume->starts[i].space->id, places[i].key);
		places[i].seq = resume->starts[i].seq;
	}
	char *id = arena_get(arena, EVENT_ID_SIZE);
	event_id_write(id, resume->epoch, places, resume->count);
	return id;
}
