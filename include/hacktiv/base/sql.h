/* sql.h — SQLite without ceremony: statements prepared once, bound by position, errors as problems.
 *
 * Used by the server's database and by the client's store. A connection belongs to one thread. */
#ifndef HACKTIV_BASE_SQL_H
#define HACKTIV_BASE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/problem.h"

struct sql;            /* a connection with its cache of prepared statements */
struct sql_statement;  /* borrowed from the connection's cache, until sql_done() */

enum sql_open_mode { SQL_READ_WRITE, SQL_READ_ONLY };

/* WAL, synchronous=FULL, foreign_keys=ON, trusted_schema=OFF, defensive, busy_timeout 5 s. ":memory:" works.
 * Failures are PROBLEM_IO, PROBLEM_INVALID when the file is damaged or no database, and PROBLEM_MISSING when a statement speaks of a table
 * or column that is not there; here and below. */
struct sql *sql_open(const char *path, enum sql_open_mode mode, struct problem *why);
void sql_close(struct sql *sql);

/* One or more statements without parameters (schema, BEGIN, COMMIT). */
bool sql_run(struct sql *sql, const char *text, struct problem *why);

/* `text` must be a string literal or live as long as the connection: it is the cache's key. Dies on a syntax error (ours);
 * a disk or memory that is not there is told by sql_step(). */
struct sql_statement *sql_prepare(struct sql *sql, const char *text);
void sql_bind_text(struct sql_statement *statement, int at, const char *text);  /* at from 1; NULL binds NULL; copied */
void sql_bind_int(struct sql_statement *statement, int at, int64_t value);
void sql_bind_blob(struct sql_statement *statement, int at, const void *bytes, size_t length);

enum sql_step { SQL_ROW, SQL_END, SQL_CONSTRAINT, SQL_FAILED };
/* SQL_CONSTRAINT: a primary key, unique or check refused the row. SQL_FAILED fills `why`. */
enum sql_step sql_step(struct sql_statement *statement, struct problem *why);
const char *sql_text(struct sql_statement *statement, int column, struct arena *arena);  /* column from 0; NULL for NULL */
int64_t sql_int(struct sql_statement *statement, int column);
const void *sql_blob(struct sql_statement *statement, int column, struct arena *arena, size_t *length);
bool sql_is_null(struct sql_statement *statement, int column);
int sql_column_count(struct sql_statement *statement);
const char *sql_column_name(struct sql_statement *statement, int column);   /* until sql_done() */
enum sql_type { SQL_TYPE_NULL, SQL_TYPE_INT, SQL_TYPE_TEXT, SQL_TYPE_BLOB };
enum sql_type sql_column_type(struct sql_statement *statement, int column);   /* of this row's value */
void sql_done(struct sql_statement *statement);   /* resets and unbinds: ready for the next use */

/* Of a commit that failed: it was written, and its flush failed. Then it may be found all the same when the file is next opened. */
bool sql_perhaps_kept(struct sql *sql);
int64_t sql_changes(struct sql *sql);  /* rows changed by the last statement */

#endif
