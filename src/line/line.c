/* line.c — the conversation: a question, a line of answer, sentences. For screen readers, poor terminals and awful links.
 * See faces.h and line.h. */
#include "line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX   65536u
#define WAIT_MS     35000
#define STILL_MS    30000
#define WORDS_MAX   64

/* ---- speaking and listening ---- */

static void write_text(struct line *line, const char *text, const char *end)
{
	struct arena *arena = arena_new();
	if (printf("%s%s", line->utf8 ? text : text_ascii(arena, text), end) < 0 || fflush(stdout) == EOF)
		line->over = true;
	arena_free(arena);
}

void (line_say)(struct line *line, const char *format, ...)
{
	struct arena *arena = arena_new();
	va_list arguments;
	va_start(arguments, format);
	write_text(line, arena_print_list(arena, format, arguments), "\n");
	va_end(arguments);
	arena_free(arena);
}

static void read_input(struct line *line)
{
	char bytes[4096];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0 || !buffer_add(&line->input, bytes, (size_t)got))
		line->over = true;
}

static const char *take_line(struct line *line)
{
	char *newline = memchr(line->input.bytes, '\n', line->input.length);
	if (!newline)
		return NULL;
	size_t length = (size_t)(newline - line->input.bytes);
	const char *text = text_clean(line->arena, line->input.bytes, length, TEXT_ONE_LINE, TEXT_LINE_MAX);
	line->input.length -= length + 1;
	memmove(line->input.bytes, newline + 1, line->input.length + 1);
	return text;
}

static void wait_for_input(struct line *line)
{
	struct engine_fd fds[] = { { .fd = STDIN_FILENO }, { .fd = line->signals[0] } };
	session_wait(line->session, fds, line->signals[0] >= 0 ? 2 : 1, -1);
	session_turn(line->session);
	if (fds[0].readable)
		read_input(line);
}

const char *line_ask(struct line *line, const char *question)
{
	write_text(line, question, "");
	for (;;) {
		const char *text = line_is_left(line) ? NULL : take_line(line);
		if (text || line->over)
			return text;
		wait_for_input(line);
		if (line_has_news(line)) {
			write_text(line, "", "\n");
			line_tell_news(line);
			write_text(line, question, "");
		}
	}
}

bool line_confirm(struct line *line, const char *question)
{
	static const char *const yes[] = { "", "y", "yes", "o", "oui" };
	const char *answer = line_ask(line, question);
	if (!answer)
		return false;
	const char *folded = text_fold(line->arena, answer);
	for (size_t at = 0; at < COUNT_OF(yes); at++) {
		if (strcmp(folded, yes[at]) == 0)
			return true;
	}
	return false;
}

bool line_wait(struct line *line, line_ready *is_ready, const void *what)
{
	int64_t start_ms = clock_monotonic_ms(), said_ms = start_ms;
	while (!is_ready(line, what)) {
		int64_t now_ms = clock_monotonic_ms();
		if (now_ms - start_ms >= WAIT_MS || line_is_left(line))
			return false;
		if (now_ms - said_ms >= STILL_MS) {
			line_say(line, "%s", _("Still waiting."));
			said_ms = now_ms;
		}
		struct engine_fd signals = { .fd = line->signals[0] };
		session_wait(line->session, &signals, line->signals[0] >= 0, 1000);
		session_turn(line->session);
	}
	return true;
}

void line_wait_or_enter(struct line *line, line_ready *is_ready, const void *what)
{
	while (!is_ready(line, what) && !line_is_left(line) && !take_line(line) && !line->over)
		wait_for_input(line);
}

/* ---- commands ---- */

static void run(struct line *line, const struct command *command, const char *const *words, size_t count,
                struct subject subject)
{
	bool any = false;
	const char **kept = arena_get(line->arena, (count + 1) * sizeof *kept);
	size_t kept_count = 0;
	for (size_t at = 0; at < count; at++) {
		if (strcmp(words[at], "--any") == 0)
			any = true;
		else
			kept[kept_count++] = words[at];
	}
	struct call call = {
		.session = line->session, .face = &line->face, .config = line->config,
		.words = kept, .word_count = kept_count, .any = any,
		.subject = subject, .arena = line->arena,
	};
	line->said_why = false;
	if (command_run(command, &call) == COMMAND_FAILED && !line->said_why)
		line_say(line, "%s", outcome_words(line->arena, &line->missed));
}

static const struct subject nothing = { .site = SIZE_MAX };

