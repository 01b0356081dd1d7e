/* kept.c — see kept.h. A statement of tx_prepare_kept() or tx_prepare_asked() notes the values it is given: together with its text they are the
 * key under which the answer may be there. If it is not, an ordinary statement with the same values takes its place. */
#include "kept.h"
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u

struct value {
	enum row_type type;
	int64_t number;
	const char *bytes;          /* of text or blob, with a final NUL */
	size_t length;
};

struct answer {
	struct answer *next;        /* in its bucket */
	const char *text;
	const char *key;
	size_t key_length;
	size_t columns, rows;
	const struct value *values;
};

/* One that was asked ahead, or stands for one that is kept. */
struct kept_statement {
	struct statement base;
	struct db_tx *tx;
	struct kept_rows *kept;
	const char *text;
	enum { FIND_KEPT, FIND_KEPT_IF_ANY, FIND_ASKED } find;
	char *key;
	size_t key_length, key_room;
	bool begun;
	const struct answer *answer;
	size_t next_row;
	struct statement *real;     /* where there is no such answer */
	size_t job;                 /* which asked it ahead */
	struct kept_statement *next;
};

struct kept_rows {
	struct arena *arena;        /* the answers */
	struct answer *buckets[BUCKETS];
	size_t count;
	struct kept_statement *asked, **last_asked;
	struct kept_statement *idle;
	struct turns turns;
};

/* ---- the life of it --------------------------------------------------------------------------------------------------- */

struct kept_rows *kept_new(void)
{
	struct kept_rows *kept = memory_get(sizeof *kept);
	kept->arena = arena_new();
	kept->last_asked = &kept->asked;
	return kept;
}

void kept_clear(struct kept_rows *kept)
{
	if (kept->count == 0)
		return;
	arena_free(kept->arena);
	kept->arena = arena_new();
	memset(kept->buckets, 0, sizeof kept->buckets);
	kept->count = 0;
}

void kept_make_room(struct kept_rows *kept)
{
	if (kept->count > KEPT_MOST / 2)
		kept_clear(kept);
}

static void put_aside(struct kept_statement *statement)
{
	if (statement->real)
		statement_done(statement->real);
	statement->real = NULL;
	statement->next = statement->kept->idle;
	statement->kept->idle = statement;
}

static struct kept_statement *take_out(struct kept_rows *kept, struct kept_statement **link)
{
	struct kept_statement *asked = *link;
	*link = asked->next;
	if (!*link)
		kept->last_asked = link;
	return asked;
}

static void drop_asked(struct kept_rows *kept)
{
	while (kept->asked)
		put_aside(take_out(kept, &kept->asked));
}

void kept_begin(struct kept_rows *kept)
{
	drop_asked(kept);
	turns_begin(&kept->turns);
}

void kept_begin_job(struct kept_rows *kept, size_t job)
{
	turns_begin_job(&kept->turns, job);
}

void kept_end_job(struct kept_rows *kept)
{
	for (struct kept_statement **link = &kept->asked; *link; )
		if ((*link)->job == kept->turns.job)
			put_aside(take_out(kept, link));
		else
			link = &(*link)->next;
}

void kept_free(struct kept_rows *kept)
{
	if (!kept)
		return;
	drop_asked(kept);
	for (struct kept_statement *next; kept->idle; kept->idle = next) {
		next = kept->idle->next;
		free(kept->idle->key);
		free(kept->idle);
	}
	arena_free(kept->arena);
	free(kept);
}

/* ---- keys ------------------------------------------------------------------------------------------------------------- */

static struct kept_statement *ours_of(struct statement *statement)
{
	return (struct kept_statement *)statement;
}

struct noted {                      /* of one value; its bytes follow */
	int at;
	enum row_type type;
	size_t length;
};

static void note(struct statement *base, int at, enum row_type type, const void *bytes, size_t length)
{
	struct kept_statement *statement = ours_of(base);
	struct noted noted;
	memset(&noted, 0, sizeof noted);       /* the gaps between are part of the key */
	noted.at = at;
	noted.type = type;
	noted.length = length;
	size_t needed = statement->key_length + sizeof noted + length + 1;
	if (needed > statement->key_room) {
		char *larger = memory_get(2 * needed);
		if (statement->key_length)
			memcpy(larger, statement->key, statement->key_length);
		free(statement->key);
		statement->key = larger;
		statement->key_room = 2 * needed;
	}
	char *end = statement->key + statement->key_length;
	memcpy(end, &noted, sizeof noted);
	if (length)
		memcpy(end + sizeof noted, bytes, length);
	end[sizeof noted + length] = '\0';
	statement->key_length = needed;
}

static void note_text(struct statement *statement, int at, const char *text)
{
	note(statement, at, text ? ROW_TEXT : ROW_NULL, text, text ? strlen(text) : 0);
}

static void note_int(struct statement *statement, int at, int64_t value)
{
	note(statement, at, ROW_INT, &value, sizeof value);
}

static void note_blob(struct statement *statement, int at, const void *bytes, size_t length)
{
	note(statement, at, ROW_BLOB, bytes, length);
}

