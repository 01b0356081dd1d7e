/* tell.h — what several handlers answer with. */
#ifndef HACKTIV_SERVER_HANDLERS_TELL_H
#define HACKTIV_SERVER_HANDLERS_TELL_H

#include "../page.h"

/* Who looks, at cards and what is on them. */
struct onlooker onlooker_of(const struct request *request);

/* [{"role", "space_id"}]; "" for the whole network. */
cJSON *tell_roles(const struct held_role *roles, size_t count);

/* A booking for whoever asks: whose it is, is told to those who may see anybody's there. */
cJSON *tell_booking(const struct request *request, const struct booking *booking, const struct zone *zone);

/* An activity for whoever asks: where to go online is told to those who have a place. NULL: its zone is not known here. */
cJSON *tell_activity(const struct request *request, const struct activity *activity, bool whole);
/* A page of them; one more than the limit was looked for. */
void tell_activities(struct request *request, const struct page *page, const struct activity *activities, size_t count,
                     const char *cache, struct response *response);

/* Today where the member is at home, else in the first space of the network. */
struct local_date members_today(struct request *request, struct db_tx *tx);

/* Gives the answer its tag, that of its own bytes, and 304 when the client has it. */
void respond_tagged(struct request *request, struct response *response);

/* Private to whoever has a token, the same for all who have none. */
const char *cache_for(const struct request *request);

#endif
