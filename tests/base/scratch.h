/* scratch.h — a directory for one test, gone afterwards. */
#ifndef TEST_BASE_SCRATCH_H
#define TEST_BASE_SCRATCH_H

#include <stddef.h>

/* cmocka fixtures: *state is the directory's path. */
int scratch_open(void **state);
int scratch_close(void **state);
/* "<directory>/<name>"; yours. */
char *scratch_path(void *const *state, const char *name);
void scratch_write(const char *path, const void *bytes, size_t length, unsigned mode);

#endif
