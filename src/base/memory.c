/* memory.c — see memory.h. */
#include "hacktiv/base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static void (*restore_first)(void);

void die_prepare(void (*restore)(void))
{
	restore_first = restore;
}

void die(const char *format, ...)
{
	if (restore_first)
		restore_first();
	va_list arguments;
	va_start(arguments, format);
	fputs("hacktiv: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(EX_SOFTWARE);
}

void *memory_get(size_t bytes)
{
	void *got = calloc(1, bytes ? bytes : 1);
	if (!got)
		die("out of memory");
	return got;
}

void *memory_get_array(size_t count, size_t bytes)
{
	void *got = calloc(count ? count : 1, bytes ? bytes : 1);
	if (!got)
		die("out of memory");
	return got;
}

void *memory_grow(void *old, size_t count, size_t bytes)
{
	void *got = reallocarray(old, count ? count : 1, bytes ? bytes : 1);
	if (!got)
		die("out of memory");
	return got;
}

char *memory_copy_text(const char *text)
{
	if (!text)
		return NULL;
	size_t bytes = strlen(text) + 1;
	return memcpy(memory_get(bytes), text, bytes);
}
