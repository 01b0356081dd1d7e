/* user.c — see user.h. */
#include "user.h"

#include <stdio.h>
#include <string.h>

#include "admin.h"
#include "auth.h"
#include "number.h"
#include "scope.h"

#define LISTED_AT_ONCE 200

static const struct db_actor by_hand = { "", "hacktivd user" };

struct user {
	const struct options *options;
	struct arena *arena;
	int64_t now;
	const struct clock *clock;
	const char *said;         /* what was done; "" nothing yet */
};

static const char *shown(const struct user *user, const char *given)
{
	return text_clean(user->arena, given, strlen(given), TEXT_ONE_LINE, TEXT_NAME_MAX);
}

static const struct member *find_member(struct db_tx *tx, const struct user *user, struct problem *why)
{
	const char *hash, *login = user->options->subject;
	const struct member *member = db_find_member_by_login(tx, login, user->arena, &hash);
	if (!member)
		problem_set(why, PROBLEM_NOT_FOUND, "login", "This database has no member with the login %s.", shown(user, login));
	return member;
}

static const struct space *find_space(struct db_tx *tx, const struct user *user, const char *slug, struct problem *why)
{
	const struct space *space = db_find_space(tx, slug, user->arena);
	if (space)
		return space;
	size_t count;
	const struct space *all = db_list_spaces(tx, user->arena, &count);
	const char *there = "";
	for (size_t i = 0; i < count; i++)
		there = arena_print(user->arena, "%s%s%s", there, i ? ", " : "", all[i].slug);
	problem_set(why, PROBLEM_NOT_FOUND, "space", "This database has no space %s. It has: %s.", shown(user, slug), count ? there : "none");
	return NULL;
}

static bool cannot_write(struct problem *why)
{
	return problem_set(why, PROBLEM_IO, NULL, "The database cannot be written. Nothing was changed.");
}

/* ---- add and list ------------------------------------------------------------------------------------------------------ */

