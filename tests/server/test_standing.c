/* test_standing.c — the small parts of letting somebody in: user codes, forms, HTML, scopes, the words of the page. */
#include "table.h"

#include <stdio.h>
#include <string.h>

#include "device_words.h"
#include "form.h"
#include "html.h"
#include "password.h"
#include "scope.h"
#include "user_code.h"

static void a_user_code_has_eight_letters_that_are_hard_to_mistake(void **state)
{
	(void)state;
	char code[USER_CODE_SIZE], again[USER_CODE_SIZE], shown[USER_CODE_SHOWN_SIZE], before[USER_CODE_SIZE] = "";
	for (int i = 0; i < 1000; i++) {
		user_code_make(code);
		assert_int_equal(strlen(code), USER_CODE_LETTERS);
		assert_int_equal(strspn(code, "BCDFGHJKLMNPQRSTVWXZ"), USER_CODE_LETTERS);
		assert_string_not_equal(code, before);
		user_code_show(code, shown);
		assert_true(shown[4] == '-' && user_code_read(shown, again));
		assert_string_equal(again, code);
		memcpy(before, code, sizeof code);
	}
}

static const struct { const char *typed, *code; } typed[] = {
	{ "WDJBMJHT", "WDJBMJHT" }, { "wdjb-mjht", "WDJBMJHT" }, { " WDJB MJHT ", "WDJBMJHT" }, { "w-d-j-b-m-j-h-t", "WDJBMJHT" },
	{ "", NULL }, { "WDJBMJH", NULL }, { "WDJBMJHTT", NULL }, { "WDJBMJHA", NULL }, { "WDJBMJH1", NULL }, { "WDJBMJH\xc3\xa9", NULL },
};

static void a_user_code_is_read_as_people_type_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(typed); i++) {
		char code[USER_CODE_SIZE];
		bool read = user_code_read(typed[i].typed, code);
		ROW_HOLDS(read == (typed[i].code != NULL) && (!read || strcmp(code, typed[i].code) == 0), "%s", typed[i].typed);
	}
}

/* `value` of "a"; NULL: the form is refused. */
#define BYTES(text) text, sizeof text - 1
static const struct { const char *bytes; size_t length; const char *value; } forms[] = {
	{ BYTES("a=b"), "b" }, { BYTES("a="), "" }, { BYTES("a"), "" }, { BYTES("x=y&a=b&z"), "b" }, { BYTES("a=b+c%20d"), "b c d" },
	{ BYTES("a=%C3%A9"), "\xc3\xa9" }, { BYTES("a=%c3%a9"), "\xc3\xa9" }, { BYTES("a=b=c"), "b=c" }, { BYTES("%61=b"), "b" },
	{ BYTES("&&a=b&"), "b" }, { BYTES("a=%0D%0A%09"), "\r\n\t" }, { BYTES("a=%2B"), "+" }, { BYTES("a=\xf0\x9f\x9a\xb2"), "\xf0\x9f\x9a\xb2" },
	{ BYTES("a=%"), NULL }, { BYTES("a=%4"), NULL }, { BYTES("a=%4g"), NULL }, { BYTES("a=%00"), NULL }, { BYTES("a=b\0c"), NULL },
	{ BYTES("a=%1b"), NULL }, { BYTES("a=%7f"), NULL }, { BYTES("a=%ff"), NULL }, { BYTES("a=%c0%af"), NULL }, { BYTES("a=%ed%a0%80"), NULL },
	{ BYTES("a=%f4%90%80%80"), NULL }, { BYTES("a=%c3"), NULL }, { BYTES("a=b&a=c"), NULL }, { BYTES("a=b&%61=c"), NULL },
	{ BYTES("a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y&z&1&2&3&4&5&6&7"), NULL },
};

static void a_form_is_read_whole_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct arena *arena = arena_new();
		struct form form;
		bool read = form_read(forms[i].bytes, forms[i].length, arena, &form);
		ROW_HOLDS(read == (forms[i].value != NULL), "row %zu: %s", i, forms[i].bytes);
		ROW_HOLDS(!read || strcmp(form_value(&form, "a"), forms[i].value) == 0, "row %zu: %s", i, forms[i].bytes);
		ROW_HOLDS(!read || !form_value(&form, "nothing"), "row %zu", i);
		arena_free(arena);
	}
}

