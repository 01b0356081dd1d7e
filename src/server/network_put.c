/* network_put.c — see network_put.h. */
#include "network_put.h"

#include <string.h>

/* Granules of bookings are counted in the space's steps, and their dates by its clock. */
size_t network_kept_members(struct db_tx *tx, const struct space *there, const struct space *wanted, struct arena *arena,
                            struct kept_member kept[KEPT_MEMBERS_MAX])
{
	bool other_steps = there->granule_s != wanted->granule_s, other_clock = strcmp(there->time_zone, wanted->time_zone) != 0;
	size_t count = 0;
	if ((!other_steps && !other_clock) || !db_has_bookings(tx, there->id))
		return 0;
	if (other_steps)
		kept[count++] = (struct kept_member){
			"granule_s", arena_print(arena, "%d: there are bookings in these steps", there->granule_s) };
	if (other_clock)
		kept[count++] = (struct kept_member){
			"time_zone", arena_print(arena, "\"%s\": there are bookings by this clock", there->time_zone) };
	return count;
}

/* A booking of one that is not counted any more would be in no view of the day, and no closing would find it. */
const char *network_kept_quantity(struct db_tx *tx, const struct space *space, const struct resource *there, const struct resource *wanted,
                                  int64_t now, struct arena *arena)
{
	if (wanted->quantity >= there->quantity)
		return NULL;
	int held = db_highest_unit(tx, space->id, there->id, granules_between(now, now, space->granule_s).from);
	return held > wanted->quantity ? arena_print(arena, "at least %d: so many of them are booked", held) : NULL;
}

enum db_put network_put_space(struct db_tx *tx, int position, const struct space *there, const struct space *wanted, int64_t now,
                              struct db_actor actor)
{
	enum db_put put = db_put_space(tx, position, wanted);
	bool renamed = there && (strcmp(there->name, wanted->name) != 0 || strcmp(there->town, wanted->town) != 0);
	if (!renamed || !db_put_is_good(put))
		return put;
	return db_renew_cards(tx, wanted->id) && db_renew_activities(tx, wanted->id, now, actor) ? put : DB_PUT_FAILED;
}

enum db_put network_put_standing(struct db_tx *tx, const char *member_id, struct network_standing standing, int64_t now,
                                 struct db_actor actor)
{
	enum db_put restricted = standing.restricted ? db_restrict_member(tx, member_id) : DB_PUT_SAME;
	enum db_put disabled = standing.disabled ? db_disable_member(tx, member_id, now, actor) : DB_PUT_SAME;
	bool good = db_put_is_good(restricted) && db_put_is_good(disabled);
	if (good && restricted == DB_PUT_DONE)
		good = db_audit_member(tx, member_id, "profile.changed", "restricted", "", now, actor);
	if (good && disabled == DB_PUT_DONE)
		good = db_audit_member(tx, member_id, "member.disabled", "", "", now, actor);
	if (!good)
		return DB_PUT_FAILED;
	return restricted == DB_PUT_DONE || disabled == DB_PUT_DONE ? DB_PUT_DONE : DB_PUT_SAME;
}
