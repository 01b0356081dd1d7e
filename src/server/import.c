/* import.c — see import.h. */
#include "import.h"

#include <stdio.h>
#include <string.h>

#include "db/db.h"
#include "network.h"
#include "network_file.h"
#include "network_put.h"

enum kind { KIND_SPACES, KIND_RESOURCES, KIND_ORGANISATIONS, KIND_MEMBERS, KIND_PASSES, KIND_ACTIVITIES };
#define KINDS 6
static const char *const kind_names[KINDS] = { "spaces", "resources", "organisations", "members", "passes", "activities" };

struct tally {
	int added;
	int changed;
	int same;
};

enum space_now { SPACE_AS_BEFORE, SPACE_CHANGED, SPACE_NEW };

struct import {
	struct clock clock;
	struct zones *zones;
	struct arena *arena;
	struct network network;
	struct network_file file;
	enum space_now *spaces;      /* of all that are known */
	struct tally tallies[KINDS];
};

static const struct db_actor importer = { "", "import" };

/* A fault of a member of the nth thing of a list. */
static void note(struct import *import, enum kind kind, size_t index, const char *name, const char *expected)
{
	struct spot root = spot_of_file(&import->file);
	struct spot list = spot_of_member(&root, kind_names[kind]);
	struct spot element = spot_of_element(&list, index, cJSON_GetArrayItem(list.value, (int)index));
	struct spot member = spot_of_member(&element, name);
	spot_expected(&member, "%s", expected);
}

/* False: the disk. What was refused is the caller's to note. */
static bool count(struct import *import, enum kind kind, bool was_there, enum db_put put)
{
	struct tally *tally = &import->tallies[kind];
	tally->same += put == DB_PUT_SAME;
	tally->added += put == DB_PUT_DONE && !was_there;
	tally->changed += put == DB_PUT_DONE && was_there;
	return put != DB_PUT_FAILED;
}

/* ---- spaces and what they have ----------------------------------------------------------------------------------- */

static void check_space(struct import *import, size_t index, const struct space *there, const struct space *wanted)
{
	struct kept_member kept[KEPT_MEMBERS_MAX];
	size_t count = network_kept_members(import->network.tx, there, wanted, import->arena, kept);
	for (size_t i = 0; i < count; i++)
		note(import, KIND_SPACES, index, kept[i].name, kept[i].expected);
}

static bool names_space(const struct network *network, const char *id)
{
	for (size_t i = 0; i < network->space_count; i++)
		if (strcmp(network->spaces[i].space.id, id) == 0)
			return true;
	return false;
}

/* The file's order is that of lists when it names all that are there; otherwise they stay in their places. */
static bool names_all_spaces(const struct import *import)
{
	size_t there_are = 0;
	const struct space *there = db_list_spaces(import->network.tx, import->arena, &there_are);
	for (size_t i = 0; i < there_are; i++)
		if (!names_space(&import->network, there[i].id))
			return false;
	return true;
}

static bool put_space(struct import *import, size_t index, bool ordered)
{
	struct network *network = &import->network;
	const struct space *wanted = &network->spaces[index].space;
	const struct space *there = db_find_space(network->tx, wanted->id, import->arena);
	if (there)
		check_space(import, index, there, wanted);
	enum db_put put = network_put_space(network->tx, ordered ? (int)index : DB_POSITION_KEPT, there, wanted, network->now, importer);
	import->spaces[index] = !there ? SPACE_NEW : put == DB_PUT_DONE ? SPACE_CHANGED : SPACE_AS_BEFORE;
	return count(import, KIND_SPACES, there != NULL, put);
}

/* Once all spaces are there: they name each other. */
static bool put_terms(struct import *import, size_t index)
{
	struct tally *tally = &import->tallies[KIND_SPACES];
	const struct network_space *row = &import->network.spaces[index];
	enum db_put put = db_put_terms(import->network.tx, row->space.id, &row->terms);
	if (put == DB_PUT_DONE && import->spaces[index] == SPACE_AS_BEFORE) {
		import->spaces[index] = SPACE_CHANGED;
		tally->same--;
		tally->changed++;
	}
	return db_put_is_good(put);
}

