/* test_i18n.c — that people read their language on a system that has no locale for it. */
#include "scratch.h"
#include "table.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* A catalogue as msgfmt(1) writes them: GNU gettext manual, "The Format of GNU MO Files". Sorted by msgid. */
static void write_catalogue(const char *path)
{
	static const char *const pairs[][2] = {
		{ "", "Language: fr\nContent-Type: text/plain; charset=UTF-8\n" },
		{ "Book a desk", "Réserver une place" },
		{ "booking\004cancel", "annuler" },
	};
	enum { COUNT = 3, HEADER = 28, TABLE = COUNT * 8 };
	uint32_t head[7 + COUNT * 4] = { 0x950412de, 0, COUNT, HEADER, HEADER + TABLE, 0, HEADER + 2 * TABLE };
	struct buffer texts;
	buffer_init(&texts, 1000);
	for (uint32_t i = 0; i < COUNT * 2; i++) {
		const char *text = pairs[i % COUNT][i / COUNT];
		head[7 + i * 2] = (uint32_t)strlen(text);
		head[8 + i * 2] = (uint32_t)(sizeof head + texts.length);
		assert_true(buffer_add(&texts, text, strlen(text) + 1));
	}
	struct buffer whole;
	buffer_init(&whole, 2000);
	assert_true(buffer_add(&whole, head, sizeof head) && buffer_add(&whole, texts.bytes, texts.length));
	assert_true(path_make_parent(path, NULL));
	scratch_write(path, whole.bytes, whole.length, 0644);
	buffer_clear(&texts);
	buffer_clear(&whole);
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void the_language_is_found_without_its_locale(void **state)
{
	static const struct {
		const char *all, *messages, *lang, *language, *asked;
		const char *expected;
		bool utf8;
		const char *why;
	} rows[] = {
		{ NULL, NULL, "fr_BE.UTF-8", NULL, NULL, "fr", true, "the locale is not installed" },
		{ NULL, NULL, "fr_BE.utf8", NULL, NULL, "fr", true, "another way to write it" },
		{ NULL, NULL, "en_GB.UTF-8", NULL, NULL, "en", true, "" },
		{ NULL, NULL, "nl_BE.UTF-8", NULL, NULL, "en", true, "a language we do not have" },
		{ NULL, NULL, "nl_BE.UTF-8", "nl:fr:en", NULL, "fr", true, "the best of the list" },
		{ NULL, NULL, "fr_FR.UTF-8", "en_GB:fr", NULL, "en", true, "" },
		{ NULL, NULL, "fr_FR.UTF-8", "", NULL, "fr", true, "an empty list is none" },
		{ "C.UTF-8", NULL, NULL, "fr", NULL, "fr", true, "" },
		{ "C.UTF-8", NULL, "fr_BE.UTF-8", NULL, NULL, "en", true, "LC_ALL wins" },
		{ NULL, "fr_FR.UTF-8", "C.UTF-8", NULL, NULL, "fr", true, "" },
		{ "C", NULL, "fr_BE.UTF-8", "fr", NULL, "en", false, "C means C" },
		{ "POSIX", NULL, NULL, NULL, NULL, "en", false, "" },
		{ NULL, NULL, NULL, NULL, NULL, "en", false, "nothing set" },
		{ NULL, NULL, NULL, "fr", NULL, "fr", false, "only LANGUAGE set" },
		{ NULL, NULL, NULL, NULL, "fr", "fr", false, "asked for in the configuration" },
		{ "C", NULL, NULL, NULL, "fr", "fr", false, "asked for, in ASCII" },
		{ "C.UTF-8", NULL, NULL, "fr", "en", "en", true, "asked for, against the environment" },
		{ "fr_BE.UTF-8", NULL, NULL, NULL, "xx", "fr", true, "asked for what we do not have" },
		{ NULL, NULL, "fr_BE.ISO-8859-1", NULL, NULL, "fr", false, "a terminal without UTF-8" },
		{ NULL, NULL, "fr_BE", NULL, NULL, "fr", false, "no character set named: not UTF-8" },
		{ NULL, NULL, "frisian", NULL, NULL, "en", false, "not a language of ours" },
	};
	char *path = scratch_path(state, "fr/LC_MESSAGES/hacktiv.mo");
	write_catalogue(path);
	setenv("HACKTIV_LOCALE_DIR", *state, 1);
	unsetenv("LC_CTYPE");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		set("LC_ALL", rows[i].all);
		set("LC_MESSAGES", rows[i].messages);
		set("LANG", rows[i].lang);
		set("LANGUAGE", rows[i].language);
		bool french = strcmp(rows[i].expected, "fr") == 0;
		ROW_HOLDS(i18n_start(rows[i].asked) == rows[i].utf8, "row %zu %s", i, rows[i].why);
		ROW_HOLDS(strcmp(i18n_language(), rows[i].expected) == 0, "row %zu %s", i, rows[i].why);
		ROW_HOLDS(strcmp(_("Book a desk"), french ? "Réserver une place" : "Book a desk") == 0, "row %zu %s", i, rows[i].why);
		ROW_HOLDS(strcmp(C_("booking", "cancel"), french ? "annuler" : "cancel") == 0, "row %zu %s", i, rows[i].why);
		ROW_HOLDS(strcmp(C_("dialog", "cancel"), "cancel") == 0, "row %zu %s", i, rows[i].why);
		ROW_HOLDS(strcmp(setlocale(LC_NUMERIC, NULL), "C") == 0, "row %zu %s", i, rows[i].why);
	}
	free(path);
}

static void without_a_catalogue_the_language_is_english(void **state)
{
	(void)state;
	setenv("HACKTIV_LOCALE_DIR", "/nowhere", 1);
	setenv("LC_ALL", "fr_BE.UTF-8", 1);
	assert_true(i18n_start(NULL));
	assert_string_equal(i18n_language(), "en");
	assert_string_equal(_("Book a desk"), "Book a desk");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_language_is_found_without_its_locale, scratch_open, scratch_close),
		cmocka_unit_test(without_a_catalogue_the_language_is_english),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
