/* organisation.h — companies, associations and public bodies of the region, and the numbers they are registered under. Strings as in
 * space.h. What an organisation says of itself is public; its contact person is shown as that person's own card allows. */
#ifndef HACKTIV_MODEL_ORGANISATION_H
#define HACKTIV_MODEL_ORGANISATION_H

#include <stdint.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/problem.h"
#include "hacktiv/model/holiday.h"
#include "hacktiv/model/language.h"

enum organisation_kind {
	ORGANISATION_COMPANY, ORGANISATION_NONPROFIT, ORGANISATION_PUBLIC, ORGANISATION_SCHOOL, ORGANISATION_OTHER
};
#define ORGANISATION_KINDS 5
const char *organisation_kind_wire_name(enum organisation_kind kind);     /* "company", "nonprofit", "public_body" … */
bool organisation_kind_from_wire(const char *name, enum organisation_kind *kind);
/* An association is an ASBL in Belgium and an association loi 1901 in France. */
const char *organisation_kind_words(enum organisation_kind kind, enum country country);

enum registration {
	REGISTRATION_NONE,       /* "" */
	REGISTRATION_BE_KBO,     /* "be_kbo": enterprise number, ten digits */
	REGISTRATION_FR_SIRET    /* "fr_siret": establishment number, fourteen digits */
};
#define REGISTRATIONS 3
const char *registration_wire_name(enum registration scheme);
bool registration_from_wire(const char *name, enum registration *scheme);
const char *registration_words(enum registration scheme);                 /* "numéro d'entreprise", "SIRET" */

#define REGISTRATION_SIZE 15   /* the longest number and NUL */
/* Digits of what a person wrote ("0403.170.701", "BE 0403170701", "732 829 320 00074"), checked: ten digits that begin with 0 or 1
 * and end with 97 - (the first eight mod 97), art. III.17 of the Belgian Code of economic law; fourteen under Luhn's sum, or of La
 * Poste (SIREN 356000000) a plain sum that 5 divides. Field "registration_number". For REGISTRATION_NONE only "" is right. */
bool registration_read(enum registration scheme, const char *text, char number[REGISTRATION_SIZE], struct problem *why);
/* As printed: "0403.170.701", "732 829 320 00074". */
char *registration_print(struct arena *arena, enum registration scheme, const char *number);

struct organisation {
	const char *id;
	const char *name;
	enum organisation_kind kind;
	const char *sector;               /* what they do, a few words: "usinage de précision" */
	const char *description;          /* many lines; "" in lists: ask for the one organisation */
	const char *street;
	const char *postcode;
	const char *town;
	enum country country;
	const char *website;
	const char *email;
	const char *phone;                /* E.164 or "" */
	enum registration registration;
	const char *registration_number;  /* digits */
	unsigned languages;               /* of enum language */
	bool visits;                      /* can be visited */
	const char *contact_id;           /* a member's; "" when there is none, or none that the reader may see */
	const char *contact_name;
	int64_t version;
};

/* Every word begins a word of name, sector, town or kind. */
bool organisation_fits(const struct organisation *organisation, const char *words);

#endif
