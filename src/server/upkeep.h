/* upkeep.h — what is done now and then without being asked: what is past its time is lapsed, tidied and retired. */
#ifndef HACKTIV_SERVER_UPKEEP_H
#define HACKTIV_SERVER_UPKEEP_H

#include "server.h"

struct upkeep;

struct upkeep *upkeep_new(struct server *server);
/* Every second or so. Looks whether something is due; the work itself is a job of the database, one at a time. */
void upkeep_tick(struct upkeep *upkeep);
/* Waits for a job under way: milliseconds. NULL is fine. */
void upkeep_free(struct upkeep *upkeep);

#endif
