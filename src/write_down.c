/* write_down.c — see write_down.h. */
#include "write_down.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "hacktiv/app.h"

/* Whoever made the wish may be at other things on this terminal by now, but was told that it would be written down. */
static void complain(struct arena *arena, const char *text, bool utf8)
{
	fprintf(stderr, "hacktiv: %s\n", utf8 ? text : text_ascii(arena, text));
}

bool write_down(struct arena *arena, bool utf8, int *exit_status)
{
	struct clock clock;
	struct store_unkept unkept;
	if (isatty(STDIN_FILENO) || !clock_from_environment(&clock, NULL) || !store_inherit(STDIN_FILENO, &clock, arena, &unkept))
		return false;
	if (unkept.count)
		complain(arena, unkept.why.text, utf8);
	for (size_t at = 0; at < unkept.count; at++) {
		const struct wish_view wish = { .row = &unkept.wishes[at], .trouble = true, .perhaps_kept = unkept.perhaps_kept };
		complain(arena, wish_words_brief(arena, &wish), utf8);
	}
	*exit_status = unkept.count ? EXIT_FAILURE : EXIT_SUCCESS;
	return true;
}
