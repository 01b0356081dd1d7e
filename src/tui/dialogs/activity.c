/* activity.c — one activity to be read: the whole text, and from here signing up and withdrawing. */
#include "reader.h"

#include <stdlib.h>

struct activity_dialog {
	struct reader reader;
	struct arena *arena;
	size_t site;
	struct activity activity;     /* as it was when opened: shown until the whole of it is here */
};

static const char *when_words(struct ui *ui, const struct activity *activity)
{
	struct arena *arena = ui->scratch;
	const struct zone *zone = ui_zone(ui, activity->time_zone);
	struct wall_time from = zone_wall(zone, activity->start_at), until = zone_wall(zone, activity->end_at);
	const char *end = minutes_words(arena, until.minutes);
	bool next_day = date_equal(date_plus(from.date, 1), until.date) && until.minutes < from.minutes;
	if (next_day)
		end = arena_print(arena, _("%s the next day"), end);
	else if (!date_equal(from.date, until.date))
		end = arena_print(arena, "%s %s", date_words_long(arena, until.date), end);
	return arena_print(arena, "%s, %s–%s", date_words_long(arena, from.date), minutes_words(arena, from.minutes), end);
}

static const char *where_words(struct ui *ui, const struct activity *activity)
{
	struct arena *arena = ui->scratch;
	const char *space = arena_print(arena, "%s, %s", activity->space_name, activity->space_town);
	if (*activity->place)
		space = arena_print(arena, "%s, %s", activity->place, space);
	return activity->online ? arena_print(arena, _("%s; also online"), space) : space;
}

/* What I have there comes first. */
static const char *mine_words(struct ui *ui, const struct activity *activity)
{
	const struct signup *mine = &activity->mine;
	if (mine->state == SIGNUP_WAITLISTED)
		return arena_print(ui->scratch, _("%1$s, number %2$d"), signup_state_words(mine->state), mine->place);
	if (mine->state == SIGNUP_OFFERED)
		return signup_offer_words(ui->scratch, ui_zone(ui, activity->time_zone), mine);
	return mine->state == SIGNUP_SIGNED_UP || mine->state == SIGNUP_LAPSED ? signup_state_words(mine->state) : "";
}

void activity_brief(struct ui *ui, const struct activity *activity, struct prose *prose)
{
	prose_add(prose, STYLE_PLAIN, activity->title);
	prose_add_labelled(prose, _("When"), when_words(ui, activity));
	prose_add_labelled(prose, _("Where"), where_words(ui, activity));
}

void activity_prose(struct ui *ui, const struct activity *activity, struct prose *prose)
{
	struct arena *arena = ui->scratch;
	const struct zone *zone = ui_zone(ui, activity->time_zone);
	prose_add(prose, STYLE_TITLE, activity->title);
	if (*activity->summary)
		prose_add(prose, STYLE_PLAIN, activity->summary);
	prose_add_blank(prose);
	prose_add_labelled(prose, _("When"), when_words(ui, activity));
	prose_add_labelled(prose, _("Where"), where_words(ui, activity));
	prose_add_labelled(prose, _("Format"), activity_format_words(activity->format));
	prose_add_labelled(prose, _("Language"), languages_words(arena, activity->languages));
	prose_add_labelled(prose, _("Organiser"), activity->organiser);
	prose_add_labelled(prose, C_("heading", "Places"), activity_places_words(arena, activity));
	prose_add_labelled(prose, _("For me"), mine_words(ui, activity));
	if (activity->signup_until > session_now(ui->session))
		prose_add_labelled(prose, _("Sign up by"), instant_words(arena, zone, activity->signup_until));
	prose_add_labelled(prose, _("To know"), activity->note);
	prose_add_labelled(prose, _("Online at"), activity->link);
	if (*activity->description) {
		prose_add_blank(prose);
		prose_add(prose, STYLE_PLAIN, activity->description);
	}
}

static const struct activity *activity_now(const struct ui *ui, const struct activity_dialog *dialog)
{
	const struct activity *known = &dialog->activity;
	const struct detail *detail = session_activity(ui->session, dialog->site, known->space_id, known->id);
	return detail->activity ? detail->activity : known;
}

static void fill(struct ui *ui, const struct reader *reader, struct prose *prose)
{
	const struct activity_dialog *dialog = (const struct activity_dialog *)reader;
	const struct detail *detail = session_activity(ui->session, dialog->site, dialog->activity.space_id, dialog->activity.id);
	activity_prose(ui, activity_now(ui, dialog), prose);
	if (!detail->activity) {
		prose_add_blank(prose);
		prose_add(prose, STYLE_QUIET, detail->state.asking ? _("The text is being asked for.")
		                                                   : outcome_words(ui->scratch, &detail->state.outcome));
	}
}

static unsigned key(struct ui *ui, struct dialog *base, const struct key *key)
{
	struct activity_dialog *dialog = (struct activity_dialog *)base;
	bool taken;
	unsigned stale = reader_key(ui, &dialog->reader, key, &taken);
	if (taken)
		return stale;
	if (key_is(key, "i"))
		open_sign_up_dialog(ui, dialog->site, activity_now(ui, dialog));
	else if (key_is(key, "a"))
		open_withdraw_dialog(ui, dialog->site, activity_now(ui, dialog));
	else
		return stale;
	return UI_LAYOUT;
}

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	(void)ui;
	(void)dialog;
	return changes & (SESSION_DETAIL | SESSION_ACTIVITIES) ? UI_ROWS : 0;
}

static void close_dialog(struct ui *ui, struct dialog *base)
{
	(void)ui;
	struct activity_dialog *dialog = (struct activity_dialog *)base;
	arena_free(dialog->arena);
	free(dialog);
}

/* Only what can be done. */
static const char *hint(const struct ui *ui, const struct dialog *base)
{
	switch (activity_now(ui, (const struct activity_dialog *)base)->mine.state) {
	case SIGNUP_SIGNED_UP:
	case SIGNUP_WAITLISTED:
		return _("a withdraw   arrows scroll   q back");
	case SIGNUP_OFFERED:
		return _("i sign up   a withdraw   arrows scroll   q back");
	case SIGNUP_NONE:
	case SIGNUP_WITHDRAWN:
	case SIGNUP_LAPSED:
		break;
	}
	return _("i sign up   arrows scroll   q back");
}

static const struct dialog_ops ops = {
	.draw = reader_draw, .key = key, .changed = changed, .close = close_dialog, .hint_now = hint,
};

void open_activity_dialog(struct ui *ui, size_t site, const struct activity *activity)
{
	struct activity_dialog *dialog = memory_get(sizeof *dialog);
	dialog->reader.fill = fill;
	dialog->arena = arena_new();
	dialog->site = site;
	dialog->activity = activity_copy(dialog->arena, activity);
	dialog_open(ui, &dialog->reader.dialog, &ops);
}
