/* ending.h — the signals with which a program is asked to end in order. */
#ifndef HACKTIV_BASE_ENDING_H
#define HACKTIV_BASE_ENDING_H

/* `handler` for SIGINT, SIGTERM and SIGHUP, except where they are ignored already (nohup); SIG_DFL: as it was. Calls that such a signal interrupts
 * are over (no SA_RESTART), a write to a terminal that takes nothing among them. */
void ending_watch(void (*handler)(int number));

#endif
