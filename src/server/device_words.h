/* device_words.h — what the page that lets a device in says, in the four languages of the network. The server has no locale of a
 * person: a request brings its own. */
#ifndef HACKTIV_SERVER_DEVICE_WORDS_H
#define HACKTIV_SERVER_DEVICE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum page_language { PAGE_FRENCH, PAGE_DUTCH, PAGE_GERMAN, PAGE_ENGLISH };
#define PAGE_LANGUAGES 4

enum device_word {
	WORD_TITLE,
	WORD_CODE_LEAD, WORD_CODE, WORD_CODE_HINT, WORD_CONTINUE,
	WORD_LOGIN_TITLE, WORD_LOGIN_LEAD, WORD_LOGIN, WORD_PASSWORD, WORD_LOG_IN,
	WORD_CONFIRM_TITLE, WORD_CONFIRM_LEAD, WORD_PROGRAM, WORD_ASKED_AT, WORD_ASKED_FROM, WORD_HERE, WORD_FOR, WORD_MAY,
	WORD_WARNING, WORD_ALLOW, WORD_DENY,
	WORD_ALLOWED_TITLE, WORD_ALLOWED, WORD_DENIED_TITLE, WORD_DENIED,
	WORD_PROBLEM, WORD_CODE_WRONG, WORD_CODE_UNKNOWN, WORD_LOGIN_MISSING, WORD_PASSWORD_MISSING, WORD_LOGIN_WRONG, WORD_TOO_MANY,
	WORD_OVER, WORD_AGAIN,
	WORD_SCOPE_BOOKINGS, WORD_SCOPE_BOOKINGS_WRITE, WORD_SCOPE_DIRECTORY, WORD_SCOPE_PROFILE_WRITE, WORD_SCOPE_STAFF,
	WORD_SCOPE_STATS,      /* in the order of scope.h */
	WORD_LANGUAGES
};
#define DEVICE_WORDS 41

/* UTF-8, never empty. */
const char *device_word(enum page_language language, enum device_word word);
/* "fr" and "français". */
const char *page_language_code(enum page_language language);
const char *page_language_name(enum page_language language);
/* False: none of ours. */
bool page_language_from_code(const char *code, size_t length, enum page_language *language);
/* The one that Accept-Language likes best; French when it names none of ours or is NULL. */
enum page_language page_language_accepted(const char *accept);

#endif
