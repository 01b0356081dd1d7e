/* person.c — see person.h. In the order in which rows may go: what refers to others first. */
#include "person.h"

#define ALWAYS (-1)

const struct person_table person_tables[] = {
	{ "booking",
	  "space_id id resource_id #unit date part #from_minute #until_minute @start_at @end_at state ended state_reason @checked_in_at"
	  " @checked_out_at pay_by pass_id #half_days #given_back series_id title note #people #late"
	  " cancel_reason @cancel_until #net_cents #vat_permille #gross_cents #version @created_at @changed_at",
	  "SELECT space_id, id, resource_id, unit, date, part, from_minute, until_minute, start_at, end_at, state, ended, state_reason,"
	  " checked_in_at, checked_out_at, pay_by, pass_id, half_days, given_back, series_id, title, note, people, late, cancel_reason, cancel_until, net_cents, vat_permille, gross_cents,"
	  " version, created_at, changed_at FROM booking WHERE member_id = ?1 ORDER BY start_at, space_id, id",
	  "UPDATE booking SET member_id = ?3, state_reason = '', title = '', note = '', cancel_reason = '' WHERE member_id = ?1 AND space_id = ?2 AND date < ?4", NULL, KEPT_BOOKINGS },
	{ "signup", "space_id activity_id state #ticket @since @until #accepted_conditions attendance #walk_in",
	  "SELECT space_id, activity_id, state, ticket, since, until, accepted_conditions, attendance, walk_in FROM signup"
	  " WHERE member_id = ?1 ORDER BY space_id, activity_id",
	  "UPDATE signup SET member_id = ?3 WHERE member_id = ?1 AND space_id = ?2 AND activity_id IN"
	  " (SELECT a.id FROM activity a WHERE a.space_id = ?2 AND a.date < ?4)", NULL, KEPT_SIGNUPS },
	{ "signup_history", "space_id activity_id #seq @at kind by_id reason #place",
	  "SELECT space_id, activity_id, seq, at, kind, by_id, reason, place FROM signup_history WHERE member_id = ?1"
	  " ORDER BY space_id, activity_id, seq",
	  "UPDATE signup_history SET member_id = ?3, by_id = CASE WHEN by_id = ?1 THEN ?3 ELSE by_id END, reason = ''"
	  " WHERE member_id = ?1 AND space_id = ?2 AND activity_id IN"
	  " (SELECT a.id FROM activity a WHERE a.space_id = ?2 AND a.date < ?4)", NULL, KEPT_SIGNUPS },
	/* Accounts are kept by law, ten years in France (Code de commerce, L123-22): of nobody in particular when their owner goes. */
	{ "pass", "id kind space_id scope first_date last_date #half_days #half_days_left #net_cents #vat_permille #gross_cents @sold_at",
	  "SELECT id, kind, space_id, scope, first_date, last_date, half_days, half_days_left, net_cents, vat_permille, gross_cents, sold_at"
	  " FROM pass WHERE member_id = ?1 ORDER BY sold_at, id",
	  "UPDATE pass SET member_id = ?3 WHERE member_id = ?1 AND space_id = ?2 AND first_date < ?4", NULL, ALWAYS },
	{ "network_day", "space_id #year #used #most",
	  "SELECT space_id, year, used, most FROM network_day WHERE member_id = ?1 ORDER BY space_id, year",
	  "UPDATE network_day SET member_id = ?3 WHERE member_id = ?1 AND space_id = ?2 AND ?4 <> ''", NULL, ALWAYS },
	{ "ledger", "space_id @at id kind pay_by booking_id pass_id date #half_days #net_cents #vat_permille #gross_cents",
	  "SELECT space_id, at, id, kind, pay_by, booking_id, pass_id, date, half_days, net_cents, vat_permille, gross_cents"
	  " FROM ledger WHERE member_id = ?1 ORDER BY space_id, at, id",
	  "UPDATE ledger SET member_id = ?3 WHERE member_id = ?1 AND space_id = ?2 AND date < ?4", NULL, ALWAYS },
	{ "token", "session_id #scopes @created_at @expires_at",
	  "SELECT session_id, scopes, created_at, expires_at FROM token WHERE member_id = ?1 ORDER BY created_at, hash",
	  NULL, "DELETE FROM token WHERE member_id = ?1", ALWAYS },
	{ "refresh", "session_id @expires_at @rotated_at",
	  "SELECT session_id, expires_at, rotated_at FROM refresh WHERE member_id = ?1 ORDER BY expires_at, hash",
	  NULL, "DELETE FROM refresh WHERE member_id = ?1", ALWAYS },
	{ "device", "user_code client #scopes address @created_at @expires_at #interval_s @polled_at #tries state",
	  "SELECT user_code, client, scopes, address, created_at, expires_at, interval_s, polled_at, tries, state"
	  " FROM device WHERE member_id = ?1 ORDER BY created_at, hash",
	  NULL, "DELETE FROM device WHERE member_id = ?1", ALWAYS },
	{ "session", "id kind client name #scopes @created_at @used_at @expires_at",
	  "SELECT id, kind, client, name, scopes, created_at, used_at, expires_at FROM session WHERE member_id = ?1 ORDER BY created_at, id",
	  NULL, "DELETE FROM session WHERE member_id = ?1", ALWAYS },
	{ "calendar_key", "id name @created_at @used_at",
	  "SELECT id, name, created_at, used_at FROM calendar_key WHERE member_id = ?1 ORDER BY created_at, id",
	  NULL, "DELETE FROM calendar_key WHERE member_id = ?1", ALWAYS },
	{ "idem", "space_id key #status @created_at",
	  "SELECT space_id, key, status, created_at FROM idem WHERE member_id = ?1 ORDER BY space_id, key",
	  NULL, "DELETE FROM idem WHERE member_id = ?1", ALWAYS },
	{ "role", "role space_id", "SELECT role, space_id FROM role WHERE member_id = ?1 ORDER BY role, space_id",
	  NULL, "DELETE FROM role WHERE member_id = ?1", ALWAYS },
	{ "consent", "#seq @at field from_level to_level text_version source request_id",
	  "SELECT seq, at, field, from_level, to_level, text_version, source, request_id FROM consent WHERE member_id = ?1 ORDER BY seq",
	  NULL, "DELETE FROM consent WHERE member_id = ?1", ALWAYS },
	{ "member_audit", "#seq @at actor action fields space_id request_id",
	  "SELECT seq, at, actor, action, fields, space_id, request_id FROM member_audit WHERE member_id = ?1 ORDER BY seq",
	  NULL, "DELETE FROM member_audit WHERE member_id = ?1", ALWAYS },
	{ "card_field", "field shown_to", "SELECT field, shown_to FROM card_field WHERE member_id = ?1 ORDER BY field",
	  NULL, "DELETE FROM card_field WHERE member_id = ?1", ALWAYS },
	{ "card_word", "word", "SELECT word FROM card_word WHERE member_id = ?1 ORDER BY word",
	  NULL, "DELETE FROM card_word WHERE member_id = ?1", ALWAYS },
	{ "card", "profession organisation_id organisation_name skills #languages town country email phone website about sort_name",
	  "SELECT profession, organisation_id, organisation_name, skills, languages, town, country, email, phone, website, about, sort_name"
	  " FROM card WHERE member_id = ?1",
	  NULL, "DELETE FROM card WHERE member_id = ?1", ALWAYS },
	{ "member", "id login name home_space_id usual_resource_id #restricted @disabled_at",
	  "SELECT id, login, name, home_space_id, usual_resource_id, restricted, disabled_at FROM member WHERE id = ?1",
	  NULL, "DELETE FROM member WHERE id = ?1", ALWAYS },
};
const size_t person_table_count = COUNT_OF(person_tables);

const char *const person_traces[] = {
	"UPDATE organisation SET contact_id = '', version = organisation.version + 1 WHERE contact_id = ?1",
	/* Answers to others that tell of them, with their name: a booking that the desk made for them. */
	"DELETE FROM idem WHERE location LIKE '%/' || ?1 || '/%' OR body LIKE '%' || ?1 || '%'",
	"UPDATE activity SET organiser_id = '' WHERE organiser_id = ?1",
	"UPDATE signup_history SET by_id = 'erased' WHERE by_id = ?1",
	"UPDATE audit SET actor = 'erased' WHERE actor = ?1",
	"UPDATE member_audit SET actor = 'erased' WHERE actor = ?1",
	"UPDATE tombstone SET actor = 'erased' WHERE actor = ?1",
};
const size_t person_trace_count = COUNT_OF(person_traces);
