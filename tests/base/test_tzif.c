/* test_tzif.c — that a damaged or hostile time zone file is refused, never followed. */
#include "scratch.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "tzif.h"

static struct buffer read_paris(void)
{
	struct buffer file;
	assert_true(path_read("/usr/share/zoneinfo/Europe/Paris", 100000, &file, NULL));
	return file;
}

/* Reads a copy that ends where its memory ends, and asks it about a century when it is taken. */
static bool is_taken(const void *bytes, size_t length)
{
	unsigned char *copy = memory_get(length);
	memcpy(copy, bytes, length);
	struct tzif data;
	bool taken = tzif_read(copy, length, &data);
	for (int64_t at = 946684800; taken && at < 4133980799; at += 100 * 86400)
		assert_in_range(tzif_offset(&data, at) + 100000, 0, 200000);
	if (taken)
		tzif_clear(&data);
	free(copy);
	return taken;
}

static void a_truncated_file_is_refused(void **state)
{
	struct buffer file = read_paris();
	assert_true(is_taken(file.bytes, file.length));
	for (size_t length = 0; length < file.length; length++)
		ROW_HOLDS(!is_taken(file.bytes, length), "%zu bytes of %zu", length, file.length);

	char *path = scratch_path(state, "Test");
	scratch_write(path, file.bytes, file.length - 1, 0644);
	setenv("TZDIR", *state, 1);
	struct zones *zones = zones_new();
	struct problem why = { PROBLEM_NONE, "", "" };
	assert_null(zones_find(zones, "Test", &why));
	assert_int_equal(why.kind, PROBLEM_NOT_FOUND);
	assert_string_equal(why.field, "tz");
	zones_free(zones);
	free(path);
	buffer_clear(&file);
}

