/* password.c — see password.h. */
#include "password.h"

#include <string.h>

static size_t characters(const char *text)
{
	size_t count = 0;
	for (const char *at = text; *at; at++)
		count += ((unsigned char)*at & 0xc0) != 0x80;
	return count;
}

static size_t different_bytes(const char *text)
{
	bool seen[256] = { false };
	size_t count = 0;
	for (const char *at = text; *at; at++) {
		count += !seen[(unsigned char)*at];
		seen[(unsigned char)*at] = true;
	}
	return count;
}

/* Nothing but words that anybody knows of this member and this program, and what people add to them. */
static bool is_login_with_trimmings(const char *password, const char *login)
{
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, password), *name = text_fold(arena, login);
	const char *at = *name ? strstr(folded, name) : NULL;
	bool is = at && strspn(at + strlen(name), "0123456789!?.*-_ ") == strlen(at + strlen(name)) &&
	          strspn(folded, "0123456789!?.*-_ ") >= (size_t)(at - folded);
	arena_free(arena);
	return is;
}

bool password_check(const char *password, const char *login, struct problem *why)
{
	if (characters(password) < PASSWORD_LENGTH_MIN)
		return problem_set(why, PROBLEM_INVALID, "password", "A password needs at least %d characters.", PASSWORD_LENGTH_MIN);
	if (strlen(password) > PASSWORD_LENGTH_MAX)
		return problem_set(why, PROBLEM_INVALID, "password", "A password has at most %d bytes.", PASSWORD_LENGTH_MAX);
	if (different_bytes(password) < PASSWORD_LETTERS_MIN || is_login_with_trimmings(password, login))
		return problem_set(why, PROBLEM_INVALID, "password", "Others would guess that: three or four words that do not belong together are better.");
	return true;
}

bool password_hash(const char *password, size_t length, char hash[crypto_pwhash_STRBYTES], struct problem *why)
{
	if (crypto_pwhash_str(hash, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
		return true;
	return problem_set(why, PROBLEM_IO, NULL, "A password cannot be hashed: 64 MiB of memory are needed.");
}
