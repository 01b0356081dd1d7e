/* inside.h — the shell's face: cli.c (run, decide), need.c (wait for what is needed), act.c (book, cancel, log in), show.c and
 * community.c (lists as text), json.c (lists as JSON), out.c (writing). */
#ifndef CLI_INSIDE_H
#define CLI_INSIDE_H

#include <cjson/cJSON.h>

#include "hacktiv/faces.h"

#define WAIT_MS       35000   /* a little more than the engine gives one exchange */
#define AWAY_MS        1000   /* for a write, once the site was found to be away */
#define RECOVER_MS    10000   /* for what a former run left */
#define NOTES_MS       3000   /* for these to be read, on a disk that perhaps does not answer; … */
#define NOTES_MORE_MS  1000   /* … and by who wants to know them */
#define OUTPUT_MAX    (64u * 1024u * 1024u)

struct cli {
	struct face face;              /* first: the commands know only this */
	struct session *session;
	const struct config *config;
	const struct run_options *options;
	struct arena *arena;
	struct buffer out;             /* for standard output, written once */
	int64_t deadline_ms;
	int exit_status;
	size_t notes_told;             /* of the session's */
	bool told;                     /* why not, on standard error or as "problem" */
	bool stale;                    /* what is shown is a copy of an earlier time */
	const char *acted;             /* what was done, once it is done: told even when the output cannot be written */
	struct outcome missed;         /* why something that was needed is not at hand; its own copy */

	/* --json; set by whoever ended the command */
	const char *outcome;
	cJSON *items, *item, *problem;
};

/* ---- cli.c ---- */
/* Turns the session until `is_ready` or the deadline; false: time is up or a signal came. */
typedef bool cli_ready(const struct cli *cli, const void *what);
bool cli_wait(struct cli *cli, cli_ready *is_ready, const void *what, int64_t deadline_ms);
bool cli_interrupted(void);
void cli_end(struct cli *cli, const char *outcome, int exit_status);

void cli_refuse(struct face *face, enum command_end end, const struct problem *why, const char *const *candidates,
                size_t count);
void cli_tell_missed(struct cli *cli);   /* what was needed is not at hand: why, and the exit status for it */

/* ---- need.c ---- */
bool cli_await(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date);
bool cli_await_asked(struct face *face, const struct list_state *state);
bool cli_knows_wishes(const struct cli *cli, const void *what);   /* what earlier runs left is read: for cli_wait() */
bool cli_await_days(struct cli *cli, struct local_date date);   /* of all spaces; false: of none */

/* ---- act.c ---- */
bool wish_is_settled(const struct wish_view *wish);
bool wish_waits_for_log_in(const struct wish_view *wish);
void act_propose_booking(struct face *face, const struct wish_book *wish);
void act_propose_cancel(struct face *face, size_t site, const struct booking *booking);
void act_propose_sign_up(struct face *face, size_t site, const struct activity *activity);
void act_propose_withdraw(struct face *face, size_t site, const struct activity *activity);
void act_show_sync(struct face *face);
void act_show_wishes(struct face *face);
void act_drop_wish(struct face *face, const char *id);
void act_tell_alternatives(struct cli *cli, const struct wish_view *wish);   /* on standard error, when there are any */

/* ---- log_in.c ---- */
void log_in_from(struct face *face, size_t site, const char *login, unsigned how);
void log_out_from(struct face *face, size_t site);

/* ---- show.c ---- */
void show_spaces_text(struct cli *cli, struct local_date date);
void show_day_text(struct cli *cli, size_t site, const struct space *space, struct local_date date);
void show_bookings_text(struct cli *cli);
void show_member_text(struct cli *cli);
bool show_site_troubles(struct cli *cli);   /* on standard error: sites that did not answer; false: there is none */
/* Free desks of one day, counted by us for a day that is not today. */
struct space_day count_day(const struct day_list *day);

/* ---- community.c ---- */
void show_agenda_text(struct cli *cli, const struct agenda_filter *filter);
void show_activity_text(struct cli *cli, const struct activity *activity);
void show_signups_text(struct cli *cli);
void show_directory_text(struct cli *cli, const struct directory_list *list);
void show_card_text(struct cli *cli, const struct card *card);
void show_organisation_text(struct cli *cli, const struct organisation *organisation);

/* ---- json.c ---- */
void json_agenda(struct cli *cli, const struct agenda_filter *filter);
void json_signups(struct cli *cli);
void json_directory(struct cli *cli, const struct directory_list *list);
void json_wishes(struct cli *cli);
cJSON *json_activity(struct cli *cli, const struct activity *activity, size_t site, bool whole);
cJSON *json_card(struct cli *cli, const struct card *card, size_t site);
cJSON *json_organisation(struct cli *cli, const struct organisation *organisation, size_t site);
void json_spaces(struct cli *cli, struct local_date date);
void json_day(struct cli *cli, size_t site, const char *space_id, struct local_date date);
void json_bookings(struct cli *cli);
void json_members(struct cli *cli);
void json_overview(struct cli *cli);
cJSON *json_booking(struct cli *cli, const struct booking *booking, size_t site);
cJSON *json_problem(const char *kind, const char *field, const char *text);
void json_alternatives(cJSON *problem, const struct outcome *outcome);
void json_print(struct cli *cli);

/* ---- out.c ---- */
int terminal_width(void);   /* of standard output; 0: it is none */
__attribute__((format(printf, 2, 3)))
void cli_say(struct cli *cli, const char *format, ...);        /* to standard output, at the end */
#define cli_say(...) (__extension__ cli_say(__VA_ARGS__))
__attribute__((format(printf, 2, 3)))
void cli_complain(const struct cli *cli, const char *format, ...);   /* a line on standard error, now */
#define cli_complain(...) (__extension__ cli_complain(__VA_ARGS__))
/* Writes what was said; exit status of the whole. */
int cli_flush(struct cli *cli);

#endif
