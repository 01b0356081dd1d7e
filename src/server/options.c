/* options.c — see options.h. */
#include "options.h"

#include "public_url.h"

#include <stdlib.h>
#include <string.h>

const char options_help[] =
	"hacktivd — the booking server of a network of coworking spaces\n"
	"\n"
	"  hacktivd serve --database sqlite:PATH --listen HOST:PORT|unix:PATH [--quiet]\n"
	"                 [--public-url URL] [--security-contact URI] [--trusted-proxy ADDRESS]\n"
	"                 [--metrics HOST:PORT|unix:PATH] [--log-format text|json] [--behind-proxy]\n"
	"                 [--sample-data [--sample-password FILE]]\n"
	"  hacktivd import --database sqlite:PATH FILE\n"
	"  hacktivd passwd --database sqlite:PATH [--password-stdin] LOGIN\n"
	"  hacktivd user add|list|grant|revoke|disable|enable --database sqlite:PATH [LOGIN …]\n"
	"  hacktivd check URL [--login NAME [--password-stdin] | --token-file FILE] [--write]\n"
	"  hacktivd token add|list|revoke --database sqlite:PATH LOGIN [NAME|ID] [--scopes \"bookings directory\"] [--days 90]\n"
	"  hacktivd init --database sqlite:PATH LOGIN NAME\n"
	"  hacktivd backup | restore [--replace] | export --database sqlite:PATH FILE\n"
	"  hacktivd verify --database sqlite:PATH\n"
	"  hacktivd routes | rights\n"
	"  hacktivd --version | --help\n"
	"\n"
	"  import                   bring the network that FILE describes into the database\n"
	"  passwd                   give a member a password, asked for on the terminal\n"
	"  user add LOGIN NAME [SPACE]          a new member, at home in that space\n"
	"  user list                            everybody, their roles, and who is disabled\n"
	"  user grant LOGIN ROLE [SPACE]        reception and operator of a space; coordinator, finance and\n"
	"  user revoke LOGIN ROLE [SPACE]       administrator of the whole network\n"
	"  user disable LOGIN                   log somebody out and let them in no more\n"
	"  user enable LOGIN                    let them in again\n"
	"  check URL                is what answers there a server of this interface? Reads only\n"
	"  token add LOGIN NAME                 a token for a script, printed once; --scopes and --days limit it\n"
	"  token list LOGIN, token revoke LOGIN ID\n"
	"  init LOGIN NAME          make a database, and its first administrator\n"
	"  backup FILE              all of it in one file, while it is served\n"
	"  restore FILE             and back, into an empty database or, with --replace, another\n"
	"  export FILE              the network as import reads it\n"
	"  verify                   is the database whole and of one mind with itself?\n"
	"  routes                   print what can be asked, METHOD, path and action on each line\n"
	"  rights                   print which role may do what: none, own, in its space, all\n"
	"  --database sqlite:PATH   where everything is kept; made when it is not there\n"
	"  --database postgresql://USER@HOST/NAME\n"
	"                           the same in a database of PostgreSQL; the password from PGPASSFILE\n"
	"  --listen HOST:PORT       a loopback address; port 0 takes any free one\n"
	"  --listen unix:PATH       a socket that only its owner may use\n"
	"  --public-url URL         how people reach it, as in https://booking.example.org\n"
	"  --security-contact URI   whom to tell of a hole: mailto:…, https://…\n"
	"  --trusted-proxy ADDRESS  believe X-Forwarded-For of this proxy (10.0.0.0/8, ::1, unix); may be said again\n"
	"  --metrics HOST:PORT      a second place, for Prometheus: /metrics, /livez, /readyz\n"
	"  --log-format json        one JSON object a line on standard error instead of text\n"
	"  --behind-proxy           allow --listen beyond loopback: a proxy with TLS stands before it\n"
	"  --sample-data            fill an empty database with the sample network\n"
	"  --sample-password FILE   give the sample member \"demo\" the password in FILE (mode 0600)\n"
	"  --password-stdin         read the password from standard input instead\n"
	"  --login NAME             check as this member too, with a password asked for on the terminal\n"
	"  --token-file FILE        check as whose token stands in FILE (mode 0600)\n"
	"  --write                  check what writes too; leaves nothing behind\n"
	"  --quiet                  no line per request on standard error\n"
	"\n"
	"When it is ready it prints \"listening on ADDRESS\". SIGTERM ends it: what was begun is finished first.\n"
	"It listens on loopback only; for the internet put nginx or haproxy with TLS in front.\n"
	"HACKTIV_NOW=2026-11-24T10:00:00+01:00 stops its clock, for tests.\n";

