/* fuzz_event_id.c — whatever comes as Last-Event-ID: what is taken would be written as the same bytes. */
#include "fuzz.h"

#include <string.h>

#include "event_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	MUST(text);
	memcpy(text, bytes, length);
	text[length] = '\0';
	static struct event_place places[EVENT_SPACES_MAX];
	char epoch[EPOCH_SIZE];
	size_t count = 0;
	if (event_id_read(text, epoch, places, &count)) {
		char *again = malloc(EVENT_ID_SIZE);
		MUST(again && strlen(text) < EVENT_ID_SIZE);
		MUST(event_id_write(again, epoch, places, count) == strlen(text));
		MUST(strcmp(again, text) == 0);
		free(again);
	}
	free(text);
	return 0;
}
