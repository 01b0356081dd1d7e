/* stage.h — what stands around the program while it is played: a home of its own, a real hacktivd on the sample network, another
 * person's hacktiv. Test support only; what goes wrong here ends the test. */
#ifndef HACKTIV_TESTS_STAGE_H
#define HACKTIV_TESTS_STAGE_H

#include <sys/types.h>

#include "hacktiv/base.h"

struct stage {
	struct arena *arena;
	const char *home;       /* of the one on the screen; others have theirs in it */
	pid_t server;           /* 0: none runs */
};

/* Makes the home, with a configuration of one site, and sets HOME and the rest of the environment. */
void stage_open(struct stage *stage, struct arena *arena, const char *language);
void stage_close(struct stage *stage);

/* A file in the home. "$HOME" and "\n" (two characters) in `text` become what they say. */
void stage_write(struct stage *stage, const char *name, const char *text);
/* From now on the one on the screen is logged in as the sample member "demo". */
void stage_sign_in(struct stage *stage);

void stage_serve(struct stage *stage);              /* returns when hacktivd listens; the data is as it was left */
void stage_stop(struct stage *stage, int signal);   /* returns when hacktivd has ended */
void stage_sql(struct stage *stage, const char *text);   /* on its database, while it does not run */

enum stage_person { STAGE_SAME, STAGE_OTHER };
/* hacktiv with these words ("book pepi tomorrow"), from the shell of that person; its standard output is added to `said`. Returns
 * its exit status. */
int stage_client(struct stage *stage, enum stage_person person, const char *words, struct buffer *said);

#endif
