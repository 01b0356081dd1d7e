/* policy.h — the rules of model/ held against what the database knows: what a day is like, what is free, what else is near. */
#ifndef HACKTIV_SERVER_POLICY_H
#define HACKTIV_SERVER_POLICY_H

#include "server.h"

/* Who looks, when, and in which transaction. */
struct view {
	struct server *server;
	struct db_tx *tx;
	struct arena *arena;
	int64_t now;
	const char *member_id;        /* NULL: nobody */
};

/* Where the halves of a space's date lie on its granules; an empty range: that half does not exist. */
struct day_halves {
	const struct zone *zone;
	struct local_date date;
	struct granules morning;
	struct granules afternoon;
	bool morning_open;            /* a free desk could still be booked for it */
	bool afternoon_open;
};

/* NULL: the space's zone is not on this machine; the log says so. */
const struct zone *policy_zone(struct server *server, const struct space *space);
struct local_date policy_today(struct server *server, const struct space *space, int64_t now);

bool policy_halves(const struct view *view, const struct space *space, struct local_date date, struct day_halves *halves);
/* The space with its day told; in the arena. */
const struct space *policy_with_day(const struct view *view, const struct space *space, const struct day_halves *halves);
/* Each resource with the states of its halves. */
const struct resource_day *policy_rows(const struct view *view, const struct space *space, const struct day_halves *halves,
                                       size_t *count);

/* What is wished for, of whatever place. */
struct booking_wish {
	struct period when;
	int64_t start_at;             /* when it was said as instants: which of two o'clocks. 0: by the clock on the wall */
	int64_t end_at;
	int people;                   /* 0: not told */
	const char *without;          /* the booking that is to become this one: what it holds is free for it; "": none */
};
static inline struct booking_wish wish_for(struct period when)
{
	return (struct booking_wish){ .when = when, .without = "" };
}
/* As long, and for as many, at another time by the clock on the wall. */
static inline struct booking_wish wish_at(const struct booking_wish *wish, struct period when)
{
	return (struct booking_wish){ .when = when, .people = wish->people, .without = wish->without };
}

/* What policy_judge() will ask, ahead of it: db_ask_before_booking(). */
void policy_ask(const struct view *view, const struct space *space, const struct resource *resource, const struct booking_wish *wish);
/* What a booking would be, for the member who looks. `preview` gets booking and obstacles; from policy_preview() alternatives too, when
 * something stands in the way. False: the space's zone is not known here. */
typedef bool policy(const struct view *view, const struct space *space, const struct resource *resource, const struct booking_wish *wish,
                    struct preview *preview, struct granules *range);
policy policy_judge, policy_preview;

/* Nothing stands in the way of it. */
bool policy_allows(const struct view *view, const struct space *space, const struct resource *resource,
                   const struct booking_wish *wish);

#endif
