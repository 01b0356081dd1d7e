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
/* A page of them; one more than the limit was looked for. */
void tell_bookings(struct request *request, const struct page *page, const struct booking *bookings, size_t count,
                   struct response *response);

/* Is where to go online told to whoever asks? To the staff of the space always, to who has a place shortly before it begins. */
bool tells_link(const struct request *request, const struct activity *activity);
/* Whoever looks at sign-ups begins here: offers that went by since are settled first, in a step that writes, which begins with `again`
 * anew. False: that step is to come. */
bool settle_first(struct request *request, struct db_tx *tx, handler *again);
/* The state of all activities as the caller sees them, for an entity tag: links are released by the clock alone. */
const char *agenda_state(struct request *request, struct db_tx *tx);

/* An activity for whoever asks. NULL: its zone is not known here. */
cJSON *tell_activity(const struct request *request, const struct activity *activity, bool whole);
/* A page of them; one more than the limit was looked for. */
void tell_activities(struct request *request, const struct page *page, const struct activity *activities, size_t count,
                     const char *cache, struct response *response);

/* Today where the member is at home, else in the first space of the network. */
struct local_date members_today(struct request *request, struct db_tx *tx);

/* An organisation for whoever asks; its contact as far as they show themselves: directory.c. */
cJSON *tell_organisation(struct request *request, struct db_tx *tx, const struct organisation *organisation, bool whole);

/* Gives the answer its tag, that of its own bytes, and 304 when the client has it. */
void respond_tagged(struct request *request, struct response *response);

/* Private to whoever has a token, the same for all who have none. */
const char *cache_for(const struct request *request);

#endif