/* What can be asked of hacktivd by name. */
static const struct {
	const char *name;
	enum wanted wanted;
	const char *subject;   /* what it takes besides options, "LOGIN ROLE [SPACE]"; NULL: nothing */
} commands[] = {
	{ "serve", WANTED_SERVE, NULL },
	{ "import", WANTED_IMPORT, "FILE" },
	{ "passwd", WANTED_PASSWD, "LOGIN" },
	{ "user add", WANTED_USER_ADD, "LOGIN NAME [SPACE]" },
	{ "user list", WANTED_USER_LIST, NULL },
	{ "user grant", WANTED_USER_GRANT, "LOGIN ROLE [SPACE]" },
	{ "user revoke", WANTED_USER_REVOKE, "LOGIN ROLE [SPACE]" },
	{ "user disable", WANTED_USER_DISABLE, "LOGIN" },
	{ "user enable", WANTED_USER_ENABLE, "LOGIN" },
	{ "check", WANTED_CHECK, "URL" },
	{ "init", WANTED_INIT, "LOGIN NAME" },
	{ "token add", WANTED_TOKEN_ADD, "LOGIN NAME" },
	{ "token list", WANTED_TOKEN_LIST, "LOGIN" },
	{ "token revoke", WANTED_TOKEN_REVOKE, "LOGIN ID" },
	{ "backup", WANTED_BACKUP, "FILE" },
	{ "restore", WANTED_RESTORE, "FILE" },
	{ "export", WANTED_EXPORT, "FILE" },
	{ "verify", WANTED_VERIFY, NULL },
	{ "routes", WANTED_ROUTES, NULL },
	{ "rights", WANTED_RIGHTS, NULL },
};

enum option { OPTION_DATABASE, OPTION_LISTEN, OPTION_SAMPLE_DATA, OPTION_SAMPLE_PASSWORD, OPTION_PASSWORD_STDIN,
	      OPTION_PUBLIC_URL, OPTION_SECURITY_CONTACT, OPTION_TRUSTED_PROXY, OPTION_QUIET, OPTION_METRICS, OPTION_LOG_FORMAT, OPTION_BEHIND_PROXY,
	      OPTION_LOGIN, OPTION_TOKEN_FILE, OPTION_WRITE, OPTION_REPLACE, OPTION_SCOPES, OPTION_DAYS, OPTION_HELP, OPTION_VERSION };

#define FOR(wanted) (1u << (wanted))
#define FOR_ALL (~0u)
#define FOR_USERS                                                                                                          \
	(FOR(WANTED_USER_ADD) | FOR(WANTED_USER_LIST) | FOR(WANTED_USER_GRANT) | FOR(WANTED_USER_REVOKE) |                  \
	 FOR(WANTED_USER_DISABLE) | FOR(WANTED_USER_ENABLE))
#define FOR_TOKENS (FOR(WANTED_TOKEN_ADD) | FOR(WANTED_TOKEN_LIST) | FOR(WANTED_TOKEN_REVOKE))
#define FOR_WHOLE (FOR(WANTED_INIT) | FOR(WANTED_BACKUP) | FOR(WANTED_RESTORE) | FOR(WANTED_EXPORT) | FOR(WANTED_VERIFY))

