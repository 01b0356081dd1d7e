/* person.h — every table that holds something of a member: what of it they are told, and what becomes of it when they go.
 *
 * A new table with a member_id gets a row here; the tests of export and erasure walk the schema and fail without it. */
#ifndef HACKTIV_SERVER_DB_PERSON_H
#define HACKTIV_SERVER_DB_PERSON_H

#include "statement.h"

struct person_table {
	const char *name;       /* of the table, and of its list in the export */
	const char *columns;    /* what `tell` selects: "id #net_cents @start_at": text, #number, @instant */
	const char *tell;       /* SELECT … of member ?1; no secrets */
	const char *anonymise;  /* UPDATE: what member ?1 had in space ?2 before the date ?4 is ?3's. NULL: the rows go, by `forget` */
	const char *forget;     /* DELETE of member ?1; NULL: nothing is left to forget */
	int kept;               /* enum kept: anonymised after that time too; -1: only at erasure */
};
extern const struct person_table person_tables[];
extern const size_t person_table_count;

/* What else names a member, by ?1: forgotten with them. */
extern const char *const person_traces[];
extern const size_t person_trace_count;

#endif
