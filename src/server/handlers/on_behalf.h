/* on_behalf.h — whom a booking is for: the desk of a space books for its members and visitors. */
#ifndef HACKTIV_SERVER_HANDLERS_ON_BEHALF_H
#define HACKTIV_SERVER_HANDLERS_ON_BEHALF_H

#include "../request.h"

/* Takes "on_behalf_of" out of the body. `*owner` is the member it names, else the caller. The booking will be theirs; the audit line
 * names the caller. False: answered, with 403 when the caller may not do this for others in that space. */
bool take_owner(struct request *request, struct db_tx *tx, const struct space *space, const struct member **owner,
                struct response *response);

#endif
