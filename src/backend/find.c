/* find.c — the booking systems we speak to: one line each. */
#include "hacktiv/backend.h"

#include <string.h>

static const struct backend_ops *const backends[] = {
	&backend_hacktiv,
};

const struct backend_ops *backend_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(backends); i++) {
		if (strcmp(backends[i]->name, name) == 0)
			return backends[i];
	}
	return NULL;
}

const char *backend_names(void)
{
	return "hacktiv";
}
