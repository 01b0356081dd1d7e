/* route.h — the one table of what can be asked. doc/api/openapi.yaml describes the same; a test holds them together. */
#ifndef HACKTIV_SERVER_ROUTE_H
#define HACKTIV_SERVER_ROUTE_H

#include <stdio.h>

#include "request.h"

/* What a request brings: nothing (false), application/json (true), that or nothing, or what the form of a page does. */
enum body { BODY_NONE = false, BODY_JSON = true, BODY_MAYBE, BODY_FORM };

struct route {
	enum verb verb;
	const char *pattern;        /* "/v1/spaces/{s}/bookings/{id}" */
	enum action action;         /* what it is as rights see it: whom it lets in at all. Whose object it is, the handler asks */
	enum place place;           /* where its handler begins */
	handler *run;
	const char *parameters;     /* query parameters it takes, "date limit" */
	enum body body;
};

extern const struct route routes[];
extern const size_t route_count;
const char *verb_name(enum verb verb);   /* "GET" */

/* "METHOD pattern action" on each line: what the description and the walk through rights are held against. */
void routes_print(FILE *out);

/* Finds the route and checks all that needs no database: method, parameters, Accept, body. True: `request->next` says how to go
 * on. False: answered. */
bool route_prepare(struct request *request, struct response *response);

/* Takes Accept what the request's route answers? False: refused. */
bool route_accepts(struct request *request, struct response *response);

/* Carries out `request->next`: looks first who asks, where the route wants to know, and whether they may at all; forgets what a failed disk made of it. */
void route_run(struct request *request, struct db_tx *tx, struct response *response);

#endif
