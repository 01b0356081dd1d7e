/* agenda_find.h — which activities a person means: "demain", "visite charleville", "en français", the number of one. Pure: works on
 * lists at hand. */
#ifndef APP_AGENDA_FIND_H
#define APP_AGENDA_FIND_H

#include "hacktiv/app/command.h"

/* What is said of an agenda: a date, a part of the day or hours, languages, "online", and words that activities hold. Without a date
 * from `today` on for as long as one asks at a time. */
bool agenda_filter_from_words(struct arena *arena, const char *const *words, size_t count, struct local_date today,
                              struct agenda_filter *filter, struct problem *why);

/* Is `words` the number of an activity, or the beginning of one (8 letters and digits or more)? */
bool activity_is_number(const char *words);

/* Activities of the list that fit words said of them: a number, or as for the agenda. When some of several are still open to me
 * (`open_only`), those alone. 0: none, `why` says so. */
size_t activity_find(struct session *session, struct arena *arena, const struct activity_list *list, const char *const *words,
                     size_t count, bool open_only, const struct activity_row *const **found, struct problem *why);

#endif
