/* token_file.c — a site's file of tokens is looked into, locked, replaced and removed on the store's thread: a disk may have to be waited
 * for, and keys are not. In the order in which it was asked for, so what is removed after it was written is gone. See inside.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* ---- on the store's thread ---- */

static void look(struct token_file *file, struct problem *why)
{
	file->mark = tokens_mark(file->id);
	if (!file->mark || file->mark == file->known)
		return;
	if (!tokens_load(file->id, &file->tokens, why) && why->kind == PROBLEM_NOT_FOUND) {
		file->mark = 0;
		problem_clear(why);
	}
}

static void write_down(struct token_file *file, struct problem *why)
{
	char *path = tokens_path(file->id, why);
	if (path && path_make_parent(path, why))
		path_write_secret(path, file->text, strlen(file->text), why);
	free(path);
	file->mark = tokens_mark(file->id);
}

static void run(struct store_work *work, struct problem *why)
{
	struct token_file *file = (struct token_file *)work;
	switch (file->errand) {
	case TOKEN_FILE_LOOK:
		look(file, why);
		work->is_no_news = file->by_itself && file->mark == file->known;
		return;
	case TOKEN_FILE_LOCK:
		file->had = tokens_lock(file->id, &file->lock);
		look(file, why);
		return;
	case TOKEN_FILE_KEEP:
		file->overtaken = file->known && tokens_mark(file->id) != file->known;
		if (file->overtaken)
			look(file, why);
		else
			write_down(file, why);
		return;
	case TOKEN_FILE_REMOVE:
		tokens_remove(file->id, why);
		return;
	case TOKEN_FILE_UNLOCK:
		tokens_unlock(&file->lock);
		work->is_no_news = true;
		return;
	}
}

/* ---- on the session's ---- */

static void discard(struct store_work *work)
{
	struct token_file *file = (struct token_file *)work;
	tokens_unlock(&file->lock);
	tokens_clear(&file->tokens);
	token_forget(file->text);
	free(file->id);
	free(file);
}

/* One that lies there still is nobody's log-in: it is not to be found again. */
static void removed(struct session *session, const struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[file->site].account;
	bool failed = why->kind != PROBLEM_NONE && why->kind != PROBLEM_NOT_FOUND;
	account->removing--;
	account->unremoved = failed && !token_is_given();   /* one that was given is not ours to remove */
	if (failed)
		session_add_note(session, why->text);
	if (account->unremoved && !account->tokens.access)
		account->mark = file->known;
}

static void done(void *context, struct store_work *work, const struct problem *why)
{
	struct session *session = context;
	struct token_file *file = (struct token_file *)work;
	struct account *account = &session->sites[file->site].account;
	if (file == account->awaited) {
		account->awaited = NULL;
		renewal_heard(session, file, why);
	} else if (file == account->late) {
		account->late = NULL;
		renewal_heard_late(session, file, why);
	} else if (file == account->looking) {
		account->looking = NULL;
		account_looked(session, file, why);
	} else if (file->errand == TOKEN_FILE_REMOVE) {
		removed(session, file, why);
	} else if (file->lock >= 0) {   /* had when nobody wanted it any more */
		token_file_unlock(session, file->site, &file->lock);
	}
}

static struct token_file *ask(struct session *session, size_t site, enum token_errand errand, struct token_file wanted)
{
	struct token_file *file = memory_get(sizeof *file);
	*file = wanted;
	file->work = (struct store_work){ .run = run, .done = done, .free = discard,
		.is_for_now = errand == TOKEN_FILE_LOOK || errand == TOKEN_FILE_LOCK };
	file->errand = errand;
	file->site = site;
	file->id = memory_copy_text(session->sites[site].config->id);
	store_do(session->store, &file->work);
	return file;
}

struct token_file *token_file_look(struct session *session, size_t site, uint64_t known, bool by_itself)
{
	return ask(session, site, TOKEN_FILE_LOOK, (struct token_file){ .known = known, .by_itself = by_itself, .lock = -1 });
}

struct token_file *token_file_lock(struct session *session, size_t site)
{
	return ask(session, site, TOKEN_FILE_LOCK, (struct token_file){ .lock = -1 });
}

struct token_file *token_file_keep(struct session *session, size_t site, char *text, uint64_t known)
{
	return ask(session, site, TOKEN_FILE_KEEP, (struct token_file){ .text = text, .known = known, .lock = -1 });
}

void token_file_remove(struct session *session, size_t site, uint64_t known)
{
	session->sites[site].account.removing++;
	ask(session, site, TOKEN_FILE_REMOVE, (struct token_file){ .known = known, .lock = -1 });
}

void token_file_unlock(struct session *session, size_t site, int *lock)
{
	if (*lock >= 0)
		ask(session, site, TOKEN_FILE_UNLOCK, (struct token_file){ .lock = *lock });
	*lock = -1;
}
