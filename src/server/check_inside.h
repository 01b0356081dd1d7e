/* check_inside.h — what the files of `hacktivd check` share: a visit to a server, and what can be expected of an answer. */
#ifndef HACKTIV_SERVER_CHECK_INSIDE_H
#define HACKTIV_SERVER_CHECK_INSIDE_H

#include <cjson/cJSON.h>

#include "check_wire.h"

/* A place that was found free, and what was booked there. */
struct stay {
	const char *space_id, *resource_id, *date, *part;   /* NULL: none found */
	const char *id, *key, *body;                        /* the request */
	const char *path;                                   /* of the booking */
	const char *etag;                                   /* as it was told last */
	bool stands;                                        /* booked, and not cancelled yet */
};

struct visit {
	struct wire *wire;
	struct arena *arena;
	struct clock clock;
	const char *token;              /* NULL: nobody's */
	const char *space;              /* the slug of the first space; "" until it is known */
	const char *today;              /* of that space */
	struct stay stay;
	struct arena_rows documents;    /* cJSON *, freed at the end */
	const char *fault;              /* of this check: what was expected and what came; NULL: none yet */
};

struct check {
	const char *name;               /* a sentence: what is so */
	const char *source;             /* who says that it must be */
	void (*run)(struct visit *);
	const char *feature;            /* of /v1/meta, without which there is nothing to check; NULL: always there */
};

/* Tables that end with a row without a name. */
extern const struct check checks_for_all[];
extern const struct check checks_of_form[];
extern const struct check checks_for_members[];
extern const struct check checks_that_write[];
/* Takes back what the checks that write left, when they did not come to it. */
void check_tidy(struct visit *visit);

/* ---- asking: false when a fault was noted, also when it was before -------------------------------------------------------- */

bool ask_for(struct visit *visit, const struct ask *ask, int status, struct reply *reply);
bool get(struct visit *visit, const char *target, const char *token, int status, struct reply *reply);
/* The body as an object; NULL and a fault when it is none. Lives as long as the visit. */
const cJSON *read_json(struct visit *visit, const struct reply *reply);
const cJSON *get_json(struct visit *visit, const char *target, const char *token);
/* All items of a list by pages of `limit`, joined; NULL and a fault when a page is none, comes twice or never ends. */
const cJSON *get_pages(struct visit *visit, const char *target, const char *token);

/* ---- expecting ------------------------------------------------------------------------------------------------------------ */

__attribute__((format(printf, 2, 3)))
bool fault(struct visit *visit, const char *format, ...);     /* keeps the first; false */
bool expect(struct visit *visit, bool good, const char *what);
bool expect_header(struct visit *visit, const struct reply *reply, const char *name, const char *part);
bool expect_empty(struct visit *visit, const struct reply *reply);
/* RFC 9457: media type, type, title, status. `type` without its "/problems/"; NULL: any. */
bool expect_problem(struct visit *visit, const struct reply *reply, const char *type);
bool refused(struct visit *visit, const struct ask *ask, int status, const char *type);
const char *text_in(const cJSON *object, const char *name);   /* "" when there is none; may be hostile: only compare it */
double number_in(const cJSON *object, const char *name);      /* -1 when there is none */
const cJSON *items_in(struct visit *visit, const cJSON *page);/* NULL and a fault when it is no page */
const char *print(struct visit *visit, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));

#endif
