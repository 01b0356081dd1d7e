/* wishes.c — line mode's face for what waits to be sent and what came to nothing: told, taken back, another place taken instead. See
 * line.h. */
#include <stdlib.h>
#include <string.h>

#include "line.h"

bool line_has_news(const struct line *line)
{
	if (line->notes_told < session_note_count(line->session))
		return true;
	for (size_t at = 0; at < session_wish_count(line->session); at++) {
		const struct wish_view *wish = session_wish_at(line->session, at);
		if (wish->row->state == WISH_SETTLED && !wish->told)
			return true;
	}
	return false;
}

static void tell(struct line *line, const struct wish_view *wish)
{
	struct arena *arena = arena_new();
	const char *words = wish_words(arena, wish);
	if (wish->recovered)
		line_say(line, _("From an earlier run: %s"), words);
	else
		line_say(line, "%s", words);
	if (wish_stands(wish) == WISH_ASKS)
		line_say(line, "%s", _("Say wishes for what could be had instead, or to let it go."));
	arena_free(arena);
}

void line_tell_news(struct line *line)
{
	for (; line->notes_told < session_note_count(line->session); line->notes_told++)
		line_say(line, "%s", session_note(line->session, line->notes_told));
	for (size_t at = 0; at < session_wish_count(line->session);) {
		const struct wish_view *wish = session_wish_at(line->session, at);
		bool asks = wish_stands(wish) == WISH_ASKS;
		if (wish->row->state != WISH_SETTLED || wish->told) {
			at++;
			continue;
		}
		tell(line, wish);
		session_wish_told(line->session, wish->row->id);
		if (!asks)
			session_wish_seen(line->session, wish->row->id);
		at += asks;
	}
}

/* ---- instead ---- */

static bool preview_came(const struct line *line, const void *what)
{
	(void)what;
	const struct proposal *proposal = session_proposal(line->session);
	return !proposal || !proposal->state.asking;
}

static struct wish_book wish_again(struct line *line, const struct wish_view *wish)
{
	const struct outbox_row *row = wish->row;
	return (struct wish_book){
		.site = wish->site, .when = row->when,
		.space_id = arena_copy_text(line->arena, row->space_id), .space_name = arena_copy_text(line->arena, row->space_name),
		.resource_id = arena_copy_text(line->arena, row->resource_id), .resource_name = arena_copy_text(line->arena, row->resource_name),
	};
}

/* Asked for anew; what was told with the refusal while the site does not answer. Copies: the session turns while one thinks. */
static size_t find_instead(struct line *line, const struct wish_view *wish, struct wish_book *offers, bool *free_again)
{
	struct wish_book again = wish_again(line, wish);
	session_propose(line->session, &again);
	line_wait(line, preview_came, NULL);
	const struct proposal *proposal = session_proposal(line->session);
	const struct preview *preview = proposal ? proposal->preview : NULL;
	*free_again = preview && preview->obstacle_count == 0;
	const struct alternative *found = preview ? preview->alternatives : wish->outcome.alternatives;
	size_t count = preview ? preview->alternative_count : wish->outcome.alternative_count;
	for (size_t at = 0; at < count && at < ALTERNATIVES_MAX; at++)
		offers[at] = (struct wish_book){
			.site = again.site, .when = found[at].when,
			.space_id = arena_copy_text(line->arena, found[at].space_id),
			.space_name = arena_copy_text(line->arena, found[at].space_name),
			.resource_id = arena_copy_text(line->arena, found[at].resource_id),
			.resource_name = arena_copy_text(line->arena, found[at].resource_name),
		};
	session_drop_proposal(line->session);
	if (*free_again)
		offers[0] = again;
	return *free_again ? 1 : count < ALTERNATIVES_MAX ? count : ALTERNATIVES_MAX;
}

static bool is_none(struct line *line, const char *answer)
{
	static const char *const none[] = { "none", "no", "n", "0", "aucun", "aucune", "non" };
	const char *folded = text_fold(line->arena, answer);
	for (size_t at = 0; at < COUNT_OF(none); at++) {
		if (strcmp(folded, none[at]) == 0)
			return true;
	}
	return false;
}

