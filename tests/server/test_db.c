/* test_db.c — a file that is not ours is never touched; what the schema refuses whatever the program does; and jobs that end as they
 * were told. */
#include "db/standing.h"
#include "db/statement.h"
#include "house.h"
#include "scratch.h"
#include "table.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define WEDNESDAY_AM { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } }
#define WEDNESDAY_PM { { 2026, 11, 25 }, DAY_PART_AFTERNOON, { 0, 0 } }
#define WEDNESDAY_DATE { 2026, 11, 25 }
#define WEDNESDAY { { 2026, 11, 25 }, DAY_PART_WHOLE, { 0, 0 } }

/* ---- whose file is it? ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *text;      /* the file's bytes; or … */
	const char *sql;       /* … what another program made of it */
	enum problem_kind kind;   /* PROBLEM_NONE: it is taken */
	const char *word;      /* in the sentence */
	bool alone;            /* nothing at all may lie beside it afterwards */
} files[] = {
	{ "a letter", "bonjour\n", NULL, PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "one byte", "x", NULL, PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "a long letter", "Le bureau est libre le matin. Le bureau est libre le matin. Le bureau est libre le matin. Le bureau est "
	                   "libre le matin.", NULL, PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "the first bytes of a database", "SQLite format 3", NULL, PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "recipes", NULL, "CREATE TABLE recipe (name TEXT)", PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "recipes in WAL", NULL, "PRAGMA journal_mode = WAL; CREATE TABLE recipe (name TEXT)", PROBLEM_REFUSED, "not a database", true },
	{ "another program's, empty", NULL, "PRAGMA application_id = 7", PROBLEM_REFUSED, "not a database of hacktivd", true },
	{ "our number, of a newer one", NULL, "PRAGMA application_id = 1751872561; PRAGMA user_version = 999", PROBLEM_REFUSED, "newer", true },
	{ "no bytes at all", "", NULL, PROBLEM_NONE, "", false },
	{ "emptied recipes", NULL, "CREATE TABLE recipe (name TEXT); DROP TABLE recipe", PROBLEM_REFUSED, "not a database", true },
	{ "an empty database", NULL, "PRAGMA user_version = 0", PROBLEM_NONE, "", false },
};

static void make_file(const char *path, size_t row)
{
	if (files[row].text) {
		scratch_write(path, files[row].text, strlen(files[row].text), 0600);
		return;
	}
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_non_null(sql);
	/* A connection of ours begins with WAL: another program's does not. */
	assert_true(sql_run(sql, "PRAGMA journal_mode = DELETE", NULL));
	assert_true(sql_run(sql, files[row].sql, NULL));
	sql_close(sql);
}

static void files_beside(const char *directory, struct buffer *names)
{
	DIR *open = opendir(directory);
	assert_non_null(open);
	for (struct dirent *entry = readdir(open); entry; entry = readdir(open))
		if (entry->d_name[0] != '.')
			buffer_print(names, "%s ", entry->d_name);
	closedir(open);
}

static void files_that_are_not_ours_are_left_as_they_are(void **state)
{
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		void *directory;
		assert_int_equal(scratch_open(&directory), 0);
		char *path = scratch_path(&directory, "x.db"), address[4096];
		make_file(path, i);
		struct buffer before, after, names;
		assert_true(path_read(path, 1u << 20, &before, NULL));
		struct problem why = { 0 };
		snprintf(address, sizeof address, "sqlite:%s", path);
		struct db *db = db_open(address, &why);
		ROW_HOLDS((db != NULL) == (files[i].kind == PROBLEM_NONE), "%s: %s", files[i].name, why.text);
		ROW_HOLDS(why.kind == files[i].kind && strstr(why.text, files[i].word), "%s: %s", files[i].name, why.text);
		ROW_HOLDS(db || strstr(why.text, path), "%s: %s", files[i].name, why.text);
		db_close(db);
		assert_true(path_read(path, 1u << 20, &after, NULL));
		if (files[i].kind != PROBLEM_NONE)
			ROW_HOLDS(before.length == after.length && memcmp(before.bytes, after.bytes, before.length) == 0, "%s is changed", files[i].name);
		buffer_init(&names, 4096);
		files_beside(directory, &names);
		ROW_HOLDS(!files[i].alone || strcmp(names.bytes, "x.db ") == 0, "%s: beside it lies %s", files[i].name, names.bytes);
		buffer_clear(&before);
		buffer_clear(&after);
		buffer_clear(&names);
		free(path);
		scratch_close(&directory);
	}
	(void)state;
}

