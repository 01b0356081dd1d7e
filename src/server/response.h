/* response.h — an answer, and the refusals: RFC 9457 problems with a type a program can go by and a sentence for a person.
 *
 * No answer holds SQL, a path of ours, or anything secret but a new token. */
#ifndef HACKTIV_SERVER_RESPONSE_H
#define HACKTIV_SERVER_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "hacktiv/model.h"

struct request;
struct listener;   /* live.h */
struct kept_answer;   /* answers.h */

#define VCARD "text/vcard"
#define CALENDAR "text/calendar"

#define CACHE_NEVER  "no-store"
#define CACHE_MINE   "private, no-cache"   /* keep it, ask before every use */
#define CACHE_SHARED "no-cache"

/* Strings are literals or live in the request's arena; NULL: no such header. */
struct response {
	int status;                 /* 0: not answered yet */
	char *body;                 /* owned, freed with the response, but for `kept`; NULL: none */
	size_t body_length;
	const char *content_type;
	const char *problem;        /* last word of the problem's type: "slot-taken"; NULL: none */
	const char *cache;
	const char *etag;
	const char *location;
	const char *allow;
	const char *accept_post;
	const char *accept_patch;
	const char *authenticate;
	const char *link;
	const char *policy;         /* Content-Security-Policy: it is a page for a browser, and gets what else such a page needs */
	const char *language;
	const char *set_cookie;
	int retry_after_s;          /* 0: no header */
	bool replayed;
	bool close;                 /* the connection ends with it */
	struct kept_answer *kept;   /* whose the body is, released with the response; NULL: the response's own */
	struct listener *listener;  /* owned until the feed takes it: a stream follows the head, not a body */
};

void response_clear(struct response *response);

void respond_json(struct response *response, int status, cJSON *object, const char *cache);   /* takes the object */
void respond_page(struct response *response, int status, const char *html);   /* copied; `policy` is the caller's to set */
void respond_text(struct response *response, int status, const char *text);
void respond_bytes(struct response *response, int status, const char *json, const char *cache);  /* copied */
/* Takes the bytes, which free() gives back. */
void respond_document(struct response *response, char *bytes, size_t length, const char *content_type, const char *cache);
void respond_empty(struct response *response, int status);

/* {"items":[…],"next":null,"prev":null}; takes the array. `next` NULL: the last page. */
cJSON *collection(cJSON *items, const char *next);

enum refusal {
	REFUSE_MALFORMED,              /* 400: not HTTP as we take it, or a parameter that is not one */
	REFUSE_MALFORMED_JSON,
	REFUSE_VALIDATION,
	REFUSE_KEY_MISSING,
	REFUSE_KEY_REUSED,
	REFUSE_ID_TAKEN,
	REFUSE_HAS_BOOKINGS,           /* 409: bookings need it as it is */
	REFUSE_STALE_VERSION,
	REFUSE_VERSION_REQUIRED,
	REFUSE_UNAUTHENTICATED,
	REFUSE_NOT_ALLOWED,            /* 403: one may know of it, and not do this */
	REFUSE_INSUFFICIENT_SCOPE,
	REFUSE_NOT_FOUND,
	REFUSE_COMMITTED,              /* 409: bookings and sign-ups lie ahead */
	REFUSE_METHOD_NOT_ALLOWED,
	REFUSE_METHOD_UNKNOWN,
	REFUSE_LENGTH_REQUIRED,
	REFUSE_UNSUPPORTED_MEDIA_TYPE,
	REFUSE_NOT_ACCEPTABLE,
	REFUSE_TOO_LARGE,
	REFUSE_TARGET_TOO_LONG,
	REFUSE_HEAD_TOO_LARGE,
	REFUSE_VERSION_UNKNOWN,
	REFUSE_UNKNOWN_PARAMETER,
	REFUSE_RATE_LIMITED,
	REFUSE_OVERLOADED,
	REFUSE_STORAGE_UNAVAILABLE,
	REFUSE_INTERNAL
};

/* What a refusal by that name means. False: it is none, perhaps a rule. */
bool refusal_explain(const char *name, int *status, const char **title, const char **meaning);
/* The body is a problem, as one that was answered before. */
void respond_as_problem(struct response *response, struct arena *arena);
/* Throws away what the response held and refuses. `request` gives the instance; its fields may be unset. */
__attribute__((format(printf, 4, 5)))
void refuse(const struct request *request, struct response *response, enum refusal refusal, const char *detail, ...);
/* 422 validation with errors:[{pointer, code, detail}] from `why`. */
void refuse_body(const struct request *request, struct response *response, const struct problem *why);
/* The same from a sentence about the member at `pointer` of the body ("": the whole). Always false. */
bool refuse_member(const struct request *request, struct response *response, const char *pointer, const char *sentence);
/* Adds a member to the refusal that was just made; takes the value. */
void refuse_more(struct response *response, const char *name, cJSON *value);
/* 400 with errors:[{parameter, code, detail}]. */
void refuse_parameter(const struct request *request, struct response *response, const char *name, const char *detail);
/* A rule of the house. */
void refuse_rule(const struct request *request, struct response *response, int status, const struct obstacle *obstacle,
                 const struct alternative *alternatives, size_t alternative_count);
/* The same with one member more, so that a program can go on from there: takes `value`. */
void refuse_rule_with(const struct request *request, struct response *response, int status, enum rule rule, const char *name,
                      cJSON *value);

#endif
