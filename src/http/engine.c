/* engine.c — all exchanges of the program behind one wait. See http.h. */
#include "stream.h"

#include <poll.h>
#include <stdlib.h>

#define WAIT_FDS_MAX 16

struct engine {
	CURLM *multi;                 /* NULL until the first exchange */
	struct exchange *exchanges;   /* under way */
	struct exchange *refused;     /* could not be started: told in the next turn */
	unsigned last_number;
	int64_t line_from_ms, names_from_ms;   /* what was connected, and found by its name, before then counts for nothing; 0: all counts */
	size_t busy;                  /* of them all, those that have an end */
	size_t streams;
};

struct engine *engine_new(void)
{
	return memory_get(sizeof(struct engine));
}

/* A stream keeps its connection, and requests should not wait for one because of it. */
static void allow_connections(struct engine *engine)
{
	curl_multi_setopt(engine->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)(ENGINE_HOST_CONNECTIONS + engine->streams));
	curl_multi_setopt(engine->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)(ENGINE_TOTAL_CONNECTIONS + engine->streams));
}

static void engine_start(struct engine *engine)
{
	if (engine->multi)
		return;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(engine->multi = curl_multi_init()))
		die("libcurl cannot start");
	allow_connections(engine);
}

static void free_all(struct engine *engine, struct exchange *first, bool added)
{
	while (first) {
		struct exchange *next = first->next;
		if (added)
			curl_multi_remove_handle(engine->multi, first->easy);
		exchange_free(first);
		first = next;
	}
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	free_all(engine, engine->exchanges, true);
	free_all(engine, engine->refused, false);
	if (engine->multi) {
		curl_multi_cleanup(engine->multi);
		curl_global_cleanup();
	}
	free(engine);
}

static struct exchange *make(struct engine *engine, const struct http_address *address, const struct http_request *request)
{
	engine_start(engine);
	struct exchange *exchange = exchange_new(address, request);
	if (!exchange)
		die("libcurl cannot make a handle");
	int64_t now_ms = clock_monotonic_ms();
	if (engine->line_from_ms)
		exchange_distrust_line(exchange, now_ms - engine->line_from_ms);
	if (engine->names_from_ms)
		exchange_distrust_names(exchange, now_ms - engine->names_from_ms);
	return exchange;
}

void engine_distrust(struct engine *engine)
{
	engine->line_from_ms = engine->names_from_ms = clock_monotonic_ms();
}

static unsigned begin(struct engine *engine, struct exchange *exchange)
{
	/* 0 stands for "none", also after four thousand million requests. */
	if (++engine->last_number == 0)
		engine->last_number = 1;
	exchange->number = engine->last_number;
	if (exchange->stream)
		engine->streams++;
	else
		engine->busy++;
	allow_connections(engine);
	bool added = curl_multi_add_handle(engine->multi, exchange->easy) == CURLM_OK;
	struct exchange **list = added ? &engine->exchanges : &engine->refused;
	exchange->next = *list;
	*list = exchange;
	return exchange->number;
}

unsigned engine_send(struct engine *engine, const struct http_address *address, const struct http_request *request,
                     engine_done *done, void *context)
{
	struct exchange *exchange = make(engine, address, request);
	exchange->done = done;
	exchange->context = context;
	return begin(engine, exchange);
}

unsigned engine_listen(struct engine *engine, const struct http_address *address, const struct http_request *request,
                       const struct stream_ears *ears, void *context)
{
	struct exchange *exchange = make(engine, address, request);
	exchange->context = context;
	stream_begin(exchange, ears);
	return begin(engine, exchange);
}

/* It is in no list any more. */
static void count_out(struct engine *engine, const struct exchange *exchange)
{
	if (!exchange->stream) {
		engine->busy--;
		return;
	}
	engine->streams--;
	allow_connections(engine);
}

static struct exchange *unlink_exchange(struct exchange **list, const struct exchange *wanted)
{
	for (; *list; list = &(*list)->next) {
		if (*list != wanted)
			continue;
		struct exchange *found = *list;
		*list = found->next;
		return found;
	}
	return NULL;
}

static const struct exchange *find_number(const struct exchange *first, unsigned number)
{
	while (first && first->number != number)
		first = first->next;
	return first;
}

