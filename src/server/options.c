/* options.c — see options.h. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

const char options_help[] =
	"hacktivd — the booking server of a network of coworking spaces\n"
	"\n"
	"  hacktivd serve --database sqlite:PATH --listen HOST:PORT|unix:PATH [--quiet]\n"
	"                 [--sample-data [--sample-password FILE]]\n"
	"  hacktivd routes\n"
	"  hacktivd --version | --help\n"
	"\n"
	"  routes                   print what can be asked, METHOD and path on each line\n"
	"  --database sqlite:PATH   where everything is kept; made when it is not there\n"
	"  --listen HOST:PORT       a loopback address; port 0 takes any free one\n"
	"  --listen unix:PATH       a socket that only its owner may use\n"
	"  --sample-data            fill an empty database with the sample network\n"
	"  --sample-password FILE   give the sample member \"demo\" the password in FILE (mode 0600)\n"
	"  --quiet                  no line per request on standard error\n"
	"\n"
	"When it is ready it prints \"listening on ADDRESS\". SIGTERM ends it: what was begun is finished first.\n"
	"It listens on loopback only; for the internet put nginx or haproxy with TLS in front.\n"
	"HACKTIV_NOW=2026-11-24T10:00:00+01:00 stops its clock, for tests.\n";

enum option { OPTION_DATABASE, OPTION_LISTEN, OPTION_SAMPLE_DATA, OPTION_SAMPLE_PASSWORD, OPTION_QUIET, OPTION_HELP,
	      OPTION_VERSION };

static const struct {
	const char *name;
	bool takes_value;
} known[] = {
	[OPTION_DATABASE] = { "--database", true },   [OPTION_LISTEN] = { "--listen", true },
	[OPTION_SAMPLE_DATA] = { "--sample-data", false }, [OPTION_SAMPLE_PASSWORD] = { "--sample-password", true },
	[OPTION_QUIET] = { "--quiet", false },        [OPTION_HELP] = { "--help", false },
	[OPTION_VERSION] = { "--version", false },
};

/* Levenshtein: how many letters to add, drop or change. */
static size_t distance(const char *from, const char *to)
{
	size_t width = strlen(to) + 1;
	size_t *row = memory_get_array(width, sizeof *row);
	for (size_t i = 0; i < width; i++)
		row[i] = i;
	for (size_t at = 1; *from; from++, at++) {
		size_t corner = row[0];
		row[0] = at;
		for (size_t i = 1; i < width; i++) {
			size_t change = corner + (*from != to[i - 1]);
			corner = row[i];
			size_t best = row[i] + 1 < row[i - 1] + 1 ? row[i] + 1 : row[i - 1] + 1;
			row[i] = change < best ? change : best;
		}
	}
	size_t result = row[width - 1];
	free(row);
	return result;
}

static const char *nearest(const char *given)
{
	const char *best = known[0].name;
	size_t best_distance = (size_t)-1;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		size_t here = distance(given, known[i].name);
		if (here < best_distance) {
			best = known[i].name;
			best_distance = here;
		}
	}
	return best;
}

/* The option in `argument` up to its "=", or -1. */
static int find_option(const char *argument, size_t length)
{
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strlen(known[i].name) == length && memcmp(known[i].name, argument, length) == 0)
			return (int)i;
	return -1;
}

static bool unknown(const char *argument, size_t length, struct problem *why)
{
	struct arena *arena = arena_new();
	char *name = text_clean(arena, argument, length, TEXT_ONE_LINE, TEXT_NAME_MAX);
	problem_set(why, PROBLEM_INVALID, "option", "There is no option %s. Did you mean %s?", name, nearest(name));
	arena_free(arena);
	return false;
}

static void apply(struct options *options, enum option option, const char *value)
{
	switch (option) {
	case OPTION_DATABASE:
		options->database = value;
		break;
	case OPTION_LISTEN:
		options->listen = value;
		break;
	case OPTION_SAMPLE_DATA:
		options->sample_data = true;
		break;
	case OPTION_SAMPLE_PASSWORD:
		options->sample_password = value;
		break;
	case OPTION_QUIET:
		options->quiet = true;
		break;
	case OPTION_HELP:
		options->wanted = WANTED_HELP;
		break;
	case OPTION_VERSION:
		options->wanted = WANTED_VERSION;
		break;
	}
}

static bool check(const struct options *options, bool serve, struct problem *why)
{
	if (options->wanted != WANTED_SERVE)
		return true;
	if (!serve)
		return problem_set(why, PROBLEM_INVALID, "command", "Say what to do: hacktivd serve …, or hacktivd --help.");
	if (!options->database)
		return problem_set(why, PROBLEM_MISSING, "--database", "Say where the data is: --database sqlite:PATH.");
	if (!options->listen)
		return problem_set(why, PROBLEM_MISSING, "--listen", "Say where to listen: --listen 127.0.0.1:8080 or --listen unix:PATH.");
	return true;
}

bool options_read(int argc, char *const *argv, struct options *options, struct problem *why)
{
	*options = (struct options){ .wanted = WANTED_SERVE };
	bool serve = false;
	for (int at = 1; at < argc; at++) {
		const char *argument = argv[at];
		size_t length = strcspn(argument, "=");
		if (at == 1 && strcmp(argument, "serve") == 0) {
			serve = true;
			continue;
		}
		if (at == 1 && strcmp(argument, "routes") == 0) {
			options->wanted = WANTED_ROUTES;
			continue;
		}
		int option = find_option(argument, length);
		if (option < 0)
			return unknown(argument, length, why);
		const char *value = argument[length] ? argument + length + 1 : NULL;
		if (!known[option].takes_value && value)
			return problem_set(why, PROBLEM_INVALID, known[option].name, "%s takes no value.", known[option].name);
		if (known[option].takes_value && !value && ++at < argc)
			value = argv[at];
		if (known[option].takes_value && (!value || !*value))
			return problem_set(why, PROBLEM_INVALID, known[option].name, "%s needs a value: see hacktivd --help.", known[option].name);
		apply(options, (enum option)option, value);
	}
	return check(options, serve, why);
}
