/* theme.c — see theme.h. No dim text: it is unreadable on half of the terminals. */
#include "theme.h"

struct look theme_look(enum style style, bool colours)
{
	struct look look = {.colour = COLOUR_NONE};
	switch (style) {
	case STYLE_PLAIN:
	case STYLE_QUIET:
	case STYLE_TAKEN:
		break;
	case STYLE_TITLE:
	case STYLE_SELECTED:
	case STYLE_CURRENT:
	case STYLE_KEY:
		look.bold = true;
		break;
	case STYLE_FREE:
	case STYLE_GOOD:
		look.colour = COLOUR_GREEN;
		break;
	case STYLE_MINE:
		look.colour = COLOUR_CYAN;
		break;
	case STYLE_WARNING:
		look.colour = COLOUR_YELLOW;
		break;
	case STYLE_FIELD:
		look.underline = true;
		break;
	case STYLE_QR:
		look.dark_on_light = colours;
		break;
	}
	if (!colours)
		look.colour = COLOUR_NONE;
	return look;
}
