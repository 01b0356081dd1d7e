/* command.c — see command.h: the table, and how a row is found in it. */
#include "hacktiv/app/command.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "inside.h"
#include "nearest.h"

/* Letters are the same in every language and need no AltGr on a French or Belgian keyboard. Help shows the rows in
 * this order. */
const struct command commands[] = {
	/* what a person can do */
	{ "book", "réserver reserver réserve", "r", ON(PANE_SPACES) | ON(PANE_SPACE) | ON(PANE_MY_DAY), NEEDS_LOGIN | IN_SHELL,
	  N_("[PLACE] WHEN [--any]"), N_("Book a desk or a room"), .run = command_book },
	{ "cancel", "annuler annule", "a", ON(PANE_MY_DAY) | ON(PANE_SPACE) | ON(PANE_AGENDA), NEEDS_LOGIN | NEEDS_ROW | IN_SHELL,
	  N_("BOOKING"), N_("Cancel a booking or a sign-up"), .run = command_cancel },
	{ "sign-up", "inscrire inscription signup", "i", ON(PANE_MY_DAY) | ON(PANE_AGENDA), NEEDS_LOGIN | NEEDS_ROW | IN_SHELL,
	  N_("ACTIVITY"), N_("Sign up for an activity, or wait in line when it is full"), .run = command_sign_up },
	{ "withdraw", "désinscrire désinscription", NULL, ON(PANE_MY_DAY) | ON(PANE_AGENDA), NEEDS_LOGIN | NEEDS_ROW | IN_SHELL,
	  N_("ACTIVITY"), N_("Give up a place in an activity, or in its line"), .run = command_withdraw },
	{ "undo", "défaire rétablir", "U", ON_ALL, NEEDS_LOGIN | IN_SHELL,
	  NULL, N_("Undo the last cancelling or withdrawing"), .run = command_undo },
	{ "spaces", "espaces espace", NULL, ON_ALL, IN_SHELL,
	  N_("[DATE]"), N_("Show all spaces: open or closed, free desks"), .run = command_spaces },
	{ "desks", "postes poste places disponibilités", NULL, ON_ALL, IN_SHELL,
	  N_("[SPACE] [DATE]"), N_("Show the desks and rooms of a space for a day"), .run = command_desks },
	{ "bookings", "réservations reservations", NULL, ON_ALL, NEEDS_LOGIN | IN_SHELL,
	  NULL, N_("Show my bookings"), .run = command_bookings },
	{ "agenda", "activités activites activities", NULL, ON_ALL, IN_SHELL,
	  N_("[DATE] [WORDS]"), N_("Show the activities of all spaces, or one by its number"), .run = command_agenda },
	{ "signups", "inscriptions", NULL, ON_ALL, NEEDS_LOGIN | IN_SHELL,
	  NULL, N_("Show what I am signed up for, and where I wait"), .run = command_signups },
	{ "members", "membres membre", NULL, ON_ALL, IN_SHELL,
	  N_("WORDS"), N_("Find members who show themselves, or one by their number"), .run = command_members },
	{ "organisations", "organisations organizations organisation", NULL, ON_ALL, IN_SHELL,
	  N_("[WORDS]"), N_("Find organisations, or one by its number"), .run = command_organisations },
	{ "sync", "synchroniser synchro", NULL, ON_ALL, IN_SHELL,
	  NULL, N_("Ask all sites anew and send what waits to be sent"), .run = command_sync },
	{ "wishes", "souhaits souhait wish", NULL, ON_ALL, IN_SHELL | IS_LOCAL,
	  NULL, N_("Show what waits to be sent"), .run = command_wishes },
	{ "drop", "retirer abandonner", NULL, ON_ALL, NEEDS_ROW | IN_SHELL | IS_LOCAL,
	  N_("WISH"), N_("Take back a wish, or let it go"), .run = command_drop },
	{ "whoami", "qui moi", NULL, ON_ALL, NEEDS_LOGIN | IN_SHELL,
	  NULL, N_("Say who I am for each site"), .run = command_whoami },
	{ "login", "connexion connecter", NULL, ON_ALL, IN_SHELL,
	  N_("[SITE] [LOGIN]"), N_("Log in to a site"), .run = command_login },
	{ "logout", "déconnexion deconnexion déconnecter", NULL, ON_ALL, NEEDS_LOGIN | IN_SHELL,
	  N_("[SITE]"), N_("Log out and forget what is mine on this computer"), .run = command_logout },

	/* ways through the screen */
	{ "open", "ouvrir", "Enter", ON_ALL, IS_VIEW, NULL, N_("Open, or yes to what is proposed"), .view = VIEW_OPEN },
	{ "back", "retour", "q Escape", ON_ALL, IS_VIEW, NULL, N_("Back; on the first screen, q leaves"), .view = VIEW_BACK },
	{ "my-day", "mon-jour jour", "gj F2", ON_ALL, IS_VIEW, NULL, N_("Go to my day"), .view = VIEW_GO, .to = PANE_MY_DAY },
	{ "spaces-pane", "volet-espaces", "ge F3", ON_ALL, IS_VIEW, NULL, N_("Go to the spaces"), .view = VIEW_GO, .to = PANE_SPACES },
	{ "agenda-pane", "volet-agenda", "ga F4", ON_ALL, IS_VIEW, NULL, N_("Go to the agenda"), .view = VIEW_GO, .to = PANE_AGENDA },
	{ "members-pane", "volet-membres", "gm F5", ON_ALL, IS_VIEW, NULL, N_("Go to the members"), .view = VIEW_GO, .to = PANE_MEMBERS },
	{ "next-pane", "volet-suivant", "Tab", ON_ALL, IS_VIEW, NULL, N_("Go to the next pane"), .view = VIEW_NEXT_PANE },
	{ "timeline", "frise", "v", ON(PANE_SPACE), IS_VIEW, NULL, N_("Show the day of a space by hours, or by half-days"),
	  .view = VIEW_TIMELINE },
	{ "earlier", "veille", "Left h", ON_ALL, IS_VIEW, NULL, N_("The day before"), .view = VIEW_EARLIER },
	{ "later", "lendemain", "Right l", ON_ALL, IS_VIEW, NULL, N_("The day after"), .view = VIEW_LATER },
	{ "today", "aujourd'hui", "t", ON_ALL, IS_VIEW, NULL, N_("Today"), .view = VIEW_TODAY },
	{ "date", "jour-du", "d", ON_ALL, IS_VIEW, NULL, N_("Go to a date, in words or digits"), .view = VIEW_DATE },
	{ "filter", "filtrer", "/", ON_ALL, IS_VIEW, NULL, N_("Show only the rows that hold some words"), .view = VIEW_FILTER },
	{ "box", "boîte", ":", ON_ALL, IS_VIEW, NULL, N_("Type a command, a name or a date"), .view = VIEW_BOX },
	{ "up", "haut", "Up k", ON_ALL, IS_VIEW, NULL, N_("One row up"), .view = VIEW_UP },
	{ "down", "bas", "Down j", ON_ALL, IS_VIEW, NULL, N_("One row down"), .view = VIEW_DOWN },
	{ "page-up", "page-haut", "PageUp C-b", ON_ALL, IS_VIEW, NULL, N_("One page up"), .view = VIEW_PAGE_UP },
	{ "page-down", "page-bas", "PageDown C-f", ON_ALL, IS_VIEW, NULL, N_("One page down"), .view = VIEW_PAGE_DOWN },
	{ "first", "premier", "Home gg", ON_ALL, IS_VIEW, NULL, N_("The first row"), .view = VIEW_FIRST },
	{ "last", "dernier", "End G", ON_ALL, IS_VIEW, NULL, N_("The last row"), .view = VIEW_LAST },
	{ "messages", "journal", "m", ON_ALL, IS_VIEW, NULL, N_("Show what hacktiv had to say"), .view = VIEW_MESSAGES },
	{ "refresh", "actualiser", "u", ON_ALL, IS_VIEW, NULL, N_("Ask the sites again"), .view = VIEW_REFRESH },
	{ "redraw", "redessiner", "C-l", ON_ALL, IS_VIEW, NULL, N_("Draw the screen anew"), .view = VIEW_REDRAW },
	{ "help", "aide", "? F1", ON_ALL, IS_VIEW, NULL, N_("Help for this pane, then for all"), .view = VIEW_HELP },
	{ "quit", "quitter exit", "C-q", ON_ALL, IS_VIEW, NULL, N_("Leave hacktiv"), .view = VIEW_QUIT },
};
const size_t command_count = COUNT_OF(commands);

