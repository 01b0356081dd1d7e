/* cursor.c — see cursor.h. The bytes are: 16 of HMAC-SHA-256, then "<at> <id>". */
#include "cursor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define SEAL_BYTES 16
#define CURSOR_TEXT_MAX 512

static void seal(const unsigned char secret[CURSOR_SECRET_BYTES], const char *list, const char *place,
                 unsigned char out[SEAL_BYTES])
{
	unsigned char whole[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, secret, CURSOR_SECRET_BYTES);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)list, strlen(list) + 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)place, strlen(place));
	crypto_auth_hmacsha256_final(&state, whole);
	memcpy(out, whole, SEAL_BYTES);
}

const char *cursor_write(struct arena *arena, const unsigned char secret[CURSOR_SECRET_BYTES], const char *list,
                         struct cursor cursor)
{
	char *place = arena_print(arena, "%" PRId64 " %s", cursor.at, cursor.id);
	size_t length = strlen(place) + SEAL_BYTES;
	unsigned char *bytes = arena_get(arena, length);
	seal(secret, list, place, bytes);
	memcpy(bytes + SEAL_BYTES, place, strlen(place));
	size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return sodium_bin2base64(arena_get(arena, room), room, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool cursor_read(struct arena *arena, const unsigned char secret[CURSOR_SECRET_BYTES], const char *list, const char *text,
                 struct cursor *cursor)
{
	size_t room = strlen(text), length = 0;
	if (room > CURSOR_TEXT_MAX)
		return false;
	unsigned char *bytes = arena_get(arena, room + 1);
	if (sodium_base642bin(bytes, room, text, room, NULL, &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    length <= SEAL_BYTES)
		return false;
	bytes[length] = '\0';
	const char *place = (const char *)bytes + SEAL_BYTES;
	unsigned char wanted[SEAL_BYTES];
	seal(secret, list, place, wanted);
	char *end = NULL;
	if (sodium_memcmp(wanted, bytes, SEAL_BYTES) != 0)
		return false;
	cursor->at = strtoll(place, &end, 10);
	cursor->id = *end == ' ' ? end + 1 : end;
	return true;
}
