/* patience.c — see patience.h. */
#include "patience.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "hacktiv/base.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

struct visit {
	int descriptor;
	enum doing doing;
	int64_t deadline_ms;
	unsigned served;
	bool whole;
	struct visit *next;
	struct visit **link;
};

struct patience {
	pthread_mutex_t guard;
	struct visit *visits;
	size_t count;
};

struct patience *patience_new(void)
{
	struct patience *patience = memory_get(sizeof *patience);
	pthread_mutex_init(&patience->guard, NULL);
	return patience;
}

void patience_free(struct patience *patience)
{
	if (!patience)
		return;
	pthread_mutex_destroy(&patience->guard);
	free(patience);
}

struct visit *patience_enter(struct patience *patience, int descriptor)
{
	struct visit *visit = memory_get(sizeof *visit);
	visit->descriptor = descriptor;
	visit->doing = DOING_RECEIVING;
	visit->deadline_ms = clock_monotonic_ms() + HEAD_LIMIT_MS;
	pthread_mutex_lock(&patience->guard);
	visit->next = patience->visits;
	visit->link = &patience->visits;
	if (visit->next)
		visit->next->link = &visit->next;
	patience->visits = visit;
	patience->count++;
	pthread_mutex_unlock(&patience->guard);
	return visit;
}

void patience_leave(struct patience *patience, struct visit *visit)
{
	pthread_mutex_lock(&patience->guard);
	*visit->link = visit->next;
	if (visit->next)
		visit->next->link = visit->link;
	patience->count--;
	pthread_mutex_unlock(&patience->guard);
	free(visit);
}

size_t patience_visits(struct patience *patience)
{
	pthread_mutex_lock(&patience->guard);
	size_t count = patience->count;
	pthread_mutex_unlock(&patience->guard);
	return count;
}

unsigned patience_count_request(struct visit *visit)
{
	return ++visit->served;
}

void patience_note_whole(struct visit *visit, bool whole)
{
	visit->whole = whole;
}

bool patience_had_whole(const struct visit *visit)
{
	return visit->whole;
}

void patience_expect(struct patience *patience, struct visit *visit, enum doing doing, int64_t limit_ms)
{
	pthread_mutex_lock(&patience->guard);
	visit->doing = doing;
	visit->deadline_ms = clock_monotonic_ms() + limit_ms;
	pthread_mutex_unlock(&patience->guard);
}

static void cut_off(struct visit *visit)
{
	static const char too_slow[] =
		"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
		"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 90\r\n\r\n"
		"{\"type\":\"/problems/request-timeout\",\"title\":\"The request came too slowly\",\"status\":408}   ";
	/* While a request is being received nothing of ours is on its way: the sentence cannot fall into an answer. */
	if (visit->doing == DOING_RECEIVING)
		(void)!send(visit->descriptor, too_slow, sizeof too_slow - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(visit->descriptor, SHUT_RDWR);
	visit->doing = DOING_NOTHING_TIMED;
}

void patience_tick(struct patience *patience, int64_t now_ms)
{
	pthread_mutex_lock(&patience->guard);
	for (struct visit *visit = patience->visits; visit; visit = visit->next)
		if (visit->doing != DOING_NOTHING_TIMED && now_ms >= visit->deadline_ms)
			cut_off(visit);
	pthread_mutex_unlock(&patience->guard);
}
