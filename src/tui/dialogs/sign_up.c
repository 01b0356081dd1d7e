/* sign_up.c — about to sign up or to withdraw: what will happen, told before Enter and not after. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct sign_up_dialog {
	struct dialog dialog;
	struct arena *arena;
	size_t site;
	bool withdraws;
	struct activity activity;     /* a copy: the list may change under us */
	const char *sent;
};

static const struct wish_view *sent_wish(const struct ui *ui, const struct sign_up_dialog *dialog)
{
	return dialog->sent ? session_wish(ui->session, dialog->sent) : NULL;
}

/* What stands in the way, in words; NULL: nothing. */
static const char *obstacle(const struct ui *ui, const struct sign_up_dialog *dialog)
{
	const struct activity *activity = &dialog->activity;
	int64_t now = session_now(ui->session);
	bool asked = activity->mine.state == SIGNUP_OFFERED;   /* they may say yes and no */
	if (!asked && signup_is_held(activity->mine.state) != dialog->withdraws)
		return dialog->withdraws ? _("You are not signed up for this.")
		       : activity->mine.state == SIGNUP_WAITLISTED
		       ? arena_print(ui->scratch, _("You are in line for this already, as number %d."), activity->mine.place)
		       : _("You are signed up for this already.");
	enum rule rule = dialog->withdraws ? activity_withdraw_rule(activity, now) : activity_signup_rule(activity, now);
	return rule == RULE_NONE ? NULL : rule_words(rule);
}

static const char *promise(struct ui *ui, const struct sign_up_dialog *dialog)
{
	struct arena *arena = ui->scratch;
	const struct activity *activity = &dialog->activity;
	const struct zone *zone = ui_zone(ui, activity->time_zone);
	if (activity->mine.state == SIGNUP_OFFERED)
		return arena_print(arena, dialog->withdraws ? _("%s. Enter says no: the next in line is asked. q leaves it open.")
		                                            : _("%s. Enter says yes: the place is yours. q leaves it open."),
		                   signup_offer_words(arena, zone, &activity->mine));
	if (dialog->withdraws)
		return activity->mine.state == SIGNUP_WAITLISTED
		       ? _("Enter gives up your place in line, q keeps it.")
		       : _("Enter gives up your place: whoever is first in line has it at once. q keeps it.");
	if (activity_places_left(activity) == 0)
		return arena_print(arena, _("It is full. Enter puts you in line as number %d; whoever is first has the next place that comes free."),
		                   activity->waiting + 1);
	const char *left = activity_places_words(arena, activity);
	if (activity->withdraw_until <= session_now(ui->session))
		return arena_print(arena, _("%s. Enter signs you up; giving the place up is not possible any more."), left);
	return arena_print(arena, _("%1$s. Enter signs you up; until %2$s you can give the place up."), left,
	                   instant_words(arena, zone, activity->withdraw_until));
}

static void draw(struct ui *ui, struct dialog *base, struct area area)
{
	struct sign_up_dialog *dialog = (struct sign_up_dialog *)base;
	bool airy = ui->layout.size != LAYOUT_SMALL;
	struct prose prose;
	prose_init(&prose, ui->scratch);
	prose_add(&prose, STYLE_TITLE, dialog->withdraws ? _("WITHDRAW FROM AN ACTIVITY") : _("SIGN UP FOR AN ACTIVITY"));
	if (airy)
		prose_add_blank(&prose);
	activity_brief(ui, &dialog->activity, &prose);
	if (airy)
		prose_add_blank(&prose);
	int row = prose_rows(&prose, area.columns);
	const struct wish_view *wish = sent_wish(ui, dialog);
	const char *why_not = obstacle(ui, dialog);
	bool fine = !wish && !why_not;
	prose_add(&prose, fine ? STYLE_PLAIN : STYLE_WARNING,
	          wish ? wish_words(ui->scratch, wish) : why_not ? why_not : promise(ui, dialog));
	prose_draw(&prose, &ui->canvas, area, 0);
	canvas_cursor(&ui->canvas, area, row, 0);
}

