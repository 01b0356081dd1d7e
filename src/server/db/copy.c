/* copy.c — see copy.h. */
#include "copy.h"

#include <string.h>

#include "statement.h"

#define PAGE 1000            /* rows asked for at a time: neither side ever holds a whole table in memory */
#define KEY_COLUMNS_MAX 8
#define TABLES_MAX 128
#define TOMBSTONES "tombstone"

struct table {
	const char *name;
	const char *columns;                   /* "a, b, c" */
	const char *places;                    /* "?, ?, ?" */
	int column_count;
	int key_places[KEY_COLUMNS_MAX];       /* columns of the primary key, in the key's order */
	int key_count;
	const char *first_page;                /* SELECT … */
	const char *next_page;
	const char *insert;
};

static bool broken(struct problem *why)
{
	return problem_set(why, PROBLEM_IO, "--database", "The database could not be read or written: see the log above.");
}

/* ---- what there is -------------------------------------------------------------------------------------------------- */

static const char *joined(struct arena *texts, const char *list, const char *more)
{
	return *list ? arena_print(texts, "%s, %s", list, more) : more;
}

static bool describe(struct db_tx *file, const char *name, struct arena *texts, struct table *table)
{
	struct statement *statement = tx_prepare(file, "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid");
	const char *keys[KEY_COLUMNS_MAX] = { NULL };
	bind_text(statement, 1, name);
	*table = (struct table){ .name = name, .columns = "", .places = "" };
	while (tx_row(file, statement)) {
		const char *column = row_text(statement, 0, texts);
		int64_t key = row_int(statement, 1);
		if (key > 0 && key <= KEY_COLUMNS_MAX) {
			keys[key - 1] = column;
			table->key_places[key - 1] = table->column_count;
			table->key_count++;
		}
		table->columns = joined(texts, table->columns, column);
		table->places = joined(texts, table->places, "?");
		table->column_count++;
	}
	statement_done(statement);
	const char *key = "", *after = "";
	for (int i = 0; i < table->key_count; i++) {
		key = joined(texts, key, keys[i]);
		after = joined(texts, after, "?");
	}
	table->first_page = arena_print(texts, "SELECT %s FROM %s ORDER BY %s LIMIT %d", table->columns, name, key, PAGE);
	table->next_page =
		arena_print(texts, "SELECT %s FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT %d", table->columns, name, key, after, key, PAGE);
	table->insert = arena_print(texts, "INSERT INTO %s (%s) VALUES (%s)%s", name, table->columns, table->places,
	                            strcmp(name, TOMBSTONES) == 0 ? " ON CONFLICT DO NOTHING" : "");
	return table->key_count > 0 && !db_tx_failed(file);
}