static void text_in_html_is_text(void **state)
{
	(void)state;
	struct buffer out;
	buffer_init(&out, 1000);
	html_tags(&out, "<p>");
	html_text(&out, "<b a=\"1\" c='2'>&amp;é");
	html_sentence(&out, " % < %s >", "%s<");
	html_sentence(&out, "x%s", NULL);
	assert_string_equal(out.bytes, "<p>&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;é % &lt; %s&lt; &gt;x%s");
	buffer_clear(&out);
}

static void the_page_has_every_word_in_every_language(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int word = 0; word < DEVICE_WORDS; word++)
		for (int language = 0; language < PAGE_LANGUAGES; language++) {
			const char *text = device_word((enum page_language)language, (enum device_word)word);
			ROW_HOLDS(text && *text && strcmp(text_clean(arena, text, strlen(text), TEXT_ONE_LINE, 1000), text) == 0,
			          "word %d in %s", word, page_language_code((enum page_language)language));
			ROW_HOLDS((strstr(text, "%s") != NULL) == (word == WORD_LOGIN_LEAD), "word %d: %s", word, text);
			/* What is the same in two languages was forgotten in one, but for what is. */
			for (int other = 0; word != WORD_CODE && other < language; other++)
				ROW_HOLDS(strcmp(text, device_word((enum page_language)other, (enum device_word)word)) != 0 || strlen(text) < 10,
				          "word %d: %s", word, text);
		}
	arena_free(arena);
}

static const struct { const char *accept; enum page_language language; } accepted[] = {
	{ NULL, PAGE_FRENCH }, { "", PAGE_FRENCH }, { "nl", PAGE_DUTCH }, { "de-AT", PAGE_GERMAN }, { "EN-gb,fr;q=0.5", PAGE_ENGLISH },
	{ "it, nl;q=0.3, de;q=0.7", PAGE_GERMAN }, { "en;q=0, nl;q=0.001", PAGE_DUTCH }, { "ja, *;q=0.1", PAGE_FRENCH },
	{ "nl;q=x", PAGE_FRENCH }, { "english", PAGE_FRENCH }, { ",,;;=,de", PAGE_GERMAN },
};

static void the_language_is_the_one_a_browser_likes_best(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(accepted); i++)
		ROW_HOLDS(page_language_accepted(accepted[i].accept) == accepted[i].language, "%s", accepted[i].accept);
}

static void scopes_are_read_and_written(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	unsigned scopes;
	assert_true(scopes_read("directory bookings  stats", &scopes));
	assert_string_equal(scopes_write(scopes, arena), "bookings directory stats");
	assert_false(scopes_read("bookings root", &scopes));
	assert_true(scopes_read("", &scopes) && scopes == 0);
	assert_string_equal(scopes_write(SCOPES_ALL, arena), "bookings bookings:write directory profile:write staff stats");
	assert_true(scopes_hold(SCOPE_BOOKINGS_WRITE, SCOPE_BOOKINGS));
	assert_false(scopes_hold(SCOPE_BOOKINGS, SCOPE_BOOKINGS_WRITE));
	assert_false(scopes_hold(SCOPES_TO_GRANT, scope_for(ACTION_MANAGE_ACCOUNT)));
	arena_free(arena);
}

static const struct { const char *password; bool good; } passwords[] = {
	{ "correct horse battery", true }, { "quatre vélos", true }, { "eleven lett", false }, { "éééééééééé1", false },
	{ "aaaaaaaaaaaaaaaa", false }, { "121212121212", false }, { "camille12345", false }, { "Camille-2026!", false },
	{ "my friend camille 2026", true },
};

static void a_password_is_long_and_not_what_comes_to_mind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(passwords); i++) {
		struct problem why = { 0 };
		ROW_HOLDS(password_check(passwords[i].password, "camille", &why) == passwords[i].good, "%s: %s", passwords[i].password, why.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_code_has_eight_letters_that_are_hard_to_mistake),
		cmocka_unit_test(a_user_code_is_read_as_people_type_it),
		cmocka_unit_test(a_form_is_read_whole_or_refused),
		cmocka_unit_test(text_in_html_is_text),
		cmocka_unit_test(the_page_has_every_word_in_every_language),
		cmocka_unit_test(the_language_is_the_one_a_browser_likes_best),
		cmocka_unit_test(scopes_are_read_and_written),
		cmocka_unit_test(a_password_is_long_and_not_what_comes_to_mind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
