/* route.h — the one table of what can be asked. doc/api/openapi.yaml describes the same; a test holds them together. */
#ifndef HACKTIV_SERVER_ROUTE_H
#define HACKTIV_SERVER_ROUTE_H

#include <stdio.h>

#include "request.h"

enum need { NEED_NOBODY, NEED_ANYBODY, NEED_MEMBER };   /* whom: the token is not looked at; may be there; must be there */

struct route {
	enum verb verb;
	const char *pattern;        /* "/v1/spaces/{s}/bookings/{id}" */
	enum need need;
	enum place place;           /* where its handler begins */
	handler *run;
	const char *parameters;     /* query parameters it takes, "date limit" */
	bool takes_json;
};

extern const struct route routes[];
extern const size_t route_count;

/* "METHOD pattern" on each line: what the description is held against. */
void routes_print(FILE *out);

/* Finds the route and checks all that needs no database: method, parameters, Accept, body. True: `request->next` says how to go
 * on. False: answered. */
bool route_prepare(struct request *request, struct response *response);

/* Carries out `request->next`: looks at the token first where the route wants it, and forgets what a failed disk made of it. */
void route_run(struct request *request, struct db_tx *tx, struct response *response);

#endif
