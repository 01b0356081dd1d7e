/* hacktiv.h — reading what hacktivd answers; private to this adapter: hacktiv.c (what is sent), hacktiv_list.c (lists), hacktiv_read.c
 * (single objects and problems), hacktiv_oauth.c (devices and tokens). */
#ifndef HACKTIV_BACKEND_HACKTIV_H
#define HACKTIV_BACKEND_HACKTIV_H

#include "hacktiv/backend.h"
#include "hacktiv/wire.h"

/* How hacktiv calls itself on a terminal that many share: it is given an hour, and nothing to renew that. */
#define HACKTIV_CLIENT_SHARED "hacktiv-kiosk"

/* What an operation is to the protocol. */
enum answer {
	ANSWER_OBJECT,
	ANSWER_LIST,           /* in one page */
	ANSWER_WHOLE_LIST,     /* in pages, followed to the end */
	ANSWER_PAGE,           /* in pages, one at a time */
	ANSWER_NOTHING         /* 204 No Content, and nothing else is a success */
};
struct protocol {
	enum answer answer;
	bool writes;           /* a lost answer leaves its end unknown */
	const char *path;      /* of a list in pages: where each of them lies */
};
const struct protocol *hacktiv_protocol(enum operation_kind kind);
bool hacktiv_is_list(enum operation_kind kind);

/* A list read slice by slice: STEP_MORE until its end, STEP_SEND when another page follows. */
enum step hacktiv_read_list(struct operation *operation, const struct http_response *response);
/* The address of the page that follows, NULL when none was read yet. */
const char *hacktiv_next_page(const struct operation *operation);
/* What is known of the day's space is not good any more. */
enum step hacktiv_ask_whole_day(struct operation *operation);
/* Lets go of a list that is read no further. */
void hacktiv_close(struct operation *operation);
/* A single object of the operation's kind. */
void hacktiv_read_object(struct operation *operation, const struct http_response *response);
/* POST /oauth/…: what is sent, and an answer that means something else there than elsewhere: true when it was one. */
void hacktiv_fill_oauth(struct operation *operation, struct http_request *request);
bool hacktiv_take_oauth(struct operation *operation, const struct http_response *response);
/* The object of OPERATION_DEVICE, _DEVICE_TOKEN or _RENEW. */
bool hacktiv_read_device(struct operation *operation, const cJSON *object, struct problem *why);
bool hacktiv_read_tokens(struct operation *operation, const cJSON *object, struct problem *why);
/* Changes since a place in the feed. False: not as described. */
bool hacktiv_read_changes(struct operation *operation, const cJSON *object, struct problem *why);
const char *hacktiv_changes_path(struct operation *operation);
extern const struct feed_ops hacktiv_feed;
/* Problem details as an outcome. `wrote`: when even that cannot be read, the write's end is unknown. */
/* A problem of ours by its name, "overloaded". */
bool hacktiv_is_problem(struct operation *operation, const struct http_response *response, const char *name);
void hacktiv_read_problem(struct operation *operation, const struct http_response *response, bool wrote);
/* The answer is not what the description promises. */
void hacktiv_unreadable(struct operation *operation, bool wrote, const struct problem *why);
/* It ended so, and there is no more to be said. */
void hacktiv_ended(struct operation *operation, enum outcome_kind kind);

#endif
