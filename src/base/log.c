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
static enum log_format log_form;

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
	log_form = LOG_TEXT;
	return true;
}

void log_set_format(enum log_format format)
{
	log_form = format;
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

/* Cut where it is full; always ends with a NUL. */
struct line {
	char bytes[LINE_MAX_BYTES];
	size_t length;
};

#define LINE_TAIL 3u   /* kept for what closes a line: quote, brace, line feed */

__attribute__((format(printf, 2, 3)))
static void line_print(struct line *line, const char *format, ...)
{
	size_t room = sizeof line->bytes - LINE_TAIL - line->length;
	va_list arguments;
	va_start(arguments, format);
	int wanted = vsnprintf(line->bytes + line->length, room, format, arguments);
	va_end(arguments);
	if (wanted > 0)
		line->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

/* As the inside of a JSON string (RFC 8259, 7). Control bytes become "?" later, as in a text line. */
static void line_quote(struct line *line, const char *text)
{
	for (; *text && line->length + LINE_TAIL + 2 < sizeof line->bytes; text++) {
		if (*text == '"' || *text == '\\')
			line->bytes[line->length++] = '\\';
		line->bytes[line->length++] = *text;
	}
}

static void line_write(struct line *line)
{
	blind_controls(line->bytes, line->length);
	line->bytes[line->length++] = '\n';
	/* A log that cannot be written must not stop the work it tells of. */
	ssize_t written = write(log_file, line->bytes, line->length);
	(void)written;
}

static void print_time(struct line *line)
{
	struct timespec now;
	struct tm parts;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	line->length += strftime(line->bytes + line->length, 32, "%Y-%m-%dT%H:%M:%S", &parts);
	line_print(line, ".%03ldZ", now.tv_nsec / 1000000);
}

/* Without the time: asking for it in parts is not safe here. */
void log_last_words(int signal_number)
{
	char words[] = "error: falls by signal 00\n";
	if (log_file < 0)
		return;
	words[sizeof words - 4] = (char)('0' + signal_number / 10 % 10);
	words[sizeof words - 3] = (char)('0' + signal_number % 10);
	ssize_t written = write(log_file, words, sizeof words - 1);
	(void)written;
}

static void write_text(enum log_level level, const char *sentence)
{
	struct line line = { .length = 0 };
	print_time(&line);
	line_print(&line, " %s %s", level_name(level), sentence);
	line_write(&line);
}

static void write_json(enum log_level level, const struct log_field *fields, size_t count, const char *sentence)
{
	struct line line = { .length = 0 };
	line_print(&line, "{\"time\":\"");
	print_time(&line);
	line_print(&line, "\",\"level\":\"%s\"", level_name(level));
	for (size_t i = 0; i < count; i++) {
		line_print(&line, ",\"%s\":", fields[i].name);
		if (fields[i].text) {
			line_print(&line, "\"");
			line_quote(&line, fields[i].text);
			line_print(&line, "\"");
		} else {
			line_print(&line, "%lld", (long long)fields[i].number);
		}
	}
	/* Last, since it alone may be long enough to be cut. */
	line_print(&line, ",\"message\":\"");
	line_quote(&line, sentence);
	line.bytes[line.length++] = '"';
	line.bytes[line.length++] = '}';
	line_write(&line);
}

static void write_event(enum log_level level, const struct log_field *fields, size_t count, const char *format, va_list arguments)
{
	char sentence[LINE_MAX_BYTES];
	if (vsnprintf(sentence, sizeof sentence, format, arguments) < 0)
		sentence[0] = '\0';
	switch (log_form) {
	case LOG_TEXT:
		write_text(level, sentence);
		break;
	case LOG_JSON:
		write_json(level, fields, count, sentence);
		break;
	}
}

static bool is_wanted(enum log_level level)
{
	return log_file >= 0 && level <= log_most;
}

void log_line(enum log_level level, const char *format, ...)
{
	if (!is_wanted(level))
		return;
	va_list arguments;
	va_start(arguments, format);
	write_event(level, NULL, 0, format, arguments);
	va_end(arguments);
}

void log_fields(enum log_level level, const struct log_field *fields, size_t count, const char *format, ...)
{
	if (!is_wanted(level))
		return;
	va_list arguments;
	va_start(arguments, format);
	write_event(level, fields, count, format, arguments);
	va_end(arguments);
}
