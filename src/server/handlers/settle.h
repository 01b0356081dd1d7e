/* settle.h — what a booking costs whom, and whether it still needs the space's yes: told in a preview, settled when it is made, settled
 * anew when it is moved. */
#ifndef HACKTIV_SERVER_SETTLE_H
#define HACKTIV_SERVER_SETTLE_H

#include "../policy.h"
#include "../request.h"

/* What the payer has to pay one booking with, the best first. */
struct purse {
	struct payment choices[PAYMENT_CHOICES_MAX];
	size_t count;
	int network_half_days;      /* a year, at this space */
};

/* What settle_propose() will ask, ahead of it: db_ask_before_booking(). */
void settle_ask(struct db_tx *tx, const struct member *payer, const struct resource *resource, struct local_date date);
/* How it would be paid, and its state: whoever may answer for the space need not ask it. `payer`: whose booking it is. */
void settle_propose(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                    struct booking *booking, struct purse *purse);
/* The same of one that is told after `count` others of the payer, of which nothing is written: what pays for those is spent. */
void settle_propose_after(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                          const struct booking *before, size_t count, struct booking *booking, struct purse *purse);
/* Pays for one that is about to be written: id, member and version are set. Its `payment` is then what db_book() writes. False: the
 * disk; the job is undone. */
bool settle_pay(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                struct booking *booking);
/* The same from a purse that was just opened for it: nothing was written since. */
bool settle_pay_from(struct request *request, struct db_tx *tx, const struct purse *purse, struct booking *booking);
/* After a move, in its transaction: what paid for `before` goes back, `after` is paid; `payer` as above. False: the disk. */
bool settle_move(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                 const struct booking *before, struct booking *after);
/* A place may seem taken by wishes that nobody answered in time. True: some were cleared away, look again. */
bool settle_lapsed(struct request *request, struct db_tx *tx, const struct space *space, const struct preview *preview);

#endif
