/* wish_commands.c — what waits to be sent or wants an answer: told, taken back, let go. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static const struct local_date no_date = { 0, 0, 0 };

static bool know_wishes(struct call *call)
{
	if (!call->face->ops->await(call->face, NEED_WISHES, SIZE_MAX, NULL, no_date))
		return false;
	if (!session_wishes_are_unread(call->session) || session_wish_count(call->session))
		return true;
	command_refuse(call, COMMAND_FAILED, PROBLEM_IO, "wishes", "%s",
	               _("What waits to be sent is not known: the notes of it on this computer cannot be read."));
	return false;
}

enum command_end command_wishes(struct call *call)
{
	session_look_for_wishes(call->session);
	if (!know_wishes(call))
		return COMMAND_FAILED;
	call->face->ops->show_wishes(call->face);
	return COMMAND_GIVEN;
}

/* By its place in the list, from 1, or by its number, of which the beginning is enough. NULL: none, or several. */
static const struct wish_view *find_wish(const struct call *call, const char *word)
{
	size_t count = session_wish_count(call->session), length = strlen(word);
	char *end;
	unsigned long place = strtoul(word, &end, 10);
	if (*word >= '1' && *word <= '9' && !*end && place <= count)
		return session_wish_at(call->session, place - 1);
	const struct wish_view *found = NULL;
	for (size_t at = 0; length >= 8 && at < count; at++) {
		const struct wish_view *wish = session_wish_at(call->session, at);
		if (strncmp(wish->row->id, word, length) != 0)
			continue;
		if (found)
			return NULL;
		found = wish;
	}
	return found;
}

static enum command_end refuse_wishes(struct call *call)
{
	struct problem why;
	size_t count = session_wish_count(call->session);
	const char **candidates = arena_get(call->arena, count * sizeof *candidates);
	for (size_t at = 0; at < count; at++)
		candidates[at] = arena_print(call->arena, "%zu. %s", at + 1, wish_words_brief(call->arena, session_wish_at(call->session, at)));
	if (count)
		problem_set(&why, PROBLEM_INVALID, "wish", _("Which wish? Say its number:"));
	else
		problem_set(&why, PROBLEM_NOT_FOUND, "wish", _("Nothing waits to be sent."));
	enum command_end end = count ? COMMAND_USAGE : COMMAND_FAILED;
	call->face->ops->refuse(call->face, end, &why, candidates, count);
	return end;
}

enum command_end command_drop(struct call *call)
{
	const struct subject *subject = &call->subject;
	if (!know_wishes(call))
		return COMMAND_FAILED;
	const struct wish_view *wish = call->word_count == 1 ? find_wish(call, call->words[0])
	                             : !call->word_count && subject->site != SIZE_MAX ? subject->wish : NULL;
	if (!wish)
		return refuse_wishes(call);
	call->face->ops->drop_wish(call->face, arena_copy_text(call->arena, wish->row->id));
	return COMMAND_GIVEN;
}
