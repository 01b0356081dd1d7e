/* notify.h — telling systemd how it goes: sd_notify(3)'s protocol, a datagram of text to the socket in $NOTIFY_SOCKET.
 *
 * The protocol is stable and made to be spoken without libsystemd (its manual says so), which would be a dependency for 30 lines.
 * Without that variable nothing is told. */
#ifndef HACKTIV_SERVER_NOTIFY_H
#define HACKTIV_SERVER_NOTIFY_H

/* "READY=1", "STOPPING=1", "WATCHDOG=1"; several are parted by line feeds. */
void notify(const char *state);

#endif
