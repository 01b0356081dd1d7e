/* listener.c — one listener of the live feed: what they are sent, and what their socket does not take. */
#include "live_inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "policy.h"

#define SOCKET_BYTES (64 * 1024)       /* for the kernel to hold: what it holds is memory too */
#define GOODBYE_SPREAD_MS 4000         /* all come back at once otherwise */

/* ---- who may listen ---------------------------------------------------------------------------------------------------- */

static struct seat *seat_take(struct live *live, const char *member_id)
{
	size_t taken = 0;
	pthread_mutex_lock(&live->guard);
	for (const struct seat *seat = live->seats; seat; seat = seat->next)
		taken += strcmp(seat->member_id, member_id) == 0;
	struct seat *seat = NULL;
	if (taken < STREAMS_PER_MEMBER && !live->stopped) {
		seat = memory_get(sizeof *seat);
		seat->member_id = memory_copy_text(member_id);
		seat->next = live->seats;
		seat->link = &live->seats;
		if (seat->next)
			seat->next->link = &seat->next;
		live->seats = seat;
	}
	pthread_mutex_unlock(&live->guard);
	return seat;
}

void seat_leave(struct live *live, struct seat *seat)
{
	pthread_mutex_lock(&live->guard);
	*seat->link = seat->next;
	if (seat->next)
		seat->next->link = seat->link;
	pthread_mutex_unlock(&live->guard);
	free(seat->member_id);
	free(seat);
}

struct listener *live_admit(struct live *live, const struct request *request, const struct resume *resume, unsigned types,
                            int heartbeat_s)
{
	struct seat *seat = seat_take(live, request->member->id);
	if (!seat)
		return NULL;
	struct listener *listener = memory_get(sizeof *listener);
	*listener = (struct listener){
		.live = live, .seat = seat, .types = types, .heartbeat_ms = 1000 * heartbeat_s, .all_spaces = !*request->space,
		.reset = resume->reset, .descriptor = -1,
	};
	memcpy(listener->token_hash, request->token_hash, sizeof listener->token_hash);
	listener->arrival = memory_get_array(resume->count, sizeof *listener->arrival);
	listener->places = memory_get_array(resume->count, sizeof *listener->places);
	listener->place_count = resume->count;
	for (size_t i = 0; i < resume->count; i++) {
		const struct start *start = &resume->starts[i];
		listener->arrival[i] = (struct arrival){ memory_copy_text(start->space->id), start->zone };
		listener->places[i] = (struct stand){ .seq = start->seq, .bookings = start->view.bookings };
	}
	memcpy(listener->epoch, resume->epoch, EPOCH_SIZE);
	return listener;
}

bool live_wait_begin(struct live *live, struct live_wait *wait, const char *member_id, const struct resume *resume, int64_t until_ms)
{
	*wait = (struct live_wait){ .resume = resume, .until_ms = until_ms, .seat = seat_take(live, member_id) };
	return wait->seat;
}

static void forget_arrival(struct listener *listener)
{
	for (size_t i = 0; listener->arrival && i < listener->place_count; i++)
		free(listener->arrival[i].space_id);
	free(listener->arrival);
	listener->arrival = NULL;
}

void listener_forget(struct listener *listener)
{
	if (!listener)
		return;
	seat_leave(listener->live, listener->seat);
	forget_arrival(listener);
	if (listener->descriptor >= 0)
		close(listener->descriptor);
	free(listener->places);
	free(listener->pending);
	free(listener);
}

void listener_end(struct listener *listener)
{
	atomic_fetch_sub(&listener->live->streams, 1);
	listener_forget(listener);
}

/* Who is lost on the way gives their seat back within 45 s, however seldom they want to hear something. */
static void probe_line(int descriptor)
{
	int on = 1;
	setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
#if defined TCP_KEEPIDLE && defined TCP_KEEPINTVL && defined TCP_KEEPCNT
	int after_s = 30, every_s = 5, probes = 3;
	setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &after_s, sizeof after_s);
	setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
	setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
#endif
}

