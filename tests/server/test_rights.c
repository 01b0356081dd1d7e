/* test_rights.c — roles, where they are held, and how far they reach. */
#include "table.h"

#include <stdio.h>

#include "rights.h"

#define FERME "ferme-id"
#define RIMBAUD "rimbaud-id"

static const struct member camille = { .id = "camille", .login = "camille", .name = "Camille" };

/* What one person holds. */
enum who { NOBODY, MEMBER, RECEPTION, OPERATOR_OF_TWO, COORDINATOR, FINANCE, ADMINISTRATOR, BOTH };

static const struct {
	const struct member *member;
	struct held_role roles[3];
	size_t count;
} people[] = {
	[NOBODY] = { NULL, { { ROLE_MEMBER, "" } }, 0 },
	[MEMBER] = { &camille, { { ROLE_MEMBER, "" } }, 0 },
	[RECEPTION] = { &camille, { { ROLE_RECEPTION, FERME } }, 1 },
	[OPERATOR_OF_TWO] = { &camille, { { ROLE_OPERATOR, FERME }, { ROLE_OPERATOR, RIMBAUD } }, 2 },
	[COORDINATOR] = { &camille, { { ROLE_COORDINATOR, "" } }, 1 },
	[FINANCE] = { &camille, { { ROLE_FINANCE, "" } }, 1 },
	[ADMINISTRATOR] = { &camille, { { ROLE_ADMINISTRATOR, "" } }, 1 },
	[BOTH] = { &camille, { { ROLE_RECEPTION, FERME }, { ROLE_FINANCE, "" } }, 2 },
};

static struct caller caller_of(enum who who)
{
	return (struct caller){ .member = people[who].member, .roles = people[who].roles, .role_count = people[who].count };
}

static const struct {
	enum who who;
	enum action action;
	const char *space_id;
	bool own;
	bool allowed;
	const char *why;
} asked[] = {
	{ NOBODY, ACTION_SEE_SPACES, FERME, false, true, "the public may look around" },
	{ NOBODY, ACTION_BOOK, FERME, true, false, "and not book" },
	{ MEMBER, ACTION_BOOK, RIMBAUD, true, true, "one's own booking, anywhere" },
	{ MEMBER, ACTION_BOOK, FERME, false, false, "not somebody else's" },
	{ RECEPTION, ACTION_BOOK, FERME, false, true, "the desk books for others" },
	{ RECEPTION, ACTION_BOOK, RIMBAUD, false, false, "at its own space only" },
	{ RECEPTION, ACTION_BOOK, RIMBAUD, true, true, "who works at a desk is a member too" },
	{ RECEPTION, ACTION_BOOK, "", false, false, "no space is nobody's space" },
	{ OPERATOR_OF_TWO, ACTION_SEE_BOOKING, FERME, false, true, "the first of two" },
	{ OPERATOR_OF_TWO, ACTION_SEE_BOOKING, RIMBAUD, false, true, "and the second" },
	{ OPERATOR_OF_TWO, ACTION_SEE_BOOKING, "e420-id", false, false, "no third" },
	{ COORDINATOR, ACTION_SEE_BOOKING, FERME, false, false, "activities, not bookings" },
	{ COORDINATOR, ACTION_SIGN_UP, RIMBAUD, false, true, "of every space" },
	{ FINANCE, ACTION_SEE_BOOKING, RIMBAUD, false, true, "looks at all" },
	{ FINANCE, ACTION_CHANGE_BOOKING, RIMBAUD, false, false, "and changes none" },
	{ ADMINISTRATOR, ACTION_CHANGE_BOOKING, RIMBAUD, false, true, "everywhere" },
	{ ADMINISTRATOR, ACTION_SEE_ONESELF, "", false, false, "nobody is somebody else" },
	{ BOTH, ACTION_CHANGE_BOOKING, FERME, false, true, "one role is enough" },
	{ BOTH, ACTION_SEE_BOOKING, RIMBAUD, false, true, "whichever reaches" },
	{ BOTH, ACTION_CHANGE_BOOKING, RIMBAUD, false, false, "roles do not lend each other their reach" },
};

static void one_role_that_reaches_is_enough(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct caller caller = caller_of(asked[i].who);
		bool allowed = rights_allow(&caller, asked[i].action, asked[i].space_id, asked[i].own);
		ROW_HOLDS(allowed == asked[i].allowed, "row %zu %s", i, asked[i].why);
		ROW_HOLDS(!allowed || rights_allow_some(&caller, asked[i].action), "row %zu: allowed, and yet not let in", i);
	}
}

static void who_may_nothing_is_not_let_in(void **state)
{
	(void)state;
	struct caller nobody = caller_of(NOBODY), member = caller_of(MEMBER), reception = caller_of(RECEPTION);
	assert_false(rights_allow_some(&nobody, ACTION_SEE_CHANGES));
	assert_true(rights_allow_some(&member, ACTION_SEE_CHANGES));
	assert_false(rights_allow_some(&member, ACTION_SEE_SIGNUPS));
	assert_true(rights_allow_some(&reception, ACTION_SEE_SIGNUPS));
}

/* A role that a higher one would not have is a slip of the pen; finance and coordinator stand beside the line. */
static void rows_are_of_one_mind(void **state)
{
	(void)state;
	for (int action = 0; action < ACTIONS; action++) {
		enum action at = (enum action)action;
		ROW_HOLDS(action_name(at) && *action_name(at), "action %d has no name", action);
		ROW_HOLDS(rights_reach(at, ROLE_RECEPTION) <= rights_reach(at, ROLE_OPERATOR), "%s: the desk reaches further than its operator",
		          action_name(at));
		ROW_HOLDS(rights_reach(at, ROLE_OPERATOR) <= rights_reach(at, ROLE_ADMINISTRATOR) || at == ACTION_LOG_OUT,
		          "%s: the operator reaches further than the administrator", action_name(at));
		for (int role = ROLE_COORDINATOR; role < ROLES; role++)
			ROW_HOLDS(rights_reach(at, (enum role)role) != REACH_SPACE, "%s: %s has no space", action_name(at),
			          role_wire_name((enum role)role));
		ROW_HOLDS(rights_reach(at, ROLE_PUBLIC) == REACH_NONE || rights_reach(at, ROLE_PUBLIC) == REACH_ALL,
		          "%s: the public owns nothing and has no space", action_name(at));
		ROW_HOLDS(rights_reach(at, ROLE_PUBLIC) == REACH_NONE || rights_reach(at, ROLE_MEMBER) == REACH_ALL,
		          "%s: who logs in loses a right", action_name(at));
		ROW_HOLDS((rights_need(at) == NEED_MEMBER) == (rights_reach(at, ROLE_PUBLIC) == REACH_NONE), "%s: whom it lets in",
		          action_name(at));
	}
}

static void names_go_there_and_back(void **state)
{
	(void)state;
	for (int role = 0; role < ROLES; role++) {
		enum role back = ROLE_PUBLIC;
		bool held = role >= ROLE_RECEPTION;
		ROW_HOLDS(role_from_wire(role_wire_name((enum role)role), &back) == held && (!held || (int)back == role), "%s",
		          role_wire_name((enum role)role));
	}
	enum role role;
	assert_false(role_from_wire("Operator", &role));
	assert_false(role_from_wire("", &role));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_role_that_reaches_is_enough),
		cmocka_unit_test(who_may_nothing_is_not_let_in),
		cmocka_unit_test(rows_are_of_one_mind),
		cmocka_unit_test(names_go_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