static bool names_resource(const struct network *network, const char *id)
{
	for (size_t i = 0; i < network->resource_count; i++)
		if (strcmp(network->resources[i].resource.id, id) == 0)
			return true;
	return false;
}

static bool names_all_resources(const struct import *import, const char *space_id)
{
	size_t there_are = 0;
	const struct resource *there = db_list_resources(import->network.tx, space_id, import->arena, &there_are);
	for (size_t i = 0; i < there_are; i++)
		if (!names_resource(&import->network, there[i].id))
			return false;
	return true;
}

static bool put_resource(struct import *import, size_t index, bool ordered)
{
	struct network *network = &import->network;
	const struct network_resource *row = &network->resources[index];
	const char *space_id = network->spaces[row->space].space.id;
	const struct space *space = db_find_space(network->tx, space_id, import->arena);
	const struct resource *there = db_find_resource(network->tx, space_id, row->resource.id, import->arena);
	const char *kept = space && there ? network_kept_quantity(network->tx, space, there, &row->resource, network->now, import->arena) : NULL;
	if (kept)
		note(import, KIND_RESOURCES, index, "quantity", kept);
	int position = ordered ? network_place(network, index) : DB_POSITION_KEPT;
	enum db_put put = db_put_resource(network->tx, space_id, position, &row->resource);
	if (put == DB_PUT_DONE && import->spaces[row->space] == SPACE_AS_BEFORE)
		import->spaces[row->space] = SPACE_CHANGED;
	return count(import, KIND_RESOURCES, there != NULL, put);
}

static bool put_spaces(struct import *import)
{
	struct network *network = &import->network;
	bool *ordered = arena_get(import->arena, network->space_known * sizeof *ordered);
	bool all_spaces = names_all_spaces(import), good = true;
	for (size_t i = 0; i < network->space_known; i++)
		ordered[i] = names_all_resources(import, network->spaces[i].space.id);
	for (size_t i = 0; good && i < network->space_count; i++)
		good = put_space(import, i, all_spaces);
	for (size_t i = 0; good && i < network->space_count; i++)
		good = put_terms(import, i);
	for (size_t i = 0; good && i < network->resource_count; i++)
		good = put_resource(import, i, ordered[network->resources[i].space]);
	return good;
}

/* A new space has no readers yet. */
static bool tell_spaces(struct import *import)
{
	struct network *network = &import->network;
	bool good = true;
	for (size_t i = 0; good && i < network->space_known; i++)
		good = import->spaces[i] != SPACE_CHANGED ||
		       db_tell_space(network->tx, network->spaces[i].space.id, network->now, importer);
	return good;
}

/* ---- organisations and people ------------------------------------------------------------------------------------ */

/* Also those that are only named: somebody may have become their contact. */
static bool put_organisation(struct import *import, size_t index)
{
	struct network *network = &import->network;
	const struct organisation *wanted = &network->organisations[index].organisation;
	const struct organisation *there = db_find_organisation(network->tx, wanted->id, import->arena);
	enum db_put put = db_put_organisation(network->tx, wanted);
	if (put == DB_PUT_REFUSED)
		note(import, KIND_ORGANISATIONS, index, registration_wire_name(wanted->registration),
		     "another number: an organisation that is there already has this one");
	bool renamed = there && put == DB_PUT_DONE && strcmp(there->name, wanted->name) != 0;
	return (index >= network->organisation_count ? put != DB_PUT_FAILED : count(import, KIND_ORGANISATIONS, there != NULL, put)) &&
	       (!renamed || db_renew_cards(network->tx, wanted->id));
}

static const struct owned_card *card_of(const struct network *network, const struct member *member)
{
	for (size_t i = 0; i < network->card_count; i++)
		if (strcmp(network->cards[i].card.id, member->id) == 0)
			return &network->cards[i];
	return NULL;
}

