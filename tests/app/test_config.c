/* Every mistake in a configuration is told with file and line, and the program goes on with what is right. */
#include "hacktiv/app/config.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PIN "sha256//1FpBVkv8aEFRVBNxnXYTqY0bX3Hh8b2r4Zp/wj+TCYI="

static char directory[] = "/tmp/hacktiv-config-XXXXXX";

static int enter_directory(void **state)
{
	(void)state;
	unsetenv("HACKTIV_URL");
	unsetenv("NO_COLOR");
	if (!mkdtemp(directory) || setenv("HOME", directory, 1) != 0 || setenv("XDG_CONFIG_HOME", directory, 1) != 0)
		return -1;
	return chdir(directory);
}

static int leave_directory(void **state)
{
	(void)state;
	DIR *files = opendir(directory);
	for (struct dirent *entry = readdir(files); entry; entry = readdir(files))
		unlink(entry->d_name);
	closedir(files);
	return rmdir(directory);
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void load(struct config *config, const char *text)
{
	write_file("config.cfg", text);
	config_load(config, "config.cfg");
}

static void expect_note(const struct config *config, size_t at, const char *text)
{
	assert_true(at < config->note_count);
	if (!strstr(config->notes[at].text, text))
		fail_msg("“%s” is not in “%s”", text, config->notes[at].text);
}

static void all_of_it_is_read(void **state)
{
	(void)state;
	struct config config;
	load(&config, "language = \"fr\"; home_space = \"ferme\"; usual_desk = \"Les Serres 3\"; escape_delay_ms = 50; colour = \"never\"; kiosk_idle = 3600;\n"
		"sites = (\n"
		"  { id = \"reseau\"; label = \"Le réseau\"; backend = \"hacktiv\"; url = \"https://reseau.example.org/api/\"; login = \"camille\";\n"
		"    pinned_key = \"" PIN ";" PIN "\"; },\n"
		"  { id = \"ici\"; url = \"unix:/run/hacktivd/socket\"; ca_file = \"/etc/ca.pem\";\n"
		"    login = \"zoe\"; password_command = [ \"pass\", \"a b\" ]; }\n"
		");\n");
	assert_int_equal(config.note_count, 0);
	assert_string_equal(config.language, "fr");
	assert_string_equal(config.home_space, "ferme");
	assert_string_equal(config.usual_desk, "Les Serres 3");
	assert_int_equal(config.escape_delay_ms, 50);
	assert_int_equal(config.colour, COLOUR_NEVER);
	assert_int_equal(config.kiosk_idle_s, 3600);
	assert_string_equal(config.source, "config.cfg");
	assert_int_equal(config.site_count, 2);
	assert_string_equal(config.sites[0].id, "reseau");
	assert_string_equal(config.sites[0].label, "Le réseau");
	assert_string_equal(config.sites[0].address.base, "https://reseau.example.org/api");
	assert_string_equal(config.sites[0].login, "camille");
	assert_string_equal(config.sites[0].address.pinned_key, PIN ";" PIN);
	assert_string_equal(config.sites[1].address.unix_socket, "/run/hacktivd/socket");
	assert_string_equal(config.sites[1].address.ca_file, "/etc/ca.pem");
	assert_null(config.sites[0].password_command);
	assert_string_equal(config.sites[1].password_command[0], "pass");
	assert_string_equal(config.sites[1].password_command[1], "a b");
	assert_null(config.sites[1].password_command[2]);
	assert_null(config.sites[1].address.pinned_key);
	assert_ptr_equal(config.sites[1].backend, &backend_hacktiv);

	config_use_for_all(&config);   /* C38: of one person nothing stays */
	assert_string_equal(config.sites[0].login, "");
	assert_null(config.sites[1].password_command);
	assert_string_equal(config.usual_desk, "");
	assert_string_equal(config.home_space, "ferme");
	config_clear(&config);
}

/* One mistake each; the default stands. */
static const struct { const char *text; const char *note; } mistakes[] = {
	{ "escape_delay_ms = 5;", "config.cfg:1: “escape_delay_ms” is not right; a whole number from 10 to 1000 was expected." },
	{ "\n\nescape_delay_ms = 1001;", "config.cfg:3:" },
	{ "escape_delay_ms = \"25\";", "a whole number from 10 to 1000" },
	{ "escape_delay_ms = 25.0;", "a whole number" },
	{ "escape_delay_ms = 10737418240;", "a whole number" },       /* saturates in libconfig 1.5 */
	{ "escape_delay_ms = 10737418240L;", "a whole number" },      /* reads as 0 by the usual call */
	{ "escape_delay_ms = 4294967346L;", "a whole number" },       /* 2^32 + 50 */
	{ "escape_delay_ms = 0xFFFFFFFF;", "a whole number" },
	{ "escape_delay_ms = true;", "a whole number" },
	{ "kiosk_idle = 4;", "config.cfg:1: “kiosk_idle” is not right; a whole number from 5 to 3600 was expected." },
	{ "kiosk_idle = 3601;", "a whole number from 5 to 3600" },
	{ "kiosk_idle = \"60\";", "a whole number from 5 to 3600" },
	{ "language = \"nl\";", "“fr” or “en” was expected" },
	{ "language = 1;", "“fr” or “en” was expected" },
	{ "colour = \"rouge\";", "“auto” or “never” was expected" },
	{ "home_space = 7;", "a text in double quotes was expected" },
	{ "langauge = \"fr\";", "“langauge” is not known; perhaps “language” was meant" },
	{ "color = \"never\";", "perhaps “colour” was meant" },
	{ "home-space = \"x\";", "perhaps “home_space” was meant" },
	{ "zzz = 1;", "“zzz” is not known." },
	{ "sites = { id = \"x\"; };", "must be a list of sites in parentheses" },
	{ "sites = ( \"x\" );", "a site in braces was expected" },
	{ "sites = ( { id = \"x\"; } );", "“url” is missing" },
	{ "sites = ( { url = \"https://a.example\"; } );", "“id” must be 1 to 32 small letters" },
	{ "sites = ( { id = \"Majuscule\"; url = \"https://a.example\"; } );", "“id” must be 1 to 32 small letters" },
	{ "sites = ( { id = \"../x\"; url = \"https://a.example\"; } );", "“id” must be 1 to 32 small letters" },
	{ "sites = ( { id = \"x\"; url = \"https://a.example\"; backend = \"hactiv\"; } );", "the backend “hactiv” is not known; known: hacktiv" },
	{ "sites = ( { id = \"x\"; url = \"ftp://a.example\"; } );", "config.cfg:1: this site is left out" },
	{ "sites = ( { id = \"x\"; url = \"https://me:secret@a.example\"; } );", "this site is left out" },
	{ "sites = ( { id = \"x\"; url = \"https://a.example\"; pasword = \"x\"; } );", "“pasword” is not known" },
	{ "language = \"fr\"; language = \"en\";", "config.cfg:1: duplicate setting name" },
	{ "language = yes;", "config.cfg:1: syntax error" },
	{ "sites = ( { id = \"x\"; }, );", "config.cfg:1: syntax error" },
	{ "language = \"fr;\nhome_space = \"x\";\n", "or an unclosed quote above" },
	{ "@include \"nowhere.cfg\"", "config.cfg:1: " },
};

static void each_mistake_has_its_sentence(void **state)
{
	(void)state;
	for (size_t at = 0; at < COUNT_OF(mistakes); at++) {
		struct config config;
		load(&config, mistakes[at].text);
		if (config.note_count != 1)
			fail_msg("%s: %zu notes, the first: %s", mistakes[at].text, config.note_count, config.notes[0].text);
		expect_note(&config, 0, mistakes[at].note);
		assert_int_equal(config.escape_delay_ms, 25);
		assert_int_equal(config.colour, COLOUR_AUTO);
		assert_null(config.language);
		assert_string_equal(config.home_space, "");
		config_clear(&config);
	}
}

static void a_secret_in_an_address_is_not_repeated(void **state)
{
	(void)state;
	struct config config;
	load(&config, "sites = ( { id = \"x\"; url = \"https://me:s3cret@a.example\"; } );");
	assert_int_equal(config.site_count, 0);
	assert_null(strstr(config.notes[0].text, "s3cret"));
	config_clear(&config);
}

static void one_wrong_site_leaves_the_others(void **state)
{
	(void)state;
	struct config config;
	load(&config, "sites = ( { id = \"a\"; url = \"https://a.example\"; },\n{ id = \"a\"; url = \"https://b.example\"; },\n"
		"{ id = \"c\"; url = \"https://c.example\"; } );");
	assert_int_equal(config.note_count, 1);
	expect_note(&config, 0, "config.cfg:2: this site is left out: the id “a” is that of an earlier site.");
	assert_int_equal(config.site_count, 2);
	assert_string_equal(config.sites[1].id, "c");
	config_clear(&config);
}

/* Who pins a key wants no connection without: a slip in it must not lead to one. */
static void a_site_with_a_wrong_pin_is_left_out(void **state)
{
	(void)state;
	static const struct { const char *url, *pin, *note; } pins[] = {
		{ "https://a.example", "\"\"", "config.cfg:2: this site is left out: “pinned_key” is “sha256//” and 44 letters" },
		{ "https://a.example", "5", "“pinned_key” is not a text" },
		{ "https://a.example", "\"/etc/key.pem\"", "44 letters" },
		{ "https://a.example", "\"sha256//\"", "44 letters" },
		{ "https://a.example", "\"sha256//1FpBVkv8aEFRVBNxnXYTqY0bX3Hh8b2r4Zp/wj+TCYI\"", "44 letters" },
		{ "https://a.example", "\"sha256//é1FpBVkv8aEFRVBNxnXYTqY0bX3Hh8b2r4Zp/wj+TCY=\"", "44 letters" },
		{ "https://a.example", "\"sha1//1FpBVkv8aEFRVBNxnXYTqY0bX3Hh8b2r4Zp/wj+TCYI=\"", "44 letters" },
		{ "https://a.example", "\"" PIN "x\"", "44 letters" },
		{ "https://a.example", "\"" PIN ";\"", "44 letters" },
		{ "https://a.example", "\"" PIN ";x\"", "44 letters" },
		{ "unix:/run/x", "\"" PIN "\"", "is for https:// only" },
		{ "http://localhost:80", "\"" PIN "\"", "is for https:// only" },
	};
	for (size_t at = 0; at < COUNT_OF(pins); at++) {
		struct config config;
		struct arena *arena = arena_new();
		load(&config, arena_print(arena, "sites = (\n{ id = \"a\"; url = \"%s\"; pinned_key = %s; } );", pins[at].url, pins[at].pin));
		if (config.site_count != 0)
			fail_msg("taken: %s", pins[at].pin);
		expect_note(&config, 0, pins[at].note);
		expect_note(&config, config.note_count - 1, "this site is left out");
		config_clear(&config);
		arena_free(arena);
	}
}

static void a_syntax_error_leaves_the_defaults(void **state)
{
	(void)state;
	struct config config;
	load(&config, "escape_delay_ms = 50;\ncolour = ;\n");
	assert_int_equal(config.escape_delay_ms, 25);
	expect_note(&config, 0, "config.cfg:2: syntax error");
	expect_note(&config, 0, "the defaults stand");
	config_clear(&config);
}

static void an_included_file_has_its_own_lines(void **state)
{
	(void)state;
	write_file("more.cfg", "\nescape_delay_ms = 9999;\n");
	struct config config;
	load(&config, "colour = \"never\";\n@include \"more.cfg\"\n");
	assert_int_equal(config.note_count, 1);
	expect_note(&config, 0, "more.cfg:2: ");
	assert_int_equal(config.colour, COLOUR_NEVER);
	config_clear(&config);
}

static void the_name_of_an_included_file_passes_the_gate(void **state)
{
	(void)state;
	struct config config;
	write_file("a\033[31m.cfg", "colour = 7;\n");
	load(&config, "@include \"a\033[31m.cfg\"\n");
	expect_note(&config, 0, "a[31m.cfg:1: ");
	config_clear(&config);
	write_file("a\033[31m.cfg", "colour = = 7;\n");
	load(&config, "@include \"a\033[31m.cfg\"\n");
	expect_note(&config, 0, "a[31m.cfg:");
	config_clear(&config);
}

static void names_pass_the_gate(void **state)
{
	(void)state;
	struct config config;
	load(&config, "sites = ( { id = \"x\"; label = \"a\033[31m\xe2\x80\xae" "b\xff\"; url = \"https://a.example\"; } );");
	assert_int_equal(config.note_count, 0);
	assert_string_equal(config.sites[0].label, "a[31mb\xef\xbf\xbd");
	config_clear(&config);
}

static void no_file_is_no_mistake(void **state)
{
	(void)state;
	struct config config;
	config_load(&config, NULL);
	assert_int_equal(config.note_count, 0);
	assert_int_equal(config.site_count, 0);
	assert_string_equal(config.source, "");
	config_clear(&config);
	config_load(&config, "nowhere.cfg");
	assert_int_equal(config.note_count, 1);
	expect_note(&config, 0, "nowhere.cfg");
	config_clear(&config);
}

static void strange_files_are_told(void **state)
{
	(void)state;
	struct config config;
	assert_int_equal(mkfifo("fifo.cfg", 0600), 0);
	config_load(&config, "fifo.cfg");   /* must not wait for a writer */
	assert_int_equal(config.note_count, 1);
	config_clear(&config);
	config_load(&config, ".");
	assert_int_equal(config.note_count, 1);
	config_clear(&config);
	FILE *file = fopen("nul.cfg", "w");
	fwrite("colour = \"never\";\0escape_delay_ms = 50;", 1, 39, file);
	fclose(file);
	config_load(&config, "nul.cfg");
	expect_note(&config, 0, "not a text file");
	assert_int_equal(config.colour, COLOUR_AUTO);
	config_clear(&config);
}

static void many_mistakes_end_with_a_hint_that_there_are_more(void **state)
{
	(void)state;
	struct config config;
	struct buffer text;
	buffer_init(&text, 10000);
	for (int at = 0; at < 40; at++)
		buffer_print(&text, "unknown%d = 1;\n", at);
	load(&config, text.bytes);
	buffer_clear(&text);
	assert_int_equal(config.note_count, CONFIG_NOTES_MAX);
	expect_note(&config, CONFIG_NOTES_MAX - 1, "there is more");
	config_clear(&config);
}

static void the_environment_wins(void **state)
{
	(void)state;
	struct config config;
	setenv("HACKTIV_URL", "https://one.example/a", 1);
	load(&config, "sites = ( { id = \"x\"; url = \"https://a.example\"; } );");
	assert_int_equal(config.site_count, 1);
	assert_string_equal(config.sites[0].address.host, "one.example");
	char *first = memory_copy_text(config.sites[0].id);
	config_clear(&config);
	/* Another address is another site: its token must never be the first one's. */
	setenv("HACKTIV_URL", "https://one.example/b", 1);
	config_load(&config, NULL);
	assert_string_not_equal(config.sites[0].id, first);
	free(first);
	config_clear(&config);
	setenv("HACKTIV_URL", "gopher://x", 1);
	load(&config, "sites = ( { id = \"x\"; url = \"https://a.example\"; } );");
	expect_note(&config, 0, "HACKTIV_URL");
	assert_int_equal(config.site_count, 0);   /* and not silently another server */
	config_clear(&config);
	unsetenv("HACKTIV_URL");
	setenv("NO_COLOR", "1", 1);
	load(&config, "colour = \"auto\";");
	assert_int_equal(config.colour, COLOUR_NEVER);
	config_clear(&config);
	unsetenv("NO_COLOR");
}

static void what_the_environment_trusts(void **state)
{
	(void)state;
	static const char pin[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	struct config config;
	setenv("HACKTIV_CA_FILE", "/etc/ssl/ours.pem", 1);
	setenv("HACKTIV_PINNED_KEY", pin, 1);
	load(&config, "sites = ( { id = \"x\"; url = \"https://a.example\"; } );");
	expect_note(&config, 0, "HACKTIV_URL");   /* of another site they say nothing */
	assert_null(config.sites[0].address.ca_file);
	assert_null(config.sites[0].address.pinned_key);
	config_clear(&config);
	setenv("HACKTIV_URL", "https://one.example", 1);
	config_load(&config, NULL);
	assert_int_equal(config.note_count, 0);
	assert_string_equal(config.sites[0].address.ca_file, "/etc/ssl/ours.pem");
	assert_string_equal(config.sites[0].address.pinned_key, pin);
	config_clear(&config);
	setenv("HACKTIV_PINNED_KEY", "sha256//short", 1);
	config_load(&config, NULL);
	expect_note(&config, 0, "HACKTIV_PINNED_KEY");
	assert_int_equal(config.site_count, 0);   /* rather none than one that is not pinned */
	config_clear(&config);
	unsetenv("HACKTIV_URL");
	unsetenv("HACKTIV_CA_FILE");
	unsetenv("HACKTIV_PINNED_KEY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(each_mistake_has_its_sentence),
		cmocka_unit_test(a_secret_in_an_address_is_not_repeated),
		cmocka_unit_test(one_wrong_site_leaves_the_others),
		cmocka_unit_test(a_site_with_a_wrong_pin_is_left_out),
		cmocka_unit_test(a_syntax_error_leaves_the_defaults),
		cmocka_unit_test(an_included_file_has_its_own_lines),
		cmocka_unit_test(the_name_of_an_included_file_passes_the_gate),
		cmocka_unit_test(names_pass_the_gate),
		cmocka_unit_test(no_file_is_no_mistake),
		cmocka_unit_test(strange_files_are_told),
		cmocka_unit_test(what_the_environment_trusts),
		cmocka_unit_test(many_mistakes_end_with_a_hint_that_there_are_more),
		cmocka_unit_test(the_environment_wins),
	};
	return cmocka_run_group_tests_name("app config", tests, enter_directory, leave_directory);
}
