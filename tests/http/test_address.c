/* What is an address and what is not, and that a token can only leave this machine protected. */
#include "hacktiv/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct { const char *url, *base, *socket, *host; } good[] = {
	{ "https://reseau.example.org", "https://reseau.example.org", NULL, "reseau.example.org" },
	{ "https://reseau.example.org/", "https://reseau.example.org", NULL, "reseau.example.org" },
	{ "HTTPS://Reseau.example.org:8443/hacktiv//", "https://Reseau.example.org:8443/hacktiv", NULL, "Reseau.example.org" },
	{ "https://h-1.example:443/a_B//c-9/", "https://h-1.example:443/a_B//c-9", NULL, "h-1.example" },
	{ "https://h.example/a/../b/%7e", "https://h.example/b/%7e", NULL, "h.example" },
	{ "http://localhost/", "http://localhost", NULL, "localhost" },
	{ "https://192.0.2.7/a/b", "https://192.0.2.7/a/b", NULL, "192.0.2.7" },
	{ "https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443", NULL, "[2001:db8::7]" },
	{ "http://localhost:8080", "http://localhost:8080", NULL, "localhost" },
	{ "http://127.0.0.1:8080/x/", "http://127.0.0.1:8080/x", NULL, "127.0.0.1" },
	{ "http://127.8.9.10", "http://127.8.9.10", NULL, "127.8.9.10" },
	{ "http://[::1]:80", "http://[::1]:80", NULL, "[::1]" },
	{ "unix:/run/hacktivd.socket", "http://localhost", "/run/hacktivd.socket", "localhost" },
	{ "unix:/home/é/a b", "http://localhost", "/home/é/a b", "localhost" },
};

static void test_good(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct http_address address;
		struct problem why = { 0 };
		if (!http_address_parse(arena, good[i].url, &address, &why))
			fail_msg("%s: %s", good[i].url, why.text);
		assert_string_equal(address.base, good[i].base);
		assert_string_equal(address.host, good[i].host);
		assert_null(address.ca_file);
		if (good[i].socket)
			assert_string_equal(address.unix_socket, good[i].socket);
		else
			assert_null(address.unix_socket);
	}
	arena_free(arena);
}

static const struct { const char *url, *words; } bad[] = {
	{ "", "not an address" },
	{ "reseau.example.org", "https://" },
	{ "https://", "not an address" },
	{ "https:///x", "not an address" },
	{ "https://a b", "not an address" },
	{ "https://host:0x50", "not an address" },
	{ "https://host:70000", "not an address" },
	{ "https://ho\nst", "characters" },
	{ "https://ho\033[2Jst", "characters" },
	{ "https://\xe2\x80\xaehost", "characters" },
	{ "ftp://host", "https://" },
	{ "file:///etc/passwd", "https://" },
	{ "http://reseau.example.org", "https://" },
	{ "http://127.0.0.1.example.org", "https://" },
	{ "http://localhost.example.org", "https://" },
	{ "http://127.example.org", "https://" },
	{ "http://192.0.2.7", "https://" },
	{ "http://0.0.0.0", "https://" },
	{ "https://me@host", "log in" },
	{ "https://me:geheim@host", "log in" },
	{ "ftp://me:geheim@host", "log in" },
	{ "http://localhost:geheim@example.org", "log in" },
	{ "https://host/?q=1", "ends with its path" },
	{ "https://host/#x", "ends with its path" },
	{ "unix:", "whole path" },
	{ "unix:relative", "whole path" },
	{ "unix:/", "whole path" },
	{ "unix:/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	  "0123456789", "longer" },
};

static void test_bad(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct http_address address;
		struct problem why = { 0 };
		if (http_address_parse(arena, bad[i].url, &address, &why))
			fail_msg("taken: %s", bad[i].url);
		assert_int_equal(why.kind, PROBLEM_INVALID);
		assert_string_equal(why.field, "url");
		if (!strstr(why.text, bad[i].words))
			fail_msg("%s: %s", bad[i].url, why.text);
		assert_null(strstr(why.text, "geheim"));
		assert_false(http_address_parse(arena, bad[i].url, &address, NULL));
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
