/* place.h — which place a person means: "chimay", "A4", "les serres 3", "ferme a4". Pure: works on lists at hand. */
#ifndef APP_PLACE_H
#define APP_PLACE_H

#include "hacktiv/app/session.h"

/* One space with what can be booked there on the date in question; `rows` may be empty. */
struct place_space {
	size_t site;
	const struct space *space;
	const struct resource_day *rows;
	size_t count;
};

/* A meaning: a space as a whole, or one resource in it. */
struct place {
	size_t site;
	const struct space *space;
	const struct resource_day *resource;   /* NULL: the space */
};

/* All best meanings of `words`, in the order of `spaces` (home first). "" means every space. Lives in `arena`. */
size_t place_find(struct arena *arena, const struct place_space *spaces, size_t count, const char *words,
                  const struct place **places);

bool place_is_free(const struct resource_day *row, struct period when);
/* Desks of a space, for hours rooms, that can be booked and are free then, in the site's order. */
size_t place_free_desks(struct arena *arena, const struct place_space *space, struct period when,
                        const struct resource_day *const **desks);
/* "La Ferme (Chimay): Les Serres 3" or "La Ferme (Chimay)". */
const char *place_words(struct arena *arena, const struct place *place);

/* Bookings of mine that fit words said of them: an id, the beginning of one (4 letters or more), or place, date and
 * part. */
size_t booking_find(struct arena *arena, const struct booking_list *bookings, const struct space_list *spaces,
                    const char *const *words, size_t count, struct local_date today,
                    const struct booking_row *const **found, struct problem *why);
const char *booking_row_words(struct arena *arena, const struct booking *booking);

#endif