static const struct {
	const char *address;      /* %s: the scratch directory */
	enum problem_kind kind;
	const char *word;
} addresses[] = {
	{ "", PROBLEM_INVALID, "sqlite:PATH" },
	{ "sqlite:", PROBLEM_INVALID, "sqlite:PATH" },
	{ "postgres:x", PROBLEM_INVALID, "postgresql://" },
	{ "postgresql:x", PROBLEM_INVALID, "postgresql://USER@HOST/NAME" },
	{ "postgresql://u:se%%zret@h/x", PROBLEM_INVALID, "cannot be read" },
	{ "postgresql://u:secret@h/x", PROBLEM_REFUSED, "PGPASSFILE" },
	{ "postgresql://h/x?password=secret", PROBLEM_REFUSED, "PGPASSFILE" },
	{ "postgresql:///x?host=%s", PROBLEM_IO, "PostgreSQL cannot be reached" },
	{ "x.db", PROBLEM_INVALID, "sqlite:PATH" },
	{ "sqlite:%s", PROBLEM_REFUSED, "" },
	{ "sqlite:%s/nowhere/x.db", PROBLEM_IO, "nowhere/x.db" },
	{ "sqlite:%s/link.db", PROBLEM_REFUSED, "link.db" },
	{ "sqlite:%s/pipe", PROBLEM_REFUSED, "pipe" },
};

static void addresses_that_lead_nowhere_are_told(void **state)
{
	struct house *house = *state;
	char *target = house_file(house, "house.db"), *link = house_file(house, "link.db"), *fifo = house_file(house, "pipe");
	assert_int_equal(symlink(target, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		char address[4096];
		snprintf(address, sizeof address, addresses[i].address, house->directory);
		struct problem why = { 0 };
		struct db *db = db_open(address, &why);
		ROW_HOLDS(!db, "%s is opened", address);
		ROW_HOLDS(why.kind == addresses[i].kind && strstr(why.text, addresses[i].word), "%s: %d %s", address, (int)why.kind, why.text);
		ROW_HOLDS(!strstr(why.text, "secret") && !strstr(why.text, "zret"), "%s tells its password: %s", address, why.text);
	}
	free(target);
	free(link);
	free(fifo);
}

static void only_one_may_serve_a_database(void **state)
{
	struct house *house = *state;
	char *path = house_file(house, "house.db"), address[4096];
	snprintf(address, sizeof address, "sqlite:%s", path);
	struct problem why = { 0 };
	assert_null(db_open(address, &why));
	assert_int_equal(why.kind, PROBLEM_CONFLICT);
	assert_int_equal(house_book(house, "b1", "Serre 1", (struct period)WEDNESDAY, CAMILLE), DB_BOOKED);
	free(path);
}

/* ---- what the schema refuses, whatever the program does ------------------------------------------------------------------- */

#define SLOT(booking, granule) "INSERT INTO slot VALUES ('" FERME "', 'Serre 1', 1, " granule ", '" booking "')"
#define BOOKING(id, place, start, end, part, state) HOURS(id, place, start, end, part, state, "0", "0")
#define HOURS(id, place, start, end, part, state, from, until)                                                             \
	"INSERT INTO booking (space_id, id, resource_id, member_id, date, part, start_at, end_at, state, cancel_until, net_cents," \
	" vat_permille, gross_cents, created_at, from_minute, until_minute) VALUES ('" FERME "', '" id "', '" place "', '" CAMILLE  \
	"', '2026-11-26', '" part "', " start ", " end ", '" state "', 0, 0, 0, 0, 0, " from ", " until ")"

/* One after the other. There are two bookings of Serre 1, "one" and "two", without a granule. */
static const struct {
	const char *sql;
	enum sql_step end;
	const char *why;
} statements[] = {
	{ BOOKING("one", "Serre 1", "900", "1800", "am", "confirmed"), SQL_END, "" },
	{ BOOKING("two", "Serre 1", "900", "1800", "am", "confirmed"), SQL_END, "a booking alone holds nothing" },
	{ SLOT("one", "1"), SQL_END, "the granule is one's" },
	{ SLOT("two", "1"), SQL_CONSTRAINT, "and cannot be two's as well: a double booking" },
	{ SLOT("one", "1"), SQL_CONSTRAINT, "nor one's twice" },
	{ "UPDATE slot SET granule = 1 WHERE booking_id = 'two'", SQL_END, "which has none" },
	{ SLOT("two", "2"), SQL_END, "the next one is free" },
	{ "UPDATE slot SET granule = 1 WHERE booking_id = 'two'", SQL_CONSTRAINT, "moving is no way either" },
	{ BOOKING("one", "Serre 1", "900", "1800", "am", "confirmed"), SQL_CONSTRAINT, "an id twice" },
	{ BOOKING("three", "Serre 7", "900", "1800", "am", "confirmed"), SQL_FAILED, "a place that is not" },
	{ BOOKING("three", "Serre 1", "1800", "900", "am", "confirmed"), SQL_CONSTRAINT, "it ends before it begins" },
	{ BOOKING("three", "Serre 1", "900", "900", "am", "confirmed"), SQL_CONSTRAINT, "it lasts no time" },
	{ BOOKING("three", "Serre 1", "900", "1800", "night", "confirmed"), SQL_CONSTRAINT, "a part that is none" },
	{ BOOKING("three", "Serre 1", "900", "1800", "hours", "confirmed"), SQL_CONSTRAINT, "hours that are not told" },
	{ HOURS("three", "Serre 1", "900", "1800", "am", "confirmed", "0", "15"), SQL_CONSTRAINT, "a half-day that tells hours" },
	{ HOURS("three", "Serre 1", "900", "1800", "hours", "confirmed", "15", "1500"), SQL_CONSTRAINT, "hours past midnight" },
	{ BOOKING("three", "Serre 1", "900", "1800", "am", "maybe"), SQL_CONSTRAINT, "a state that is none" },
	{ "INSERT INTO slot VALUES ('" FERME "', 'Serre 1', 1, 'soon', 'one')", SQL_FAILED, "a granule is a number: the table is strict" },
	{ "UPDATE space SET granule_s = 7", SQL_CONSTRAINT, "no granule of seven seconds" },
	{ "UPDATE space SET slug = 'ferme'", SQL_CONSTRAINT, "two spaces with one name" },
	{ "UPDATE member SET login = 'zoe'", SQL_CONSTRAINT, "two members with one login" },
};

static void the_schema_alone_refuses_a_double_booking(void **state)
{
	struct house *house = *state;
	char *path = house_file(house, "house.db");
	db_close(house->server.db);
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_non_null(sql);
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		struct problem why = { 0 };
		struct sql_statement *statement = sql_prepare(sql, statements[i].sql);
		enum sql_step end = sql_step(statement, &why);
		sql_done(statement);
		ROW_HOLDS(end == statements[i].end, "row %zu %s: %d %s", i, statements[i].why, (int)end, why.text);
	}
	sql_close(sql);
	free(path);
	house->server.db = NULL;
}

