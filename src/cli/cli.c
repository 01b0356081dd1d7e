/* cli.c — one command from a shell to its end: wait for what it needs, do it, say how it ended. See faces.h. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define EXIT_USAGE 2
#define EXIT_REFUSED 3
#define TURN_MS 1000        /* the longest sleep: a signal that came just before it is seen after that */

/* ---- waiting ---- */

/* The signal that came; a handler has no other place to leave word. */
static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	interrupted = number;
}

bool cli_interrupted(void)
{
	return interrupted != 0;
}

static const int watched_signals[] = { SIGINT, SIGTERM, SIGHUP };

static void watch_signals(void)
{
	struct sigaction action = { .sa_handler = interrupt }, before;
	sigemptyset(&action.sa_mask);
	for (size_t at = 0; at < COUNT_OF(watched_signals); at++) {
		sigaction(watched_signals[at], NULL, &before);
		if (before.sa_handler != SIG_IGN)   /* nohup */
			sigaction(watched_signals[at], &action, NULL);
	}
}

bool cli_wait(struct cli *cli, cli_ready *is_ready, const void *what, int64_t deadline_ms)
{
	while (!is_ready(cli, what)) {
		int64_t left_ms = deadline_ms - clock_monotonic_ms();
		if (left_ms <= 0 || cli_interrupted())
			return false;
		session_wait(cli->session, NULL, 0, left_ms < TURN_MS ? (int)left_ms : TURN_MS);
		session_turn(cli->session);
	}
	return true;
}

void cli_end(struct cli *cli, const char *outcome, int exit_status)
{
	cli->outcome = outcome;
	cli->exit_status = exit_status;
}

/* ---- what a command needs ---- */

