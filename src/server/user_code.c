/* user_code.c — see user_code.h. */
#include "user_code.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";

void user_code_make(char code[USER_CODE_SIZE])
{
	for (size_t i = 0; i < USER_CODE_LETTERS; i++)
		code[i] = letters[randombytes_uniform((uint32_t)strlen(letters))];
	code[USER_CODE_LETTERS] = '\0';
}

bool user_code_read(const char *text, char code[USER_CODE_SIZE])
{
	size_t count = 0;
	for (const char *at = text; *at; at++) {
		if (strchr(" -\t", *at))
			continue;
		char letter = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
		if (count == USER_CODE_LETTERS || !strchr(letters, letter))
			return false;
		code[count++] = letter;
	}
	code[count] = '\0';
	return count == USER_CODE_LETTERS;
}

void user_code_show(const char *code, char shown[USER_CODE_SHOWN_SIZE])
{
	snprintf(shown, USER_CODE_SHOWN_SIZE, "%.4s-%.4s", code, code + USER_CODE_LETTERS / 2);
}
