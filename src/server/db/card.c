/* card.c — members as they show themselves. The words of a card narrow a search; card_for() and card_fits() decide it, so
 * that there is one place that knows who sees what. */
#include "statement.h"

#include <string.h>

#define SORT_NAME_MAX 120u     /* bytes: it travels in cursors */

char *db_sort_name(struct arena *arena, const char *name)
{
	char *folded = text_fold(arena, name);
	size_t length = strlen(folded);
	if (length > SORT_NAME_MAX) {
		for (length = SORT_NAME_MAX; ((unsigned char)folded[length] & 0xc0) == 0x80; )
			length--;
	}
	return arena_copy_bytes(arena, folded, length);
}

/* Who cannot come in cannot take anything back: until they can, nobody is shown them, as when they had asked for it. */
#define CARD_SELECT                                                                                                        \
	"SELECT m.id, m.name, m.home_space_id, coalesce(s.name, ''), c.profession, c.organisation_id,"                     \
	" coalesce(o.name, c.organisation_name), c.skills, c.languages, c.town, c.country, c.email, c.phone, c.website,"   \
	" c.about, CASE WHEN m.disabled_at IS NULL THEN m.restricted ELSE 1 END"                                           \
	" FROM card c JOIN member m ON m.id = c.member_id LEFT JOIN space s ON s.id = m.home_space_id"                    \
	" LEFT JOIN organisation o ON o.id = c.organisation_id "

static struct card read_card(struct statement *row, struct arena *arena)
{
	return (struct card){
		.id = row_text(row, 0, arena),
		.name = row_text(row, 1, arena),
		.home_space_id = row_text(row, 2, arena),
		.home_space_name = row_text(row, 3, arena),
		.profession = row_text(row, 4, arena),
		.organisation_id = row_text(row, 5, arena),
		.organisation_name = row_text(row, 6, arena),
		.skills = row_text(row, 7, arena),
		.languages = (unsigned)row_int(row, 8),
		.town = row_text(row, 9, arena),
		.country = country_from_code(row_text(row, 10, arena)),
		.email = row_text(row, 11, arena),
		.phone = row_text(row, 12, arena),
		.website = row_text(row, 13, arena),
		.about = row_text(row, 14, arena),
	};
}

/* Levels we do not know, and fields without one, stay hidden. */
static void read_levels(struct db_tx *tx, struct owned_card *owned, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT field, shown_to FROM card_field WHERE member_id = ?");
	bind_text(statement, 1, owned->card.id);
	while (tx_row(tx, statement)) {
		enum card_field field;
		enum visibility level;
		if (card_field_from_wire(row_text(statement, 0, arena), &field) &&
		    visibility_from_wire(row_text(statement, 1, arena), &level))
			owned->shown_to[field] = level;
	}
	statement_done(statement);
}

const struct owned_card *db_find_card(struct db_tx *tx, const char *member_id, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, CARD_SELECT "WHERE c.member_id = ?");
	bind_text(statement, 1, member_id);
	struct owned_card *owned = NULL;
	if (tx_row(tx, statement)) {
		owned = arena_get(arena, sizeof *owned);
		owned->card = read_card(statement, arena);
		owned->restricted = row_int(statement, 15) != 0;
	}
	statement_done(statement);
	if (owned)
		read_levels(tx, owned, arena);
	return owned;
}

/* The longest word of a search finds the fewest. */
static const char *rarest_word(struct arena *arena, const char *words)
{
	const char *at = text_fold(arena, words), *longest = "";
	size_t length, most = 0;
	for (const char *word; (word = text_word(&at, &length)); ) {
		if (length > most) {
			most = length;
			longest = word;
		}
	}
	return arena_copy_bytes(arena, longest, most);
}

/* `candidates`: an arena for what is not shown in the end. */
static bool next_fitting(struct db_tx *tx, struct statement *statement, const struct onlooker *onlooker,
                         const char *words, struct arena *candidates, struct card *seen)
{
	while (tx_row(tx, statement)) {
		struct owned_card owned = { .card = read_card(statement, candidates), .restricted = row_int(statement, 15) != 0 };
		read_levels(tx, &owned, candidates);
		if (card_for(&owned, onlooker, seen) && card_fits(seen, words))
			return true;
		arena_clear(candidates);
	}
	return false;
}

