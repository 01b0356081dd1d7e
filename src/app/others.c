/* others.c — wishes that another hacktiv of this person works on, and those for sites that are not configured now, as the outbox had them
 * when it was last read: to be shown, and nothing else. See session.h. */
#include <string.h>

#include "inside.h"

void others_clear(struct session *session)
{
	arena_free(session->others_arena);
	session->others_arena = NULL;
	session->others = NULL;
	session->other_count = 0;
	session->left = NULL;
	session->left_count = 0;
}

/* What the other one knows of it beyond its row, it has not told anybody. */
static struct wish_view view_of(const struct outbox_row *row, size_t site)
{
	enum outcome_kind kind = row->state == WISH_QUEUED ? OUTCOME_UNREACHABLE : OUTCOME_NONE;
	return (struct wish_view){ .row = row, .site = site, .outcome = { .kind = kind, .quotation = "", .told_by = "" } };
}

/* Whoever stands at a shared terminal did not configure it. */
static void take_left(struct session *session, const struct store_reply *reply)
{
	if (session->shared || !reply->left_count)
		return;
	session->left = reply->left;
	session->left_count = reply->left_count;
	struct arena *arena = arena_new();
	session_add_note(session, left_words(arena, session));
	arena_free(arena);
}

void others_loaded(struct session *session, struct store_reply *reply)
{
	if (session->other_count || reply->other_count)
		session->changed |= SESSION_WISHES;
	session_bury(session, &session->others_arena);
	others_clear(session);
	if (!reply->other_count && !reply->left_count)
		return;
	session->others_arena = reply->arena;   /* the rows are in it */
	reply->arena = NULL;
	session->others = arena_get(session->others_arena, reply->other_count * sizeof *session->others);
	for (size_t at = 0; at < reply->other_count; at++) {
		size_t site;
		if (site_find(session, reply->others[at].site, &site) && !wish_row_is_hidden(session, site, &reply->others[at]))
			session->others[session->other_count++] = view_of(&reply->others[at], site);
	}
	take_left(session, reply);
}

size_t session_other_count(const struct session *session)
{
	return session->other_count;
}

const struct wish_view *session_other_at(const struct session *session, size_t at)
{
	return &session->others[at];
}

size_t session_left_count(const struct session *session)
{
	size_t count = 0;
	for (size_t at = 0; at < session->left_count; at++)
		count += (size_t)session->left[at].count;
	return count;
}

char *left_words(struct arena *arena, const struct session *session)
{
	char *words = arena_copy_text(arena, "");
	for (size_t at = 0; at < session->left_count; at++) {
		int count = session->left[at].count;
		const char *site = session->left[at].site;
		words = arena_print(arena, "%s%s%s", words, at ? " " : "", arena_print(arena,
			ngettext("%1$d wish for “%2$s” waits here, but that site is not configured: put it back into the configuration to send it or take it back.",
			         "%1$d wishes for “%2$s” wait here, but that site is not configured: put it back into the configuration to send them or take them back.",
			         (unsigned long)count), count, text_clean(arena, site, strlen(site), TEXT_ONE_LINE, TEXT_NAME_MAX)));
	}
	return words;
}
