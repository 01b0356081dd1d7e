/* i18n.c — see i18n.h. */
#include "hacktiv/base/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DOMAIN "hacktiv"

static const char *const languages[] = { "fr", "en" };

const char *i18n_with_context(const char *context_and_text, const char *text)
{
	const char *found = gettext(context_and_text);
	return found == context_and_text ? text : found;
}

/* What the environment asks for in one category, as POSIX orders it; "" for nothing. */
static const char *asked_for(const char *category)
{
	const char *names[] = { "LC_ALL", category, "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return "";
}

static bool is_plain_c(const char *locale)
{
	return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
}

/* "fr_BE.UTF-8", and the bare "UTF-8" that a Mac sends over SSH. */
static bool names_utf8(const char *locale)
{
	const char *dot = strchr(locale, '.');
	const char *codeset = dot ? dot + 1 : locale;
	return strncasecmp(codeset, "utf-8", 5) == 0 || strncasecmp(codeset, "utf8", 4) == 0;
}

/* One of ours when `name` ("fr_BE.UTF-8", "fr", "fr:nl") begins with it as a whole word, else NULL. */
static const char *language_of(const char *name)
{
	for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
		size_t length = strlen(languages[i]);
		if (strncmp(name, languages[i], length) == 0 && (name[length] == '\0' || strchr("_.@:-\n", name[length])))
			return languages[i];
	}
	return NULL;
}

static const char *language_from_environment(void)
{
	const char *locale = asked_for("LC_MESSAGES");
	/* Who asks for C wants the programs' own words, whatever LANGUAGE says (GNU gettext, "The LANGUAGE variable"). */
	if (is_plain_c(locale))
		return "en";
	const char *list = getenv("LANGUAGE");
	while (list && *list) {
		const char *language = language_of(list);
		if (language)
			return language;
		list = strchr(list, ':');
		list = list ? list + 1 : NULL;
	}
	const char *language = language_of(locale);
	return language ? language : "en";
}

/* A locale that is not installed must cost neither accents nor language: C.UTF-8 is on every system. */
static void choose_characters(void)
{
	if (!setlocale(LC_ALL, "") && !setlocale(LC_CTYPE, ""))
		setlocale(LC_ALL, names_utf8(asked_for("LC_CTYPE")) ? "C.UTF-8" : "C");
	setlocale(LC_NUMERIC, "C");
}

static void choose_messages(const char *language)
{
	/* gettext looks at LANGUAGE only when the locale of messages is not "C" (seen with glibc 2.36; C.UTF-8 will do). */
	const char *messages = setlocale(LC_MESSAGES, NULL);
	if (!messages || is_plain_c(messages))
		setlocale(LC_MESSAGES, "C.UTF-8");
	setenv("LANGUAGE", language, 1);

	const char *place = getenv("HACKTIV_LOCALE_DIR");
	bindtextdomain(DOMAIN, place && *place ? place : HACKTIV_LOCALE_DIR);
	/* Inside the program all text is UTF-8, whatever the terminal has: text_ascii() is the last step. */
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}

bool i18n_start(const char *language)
{
	choose_characters();
	const char *known = language ? language_of(language) : NULL;
	choose_messages(known ? known : language_from_environment());
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *i18n_language(void)
{
	/* The empty msgid is the catalogue's header: what gettext really uses, not what was asked for. */
	const char *header = strstr(dgettext(DOMAIN, ""), "Language: ");
	const char *language = header ? language_of(header + strlen("Language: ")) : NULL;
	return language ? language : "en";
}
