/* statement.h — what the use cases of db.h are written with: statements of one transaction, in SQL that both databases take.
 *
 * SQL is written once. SQLite and PostgreSQL agree on more than they differ in: `?1` or `?` for parameters, ON CONFLICT (with
 * columns of the target named in full), RETURNING, row values, IS DISTINCT FROM, common table expressions. What only one of them
 * knows is not used. After a failure every statement finds nothing: see db_tx_failed(). */
#ifndef HACKTIV_SERVER_DB_STATEMENT_H
#define HACKTIV_SERVER_DB_STATEMENT_H

#include "db.h"

struct statement;   /* borrowed from its connection until statement_done() */

enum step_end { STEP_ROW, STEP_END, STEP_REFUSED, STEP_FAILED };   /* REFUSED: by a primary key, unique or check */

/* `text` must be a string literal: it is the key under which the prepared statement is kept. */
struct statement *tx_prepare(struct db_tx *tx, const char *text);
/* The same for a query whose answer hardly ever differs and is kept where that is possible: kept.h, which names the tables it may read.
 * `…_if_any`: one without rows is not kept. */
struct statement *tx_prepare_kept(struct db_tx *tx, const char *text);
struct statement *tx_prepare_kept_if_any(struct db_tx *tx, const char *text);
/* The same for a query that may have been asked ahead with the same values, and nothing was written since. */
struct statement *tx_prepare_asked(struct db_tx *tx, const char *text);
/* Asks ahead, and is done with the statement: of tx_prepare_asked(). Several questions go down the wire at once. */
void tx_ask(struct db_tx *tx, struct statement *statement);
void bind_text(struct statement *statement, int at, const char *text);   /* at from 1; NULL binds NULL; copied */
void bind_int(struct statement *statement, int at, int64_t value);
void bind_blob(struct statement *statement, int at, const void *bytes, size_t length);
void statement_done(struct statement *statement);

/* One step of a query: true when there is a row. A failure marks the transaction. */
bool tx_row(struct db_tx *tx, struct statement *statement);
/* Carries out a statement that changes something, and is done with it. False: refused by a constraint or failed; either marks
 * the transaction, since none was expected. */
bool tx_change(struct db_tx *tx, struct statement *statement);
/* The same where a refusal is an answer. */
enum step_end tx_try(struct db_tx *tx, struct statement *statement);
/* Rows changed by the last of these. */
int64_t tx_changes(struct db_tx *tx);
/* tx_change() and tx_try() for an INSERT that becomes an UPDATE where something is there, and nothing where it is the same. */
enum db_put tx_put(struct db_tx *tx, struct statement *statement);
enum db_put tx_try_put(struct db_tx *tx, struct statement *statement);

/* Columns from 0. Text is copied into the arena. */
const char *row_text(struct statement *statement, int column, struct arena *arena);          /* "" for NULL */
const char *row_text_or_null(struct statement *statement, int column, struct arena *arena);
int64_t row_int(struct statement *statement, int column);                                    /* 0 for NULL */
const void *row_blob(struct statement *statement, int column, struct arena *arena, size_t *length);
bool row_is_null(struct statement *statement, int column);
/* Where a statement does not know what it asks for: copy.c. */
int row_columns(struct statement *statement);
const char *row_column_name(struct statement *statement, int column);   /* until statement_done() */
enum row_type { ROW_NULL, ROW_INT, ROW_TEXT, ROW_BLOB };
enum row_type row_type(struct statement *statement, int column);
struct local_date row_date(struct statement *statement, int column, struct arena *arena);

/* The words in `words`, folded, each after its length in two digits; NULL when there is none. For HAS_WORDS(). */
const char *folded_words(struct arena *arena, const char *words);
/* Each of them begins a word of the column. Text that both databases can take apart: what is before the next word, the word, the rest. */
#define HAS_WORDS(column, parameter)                                                                                       \
	"(" parameter " IS NULL OR NOT EXISTS (WITH RECURSIVE wanted (word, rest) AS (SELECT '', " parameter " UNION ALL"    \
	" SELECT substr(rest, 3, CAST(substr(rest, 1, 2) AS INTEGER)), substr(rest, 3 + CAST(substr(rest, 1, 2) AS INTEGER))" \
	" FROM wanted WHERE rest <> '') SELECT 1 FROM wanted WHERE word <> '' AND " column " NOT LIKE '% ' || word || '%'))"
/* " word word": what HAS_WORDS() looks in. */
const char *folded_column(struct arena *arena, const char *text);

/* ---- what use cases ask of each other ------------------------------------------------------------------------------ */

/* Counts the space's feed up and writes the change and the audit line under the new number: feed.c */
bool tx_tell(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, int64_t version, int64_t at,
             struct db_actor actor);
/* The same for a booking: with its resource as it is by now. */
bool tx_tell_booking(struct db_tx *tx, const struct booking *booking, const char *kind, int64_t version, int64_t at,
                     struct db_actor actor);
/* It went to another resource: whoever watches the one it had hears that too. */
bool tx_tell_left(struct db_tx *tx, const struct booking *booking, int64_t at, struct db_actor actor);
/* The granules of one unit of a resource, in ascending order. REFUSED: somebody has one of them. booking.c */
enum step_end tx_take_granules(struct db_tx *tx, const struct booking *booking, struct granules range);
/* What it holds of these granules is anybody's. */
bool tx_release_granules(struct db_tx *tx, const struct booking *booking, struct granules range);
int booking_unit_number(const struct booking *booking);
/* consent.c */
bool tx_add_consent(struct db_tx *tx, const char *member_id, struct consent_change change, struct consent_note note);
/* Have they ever said themselves who sees what of their card? */
bool tx_has_consented(struct db_tx *tx, const char *member_id);
/* What a space has was changed: its version goes up. */
bool tx_touch_space(struct db_tx *tx, const char *space_id);
/* The same for an activity, under the version it has by now: signup.c */
bool tx_tell_activity(struct db_tx *tx, const char *space_id, const char *activity_id, const char *kind, int64_t now,
                      struct db_actor actor);
/* Asks db_find_answer()'s question ahead: answer.c */
void tx_ask_answer(struct db_tx *tx, const char *space_id, const char *member_id, const char *key, int64_t now);
/* Of db_tidy(): rate.c, session.c */
bool tx_tidy_slots(struct db_tx *tx, int64_t now);
bool tx_tidy_rates(struct db_tx *tx, int64_t now);
bool tx_tidy_standing(struct db_tx *tx, int64_t now);

#endif
