/* check.h — `hacktivd check URL`: is what answers there a server of our interface?
 *
 * A table of checks, each with what it holds a server to and where that is written: an RFC, or doc/api/openapi.yaml. Without --write it
 * only reads. With --write it books, moves, cancels, signs up and withdraws as the member that is given, and takes back what it did. */
#ifndef HACKTIV_SERVER_CHECK_H
#define HACKTIV_SERVER_CHECK_H

#include "options.h"

/* One line for each check and a sum on standard output. 0: all passed; 1: some did not, or nothing answered (said on standard error);
 * 2: the address, the token file or the password is none. */
int check_server(const struct options *options);

#endif