void engine_cancel(struct engine *engine, unsigned number)
{
	struct exchange *exchange = unlink_exchange(&engine->exchanges, find_number(engine->exchanges, number));
	if (exchange)
		curl_multi_remove_handle(engine->multi, exchange->easy);
	else
		exchange = unlink_exchange(&engine->refused, find_number(engine->refused, number));
	if (!exchange)
		return;
	count_out(engine, exchange);
	if (exchange->stream && exchange->stream->telling)
		exchange->stream->cancelled = true;   /* whoever tells it frees it */
	else
		exchange_free(exchange);
}

size_t engine_busy(const struct engine *engine)
{
	return engine->busy;
}

/* A hang-up, an error and an fd that is none count as readable too: read() tells which, and a loop that does not look never sleeps
 * again. */
static void look(struct engine_fd *fds, size_t count, int timeout_ms)
{
	struct pollfd polls[WAIT_FDS_MAX];
	for (size_t i = 0; i < count; i++)
		polls[i] = (struct pollfd){ .fd = fds[i].fd, .events = (short)(POLLIN | (fds[i].has_to_say ? POLLOUT : 0)) };
	int ready = poll(polls, (nfds_t)count, timeout_ms);
	for (size_t i = 0; i < count; i++)
		fds[i].readable = ready > 0 && polls[i].revents != 0;
}

void engine_wait(struct engine *engine, struct engine_fd *fds, size_t count, int timeout_ms)
{
	if (count > WAIT_FDS_MAX)
		die("too many files to wait for");
	/* Before the first exchange there is nothing of curl's to wait for, and starting it would delay the first frame. */
	if (!engine->multi) {
		look(fds, count, timeout_ms);
		return;
	}
	struct curl_waitfd waits[WAIT_FDS_MAX];
	for (size_t i = 0; i < count; i++)
		waits[i] = (struct curl_waitfd){ .fd = fds[i].fd, .events = (short)(CURL_WAIT_POLLIN | (fds[i].has_to_say ? CURL_WAIT_POLLOUT : 0)) };
	/* curl has no "for ever": an hour comes close, and whoever waits looks at the clock anyway. */
	int patience = engine->refused ? 0 : timeout_ms < 0 ? 3600 * 1000 : timeout_ms;
	curl_multi_poll(engine->multi, waits, (unsigned)count, patience, NULL);
	look(fds, count, 0);   /* curl tells of data and hang-ups, but not of an fd that is none */
}

/* `exchange` is in no list any more, so its callback may send, cancel or free others. */
static void deliver(struct engine *engine, struct exchange *exchange, CURLcode result)
{
	struct http_response response;
	/* On another network, the name may stand for another address. */
	if (!exchange->went_out && (result == CURLE_COULDNT_CONNECT || result == CURLE_OPERATION_TIMEDOUT))
		engine->names_from_ms = clock_monotonic_ms();
	exchange_answer(exchange, result, &response);
	count_out(engine, exchange);
	if (exchange->stream)
		exchange->stream->ears->ended(exchange->context, &response, exchange->stream->sse.retry_ms);
	else
		exchange->done(exchange->context, &response);
	exchange_free(exchange);
}

static struct exchange *find_stream_with_news(const struct engine *engine)
{
	for (struct exchange *exchange = engine->exchanges; exchange; exchange = exchange->next)
		if (exchange->stream && exchange->stream->came.length > 0)
			return exchange;
	return NULL;
}

/* Looked up anew each time: who is told may begin and cancel what they like. */
static void tell_streams(struct engine *engine)
{
	for (struct exchange *exchange; (exchange = find_stream_with_news(engine));) {
		if (stream_tell(exchange))
			continue;
		if (exchange->stream->cancelled) {
			exchange_free(exchange);
			continue;
		}
		unlink_exchange(&engine->exchanges, exchange);
		curl_multi_remove_handle(engine->multi, exchange->easy);
		deliver(engine, exchange, CURLE_WRITE_ERROR);
	}
}

void engine_turn(struct engine *engine)
{
	if (!engine->multi)
		return;
	struct exchange *refused = engine->refused;
	engine->refused = NULL;
	while (refused) {
		struct exchange *next = refused->next;
		deliver(engine, refused, CURLE_COULDNT_CONNECT);
		refused = next;
	}

	int running;
	curl_multi_perform(engine->multi, &running);
	tell_streams(engine);
	CURLMsg *message;
	while ((message = curl_multi_info_read(engine->multi, &running))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode result = message->data.result;
		struct exchange *exchange = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
		curl_multi_remove_handle(engine->multi, message->easy_handle);
		exchange = unlink_exchange(&engine->exchanges, exchange);
		if (exchange)
			deliver(engine, exchange, result);
	}
}
