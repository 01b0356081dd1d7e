/* Canvas to a real pseudo-terminal: what it costs, what it gives back, what it does when the terminal is odd, slow or gone. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "term.h"

struct screen {
	int master;
	struct canvas canvas;
	struct term *term;
	char got[1 << 16];   /* what the terminal received since the last look */
	size_t count;
};

static void look(struct screen *screen)
{
	ssize_t now;
	screen->count = 0;
	while ((now = read(screen->master, screen->got + screen->count, sizeof screen->got - 1 - screen->count)) > 0)
		screen->count += (size_t)now;
	screen->got[screen->count] = '\0';
}

/* A pseudo-terminal as standard input, where tty_open() finds its name. */
static int plug_in(int rows, int columns)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
	ioctl(master, TIOCSWINSZ, &size);
	dup2(slave, STDIN_FILENO);
	close(slave);
	return master;
}

static struct screen *open_screen(int rows, int columns, bool colours)
{
	struct screen *screen = memory_get(sizeof *screen);
	screen->master = plug_in(rows, columns);
	canvas_init(&screen->canvas, false);
	struct term_setup setup = {.colours = colours, .utf8 = true};
	struct problem note, why = {0};
	screen->term = term_open(&setup, &note, &why);
	if (!screen->term)
		print_message("%s\n", why.text);
	assert_non_null(screen->term);
	term_fit(screen->term, &screen->canvas);
	return screen;
}

static void close_screen(struct screen *screen)
{
	term_close(screen->term);
	canvas_clear(&screen->canvas);
	close(screen->master);
	free(screen);
}

static void draw_list(struct canvas *canvas, int chosen)
{
	struct area area = {.rows = canvas->rows, .columns = canvas->columns};
	canvas_blank(canvas);
	for (int row = 0; row < canvas->rows - 1; row++) {
		canvas_text(canvas, area, row, 0, STYLE_SELECTED, row == chosen ? ">" : " ");
		canvas_text(canvas, area, row, 2, row == chosen ? STYLE_SELECTED : STYLE_PLAIN, "Les Serres 3");
		canvas_text(canvas, area, row, 20, STYLE_PLAIN, "poste  écran, près de la fenêtre");
		canvas_text(canvas, area, row, 60, STYLE_FREE, "libre");
	}
	canvas_cursor(canvas, area, chosen, 0);
}

static long writes_of(struct screen *screen)
{
	return term_tty(screen->term)->writes;
}

static void one_write_a_frame(void **state)
{
	(void)state;
	setenv("TERM", "xterm-256color", 1);
	struct screen *screen = open_screen(24, 80, true);
	assert_int_equal(screen->canvas.rows, 24);
	assert_int_equal(screen->canvas.columns, 80);
	draw_list(&screen->canvas, 3);
	assert_true(term_show(screen->term, &screen->canvas));
	look(screen);
	assert_int_equal(writes_of(screen), 1);
	assert_non_null(strstr(screen->got, "\033[?1049h"));
	assert_non_null(strstr(screen->got, "\033[?2004h"));
	assert_non_null(strstr(screen->got, "fenêtre"));
	assert_true(screen->count <= 2500);

	assert_true(term_show(screen->term, &screen->canvas));   /* nothing changed: nothing is sent */
	look(screen);
	assert_int_equal(screen->count, 0);
	assert_int_equal(writes_of(screen), 1);

	for (int chosen = 4; chosen < 20; chosen++) {
		draw_list(&screen->canvas, chosen);
		term_show(screen->term, &screen->canvas);
		look(screen);
		assert_true(screen->count > 0 && screen->count <= 60);
		assert_int_equal(writes_of(screen), chosen - 2);
	}
	print_message("# bytes for one row down: %zu\n", screen->count);
	term_forget(screen->term);
	term_show(screen->term, &screen->canvas);
	look(screen);
	print_message("# bytes for a whole frame: %zu\n", screen->count);
	assert_true(screen->count > 1000 && screen->count <= 2500);
	close_screen(screen);
}

static void gives_the_terminal_back(void **state)
{
	(void)state;
	setenv("TERM", "xterm-256color", 1);
	struct termios before, during, after;
	struct screen *screen = open_screen(24, 80, true);
	int slave = open(ptsname(screen->master), O_RDWR | O_NOCTTY);
	before = term_tty(screen->term)->cooked;
	tcgetattr(slave, &during);
	assert_int_equal(during.c_lflag & (ICANON | ECHO | ISIG), 0);
	draw_list(&screen->canvas, 1);
	term_show(screen->term, &screen->canvas);
	look(screen);
	term_close(screen->term);
	look(screen);
	assert_non_null(strstr(screen->got, "\033[?2004l"));
	assert_non_null(strstr(screen->got, "\033[?1049l"));
	tcgetattr(slave, &after);
	assert_int_equal(after.c_lflag, before.c_lflag);
	assert_int_equal(after.c_iflag, before.c_iflag);
	assert_true(after.c_lflag & ECHO);
	int flags = fcntl(STDIN_FILENO, F_GETFL);
	assert_false(flags & O_NONBLOCK);        /* the shell's own file is as it was */
	canvas_clear(&screen->canvas);
	close(slave);
	close(screen->master);
	free(screen);
}

