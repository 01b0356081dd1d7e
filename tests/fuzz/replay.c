/* replay.c — runs a fuzz target over a kept corpus, each input whole and cut at every byte (the first 4096); prints TAP. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#include "hacktiv/base.h"

#define INPUT_MAX (1u << 20)
#define CUTS_MAX  4096u

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A copy that ends where its memory ends, so that the sanitiser sees one byte too many. */
static void run(const char *bytes, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	MUST(copy);
	memcpy(copy, bytes, length);
	LLVMFuzzerTestOneInput(copy, length);
	free(copy);
}

int main(int count, char **arguments)
{
	struct dirent **entries = NULL;
	int found = count == 2 ? scandir(arguments[1], &entries, is_input, alphasort) : -1;
	if (found < 1) {
		printf("1..0 # no corpus\nBail out! usage: replay DIRECTORY\n");
		return 1;
	}
	printf("1..%d\n", found);
	for (int i = 0; i < found; i++) {
		struct arena *arena = arena_new();
		struct buffer input;
		const char *path = arena_print(arena, "%s/%s", arguments[1], entries[i]->d_name);
		MUST(path_read(path, INPUT_MAX, &input, NULL));
		for (size_t cut = 0; cut < input.length && cut < CUTS_MAX; cut++)
			run(input.bytes, cut);
		run(input.bytes, input.length);
		printf("ok %d - %s\n", i + 1, entries[i]->d_name);
		fflush(stdout);
		buffer_clear(&input);
		arena_free(arena);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
