/* completion.c — see completion.h.
 *
 * Three scripts with one plan: after an option its value; after "-" the options; the first word is a command; after it comes
 * what its arguments in the table name ("DATE"), as far as it can be known without asking a site. Other names of a
 * command are offered once a letter is typed: all at once would be a crowd. */
#include "completion.h"

#include <string.h>

#include "arguments.h"
#include "hacktiv/app.h"

#define SCRIPT_MAX 100000u

/* ---- what is offered ---- */

#define DAYS "today tomorrow monday tuesday wednesday thursday friday saturday sunday " \
	"aujourd'hui demain lundi mardi mercredi jeudi vendredi samedi dimanche"
#define PARTS "morning afternoon day matin après-midi journée"

/* What can stand where the arguments of a command say so. */
static const struct { const char *argument, *words; } known[] = {
	{ "WHEN", DAYS " " PARTS },
	{ "DATE", DAYS },
};

static bool takes(const struct command *command, const char *argument)
{
	return (command->flags & IN_SHELL) && command->arguments && strstr(command->arguments, argument);
}

/* ---- words in a script ---- */

struct script {
	struct buffer out;
	struct arena *arena;
	bool is_fish;      /* it has a backslash inside single quotes */
};

static bool is_plain(const char *text)
{
	for (; *text; text++) {
		bool word = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9');
		if (!word && (unsigned char)*text < 0x80 && !strchr("-+_/", *text))
			return false;
	}
	return true;
}

/* One word for the shell, whatever it holds. */
static const char *quoted(const struct script *script, const char *text)
{
	if (*text && is_plain(text))
		return text;
	struct buffer out;
	buffer_init(&out, SCRIPT_MAX);
	buffer_add_text(&out, "'");
	for (; *text; text++) {
		if (*text == '\'')
			buffer_add_text(&out, script->is_fish ? "\\'" : "'\\''");
		else if (*text == '\\' && script->is_fish)
			buffer_add_text(&out, "\\\\");
		else
			buffer_add(&out, text, 1);
	}
	buffer_add_text(&out, "'");
	const char *result = arena_copy_text(script->arena, out.bytes);
	buffer_clear(&out);
	return result;
}

/* Words parted by `mark` or spaces, each quoted, put together again. */
static const char *list(const struct script *script, const char *words, char mark, const char *between)
{
	const char marks[] = { mark, ' ', '\0' };
	char *joined = arena_copy_text(script->arena, "");
	for (const char *at = words; at && *at;) {
		size_t here = strcspn(at, marks);
		const char *word = quoted(script, arena_copy_bytes(script->arena, at, here));
		joined = arena_print(script->arena, "%s%s%s", joined, *joined ? between : "", word);
		at += here;
		at += strspn(at, marks);
	}
	return joined;
}

static const char *names(const struct script *script, const struct command *command, const char *between)
{
	const char *name = quoted(script, command->name);
	return command->aliases
		? arena_print(script->arena, "%s%s%s", name, between, list(script, command->aliases, ' ', between)) : name;
}

static const struct command *help_command(void)
{
	for (size_t at = 0; at < command_count; at++) {
		if (commands[at].view == VIEW_HELP)
			return &commands[at];
	}
	return NULL;
}

/* All that can be said after "hacktiv" from the table, by their names or their other names. */
static const char *first_words(const struct script *script, bool aliases, const char *between)
{
	char *joined = arena_copy_text(script->arena, "");
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		const char *words = aliases ? command->aliases : command->name;
		if (words && ((command->flags & IN_SHELL) || command == help_command()))
			joined = arena_print(script->arena, "%s%s%s", joined, *joined ? between : "", list(script, words, ' ', between));
	}
	return joined;
}

/* Names of all commands of which an argument is asked; "" for none. */
static const char *names_that_take(const struct script *script, const char *argument, const char *between)
{
	char *joined = arena_copy_text(script->arena, "");
	for (size_t at = 0; at < command_count; at++) {
		if (takes(&commands[at], argument))
			joined = arena_print(script->arena, "%s%s%s", joined, *joined ? between : "", names(script, &commands[at], between));
	}
	return joined;
}

