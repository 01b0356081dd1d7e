/* log.h — one line per event, never a secret, never personal data.
 *
 * The client logs to a file only when asked (HACKTIV_LOG=FILE); hacktivd to standard error. Text that came from outside
 * must have passed the gate; as a belt, control bytes are written as "?" (CWE-117). */
#ifndef HACKTIV_BASE_LOG_H
#define HACKTIV_BASE_LOG_H

#include "hacktiv/base/problem.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* `path` NULL: standard error. Until called, lines go nowhere. Opened once, before any thread. */
bool log_open(const char *path, enum log_level most, struct problem *why);
void log_close(void);
__attribute__((format(printf, 2, 3)))
void log_line(enum log_level level, const char *format, ...);

#endif
