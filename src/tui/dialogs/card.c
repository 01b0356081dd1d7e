/* card.c — a person's or an organisation's card: what its owner shows to this reader, and nothing to say that there is more. */
#include "reader.h"

#include <stdlib.h>

struct card_dialog {
	struct reader reader;
	size_t site;
	bool is_person;
	char *id, *name;
};

static void person_prose(struct ui *ui, const struct card *card, struct prose *prose)
{
	struct arena *arena = ui->scratch;
	prose_add(prose, STYLE_TITLE, card->name);
	prose_add_blank(prose);
	prose_add_labelled(prose, card_field_words(CARD_PROFESSION), card->profession);
	prose_add_labelled(prose, card_field_words(CARD_ORGANISATION), card->organisation_name);
	prose_add_labelled(prose, card_field_words(CARD_HOME_SPACE), card->home_space_name);
	prose_add_labelled(prose, card_field_words(CARD_SKILLS), card->skills);
	prose_add_labelled(prose, card_field_words(CARD_LANGUAGES), languages_words(arena, card->languages));
	prose_add_labelled(prose, card_field_words(CARD_TOWN), card->town);
	prose_add_labelled(prose, card_field_words(CARD_COUNTRY), country_words(card->country));
	prose_add_labelled(prose, card_field_words(CARD_EMAIL), card->email);
	prose_add_labelled(prose, card_field_words(CARD_PHONE), card->phone);
	prose_add_labelled(prose, card_field_words(CARD_WEBSITE), card->website);
	if (*card->about) {
		prose_add_blank(prose);
		prose_add(prose, STYLE_PLAIN, card->about);
	}
}

static void organisation_prose(struct ui *ui, const struct organisation *organisation, struct prose *prose)
{
	struct arena *arena = ui->scratch;
	prose_add(prose, STYLE_TITLE, organisation->name);
	prose_add(prose, STYLE_PLAIN, organisation_kind_words(organisation->kind, organisation->country));
	prose_add_blank(prose);
	prose_add_labelled(prose, _("Does"), organisation->sector);
	prose_add_labelled(prose, _("Address"), *organisation->street
		? arena_print(arena, _("%1$s, %2$s %3$s, %4$s"), organisation->street, organisation->postcode, organisation->town,
		              country_words(organisation->country))
		: arena_print(arena, "%s, %s", organisation->town, country_words(organisation->country)));
	prose_add_labelled(prose, card_field_words(CARD_EMAIL), organisation->email);
	prose_add_labelled(prose, card_field_words(CARD_PHONE), organisation->phone);
	prose_add_labelled(prose, card_field_words(CARD_WEBSITE), organisation->website);
	prose_add_labelled(prose, registration_words(organisation->registration),
	                   registration_print(arena, organisation->registration, organisation->registration_number));
	prose_add_labelled(prose, card_field_words(CARD_LANGUAGES), languages_words(arena, organisation->languages));
	prose_add_labelled(prose, _("Visits"), organisation->visits ? _("can be visited") : "");
	prose_add_labelled(prose, _("Contact"), organisation->contact_name);
	if (*organisation->description) {
		prose_add_blank(prose);
		prose_add(prose, STYLE_PLAIN, organisation->description);
	}
}

static void fill(struct ui *ui, const struct reader *reader, struct prose *prose)
{
	const struct card_dialog *dialog = (const struct card_dialog *)reader;
	const struct detail *detail = dialog->is_person ? session_card(ui->session, dialog->site, dialog->id)
	                                                : session_organisation(ui->session, dialog->site, dialog->id);
	if (detail->card) {
		person_prose(ui, detail->card, prose);
	} else if (detail->organisation) {
		organisation_prose(ui, detail->organisation, prose);
	} else {
		prose_add(prose, STYLE_TITLE, dialog->name);
		prose_add_blank(prose);
		prose_add(prose, STYLE_QUIET, detail->state.asking ? _("Being asked for.") : outcome_words(ui->scratch, &detail->state.outcome));
	}
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	bool taken;
	return reader_key(ui, (struct reader *)dialog, key, &taken);
}

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	(void)ui;
	(void)dialog;
	return changes & SESSION_DETAIL ? UI_ROWS : 0;
}

static void close_dialog(struct ui *ui, struct dialog *base)
{
	(void)ui;
	struct card_dialog *dialog = (struct card_dialog *)base;
	free(dialog->id);
	free(dialog->name);
	free(dialog);
}

static const struct dialog_ops ops = {
	.draw = reader_draw, .key = key, .changed = changed, .close = close_dialog, .hint = N_("arrows scroll   q back"),
};

static void open_one(struct ui *ui, size_t site, bool is_person, const char *id, const char *name)
{
	struct card_dialog *dialog = memory_get(sizeof *dialog);
	dialog->reader.fill = fill;
	dialog->site = site;
	dialog->is_person = is_person;
	dialog->id = memory_copy_text(id);
	dialog->name = memory_copy_text(name);
	dialog_open(ui, &dialog->reader.dialog, &ops);
}

void open_card_dialog(struct ui *ui, size_t site, const struct card *card)
{
	open_one(ui, site, true, card->id, card->name);
}

void open_organisation_dialog(struct ui *ui, size_t site, const struct organisation *organisation)
{
	open_one(ui, site, false, organisation->id, organisation->name);
}
