/* number.h — a whole number from text that came over the wire: digits only, no sign, no space, nothing after them. */
#ifndef HACKTIV_SERVER_NUMBER_H
#define HACKTIV_SERVER_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

static inline bool number_read(const char *text, int64_t most, int64_t *number)
{
	int64_t value = 0;
	for (const char *at = text; *at; at++) {
		if (*at < '0' || *at > '9' || value > (most - (*at - '0')) / 10)
			return false;
		value = value * 10 + (*at - '0');
	}
	*number = value;
	return *text != '\0';
}

#endif