void listener_arrive(struct listener *listener, int64_t now_ms)
{
	struct live *live = listener->live;
	for (size_t i = 0; i < listener->place_count; i++)
		listener->places[i].feed = live_feed(live, listener->arrival[i].space_id, listener->arrival[i].zone);
	forget_arrival(listener);
	listener->number = ++live->next_number;
	listener->said_ms = listener->taken_ms = listener->checked_ms = now_ms;
	int bytes = SOCKET_BYTES;
	setsockopt(listener->descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
#ifdef TCP_USER_TIMEOUT
	unsigned limit = STUCK_LIMIT_MS;   /* fails on a Unix socket, where nobody is lost on the way */
	setsockopt(listener->descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
#endif
	probe_line(listener->descriptor);
}

/* ---- what is said ------------------------------------------------------------------------------------------------------ */

static void add_id(struct listener *listener, struct buffer *out)
{
	char place[SPACE_KEY_SIZE + 24];
	buffer_add_text(out, "id: ");
	buffer_add_text(out, listener->live->epoch);
	for (size_t i = 0; i < listener->place_count; i++) {
		char *end = event_place_write(place, listener->places[i].feed->key, listener->places[i].seq);
		buffer_add(out, i == 0 ? "." : ",", 1);
		buffer_add(out, place, (size_t)(end - place));
	}
	buffer_add(out, "\n", 1);
	listener->moved = false;
}

void listener_reset(struct listener *listener, const char *why)
{
	listener->reset = why;
	for (size_t i = 0; i < listener->place_count; i++)
		if (listener->places[i].feed->head >= 0)
			listener->places[i].seq = listener->places[i].feed->head;
}

static void add_greeting(struct listener *listener, struct buffer *out)
{
	if (!listener->greeted)
		buffer_print(out, "retry: %d\n", RETRY_MS);
	if (listener->reset || !listener->greeted)
		add_id(listener, out);
	if (listener->reset)
		buffer_print(out, "event: reset\ndata: {\"reason\":\"%s\"}\n", listener->reset);
	if (listener->reset || !listener->greeted)
		buffer_add(out, "\n", 1);
	listener->greeted = true;
	listener->reset = NULL;
}

/* What this listener hears of it; NULL: nothing. */
static const char *text_for(const struct listener *listener, const struct stand *place, const struct told *told)
{
	bool whole = told->same || place->bookings || (*told->owner && strcmp(told->owner, listener->seat->member_id) == 0);
	enum event_type type = whole ? told->whole_type : told->other_type;
	return listener->types & type ? whole ? told->whole : told->other : NULL;
}

/* False: the buffer is as full as it should be; there is more. */
static bool add_events(struct listener *listener, struct buffer *out)
{
	bool all = true;
	for (size_t i = 0; i < listener->place_count; i++) {
		struct stand *place = &listener->places[i];
		all &= place->feed->head >= 0;
		while (place->seq < place->feed->head) {
			bool gone = false;
			const struct told *told = live_find(listener->live, place->feed, place->seq, &gone);
			if (gone) {
				listener_reset(listener, RESET_TOO_OLD);
				add_greeting(listener, out);
				return true;
			}
			all &= told != NULL;
			if (!told)
				break;
			place->seq++;
			listener->moved = true;
			const char *text = text_for(listener, place, told);
			if (!text)
				continue;
			add_id(listener, out);
			buffer_add_text(out, text);
			if (out->length >= SEND_BYTES)
				return false;
		}
	}
	listener->caught_up |= all;
	return true;
}

/* A comment keeps proxies from hanging up; where numbers went by untold, their id does as well. */
static void add_heartbeat(struct listener *listener, struct buffer *out)
{
	if (listener->moved)
		add_id(listener, out);
	else
		buffer_add_text(out, ": hb\n");
	buffer_add(out, "\n", 1);
}

/* ---- sending ------------------------------------------------------------------------------------------------------------ */

/* How much of it the socket took; -1: it is no more. */
static ssize_t try_send(struct listener *listener, const char *bytes, size_t length, int64_t now_ms)
{
	ssize_t sent = send(listener->descriptor, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent > 0)
		listener->taken_ms = now_ms;
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS))
		return 0;
	return sent;
}

