/* qr.h — an address as a QR code (ISO/IEC 18004) in rows of text, two modules in one character.
 *
 * Rows are of " ▀▄█" and all as wide as the first; a margin of QR_MARGIN light modules is part of them. */
#ifndef HACKTIV_APP_QR_H
#define HACKTIV_APP_QR_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base.h"

#define QR_MARGIN 2   /* of the 4 that the standard wants: readers content themselves with less, and rows are scarce */

struct qr {
	const char *const *rows;
	size_t count;
	int columns;
};
/* `dark_ink`: what is drawn is dark, on a light ground; false: light, on a dark one, as most terminals are. False: it does not fit into
 * a code. Lives in `arena`. */
bool qr_make(struct arena *arena, const char *text, bool dark_ink, struct qr *qr);

#endif
