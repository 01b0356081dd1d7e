/* offers.h — offers of places that nobody answers go on to whoever is next, also when nobody passes by to look. */
#ifndef HACKTIV_SERVER_OFFERS_H
#define HACKTIV_SERVER_OFFERS_H

#include "server.h"

struct offers;

struct offers *offers_new(struct server *server);
/* Once in a second or so: looks, by a reader, whether an offer is past its time, and has it settled only then. Does not wait. */
void offers_tick(struct offers *offers);
/* Waits for what is under way. */
void offers_free(struct offers *offers);

#endif
