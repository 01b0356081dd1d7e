/* load.c — sends the requests of a file over many connections at once, and says how long each took.
 *
 * load HOST PORT CONNECTIONS FILE: the file holds requests, each after its length in eight digits. One is under way on each connection;
 * whoever is answered sends the next. Prints one line of JSON: seconds, answers per status, quantiles of the time in milliseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define ANSWER_MAX 65536

struct client {
	int wire;                  /* -1: none yet */
	const char *request;       /* NULL: idle for good */
	size_t length, sent;
	double began;
	char answer[ANSWER_MAX];
	size_t got;
};

struct load {
	struct sockaddr_in to;
	const char *next, *end;    /* of the file */
	double *took;
	size_t answered, room;
	size_t statuses[600];
};

static double now_ms(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static void dial(struct load *load, struct client *client)
{
	client->wire = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->wire < 0 || connect(client->wire, (struct sockaddr *)&load->to, sizeof load->to) != 0)
		give_up("connect");
	setsockopt(client->wire, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
}

/* The next request, if there is one. */
static void ask(struct load *load, struct client *client)
{
	client->request = NULL;
	if (load->next >= load->end)
		return;
	char digits[9] = { 0 };
	memcpy(digits, load->next, 8);
	client->length = strtoul(digits, NULL, 10);
	client->request = load->next + 8;
	load->next += 8 + client->length;
	client->got = 0;
	client->began = now_ms();
	if (client->wire < 0)
		dial(load, client);
	if (send(client->wire, client->request, client->length, MSG_NOSIGNAL) != (ssize_t)client->length)
		give_up("send");
}

/* Whether the whole answer is there. */
static int is_whole(const struct client *client)
{
	const char *head_end = strstr(client->answer, "\r\n\r\n");
	if (!head_end)
		return 0;
	const char *length = strcasestr(client->answer, "\r\ncontent-length:");
	size_t body = length && length < head_end ? strtoul(length + 17, NULL, 10) : 0;
	return client->got >= (size_t)(head_end + 4 - client->answer) + body;
}

static void hear(struct load *load, struct client *client)
{
	ssize_t got = recv(client->wire, client->answer + client->got, ANSWER_MAX - 1 - client->got, 0);
	if (got <= 0)
		give_up("recv");
	client->got += (size_t)got;
	client->answer[client->got] = '\0';
	if (!is_whole(client))
		return;
	load->took[load->answered++] = now_ms() - client->began;
	load->statuses[strtoul(client->answer + 9, NULL, 10) % 600]++;
	if (strcasestr(client->answer, "\r\nconnection: close")) {
		close(client->wire);
		client->wire = -1;
	}
	ask(load, client);
}

static int by_time(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

static char *read_file(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		give_up(path);
	*length = (size_t)ftell(file);
	rewind(file);
	char *bytes = malloc(*length + 1);
	if (!bytes || fread(bytes, 1, *length, file) != *length)
		give_up(path);
	fclose(file);
	return bytes;
}

static void tell(struct load *load, double seconds)
{
	qsort(load->took, load->answered, sizeof *load->took, by_time);
	printf("{\"seconds\": %.3f, \"answers\": %zu, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"most_ms\": %.2f, \"statuses\": {", seconds,
	       load->answered, load->took[load->answered / 2], load->took[load->answered * 99 / 100], load->took[load->answered - 1]);
	const char *comma = "";
	for (size_t status = 0; status < 600; status++)
		if (load->statuses[status]) {
			printf("%s\"%zu\": %zu", comma, status, load->statuses[status]);
			comma = ", ";
		}
	puts("}}");
}

int main(int count, char **words)
{
	if (count != 5)
		return 2;
	size_t length, clients = strtoul(words[3], NULL, 10);
	struct load load = { .to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(words[2], NULL, 10)) } };
	inet_pton(AF_INET, words[1], &load.to.sin_addr);
	char *file = read_file(words[4], &length);
	load.next = file;
	load.end = file + length;
	load.took = malloc((length / 9 + 1) * sizeof *load.took);
	struct client *all = calloc(clients, sizeof *all);
	static struct pollfd wires[CONNECTIONS_MAX];
	if (!all || !load.took || clients == 0 || clients > CONNECTIONS_MAX)
		return 2;
	for (size_t i = 0; i < clients; i++) {
		all[i].wire = -1;
		dial(&load, &all[i]);
	}
	double began = now_ms();
	for (size_t i = 0; i < clients; i++)
		ask(&load, &all[i]);
	for (;;) {
		size_t busy = 0;
		for (size_t i = 0; i < clients; i++) {
			wires[i] = (struct pollfd){ .fd = all[i].request ? all[i].wire : -1, .events = POLLIN };
			busy += all[i].request != NULL;
		}
		if (!busy)
			break;
		if (poll(wires, clients, 10000) <= 0)
			give_up("nothing comes");
		for (size_t i = 0; i < clients; i++)
			if (wires[i].revents)
				hear(&load, &all[i]);
	}
	tell(&load, (now_ms() - began) / 1e3);
	return 0;
}
