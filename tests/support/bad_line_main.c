/* bad_line_main.c — a bad line as a program, for tests in other languages.
 *
 *     bad_line LISTEN SERVER        as bad_line_new() takes them
 *
 * Says "listening on ADDRESS". What it reads then is a choice each: "rules" and rules up to an empty line, "seed NUMBER PERCENT", or
 * "good"; it answers "done" once it holds. "count" is answered by three numbers: connections, exchanges, faults. Ends with its input. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bad_line.h"
#include "hacktiv/base.h"

static struct bad_rules *read_rules(void)
{
	struct buffer text;
	buffer_init(&text, 1 << 20);
	char line[512];
	while (fgets(line, sizeof line, stdin) && strcmp(line, "\n") != 0)
		buffer_add_text(&text, line);
	struct problem why = { 0 };
	struct bad_rules *rules = bad_rules_new(text.bytes, &why);
	if (!rules)
		die("%s", why.text);
	buffer_clear(&text);
	return rules;
}

int main(int count, char **words)
{
	struct problem why = { 0 };
	if (count != 3)
		die("bad_line LISTEN SERVER");
	struct bad_line *line = bad_line_new(words[1], words[2], NULL, NULL, &why);
	if (!line)
		die("%s", why.text);
	printf("listening on %s\n", bad_line_address(line));
	fflush(stdout);
	struct bad_rules *rules = NULL;
	struct bad_seed seed = { 0 };
	char told[128];
	while (fgets(told, sizeof told, stdin)) {
		bool counts = strcmp(told, "count\n") == 0;
		struct bad_line_count so_far = bad_line_count(line);
		if (!counts)
			bad_line_choose(line, NULL, NULL);   /* nobody reads the old rules any more */
		if (strcmp(told, "rules\n") == 0) {
			bad_rules_free(rules);
			rules = read_rules();
			bad_line_choose(line, bad_choice_by_rules, rules);
		} else if (sscanf(told, "seed %" SCNu64 " %d", &seed.seed, &seed.percent) == 2) {
			bad_line_choose(line, bad_choice_by_seed, &seed);
		} else if (!counts && strcmp(told, "good\n") != 0) {
			die("not understood: %s", told);
		}
		if (counts)
			printf("%u %u %u\n", so_far.connections, so_far.exchanges, so_far.faults);
		else
			printf("done\n");
		fflush(stdout);
	}
	bad_line_free(line);
	bad_rules_free(rules);
	return EXIT_SUCCESS;
}