static const struct {
	const char *name;
	bool takes_value;
	unsigned goes_with;    /* FOR() the commands that know it */
} known[] = {
	[OPTION_DATABASE] = { "--database", true, FOR(WANTED_SERVE) | FOR(WANTED_IMPORT) | FOR(WANTED_PASSWD) | FOR_USERS | FOR_TOKENS | FOR_WHOLE },
	[OPTION_LISTEN] = { "--listen", true, FOR(WANTED_SERVE) },
	[OPTION_SAMPLE_DATA] = { "--sample-data", false, FOR(WANTED_SERVE) },
	[OPTION_SAMPLE_PASSWORD] = { "--sample-password", true, FOR(WANTED_SERVE) },
	[OPTION_PASSWORD_STDIN] = { "--password-stdin", false, FOR(WANTED_PASSWD) | FOR(WANTED_CHECK) },
	[OPTION_PUBLIC_URL] = { "--public-url", true, FOR(WANTED_SERVE) },
	[OPTION_SECURITY_CONTACT] = { "--security-contact", true, FOR(WANTED_SERVE) },
	[OPTION_TRUSTED_PROXY] = { "--trusted-proxy", true, FOR(WANTED_SERVE) },
	[OPTION_QUIET] = { "--quiet", false, FOR(WANTED_SERVE) },
	[OPTION_METRICS] = { "--metrics", true, FOR(WANTED_SERVE) },
	[OPTION_LOG_FORMAT] = { "--log-format", true, FOR(WANTED_SERVE) },
	[OPTION_BEHIND_PROXY] = { "--behind-proxy", false, FOR(WANTED_SERVE) },
	[OPTION_LOGIN] = { "--login", true, FOR(WANTED_CHECK) },
	[OPTION_TOKEN_FILE] = { "--token-file", true, FOR(WANTED_CHECK) },
	[OPTION_WRITE] = { "--write", false, FOR(WANTED_CHECK) },
	[OPTION_REPLACE] = { "--replace", false, FOR(WANTED_RESTORE) },
	[OPTION_SCOPES] = { "--scopes", true, FOR(WANTED_TOKEN_ADD) },
	[OPTION_DAYS] = { "--days", true, FOR(WANTED_TOKEN_ADD) },
	[OPTION_HELP] = { "--help", false, FOR_ALL },
	[OPTION_VERSION] = { "--version", false, FOR_ALL },
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

/* False: the value is none that the option takes. */
static bool apply(struct options *options, enum option option, const char *value, struct problem *why)
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
	case OPTION_PASSWORD_STDIN:
		options->password_stdin = true;
		break;
	case OPTION_PUBLIC_URL:
		options->public_url = value;
		return public_url_check(value, why);
	case OPTION_SECURITY_CONTACT:
		options->security_contact = value;
		return public_url_check_contact(value, why);
	case OPTION_TRUSTED_PROXY:
		return proxies_add(&options->proxies, value, why);
	case OPTION_QUIET:
		options->quiet = true;
		break;
	case OPTION_METRICS:
		options->metrics = value;
		break;
	case OPTION_LOG_FORMAT:
		options->log_json = strcmp(value, "json") == 0;
		if (!options->log_json && strcmp(value, "text") != 0)
			return problem_set(why, PROBLEM_INVALID, "--log-format", "--log-format is text or json.");
		break;
	case OPTION_BEHIND_PROXY:
		options->behind_proxy = true;
		break;
	case OPTION_LOGIN:
		options->login = value;
		break;
	case OPTION_TOKEN_FILE:
		options->token_file = value;
		break;
	case OPTION_WRITE:
		options->write = true;
		break;
	case OPTION_REPLACE:
		options->replace = true;
		break;
	case OPTION_SCOPES:
		options->scopes = value;
		break;
	case OPTION_DAYS:
		options->days = value;
		break;
	case OPTION_HELP:
		options->wanted = WANTED_HELP;
		break;
	case OPTION_VERSION:
		options->wanted = WANTED_VERSION;
		break;
	}
	return true;
}

static size_t count_subjects(const struct options *options)
{
	return (size_t)(options->subject != NULL) + (options->more[0] != NULL) + (options->more[1] != NULL);
}

/* Of "LOGIN ROLE [SPACE]" three words, of which two must be there. */
static size_t subjects_in(const char *subject)
{
	size_t count = subject != NULL;
	for (; subject && *subject; subject++)
		count += *subject == ' ';
	return count;
}

static size_t least_subjects(const char *subject)
{
	return subjects_in(subject) - (subject && strchr(subject, '['));
}

