/* login_commands.c — log in and out of a site. */
#include <string.h>

#include "commands.h"

static bool find_site(const struct call *call, const char *word, size_t *site)
{
	for (*site = 0; *site < session_site_count(call->session); ++*site) {
		if (strcmp(session_site(call->session, *site)->id, word) == 0)
			return true;
	}
	return false;
}

/* The only one there is, or the only one in the state that makes sense of the command. */
static bool obvious_site(const struct call *call, bool log_in, size_t *site)
{
	size_t fitting = 0;
	for (size_t at = 0; at < session_site_count(call->session); at++) {
		if ((session_site(call->session, at)->state == SITE_LOGIN_NEEDED) == log_in) {
			*site = at;
			fitting++;
		}
	}
	if (fitting != 1 && session_site_count(call->session) == 1) {
		*site = 0;
		return true;
	}
	return fitting == 1;
}

static enum command_end refuse_sites(struct call *call)
{
	size_t count = session_site_count(call->session);
	const char **candidates = arena_get(call->arena, count * sizeof *candidates);
	for (size_t at = 0; at < count; at++)
		candidates[at] = arena_print(call->arena, _("%1$s (%2$s)"), session_site(call->session, at)->id,
		                             session_site(call->session, at)->label);
	struct problem why;
	problem_set(&why, PROBLEM_AMBIGUOUS, "site", _("Which site?"));
	call->face->ops->refuse(call->face, COMMAND_USAGE, &why, candidates, count);
	return COMMAND_USAGE;
}

/* In line mode and in the box, options stand among the words. */
static bool take_how(struct call *call, const char *word)
{
	unsigned how = strcmp(word, "--password") == 0 ? LOG_IN_BY_PASSWORD : strcmp(word, "--qr") == 0 ? LOG_IN_WITH_QR : 0;
	call->log_in_how |= how;
	return how != 0;
}

static enum command_end choose_site(struct call *call, bool log_in, size_t *site, const char **login)
{
	bool said = false;
	*login = NULL;
	for (size_t at = 0; at < call->word_count; at++) {
		if (log_in && take_how(call, call->words[at]))
			continue;
		if (!said && find_site(call, call->words[at], site))
			said = true;
		else if (log_in && !*login)
			*login = call->words[at];
		else
			return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "site", _("“%s” is not a site."), call->words[at]);
	}
	if (!said && call->subject.site != SIZE_MAX) {
		*site = call->subject.site;
		said = true;
	}
	return said || obvious_site(call, log_in, site) ? COMMAND_GIVEN : refuse_sites(call);
}

enum command_end command_login(struct call *call)
{
	size_t site;
	const char *login;
	if (token_is_given())
		return command_refuse(call, COMMAND_FAILED, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                      _("HACKTIV_TOKEN_FILE is only read: unset it to log in."));
	enum command_end end = choose_site(call, true, &site, &login);
	if (end != COMMAND_GIVEN)
		return end;
	/* Who says which login has a password for it. */
	unsigned how = call->log_in_how | (login ? LOG_IN_BY_PASSWORD : 0);
	call->face->ops->log_in(call->face, site, login ? login : call->config->sites[site].login, how);
	return COMMAND_GIVEN;
}

enum command_end command_logout(struct call *call)
{
	size_t site;
	const char *login;
	enum command_end end = choose_site(call, false, &site, &login);
	if (end != COMMAND_GIVEN)
		return end;
	session_look_for_wishes(call->session);   /* not waited for: whoever wants to be out gets out, also while the disk hangs */
	call->face->ops->log_out(call->face, site);
	return COMMAND_GIVEN;
}