static struct outcome no_answer(enum outcome_kind kind)
{
	return (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
}

static struct cli *cli_of(struct face *face)
{
	return (struct cli *)face;
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

/* Fresh, or what was known before (then nothing may be booked on it and the exit status says so), or nothing. */
static bool await_list(struct cli *cli, enum need need)
{
	bool in_time = cli_wait(cli, lists_settled, &need, cli->deadline_ms);
	const struct list_state *state =
		need == NEED_BOOKINGS ? &session_bookings(cli->session)->state : &session_spaces(cli->session)->state;
	if (in_time && (state->outcome.kind == OUTCOME_DONE || (session_site_count(cli->session) > 1 && some_site_answers(cli))))
		return true;
	cli->missed = in_time ? state->outcome : no_answer(OUTCOME_UNREACHABLE);
	if (cli->missed.kind == OUTCOME_NONE)
		cli->missed.kind = OUTCOME_LOGIN_NEEDED;
	if (!state->as_of || cli->missed.kind == OUTCOME_LOGIN_NEEDED || cli_interrupted())
		return false;
	cli->stale = true;
	return true;
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
	const struct day_list *day = session_day(cli->session, site, space_id, date);
	if (in_time && day->state.outcome.kind == OUTCOME_DONE)
		return true;
	cli->missed = in_time ? day->state.outcome : no_answer(OUTCOME_UNREACHABLE);
	return false;
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

static bool await_need(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date)
{
	struct cli *cli = cli_of(face);
	switch (need) {
	case NEED_SPACES:
	case NEED_BOOKINGS:
		return await_list(cli, need);
	case NEED_DAY:
		return await_day(cli, site, space_id, date);
	case NEED_MEMBER:
		return await_member(cli);
	}
	return false;
}

/* ---- saying why not ---- */

static void add_candidates(cJSON *problem, const char *const *candidates, size_t count)
{
	cJSON *items = cJSON_AddArrayToObject(problem, "candidates");
	for (size_t at = 0; at < count; at++)
		cJSON_AddItemToArray(items, cJSON_CreateString(candidates[at]));
}

static const char *outcome_of_refusal(enum command_end end, const struct problem *why, int *exit_status)
{
	*exit_status = EXIT_REFUSED;
	if (end == COMMAND_USAGE) {
		*exit_status = EXIT_USAGE;
		return "usage";
	}
	switch (why->kind) {
	case PROBLEM_REFUSED:
		return outcome_wire_name(strcmp(why->field, "login") == 0 ? OUTCOME_LOGIN_NEEDED : OUTCOME_REFUSED);
	case PROBLEM_CLOSED:
		return outcome_wire_name(OUTCOME_REFUSED);
	case PROBLEM_CONFLICT:
		return outcome_wire_name(OUTCOME_CONFLICT);
	case PROBLEM_NOT_FOUND:
		return outcome_wire_name(OUTCOME_NOT_FOUND);
	case PROBLEM_NONE:
	case PROBLEM_INVALID:
	case PROBLEM_AMBIGUOUS:
	case PROBLEM_IO:
	case PROBLEM_PROTOCOL:
	case PROBLEM_TOO_LARGE:
	case PROBLEM_MISSING:
		break;
	}
	*exit_status = EXIT_FAILURE;
	return "failed";
}

void cli_refuse(struct face *face, enum command_end end, const struct problem *why, const char *const *candidates,
                size_t count)
{
	struct cli *cli = cli_of(face);
	int exit_status;
	const char *outcome = outcome_of_refusal(end, why, &exit_status);
	cli_end(cli, outcome, exit_status);
	cli->told = true;
	if (cli->options->json) {
		cli->problem = json_problem(outcome, why->field, why->text);
		add_candidates(cli->problem, candidates, count);
		return;
	}
	cli_complain(cli, "%s", why->text);
	for (size_t at = 0; at < count; at++)
		cli_complain(cli, "  %s", candidates[at]);
}

/* What was needed is not at hand. */
void cli_tell_missed(struct cli *cli)
{
	const struct outcome *missed = &cli->missed;
	cli_end(cli, outcome_wire_name(missed->kind), outcome_exit_status(missed->kind));
	cli->told = true;
	const char *sentence = missed->kind == OUTCOME_LOGIN_NEEDED ? _("Log in first: hacktiv login.")
	                     : missed->kind == OUTCOME_THROTTLED    ? _("The server asks us to wait: try again a little later.")
	                                                            : outcome_words(cli->arena, missed);
	if (cli->options->json)
		cli->problem = json_problem(cli->outcome, "", sentence);
	else if (missed->kind == OUTCOME_LOGIN_NEEDED || !show_site_troubles(cli))
		cli_complain(cli, "%s", sentence);
}

/* ---- showing ---- */

static void done(struct cli *cli)
{
	if (cli->stale)
		cli_tell_missed(cli);
	else
		cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
}

static bool await_all_days(struct cli *cli, struct local_date date)
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

static void show_spaces(struct face *face, struct local_date date)
{
	struct cli *cli = cli_of(face);
	if (!date_equal(date, session_spaces(cli->session)->date) && !await_all_days(cli, date)) {
		cli_tell_missed(cli);
		return;
	}
	done(cli);
	if (cli->options->json)
		json_spaces(cli, date);
	else
		show_spaces_text(cli, date);
}

static void show_day(struct face *face, size_t site, const struct space *space, struct local_date date)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		json_day(cli, site, space->id, date);
	else
		show_day_text(cli, site, space, date);
}

static void show_bookings(struct face *face)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		json_bookings(cli);
	else
		show_bookings_text(cli);
}

static void show_member(struct face *face)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		json_members(cli);
	else
		show_member_text(cli);
}

/* ---- beginning and end ---- */

static const struct face_ops shell_ops = {
	.await = await_need,
	.show_spaces = show_spaces,
	.show_day = show_day,
	.show_bookings = show_bookings,
	.show_member = show_member,
	.propose_booking = act_propose_booking,
	.propose_cancel = act_propose_cancel,
	.log_in = act_log_in,
	.log_out = act_log_out,
	.refuse = cli_refuse,
};

