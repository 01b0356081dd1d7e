/* loop.c — the life of the screen: one wait, keys first, one frame a turn, and every way out.
 *
 * Order of a turn: wait, signals, keys, draw, network and store, draw. Keys first keeps their answer independent of the network. */
#include "ui.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000
#define SLICE_MS 2          /* of news and work done ahead between two waits */
#define FIRST_FRAME_MS 60   /* how long the cache may take before the first frame is drawn without it */

static void views_init(struct ui *ui)
{
	for (size_t i = 0; i < PANES; i++) {
		list_init(&ui->views[i].list);
		ui->views[i].filter = memory_copy_text("");
	}
}

static void views_clear(struct ui *ui)
{
	for (size_t i = 0; i < PANES; i++) {
		struct pane_view *view = &ui->views[i];
		list_clear(&view->list);
		free(view->filter);
		if (view->state)
			pane_ops_of((enum pane)i)->close(view->state);
		*view = (struct pane_view){ .filter = NULL };
	}
}

void ui_forget(struct ui *ui)
{
	while (ui->dialog)
		dialog_close(ui);   /* wipes what was typed, and may have something to say */
	ui_drop_waiting(ui);
	views_clear(ui);
	views_init(ui);
	ui_forget_messages(ui);
	free(ui->standing);
	ui->standing = memory_copy_text("");
	free(ui->open_space);
	ui->open_space = NULL;
	ui->open_date = (struct local_date){ 0 };
	ui->pane = ui->came_from = PANE_MY_DAY;
	ui->by_hours = ui->touched = ui->waits = ui->has_work = false;
	ui->prefix = '\0';
	decoder_clear(&ui->decoder);
	decoder_init(&ui->decoder, ui->config->escape_delay_ms);
}

static void ui_clear(struct ui *ui)
{
	ui_forget(ui);
	views_clear(ui);
	free(ui->standing);
	decoder_clear(&ui->decoder);
	canvas_clear(&ui->canvas);
	arena_free(ui->scratch);
}

static void draw(struct ui *ui, unsigned *stale)
{
	if (!(*stale & ~(unsigned)UI_QUIT))
		return;
	ui_draw(ui);
	if (term_show(ui->term, &ui->canvas))
		*stale &= UI_QUIT;
}

/* ---- what wakes the loop ---- */

/* Behind a terminal that many share there is no shell for them. */
static unsigned suspend(struct ui *ui)
{
	if (kiosk_is_on(ui))
		return 0;
	tty_suspend(term_tty(ui->term));
	term_resume(ui->term);
	return UI_LAYOUT;
}

static unsigned take_signals(struct ui *ui)
{
	struct tty *tty = term_tty(ui->term);
	unsigned stale = 0;
	for (int number; (number = tty_next_signal(tty));) {
		switch (number) {
		case SIGWINCH:
			stale |= UI_LAYOUT;
			break;
		case SIGCONT:
			tty_raw(tty);
			term_resume(ui->term);
			stale |= UI_LAYOUT;
			break;
		case SIGTSTP:
			stale |= suspend(ui);
			break;
		case SIGINT:
		case SIGQUIT:   /* a terminal that many share is nobody's to end */
			stale |= kiosk_is_on(ui) ? kiosk_end_turn(ui) : UI_QUIT;
			break;
		default:   /* SIGHUP, SIGTERM */
			stale |= UI_QUIT;
		}
	}
	return stale;
}

static unsigned take_keys(struct ui *ui)
{
	unsigned stale = 0;
	struct key key;
	while (!(stale & UI_QUIT) && decoder_next(&ui->decoder, clock_monotonic_ms(), &key)) {
		arena_clear(ui->scratch);
		if (!kiosk_hears(ui, &stale))
			continue;
		stale |= key_is(&key, "C-z") ? suspend(ui) : ui_key(ui, &key);
	}
	return stale;
}

static unsigned take_input(struct ui *ui, bool readable)
{
	unsigned stale = take_keys(ui);   /* a lone Esc is decided by time, without a byte */
	while (readable && !(stale & UI_QUIT)) {
		unsigned char bytes[4096];
		size_t count = 0;
		enum tty_reading reading = tty_read(term_tty(ui->term), bytes, sizeof bytes, &count);
		if (reading == TTY_GONE)
			return stale | UI_QUIT;
		if (reading == TTY_NOTHING)
			break;
		for (size_t fed = 0; fed < count && !(stale & UI_QUIT);) {
			fed += decoder_feed(&ui->decoder, bytes + fed, count - fed, clock_monotonic_ms());
			stale |= take_keys(ui);
		}
		explicit_bzero(bytes, count);   /* a password, perhaps */
	}
	return stale;
}

/* One that comes to light again has not heard what happened while another was on top of it. */
static unsigned tell_dialog(struct ui *ui, unsigned changes)
{
	struct dialog *top = ui->dialog, *under = top ? top->under : NULL;
	if (!top)
		return 0;
	changes |= top->covered ? SESSION_ALL : 0;
	top->covered = false;
	unsigned stale = top->ops->changed && changes ? top->ops->changed(ui, top, changes) : 0;
	return under && ui->dialog == under ? stale | tell_dialog(ui, changes) : stale;
}

