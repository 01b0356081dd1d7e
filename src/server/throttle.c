/* throttle.c — see throttle.h. */
#include "throttle.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "hacktiv/base.h"

#define KEY_BYTES 16

struct tries {
	unsigned char key[KEY_BYTES];   /* hash of the login: nothing to read in a core */
	int64_t since_ms;
	int count;                      /* 0: this row is free */
};

struct throttle {
	pthread_mutex_t guard;
	struct tries rows[THROTTLE_LOGINS];
};

struct throttle *throttle_new(void)
{
	struct throttle *throttle = memory_get(sizeof *throttle);
	pthread_mutex_init(&throttle->guard, NULL);
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	if (!throttle)
		return;
	pthread_mutex_destroy(&throttle->guard);
	free(throttle);
}

static void key_of(const char *login, unsigned char key[KEY_BYTES])
{
	crypto_generichash(key, KEY_BYTES, (const unsigned char *)login, strlen(login), NULL, 0);
}

/* The login's row; else a free, a forgotten or the oldest one, emptied. */
static struct tries *row_for(struct throttle *throttle, const unsigned char key[KEY_BYTES], int64_t now_ms)
{
	struct tries *spare = &throttle->rows[0];
	for (size_t i = 0; i < THROTTLE_LOGINS; i++) {
		struct tries *row = &throttle->rows[i];
		if (row->count && now_ms - row->since_ms >= THROTTLE_WINDOW_MS)
			row->count = 0;
		if (row->count && memcmp(row->key, key, KEY_BYTES) == 0)
			return row;
		if (spare->count && (!row->count || row->since_ms < spare->since_ms))
			spare = row;
	}
	memcpy(spare->key, key, KEY_BYTES);
	spare->since_ms = now_ms;
	spare->count = 0;
	return spare;
}

int throttle_try(struct throttle *throttle, const char *login, int64_t now_ms)
{
	unsigned char key[KEY_BYTES];
	key_of(login, key);
	pthread_mutex_lock(&throttle->guard);
	struct tries *row = row_for(throttle, key, now_ms);
	int64_t wait_ms = row->count >= THROTTLE_TRIES ? row->since_ms + THROTTLE_WINDOW_MS - now_ms : 0;
	if (!wait_ms)
		row->count++;
	pthread_mutex_unlock(&throttle->guard);
	return (int)((wait_ms + 999) / 1000);
}

void throttle_right(struct throttle *throttle, const char *login)
{
	unsigned char key[KEY_BYTES];
	key_of(login, key);
	pthread_mutex_lock(&throttle->guard);
	for (size_t i = 0; i < THROTTLE_LOGINS; i++)
		if (throttle->rows[i].count && memcmp(throttle->rows[i].key, key, KEY_BYTES) == 0)
			throttle->rows[i].count = 0;
	pthread_mutex_unlock(&throttle->guard);
}
