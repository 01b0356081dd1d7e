/* organisation.c — companies, associations and public bodies. */
#include "statement.h"

#define ORGANISATION_COLUMNS(description)                                                                                  \
	"SELECT id, name, kind, sector, " description ", street, postcode, town, country, website, email, phone,"          \
	" registration_scheme, registration_number, contact_id, languages, visits, version FROM organisation "

static struct organisation read_organisation(struct statement *row, struct arena *arena)
{
	struct organisation organisation = {
		.id = row_text(row, 0, arena),
		.name = row_text(row, 1, arena),
		.kind = ORGANISATION_OTHER,
		.sector = row_text(row, 3, arena),
		.description = row_text(row, 4, arena),
		.street = row_text(row, 5, arena),
		.postcode = row_text(row, 6, arena),
		.town = row_text(row, 7, arena),
		.country = country_from_code(row_text(row, 8, arena)),
		.website = row_text(row, 9, arena),
		.email = row_text(row, 10, arena),
		.phone = row_text(row, 11, arena),
		.registration_number = row_text(row, 13, arena),
		.contact_id = row_text(row, 14, arena),
		.contact_name = "",
		.languages = (unsigned)row_int(row, 15),
		.visits = row_int(row, 16) != 0,
		.version = row_int(row, 17),
	};
	organisation_kind_from_wire(row_text(row, 2, arena), &organisation.kind);
	registration_from_wire(row_text(row, 12, arena), &organisation.registration);
	return organisation;
}

const struct organisation *db_find_organisation(struct db_tx *tx, const char *id, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, ORGANISATION_COLUMNS("description") "WHERE id = ?");
	bind_text(statement, 1, id);
	struct organisation *organisation = NULL;
	if (tx_row(tx, statement)) {
		organisation = arena_get(arena, sizeof *organisation);
		*organisation = read_organisation(statement, arena);
	}
	statement_done(statement);
	return organisation;
}

bool db_hold_organisation(struct db_tx *tx, const char *id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE organisation SET version = version WHERE id = ?");
	bind_text(statement, 1, id);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

const struct organisation *db_list_organisations(struct db_tx *tx, const char *words, const char *after_name,
                                                 const char *after_id, int limit, struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, ORGANISATION_COLUMNS("''") "WHERE " HAS_WORDS("folded", "?1") " AND (sort_name, id) > (?2, ?3)"
		" ORDER BY sort_name, id LIMIT ?4");
	bind_text(statement, 1, folded_words(arena, words));
	bind_text(statement, 2, after_id ? after_name : "");
	bind_text(statement, 3, after_id ? after_id : "");
	bind_int(statement, 4, limit);
	struct organisation *organisations = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *organisations);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		organisations[(*count)++] = read_organisation(statement, arena);
	statement_done(statement);
	return organisations;
}

/* What organisation_fits() looks in. */
static const char *folded_organisation(const struct organisation *organisation, struct arena *arena)
{
	return folded_column(arena, arena_print(arena, "%s %s %s %s %s", organisation->name, organisation->sector,
	                                        organisation->town, organisation_kind_wire_name(organisation->kind),
	                                        organisation_kind_words(organisation->kind, organisation->country)));
}

#define SAID(of) of "name, " of "kind, " of "sector, " of "description, " of "street, " of "postcode, " of "town, " of "country, "       \
	of "website, " of "email, " of "phone, " of "registration_scheme, " of "registration_number, " of "contact_id, "              \
	of "sort_name, " of "folded, " of "languages, " of "visits"
#define SAID_VALUES "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19"

enum db_put db_put_organisation(struct db_tx *tx, const struct organisation *organisation)
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO organisation (id, " SAID("") ") VALUES (?1, " SAID_VALUES ")"
		" ON CONFLICT (id) DO UPDATE SET (" SAID("") ", version) = (" SAID("excluded.") ", organisation.version + 1)"
		" WHERE (" SAID("organisation.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
	const char *const texts[] = { organisation->id, organisation->name, organisation_kind_wire_name(organisation->kind),
		organisation->sector, organisation->description, organisation->street, organisation->postcode, organisation->town,
		country_code(organisation->country), organisation->website, organisation->email, organisation->phone,
		registration_wire_name(organisation->registration), organisation->registration_number, organisation->contact_id,
		db_sort_name(arena, organisation->name), folded_organisation(organisation, arena) };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	bind_int(statement, 18, organisation->languages);
	bind_int(statement, 19, organisation->visits);
	enum db_put put = tx_try_put(tx, statement);
	arena_free(arena);
	return put;
}