/* ---- bookings ------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *id, *resource;
	struct period when;
	const char *member;
	enum db_booked end;
	const char *why;
} wishes[] = {
	{ "b1", "Serre 1", WEDNESDAY_AM, CAMILLE, DB_BOOKED, "" },
	{ "b2", "Serre 1", WEDNESDAY_AM, ZOE, DB_BOOKED_SLOT_TAKEN, "taken" },
	{ "b2", "Serre 1", WEDNESDAY, ZOE, DB_BOOKED_SLOT_TAKEN, "half of it" },
	{ "b2", "Serre 1", WEDNESDAY_AM, CAMILLE, DB_BOOKED_SLOT_TAKEN, "one's own is taken too" },
	{ "b1", "Serre 1", WEDNESDAY_PM, CAMILLE, DB_BOOKED_ID_EXISTS, "an id twice" },
	{ "b1", "Serre 2", WEDNESDAY_PM, ZOE, DB_BOOKED_ID_EXISTS, "somebody's id" },
	{ "b2", "Serre 1", WEDNESDAY_PM, ZOE, DB_BOOKED, "the other half; nothing of the refused ones stayed" },
	{ "b1", "R1", WEDNESDAY_AM, CAMILLE, DB_BOOKED, "ids are a space's own" },
};

static void one_place_has_one_holder(void **state)
{
	struct house *house = *state;
	for (size_t i = 0; i < COUNT_OF(wishes); i++) {
		enum db_booked end = house_book(house, wishes[i].id, wishes[i].resource, wishes[i].when, wishes[i].member);
		ROW_HOLDS(end == wishes[i].end, "row %zu %s: %d", i, wishes[i].why, (int)end);
	}
	house_reopen(house);
	struct db_tx *tx = house_begin(house);
	struct arena *arena = arena_new();
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, FERME, 0, 10, arena, &count);
	assert_int_equal(count, 2);
	assert_int_equal(changes[0].seq, 1);
	assert_int_equal(changes[1].seq, 2);
	assert_string_equal(changes[0].ref, "b1");
	assert_string_equal(changes[1].ref, "b2");
	assert_int_equal(db_last_change(tx, FERME), 2);
	assert_int_equal(db_last_change(tx, RIMBAUD), 1);
	const struct booking *mine = db_find_booking(tx, FERME, "b1", arena);
	assert_non_null(mine);
	assert_string_equal(mine->resource_name, "Serre 1");
	assert_int_equal(mine->end_at - mine->start_at, 4 * 3600);
	assert_string_equal(mine->member_id, CAMILLE);
	assert_string_not_equal(mine->member_name, "");
	assert_null(db_find_booking(tx, RIMBAUD, "b2", arena));
	house_end(house, false);
	arena_free(arena);
}

static bool cancel(struct house *house, struct arena *arena, const char *id, int64_t version, const char *member)
{
	struct db_tx *tx = house_begin(house);
	const struct booking *there = db_find_booking(tx, FERME, id, arena);
	assert_non_null(there);
	struct booking as_read = *there;
	as_read.version = version;
	bool cancelled = db_cancel(tx, &as_read, house_range(there), false, "", 1795521600, (struct db_actor){ member, "test" });
	house_end(house, cancelled);
	return cancelled;
}

static void what_is_cancelled_is_given_back_once(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	assert_int_equal(house_book(house, "b1", "Serre 1", (struct period)WEDNESDAY_AM, CAMILLE), DB_BOOKED);
	assert_int_equal(house_book(house, "b2", "Serre 1", (struct period)WEDNESDAY_PM, ZOE), DB_BOOKED);
	assert_false(cancel(house, arena, "b1", 2, CAMILLE));
	assert_int_equal(house_book(house, "b3", "Serre 1", (struct period)WEDNESDAY_AM, ZOE), DB_BOOKED_SLOT_TAKEN);
	assert_true(cancel(house, arena, "b1", 1, CAMILLE));
	assert_false(cancel(house, arena, "b1", 1, CAMILLE));
	assert_false(cancel(house, arena, "b1", 2, CAMILLE));
	assert_int_equal(house_book(house, "b3", "Serre 1", (struct period)WEDNESDAY, ZOE), DB_BOOKED_SLOT_TAKEN);
	assert_int_equal(house_book(house, "b3", "Serre 1", (struct period)WEDNESDAY_AM, ZOE), DB_BOOKED);
	struct db_tx *tx = house_begin(house);
	const struct booking *there = db_find_booking(tx, FERME, "b1", arena);
	assert_int_equal(there->state, BOOKING_CANCELLED);
	assert_int_equal(there->version, 2);
	assert_int_equal(db_last_change(tx, FERME), 4);
	size_t count;
	db_list_bookings(tx, CAMILLE, (struct local_date){ 2026, 11, 1 }, 0, NULL, 10, arena, &count);
	assert_int_equal(count, 0);
	house_end(house, false);
	arena_free(arena);
}

/* ---- answers that are kept ------------------------------------------------------------------------------------------------- */

