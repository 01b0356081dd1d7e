/* html.h — the little HTML that this server writes. All that is not a literal of ours goes through html_text(). */
#ifndef HACKTIV_SERVER_HTML_H
#define HACKTIV_SERVER_HTML_H

#include "hacktiv/base.h"

/* Tags, as they are: literals of ours only. */
void html_tags(struct buffer *out, const char *tags);
/* Text, or the value of an attribute between double quotes: & < > " ' become references (WHATWG HTML, 13.3). */
void html_text(struct buffer *out, const char *text);
/* The same with `text` in place of the one %s of `pattern`, which is words of ours; NULL: there is none. */
void html_sentence(struct buffer *out, const char *pattern, const char *text);

#endif
