/* terminal.h — a program on a pseudo-terminal whose screen can be read: libvterm plays the terminal. Test support only. */
#ifndef HACKTIV_TESTS_TERMINAL_H
#define HACKTIV_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

struct terminal;

/* Starts `words` (NULL-terminated) on a terminal of that size. Dies with a message when it cannot. */
struct terminal *terminal_start(char *const *words, int rows, int columns);
void terminal_free(struct terminal *terminal);   /* kills what still runs */

void terminal_resize(struct terminal *terminal, int rows, int columns);
void terminal_type(struct terminal *terminal, const char *bytes, size_t length);
bool terminal_signal(struct terminal *terminal, int signal);
/* Closes our end, as when a window or a line dies. */
void terminal_hang_up(struct terminal *terminal);

/* Lets the program write for at most `ms`; returns early once it has been quiet for `quiet_ms`. */
void terminal_let(struct terminal *terminal, int ms, int quiet_ms);
/* After a key: waits at most `ms` for its first answer, then until it has been quiet for `quiet_ms`. */
void terminal_react(struct terminal *terminal, int ms, int quiet_ms);
/* True as soon as the screen holds `text` (within one row), at most `ms` later. */
bool terminal_wait_for(struct terminal *terminal, const char *text, int ms);
bool terminal_has_ended(struct terminal *terminal);
/* True once the program has ended, at most `ms` later; `status` as of waitpid(2). */
bool terminal_wait_end(struct terminal *terminal, int ms, int *status);

/* What is on the screen: a row without its trailing blanks (valid until the next call), UTF-8. */
const char *terminal_row(struct terminal *terminal, int row);
int terminal_rows(const struct terminal *terminal);
void terminal_cursor(const struct terminal *terminal, int *row, int *column, bool *visible);
/* How a cell looks: 'b' bold, 'r' reverse, 'u' underlined, else by its colour 'k' 'd' (red) 'g' 'y' 'l' (blue) 'm' 'c' 'w', '.' plain. */
char terminal_look(struct terminal *terminal, int row, int column);
char terminal_letter(struct terminal *terminal, int row, int column);   /* in the cell, '\0' when it is not ASCII */
int terminal_columns(const struct terminal *terminal);

/* Everything the program wrote since the last terminal_forget(): for what must never be sent. */
const char *terminal_bytes(const struct terminal *terminal, size_t *length);
void terminal_forget(struct terminal *terminal);

#endif