static void what_was_held_long_ago_is_forgotten_and_the_booking_stays(void **state)
{
	static const struct {
		int days;
		bool held;
		const char *why;
	} rows[] = { { 0, true, "today" }, { 61, true, "two months after" }, { 62, false, "and then no more" } };
	struct house *house = *state;
	struct booking booking = house_booking(house, "b1", "Serre 1", (struct period)WEDNESDAY_AM);
	assert_int_equal(house_book(house, "b1", "Serre 1", (struct period)WEDNESDAY_AM, CAMILLE), DB_BOOKED);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct db_tx *tx = house_begin(house);
		assert_true(db_tidy(tx, booking.end_at + (int64_t)rows[i].days * 86400));
		bool held = db_find_taken(tx, FERME, house_resource("Serre 1"), house_range(&booking), CAMILLE, "").taken;
		bool there = db_find_booking(tx, FERME, "b1", arena) != NULL;
		house_end(house, true);
		arena_free(arena);
		ROW_HOLDS(held == rows[i].held && there, "%s: %d %d", rows[i].why, held, there);
	}
}

/* Every other one a second past its time. */
static void add_answers(struct house *house, int thousands)
{
	struct db_tx *tx = house_begin(house);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO idem (space_id, member_id, key, fingerprint, status, body, location, etag, created_at)"
		" SELECT ?1, ?2, 'key-' || (1000 * a.unit + b.unit), ?3, 201, '', '', '', ?4 + b.unit % 2 FROM pool_unit a CROSS JOIN pool_unit b"
		" WHERE a.unit <= ?5");
	bind_text(statement, 1, FERME);
	bind_text(statement, 2, CAMILLE);
	bind_blob(statement, 3, "", 0);
	bind_int(statement, 4, IDEMPOTENCY_TTL_S);
	bind_int(statement, 5, 2 * thousands);
	assert_true(tx_change(tx, statement));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
}

static void answers_are_forgotten_a_bite_at_a_time(void **state)
{
	struct house *house = *state;
	struct answer_place at = { "", "", "" }, next;
	int bites = 0, left = 0;
	add_answers(house, 5);
	do {
		struct db_tx *tx = house_begin(house);
		assert_true(db_tidy_answers(tx, 2 * IDEMPOTENCY_TTL_S, &at, &next));
		assert_true(tx_changes(tx) <= ANSWERS_AT_ONCE);
		assert_int_equal(house_end(house, true), DB_COMMITTED);
		at = next;
		bites++;
	} while (*at.key);
	assert_int_equal(bites, 5000 / ANSWERS_AT_ONCE + 1);
	struct db_tx *tx = house_begin(house);
	struct statement *statement = tx_prepare(tx, "SELECT created_at FROM idem");
	for (; tx_row(tx, statement); left++)
		assert_int_equal(row_int(statement, 0), IDEMPOTENCY_TTL_S + 1);
	statement_done(statement);
	house_end(house, false);
	assert_int_equal(left, 2500);
}

