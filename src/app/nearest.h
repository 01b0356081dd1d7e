/* nearest.h — which known name a mistyped one was meant to be. */
#ifndef APP_NEAREST_H
#define APP_NEAREST_H

#include <stddef.h>

/* The nearest of `names` (entries may be NULL) to `word`, NULL when none is near: a third of its letters may be
 * wrong, missing, too many or swapped with the next. Compared folded (text_fold). */
const char *nearest_name(const char *word, const char *const *names, size_t count);

#endif
