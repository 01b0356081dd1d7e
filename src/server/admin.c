/* admin.c — see admin.h. */
#include "admin.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "password.h"

struct passwd {
	struct arena *arena;
	const char *login;
	const struct member *member;
	char hash[crypto_pwhash_STRBYTES];
};

static bool find_member(struct db_tx *tx, void *context, struct problem *why)
{
	struct passwd *passwd = context;
	const char *hash;
	passwd->member = db_find_member_by_login(tx, passwd->login, passwd->arena, &hash);
	return passwd->member || problem_set(why, PROBLEM_NOT_FOUND, "login", "This database has no member with the login %s.",
	                                     text_clean(passwd->arena, passwd->login, strlen(passwd->login), TEXT_ONE_LINE, TEXT_NAME_MAX));
}

static bool store_password(struct db_tx *tx, void *context, struct problem *why)
{
	struct passwd *passwd = context;
	return (db_set_password(tx, passwd->login, passwd->hash) && db_remove_tokens_of(tx, passwd->member->id)) ||
	       problem_set(why, PROBLEM_IO, NULL, "The password of %s cannot be written.", passwd->login);
}

static char *ask_twice(const struct passwd *passwd, struct problem *why)
{
	char *prompt = arena_print(passwd->arena, "New password for %s (%s): ", passwd->member->name, passwd->login);
	char *password = secret_ask(prompt, why);
	char *again = password ? secret_ask("Once more: ", why) : NULL;
	bool same = again && strcmp(password, again) == 0;
	if (again && !same)
		problem_set(why, PROBLEM_INVALID, "password", "These are two passwords. Nothing was changed.");
	secret_forget(again);
	if (same)
		return password;
	secret_forget(password);
	return NULL;
}

static bool take_password(struct passwd *passwd, bool from_stdin, struct problem *why)
{
	char *password = from_stdin ? secret_read_line(STDIN_FILENO, why) : ask_twice(passwd, why);
	if (!password)
		return false;
	struct problem said = { 0 };
	bool taken = password_check(password, passwd->login, &said)
	                     ? password_hash(password, strlen(password), passwd->hash, why)
	                     : problem_set(why, said.kind, said.field, "%s Nothing was changed.", said.text);
	secret_forget(password);
	return taken;
}

static bool is_there(const char *address, struct problem *why)
{
	static const char scheme[] = "sqlite:";
	if (strncmp(address, scheme, strlen(scheme)) != 0)
		return true;
	const char *path = address + strlen(scheme);
	return access(path, F_OK) == 0 ||
	       problem_set(why, PROBLEM_NOT_FOUND, "--database", "There is no database at %s: hacktivd import or hacktivd serve make one.", path);
}

struct db *admin_open_database(const struct options *options, struct problem *why)
{
	return is_there(options->database, why) ? db_open(options->database, why) : NULL;
}

bool admin_set_password(const struct options *options, struct problem *why)
{
	struct db *db = admin_open_database(options, why);
	if (!db)
		return false;
	struct passwd passwd = { .arena = arena_new(), .login = options->subject };
	bool done = db_write_now(db, find_member, &passwd, why) && take_password(&passwd, options->password_stdin, why) &&
	            db_write_now(db, store_password, &passwd, why);
	if (done)
		printf("%s (%s) has a new password and is logged out everywhere.\n", passwd.member->name, passwd.login);
	sodium_memzero(passwd.hash, sizeof passwd.hash);
	arena_free(passwd.arena);
	db_close(db);
	return done;
}