static const char *option_names(const struct script *script, bool with_value, const char *between)
{
	char *joined = arena_copy_text(script->arena, "");
	for (size_t at = 0; at < option_count; at++) {
		const struct option_row *option = &option_table[at];
		if (with_value && !option->value)
			continue;
		joined = arena_print(script->arena, "%s%s%s", joined, *joined ? between : "", option->name);
		if (option->letter)
			joined = arena_print(script->arena, "%s%s%s", joined, between, option->letter);
	}
	return joined;
}

static bool is_file(const struct option_row *option)
{
	return strcmp(option->value, "FILE") == 0;
}

/* The rows of a `case` over commands, the same in bash and zsh; `offer` is what offers words there. */
static void add_cases(struct script *script, const char *offer)
{
	for (size_t at = 0; at < COUNT_OF(known); at++) {
		const char *takers = names_that_take(script, known[at].argument, "|");
		if (*takers)
			buffer_print(&script->out, "\t%s)\n\t\t%s %s ;;\n", takers, offer, list(script, known[at].words, ' ', " "));
	}
	buffer_print(&script->out, "\t%s)\n\t\t%s %s ;;\n", names(script, help_command(), "|"), offer,
	             first_words(script, false, " "));
	buffer_print(&script->out, "\tcompletion)\n\t\t%s bash zsh fish ;;\n", offer);
}

/* ---- bash ---- */

static const char bash_head[] =
	"# What bash offers after \"hacktiv\". Made by: hacktiv completion bash\n"
	"\n"
	"# Those of the words that begin with what is typed.\n"
	"_hacktiv_offer() {\n"
	"\tlocal word\n"
	"\tfor word; do\n"
	"\t\tword=${word//\\'/\\\\\\'}\n"
	"\t\t[[ $word == \"$typed\"* ]] && COMPREPLY+=(\"$word\")\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_hacktiv() {\n"
	"\tlocal typed=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' outside='demo completion' at\n"
	"\tCOMPREPLY=()\n"
	"\t# \"--option=value\" comes as three words.\n"
	"\t[[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\t[[ $typed == = ]] && typed=''\n"
	"\tcase $before in\n";

static void bash(struct script *script)
{
	struct buffer *out = &script->out;
	buffer_add_text(out, bash_head);
	for (size_t at = 0; at < option_count; at++) {
		const struct option_row *option = &option_table[at];
		if (!option->value)
			continue;
		buffer_print(out, "\t%s%s%s)\n\t\t", option->name, option->letter ? "|" : "", option->letter ? option->letter : "");
		if (is_file(option))
			buffer_add_text(out, "compopt -o filenames 2>/dev/null\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$typed\")\n");
		else
			buffer_print(out, "_hacktiv_offer %s\n", list(script, option->value, '|', " "));
		buffer_add_text(out, "\t\treturn ;;\n");
	}
	buffer_print(out,
		"\tesac\n"
		"\tif [[ $typed == -* ]]; then\n"
		"\t\t_hacktiv_offer %s\n"
		"\t\treturn\n"
		"\tfi\n"
		"\tfor ((at = 1; at < COMP_CWORD; at++)); do\n"
		"\t\tcase ${COMP_WORDS[at]} in\n"
		"\t\tdemo) outside='' ;;\n"
		"\t\t%s)\n"
		"\t\t\t[[ ${COMP_WORDS[at+1]} == = ]] && ((at++))\n"
		"\t\t\t((at++)) ;;\n"
		"\t\t-*) ;;\n"
		"\t\t*)\n"
		"\t\t\tcommand=${COMP_WORDS[at]}\n"
		"\t\t\tbreak ;;\n"
		"\t\tesac\n"
		"\tdone\n"
		"\tcase $command in\n"
		"\t'')\n"
		"\t\t_hacktiv_offer %s $outside\n"
		"\t\t[[ $typed ]] && _hacktiv_offer %s ;;\n",
		option_names(script, false, " "), option_names(script, true, "|"), first_words(script, false, " "),
		first_words(script, true, " "));
	add_cases(script, "_hacktiv_offer");
	buffer_add_text(out,
		"\tesac\n"
		"}\n"
		"complete -F _hacktiv hacktiv\n");
}

