/* table.h — rows in columns, calm and aligned, never wider than the terminal when there is one. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "hacktiv/base.h"

#define TABLE_COLUMNS_MAX 8

struct table {
	struct arena *arena;
	size_t columns;
	const char **cells;      /* rows × columns */
	size_t rows, room;
	bool optional_last;      /* the last column goes rather than that another is cut */
};

void table_init(struct table *table, struct arena *arena, size_t columns);
/* `columns` cells, borrowed; NULL is "". */
void table_row(struct table *table, const char *const *cells);
/* `most` columns of the terminal; 0: no limit. When it does not fit, the widest column is cut with "…". */
void table_print(const struct table *table, int most, struct buffer *out);

#endif
