/* exchange.c — see exchange.h. */
#include "exchange.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "answers.h"
#include "hacktiv/wire.h"

#include "guard.h"
#include "live.h"
#include "origin.h"
#include "pack.h"
#include "handlers/handlers.h"
#include "metrics.h"
#include "route.h"
#include "worker.h"

#define REQUEST_ID_MAX 64

struct exchange {
	struct db_job job;             /* first: a job is its exchange */
	struct door *door;
	struct MHD_Connection *connection;
	struct visit *visit;
	struct request request;
	struct step step;              /* under way; begun anew when its job is, with these */
	void *notes;
	bool begun;
	struct answer_mark mark;
	struct response response;
	struct buffer body;
	int64_t began_us;
	bool head_read;
	bool inside;                   /* counted in door->inside */
	bool suspended;                /* counted in door->suspended */
	bool last;                     /* the connection ends with this answer */
	bool whole;                    /* nothing of the request is still to come */
};

/* ---- birth and end --------------------------------------------------------------------------------------------------- */

void *exchange_on_target(void *context, const char *target, struct MHD_Connection *connection)
{
	struct door *door = context;
	struct exchange *exchange = memory_get(sizeof *exchange);
	exchange->door = door;
	exchange->connection = connection;
	exchange->began_us = clock_monotonic_us();
	exchange->request.server = door->server;
	exchange->request.inner = door->inner;
	exchange->request.arena = arena_new();
	exchange->request.target = arena_copy_text(exchange->request.arena, target);
	exchange->request.space = exchange->request.object = exchange->request.address = "";
	buffer_init(&exchange->body, BODY_MAX);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	exchange->visit = info ? info->socket_context : NULL;
	return exchange;
}

static bool enter(struct exchange *exchange)
{
	struct door *door = exchange->door;
	pthread_mutex_lock(&door->guard);
	exchange->inside = !door->closed;
	door->inside += exchange->inside;
	pthread_mutex_unlock(&door->guard);
	return exchange->inside;
}

static bool suspend(struct exchange *exchange)
{
	struct door *door = exchange->door;
	pthread_mutex_lock(&door->guard);
	exchange->suspended = !door->closed;
	door->suspended += exchange->suspended;
	pthread_mutex_unlock(&door->guard);
	if (exchange->suspended)
		MHD_suspend_connection(exchange->connection);
	return exchange->suspended;
}

static void count_out(struct exchange *exchange, bool all)
{
	struct door *door = exchange->door;
	pthread_mutex_lock(&door->guard);
	door->suspended -= exchange->suspended;
	exchange->suspended = false;
	if (all)
		door->inside -= exchange->inside;
	pthread_mutex_unlock(&door->guard);
}

/* No address, no agent, no name: method, route, status, time, and the id that a person may quote. */
static void log_exchange(const struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	if (!exchange->head_read || exchange->door->server->quiet)
		return;
	int64_t microseconds = clock_monotonic_us() - exchange->began_us;
	const char *pattern = request->route ? request->route->pattern : "-";
	const struct log_field fields[] = {
		{ "method", request->method, 0 },
		{ "route", pattern, 0 },
		{ "status", NULL, exchange->response.status },
		{ "microseconds", NULL, microseconds },
		{ "problem", exchange->response.problem ? exchange->response.problem : "", 0 },
		{ "request_id", request->id, 0 },
	};
	log_fields(LOG_LEVEL_INFO, fields, COUNT_OF(fields), "%s %s %d %lldms %s", request->method, pattern, exchange->response.status,
	           (long long)(microseconds / 1000), request->id);
}

/* Before its first byte goes: who has the answer finds it counted. */
static void count_answer(const struct exchange *exchange)
{
	struct metrics *metrics = exchange->door->server->metrics;
	const struct request *request = &exchange->request;
	const struct response *response = &exchange->response;
	size_t route = request->route ? (size_t)(request->route - routes) : route_count;
	metrics_count(metrics, route, response->status, clock_monotonic_us() - exchange->began_us);
	if (response->replayed)
		metrics_add(metrics, COUNTED_REPLAY);
	else if (response->status == 201 && request->route && request->route->run == booking_make)
		metrics_add(metrics, COUNTED_BOOKED);
	if (response->problem && !response->replayed && strcmp(response->problem, rule_wire_name(RULE_SLOT_TAKEN)) == 0)
		metrics_add(metrics, COUNTED_SLOT_TAKEN);
	if (response->status == 429)
		metrics_add(metrics, COUNTED_THROTTLED);
}

