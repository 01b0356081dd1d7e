/* community.c — line mode's face for the agenda, sign-ups, members and organisations: one fact on one line. See line.h. */
#include <libintl.h>
#include <string.h>

#include "line.h"

static struct line *line_of(struct face *face)
{
	return (struct line *)face;
}

/* ---- activities ---- */

static const char *clock_words(struct line *line, const struct activity *activity)
{
	const struct zone *zone = zones_find(session_zones(line->session), activity->time_zone, NULL);
	return activity_clock_words(line->arena, activity, zone);
}

/* How I stand to it, else how many places there are. */
static const char *standing_words(struct line *line, const struct activity *activity)
{
	const struct signup *mine = &activity->mine;
	if (mine->state == SIGNUP_WAITLISTED)
		return arena_print(line->arena, _("%1$s, place %2$d"), signup_state_words(mine->state), mine->place);
	if (mine->state == SIGNUP_OFFERED)
		return signup_offer_words(line->arena, zones_find(session_zones(line->session), activity->time_zone, NULL), mine);
	if (mine->state == SIGNUP_SIGNED_UP)
		return signup_state_words(mine->state);
	return activity_places_words(line->arena, activity);
}

/* What is said by its number afterwards means this one. */
static void list_one(struct line *line, const struct activity_row *row)
{
	struct listed *listed = arena_next_row(line->listed_arena, &line->listed);
	*listed = (struct listed){ row->site, arena_copy_text(line->listed_arena, row->activity->space_id),
		                   arena_copy_text(line->listed_arena, row->activity->id) };
	line->listed.count++;
}

static void begin_list(struct line *line)
{
	arena_clear(line->listed_arena);
	line->listed = (struct arena_rows){ .bytes = sizeof(struct listed) };
}

static void say_row(struct line *line, const struct activity_row *row)
{
	const struct activity *activity = row->activity;
	list_one(line, row);
	line_say(line, _("%1$zu. %2$s, %3$s: %4$s, %5$s, %6$s."), line->listed.count, date_words_long(line->arena, activity->date),
	         clock_words(line, activity), activity->title, activity->space_name, standing_words(line, activity));
}

void line_show_agenda(struct face *face, const struct agenda_filter *filter)
{
	struct line *line = line_of(face);
	const struct activity_list *list = session_activities(line->session, filter->from, filter->until);
	if (!line_await_list(face, &list->state)) {
		line_say(line, "%s", outcome_words(line->arena, &line->missed));
		return;
	}
	begin_list(line);
	for (size_t at = 0; at < list->count; at++) {
		if (agenda_filter_fits(line->session, filter, list->rows[at].activity))
			say_row(line, &list->rows[at]);
	}
	line_say(line, "%s", line->listed.count ? _("Say a number to hear more of one.") : _("No activity fits that."));
}

void line_show_signups(struct face *face)
{
	struct line *line = line_of(face);
	const struct activity_list *list = session_signups(line->session);
	begin_list(line);
	for (size_t at = 0; at < list->count; at++)
		say_row(line, &list->rows[at]);
	if (!list->count)
		line_say(line, "%s", _("You are not signed up for anything."));
}

static void say_fact(struct line *line, const char *name, const char *fact)
{
	if (*fact)
		line_say(line, _("%1$s: %2$s."), name, fact);
}

static void say_text(struct line *line, const char *text)
{
	if (*text)
		line_say(line, "%s", text);
}

void line_show_activity(struct face *face, size_t site, const struct activity *activity)
{
	(void)site;
	struct line *line = line_of(face);
	const struct zone *zone = zones_find(session_zones(line->session), activity->time_zone, NULL);
	line_say(line, _("%1$s, %2$s, %3$s, %4$s: %5$s."), activity->title, activity->space_name,
	         date_words_long(line->arena, activity->date), clock_words(line, activity), standing_words(line, activity));
	say_fact(line, C_("fact", "Format"), activity_format_words(activity->format));
	say_fact(line, card_field_words(CARD_LANGUAGES), languages_words(line->arena, activity->languages));
	say_fact(line, C_("fact", "Place"), activity->online && !*activity->place ? _("online") : activity->place);
	say_fact(line, C_("fact", "Organiser"), activity->organiser);
	say_fact(line, C_("fact", "Link"), activity->link);
	if (zone) {
		say_fact(line, C_("fact", "Sign up until"), instant_words(line->arena, zone, activity->signup_until));
		say_fact(line, C_("fact", "Withdraw until"), instant_words(line->arena, zone, activity->withdraw_until));
	}
	say_fact(line, C_("fact", "Good to know"), activity->note);
	say_text(line, activity->summary);
	say_text(line, activity->description);
}

