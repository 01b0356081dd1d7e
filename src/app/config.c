/* config.c — see config.h. What libconfig 1.5 does not tell (unknown names, numbers that do not fit, wrong types) is
 * told here. */
#include "hacktiv/app/config.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"

#define CONFIG_FILE_MAX (256u * 1024u)
#define SITE_ID_MAX 32
#define PASSWORD_COMMAND "password_command"
#define ESCAPE_DELAY_MS_MIN 10
#define ESCAPE_DELAY_MS_MAX 1000
#define ESCAPE_DELAY_MS_DEFAULT 25
#define KIOSK_IDLE_S_MIN 5
#define KIOSK_IDLE_S_MAX 3600
#define KIOSK_IDLE_S_DEFAULT 60

/* ---- notes ---- */

/* The last place is kept for "and more", so that nobody believes to have seen all. */
__attribute__((format(printf, 3, 4)))
static void add_note(struct config *config, const char *field, const char *format, ...)
{
	if (config->note_count == CONFIG_NOTES_MAX)
		return;
	struct problem *problem = &config->notes[config->note_count++];
	if (config->note_count == CONFIG_NOTES_MAX) {
		problem_set(problem, PROBLEM_INVALID, "", _("%s: there is more that could not be understood."), config->source);
		return;
	}
	char text[PROBLEM_TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	problem_set(problem, PROBLEM_INVALID, field, "%s", text);
}
#define note(...) (__extension__ add_note(__VA_ARGS__))   /* why: see problem_set() */

/* In an included file, that one's name. */
static const char *file_name(struct config *config, const char *included)
{
	return included ? text_clean(config->arena, included, strlen(included), TEXT_ONE_LINE, TEXT_LINE_MAX) : config->source;
}

/* "config.cfg:12", for the start of a note. */
static const char *place_of(struct config *config, const config_setting_t *setting)
{
	return arena_print(config->arena, "%s:%u", file_name(config, config_setting_source_file(setting)),
	                   (unsigned)config_setting_source_line(setting));
}

static const char *name_of(struct config *config, const config_setting_t *setting)
{
	const char *name = config_setting_name(setting);
	return name ? text_clean(config->arena, name, strlen(name), TEXT_ONE_LINE, TEXT_NAME_MAX) : "";
}

/* ---- single settings ---- */

static const char *read_text(struct config *config, const config_setting_t *setting, const char *fallback)
{
	const char *text = config_setting_get_string(setting);
	if (text)
		return text_clean(config->arena, text, strlen(text), TEXT_ONE_LINE, TEXT_LINE_MAX);
	const char *name = name_of(config, setting);
	note(config, name, _("%1$s: “%2$s” is not a text; a text in double quotes was expected."), place_of(config, setting),
	     name);
	return fallback;
}

/* Integers beyond 32 bits saturate without a word in libconfig 1.5, and one written with an L reads as 0 by the
 * usual call: the range catches the first, the type the second. */
static int read_int(struct config *config, const config_setting_t *setting, int from, int until, int fallback)
{
	int type = config_setting_type(setting);
	long long value = type == CONFIG_TYPE_INT64 ? config_setting_get_int64(setting) : config_setting_get_int(setting);
	if ((type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64) && value >= from && value <= until)
		return (int)value;
	const char *name = name_of(config, setting);
	note(config, name, _("%1$s: “%2$s” is not right; a whole number from %3$d to %4$d was expected."),
	     place_of(config, setting), name, from, until);
	return fallback;
}

/* One of `words`; the number of the one that stands there, or `fallback`. */
static size_t read_choice(struct config *config, const config_setting_t *setting, const char *const *words, size_t count,
                          const char *expected, size_t fallback)
{
	const char *text = config_setting_get_string(setting);
	for (size_t at = 0; text && at < count; at++) {
		if (strcmp(text, words[at]) == 0)
			return at;
	}
	const char *name = name_of(config, setting);
	note(config, name, _("%1$s: “%2$s” is not right; %3$s was expected."), place_of(config, setting), name, expected);
	return fallback;
}

static void note_unknown(struct config *config, const config_setting_t *setting, const char *const *known, size_t count)
{
	const char *name = name_of(config, setting);
	const char *near = nearest_name(name, known, count);
	if (near)
		note(config, name, _("%1$s: “%2$s” is not known; perhaps “%3$s” was meant."), place_of(config, setting), name, near);
	else
		note(config, name, _("%1$s: “%2$s” is not known."), place_of(config, setting), name);
}

/* ---- sites ---- */

static bool is_site_id(const char *id)
{
	size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return length > 0 && length <= SITE_ID_MAX && !id[length];
}

static bool site_id_is_new(const struct config *config, const char *id)
{
	for (size_t at = 0; at < config->site_count; at++) {
		if (strcmp(config->sites[at].id, id) == 0)
			return false;
	}
	return true;
}

/* `pinned_key` NULL: none was set. One that is wrong in any way leaves the site out: who pins wants no connection without. */
struct site_text { const char *id, *label, *backend, *url, *login, *ca_file, *pinned_key; const char *const *password_command; };

/* A text for the shell, or the words themselves. As they stand: cleaning could make it another command. */
static const char *const *read_command(struct config *config, const config_setting_t *setting)
{
	const char *text = config_setting_get_string(setting);
	bool is_words = config_setting_is_array(setting) == CONFIG_TRUE || config_setting_is_list(setting) == CONFIG_TRUE;
	unsigned count = is_words ? (unsigned)config_setting_length(setting) : 0;
	const char **words = arena_get(config->arena, (count + 4) * sizeof *words);
	bool right = text ? *text != '\0' : count > 0;
	for (unsigned at = 0; at < count && right; at++) {
		const char *word = config_setting_get_string_elem(setting, (int)at);
		words[at] = word ? arena_copy_text(config->arena, word) : NULL;
		right = word && (at > 0 || *word);
	}
	if (text) {
		words[0] = "/bin/sh";
		words[1] = "-c";
		words[2] = arena_copy_text(config->arena, text);
	}
	if (right)
		return words;
	note(config, PASSWORD_COMMAND, _("%1$s: “%2$s” is not right; a command in double quotes, or its words in brackets, was expected."),
	     place_of(config, setting), PASSWORD_COMMAND);
	return NULL;
}

static void read_site_settings(struct config *config, const config_setting_t *group, struct site_text *text)
{
	const struct { const char *name; const char **value; } known[] = {
		{ "id", &text->id }, { "label", &text->label }, { "backend", &text->backend }, { "url", &text->url },
		{ "login", &text->login }, { "ca_file", &text->ca_file }, { "pinned_key", &text->pinned_key },
	};
	const char *names[COUNT_OF(known) + 1];
	for (size_t at = 0; at < COUNT_OF(known); at++)
		names[at] = known[at].name;
	names[COUNT_OF(known)] = PASSWORD_COMMAND;
	for (unsigned at = 0; at < (unsigned)config_setting_length(group); at++) {
		const config_setting_t *setting = config_setting_get_elem(group, at);
		size_t which = 0;
		while (which < COUNT_OF(known) && strcmp(config_setting_name(setting), known[which].name) != 0)
			which++;
		if (strcmp(config_setting_name(setting), PASSWORD_COMMAND) == 0)
			text->password_command = read_command(config, setting);
		else if (which < COUNT_OF(known))
			*known[which].value = read_text(config, setting, *known[which].value ? *known[which].value : "");
		else
			note_unknown(config, setting, names, COUNT_OF(names));
	}
}

static bool check_site(struct config *config, const struct site_text *text, struct site_config *site, struct problem *why)
{
	if (!is_site_id(text->id))
		return problem_set(why, PROBLEM_INVALID, "id", _("“id” must be 1 to 32 small letters, digits and hyphens."));
	if (!site_id_is_new(config, text->id))
		return problem_set(why, PROBLEM_INVALID, "id", _("the id “%s” is that of an earlier site."), text->id);
	site->backend = backend_find(text->backend);
	if (!site->backend)
		return problem_set(why, PROBLEM_INVALID, "backend", _("the backend “%1$s” is not known; known: %2$s."), text->backend,
		                   backend_names());
	if (!*text->url)
		return problem_set(why, PROBLEM_INVALID, "url", _("“url” is missing: where the site answers."));
	if (!http_address_parse(config->arena, text->url, &site->address, why))
		return false;
	if (*text->ca_file)
		site->address.ca_file = text->ca_file;
	if (text->pinned_key && !http_address_pin(&site->address, text->pinned_key, why))
		return false;
	site->id = text->id;
	site->label = *text->label ? text->label : site->address.host;
	site->login = text->login;
	if (text->password_command && !*text->login)
		return problem_set(why, PROBLEM_INVALID, "login", _("“password_command” needs “login”: whose password it tells."));
	site->password_command = text->password_command;
	return true;
}

static void read_site(struct config *config, const config_setting_t *group)
{
	const char *place = place_of(config, group);
	if (!config_setting_is_group(group)) {
		note(config, "sites", _("%s: a site in braces was expected: { id = \"…\"; url = \"…\"; }."), place);
		return;
	}
	if (config->site_count == CONFIG_SITES_MAX) {
		note(config, "sites", _("%1$s: more than %2$d sites; this one is left out."), place, CONFIG_SITES_MAX);
		return;
	}
	struct site_text text = { "", "", "hacktiv", "", "", "", NULL, NULL };
	read_site_settings(config, group, &text);
	struct problem why = { .kind = PROBLEM_NONE };
	if (check_site(config, &text, &config->sites[config->site_count], &why))
		config->site_count++;
	else
		note(config, why.field, _("%1$s: this site is left out: %2$s"), place, why.text);
}

static void read_sites(struct config *config, const config_setting_t *list)
{
	if (!config_setting_is_list(list)) {
		note(config, "sites", _("%s: “sites” must be a list of sites in parentheses: ( { … }, { … } )."),
		     place_of(config, list));
		return;
	}
	for (unsigned at = 0; at < (unsigned)config_setting_length(list); at++)
		read_site(config, config_setting_get_elem(list, at));
}

/* ---- the file ---- */

static const char *const languages[] = { "fr", "en" };
static const char *const colours[] = { [COLOUR_AUTO] = "auto", [COLOUR_NEVER] = "never" };

static void read_language(struct config *config, const config_setting_t *setting)
{
	size_t which = read_choice(config, setting, languages, COUNT_OF(languages), _("“fr” or “en”"), COUNT_OF(languages));
	if (which < COUNT_OF(languages))
		config->language = languages[which];
}

static void read_home_space(struct config *config, const config_setting_t *setting)
{
	config->home_space = read_text(config, setting, "");
}

static void read_usual_desk(struct config *config, const config_setting_t *setting)
{
	config->usual_desk = read_text(config, setting, "");
}

static void read_escape_delay(struct config *config, const config_setting_t *setting)
{
	config->escape_delay_ms =
		read_int(config, setting, ESCAPE_DELAY_MS_MIN, ESCAPE_DELAY_MS_MAX, ESCAPE_DELAY_MS_DEFAULT);
}

static void read_kiosk_idle(struct config *config, const config_setting_t *setting)
{
	config->kiosk_idle_s = read_int(config, setting, KIOSK_IDLE_S_MIN, KIOSK_IDLE_S_MAX, KIOSK_IDLE_S_DEFAULT);
}

static void read_colour(struct config *config, const config_setting_t *setting)
{
	config->colour =
		(enum config_colour)read_choice(config, setting, colours, COUNT_OF(colours), _("“auto” or “never”"), COLOUR_AUTO);
}

static const struct {
	const char *name;
	void (*read)(struct config *config, const config_setting_t *setting);
} settings[] = {
	{ "sites", read_sites }, { "language", read_language }, { "home_space", read_home_space },
	{ "usual_desk", read_usual_desk }, { "escape_delay_ms", read_escape_delay }, { "colour", read_colour },
	{ "kiosk_idle", read_kiosk_idle },
};

static void read_root(struct config *config, const config_setting_t *root)
{
	const char *names[COUNT_OF(settings)];
	for (size_t at = 0; at < COUNT_OF(settings); at++)
		names[at] = settings[at].name;
	for (unsigned at = 0; at < (unsigned)config_setting_length(root); at++) {
		const config_setting_t *setting = config_setting_get_elem(root, at);
		size_t which = 0;
		while (which < COUNT_OF(settings) && strcmp(config_setting_name(setting), settings[which].name) != 0)
			which++;
		if (which < COUNT_OF(settings))
			settings[which].read(config, setting);
		else
			note_unknown(config, setting, names, COUNT_OF(names));
	}
}

static void set_include_directory(config_t *parsed, struct config *config)
{
	const char *slash = strrchr(config->source, '/');
	size_t length = slash ? (size_t)(slash - config->source) : 0;
	const char *directory = slash ? arena_copy_bytes(config->arena, config->source, length ? length : 1) : ".";
	config_set_include_dir(parsed, directory);
}

/* libconfig reports an unclosed quote at the end of the file: the hint says where to look. */
static void note_syntax(struct config *config, const config_t *parsed)
{
	const char *file = file_name(config, config_error_file(parsed));
	const char *text = config_error_text(parsed);
	note(config, "", _("%1$s:%2$d: %3$s, or an unclosed quote above. Nothing of this file is used, the defaults stand."),
	     file, config_error_line(parsed), text ? text : "?");
}

static void read_text_of_file(struct config *config, const struct buffer *file)
{
	if (memchr(file->bytes, '\0', file->length)) {
		note(config, "", _("%s: this is not a text file. Nothing of it is used, the defaults stand."), config->source);
		return;
	}
	config_t parsed;
	config_init(&parsed);
	set_include_directory(&parsed, config);
	if (config_read_string(&parsed, file->bytes) == CONFIG_TRUE)
		read_root(config, config_root_setting(&parsed));
	else
		note_syntax(config, &parsed);
	config_destroy(&parsed);
}

static void read_file(struct config *config, const char *path)
{
	struct problem why = { .kind = PROBLEM_NONE };
	char *usual = path ? NULL : path_config("config.cfg", &why);
	const char *from = path ? path : usual;
	struct buffer file;
	if (from && path_read(from, CONFIG_FILE_MAX, &file, &why)) {
		config->source = text_clean(config->arena, from, strlen(from), TEXT_ONE_LINE, TEXT_LINE_MAX);
		read_text_of_file(config, &file);
		buffer_clear(&file);
	} else if (path || why.kind != PROBLEM_NOT_FOUND) {
		note(config, "", "%s", why.text);
	}
	free(usual);
}

/* ---- HACKTIV_URL and what goes with it ---- */

/* A token belongs to one address: the id is made from the whole of it, so that none is ever sent to another. */
static const char *id_for_url(struct arena *arena, const char *url, const char *host)
{
	char name[24];
	size_t length = 0;
	for (const char *at = host; *at && length + 1 < sizeof name; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');
		name[length++] = plain ? *at : '-';
	}
	name[length] = '\0';
	uint32_t hash = 2166136261u;   /* FNV-1a */
	for (const char *at = url; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return arena_print(arena, "%s%08x", name, hash);
}

bool config_use_only(struct config *config, const char *id, const char *label, const char *url, struct problem *why)
{
	config->site_count = 0;
	struct site_config *site = &config->sites[0];
	memset(site, 0, sizeof *site);
	const char *clean = text_clean(config->arena, url, strlen(url), TEXT_ONE_LINE, TEXT_LINE_MAX);
	if (!http_address_parse(config->arena, clean, &site->address, why))
		return false;
	site->id = id ? arena_copy_text(config->arena, id) : id_for_url(config->arena, clean, site->address.host);
	site->label = label ? arena_copy_text(config->arena, label) : site->address.host;
	site->backend = &backend_hacktiv;
	site->login = "";
	config->site_count = 1;
	return true;
}

/* Who pins a key wants no connection without: a pin that is wrong, or of no site, leaves nothing to connect to. */
static void trust_of_environment(struct config *config, bool has_url)
{
	const char *ca_file = getenv("HACKTIV_CA_FILE"), *pin = getenv("HACKTIV_PINNED_KEY");
	bool is_set = (ca_file && *ca_file) || (pin && *pin);
	if (is_set && !has_url)
		note(config, "HACKTIV_URL", "%s", _("HACKTIV_CA_FILE and HACKTIV_PINNED_KEY go with HACKTIV_URL, which is not set: they are not used."));
	if (!is_set || !has_url || !config->site_count)
		return;
	struct problem why = { .kind = PROBLEM_NONE };
	struct http_address *address = &config->sites[0].address;
	if (ca_file && *ca_file)
		address->ca_file = arena_copy_text(config->arena, ca_file);
	if (!pin || !*pin || http_address_pin(address, arena_copy_text(config->arena, pin), &why))
		return;
	note(config, "HACKTIV_PINNED_KEY", _("HACKTIV_PINNED_KEY: %s"), why.text);
	config->site_count = 0;
}

static void read_site_of_environment(struct config *config)
{
	const char *url = getenv("HACKTIV_URL");
	struct problem why = { .kind = PROBLEM_NONE };
	bool has_url = url && *url;
	if (has_url && !config_use_only(config, NULL, NULL, url, &why))
		note(config, "HACKTIV_URL", _("HACKTIV_URL: %s"), why.text);
	trust_of_environment(config, has_url);
}

void config_load(struct config *config, const char *path)
{
	memset(config, 0, sizeof *config);
	config->arena = arena_new();
	config->home_space = config->usual_desk = config->source = "";
	config->escape_delay_ms = ESCAPE_DELAY_MS_DEFAULT;
	config->colour = COLOUR_AUTO;
	config->kiosk_idle_s = KIOSK_IDLE_S_DEFAULT;
	read_file(config, path);

	read_site_of_environment(config);
	const char *no_color = getenv("NO_COLOR");
	if (no_color && *no_color)
		config->colour = COLOUR_NEVER;
}

void config_use_for_all(struct config *config)
{
	for (size_t at = 0; at < config->site_count; at++) {
		config->sites[at].login = "";
		config->sites[at].password_command = NULL;
	}
	config->usual_desk = "";
}

void config_clear(struct config *config)
{
	arena_free(config->arena);
	memset(config, 0, sizeof *config);
}
