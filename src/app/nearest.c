/* nearest.c — see nearest.h. */
#include "nearest.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"

#define WORD_MAX 64   /* bytes; a longer word was not meant to be a name */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance: edits and swaps of neighbours. */
static size_t distance(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b), width = b_length + 1;
	size_t *cells = memory_get_array((a_length + 1) * width, sizeof *cells);
	for (size_t i = 0; i <= a_length; i++)
		cells[i * width] = i;
	for (size_t j = 0; j <= b_length; j++)
		cells[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		for (size_t j = 1; j <= b_length; j++) {
			size_t here = cells[(i - 1) * width + j - 1] + (a[i - 1] != b[j - 1]);
			here = least(here, cells[(i - 1) * width + j] + 1);
			here = least(here, cells[i * width + j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here = least(here, cells[(i - 2) * width + j - 2] + 1);
			cells[i * width + j] = here;
		}
	}
	size_t result = cells[a_length * width + b_length];
	free(cells);
	return result;
}

const char *nearest_name(const char *word, const char *const *names, size_t count)
{
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, word);
	const char *best = NULL;
	size_t length = strlen(folded), best_distance = length / 3 + 1;
	for (size_t at = 0; at < count && length > 0 && length <= WORD_MAX; at++) {
		if (!names[at])
			continue;
		size_t far = distance(folded, text_fold(arena, names[at]));
		if (far < best_distance || (!best && far == best_distance && length > 2)) {
			best = names[at];
			best_distance = far;
		}
	}
	arena_free(arena);
	return best;
}
