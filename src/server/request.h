/* request.h — a request as handlers see it: taken apart, checked against the route table, free of libmicrohttpd.
 *
 * A handler is (request, transaction) → response. It may also ask for a next step elsewhere (request_continue): a log-in
 * reads, then hashes, then writes. Everything lives in the request's arena, which travels with it from thread to thread. */
#ifndef HACKTIV_SERVER_REQUEST_H
#define HACKTIV_SERVER_REQUEST_H

#include <cjson/cJSON.h>

#include "form.h"
#include "response.h"
#include "rights.h"
#include "server.h"

/* Methods as bits: a path's methods together make its Allow. HEAD is GET without a body. */
enum verb { VERB_GET = 1, VERB_POST = 2, VERB_PUT = 4, VERB_PATCH = 8, VERB_DELETE = 16, VERB_OPTIONS = 32 };

struct field {             /* one header line */
	const char *name;
	const char *value;
};

struct parameter {         /* one query parameter, decoded */
	const char *name;
	const char *value;
};

#define PARAMETERS_MAX 16

typedef void handler(struct request *request, struct db_tx *tx, struct response *response);

enum place {
	PLACE_HERE,      /* at once, on the thread that serves sockets: nothing that waits */
	PLACE_READ,      /* a job that reads */
	PLACE_WRITE,     /* a job that writes; a response of 400 and over undoes it */
	PLACE_ASK_WRITE, /* the same, and it asks ahead: db_only_asks() */
	PLACE_HASH,      /* the thread for passwords; no transaction */
	PLACE_WAIT       /* a job that reads, once `wait` is over */
};

struct step {
	enum place place;
	handler *run;          /* NULL: the response is ready */
};

struct request {
	struct server *server;
	struct arena *arena;
	int64_t now;                       /* one instant for the whole request */
	const char *address;               /* where it comes from: origin.h */
	const char *id;                    /* Request-Id: the client's, or made here */
	bool inner;                        /* came by the door for those who run the server */
	enum verb verb;
	const char *method;                /* as sent */
	const char *target;                /* path and query as sent: printable ASCII, whole percent signs */
	const struct route *route;         /* NULL until found */
	const char *space;                 /* {s} of the path, "" when it has none */
	const char *object;                /* {id} of the path */
	const char *named;                 /* what else the path names in braces: {role}, {member}, {key} */
	const char *media;                 /* media type of the answer, of those that the route has */
	struct parameter parameters[PARAMETERS_MAX];
	size_t parameter_count;
	const struct field *fields;
	size_t field_count;
	const char *body;
	size_t body_length;
	struct form *form;                 /* the body, where the route takes a form; NULL: it is none, and the handler says so */
	cJSON *json;                       /* the body, where the route takes one; freed with the request */
	const struct member *member;       /* who asks; NULL: nobody */
	struct caller caller;              /* the same, with the roles they hold */
	unsigned char token_hash[TOKEN_HASH_BYTES];
	bool identified;                   /* the token was looked at, and is good */
	struct step next;
	bool undo;                         /* what this step wrote is undone, though another comes after it */
	bool keep;                         /* what this step wrote is kept, though it is a refusal that is answered */
	struct keyed *keyed;               /* a key came with it that was not used before: idempotency.h; NULL: none did */
	const char *rate_limit;            /* header lines, NULL while nothing is limited: limit.h */
	const char *rate_limit_policy;
	struct live_wait *wait;            /* for PLACE_WAIT: live.h */
	void *notes;                       /* what a handler keeps for its next step */
};

/* First header of that name, case ignored; NULL when absent. */
const char *request_field(const struct request *request, const char *name);
size_t request_field_count(const struct request *request, const char *name);
/* NULL when not given. */
const char *request_parameter(const struct request *request, const char *name);

static inline void request_continue(struct request *request, enum place place, handler *run)
{
	request->next = (struct step){ place, run };
}

/* Splits the target into decoded segments and parameters. False: too many parameters. */
#define SEGMENTS_MAX 9   /* one more than the longest route has: what is longer fits none */
bool request_split(struct request *request, const char *segments[SEGMENTS_MAX], size_t *count);

/* "date": the parameter or, when it is not given, `fallback`. False: refused. */
bool request_date(struct request *request, const char *name, struct local_date fallback, struct local_date *date,
                  struct response *response);
#define LIMIT_DEFAULT 50
#define LIMIT_MAX 200
bool request_limit(struct request *request, int *limit, struct response *response);

/* "q": words to search by, clean; "" when not given. At most WORDS_MAX bytes. False: refused. */
#define WORDS_MAX 200u
bool request_words(struct request *request, const char **words, struct response *response);

/* Is `etag` in a list as If-Match and If-None-Match have it (RFC 9110, 13.1)? "*" fits everything. `weak` compares weakly. */
bool etag_fits(const char *list, const char *etag, bool weak);
/* Is what the client means to change what is there? Else 428 without If-Match, 412 when it names another. */
bool request_is_current(struct request *request, const char *etag, struct response *response);
/* Answers 304 when the client's copy is this one. */
bool request_has_copy(struct request *request, const char *etag, const char *cache, struct response *response);

#endif
