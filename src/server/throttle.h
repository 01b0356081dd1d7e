/* throttle.h — five wrong passwords for one login within a quarter of an hour, then it waits.
 *
 * Kept in memory only: a restart forgets it. A try counts as wrong from its beginning, so that a hundred at once are not a hundred
 * free guesses; the right password takes the count away. */
#ifndef HACKTIV_SERVER_THROTTLE_H
#define HACKTIV_SERVER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

struct throttle;

#define THROTTLE_TRIES 5
#define THROTTLE_WINDOW_MS (15 * 60 * 1000)
#define THROTTLE_LOGINS 4096   /* remembered at once; the oldest gives way */

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);
/* Counts one try. 0: go on; else the seconds until the next one is heard. */
int throttle_try(struct throttle *throttle, const char *login, int64_t now_ms);
void throttle_right(struct throttle *throttle, const char *login);

#endif
