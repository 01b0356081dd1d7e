/* export.c — all that is kept of a member, row by row. */
#include "person.h"

#include <string.h>

/* "@start_at" is what the column is and its name. */
static const char *next_column(const char *columns, struct arena *arena, struct told_value *value)
{
	size_t length = strcspn(columns, " ");
	value->kind = *columns == '#' ? TOLD_NUMBER : *columns == '@' ? TOLD_INSTANT : TOLD_TEXT;
	size_t mark = value->kind != TOLD_TEXT;
	value->name = arena_copy_bytes(arena, columns + mark, length - mark);
	columns += length;
	return columns + strspn(columns, " ");
}

static bool tell_table(struct db_tx *tx, const struct person_table *table, const char *member_id, tell_row *tell, void *context)
{
	struct told_value values[TOLD_VALUES_MAX];
	struct arena *arena = arena_new();
	size_t count = 0;
	for (const char *at = table->columns; *at && count < TOLD_VALUES_MAX; count++)
		at = next_column(at, arena, &values[count]);
	struct statement *statement = tx_prepare(tx, table->tell);
	bind_text(statement, 1, member_id);
	while (tx_row(tx, statement)) {
		for (size_t i = 0; i < count; i++) {
			if (values[i].kind == TOLD_TEXT)
				values[i].text = row_text(statement, (int)i, arena);
			else
				values[i].number = row_int(statement, (int)i);
		}
		tell(context, table->name, values, count);
	}
	statement_done(statement);
	arena_free(arena);
	return !db_tx_failed(tx);
}

bool db_tell_all_of(struct db_tx *tx, const char *member_id, tell_row *tell, void *context)
{
	bool good = true;
	for (size_t i = 0; good && i < person_table_count; i++) {
		tell(context, person_tables[i].name, NULL, 0);
		good = tell_table(tx, &person_tables[i], member_id, tell, context);
	}
	return good;
}
