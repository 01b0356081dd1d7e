/* listen.c — see listen.h: the daemon, its callbacks, its end. exchange.c carries a request through. */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "exchange.h"
#include "farewell.h"
#include "live.h"

#define SPARE_CONNECTIONS 64          /* over CONNECTIONS_MAX: room to say 503 */
#define RESERVED_FILES 48u             /* descriptors for the database and what else is opened */
#define CONNECTION_MEMORY (32u * 1024u)   /* a head of 16 KiB, its target, and what the library makes of them */

/* The client is there, and either has said more than was read or was refused before it had said all. */
static bool may_go_on(const struct visit *visit, int descriptor)
{
	char byte;
	ssize_t more = recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return more > 0 || (more < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && !patience_had_whole(visit));
}

static void on_connection(void *context, struct MHD_Connection *connection, void **visit, enum MHD_ConnectionNotificationCode what)
{
	struct door *door = context;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	switch (what) {
	case MHD_CONNECTION_NOTIFY_STARTED:
		*visit = patience_enter(door->patience, info ? info->connect_fd : -1);
		atomic_fetch_add(&door->server->connections, !door->inner);
		break;
	case MHD_CONNECTION_NOTIFY_CLOSED:
		if (info && may_go_on(*visit, info->connect_fd))
			farewell_take(door->server->farewell, info->connect_fd);
		patience_leave(door->patience, *visit);
		*visit = NULL;
		atomic_fetch_sub(&door->server->connections, !door->inner);
		break;
	}
}

/* Never so many that the database finds no descriptor: who cannot come in waits in the socket's queue, which is better than a request inside
 * that cannot be answered. */
static unsigned connection_limit(void)
{
	struct rlimit files;
	unsigned most = CONNECTIONS_MAX + SPARE_CONNECTIONS;
	unsigned reserved = RESERVED_FILES + (unsigned)farewell_room();
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= most + reserved)
		return most;
	return files.rlim_cur > 2 * RESERVED_FILES ? (unsigned)files.rlim_cur - reserved : RESERVED_FILES / 2;
}

static bool start(struct door *door, struct problem *why)
{
	door->daemon = MHD_start_daemon(
		MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, exchange_on_request, door,
		MHD_OPTION_LISTEN_SOCKET, door->listening.descriptor,
		MHD_OPTION_URI_LOG_CALLBACK, exchange_on_target, door,
		MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, door,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, door,
		MHD_OPTION_CONNECTION_LIMIT, connection_limit(),
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_LIMIT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_END);
	return door->daemon || problem_set(why, PROBLEM_IO, "--listen", "The HTTP library could not be started: %s.", strerror(errno));
}

/* A socket with nobody at its other end. */
static int open_nowhere(void)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		die("a socket cannot be made: %s", strerror(errno));
	close(ends[1]);
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return ends[0];
}

struct door *door_open(struct server *server, const char *where, int inherited, enum door_kind kind, struct problem *why)
{
	struct door *door = memory_get(sizeof *door);
	door->server = server;
	door->inner = kind == DOOR_INNER;
	bool listening = inherited >= 0 ? socket_inherit(inherited, &door->listening, why)
	                                : socket_listen(where, kind == DOOR_OPEN, &door->listening, why);
	if (!listening) {
		free(door);
		return NULL;
	}
	pthread_mutex_init(&door->guard, NULL);
	door->patience = patience_new();
	door->nowhere = open_nowhere();
	if (start(door, why))
		return door;
	close(door->nowhere);
	close(door->listening.descriptor);
	socket_forget(&door->listening);
	patience_free(door->patience);
	pthread_mutex_destroy(&door->guard);
	free(door);
	return NULL;
}

const char *door_address(const struct door *door)
{
	return door->listening.address;
}

void door_tick(struct door *door)
{
	patience_tick(door->patience, clock_monotonic_ms());
}

/* Requests inside. From when there is none, or at once when `close_now` is said, no other may come in. */
static size_t count_inside(struct door *door, bool close_now, size_t *suspended)
{
	pthread_mutex_lock(&door->guard);
	size_t inside = door->inside;
	*suspended = door->suspended;
	if (inside == 0 || close_now)
		door->closed = true;
	pthread_mutex_unlock(&door->guard);
	return inside;
}

/* The library may not be stopped while a connection is suspended: it would abort. Jobs always come to an end. */
static void wait_for_requests(struct door *door)
{
	const struct timespec pause = { .tv_nsec = 5 * 1000 * 1000 };
	int64_t until = clock_monotonic_ms() + DRAIN_LIMIT_MS;
	size_t suspended;
	while (count_inside(door, clock_monotonic_ms() >= until, &suspended) > 0 &&
	       (suspended > 0 || clock_monotonic_ms() < until))
		nanosleep(&pause, NULL);
}

/* Takes nobody new, waits for those inside. Returns the listening socket, which the library no longer looks at, or -1. */
static int end_daemon(struct door *door, bool keep_socket)
{
	atomic_store(&door->server->draining, true);
	int descriptor = MHD_quiesce_daemon(door->daemon);
	/* Closed before the wait: who comes now is refused at once and may go to another instance. */
	if (!keep_socket && descriptor >= 0)
		close(descriptor);
	live_stop(door->server->live);
	wait_for_requests(door);
	MHD_stop_daemon(door->daemon);
	return descriptor;
}

static void free_door(struct door *door)
{
	close(door->nowhere);
	patience_free(door->patience);
	pthread_mutex_destroy(&door->guard);
	free(door);
}

void door_close(struct door *door)
{
	if (!door)
		return;
	end_daemon(door, false);
	socket_forget(&door->listening);
	free_door(door);
}

int door_close_keeping_socket(struct door *door)
{
	if (!door)
		return -1;
	int descriptor = end_daemon(door, true);
	free(door->listening.path);
	door->listening.path = NULL;        /* stays bound */
	socket_forget(&door->listening);
	free_door(door);
	return descriptor;
}
