/* export.h — hacktivd export: the network as hacktivd import reads it, for another server, for an editor, for the eye. Spaces, resources,
 * organisations, members with their roles and cards, and activities from today on; what people did (bookings, sign-ups) and their
 * passwords are in a backup, not here. Imported where it came from, it changes nothing. */
#ifndef HACKTIV_SERVER_EXPORT_H
#define HACKTIV_SERVER_EXPORT_H

#include "options.h"

/* Reads beside the running server, from one view of the whole. The file must not be there; "-" is standard output. It holds personal data:
 * mode 0600. */
bool export_file(const struct options *options, struct problem *why);

#endif
