/* card.h — a member in the directory: what its owner shows of themselves, and to whom. Strings as in space.h; a field that is hidden
 * from the reader is "" or 0 as one that was never filled in. Who hides the name is not in the directory. */
#ifndef HACKTIV_MODEL_CARD_H
#define HACKTIV_MODEL_CARD_H

#include <stddef.h>
#include <stdint.h>

#include "hacktiv/model/holiday.h"
#include "hacktiv/model/language.h"
#include "hacktiv/model/visibility.h"

enum card_field {
	CARD_NAME, CARD_HOME_SPACE, CARD_PROFESSION, CARD_ORGANISATION, CARD_SKILLS, CARD_LANGUAGES, CARD_TOWN, CARD_COUNTRY,
	CARD_EMAIL, CARD_PHONE, CARD_WEBSITE, CARD_ABOUT
};
#define CARD_FIELDS 12
const char *card_field_wire_name(enum card_field field);     /* "home_space"; also the key in a table of levels */
bool card_field_from_wire(const char *name, enum card_field *field);
const char *card_field_words(enum card_field field);         /* "Métier" */

#define CARD_QUERY_LETTERS_MIN 2     /* the directory is searched, never read from end to end */

struct card {
	const char *id;                   /* the member's */
	const char *name;
	const char *home_space_id;
	const char *home_space_name;
	const char *profession;           /* one line */
	const char *organisation_id;
	const char *organisation_name;
	const char *skills;               /* one line, separated by commas */
	unsigned languages;               /* of enum language */
	const char *town;
	enum country country;
	const char *email;
	const char *phone;                /* E.164 */
	const char *website;
	const char *about;                /* many lines; "" in lists: ask for the one card */
};

/* A card as its owner keeps it. */
struct owned_card {
	struct card card;
	enum visibility shown_to[CARD_FIELDS];
	bool restricted;                  /* its owner asked that nothing be done with it (GDPR art. 18): nobody else sees it */
};

/* What `onlooker` sees of it. Borrowed strings. False: the owner is not in the directory for this reader. */
bool card_for(const struct owned_card *owned, const struct onlooker *onlooker, struct card *seen);

/* What `onlooker` sees of it only because they work for the owner's space, in the order of fields. Returns how many. */
size_t card_seen_as_staff(const struct owned_card *owned, const struct onlooker *onlooker, enum card_field shown[CARD_FIELDS]);

/* Is `words` enough to search by: at least CARD_QUERY_LETTERS_MIN letters or digits, case and accents gone. */
bool card_query_is_enough(const char *words);
/* Every word begins a word of what is on the card (as it is seen: hidden things cannot be searched for). */
bool card_fits(const struct card *card, const char *words);

#endif
