/* standing.h — use cases of db.h: sessions, the tokens that belong to them, and devices that wait to be let in. */
#ifndef HACKTIV_SERVER_DB_STANDING_H
#define HACKTIV_SERVER_DB_STANDING_H

#include "db.h"

enum session_kind { SESSION_PASSWORD, SESSION_DEVICE, SESSION_PERSONAL };
const char *session_kind_name(enum session_kind kind);

struct session {
	const char *id;               /* UUIDv7 */
	const char *member_id;
	enum session_kind kind;
	const char *client;           /* which program: client.h; "" for a personal token */
	const char *name;             /* of a personal token, as its owner calls it */
	unsigned scopes;              /* scope.h */
	int64_t created_at;
	int64_t used_at;              /* when it last got new tokens */
	int64_t expires_at;           /* unless it gets new tokens before */
};

#define PERSONAL_TOKENS_MAX 50      /* of one member */
#define PERSONAL_DAYS 90            /* that a personal token is good for, when nothing is said */
#define PERSONAL_DAYS_MAX 365

bool db_add_session(struct db_tx *tx, const struct session *session);
/* Those of one kind of list that are not over, newest first: log-ins, or personal tokens. At most `limit`. */
const struct session *db_list_sessions(struct db_tx *tx, const char *member_id, bool personal, int64_t now, int limit,
                                       struct arena *arena, size_t *count);
/* NULL: none, or over. */
const struct session *db_find_session(struct db_tx *tx, const char *member_id, const char *id, int64_t now, struct arena *arena);
/* With all its tokens. One that is not there is no fault. */
bool db_end_session(struct db_tx *tx, const char *member_id, const char *id);
/* All log-ins of a member and, if said, their personal tokens and the keys of their calendars, but the one called `kept` ("": none is kept). */
bool db_end_sessions(struct db_tx *tx, const char *member_id, const char *kept, bool personal_too);

/* ---- access tokens --------------------------------------------------------------------------------------------------- */

struct token_owner {
	const struct member *member;
	const char *session_id;
	unsigned scopes;
	int64_t expires_at;
};
/* NULL: no such token, it is past its time, or its owner is disabled. member.c */
const struct token_owner *db_find_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now,
                                        struct arena *arena);
/* Of that session, with its scopes. */
bool db_add_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct session *session, int64_t now,
                  int64_t expires_at);

/* ---- refresh tokens -------------------------------------------------------------------------------------------------- */

#define REFRESH_SALT_BYTES 32

struct refresh {
	const struct session *session;
	int64_t expires_at;
	int64_t rotated_at;                         /* 0: not yet */
	unsigned char salt[REFRESH_SALT_BYTES];     /* of its successor */
};
bool db_add_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct session *session,
                    int64_t expires_at);
/* NULL: no such token, or its session is over. Past its time or rotated: it is found all the same. */
const struct refresh *db_find_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena);
/* `*first`: nobody did it before. False: the disk. */
bool db_rotate_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now,
                       const unsigned char salt[REFRESH_SALT_BYTES], bool *first);
/* The session got new tokens. */
bool db_prolong_session(struct db_tx *tx, const struct session *session, int64_t now, int64_t expires_at);

/* ---- devices --------------------------------------------------------------------------------------------------------- */

#define USER_CODE_LETTERS 8

enum device_state { DEVICE_WAITING, DEVICE_GRANTED, DEVICE_DENIED, DEVICE_SPENT };

struct device {
	const unsigned char *hash;    /* TOKEN_HASH_BYTES, of the device code */
	const char *user_code;        /* eight letters */
	const char *client;
	unsigned scopes;
	const char *address;          /* where it asked from, "" when not known */
	int64_t created_at;
	int64_t expires_at;
	int interval_s;
	int64_t polled_at;            /* 0: never */
	int tries;                    /* wrong passwords with this code */
	enum device_state state;
	const char *member_id;        /* whom it is for, once one logged in with its code */
};

/* `*taken`: another one has that user code just now; nothing was written. False: the disk. */
bool db_add_device(struct db_tx *tx, const struct device *device, bool *taken);
const struct device *db_find_device(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena);
/* One that waits and is not over. */
const struct device *db_find_device_by_code(struct db_tx *tx, const char *user_code, int64_t now, struct arena *arena);
/* One that waits, is not over, and whose code was typed in the browser that holds this cookie. */
const struct device *db_find_device_by_page(struct db_tx *tx, const unsigned char page_hash[TOKEN_HASH_BYTES], int64_t now,
                                            struct arena *arena);
bool db_poll_device(struct db_tx *tx, const struct device *device, int64_t now, int interval_s);
/* A wrong password with this code: the `most`th denies it. */
bool db_count_device_try(struct db_tx *tx, const char *user_code, int most);
/* Somebody logged in with its code: the browser with this cookie may answer for that member. */
bool db_open_device_page(struct db_tx *tx, const struct device *device, const char *member_id,
                         const unsigned char page_hash[TOKEN_HASH_BYTES]);
/* The member's answer: GRANTED or DENIED; or SPENT, from GRANTED alone. `*moved`: it was so. False: the disk. */
bool db_move_device(struct db_tx *tx, const struct device *device, enum device_state to, bool *moved);

#endif
