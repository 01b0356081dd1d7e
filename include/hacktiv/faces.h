/* faces.h — the ways in: one command in a shell, the screen, lines for readers and poor terminals. Each returns an exit status. */
#ifndef HACKTIV_FACES_H
#define HACKTIV_FACES_H

#include "hacktiv/app.h"

struct run_options {
	bool json;
	bool any;
	bool overview_on_no_terminal;   /* demo without a terminal: print the overview as text, end with 0 */
};

/* `hacktiv NAME WORDS…`: runs one command to its end, prints text or JSON. */
int cli_run(struct session *session, const struct config *config, const struct run_options *options,
            const struct command *command, const char *const *words, size_t word_count);
/* The overview as text: spaces today, my bookings, unfinished wishes. */
int cli_overview(struct session *session, const struct config *config, const struct run_options *options);
/* The full screen on the terminal of standard input and output. */
int tui_run(struct session *session, const struct config *config, bool utf8);
/* One question, one answer, one line each. */
int line_run(struct session *session, const struct config *config);

#endif