static unsigned take_news(struct ui *ui)
{
	unsigned changes = session_turn(ui->session);
	bool waited = !ui->dialog && ui_waiting_ms(ui) == 0;
	if (!changes && !waited && !(ui->dialog && ui->dialog->covered))
		return 0;
	arena_clear(ui->scratch);
	unsigned stale = changes & ~(unsigned)(SESSION_SITES | SESSION_WISHES | SESSION_PROPOSAL) ? UI_ROWS : 0;
	stale |= changes & (SESSION_SITES | SESSION_WISHES) ? UI_ROWS | UI_STATUS : 0;
	stale |= ui_heed_farewell(ui);
	stale |= tell_dialog(ui, changes);
	if (changes & (SESSION_WISHES | SESSION_SITES))
		ui_tell_wishes(ui);
	return stale | ui_retry_waiting(ui);
}

/* ---- waiting ---- */

static int least(int a, int b)
{
	return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* Words such as "up to date 07:52" and the day itself change with the minute, at most. */
static int wait_ms(const struct ui *ui)
{
	int64_t now = clock_monotonic_ms();
	int wait = least(least(MINUTE_MS, decoder_timeout(&ui->decoder, now)), kiosk_wait_ms(&ui->kiosk, clock_asleep_too_ms()));
	if (!ui->dialog)
		wait = least(wait, ui_waiting_ms(ui));
	if (ui->has_work)
		wait = 0;
	return wait;
}

static bool wait_for_something(struct ui *ui)
{
	struct tty *tty = term_tty(ui->term);
	/* A terminal that takes nothing (Ctrl-S, a line that hangs) costs nothing: it tells when it does again. Until then frames are not
	 * kept but left out: the next one is of what is then. */
	struct engine_fd fds[] = { { .fd = tty->fd, .has_to_say = tty_busy(tty) }, { .fd = tty_signal_fd(tty) } };
	session_wait(ui->session, fds, COUNT_OF(fds), wait_ms(ui));
	tty_push(tty);
	return fds[0].readable;
}

/* Only when nothing else is to be done, and together with that never longer than a key can wait. */
static unsigned work(struct ui *ui, int64_t until_ms)
{
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	ui->has_work = false;
	return ops->work ? ops->work(ui, until_ms, &ui->has_work) : 0;
}

static void run(struct ui *ui)
{
	unsigned stale = UI_LAYOUT;
	struct local_date day = session_today(ui->session);
	while (!(stale & UI_QUIT)) {
		bool readable = wait_for_something(ui);
		stale |= take_signals(ui);
		stale |= kiosk_watch(ui);
		stale |= take_input(ui, readable);
		draw(ui, &stale);
		int64_t until = clock_monotonic_ms() + SLICE_MS;
		stale |= take_news(ui);
		stale |= work(ui, until);
		if (!date_equal(day, session_today(ui->session))) {
			day = session_today(ui->session);
			stale |= UI_LAYOUT;
		}
		draw(ui, &stale);
	}
}

/* The first frame shows what the cache holds; the network begins after it. */
static void show_first_frame(struct ui *ui)
{
	int64_t until = clock_monotonic_ms() + FIRST_FRAME_MS;
	while (!session_is_quiet(ui->session)) {
		int64_t left = until - clock_monotonic_ms();
		if (left <= 0)
			break;
		session_wait(ui->session, NULL, 0, (int)left);
		session_turn(ui->session);
	}
	ui_tell_wishes(ui);
	unsigned stale = UI_LAYOUT;
	draw(ui, &stale);
	session_follow(ui->session);
	session_start_network(ui->session);
}

/* What a crash says once the terminal is whole again; nothing can be made up then. */
static void prepare_last_words(bool utf8)
{
	struct arena *arena = arena_new();
	const char *log = getenv("HACKTIV_LOG");
	const char *where = log && *log ? arena_print(arena, _("The log is %s."), text_clean(arena, log, strlen(log), TEXT_ONE_LINE, TEXT_NAME_MAX))
	                                : _("With HACKTIV_LOG=FILE it keeps a log that tells more.");
	const char *words = arena_print(arena, _("hacktiv: ended by a fault of its own. %s What was under way is on disk, and the next start "
	                                         "tells what became of it."), where);
	tty_set_last_words(utf8 ? words : text_ascii(arena, words));
	arena_free(arena);
}

int tui_run(struct session *session, const struct config *config, bool utf8)
{
	bool shared = session_is_shared(session);
	struct term_setup setup = { .colours = config->colour == COLOUR_AUTO, .utf8 = utf8, .wipes = shared };
	struct problem note = { 0 }, why = { 0 };
	struct ui ui = { .session = session, .config = config, .term = term_open(&setup, &note, &why) };
	if (!ui.term) {
		fprintf(stderr, "hacktiv: %s\n", why.text);
		return EXIT_FAILURE;
	}
	prepare_last_words(utf8);
	ui.scratch = arena_new();
	ui.standing = memory_copy_text("");
	views_init(&ui);
	canvas_init(&ui.canvas, !utf8);
	decoder_init(&ui.decoder, config->escape_delay_ms);
	ui_face_init(&ui);
	if (shared)
		kiosk_init(&ui.kiosk, config->kiosk_idle_s);
	for (size_t i = 0; i < config->note_count; i++)
		ui_say(&ui, STYLE_WARNING, config->notes[i].text);
	if (note.kind != PROBLEM_NONE)
		ui_say(&ui, STYLE_WARNING, note.text);

	show_first_frame(&ui);
	run(&ui);

	kiosk_farewell(&ui);
	term_close(ui.term);
	ui_clear(&ui);
	return EXIT_SUCCESS;
}