static bool check(const struct options *options, int command, struct problem *why)
{
	if (options->wanted == WANTED_HELP || options->wanted == WANTED_VERSION)
		return true;
	if (command < 0)
		return problem_set(why, PROBLEM_INVALID, "command", "Say what to do: hacktivd serve …, or hacktivd --help.");
	if ((known[OPTION_DATABASE].goes_with & FOR(options->wanted)) && !options->database)
		return problem_set(why, PROBLEM_MISSING, "--database", "Say where the data is: --database sqlite:PATH.");
	if ((known[OPTION_LISTEN].goes_with & FOR(options->wanted)) && !options->listen)
		return problem_set(why, PROBLEM_MISSING, "--listen", "Say where to listen: --listen 127.0.0.1:8080 or --listen unix:PATH.");
	if (options->login && options->token_file)
		return problem_set(why, PROBLEM_INVALID, "--login", "--login or --token-file: one of them says who you are.");
	if (options->write && !options->login && !options->token_file)
		return problem_set(why, PROBLEM_MISSING, "--login", "--write needs somebody to book for: --login NAME or --token-file FILE.");
	if (count_subjects(options) < least_subjects(commands[command].subject))
		return problem_set(why, PROBLEM_MISSING, "command", "hacktivd %s needs a %s: see hacktivd --help.",
		                   commands[command].name, commands[command].subject);
	return true;
}

/* A command may have two words, "user add". */
static int find_command(int argc, char *const *argv, int *words)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const char *name = commands[i].name, *second = strchr(name, ' ');
		size_t length = second ? (size_t)(second - name) : strlen(name);
		*words = second ? 2 : 1;
		if (argc > *words && strlen(argv[1]) == length && memcmp(argv[1], name, length) == 0 &&
		    (!second || strcmp(argv[2], second + 1) == 0))
			return (int)i;
	}
	*words = 0;
	return -1;
}

/* "add, list": what may follow `given`, the first of two words; "" when nothing does. */
static char *second_words(struct arena *arena, const char *given)
{
	size_t length = strlen(given);
	char *words = arena_copy_text(arena, "");
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const char *name = commands[i].name;
		if (strncmp(name, given, length) == 0 && name[length] == ' ')
			words = arena_print(arena, "%s%s%s", words, *words ? ", " : "", name + length + 1);
	}
	return words;
}

static bool unknown_command(const char *given, struct problem *why)
{
	struct arena *arena = arena_new();
	const char *name = text_clean(arena, given, strlen(given), TEXT_ONE_LINE, TEXT_NAME_MAX), *words = second_words(arena, given);
	if (*words)
		problem_set(why, PROBLEM_INVALID, "command", "After hacktivd %s one of these was expected: %s.", name, words);
	else
		problem_set(why, PROBLEM_INVALID, "command", "There is no command %s: see hacktivd --help.", name);
	arena_free(arena);
	return false;
}

static bool take_subject(struct options *options, const char *most, const char *argument)
{
	if (!most || count_subjects(options) == subjects_in(most))
		return false;
	if (!options->subject)
		options->subject = argument;
	else
		options->more[options->more[0] != NULL] = argument;
	return true;
}

/* `*at`: where its argument stands; moves on to its value. */
static bool take_option(int argc, char *const *argv, int *at, int command, struct options *options, struct problem *why)
{
	const char *argument = argv[*at];
	size_t length = strcspn(argument, "=");
	int option = find_option(argument, length);
	if (option < 0)
		return unknown(argument, length, why);
	const char *value = argument[length] ? argument + length + 1 : NULL;
	if (command >= 0 && !(known[option].goes_with & FOR(commands[command].wanted)))
		return problem_set(why, PROBLEM_INVALID, known[option].name, "%s does not go with hacktivd %s: see hacktivd --help.",
		                   known[option].name, commands[command].name);
	if (!known[option].takes_value && value)
		return problem_set(why, PROBLEM_INVALID, known[option].name, "%s takes no value.", known[option].name);
	if (known[option].takes_value && !value && *at + 1 < argc)
		value = argv[++*at];
	if (known[option].takes_value && (!value || !*value))
		return problem_set(why, PROBLEM_INVALID, known[option].name, "%s needs a value: see hacktivd --help.", known[option].name);
	return apply(options, (enum option)option, value, why);
}

bool options_read(int argc, char *const *argv, struct options *options, struct problem *why)
{
	int words;
	int command = find_command(argc, argv, &words);
	*options = (struct options){ .wanted = command < 0 ? WANTED_SERVE : commands[command].wanted };
	if (command < 0 && argc > 1 && argv[1][0] != '-')
		return unknown_command(argv[1], why);
	for (int at = words + 1; at < argc; at++) {
		if (command >= 0 && argv[at][0] != '-' && take_subject(options, commands[command].subject, argv[at]))
			continue;
		if (!take_option(argc, argv, &at, command, options, why))
			return false;
	}
	return check(options, command, why);
}