static void an_answer_is_kept_for_a_day_and_for_one_member(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	struct booking booking = house_booking(house, "b1", "Serre 1", (struct period)WEDNESDAY_AM);
	const struct idempotent_answer answer = { .key = "key-1234", .fingerprint = "a fingerprint of thirty-two byte", .status = 201,
		                                  .body = "{}", .location = "/there", .etag = "\"1\"" };
	struct db_tx *tx = house_begin(house);
	assert_int_equal(db_book(tx, &booking, house_range(&booking), (struct db_actor){ CAMILLE, "r" }, &answer), DB_BOOKED);
	assert_int_equal(house_end(house, true), DB_COMMITTED);

	static const struct {
		const char *space, *member, *key;
		int64_t later_s;
		bool found;
	} looks[] = {
		{ FERME, CAMILLE, "key-1234", 0, true },
		{ FERME, CAMILLE, "key-1234", IDEMPOTENCY_TTL_S - 1, true },
		{ FERME, CAMILLE, "key-1234", IDEMPOTENCY_TTL_S, false },
		{ FERME, ZOE, "key-1234", 0, false },
		{ RIMBAUD, CAMILLE, "key-1234", 0, false },
		{ FERME, CAMILLE, "key-1235", 0, false },
		{ FERME, CAMILLE, "KEY-1234", 0, false },
	};
	tx = house_begin(house);
	for (size_t i = 0; i < COUNT_OF(looks); i++) {
		const struct idempotent_answer *kept =
			db_find_answer(tx, looks[i].space, looks[i].member, looks[i].key, booking.created_at + looks[i].later_s, arena);
		ROW_HOLDS((kept != NULL) == looks[i].found, "row %zu", i);
		ROW_HOLDS(!kept || (kept->status == 201 && strcmp(kept->location, "/there") == 0 && strcmp(kept->body, "{}") == 0 &&
		                    memcmp(kept->fingerprint, answer.fingerprint, FINGERPRINT_BYTES) == 0), "row %zu", i);
	}
	house_end(house, false);
	arena_free(arena);
}

/* ---- tokens ----------------------------------------------------------------------------------------------------------------- */

static void a_token_lives_until_its_second(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	const unsigned char hash[TOKEN_HASH_BYTES] = "one", other[TOKEN_HASH_BYTES] = "other";
	struct db_tx *tx = house_begin(house);
	const struct session session = { .id = "s", .member_id = CAMILLE, .kind = SESSION_PASSWORD, .client = "", .name = "", .scopes = 3,
		                         .created_at = 1000, .used_at = 1000, .expires_at = 2000 };
	assert_true(db_add_session(tx, &session));
	assert_true(db_add_token(tx, hash, &session, 1000, 2000));
	const struct token_owner *owner = db_find_token(tx, hash, 1999, arena);
	assert_non_null(owner);
	assert_string_equal(owner->member->login, "camille");
	assert_int_equal(owner->scopes, 3);
	assert_null(db_find_token(tx, hash, 2000, arena));
	assert_null(db_find_token(tx, other, 1999, arena));
	assert_true(db_remove_token(tx, hash));
	assert_null(db_find_token(tx, hash, 1999, arena));
	assert_false(db_tx_failed(tx));
	house_end(house, false);
	arena_free(arena);
}

/* ---- what is kept ------------------------------------------------------------------------------------------------------------ */

static bool close_the_ferme(struct db_tx *tx)
{
	const struct closing closing = { "c1", { WEDNESDAY_DATE, WEDNESDAY_DATE, "Travaux" } };
	return db_put_closing(tx, FERME, &closing) == DB_PUT_DONE;
}

static bool break_serre_1(struct db_tx *tx)
{
	const struct outage outage = { "o1", "Serre 1", RESOURCE_OUT_OF_ORDER, WEDNESDAY_DATE, WEDNESDAY_DATE, "écran" };
	return db_put_outage(tx, FERME, &outage) == DB_PUT_DONE;
}

static bool show_serre_1(struct db_tx *tx)
{
	struct resource resource = *house_resource("Serre 1");
	resource.state = RESOURCE_VISIBLE;
	return db_put_resource(tx, FERME, DB_POSITION_KEPT, &resource) == DB_PUT_DONE;
}

static bool make_camille_staff(struct db_tx *tx)
{
	return db_grant_role(tx, CAMILLE, &(struct held_role){ ROLE_RECEPTION, FERME }) == DB_PUT_DONE;
}

static bool take_her_token(struct db_tx *tx)
{
	return db_remove_token(tx, (const unsigned char[TOKEN_HASH_BYTES]){ "hers" });
}

