/* peer.c — see peer.h. */
#include "peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define CONNECTIONS_MAX 2000
#define FLOOD_BYTES (50u * 1024u * 1024u)

struct visit {
	struct peer *peer;
	int connection;
	pthread_t thread;
	char *request;
};

struct peer {
	int listener;
	int port;
	char *path;
	peer_behaviour *behaviour;
	const void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	struct visit visits[CONNECTIONS_MAX];
	size_t visit_count;
	char *request;
	bool ending;
};

/* ---- reading a request ---- */

static size_t body_length(const char *head)
{
	const char *field = strstr(head, "Content-Length: ");
	return field ? (size_t)strtoul(field + strlen("Content-Length: "), NULL, 10) : 0;
}

static bool is_whole(const struct buffer *request)
{
	const char *end = strstr(request->bytes, "\r\n\r\n");
	return end && request->length >= (size_t)(end + 4 - request->bytes) + body_length(request->bytes);
}

static bool read_request(struct visit *visit)
{
	struct peer *peer = visit->peer;
	int connection = visit->connection;
	struct buffer request;
	buffer_init(&request, 1 << 20);
	while (!is_whole(&request)) {
		char bytes[4096];
		ssize_t got = read(connection, bytes, sizeof bytes);
		if (got <= 0) {
			buffer_clear(&request);
			return false;
		}
		buffer_add(&request, bytes, (size_t)got);
	}
	pthread_mutex_lock(&peer->lock);
	free(peer->request);
	peer->request = memory_copy_text(request.bytes);
	visit->request = request.bytes;
	pthread_mutex_unlock(&peer->lock);
	return true;
}

/* ---- threads ---- */

static void *serve(void *context)
{
	struct visit *visit = context;
	if (read_request(visit))
		visit->peer->behaviour(visit->peer, visit->connection);
	shutdown(visit->connection, SHUT_RDWR);
	return NULL;
}

static void *listen_on(void *context)
{
	struct peer *peer = context;
	while (!peer_is_ending(peer)) {
		int connection = accept(peer->listener, NULL, NULL);
		if (connection < 0)
			break;
		pthread_mutex_lock(&peer->lock);
		if (peer->visit_count == CONNECTIONS_MAX || peer->ending) {
			close(connection);
		} else {
			struct visit *visit = &peer->visits[peer->visit_count++];
			*visit = (struct visit){ .peer = peer, .connection = connection };
			pthread_create(&visit->thread, NULL, serve, visit);
		}
		pthread_mutex_unlock(&peer->lock);
	}
	return NULL;
}

static void listen_at_path(struct peer *peer, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	peer->path = memory_copy_text(path);
	peer->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(peer->listener, (struct sockaddr *)&address, sizeof address) != 0)
		die("bind: %s", strerror(errno));
}

static void listen_at_port(struct peer *peer)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	peer->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(peer->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    getsockname(peer->listener, (struct sockaddr *)&address, &length) != 0)
		die("bind: %s", strerror(errno));
	peer->port = ntohs(address.sin_port);
}

struct peer *peer_new(const char *path, peer_behaviour *behaviour, const void *context)
{
	struct peer *peer = memory_get(sizeof *peer);
	peer->behaviour = behaviour;
	peer->context = context;
	pthread_mutex_init(&peer->lock, NULL);
	if (path)
		listen_at_path(peer, path);
	else
		listen_at_port(peer);
	if (listen(peer->listener, 512) != 0)
		die("listen: %s", strerror(errno));
	pthread_create(&peer->thread, NULL, listen_on, peer);
	return peer;
}

void peer_free(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	peer->ending = true;
	for (size_t i = 0; i < peer->visit_count; i++)
		shutdown(peer->visits[i].connection, SHUT_RDWR);
	pthread_mutex_unlock(&peer->lock);
	shutdown(peer->listener, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	for (size_t i = 0; i < peer->visit_count; i++) {
		pthread_join(peer->visits[i].thread, NULL);
		close(peer->visits[i].connection);
		free(peer->visits[i].request);
	}
	close(peer->listener);
	if (peer->path)
		unlink(peer->path);
	pthread_mutex_destroy(&peer->lock);
	free(peer->path);
	free(peer->request);
	free(peer);
}

/* ---- asking it ---- */

int peer_port(const struct peer *peer)
{
	return peer->port;
}

const void *peer_context(const struct peer *peer)
{
	return peer->context;
}

bool peer_is_ending(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	bool ending = peer->ending;
	pthread_mutex_unlock(&peer->lock);
	return ending;
}

size_t peer_connections(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	size_t count = peer->visit_count;
	pthread_mutex_unlock(&peer->lock);
	return count;
}

static void rest(long milliseconds)
{
	nanosleep(&(struct timespec){ .tv_nsec = milliseconds * 1000000 }, NULL);
}

char *peer_request(struct peer *peer)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&peer->lock);
		char *request = memory_copy_text(peer->request);
		pthread_mutex_unlock(&peer->lock);
		if (request)
			return request;
		rest(5);
	}
	return memory_copy_text("");
}

const char *peer_request_on(struct peer *peer, int connection)
{
	const char *found = "";
	pthread_mutex_lock(&peer->lock);
	for (size_t i = 0; i < peer->visit_count; i++) {
		if (peer->visits[i].connection == connection && peer->visits[i].request)
			found = peer->visits[i].request;
	}
	pthread_mutex_unlock(&peer->lock);
	return found;
}

/* ---- behaviours ---- */

static bool put(int connection, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

void peer_says(struct peer *peer, int connection)
{
	const char *answer = peer_context(peer);
	put(connection, answer, strlen(answer));
}

void peer_sends(struct peer *peer, int connection)
{
	const struct peer_bytes *answer = peer_context(peer);
	put(connection, answer->bytes, answer->length);
}

void peer_is_silent(struct peer *peer, int connection)
{
	while (!peer_is_ending(peer)) {
		struct pollfd fd = { .fd = connection, .events = POLLIN };
		char byte;
		if (poll(&fd, 1, 50) > 0 && read(connection, &byte, 1) <= 0)
			return;
	}
}

void peer_floods(struct peer *peer, int connection)
{
	(void)peer;
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
	size_t chunk = 64 * 1024;
	char *bytes = memory_get(chunk + 16);
	memcpy(bytes, "10000\r\n", 7);
	memset(bytes + 7, ' ', chunk);
	memcpy(bytes + 7 + chunk, "\r\n", 2);
	bool going = put(connection, head, strlen(head));
	for (size_t sent = 0; going && sent < FLOOD_BYTES; sent += chunk)
		going = put(connection, bytes, chunk + 9);
	if (going)
		put(connection, "0\r\n\r\n", 5);
	free(bytes);
}

void peer_heads(struct peer *peer, int connection)
{
	static const char line[] = "X-Filler: 0123456789012345678901234567890123456789012345678901234567890123456789\r\n";
	bool going = put(connection, "HTTP/1.1 200 OK\r\n", 17);
	while (going && !peer_is_ending(peer))
		going = put(connection, line, strlen(line));
}

void peer_dribbles(struct peer *peer, int connection)
{
	for (const char *at = peer_context(peer); *at && !peer_is_ending(peer); at++) {
		if (!put(connection, at, 1))
			return;
		rest(2);
	}
}
