/* event_id.c — see event_id.h. */
#include "event_id.h"

#include <string.h>

#include <sodium.h>

#define KEY_BYTES 6u
#define KEY_LENGTH (SPACE_KEY_SIZE - 1u)
#define EPOCH_LENGTH (EPOCH_SIZE - 1u)
#define KEY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

void event_space_key(const char *space_id, char key[SPACE_KEY_SIZE])
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)space_id, strlen(space_id), NULL, 0);
	sodium_bin2base64(key, SPACE_KEY_SIZE, hash, KEY_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *event_place_write(char *out, const char key[SPACE_KEY_SIZE], int64_t seq)
{
	char digits[20];
	size_t count = 0;
	do
		digits[count++] = (char)('0' + seq % 10);
	while ((seq /= 10) > 0);
	memcpy(out, key, KEY_LENGTH);
	out += KEY_LENGTH;
	*out++ = ':';
	while (count > 0)
		*out++ = digits[--count];
	*out = '\0';
	return out;
}

size_t event_id_write(char out[EVENT_ID_SIZE], const char epoch[EPOCH_SIZE], const struct event_place *places, size_t count)
{
	char *at = out;
	memcpy(at, epoch, EPOCH_LENGTH);
	at += EPOCH_LENGTH;
	*at++ = '.';
	*at = '\0';
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*at++ = ',';
		at = event_place_write(at, places[i].key, places[i].seq);
	}
	return (size_t)(at - out);
}

/* A number as it is written: no zero before it, within 63 bits. Returns what comes after it, NULL when it is none. */
static const char *read_number(const char *at, int64_t *number)
{
	if (*at == '0') {
		*number = 0;
		return at + 1;
	}
	const char *first = at;
	for (*number = 0; *at >= '0' && *at <= '9'; at++) {
		if (*number > (INT64_MAX - (*at - '0')) / 10)
			return NULL;
		*number = *number * 10 + (*at - '0');
	}
	return at > first ? at : NULL;
}

static const char *read_place(const char *at, struct event_place *place)
{
	if (strspn(at, KEY_LETTERS) != KEY_LENGTH || at[KEY_LENGTH] != ':')
		return NULL;
	memcpy(place->key, at, KEY_LENGTH);
	place->key[KEY_LENGTH] = '\0';
	return read_number(at + KEY_LENGTH + 1, &place->seq);
}

static bool is_there(const struct event_place *places, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(places[i].key, key) == 0)
			return true;
	return false;
}

bool event_id_read(const char *text, char epoch[EPOCH_SIZE], struct event_place places[EVENT_SPACES_MAX], size_t *count)
{
	*count = 0;
	if (strspn(text, EPOCH_LETTERS) != EPOCH_LENGTH || text[EPOCH_LENGTH] != '.')
		return false;
	memcpy(epoch, text, EPOCH_LENGTH);
	epoch[EPOCH_LENGTH] = '\0';
	for (const char *at = text + EPOCH_LENGTH + 1; *at;) {
		if (*count == EVENT_SPACES_MAX)
			return false;
		struct event_place *place = &places[*count];
		at = read_place(at, place);
		if (!at || is_there(places, *count, place->key))
			return false;
		(*count)++;
		if (*at == ',' && at[1])
			at++;
		else if (*at)
			return false;
	}
	return true;
}
