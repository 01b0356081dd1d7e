/* test_network_file.c — a slip in a file that a person wrote is told with its line, its place and what was expected there. */
#include "scratch.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "network_file.h"

static const struct local_date today = { 2026, 11, 24 };

/* What is read below: all kinds of members there are. */
struct thing {
	const char *name, *note, *code;
	int size, minutes, sum;
	bool open;
	struct local_date on;
};

static void read_numbers(const struct spot *list, struct thing *thing)
{
	static const char *const known[] = { "x" };
	if (!spot_is_array(list))
		return;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, index++, value);
		int x = 0;
		if (spot_is_object(&at, known, COUNT_OF(known)) && spot_int(&at, "x", 0, 9, 5, &x))
			thing->sum += x;
	}
}

static void read_thing(const struct spot *root, struct thing *thing)
{
	static const char *const known[] = { "name", "note", "code", "size", "open", "at", "on", "list" };
	struct spot at = spot_of_member(root, "at"), on = spot_of_member(root, "on"), list = spot_of_member(root, "list");
	if (!spot_is_object(root, known, COUNT_OF(known)))
		return;
	spot_text(root, "name", TEXT_ONE_LINE, 10, NULL, &thing->name);
	spot_text(root, "note", TEXT_MANY_LINES, 10, "none", &thing->note);
	if (spot_of_member(root, "code").value)
		spot_slug(root, "code", false, &thing->code);
	spot_int(root, "size", -1, 500, 7, &thing->size);
	spot_bool(root, "open", true, &thing->open);
	if (at.value)
		spot_minutes(&at, &thing->minutes);
	if (on.value)
		spot_date(&on, today, &thing->on);
	if (list.value)
		read_numbers(&list, thing);
}

static bool read_text(void **state, const char *text, struct arena *arena, struct thing *thing, struct problem *why)
{
	char *path = scratch_path(state, "thing.json");
	scratch_write(path, text, strlen(text), 0600);
	struct network_file file;
	*thing = (struct thing){ 0 };
	bool good = network_file_open(&file, path, arena, why);
	if (good) {
		struct spot root = spot_of_file(&file);
		read_thing(&root, thing);
		good = network_file_judge(&file, why);
	}
	network_file_close(&file);
	free(path);
	return good;
}

