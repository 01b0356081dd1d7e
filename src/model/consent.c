/* consent.c — see consent.h. */
#include "hacktiv/model/consent.h"

#include "hacktiv/base.h"
#include "names.h"

static const char *const names[CONSENT_SOURCES] = { "member", "import" };

const char *consent_source_wire_name(enum consent_source source)
{
	return names[source];
}

bool consent_source_from_wire(const char *name, enum consent_source *source)
{
	int found = name_index(names, CONSENT_SOURCES, name);
	if (found < 0)
		return false;
	*source = (enum consent_source)found;
	return true;
}

size_t consent_changes(const enum visibility from[CARD_FIELDS], const enum visibility to[CARD_FIELDS],
                       struct consent_change changes[CARD_FIELDS])
{
	size_t count = 0;
	for (size_t i = 0; i < CARD_FIELDS; i++)
		if (from[i] != to[i])
			changes[count++] = (struct consent_change){ (enum card_field)i, from[i], to[i] };
	return count;
}

bool consent_gives(const struct consent_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].to > changes[i].from)
			return true;
	return false;
}
