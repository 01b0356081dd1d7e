/* community.c — the agenda, sign-ups, members and organisations as text. See inside.h. */
#include <string.h>

#include "inside.h"
#include "table.h"

static const struct zone *zone_of(const struct cli *cli, const char *name)
{
	return zones_find(session_zones(cli->session), name, NULL);
}

static const char *clock_words(struct cli *cli, const struct activity *activity)
{
	const struct zone *zone = zone_of(cli, activity->time_zone);
	return activity_clock_words(cli->arena, activity, zone);
}

static const char *where_words(struct arena *arena, const struct activity *activity)
{
	if (!activity->online)
		return activity->space_name;
	return *activity->place ? arena_print(arena, _("%s and online"), activity->space_name)
	                        : arena_print(arena, _("%s, online"), activity->space_name);
}

/* How I stand to it; "" when not at all. */
static const char *mine_words(struct arena *arena, const struct signup *mine)
{
	if (mine->state == SIGNUP_WAITLISTED)
		return arena_print(arena, _("%1$s, place %2$d"), signup_state_words(mine->state), mine->place);
	return mine->state == SIGNUP_SIGNED_UP || mine->state == SIGNUP_OFFERED ? signup_state_words(mine->state) : "";
}

/* ---- activities ---- */

static void add_activity(struct cli *cli, struct table *table, const struct activity *activity)
{
	table_row(table, (const char *const[]){
		date_words(cli->arena, activity->date), clock_words(cli, activity), activity->title, where_words(cli->arena, activity),
		languages_words(cli->arena, activity->languages), activity_places_words(cli->arena, activity),
		mine_words(cli->arena, &activity->mine), activity->id,
	});
}

void show_agenda_text(struct cli *cli, const struct agenda_filter *filter)
{
	const struct activity_list *list = session_activities(cli->session, filter->from, filter->until);
	struct table table;
	table_init(&table, cli->arena, 8);
	table.optional_last = true;
	for (size_t at = 0; at < list->count; at++) {
		if (agenda_filter_fits(cli->session, filter, list->rows[at].activity))
			add_activity(cli, &table, list->rows[at].activity);
	}
	if (table.rows)
		table_print(&table, terminal_width(), &cli->out);
	else
		cli_say(cli, "%s\n", _("No activity fits that."));
}

void show_signups_text(struct cli *cli)
{
	const struct activity_list *list = session_signups(cli->session);
	struct table table;
	table_init(&table, cli->arena, 8);
	table.optional_last = true;
	for (size_t at = 0; at < list->count; at++)
		add_activity(cli, &table, list->rows[at].activity);
	if (table.rows)
		table_print(&table, terminal_width(), &cli->out);
	else
		cli_say(cli, "%s\n", _("You are not signed up for anything."));
}

/* One fact on one line; "" is no fact. */
static void say_fact(struct cli *cli, const char *name, const char *fact)
{
	if (*fact)
		cli_say(cli, _("%1$s: %2$s\n"), name, fact);
}

static void say_text(struct cli *cli, const char *text)
{
	if (*text)
		cli_say(cli, "\n%s\n", text);
}

void show_activity_text(struct cli *cli, const struct activity *activity)
{
	struct arena *arena = cli->arena;
	const struct zone *zone = zone_of(cli, activity->time_zone);
	cli_say(cli, "%s\n", activity->title);
	cli_say(cli, _("%1$s, %2$s: %3$s\n"), date_words_long(arena, activity->date), clock_words(cli, activity),
	        where_words(arena, activity));
	say_fact(cli, C_("fact", "Place"), activity->place);
	say_fact(cli, C_("fact", "Format"), activity_format_words(activity->format));
	say_fact(cli, card_field_words(CARD_LANGUAGES), languages_words(arena, activity->languages));
	say_fact(cli, C_("fact", "Organiser"), activity->organiser);
	say_fact(cli, C_("fact", "Places"), activity_places_words(arena, activity));
	say_fact(cli, C_("fact", "You"), mine_words(arena, &activity->mine));
	if (zone) {
		say_fact(cli, C_("fact", "Sign up until"), instant_words(arena, zone, activity->signup_until));
		say_fact(cli, C_("fact", "Withdraw until"), instant_words(arena, zone, activity->withdraw_until));
	}
	say_fact(cli, C_("fact", "Link"), activity->link);
	say_fact(cli, C_("fact", "Good to know"), activity->note);
	say_fact(cli, C_("fact", "Number"), activity->id);
	say_text(cli, activity->summary);
	say_text(cli, activity->description);
}

