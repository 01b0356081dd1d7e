/* term.c — see term.h. */
#define _GNU_SOURCE   /* memfd_create() */
#include "term.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DARK_ON_LIGHT 8      /* a pair of colours; those before it are one colour each */
#define BRIGHT_WHITE  15
#define FRAME_RESERVE (64 * 1024)   /* so that what fills up later does not tear frames */
#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define WIPE "\033[H\033[2J\033[3J"   /* xterm's and the Linux console's word for what scrolled away; others pass over it */

struct term {
	struct tty tty;
	SCREEN *screen;
	FILE *frame;             /* ncurses writes here */
	FILE *silence;           /* and reads from here: nothing */
	char *bytes;             /* the frame read back */
	size_t room;
	bool colours;
	bool whole;              /* draw all of the next frame */
	bool greeted;
	struct cell *shown;      /* what ncurses was last told */
	int rows, columns;
};

/* Names to try when the terminal's own is not in the database: what nearly every emulator of today understands first. */
static const char *const stand_ins[] = {"xterm-256color", "xterm", "ansi", "vt100"};

struct tty *term_tty(struct term *term)
{
	return &term->tty;
}

static bool can_draw(void)
{
	const char *move = tigetstr("cup");
	return move && move != (char *)-1;
}

static bool start_screen(struct term *term, const char *name)
{
	term->screen = newterm(name, term->frame, term->silence);
	return term->screen && can_draw();
}

static bool choose_terminal(struct term *term, struct problem *note, struct problem *why)
{
	const char *name = getenv("TERM");
	if (!name || !*name || strcmp(name, "dumb") == 0)
		return problem_set(why, PROBLEM_MISSING, "TERM",
		                   _("This terminal cannot show a full screen (TERM is \"%s\"); hacktiv spaces, hacktiv "
		                     "bookings and the other commands work in it."),
		                   name ? name : "");
	if (start_screen(term, name))
		return true;
	for (size_t i = 0; !term->screen && i < COUNT_OF(stand_ins); i++) {
		if (!start_screen(term, stand_ins[i]))
			continue;
		struct arena *arena = arena_new();
		problem_set(note, PROBLEM_MISSING, "TERM", _("The terminal \"%1$s\" is unknown here; it is treated as %2$s."),
		            text_clean(arena, name, strlen(name), TEXT_ONE_LINE, TEXT_NAME_MAX), stand_ins[i]);
		arena_free(arena);
		return true;
	}
	return problem_set(why, PROBLEM_MISSING, "TERM", _("This terminal cannot place its cursor, so there is no full screen on it."));
}

/* In memory where the system has such files: each key is answered through it, and a disk may hang. */
static FILE *open_frame(void)
{
	FILE *frame = NULL;
#ifdef MFD_CLOEXEC
	int memory = memfd_create("frame", MFD_CLOEXEC);
	frame = memory >= 0 ? fdopen(memory, "w+") : NULL;
#endif
	if (!frame)
		frame = tmpfile();
	if (!frame)
		return NULL;
	char *blank = memory_get(FRAME_RESERVE);
	ssize_t reserved = write(fileno(frame), blank, FRAME_RESERVE);
	free(blank);
	if (reserved == FRAME_RESERVE)
		return frame;
	fclose(frame);
	return NULL;
}

static void begin_frame(struct term *term)
{
	lseek(fileno(term->frame), 0, SEEK_SET);
}

static void keep(struct term *term, const char *bytes, size_t length, size_t *total)
{
	if (*total + length > term->room) {
		term->room = *total + length;
		term->bytes = memory_grow(term->bytes, term->room, 1);
	}
	memcpy(term->bytes + *total, bytes, length);
	*total += length;
}

/* What ncurses wrote since begin_frame(), in term->bytes. */
static size_t end_frame(struct term *term)
{
	int fd = fileno(term->frame);
	off_t end = lseek(fd, 0, SEEK_CUR);
	size_t total = 0;
	if (!term->greeted)
		keep(term, PASTE_ON, sizeof PASTE_ON - 1, &total);
	term->greeted = true;
	size_t length = end > 0 ? (size_t)end : 0;
	if (total + length > term->room) {
		term->room = total + length;
		term->bytes = memory_grow(term->bytes, term->room, 1);
	}
	ssize_t got = length ? pread(fd, term->bytes + total, length, 0) : 0;
	return total + (got > 0 ? (size_t)got : 0);
}

/* What endwin() says is what a crash has to say, so it is asked for before it is needed. */
static void prepare_restore(struct term *term, bool wipes)
{
	begin_frame(term);
	endwin();
	char restore[TTY_RESTORE_MAX] = PASTE_OFF;
	size_t before = sizeof PASTE_OFF - 1;
	term->greeted = true;
	size_t length = end_frame(term);
	if (wipes)
		keep(term, WIPE, sizeof WIPE - 1, &length);
	if (before + length <= sizeof restore) {
		memcpy(restore + before, term->bytes, length);
		tty_set_restore(restore, before + length);
	}
	term->greeted = false;
}

