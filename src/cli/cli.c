/* cli.c — one command from a shell to its end: do it, say how it ended. See faces.h. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define EXIT_USAGE 2
#define EXIT_REFUSED 3
#define DISK_PATIENCE_MS 1000
#define DISK_LOOK_MS 50
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

static struct cli *cli_of(struct face *face)
{
	return (struct cli *)face;
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

static void tell_refusal(struct cli *cli, const struct problem *why, const char *const *candidates, size_t count)
{
	cli->told = true;
	if (cli->options->json) {
		cli->problem = json_problem(cli->outcome, why->field, why->text);
		add_candidates(cli->problem, candidates, count);
		return;
	}
	cli_complain(cli, "%s", why->text);
	for (size_t at = 0; at < count; at++)
		cli_complain(cli, "  %s", candidates[at]);
}

void cli_refuse(struct face *face, enum command_end end, const struct problem *why, const char *const *candidates,
                size_t count)
{
	struct cli *cli = cli_of(face);
	int exit_status;
	const char *outcome = outcome_of_refusal(end, why, &exit_status);
	cli_end(cli, outcome, exit_status);
	tell_refusal(cli, why, candidates, count);
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

static void show_spaces(struct face *face, struct local_date date)
{
	struct cli *cli = cli_of(face);
	if (!date_equal(date, session_spaces(cli->session)->date) && !cli_await_days(cli, date)) {
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

static void show_agenda(struct face *face, const struct agenda_filter *filter)
{
	struct cli *cli = cli_of(face);
	if (!cli_await_asked(face, &session_activities(cli->session, filter->from, filter->until)->state)) {
		cli_tell_missed(cli);
		return;
	}
	done(cli);
	if (cli->options->json)
		json_agenda(cli, filter);
	else
		show_agenda_text(cli, filter);
}

static void show_activity(struct face *face, size_t site, const struct activity *activity)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		cli->item = json_activity(cli, activity, site, true);
	else
		show_activity_text(cli, activity);
}

static void show_signups(struct face *face)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		json_signups(cli);
	else
		show_signups_text(cli);
}

/* A script wants all there is; whoever reads can say more words. */
static bool await_pages(struct face *face, enum directory directory, const struct directory_list *list)
{
	bool answered = cli_await_asked(face, &list->state);
	while (answered && list->more && list->state.outcome.kind == OUTCOME_DONE) {
		session_directory_more(cli_of(face)->session, directory);
		answered = cli_await_asked(face, &list->state);
	}
	return answered;
}

static void show_directory(struct face *face, enum directory directory, const char *query)
{
	struct cli *cli = cli_of(face);
	const struct directory_list *list = session_directory(cli->session, directory, query);
	if (!await_pages(face, directory, list)) {
		cli_tell_missed(cli);
		return;
	}
	done(cli);
	if (cli->options->json)
		json_directory(cli, list);
	else
		show_directory_text(cli, list);
}

static void show_card(struct face *face, size_t site, const struct card *card)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		cli->item = json_card(cli, card, site);
	else
		show_card_text(cli, card);
}

static void show_organisation(struct face *face, size_t site, const struct organisation *organisation)
{
	struct cli *cli = cli_of(face);
	done(cli);
	if (cli->options->json)
		cli->item = json_organisation(cli, organisation, site);
	else
		show_organisation_text(cli, organisation);
}

/* ---- beginning and end ---- */

static const struct face_ops shell_ops = {
	.await = cli_await,
	.await_list = cli_await_asked,
	.show_spaces = show_spaces,
	.show_day = show_day,
	.show_bookings = show_bookings,
	.show_member = show_member,
	.show_agenda = show_agenda,
	.show_activity = show_activity,
	.show_signups = show_signups,
	.show_directory = show_directory,
	.show_card = show_card,
	.show_organisation = show_organisation,
	.show_sync = act_show_sync,
	.show_wishes = act_show_wishes,
	.drop_wish = act_drop_wish,
	.propose_booking = act_propose_booking,
	.propose_cancel = act_propose_cancel,
	.propose_sign_up = act_propose_sign_up,
	.propose_withdraw = act_propose_withdraw,
	.log_in = log_in_from,
	.log_out = log_out_from,
	.refuse = cli_refuse,
};

static bool sites_have_answered(const struct cli *cli, const void *what)
{
	(void)what;
	return session_is_answered(cli->session);
}

/* With none to wait for, it is what commands go by that is waited for. */
static bool recovered_ended(const struct cli *cli, const void *what)
{
	(void)what;
	if (!session_is_quiet(cli->session) && session_wish_count(cli->session) == 0)
		return false;
	for (size_t at = 0; at < session_wish_count(cli->session); at++) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		if (wish->recovered && !wish_is_settled(wish) && !wish_waits_for_log_in(wish) && !wish->next_try_at)
			return false;
	}
	return true;
}