/* Whatever byte is changed, nothing is read or reckoned past its place: the sanitisers watch. */
static void a_changed_byte_does_no_harm(void **state)
{
	(void)state;
	static const unsigned char changes[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	struct buffer file = read_paris();
	size_t refused = 0;
	for (size_t at = 0; at < file.length; at++) {
		char before = file.bytes[at];
		for (size_t i = at % COUNT_OF(changes); i < COUNT_OF(changes); i += 2) {
			file.bytes[at] = (char)changes[i];
			refused += !is_taken(file.bytes, file.length);
		}
		file.bytes[at] = before;
	}
	assert_true(refused > 100);
	buffer_clear(&file);
}

static void put32(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* A version 2 file without transitions: one type, and the rule. */
static size_t make_file(unsigned char *bytes, int32_t offset, uint32_t types, uint32_t leaps, const char *footer)
{
	size_t at = 0;
	for (int part = 0; part < 2; part++) {
		memset(bytes + at, 0, 44);
		memcpy(bytes + at, "TZif2", 5);
		put32(bytes + at + 28, part ? leaps : 0);
		put32(bytes + at + 36, part ? types : 1);
		put32(bytes + at + 40, 4);
		at += 44;
		for (uint32_t type = 0; type < (part ? types : 1); type++, at += 6) {
			put32(bytes + at, (uint32_t)offset);
			bytes[at + 4] = bytes[at + 5] = 0;
		}
		memcpy(bytes + at, "TST", 4);
		at += 4;
		if (part) {
			memset(bytes + at, 1, leaps * 12);
			at += leaps * 12;
		}
	}
	size_t length = strlen(footer);
	memcpy(bytes + at, footer, length);
	return at + length;
}

static void what_the_file_may_not_say_is_refused(void **state)
{
	(void)state;
	static const struct {
		int32_t offset;
		uint32_t types, leaps;
		const char *footer;
		bool taken;
		const char *why;
	} rows[] = {
		{ 3600, 1, 0, "\nTST-1\n", true, "an ordinary one" },
		{ 3600, 1, 0, "\n\n", true, "no rule" },
		{ 3600, 0, 0, "\nTST-1\n", false, "no type at all" },
		{ 3600, 1, 1, "\nTST-1\n", false, "leap seconds" },
		{ 93600, 1, 0, "\nTST-1\n", false, "26 hours east" },
		{ -90000, 1, 0, "\nTST-1\n", false, "25 hours west" },
		{ INT32_MIN, 1, 0, "\nTST-1\n", false, "an offset out of all reason" },
		{ 3600, 1, 0, "", false, "no footer" },
		{ 3600, 1, 0, "\nTST-1", false, "a footer that does not end" },
		{ 3600, 1, 0, "TST-1\n", false, "a footer that does not begin" },
	};
	unsigned char bytes[1000];
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t length = make_file(bytes, rows[i].offset, rows[i].types, rows[i].leaps, rows[i].footer);
		ROW_HOLDS(is_taken(bytes, length) == rows[i].taken, "%s", rows[i].why);
	}
	/* Counts that multiply past any size. */
	size_t length = make_file(bytes, 3600, 1, 0, "\nTST-1\n");
	for (size_t field = 20; field <= 40; field += 4) {
		unsigned char changed[1000];
		memcpy(changed, bytes, length);
		put32(changed + field, UINT32_MAX);
		ROW_HOLDS(!is_taken(changed, length), "field %zu, first header", field);
		memcpy(changed, bytes, length);
		put32(changed + 54 + field, UINT32_MAX);
		ROW_HOLDS(!is_taken(changed, length), "field %zu, second header", field);
	}
}

/* What the rule makes of 1 July and 1 January 2030; a rule that is not understood leaves the file's own offset (+05:00). */
static void rules_are_read_or_left_alone(void **state)
{
	static const struct {
		const char *rule;
		int july, january;
	} rows[] = {
		{ "TST-1", 3600, 3600 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", 7200, 3600 },
		{ "NZST-12NZDT,M9.5.0,M4.1.0/3", 43200, 46800 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -3600, -7200 },
		{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37800, 39600 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0 },
		{ "EST5EDT,M3.2.0,M11.1.0", -14400, -18000 },
		{ "EST5EDT", 18000, 18000 }, { "EST5EDT,J60,J300", 18000, 18000 }, { "EST5EDT,59,300", 18000, 18000 },
		{ "ES5", 18000, 18000 }, { "EST", 18000, 18000 }, { "EST25", 18000, 18000 }, { "EST5:60", 18000, 18000 },
		{ "CET-1CEST,M3.5.0", 18000, 18000 }, { "CET-1CEST,M13.5.0,M10.5.0", 18000, 18000 },
		{ "CET-1CEST,M0.5.0,M10.5.0", 18000, 18000 }, { "CET-1CEST,M3.6.0,M10.5.0", 18000, 18000 },
		{ "CET-1CEST,M3.0.0,M10.5.0", 18000, 18000 }, { "CET-1CEST,M3.5.7,M10.5.0", 18000, 18000 },
		{ "CET-1CEST,M3.5.0/168,M10.5.0", 18000, 18000 }, { "CET-1CEST,M3.5.0,M10.5.0/3x", 18000, 18000 },
		{ "<CET-1", 18000, 18000 }, { "CET-99999999999999999999", 18000, 18000 }, { "", 18000, 18000 },
	};
	setenv("TZDIR", *state, 1);
	char *path = scratch_path(state, "Test");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned char bytes[1000];
		struct arena *arena = arena_new();
		size_t length = make_file(bytes, 18000, 1, 0, arena_print(arena, "\n%s\n", rows[i].rule));
		arena_free(arena);
		scratch_write(path, bytes, length, 0644);
		struct zones *zones = zones_new();
		const struct zone *zone = zones_find(zones, "Test", NULL);
		assert_non_null(zone);
		int july = zone_wall(zone, 1909094400).offset, january = zone_wall(zone, 1893456000).offset;
		ROW_HOLDS(july == rows[i].july && january == rows[i].january, "%s: %d %d", rows[i].rule, july, january);
		zones_free(zones);
	}
	free(path);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_truncated_file_is_refused),
		cmocka_unit_test(a_changed_byte_does_no_harm),
		cmocka_unit_test(what_the_file_may_not_say_is_refused),
		IN_SCRATCH(rules_are_read_or_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
