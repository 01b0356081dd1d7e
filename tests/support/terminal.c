/* terminal.c — see terminal.h. */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <vterm.h>

#include "hacktiv/base.h"

#define BYTES_KEPT_MAX (4u * 1024u * 1024u)

struct terminal {
	int fd;
	pid_t pid;
	int status;
	bool ended;
	bool cursor_visible;
	int rows, columns;
	VTerm *vterm;
	VTermScreen *screen;
	struct buffer written, row;
};

static int on_property(VTermProp property, VTermValue *value, void *context)
{
	struct terminal *terminal = context;
	if (property == VTERM_PROP_CURSORVISIBLE)
		terminal->cursor_visible = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

struct terminal *terminal_start(char *const *words, int rows, int columns)
{
	struct terminal *terminal = memory_get(sizeof *terminal);
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	terminal->rows = rows;
	terminal->columns = columns;
	terminal->cursor_visible = true;
	buffer_init(&terminal->written, BYTES_KEPT_MAX);
	buffer_init(&terminal->row, 65536);
	terminal->vterm = vterm_new(rows, columns);
	vterm_set_utf8(terminal->vterm, 1);
	terminal->screen = vterm_obtain_screen(terminal->vterm);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_reset(terminal->screen, 1);

	terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
	if (terminal->pid < 0)
		die("forkpty: %s", strerror(errno));
	if (terminal->pid == 0) {
		execvp(words[0], words);
		fprintf(stderr, "%s: %s\n", words[0], strerror(errno));
		_exit(127);
	}
	return terminal;
}

static bool reap(struct terminal *terminal, int flags)
{
	if (!terminal->ended && waitpid(terminal->pid, &terminal->status, flags) == terminal->pid)
		terminal->ended = true;
	return terminal->ended;
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	if (!reap(terminal, WNOHANG)) {
		kill(terminal->pid, SIGKILL);
		reap(terminal, 0);
	}
	terminal_hang_up(terminal);
	vterm_free(terminal->vterm);
	buffer_clear(&terminal->written);
	buffer_clear(&terminal->row);
	free(terminal);
}

void terminal_hang_up(struct terminal *terminal)
{
	if (terminal->fd >= 0)
		close(terminal->fd);
	terminal->fd = -1;
}

void terminal_resize(struct terminal *terminal, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	terminal->rows = rows;
	terminal->columns = columns;
	vterm_set_size(terminal->vterm, rows, columns);
	ioctl(terminal->fd, TIOCSWINSZ, &size);
}

void terminal_type(struct terminal *terminal, const char *bytes, size_t length)
{
	while (length > 0 && terminal->fd >= 0) {
		ssize_t written = write(terminal->fd, bytes, length);
		if (written < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
}

bool terminal_signal(struct terminal *terminal, int signal)
{
	return !terminal->ended && kill(terminal->pid, signal) == 0;
}

static void answer_queries(struct terminal *terminal)
{
	char answer[256];
	size_t length = vterm_output_read(terminal->vterm, answer, sizeof answer);
	terminal_type(terminal, answer, length);
}

/* Reads what is there within `ms`. False: nothing came, or nothing can come any more. */
static bool read_some(struct terminal *terminal, int ms)
{
	if (terminal->fd < 0)
		return false;
	struct pollfd poll_fd = { .fd = terminal->fd, .events = POLLIN };
	if (poll(&poll_fd, 1, ms) <= 0)
		return false;
	char bytes[16384];
	ssize_t got = read(terminal->fd, bytes, sizeof bytes);
	if (got <= 0)
		return false;
	buffer_add(&terminal->written, bytes, (size_t)got);
	vterm_input_write(terminal->vterm, bytes, (size_t)got);
	answer_queries(terminal);
	return true;
}

void terminal_let(struct terminal *terminal, int ms, int quiet_ms)
{
	int64_t until = clock_monotonic_ms() + ms;
	for (int64_t now = clock_monotonic_ms(); now < until; now = clock_monotonic_ms()) {
		int64_t left = until - now;
		if (!read_some(terminal, left < quiet_ms ? (int)left : quiet_ms))
			return;
	}
}

void terminal_react(struct terminal *terminal, int ms, int quiet_ms)
{
	if (read_some(terminal, ms))
		terminal_let(terminal, 1000, quiet_ms);
}

static bool holds(struct terminal *terminal, const char *text)
{
	for (int row = 0; row < terminal->rows; row++) {
		if (strstr(terminal_row(terminal, row), text))
			return true;
	}
	return false;
}

bool terminal_wait_for(struct terminal *terminal, const char *text, int ms)
{
	int64_t until = clock_monotonic_ms() + ms;
	while (!holds(terminal, text)) {
		if (clock_monotonic_ms() >= until || (!read_some(terminal, 20) && reap(terminal, WNOHANG) &&
		                                      !read_some(terminal, 0)))
			return holds(terminal, text);
	}
	return true;
}

bool terminal_has_ended(struct terminal *terminal)
{
	return reap(terminal, WNOHANG);
}

bool terminal_wait_end(struct terminal *terminal, int ms, int *status)
{
	int64_t until = clock_monotonic_ms() + ms;
	while (!reap(terminal, WNOHANG) && clock_monotonic_ms() < until) {
		if (!read_some(terminal, 10) && terminal->fd < 0)
			poll(NULL, 0, 5);
	}
	while (read_some(terminal, 0))
		;
	*status = terminal->status;
	return terminal->ended;
}

static VTermScreenCell cell_at(struct terminal *terminal, int row, int column)
{
	VTermScreenCell cell;
	vterm_screen_get_cell(terminal->screen, (VTermPos){ .row = row, .col = column }, &cell);
	return cell;
}

static void add_code_point(struct buffer *text, uint32_t code)
{
	char bytes[5] = { 0 };
	if (code < 0x80) {
		bytes[0] = (char)code;
	} else if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
	} else {
		bytes[0] = (char)(0xf0 | code >> 18);
		bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
		bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[3] = (char)(0x80 | (code & 0x3f));
	}
	buffer_add_text(text, bytes);
}

const char *terminal_row(struct terminal *terminal, int row)
{
	buffer_reset(&terminal->row);
	for (int column = 0; column < terminal->columns;) {
		VTermScreenCell cell = cell_at(terminal, row, column);
		if (cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
			buffer_add_text(&terminal->row, " ");
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != (uint32_t)-1; i++)
			add_code_point(&terminal->row, cell.chars[i]);
		column += cell.width > 0 ? cell.width : 1;
	}
	size_t length = terminal->row.length;
	while (length > 0 && terminal->row.bytes[length - 1] == ' ')
		length--;
	terminal->row.bytes[length] = '\0';
	return terminal->row.bytes;
}

int terminal_rows(const struct terminal *terminal)
{
	return terminal->rows;
}

int terminal_columns(const struct terminal *terminal)
{
	return terminal->columns;
}

void terminal_cursor(const struct terminal *terminal, int *row, int *column, bool *visible)
{
	VTermPos at;
	vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
	*row = at.row;
	*column = at.col;
	*visible = terminal->cursor_visible;
}

char terminal_look(struct terminal *terminal, int row, int column)
{
	static const char colours[] = "kdgylmcw";
	VTermScreenCell cell = cell_at(terminal, row, column);
	if (cell.attrs.bold || cell.attrs.reverse || cell.attrs.underline)
		return cell.attrs.bold ? 'b' : cell.attrs.reverse ? 'r' : 'u';
	if (VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_INDEXED(&cell.fg))
		return '.';
	return colours[cell.fg.indexed.idx % 8];
}

char terminal_letter(struct terminal *terminal, int row, int column)
{
	uint32_t code = cell_at(terminal, row, column).chars[0];
	return code < 0x80 ? (char)code : '\0';
}

const char *terminal_bytes(const struct terminal *terminal, size_t *length)
{
	*length = terminal->written.length;
	return terminal->written.bytes;
}

void terminal_forget(struct terminal *terminal)
{
	buffer_reset(&terminal->written);
}
