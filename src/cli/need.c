/* need.c — what a command needs before it can go on: waited for, and judged when it came or did not. See inside.h. */
#include <string.h>

#include "inside.h"

static struct outcome no_answer(enum outcome_kind kind)
{
	return (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
}

static bool lists_settled(const struct cli *cli, const void *what)
{
	enum need need = *(const enum need *)what;
	const struct list_state *state =
		need == NEED_BOOKINGS ? &session_bookings(cli->session)->state : &session_spaces(cli->session)->state;
	return !state->asking && (state->outcome.kind != OUTCOME_NONE ||
	                          session_site(cli->session, 0)->state == SITE_LOGIN_NEEDED);
}

static bool some_site_answers(const struct cli *cli)
{
	for (size_t site = 0; site < session_site_count(cli->session); site++) {
		enum site_state state = session_site(cli->session, site)->state;
		if (state == SITE_UP || state == SITE_LOGIN_NEEDED)
			return true;
	}
	return false;
}

/* Fresh, or what was known before (then the exit status says so, and what is wished for waits), or nothing. One site that is down
 * hides its own rows only. */
static bool judge(struct cli *cli, const struct list_state *state, bool in_time)
{
	if (in_time && (state->outcome.kind == OUTCOME_DONE || (session_site_count(cli->session) > 1 && some_site_answers(cli))))
		return true;
	cli->missed = in_time ? outcome_copy(cli->arena, &state->outcome) : no_answer(OUTCOME_UNREACHABLE);
	if (cli->missed.kind == OUTCOME_NONE)
		cli->missed.kind = OUTCOME_LOGIN_NEEDED;
	if (!state->as_of || cli->missed.kind == OUTCOME_LOGIN_NEEDED || cli_interrupted())
		return false;
	cli->stale = true;
	return true;
}

static bool await_list(struct cli *cli, enum need need)
{
	bool in_time = cli_wait(cli, lists_settled, &need, cli->deadline_ms);
	return judge(cli, need == NEED_BOOKINGS ? &session_bookings(cli->session)->state : &session_spaces(cli->session)->state, in_time);
}

static bool has_answered(const struct cli *cli, const void *what)
{
	(void)cli;
	return !((const struct list_state *)what)->asking;
}

bool cli_await_asked(struct face *face, const struct list_state *state)
{
	struct cli *cli = (struct cli *)face;
	bool in_time = cli_wait(cli, has_answered, state, cli->deadline_ms);
	return judge(cli, state, in_time);
}

struct wanted_day { size_t site; const char *space_id; struct local_date date; };

static bool day_settled(const struct cli *cli, const void *what)
{
	const struct wanted_day *wanted = what;
	const struct day_list *day = session_day(cli->session, wanted->site, wanted->space_id, wanted->date);
	return !day->state.asking;
}

static bool await_day(struct cli *cli, size_t site, const char *space_id, struct local_date date)
{
	struct wanted_day wanted = { site, space_id, date };
	bool in_time = cli_wait(cli, day_settled, &wanted, cli->deadline_ms);
	const struct list_state *state = &session_day(cli->session, site, space_id, date)->state;
	if (in_time && state->outcome.kind == OUTCOME_DONE)
		return true;
	cli->missed = in_time ? outcome_copy(cli->arena, &state->outcome) : no_answer(OUTCOME_UNREACHABLE);
	cli->stale = cli->stale || state->as_of;
	return state->as_of && !cli_interrupted();
}

static bool member_known(const struct cli *cli, const void *what)
{
	(void)what;
	for (size_t site = 0; site < session_site_count(cli->session); site++) {
		enum site_state state = session_site(cli->session, site)->state;
		if (state == SITE_IDLE || state == SITE_ASKING)
			return false;
	}
	return session_is_quiet(cli->session);
}

static bool await_member(struct cli *cli)
{
	cli_wait(cli, member_known, NULL, cli->deadline_ms);
	for (size_t site = 0; site < session_site_count(cli->session); site++) {
		if (session_site(cli->session, site)->member)
			return true;
	}
	bool log_in = session_site(cli->session, 0)->state == SITE_LOGIN_NEEDED;
	cli->missed = no_answer(log_in ? OUTCOME_LOGIN_NEEDED : OUTCOME_UNREACHABLE);
	return false;
}

bool cli_knows_wishes(const struct cli *cli, const void *what)
{
	(void)what;
	return session_wishes_are_known(cli->session);
}

static bool await_wishes(struct cli *cli)
{
	struct problem why;
	if (cli_wait(cli, cli_knows_wishes, NULL, clock_monotonic_ms() + NOTES_MORE_MS))
		return true;
	problem_set(&why, PROBLEM_IO, "wishes", _("What waits to be sent is not known: the disk does not answer."));
	if (!cli_interrupted())
		cli_refuse(&cli->face, COMMAND_FAILED, &why, NULL, 0);
	return false;
}

bool cli_await(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date)
{
	struct cli *cli = (struct cli *)face;
	switch (need) {
	case NEED_SPACES:
	case NEED_BOOKINGS:
		return await_list(cli, need);
	case NEED_DAY:
		return await_day(cli, site, space_id, date);
	case NEED_MEMBER:
		return await_member(cli);
	case NEED_WISHES:
		return await_wishes(cli);
	}
	return false;
}

bool cli_await_days(struct cli *cli, struct local_date date)
{
	const struct space_list *list = session_spaces(cli->session);
	size_t count = list->count;
	struct wanted_day *wanted = arena_get(cli->arena, count * sizeof *wanted);
	for (size_t at = 0; at < count; at++) {
		wanted[at] = (struct wanted_day){ list->rows[at].site, arena_copy_text(cli->arena, list->rows[at].space.id), date };
		session_day(cli->session, wanted[at].site, wanted[at].space_id, date);
	}
	bool some = count == 0;
	for (size_t at = 0; at < count; at++)
		some = await_day(cli, wanted[at].site, wanted[at].space_id, date) || some;
	return some;
}
