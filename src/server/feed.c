/* feed.c — see feed.h. */
#include "feed.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define TAG_BYTES 16

const char *etag_weak(struct request *request, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *whole = arena_print_list(request->arena, format, arguments);
	va_end(arguments);
	unsigned char hash[TAG_BYTES];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)whole, strlen(whole), NULL, 0);
	char hexadecimal[2 * TAG_BYTES + 1];
	sodium_bin2hex(hexadecimal, sizeof hexadecimal, hash, sizeof hash);
	return arena_print(request->arena, "W/\"%s\"", hexadecimal);
}

const char *etag_of_answer(struct request *request, const struct response *response)
{
	return etag_weak(request, "%s for %s", response->body, request->member ? request->member->id : "") + strlen("W/");
}

const char *etag_of_version(struct request *request, int64_t version)
{
	return arena_print(request->arena, "\"%" PRId64 "\"", version);
}

const char *feed_state(struct db_tx *tx, struct arena *arena)
{
	size_t count = 0;
	const struct space *spaces = db_list_spaces(tx, arena, &count);
	const char *state = "";
	for (size_t i = 0; i < count; i++)
		state = arena_print(arena, "%s %s:%" PRId64 ":%" PRId64, state, spaces[i].id, spaces[i].version,
		                    db_last_change(tx, spaces[i].id));
	return state;
}

const char *day_state(struct db_tx *tx, struct arena *arena, const struct space *space, const struct day_halves *halves)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(halves->date, date);
	return arena_print(arena, "%s:%" PRId64 ":%" PRId64 ":%s:%d%d", space->id, space->version, db_last_change(tx, space->id),
	                   date, halves->morning_open, halves->afternoon_open);
}
