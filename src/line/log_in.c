/* log_in.c — who am I: by a code that is typed on another device, by a password, and not any more. */
#include "line.h"

static struct line *line_of(struct face *face)
{
	return (struct line *)face;
}

static bool log_in_ended(const struct line *line, const void *what)
{
	return session_log_in_outcome(line->session, *(const size_t *)what)->kind != OUTCOME_NONE;
}

static void log_in_by_password(struct line *line, size_t site, const char *login)
{
	const char *name = *login ? login : line_ask(line, _("Login: "));
	struct problem why = { .kind = PROBLEM_NONE };
	char *password = name && *name ? secret_ask(_("Password: "), &why) : NULL;
	if (!password) {
		line_say(line, "%s", why.kind == PROBLEM_NONE ? _("Nothing was changed.") : why.text);
		return;
	}
	session_log_in(line->session, site, name, password);
	secret_forget(password);
	line_wait(line, log_in_ended, &site);
	const struct outcome *outcome = session_log_in_outcome(line->session, site);
	if (outcome->kind == OUTCOME_DONE)
		line_say(line, _("Logged in to %1$s as %2$s."), session_site(line->session, site)->label, name);
	else if (outcome->kind == OUTCOME_LOGIN_NEEDED || outcome->kind == OUTCOME_NOT_ALLOWED)
		line_say(line, "%s", _("The login or the password is wrong."));
	else
		line_say(line, "%s", outcome_words(line->arena, outcome));
}

/* ---- by a code ---- */

static bool code_came(const struct line *line, const void *what)
{
	const struct device_view *device = session_device(line->session, *(const size_t *)what);
	return !device || *device->user_code;
}

static void show_code(struct line *line, size_t site, unsigned how)
{
	const struct device_view *device = session_device(line->session, site);
	const struct zone *zone = zones_find(session_zones(line->session), "Europe/Brussels", NULL);
	struct qr qr;
	line_say(line, _("To log in to %s, open this page on any device:"), session_site(line->session, site)->label);
	line_say(line, "%s", device->address);
	line_say(line, "%s", _("and type this code there:"));
	line_say(line, "%s", device->user_code);
	if ((how & LOG_IN_WITH_QR) && line->utf8 && qr_make(line->arena, *device->whole_address ? device->whole_address : device->address, false, &qr)) {
		for (size_t i = 0; i < qr.count; i++)
			line_say(line, "%s", qr.rows[i]);
	}
	if (zone)
		line_say(line, _("It is good until %s; the answer given there is waited for."), instant_words(line->arena, zone, device->until));
	line_say(line, "%s", _("Enter gives up."));
}

/* False: this site lets nobody in so. */
static bool log_in_by_device(struct line *line, size_t site, unsigned how)
{
	session_log_in_by_device(line->session, site);
	line_wait(line, code_came, &site);
	if (!session_may_log_in_by_device(line->session, site))
		return false;
	const struct device_view *device = session_device(line->session, site);
	if (device && *device->user_code) {
		show_code(line, site, how);
		line_wait_or_enter(line, log_in_ended, &site);
	}
	struct outcome outcome = *session_log_in_outcome(line->session, site);
	if (outcome.kind == OUTCOME_DONE)
		line_say(line, _("Logged in to %s."), session_site(line->session, site)->label);
	else
		line_say(line, "%s", outcome.kind == OUTCOME_NONE ? _("Nothing was changed.") : device_words(line->arena, &outcome));
	session_drop_log_in(line->session, site);
	return true;
}

void line_log_in(struct face *face, size_t site, const char *login, unsigned how)
{
	struct line *line = line_of(face);
	if ((how & LOG_IN_BY_PASSWORD) || !session_may_log_in_by_device(line->session, site) || !log_in_by_device(line, site, how))
		log_in_by_password(line, site, login);
}

void line_log_out(struct face *face, size_t site)
{
	struct line *line = line_of(face);
	size_t at_stake = session_wishes_at_stake(line->session, site);
	if (at_stake)
		line_say(line, "%s", log_out_words(line->arena, at_stake));
	if (at_stake && !line_confirm(line, _("Log out all the same? [yes] "))) {
		line_say(line, "%s", _("Nothing was changed."));
		return;
	}
	session_log_out(line->session, site);
	line_say(line, _("Logged out of %s. What was yours on this computer is forgotten."),
	         session_site(line->session, site)->label);
}