/* `count` for none; SIZE_MAX when nothing that can be understood was said: a slip lets nothing go. */
static size_t choose(struct line *line, const struct wish_book *offers, size_t count)
{
	for (size_t at = 0; at < count; at++)
		line_say(line, _("%1$zu. Free instead: %2$s, %3$s, %4$s, %5$s."), at + 1, offers[at].space_name, offers[at].resource_name,
		         date_words_long(line->arena, offers[at].when.date), period_words(line->arena, offers[at].when));
	const char *answer = line_ask(line, _("Which one instead? [1, or none to let it go] "));
	if (!answer)
		return SIZE_MAX;
	char *end = NULL;
	unsigned long number = *answer ? strtoul(answer, &end, 10) : 1;
	if (number >= 1 && number <= count && !(end && *end))
		return number - 1;
	if (is_none(line, answer))
		return count;
	line_say(line, "%s", _("Nothing was changed."));
	return SIZE_MAX;
}

/* Let go without a word only when the person said so: the end of the input is no answer. */
static void answer_question(struct line *line, const char *id)
{
	const struct wish_view *wish = session_wish(line->session, id);
	line_say(line, "%s", wish_words(line->arena, wish));
	struct wish_book offers[ALTERNATIVES_MAX];
	bool free_again = false;
	size_t count = wish->row->kind == WISH_BOOK ? find_instead(line, wish, offers, &free_again) : 0;
	size_t chosen = free_again ? 0 : count ? choose(line, offers, count) : line_confirm(line, _("Let it go? [yes] ")) ? count : SIZE_MAX;
	if (chosen == SIZE_MAX || (chosen < count && !line_book(line, &offers[chosen])))
		return;
	session_wish_drop(line->session, id);
	if (chosen == count)
		line_say(line, "%s", _("Let go."));
}

/* ---- the faces of two commands ---- */

void line_drop_wish(struct face *face, const char *id)
{
	struct line *line = (struct line *)face;
	const struct wish_view *wish = session_wish(line->session, id);
	bool asked = wish && wish_stands(wish) == WISH_ASKS;
	switch (session_wish_drop(line->session, id)) {
	case WISH_DROPPED:
		line_say(line, "%s", asked ? _("Let go.") : _("Taken back: nothing was sent."));
		return;
	case WISH_DROP_LATER:
		line_say(line, "%s", _("It is being sent at this moment: if it does not arrive, it is taken back."));
		return;
	case WISH_DROP_TOO_LATE:
		line_say(line, "%s", _("Perhaps it is there already: what became of it is being asked for. It can then be cancelled."));
		return;
	}
}

void line_show_wishes(struct face *face)
{
	struct line *line = (struct line *)face;
	size_t count = session_wish_count(line->session);
	const char **ids = arena_get(line->arena, count * sizeof *ids);
	for (size_t at = 0; at < count; at++) {
		ids[at] = session_wish_at(line->session, at)->row->id;
		line_say(line, "%zu. %s", at + 1, wish_words_brief(line->arena, session_wish_at(line->session, at)));
	}
	size_t others = session_other_count(line->session);
	for (size_t at = 0; at < others; at++)
		line_say(line, "%s", wish_words_elsewhere(line->arena, session_other_at(line->session, at)));
	bool to_come = session_wishes_are_to_come(line->session);
	if (to_come)
		line_say(line, "%s", _("What an earlier run left is still being written down, for the disk is slow: ask again in a moment."));
	if (session_left_count(line->session))
		line_say(line, "%s", left_words(line->arena, line->session));
	else if (!count && !to_come && !others)
		line_say(line, "%s", _("Nothing waits to be sent."));
	if (!count)
		return;
	const char *answer = line_ask(line, _("Which number? [none] "));
	char *end = NULL;
	unsigned long number = answer && *answer ? strtoul(answer, &end, 10) : 0;
	if (number < 1 || number > count || (end && *end))
		return;
	const struct wish_view *wish = session_wish(line->session, ids[number - 1]);
	if (wish && wish_stands(wish) == WISH_ASKS)
		answer_question(line, ids[number - 1]);
	else if (wish && wish_stands(wish) != WISH_ENDED && line_confirm(line, _("Take it back? [yes] ")))
		line_drop_wish(face, ids[number - 1]);
}
