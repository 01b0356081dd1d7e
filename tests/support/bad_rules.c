/* bad_rules.c — what becomes of an exchange, by rules in words or by a seed. See bad_line.h. */
#include "bad_line_inside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"

#define WORDS_MAX 8

/* ---- rules ---- */

enum fault { CUT, DELAY, THROTTLE, FLIP, DROP, TWICE, STATUS, TYPE, LAST, ANOTHERS, FINAL };

/* How many numbers follow the name of a fault; what goes for the answer alone. */
static const struct { const char *name; int numbers; bool answer_only; } faults[] = {
	[CUT] = { "cut", 1, false },      [DELAY] = { "delay", 1, false }, [THROTTLE] = { "throttle", 1, false },
	[FLIP] = { "flip", 1, false },    [DROP] = { "drop", 2, false },   [TWICE] = { "twice", 2, false },
	[STATUS] = { "status", 1, true }, [TYPE] = { "type", 0, true },    [LAST] = { "last", 0, true },
	[ANOTHERS] = { "anothers", 0, true }, [FINAL] = { "final", 0, true },
};

struct rule {
	char which[16];
	bool once, used;
	bool of_request;
	enum fault fault;
	int64_t numbers[2];
	enum bad_end end;
	char text[64];
};
struct bad_rules { struct rule *rules; size_t count; };

static bool find_fault(const char *name, enum fault *found)
{
	for (size_t at = 0; at < COUNT_OF(faults); at++) {
		if (strcmp(faults[at].name, name) == 0) {
			*found = (enum fault)at;
			return true;
		}
	}
	return false;
}

static bool read_end(const char *word, enum bad_end *end)
{
	static const char *const names[] = { [BAD_END_FIN] = "fin", [BAD_END_RST] = "rst", [BAD_END_HOLD] = "hold" };
	for (size_t at = 0; at < COUNT_OF(names); at++) {
		if (strcmp(names[at], word) == 0) {
			*end = (enum bad_end)at;
			return true;
		}
	}
	return false;
}

static size_t split(char *line, char *words[WORDS_MAX])
{
	size_t count = 0;
	char *rest = line;
	for (char *word = strtok_r(rest, " \t\r", &rest); word && count < WORDS_MAX; word = strtok_r(NULL, " \t\r", &rest))
		words[count++] = word;
	return count;
}

static bool read_fault(struct rule *rule, char **words, size_t count)
{
	size_t at = 0;
	for (; at < (size_t)faults[rule->fault].numbers; at++) {
		char *end = NULL;
		rule->numbers[at] = at < count ? strtoll(words[at], &end, 10) : -1;
		if (!end || *end || rule->numbers[at] < 0)
			return false;
	}
	bool names_type = rule->fault == TYPE;
	if (rule->fault == CUT && at < count)
		return read_end(words[at], &rule->end) && at + 1 == count;
	if (names_type && at < count)
		snprintf(rule->text, sizeof rule->text, "%s", words[at]);
	return at + names_type == count;
}

static bool read_rule(struct rule *rule, char **words, size_t count)
{
	*rule = (struct rule){ .end = BAD_END_FIN };
	snprintf(rule->which, sizeof rule->which, "%s", words[0]);
	size_t at = 1;
	rule->once = at < count && strcmp(words[at], "once") == 0;
	at += rule->once;
	if (at + 1 >= count)
		return false;
	rule->of_request = strcmp(words[at], "request") == 0;
	if ((!rule->of_request && strcmp(words[at], "answer") != 0) || !find_fault(words[at + 1], &rule->fault))
		return false;
	return !(rule->of_request && faults[rule->fault].answer_only) && read_fault(rule, words + at + 2, count - at - 2);
}

struct bad_rules *bad_rules_new(const char *text, struct problem *why)
{
	struct bad_rules *rules = memory_get(sizeof *rules);
	char *copy = memory_copy_text(text), *rest = copy, *line;
	for (int number = 1; (line = strsep(&rest, "\n")); number++) {
		line[strcspn(line, "#")] = '\0';
		char *words[WORDS_MAX];
		size_t count = split(line, words);
		if (!count)
			continue;
		rules->rules = memory_grow(rules->rules, rules->count + 1, sizeof *rules->rules);
		if (read_rule(&rules->rules[rules->count++], words, count))
			continue;
		problem_set(why, PROBLEM_INVALID, "rules", "line %d is no rule", number);
		bad_rules_free(rules);
		rules = NULL;
		break;
	}
	free(copy);
	return rules;
}

