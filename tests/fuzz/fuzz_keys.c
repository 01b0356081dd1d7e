/* fuzz_keys.c — whatever a terminal sends, in pieces and late: keys have names that can be shown, no byte is waited for for ever,
 * and the order of pieces without pauses does not matter. The first byte says how large the pieces are, the second how long the
 * pauses. */
#include "fuzz.h"

#include <string.h>

#include "hacktiv/base.h"
#include "keymap.h"

#define KEYS_MAX (1u << 20)   /* bytes of names */

struct keys {
	struct buffer told;
	size_t pasted;
};

static void take(struct keys *keys, const struct key *key)
{
	if (key->kind == KEY_PASTE) {
		MUST(key->pasted && key->pasted_length <= KEY_PASTE_MAX);
		keys->pasted += key->pasted_length;
		buffer_print(&keys->told, "<%zu>", key->pasted_length);
		return;
	}
	size_t length = strnlen(key->name, KEY_NAME_MAX);
	MUST(length > 0 && length < KEY_NAME_MAX);
	MUST(strcmp(key->name, " ") == 0 || text_is_clean(key->name, length, TEXT_ONE_LINE, KEY_NAME_MAX) ||
	     key->kind == KEY_CHARACTER);
	for (size_t i = 0; i < length; i++)
		MUST((unsigned char)key->name[i] >= ' ' && key->name[i] != 0x7f);
	buffer_print(&keys->told, "%s ", key->name);
}

static void drain(struct decoder *decoder, struct keys *keys, int64_t now_ms)
{
	struct key key;
	size_t count = 0;
	while (decoder_next(decoder, now_ms, &key)) {
		MUST(++count <= 2 * sizeof decoder->held + 2);
		take(keys, &key);
	}
	MUST(decoder->held_count <= sizeof decoder->held);
}

/* All keys of the bytes, in pieces of `piece`, `pause_ms` apart. */
static void decode(struct keys *keys, const uint8_t *bytes, size_t length, size_t piece, int64_t pause_ms)
{
	struct decoder decoder;
	int64_t now_ms = 1000;
	buffer_init(&keys->told, KEYS_MAX);
	keys->pasted = 0;
	decoder_init(&decoder, 25);
	for (size_t at = 0; at < length; now_ms += pause_ms) {
		size_t left = length - at < piece ? length - at : piece;
		size_t taken = decoder_feed(&decoder, bytes + at, left, now_ms);
		MUST(taken > 0 && taken <= left);
		drain(&decoder, keys, now_ms);
		at += taken;
	}
	for (int turns = 0; decoder_timeout(&decoder, now_ms) >= 0; turns++) {
		MUST(turns < 100);
		now_ms += decoder_timeout(&decoder, now_ms) + 1;
		drain(&decoder, keys, now_ms);
	}
	now_ms += 2 * KEY_PASTE_MS;
	drain(&decoder, keys, now_ms);
	MUST(decoder.held_count == 0);
	decoder_clear(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const int64_t pauses[] = { 0, 1, 24, 26, 499, 501, 1001, 5000 };
	if (length < 2)
		return 0;
	struct keys slow, whole, single;
	decode(&slow, bytes + 2, length - 2, 1 + bytes[0] % 16, pauses[bytes[1] % COUNT_OF(pauses)]);
	decode(&whole, bytes + 2, length - 2, length, 0);
	decode(&single, bytes + 2, length - 2, 1, 0);
	/* A lone Ctrl-C in a paste that does not end is meant, one among others is pasted. */
	MUST(memchr(bytes, 3, length) || strcmp(whole.told.bytes, single.told.bytes) == 0);
	MUST(slow.pasted <= length && whole.pasted <= length);
	buffer_clear(&slow.told);
	buffer_clear(&whole.told);
	buffer_clear(&single.told);
	return 0;
}
