/* vcard.h — a card of the directory as vCard 4.0 (RFC 6350), for whoever keeps an address book.
 *
 * Written here and not by a library: the one that writes our calendars knows cards from its version 4 on, which distributions do not
 * have yet, and what is written is twelve lines with one rule for escaping and one for folding.
 *
 * There is no REV: it would tell when something changed that the reader may not see. */
#ifndef HACKTIV_SERVER_VCARD_H
#define HACKTIV_SERVER_VCARD_H

#include "hacktiv/base.h"
#include "hacktiv/model.h"

#define VCARD_MAX (256u * 1024)   /* bytes: more than the fields of a card, escaped and folded, can take */

/* As it is seen: card_for(). What is hidden is not there. Grows `out`. */
void vcard_write(const struct card *card, struct buffer *out);

#endif
