/* others.c — wishes that another hacktiv of this person works on, as the outbox had them when it was last read: to be shown, and nothing
 * else. See session.h. */
#include "inside.h"

void others_clear(struct session *session)
{
	arena_free(session->others_arena);
	session->others_arena = NULL;
	session->others = NULL;
	session->other_count = 0;
}

/* What the other one knows of it beyond its row, it has not told anybody. */
static struct wish_view view_of(const struct outbox_row *row, size_t site)
{
	enum outcome_kind kind = row->state == WISH_QUEUED ? OUTCOME_UNREACHABLE : OUTCOME_NONE;
	return (struct wish_view){ .row = row, .site = site, .outcome = { .kind = kind, .quotation = "", .told_by = "" } };
}

void others_loaded(struct session *session, struct store_reply *reply)
{
	if (session->other_count || reply->other_count)
		session->changed |= SESSION_WISHES;
	session_bury(session, &session->others_arena);
	others_clear(session);
	if (!reply->other_count)
		return;
	session->others_arena = reply->arena;   /* the rows are in it */
	reply->arena = NULL;
	session->others = arena_get(session->others_arena, reply->other_count * sizeof *session->others);
	for (size_t at = 0; at < reply->other_count; at++) {
		size_t site;
		if (site_find(session, reply->others[at].site, &site) && !wish_row_is_hidden(session, site, &reply->others[at]))
			session->others[session->other_count++] = view_of(&reply->others[at], site);
	}
}

size_t session_other_count(const struct session *session)
{
	return session->other_count;
}

const struct wish_view *session_other_at(const struct session *session, size_t at)
{
	return &session->others[at];
}
