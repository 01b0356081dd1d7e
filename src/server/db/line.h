/* line.h — what the use cases around an activity's places share: its row held, one sign-up read and written, those who wait let in.
 *
 * Everything that changes places begins with line_hold(): that writes the activity's row first, so two changes follow one another
 * also where rows are locked one by one, and offers past their time are settled before anything is judged. It ends with line_let_in().
 * In between, taken and waiting follow each sign-up in the same transaction, and a CHECK holds them. */
#ifndef HACKTIV_SERVER_DB_LINE_H
#define HACKTIV_SERVER_DB_LINE_H

#include "statement.h"

struct line {
	struct db_tx *tx;
	struct arena *arena;           /* the caller's */
	const char *space_id;
	const char *activity_id;
	int64_t now;
	const char *request_id;
	struct activity activity;      /* of it only: state, capacity, taken, waiting, waitlist, offer_minutes, start_at; as they are by now */
};

/* False: no such activity, or the disk. */
bool line_hold(struct line *line);

/* state NONE when there is none. */
struct participant line_find(struct line *line, const char *member_id);
int64_t line_take_ticket(struct line *line);
/* `before` as it was found; ids and counts follow. */
bool line_write(struct line *line, const struct participant *before, const struct participant *after);
/* When its next offer ends, for whoever looks after them; nothing is due in what is cancelled. */
bool line_note_due(struct line *line);
/* Something of it changed that is not counted: its version goes up. */
bool line_touch(struct line *line);
/* Feed, audit, and the sign-up's own history. */
bool line_tell(struct line *line, const char *kind, const char *member_id, struct db_actor actor, const char *reason, int place);
/* While there are places and somebody waits: the first has one, or is asked. */
bool line_let_in(struct line *line);
/* Who waits longest; who came last of those with a place, offered ones too: "" when there is none. */
const char *line_first_waiting(struct line *line);
const char *line_last_holder(struct line *line);

#endif