static void without_colours(void **state)
{
	(void)state;
	setenv("TERM", "xterm-256color", 1);
	struct screen *screen = open_screen(24, 80, true);
	draw_list(&screen->canvas, 1);
	term_show(screen->term, &screen->canvas);
	look(screen);
	assert_non_null(strstr(screen->got, "\033[32m"));
	close_screen(screen);

	setenv("NO_COLOR", "1", 1);
	screen = open_screen(24, 80, true);
	draw_list(&screen->canvas, 1);
	term_show(screen->term, &screen->canvas);
	look(screen);
	assert_null(strstr(screen->got, "\033[32m"));
	close_screen(screen);
	unsetenv("NO_COLOR");

	screen = open_screen(24, 80, false);
	draw_list(&screen->canvas, 1);
	term_show(screen->term, &screen->canvas);
	look(screen);
	assert_null(strstr(screen->got, "\033[32m"));
	close_screen(screen);
}

static void odd_terminals(void **state)
{
	(void)state;
	struct term_setup setup = {.utf8 = true};
	struct problem note, why;
	int master = plug_in(24, 80);
	setenv("TERM", "no-such-terminal-\033[2J", 1);
	struct term *term = term_open(&setup, &note, &why);
	assert_non_null(term);
	assert_int_equal(note.kind, PROBLEM_MISSING);
	assert_non_null(strstr(note.text, "xterm-256color"));
	assert_null(strchr(note.text, '\033'));
	term_close(term);

	setenv("TERM", "vt100", 1);
	term = term_open(&setup, &note, &why);
	assert_non_null(term);
	assert_int_equal(note.kind, PROBLEM_NONE);
	term_close(term);

	setenv("TERM", "dumb", 1);
	assert_null(term_open(&setup, &note, &why));
	assert_int_equal(why.kind, PROBLEM_MISSING);
	unsetenv("TERM");
	assert_null(term_open(&setup, &note, &why));
	assert_true(strlen(why.text) > 10);
	close(master);
	setenv("TERM", "xterm-256color", 1);
}

static void resized(void **state)
{
	(void)state;
	struct screen *screen = open_screen(24, 80, true);
	static const struct winsize sizes[] = {
		{.ws_row = 1, .ws_col = 1}, {.ws_row = 5, .ws_col = 20}, {.ws_row = 200, .ws_col = 500}, {.ws_row = 12, .ws_col = 40},
	};
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		ioctl(screen->master, TIOCSWINSZ, &sizes[i]);
		assert_true(screen->canvas.rows != sizes[i].ws_row);
		term_fit(screen->term, &screen->canvas);
		assert_int_equal(screen->canvas.rows, sizes[i].ws_row);
		assert_int_equal(screen->canvas.columns, sizes[i].ws_col);
		draw_list(&screen->canvas, 0);
		for (int tries = 0; tries < 50 && tty_busy(term_tty(screen->term)); tries++)
			tty_push(term_tty(screen->term));
		assert_true(term_show(screen->term, &screen->canvas));
		for (int tries = 0; tries < 50; tries++) {
			look(screen);
			tty_push(term_tty(screen->term));
		}
		assert_false(tty_busy(term_tty(screen->term)));
	}
	close_screen(screen);
}

/* The terminal takes nothing for a while: nobody waits, no frame is torn, the newest state comes when it takes again. */
static void slow_terminal(void **state)
{
	(void)state;
	struct screen *screen = open_screen(24, 80, true);
	int frames = 0;
	while (!tty_busy(term_tty(screen->term)) && frames < 1000) {
		draw_list(&screen->canvas, frames++ % 20);
		term_forget(screen->term);
		term_show(screen->term, &screen->canvas);
	}
	assert_true(tty_busy(term_tty(screen->term)));
	draw_list(&screen->canvas, 7);
	assert_false(term_show(screen->term, &screen->canvas));
	for (int tries = 0; tries < 1000 && tty_busy(term_tty(screen->term)); tries++) {
		look(screen);
		tty_push(term_tty(screen->term));
	}
	assert_true(term_show(screen->term, &screen->canvas));
	close_screen(screen);
}

static void terminal_gone(void **state)
{
	(void)state;
	struct screen *screen = open_screen(24, 80, true);
	char bytes[16];
	size_t count = 0;
	assert_int_equal(tty_read(term_tty(screen->term), bytes, sizeof bytes, &count), TTY_NOTHING);
	assert_int_equal(write(screen->master, "j", 1), 1);
	assert_int_equal(tty_read(term_tty(screen->term), bytes, sizeof bytes, &count), TTY_BYTES);
	assert_int_equal(count, 1);
	close(screen->master);
	assert_int_equal(tty_read(term_tty(screen->term), bytes, sizeof bytes, &count), TTY_GONE);
	draw_list(&screen->canvas, 3);
	term_show(screen->term, &screen->canvas);
	assert_false(tty_busy(term_tty(screen->term)));
	term_close(screen->term);
	canvas_clear(&screen->canvas);
	free(screen);
}

static void signals_are_bytes(void **state)
{
	(void)state;
	struct screen *screen = open_screen(24, 80, true);
	struct tty *tty = term_tty(screen->term);
	assert_int_equal(tty_next_signal(tty), 0);
	raise(SIGWINCH);
	raise(SIGTERM);
	assert_int_equal(tty_next_signal(tty), SIGWINCH);
	assert_int_equal(tty_next_signal(tty), SIGTERM);
	assert_int_equal(tty_next_signal(tty), 0);
	close_screen(screen);
}

int main(void)
{
	i18n_start("en");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_write_a_frame), cmocka_unit_test(gives_the_terminal_back), cmocka_unit_test(without_colours),
		cmocka_unit_test(odd_terminals), cmocka_unit_test(resized), cmocka_unit_test(slow_terminal),
		cmocka_unit_test(terminal_gone), cmocka_unit_test(signals_are_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
