/* words.h — what people type: dates, halves of a day and places in words, and how we say them back.
 *
 * French and English are understood in any locale. A weekday is strictly after today; "mar" is mardi, a month only after
 * a number; D/M[/Y] is day first (7/21 is refused with an example); ISO; +3d +2j +1w +1s; today, tomorrow, aujourd'hui, demain,
 * après-demain. Parts: am, pm, day, morning, afternoon, matin, après-midi, aprem, journée, m, a, j; hours: hours_from_words(). */
#ifndef HACKTIV_MODEL_WORDS_H
#define HACKTIV_MODEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/problem.h"
#include "hacktiv/model/booking.h"
#include "hacktiv/model/resource.h"
#include "hacktiv/model/signup.h"
#include "hacktiv/model/space.h"

/* A date in words or digits; `text` is the whole of it ("21/7", "next tuesday" is not known: "tuesday" is; "21 juillet"; what
 * date_words() says: the weekday must agree). A D/M without a year is the next one not before today. Field "date"; the
 * text says what would be understood. */
bool date_from_words(const char *text, struct local_date today, struct local_date *date, struct problem *why);
bool day_part_from_words(const char *text, enum day_part *part);
/* "14:00-16:00", "14h-16h30", "14-16h", "de 14 h à 16 h", "from 2pm to 4pm", "10h-midi". Field "hours". */
bool hours_from_words(const char *text, struct minute_range *hours, struct problem *why);

/* "mar. 24/11/2026" / "Tue 24/11/2026" — and long: "mardi 24 novembre 2026" / "Tuesday 24 November 2026". */
char *date_words(struct arena *arena, struct local_date date);
char *date_words_short(struct arena *arena, struct local_date date);   /* "Tue 24/11": where the year can only be this or next */
char *date_words_long(struct arena *arena, struct local_date date);
/* "aujourd'hui", "demain", else date_words(). */
char *date_words_near(struct arena *arena, struct local_date date, struct local_date today);
/* "08:30", "08:30–12:30" */
char *minutes_words(struct arena *arena, int minutes);
char *range_words(struct arena *arena, struct minute_range range);
/* "libre", "pris", "à moi": a half of a resource's day; "en partie" where hours of it are still to be had. */
const char *half_words(const struct resource_day *row, enum day_part half, const struct opening_rule *rule, struct local_date date);
/* "10:00–11:30, 14:00–16:00": what of a resource's day is taken, by whomever. */
char *busy_words(struct arena *arena, const struct resource_day *row);
/* Instant as wall time of a zone: "mar. 24/11/2026 08:30". */
char *instant_words(struct arena *arena, const struct zone *zone, int64_t instant);
/* "place offered until Wednesday 15 July 12:00"; `signup` is OFFERED. `zone` NULL: "place offered". */
char *signup_offer_words(struct arena *arena, const struct zone *zone, const struct signup *signup);

/* A wish taken from words in any order: "chimay tuesday morning", "A4 21/7 day". Words that are neither date nor part are the
 * place; an article before a date ("le 21 juillet", "in the morning") and "à", "at" before a place go unheard. A lone "a" is
 * the afternoon, "A" a name. Several dates or parts, a date that does not exist: PROBLEM_INVALID; over TEXT_LINE_MAX bytes:
 * PROBLEM_TOO_LARGE. Nothing is guessed: what was not said stays unsaid. */
struct wish_words {
	const char *place;             /* "" when none was said */
	bool has_date;
	bool has_part;                 /* a half-day, or hours */
	struct period when;          /* valid as far as has_… says */
};
bool wish_from_words(struct arena *arena, const char *const *words, size_t count, struct local_date today,
                     struct wish_words *wish, struct problem *why);

/* How well a place fits what was said; higher is better, 0 not at all. Slug or exact name 4, town 3, word prefix 2. */
int space_fits(const struct space *space, const char *words);
int resource_fits(const struct resource *resource, const char *words);

#endif
