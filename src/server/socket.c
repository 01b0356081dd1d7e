/* socket.c — see socket.h. */
#include "socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "number.h"

#define BACKLOG 511
#define FIELD "--listen"

static bool start_listening(int descriptor, const struct sockaddr *address, socklen_t length, const char *where,
                            struct problem *why)
{
	fcntl(descriptor, F_SETFD, FD_CLOEXEC);
	/* A client that is gone between poll and accept must not hold the thread. */
	fcntl(descriptor, F_SETFL, O_NONBLOCK);
	if (bind(descriptor, address, length) == 0 && listen(descriptor, BACKLOG) == 0)
		return true;
	int error = errno;
	close(descriptor);
	return problem_set(why, PROBLEM_IO, FIELD, "%s cannot be listened on: %s.%s", where, strerror(error),
	                   error == EADDRINUSE ? " Something else listens there: name another port, or 0 for any." : "");
}

/* ---- Unix socket -------------------------------------------------------------------------------------------------- */

static bool is_answered(const struct sockaddr_un *address)
{
	int probe = socket(AF_UNIX, SOCK_STREAM, 0);
	if (probe < 0)
		return true;
	bool answered = connect(probe, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN;
	close(probe);
	return answered;
}

static bool make_room(const struct sockaddr_un *address, struct problem *why)
{
	struct stat about;
	if (lstat(address->sun_path, &about) != 0)
		return true;
	if (!S_ISSOCK(about.st_mode))
		return problem_set(why, PROBLEM_REFUSED, FIELD, "%s is there and is no socket: name another path.", address->sun_path);
	if (is_answered(address))
		return problem_set(why, PROBLEM_CONFLICT, FIELD, "%s is served by a running program: stop it, or name another path.",
		                   address->sun_path);
	unlink(address->sun_path);
	return true;
}

static bool listen_unix(const char *path, struct listening *listening, struct problem *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof address.sun_path)
		return problem_set(why, PROBLEM_INVALID, FIELD, "The path of a Unix socket has 1 to %zu bytes; this one has %zu.",
		                   sizeof address.sun_path - 1, strlen(path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (!make_room(&address, why))
		return false;
	int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	if (descriptor < 0)
		return problem_set(why, PROBLEM_IO, FIELD, "No socket can be made: %s.", strerror(errno));
	/* The umask, set at the start of main(), keeps others out from the first instant; chmod takes the x away. */
	if (!start_listening(descriptor, (struct sockaddr *)&address, sizeof address, path, why))
		return false;
	chmod(path, 0600);
	listening->descriptor = descriptor;
	listening->path = memory_copy_text(path);
	return true;
}

/* ---- TCP ------------------------------------------------------------------------------------------------------------ */

struct tcp_address {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} address;
	socklen_t length;
};

static bool port_of(const char *text, in_port_t *port)
{
	int64_t number = 0;
	if (!number_read(text, UINT16_MAX, &number))
		return false;
	*port = htons((uint16_t)number);
	return true;
}

static bool read_address(const char *where, bool open, struct tcp_address *out, struct problem *why)
{
	const char *colon = strrchr(where, ':');
	in_port_t port = 0;
	if (!colon || colon == where || !port_of(colon + 1, &port))
		return problem_set(why, PROBLEM_INVALID, FIELD, "\"%s\" is no place to listen: write 127.0.0.1:8080 or unix:/path.", where);
	struct buffer host;
	buffer_init(&host, 256);
	bool bracketed = where[0] == '[' && colon[-1] == ']';
	buffer_add(&host, where + bracketed, (size_t)(colon - where) - 2 * bracketed);
	*out = (struct tcp_address){ .length = sizeof out->address.four };
	out->address.four.sin_family = AF_INET;
	out->address.four.sin_port = port;
	bool known = true, loopback = true;
	if (strcmp(host.bytes, "localhost") == 0) {
		out->address.four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else if (inet_pton(AF_INET, host.bytes, &out->address.four.sin_addr) == 1) {
		loopback = ntohl(out->address.four.sin_addr.s_addr) >> 24 == 127;
	} else if (inet_pton(AF_INET6, host.bytes, &out->address.six.sin6_addr) == 1) {
		struct in6_addr six = out->address.six.sin6_addr;
		*out = (struct tcp_address){ .length = sizeof out->address.six };
		out->address.six.sin6_family = AF_INET6;
		out->address.six.sin6_port = port;
		out->address.six.sin6_addr = six;
		loopback = IN6_IS_ADDR_LOOPBACK(&six);
	} else {
		known = false;
	}
	buffer_clear(&host);
	if (!known)
		return problem_set(why, PROBLEM_INVALID, FIELD, "\"%s\" is no place to listen: write 127.0.0.1:8080 or unix:/path.", where);
	return loopback || open ||
	       problem_set(why, PROBLEM_REFUSED, FIELD,
	                   "%s is open to the network, and hacktivd speaks without TLS: listen on 127.0.0.1 or on a Unix socket, and put "
	                   "nginx or haproxy with TLS in front. If one stands on another machine, say --behind-proxy.",
	                   where);
}

static char *address_text(int descriptor)
{
	struct tcp_address bound = { .length = sizeof bound.address };
	char host[INET6_ADDRSTRLEN] = "";
	getsockname(descriptor, &bound.address.any, &bound.length);
	bool six = bound.address.any.sa_family == AF_INET6;
	inet_ntop(six ? AF_INET6 : AF_INET, six ? (void *)&bound.address.six.sin6_addr : (void *)&bound.address.four.sin_addr, host,
	          sizeof host);
	struct buffer text;
	buffer_init(&text, 256);
	buffer_print(&text, six ? "http://[%s]:%d" : "http://%s:%d", host,
	             ntohs(six ? bound.address.six.sin6_port : bound.address.four.sin_port));
	char *address = buffer_detach(&text);
	buffer_clear(&text);
	return address;
}

static bool listen_tcp(const char *where, bool open, struct listening *listening, struct problem *why)
{
	struct tcp_address address;
	if (!read_address(where, open, &address, why))
		return false;
	int descriptor = socket(address.address.any.sa_family, SOCK_STREAM, 0);
	if (descriptor < 0)
		return problem_set(why, PROBLEM_IO, FIELD, "No socket can be made: %s.", strerror(errno));
	int on = 1;
	setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (!start_listening(descriptor, &address.address.any, address.length, where, why))
		return false;
	listening->descriptor = descriptor;
	listening->address = address_text(descriptor);
	return true;
}

bool socket_listen(const char *where, bool open, struct listening *listening, struct problem *why)
{
	*listening = (struct listening){ .descriptor = -1 };
	if (strncmp(where, "unix:", 5) != 0)
		return listen_tcp(where, open, listening, why);
	listening->address = memory_copy_text(where);
	if (listen_unix(where + 5, listening, why))
		return true;
	socket_forget(listening);
	return false;
}

bool socket_inherit(int descriptor, struct listening *listening, struct problem *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNSPEC };
	socklen_t length = sizeof address;
	*listening = (struct listening){ .descriptor = descriptor };
	if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
		return problem_set(why, PROBLEM_INVALID, FIELD, "Descriptor %d is no socket to go on with: %s.", descriptor, strerror(errno));
	fcntl(descriptor, F_SETFD, FD_CLOEXEC);
	if (address.sun_family != AF_UNIX) {
		listening->address = address_text(descriptor);
		return true;
	}
	struct buffer text;
	buffer_init(&text, sizeof address.sun_path + 8);
	buffer_print(&text, "unix:%.*s", (int)sizeof address.sun_path, address.sun_path);
	listening->path = memory_copy_text(text.bytes + 5);
	listening->address = buffer_detach(&text);
	buffer_clear(&text);
	return true;
}

void socket_forget(struct listening *listening)
{
	if (listening->path)
		unlink(listening->path);
	free(listening->path);
	free(listening->address);
	*listening = (struct listening){ .descriptor = -1 };
}