static void start_colours(struct term *term, bool wanted)
{
	const char *refused = getenv("NO_COLOR");   /* https://no-color.org: present and not empty */
	term->colours = wanted && !(refused && *refused) && has_colors() && start_color() == OK && COLORS >= 8;
	if (!term->colours)
		return;
	use_default_colors();
	for (int colour = COLOUR_RED; colour <= COLOUR_CYAN; colour++)
		init_pair((short)colour, (short)colour, -1);
	init_pair(DARK_ON_LIGHT, COLOR_BLACK, COLORS >= 16 ? BRIGHT_WHITE : COLOR_WHITE);
}

struct term *term_open(const struct term_setup *setup, struct problem *note, struct problem *why)
{
	struct term *term = memory_get(sizeof *term);
	term->whole = true;
	problem_clear(note);
	term->frame = open_frame();
	term->silence = fopen("/dev/null", "r");
	if (!term->frame || !term->silence) {
		problem_set(why, PROBLEM_IO, "terminal", _("There is no room for a temporary file: the disk is full or read-only."));
		goto failed;
	}
	if (!choose_terminal(term, note, why))
		goto failed;
	noecho();
	typeahead(-1);
	start_colours(term, setup->colours);
	if (!tty_open(&term->tty, why))
		goto failed;
	prepare_restore(term, setup->wipes);
	return term;
failed:
	if (term->screen)
		delscreen(term->screen);
	if (term->frame)
		fclose(term->frame);
	if (term->silence)
		fclose(term->silence);
	free(term->bytes);
	free(term);
	return NULL;
}

void term_close(struct term *term)
{
	tty_close(&term->tty);
	endwin();
	delscreen(term->screen);
	fclose(term->frame);
	fclose(term->silence);
	free(term->shown);
	free(term->bytes);
	free(term);
}

void term_forget(struct term *term)
{
	term->whole = true;
}

/* A terminal that takes nothing just now gets it with what waits for it. */
void term_wipe(struct term *term)
{
	tty_add(&term->tty, WIPE, sizeof WIPE - 1);
	if (term->room)
		explicit_bzero(term->bytes, term->room);   /* frames of before */
	term->whole = true;
}

void term_resume(struct term *term)
{
	endwin();   /* what it says is overwritten by the next frame, which then begins as the first one did */
	term->greeted = false;
	term->whole = true;
}

void term_fit(struct term *term, struct canvas *canvas)
{
	int rows, columns;
	if (!tty_size(&term->tty, &rows, &columns)) {
		rows = LINES;
		columns = COLS;
	}
	canvas_resize(canvas, rows, columns);
	if (canvas->rows == term->rows && canvas->columns == term->columns)
		return;
	term->rows = canvas->rows;
	term->columns = canvas->columns;
	begin_frame(term);
	resizeterm(term->rows, term->columns);
	term->whole = true;
}

static void use_style(const struct term *term, enum style style)
{
	struct look look = theme_look(style, term->colours);
	attr_t attributes = (look.bold ? A_BOLD : 0) | (look.underline ? A_UNDERLINE : 0);
	short pair = look.dark_on_light ? DARK_ON_LIGHT : look.colour == COLOUR_NONE ? 0 : (short)look.colour;
	attr_set(attributes, pair, NULL);
}

/* ASCII runs go in one piece; anything else is placed cell by cell, so that a width ncurses sees otherwise moves nothing. */
static void paint_row(const struct term *term, const struct cell *cells, int row, int columns)
{
	int style = -1;
	bool placed = false;
	for (int column = 0; column < columns; column++) {
		const struct cell *cell = &cells[column];
		if (cell->width == 0)
			continue;
		bool plain = cell->text[1] == '\0';
		if (cell->style != style)
			use_style(term, (enum style)(style = cell->style));
		if (!placed || !plain)
			move(row, column);
		addstr(cell->text);
		placed = plain;
	}
}

static void paint(struct term *term, const struct canvas *canvas)
{
	size_t columns = (size_t)canvas->columns;
	if (term->whole) {
		erase();
		clearok(curscr, TRUE);
		term->shown = memory_grow(term->shown, (size_t)canvas->rows * columns, sizeof *term->shown);
	}
	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *cells = canvas->cells + (size_t)row * columns;
		struct cell *shown = term->shown + (size_t)row * columns;
		if (!term->whole && memcmp(cells, shown, columns * sizeof *cells) == 0)
			continue;
		paint_row(term, cells, row, canvas->columns);
		memcpy(shown, cells, columns * sizeof *cells);
	}
	term->whole = false;
	move(canvas->cursor_row, canvas->cursor_column);
}

bool term_has_colours(const struct term *term)
{
	return term->colours;
}

bool term_show(struct term *term, const struct canvas *canvas)
{
	if (tty_busy(&term->tty))
		return false;
	if (canvas->rows != term->rows || canvas->columns != term->columns)
		return false;
	begin_frame(term);
	paint(term, canvas);
	wnoutrefresh(stdscr);
	doupdate();
	size_t length = end_frame(term);
	if (length)
		tty_send(&term->tty, term->bytes, length);
	return true;
}