/* An ordinary one with the same values. */
static struct statement *make_real(const struct kept_statement *statement)
{
	struct statement *real = tx_prepare(statement->tx, statement->text);
	for (size_t i = 0; i < statement->key_length; ) {
		struct noted noted;
		memcpy(&noted, statement->key + i, sizeof noted);
		const char *bytes = statement->key + i + sizeof noted;
		int64_t number = 0;
		switch (noted.type) {
		case ROW_NULL:
			bind_text(real, noted.at, NULL);
			break;
		case ROW_INT:
			memcpy(&number, bytes, sizeof number);
			bind_int(real, noted.at, number);
			break;
		case ROW_TEXT:
			bind_text(real, noted.at, bytes);
			break;
		case ROW_BLOB:
			bind_blob(real, noted.at, bytes, noted.length);
			break;
		}
		i += sizeof noted + noted.length + 1;
	}
	return real;
}

static bool same_key(const struct kept_statement *a, const char *text, const char *key, size_t length)
{
	return a->text == text && a->key_length == length && memcmp(a->key, key, length) == 0;
}

static struct answer **bucket_of(struct kept_rows *kept, const struct kept_statement *statement)
{
	return &kept->buckets[turns_hash((uintptr_t)statement->text, statement->key, statement->key_length) % BUCKETS];
}

/* ---- answers ---------------------------------------------------------------------------------------------------------- */

static const struct answer *find_answer(const struct kept_statement *statement)
{
	for (const struct answer *answer = *bucket_of(statement->kept, statement); answer; answer = answer->next)
		if (same_key(statement, answer->text, answer->key, answer->key_length))
			return answer;
	return NULL;
}

static struct value read_value(struct statement *row, int column, struct arena *arena)
{
	struct value value = { .type = row_type(row, column) };
	switch (value.type) {
	case ROW_NULL:
		break;
	case ROW_INT:
		value.number = row_int(row, column);
		break;
	case ROW_TEXT:
		value.number = row_int(row, column);       /* "t", where that is how one says true */
		value.bytes = row_text(row, column, arena);
		break;
	case ROW_BLOB:
		value.bytes = row_blob(row, column, arena, &value.length);
		break;
	}
	return value;
}

/* Reads the whole answer. STEP_END: it is kept, or has no rows and need not be. */
static enum step_end keep_answer(struct kept_statement *statement, struct problem *why)
{
	struct arena *arena = statement->kept->arena;
	struct statement *real = make_real(statement);
	struct arena_rows values = { .bytes = sizeof(struct value) };
	struct answer read = { .text = statement->text };
	enum step_end step;
	while ((step = real->ops->row(real, why)) == STEP_ROW) {
		read.columns = (size_t)row_columns(real);
		for (size_t column = 0; column < read.columns; column++) {
			*(struct value *)arena_next_row(arena, &values) = read_value(real, (int)column, arena);
			values.count++;
		}
		read.rows++;
	}
	statement_done(real);
	if (step != STEP_END)
		return step;
	read.values = values.first;
	struct answer *answer = arena_get(arena, sizeof *answer);
	statement->answer = answer;
	*answer = read;
	if (statement->find == FIND_KEPT_IF_ANY && read.rows == 0)
		return step;
	struct answer **bucket = bucket_of(statement->kept, statement);
	answer->key = arena_copy_bytes(arena, statement->key, statement->key_length);
	answer->key_length = statement->key_length;
	answer->next = *bucket;
	*bucket = answer;
	statement->kept->count++;
	return step;
}

/* Where its own job asked it; at the end of the list when it did not. */
static struct kept_statement **find_asked(const struct kept_statement *statement)
{
	struct kept_statement **link = &statement->kept->asked;
	while (*link && !((*link)->job == statement->kept->turns.job &&
	                  same_key(*link, statement->text, statement->key, statement->key_length)))
		link = &(*link)->next;
	return link;
}

static struct statement *take_asked(const struct kept_statement *statement)
{
	struct kept_statement **link = find_asked(statement);
	if (!*link)
		return NULL;
	struct kept_statement *asked = take_out(statement->kept, link);
	struct statement *real = asked->real;
	asked->real = NULL;
	put_aside(asked);
	return real;
}

static enum step_end begin(struct kept_statement *statement, struct problem *why)
{
	statement->begun = true;
	if (statement->find == FIND_ASKED) {
		statement->real = take_asked(statement);
	} else {
		statement->answer = find_answer(statement);
		if (!statement->answer && statement->kept->count < KEPT_MOST)
			return keep_answer(statement, why);
	}
	if (!statement->answer && !statement->real)
		statement->real = make_real(statement);
	return STEP_END;
}

/* ---- as a statement ---------------------------------------------------------------------------------------------------- */

static enum step_end kept_row(struct statement *base, struct problem *why)
{
	struct kept_statement *statement = ours_of(base);
	enum step_end begun = statement->begun ? STEP_END : begin(statement, why);
	if (begun != STEP_END)
		return begun;
	if (statement->real)
		return statement->real->ops->row(statement->real, why);
	return statement->next_row++ < statement->answer->rows ? STEP_ROW : STEP_END;
}