/* Whether `list`, words between spaces, holds `word`. */
static bool list_holds(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; at && *at;) {
		size_t here = strcspn(at, " ");
		if (here == length && memcmp(at, word, length) == 0)
			return true;
		at += here;
		at += strspn(at, " ");
	}
	return false;
}

/* Folded, but a hyphen stays one: "my-day" is one name, and aliases are separated by spaces. */
static bool is_called(const struct command *command, struct arena *arena, const char *folded)
{
	if (strcmp(text_fold(arena, command->name), folded) == 0)
		return true;
	for (const char *at = command->aliases; at && *at;) {
		size_t here = strcspn(at, " ");
		if (strcmp(text_fold(arena, arena_copy_bytes(arena, at, here)), folded) == 0)
			return true;
		at += here;
		at += strspn(at, " ");
	}
	return false;
}

const struct command *command_find(const char *name)
{
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, name);
	const struct command *found = NULL;
	for (size_t at = 0; at < command_count && !found && *folded; at++) {
		if (is_called(&commands[at], arena, folded))
			found = &commands[at];
	}
	arena_free(arena);
	return found;
}

const char *command_nearest(const char *name)
{
	const char *names[COUNT_OF(commands)];
	for (size_t at = 0; at < command_count; at++)
		names[at] = commands[at].name;
	return nearest_name(name, names, command_count);
}