static bool holds(const struct held_role *roles, size_t count, const struct held_role *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (roles[i].role == wanted->role && strcmp(roles[i].space_id, wanted->space_id) == 0)
			return true;
	return false;
}

/* A line for each role in `these` that is not among `those`. */
static bool audit_roles(struct import *import, const char *member_id, const char *action, const struct held_role *these, size_t count,
                        const struct held_role *those, size_t those_count)
{
	bool good = true;
	for (size_t i = 0; good && i < count; i++)
		if (!holds(those, those_count, &these[i]))
			good = db_audit_member(import->network.tx, member_id, action, role_wire_name(these[i].role), these[i].space_id,
			                       import->network.now, importer);
	return good;
}

/* Who may do what is never changed without a trace, whichever way it comes. */
static enum db_put put_roles(struct import *import, const char *member_id, const struct network_roles *roles)
{
	size_t had = 0;
	const struct held_role *before = db_list_roles(import->network.tx, member_id, import->arena, &had);
	enum db_put put = db_put_roles(import->network.tx, member_id, roles->held, roles->count);
	bool audited = put != DB_PUT_DONE ||
	               (audit_roles(import, member_id, "role.granted", roles->held, roles->count, before, had) &&
	                audit_roles(import, member_id, "role.revoked", before, had, roles->held, roles->count));
	return audited ? put : DB_PUT_FAILED;
}

static bool put_member(struct import *import, size_t index)
{
	struct network *network = &import->network;
	const struct member *member = &network->members[index];
	const struct network_roles *roles = &network->roles[index];
	const char *hash;
	bool was_there = db_find_member_by_login(network->tx, member->login, import->arena, &hash) != NULL;
	if (!was_there && db_is_erased(network->tx, member->id)) {
		note(import, KIND_MEMBERS, index, "login",
		     "somebody who was not erased; whoever comes again under this login is given an \"id\" that nobody had");
		return true;
	}
	enum db_put put = db_put_member(network->tx, member);
	const struct owned_card *card = card_of(network, member);
	const struct consent_note consent = { "", CONSENT_FROM_IMPORT, network->now, "import" };
	enum db_put roles_put = roles->told ? put_roles(import, member->id, roles) : DB_PUT_SAME;
	enum db_put card_put = card ? db_put_card(network->tx, card, consent) : DB_PUT_SAME;
	enum db_put standing_put = network_put_standing(network->tx, member->id, network->standings[index], network->now, importer);
	bool renewed = put != DB_PUT_DONE || db_renew_card(network->tx, member->id);
	const enum db_put others[] = { card_put, roles_put, standing_put };
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (put == DB_PUT_SAME || others[i] == DB_PUT_FAILED)
			put = others[i];
	return renewed && count(import, KIND_MEMBERS, was_there, put);
}

static bool put_people(struct import *import)
{
	struct network *network = &import->network;
	bool good = true;
	for (size_t i = 0; good && i < network->organisation_known; i++)
		good = put_organisation(import, i);
	for (size_t i = 0; good && i < network->member_count; i++)
		good = put_member(import, i);
	return good;
}

/* ---- passes ------------------------------------------------------------------------------------------------------- */

/* What was sold is sold: one that is there is left as it is, with what is left of it. */
static bool put_passes(struct import *import)
{
	struct network *network = &import->network;
	bool good = true;
	for (size_t i = 0; good && i < network->pass_count; i++) {
		bool was_there = db_find_pass(network->tx, network->passes[i].id, import->arena) != NULL;
		good = count(import, KIND_PASSES, was_there, was_there ? DB_PUT_SAME : db_sell_pass(network->tx, &network->passes[i], importer));
	}
	return good;
}

/* ---- activities -------------------------------------------------------------------------------------------------- */

