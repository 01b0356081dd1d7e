/* Lists read one element at a time are taken and refused exactly as if they were read whole. */
#include "hacktiv/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Steps as letters: the elements' own text, "." the end, "!" broken. */
static const char *steps_of(struct arena *arena, const char *text, size_t length, char **head)
{
	struct buffer steps;
	buffer_init(&steps, 1 << 20);
	struct wire_list list;
	struct problem why = { 0 };
	*head = NULL;
	if (!wire_list_open(&list, text, length, &why))
		buffer_add_text(&steps, "!");
	while (!strpbrk(steps.bytes, ".!")) {
		cJSON *element;
		size_t index = list.index;
		enum wire_list_step step = wire_list_next(&list, &element, &why);
		if (step == WIRE_LIST_ELEMENT) {
			assert_int_equal(list.index, index + 1);
			char *printed = cJSON_PrintUnformatted(element);
			buffer_add_text(&steps, printed);
			cJSON_free(printed);
			cJSON_Delete(element);
		} else {
			assert_null(element);
			buffer_add_text(&steps, step == WIRE_LIST_END ? "." : "!");
		}
	}
	bool broken = strchr(steps.bytes, '!') != NULL;
	assert_int_equal(why.kind != PROBLEM_NONE, broken);
	if (!broken) {
		char *printed = cJSON_PrintUnformatted(list.head);
		*head = arena_copy_text(arena, printed);
		cJSON_free(printed);
	} else if (list.head) {
		cJSON *element;
		assert_int_equal(wire_list_next(&list, &element, NULL), WIRE_LIST_BROKEN);   /* and stays so */
	}
	wire_list_close(&list);
	wire_list_close(&list);
	const char *copy = arena_copy_text(arena, steps.bytes);
	buffer_clear(&steps);
	return copy;
}

static const struct { const char *text, *steps, *head; } cases[] = {
	{ "{\"items\":[]}", ".", "{\"items\":true}" },
	{ " { \"items\" : [ ] } \n", ".", "{\"items\":true}" },
	{ "{\"items\":[1]}", "1.", "{\"items\":true}" },
	{ "{\"items\":[1,2,{\"a\":[3]}],\"next\":null}", "12{\"a\":[3]}.", "{\"items\":true,\"next\":null}" },
	{ "{\"next\":\"/v1/x\",\"items\":[1 , 2]}", "12.", "{\"next\":\"/v1/x\",\"items\":true}" },
	{ "{\"a\":1,\"items\":[1],\"b\":{\"c\":2}}", "1.", "{\"a\":1,\"items\":true,\"b\":{\"c\":2}}" },
	{ "{\"it\\u0065ms\":[1]}", "1.", "{\"items\":true}" },
	{ "{}", "!", NULL },
	{ "{\"next\":null}", "!", NULL },
	{ "{\"items\":null}", "!", NULL },
	{ "{\"items\":{}}", "!", NULL },
	{ "{\"items\":7}", "!", NULL },
	{ "{\"Items\":[1]}", "!", NULL },
	{ "[]", "!", NULL },
	{ "[1,2]", "!", NULL },
	{ "", "!", NULL },
	{ "null", "!", NULL },
	{ "<html></html>", "!", NULL },
	{ "\xef\xbb\xbf{\"items\":[]}", "!", NULL },
	{ "{\"items\":[1]} x", "1!", NULL },
	{ "{\"items\":[1]}}", "1!", NULL },
	{ "{\"items\":[1],}", "1!", NULL },
	{ "{\"items\":[1,]}", "1!", NULL },
	{ "{\"items\":[,1]}", "!", NULL },
	{ "{\"items\":[1 2]}", "1!", NULL },
	{ "{\"items\":[12abc]}", "!", NULL },
	{ "{\"items\":[1,02]}", "1!", NULL },
	{ "{\"items\":[1}", "1!", NULL },
	{ "{\"items\":[1],\"items\":[2]}", "1!", NULL },
	{ "{\"next\":1,\"next\":2,\"items\":[]}", "!", NULL },
	{ "{\"items\" [1]}", "!", NULL },
	{ "{items:[1]}", "!", NULL },
	{ "{7:[1]}", "!", NULL },
	{ "{\"items\":[1,{\"a\":1,\"a\":2}]}", "1!", NULL },
	{ "{\"items\":[1,\"\\u0000\"]}", "1!", NULL },
	{ "{\"items\":[1,\"\xff\"]}", "1!", NULL },
	{ "{\"items\":[1],\"next\":\"\xff\"}", "1!", NULL },
	{ "{\"items\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]].",
	  "{\"items\":true}" },
	{ "{\"items\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "!", NULL },
	{ "{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"items\":[]}",
	  "!", NULL },
};

static void test_steps(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *head;
		const char *steps = steps_of(arena, cases[i].text, strlen(cases[i].text), &head);
		if (strcmp(steps, cases[i].steps) != 0)
			fail_msg("%s gave %s", cases[i].text, steps);
		if (cases[i].head)
			assert_string_equal(head, cases[i].head);
	}
	arena_free(arena);
}

/* An answer cut anywhere is never a whole list. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (!cases[i].head)
			continue;
		size_t length = strlen(cases[i].text);
		while (cases[i].text[length - 1] != '}')
			length--;
		for (size_t cut = 0; cut < length; cut++) {
			char *copy = memory_get(cut ? cut : 1), *head;
			memcpy(copy, cases[i].text, cut);
			const char *steps = steps_of(arena, copy, cut, &head);
			if (steps[strlen(steps) - 1] != '!')
				fail_msg("%.*s gave %s", (int)cut, cases[i].text, steps);
			free(copy);
		}
	}
	arena_free(arena);
}

/* No element costs more than itself: the time for ten times as many is about ten times as long. */
static void test_ten_thousand(void **state)
{
	(void)state;
	struct buffer text;
	buffer_init(&text, 8u << 20);
	buffer_add_text(&text, "{\"items\":[");
	for (int i = 0; i < 10000; i++)
		buffer_print(&text, "%s{\"id\":\"%d\",\"name\":\"Les Serres %d\",\"slots\":[\"free\",\"taken\"]}", i ? "," : "", i, i);
	buffer_add_text(&text, "],\"next\":null}");
	struct wire_list list;
	assert_true(wire_list_open(&list, text.bytes, text.length, NULL));
	cJSON *element;
	int count = 0;
	int64_t before = clock_monotonic_ms();
	for (; wire_list_next(&list, &element, NULL) == WIRE_LIST_ELEMENT; count++)
		cJSON_Delete(element);
	assert_int_equal(count, 10000);
	assert_int_equal(cJSON_GetArraySize(list.head), 2);
	assert_in_range(clock_monotonic_ms() - before, 0, 5000);
	wire_list_close(&list);
	buffer_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_ten_thousand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
