/* organisation.c — kinds, and numbers that are right by their own sums: see organisation.h. */
#include "hacktiv/model/organisation.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

static const char *const kind_names[ORGANISATION_KINDS] = { "company", "nonprofit", "public_body", "school", "other" };

const char *organisation_kind_wire_name(enum organisation_kind kind)
{
	return kind_names[kind];
}

bool organisation_kind_from_wire(const char *name, enum organisation_kind *kind)
{
	int found = name_index(kind_names, ORGANISATION_KINDS, name);
	if (found < 0)
		return false;
	*kind = (enum organisation_kind)found;
	return true;
}

const char *organisation_kind_words(enum organisation_kind kind, enum country country)
{
	switch (kind) {
	case ORGANISATION_COMPANY:
		return C_("organisation", "company");
	case ORGANISATION_NONPROFIT:
		return country == COUNTRY_BELGIUM ? C_("Belgium", "non-profit association") : C_("France", "non-profit association");
	case ORGANISATION_PUBLIC:
		return C_("organisation", "public body");
	case ORGANISATION_SCHOOL:
		return C_("organisation", "school");
	case ORGANISATION_OTHER:
		return C_("organisation", "other");
	}
	return "";
}

bool organisation_fits(const struct organisation *organisation, const char *words)
{
	struct arena *arena = arena_new();
	const char *all = arena_print(arena, "%s %s %s %s %s", organisation->name, organisation->sector, organisation->town,
	                              organisation_kind_wire_name(organisation->kind),
	                              organisation_kind_words(organisation->kind, organisation->country));
	bool fits = text_holds(all, words);
	arena_free(arena);
	return fits;
}

/* ---- registration numbers ---------------------------------------------------------------------------------------- */

#define BE_KBO_DIGITS 10
#define FR_SIRET_DIGITS 14
#define LA_POSTE "356000000"

static const char *const scheme_names[REGISTRATIONS] = { "", "be_kbo", "fr_siret" };

const char *registration_wire_name(enum registration scheme)
{
	return scheme_names[scheme];
}

bool registration_from_wire(const char *name, enum registration *scheme)
{
	int found = name_index(scheme_names, REGISTRATIONS, name);
	if (found < 0)
		return false;
	*scheme = (enum registration)found;
	return true;
}

const char *registration_words(enum registration scheme)
{
	switch (scheme) {
	case REGISTRATION_NONE:
		return "";
	case REGISTRATION_BE_KBO:
		return _("enterprise number");
	case REGISTRATION_FR_SIRET:
		return _("SIRET number");
	}
	return "";
}

/* Digits without what people put between them; false when there is anything else, or more than `most`. */
static bool take_digits(const char *text, size_t most, char number[REGISTRATION_SIZE])
{
	size_t count = 0;
	for (; *text; text++) {
		if (strchr(" .-", *text))
			continue;
		if (*text < '0' || *text > '9' || count == most)
			return false;
		number[count++] = *text;
	}
	number[count] = '\0';
	return count == most;
}

static bool kbo_is_right(const char *number)
{
	int value = 0;
	for (size_t i = 0; i < BE_KBO_DIGITS - 2; i++)
		value = value * 10 + (number[i] - '0');
	return number[0] <= '1' && (number[8] - '0') * 10 + (number[9] - '0') == 97 - value % 97;
}

/* Luhn: every second digit from the right counts twice, a two-digit product by the sum of its digits (ISO/IEC 7812-1, annex B). */
static bool siret_is_right(const char *number)
{
	int luhn = 0, plain = 0;
	for (size_t i = 0; i < FR_SIRET_DIGITS; i++) {
		int digit = number[i] - '0', twice = 2 * digit;
		plain += digit;
		luhn += i % 2 ? digit : twice > 9 ? twice - 9 : twice;
	}
	return plain > 0 && (luhn % 10 == 0 || (strncmp(number, LA_POSTE, strlen(LA_POSTE)) == 0 && plain % 5 == 0));
}

static bool read_kbo(const char *text, char number[REGISTRATION_SIZE])
{
	if (strncmp(text, "BE", 2) == 0)
		text += 2;
	return take_digits(text, BE_KBO_DIGITS, number) && kbo_is_right(number);
}

bool registration_read(enum registration scheme, const char *text, char number[REGISTRATION_SIZE], struct problem *why)
{
	number[0] = '\0';
	switch (scheme) {
	case REGISTRATION_NONE:
		if (!*text)
			return true;
		return problem_set(why, PROBLEM_INVALID, "registration_number", _("A number needs to say under which scheme it is one."));
	case REGISTRATION_BE_KBO:
		if (read_kbo(text, number))
			return true;
		return problem_set(why, PROBLEM_INVALID, "registration_number",
		                   _("This is no Belgian enterprise number: ten digits such as 0403.170.701, of which the last two are a check."));
	case REGISTRATION_FR_SIRET:
		if (take_digits(text, FR_SIRET_DIGITS, number) && siret_is_right(number))
			return true;
		return problem_set(why, PROBLEM_INVALID, "registration_number",
		                   _("This is no SIRET number: fourteen digits such as 732 829 320 00074, of which the last is a check."));
	}
	return false;
}

char *registration_print(struct arena *arena, enum registration scheme, const char *number)
{
	if (scheme == REGISTRATION_BE_KBO && strlen(number) == BE_KBO_DIGITS)
		return arena_print(arena, "%.4s.%.3s.%.3s", number, number + 4, number + 7);
	if (scheme == REGISTRATION_FR_SIRET && strlen(number) == FR_SIRET_DIGITS)
		return arena_print(arena, "%.3s %.3s %.3s %.5s", number, number + 3, number + 6, number + 9);
	return arena_copy_text(arena, number);
}