static bool disable_her(struct db_tx *tx)
{
	return db_disable_member(tx, CAMILLE, 1500, (struct db_actor){ ZOE, "r" }) == DB_PUT_DONE;
}

static bool give_carnets(struct db_tx *tx)
{
	const char *const of[] = { RIMBAUD };
	const struct terms terms = { .network_days = 4, .carnets_of = of, .carnets_of_count = 1 };
	return db_put_terms(tx, FERME, &terms) == DB_PUT_DONE;
}

/* All that is kept, in one line. */
static const char *what_stands(struct db_tx *tx, struct arena *arena)
{
	const struct space *space = db_find_space(tx, "ferme", arena);
	const struct resource *resource = db_find_resource(tx, FERME, "Serre 1", arena);
	const struct token_owner *owner = db_find_token(tx, (const unsigned char[TOKEN_HASH_BYTES]){ "hers" }, 1500, arena);
	const struct terms *terms = db_find_terms(tx, FERME, arena);
	size_t roles;
	db_list_roles(tx, CAMILLE, arena, &roles);
	return arena_print(arena, "%zu %s %s %s %zu %d", space->opening.closure_count, resource_state_wire_name(resource->state),
	                   db_find_outage(tx, FERME, "Serre 1", (struct local_date)WEDNESDAY_DATE, arena) ? "broken" : "whole",
	                   owner ? owner->member->login : "nobody", roles, terms->network_days + (int)terms->carnets_of_count);
}

static void what_is_kept_is_as_it_is(void **state)
{
	static const struct {
		bool (*change)(struct db_tx *tx);
		const char *then;
	} rows[] = {
		{ close_the_ferme, "1 bookable whole camille 0 0" }, { break_serre_1, "1 bookable broken camille 0 0" },
		{ show_serre_1, "1 not_bookable broken camille 0 0" },    { make_camille_staff, "1 not_bookable broken camille 1 0" },
		{ give_carnets, "1 not_bookable broken camille 1 5" },    { take_her_token, "1 not_bookable broken nobody 1 5" },
	};
	struct house *house = *state;
	struct arena *arena = arena_new();
	const struct session session = { .id = "s", .member_id = CAMILLE, .kind = SESSION_PERSONAL, .client = "", .name = "", .scopes = 3,
		                         .created_at = 1000, .used_at = 1000, .expires_at = 2000 };
	const char *stands = "0 bookable whole nobody 0 0";
	struct db_tx *tx = house_begin(house);
	assert_string_equal(what_stands(tx, arena), stands);
	assert_true(db_add_session(tx, &session) && db_add_token(tx, (const unsigned char[TOKEN_HASH_BYTES]){ "hers" }, &session, 1000, 2000));
	house_end(house, true);
	stands = "0 bookable whole camille 0 0";
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (int keep = 0; keep < 2; keep++) {
			tx = house_begin(house);
			const char *before = what_stands(tx, arena);
			bool changed = rows[i].change(tx);
			const char *within = what_stands(tx, arena);
			house_end(house, keep);
			ROW_HOLDS(changed && strcmp(before, stands) == 0 && strcmp(within, rows[i].then) == 0, "row %zu: %s, then %s", i, before, within);
		}
		stands = rows[i].then;
	}
	tx = house_begin(house);
	assert_string_equal(what_stands(tx, arena), stands);
	assert_true(db_add_token(tx, (const unsigned char[TOKEN_HASH_BYTES]){ "hers" }, &session, 1000, 2000));
	house_end(house, true);
	tx = house_begin(house);
	assert_string_equal(what_stands(tx, arena), "1 not_bookable broken camille 1 5");
	assert_true(disable_her(tx));
	house_end(house, true);
	assert_string_equal(what_stands(house_begin(house), arena), stands);
	house_end(house, false);
	arena_free(arena);
}

/* ---- jobs ------------------------------------------------------------------------------------------------------------------- */

struct put {
	struct db_job job;      /* first: a job is its put */
	struct member member;
	bool keep;
	enum db_end end;
	int order;              /* in which it was told, from 1 */
	int *told;
};

static bool put_run(struct db_job *job, struct db_tx *tx)
{
	struct put *put = (struct put *)job;
	struct member first = { put->member.id, put->member.id, "First name", "", "" };
	db_put_member(tx, &first);
	db_put_member(tx, &put->member);      /* a job need not look whether it could be written */
	db_tell_space(tx, FERME, 1795521600, (struct db_actor){ CAMILLE, "put" });
	return put->keep;
}

static void put_done(struct db_job *job, enum db_end end)
{
	struct put *put = (struct put *)job;
	put->end = end;
	put->order = ++*put->told;
}

