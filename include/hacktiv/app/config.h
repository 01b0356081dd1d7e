/* config.h — what the person set: $XDG_CONFIG_HOME/hacktiv/config.cfg (libconfig), or --config FILE.
 *
 * A mistake in one setting is told as "file:line: what, what was expected" and the default stands; after a syntax error all
 * defaults stand, and the program says so. Unknown names are told with the nearest known one. The file is never rewritten.
 * HACKTIV_URL (with HACKTIV_TOKEN_FILE, HACKTIV_CA_FILE and HACKTIV_PINNED_KEY) makes one site without any file and wins over it. */
#ifndef HACKTIV_APP_CONFIG_H
#define HACKTIV_APP_CONFIG_H

#include "hacktiv/backend.h"
#include "hacktiv/base.h"
#include "hacktiv/http.h"

#define CONFIG_SITES_MAX 16
#define CONFIG_NOTES_MAX 16

struct site_config {
	const char *id;                        /* [a-z0-9-]{1,32}; names the token file and cache rows */
	const char *label;                     /* for people */
	const struct backend_ops *backend;
	struct http_address address;
	const char *login;                     /* proposed at log-in, "" */
	const char *const *password_command;   /* words, NULL behind the last: what it writes first is the password of `login`; NULL: none */
};

enum config_colour { COLOUR_AUTO, COLOUR_NEVER };

struct config {
	struct arena *arena;
	struct site_config sites[CONFIG_SITES_MAX];
	size_t site_count;
	const char *language;                  /* "fr", "en", NULL: the environment's */
	const char *home_space;                /* slug or id, "" */
	const char *usual_desk;                /* name within the home space, "" */
	int escape_delay_ms;                   /* lone Esc: 10 … 1000, default 25 */
	enum config_colour colour;             /* NO_COLOR wins */
	int kiosk_idle_s;                      /* a shared terminal that nobody touches locks: 5 … 3600, default 60 */
	const char *source;                    /* file it came from, "" for defaults */
	struct problem notes[CONFIG_NOTES_MAX]; /* what was wrong; the program goes on */
	size_t note_count;
};

/* `path` NULL: the usual place, where a missing file is not a mistake. Always leaves a usable configuration. */
void config_load(struct config *config, const char *path);
void config_clear(struct config *config);
/* Makes `url` the only site, whatever was configured before: the demo's, or the one of HACKTIV_URL. Field "url". */
bool config_use_only(struct config *config, const char *id, const char *label, const char *url, struct problem *why);

/* For a terminal that many share: without what one person set for themselves, a login, the program that tells its password, a usual desk. */
void config_use_for_all(struct config *config);

#endif
