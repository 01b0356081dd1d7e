/* token.c — what lets us in at a site, in a file that nobody else can read. */
#include "hacktiv/http.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX 4096u
#define HEADING "hacktiv-token "
#define VERSION 1
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

static char *path_with(const char *site, const char *end, struct problem *why)
{
	if (!is_site_name(site)) {
		problem_set(why, PROBLEM_INVALID, "site", _("A site is named with small letters, digits and hyphens."));
		return NULL;
	}
	struct arena *arena = arena_new();
	char *path = path_state(arena_print(arena, "tokens/%s%s", site, end), why);
	arena_free(arena);
	return path;
}

char *tokens_path(const char *site, struct problem *why)
{
	return path_with(site, "", why);
}

/* ---- reading ---- */

static char *copy_bytes(const char *bytes, size_t length)
{
	char *copy = memory_get(length + 1);
	memcpy(copy, bytes, length);
	return copy;
}

static const char *value_of(const char *line, size_t length, const char *name, size_t *value_length)
{
	size_t before = strlen(name);
	if (length <= before + 1 || memcmp(line, name, before) != 0 || line[before] != ' ')
		return NULL;
	*value_length = length - before - 1;
	return line + before + 1;
}

/* What a later version adds of its own is passed over. */
static void read_line(struct tokens *tokens, const char *line, size_t length)
{
	size_t of = 0;
	const char *value;
	if (!tokens->access && (value = value_of(line, length, "access", &of)) && is_token(value, of))
		tokens->access = copy_bytes(value, of);
	else if (!tokens->refresh && (value = value_of(line, length, "refresh", &of)) && is_token(value, of))
		tokens->refresh = copy_bytes(value, of);
	else if (!tokens->log_in && (value = value_of(line, length, "log-in", &of)) && is_token(value, of))
		tokens->log_in = copy_bytes(value, of);
	else if ((value = value_of(line, length, "expires", &of)) && of < 20 && strspn(value, "0123456789") >= of)
		tokens->expires_at = strtoll(value, NULL, 10);
}

static bool read_lines(const struct buffer *file, struct tokens *tokens)
{
	for (const char *at = file->bytes; *at;) {
		size_t length = strcspn(at, "\r\n");
		read_line(tokens, at, length);
		at += length;
		at += strspn(at, "\r\n");
	}
	return tokens->access != NULL;
}

/* A file of old, or one made by hand: a token and nothing else. */
static bool read_alone(const struct buffer *file, struct tokens *tokens)
{
	const char *from = file->bytes + strspn(file->bytes, " \t\r\n");
	size_t length = strcspn(from, " \t\r\n");
	const char *rest = from + length;
	bool alone = rest + strspn(rest, " \t\r\n") == file->bytes + file->length;
	if (!alone || !is_token(from, length))
		return false;
	tokens->access = copy_bytes(from, length);
	return true;
}

/* `sentence` has one argument, the path. */
static bool refuse_file(const char *path, enum problem_kind kind, const char *sentence, struct problem *why)
{
	struct arena *arena = arena_new();
	problem_set(why, kind, "token", sentence, text_clean(arena, path, strlen(path), TEXT_ONE_LINE, TEXT_NAME_MAX));
	arena_free(arena);
	return false;
}

static bool understand(const struct buffer *file, const char *path, struct tokens *tokens, struct problem *why)
{
	bool headed = strncmp(file->bytes, HEADING, strlen(HEADING)) == 0;
	if (headed && strtol(file->bytes + strlen(HEADING), NULL, 10) > VERSION)
		return refuse_file(path, PROBLEM_REFUSED, _("%s was written by a newer hacktiv and is left as it is."), why);
	if (headed ? read_lines(file, tokens) : read_alone(file, tokens))
		return true;
	tokens_clear(tokens);
	return refuse_file(path, PROBLEM_INVALID, _("%s holds no token: one line of letters and digits was expected."), why);
}

static bool load_from(const char *path, struct tokens *tokens, struct problem *why)
{
	struct buffer file;
	*tokens = (struct tokens){ 0 };
	if (!path_read_secret(path, FILE_BYTES_MAX, &file, why))
		return false;
	bool loaded = understand(&file, path, tokens, why);
	explicit_bzero(file.bytes, file.length);
	buffer_clear(&file);
	return loaded;
}

