/* body.h — members of a request's JSON that only the server reads: strict, since what is not known may be a slip or an attempt to set
 * more than one may. Each returns false and fills `why` with the pointer of what is wrong: refuse_body(). */
#ifndef HACKTIV_SERVER_BODY_H
#define HACKTIV_SERVER_BODY_H

#include "request.h"

/* No member but these; `known` ends with NULL. */
bool body_only(struct request *request, const char *const *known, struct problem *why);
/* The same, answered with 422 when it is not so. */
bool body_check(struct request *request, const char *const *known, struct response *response);
/* One line of clean text; "" when it is not there and not needed. */
bool body_text(struct request *request, const char *name, bool needed, const char **text, struct problem *why);
/* A UUID as it was sent. */
bool body_id(struct request *request, const char *name, const char **id, struct problem *why);
/* A whole number; `fallback` when it is not there, -1: needed. */
bool body_int(struct request *request, const char *name, int least, int most, int fallback, int *number, struct problem *why);
/* Which of the words it is, from 0; 0 also when it is not there and not needed. `words` ends with NULL. */
bool body_word(struct request *request, const char *name, const char *const *words, bool needed, size_t *which, struct problem *why);

#endif
