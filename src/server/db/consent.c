/* consent.c — the events of consent: added to, never altered. */
#include "statement.h"

bool tx_add_consent(struct db_tx *tx, const char *member_id, struct consent_change change, struct consent_note note)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO consent (member_id, seq, at, field, from_level, to_level, text_version, source, request_id)"
		" SELECT ?1, coalesce(max(c.seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM consent c WHERE c.member_id = ?1");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, note.at);
	bind_text(statement, 3, card_field_wire_name(change.field));
	bind_text(statement, 4, visibility_wire_name(change.from));
	bind_text(statement, 5, visibility_wire_name(change.to));
	bind_text(statement, 6, note.text_version);
	bind_text(statement, 7, consent_source_wire_name(note.source));
	bind_text(statement, 8, note.request_id);
	return tx_change(tx, statement);
}

bool tx_has_consented(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM consent WHERE member_id = ? AND source = ? LIMIT 1");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, consent_source_wire_name(CONSENT_FROM_MEMBER));
	bool has = tx_row(tx, statement);
	statement_done(statement);
	return has;
}

const struct consent_event *db_list_consents(struct db_tx *tx, const char *member_id, int64_t before, int limit,
                                             struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT seq, at, field, from_level, to_level, text_version, source, request_id FROM consent"
		" WHERE member_id = ?1 AND (?2 = 0 OR seq < ?2) ORDER BY seq DESC LIMIT ?3");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, before);
	bind_int(statement, 3, limit);
	struct consent_event *events = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *events);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement)) {
		struct consent_event *event = &events[(*count)++];
		*event = (struct consent_event){ .seq = row_int(statement, 0), .at = row_int(statement, 1),
			                         .text_version = row_text(statement, 5, arena),
			                         .request_id = row_text(statement, 7, arena) };
		card_field_from_wire(row_text(statement, 2, arena), &event->change.field);
		visibility_from_wire(row_text(statement, 3, arena), &event->change.from);
		visibility_from_wire(row_text(statement, 4, arena), &event->change.to);
		consent_source_from_wire(row_text(statement, 6, arena), &event->source);
	}
	statement_done(statement);
	return events;
}
