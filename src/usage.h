/* usage.h — help in the shell, made from the table of commands. */
#ifndef HACKTIV_USAGE_H
#define HACKTIV_USAGE_H

#include "hacktiv/app.h"

/* All of it, or about one command when `command` is not NULL. Lives in `arena`. */
const char *usage_text(struct arena *arena, const struct command *command);

#endif
