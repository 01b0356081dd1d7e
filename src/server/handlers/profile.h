/* profile.h — a member as they and their reception keep them: told, read from a body, and what of it was changed. */
#ifndef HACKTIV_SERVER_HANDLERS_PROFILE_H
#define HACKTIV_SERVER_HANDLERS_PROFILE_H

#include "../patch.h"
#include "../request.h"

cJSON *profile_write(const struct profile *profile);

/* Changes `profile` by what the body gives. `known`: members that may be given, NULL at its end; "card" holds the texts of the card.
 * False: answered with 422. */
bool profile_read(struct request *request, struct db_tx *tx, const char *const *known, struct profile *profile,
                  struct response *response);

/* Names of what differs, "name card.email"; "" when nothing does. */
const char *profile_difference(struct arena *arena, const struct profile *before, const struct profile *after);

#endif
