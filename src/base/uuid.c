/* uuid.c — see uuid.h. */
#include "hacktiv/base/uuid.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

#include "hacktiv/base/memory.h"

#define UUID_BYTES 16

static bool is_hyphen_place(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

void uuid_make(const struct clock *clock, char out[UUID_SIZE])
{
	unsigned char bytes[UUID_BYTES];
	if (getentropy(bytes, sizeof bytes) != 0)
		die("the system has no random numbers to give");
	uint64_t milliseconds = (uint64_t)clock_now_ms(clock);
	for (int i = 0; i < 6; i++)
		bytes[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
	bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0f));   /* version 7 */
	bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));   /* variant of RFC 9562 */

	static const char hexadecimal[] = "0123456789abcdef";
	size_t at = 0;
	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (is_hyphen_place(at))
			out[at++] = '-';
		out[at++] = hexadecimal[bytes[i] >> 4];
		out[at++] = hexadecimal[bytes[i] & 0x0f];
	}
	out[at] = '\0';
}

bool uuid_is_valid(const char *text)
{
	if (!text)
		return false;
	for (size_t i = 0; i < UUID_SIZE - 1; i++) {
		char letter = text[i];
		bool digit = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
		if (is_hyphen_place(i) ? letter != '-' : !digit)
			return false;
	}
	return text[UUID_SIZE - 1] == '\0';
}
