/* contact.h — ways to reach somebody, as they are written down. Not whether anybody answers there. */
#ifndef HACKTIV_MODEL_CONTACT_H
#define HACKTIV_MODEL_CONTACT_H

#include <stdbool.h>

bool email_is_written(const char *text);       /* "zoe@example.org" */
bool website_is_written(const char *text);     /* "https://example.org", "http://…" */
bool phone_is_written(const char *text);       /* E.164: "+3260123456" */

#endif
