/* undo.c — what was done last and can be made good: a cancelling by booking the same place again, a withdrawing by signing up again.
 * See session.h. Ids of wishes are made in the order of time, so the later of two is the greater. */
#include <string.h>

#include "inside.h"

/* Does `later` make good what `row` did? */
static bool makes_good(const struct outbox_row *later, const struct outbox_row *row)
{
	if (strcmp(later->site, row->site) != 0 || strcmp(later->id, row->id) <= 0)
		return false;
	if (row->kind == WISH_CANCEL)
		return later->kind == WISH_BOOK && strcmp(later->resource_id, row->resource_id) == 0 &&
		       period_equal(later->when, row->when);
	return later->kind == WISH_SIGN_UP && strcmp(later->activity_id, row->activity_id) == 0;
}

/* Also one that is still on its way: it is not to be sent twice. */
static bool is_made_good(const struct session *session, const struct outbox_row *row)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish *later = session->wishes[at];
		bool failed = outcome_is_final(later->view.outcome.kind) && outcome_exit_status(later->view.outcome.kind) != 0;
		if (!failed && makes_good(&later->row, row))
			return true;
	}
	return false;
}

const struct wish_view *session_undoable(const struct session *session)
{
	const struct wish *last = NULL;
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish *wish = session->wishes[at];
		bool takes_back = wish->row.kind == WISH_CANCEL || wish->row.kind == WISH_WITHDRAW;
		if (takes_back && wish->view.outcome.kind == OUTCOME_DONE && wish_is_mine(session, wish) &&
		    (!last || strcmp(wish->row.id, last->row.id) > 0) && !is_made_good(session, &wish->row))
			last = wish;
	}
	return last ? &last->view : NULL;
}
