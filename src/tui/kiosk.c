/* kiosk.c — see kiosk.h; and what a turn's beginning and end mean for the screen. */
#include "ui.h"

#include <stdlib.h>

#define GAP 2

/* ---- the rule ---- */

void kiosk_init(struct kiosk *kiosk, int idle_s)
{
	*kiosk = (struct kiosk){ .state = KIOSK_LOCKED, .idle_ms = (int64_t)idle_s * 1000, .since_ms = INT64_MIN / 2 };
}

static int64_t warning_at_ms(const struct kiosk *kiosk)
{
	int64_t before = KIOSK_WARNING_MS < kiosk->idle_ms / 2 ? KIOSK_WARNING_MS : kiosk->idle_ms / 2;
	return kiosk->since_ms + kiosk->idle_ms - before;
}

static enum kiosk_state state_at(const struct kiosk *kiosk, int64_t now_ms)
{
	if (kiosk->state == KIOSK_NONE || kiosk->state == KIOSK_LOCKED)
		return kiosk->state;
	if (now_ms - kiosk->since_ms >= kiosk->idle_ms)
		return KIOSK_LOCKED;
	return now_ms >= warning_at_ms(kiosk) ? KIOSK_WARNED : KIOSK_TURN;
}

bool kiosk_key(struct kiosk *kiosk, int64_t now_ms)
{
	enum kiosk_state before = kiosk->state;
	if (before == KIOSK_NONE)
		return true;
	if (before == KIOSK_LOCKED && now_ms - kiosk->since_ms < KIOSK_DEAF_MS)
		return false;
	kiosk->state = KIOSK_TURN;
	kiosk->since_ms = now_ms;
	return before == KIOSK_TURN;
}

bool kiosk_time(struct kiosk *kiosk, int64_t now_ms)
{
	enum kiosk_state state = state_at(kiosk, now_ms);
	if (state == kiosk->state)
		return false;
	kiosk->state = state;
	if (state == KIOSK_LOCKED)
		kiosk->since_ms = now_ms;
	return true;
}

void kiosk_lock(struct kiosk *kiosk, int64_t now_ms)
{
	kiosk->state = KIOSK_LOCKED;
	kiosk->since_ms = now_ms;
}

int kiosk_wait_ms(const struct kiosk *kiosk, int64_t now_ms)
{
	if (kiosk->state == KIOSK_NONE || kiosk->state == KIOSK_LOCKED)
		return -1;
	int64_t at_ms = kiosk->state == KIOSK_TURN ? warning_at_ms(kiosk) : kiosk->since_ms + kiosk->idle_ms;
	return at_ms > now_ms ? (int)(at_ms - now_ms) : 0;
}

/* ---- the lock screen ---- */

static const char *site_labels(struct ui *ui)
{
	char *text = arena_copy_text(ui->scratch, "");
	for (size_t site = 0; site < session_site_count(ui->session); site++)
		text = arena_print(ui->scratch, "%s%s%s", text, *text ? ", " : "", session_site(ui->session, site)->label);
	return text;
}

void kiosk_draw_lock(struct ui *ui)
{
	struct canvas *canvas = &ui->canvas;
	bool airy = ui->layout.size != LAYOUT_SMALL;
	struct area area = { .row = airy ? 2 : 0, .column = GAP, .rows = canvas->rows, .columns = canvas->columns - 2 * GAP };
	area.rows -= area.row;
	int row = 0;
	if (ui->layout.size == LAYOUT_TOO_SMALL) {
		canvas_wrap(canvas, ui->layout.body, 0, 0, STYLE_CURRENT, _("Press any key to begin."));
		canvas_cursor(canvas, ui->layout.body, 0, 0);
		return;
	}
	row += canvas_wrap(canvas, area, row, 0, STYLE_TITLE, site_labels(ui));
	row += canvas_wrap(canvas, area, row, 0, STYLE_PLAIN, _("Desks, rooms and activities: see what is free, book, sign up.")) + 1;
	int begin = row;
	row += canvas_wrap(canvas, area, row, 0, STYLE_CURRENT, _("Press any key to begin.")) + 1;
	canvas_wrap(canvas, area, row, 0, STYLE_PLAIN,
	            /* TRANSLATORS: on the first screen q does too, and says so. */
	            arena_print(ui->scratch, ngettext("Many use this screen. After %d second without a key it locks and forgets all that was yours. Ctrl-C does so at once.",
	                                              "Many use this screen. After %d seconds without a key it locks and forgets all that was yours. Ctrl-C does so at once.",
	                                              (unsigned long)ui->config->kiosk_idle_s), ui->config->kiosk_idle_s));
	canvas_cursor(canvas, area, begin, 0);
}

/* ---- a turn ---- */

bool kiosk_is_on(const struct ui *ui)
{
	return ui->kiosk.state != KIOSK_NONE;
}

bool kiosk_is_locked(const struct ui *ui)
{
	return ui->kiosk.state == KIOSK_LOCKED;
}

const char *kiosk_warning(const struct ui *ui)
{
	return ui->kiosk.state == KIOSK_WARNED ? _("Nobody there? This screen is about to lock; any key keeps it open.") : NULL;
}

/* Blank before anything else: forgetting may take a moment, and somebody stands behind. */
static unsigned forget(struct ui *ui)
{
	term_wipe(ui->term);
	ui_forget(ui);
	session_end_turn(ui->session);
	return UI_LAYOUT;
}

static unsigned begin(struct ui *ui)
{
	pane_ops_of(ui->pane)->refresh(ui);
	return UI_LAYOUT;
}

bool kiosk_hears(struct ui *ui, unsigned *stale)
{
	enum kiosk_state before = ui->kiosk.state;
	if (kiosk_key(&ui->kiosk, clock_asleep_too_ms()))
		return true;
	if (before == KIOSK_LOCKED && ui->kiosk.state == KIOSK_TURN)
		*stale |= begin(ui);
	*stale |= UI_STATUS;
	return false;
}

unsigned kiosk_watch(struct ui *ui)
{
	if (!kiosk_time(&ui->kiosk, clock_asleep_too_ms()))
		return 0;
	return kiosk_is_locked(ui) ? forget(ui) : UI_STATUS;
}

unsigned kiosk_end_turn(struct ui *ui)
{
	kiosk_lock(&ui->kiosk, clock_asleep_too_ms());
	return forget(ui);
}

unsigned kiosk_leave(struct ui *ui)
{
	if (!kiosk_is_on(ui))
		return UI_QUIT;
	if (!session_turn_at_stake(ui->session) || (ui->dialog && is_log_out_dialog(ui->dialog)))
		return kiosk_end_turn(ui);
	open_turn_end_dialog(ui);
	return UI_LAYOUT;
}

void kiosk_farewell(struct ui *ui)
{
	if (kiosk_is_on(ui) && !kiosk_is_locked(ui))
		kiosk_end_turn(ui);
}
