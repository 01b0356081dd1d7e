/* answers.c — see answers.h. A table of fixed places by the target's hash: whoever comes later takes the place. */
#include "answers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "route.h"

struct kept_answer {
	atomic_uint holders;
	char *body;
	size_t body_length;
	char *content_type, *etag, *link;       /* NULL: no such header */
};

struct place_of_answer {
	char *target;                  /* NULL: free */
	const struct route *route;
	uint64_t commits;
	int64_t now, began_ms;
	struct kept_answer *answer;
};

struct answers {
	struct db *db;
	pthread_mutex_t guard;         /* the two below */
	struct place_of_answer places[ANSWERS_MAX];
	size_t bytes;
};

void kept_answer_release(struct kept_answer *answer)
{
	if (!answer || atomic_fetch_sub(&answer->holders, 1) > 1)
		return;
	free(answer->body);
	free(answer->content_type);
	free(answer->etag);
	free(answer->link);
	free(answer);
}

struct answers *answers_new(struct db *db)
{
	struct answers *answers = memory_get(sizeof *answers);
	answers->db = db;
	pthread_mutex_init(&answers->guard, NULL);
	return answers;
}

static void empty(struct answers *answers, struct place_of_answer *place)
{
	if (!place->target)
		return;
	answers->bytes -= place->answer->body_length;
	kept_answer_release(place->answer);
	free(place->target);
	*place = (struct place_of_answer){ .target = NULL };
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;
	for (size_t i = 0; i < ANSWERS_MAX; i++)
		empty(answers, &answers->places[i]);
	pthread_mutex_destroy(&answers->guard);
	free(answers);
}

/* FNV-1a: who makes two targets share a place makes them slower, and nothing else. */
static struct place_of_answer *place_for(struct answers *answers, const char *target)
{
	uint32_t hash = 2166136261u;
	for (const char *at = target; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return &answers->places[hash % ANSWERS_MAX];
}

static bool is_for_all(const struct request *request)
{
	return request->verb == VERB_GET && !request->inner && request->body_length == 0 && !request_field(request, "Authorization");
}

struct answer_mark answers_mark(struct answers *answers, const struct request *request)
{
	bool keep = !db_is_shared(answers->db) && is_for_all(request);
	return (struct answer_mark){ keep, db_commits(answers->db), clock_monotonic_ms() };
}

static bool is_current(const struct answers *answers, const struct place_of_answer *place, int64_t now)
{
	return place->now == now && place->commits == db_commits(answers->db) && clock_monotonic_ms() - place->began_ms < ANSWER_KEPT_MS;
}

/* Held for whoever asks; NULL: none is kept. */
static struct kept_answer *find(struct answers *answers, struct request *request)
{
	struct kept_answer *answer = NULL;
	pthread_mutex_lock(&answers->guard);
	struct place_of_answer *place = place_for(answers, request->target);
	if (place->target && strcmp(place->target, request->target) == 0 && is_current(answers, place, request->now)) {
		answer = place->answer;
		atomic_fetch_add(&answer->holders, 1);
		request->route = place->route;
	}
	pthread_mutex_unlock(&answers->guard);
	return answer;
}

bool answers_tell(struct answers *answers, struct request *request, struct response *response)
{
	struct kept_answer *answer = is_for_all(request) ? find(answers, request) : NULL;
	if (!answer)
		return false;
	if (!route_accepts(request, response)) {
		kept_answer_release(answer);
		return true;
	}
	/* Kept in one of the media types that its route has: whoever wants another asks anew. */
	if (strncmp(answer->content_type, request->media, strlen(request->media)) != 0) {
		kept_answer_release(answer);
		return false;
	}
	const char *etag = answer->etag ? arena_copy_text(request->arena, answer->etag) : NULL;
	if (etag && request_has_copy(request, etag, CACHE_SHARED, response)) {
		kept_answer_release(answer);
		return true;
	}
	response_clear(response);
	*response = (struct response){ .status = 200, .body = answer->body, .body_length = answer->body_length, .kept = answer,
		                       .content_type = answer->content_type, .cache = CACHE_SHARED, .etag = etag, .link = answer->link };
	return true;
}

static void forget_the_old(struct answers *answers, int64_t now)
{
	for (size_t i = 0; i < ANSWERS_MAX; i++)
		if (answers->places[i].target && !is_current(answers, &answers->places[i], now))
			empty(answers, &answers->places[i]);
}

/* The response goes on with the body as one of its holders. */
static struct kept_answer *take(struct response *response)
{
	struct kept_answer *answer = memory_get(sizeof *answer);
	atomic_store(&answer->holders, 2);
	answer->body = response->body;
	answer->body_length = response->body_length;
	answer->content_type = memory_copy_text(response->content_type);
	answer->etag = memory_copy_text(response->etag);
	answer->link = memory_copy_text(response->link);
	response->kept = answer;
	return answer;
}

void answers_keep(struct answers *answers, const struct answer_mark *mark, const struct request *request, struct response *response)
{
	/* What needs no database is quick anyway, and may hang on what else the request says. */
	bool for_all = request->route && request->route->place == PLACE_READ && response->status == 200 && response->body && !response->kept && response->cache &&
	               strcmp(response->cache, CACHE_SHARED) == 0 && !request->rate_limit;
	if (!mark->keep || !for_all || mark->commits != db_commits(answers->db))
		return;
	pthread_mutex_lock(&answers->guard);
	struct place_of_answer *place = place_for(answers, request->target);
	empty(answers, place);
	if (answers->bytes + response->body_length > ANSWERS_BYTES_MAX)
		forget_the_old(answers, request->now);
	if (answers->bytes + response->body_length <= ANSWERS_BYTES_MAX) {
		*place = (struct place_of_answer){ memory_copy_text(request->target), request->route, mark->commits, request->now,
			                           mark->began_ms, take(response) };
		answers->bytes += response->body_length;
	}
	pthread_mutex_unlock(&answers->guard);
}
