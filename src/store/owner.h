/* owner.h — which of several processes a wish belongs to, and whether that one still lives. Store thread only.
 *
 * Each process holds a lock on one byte of a file beside the database, far behind its end; that byte's place is its number. The lock ends
 * with the process, however it ends, and unlike a process id the number never becomes somebody else's. */
#ifndef STORE_OWNER_H
#define STORE_OWNER_H

#include <stdbool.h>
#include <stdint.h>

struct owner {
	int file;          /* "<path>.owners"; -1: none could be had, and no other is seen */
	int64_t number;    /* from 1; also without a file */
};

void owner_open(struct owner *owner, const char *path);
void owner_close(struct owner *owner);
/* Whether another process has this number. */
bool owner_lives(const struct owner *owner, int64_t number);
/* This process writes down what it has, for as long as it lives, though its person has left; and whether any other does. Any thread. */
void owner_stay_behind(const char *path);
bool owner_sees_who_stays(const struct owner *owner);

#endif
