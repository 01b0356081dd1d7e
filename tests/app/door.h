/* door.h — for the tests of who is let in: one site, one person, one file of tokens. */
#ifndef TEST_APP_DOOR_H
#define TEST_APP_DOOR_H

#include "stage.h"

#define LATER "2026-07-15T09:30:00+02:00"   /* the access tokens of STAGE_NOW are over */
#define GRACE_OVER "2026-07-15T07:31:00+02:00"   /* and here what it was renewed with is good no more */

void at_time(const char *now);         /* the server is started once more, at that time */
int nobody_is_in(void **state);        /* set-up of a test: at STAGE_NOW, and there is no file */
#define ON_SERVER(test) cmocka_unit_test_setup(test, nobody_is_in)

/* ---- the file, as it stands and as a test wants it; tokens_clear() what you get ---- */
struct tokens kept_tokens(void);
struct tokens age_tokens(void);        /* those of the file, as if they had been got 59 minutes ago */
bool is_same(const struct tokens *a, const struct tokens *b);
int take_lock(void);                   /* as soon as whoever just ended lets it go; tokens_unlock() it */

/* ---- sessions ---- */
void start_stage(struct stage *stage); /* on the server, and comes to rest */
void log_in_and_leave(void);
/* One that is at renewing, with the lock: the site was asked, and answers from here on. */
void open_while_it_renews(struct stage *stage);
enum site_state state_of(const struct stage *stage);
const char *name_of(const struct stage *stage);   /* login; "nobody" */

#endif
