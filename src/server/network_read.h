/* network_read.h — one list of a network after the other; what a later one names must have been read before.
 * Private to network_*.c. Each list is known to be an array; what is wrong is noted in its file, and reading goes on. */
#ifndef HACKTIV_SERVER_NETWORK_READ_H
#define HACKTIV_SERVER_NETWORK_READ_H

#include "network.h"
#include "network_file.h"

extern const char *const network_weekdays[7];   /* "monday" … */

void network_read_spaces(const struct spot *list, struct network *network);
void network_read_resources(const struct spot *list, struct network *network);
void network_read_organisations(const struct spot *list, struct network *network);
void network_read_members(const struct spot *list, struct network *network);
void network_read_bookings(const struct spot *list, struct network *network);
void network_read_habits(const struct spot *list, struct network *network);
/* What spaces say of those who come: once all of them are read. */
void network_read_terms(const struct spot *list, struct network *network);
void network_read_passes(const struct spot *list, struct network *network);
void network_read_activities(const struct spot *list, struct network *network);

/* One space: the object at `at`, its slug among its members. */
void network_read_space(const struct spot *at, const struct network *network, struct network_space *row);
/* Members of a resource but its space, its slug and what comes of them. */
void network_read_place(const struct spot *at, struct resource *resource);

/* Positions in the network of what a name means: among what was read, then in the database, from which it is taken up behind
 * what was read. False: there is none, which is noted; NETWORK_NOWHERE. */
bool network_find_space(const struct spot *at, const char *name, struct network *network, size_t *found);   /* the member `name`: "ferme" */
bool network_find_resource(const struct spot *at, struct network *network, size_t *found);                  /* "ferme/les-serres-3" */
bool network_find_member(const struct spot *at, struct network *network, size_t *found);                    /* "zoe.lambermont" */
bool network_find_organisation(const struct spot *at, struct network *network, size_t *found);              /* "gribouille" */

char *network_resource_id(struct arena *arena, const char *space, const char *slug);

/* The member "card" of a person, if it is there. */
void network_read_card(const struct spot *at, struct network *network, const struct member *member);
/* What a person is besides a member: "roles", and its short form "staff_of" for the reception of one space. */
void network_read_roles(const struct spot *at, struct network *network, struct network_roles *roles);
/* Members of the object at `at` that several lists have. */
void network_read_phone(const struct spot *at, const char **phone);
/* A list of words, each a bit: `wanted` is all there are, as a person would say it. */
void network_read_bits(const struct spot *at, const char *name, unsigned (*bit_of)(const char *word), const char *wanted, unsigned *bits);
void network_read_languages(const struct spot *at, unsigned *languages);
/* The id of the space that the member `name` names; "" when it names none. */
const char *network_read_space_id(const struct spot *at, const char *name, struct network *network);
/* The value at `at`: ["08:30", "17:00"], in whatever order. */
bool network_read_range(const struct spot *at, struct minute_range *range);
/* "date" or "open_day". False: neither is usable. */
bool network_read_day(const struct spot *at, const struct network_space *home, struct network_day *day);

/* "id": the UUID that it has elsewhere, as hacktivd export tells it; `*id` when none is said. `known`: `*id` is that of one that is there
 * by the same name, and no other will do. */
void network_read_id(const struct spot *at, bool known, const char **id);

#endif
