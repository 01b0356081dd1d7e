/* line.h — line mode's own struct: line.c (the conversation), answers.c, wishes.c and community.c (what is shown, one fact
 * on one line), leave.c (signals). */
#ifndef LINE_LINE_H
#define LINE_LINE_H

#include "hacktiv/faces.h"

struct listed { size_t site; const char *space_id, *id; };

struct line {
	struct face face;           /* first: the commands know only this */
	struct session *session;
	const struct config *config;
	bool utf8;
	struct arena *arena;        /* of the command under way */
	struct buffer input;        /* read, not used yet */
	bool over;                  /* end of file, or a wish to leave */
	int signals[2];             /* a pipe that tells of them; -1: none */
	int left_by;                /* the signal that ends it; 0: none came */
	size_t notes_told;          /* of session_note() */
	bool said_why;
	struct outcome missed;
	struct arena *listed_arena;
	struct arena_rows listed;   /* struct listed: activities told last, by their numbers from 1 */
	struct listed chosen;       /* the one of them that was heard last; id NULL: none */
	struct arena *chosen_arena;
};

/* One line to standard output, at once. Nothing but text: no escape sequence, no carriage return. */
__attribute__((format(printf, 2, 3)))
void line_say(struct line *line, const char *format, ...);
#define line_say(...) (__extension__ line_say(__VA_ARGS__))
/* Asks and waits; the session goes on meanwhile. The answer is clean and lives in the arena; NULL: the input is over. */
const char *line_ask(struct line *line, const char *question);
/* Enter means yes. */
bool line_confirm(struct line *line, const char *question);
/* Turns the session until `is_ready`; says every half minute that it still waits. False: 35 s are over, or a signal came. */
typedef bool line_ready(const struct line *line, const void *what);
bool line_wait(struct line *line, line_ready *is_ready, const void *what);

/* The same, for as long as it takes; an answer, an empty one too, ends it before. */
void line_wait_or_enter(struct line *line, line_ready *is_ready, const void *what);

/* ---- leave.c ---- */
void line_watch_signals(struct line *line);
void line_end_watch(struct line *line);
bool line_is_left(struct line *line);           /* a signal came; then it is over */

/* ---- log_in.c ---- */
void line_log_in(struct face *face, size_t site, const char *login, unsigned how);
void line_log_out(struct face *face, size_t site);

/* ---- answers.c ---- */
extern const struct face_ops line_ops;
bool line_await_list(struct face *face, const struct list_state *state);
/* What became of a wish, waited for. */
void line_tell_wish(struct line *line, const char *id);

/* Told with its price, then a yes is asked for. False: nothing was wished for. What `wish` points to must outlive turns. */
bool line_book(struct line *line, const struct wish_book *wish);

/* ---- wishes.c ---- */
bool line_has_news(const struct line *line);    /* a wish came to its end while nobody waited for it, or hacktiv has something to say of itself */
void line_tell_news(struct line *line);
void line_show_wishes(struct face *face);
void line_drop_wish(struct face *face, const char *id);

/* ---- community.c ---- */
void line_show_agenda(struct face *face, const struct agenda_filter *filter);
void line_show_activity(struct face *face, size_t site, const struct activity *activity);
void line_show_signups(struct face *face);
void line_show_directory(struct face *face, enum directory directory, const char *query);
void line_show_card(struct face *face, size_t site, const struct card *card);
void line_show_organisation(struct face *face, size_t site, const struct organisation *organisation);
void line_propose_sign_up(struct face *face, size_t site, const struct activity *activity);
void line_propose_withdraw(struct face *face, size_t site, const struct activity *activity);

#endif
