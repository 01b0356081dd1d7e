/* table.h — what the tests of this room share: cmocka, and a way to say which row of a table failed. */
#ifndef TEST_BASE_TABLE_H
#define TEST_BASE_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hacktiv/base.h"

/* Fails with the row's own words when `condition` does not hold. */
#define ROW_HOLDS(condition, ...)                                                                                      \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			print_error(__VA_ARGS__);                                                                      \
			print_error(": %s\n", #condition);                                                             \
			fail();                                                                                        \
		}                                                                                                      \
	} while (0)

#endif
