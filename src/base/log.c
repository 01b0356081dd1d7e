/* log.c — see log.h. One write(2) per line, so that lines of several threads and processes never mix. */
#include "hacktiv/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hacktiv/base/i18n.h"

#define LINE_MAX_BYTES 4096

static int log_file = -1;
static enum log_level log_most;

bool log_open(const char *path, enum log_level most, struct problem *why)
{
	log_close();
	int file = STDERR_FILENO;
	if (path) {
		file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
		if (file < 0)
			return problem_set(why, PROBLEM_IO, "log", _("The log file cannot be opened: %s."), strerror(errno));
		struct stat about;
		if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
			close(file);
			return problem_set(why, PROBLEM_REFUSED, "log", _("The log file is not an ordinary file."));
		}
	}
	log_file = file;
	log_most = most;
	return true;
}

void log_close(void)
{
	if (log_file > STDERR_FILENO)
		close(log_file);
	log_file = -1;
}

static const char *level_name(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_INFO:
		return "info";
	case LOG_LEVEL_DEBUG:
		return "debug";
	}
	return "";
}

/* C0, DEL, and C1 as UTF-8 writes it (0xC2 0x80 … 0x9F). */
static void blind_controls(char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[i];
		bool second_of_c1 = i > 0 && (unsigned char)line[i - 1] == 0xc2 && byte >= 0x80 && byte < 0xa0;
		if (second_of_c1)
			line[i - 1] = '?';
		if (byte < 0x20 || byte == 0x7f || second_of_c1)
			line[i] = '?';
	}
}

void log_line(enum log_level level, const char *format, ...)
{
	if (log_file < 0 || level > log_most)
		return;
	char line[LINE_MAX_BYTES];
	struct timespec now;
	struct tm parts;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	size_t length = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &parts);
	length += (size_t)snprintf(line + length, sizeof line - length, ".%03ldZ %s ", now.tv_nsec / 1000000, level_name(level));

	va_list arguments;
	va_start(arguments, format);
	int wanted = vsnprintf(line + length, sizeof line - length, format, arguments);
	va_end(arguments);
	size_t room = sizeof line - length - 1;
	if (wanted > 0)
		length += (size_t)wanted < room ? (size_t)wanted : room;
	blind_controls(line, length);
	line[length++] = '\n';
	/* A log that cannot be written must not stop the work it tells of. */
	ssize_t written = write(log_file, line, length);
	(void)written;
}
