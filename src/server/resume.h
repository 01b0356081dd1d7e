/* resume.h — where a listener goes on: which spaces they hear of, from which number in each, and whether they must begin anew. */
#ifndef HACKTIV_SERVER_RESUME_H
#define HACKTIV_SERVER_RESUME_H

#include "event.h"
#include "event_id.h"
#include "request.h"

struct start {
	const struct space *space;
	const struct zone *zone;
	struct event_view view;
	int64_t seq;              /* the last number they have */
	int64_t head;             /* the last there is */
};

struct resume {
	char epoch[EPOCH_SIZE];
	struct start *starts;     /* at most EVENT_SPACES_MAX */
	size_t count;
	const char *reset;        /* NULL: they can go on. Else why not, one of RESET_…; `seq` is `head` then */
};

#define RESET_TOO_OLD "too_old"      /* what came after it is forgotten */
#define RESET_EPOCH   "epoch"        /* of a database before a back-up was restored */
#define RESET_SPACES  "spaces"       /* it lacks a space that can be heard of by now */
#define RESET_UNKNOWN "unknown"      /* never an id of ours, or ahead of us */

/* For the space of the path, or for all that the caller may hear of. `id` NULL: from now on. False: refused. */
bool resume_from(struct request *request, struct db_tx *tx, const char *id, struct resume *resume, struct response *response);
/* The same with the bare number of one space's change. */
bool resume_from_number(struct request *request, struct db_tx *tx, int64_t number, struct resume *resume, struct response *response);

/* The id of where they stand. */
const char *resume_id(struct arena *arena, const struct resume *resume);

#endif