void exchange_on_completed(void *context, struct MHD_Connection *connection, void **context_of_request,
                           enum MHD_RequestTerminationCode how)
{
	(void)context;
	(void)connection;
	(void)how;
	struct exchange *exchange = *context_of_request;
	if (!exchange)
		return;
	*context_of_request = NULL;
	log_exchange(exchange);
	count_out(exchange, true);
	if (exchange->visit) {
		patience_expect(exchange->door->patience, exchange->visit, DOING_RECEIVING, IDLE_LIMIT_S * 1000 + HEAD_LIMIT_MS);
		patience_note_whole(exchange->visit, exchange->whole);
	}
	response_clear(&exchange->response);
	cJSON_Delete(exchange->request.json);
	sodium_memzero(exchange->body.bytes, exchange->body.length);
	buffer_clear(&exchange->body);
	arena_free(exchange->request.arena);
	free(exchange);
}

/* ---- the head -------------------------------------------------------------------------------------------------------- */

struct gathering {
	struct arena *arena;
	struct field *fields;
	size_t *lengths;
	size_t count, room;
};

static enum MHD_Result gather_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                    const char *value, size_t value_length)
{
	(void)kind;
	struct gathering *gathering = context;
	if (gathering->count == gathering->room)
		return MHD_NO;
	gathering->fields[gathering->count] = (struct field){
		arena_copy_bytes(gathering->arena, name, name_length),
		arena_copy_bytes(gathering->arena, value ? value : "", value_length),
	};
	gathering->lengths[gathering->count++] = value_length;
	return MHD_YES;
}

static bool is_request_id(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t length = strlen(text);
	return length > 0 && length <= REQUEST_ID_MAX && strspn(text, allowed) == length;
}

static const char *request_id(struct request *request)
{
	const char *given = request_field(request, "Request-Id");
	if (given && is_request_id(given))
		return given;
	char *made = arena_get(request->arena, UUID_SIZE);
	uuid_make(&request->server->clock, made);
	return made;
}

/* False: refused, and the connection must end. */
static bool read_head(struct exchange *exchange, const char *method, const char *version)
{
	struct request *request = &exchange->request;
	int count = MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, NULL, NULL);
	struct gathering gathering = { .arena = request->arena, .room = count > 0 ? (size_t)count : 0 };
	gathering.fields = arena_get(request->arena, (gathering.room + 1) * sizeof *gathering.fields);
	gathering.lengths = arena_get(request->arena, (gathering.room + 1) * sizeof *gathering.lengths);
	MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, gather_field, &gathering);
	request->fields = gathering.fields;
	request->field_count = gathering.count;
	request->method = "?";
	request->id = request_id(request);
	request->now = clock_now(&request->server->clock);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	request->address = origin_of(&request->server->proxies, info ? info->client_addr : NULL, request);
	struct head head = { method, request->target, version, gathering.fields, gathering.lengths, gathering.count };
	enum refusal refusal;
	const char *detail;
	if (!guard_check(&head, &request->verb, &refusal, &detail)) {
		refuse(request, &exchange->response, refusal, "%s", detail);
		return false;
	}
	request->method = arena_copy_text(request->arena, method);
	if (patience_visits(exchange->door->patience) + live_count(exchange->door->server->live) > CONNECTIONS_MAX) {
		refuse(request, &exchange->response, REFUSE_OVERLOADED, "Too many connections are open: try again.");
		return false;
	}
	return true;
}

/* ---- the answer -------------------------------------------------------------------------------------------------------- */

static void add(struct MHD_Response *answer, const char *name, const char *value)
{
	if (value && *value)
		MHD_add_response_header(answer, name, value);
}

static enum MHD_Result give_away(struct exchange *exchange);

