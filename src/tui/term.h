/* term.h — canvas to terminal, one write a frame. The only file behind it includes <curses.h>.
 *
 * ncurses paints into a file in memory; what it would have sent in two to eight writes is read back and sent whole: no torn frame, one
 * packet over SSH, bytes that can be counted, and a terminal that may refuse them without blocking anybody. */
#ifndef HACKTIV_TUI_TERM_H
#define HACKTIV_TUI_TERM_H

#include "canvas.h"
#include "tty.h"

struct term;

struct term_setup {
	bool colours;            /* false: the person wants none */
	bool utf8;               /* the locale can show it */
	bool wipes;              /* what was on it is nobody's business afterwards: the end clears it too, with all that scrolled away */
};
/* `note` (kind NONE when there is nothing to tell): the terminal's name is unknown and another is taken for it. NULL: there is no
 * terminal, or one that cannot move its cursor; `why` says which. */
struct term *term_open(const struct term_setup *setup, struct problem *note, struct problem *why);
void term_close(struct term *term);   /* the terminal as it was */

struct tty *term_tty(struct term *term);
void term_fit(struct term *term, struct canvas *canvas);   /* to the terminal's size as it is now */
/* False: the terminal has not taken the former frame yet; ask again when tty_busy() says no. */
bool term_show(struct term *term, const struct canvas *canvas);
bool term_has_colours(const struct term *term);
void term_forget(struct term *term);   /* the next frame is drawn whole: Ctrl-L */
void term_wipe(struct term *term);     /* blank at once, and all that scrolled away; the next frame is drawn whole */
void term_resume(struct term *term);   /* and enters the screen again: back from Ctrl-Z, whoever had the terminal meanwhile */

#endif
