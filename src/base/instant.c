/* instant.c — instants as text (RFC 3339); see zone.h. */
#include "hacktiv/base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base/i18n.h"

#define DAY_SECONDS 86400

void instant_to_utc(int64_t instant, char out[INSTANT_TEXT_SIZE])
{
	int64_t days = instant / 86400;
	unsigned seconds = (unsigned)(instant % 86400);
	char date[DATE_ISO_SIZE];
	date_to_iso(date_from_days((int32_t)days), date);
	snprintf(out, INSTANT_TEXT_SIZE, "%sT%02u:%02u:%02uZ", date, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

void instant_to_text(const struct zone *zone, int64_t instant, char out[INSTANT_TEXT_SIZE])
{
	struct wall_time wall = zone_wall(zone, instant);
	/* RFC 3339 knows no seconds in an offset; zones have had none since 1972. */
	int offset = wall.offset / 60;
	unsigned offset_size = (unsigned)abs(offset) % (24u * 60u);
	char date[DATE_ISO_SIZE];
	date_to_iso(wall.date, date);
	snprintf(out, INSTANT_TEXT_SIZE, "%sT%02u:%02u:%02u%c%02u:%02u", date, (unsigned)wall.minutes / 60u % 24u,
	         (unsigned)wall.minutes % 60u, (unsigned)wall.seconds % 60u, offset < 0 ? '-' : '+', offset_size / 60u,
	         offset_size % 60u);
}

/* d is a digit, s a sign, anything else itself (letters in either case, RFC 3339 section 5.6). */
static bool has_shape(const char *text, const char *shape)
{
	for (size_t i = 0;; i++) {
		char letter = text[i];
		bool fits = shape[i] == 'd'   ? letter >= '0' && letter <= '9'
		            : shape[i] == 's' ? letter == '+' || letter == '-'
		            : shape[i] == 'T' ? letter == 'T' || letter == 't'
		            : shape[i] == 'Z' ? letter == 'Z' || letter == 'z'
		                              : letter == shape[i];
		if (!fits)
			return false;
		if (!shape[i])
			return true;
	}
}

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

static bool parse(const char *text, int64_t *instant)
{
	bool utc = has_shape(text, "dddd-dd-ddTdd:dd:ddZ");
	if (!utc && !has_shape(text, "dddd-dd-ddTdd:dd:ddsdd:dd"))
		return false;
	char date_text[DATE_ISO_SIZE];
	memcpy(date_text, text, DATE_ISO_SIZE - 1);
	date_text[DATE_ISO_SIZE - 1] = '\0';
	struct local_date date;
	if (!date_from_iso(date_text, &date, NULL))
		return false;
	int hour = two_digits(text + 11), minute = two_digits(text + 14), second = two_digits(text + 17);
	int offset_hour = utc ? 0 : two_digits(text + 20), offset_minute = utc ? 0 : two_digits(text + 23);
	if (hour > 23 || minute > 59 || second > 59 || offset_hour > 23 || offset_minute > 59)
		return false;
	int offset = (offset_hour * 60 + offset_minute) * 60;
	if (text[19] == '-')
		offset = -offset;
	*instant = (int64_t)date_to_days(date) * DAY_SECONDS + (hour * 60 + minute) * 60 + second - offset;
	return true;
}

bool instant_from_text(const char *text, int64_t *instant, struct problem *why)
{
	if (text && parse(text, instant))
		return true;
	return problem_set(why, PROBLEM_INVALID, "instant",
	                   _("An instant is written with its offset, such as 2026-11-24T10:00:00+01:00."));
}
