/* cancel.c — a booking about to be cancelled: which, and what that means, told before and not after. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct cancel_dialog {
	struct dialog dialog;
	struct arena *arena;
	size_t site;
	struct booking booking;     /* a copy: the list may change under us */
	const char *sent;
};

static void set_booking(struct cancel_dialog *cancel, const struct booking *booking)
{
	struct arena *arena = arena_new();
	struct booking copy = *booking;
	copy.id = arena_copy_text(arena, booking->id);
	copy.space_id = arena_copy_text(arena, booking->space_id);
	copy.space_name = arena_copy_text(arena, booking->space_name);
	copy.space_town = arena_copy_text(arena, booking->space_town);
	copy.time_zone = arena_copy_text(arena, booking->time_zone);
	copy.resource_id = arena_copy_text(arena, booking->resource_id);
	copy.resource_name = arena_copy_text(arena, booking->resource_name);
	copy.resource_area = arena_copy_text(arena, booking->resource_area);
	arena_free(cancel->arena);
	cancel->arena = arena;
	cancel->booking = copy;
}

/* It was changed elsewhere while one looked: as it is now. NULL: that is not why, or not known yet. */
static const struct booking *changed_meanwhile(const struct ui *ui, const struct cancel_dialog *cancel)
{
	const struct wish_view *wish = cancel->sent ? session_wish(ui->session, cancel->sent) : NULL;
	const struct booking_list *list = session_bookings(ui->session);
	for (size_t at = 0; wish && wish->outcome.rule == RULE_STALE_VERSION && at < list->count; at++) {
		const struct booking *now = &list->rows[at].booking;
		if (list->rows[at].site == cancel->site && strcmp(now->id, cancel->booking.id) == 0 && now->version != cancel->booking.version)
			return now;
	}
	return NULL;
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct cancel_dialog *cancel = (struct cancel_dialog *)dialog;
	const struct booking *booking = &cancel->booking;
	struct arena *arena = ui->scratch;
	int row = 0;
	canvas_text(&ui->canvas, area, row, 0, STYLE_TITLE, _("CANCEL A BOOKING"));
	row += ui->layout.size == LAYOUT_SMALL ? 1 : 2;
	row += canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN,
	                   arena_print(arena, "%s, %s", booking->space_name, booking->resource_name));
	row += canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN,
	                   arena_print(arena, "%s, %s", date_words_long(arena, booking->when.date), period_words(arena, booking->when)));
	row += ui->layout.size == LAYOUT_SMALL ? 0 : 1;

	const struct wish_view *wish = cancel->sent ? session_wish(ui->session, cancel->sent) : NULL;
	enum rule rule = booking_cancel_rule(booking, session_now(ui->session));
	canvas_cursor(&ui->canvas, area, row, 0);
	const struct booking *now = changed_meanwhile(ui, cancel);
	if (wish)
		row += canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING, wish_words(arena, wish));
	if (now)
		canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN,
		            arena_print(arena, _("It is now: %1$s, %2$s, %3$s, %4$s. Enter looks at it as it is now, q keeps it."), now->space_name,
		                        now->resource_name, date_words(arena, now->when.date), period_words(arena, now->when)));
	if (wish)
		return;
	if (rule != RULE_NONE)
		canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING, rule_words(rule));
	else
		canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN,
		            arena_print(arena, _("Cancelling is free until %s. Enter cancels, q keeps the booking."),
		                        instant_words(arena, ui_zone(ui, booking->time_zone), booking->cancel_until)));
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct cancel_dialog *cancel = (struct cancel_dialog *)dialog;
	if (key_is_back(key))
		return dialog_close(ui);
	const struct booking *now = changed_meanwhile(ui, cancel);
	if (key_is(key, "Enter") && now) {
		ui_saw_wish(ui, cancel->sent);
		cancel->sent = NULL;
		set_booking(cancel, now);
		return UI_ROWS;
	}
	if (!key_is(key, "Enter") || booking_cancel_rule(&cancel->booking, session_now(ui->session)) != RULE_NONE)
		return UI_DEAF;
	if (cancel->sent)
		return 0;
	if (ui_log_in_first(ui, dialog, cancel->site))
		return UI_LAYOUT;
	cancel->sent = session_cancel(ui->session, cancel->site, &cancel->booking);
	return UI_ROWS;
}

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	struct cancel_dialog *cancel = (struct cancel_dialog *)dialog;
	const struct wish_view *wish = cancel->sent ? session_wish(ui->session, cancel->sent) : NULL;
	ui_log_in_for(ui, dialog, wish);
	if (!wish || !(changes & SESSION_WISHES))
		return wish && (changes & SESSION_BOOKINGS) ? UI_ROWS : 0;
	if (outcome_exit_status(wish->outcome.kind) != 0 && wish->outcome.kind != OUTCOME_NOT_FOUND)
		return UI_ROWS;
	return dialog_close(ui);
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	struct cancel_dialog *cancel = (struct cancel_dialog *)dialog;
	ui_saw_wish(ui, cancel->sent);
	cancel->sent = NULL;
	ui_tell_wishes(ui);
	arena_free(cancel->arena);
	free(cancel);
}

static const char *wish_of(const struct dialog *dialog)
{
	return ((const struct cancel_dialog *)dialog)->sent;
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog, .wish = wish_of,
	.hint = N_("Enter cancel it   q keep it"),
};

void open_cancel_dialog(struct ui *ui, size_t site, const struct booking *booking)
{
	struct cancel_dialog *cancel = memory_get(sizeof *cancel);
	cancel->site = site;
	set_booking(cancel, booking);
	dialog_open(ui, &cancel->dialog, &ops);
}
