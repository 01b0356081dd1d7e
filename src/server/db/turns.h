/* turns.h — jobs of one transaction that ask before the first of them runs: whose turn it is, and what each announced. See kept.h. */
#ifndef HACKTIV_SERVER_DB_TURNS_H
#define HACKTIV_SERVER_DB_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANNOUNCED_MOST 256u      /* ids; more hinder each other */

struct turns {
	size_t job;              /* whose turn it is */
	bool hindered;           /* it announced what another did */
	/* Not an id, but a number made of it: where two have the same, one job asks nothing ahead, and that is all. */
	struct announced {
		uint64_t id;
		size_t job;
	} announced[ANNOUNCED_MOST];
	size_t count;
};

/* FNV-1a. */
uint64_t turns_hash(uint64_t start, const char *bytes, size_t length);

void turns_begin(struct turns *turns);
void turns_begin_job(struct turns *turns, size_t job);
/* False: it had announced that already. */
bool turns_announce(struct turns *turns, const char *id);
/* This statement writes nothing but what the job announced: new rows, of nobody and nothing else. (The feed nobody asks for ahead.) */
bool turns_keeps_to(const struct turns *turns, const char *text);

#endif
