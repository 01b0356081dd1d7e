/* mark.c — what makes void what is kept: see kept.h. */
#include "kept.h"

#include <string.h>

#include <sodium.h>

#define STANDING "standing"

static bool begins(const char **text, const char *words)
{
	size_t length = strlen(words);
	if (strncmp(*text, words, length) != 0)
		return false;
	*text += length;
	return true;
}

/* Every table that a statement of tx_prepare_kept() reads. A token that is new was kept by nobody: see tx_prepare_kept_if_any(). */
bool changes_standing(const char *text)
{
	static const char *const tables[] = { "space", "opening", "closure", "resource", "outage", "terms", "reciprocity", "member", "role",
		"token" };
	bool adds = begins(&text, "INSERT INTO ");
	if (!adds && !begins(&text, "UPDATE ") && !begins(&text, "DELETE FROM "))
		return false;
	size_t length = strcspn(text, " (");
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strlen(tables[i]) == length && memcmp(text, tables[i], length) == 0)
			return !adds || strcmp(tables[i], "token") != 0;
	return false;
}

bool standing_mark(struct db_tx *tx, int64_t *mark)
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(tx, "SELECT value FROM setting WHERE name = '" STANDING "'");
	size_t length = 0;
	const void *value = tx_row(tx, statement) ? row_blob(statement, 0, arena, &length) : NULL;
	statement_done(statement);
	*mark = 0;
	if (length == sizeof *mark)
		memcpy(mark, value, length);
	arena_free(arena);
	return !tx->failed;
}

bool standing_write_mark(struct db_tx *tx)
{
	int64_t mark;
	randombytes_buf(&mark, sizeof mark);
	struct statement *statement = tx_prepare(tx, "INSERT INTO setting (name, value) VALUES ('" STANDING "', ?1)"
	                                             " ON CONFLICT (name) DO UPDATE SET value = ?1");
	bind_blob(statement, 1, &mark, sizeof mark);
	return tx_change(tx, statement);
}
