/* usage.c — see usage.h. */
#include "usage.h"

#include <string.h>

#include "arguments.h"

#define INDENT 2
#define GAP 2
#define USAGE_MAX 100000u

static const struct { const char *line; const char *help; } examples[] = {
	{ "hacktiv book chimay tuesday morning --any", N_("any free desk in Chimay on Tuesday morning") },
	{ "hacktiv book A4 21/7 day", N_("desk A4 for the whole of the next 21 July") },
	{ "hacktiv cancel chimay demain", N_("words are understood in French and English") },
	{ "hacktiv demo", N_("try it all on sample data") },
};

static const char *left_of(struct arena *arena, const struct command *command)
{
	if (!command->arguments)
		return command->name;
	return arena_print(arena, "%s %s", command->name, _(command->arguments));
}

static const char *left_of_option(struct arena *arena, const struct option_row *option)
{
	return option->value ? arena_print(arena, "%s %s", option->name, option->value) : option->name;
}

static int widest_left(struct arena *arena)
{
	int widest = 0;
	for (size_t at = 0; at < command_count; at++) {
		int width = commands[at].flags & IN_SHELL ? text_columns(left_of(arena, &commands[at])) : 0;
		widest = width > widest ? width : widest;
	}
	for (size_t at = 0; at < option_count; at++) {
		int width = text_columns(left_of_option(arena, &option_table[at]));
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void add_row(struct buffer *out, int width, const char *left, const char *right)
{
	buffer_print(out, "%*s%s%*s%s\n", INDENT, "", left, width - text_columns(left) + GAP, "", right);
}

static void add_one(struct buffer *out, struct arena *arena, const struct command *command)
{
	buffer_print(out, "  hacktiv %s\n\n%s\n", left_of(arena, command), _(command->help));
	if (command->aliases)
		buffer_print(out, _("Also called: %s\n"), command->aliases);
	if (command->keys)
		buffer_print(out, _("On the screen: %s\n"), command_keys_label(arena, command, " "));
}

static void add_all(struct buffer *out, struct arena *arena)
{
	int width = widest_left(arena);
	buffer_add_text(out, _("hacktiv — one terminal for a network of coworking spaces\n\n"));
	add_row(out, width, "hacktiv", _("the screen"));
	add_row(out, width, "hacktiv COMMAND …", _("one command, then back to the shell"));
	add_row(out, width, "hacktiv demo [COMMAND …]", _("the same on sample data, with a server of its own"));
	add_row(out, width, "hacktiv completion SHELL", _("the script with which bash, zsh or fish completes these words"));
	buffer_print(out, "\n%s\n", _("Commands:"));
	for (size_t at = 0; at < command_count; at++) {
		if (commands[at].flags & IN_SHELL)
			add_row(out, width, left_of(arena, &commands[at]), _(commands[at].help));
	}
	buffer_print(out, "\n%s\n", _("Options:"));
	for (size_t at = 0; at < option_count; at++)
		add_row(out, width, left_of_option(arena, &option_table[at]), _(option_table[at].help));
	buffer_print(out, "\n%s\n", _("Examples:"));
	for (size_t at = 0; at < COUNT_OF(examples); at++)
		buffer_print(out, "  %s\n      %s\n", examples[at].line, _(examples[at].help));
	buffer_print(out, "\n%s\n%s\n",
		_("Exit status: 0 done; 1 failed; 2 not understood; 3 refused, not found, log-in needed; 4 unknown or unreachable."),
		_("HACKTIV_URL and HACKTIV_TOKEN_FILE serve scripts without a configuration."));
}

const char *usage_text(struct arena *arena, const struct command *command)
{
	struct buffer out;
	buffer_init(&out, USAGE_MAX);
	if (command)
		add_one(&out, arena, command);
	else
		add_all(&out, arena);
	const char *text = arena_copy_text(arena, out.bytes);
	buffer_clear(&out);
	return text;
}
