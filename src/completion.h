/* completion.h — what a shell may offer after "hacktiv", made from the tables of commands and of options. */
#ifndef HACKTIV_COMPLETION_H
#define HACKTIV_COMPLETION_H

#include "hacktiv/base.h"

/* A script for "bash", "zsh" or "fish"; NULL for any other. Lives in `arena`. */
const char *completion_script(struct arena *arena, const char *shell);

#endif