/* Before anything else: what became of a write whose end nobody saw. On a disk that does not answer it is left to the next run. */
static void recover(struct cli *cli)
{
	bool disk_answers = cli_wait(cli, cli_knows_wishes, NULL, clock_monotonic_ms() + NOTES_MS);
	cli_wait(cli, disk_answers ? recovered_ended : sites_have_answered, NULL, clock_monotonic_ms() + RECOVER_MS);
	for (size_t at = 0; at < session_wish_count(cli->session);) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		bool settled = wish_is_settled(wish);
		bool asks = wish_stands(wish) == WISH_ASKS, gone = wish->recovered && settled && !asks;
		if (wish->recovered)
			cli_complain(cli, _("From an earlier run: %s"), wish_words(cli->arena, wish));
		if (wish->recovered && asks) {
			act_tell_alternatives(cli, wish);
			cli_complain(cli, _("Book another place, or let it go: hacktiv drop %zu."), at + 1);
		}
		if (gone)
			session_wish_seen(cli->session, wish->row->id);
		at += !gone;
	}
}

/* `local`: no site is asked, and nothing is sent. */
static void tell_notes(struct cli *cli)
{
	for (; cli->notes_told < session_note_count(cli->session); cli->notes_told++)
		cli_complain(cli, "%s", session_note(cli->session, cli->notes_told));
}

static void cli_begin(struct cli *cli, struct session *session, const struct config *config, const struct run_options *options,
                      bool local)
{
	*cli = (struct cli){
		.face = { &shell_ops }, .session = session, .config = config, .options = options, .arena = arena_new(),
		.exit_status = EXIT_FAILURE,
	};
	buffer_init(&cli->out, OUTPUT_MAX);
	interrupted = 0;
	ending_watch(interrupt);
	if (local) {
		session_hold_wishes(session);
	} else {
		session_start_network(session);
		recover(cli);
	}
	tell_notes(cli);
	cli->deadline_ms = clock_monotonic_ms() + WAIT_MS;
}

/* Only now: who is killed before it is written is told by the next run. */
static void see_what_was_told(struct cli *cli)
{
	for (size_t at = session_wish_count(cli->session); at-- > 0;) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		if (wish->told)
			session_wish_seen(cli->session, wish->row->id);
	}
}

/* What is said to be kept is kept, and what was told is not told again. A slow disk is given a moment, and none after Ctrl-C. */
static void let_disk_finish(struct cli *cli)
{
	int64_t until_ms = clock_monotonic_ms() + DISK_PATIENCE_MS;
	while (!session_is_kept(cli->session) && !cli_interrupted() && clock_monotonic_ms() < until_ms) {
		session_wait(cli->session, NULL, 0, DISK_LOOK_MS);
		session_turn(cli->session);
	}
}

static void cli_clear(struct cli *cli)
{
	cJSON_Delete(cli->items);
	cJSON_Delete(cli->item);
	cJSON_Delete(cli->problem);
	buffer_clear(&cli->out);
	arena_free(cli->arena);
}

static int cli_finish(struct cli *cli)
{
	tell_notes(cli);
	int exit_status = cli_flush(cli);
	see_what_was_told(cli);
	let_disk_finish(cli);
	if (cli_interrupted())
		exit_status = 128 + (int)interrupted;
	cli_clear(cli);
	return exit_status;
}

int cli_refuse_run(const struct run_options *options, int exit_status, const struct problem *why, const char *near)
{
	struct cli cli = { .options = options, .arena = arena_new() };
	buffer_init(&cli.out, OUTPUT_MAX);
	bool away = exit_status == outcome_exit_status(OUTCOME_UNREACHABLE);
	cli_end(&cli, exit_status == EXIT_USAGE ? "usage" : away ? outcome_wire_name(OUTCOME_UNREACHABLE) : "failed", exit_status);
	tell_refusal(&cli, why, &near, options->json && near ? 1 : 0);   /* the sentence names it */
	exit_status = cli_flush(&cli);
	cli_clear(&cli);
	return exit_status;
}

int cli_run(struct session *session, const struct config *config, const struct run_options *options,
            const struct command *command, const char *const *words, size_t word_count)
{
	struct cli cli;
	cli_begin(&cli, session, config, options, command->flags & IS_LOCAL);
	struct call call = {
		.session = session, .face = &cli.face, .config = config, .words = words, .word_count = word_count,
		.any = options->any, .log_in_how = options->log_in_how, .subject = { .site = SIZE_MAX }, .arena = cli.arena,
	};
	enum command_end end = command_run(command, &call);
	if (end == COMMAND_FAILED && !cli.told)
		cli_tell_missed(&cli);
	return cli_finish(&cli);
}

static const struct local_date no_date = { 0, 0, 0 };

int cli_overview(struct session *session, const struct config *config, const struct run_options *options)
{
	struct cli cli;
	cli_begin(&cli, session, config, options, false);
	bool known = session_site_count(session) > 0 && cli_await(&cli.face, NEED_SPACES, SIZE_MAX, NULL, no_date);
	bool mine = known && session_site(session, 0)->state != SITE_LOGIN_NEEDED && cli_await(&cli.face, NEED_BOOKINGS, SIZE_MAX, NULL, no_date);
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
			if (mine) {
				show_bookings_text(&cli);
				cli_say(&cli, "\n%s\n", C_("heading", "My sign-ups"));
				if (cli_await_asked(&cli.face, &session_signups(session)->state))
					show_signups_text(&cli);
			} else {
				cli_say(&cli, "%s\n", _("Log in first: hacktiv login."));
			}
		}
	}
	return cli_finish(&cli);
}