/* A number told in the last list of activities. */
static bool choose_listed(struct line *line, const char *answer)
{
	char *end = NULL;
	unsigned long number = *answer >= '0' && *answer <= '9' ? strtoul(answer, &end, 10) : 0;
	if (number < 1 || number > line->listed.count || (end && *end))
		return false;
	const struct listed *listed = (const struct listed *)line->listed.first + (number - 1);
	arena_clear(line->chosen_arena);
	line->chosen = (struct listed){ listed->site, arena_copy_text(line->chosen_arena, listed->space_id),
		                        arena_copy_text(line->chosen_arena, listed->id) };
	return true;
}

/* The same questions each time, each with its default in words. */
static void ask_and_book(struct line *line, const struct command *command)
{
	/* What is on its way decides which day is proposed. */
	line->face.ops->await(&line->face, NEED_SPACES, SIZE_MAX, NULL, (struct local_date){ 0, 0, 0 });
	line->face.ops->await(&line->face, NEED_BOOKINGS, SIZE_MAX, NULL, (struct local_date){ 0, 0, 0 });
	const struct space_list *spaces = session_spaces(line->session);
	struct local_date tomorrow = date_plus(session_today(line->session), 1);
	struct local_date next = spaces->count ? session_next_open(line->session, &spaces->rows[0].space, DAY_PART_WHOLE).date : tomorrow;
	char next_day[DATE_ISO_SIZE];
	date_to_iso(next, next_day);
	const char *which_day = date_equal(next, tomorrow) ? _("Which day? [tomorrow] ")
	                        : arena_print(line->arena, _("Which day? [%s] "), date_words_long(line->arena, next));
	const char *place = line_ask(line, _("Where? A space or a desk [the usual one] "));
	const char *day = place ? line_ask(line, which_day) : NULL;
	const char *part = day ? line_ask(line, _("Morning, afternoon or day? [day] ")) : NULL;
	if (!part)
		return;
	const char *words[] = { *day ? day : next_day, *part ? part : "day", place };
	const char *split[WORDS_MAX];
	size_t count = 0;
	for (size_t at = 0; at < COUNT_OF(words); at++) {
		for (const char *rest = words[at]; *rest && count < WORDS_MAX;) {
			size_t length = strcspn(rest, " ");
			if (length)
				split[count++] = arena_copy_bytes(line->arena, rest, length);
			rest += length + (rest[length] == ' ');
		}
	}
	run(line, command, split, count, nothing);
}

static void ask_and_cancel(struct line *line, const struct command *command)
{
	const struct command *list = command_find("bookings");
	run(line, list, NULL, 0, nothing);
	if (!session_bookings(line->session)->count)
		return;
	const char *answer = line_ask(line, _("Which number? [none] "));
	char *end = NULL;
	unsigned long number = answer && *answer ? strtoul(answer, &end, 10) : 0;
	const struct booking_list *bookings = session_bookings(line->session);
	if (number < 1 || number > bookings->count || (end && *end)) {
		line_say(line, "%s", _("Nothing was cancelled."));
		return;
	}
	const struct booking_row *row = &bookings->rows[number - 1];
	run(line, command, NULL, 0, (struct subject){ .site = row->site, .booking = &row->booking, .when = row->booking.when });
}

/* The activity heard last is what "i" and "a" mean; else the list is told and a number asked for. */
static void ask_for_activity(struct line *line, const struct command *command, const struct command *list)
{
	if (!line->chosen.id) {
		run(line, list, NULL, 0, nothing);
		if (!line->listed.count)
			return;
		const char *answer = line_ask(line, _("Which number? [none] "));
		if (!answer || !choose_listed(line, answer)) {
			line_say(line, "%s", _("Nothing was changed."));
			return;
		}
	}
	const struct detail *detail = session_activity(line->session, line->chosen.site, line->chosen.space_id, line->chosen.id);
	if (!line_await_list(&line->face, &detail->state) || !detail->activity) {
		line_say(line, "%s", outcome_words(line->arena, &line->missed));
		return;
	}
	run(line, command, NULL, 0, (struct subject){ .site = line->chosen.site, .activity = detail->activity });
}

static void hear_more(struct line *line)
{
	const struct detail *detail = session_activity(line->session, line->chosen.site, line->chosen.space_id, line->chosen.id);
	if (line_await_list(&line->face, &detail->state) && detail->activity)
		line_show_activity(&line->face, line->chosen.site, detail->activity);
	else
		line_say(line, "%s", outcome_words(line->arena, &line->missed));
}

