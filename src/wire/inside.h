/* inside.h — what the types of this room share. */
#ifndef HACKTIV_WIRE_INSIDE_H
#define HACKTIV_WIRE_INSIDE_H

#include "hacktiv/wire.h"

#define WIRE_ID_MAX 100u   /* bytes of an opaque id */
#define CONDITIONS_MAX 1000000   /* versions of a text */

/* Adds "/before" to the pointer in `why`: a reader knows its own member, the caller knows where that object stands. False. */
bool wire_within(const char *before, struct problem *why);
/* `sentence` holds one %s, for the member's name; it becomes the pointer too. False. */
bool wire_wrong(const char *name, const char *sentence, struct problem *why);
/* A list, NULL when it is missing or null. */
bool wire_array(const cJSON *object, const char *name, const cJSON **array, struct problem *why);
/* Like wire_int() for an int. */
bool wire_small(const cJSON *object, const char *name, int least, int most, int fallback, int *out, struct problem *why);
/* A required name of an enum: `from` is one of model's …_from_wire(). */
bool wire_part(const cJSON *object, enum day_part *out, struct problem *why);
/* A time of day, "14:00"; two of them in an array, the first before the second. */
bool wire_clock(const cJSON *value, int *minutes);
cJSON *wire_clock_write(int minutes);
bool wire_range(const cJSON *pair, struct minute_range *range);
cJSON *wire_range_write(struct minute_range range);
/* "start" and "end" as times of day. */
bool wire_hours_read(const cJSON *object, struct minute_range *hours, struct problem *why);
void wire_hours_write(cJSON *object, struct minute_range hours);
/* Whether "part" is "hours". */
bool wire_says_hours(const cJSON *object);
/* "date", and either "part" or "start" and "end". */
bool wire_period_read(const cJSON *object, struct period *period, struct problem *why);
void wire_period_write(cJSON *object, struct period period);
void wire_add_date(cJSON *object, const char *name, struct local_date date);
void wire_add_int(cJSON *object, const char *name, int64_t value);
/* null when negative: not told. */
void wire_add_told(cJSON *object, const char *name, int value);
/* Like wire_instant(), 0 when it is missing or null. */
bool wire_instant_told(const cJSON *object, const char *name, int64_t *out, struct problem *why);
/* Nothing at all when it is "" or NULL. */
void wire_add_filled(cJSON *object, const char *name, const char *text);
/* "languages": an array of codes; those not known are skipped. */
bool wire_languages_read(const cJSON *object, unsigned *languages, struct problem *why);
void wire_add_languages(cJSON *object, unsigned languages);
bool wire_alternatives_read(const cJSON *object, struct arena *arena, const struct alternative **out, size_t *count,
                            struct problem *why);
/* A booking that need not be one yet: no id, perhaps no times. */
bool wire_planned_booking_read(const cJSON *object, struct arena *arena, struct booking *booking, struct problem *why);
/* A secret goes through byte for byte: cleaning would change it. It is never shown. */
bool wire_secret(const cJSON *object, const char *name, size_t most, struct arena *arena, const char **out, struct problem *why);
/* One that is a token: nothing in it could end a header line (RFC 6750, 2.1). */
bool wire_token(const cJSON *object, const char *name, struct arena *arena, const char **out, struct problem *why);
/* Fails on the first member that is not one of `known` (NULL-terminated): a typing error, or more than may be set. */
bool wire_only(const cJSON *object, const char *const *known, struct problem *why);

#endif
