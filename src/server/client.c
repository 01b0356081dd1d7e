/* client.c — see client.h. */
#include "client.h"

#include <stddef.h>
#include <string.h>

#include "hacktiv/base.h"

static const struct client clients[] = {
	{ CLIENT_TERMINAL, "hacktiv", true },
	{ "hacktiv-script", "hacktiv, for scripts", true },
	{ "hacktiv-kiosk", "hacktiv, on a shared terminal", false },
};

const struct client *client_find(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(clients); i++)
		if (strcmp(clients[i].id, id) == 0)
			return &clients[i];
	return NULL;
}
