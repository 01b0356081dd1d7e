/* token.c — the bearer token of a site, in a file that only its owner can read. See http.h. */
#include "hacktiv/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_MAX 4096u   /* bytes of the file */

static const char *file_for_all(void)
{
	const char *file = getenv("HACKTIV_TOKEN_FILE");
	return file && *file ? file : NULL;
}

static char *token_path(const char *site, struct problem *why)
{
	if (!*site || site[strspn(site, "abcdefghijklmnopqrstuvwxyz0123456789-")]) {
		problem_set(why, PROBLEM_INVALID, "id", _("“%s” cannot name a site: small letters, digits and - only."), site);
		return NULL;
	}
	struct arena *arena = arena_new();
	char *path = path_state(arena_print(arena, "tokens/%s", site), why);
	arena_free(arena);
	return path;
}

char *token_load(const char *site, struct problem *why)
{
	char *path = file_for_all() ? memory_copy_text(file_for_all()) : token_path(site, why);
	if (!path)
		return NULL;
	struct buffer content;
	bool read = path_read_secret(path, TOKEN_MAX, &content, why);
	free(path);
	if (!read)
		return NULL;
	char *token = buffer_detach(&content);
	buffer_clear(&content);
	token[strcspn(token, "\r\n")] = '\0';
	/* RFC 6750 b64token, and nothing that could end a header line. */
	if (!*token || token[strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=")]) {
		token_forget(token);
		problem_set(why, PROBLEM_INVALID, "token", _("The token file does not hold a token."));
		return NULL;
	}
	return token;
}

bool token_save(const char *site, const char *token, struct problem *why)
{
	if (file_for_all())
		return problem_set(why, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                   _("HACKTIV_TOKEN_FILE is only read: unset it to log in."));
	char *path = token_path(site, why);
	if (!path)
		return false;
	bool saved = path_make_parent(path, why) && path_write_secret(path, token, strlen(token), why);
	free(path);
	return saved;
}

bool token_remove(const char *site, struct problem *why)
{
	if (file_for_all())
		return problem_set(why, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                   _("HACKTIV_TOKEN_FILE is only read: remove that file yourself."));
	char *path = token_path(site, why);
	if (!path)
		return false;
	bool removed = unlink(path) == 0 || errno == ENOENT;
	if (!removed)
		problem_set(why, PROBLEM_IO, "token", _("The token file cannot be removed: %s."), strerror(errno));
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
