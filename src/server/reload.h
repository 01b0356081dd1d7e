/* reload.h — becoming the program that is installed by now, in the same process: on SIGHUP hacktivd finishes what is under way, closes its
 * database and executes itself anew. Its listening sockets stay open all the while, so nobody who comes meanwhile is turned away. */
#ifndef HACKTIV_SERVER_RELOAD_H
#define HACKTIV_SERVER_RELOAD_H

enum socket_kept { SOCKET_OUTER, SOCKET_INNER };

/* The socket that the program before this one left, or -1. Forgets it: what this program starts does not see it. */
int reload_inherited(enum socket_kept which);

/* Remembers where the program is and how it was called. Before anything changes directory. */
void reload_remember(char **argv);
/* Does not return, unless the program cannot be executed; then the log says why. -1: no such socket. */
void reload_now(int outer, int inner);

#endif
