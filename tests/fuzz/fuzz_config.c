/* fuzz_config.c — whatever the configuration file holds, a usable configuration comes of it, and each mistake is a sentence. */
#include <string.h>

#include "hacktiv/app/config.h"

#include "scratch.h"

/* libconfig 1.5 forgets the text it was reading when that text has a syntax error; the program reads its configuration once. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig\n";
}

static void check_text(const char *text, size_t most)
{
	MUST(text && text_is_clean(text, strlen(text), TEXT_ONE_LINE, most));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct config config;
	unsetenv("HACKTIV_URL");
	config_load(&config, scratch_write("config.cfg", bytes, length));
	MUST(config.site_count <= CONFIG_SITES_MAX && config.note_count <= CONFIG_NOTES_MAX);
	for (size_t i = 0; i < config.note_count; i++) {
		MUST(config.notes[i].text[0]);
		check_text(config.notes[i].text, PROBLEM_TEXT_MAX);
	}
	for (size_t i = 0; i < config.site_count; i++) {
		const struct site_config *site = &config.sites[i];
		MUST(*site->id && strspn(site->id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(site->id));
		MUST(site->backend && *site->label);
		check_text(site->label, TEXT_LINE_MAX);
		check_text(site->login, TEXT_LINE_MAX);
		check_text(site->address.host, TEXT_LINE_MAX);
	}
	MUST(!config.language || strcmp(config.language, "fr") == 0 || strcmp(config.language, "en") == 0);
	check_text(config.home_space, TEXT_LINE_MAX);
	check_text(config.usual_desk, TEXT_LINE_MAX);
	MUST(config.escape_delay_ms >= 10 && config.escape_delay_ms <= 1000);
	config_clear(&config);
	return 0;
}
