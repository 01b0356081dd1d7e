/* types.h — what the table of types in test_types.c is made of. */
#ifndef TEST_WIRE_TYPES_H
#define TEST_WIRE_TYPES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hacktiv/wire.h"

struct type {
	const char *name;                                                                   /* of its golden file */
	cJSON *(*write)(void);                                                              /* one value of it */
	cJSON *(*again)(const cJSON *object, struct arena *arena, struct problem *why);     /* read, and written again */
	bool keeps_secrets;                                                                 /* text that goes through uncleaned, never to be shown */
};

#define MISSING NULL
#define FINE    NULL

/* Type, where, instead of what was there, the pointer in the problem (FINE: it is taken). */
struct change { const char *type, *pointer, *value, *wrong; };

/* Activities, sign-ups, cards and organisations: community.c. */
extern const struct type community_types[];
extern const size_t community_type_count;
extern const struct change community_changes[];
extern const size_t community_change_count;

/* Credentials, devices, tokens and their errors: oauth.c. */
extern const struct type oauth_types[];
extern const size_t oauth_type_count;
extern const struct change oauth_changes[];
extern const size_t oauth_change_count;

const struct zone *brussels(void);

#endif
