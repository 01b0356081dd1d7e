/* turns.c — see turns.h. */
#include "turns.h"

#include <string.h>

#include "hacktiv/base.h"

uint64_t turns_hash(uint64_t start, const char *bytes, size_t length)
{
	uint64_t hash = 14695981039346656037u ^ start;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
	return hash ^ hash >> 32;
}

void turns_begin(struct turns *turns)
{
	turns->count = 0;
}

void turns_begin_job(struct turns *turns, size_t job)
{
	turns->job = job;
	turns->hindered = false;
}

bool turns_announce(struct turns *turns, const char *id)
{
	uint64_t number = turns_hash(0, id, strlen(id));
	for (size_t i = 0; i < turns->count; i++) {
		if (turns->announced[i].id != number)
			continue;
		if (turns->announced[i].job == turns->job)
			return false;
		turns->hindered = true;
	}
	if (turns->count == ANNOUNCED_MOST)
		turns->hindered = true;
	else
		turns->announced[turns->count++] = (struct announced){ number, turns->job };
	return true;
}

static bool announced_any(const struct turns *turns)
{
	for (size_t i = 0; i < turns->count; i++)
		if (turns->announced[i].job == turns->job)
			return true;
	return false;
}

bool turns_keeps_to(const struct turns *turns, const char *text)
{
	static const char *const begins[] = { "INSERT INTO booking ", "INSERT INTO slot ", "INSERT INTO idem ", "INSERT INTO ledger ",
		"INSERT INTO change_log ", "INSERT INTO audit ", "INSERT INTO feed ", "UPDATE feed " };
	for (size_t i = 0; i < COUNT_OF(begins); i++)
		if (strncmp(text, begins[i], strlen(begins[i])) == 0)
			return announced_any(turns);
	return false;
}
