/* stage.h — a real hacktivd on the sample network, and sessions on it, for the tests of src/app. */
#ifndef TEST_APP_STAGE_H
#define TEST_APP_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hacktiv/app/session.h"

#define STAGE_NOW "2026-07-15T07:30:00+02:00"   /* a Wednesday */
#define PATIENCE_MS 30000

/* ---- the server: set-up and tear-down of a group of tests ---- */
int start_server(void **state);
int stop_server(void **state);
int start_place(void **state);         /* the directory alone, nobody listens: likewise */
int stop_place(void **state);
void kill_server(void);
void stop_only(void);                  /* in order, its data kept */
void hold_server(bool held);           /* it holds its breath: takes what is sent, and says nothing */
void copy_notes(const char *from, const char *to);
bool launch_server(void);              /* once more, on the data as it was left; returns when it listens */
const char *in_directory(struct arena *arena, const char *name);   /* a file of this run's own */

void keep_tokens(const struct tokens *tokens);   /* as if they were got in an earlier run */

/* ---- a session on it ---- */
struct stage {
	struct config config;
	struct session *session;
	struct arena *arena;
};
/* `url` NULL: the server's. `notes`: the name of its file on disk. */
void open_stage(struct stage *stage, const char *url, const char *notes);
/* As open_stage(), with a configuration in words. */
void open_stage_with(struct stage *stage, const char *configuration, const char *notes);
void close_stage(struct stage *stage);
unsigned turn(struct stage *stage);
void settle_down(struct stage *stage);
void log_in(struct stage *stage);      /* the sample member, and starts the network */

#define UNTIL(stage, condition) do { \
	int64_t until_ = clock_monotonic_ms() + PATIENCE_MS; \
	while (!(condition)) { \
		assert_true(clock_monotonic_ms() < until_); \
		turn(stage); \
	} } while (0)

#endif
