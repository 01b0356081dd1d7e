/* log_in.h — a login and a password, looked at in steps: count the try (database), look the login up (database), hash (a thread of its
 * own), then whoever asked goes on. An unknown login takes as long as a known one, so that time tells nobody which there are. */
#ifndef HACKTIV_SERVER_LOG_IN_H
#define HACKTIV_SERVER_LOG_IN_H

#include "request.h"

struct log_in {                       /* the request's notes, or the first of what they hold */
	const char *login;            /* clean, not empty; "" is nobody's */
	char *password;               /* bytes as they came; wiped once looked at */
	handler *right;               /* goes on with `member`, in a step at `place` */
	enum place place;
	handler *wrong;               /* answers, without a transaction */
	handler *limited;             /* makes its own of the 429 that stands in the response; NULL: it is right as it is */
	const struct member *member;
	const char *password_hash;    /* what fitted */
};

/* `log_in` lives in the request's arena, filled down to `limited`. */
void log_in_begin(struct request *request, struct log_in *log_in);
/* To be called in a transaction that writes, once the log-in is granted: its tries are forgotten. */
bool log_in_forget_tries(struct request *request, struct db_tx *tx);

#endif