const struct command *command_for_key(const char *key, enum pane pane)
{
	for (size_t at = 0; at < command_count; at++) {
		if ((commands[at].panes & ON(pane)) && list_holds(commands[at].keys, key))
			return &commands[at];
	}
	return NULL;
}

static bool is_small_letter(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

bool command_key_begins(const char *key, enum pane pane)
{
	if (!is_small_letter(key[0]) || key[1])
		return false;
	for (size_t at = 0; at < command_count; at++) {
		if (!(commands[at].panes & ON(pane)))
			continue;
		for (const char *word = commands[at].keys; word && *word;) {
			size_t here = strcspn(word, " ");
			if (here == 2 && word[0] == key[0] && is_small_letter(word[1]))
				return true;
			word += here;
			word += strspn(word, " ");
		}
	}
	return false;
}

char *command_label(struct arena *arena, const struct command *command)
{
	if (strcmp(i18n_language(), "fr") == 0 && command->aliases)
		return arena_copy_bytes(arena, command->aliases, strcspn(command->aliases, " "));
	return arena_copy_text(arena, command->name);
}

char *key_label(struct arena *arena, const char *key)
{
	static const struct { const char *key, *label; } labels[] = {
		{ "Left", "←" }, { "Right", "→" }, { "Up", "↑" }, { "Down", "↓" },
		{ "Enter", NC_("key", "Enter") }, { "Tab", NC_("key", "Tab") }, { "Escape", NC_("key", "Esc") },
		{ "Home", NC_("key", "Home") }, { "End", NC_("key", "End") }, { "PageUp", NC_("key", "Page up") },
		{ "PageDown", NC_("key", "Page down") },
	};
	for (size_t i = 0; i < COUNT_OF(labels); i++) {
		if (strcmp(labels[i].key, key) == 0)
			return arena_copy_text(arena, i18n_with_context(arena_print(arena, "key\004%s", labels[i].label), labels[i].label));
	}
	return strncmp(key, "C-", 2) == 0 ? arena_print(arena, C_("key", "Ctrl-%c"), key[2] & ~0x20) : arena_copy_text(arena, key);
}

char *command_keys_label(struct arena *arena, const struct command *command, const char *between)
{
	char *joined = arena_copy_text(arena, "");
	for (const char *at = command->keys; at && *at;) {
		size_t here = strcspn(at, " ");
		joined = arena_print(arena, "%s%s%s", joined, *joined ? between : "", key_label(arena, arena_copy_bytes(arena, at, here)));
		at += here;
		at += strspn(at, " ");
	}
	return joined;
}

/* ---- running ---- */

enum command_end (command_refuse)(struct call *call, enum command_end end, enum problem_kind kind, const char *field,
                                  const char *format, ...)
{
	char text[PROBLEM_TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	struct problem why;
	problem_set(&why, kind, field, "%s", text);
	call->face->ops->refuse(call->face, end, &why, NULL, 0);
	return end;
}

const char *command_words_joined(const struct call *call, size_t from)
{
	char *joined = arena_copy_text(call->arena, "");
	for (size_t at = from; at < call->word_count; at++)
		joined = arena_print(call->arena, "%s%s%s", joined, *joined ? " " : "", call->words[at]);
	return joined;
}

const struct space *command_space(const struct call *call, size_t site, const char *space_id)
{
	const struct space_list *list = session_spaces(call->session);
	for (size_t at = 0; at < list->count; at++) {
		if (list->rows[at].site == site && strcmp(list->rows[at].space.id, space_id) == 0)
			return &list->rows[at].space;
	}
	return NULL;
}

bool command_knows_home(const struct call *call)
{
	const struct space_list *list = session_spaces(call->session);
	return list->count == 1 || (list->count && space_is_home(call->session, list->rows[0].site, &list->rows[0].space));
}

static bool is_logged_in(const struct call *call)
{
	for (size_t site = 0; site < session_site_count(call->session); site++) {
		const struct site_view *view = session_site(call->session, site);
		if (call->subject.site != SIZE_MAX && call->subject.site != site && call->word_count == 0)
			continue;
		if (view->state != SITE_LOGIN_NEEDED)
			return true;
	}
	return false;
}

enum command_end command_run(const struct command *command, struct call *call)
{
	if (!command->run)
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "command", _("“%s” works on the screen only."),
		                      command->name);
	if (!command->arguments && call->word_count)
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "words", _("“%1$s” takes no words: “%2$s” is one too many."),
		                      command_label(call->arena, command), call->words[0]);
	if (session_site_count(call->session) == 0)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_MISSING, "sites",
			_("No site is configured. Set HACKTIV_URL, write a configuration, or try “hacktiv demo”."));
	if ((command->flags & NEEDS_LOGIN) && !is_logged_in(call))
		return command_refuse(call, COMMAND_FAILED, PROBLEM_REFUSED, "login", _("Log in first: hacktiv login."));
	return command->run(call);
}