static void help(struct line *line)
{
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		if (!(command->flags & IN_SHELL))
			continue;
		if (command->keys)
			line_say(line, _("%1$s, or %2$s: %3$s."), command_label(line->arena, command), command->keys, _(command->help));
		else
			line_say(line, _("%1$s: %2$s."), command_label(line->arena, command), _(command->help));
	}
	line_say(line, "%s", _("quit, or q: leave hacktiv."));
}

static void do_view(struct line *line, const struct command *command)
{
	if (command->view == VIEW_QUIT || command->view == VIEW_BACK) {
		line->over = true;
	} else if (command->view == VIEW_HELP) {
		help(line);
	} else if (command->view == VIEW_REFRESH) {
		session_refresh_spaces(line->session);
		session_refresh_bookings(line->session);
		line_say(line, "%s", _("The sites are being asked again."));
	} else {
		line_say(line, _("“%s” works on the screen only."), command->name);
	}
}

static const struct command *find_command(const char *word)
{
	if (strcmp(word, "h") == 0)
		return command_find("help");
	const struct command *command = command_find(word);
	return command ? command : command_for_key(word, PANE_MY_DAY);
}

/* Commands that want to be told what they are about ask for it. False: this one wants nothing. */
static bool ask_for_words(struct line *line, const struct command *command)
{
	if (strcmp(command->name, "book") == 0)
		ask_and_book(line, command);
	else if (strcmp(command->name, "cancel") == 0 && !line->chosen.id)
		ask_and_cancel(line, command);
	else if (strcmp(command->name, "cancel") == 0 || strcmp(command->name, "withdraw") == 0)
		ask_for_activity(line, command_find("withdraw"), command_find("signups"));
	else if (strcmp(command->name, "sign-up") == 0)
		ask_for_activity(line, command, command_find("agenda"));
	else
		return false;
	return true;
}

/* Does it tell activities with their numbers? */
static bool is_list(const struct command *command)
{
	return strcmp(command->name, "agenda") == 0 || strcmp(command->name, "signups") == 0;
}

static void obey(struct line *line, const char *text)
{
	const char *words[WORDS_MAX];
	size_t count = 0;
	for (const char *rest = text; *rest && count < WORDS_MAX;) {
		size_t length = strcspn(rest, " ");
		if (length)
			words[count++] = arena_copy_bytes(line->arena, rest, length);
		rest += length + (rest[length] == ' ');
	}
	if (!count)
		return;
	if (count == 1 && choose_listed(line, words[0])) {
		hear_more(line);
		return;
	}
	const struct command *command = find_command(words[0]);
	if (!command) {
		const char *near = command_nearest(words[0]);
		line_say(line, near ? _("“%1$s” is not a command; perhaps “%2$s” was meant. Say help for the list.")
		                    : _("“%1$s” is not a command. Say help for the list."), words[0], near);
		return;
	}
	if (command->flags & IS_VIEW)
		do_view(line, command);
	else if (count > 1 || !ask_for_words(line, command))
		run(line, command, words + 1, count - 1, nothing);
	if (!is_list(command))
		line->listed.count = 0;   /* a number said later would mean something forgotten */
	line->chosen.id = NULL;
}

static void greet(struct line *line)
{
	line_say(line, "%s", _("hacktiv, line by line. r books, a cancels, help lists the commands, q leaves."));
	line_tell_news(line);
	const struct command *bookings = command_find("bookings");
	if (session_site_count(line->session) && session_site(line->session, 0)->state != SITE_LOGIN_NEEDED)
		run(line, bookings, NULL, 0, nothing);
}

int line_run(struct session *session, const struct config *config, bool utf8)
{
	struct line line = {
		.face = { &line_ops }, .session = session, .config = config, .utf8 = utf8, .arena = arena_new(),
		.listed_arena = arena_new(), .chosen_arena = arena_new(),
	};
	buffer_init(&line.input, INPUT_MAX);
	line_watch_signals(&line);
	session_follow(session);
	session_start_network(session);
	greet(&line);
	while (!line.over) {
		line_tell_news(&line);
		const char *text = line_ask(&line, _("Your choice: "));
		if (!text)
			break;
		obey(&line, text);
		arena_clear(line.arena);
	}
	write_text(&line, "", "\n");
	bool broken = ferror(stdout);
	line_end_watch(&line);
	buffer_clear(&line.input);
	arena_free(line.arena);
	arena_free(line.listed_arena);
	arena_free(line.chosen_arena);
	return line.left_by ? 128 + line.left_by : broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
