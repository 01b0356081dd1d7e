/* integrity.c — see integrity.h. Most of it no constraint can say, since it is about several tables. */
#include "integrity.h"

#include "statement.h"

/* As granules_between() has it. */
#define SLOT_S "(CASE WHEN p.granule_s % 900 = 0 THEN 900 ELSE 300 END)"

static const struct {
	const char *name;
	const char *text;
	bool asks_now;      /* ?1 */
} rules[] = {
	{ "what is held is held by a booking that stands",
	  "SELECT count(*) FROM slot s LEFT JOIN booking b ON b.space_id = s.space_id AND b.id = s.booking_id"
	  " WHERE b.id IS NULL OR b.state = 'cancelled' OR b.resource_id <> s.resource_id", false },
	{ "what is held lies within its booking",
	  "SELECT count(*) FROM slot s JOIN booking b ON b.space_id = s.space_id AND b.id = s.booking_id"
	  " JOIN space p ON p.id = s.space_id WHERE (s.granule + 1) * " SLOT_S " <= b.start_at OR s.granule * " SLOT_S " >= b.end_at", false },
	{ "nobody has a place in an activity beyond its capacity",
	  "SELECT count(*) FROM activity WHERE taken < 0 OR taken > capacity", false },
	/* As signup_takes_place() has it: whose place is empty, since they did not come, does not take it. */
	{ "as many are counted as have or are offered a place",
	  "SELECT count(*) FROM activity a WHERE a.taken <> (SELECT count(*) FROM signup u WHERE u.space_id = a.space_id"
	  " AND u.activity_id = a.id AND (u.state = 'offered' OR (u.state = 'signed_up' AND u.attendance IN ('', 'present'))))", false },
	{ "as many are counted as wait",
	  "SELECT count(*) FROM activity a WHERE a.waiting <> (SELECT count(*) FROM signup u WHERE u.space_id = a.space_id"
	  " AND u.activity_id = a.id AND u.state = 'waitlisted')", false },
	/* Once it has begun nobody is let in from the line. */
	{ "nobody waits while a place is free",
	  "SELECT count(*) FROM activity WHERE state = 'scheduled' AND start_at > ?1 AND waiting > 0 AND taken < capacity", true },
	{ "the feed has no gap",
	  "SELECT count(*) FROM (SELECT space_id, max(seq) AS last, min(seq) AS first, count(*) AS changes FROM change_log GROUP BY space_id) c"
	  " WHERE c.last - c.first + 1 <> c.changes", false },
	{ "the feed's numbers end where they are counted",
	  "SELECT count(*) FROM feed f JOIN (SELECT space_id, max(seq) AS last FROM change_log GROUP BY space_id) c"
	  " ON c.space_id = f.space_id WHERE c.last <> f.seq", false },
	{ "every booking is somebody's, of something that is there",
	  "SELECT count(*) FROM booking b LEFT JOIN member m ON m.id = b.member_id LEFT JOIN resource r"
	  " ON r.space_id = b.space_id AND r.id = b.resource_id WHERE m.id IS NULL OR r.id IS NULL", false },
};
_Static_assert(COUNT_OF(rules) == INTEGRITY_RULES, "a rule was added or taken away: say so in integrity.h");

const char *db_integrity_rule(size_t rule)
{
	return rules[rule].name;
}

int64_t db_integrity_count(struct db_tx *tx, size_t rule, int64_t now)
{
	struct statement *statement = tx_prepare(tx, rules[rule].text);
	if (rules[rule].asks_now)
		bind_int(statement, 1, now);
	int64_t count = tx_row(tx, statement) ? row_int(statement, 0) : -1;
	statement_done(statement);
	return count;
}