/* ---- the directory ---- */

static void add_row(struct table *table, const struct directory_row *row)
{
	if (row->card) {
		const struct card *card = row->card;
		table_row(table, (const char *const[]){ card->name, card->profession, card->organisation_name, card->town,
		                                        card->home_space_name, card->id });
		return;
	}
	const struct organisation *organisation = row->organisation;
	table_row(table, (const char *const[]){
		organisation->name, organisation->sector, organisation_kind_words(organisation->kind, organisation->country),
		organisation->town, organisation->visits ? _("can be visited") : "", organisation->id,
	});
}

void show_directory_text(struct cli *cli, const struct directory_list *list)
{
	struct table table;
	table_init(&table, cli->arena, 6);
	table.optional_last = true;
	for (size_t at = 0; at < list->count; at++)
		add_row(&table, &list->rows[at]);
	if (!table.rows)
		cli_say(cli, _("Nothing was found for “%s”.\n"), list->query);
	table_print(&table, terminal_width(), &cli->out);
	if (list->more)
		cli_say(cli, "%s\n", _("There are more: say more words."));
}

static const char *town_words(struct arena *arena, const char *town, enum country country)
{
	const char *code = country_code(country);
	return *town && *code ? arena_print(arena, "%s [%s]", town, code) : *town ? town : code;
}

void show_card_text(struct cli *cli, const struct card *card)
{
	cli_say(cli, "%s\n", card->name);
	say_fact(cli, card_field_words(CARD_HOME_SPACE), card->home_space_name);
	say_fact(cli, card_field_words(CARD_PROFESSION), card->profession);
	say_fact(cli, card_field_words(CARD_ORGANISATION), card->organisation_name);
	say_fact(cli, card_field_words(CARD_SKILLS), card->skills);
	say_fact(cli, card_field_words(CARD_LANGUAGES), languages_words(cli->arena, card->languages));
	say_fact(cli, card_field_words(CARD_TOWN), town_words(cli->arena, card->town, card->country));
	say_fact(cli, card_field_words(CARD_EMAIL), card->email);
	say_fact(cli, card_field_words(CARD_PHONE), card->phone);
	say_fact(cli, card_field_words(CARD_WEBSITE), card->website);
	say_text(cli, card->about);
}

void show_organisation_text(struct cli *cli, const struct organisation *organisation)
{
	struct arena *arena = cli->arena;
	cli_say(cli, _("%1$s, %2$s\n"), organisation->name, organisation_kind_words(organisation->kind, organisation->country));
	say_fact(cli, C_("fact", "Sector"), organisation->sector);
	say_fact(cli, C_("fact", "Address"), *organisation->street
	         ? arena_print(arena, "%s, %s %s", organisation->street, organisation->postcode,
	                       town_words(arena, organisation->town, organisation->country))
	         : town_words(arena, organisation->town, organisation->country));
	say_fact(cli, card_field_words(CARD_WEBSITE), organisation->website);
	say_fact(cli, card_field_words(CARD_EMAIL), organisation->email);
	say_fact(cli, card_field_words(CARD_PHONE), organisation->phone);
	if (organisation->registration != REGISTRATION_NONE)
		say_fact(cli, registration_words(organisation->registration),
		         registration_print(arena, organisation->registration, organisation->registration_number));
	say_fact(cli, card_field_words(CARD_LANGUAGES), languages_words(arena, organisation->languages));
	say_fact(cli, C_("fact", "Contact"), organisation->contact_name);
	if (organisation->visits)
		say_fact(cli, C_("fact", "Visits"), _("can be visited"));
	say_text(cli, organisation->description);
}