static bool add(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	const char *login = user->options->subject, *slug = user->options->more[1], *hash;
	const char *name = shown(user, user->options->more[0]);
	if (!login_is_written(login))
		return problem_set(why, PROBLEM_INVALID, "login",
		                   "A login is a to z, 0 to 9 and, between them, hyphens and dots, at most %u of them.", LOGIN_MAX);
	if (!*name)
		return problem_set(why, PROBLEM_INVALID, "name", "A member has a name.");
	if (db_find_member_by_login(tx, login, user->arena, &hash))
		return problem_set(why, PROBLEM_CONFLICT, "login", "There is a member with the login %s already.", login);
	const struct space *space = slug ? find_space(tx, user, slug, why) : NULL;
	if (slug && !space)
		return false;
	char *id = arena_get(user->arena, UUID_SIZE);
	uuid_make(user->clock, id);
	const struct member member = { .id = id, .login = login, .name = name, .home_space_id = space ? space->id : "" };
	if (db_put_member(tx, &member) != DB_PUT_DONE ||
	    !db_audit_member(tx, id, "member.created", "", "", user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena, "%s (%s) is a member now. Give them a password: hacktivd passwd --database %s %s\n", name,
	                         login, user->options->database, login);
	return true;
}

static void print_row(struct db_tx *tx, const struct user *user, const struct member *member)
{
	size_t count = 0;
	const struct held_role *roles = db_list_roles(tx, member->id, user->arena, &count);
	printf("%s\t%s\t", member->login, member->name);
	for (size_t i = 0; i < count; i++) {
		const struct space *space = *roles[i].space_id ? db_find_space(tx, roles[i].space_id, user->arena) : NULL;
		printf("%s%s%s%s", i ? " " : "", role_wire_name(roles[i].role), space ? "@" : "", space ? space->slug : "");
	}
	printf("%s\n", db_is_disabled(tx, member->id) ? "\tdisabled" : "");
}

static bool list(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	size_t count = LISTED_AT_ONCE;
	for (const char *after = ""; count == LISTED_AT_ONCE; ) {
		const struct member *members = db_list_members(tx, after, LISTED_AT_ONCE, user->arena, &count);
		for (size_t i = 0; i < count; i++)
			print_row(tx, user, &members[i]);
		after = count ? members[count - 1].login : after;
	}
	return !db_tx_failed(tx) || problem_set(why, PROBLEM_IO, NULL, "The database cannot be read.");
}

/* ---- roles -------------------------------------------------------------------------------------------------------------- */

static bool read_role(struct db_tx *tx, const struct user *user, struct held_role *held, struct problem *why)
{
	const char *name = user->options->more[0], *slug = user->options->more[1];
	*held = (struct held_role){ .space_id = "" };
	if (!role_from_wire(name, &held->role))
		return problem_set(why, PROBLEM_INVALID, "role", "A role is reception, operator, coordinator, finance or administrator.");
	if (role_is_of_network(held->role) && slug)
		return problem_set(why, PROBLEM_INVALID, "space", "The role %s is for the whole network: name no space.", name);
	if (!role_is_of_network(held->role) && !slug)
		return problem_set(why, PROBLEM_MISSING, "space", "The role %s is for one space: name it.", name);
	const struct space *space = slug ? find_space(tx, user, slug, why) : NULL;
	held->space_id = space ? space->id : "";
	return space || !slug;
}

static bool change_role(struct db_tx *tx, struct user *user, bool grant, struct problem *why)
{
	struct held_role held;
	const struct member *member = find_member(tx, user, why);
	if (!member || !read_role(tx, user, &held, why))
		return false;
	enum db_put put = grant ? db_grant_role(tx, member->id, &held) : db_revoke_role(tx, member->id, &held);
	if (put == DB_PUT_DONE && !db_audit_member(tx, member->id, grant ? "role.granted" : "role.revoked", role_wire_name(held.role),
	                                           held.space_id, user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena, "%s (%s) is %s %s%s%s.\n", member->name, member->login,
	                         put == DB_PUT_SAME ? (grant ? "already" : "not") : grant ? "now" : "no longer", user->options->more[0],
	                         *held.space_id ? " of " : "", *held.space_id ? user->options->more[1] : "");
	return put != DB_PUT_FAILED || cannot_write(why);
}

static bool grant(struct db_tx *tx, void *context, struct problem *why)
{
	return change_role(tx, context, true, why);
}

static bool revoke(struct db_tx *tx, void *context, struct problem *why)
{
	return change_role(tx, context, false, why);
}

/* ---- who may not come in ------------------------------------------------------------------------------------------------ */

static bool disable(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	const struct member *member = find_member(tx, user, why);
	if (!member)
		return false;
	enum db_put put = db_disable_member(tx, member->id, user->now, by_hand);
	if (put == DB_PUT_DONE && !db_audit_member(tx, member->id, "member.disabled", "", "", user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena, "%s (%s) is logged out everywhere and cannot log in.\n", member->name, member->login);
	return put != DB_PUT_FAILED || cannot_write(why);
}

static bool enable(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	const struct member *member = find_member(tx, user, why);
	if (!member)
		return false;
	enum db_put put = db_enable_member(tx, member->id);
	if (put == DB_PUT_DONE && !db_audit_member(tx, member->id, "member.enabled", "", "", user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena, "%s (%s) can log in.\n", member->name, member->login);
	return put != DB_PUT_FAILED || cannot_write(why);
}

/* ---- the first one ------------------------------------------------------------------------------------------------------- */

static bool begin(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	size_t members = 0, spaces = 0;
	db_list_members(tx, "", 1, user->arena, &members);
	db_list_spaces(tx, user->arena, &spaces);
	if (members > 0 || spaces > 0)
		return problem_set(why, PROBLEM_REFUSED, "--database", "This database is in use already. It was left as it is.");
	if (!add(tx, user, why))
		return false;
	const struct member *member = find_member(tx, user, why);
	const struct held_role administrator = { ROLE_ADMINISTRATOR, "" };
	if (!member || db_grant_role(tx, member->id, &administrator) != DB_PUT_DONE ||
	    !db_audit_member(tx, member->id, "role.granted", role_wire_name(ROLE_ADMINISTRATOR), "", user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena,
	                         "The database is ready, and %s is its administrator. Next:\n"
	                         "  hacktivd passwd --database %s %s\n"
	                         "  hacktivd import --database %s network.json\n"
	                         "  hacktivd serve --database %s --listen 127.0.0.1:8417\n",
	                         member->login, user->options->database, member->login, user->options->database,
	                         user->options->database);
	return true;
}

/* ---- tokens for scripts ---------------------------------------------------------------------------------------------------- */

static bool read_token_limits(const struct user *user, struct session *session, struct problem *why)
{
	const struct options *options = user->options;
	int64_t days = PERSONAL_DAYS;
	if (options->days && (!number_read(options->days, PERSONAL_DAYS_MAX, &days) || days < 1))
		return problem_set(why, PROBLEM_INVALID, "--days", "--days is a whole number from 1 to %d.", PERSONAL_DAYS_MAX);
	session->scopes = SCOPES_TO_GRANT;
	if (options->scopes && (!scopes_read(options->scopes, &session->scopes) || !session->scopes))
		return problem_set(why, PROBLEM_INVALID, "--scopes", "--scopes is some of: %s.", scopes_write(SCOPES_TO_GRANT, user->arena));
	session->expires_at = user->now + days * 24 * 3600;
	return true;
}

static bool add_token(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	char token[TOKEN_SIZE], *id = arena_get(user->arena, UUID_SIZE);
	unsigned char hash[TOKEN_HASH_BYTES];
	size_t count;
	const struct member *member = find_member(tx, user, why);
	if (!member)
		return false;
	struct session session = { .id = id, .member_id = member->id, .kind = SESSION_PERSONAL, .client = "",
		                   .name = shown(user, user->options->more[0]), .created_at = user->now, .used_at = user->now };
	if (!read_token_limits(user, &session, why))
		return false;
	db_list_sessions(tx, member->id, true, user->now, PERSONAL_TOKENS_MAX, user->arena, &count);
	if (count == PERSONAL_TOKENS_MAX)
		return problem_set(why, PROBLEM_REFUSED, "token", "%s has %d tokens, which are all that one may have: revoke some first.",
		                   member->login, PERSONAL_TOKENS_MAX);
	uuid_make(user->clock, id);
	token_make(TOKEN_ACCESS, token, hash);
	if (!db_add_session(tx, &session) || !db_add_token(tx, hash, &session, user->now, session.expires_at) ||
	    !db_audit_member(tx, member->id, "token.created", "", "", user->now, by_hand))
		return cannot_write(why);
	/* Alone on standard output, so that it can go into a file; told this once. */
	user->said = arena_print(user->arena, "%s\n", token);
	return true;
}

static bool list_tokens(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	size_t count;
	const struct member *member = find_member(tx, user, why);
	if (!member)
		return false;
	const struct session *sessions = db_list_sessions(tx, member->id, true, user->now, PERSONAL_TOKENS_MAX, user->arena, &count);
	for (size_t i = 0; i < count; i++) {
		char date[DATE_ISO_SIZE];
		date_to_iso(date_from_days((int32_t)(sessions[i].expires_at / 86400)), date);
		printf("%s\t%s\t%s\tuntil %s\n", sessions[i].id, sessions[i].name, scopes_write(sessions[i].scopes, user->arena), date);
	}
	return true;
}

static bool revoke_token(struct db_tx *tx, void *context, struct problem *why)
{
	struct user *user = context;
	const struct member *member = find_member(tx, user, why);
	const char *id = user->options->more[0];
	const struct session *session = member ? db_find_session(tx, member->id, id, user->now, user->arena) : NULL;
	if (!member)
		return false;
	if (!session || session->kind != SESSION_PERSONAL)
		return problem_set(why, PROBLEM_NOT_FOUND, "token", "%s has no token %s: see hacktivd token list.", member->login, shown(user, id));
	if (!db_end_session(tx, member->id, id) || !db_audit_member(tx, member->id, "token.revoked", "", "", user->now, by_hand))
		return cannot_write(why);
	user->said = arena_print(user->arena, "The token %s is good for nothing now.\n", session->name);
	return true;
}

/* ---- which of them -------------------------------------------------------------------------------------------------------- */

static const struct {
	enum wanted wanted;
	bool (*work)(struct db_tx *tx, void *context, struct problem *why);
} works[] = {
	{ WANTED_USER_ADD, add }, { WANTED_USER_LIST, list }, { WANTED_USER_GRANT, grant }, { WANTED_USER_REVOKE, revoke },
	{ WANTED_USER_DISABLE, disable }, { WANTED_USER_ENABLE, enable },
	{ WANTED_INIT, begin }, { WANTED_TOKEN_ADD, add_token }, { WANTED_TOKEN_LIST, list_tokens }, { WANTED_TOKEN_REVOKE, revoke_token },
};

bool user_command(const struct options *options, struct problem *why)
{
	struct clock clock;
	bool good = clock_from_environment(&clock, why);
	struct db *db = !good ? NULL : options->wanted == WANTED_INIT ? db_open(options->database, why) : admin_open_database(options, why);
	if (!db)
		return false;
	struct user user = { .options = options, .arena = arena_new(), .now = clock_now(&clock), .clock = &clock, .said = "" };
	bool done = true;
	for (size_t i = 0; i < COUNT_OF(works); i++)
		if (works[i].wanted == options->wanted)
			done = db_write_now(db, works[i].work, &user, why);
	if (done)
		fputs(user.said, stdout);
	arena_free(user.arena);
	db_close(db);
	return done;
}
