/* guard.h — what libmicrohttpd 0.9.75 lets through and must not reach us: two requests read out of one (CWE-444), control bytes,
 * unknown methods, heads and bodies past their ceilings. Pure: looks at a head, says what is wrong with it. */
#ifndef HACKTIV_SERVER_GUARD_H
#define HACKTIV_SERVER_GUARD_H

#include "request.h"

#define HEAD_MAX   (16u * 1024u)   /* bytes of all header lines: 431 */
#define TARGET_MAX 2048u           /* bytes of path and query: 414 */
#define BODY_MAX   (64u * 1024u)   /* 413 */

struct head {
	const char *method;
	const char *target;       /* as sent */
	const char *version;      /* "HTTP/1.1" */
	const struct field *fields;
	const size_t *value_lengths;   /* of each field's value: a NUL inside shows as a length that strlen() does not give */
	size_t field_count;
};

/* True: it may be answered; `verb` is told. False: refuse with `refusal`, and end the connection. */
bool guard_check(const struct head *head, enum verb *verb, enum refusal *refusal, const char **detail);

#endif
