/* bad_line.c — connections of a bad line: reading where an exchange begins and ends, and passing it on. See bad_line.h. */
#define _GNU_SOURCE             /* POLLRDHUP */
#include "bad_line_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define MESSAGE_MAX (16u << 20)
#define LAST_PATIENCE_MS 1000

struct connection {
	struct connection *next;
	struct bad_line *line;
	int client, server;         /* -1: none */
};

struct bad_line {
	int listener;
	char *address, *server, *path;
	int stop[2];                /* readable once it ends */
	pthread_t thread;
	pthread_mutex_t lock;       /* guards what follows */
	pthread_cond_t changed;
	bad_choice *choice;
	void *context;
	unsigned number;            /* of the last exchange since the choice was made */
	struct bad_line_count count;
	struct connection *connections;
	char *last_answer;          /* of any exchange */
	size_t last_length;
};

/* ---- sockets ---- */

struct place { struct sockaddr_storage address; socklen_t length; const char *path; };

static bool find_place(const char *text, struct place *place)
{
	*place = (struct place){ .path = NULL };
	if (strncmp(text, "unix:", 5) == 0) {
		struct sockaddr_un *address = (struct sockaddr_un *)&place->address;
		address->sun_family = AF_UNIX;
		place->path = text + 5;
		place->length = sizeof *address;
		return snprintf(address->sun_path, sizeof address->sun_path, "%s", place->path) < (int)sizeof address->sun_path;
	}
	const char *host = strncmp(text, "http://", 7) == 0 ? text + 7 : text;
	struct sockaddr_in *address = (struct sockaddr_in *)&place->address;
	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	place->length = sizeof *address;
	if (strncmp(host, "127.0.0.1:", 10) != 0)
		return false;
	address->sin_port = htons((uint16_t)strtoul(host + 10, NULL, 10));
	return true;
}