static enum step_end kept_change(struct statement *statement, bool may_refuse, struct problem *why)
{
	(void)statement, (void)may_refuse, (void)why;
	die("a statement that changes something is not kept");
}

/* NULL: the real one says it. */
static const struct value *value_at(struct statement *base, int column)
{
	const struct kept_statement *statement = ours_of(base);
	return statement->real ? NULL : &statement->answer->values[(statement->next_row - 1) * statement->answer->columns + (size_t)column];
}

static const char *kept_text(struct statement *base, int column, struct arena *arena)
{
	const struct value *value = value_at(base, column);
	if (!value)
		return row_text_or_null(ours_of(base)->real, column, arena);
	if (value->type == ROW_INT)
		return arena_print(arena, "%lld", (long long)value->number);
	return value->type == ROW_TEXT ? arena_copy_text(arena, value->bytes) : NULL;
}

static int64_t kept_integer(struct statement *base, int column)
{
	const struct value *value = value_at(base, column);
	return value ? value->number : row_int(ours_of(base)->real, column);
}

static const void *kept_blob(struct statement *base, int column, struct arena *arena, size_t *length)
{
	const struct value *value = value_at(base, column);
	if (!value)
		return row_blob(ours_of(base)->real, column, arena, length);
	*length = value->length;
	return arena_copy_bytes(arena, value->bytes ? value->bytes : "", value->length);
}

static bool kept_is_null(struct statement *base, int column)
{
	const struct value *value = value_at(base, column);
	return value ? value->type == ROW_NULL : row_is_null(ours_of(base)->real, column);
}

static int kept_columns(struct statement *base)
{
	const struct kept_statement *statement = ours_of(base);
	return statement->real ? row_columns(statement->real) : (int)statement->answer->columns;
}

static const char *kept_column_name(struct statement *base, int column)
{
	return ours_of(base)->real ? row_column_name(ours_of(base)->real, column) : "";
}

static enum row_type kept_type(struct statement *base, int column)
{
	const struct value *value = value_at(base, column);
	return value ? value->type : row_type(ours_of(base)->real, column);
}

static void kept_done(struct statement *base)
{
	put_aside(ours_of(base));
}

static const struct statement_ops kept_ops = {
	note_text, note_int, note_blob, kept_row, kept_change, kept_text, kept_integer, kept_blob, kept_is_null, kept_columns,
	kept_column_name, kept_type, kept_done,
};

static struct statement *prepare(struct db_tx *tx, const char *text, int find)
{
	struct kept_rows *kept = tx->kept;
	struct kept_statement *statement = kept->idle;
	if (statement)
		kept->idle = statement->next;
	else
		statement = memory_get(sizeof *statement);
	*statement = (struct kept_statement){ .base = { &kept_ops }, .tx = tx, .kept = kept, .text = text, .find = find, .key = statement->key,
		                              .key_room = statement->key_room };
	return &statement->base;
}

/* A transaction that changed what stands sees what it did, and nobody else may. */
static bool may_keep(const struct db_tx *tx)
{
	return tx->kept && !tx->connection->standing_changed;
}

struct statement *tx_prepare_kept(struct db_tx *tx, const char *text)
{
	return may_keep(tx) ? prepare(tx, text, FIND_KEPT) : tx_prepare(tx, text);
}

struct statement *tx_prepare_kept_if_any(struct db_tx *tx, const char *text)
{
	return may_keep(tx) ? prepare(tx, text, FIND_KEPT_IF_ANY) : tx_prepare(tx, text);
}

struct statement *tx_prepare_asked(struct db_tx *tx, const char *text)
{
	return tx->kept && tx->connection->ops->ask ? prepare(tx, text, FIND_ASKED) : tx_prepare(tx, text);
}

void tx_ask(struct db_tx *tx, struct statement *base)
{
	bool waits = tx->failed || base->ops != &kept_ops || (tx->only_asks && tx->kept->turns.hindered);
	if (waits || *find_asked(ours_of(base))) {
		statement_done(base);
		return;
	}
	struct kept_statement *statement = ours_of(base);
	struct kept_rows *kept = statement->kept;
	statement->real = make_real(statement);
	tx->connection->ops->ask(statement->real);
	statement->job = kept->turns.job;
	statement->next = NULL;
	*kept->last_asked = statement;
	kept->last_asked = &statement->next;
}

/* ---- what is announced ------------------------------------------------------------------------------------------------- */

void db_announce(struct db_tx *tx, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count && tx->kept; i++)
		/* It has something else in mind than when all were asked. */
		if (turns_announce(&tx->kept->turns, ids[i]) && !tx->only_asks)
			drop_asked(tx->kept);
}

void kept_wrote(struct kept_rows *kept, const char *text)
{
	if (!kept->asked)
		return;
	if (turns_keeps_to(&kept->turns, text))
		kept_end_job(kept);
	else
		drop_asked(kept);
}
