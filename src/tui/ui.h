/* ui.h — the screen of one person: which pane, which dialog, what was said. Shared by the files of this room.
 *
 * Handlers change this and say what became stale; they never draw. The loop draws one frame a turn. */
#ifndef HACKTIV_TUI_UI_H
#define HACKTIV_TUI_UI_H

#include "hacktiv/faces.h"

#include "canvas.h"
#include "keymap.h"
#include "kiosk.h"
#include "layout.h"
#include "prose.h"
#include "sheet.h"
#include "term.h"

enum ui_stale {
	UI_ROWS = 1 << 0,
	UI_STATUS = 1 << 1,
	UI_LAYOUT = 1 << 2,     /* the size, or what is shown at all */
	UI_QUIT = 1 << 3,
	UI_DEAF = 1 << 4        /* nothing: the key means nothing here, which the person is told */
};

struct ui;

/* A pane: what its rows are. Scrolling, filtering, choice, cursor and size are the core's. */
struct pane_ops {
	const char *title;                                            /* N_() */
	enum pane tab;                                                /* itself, or the pane it belongs to */
	/* Rows from what the session has now; `thing` of a row is a struct subject in the sheet's arena. */
	void (*fill)(struct ui *ui, struct sheet *sheet);
	/* From `thing` to what commands act on. NULL: it is a struct subject. */
	struct subject (*subject)(struct ui *ui, const void *thing);
	/* What stands above the rows; returns the rows it took. NULL: nothing. */
	int (*head)(struct ui *ui, struct canvas *canvas, struct area area);
	/* What stands beside the rows on a wide screen. NULL: nothing. */
	void (*side)(struct ui *ui, struct canvas *canvas, struct area area);
	unsigned (*open)(struct ui *ui, const struct subject *subject);   /* Enter */
	unsigned (*go_to)(struct ui *ui, struct local_date date);         /* what a date means here */
	struct local_date (*date)(const struct ui *ui);                   /* the one looked at; NULL: this pane shows none */
	unsigned (*step)(struct ui *ui, int days);   /* a day back or forth; NULL: go_to() the day before or after `date` */
	void (*refresh)(struct ui *ui);
	/* Work ahead, until `until_ms` of the monotonic clock: sets `more` when there is. Returns what became stale. NULL: none. */
	unsigned (*work)(struct ui *ui, int64_t until_ms, bool *more);
	/* Whether the box finds a row by these words, a text_key(). NULL: by their label. */
	bool (*holds)(struct ui *ui, const void *thing, const char *words);
	void (*close)(void *state);                  /* frees pane_view.state */
	bool searches;                               /* the filter is a question to the sites */
};
const struct pane_ops *pane_ops_of(enum pane pane);               /* panes.c: the list of all */
enum pane pane_after(enum pane pane);                             /* the next tab */

/* A dialog takes the keys and the body's place (or the message row); its own struct begins with this. */
struct dialog;
struct dialog_ops {
	bool in_message_row;
	bool searches;              /* rows come from several sites while one types: the first is chosen until that ends */
	void (*draw)(struct ui *ui, struct dialog *dialog, struct area area);
	unsigned (*key)(struct ui *ui, struct dialog *dialog, const struct key *key);
	/* The session has news (enum session_change). NULL: no matter. */
	unsigned (*changed)(struct ui *ui, struct dialog *dialog, unsigned changes);
	void (*close)(struct ui *ui, struct dialog *dialog);   /* frees the dialog */
	const char *hint;                                      /* N_(): its keys in words, three blanks between them; the way back last */
	const char *(*hint_now)(const struct ui *ui, const struct dialog *dialog);   /* instead, where they change */
	const char *(*wish)(const struct dialog *dialog);      /* id of the wish whose end it shows itself; NULL: none */
};
struct dialog {
	const struct dialog_ops *ops;
	struct dialog *under;
	bool covered;               /* another one was on top of it since it was last told what changed */
	bool asked_to_log_in;
};
void dialog_open(struct ui *ui, struct dialog *dialog, const struct dialog_ops *ops);
unsigned dialog_close(struct ui *ui);      /* the one on top */
/* q where one does not type, Escape, C-g: back. */
bool key_is_back(const struct key *key);
bool key_is(const struct key *key, const char *name);
/* Whether what a key does on a pane moves through what is read: then it does so in a dialog too. */
bool command_moves(const struct command *command);

#define MESSAGES_KEPT 100

struct message {
	char *text;
	enum style style;
	bool passing;           /* a remark: see ui_remark() */
	bool unread;            /* it was not shown yet, or no key was pressed since */
};