static const struct {
	const char *text;
	const char *place;      /* ":line: /pointer: " or as much of it as can be told */
	const char *sentence;
} slips[] = {
	{ "[]", ":1: /: ", "expected an object" },
	{ "\n\n  3", ":3: /: ", "expected an object" },
	{ "{\n}", ":1: /name: ", "is missing, expected text" },
	{ "{\"name\": [1]}", ":1: /name: ", "found an array, expected text" },
	{ "{\"name\": false}", ":1: /name: ", "found false, expected text" },
	{ "{\"name\": \"a\", \"size\": 2.5}", ":1: /size: ", "found 2.5, expected" },
	{ "{\"name\": \"a\", \"at\": \"9h \\u001b[2J\\u202e\"}", ":1: /at: ", "found \"9h [2J\", expected" },
	{ "{\"name\": \"a\", \"at\": \"une longue phrase que personne ne lira jusqu'au bout\"}", ":1: /at: ", "ne lira \xe2\x80\xa6\", expected" },
	{ "{\n \"name\":\n  \"\"\n}", ":3: /name: ", "expected text that is not empty" },
	{ "{\"name\": 7}", ":1: /name: ", "expected text" },
	{ "{\"name\": null}", ":1: /name: ", "expected text" },
	{ "{\"name\": \"0123456789x\"}", ":1: /name: ", "expected at most 10 bytes of text, not 11" },
	{ "{\"name\": \"\\u200b\"}", ":1: /name: ", "expected text that is not empty" },
	{ "{\"name\": \"a\",\n\"nmae\": \"b\"}", ":2: /nmae: ", "is not known here, expected one of name, note, code, size, open, at, on, list" },
	{ "{\"name\": \"a\",\n\"a/b~c\": 1}", ":2: /a~1b~0c: ", "is not known here" },
	{ "{\"name\": \"a\",\n\"\": 1}", ":2: /: ", "is not known here" },
	{ "{\"name\": \"a\",\n\"x\\u001by\": 1}", ":1: /x", "is not known here" },
	{ "{\"name\": \"a\",\n \"size\":\n\n 501}", ":4: /size: ", "expected a whole number from -1 to 500" },
	{ "{\"name\": \"a\", \"size\": -2}", ":1: /size: ", "whole number" },
	{ "{\"name\": \"a\", \"size\": 1.5}", ":1: /size: ", "whole number" },
	{ "{\"name\": \"a\", \"size\": \"1\"}", ":1: /size: ", "whole number" },
	{ "{\"name\": \"a\", \"size\": 99999999999}", ":1: /size: ", "whole number" },
	{ "{\"name\": \"a\", \"open\": 1}", ":1: /open: ", "expected true or false" },
	{ "{\"name\": \"a\", \"code\": \"a b\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"code\": \"-a\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"code\": \"a-\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"code\": \"a.b\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"code\": \"A\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"code\": \"\"}", ":1: /code: ", "expected a short name" },
	{ "{\"name\": \"a\", \"at\": \"8:30\"}", ":1: /at: ", "expected a time of day" },
	{ "{\"name\": \"a\", \"at\": \"24:01\"}", ":1: /at: ", "expected a time of day" },
	{ "{\"name\": \"a\", \"at\": \"08:60\"}", ":1: /at: ", "expected a time of day" },
	{ "{\"name\": \"a\", \"at\": \"-1:30\"}", ":1: /at: ", "expected a time of day" },
	{ "{\"name\": \"a\", \"at\": 830}", ":1: /at: ", "expected a time of day" },
	{ "{\"name\": \"a\", \"on\": \"2026-02-30\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"tomorrow\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"+\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"+1\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"++1d\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"+99999999999999999999d\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"on\": \"-10000d\"}", ":1: /on: ", "expected a date" },
	{ "{\"name\": \"a\", \"list\": {}}", ":1: /list: ", "expected an array" },
	{ "{\"name\": \"a\", \"list\": [{}, 1]}", ":1: /list/1: ", "expected an object" },
	{ "{\"name\": \"a\", \"list\": [\n{\"x\": 1},\n{\"x\": 2},\n{\n\"x\": 10}]}", ":5: /list/2/x: ", "expected a whole number from 0 to 9" },
	{ "{\"name\": \"]},\\\"{[\", \"note\": \"\\\\\",\n\"list\": [ {\"x\":1} ,\n {\"x\"\n:\nfalse } ] }", ":5: /list/1/x: ", "whole number" },
	{ "{\"list\": [[[{\"name\": 1}]], {\"size\": 2}],\n\"name\": \"a\", \"size\":\n\"b\"}", ":1: /list/0: ", "found an array" },
	{ "{\"list\": [{\"x\": 1}, {}, { }, {\"x\":2}],\n\"name\": \"a\", \"size\":\n\"b\"}", ":3: /size: ", "whole number" },

	{ "", ":1: ", "expected JSON" },
	{ "{\n\"name\": \"a\",\n}", ":3: ", "expected JSON" },
	{ "{\n\"name\":\n\n'a'}", ":4: ", "expected JSON" },
	{ "{\"name\": \"a\", \"name\": \"b\"}", ":1: /name: ", "stands twice in one object" },
	{ "{\"name\": \"a\", \"list\": [{},\n{\"x\": 1,\n\"x\": 2}]}", ":2: /list/1/x: ", "stands twice in one object" },
	{ "{\"name\": \"a\\u0000\"}", ": ", "expected JSON" },
};

static void slips_are_told_with_their_place(void **state)
{
	for (size_t i = 0; i < COUNT_OF(slips); i++) {
		struct arena *arena = arena_new();
		struct thing thing;
		struct problem why = { 0 };
		ROW_HOLDS(!read_text(state, slips[i].text, arena, &thing, &why), "row %zu is taken: %s", i, slips[i].text);
		ROW_HOLDS(why.kind == PROBLEM_INVALID, "row %zu: %s", i, why.text);
		const char *path = strstr(why.text, "/thing.json");
		ROW_HOLDS(path != NULL, "row %zu: %s", i, why.text);
		const char *place = path + strlen("/thing.json");
		ROW_HOLDS(strncmp(place, slips[i].place, strlen(slips[i].place)) == 0, "row %zu wants %s: %s", i, slips[i].place, why.text);
		ROW_HOLDS(strstr(place, slips[i].sentence) != NULL, "row %zu wants %s: %s", i, slips[i].sentence, why.text);
		ROW_HOLDS(!strpbrk(why.text, "\x1b\n"), "row %zu shows raw bytes", i);
		arena_free(arena);
	}
}

/* All in one reading, in the order of their lines; what is said of each is its own. */
static void every_slip_is_told(void **state)
{
	static const char text[] = "{\"list\": [{\"x\": 1}, {\"x\": 99},\n{\"y\": 1, \"x\": true}],\n\"at\": 7,\n\"size\": \"big\"}";
	static const struct { int line; const char *text; } wanted[] = {
		{ 1, "/list/1/x: found 99, expected a whole number from 0 to 9" }, { 1, "/name: is missing, expected text" },
		{ 2, "/list/2/x: found true, expected a whole number from 0 to 9" },
		{ 2, "/list/2/y: is not known here, expected one of x" },
		{ 3, "/at: found 7, expected a time of day such as \"08:30\"" },
		{ 4, "/size: found \"big\", expected a whole number from -1 to 500" },
	};
	char *path = scratch_path(state, "thing.json");
	scratch_write(path, text, strlen(text), 0600);
	struct arena *arena = arena_new();
	struct network_file file;
	struct thing thing = { 0 };
	struct problem why = { 0 };
	assert_true(network_file_open(&file, path, arena, &why));
	struct spot root = spot_of_file(&file);
	read_thing(&root, &thing);
	assert_false(network_file_judge(&file, &why));
	assert_int_equal(file.fault_count, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		assert_string_equal(file.faults[i].text, wanted[i].text);
		assert_int_equal(file.faults[i].line, wanted[i].line);
	}
	assert_non_null(strstr(why.text, ":1: /list/1/x: found 99"));
	assert_string_equal(thing.note, "none");
	network_file_close(&file);
	free(path);
	arena_free(arena);
}