static void propose(struct line *line, const char *question, size_t site, const struct activity *asked, bool withdraws)
{
	/* The answer comes turns of the session later: what was borrowed from its lists is copied. */
	struct activity activity = *asked;
	activity.id = arena_copy_text(line->arena, asked->id);
	activity.space_id = arena_copy_text(line->arena, asked->space_id);
	activity.space_name = arena_copy_text(line->arena, asked->space_name);
	activity.title = arena_copy_text(line->arena, asked->title);
	activity.time_zone = arena_copy_text(line->arena, asked->time_zone);
	question = arena_print(line->arena, question, activity.title, activity.space_name, date_words_long(line->arena, activity.date),
	                       clock_words(line, &activity));
	if (!line_confirm(line, question))
		line_say(line, "%s", _("Nothing was changed."));
	else
		line_tell_wish(line, withdraws ? session_withdraw(line->session, site, &activity)
		                               : session_sign_up(line->session, site, &activity));
}

/* What is in the way is told before the yes, not after. */
static bool is_possible(struct line *line, enum rule rule)
{
	if (rule == RULE_NONE)
		return true;
	line_say(line, "%s", rule_words(rule));
	line_say(line, "%s", _("Nothing was changed."));
	return false;
}

void line_propose_sign_up(struct face *face, size_t site, const struct activity *activity)
{
	struct line *line = line_of(face);
	if (!is_possible(line, activity_signup_rule(activity, session_now(line->session))))
		return;
	if (activity_places_left(activity) == 0)
		line_say(line, _("It is full: you would wait in line, at place %d."), activity->waiting + 1);
	propose(line, _("Sign up for %1$s, %2$s, %3$s, %4$s? [yes] "), site, activity, false);
}

void line_propose_withdraw(struct face *face, size_t site, const struct activity *activity)
{
	struct line *line = line_of(face);
	if (is_possible(line, activity_withdraw_rule(activity, session_now(line->session))))
		propose(line, _("Withdraw from %1$s, %2$s, %3$s, %4$s? [yes] "), site, activity, true);
}

/* ---- the directory ---- */

static void say_if_any(struct line *line, char **text, const char *more)
{
	if (*more)
		*text = arena_print(line->arena, "%s, %s", *text, more);
}

static void say_found(struct line *line, size_t number, const struct directory_row *row)
{
	const struct card *card = row->card;
	const struct organisation *organisation = row->organisation;
	char *text = arena_copy_text(line->arena, card ? card->name : organisation->name);
	say_if_any(line, &text, card ? card->profession : organisation->sector);
	say_if_any(line, &text, card ? card->organisation_name : organisation_kind_words(organisation->kind, organisation->country));
	say_if_any(line, &text, card ? card->town : organisation->town);
	line_say(line, "%zu. %s.", number, text);
}

void line_show_directory(struct face *face, enum directory directory, const char *query)
{
	struct line *line = line_of(face);
	const struct directory_list *list = session_directory(line->session, directory, query);
	if (!line_await_list(face, &list->state)) {
		line_say(line, "%s", outcome_words(line->arena, &line->missed));
		return;
	}
	for (size_t at = 0; at < list->count; at++)
		say_found(line, at + 1, &list->rows[at]);
	if (list->count == 1 && list->rows[0].card)
		line_show_card(face, list->rows[0].site, list->rows[0].card);
	if (list->count == 1 && list->rows[0].organisation)
		line_show_organisation(face, list->rows[0].site, list->rows[0].organisation);
	if (!list->count)
		line_say(line, _("Nothing was found for “%s”."), query);
	if (list->more)
		line_say(line, "%s", _("There are more: say more words."));
}

void line_show_card(struct face *face, size_t site, const struct card *card)
{
	(void)site;
	struct line *line = line_of(face);
	line_say(line, "%s.", card->name);
	say_fact(line, card_field_words(CARD_HOME_SPACE), card->home_space_name);
	say_fact(line, card_field_words(CARD_PROFESSION), card->profession);
	say_fact(line, card_field_words(CARD_ORGANISATION), card->organisation_name);
	say_fact(line, card_field_words(CARD_SKILLS), card->skills);
	say_fact(line, card_field_words(CARD_LANGUAGES), languages_words(line->arena, card->languages));
	say_fact(line, card_field_words(CARD_TOWN), card->town);
	say_fact(line, card_field_words(CARD_EMAIL), card->email);
	say_fact(line, card_field_words(CARD_PHONE), card->phone);
	say_fact(line, card_field_words(CARD_WEBSITE), card->website);
	say_text(line, card->about);
}

void line_show_organisation(struct face *face, size_t site, const struct organisation *organisation)
{
	(void)site;
	struct line *line = line_of(face);
	line_say(line, _("%1$s, %2$s."), organisation->name, organisation_kind_words(organisation->kind, organisation->country));
	say_fact(line, C_("fact", "Sector"), organisation->sector);
	say_fact(line, C_("fact", "Address"), *organisation->street
	         ? arena_print(line->arena, "%s, %s %s", organisation->street, organisation->postcode, organisation->town)
	         : organisation->town);
	say_fact(line, card_field_words(CARD_WEBSITE), organisation->website);
	say_fact(line, card_field_words(CARD_EMAIL), organisation->email);
	say_fact(line, card_field_words(CARD_PHONE), organisation->phone);
	say_fact(line, C_("fact", "Contact"), organisation->contact_name);
	say_text(line, organisation->description);
}