struct pane_view {
	struct list list;
	char *filter;           /* "" for all */
	void *state;            /* the pane's own, NULL until it made one */
	size_t rows_like_first; /* before anything was chosen: see ui_fill() */
};

struct tui_face {
	struct face face;       /* first: a face's own struct begins with it */
	struct ui *ui;
};

/* A command that waits for something on its way: it is run again when that came. */
struct waiting_command {
	const struct command *command;    /* NULL: none */
	char **words;
	size_t word_count;
	int64_t since_ms;
};

struct ui {
	struct session *session;
	const struct config *config;
	struct term *term;
	struct canvas canvas;
	struct layout layout;
	struct decoder decoder;
	struct kiosk kiosk;
	struct arena *scratch;            /* of one frame, or of one key */
	struct tui_face face;

	enum pane pane, came_from;
	struct pane_view views[PANES];
	int list_height;                  /* rows of the list in sight */
	size_t open_site;                 /* PANE_SPACE: which space, and the date looked at */
	char *open_space;
	struct local_date open_date;
	bool by_hours;                    /* PANE_SPACE as a timeline */

	struct dialog *dialog;            /* on top; NULL: none */
	bool touched;                     /* a key was pressed: from now on the choice stays where it is */
	char prefix;                      /* first letter of two; '\0': none */
	struct waiting_command waiting;
	bool has_work;                    /* the pane works ahead */
	size_t run_site;                  /* what the command that runs now is about is there; SIZE_MAX: nowhere */
	bool waits;                       /* the command that runs now found something still on its way */

	struct message messages[MESSAGES_KEPT];   /* oldest first */
	size_t message_count;
	char *standing;                   /* a wish under way, in words; "" none */
	size_t standing_more;             /* how many others are */
	size_t notes_told;
	unsigned farewells;               /* that were taken note of: session_farewells() */
};

/* ---- messages ---- */
void ui_say(struct ui *ui, enum style style, const char *text);
/* What only answers the last key: it is shown until the next, and not kept among the messages. */
void ui_remark(struct ui *ui, enum style style, const char *text);
/* What stands in the message row, the newest that is unread, and how many are with it. NULL: none. */
const struct message *ui_message(struct ui *ui, size_t *more);
void ui_message_read(struct ui *ui);       /* that one: a key was pressed */
void ui_messages_read(struct ui *ui);      /* all of them */
void ui_remark_over(struct ui *ui);        /* what was remarked is so no more */
void ui_forget_messages(struct ui *ui);
/* Whoever it was said to is gone, or another came in their place: it is not kept for them, nor whom they searched for. */
unsigned ui_heed_farewell(struct ui *ui);
/* What became of wishes: told, kept, and marked as seen. */
void ui_tell_wishes(struct ui *ui);
/* A dialog showed how a wish came to nothing, and closes: that is an answer. `id` NULL, or no such end: nothing. */
void ui_saw_wish(struct ui *ui, const char *id);

/* The name of a list, and how old it is when it may not be up to date: "MES RÉSERVATIONS, données de 07:52". */
const char *ui_with_age(struct ui *ui, struct arena *arena, const char *name, const struct list_state *state);

/* ---- moving about ---- */
unsigned ui_go(struct ui *ui, enum pane pane);
unsigned ui_open_space(struct ui *ui, size_t site, const char *space_id, struct local_date date);
const struct space *ui_find_space(const struct ui *ui, size_t site, const char *space_id);
const struct zone *ui_zone(const struct ui *ui, const char *name);   /* never NULL */

/* Only rows that hold these words; "" all. */
void ui_set_filter(struct ui *ui, enum pane pane, const char *text);
/* The hours to propose for a room that is had by the hour: the next free one that day. */
struct minute_range ui_next_hours(const struct ui *ui, const struct space *space, const struct day_list *day,
                                  const struct resource_day *row);

/* The rows of the pane now, with choice and scroll position brought up to date. */
void ui_fill(struct ui *ui, struct sheet *sheet);
/* What the cursor stands on; site SIZE_MAX: nothing. */
struct subject ui_subject(struct ui *ui, const struct sheet *sheet);

/* go_to of a pane without a date of its own: that day at the space under the cursor, else at the first. */
unsigned ui_go_to_space(struct ui *ui, struct local_date date);

/* The strip of all spaces, shared by two panes. */
void fill_spaces(struct ui *ui, struct sheet *sheet);
/* Ids of rows of My day: a booking, a wish, and what a wish makes (NULL: it makes nothing). In `arena`. */
char *my_day_booking(struct arena *arena, size_t site, const char *booking_id);
char *my_day_wish(struct arena *arena, const char *id);
char *my_day_made(struct arena *arena, const struct wish_view *wish);
/* What a space says about itself, from row `row` of `area` on; returns the rows used. */
int draw_space_card(struct ui *ui, struct canvas *canvas, struct area area, const struct space *space);