static void endless_slips_are_counted(void **state)
{
	struct buffer text;
	buffer_init(&text, 1u << 20);
	buffer_add_text(&text, "{\"name\": \"a\", \"list\": [");
	for (int i = 0; i < 5000; i++)
		buffer_print(&text, "%s[]", i ? ",\n" : "");
	buffer_add_text(&text, "]}");
	char *path = scratch_path(state, "thing.json");
	scratch_write(path, text.bytes, text.length, 0600);
	struct arena *arena = arena_new();
	struct network_file file;
	struct thing thing = { 0 };
	assert_true(network_file_open(&file, path, arena, NULL));
	struct spot root = spot_of_file(&file);
	read_thing(&root, &thing);
	assert_false(network_file_judge(&file, NULL));
	assert_int_equal(file.fault_count, 5000);
	assert_string_equal(file.faults[FAULTS_MAX - 1].text, "/list/19: found an array, expected an object");
	network_file_close(&file);
	buffer_clear(&text);
	free(path);
	arena_free(arena);
}

static void what_is_right_is_read(void **state)
{
	struct arena *arena = arena_new();
	struct thing thing;
	struct problem why = { 0 };
	assert_true(read_text(state,
		"{\"name\": \"Zoe\\u0308\", \"note\": \"a\\nb\", \"code\": \"les-serres-3\", \"size\": -1, \"open\": false,"
		" \"at\": \"24:00\", \"on\": \"+16d\", \"list\": [{\"x\": 1}, {}, {\"x\": 9}]}", arena, &thing, &why));
	assert_string_equal(thing.name, "Zo\xc3\xab");
	assert_string_equal(thing.note, "a\nb");
	assert_string_equal(thing.code, "les-serres-3");
	assert_int_equal(thing.size, -1);
	assert_int_equal(thing.minutes, 24 * 60);
	assert_int_equal(thing.sum, 15);
	assert_false(thing.open);
	assert_true(date_equal(thing.on, (struct local_date){ 2026, 12, 10 }));

	assert_true(read_text(state, "{\"name\": \"0123456789\"}", arena, &thing, &why));
	assert_string_equal(thing.name, "0123456789");
	assert_true(read_text(state, "{\"name\": \"a\"}", arena, &thing, &why));
	assert_string_equal(thing.note, "none");
	assert_int_equal(thing.size, 7);
	assert_true(thing.open);
	arena_free(arena);
}

static const struct {
	const char *text;
	struct local_date date;
} dates[] = {
	{ "today", { 2026, 11, 24 } }, { "+0d", { 2026, 11, 24 } }, { "-3d", { 2026, 11, 21 } }, { "+38d", { 2027, 1, 1 } },
	{ "2028-02-29", { 2028, 2, 29 } }, { "-9764d", { 2000, 3, 1 } },
};

static void dates_may_be_counted_from_today(void **state)
{
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct arena *arena = arena_new();
		struct thing thing;
		struct problem why = { 0 };
		char *text = arena_print(arena, "{\"name\": \"a\", \"on\": \"%s\"}", dates[i].text);
		ROW_HOLDS(read_text(state, text, arena, &thing, &why), "%s: %s", dates[i].text, why.text);
		ROW_HOLDS(date_equal(thing.on, dates[i].date), "%s: %d-%d-%d", dates[i].text, thing.on.year, thing.on.month, thing.on.day);
		arena_free(arena);
	}
}

static void a_file_that_is_not_there_is_told(void **state)
{
	struct arena *arena = arena_new();
	char *path = scratch_path(state, "nothing.json");
	struct network_file file;
	struct problem why = { 0 };
	assert_false(network_file_open(&file, path, arena, &why));
	assert_int_equal(why.kind, PROBLEM_NOT_FOUND);
	assert_non_null(strstr(why.text, "nothing.json"));
	network_file_close(&file);
	free(path);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(slips_are_told_with_their_place, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(every_slip_is_told, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(endless_slips_are_counted, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(what_is_right_is_read, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(dates_may_be_counted_from_today, scratch_open, scratch_close),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_told, scratch_open, scratch_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
