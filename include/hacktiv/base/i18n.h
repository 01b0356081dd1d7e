/* i18n.h — the person's language (gettext). The server never calls i18n_start() and so speaks English. */
#ifndef HACKTIV_BASE_I18N_H
#define HACKTIV_BASE_I18N_H

#include <stdbool.h>

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)
/* A short word that needs its context: C_("booking", "cancel"). */
const char *i18n_with_context(const char *context_and_text, const char *text);
#define C_(context, text) i18n_with_context(context "\004" text, text)
#define NC_(context, text) (text)

/* Locale from the environment, then `language` ("fr", "en", or NULL for the environment's). A bare system has no fr_BE:
 * LC_ALL falls back to C.UTF-8 and messages are chosen by LANGUAGE alone. LC_NUMERIC always stays "C": numbers on the wire are never
 * localised, and dates have our own formats. Catalogues: $HACKTIV_LOCALE_DIR, else the installed place.
 * Call once, before any thread. Returns whether the terminal's locale is UTF-8 (false: draw with text_ascii()). */
bool i18n_start(const char *language);
/* "fr" or "en": the language that messages are in. */
const char *i18n_language(void);

#endif