static bool put_activity(struct import *import, size_t index)
{
	struct network *network = &import->network;
	const struct network_activity *row = &network->activities[index];
	const struct activity *wanted = &row->activity;
	const struct activity *there = db_find_activity(network->tx, wanted->space_id, wanted->id, NULL, import->arena);
	enum db_put put = db_put_activity(network->tx, wanted, network->now, importer);
	if (put == DB_PUT_REFUSED && there)
		note(import, KIND_ACTIVITIES, index, "capacity",
		     arena_print(import->arena, "at least %d: so many people have a place", there->taken));
	bool good = count(import, KIND_ACTIVITIES, there != NULL, put);
	/* Whoever has withdrawn since is not signed up again. */
	for (size_t i = 0; good && !there && i < row->signup_count; i++) {
		struct db_actor actor = { network->members[row->signups[i]].id, importer.request_id };
		good = db_sign_up(network->tx, wanted->space_id, wanted->id, network->now, actor);
	}
	return good;
}

static bool put_activities(struct import *import)
{
	bool good = true;
	for (size_t i = 0; good && i < import->network.activity_count; i++)
		good = put_activity(import, i);
	return good;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static bool put_all(struct db_tx *tx, void *context, struct problem *why)
{
	struct import *import = context;
	struct network *network = &import->network;
	/* A database may have it run a second time: as if nothing had been. */
	*network = (struct network){ .now = clock_now(&import->clock), .zones = import->zones, .tx = tx };
	memset(import->tallies, 0, sizeof import->tallies);
	import->file.fault_count = 0;
	network_read_import(&import->file, network);
	if (import->file.fault_count > 0)
		return network_file_judge(&import->file, why);
	import->spaces = arena_get(import->arena, network->space_known * sizeof *import->spaces);
	bool good = put_spaces(import) && put_people(import) && put_passes(import) && put_activities(import) && tell_spaces(import);
	if (import->file.fault_count > 0)
		return network_file_judge(&import->file, why);
	return (good && !db_tx_failed(tx)) ||
	       problem_set(why, PROBLEM_IO, NULL, "The database cannot be written. Nothing was changed.");
}

static bool tell_faults(struct import *import, struct problem *why)
{
	const struct network_file *file = &import->file;
	size_t kept = file->fault_count < FAULTS_MAX ? file->fault_count : FAULTS_MAX;
	for (size_t i = 0; i < kept; i++)
		fprintf(stderr, "%s:%d: %s\n", file->path, file->faults[i].line, file->faults[i].text);
	return problem_set(why, PROBLEM_INVALID, NULL, file->fault_count == 1 ? "%s has a fault. Nothing was changed."
	                   : kept < file->fault_count ? "%s has %zu faults, of which these are the first. Nothing was changed."
	                                              : "%s has %zu faults. Nothing was changed.", file->path, file->fault_count);
}

static void tell_tallies(const struct import *import)
{
	for (int kind = 0; kind < KINDS; kind++) {
		const struct tally *tally = &import->tallies[kind];
		if (tally->added + tally->changed + tally->same > 0)
			printf("%s: %d new, %d changed, %d as before\n", kind_names[kind], tally->added, tally->changed, tally->same);
	}
}

static bool import_into(struct import *import, const char *database, struct problem *why)
{
	struct db *db = db_open(database, why);
	bool done = db && db_write_now(db, put_all, import, why);
	db_close(db);
	if (done)
		tell_tallies(import);
	return done || (import->file.fault_count > 0 && tell_faults(import, why));
}

bool import_file(const struct options *options, struct problem *why)
{
	struct import import = { .arena = arena_new(), .zones = zones_new() };
	bool done = clock_from_environment(&import.clock, why);
	if (done) {
		done = network_file_open(&import.file, options->subject, import.arena, why);
		done = done ? import_into(&import, options->database, why) : import.file.fault_count > 0 && tell_faults(&import, why);
		network_file_close(&import.file);
	}
	zones_free(import.zones);
	arena_free(import.arena);
	return done;
}
