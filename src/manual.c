/* manual.c — see manual.h. */
#include "manual.h"

#include <string.h>

#include "arguments.h"
#include "hacktiv/app.h"

#define PART_MAX 100000u

/* Text as roff takes it inside a quoted argument, a line or a cell of a table. */
static const char *roff(struct arena *arena, const char *text)
{
	struct buffer out;
	buffer_init(&out, PART_MAX);
	if (*text == '.' || *text == '\'')
		buffer_add_text(&out, "\\&");
	for (; *text; text++) {
		switch (*text) {
		case '\\': buffer_add_text(&out, "\\e"); break;
		case '-': buffer_add_text(&out, "\\-"); break;
		case '\'': buffer_add_text(&out, "\\(aq"); break;
		case '"': buffer_add_text(&out, "\\(dq"); break;
		default: buffer_add(&out, text, 1); break;
		}
	}
	const char *result = arena_copy_text(arena, out.bytes);
	buffer_clear(&out);
	return result;
}

/* "answer as JSON": "Answer as JSON." */
static const char *sentence(struct arena *arena, const char *help)
{
	char *text = arena_print(arena, "%s.", roff(arena, help));
	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	return text;
}

static void add_commands(struct buffer *out, struct arena *arena)
{
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		if (!(command->flags & IN_SHELL))
			continue;
		const char *arguments = command->arguments ? arena_print(arena, " %s", _(command->arguments)) : "";
		buffer_print(out, ".TP\n.BR \"%s\" \"%s\"\n%s\n", roff(arena, command->name), roff(arena, arguments),
		             sentence(arena, _(command->help)));
	}
}

static void add_options(struct buffer *out, struct arena *arena)
{
	for (size_t at = 0; at < option_count; at++) {
		const struct option_row *option = &option_table[at];
		buffer_add_text(out, ".TP\n.BR ");
		if (option->letter)
			buffer_print(out, "\"%s\" \", \" ", roff(arena, option->letter));
		buffer_print(out, "\"%s\"", roff(arena, option->name));
		if (option->value)
			buffer_print(out, " \" %s\"", roff(arena, option->value));
		buffer_print(out, "\n%s\n", sentence(arena, _(option->help)));
	}
}

static void add_keys(struct buffer *out, struct arena *arena)
{
	buffer_add_text(out, ".TS\ntab(|);\nlB l.\n");
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		if (command->keys && !(command->flags & IS_HIDDEN))
			buffer_print(out, "%s|%s\n", roff(arena, command_keys_label(arena, command, ", ")), roff(arena, _(command->help)));
	}
	buffer_add_text(out, ".TE\n");
}

const char *manual_part(struct arena *arena, const char *part)
{
	static const struct { const char *name; void (*add)(struct buffer *out, struct arena *arena); } parts[] = {
		{ "commands", add_commands }, { "options", add_options }, { "keys", add_keys },
	};
	const char *text = NULL;
	for (size_t at = 0; at < COUNT_OF(parts); at++) {
		if (strcmp(parts[at].name, part) != 0)
			continue;
		struct buffer out;
		buffer_init(&out, PART_MAX);
		parts[at].add(&out, arena);
		text = arena_copy_text(arena, out.bytes);
		buffer_clear(&out);
	}
	return text;
}
