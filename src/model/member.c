/* member.c — see member.h. */
#include "hacktiv/model/member.h"

#include <string.h>

bool login_is_written(const char *text)
{
	size_t length = strlen(text);
	return length > 0 && length <= LOGIN_MAX && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length &&
	       !strchr("-.", text[0]) && !strchr("-.", text[length - 1]);
}