/* ---- zsh ---- */

/* In a description ":" and brackets mean something. */
static const char *for_zsh(const struct script *script, const char *text)
{
	char *escaped = arena_get(script->arena, 2 * strlen(text) + 1);
	char *to = escaped;
	for (; *text; text++) {
		if (strchr(":[]\\", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	return escaped;
}

static void zsh_describe(struct script *script, const char *name, const char *help)
{
	const char *row = arena_print(script->arena, "%s:%s", for_zsh(script, name), help);
	buffer_print(&script->out, "\t\t%s\n", quoted(script, row));
}

static void zsh_commands(struct script *script)
{
	buffer_add_text(&script->out, "\tlocal -a names outside\n\tnames=(\n");
	for (size_t at = 0; at < command_count; at++) {
		if ((commands[at].flags & IN_SHELL) || &commands[at] == help_command())
			zsh_describe(script, commands[at].name, _(commands[at].help));
	}
	buffer_add_text(&script->out, "\t)\n\toutside=(\n");
	zsh_describe(script, "demo", _("the same on sample data, with a server of its own"));
	zsh_describe(script, "completion", _("the script with which bash, zsh or fish completes these words"));
	buffer_add_text(&script->out, "\t)\n");
}

static void zsh(struct script *script)
{
	struct buffer *out = &script->out;
	buffer_add_text(out,
		"#compdef hacktiv\n"
		"# What zsh offers after \"hacktiv\". Made by: hacktiv completion zsh\n"
		"\n"
		"_hacktiv() {\n"
		"\tlocal curcontext=$curcontext state line command='' at\n");
	zsh_commands(script);
	buffer_add_text(out, "\t_arguments -C \\\n");
	for (size_t at = 0; at < option_count; at++) {
		const struct option_row *option = &option_table[at];
		const char *value = !option->value ? "" : is_file(option) ? ":file:_files"
			: arena_print(script->arena, ":word:(%s)", list(script, option->value, '|', " "));
		const char *rest = quoted(script, arena_print(script->arena, "[%s]%s", for_zsh(script, _(option->help)), value));
		const char *mark = option->value ? "=" : "";
		if (option->letter)
			buffer_print(out, "\t\t'(%s %s)'{%s,%s%s}%s \\\n", option->letter, option->name, option->letter, option->name, mark, rest);
		else
			buffer_print(out, "\t\t%s%s%s \\\n", option->name, mark, rest);
	}
	buffer_print(out,
		"\t\t'*: :->words' && return\n"
		"\tfor (( at = 2; at < CURRENT; at++ )); do\n"
		"\t\tcase $words[at] in\n"
		"\t\tdemo) outside=() ;;\n"
		"\t\t%s) (( at++ )) ;;\n"
		"\t\t-*) ;;\n"
		"\t\t*)\n"
		"\t\t\tcommand=$words[at]\n"
		"\t\t\tbreak ;;\n"
		"\t\tesac\n"
		"\tdone\n"
		"\tcase $command in\n"
		"\t'')\n"
		"\t\t[[ -n $PREFIX ]] && names+=(%s)\n"
		"\t\tnames+=($outside)\n"
		"\t\t_describe command names ;;\n", option_names(script, true, "|"), first_words(script, true, " "));
	add_cases(script, "compadd --");
	buffer_add_text(out,
		"\tesac\n"
		"}\n"
		"\n"
		"# Found in fpath it is called; read with \"source\" it only makes itself known.\n"
		"if [[ $funcstack[1] == _hacktiv ]]; then _hacktiv \"$@\"; else compdef _hacktiv hacktiv; fi\n");
}

/* ---- fish ---- */

static void fish_offer(struct script *script, const char *condition, const char *words, const char *help)
{
	buffer_print(&script->out, "complete -c hacktiv -n %s -a %s", quoted(script, condition), quoted(script, words));
	if (help)
		buffer_print(&script->out, " -d %s", quoted(script, help));
	buffer_add_text(&script->out, "\n");
}

static void fish_commands(struct script *script)
{
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		if (!(command->flags & IN_SHELL) && command != help_command())
			continue;
		fish_offer(script, "not __hacktiv_command >/dev/null", quoted(script, command->name), _(command->help));
		if (command->aliases)
			fish_offer(script, "not __hacktiv_command >/dev/null; and string length -q -- (commandline -ct)",
			           list(script, command->aliases, ' ', " "), _(command->help));
	}
	fish_offer(script, "test (count (commandline -opc)) = 1", "demo", _("the same on sample data, with a server of its own"));
	fish_offer(script, "test (count (commandline -opc)) = 1", "completion",
	           _("the script with which bash, zsh or fish completes these words"));
}

static void fish(struct script *script)
{
	struct buffer *out = &script->out;
	buffer_print(out,
		"# What fish offers after \"hacktiv\". Made by: hacktiv completion fish\n"
		"\n"
		"# The command that is typed already; false when there is none.\n"
		"function __hacktiv_command\n"
		"\tset -l is_value no\n"
		"\tfor word in (commandline -opc)[2..]\n"
		"\t\tif test $is_value = yes\n"
		"\t\t\tset is_value no\n"
		"\t\telse if contains -- $word %s\n"
		"\t\t\tset is_value yes\n"
		"\t\telse if not string match -q -- '-*' $word; and test $word != demo\n"
		"\t\t\techo $word\n"
		"\t\t\treturn 0\n"
		"\t\tend\n"
		"\tend\n"
		"\treturn 1\n"
		"end\n"
		"function __hacktiv_said\n"
		"\tset -l command (__hacktiv_command)\n"
		"\tand contains -- $command $argv\n"
		"end\n"
		"\n"
		"complete -c hacktiv -f\n", option_names(script, true, " "));
	for (size_t at = 0; at < option_count; at++) {
		const struct option_row *option = &option_table[at];
		buffer_print(out, "complete -c hacktiv -l %s", option->name + strlen("--"));
		if (option->letter)
			buffer_print(out, " -s %s", option->letter + strlen("-"));
		if (option->value && is_file(option))
			buffer_add_text(out, " -r -F");
		else if (option->value)
			buffer_print(out, " -x -a %s", quoted(script, list(script, option->value, '|', " ")));
		buffer_print(out, " -d %s\n", quoted(script, _(option->help)));
	}
	fish_commands(script);
	for (size_t at = 0; at < COUNT_OF(known); at++) {
		const char *takers = names_that_take(script, known[at].argument, " ");
		if (*takers)
			fish_offer(script, arena_print(script->arena, "__hacktiv_said %s", takers), list(script, known[at].words, ' ', " "), NULL);
	}
	fish_offer(script, arena_print(script->arena, "__hacktiv_said %s", names(script, help_command(), " ")),
	           first_words(script, false, " "), NULL);
	fish_offer(script, "__hacktiv_said completion", "bash zsh fish", NULL);
}

const char *completion_script(struct arena *arena, const char *shell)
{
	static const struct { const char *name; void (*add)(struct script *script); } shells[] = {
		{ "bash", bash }, { "zsh", zsh }, { "fish", fish },
	};
	const char *text = NULL;
	for (size_t at = 0; at < COUNT_OF(shells); at++) {
		if (strcmp(shells[at].name, shell) != 0)
			continue;
		struct script script = { .arena = arena, .is_fish = shells[at].add == fish };
		buffer_init(&script.out, SCRIPT_MAX);
		shells[at].add(&script);
		text = arena_copy_text(arena, script.out.bytes);
		buffer_clear(&script.out);
	}
	return text;
}
