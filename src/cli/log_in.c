/* log_in.c — who am I: by a code that is typed on another device, by a password, and not any more. See inside.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "inside.h"

#define LOG_OUT_MS 2000   /* for the disk and the site; they are told also when we have gone (main.c) */

static bool log_in_ended(const struct cli *cli, const void *what)
{
	return session_log_in_outcome(cli->session, *(const size_t *)what)->kind != OUTCOME_NONE;
}

static void tell_outcome(struct cli *cli, size_t site, const char *name, const char *refusal)
{
	struct outcome outcome = *session_log_in_outcome(cli->session, site);
	if (outcome.kind == OUTCOME_NONE)
		outcome.kind = OUTCOME_UNREACHABLE;
	if (outcome.kind == OUTCOME_DONE) {
		cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
		cli_say(cli, _("Logged in to %1$s as %2$s.\n"), session_site(cli->session, site)->label, name);
		return;
	}
	cli->missed = outcome;
	if (!refusal) {
		cli_tell_missed(cli);
		return;
	}
	struct problem why;
	problem_set(&why, PROBLEM_REFUSED, "login", "%s", refusal);
	cli_refuse(&cli->face, COMMAND_FAILED, &why, NULL, 0);
}

/* ---- by a password ---- */

static char *ask_password(const struct cli *cli, const char *label, const char *login, struct problem *why)
{
	if (cli->options->password_from_input)
		return secret_read_line(STDIN_FILENO, why);
	return secret_ask(arena_print(cli->arena, _("Password of %1$s for %2$s: "), login, label), why);
}

static void log_in_by_password(struct cli *cli, size_t site, const char *login)
{
	const char *label = session_site(cli->session, site)->label;
	struct problem why = { .kind = PROBLEM_NONE };
	char *asked = *login ? NULL : secret_ask_openly(arena_print(cli->arena, _("Login for %s: "), label), &why);
	const char *name = asked ? text_clean(cli->arena, asked, strlen(asked), TEXT_ONE_LINE, TEXT_NAME_MAX) : login;
	secret_forget(asked);
	if (!*name)
		problem_set(&why, PROBLEM_MISSING, "login", _("Say who logs in: hacktiv login LOGIN."));
	char *password = *name ? ask_password(cli, label, name, &why) : NULL;
	if (!password) {
		cli_refuse(&cli->face, COMMAND_FAILED, &why, NULL, 0);
		return;
	}
	session_log_in(cli->session, site, name, password);
	secret_forget(password);
	cli->deadline_ms = clock_monotonic_ms() + WAIT_MS;
	cli_wait(cli, log_in_ended, &site, cli->deadline_ms);
	enum outcome_kind kind = session_log_in_outcome(cli->session, site)->kind;
	bool refused = kind == OUTCOME_LOGIN_NEEDED || kind == OUTCOME_NOT_ALLOWED;
	tell_outcome(cli, site, name, refused ? _("The login or the password is wrong.") : NULL);
}

/* ---- by a code ---- */

static bool code_came(const struct cli *cli, const void *what)
{
	const struct device_view *device = session_device(cli->session, *(const size_t *)what);
	return !device || *device->user_code;
}

