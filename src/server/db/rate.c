/* rate.c — how often something was tried within a time. */
#include "statement.h"

bool db_count_try(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES], int64_t now, int window_s, struct tries *tries)
{
	/* What ends later than a window from now was written before a clock was put back. */
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO rate (key, count, ends_at) VALUES (?1, 1, ?2 + ?3) ON CONFLICT (key) DO UPDATE SET"
		" count = CASE WHEN rate.ends_at <= ?2 OR rate.ends_at > ?2 + ?3 THEN 1 ELSE rate.count + 1 END,"
		" ends_at = CASE WHEN rate.ends_at <= ?2 OR rate.ends_at > ?2 + ?3 THEN ?2 + ?3 ELSE rate.ends_at END"
		" RETURNING count, ends_at");
	bind_blob(statement, 1, key, RATE_KEY_BYTES);
	bind_int(statement, 2, now);
	bind_int(statement, 3, window_s);
	bool counted = tx_row(tx, statement);
	if (counted)
		*tries = (struct tries){ row_int(statement, 0), row_int(statement, 1) };
	statement_done(statement);
	return counted;
}

bool db_take_back_try(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES])
{
	struct statement *statement = tx_prepare(tx, "UPDATE rate SET count = count - 1 WHERE key = ? AND count > 0");
	bind_blob(statement, 1, key, RATE_KEY_BYTES);
	return tx_change(tx, statement);
}

bool db_forget_tries(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES])
{
	struct statement *statement = tx_prepare(tx, "DELETE FROM rate WHERE key = ?");
	bind_blob(statement, 1, key, RATE_KEY_BYTES);
	return tx_change(tx, statement);
}

bool tx_tidy_rates(struct db_tx *tx, int64_t now)
{
	struct statement *statement = tx_prepare(tx, "DELETE FROM rate WHERE ends_at <= ?");
	bind_int(statement, 1, now);
	return tx_change(tx, statement);
}
