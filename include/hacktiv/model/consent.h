/* consent.h — what somebody agreed to show: one event per field whose level changes, kept as proof.
 *
 * Proof and withdrawal: GDPR art. 7(1) and 7(3); the Belgian authority asks that withdrawing takes as few steps as giving. */
#ifndef HACKTIV_MODEL_CONSENT_H
#define HACKTIV_MODEL_CONSENT_H

#include <stddef.h>

#include "hacktiv/model/card.h"

/* Of the words a member reads before agreeing: doc/privacy.md. Another text is another version; whoever shows more than before names
 * the one that was before their eyes. */
#define CONSENT_TEXT_VERSION "2026-11"

enum consent_source {
	CONSENT_FROM_MEMBER,      /* "member": said by themselves, here */
	CONSENT_FROM_IMPORT       /* "import": written down by their operator, who keeps the proof */
};
#define CONSENT_SOURCES 2
const char *consent_source_wire_name(enum consent_source source);
bool consent_source_from_wire(const char *name, enum consent_source *source);

struct consent_change {
	enum card_field field;
	enum visibility from;
	enum visibility to;
};

/* What changes, in the order of fields. Returns how many. */
size_t consent_changes(const enum visibility from[CARD_FIELDS], const enum visibility to[CARD_FIELDS],
                       struct consent_change changes[CARD_FIELDS]);
/* Is something shown to more than before? Then it needs the text; less never does. */
bool consent_gives(const struct consent_change *changes, size_t count);

#endif
