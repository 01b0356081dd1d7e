/* answer.c — refusals kept for repeated requests. Answers to what was carried out are kept with their effect: booking.c. */
#include "statement.h"

bool db_keep_refusal(struct db_tx *tx, const char *space_id, const char *member_id, const struct idempotent_answer *answer, int64_t now)
{
	/* Only one that is past its time gives way: on a database with several writers the first try may have been quicker. */
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO idem (space_id, member_id, key, fingerprint, status, body, location, etag, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', '', ?7) ON CONFLICT (space_id, member_id, key) DO UPDATE SET"
		" (fingerprint, status, body, location, etag, created_at) = (excluded.fingerprint, excluded.status, excluded.body, '', '',"
		" excluded.created_at) WHERE idem.created_at <= ?8");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, member_id);
	bind_text(statement, 3, answer->key);
	bind_blob(statement, 4, answer->fingerprint, sizeof answer->fingerprint);
	bind_int(statement, 5, answer->status);
	bind_text(statement, 6, answer->body);
	bind_int(statement, 7, now);
	bind_int(statement, 8, now - IDEMPOTENCY_TTL_S);
	return tx_change(tx, statement) && tx_changes(tx) > 0;
}
