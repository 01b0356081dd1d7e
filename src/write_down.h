/* write_down.h — hacktiv as the process that waits for the disk when another hacktiv has left: see store_inherit(). */
#ifndef WRITE_DOWN_H
#define WRITE_DOWN_H

#include "hacktiv/base.h"

/* False: nobody left anything on standard input, a person typed that word. What could not be kept is told on standard error. */
bool write_down(struct arena *arena, bool utf8, int *exit_status);

#endif
