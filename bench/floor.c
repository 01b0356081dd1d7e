/* floor.c — the least that a list on a full screen can cost: ten thousand rows, ncurses, nothing else. What bench/run holds hacktiv
 * against. `j` and `k` move, Ctrl-L draws anew, `q` leaves. */
#include <curses.h>
#include <stdlib.h>

#define ROWS 10000
#define REDRAW 0x0c

struct list {
	int top, selected;
};

static void draw_row(const struct list *list, int row)
{
	attrset(row == list->selected ? A_REVERSE : A_NORMAL);
	mvprintw(row - list->top, 0, "  row-%04d  desk %d, screen, window, quiet, from 08:00 to 17:00", row, row % 40);
	attrset(A_NORMAL);
}

static void draw(const struct list *list)
{
	erase();
	for (int row = list->top; row < ROWS && row < list->top + LINES; row++)
		draw_row(list, row);
	move(list->selected - list->top, 0);
	refresh();
}

static void go(struct list *list, int rows)
{
	int wanted = list->selected + rows;
	if (wanted < 0 || wanted >= ROWS)
		return;
	list->selected = wanted;
	if (wanted < list->top)
		list->top = wanted;
	else if (wanted >= list->top + LINES)
		list->top = wanted - LINES + 1;
}

int main(void)
{
	struct list list = {0};
	if (!initscr())
		return EXIT_FAILURE;
	cbreak();
	noecho();
	draw(&list);
	for (int key; (key = getch()) != 'q' && key != ERR; draw(&list)) {
		if (key == 'j')
			go(&list, 1);
		else if (key == 'k')
			go(&list, -1);
		else if (key == REDRAW)
			clearok(curscr, TRUE);
	}
	endwin();
	return EXIT_SUCCESS;
}
