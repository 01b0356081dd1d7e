/* line.h — line mode's own struct: line.c (the conversation), answers.c (what is shown, one fact on one line). */
#ifndef LINE_LINE_H
#define LINE_LINE_H

#include "hacktiv/faces.h"

struct line {
	struct face face;           /* first: the commands know only this */
	struct session *session;
	const struct config *config;
	bool utf8;
	struct arena *arena;        /* of the command under way */
	struct buffer input;        /* read, not used yet */
	bool over;                  /* end of file, or a wish to leave */
	bool said_why;
	struct outcome missed;
};

/* One line to standard output, at once. Nothing but text: no escape sequence, no carriage return. */
__attribute__((format(printf, 2, 3)))
void line_say(struct line *line, const char *format, ...);
#define line_say(...) (__extension__ line_say(__VA_ARGS__))
/* Asks and waits; the session goes on meanwhile. The answer is clean and lives in the arena; NULL: the input is over. */
const char *line_ask(struct line *line, const char *question);
/* Enter means yes. */
bool line_confirm(struct line *line, const char *question);
/* Turns the session until `is_ready`; says every half minute that it still waits. False: 35 s are over. */
typedef bool line_ready(const struct line *line, const void *what);
bool line_wait(struct line *line, line_ready *is_ready, const void *what);

extern const struct face_ops line_ops;   /* answers.c */

#endif
