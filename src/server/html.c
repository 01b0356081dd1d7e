/* html.c — see html.h. */
#include "html.h"

#include <string.h>

void html_tags(struct buffer *out, const char *tags)
{
	buffer_add_text(out, tags);
}

static const char *reference(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void add(struct buffer *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *instead = reference(text[i]);
		if (instead)
			buffer_add_text(out, instead);
		else
			buffer_add(out, &text[i], 1);
	}
}

void html_text(struct buffer *out, const char *text)
{
	add(out, text, strlen(text));
}

void html_sentence(struct buffer *out, const char *pattern, const char *text)
{
	const char *hole = strstr(pattern, "%s");
	if (!hole || !text) {
		html_text(out, pattern);
		return;
	}
	add(out, pattern, (size_t)(hole - pattern));
	html_text(out, text);
	html_text(out, hole + 2);
}