static struct card copy_card(struct arena *arena, const struct card *card)
{
	struct card copy = *card;
	const char **const texts[] = { &copy.id, &copy.name, &copy.home_space_id, &copy.home_space_name, &copy.profession,
		&copy.organisation_id, &copy.organisation_name, &copy.skills, &copy.town, &copy.email, &copy.phone, &copy.website,
		&copy.about };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_copy_text(arena, *texts[i]);
	return copy;
}

const struct card *db_search_cards(struct db_tx *tx, const struct onlooker *onlooker, const char *words,
                                   const char *after_name, const char *after_id, int limit, struct arena *arena, size_t *count)
{
	const char *word = rarest_word(arena, words);
	/* Whose name nobody sees is not there for anybody else (card_for()): most hide, and need not be read to find that out. */
	struct statement *statement = tx_prepare(
		tx, CARD_SELECT "WHERE c.member_id IN (SELECT w.member_id FROM card_word w WHERE w.word >= ?1 AND w.word < ?2)"
		                     " AND (c.member_id = ?5 OR EXISTS (SELECT 1 FROM card_field f WHERE f.member_id = c.member_id AND f.field = ?6))"
		                     " AND (c.sort_name, c.member_id) > (?3, ?4) ORDER BY c.sort_name, c.member_id");
	bind_text(statement, 1, word);
	bind_text(statement, 2, arena_print(arena, "%s\xf4\x8f\xbf\xbf", word));     /* U+10FFFF: after every word that begins so */
	bind_text(statement, 3, after_id ? after_name : "");
	bind_text(statement, 4, after_id ? after_id : "");
	bind_text(statement, 5, onlooker->member_id);
	bind_text(statement, 6, card_field_wire_name(CARD_NAME));
	struct card *cards = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *cards);
	struct arena *candidates = arena_new();
	struct card seen;
	for (*count = 0; *count < (size_t)limit && next_fitting(tx, statement, onlooker, words, candidates, &seen); ) {
		cards[(*count)++] = copy_card(arena, &seen);
		arena_clear(candidates);
	}
	arena_free(candidates);
	statement_done(statement);
	return cards;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

#define SAID(of) of "profession, " of "organisation_id, " of "organisation_name, " of "skills, " of "town, " of "country, " of "email, " \
	of "phone, " of "website, " of "about, " of "sort_name, " of "languages"
#define SAID_VALUES "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13"

static enum db_put put_texts(struct db_tx *tx, const struct card *card, const char *sort_name)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO card (member_id, " SAID("") ") VALUES (?1, " SAID_VALUES ")"
		" ON CONFLICT (member_id) DO UPDATE SET (" SAID("") ") = (" SAID("excluded.") ")"
		" WHERE (" SAID("card.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
	const char *const texts[] = { card->id, card->profession, card->organisation_id, card->organisation_name, card->skills,
		card->town, country_code(card->country), card->email, card->phone, card->website, card->about, sort_name };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	bind_int(statement, 13, card->languages);
	return tx_put(tx, statement);
}

static bool put_level(struct db_tx *tx, const char *member_id, struct consent_change change)
{
	struct statement *forget = tx_prepare(tx, "DELETE FROM card_field WHERE member_id = ? AND field = ?");
	bind_text(forget, 1, member_id);
	bind_text(forget, 2, card_field_wire_name(change.field));
	if (!tx_change(tx, forget))
		return false;
	if (change.to == VISIBLE_TO_NOBODY)
		return true;
	struct statement *statement = tx_prepare(tx, "INSERT INTO card_field (member_id, field, shown_to) VALUES (?, ?, ?)");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, card_field_wire_name(change.field));
	bind_text(statement, 3, visibility_wire_name(change.to));
	return tx_change(tx, statement);
}

