/* hacktiv.h — reading what hacktivd answers; private to this adapter. */
#ifndef HACKTIV_BACKEND_HACKTIV_H
#define HACKTIV_BACKEND_HACKTIV_H

#include "hacktiv/backend.h"
#include "hacktiv/wire.h"

#define HACKTIV_MY_BOOKINGS "/v1/members/me/bookings"

/* A list read slice by slice: STEP_MORE until its end, STEP_SEND when another page follows. */
enum step hacktiv_read_list(struct operation *operation, const struct http_response *response);
/* The address of the page that follows, NULL when none was read yet. */
const char *hacktiv_next_page(const struct operation *operation);
/* Lets go of a list that is read no further. */
void hacktiv_close(struct operation *operation);
/* A single object of the operation's kind. */
void hacktiv_read_object(struct operation *operation, const struct http_response *response);
/* Problem details as an outcome. `wrote`: when even that cannot be read, the write's end is unknown. */
void hacktiv_read_problem(struct operation *operation, const struct http_response *response, bool wrote);
/* The answer is not what the description promises. */
void hacktiv_unreadable(struct operation *operation, bool wrote, const struct problem *why);

#endif
