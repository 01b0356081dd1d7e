/* theme.h — what a style looks like. Meaning is always in the words: colour only helps those who see it. */
#ifndef HACKTIV_TUI_THEME_H
#define HACKTIV_TUI_THEME_H

#include <stdbool.h>

enum style {
	STYLE_PLAIN,
	STYLE_TITLE,       /* of a pane or a section */
	STYLE_SELECTED,    /* name of the row under the cursor */
	STYLE_CURRENT,     /* the pane or choice one is on; brackets say it too */
	STYLE_FREE,
	STYLE_TAKEN,
	STYLE_MINE,
	STYLE_QUIET,       /* closed, past: nothing to be had */
	STYLE_GOOD,        /* a message: it went well */
	STYLE_WARNING,     /* a message: it did not, or not yet */
	STYLE_FIELD,       /* where one types */
	STYLE_KEY,         /* a key in the hint line */
	STYLE_QR           /* dark on light, whatever the person's colours are; without colours as plain text is */
};
#define STYLES 13

/* Colours every terminal with colours has (ECMA-48); the person's own background stays. */
enum colour { COLOUR_NONE = -1, COLOUR_RED = 1, COLOUR_GREEN = 2, COLOUR_YELLOW = 3, COLOUR_CYAN = 6 };

struct look {
	enum colour colour;
	bool bold;
	bool underline;
	bool dark_on_light;
};

/* `colours` false: NO_COLOR, monochrome, or the person's wish. */
struct look theme_look(enum style style, bool colours);

#endif