bool db_show_card(struct db_tx *tx, const char *member_id, const enum visibility shown_to[CARD_FIELDS], struct consent_note note)
{
	struct arena *arena = arena_new();
	struct owned_card there = { .card = { .id = member_id } };
	read_levels(tx, &there, arena);
	struct consent_change changes[CARD_FIELDS];
	size_t count = consent_changes(there.shown_to, shown_to, changes);
	bool good = true;
	for (size_t i = 0; good && i < count; i++)
		good = put_level(tx, member_id, changes[i]) && tx_add_consent(tx, member_id, changes[i], note);
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

/* Of all that card_fits() looks at. */
static bool put_words(struct db_tx *tx, const struct card *card, struct arena *arena)
{
	struct statement *forget = tx_prepare(tx, "DELETE FROM card_word WHERE member_id = ?");
	bind_text(forget, 1, card->id);
	bool good = tx_change(tx, forget);
	const char *at = text_fold(arena, arena_print(arena, "%s %s %s %s %s %s", card->name, card->profession,
	                                              card->organisation_name, card->skills, card->town, card->home_space_name));
	size_t length;
	for (const char *word; good && (word = text_word(&at, &length)); ) {
		struct statement *statement =
			tx_prepare(tx, "INSERT INTO card_word (word, member_id) VALUES (?, ?) ON CONFLICT DO NOTHING");
		bind_text(statement, 1, arena_copy_bytes(arena, word, length));
		bind_text(statement, 2, card->id);
		good = tx_change(tx, statement);
	}
	return good;
}

/* As the card reads now, with the names of its space and its organisation. */
static bool renew_words(struct db_tx *tx, const char *member_id, struct arena *arena)
{
	const struct owned_card *there = db_find_card(tx, member_id, arena);
	return there && put_words(tx, &there->card, arena);
}

enum db_put db_write_card(struct db_tx *tx, const struct card *card)
{
	struct arena *arena = arena_new();
	enum db_put put = put_texts(tx, card, db_sort_name(arena, card->name));
	if (db_put_is_good(put) && !renew_words(tx, card->id, arena))
		put = DB_PUT_FAILED;
	arena_free(arena);
	return put;
}

enum db_put db_put_card(struct db_tx *tx, const struct owned_card *owned, struct consent_note note)
{
	struct arena *arena = arena_new();
	const struct owned_card *before = db_find_card(tx, owned->card.id, arena);
	enum db_put put = db_write_card(tx, &owned->card);
	bool keeps = note.source == CONSENT_FROM_IMPORT && tx_has_consented(tx, owned->card.id);
	bool same = keeps || (before && memcmp(before->shown_to, owned->shown_to, sizeof before->shown_to) == 0);
	if (put == DB_PUT_SAME && !same)
		put = DB_PUT_DONE;
	if (db_put_is_good(put) && !keeps && !db_show_card(tx, owned->card.id, owned->shown_to, note))
		put = DB_PUT_FAILED;
	arena_free(arena);
	return put;
}

static bool renew_card(struct db_tx *tx, const char *member_id, struct arena *arena)
{
	const struct owned_card *there = db_find_card(tx, member_id, arena);
	if (!there)
		return !db_tx_failed(tx);
	struct statement *statement = tx_prepare(tx, "UPDATE card SET sort_name = ? WHERE member_id = ?");
	bind_text(statement, 1, db_sort_name(arena, there->card.name));
	bind_text(statement, 2, member_id);
	return tx_change(tx, statement) && put_words(tx, &there->card, arena);
}

bool db_renew_card(struct db_tx *tx, const char *member_id)
{
	struct arena *arena = arena_new();
	bool renewed = renew_card(tx, member_id, arena);
	arena_free(arena);
	return renewed;
}

static const char *next_card(struct db_tx *tx, const char *id, const char *after, struct arena *arena)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT c.member_id FROM card c JOIN member m ON m.id = c.member_id"
		         " WHERE c.member_id > ?2 AND ?1 IN (m.home_space_id, c.organisation_id) ORDER BY c.member_id LIMIT 1");
	bind_text(statement, 1, id);
	bind_text(statement, 2, after);
	const char *member_id = tx_row(tx, statement) ? row_text(statement, 0, arena) : NULL;
	statement_done(statement);
	return member_id;
}

bool db_renew_cards(struct db_tx *tx, const char *id)
{
	struct arena *arena = arena_new();
	bool good = true;
	for (const char *member_id = ""; good && (member_id = next_card(tx, id, member_id, arena)); )
		good = renew_card(tx, member_id, arena);
	arena_free(arena);
	return good && !db_tx_failed(tx);
}
