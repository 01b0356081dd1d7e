/* listeners.c — many listeners of hacktivd's live feed in one process, and when each of them heard what.
 *
 *   listeners SOCKET TARGET COUNT < tokens
 *
 * Opens COUNT streams, the tokens in turn, says "ready" when all have begun, and reads until standard input ends. Then writes to
 * standard output, for every event that came: eight bytes of its number, eight of nanoseconds (CLOCK_MONOTONIC). */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define TOKENS_MAX 4096
#define LINE_MAX_BYTES 8192

struct listener {
	int descriptor;
	size_t length;                  /* of the line that has begun */
	char line[LINE_MAX_BYTES];
};

struct heard {
	int64_t seq, at;
};

static struct heard *heard;
static size_t heard_count, heard_room, begun;

static void stop(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void begin(struct listener *listener, const char *path, const char *target, const char *token)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	listener->descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	if (listener->descriptor < 0 || connect(listener->descriptor, (struct sockaddr *)&address, sizeof address) != 0)
		stop("connect");
	char request[1024];
	int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", target, token);
	if (write(listener->descriptor, request, (size_t)length) != length)
		stop("write");
}

static void hear_line(struct listener *listener, int64_t at)
{
	listener->line[listener->length] = '\0';
	begun += strncmp(listener->line, "retry: ", 7) == 0;
	const char *seq = strncmp(listener->line, "data: ", 6) == 0 ? strstr(listener->line, "\"seq\":") : NULL;
	listener->length = 0;
	if (!seq)
		return;
	if (heard_count == heard_room) {
		heard_room = heard_room ? 2 * heard_room : 1u << 16;
		heard = realloc(heard, heard_room * sizeof *heard);
		if (!heard)
			stop("realloc");
	}
	heard[heard_count++] = (struct heard){ atoll(seq + 6), at };
}

static void hear(struct listener *listener)
{
	static char bytes[1u << 16];
	ssize_t got = read(listener->descriptor, bytes, sizeof bytes);
	if (got <= 0) {
		fprintf(stderr, "a stream ended\n");
		exit(1);
	}
	int64_t at = now();
	for (ssize_t i = 0; i < got; i++) {
		if (bytes[i] == '\n')
			hear_line(listener, at);
		else if (listener->length < LINE_MAX_BYTES - 1)
			listener->line[listener->length++] = bytes[i];
	}
}

int main(int argc, char **argv)
{
	static char tokens[TOKENS_MAX][64];
	size_t token_count = 0, count = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	while (token_count < TOKENS_MAX && fgets(tokens[token_count], sizeof tokens[0], stdin) && tokens[token_count][0] != '\n')
		tokens[token_count][strcspn(tokens[token_count], "\n")] = '\0', token_count++;
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	struct listener *listeners = calloc(count + 1, sizeof *listeners);
	int waiting = epoll_create1(0);
	if (!listeners || waiting < 0 || token_count == 0)
		stop("start");
	for (size_t i = 0; i < count; i++) {
		begin(&listeners[i], argv[1], argv[2], tokens[i % token_count]);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listeners[i] };
		epoll_ctl(waiting, EPOLL_CTL_ADD, listeners[i].descriptor, &event);
	}
	struct epoll_event input = { .events = EPOLLIN, .data.ptr = NULL }, events[256];
	epoll_ctl(waiting, EPOLL_CTL_ADD, STDIN_FILENO, &input);
	for (int said = 0, over = 0; !over;) {
		int ready = epoll_wait(waiting, events, 256, -1);
		for (int i = 0; i < ready; i++) {
			if (events[i].data.ptr)
				hear(events[i].data.ptr);
			else
				over = 1;
		}
		if (!said && begun == count) {
			said = 1;
			fprintf(stderr, "ready\n");
		}
	}
	fwrite(heard, sizeof *heard, heard_count, stdout);
	return 0;
}