static enum MHD_Result send_answer(struct exchange *exchange)
{
	struct response *response = &exchange->response;
	struct request *request = &exchange->request;
	if (response->status == 0)
		refuse(request, response, REFUSE_INTERNAL, "This request found no answer.");
	count_answer(exchange);
	if (response->listener)
		return give_away(exchange);
	bool bare = response->status == 204 || response->status == 304;
	size_t packed_length = 0;
	const char *packed = bare ? NULL : pack_body(request->arena, response, request_field(request, "Accept-Encoding"), &packed_length);
	const char *body = packed ? packed : bare || !response->body ? "" : response->body;
	struct MHD_Response *answer = MHD_create_response_from_buffer(packed ? packed_length : bare ? 0 : response->body_length,
	                                                              (void *)(uintptr_t)body, MHD_RESPMEM_PERSISTENT);
	if (!answer)
		return MHD_NO;
	char number[16];
	snprintf(number, sizeof number, "%d", response->retry_after_s);
	if (!bare)
		add(answer, "Content-Type", response->content_type);
	add(answer, "Cache-Control", response->cache);
	add(answer, "X-Content-Type-Options", "nosniff");
	add(answer, "Content-Encoding", packed ? "gzip" : NULL);
	add(answer, "Vary", pack_may(response) ? "Authorization, Accept, Accept-Encoding" : "Authorization, Accept");
	add(answer, "Request-Id", request->id);
	add(answer, "ETag", response->etag);
	add(answer, "Location", response->location);
	add(answer, "Allow", response->allow);
	add(answer, "Accept-Post", response->accept_post);
	add(answer, "Accept-Patch", response->accept_patch);
	add(answer, "WWW-Authenticate", response->authenticate);
	add(answer, "Link", response->link);
	add(answer, "Content-Language", response->language);
	add(answer, "Set-Cookie", response->set_cookie);
	add(answer, "Content-Security-Policy", response->policy);
	add(answer, "Referrer-Policy", response->policy ? "no-referrer" : NULL);
	add(answer, "X-Frame-Options", response->policy ? "DENY" : NULL);
	add(answer, "Cross-Origin-Opener-Policy", response->policy ? "same-origin" : NULL);
	add(answer, "Retry-After", response->retry_after_s > 0 ? number : NULL);
	add(answer, "RateLimit-Policy", request->rate_limit_policy);
	add(answer, "RateLimit", request->rate_limit);
	add(answer, "Idempotent-Replayed", response->replayed ? "true" : NULL);
	if (response->close || exchange->last || atomic_load(&exchange->door->server->draining))
		add(answer, "Connection", "close");
	if (exchange->visit)
		patience_expect(exchange->door->patience, exchange->visit, DOING_SENDING, SEND_LIMIT_MS);
	enum MHD_Result queued = MHD_queue_response(exchange->connection, (unsigned)response->status, answer);
	MHD_destroy_response(answer);
	return queued;
}

/* As the library would write it. No length: the stream ends with its connection. */
static const char *stream_head(const struct exchange *exchange)
{
	char date[64] = "";
	time_t now = time(NULL);
	struct tm parts;
	if (gmtime_r(&now, &parts))
		strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
	return arena_print(exchange->request.arena,
	                   "HTTP/1.1 200 OK\r\nConnection: close\r\nDate: %s\r\nContent-Type: text/event-stream\r\n"
	                   "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\n"
	                   "Vary: Authorization, Accept\r\nRequest-Id: %s\r\n\r\n",
	                   date, exchange->request.id);
}

/* A stream leaves the library: with it each idle listener would cost 32 KiB and a place in every poll(). The socket gets another
 * descriptor, which is the feed's; under the library's own descriptor it now finds one with nobody at its other end, and is told to
 * close that. */
static enum MHD_Result give_away(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	int ours = info ? fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0) : -1;
	if (ours < 0)
		return MHD_NO;
	if (dup2(exchange->door->nowhere, info->connect_fd) < 0) {
		close(ours);
		return MHD_NO;
	}
	fcntl(info->connect_fd, F_SETFD, FD_CLOEXEC);
	live_join(exchange->response.listener, ours, stream_head(exchange));
	exchange->response.listener = NULL;
	return MHD_NO;
}

/* ---- the steps between ------------------------------------------------------------------------------------------------- */

/* As it came: handlers take out of it what they have read. */
static void read_json_again(struct request *request)
{
	if (!request->json)
		return;
	struct problem why = { 0 };
	cJSON_Delete(request->json);
	request->json = wire_parse(request->body, request->body_length, &why);
}

static bool run_step(struct db_job *job, struct db_tx *tx)
{
	struct exchange *exchange = (struct exchange *)job;
	if (exchange->begun) {
		exchange->request.next = exchange->step;
		exchange->request.notes = exchange->notes;
		exchange->request.rate_limit = exchange->request.rate_limit_policy = NULL;
		read_json_again(&exchange->request);
		response_clear(&exchange->response);
	}
	exchange->begun = true;
	/* Of many that wait for the same answer the first has it made. */
	if (tx && exchange->mark.keep && answers_tell(exchange->door->server->answers, &exchange->request, &exchange->response)) {
		exchange->request.next.run = NULL;
		return false;
	}
	exchange->request.undo = exchange->request.keep = false;
	if (tx && db_only_asks(tx)) {
		bool identified = exchange->request.identified;
		route_run(&exchange->request, tx, &exchange->response);
		exchange->request.identified = identified;      /* by then those before may have said otherwise */
		return false;
	}
	route_run(&exchange->request, tx, &exchange->response);
	if (exchange->request.next.run)
		return !exchange->request.undo;
	return exchange->request.keep || (exchange->response.status > 0 && exchange->response.status < 400);
}

