/* network_put.h — how a space becomes another one, whoever says so: an import, or its operator; and what is said of a member besides. */
#ifndef HACKTIV_SERVER_NETWORK_PUT_H
#define HACKTIV_SERVER_NETWORK_PUT_H

#include "db/db.h"
#include "network.h"

/* What has to stay as it is once there are bookings, and what was expected therefore: "1800: there are bookings in these steps". */
struct kept_member {
	const char *name;
	const char *expected;
};
#define KEPT_MEMBERS_MAX 2
size_t network_kept_members(struct db_tx *tx, const struct space *there, const struct space *wanted, struct arena *arena,
                            struct kept_member kept[KEPT_MEMBERS_MAX]);

/* Of several like ones as many stay as the highest that is booked: what was expected of "quantity" therefore; NULL: it may be so. */
const char *network_kept_quantity(struct db_tx *tx, const struct space *space, const struct resource *there, const struct resource *wanted,
                                  int64_t now, struct arena *arena);

/* db_put_space(), and what shows its name and town is renewed. `there`: as it was; NULL: it is new. */
enum db_put network_put_space(struct db_tx *tx, int position, const struct space *there, const struct space *wanted, int64_t now,
                              struct db_actor actor);

/* Restricted and disabled as a file says it, which is written down; what it does not say stays. */
enum db_put network_put_standing(struct db_tx *tx, const char *member_id, struct network_standing standing, int64_t now,
                                 struct db_actor actor);

#endif