bool tokens_load(const char *site, struct tokens *tokens, struct problem *why)
{
	if (given_file()) {
		bool loaded = load_from(given_file(), tokens, why);
		if (!loaded && why && why->kind == PROBLEM_NOT_FOUND)
			why->kind = PROBLEM_MISSING;   /* somebody says that it is there */
		return loaded;
	}
	*tokens = (struct tokens){ 0 };
	char *path = tokens_path(site, why);
	bool loaded = path && load_from(path, tokens, why);
	free(path);
	return loaded;
}

uint64_t tokens_mark(const char *site)
{
	char *path = tokens_path(site, NULL);
	struct stat about;
	bool there = path && lstat(path, &about) == 0;
	free(path);
	if (!there)
		return 0;
	uint64_t mark = (uint64_t)about.st_ino;
	mark = (mark * 31u + (uint64_t)about.st_mtim.tv_sec) * 31u + (uint64_t)about.st_mtim.tv_nsec;
	mark = mark * 31u + (uint64_t)about.st_size;
	return mark ? mark : 1;
}

/* ---- writing ---- */

char *tokens_text(const struct tokens *tokens, struct problem *why)
{
	const char *refresh = tokens->refresh ? tokens->refresh : "", *log_in = tokens->log_in ? tokens->log_in : "";
	if (!is_token(tokens->access, strlen(tokens->access)) || (*refresh && !is_token(refresh, strlen(refresh)))) {
		problem_set(why, PROBLEM_INVALID, "token", _("What the server gave is no token."));
		return NULL;
	}
	struct buffer text;
	buffer_init(&text, FILE_BYTES_MAX);
	buffer_print(&text, HEADING "%d\naccess %s\nexpires %lld\n", VERSION, tokens->access, (long long)tokens->expires_at);
	if (*refresh)
		buffer_print(&text, "refresh %s\n", refresh);
	if (*log_in)
		buffer_print(&text, "log-in %s\n", log_in);
	char *copy = text.full ? NULL : memory_copy_text(text.bytes);
	explicit_bzero(text.bytes, text.length);
	buffer_clear(&text);
	if (!copy)
		problem_set(why, PROBLEM_TOO_LARGE, "token", _("What the server gave is no token."));
	return copy;
}

bool tokens_remove(const char *site, struct problem *why)
{
	if (given_file())
		return problem_set(why, PROBLEM_REFUSED, "HACKTIV_TOKEN_FILE",
		                   _("HACKTIV_TOKEN_FILE is only read: remove that file yourself."));
	char *path = tokens_path(site, why);
	if (!path)
		return false;
	bool removed = unlink(path) == 0 || errno == ENOENT;
	int error = errno;
	path_remove_left(path, 0);
	errno = error;
	if (!removed)
		problem_set(why, PROBLEM_IO, "token", _("The token cannot be removed: %s."), strerror(errno));
	free(path);
	return removed;
}

/* ---- one at a time ---- */

/* The file itself is replaced by another with each renewal: the lock stands beside it. */
enum tokens_lock tokens_lock(const char *site, int *lock)
{
	char *path = path_with(site, ".lock", NULL);
	*lock = path && path_make_parent(path, NULL) ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600) : -1;
	free(path);
	if (*lock < 0)
		return TOKENS_CANNOT_LOCK;
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return TOKENS_LOCKED;
	bool held = errno == EWOULDBLOCK || errno == EINTR;
	tokens_unlock(lock);
	return held ? TOKENS_LOCKED_BY_ANOTHER : TOKENS_CANNOT_LOCK;
}

void tokens_unlock(int *lock)
{
	if (*lock >= 0)
		close(*lock);
	*lock = -1;
}

/* ---- forgetting ---- */

void token_forget(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}

void tokens_clear(struct tokens *tokens)
{
	token_forget(tokens->access);
	token_forget(tokens->refresh);
	token_forget(tokens->log_in);
	*tokens = (struct tokens){ 0 };
}