/* What is told of an activity: when, where, how many places. */
void activity_prose(struct ui *ui, const struct activity *activity, struct prose *prose);
void activity_brief(struct ui *ui, const struct activity *activity, struct prose *prose);

/* ---- acting ---- */
unsigned ui_key(struct ui *ui, const struct key *key);
unsigned ui_act(struct ui *ui, const struct command *command);
unsigned ui_run(struct ui *ui, const struct command *command, const char *const *words, size_t word_count);
/* The command that waits, if one does, is run again; what was waited for too long is told and not run any more. */
unsigned ui_retry_waiting(struct ui *ui);
int ui_waiting_ms(const struct ui *ui);   /* until that is so; -1: none waits */
void ui_drop_waiting(struct ui *ui);
void ui_face_init(struct ui *ui);

/* ---- a terminal that many share: kiosk.c ---- */
bool kiosk_is_on(const struct ui *ui);
bool kiosk_is_locked(const struct ui *ui);
void kiosk_draw_lock(struct ui *ui);
const char *kiosk_warning(const struct ui *ui);         /* NULL: the turn is not about to end */
/* A key was pressed; false: it has done what it does. */
bool kiosk_hears(struct ui *ui, unsigned *stale);
unsigned kiosk_watch(struct ui *ui);                    /* whether time ended a turn */
/* "I am done": the end of the program, or of a turn; there, wishes that have not ended are told of before. */
unsigned kiosk_leave(struct ui *ui);
unsigned kiosk_end_turn(struct ui *ui);
void kiosk_farewell(struct ui *ui);                     /* the program ends: so does the turn */
/* What a command does here, translated: where many share a terminal nobody leaves hacktiv. */
const char *ui_command_help(const struct ui *ui, const struct command *command);
/* All that came of keys: dialogs and what was typed, panes as at the start, what was said. */
void ui_forget(struct ui *ui);

/* ---- drawing ---- */
void ui_draw(struct ui *ui);
/* Tells which rows are in sight, when not all are: at the end of the message row, if that is free. */
void ui_draw_in_sight(struct ui *ui, const struct sheet_extent *extent);
void ui_draw_extent(struct ui *ui, const struct sheet *sheet, const struct list *list, int rows);   /* that of a list */
/* Worth a hint on this pane: what one does here, and the ways on and back. */
bool command_is_hinted(const struct ui *ui, const struct command *command);
/* The first key of a command as people know it: "Enter", "r", "←". */
char *command_key_label(struct arena *arena, const struct command *command);

/* ---- dialogs ---- */
void open_book_dialog(struct ui *ui, const struct wish_book *wish);
/* A booking that came to nothing while nobody watched: another place, or none? */
void open_book_question(struct ui *ui, const struct wish_view *wish);
void open_sign_up_dialog(struct ui *ui, size_t site, const struct activity *activity);
void open_withdraw_dialog(struct ui *ui, size_t site, const struct activity *activity);
void open_activity_dialog(struct ui *ui, size_t site, const struct activity *activity);
void open_card_dialog(struct ui *ui, size_t site, const struct card *card);
void open_organisation_dialog(struct ui *ui, size_t site, const struct organisation *organisation);
void open_cancel_dialog(struct ui *ui, size_t site, const struct booking *booking);
void open_log_out_dialog(struct ui *ui, size_t site);   /* with wishes at stake: are you sure? */
void open_turn_end_dialog(struct ui *ui);               /* the same where many share a terminal */
bool is_log_out_dialog(const struct dialog *dialog);    /* one of these two */
void ui_log_out(struct ui *ui, size_t site);            /* and says so */
void open_login_dialog(struct ui *ui, size_t site, const char *login, unsigned how);   /* of enum log_in_how */
/* What `dialog` is about needs a log-in first: it is had in place, and `dialog` stays under it as it is. True: it is being had. */
bool ui_log_in_first(struct ui *ui, struct dialog *dialog, size_t site);
/* The same, once, when the site wants it for a wish that was sent: it goes by itself afterwards. NULL is fine. */
void ui_log_in_for(struct ui *ui, struct dialog *dialog, const struct wish_view *wish);
void open_date_dialog(struct ui *ui);
void open_filter_dialog(struct ui *ui);
void open_box(struct ui *ui);
void open_help(struct ui *ui);
/* "Space, My day": where a command's key works. In `arena`. */
const char *command_panes_words(struct arena *arena, const struct command *command);
void open_messages(struct ui *ui);

#endif
