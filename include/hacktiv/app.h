/* app.h — the client without a screen: configuration, session, the table of commands. Knows no curses and no curl. */
#ifndef HACKTIV_APP_H
#define HACKTIV_APP_H

#include "hacktiv/app/command.h"
#include "hacktiv/app/config.h"
#include "hacktiv/app/qr.h"
#include "hacktiv/app/session.h"

#endif
