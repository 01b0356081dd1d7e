/* parse.c — one whole JSON text, strictly. See wire.h. */
#include "hacktiv/wire.h"

#include "scan.h"

cJSON *wire_parse(const char *bytes, size_t length, struct problem *why)
{
	struct scan scan = { .text = bytes, .length = length, .values_left = WIRE_VALUES_MAX };
	cJSON *value = scan_take(&scan, 0, why);
	if (!value)
		return NULL;
	scan_space(&scan);
	if (scan.at == length)
		return value;
	scan_broken(&scan, _("Not JSON: something follows the value at byte %zu."), why);
	cJSON_Delete(value);
	return NULL;
}