/* Many jobs behind one that holds the writer up: they become one transaction, and each is undone or kept alone. */
static void jobs_of_one_transaction_are_undone_alone(void **state)
{
	struct house *house = *state;
	enum { JOBS = 40 };
	struct put puts[JOBS];
	char ids[JOBS][16];
	int told = 0;
	size_t kept_count = 0;
	house_begin(house);
	for (int i = 0; i < JOBS; i++) {
		snprintf(ids[i], sizeof ids[i], "put-%d", i);
		/* Every third is undone; one in ten breaks the schema: the login is taken. */
		puts[i] = (struct put){ .job = { .run = put_run, .done = put_done, .lane = FERME }, .keep = i % 3 != 0, .end = DB_STORAGE_FAILED, .told = &told,
			                .member = { ids[i], i % 10 == 5 ? "zoe" : ids[i], "Name", "", "" } };
		assert_true(db_write(house->server.db, &puts[i].job));
	}
	house_end(house, false);
	house_reopen(house);      /* runs what is queued to its end */
	struct arena *arena = arena_new();
	struct db_tx *tx = house_begin(house);
	for (int i = 0; i < JOBS; i++) {
		const char *hash;
		bool broken = i % 10 == 5, kept = puts[i].keep && !broken;
		enum db_end expected = broken ? DB_STORAGE_FAILED : kept ? DB_COMMITTED : DB_UNDONE;
		ROW_HOLDS(puts[i].end == expected, "job %d ends with %d", i, (int)puts[i].end);
		ROW_HOLDS(puts[i].order == i + 1, "job %d is told as %d", i, puts[i].order);
		ROW_HOLDS((db_find_member_by_login(tx, ids[i], arena, &hash) != NULL) == kept, "job %d", i);
		kept_count += kept;
	}
	/* What was undone took no number of the feed with it. */
	size_t count;
	const struct change *changes = db_list_changes(tx, FERME, 0, JOBS, arena, &count);
	assert_int_equal(count, kept_count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(changes[i].seq, i + 1);
	assert_int_equal(db_last_change(tx, FERME), kept_count);
	house_end(house, false);
	arena_free(arena);
}

/* Two that share a transaction: what the second asked before the first ran is true when it comes to it. */
struct turn {
	struct db_job job;             /* first: a job is its turn */
	const char *announced[3];      /* member, resource, booking; {NULL}: it asks nothing ahead */
	struct house *house;
	struct period when;
	bool books;                    /* what it announced */
	const char *cancels;
	bool there, taken;             /* the booking and the place that it asked for */
	int asked;                     /* how often it was called to ask alone */
};

static bool turn_run(struct db_job *job, struct db_tx *tx)
{
	struct turn *turn = (struct turn *)job;
	const char *member = turn->announced[0], *place = turn->announced[1], *id = turn->announced[2];
	const struct resource *resource = house_resource(place);
	struct booking wanted = house_booking(turn->house, id, place, turn->when);
	struct granules range = house_range(&wanted);
	if (turn->job.asks_ahead) {
		db_announce(tx, turn->announced, COUNT_OF(turn->announced));
		db_ask_before_booking(tx, FERME, member, id, 1795521600, id);
		db_ask_taken(tx, FERME, resource, range, member, "");
	}
	turn->asked += db_only_asks(tx);
	if (db_only_asks(tx))
		return false;
	struct db_actor actor = { member, "turn" };
	struct arena *arena = arena_new();
	turn->there = db_has_booking(tx, FERME, id);
	turn->taken = db_find_taken(tx, FERME, resource, range, member, "").taken;
	const struct booking *before = turn->cancels ? db_find_booking(tx, FERME, turn->cancels, arena) : NULL;
	bool good = !before || db_cancel(tx, before, house_range(before), false, "", 1795521600, actor);
	good = good && (!turn->books || db_book(tx, &wanted, range, actor, NULL) == DB_BOOKED);
	arena_free(arena);
	return good;
}

static void turn_done(struct db_job *job, enum db_end end)
{
	(void)job, (void)end;
}

#define AHEAD .job = { .asks_ahead = true }

static void what_is_asked_ahead_is_true_when_it_is_looked_at(void **state)
{
	static const struct {
		const char *why;
		struct turn first, second;
		bool there, taken;        /* as the second sees them */
	} rows[] = {
		{ "they have nothing in common", { .announced = { CAMILLE, "Serre 1", "b1" }, .books = true, AHEAD },
		  { .announced = { ZOE, "Serre 2", "b2" }, AHEAD }, false, false },
		{ "the same id", { .announced = { CAMILLE, "Serre 1", "b1" }, .books = true, AHEAD },
		  { .announced = { ZOE, "Serre 2", "b1" }, AHEAD }, true, false },
		{ "the same place", { .announced = { CAMILLE, "Serre 1", "b1" }, .books = true, AHEAD },
		  { .announced = { ZOE, "Serre 1", "b2" }, AHEAD }, false, true },
		{ "the first announces nothing", { .announced = { CAMILLE, "Serre 1", "b1" }, .books = true },
		  { .announced = { ZOE, "Serre 1", "b1" }, AHEAD }, true, true },
		{ "the first does more than it announced", { .announced = { CAMILLE, "Serre 1", "b1" }, .cancels = "b0", AHEAD },
		  { .announced = { ZOE, "Grange 1", "b2" }, AHEAD }, false, false },
	};
	struct house *house = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct turn turns[] = { rows[i].first, rows[i].second };
		struct period day = WEDNESDAY_AM;
		day.date.day = 2 + 7 * (int)i;          /* Wednesdays of December */
		day.date.month = 12;
		char ids[3][8];
		for (size_t b = 0; b < 3; b++)
			snprintf(ids[b], sizeof ids[b], "b%zu-%zu", b, i);
		assert_int_equal(house_book(house, ids[0], "Grange 1", day, CAMILLE), DB_BOOKED);
		house_begin(house);
		for (size_t j = 0; j < 2; j++) {
			turns[j].job = (struct db_job){ .run = turn_run, .done = turn_done, .lane = FERME, .asks_ahead = turns[j].job.asks_ahead };
			turns[j].announced[2] = ids[turns[j].announced[2][1] - '0'];
			turns[j].cancels = turns[j].cancels ? ids[0] : NULL;
			turns[j].house = house;
			turns[j].when = day;
			assert_true(db_write(house->server.db, &turns[j].job));
		}
		house_end(house, false);
		house_begin(house);                 /* behind both */
		house_end(house, false);
		ROW_HOLDS(turns[1].there == rows[i].there && turns[1].taken == rows[i].taken, "%s: %d %d", rows[i].why, turns[1].there,
		          turns[1].taken);
		ROW_HOLDS(turns[1].asked == (getenv("HACKTIV_TEST_POSTGRES") != NULL), "%s: asked %d times", rows[i].why, turns[1].asked);
	}
}