/* Hands the next step to where it belongs. False: it will not be run there, and the response says why. */
static bool hand_over(struct exchange *exchange)
{
	struct server *server = exchange->door->server;
	bool taken = false;
	exchange->step = exchange->request.next;
	exchange->notes = exchange->request.notes;
	exchange->begun = false;
	switch (exchange->request.next.place) {
	case PLACE_HERE:
		run_step(&exchange->job, NULL);
		return false;
	case PLACE_READ:
		taken = db_read(server->db, &exchange->job);
		break;
	case PLACE_WRITE:
	case PLACE_ASK_WRITE:
		exchange->job.asks_ahead = exchange->request.next.place == PLACE_ASK_WRITE;
		taken = db_write(server->db, &exchange->job);
		break;
	case PLACE_HASH:
		taken = worker_submit(server->hashing, &exchange->job);
		break;
	case PLACE_WAIT:
		exchange->request.next.place = PLACE_READ;
		taken = live_wait(server->live, exchange->request.wait, &exchange->job);
		break;
	}
	if (!taken) {
		exchange->request.next.run = NULL;
		refuse(&exchange->request, &exchange->response, REFUSE_OVERLOADED, "Too much is waiting here: try again in a moment.");
	}
	return taken;
}

/* Until the response is ready or another thread has the exchange. */
static bool go_on(struct exchange *exchange)
{
	while (exchange->request.next.run)
		if (hand_over(exchange))
			return false;
	return true;
}

static void step_done(struct db_job *job, enum db_end end)
{
	struct exchange *exchange = (struct exchange *)job;
	if (end == DB_STORAGE_FAILED) {
		exchange->request.next.run = NULL;
		refuse(&exchange->request, &exchange->response, REFUSE_STORAGE_UNAVAILABLE,
		       "The database does not answer just now: send it again in a moment, with the same key if it has one.");
	}
	if (!go_on(exchange))
		return;
	answers_keep(exchange->door->server->answers, &exchange->mark, &exchange->request, &exchange->response);
	MHD_resume_connection(exchange->connection);
}

/* The whole request is here. */
static enum MHD_Result answer_request(struct exchange *exchange)
{
	exchange->whole = true;
	exchange->request.body = exchange->body.bytes;
	exchange->request.body_length = exchange->body.length;
	exchange->job = (struct db_job){ .run = run_step, .done = step_done };
	if (exchange->visit)
		patience_expect(exchange->door->patience, exchange->visit, DOING_NOTHING_TIMED, 0);
	exchange->mark = answers_mark(exchange->door->server->answers, &exchange->request);
	if (answers_tell(exchange->door->server->answers, &exchange->request, &exchange->response) ||
	    !route_prepare(&exchange->request, &exchange->response))
		return send_answer(exchange);
	exchange->job.lane = exchange->request.space;      /* known by now */
	while (exchange->request.next.run && exchange->request.next.place == PLACE_HERE) {
		exchange->begun = false;
		run_step(&exchange->job, NULL);
	}
	if (!exchange->request.next.run)
		return send_answer(exchange);
	if (!suspend(exchange))
		return MHD_NO;
	if (go_on(exchange))
		MHD_resume_connection(exchange->connection);
	return MHD_YES;
}

enum MHD_Result exchange_on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                    const char *version, const char *upload, size_t *upload_length, void **context_of_request)
{
	(void)context;
	(void)connection;
	(void)url;
	struct exchange *exchange = *context_of_request;
	if (!exchange->head_read) {
		exchange->head_read = true;
		bool sound = read_head(exchange, method, version);
		if (!enter(exchange))
			return MHD_NO;
		exchange->last = !sound || (exchange->visit && patience_count_request(exchange->visit) >= REQUESTS_MAX);
		if (!sound)
			return send_answer(exchange);
		if (exchange->visit)
			patience_expect(exchange->door->patience, exchange->visit, DOING_RECEIVING, BODY_LIMIT_MS);
		return MHD_YES;
	}
	if (*upload_length > 0) {
		if (!buffer_add(&exchange->body, upload, *upload_length))
			return MHD_NO;
		*upload_length = 0;
		return MHD_YES;
	}
	if (exchange->suspended) {
		count_out(exchange, false);
		return send_answer(exchange);
	}
	return answer_request(exchange);
}
