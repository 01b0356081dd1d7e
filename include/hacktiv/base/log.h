/* log.h — one line per event, never a secret, never personal data.
 *
 * The client logs to a file only when asked (HACKTIV_LOG=FILE); hacktivd to standard error. Text that came from outside
 * must have passed the gate; as a belt, control bytes are written as "?", and in JSON quotes are escaped (CWE-117).
 * A line is written before log_line() returns, or a crash would take with it what led there: this may wait for the disk. */
#ifndef HACKTIV_BASE_LOG_H
#define HACKTIV_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/problem.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* `path` NULL: standard error. Until called, lines go nowhere. Opened once, before any thread. */
bool log_open(const char *path, enum log_level most, struct problem *why);
void log_close(void);
/* For people, `2026-11-24T09:00:00.123Z info sentence`; for programs, one JSON object a line: time, level, message, fields. */
enum log_format { LOG_TEXT, LOG_JSON };
void log_set_format(enum log_format format);   /* after log_open() */

__attribute__((format(printf, 2, 3)))
void log_line(enum log_level level, const char *format, ...);

/* From a signal handler: the program falls by this signal. Async-signal-safe. */
void log_last_words(int signal_number);

/* What a program may want to count or filter by, beside the sentence. `name` is a literal of small letters. */
struct log_field {
	const char *name;
	const char *text;      /* NULL: `number` counts */
	int64_t number;
};
__attribute__((format(printf, 4, 5)))
void log_fields(enum log_level level, const struct log_field *fields, size_t count, const char *format, ...);

#endif
