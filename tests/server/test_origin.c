/* test_origin.c — where a request comes from: whose X-Forwarded-For is believed, and how far back. */
#include "table.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "origin.h"
#include "request.h"

#define UNIX NULL

/* `proxies` is a list with spaces; `first` and `second` two X-Forwarded-For lines, NULL when there is none. */
static const struct {
	const char *proxies, *peer, *first, *second, *expected, *why;
} rows[] = {
	{ "", "192.0.2.7", NULL, NULL, "192.0.2.7", "the peer itself" },
	{ "", "192.0.2.7", "198.51.100.1", NULL, "192.0.2.7", "S21: anybody may write that" },
	{ "10.0.0.1", "192.0.2.7", "198.51.100.1", NULL, "192.0.2.7", "S21: another one is the proxy" },
	{ "192.0.2.7", "192.0.2.7", "198.51.100.1", NULL, "198.51.100.1", "a proxy says whom it saw" },
	{ "192.0.2.7", "192.0.2.7", "203.0.113.9, 198.51.100.1", NULL, "198.51.100.1", "what was there before it is the client's word" },
	{ "192.0.2.7 198.51.100.0/24", "192.0.2.7", "203.0.113.9, 198.51.100.1", NULL, "203.0.113.9", "two proxies in a row" },
	{ "192.0.2.7 198.51.100.0/24", "192.0.2.7", "203.0.113.9", "198.51.100.1", "203.0.113.9", "in two lines" },
	{ "192.0.2.7", "192.0.2.7", "203.0.113.9", "198.51.100.1", "198.51.100.1", "the last line is the nearest" },
	{ "192.0.2.0/24", "192.0.2.7", "192.0.2.8, 192.0.2.9", NULL, "192.0.2.8", "proxies alone: the furthest" },
	{ "192.0.2.7", "192.0.2.7", "nonsense", NULL, "192.0.2.7", "no address: the peer" },
	{ "192.0.2.7", "192.0.2.7", "", NULL, "192.0.2.7", "empty" },
	{ "192.0.2.7", "192.0.2.7", "198.51.100.1,", NULL, "192.0.2.7", "an empty element" },
	{ "192.0.2.7", "192.0.2.7", " \t198.51.100.1 ", NULL, "198.51.100.1", "spaces around" },
	{ "192.0.2.7", "192.0.2.7", "198.51.100.1:4711", NULL, "198.51.100.1", "with a port" },
	{ "192.0.2.7", "192.0.2.7", "[2001:db8::1]:4711", NULL, "2001:db8::1", "IPv6 with a port" },
	{ "192.0.2.7", "192.0.2.7", "2001:DB8:0::1", NULL, "2001:db8::1", "written in one way" },
	{ "192.0.2.7", "::ffff:192.0.2.7", "198.51.100.1", NULL, "198.51.100.1", "IPv4 through an IPv6 socket" },
	{ "2001:db8::/33", "2001:db8:7fff::1", "198.51.100.1", NULL, "198.51.100.1", "within a network" },
	{ "2001:db8::/33", "2001:db8:8000::1", "198.51.100.1", NULL, "2001:db8:8000::1", "one bit beyond it" },
	{ "0.0.0.0/0", "192.0.2.7", "198.51.100.1", NULL, "198.51.100.1", "every IPv4 address" },
	{ "0.0.0.0/0", "2001:db8::1", "198.51.100.1", NULL, "2001:db8::1", "but no other" },
	{ "", UNIX, "198.51.100.1", NULL, "", "a Unix socket that nobody named" },
	{ "unix", UNIX, "198.51.100.1", NULL, "198.51.100.1", "a Unix socket with a proxy behind it" },
	{ "unix", UNIX, NULL, NULL, "", "that says nothing" },
	{ "unix", "192.0.2.7", "198.51.100.1", NULL, "192.0.2.7", "S21: not through the Unix socket" },
};

static const struct sockaddr *sockaddr_of(const char *text, struct sockaddr_in *v4, struct sockaddr_in6 *v6)
{
	if (!text)
		return NULL;
	*v4 = (struct sockaddr_in){ .sin_family = AF_INET };
	*v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
		return (const struct sockaddr *)(const void *)v4;
	return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1 ? (const struct sockaddr *)(const void *)v6 : NULL;
}

static void add_all(struct proxies *proxies, const char *list, struct arena *arena)
{
	while (*list) {
		size_t length = strcspn(list, " ");
		struct problem why = { 0 };
		ROW_HOLDS(proxies_add(proxies, arena_copy_bytes(arena, list, length), &why), "%s: %s", list, why.text);
		list += length + (list[length] == ' ');
	}
}

static void it_is_the_first_that_is_no_proxy(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct proxies proxies = { 0 };
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct field fields[3] = { { "Host", "x" }, { "x-forwarded-for", rows[i].first }, { "X-Forwarded-For", rows[i].second } };
		struct request request = { .arena = arena, .fields = fields,
			                   .field_count = 1 + (size_t)(rows[i].first != NULL) + (size_t)(rows[i].second != NULL) };
		add_all(&proxies, rows[i].proxies, arena);
		const char *found = origin_of(&proxies, sockaddr_of(rows[i].peer, &v4, &v6), &request);
		ROW_HOLDS(strcmp(found, rows[i].expected) == 0, "%s: %s", rows[i].why, found);
		arena_free(arena);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "nginx", "192.0.2", "192.0.2.7/33", "2001:db8::/129", "192.0.2.7/", "192.0.2.7/x",
		                             "192.0.2.7/-1", "/8", "192.0.2.7 ", "Unix" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct proxies proxies = { 0 };
		struct problem why = { 0 };
		ROW_HOLDS(!proxies_add(&proxies, wrong[i], &why) && why.text[0] && proxies.count == 0, "%s", wrong[i]);
	}
}

static void a_house_has_one_prefix(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(origin_house("192.0.2.7", arena), "192.0.2.7");
	assert_string_equal(origin_house("2001:db8:1:2:3:4:5:6", arena), "2001:db8:1:2::");
	assert_string_equal(origin_house("2001:db8:1:2:ffff::", arena), "2001:db8:1:2::");
	assert_string_equal(origin_house("", arena), "");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_first_that_is_no_proxy),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_house_has_one_prefix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
