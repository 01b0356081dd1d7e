/* network_read.h — one list of a network after the other; what a later one names must have been read before.
 * Private to network_*.c. Each list is known to be an array; false: the file's problem says why. */
#ifndef HACKTIV_SERVER_NETWORK_READ_H
#define HACKTIV_SERVER_NETWORK_READ_H

#include "network.h"
#include "network_file.h"

extern const char *const network_weekdays[7];   /* "monday" … */

bool network_read_spaces(const struct spot *list, struct network *network);
bool network_read_resources(const struct spot *list, struct network *network);
bool network_read_organisations(const struct spot *list, struct network *network);
bool network_read_members(const struct spot *list, struct network *network);
bool network_read_bookings(const struct spot *list, struct network *network);
bool network_read_habits(const struct spot *list, struct network *network);
bool network_read_activities(const struct spot *list, struct network *network);

/* "ferme/les-serres-3" and "zoe.lambermont": their positions in the network. */
bool network_find_resource(const struct spot *at, const struct network *network, size_t *found);
bool network_find_member(const struct spot *at, const struct network *network, size_t *found);
/* "ferme", as the member `name`. */
bool network_find_space(const struct spot *at, const char *name, const struct network *network, size_t *found);

/* The member "card" of a person, if it is there. */
bool network_read_card(const struct spot *at, struct network *network, const struct member *member);
/* Members of the object at `at` that several lists have. */
bool network_read_phone(const struct spot *at, const char **phone);
bool network_read_languages(const struct spot *at, unsigned *languages);
/* The value at `at`: ["08:30", "17:00"], in whatever order. */
bool network_read_range(const struct spot *at, struct minute_range *range);
/* "date" or "open_day". */
bool network_read_day(const struct spot *at, const struct network_space *home, struct network_day *day);

#endif
