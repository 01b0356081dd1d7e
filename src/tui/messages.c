/* messages.c — what the screen has to say, and what became of wishes above all. Each sentence stands in the message row once: where several
 * came before a key was pressed, the newest does and tells how many there are; each key brings the next to light, and the list has all. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

/* ---- said, shown, read ---- */

/* A command that is tried again says the same: once is enough until somebody has read it. */
static bool stands_already(const struct ui *ui, const struct message *message)
{
	const struct message *newest = ui->message_count ? &ui->messages[ui->message_count - 1] : NULL;
	return newest && newest->unread && strcmp(newest->text, message->text) == 0;
}

static void say(struct ui *ui, struct message message)
{
	if (ui->message_count && ui->messages[ui->message_count - 1].passing)
		free(ui->messages[--ui->message_count].text);
	if (stands_already(ui, &message)) {
		free(message.text);
		return;
	}
	if (ui->message_count == MESSAGES_KEPT) {
		free(ui->messages[0].text);
		memmove(ui->messages, ui->messages + 1, (MESSAGES_KEPT - 1) * sizeof ui->messages[0]);
		ui->message_count--;
	}
	ui->messages[ui->message_count++] = message;
}

void ui_say(struct ui *ui, enum style style, const char *text)
{
	say(ui, (struct message){ memory_copy_text(text), style, .unread = true });
}

void ui_remark(struct ui *ui, enum style style, const char *text)
{
	say(ui, (struct message){ memory_copy_text(text), style, .passing = true, .unread = true });
}

static struct message *newest_unread(struct ui *ui)
{
	for (size_t at = ui->message_count; at-- > 0;) {
		if (ui->messages[at].unread)
			return &ui->messages[at];
	}
	return NULL;
}

const struct message *ui_message(struct ui *ui, size_t *more)
{
	const struct message *shown = newest_unread(ui);
	*more = 0;
	for (size_t at = 0; at < ui->message_count; at++)
		*more += ui->messages[at].unread && &ui->messages[at] != shown;
	return shown;
}

void ui_message_read(struct ui *ui)
{
	struct message *shown = newest_unread(ui);
	if (shown)
		shown->unread = false;
}

void ui_remark_over(struct ui *ui)
{
	struct message *shown = newest_unread(ui);
	if (shown && shown->passing)
		shown->unread = false;
}

void ui_messages_read(struct ui *ui)
{
	for (size_t at = 0; at < ui->message_count; at++)
		ui->messages[at].unread = false;
}

void ui_forget_messages(struct ui *ui)
{
	while (ui->message_count)
		free(ui->messages[--ui->message_count].text);
}

unsigned ui_heed_farewell(struct ui *ui)
{
	if (ui->farewells == session_farewells(ui->session))
		return 0;
	ui->farewells = session_farewells(ui->session);
	ui_forget_messages(ui);
	ui_set_filter(ui, PANE_MEMBERS, "");
	return UI_LAYOUT;
}

/* ---- what became of wishes ---- */

static bool ended_well(const struct wish_view *wish)
{
	return outcome_exit_status(wish->outcome.kind) == 0;
}

/* Who stands on a wish stands on what it made, whichever comes first: that its own row goes, or that of what it made is there. */
static void follow_made(struct ui *ui, const struct wish_view *wish)
{
	const char *made = my_day_made(ui->scratch, wish);
	if (made && wish_stands(wish) != WISH_ASKS)
		list_await(&ui->views[PANE_MY_DAY].list, my_day_wish(ui->scratch, wish->row->id), made);
}

/* Of what has ended; what came to nothing stays until it is answered, in the dialog that shows it or on My day. */
static void tell_end(struct ui *ui, const struct wish_view *wish)
{
	const char *shown = ui->dialog && ui->dialog->ops->wish ? ui->dialog->ops->wish(ui->dialog) : NULL;
	if (!wish->told) {
		bool is_there = shown && strcmp(shown, wish->row->id) == 0;   /* not twice on one screen */
		say(ui, (struct message){ memory_copy_text(wish_words(ui->scratch, wish)), ended_well(wish) ? STYLE_GOOD : STYLE_WARNING,
			.unread = !is_there });
	}
	session_wish_told(ui->session, wish->row->id);
	follow_made(ui, wish);
	if (wish_stands(wish) != WISH_ASKS)
		session_wish_seen(ui->session, wish->row->id);
}

static void tell_ended(struct ui *ui, bool well)
{
	for (size_t at = 0; at < session_wish_count(ui->session);) {
		const struct wish_view *wish = session_wish_at(ui->session, at);
		size_t before = session_wish_count(ui->session);
		if (wish->row->state == WISH_SETTLED && ended_well(wish) == well)
			tell_end(ui, wish);
		at += before == session_wish_count(ui->session);
	}
}

/* Of several at once those that came to nothing are told last, for the newest is what is shown. */
void ui_tell_wishes(struct ui *ui)
{
	tell_ended(ui, true);
	tell_ended(ui, false);
	size_t count = session_wish_count(ui->session);
	free(ui->standing);
	ui->standing = memory_copy_text(count ? wish_words_brief(ui->scratch, session_wish_at(ui->session, count - 1)) : "");
	ui->standing_more = count ? count - 1 : 0;
	for (; ui->notes_told < session_note_count(ui->session); ui->notes_told++)
		ui_say(ui, STYLE_WARNING, session_note(ui->session, ui->notes_told));
}

void ui_saw_wish(struct ui *ui, const char *id)
{
	const struct wish_view *wish = id ? session_wish(ui->session, id) : NULL;
	if (wish && wish_stands(wish) == WISH_ASKS)   /* a good end is still to be told */
		session_wish_seen(ui->session, id);
}
