/* faces.h — the ways in: one command in a shell, the screen, lines for readers and poor terminals. Each returns an exit status. */
#ifndef HACKTIV_FACES_H
#define HACKTIV_FACES_H

#include "hacktiv/app.h"

struct run_options {
	bool json;
	bool any;
	bool drop;                      /* --drop: log out also when wishes wait */
	bool password_from_input;       /* --password-stdin: the first line of standard input, for scripts */
	unsigned log_in_how;            /* --password, --qr: of enum log_in_how */
	bool utf8;                      /* the terminal's locale; false: text is written in ASCII */
};

/* `hacktiv NAME WORDS…`: runs one command to its end, prints text or JSON. */
int cli_run(struct session *session, const struct config *config, const struct run_options *options,
            const struct command *command, const char *const *words, size_t word_count);
/* Nothing was begun, and `why`: told as a command that was begun tells it, in words or as JSON without sites. `near`: what was perhaps meant,
 * NULL: nothing. Returns the exit status, which is as asked for when that could be told. */
int cli_refuse_run(const struct run_options *options, int exit_status, const struct problem *why, const char *near);
/* The overview as text: spaces today, my bookings, unfinished wishes. */
int cli_overview(struct session *session, const struct config *config, const struct run_options *options);
/* The full screen on the terminal of standard input and output. */
int tui_run(struct session *session, const struct config *config, bool utf8);
/* One question, one answer, one line each. */
int line_run(struct session *session, const struct config *config, bool utf8);

/* The embedded server on sample data, in $XDG_STATE_HOME/hacktiv/demo: shared by all demos of one person, stopped with the last. */
struct demo;
/* Starts hacktivd or joins the one that runs, and makes it the only site of `config`. `beside`: argv[0], near which hacktivd is
 * looked for. `reset`: begin afresh; refused while another demo runs. */
struct demo *demo_start(struct config *config, const char *beside, bool reset, struct problem *why);
const char *demo_store_path(const struct demo *demo);
/* Logs the sample member in, in the ordinary way, unless a former run's token is still good. */
bool demo_log_in(const struct demo *demo, struct session *session, struct problem *why);
void demo_stop(struct demo *demo);

#endif
