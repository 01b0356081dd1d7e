/* token.c — the bearer token of a site, in a file that nobody else can read. */
#include "hacktiv/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_BYTES_MAX 4096u
#define SITE_BYTES_MAX    64u

/* b64token of RFC 6750, section 2.1: nothing that could end a header line. */
static bool is_token(const char *text, size_t length)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=";
	return length > 0 && strspn(text, letters) >= length;
}

/* It becomes a file name. */
static bool is_site_name(const char *site)
{
	return *site && strlen(site) <= SITE_BYTES_MAX && !site[strspn(site, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static const char *given_file(void)
{
	const char *path = getenv("HACKTIV_TOKEN_FILE");
	return path && *path ? path : NULL;
}

bool token_is_given(void)
{
	return given_file() != NULL;
}

/* Where the token of a site is kept; yours to free. */
static char *path_of(const char *site, struct problem *why)
{
	if (!is_site_name(site)) {
		problem_set(why, PROBLEM_INVALID, "site", _("A site is named with small letters, digits and hyphens."));
		return NULL;
	}
	struct arena *arena = arena_new();
	char *path = path_state(arena_print(arena, "tokens/%s", site), why);
	arena_free(arena);
	return path;
}

static char *token_in(const struct buffer *file)
{
	const char *from = file->bytes + strspn(file->bytes, " \t\r\n");
	size_t length = strcspn(from, " \t\r\n");
	const char *rest = from + length;
	bool alone = rest + strspn(rest, " \t\r\n") == file->bytes + file->length;
	if (!alone || !is_token(from, length))
		return NULL;
	char *token = memory_get(length + 1);
	memcpy(token, from, length);
	return token;
}

static char *load_from(const char *path, struct problem *why)
{
	struct buffer file;
	if (!path_read_secret(path, TOKEN_BYTES_MAX, &file, why))
		return NULL;
	char *token = token_in(&file);
	explicit_bzero(file.bytes, file.length);
	buffer_clear(&file);
	if (token)
		return token;
	struct arena *arena = arena_new();
	problem_set(why, PROBLEM_INVALID, "token", _("%s holds no token: one line of letters and digits was expected."),
	            text_clean(arena, path, strlen(path), TEXT_ONE_LINE, TEXT_NAME_MAX));
	arena_free(arena);
	return NULL;
}

char *token_load(const char *site, struct problem *why)
{
	if (given_file()) {
		char *given = load_from(given_file(), why);
		if (!given && why && why->kind == PROBLEM_NOT_FOUND)
			why->kind = PROBLEM_MISSING;   /* somebody says that it is there */
		return given;
	}
	char *path = path_of(site, why);
	char *token = path ? load_from(path, why) : NULL;
	free(path);
	return token;
}

bool token_save(const char *site, const char *token, struct problem *why)
{
	if (!is_token(token, strlen(token)))
		return problem_set(why, PROBLEM_INVALID, "token", _("What the server gave is no token."));
	if (given_file())
		return problem_set(why, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                   _("HACKTIV_TOKEN_FILE is only read: unset it to log in."));
	char *path = path_of(site, why);
	bool saved = path && path_make_parent(path, why) && path_write_secret(path, token, strlen(token), why);
	free(path);
	return saved;
}

bool token_remove(const char *site, struct problem *why)
{
	if (given_file())
		return problem_set(why, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                   _("HACKTIV_TOKEN_FILE is only read: remove that file yourself."));
	char *path = path_of(site, why);
	if (!path)
		return false;
	bool removed = unlink(path) == 0 || errno == ENOENT;
	if (!removed)
		problem_set(why, PROBLEM_IO, "token", _("The token cannot be removed: %s."), strerror(errno));
	free(path);
	return removed;
}

void token_forget(char *token)
{
	if (!token)
		return;
	explicit_bzero(token, strlen(token));
	free(token);
}
