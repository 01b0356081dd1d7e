/* participants.h — what the staff's routes around sign-ups share. */
#ifndef HACKTIV_SERVER_HANDLERS_PARTICIPANTS_H
#define HACKTIV_SERVER_HANDLERS_PARTICIPANTS_H

#include "handlers.h"

cJSON *tell_participant(const struct request *request, const struct activity *activity, const struct participant *participant);
/* The sign-up at the path as it is by now; 404 when there is none. */
void respond_participant(struct request *request, struct db_tx *tx, const struct activity *activity, struct response *response);
/* What the caller does to the sign-up at the path. */
struct signup_act act_of_staff(const struct request *request, const struct activity *activity, const char *reason, int conditions);

#endif
