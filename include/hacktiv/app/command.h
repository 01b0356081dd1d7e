/* command.h — one table of what a person can do. Keys, the box behind ":", `hacktiv NAME`, line mode, help, completion and the man
 * page are made from it: what is not there exists nowhere.
 *
 * A command turns words (or the row under the cursor) into an intention and hands it to a face. The face is the screen, the
 * shell or line mode: it alone knows how to wait, to ask and to show. */
#ifndef HACKTIV_APP_COMMAND_H
#define HACKTIV_APP_COMMAND_H

#include "hacktiv/app/session.h"

/* In the order of the tabs. */
enum pane { PANE_MY_DAY, PANE_SPACES, PANE_SPACE, PANE_AGENDA, PANE_MEMBERS, PANES };
#define ON_ALL ((1u << PANES) - 1u)
#define ON(pane) (1u << (pane))

enum command_flag {
	NEEDS_LOGIN = 1 << 0,
	NEEDS_ROW = 1 << 1,          /* without words: something under the cursor */
	IS_VIEW = 1 << 2,            /* moves or changes what is shown; only on a screen */
	IN_SHELL = 1 << 3,           /* `hacktiv NAME …` */
	IS_HIDDEN = 1 << 4,          /* not in help: a second key for something listed */
	IS_LOCAL = 1 << 5            /* from a shell no site is asked, and nothing that waits is sent meanwhile */
};

/* Movements and other acts of a view, done by the screen itself. */
enum view_act {
	VIEW_NONE,
	VIEW_UP, VIEW_DOWN, VIEW_PAGE_UP, VIEW_PAGE_DOWN, VIEW_FIRST, VIEW_LAST,
	VIEW_EARLIER, VIEW_LATER,    /* the day before, the day after */
	VIEW_TODAY,
	VIEW_DATE,                   /* asks for a date in words or digits */
	VIEW_OPEN,                   /* Enter: the proposed yes */
	VIEW_BACK, VIEW_QUIT,
	VIEW_NEXT_PANE, VIEW_HELP, VIEW_BOX, VIEW_FILTER, VIEW_REDRAW, VIEW_REFRESH,
	VIEW_GO,                     /* to the pane named by `to` */
	VIEW_TIMELINE,               /* the day of a space from left to right, or by half-days again */
	VIEW_MESSAGES
};

/* What the cursor stands on. site SIZE_MAX: nothing. */
struct subject {
	size_t site;
	const struct space *space;               /* or NULL */
	const struct resource_day *resource;     /* or NULL */
	const struct booking *booking;           /* or NULL */
	const struct activity *activity;         /* or NULL */
	const struct wish_view *wish;            /* or NULL */
	struct period when;                    /* year 0: not chosen */
};

/* What is asked of an agenda. */
struct agenda_filter {
	struct local_date from, until;           /* both included */
	bool has_part;
	struct period part;                      /* a half of the day or hours in which it begins; its date is of no meaning */
	unsigned languages;                      /* of enum language, any of them; 0: all */
	bool online;                             /* only what can be followed from afar */
	const char *words;                       /* see activity_fits() */
};
bool agenda_filter_fits(struct session *session, const struct agenda_filter *filter, const struct activity *activity);
/* "Lunch & Talk, La Ferme, mar. 24/11/2026, 12:00–13:30": one activity among others. */
const char *activity_row_words(struct session *session, struct arena *arena, const struct activity *activity);

enum log_in_how { LOG_IN_BY_PASSWORD = 1 << 0, LOG_IN_WITH_QR = 1 << 1 };

struct face;
struct call {
	struct session *session;
	struct face *face;
	const struct config *config;
	const char *const *words;                /* after the name, already clean, options taken out */
	size_t word_count;
	bool any;                                /* --any: the first free one that suits */
	unsigned log_in_how;                     /* --password, --qr: of enum log_in_how */
	struct subject subject;
	struct arena *arena;                     /* for the call */
};

enum command_end {
	COMMAND_GIVEN,       /* the face has it; on a screen the outcome comes later */
	COMMAND_USAGE,       /* the words were wrong: exit 2 */
	COMMAND_FAILED       /* could not be done now: the face was told */
};