static int reach(const char *text)
{
	struct place place;
	int wire = find_place(text, &place) ? socket(place.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
	if (wire >= 0 && connect(wire, (struct sockaddr *)&place.address, place.length) == 0)
		return wire;
	if (wire >= 0)
		close(wire);
	return -1;
}

static bool listen_at(struct bad_line *line, const char *text, struct problem *why)
{
	struct place place;
	if (!find_place(text, &place))
		return problem_set(why, PROBLEM_INVALID, "listen", "%s is neither unix:PATH nor 127.0.0.1:PORT", text);
	line->listener = socket(place.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(line->listener, (struct sockaddr *)&place.address, place.length) != 0 || listen(line->listener, 64) != 0 ||
	    getsockname(line->listener, (struct sockaddr *)&place.address, &place.length) != 0)
		return problem_set(why, PROBLEM_IO, "listen", "%s: %s", text, strerror(errno));
	line->path = memory_copy_text(place.path);
	char address[64];
	snprintf(address, sizeof address, "http://127.0.0.1:%d", ntohs(((struct sockaddr_in *)&place.address)->sin_port));
	line->address = memory_copy_text(place.path ? text : address);
	return true;
}

static void hang_up(int *wire, enum bad_end end)
{
	if (*wire < 0)
		return;
	if (end == BAD_END_RST)
		setsockopt(*wire, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
	else
		shutdown(*wire, SHUT_RDWR);   /* a FIN even while another thread still holds it */
	close(*wire);
	*wire = -1;
}

static void end_connection(struct connection *connection, enum bad_end end)
{
	pthread_mutex_lock(&connection->line->lock);   /* bad_line_free() looks at them */
	hang_up(&connection->client, end);
	hang_up(&connection->server, end);
	pthread_mutex_unlock(&connection->line->lock);
}

/* ---- waiting ---- */

/* As long as the line lives and the client is there. */
static bool rest(void *context, int ms)
{
	struct connection *connection = context;
	struct pollfd fds[] = { { .fd = connection->line->stop[0], .events = POLLIN }, { .fd = connection->client, .events = POLLRDHUP } };
	int64_t until = clock_monotonic_ms() + ms;
	do {
		int64_t left = ms < 0 ? 1000 : until - clock_monotonic_ms();
		if (left > 0 && poll(fds, COUNT_OF(fds), (int)left) > 0)
			return false;
	} while (ms < 0 || clock_monotonic_ms() < until);
	return true;
}

/* Which of both has something to say; -1: the line ends. */
static int next_speaker(struct connection *connection)
{
	struct pollfd fds[] = {
		{ .fd = connection->line->stop[0], .events = POLLIN }, { .fd = connection->client, .events = POLLIN },
		{ .fd = connection->server, .events = POLLIN },
	};
	while (poll(fds, COUNT_OF(fds), -1) < 0 && errno == EINTR)
		;
	return fds[0].revents ? -1 : fds[1].revents ? connection->client : connection->server;
}

/* ---- messages ---- */

static const char *field_of(const char *head, const char *name)
{
	size_t length = strlen(name);
	for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
			return line + 3 + length + strspn(line + 3 + length, " ");
	}
	return NULL;
}

/* 0: its head is not there yet. */
static size_t head_length(const struct buffer *message)
{
	const char *end = strstr(message->bytes, "\r\n\r\n");
	return end ? (size_t)(end + 4 - message->bytes) : 0;
}

static bool has_length(const struct buffer *message, bool is_request, size_t *whole)
{
	size_t head = head_length(message);
	const char *told = head ? field_of(message->bytes, "Content-Length") : NULL;
	bool bodyless = is_request || strncmp(message->bytes, "HTTP/1.1 204", 12) == 0 || strncmp(message->bytes, "HTTP/1.1 304", 12) == 0;
	*whole = head + (told ? (size_t)strtoul(told, NULL, 10) : 0);
	return head && (told || bodyless);
}

static bool read_more(int from, struct buffer *message)
{
	char bytes[16384];
	ssize_t got;
	while ((got = read(from, bytes, sizeof bytes)) < 0 && errno == EINTR)
		;
	return got > 0 && buffer_add(message, bytes, (size_t)got);
}

static bool read_request(struct connection *connection, struct buffer *request)
{
	size_t whole;
	while (!has_length(request, true, &whole) || request->length < whole) {
		if (next_speaker(connection) != connection->client || !read_more(connection->client, request))
			return false;
	}
	return true;
}

/* Until it is whole or, without a length, its head is there. */
static bool read_answer(struct connection *connection, struct buffer *answer)
{
	size_t whole;
	while (!head_length(answer) || (has_length(answer, false, &whole) && answer->length < whole)) {
		if (next_speaker(connection) != connection->server || !read_more(connection->server, answer))
			return false;
	}
	return true;
}

static void put_instead(struct buffer *message, const char *at, size_t length, const char *instead)
{
	struct buffer spliced;
	buffer_init(&spliced, MESSAGE_MAX);
	buffer_add(&spliced, message->bytes, (size_t)(at - message->bytes));
	buffer_add_text(&spliced, instead);
	buffer_add(&spliced, at + length, message->length - (size_t)(at - message->bytes) - length);
	buffer_clear(message);
	*message = spliced;
}

static void forge(struct buffer *answer, const struct bad_exchange *fate)
{
	char status[16];
	snprintf(status, sizeof status, "%03d", fate->status);
	if (fate->status && answer->length > 12)
		put_instead(answer, answer->bytes + 9, 3, status);
	const char *type = *fate->type ? field_of(answer->bytes, "Content-Type") : NULL;
	if (type)
		put_instead(answer, type, strcspn(type, "\r"), fate->type);
}

/* ---- an exchange ---- */

static void choose(struct bad_line *line, const struct buffer *request, struct bad_exchange *fate)
{
	char method[16] = "";
	sscanf(request->bytes, "%15[A-Z]", method);
	pthread_mutex_lock(&line->lock);
	line->count.exchanges++;
	struct bad_about about = { .exchange = ++line->number, .method = method, .request = request->bytes, .length = request->length };
	if (line->choice)
		line->choice(line->context, &about, fate);
	line->count.faults += !bad_is_nothing(fate);
	pthread_mutex_unlock(&line->lock);
}

static bool pass(struct connection *connection, const struct bad_way *way, int to, const char *bytes, size_t length)
{
	struct bad_flow flow = { .way = way, .to = to };
	bool passed = bad_flow_put(&flow, bytes, length, rest, connection);
	bad_flow_clear(&flow);
	return passed;
}

static unsigned answers_so_far(struct bad_line *line)
{
	pthread_mutex_lock(&line->lock);
	unsigned answered = line->count.answers;
	pthread_mutex_unlock(&line->lock);
	return answered;
}

static void wait_for_another(struct connection *connection)
{
	unsigned before = answers_so_far(connection->line);
	for (int waited = 0; waited < LAST_PATIENCE_MS && rest(connection, 10); waited += 10) {
		if (answers_so_far(connection->line) != before)
			return;
	}
}

static void keep_and_swap(struct bad_line *line, struct buffer *answer, bool anothers)
{
	pthread_mutex_lock(&line->lock);
	char *before = line->last_answer;
	size_t before_length = line->last_length;
	line->last_length = answer->length;
	line->last_answer = memory_get(answer->length + 1);
	memcpy(line->last_answer, answer->bytes, answer->length);
	pthread_mutex_unlock(&line->lock);
	if (anothers && before) {
		buffer_reset(answer);
		buffer_add(answer, before, before_length);
	}
	free(before);
}

static void count_whole(struct bad_line *line, const struct buffer *request, const struct buffer *answer)
{
	pthread_mutex_lock(&line->lock);
	line->count.request_bytes = (int64_t)request->length;
	line->count.answer_bytes = (int64_t)answer->length;
	line->count.answers++;
	pthread_mutex_unlock(&line->lock);
}

/* No length: what comes is passed on as it comes. */
static bool stream(struct connection *connection, const struct bad_way *way, struct buffer *answer)
{
	struct bad_flow flow = { .way = way, .to = connection->client };
	bool going = bad_flow_put(&flow, answer->bytes, answer->length, rest, connection);
	while (going) {
		buffer_reset(answer);
		going = next_speaker(connection) == connection->server && read_more(connection->server, answer) &&
		        bad_flow_put(&flow, answer->bytes, answer->length, rest, connection);
	}
	bool cut = flow.position == way->cut_at;
	bad_flow_clear(&flow);
	return cut;
}

static void end_as_told(struct connection *connection, const struct bad_way *way)
{
	if (way->end == BAD_END_HOLD)
		rest(connection, -1);
	end_connection(connection, way->end);
}

static bool answer(struct connection *connection, const struct bad_exchange *fate, const struct buffer *request, struct buffer *answer)
{
	if (!read_answer(connection, answer))
		return false;
	forge(answer, fate);
	size_t whole;
	if (!has_length(answer, false, &whole)) {
		if (stream(connection, &fate->answer, answer))
			end_as_told(connection, &fate->answer);
		return false;
	}
	if (fate->last)
		wait_for_another(connection);
	keep_and_swap(connection->line, answer, fate->anothers);
	if (!pass(connection, &fate->answer, connection->client, answer->bytes, answer->length)) {
		end_as_told(connection, &fate->answer);
		return false;
	}
	count_whole(connection->line, request, answer);
	return !fate->final;
}

/* False: the connection is over. */
static bool exchange(struct connection *connection, struct buffer *request, struct buffer *said)
{
	struct bad_exchange fate = BAD_NOTHING;
	if (!read_request(connection, request))
		return false;
	choose(connection->line, request, &fate);
	if (connection->server < 0 && (connection->server = reach(connection->line->server)) < 0)
		return false;
	if (!pass(connection, &fate.request, connection->server, request->bytes, request->length)) {
		end_as_told(connection, &fate.request);
		return false;
	}
	return answer(connection, &fate, request, said);
}

static void *serve(void *context)
{
	struct connection *connection = context;
	struct bad_line *line = connection->line;
	bool going = true;
	while (going) {
		struct buffer request, said;
		buffer_init(&request, MESSAGE_MAX);
		buffer_init(&said, MESSAGE_MAX);
		going = exchange(connection, &request, &said);
		buffer_clear(&request);
		buffer_clear(&said);
	}
	end_connection(connection, BAD_END_FIN);
	pthread_mutex_lock(&line->lock);
	struct connection **link = &line->connections;
	while (*link != connection)
		link = &(*link)->next;
	*link = connection->next;
	pthread_cond_broadcast(&line->changed);
	pthread_mutex_unlock(&line->lock);
	free(connection);
	return NULL;
}

/* ---- the line ---- */

static void welcome(struct bad_line *line, int client)
{
	struct connection *connection = memory_get(sizeof *connection);
	*connection = (struct connection){ .line = line, .client = client, .server = -1 };
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	pthread_mutex_lock(&line->lock);
	line->count.connections++;
	connection->next = line->connections;
	line->connections = connection;
	pthread_t thread;
	if (pthread_create(&thread, NULL, serve, connection) != 0)
		die("no more threads");
	pthread_detach(thread);
	pthread_mutex_unlock(&line->lock);
}

static void *listen_on(void *context)
{
	struct bad_line *line = context;
	struct pollfd fds[] = { { .fd = line->stop[0], .events = POLLIN }, { .fd = line->listener, .events = POLLIN } };
	while (poll(fds, COUNT_OF(fds), -1) >= 0 || errno == EINTR) {
		if (fds[0].revents)
			break;
		int client = fds[1].revents ? accept(line->listener, NULL, NULL) : -1;
		if (client >= 0)
			welcome(line, client);
	}
	return NULL;
}

struct bad_line *bad_line_new(const char *listen, const char *server, bad_choice *choice, void *context, struct problem *why)
{
	struct bad_line *line = memory_get(sizeof *line);
	line->choice = choice;
	line->context = context;
	line->server = memory_copy_text(server);
	pthread_mutex_init(&line->lock, NULL);
	pthread_cond_init(&line->changed, NULL);
	if (pipe(line->stop) != 0 || !listen_at(line, listen, why)) {
		free(line->server);
		free(line);
		return NULL;
	}
	fcntl(line->stop[0], F_SETFD, FD_CLOEXEC);
	fcntl(line->stop[1], F_SETFD, FD_CLOEXEC);
	pthread_create(&line->thread, NULL, listen_on, line);
	return line;
}

void bad_line_free(struct bad_line *line)
{
	if (!line)
		return;
	if (write(line->stop[1], "", 1) != 1)
		die("a pipe is full");
	pthread_join(line->thread, NULL);
	pthread_mutex_lock(&line->lock);
	for (struct connection *connection = line->connections; connection; connection = connection->next) {
		shutdown(connection->client, SHUT_RDWR);
		shutdown(connection->server, SHUT_RDWR);
	}
	while (line->connections)
		pthread_cond_wait(&line->changed, &line->lock);
	pthread_mutex_unlock(&line->lock);
	close(line->listener);
	close(line->stop[0]);
	close(line->stop[1]);
	if (line->path)
		unlink(line->path);
	pthread_cond_destroy(&line->changed);
	pthread_mutex_destroy(&line->lock);
	free(line->last_answer);
	free(line->path);
	free(line->server);
	free(line->address);
	free(line);
}

void bad_line_choose(struct bad_line *line, bad_choice *choice, void *context)
{
	pthread_mutex_lock(&line->lock);
	line->choice = choice;
	line->context = context;
	line->number = 0;
	pthread_mutex_unlock(&line->lock);
}

const char *bad_line_address(const struct bad_line *line)
{
	return line->address;
}

struct bad_line_count bad_line_count(struct bad_line *line)
{
	pthread_mutex_lock(&line->lock);
	struct bad_line_count count = line->count;
	pthread_mutex_unlock(&line->lock);
	return count;
}