static bool send_out(struct listener *listener, const struct buffer *out, int64_t now_ms)
{
	ssize_t sent = try_send(listener, out->bytes, out->length, now_ms);
	if (sent < 0)
		return false;
	listener->said_ms = now_ms;
	if ((size_t)sent < out->length) {
		listener->pending_sent = 0;
		listener->pending_length = out->length - (size_t)sent;
		listener->pending = memory_get(listener->pending_length);
		memcpy(listener->pending, out->bytes + sent, listener->pending_length);
	}
	return true;
}

/* It takes nothing just now. How long may that last? */
static bool is_worth_waiting(const struct listener *listener, int64_t now_ms)
{
	if (now_ms - listener->taken_ms >= STUCK_LIMIT_MS)
		return false;
	for (size_t i = 0; i < listener->place_count; i++) {
		const struct stand *place = &listener->places[i];
		if (listener->caught_up && place->seq < place->feed->head && !run_find(&place->feed->window, place->seq + 1))
			return false;
	}
	return true;
}

bool listener_tell(struct listener *listener, int64_t now_ms)
{
	struct buffer *out = &listener->live->scratch;
	for (bool all = false; !all;) {
		if (listener->pending)
			return is_worth_waiting(listener, now_ms);
		buffer_reset(out);
		add_greeting(listener, out);
		all = add_events(listener, out);
		if (all && out->length == 0 && now_ms - listener->said_ms >= listener->heartbeat_ms)
			add_heartbeat(listener, out);
		if (out->length > 0 && !send_out(listener, out, now_ms))
			return false;
	}
	return true;
}

bool listener_flush(struct listener *listener, int64_t now_ms)
{
	ssize_t sent = try_send(listener, listener->pending + listener->pending_sent,
	                        listener->pending_length - listener->pending_sent, now_ms);
	if (sent < 0)
		return false;
	listener->pending_sent += (size_t)sent;
	if (listener->pending_sent < listener->pending_length)
		return true;
	free(listener->pending);
	listener->pending = NULL;
	return listener_tell(listener, now_ms);
}

bool listener_hear(struct listener *listener)
{
	char bytes[512];
	ssize_t got = recv(listener->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

void listener_goodbye(struct listener *listener)
{
	struct buffer *out = &listener->live->scratch;
	buffer_reset(out);
	buffer_print(out, "retry: %u\n\n", 1000 + randombytes_uniform(GOODBYE_SPREAD_MS));
	/* Behind a half-sent event it would be read as part of it. */
	if (!listener->pending)
		try_send(listener, out->bytes, out->length, 0);
}

/* ---- rights ------------------------------------------------------------------------------------------------------------- */

static struct stand *place_of(struct listener *listener, const char *space_id)
{
	for (size_t i = 0; i < listener->place_count; i++)
		if (strcmp(listener->places[i].feed->space_id, space_id) == 0)
			return &listener->places[i];
	return NULL;
}

static void add_place(struct listener *listener, const struct errand *errand, const struct space *space, bool bookings)
{
	const struct zone *zone = policy_zone(listener->live->server, space);
	if (!zone || listener->place_count == EVENT_SPACES_MAX)
		return;
	struct space_feed *feed = live_feed(listener->live, space->id, zone);
	if (feed->head < 0)
		feed->head = errand_head(errand, space->id);
	listener->places = memory_grow(listener->places, listener->place_count + 1, sizeof *listener->places);
	listener->places[listener->place_count++] = (struct stand){ feed, feed->head, bookings };
	listener_reset(listener, RESET_SPACES);
}

bool listener_take_rights(struct listener *listener, const struct errand *errand, const struct check *check)
{
	if (!check->alive)
		return false;
	for (size_t i = 0; i < errand->space_count; i++) {
		struct event_view view = event_view(&check->caller, errand->spaces[i].id);
		struct stand *place = place_of(listener, errand->spaces[i].id);
		if (place && view.feed)
			place->bookings = view.bookings;
		else if (place)
			*place = listener->places[--listener->place_count];
		else if (view.feed && listener->all_spaces)
			add_place(listener, errand, &errand->spaces[i], view.bookings);
	}
	return listener->place_count > 0;
}