/* What is asked for and must be at hand before a command can go on. */
enum need { NEED_SPACES, NEED_BOOKINGS, NEED_DAY, NEED_MEMBER, NEED_WISHES };

struct face_ops {
	/* True when it is at hand (the shell waits for it; a screen says "not yet"). NEED_DAY: site, space_id, date. */
	bool (*await)(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date);
	/* The same for a list that was asked for already; its state stays where it is. */
	bool (*await_list)(struct face *face, const struct list_state *state);
	void (*show_spaces)(struct face *face, struct local_date date);
	void (*show_day)(struct face *face, size_t site, const struct space *space, struct local_date date);
	void (*show_bookings)(struct face *face);
	void (*show_member)(struct face *face);
	void (*show_agenda)(struct face *face, const struct agenda_filter *filter);
	void (*show_activity)(struct face *face, size_t site, const struct activity *activity);   /* whole, with its text */
	void (*show_signups)(struct face *face);
	void (*show_directory)(struct face *face, enum directory directory, const char *query);
	void (*show_card)(struct face *face, size_t site, const struct card *card);
	void (*show_organisation)(struct face *face, size_t site, const struct organisation *organisation);
	void (*show_wishes)(struct face *face);
	void (*drop_wish)(struct face *face, const char *id);   /* session_wish_drop(), and what came of it */
	void (*show_sync)(struct face *face);   /* session_sync() was just called: what becomes of it */
	/* A wish with its place chosen; the part or date may be what the cursor proposes. A screen previews and asks; the shell books. */
	void (*propose_booking)(struct face *face, const struct wish_book *wish);
	void (*propose_cancel)(struct face *face, size_t site, const struct booking *booking);
	void (*propose_sign_up)(struct face *face, size_t site, const struct activity *activity);
	void (*propose_withdraw)(struct face *face, size_t site, const struct activity *activity);
	/* `how`: of enum log_in_how. Without LOG_IN_BY_PASSWORD by a code typed elsewhere, where the site lets people in so. */
	void (*log_in)(struct face *face, size_t site, const char *login, unsigned how);
	void (*log_out)(struct face *face, size_t site);
	/* Why not; `candidates` (may be 0) are what could have been meant, one line each. */
	void (*refuse)(struct face *face, enum command_end end, const struct problem *why,
	               const char *const *candidates, size_t candidate_count);
};
struct face { const struct face_ops *ops; };   /* first member of a face's own struct */

struct command {
	const char *name;            /* "book" */
	const char *aliases;         /* "réserver reserver", space-separated, or NULL */
	const char *keys;            /* tmux-like names, space-separated: "r", "Enter", "PageUp", "C-l", "?"; two small letters, "gj", are
	                              * pressed one after the other; NULL: none */
	unsigned panes;              /* ON(…) where the keys work and help lists it first */
	unsigned flags;
	const char *arguments;       /* N_("[PLACE] WHEN [--any]"), NULL: none */
	const char *help;            /* N_("Book a desk or a room"): one line */
	enum view_act view;          /* IS_VIEW, else VIEW_NONE */
	enum command_end (*run)(struct call *call);   /* NULL when IS_VIEW */
	enum pane to;                /* of VIEW_GO */
};

extern const struct command commands[];
extern const size_t command_count;
const struct command *command_find(const char *name);     /* name or alias, exact after folding; NULL */
/* Nearest name for a typing error, NULL when nothing is near. */
const char *command_nearest(const char *name);
/* First command whose keys hold `key` on this pane; NULL. */
const struct command *command_for_key(const char *key, enum pane pane);
/* True when `key` ("g") is the first of two on this pane: the next press decides. */
bool command_key_begins(const char *key, enum pane pane);
/* What stands on the keyboard: "Escape" is Esc, "C-l" Ctrl-L, in the person's language. */
__attribute__((returns_nonnull))
char *key_label(struct arena *arena, const char *key);
/* Its name in the person's language: "book" or, in French, "réserver". */
__attribute__((returns_nonnull))
char *command_label(struct arena *arena, const struct command *command);
/* Of all its keys; "" when it has none. */
__attribute__((returns_nonnull))
char *command_keys_label(struct arena *arena, const struct command *command, const char *between);
/* Checks preconditions, then runs. A refused precondition says why through the face. */
enum command_end command_run(const struct command *command, struct call *call);

#endif
