/* password.h — what a password must be, and its hash. After NIST SP 800-63B: long, with no rules about which characters it holds and
 * no end to its life; but not what anybody would try first. */
#ifndef HACKTIV_SERVER_PASSWORD_H
#define HACKTIV_SERVER_PASSWORD_H

#include <sodium.h>

#include "hacktiv/base.h"

#define PASSWORD_LENGTH_MIN 12      /* characters */
#define PASSWORD_LENGTH_MAX 1024    /* bytes */
#define PASSWORD_LETTERS_MIN 4      /* different ones: "121212121212" is none */

/* `login`: whose it is to be. False: `why`, field "password", says what is wrong with it. */
bool password_check(const char *password, const char *login, struct problem *why);

/* Argon2id with the parameters that all passwords here have: 65 ms and 64 MiB. */
bool password_hash(const char *password, size_t length, char hash[crypto_pwhash_STRBYTES], struct problem *why);

#endif