static unsigned key(struct ui *ui, struct dialog *base, const struct key *key)
{
	struct sign_up_dialog *dialog = (struct sign_up_dialog *)base;
	if (key_is_back(key))
		return dialog_close(ui);
	if (!key_is(key, "Enter") || obstacle(ui, dialog))
		return UI_DEAF;
	if (dialog->sent)
		return 0;
	if (ui_log_in_first(ui, base, dialog->site))
		return UI_LAYOUT;
	dialog->sent = dialog->withdraws ? session_withdraw(ui->session, dialog->site, &dialog->activity)
	                                 : session_sign_up(ui->session, dialog->site, &dialog->activity);
	return UI_ROWS;
}

static const struct activity *find_newer(const struct activity_list *list, const struct sign_up_dialog *dialog)
{
	for (size_t at = 0; at < list->count; at++) {
		const struct activity *now = list->rows[at].activity;
		if (list->rows[at].site == dialog->site && now->version > dialog->activity.version && strcmp(now->id, dialog->activity.id) == 0)
			return now;
	}
	return NULL;
}

/* Somebody else took the last place while one reads: then Enter waits in line, and says so. */
static unsigned take_newer(struct ui *ui, struct sign_up_dialog *dialog)
{
	const struct activity *now = find_newer(session_signups(ui->session), dialog);
	if (!now && ui->pane == PANE_AGENDA)   /* else it is not at hand, and would be asked for */
		now = find_newer(session_agenda(ui->session), dialog);
	if (!now)
		return 0;
	struct arena *arena = arena_new();
	struct activity copy = activity_copy(arena, now);
	arena_free(dialog->arena);
	dialog->arena = arena;
	dialog->activity = copy;
	return UI_ROWS;
}

static unsigned changed(struct ui *ui, struct dialog *base, unsigned changes)
{
	struct sign_up_dialog *dialog = (struct sign_up_dialog *)base;
	const struct wish_view *wish = sent_wish(ui, dialog);
	if (!wish)
		return changes & SESSION_ACTIVITIES ? take_newer(ui, dialog) : 0;
	ui_log_in_for(ui, base, wish);
	if (!(changes & SESSION_WISHES))
		return 0;
	return outcome_exit_status(wish->outcome.kind) == 0 ? dialog_close(ui) : UI_ROWS;
}

static void close_dialog(struct ui *ui, struct dialog *base)
{
	struct sign_up_dialog *dialog = (struct sign_up_dialog *)base;
	ui_saw_wish(ui, dialog->sent);
	dialog->sent = NULL;
	ui_tell_wishes(ui);
	arena_free(dialog->arena);
	free(dialog);
}

/* What Enter does not do is not offered. */
static const char *hint(const struct ui *ui, const struct dialog *base)
{
	const struct sign_up_dialog *dialog = (const struct sign_up_dialog *)base;
	if (dialog->sent || obstacle(ui, dialog))
		return _("q back");
	if (dialog->withdraws)
		return _("Enter give up the place   q keep it");
	bool for_the_line = activity_places_left(&dialog->activity) == 0 && dialog->activity.mine.state != SIGNUP_OFFERED;
	return for_the_line ? _("Enter wait in line   q back") : _("Enter sign up   q back");
}

static const char *wish_of(const struct dialog *base)
{
	return ((const struct sign_up_dialog *)base)->sent;
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog, .hint_now = hint, .wish = wish_of,
};

static void open_one(struct ui *ui, size_t site, const struct activity *activity, bool withdraws)
{
	struct sign_up_dialog *dialog = memory_get(sizeof *dialog);
	dialog->arena = arena_new();
	dialog->site = site;
	dialog->withdraws = withdraws;
	dialog->activity = activity_copy(dialog->arena, activity);
	dialog_open(ui, &dialog->dialog, &ops);
}

void open_sign_up_dialog(struct ui *ui, size_t site, const struct activity *activity)
{
	open_one(ui, site, activity, false);
}

void open_withdraw_dialog(struct ui *ui, size_t site, const struct activity *activity)
{
	open_one(ui, site, activity, true);
}
