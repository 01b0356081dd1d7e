/* tz_rule.h — the rule at the end of a TZif file for all time after its last transition: a POSIX TZ string
 * (RFC 9636 section 3.3), "CET-1CEST,M3.5.0,M10.5.0/3". */
#ifndef BASE_TZ_RULE_H
#define BASE_TZ_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "Mm.w.d/time": the w-th (5: last) weekday d of month m, at `seconds` of wall clock before the change. */
struct tz_change {
	int month;      /* 1 … 12 */
	int week;       /* 1 … 5 */
	int weekday;    /* 0 Sunday … 6 */
	int seconds;    /* -167 h … 167 h */
};

struct tz_rule {
	int32_t standard;    /* seconds east of UTC */
	int32_t summer;
	bool has_summer;
	struct tz_change to_summer, to_standard;
};

/* False for what is not understood: no zone of the database needs Jn or n dates. */
bool tz_rule_read(const char *text, size_t length, struct tz_rule *rule);
int32_t tz_rule_offset(const struct tz_rule *rule, int64_t instant);

#endif