/* How wide the terminal is on which we speak; 0: it is none. */
static int width_of_complaints(void)
{
	struct winsize size;
	return isatty(STDERR_FILENO) && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void show_qr(const struct cli *cli, const char *address)
{
	struct qr qr;
	if (!cli->options->utf8 || !qr_make(cli->arena, address, false, &qr) || qr.columns > width_of_complaints()) {
		cli_complain(cli, "%s", _("A QR code has no room here: a wider terminal with UTF-8 is needed."));
		return;
	}
	for (size_t i = 0; i < qr.count; i++)
		cli_complain(cli, "%s", qr.rows[i]);
}

static void show_code(const struct cli *cli, size_t site, unsigned how)
{
	const struct device_view *device = session_device(cli->session, site);
	const struct zone *zone = zones_find(session_zones(cli->session), "Europe/Brussels", NULL);
	cli_complain(cli, _("To log in to %s, open this page on any device:"), session_site(cli->session, site)->label);
	cli_complain(cli, "    %s", device->address);
	cli_complain(cli, _("and type this code there:"));
	cli_complain(cli, "    %s", device->user_code);
	if (how & LOG_IN_WITH_QR)
		show_qr(cli, *device->whole_address ? device->whole_address : device->address);
	if (zone)
		cli_complain(cli, _("It is good until %s; the answer given there is waited for."), instant_words(cli->arena, zone, device->until));
}

static bool knows_me(const struct cli *cli, const void *what)
{
	const struct site_view *view = session_site(cli->session, *(const size_t *)what);
	return view->member || (view->state != SITE_UP && view->state != SITE_ASKING && view->state != SITE_IDLE);
}

/* False: this site lets nobody in so. */
static bool log_in_by_device(struct cli *cli, size_t site, unsigned how)
{
	session_log_in_by_device(cli->session, site);
	cli_wait(cli, code_came, &site, clock_monotonic_ms() + WAIT_MS);
	if (!session_may_log_in_by_device(cli->session, site))
		return false;
	const struct device_view *device = session_device(cli->session, site);
	if (device && *device->user_code) {
		show_code(cli, site, how);
		cli_wait(cli, log_in_ended, &site, INT64_MAX);   /* the session ends it with the code's time */
	}
	cli->deadline_ms = clock_monotonic_ms() + WAIT_MS;
	struct outcome outcome = *session_log_in_outcome(cli->session, site);
	bool done = outcome.kind == OUTCOME_DONE;
	if (done)
		cli_wait(cli, knows_me, &site, cli->deadline_ms);
	const struct member *me = session_site(cli->session, site)->member;
	bool refused = outcome.kind == OUTCOME_NOT_ALLOWED || outcome.kind == OUTCOME_NOT_FOUND || outcome.kind == OUTCOME_REFUSED;
	tell_outcome(cli, site, me ? me->login : "", refused ? device_words(cli->arena, &outcome) : NULL);
	return true;
}

/* It began by itself when hacktiv did, and may have ended by now. */
static void log_in_unattended(struct cli *cli, size_t site, const char *login)
{
	if (session_log_in_outcome(cli->session, site)->kind == OUTCOME_NONE)
		session_log_in_unattended(cli->session, site);
	cli->deadline_ms = clock_monotonic_ms() + SECRET_RUN_PATIENCE_MS + WAIT_MS;
	cli_wait(cli, log_in_ended, &site, cli->deadline_ms);
	bool refused = session_log_in_outcome(cli->session, site)->kind == OUTCOME_LOGIN_NEEDED;
	tell_outcome(cli, site, login, refused ? _("password_command did not let anybody in.") : NULL);
}

void log_in_from(struct face *face, size_t site, const char *login, unsigned how)
{
	struct cli *cli = (struct cli *)face;
	if (!how && session_may_log_in_unattended(cli->session, site))
		log_in_unattended(cli, site, login);
	else if ((how & LOG_IN_BY_PASSWORD) || !session_may_log_in_by_device(cli->session, site) || !log_in_by_device(cli, site, how))
		log_in_by_password(cli, site, login);
}

/* ---- out ---- */

static bool all_quiet(const struct cli *cli, const void *what)
{
	(void)what;
	return session_is_quiet(cli->session);
}

/* Nobody is asked in a shell: it is said, and done when it is said again. */
static void refuse_log_out(struct cli *cli, size_t at_stake)
{
	struct problem why;
	problem_set(&why, PROBLEM_REFUSED, "wishes", "%s %s", log_out_words(cli->arena, at_stake),
	            _("hacktiv sync sends what can be sent, hacktiv logout --drop logs out all the same."));
	cli_refuse(&cli->face, COMMAND_FAILED, &why, NULL, 0);
}

/* What the disk has not done yet is said at the very end, and what it could not do by a note. */
static void tell_log_out(struct cli *cli, size_t site)
{
	const char *label = session_site(cli->session, site)->label;
	switch (session_log_out_stands(cli->session, site)) {
	case LOG_OUT_KEPT:
		cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
		cli_say(cli, _("Logged out of %s. What was yours on this computer is forgotten.\n"), label);
		return;
	case LOG_OUT_UNDER_WAY:
		cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
		cli_say(cli, _("Logged out of %s.\n"), label);
		return;
	case LOG_OUT_FAILED:
		cli_end(cli, "failed", EXIT_FAILURE);
		cli_say(cli, _("Logged out of %s.\n"), label);
		return;
	}
}

void log_out_from(struct face *face, size_t site)
{
	struct cli *cli = (struct cli *)face;
	size_t at_stake = session_wishes_at_stake(cli->session, site);
	if (at_stake && !cli->options->drop) {
		refuse_log_out(cli, at_stake);
		return;
	}
	session_log_out(cli->session, site);
	cli_wait(cli, all_quiet, NULL, clock_monotonic_ms() + LOG_OUT_MS);
	tell_log_out(cli, site);
}
