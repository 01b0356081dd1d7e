/* behind.c — wishes of one thing go one after the other: signed up, withdrawn and signed up again ends in another way in any other order,
 * and none of them may overtake one of which the answer was lost, nor one that another of us has under way (the disk knows of those).
 * See inside.h. */
#include <string.h>

#include "inside.h"

bool wish_is_open(const struct wish *wish)
{
	return wish->row.state == WISH_QUEUED || wish->row.state == WISH_SENT;
}

static bool is_of_same_thing(const struct wish *wish, const struct wish *other)
{
	bool of_activity = wish_is_of_activity(wish);
	if (wish->view.site != other->view.site || of_activity != wish_is_of_activity(other))
		return false;
	return of_activity ? strcmp(wish->row.activity_id, other->row.activity_id) == 0
	                   : strcmp(wish->row.booking_id, other->row.booking_id) == 0;
}

static const struct wish *find_earlier(const struct session *session, const struct wish *wish)
{
	for (size_t at = 0; at < session->wish_count && session->wishes[at] != wish; at++) {
		const struct wish *earlier = session->wishes[at];
		if (wish_is_open(earlier) && is_of_same_thing(wish, earlier) && wish_is_listed(session, earlier))
			return earlier;
	}
	return NULL;
}

/* It waits for what the earlier one waits for, and says so: also while that one is on its way once more. */
static void wait_for(struct wish *wish, const struct wish *earlier)
{
	enum outcome_kind so_far = earlier->view.outcome.kind;
	wish->view.next_try_at = earlier->view.next_try_at;
	if (wish->view.outcome.kind != OUTCOME_NONE)
		return;
	if (so_far == OUTCOME_LOGIN_NEEDED)
		wish->view.outcome.kind = OUTCOME_LOGIN_NEEDED;
	else if (so_far != OUTCOME_NONE)
		wish->view.outcome = (struct outcome){ .kind = OUTCOME_UNREACHABLE, .quotation = "", .told_by = "" };
}

bool wish_waits_behind(struct session *session, struct wish *wish)
{
	const struct wish *earlier = find_earlier(session, wish);
	wish->behind = earlier;
	if (!earlier)
		return false;
	wait_for(wish, earlier);
	if (!wish->on_disk && wish->writes == 0)
		wish_put(session, wish);
	return true;
}

/* Another of us has the earlier one. Should that one be gone by now, what it left behind is ours. */
void wish_waits_for_another(struct session *session, struct wish *wish)
{
	bool there = wish->view.perhaps_there;   /* sent though the disk did not take that it was */
	wish->row.state = there ? WISH_SENT : WISH_QUEUED;
	wish->row.first_sent_at = there ? wish->row.first_sent_at : 0;
	wish->view.outcome = (struct outcome){ .kind = there ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, .quotation = "", .told_by = "" };
	wish_plan_next_try(session, wish, -1);   /* seldomer and seldomer: that one may wait for hours */
	store_load_wishes(session->store);
	session->loads_waiting++;
	session->changed |= SESSION_WISHES;
}

void wish_follow(const struct session *session, struct wish *wish, int64_t now_ms)
{
	const struct wish *earlier = find_earlier(session, wish);
	wish->behind = earlier;
	if (earlier)
		wait_for(wish, earlier);
	else
		wish->next_try_ms = now_ms;
}
