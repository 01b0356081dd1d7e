/* scratch.h — files for targets that read files: a directory of this process, gone at its end. */
#ifndef TEST_FUZZ_SCRATCH_H
#define TEST_FUZZ_SCRATCH_H

#include "fuzz.h"

const char *scratch_directory(void);
/* Writes DIRECTORY/NAME anew and returns its path, valid until the next call. */
const char *scratch_write(const char *name, const void *bytes, size_t length);

#endif
