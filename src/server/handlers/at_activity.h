/* at_activity.h — what begins every answer about an activity's places: is it there, may they, and does it stay as it is meanwhile. */
#ifndef HACKTIV_SERVER_HANDLERS_AT_ACTIVITY_H
#define HACKTIV_SERVER_HANDLERS_AT_ACTIVITY_H

#include "../request.h"

/* The activity at the path as that member stands to it, its row held until the end of the transaction when `holds`, so that what is
 * judged here stays true. NULL: answered. */
const struct activity *activity_at_path(struct request *request, struct db_tx *tx, enum action action, bool own, const char *member_id,
                                        bool holds, struct response *response);

/* Has who signs up agreed to the conditions as they are now? False: answered, with the text. */
bool check_conditions(struct request *request, const struct activity *activity, int accepted, struct response *response);

#endif