/* In the order in which they were made: what is referred to comes before what refers to it. */
static size_t list_tables(struct db_tx *file, struct arena *texts, struct table tables[TABLES_MAX])
{
	struct statement *statement =
		tx_prepare(file, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid");
	const char *names[TABLES_MAX];
	size_t count = 0, described = 0;
	while (count < TABLES_MAX && tx_row(file, statement))
		names[count++] = row_text(statement, 0, texts);
	statement_done(statement);
	while (described < count && describe(file, names[described], texts, &tables[described]))
		described++;
	return described == count ? count : 0;
}

/* ---- one row, one table ---------------------------------------------------------------------------------------------- */

/* A value of a row becomes a parameter of another statement. */
static void carry(struct statement *row, int column, struct statement *into, int at, struct arena *arena)
{
	size_t length;
	switch (row_type(row, column)) {
	case ROW_NULL:         /* what is not bound is NULL, of whatever type the column has */
		break;
	case ROW_INT:
		bind_int(into, at, row_int(row, column));
		break;
	case ROW_TEXT:
		bind_text(into, at, row_text(row, column, arena));
		break;
	case ROW_BLOB: {
		const void *bytes = row_blob(row, column, arena, &length);
		bind_blob(into, at, bytes, length);
		break;
	}
	}
}

struct key_value {
	enum row_type type;
	int64_t number;
	const void *bytes;
	size_t length;
};

static void keep_key(struct statement *row, const struct table *table, struct key_value key[KEY_COLUMNS_MAX], struct arena *arena)
{
	for (int i = 0; i < table->key_count; i++) {
		int column = table->key_places[i];
		key[i] = (struct key_value){ .type = row_type(row, column) };
		if (key[i].type == ROW_INT)
			key[i].number = row_int(row, column);
		else if (key[i].type == ROW_TEXT)
			key[i].bytes = row_text(row, column, arena);
		else
			key[i].bytes = row_blob(row, column, arena, &key[i].length);
	}
}

static void bind_key(struct statement *statement, const struct table *table, const struct key_value key[KEY_COLUMNS_MAX])
{
	for (int i = 0; i < table->key_count; i++) {
		if (key[i].type == ROW_INT)
			bind_int(statement, i + 1, key[i].number);
		else if (key[i].type == ROW_TEXT)
			bind_text(statement, i + 1, key[i].bytes);
		else
			bind_blob(statement, i + 1, key[i].bytes, key[i].length);
	}
}

/* The rows after `key` (NULL: the first). Returns how many, or -1. */
static int copy_page(struct db_tx *from, struct db_tx *to, const struct table *table, const struct key_value *key,
                     struct key_value last[KEY_COLUMNS_MAX], struct arena *arena)
{
	struct statement *rows = tx_prepare(from, key ? table->next_page : table->first_page);
	if (key)
		bind_key(rows, table, key);
	int count = 0;
	bool good = true;
	while (good && tx_row(from, rows)) {
		struct statement *insert = tx_prepare(to, table->insert);
		for (int i = 0; i < table->column_count; i++)
			carry(rows, i, insert, i + 1, arena);
		keep_key(rows, table, last, arena);
		good = tx_change(to, insert);
		count++;
	}
	statement_done(rows);
	return good && !db_tx_failed(from) ? count : -1;
}

static bool copy_table(struct db_tx *from, struct db_tx *to, const struct table *table, struct copied *copied)
{
	struct key_value keys[2][KEY_COLUMNS_MAX];
	struct arena *arenas[2] = { arena_new(), arena_new() };
	int count = PAGE;
	/* The key that a page ends with lives until the next page was asked for: two arenas by turns. */
	for (size_t page = 0; count == PAGE; page++) {
		struct arena **mine = &arenas[page % 2];
		arena_free(*mine);
		*mine = arena_new();
		count = copy_page(from, to, table, page ? keys[(page + 1) % 2] : NULL, keys[page % 2], *mine);
		copied->rows += count > 0 ? count : 0;
	}
	arena_free(arenas[0]);
	arena_free(arenas[1]);
	return count >= 0;
}

static bool empty_table(struct db_tx *to, const char *name, struct arena *texts)
{
	return strcmp(name, TOMBSTONES) == 0 || tx_change(to, tx_prepare(to, arena_print(texts, "DELETE FROM %s", name)));
}

bool db_copy_all(struct db_tx *from, struct db_tx *to, struct db_tx *file, struct arena *texts, struct copied *copied,
                 struct problem *why)
{
	db_take_long(from);
	db_take_long(to);
	struct table *tables = arena_get(texts, TABLES_MAX * sizeof *tables);
	size_t count = list_tables(file, texts, tables);
	bool good = count > 0;
	*copied = (struct copied){ .tables = (int64_t)count };
	for (size_t i = count; good && i > 0; i--)
		good = empty_table(to, tables[i - 1].name, texts);
	for (size_t i = 0; good && i < count; i++)
		good = copy_table(from, to, &tables[i], copied);
	return good || broken(why);
}

bool db_check_file(struct db_tx *file, struct problem *why)
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(file, "PRAGMA integrity_check(1)");
	bool read = tx_row(file, statement);
	const char *verdict = read ? row_text(statement, 0, arena) : "";
	statement_done(statement);
	bool whole = strcmp(verdict, "ok") == 0;
	if (!whole && read)
		problem_set(why, PROBLEM_IO, "--database", "it is damaged: %s", verdict);
	else if (!whole)
		broken(why);
	arena_free(arena);
	return whole;
}