/* More than may wait are refused at once, and none of those taken is lost. */
static void a_full_queue_says_so(void **state)
{
	struct house *house = *state;
	struct put *puts = memory_get_array(DB_QUEUE_MAX + 1, sizeof *puts);
	int told = 0;
	house_begin(house);
	for (int i = 0; i <= DB_QUEUE_MAX; i++) {
		puts[i] = (struct put){ .job = { .run = put_run, .done = put_done, .lane = FERME }, .keep = true, .end = DB_STORAGE_FAILED, .told = &told,
			                .member = { "put", "put", "Name", "", "" } };
		bool taken = db_write(house->server.db, &puts[i].job);
		ROW_HOLDS(taken == (i < DB_QUEUE_MAX), "job %d", i);
	}
	house_end(house, false);
	house_reopen(house);
	assert_int_equal(told, DB_QUEUE_MAX);
	for (int i = 0; i < DB_QUEUE_MAX; i++)
		ROW_HOLDS(puts[i].end == DB_COMMITTED, "job %d ends with %d", i, (int)puts[i].end);
	free(puts);
}

static void the_secret_stays_the_same(void **state)
{
	struct house *house = *state;
	unsigned char first[32], second[32];
	assert_true(db_secret(house_begin(house), first));
	house_end(house, false);
	house_reopen(house);
	assert_true(db_secret(house_begin(house), second));
	house_end(house, false);
	assert_memory_equal(first, second, sizeof first);
	assert_false(sodium_is_zero(first, sizeof first));
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_open, house_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_that_are_not_ours_are_left_as_they_are),
		IN_A_HOUSE(addresses_that_lead_nowhere_are_told),
		IN_A_HOUSE(only_one_may_serve_a_database),
		IN_A_HOUSE(the_schema_alone_refuses_a_double_booking),
#define OF_FILES 4
		IN_A_HOUSE(one_place_has_one_holder),
		IN_A_HOUSE(what_is_cancelled_is_given_back_once),
		IN_A_HOUSE(what_was_held_long_ago_is_forgotten_and_the_booking_stays),
		IN_A_HOUSE(an_answer_is_kept_for_a_day_and_for_one_member),
		IN_A_HOUSE(a_token_lives_until_its_second),
		IN_A_HOUSE(what_is_kept_is_as_it_is),
		IN_A_HOUSE(what_is_asked_ahead_is_true_when_it_is_looked_at),
		IN_A_HOUSE(jobs_of_one_transaction_are_undone_alone),
		IN_A_HOUSE(a_full_queue_says_so),
		IN_A_HOUSE(answers_are_forgotten_a_bite_at_a_time),
		IN_A_HOUSE(the_secret_stays_the_same),
	};
	/* What a file is, a database of PostgreSQL is not. */
	size_t first = getenv("HACKTIV_TEST_POSTGRES") ? OF_FILES : 0;
	return _cmocka_run_group_tests("tests", tests + first, COUNT_OF(tests) - first, NULL, NULL);
}