void bad_rules_free(struct bad_rules *rules)
{
	if (!rules)
		return;
	free(rules->rules);
	free(rules);
}

static bool fits(const struct rule *rule, const struct bad_about *about)
{
	if (rule->once && rule->used)
		return false;
	if (strcmp(rule->which, "all") == 0)
		return true;
	if (strcmp(rule->which, "write") == 0)
		return strcmp(about->method, "GET") != 0;
	if (isdigit((unsigned char)*rule->which))
		return strtoul(rule->which, NULL, 10) == about->exchange;
	return strcmp(rule->which, about->method) == 0;
}

static void apply(const struct rule *rule, struct bad_exchange *fate)
{
	struct bad_way *way = rule->of_request ? &fate->request : &fate->answer;
	const int64_t *numbers = rule->numbers;
	switch (rule->fault) {
	case CUT:
		way->cut_at = numbers[0];
		way->end = rule->end;
		return;
	case DELAY:
		way->delay_ms = (int)numbers[0];
		return;
	case THROTTLE:
		way->bytes_per_s = (int)numbers[0];
		return;
	case FLIP:
		way->flip = numbers[0];
		return;
	case DROP:
		way->drop = (struct bad_stretch){ numbers[0], numbers[1] };
		return;
	case TWICE:
		way->twice = (struct bad_stretch){ numbers[0], numbers[1] };
		return;
	case STATUS:
		fate->status = (int)numbers[0];
		return;
	case TYPE:
		memcpy(fate->type, rule->text, sizeof fate->type);
		return;
	case LAST:
		fate->last = true;
		return;
	case ANOTHERS:
		fate->anothers = true;
		return;
	case FINAL:
		fate->final = true;
		return;
	}
}

void bad_choice_by_rules(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	struct bad_rules *rules = context;
	for (size_t at = 0; at < rules->count; at++) {
		struct rule *rule = &rules->rules[at];
		if (!fits(rule, about))
			continue;
		rule->used = true;
		apply(rule, fate);
	}
}

/* ---- a seed ---- */

/* splitmix64 (Vigna): each number of a sequence from the number of its place. */
static uint64_t next(uint64_t *state)
{
	uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

static int64_t below(uint64_t *state, int64_t bound)
{
	return (int64_t)(next(state) % (uint64_t)bound);
}

static enum bad_end some_end(uint64_t *state)
{
	return below(state, 2) ? BAD_END_RST : BAD_END_FIN;
}

/* After a fault the connection is over: half a minute of patience for each would be a long test.
 *
 * A request is not changed under way: on a line that does that, somebody else books. Nor does an answer say that nothing was done when
 * something was (404, 429): whom such a line deceives it deceives. TLS is against both. */
void bad_choice_by_seed(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	static const int statuses[] = { 200, 302, 500, 502, 503, 504 };
	static const char *const types[] = { "text/html", "application/octet-stream", "text/plain" };
	const struct bad_seed *seed = context;
	uint64_t state = seed->seed * 1000003 + about->exchange;
	if (below(&state, 100) >= seed->percent)
		return;
	int64_t length = (int64_t)about->length;
	fate->final = true;
	switch (below(&state, 10)) {
	case 0:
		fate->request.cut_at = below(&state, length + 1);
		fate->request.end = some_end(&state);
		return;
	case 1:
	case 2:
		fate->answer.cut_at = below(&state, 1200);
		fate->answer.end = some_end(&state);
		return;
	case 3:
		fate->answer.cut_at = 0;
		return;
	case 4:
		fate->request.delay_ms = (int)below(&state, 200);
		fate->answer.delay_ms = (int)below(&state, 200);
		return;
	case 5:
		fate->answer.bytes_per_s = 2000 + (int)below(&state, 20000);
		return;
	case 6:
		fate->answer.flip = below(&state, 8 * 600);
		return;
	case 7:
		fate->answer.drop = (struct bad_stretch){ below(&state, 600), 1 + below(&state, 40) };
		return;
	case 8:
		fate->answer.twice = (struct bad_stretch){ below(&state, 600), 1 + below(&state, 40) };
		return;
	case 9:
		if (below(&state, 3) == 0)
			fate->last = true;
		else if (below(&state, 2) == 0)
			fate->status = statuses[below(&state, (int64_t)COUNT_OF(statuses))];
		else
			snprintf(fate->type, sizeof fate->type, "%s", types[below(&state, (int64_t)COUNT_OF(types))]);
		return;
	}
}