static bool recovered_ended(const struct cli *cli, const void *what)
{
	(void)what;
	if (!session_is_quiet(cli->session) && session_wish_count(cli->session) == 0)
		return false;   /* not read from the disk yet */
	for (size_t at = 0; at < session_wish_count(cli->session); at++) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		if (wish->recovered && !wish_is_settled(wish) && !wish_waits_for_log_in(wish) && !wish->next_try_at)
			return false;
	}
	return true;
}

/* Before anything else: what became of a write whose end nobody saw. */
static void recover(struct cli *cli)
{
	cli_wait(cli, recovered_ended, NULL, clock_monotonic_ms() + RECOVER_MS);
	for (size_t at = 0; at < session_wish_count(cli->session);) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		bool settled = wish_is_settled(wish);
		if (wish->recovered) {
			cli_complain(cli, _("From an earlier run: %s"), wish_words(cli->arena, wish));
			session_wish_seen(cli->session, wish->row->id);
		}
		at += !(wish->recovered && settled);
	}
}

static void cli_begin(struct cli *cli, struct session *session, const struct config *config,
                      const struct run_options *options)
{
	*cli = (struct cli){
		.face = { &shell_ops }, .session = session, .config = config, .options = options, .arena = arena_new(),
		.exit_status = EXIT_FAILURE,
	};
	buffer_init(&cli->out, OUTPUT_MAX);
	interrupted = 0;
	watch_signals();
	session_start_network(session);
	recover(cli);
	for (size_t at = 0; at < session_note_count(session); at++)
		cli_complain(cli, "%s", session_note(session, at));
	cli->deadline_ms = clock_monotonic_ms() + WAIT_MS;
}

static int cli_finish(struct cli *cli)
{
	int exit_status = cli_flush(cli);
	if (cli_interrupted())
		exit_status = 128 + (int)interrupted;
	cJSON_Delete(cli->items);
	cJSON_Delete(cli->item);
	cJSON_Delete(cli->problem);
	buffer_clear(&cli->out);
	arena_free(cli->arena);
	return exit_status;
}

int cli_run(struct session *session, const struct config *config, const struct run_options *options,
            const struct command *command, const char *const *words, size_t word_count)
{
	struct cli cli;
	cli_begin(&cli, session, config, options);
	struct call call = {
		.session = session, .face = &cli.face, .config = config, .words = words, .word_count = word_count,
		.any = options->any, .subject = { .site = SIZE_MAX }, .arena = cli.arena,
	};
	enum command_end end = command_run(command, &call);
	if (end == COMMAND_FAILED && !cli.told)
		cli_tell_missed(&cli);
	return cli_finish(&cli);
}

int cli_overview(struct session *session, const struct config *config, const struct run_options *options)
{
	struct cli cli;
	cli_begin(&cli, session, config, options);
	bool known = session_site_count(session) > 0 && await_list(&cli, NEED_SPACES);
	bool mine = known && session_site(session, 0)->state != SITE_LOGIN_NEEDED && await_list(&cli, NEED_BOOKINGS);
	if (!session_site_count(session)) {
		struct problem why;
		problem_set(&why, PROBLEM_MISSING, "sites",
			_("No site is configured. Set HACKTIV_URL, write a configuration, or try “hacktiv demo”."));
		cli_refuse(&cli.face, COMMAND_FAILED, &why, NULL, 0);
	} else if (!known) {
		cli_tell_missed(&cli);
	} else {
		done(&cli);
		if (options->json) {
			json_overview(&cli);
		} else {
			show_spaces_text(&cli, session_spaces(session)->date);
			cli_say(&cli, "\n%s\n", C_("heading", "My bookings"));
			if (mine)
				show_bookings_text(&cli);
			else
				cli_say(&cli, "%s\n", _("Log in first: hacktiv login."));
		}
	}
	return cli_finish(&cli);
}
