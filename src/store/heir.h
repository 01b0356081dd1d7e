/* heir.h — the process that waits for the disk when the one whose notes they are has gone.
 *
 * A thread that hangs in a write cannot be waited for when a person leaves, and takes what it had with it. So the program is run anew:
 * not forked, for a copy would share SQLite's locks and believe that it holds them. The old one may still be at the same rows for as long as
 * it takes to end; what stands in the way is the database's own lock.
 *
 * What no program can help: some systems let a process go only when the disk has answered the one call that it is in (Linux, "D" in ps).
 * Its terminal was given back before, and it waits for that call alone, not for what would have come after it. */
#ifndef STORE_HEIR_H
#define STORE_HEIR_H

#include "hacktiv/base.h"

/* Runs `program` (argv[0]) anew with STORE_HEIR_WORD and `legacy` on its standard input, deaf to the terminal's end. It keeps standard error
 * when that is a terminal, for bad news. False: it could not be started, or did not get all of it. */
bool heir_start(const char *program, const struct buffer *legacy);

#endif
