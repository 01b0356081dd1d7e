/* text.h — the one gate for text from outside, and what can be asked of text behind it.
 *
 * Everything that comes from a server, a file or an argument passes text_clean() once, on its way in. Behind the gate
 * text is valid UTF-8 in NFC, holds nothing that moves a cursor, turns the reading direction or hides (C0, C1, ESC,
 * bidi controls U+061C U+200E-F U+202A-E U+2066-9, zero-width U+200B-D U+2060-4 U+FEFF U+00AD, tags U+E0000-7F,
 * variation selectors, skin tones), at most two combining marks on a base, and is no longer than its field allows.
 * Why each of them: CWE-150, CVE-2021-42574 (Trojan Source), CVE-2021-25743, CVE-2024-52005. */
#ifndef HACKTIV_BASE_TEXT_H
#define HACKTIV_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"

#define TEXT_NAME_MAX    200u   /* bytes after cleaning; names, labels, one line */
#define TEXT_LINE_MAX   1000u   /* one-line sentences */
#define TEXT_BODY_MAX  20000u   /* many lines */

enum text_shape {
	TEXT_ONE_LINE,     /* LF, CR, TAB and U+2028/9 become one space */
	TEXT_MANY_LINES    /* LF stays; CR LF becomes LF; TAB becomes one space */
};

/* Cleans `length` bytes. The result lives in `arena`, is NUL-terminated and at most `most` bytes long (cut between
 * graphemes, then ending with U+2026). Broken UTF-8 becomes U+FFFD. A control character is dropped. Leading and
 * trailing space goes. Never fails; NULL gives "". Cleaning clean text gives the same text. */
__attribute__((returns_nonnull))
char *text_clean(struct arena *arena, const char *bytes, size_t length, enum text_shape shape, size_t most);

/* True when text_clean() (TEXT_ONE_LINE) would leave it as it is: what a server accepts as a name. */
bool text_is_clean(const char *text, size_t length, enum text_shape shape, size_t most);

/* No broken UTF-8 in it; anything else may be. */
bool text_is_utf8(const char *text, size_t length);

/* Columns that clean text takes on a terminal: what libc, ncurses and terminals agree on. */
int text_columns(const char *text);

/* Bytes of the longest prefix of whole graphemes that fits in `columns`; `*used` (may be NULL) gets its width. */
size_t text_fit(const char *text, int columns, int *used);

/* Copy cut to `columns`, ending with "…" when something was cut. columns < 1 gives "". */
__attribute__((returns_nonnull))
char *text_clip(struct arena *arena, const char *text, int columns);

/* Steps one grapheme on or back from byte offset `at`; stays inside the text. */
size_t text_next(const char *text, size_t at);
size_t text_previous(const char *text, size_t at);

/* For searching and comparing what people type: case folded, accents dropped, œ=oe æ=ae ß=ss ł=l ø=o, spaces, hyphens and
 * apostrophes each one space. */
__attribute__((returns_nonnull))
char *text_fold(struct arena *arena, const char *text);

/* Folded prefix of any word of `text` ("mou" finds "Le Moulin"); an empty `part` fits everything. */
bool text_matches(const char *text, const char *part);

/* Steps through the words of folded text: letters and digits, everything else parts them. NULL when there is none left. */
const char *text_word(const char **at, size_t *length);

/* Every word of `words` begins some word of `text` ("van hulst" finds "Anne Van den Broeck-d'Hulst"); "" fits everything. */
bool text_holds(const char *text, const char *words);
/* The same in two steps, for long lists that are searched with each key: the key of a text is made once. */
__attribute__((returns_nonnull))
char *text_key(struct arena *arena, const char *text);
bool text_key_holds(const char *key, const char *key_of_words);

/* Text without anything outside printable ASCII, for locales that have nothing else: é→e, …→..., ✓→+, other→?. */
__attribute__((returns_nonnull))
char *text_ascii(struct arena *arena, const char *text);

#endif
