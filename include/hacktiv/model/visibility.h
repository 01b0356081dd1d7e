/* visibility.h — who may see which part of a person's card. Nothing is seen that its owner has not shown: a field without a level
 * is seen by nobody but its owner.
 *
 * Guide: CNIL deliberation 2010-229 on member directories (all or part of the data may be refused); GDPR art. 25(2). */
#ifndef HACKTIV_MODEL_VISIBILITY_H
#define HACKTIV_MODEL_VISIBILITY_H

#include <stdbool.h>
#include <stddef.h>

/* Each level includes those before it. */
enum visibility {
	VISIBLE_TO_NOBODY,       /* "nobody" */
	VISIBLE_TO_STAFF,        /* "staff": who works at the owner's home space, its reception and its operator. Not who stands
	                          * over the network (coordinator, finance, administrator), nor the desk of a space one visits: that
	                          * sees whose a booking is, and no more */
	VISIBLE_TO_SPACE,        /* "space": members of the owner's space */
	VISIBLE_TO_NETWORK,      /* "network": members of any space */
	VISIBLE_TO_PUBLIC        /* "public": anybody, without logging in */
};
#define VISIBILITIES 5
const char *visibility_wire_name(enum visibility visibility);
bool visibility_from_wire(const char *name, enum visibility *visibility);
const char *visibility_words(enum visibility visibility);      /* "l'accueil de mon espace" */

/* Who looks. */
struct onlooker {
	const char *member_id;          /* NULL: somebody who is not logged in */
	const char *home_space_id;      /* "" when none */
	const char *const *staff_of;    /* ids of all spaces whose staff they are */
	size_t staff_of_count;
};

/* May `onlooker` see what the owner shows at `level`? The owner sees everything of theirs. */
bool visibility_allows(enum visibility level, const char *owner_id, const char *owner_space_id, const struct onlooker *onlooker);

#endif
