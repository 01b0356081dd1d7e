/* arguments.c — see arguments.h. */
#include "arguments.h"

#include <string.h>

enum option {
	OPTION_JSON, OPTION_ANY, OPTION_DROP, OPTION_LINES, OPTION_LANGUAGE, OPTION_CONFIG, OPTION_PASSWORD, OPTION_PASSWORD_STDIN, OPTION_QR, OPTION_KIOSK, OPTION_RESET, OPTION_VERSION,
	OPTION_HELP
};

/* Help shows the rows in this order. */
const struct option_row option_table[] = {
	[OPTION_JSON] = { "--json", NULL, NULL, N_("answer as JSON, for scripts") },
	[OPTION_ANY] = { "--any", NULL, NULL, N_("with book: any free desk of the space will do") },
	[OPTION_DROP] = { "--drop", NULL, NULL, N_("with logout: also when wishes wait, which are then dropped") },
	[OPTION_LINES] = { "--lines", NULL, NULL,
	                   N_("line mode: one question, one answer, nothing drawn; also with ACCESSIBLE=1") },
	[OPTION_LANGUAGE] = { "--language", NULL, "fr|en", N_("the language of this run") },
	[OPTION_CONFIG] = { "--config", "-c", "FILE", N_("another configuration than $XDG_CONFIG_HOME/hacktiv/config.cfg") },
	[OPTION_PASSWORD] = { "--password", NULL, NULL, N_("with login: ask for a password, not for a code typed elsewhere") },
	[OPTION_PASSWORD_STDIN] = { "--password-stdin", NULL, NULL,
	                            N_("with login: the first line of standard input is the password") },
	[OPTION_QR] = { "--qr", NULL, NULL, N_("with login: show the address as a QR code too") },
	[OPTION_KIOSK] = { "--kiosk", NULL, NULL, N_("the screen of a terminal that many share: it locks, and forgets who was there") },
	[OPTION_RESET] = { "--reset", NULL, NULL, N_("with demo: begin afresh") },
	[OPTION_VERSION] = { "--version", "-V", NULL, N_("say which hacktiv this is") },
	[OPTION_HELP] = { "--help", "-h", NULL, N_("this text; after a command, about it") },
};
const size_t option_count = COUNT_OF(option_table);

static int find_option(const char *text, size_t length)
{
	for (size_t at = 0; at < option_count; at++) {
		if (strlen(option_table[at].name) == length && memcmp(option_table[at].name, text, length) == 0)
			return (int)at;
		if (option_table[at].letter && strcmp(option_table[at].letter, text) == 0)
			return (int)at;
	}
	return -1;
}

/* The known option that shares the longest beginning with what was typed, and at least "--" and a letter. */
static const char *nearest_option(const char *text)
{
	const char *best = NULL;
	size_t best_length = 2;
	for (size_t at = 0; at < option_count; at++) {
		size_t length = 0;
		while (text[length] && text[length] == option_table[at].name[length])
			length++;
		if (length > best_length) {
			best = option_table[at].name;
			best_length = length;
		}
	}
	return best;
}

static bool refuse_unknown(const char *text, struct problem *why)
{
	const char *near = nearest_option(text);
	if (near)
		return problem_set(why, PROBLEM_INVALID, text,
		                   _("There is no option %1$s; perhaps %2$s was meant. Try hacktiv --help."), text, near);
	return problem_set(why, PROBLEM_INVALID, text, _("There is no option %s. Try hacktiv --help."), text);
}

static void apply(struct arguments *arguments, enum option option, const char *value)
{
	switch (option) {
	case OPTION_CONFIG:
		arguments->config = value;
		break;
	case OPTION_LANGUAGE:
		arguments->language = value;
		break;
	case OPTION_JSON:
		arguments->json = true;
		break;
	case OPTION_ANY:
		arguments->any = true;
		break;
	case OPTION_DROP:
		arguments->drop = true;
		break;
	case OPTION_LINES:
		arguments->lines = true;
		break;
	case OPTION_KIOSK:
		arguments->kiosk = true;
		break;
	case OPTION_RESET:
		arguments->reset = true;
		break;
	case OPTION_PASSWORD:
		arguments->by_password = true;
		break;
	case OPTION_QR:
		arguments->qr = true;
		break;
	case OPTION_PASSWORD_STDIN:
		arguments->password_from_input = true;
		break;
	case OPTION_HELP:
		arguments->help = true;
		break;
	case OPTION_VERSION:
		arguments->version = true;
		break;
	}
}

static bool check(struct arguments *arguments, struct problem *why)
{
	const char *language = arguments->language;
	if (language && strcmp(language, "fr") != 0 && strcmp(language, "en") != 0) {
		arguments->language = NULL;
		return problem_set(why, PROBLEM_INVALID, "--language", _("--language: “fr” or “en” was expected, not “%s”."), language);
	}
	if (arguments->word_count && strcmp(arguments->words[0], "demo") == 0) {
		arguments->demo = true;
		arguments->words++;
		arguments->word_count--;
	}
	if (arguments->kiosk && (arguments->demo || arguments->word_count))
		return problem_set(why, PROBLEM_INVALID, "--kiosk", _("--kiosk is a whole screen for many: no command goes with it."));
	if (arguments->kiosk && (arguments->json || arguments->lines))
		return problem_set(why, PROBLEM_INVALID, "--kiosk", _("--kiosk is a whole screen for many: neither --json nor --lines goes with it."));
	if (arguments->reset && !arguments->demo)
		return problem_set(why, PROBLEM_INVALID, "--reset", _("--reset goes with “hacktiv demo” only."));
	return true;
}

bool arguments_read(struct arena *arena, int count, char *const *values, struct arguments *arguments, struct problem *why)
{
	memset(arguments, 0, sizeof *arguments);
	const char **words = arena_get(arena, (size_t)(count > 0 ? count : 1) * sizeof *words);
	arguments->words = words;
	bool options_over = false, right = true;
	for (int at = 1; at < count; at++) {
		const char *text = text_clean(arena, values[at], strlen(values[at]), TEXT_ONE_LINE, TEXT_LINE_MAX);
		if (options_over || text[0] != '-' || !text[1]) {
			words[arguments->word_count++] = text;
			continue;
		}
		if (strcmp(text, "--") == 0) {
			options_over = true;
			continue;
		}
		size_t length = strcspn(text, "=");
		int option = find_option(text, length);
		if (option < 0) {
			right = right && refuse_unknown(text, why);
			continue;
		}
		/* A file name is taken as it stands: cleaning could make it another's. */
		bool takes_value = option_table[option].value;
		const char *value = text[length] ? strchr(values[at], '=') + 1 : NULL;
		if (takes_value && !value && at + 1 < count)
			value = values[++at];
		if (right && takes_value != (value && *value))
			right = problem_set(why, PROBLEM_INVALID, option_table[option].name,
				takes_value ? _("%s needs a value.") : _("%s takes no value."), option_table[option].name);
		else
			apply(arguments, (enum option)option, value);
	}
	return check(arguments, right ? why : NULL) && right;
}
