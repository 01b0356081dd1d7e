/* admin.h — what an administrator does to a database that nobody serves at that moment. */
#ifndef HACKTIV_SERVER_ADMIN_H
#define HACKTIV_SERVER_ADMIN_H

#include <sodium.h>

#include "options.h"

#define PASSWORD_LENGTH_MIN 8   /* bytes; NIST SP 800-63B 5.1.1.2 */

/* Argon2id with the parameters that all passwords here have: 65 ms and 64 MiB. */
bool admin_hash_password(const char *password, size_t length, char hash[crypto_pwhash_STRBYTES], struct problem *why);

/* Gives a member the password that was typed, or stands on standard input, and ends that member's sessions. */
bool admin_set_password(const struct options *options, struct problem *why);

#endif
