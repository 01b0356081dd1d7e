/* contact.c — see contact.h. */
#include "hacktiv/model/contact.h"

#include <string.h>

bool email_is_written(const char *text)
{
	const char *sign = strchr(text, '@');
	return sign && sign != text && strchr(sign, '.') && !strchr(text, ' ');
}

bool website_is_written(const char *text)
{
	return (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0) && !strchr(text, ' ');
}

bool phone_is_written(const char *text)
{
	if (*text != '+')
		return false;
	size_t digits = strspn(text + 1, "0123456789");
	return digits >= 6 && digits <= 15 && text[1 + digits] == '\0';
}
