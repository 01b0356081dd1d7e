/* undo.c — what was done last and can be made good: a cancelling by booking the same place again, a withdrawing by signing up again.
 * See session.h. Wishes stand in the order in which they were made. */
#include <string.h>

#include "inside.h"

/* Does `later` make good what `row` did? */
static bool makes_good(const struct outbox_row *later, const struct outbox_row *row)
{
	if (strcmp(later->site, row->site) != 0)
		return false;
	if (row->kind == WISH_CANCEL)
		return later->kind == WISH_BOOK && strcmp(later->resource_id, row->resource_id) == 0 &&
		       period_equal(later->when, row->when);
	return later->kind == WISH_SIGN_UP && strcmp(later->activity_id, row->activity_id) == 0;
}

/* Also by one that is still on its way: it is not to be sent twice. */
static bool is_made_good(const struct session *session, size_t at)
{
	for (size_t next = at + 1; next < session->wish_count; next++) {
		const struct wish *later = session->wishes[next];
		bool failed = outcome_is_final(later->view.outcome.kind) && outcome_exit_status(later->view.outcome.kind) != 0;
		if (!failed && makes_good(&later->row, &session->wishes[at]->row))
			return true;
	}
	return false;
}

const struct wish_view *session_undoable(const struct session *session)
{
	for (size_t at = session->wish_count; at-- > 0;) {
		const struct wish *wish = session->wishes[at];
		bool takes_back = wish->row.kind == WISH_CANCEL || wish->row.kind == WISH_WITHDRAW;
		if (takes_back && wish->view.outcome.kind == OUTCOME_DONE && wish_is_mine(session, wish) && !is_made_good(session, at))
			return &wish->view;
	}
	return NULL;
}
