/* user_code.h — what a person types to let a device in: eight letters that are hard to take for one another and spell no word
 * (RFC 8628, 6.1), 20^8 of them. */
#ifndef HACKTIV_SERVER_USER_CODE_H
#define HACKTIV_SERVER_USER_CODE_H

#include <stdbool.h>

#include "db/standing.h"

#define USER_CODE_SIZE (USER_CODE_LETTERS + 1)
#define USER_CODE_SHOWN_SIZE (USER_CODE_LETTERS + 2)

void user_code_make(char code[USER_CODE_SIZE]);
/* As a person writes it: case, spaces and hyphens do not count. False: it is none. */
bool user_code_read(const char *text, char code[USER_CODE_SIZE]);
/* "WDJB-MJHT" */
void user_code_show(const char *code, char shown[USER_CODE_SHOWN_SIZE]);

#endif
