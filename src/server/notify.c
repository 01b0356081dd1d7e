/* notify.c — see notify.h. */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

void notify(const char *state)
{
	const char *where = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = where ? strlen(where) : 0;
	if (length < 2 || length >= sizeof address.sun_path)
		return;
	memcpy(address.sun_path, where, length);
	if (address.sun_path[0] == '@')         /* Linux's abstract names begin with a NUL */
		address.sun_path[0] = '\0';
	int descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (descriptor < 0)
		return;
	/* Nobody listening is nobody's loss. */
	ssize_t sent = sendto(descriptor, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address,
	                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	(void)sent;
	close(descriptor);
}
