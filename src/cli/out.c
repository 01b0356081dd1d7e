/* out.c — the one place that writes: standard output once and whole, standard error by the line. See inside.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "inside.h"

int terminal_width(void)
{
	struct winsize size;
	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

void (cli_say)(struct cli *cli, const char *format, ...)
{
	struct arena *arena = arena_new();
	va_list arguments;
	va_start(arguments, format);
	buffer_add_text(&cli->out, arena_print_list(arena, format, arguments));
	va_end(arguments);
	arena_free(arena);
}

void (cli_complain)(const struct cli *cli, const char *format, ...)
{
	struct arena *arena = arena_new();
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_print_list(arena, format, arguments);
	va_end(arguments);
	fprintf(stderr, "%s\n", cli->options->utf8 ? text : text_ascii(arena, text));
	arena_free(arena);
}

static bool write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

int cli_flush(struct cli *cli)
{
	if (cli->options->json)
		json_print(cli);
	if (cli->out.full) {
		cli_complain(cli, _("hacktiv: there is too much to show."));
		return EXIT_FAILURE;
	}
	/* JSON is UTF-8 wherever it is read (RFC 8259). */
	const char *text = cli->options->json || cli->options->utf8 ? cli->out.bytes : text_ascii(cli->arena, cli->out.bytes);
	if (write_all(text, strlen(text)))
		return cli->exit_status;
	if (errno == EPIPE)
		return cli->exit_status;   /* whoever read has seen enough: nothing to say and nobody to say it to */
	cli_complain(cli, _("hacktiv: the output could not be written: %s."), strerror(errno));
	if (cli->acted)
		cli_complain(cli, "%s", cli->acted);
	return EXIT_FAILURE;
}
