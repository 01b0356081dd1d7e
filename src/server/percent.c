/* percent.c — see percent.h. */
#include "percent.h"

static int hexadecimal(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

bool percent_decode(const char *from, size_t length, bool plus_is_space, char *out, size_t *used)
{
	*used = 0;
	for (size_t i = 0; i < length; i++) {
		char byte = plus_is_space && from[i] == '+' ? ' ' : from[i];
		if (byte == '%') {
			int high = length - i > 2 ? hexadecimal(from[i + 1]) : -1, low = length - i > 2 ? hexadecimal(from[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			byte = (char)(high * 16 + low);
			i += 2;
		}
		out[(*used)++] = byte;
	}
	out[*used] = '\0';
	return true;
}
