/* outcome.c — see outcome.h. */
#include "hacktiv/model/outcome.h"

#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model/holiday.h"
#include "names.h"

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_NONE] = "none", [OUTCOME_DONE] = "done", [OUTCOME_PENDING] = "pending",
	[OUTCOME_WAITLISTED] = "waitlisted", [OUTCOME_CONFLICT] = "conflict", [OUTCOME_REFUSED] = "refused",
	[OUTCOME_NOT_ALLOWED] = "not_allowed", [OUTCOME_NOT_FOUND] = "not_found",
	[OUTCOME_LOGIN_NEEDED] = "login_needed", [OUTCOME_THROTTLED] = "throttled",
	[OUTCOME_UNREACHABLE] = "unreachable", [OUTCOME_UNKNOWN] = "unknown",
};

const char *outcome_wire_name(enum outcome_kind kind)
{
	return outcome_names[kind];
}

bool outcome_from_wire(const char *name, enum outcome_kind *kind)
{
	int found = name_index(outcome_names, OUTCOMES, name);
	if (found < 0)
		return false;
	*kind = (enum outcome_kind)found;
	return true;
}

int outcome_exit_status(enum outcome_kind kind)
{
	switch (kind) {
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
		return 0;
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
	case OUTCOME_LOGIN_NEEDED:
		return 3;
	case OUTCOME_NONE:
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_UNKNOWN:
		return 4;
	}
	return 1;
}

bool outcome_is_final(enum outcome_kind kind)
{
	switch (kind) {
	case OUTCOME_NONE:
	case OUTCOME_UNKNOWN:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_THROTTLED:
		return false;
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
	case OUTCOME_LOGIN_NEEDED:
		return true;
	}
	return true;
}

static const struct { const char *wire, *words; } rules[RULES] = {
	[RULE_NONE] = { "", "" },
	[RULE_SPACE_CLOSED] = { "space-closed", N_("The space is closed then.") },
	[RULE_OUTSIDE_HOURS] = { "outside-hours", N_("The space is not open all that time.") },
	[RULE_RESOURCE_NOT_BOOKABLE] = { "resource-not-bookable", N_("This place cannot be booked at the moment.") },
	[RULE_NOT_BY_THE_HOUR] = { "not-by-the-hour", N_("This place is booked by half-days, not by the hour.") },
	[RULE_NOT_BY_HALF_DAY] = { "not-by-half-day", N_("This place is not booked by half-days.") },
	[RULE_NOT_BY_DAY] = { "not-by-day", N_("This place is not booked for a whole day.") },
	[RULE_NOT_WHOLE_HOURS] = { "not-whole-hours", N_("This place is booked by whole hours.") },
	[RULE_OFF_STEP] = { "off-step", N_("Please round these hours: the space books in whole steps, mostly quarters of an hour.") },
	[RULE_TOO_SHORT] = { "too-short", N_("This place is booked for longer than that.") },
	[RULE_TOO_LONG] = { "too-long", N_("This place is not booked for so long at once.") },
	[RULE_OVER_CAPACITY] = { "over-capacity", N_("So many people have no room there.") },
	[RULE_BOOKING_STARTED] = { "booking-started", N_("That time is already past.") },
	[RULE_TOO_FAR_AHEAD] = { "too-far-ahead", N_("That is too far ahead: bookings for that date are not open yet.") },
	[RULE_SLOT_TAKEN] = { "slot-taken", N_("This place is already taken then.") },
	[RULE_ALREADY_MINE] = { "already-mine", N_("You have already booked this place then.") },
	[RULE_QUOTA_HOURS] = { "quota-exceeded-hours", N_("That is more time on one day than each member may book.") },
	[RULE_QUOTA_BOOKINGS] = { "quota-exceeded-bookings", N_("You have as many bookings ahead as each member may have.") },
	[RULE_CANCEL_TOO_LATE] = { "cancel-too-late", N_("It is too late to cancel: please tell the reception desk.") },
	[RULE_NONEXISTENT_TIME] = { "nonexistent-local-time", N_("That time does not exist: the clocks go forward that night.") },
	[RULE_AMBIGUOUS_TIME] = { "ambiguous-local-time", N_("That time comes twice: the clocks go back that night.") },
	[RULE_INCONSISTENT_OFFSET] = { "inconsistent-offset", N_("That is not the time zone of the space at that moment.") },
	[RULE_ACTIVITY_CANCELLED] = { "activity-cancelled", N_("This activity has been cancelled.") },
	[RULE_ACTIVITY_STARTED] = { "activity-started", N_("This activity has already begun.") },
	[RULE_SIGNUP_CLOSED] = { "signup-closed", N_("It is too late to sign up: please ask the organiser.") },
	[RULE_WITHDRAW_TOO_LATE] = { "withdraw-too-late", N_("It is too late to withdraw: please tell the organiser.") },
	[RULE_NOT_PENDING] = { "not-pending", N_("This booking does not wait for an answer.") },
	[RULE_NO_PRESENCE] = { "no-presence", N_("Nobody checks in at this space.") },
	[RULE_NOT_CONFIRMED] = { "not-confirmed", N_("This booking is not confirmed.") },
	[RULE_CHECK_IN_EARLY] = { "check-in-early", N_("It is too early to check in.") },
	[RULE_BOOKING_OVER] = { "booking-over", N_("This booking is over.") },
	[RULE_NOT_CHECKED_IN] = { "not-checked-in", N_("Nobody has checked in for this booking.") },
	[RULE_CONDITIONS_NOT_ACCEPTED] = { "conditions-not-accepted", N_("This activity has conditions: one has to agree to them first.") },
	[RULE_ACTIVITY_FULL] = { "activity-full", N_("All places are taken.") },
	[RULE_CAPACITY_BELOW_TAKEN] = { "capacity-below-taken", N_("More people have a place than there would be.") },
	[RULE_ATTENDANCE_TOO_EARLY] = { "attendance-too-early", N_("It is too early to note who comes.") },
	[RULE_ATTENDANCE_CLOSED] = { "attendance-closed", N_("Attendance has been closed: correcting it takes a reason.") },
	[RULE_STALE_VERSION] = { "stale-version", N_("The booking has changed meanwhile: look at it again first.") },
	[RULE_VALIDATION] = { "validation", N_("The server did not accept the request.") },
	[RULE_OTHER] = { "other", N_("A rule of the space forbids it.") },
};

const char *rule_wire_name(enum rule rule)
{
	return rules[rule].wire;
}

enum rule rule_from_wire(const char *name)
{
	for (size_t i = 0; i < RULES; i++) {
		if (name_index(&rules[i].wire, 1, name) == 0)
			return (enum rule)i;
	}
	return RULE_OTHER;
}

const char *rule_words(enum rule rule)
{
	return rule == RULE_NONE ? "" : _(rules[rule].words);
}

char *obstacle_words(struct arena *arena, const struct obstacle *obstacle)
{
	const char *words = rule_words(obstacle->rule), *detail = holiday_translated(obstacle->detail);
	size_t length = strlen(words);
	if (!*detail)
		return arena_copy_text(arena, words);
	bool full_stop = length && words[length - 1] == '.';
	return arena_print(arena, "%.*s (%s)%s", (int)(length - full_stop), words, detail, full_stop ? "." : "");
}

static char *with_quotation(struct arena *arena, const char *sentence, const struct outcome *outcome)
{
	if (!outcome->quotation || !*outcome->quotation)
		return arena_copy_text(arena, sentence);
	/* TRANSLATORS: our own sentence, then the server's words as a quotation. */
	return arena_print(arena, _("%1$s The server says: “%2$s”"), sentence, outcome->quotation);
}

static char *refused_words(struct arena *arena, const struct outcome *outcome)
{
	enum rule rule = outcome->rule == RULE_NONE ? RULE_OTHER : outcome->rule;
	if (rule == RULE_OTHER || rule == RULE_VALIDATION)
		return with_quotation(arena, rule_words(rule), outcome);
	return arena_copy_text(arena, rule_words(rule));
}

static char *unreachable_words(struct arena *arena, const struct outcome *outcome)
{
	if (outcome->quotation && *outcome->quotation)
		return arena_copy_text(arena, outcome->quotation);
	bool named = outcome->told_by && *outcome->told_by;
	if (outcome->rule == RULE_OTHER && named)
		return arena_print(arena, _("What %s answers cannot be read: is the address right?"), outcome->told_by);
	if (outcome->rule == RULE_OTHER)
		return arena_copy_text(arena, _("What the server answers cannot be read: is the address right?"));
	if (named)
		return arena_print(arena, _("%s does not answer."), outcome->told_by);
	return arena_copy_text(arena, _("The server does not answer."));
}

char *outcome_words(struct arena *arena, const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_NONE:
		return arena_copy_text(arena, _("Not answered yet."));
	case OUTCOME_DONE:
		return arena_copy_text(arena, _("Done."));
	case OUTCOME_PENDING:
		return arena_copy_text(arena, _("Asked for: the space has to confirm it."));
	case OUTCOME_WAITLISTED:
		return arena_print(arena, _("You are number %d on the waiting list."), outcome->place);
	case OUTCOME_CONFLICT:
		return arena_copy_text(arena, _("This place has just been taken."));
	case OUTCOME_REFUSED:
		return refused_words(arena, outcome);
	case OUTCOME_NOT_ALLOWED:
		return arena_copy_text(arena, _("You may not do that there."));
	case OUTCOME_NOT_FOUND:
		return arena_copy_text(arena, _("There is no such thing there any more."));
	case OUTCOME_LOGIN_NEEDED:
		return arena_copy_text(arena, _("Please log in."));
	case OUTCOME_THROTTLED:
		return arena_copy_text(arena, _("The server asks us to wait. We try again by ourselves."));
	case OUTCOME_UNREACHABLE:
		return unreachable_words(arena, outcome);
	case OUTCOME_UNKNOWN:
		return arena_copy_text(arena, _("We do not know yet whether it went through. We are checking."));
	}
	return arena_copy_text(arena, "");
}

static const struct alternative *copy_alternatives(struct arena *arena, const struct outcome *from)
{
	struct alternative *copies = arena_get(arena, from->alternative_count * sizeof *copies);
	for (size_t at = 0; at < from->alternative_count; at++) {
		const struct alternative *old = &from->alternatives[at];
		copies[at] = *old;
		copies[at].space_id = arena_copy_text(arena, old->space_id);
		copies[at].space_name = arena_copy_text(arena, old->space_name);
		copies[at].resource_id = arena_copy_text(arena, old->resource_id);
		copies[at].resource_name = arena_copy_text(arena, old->resource_name);
		copies[at].resource_area = arena_copy_text(arena, old->resource_area);
	}
	return copies;
}

struct outcome outcome_copy(struct arena *arena, const struct outcome *outcome)
{
	struct outcome copy = *outcome;
	copy.quotation = arena_copy_text(arena, outcome->quotation ? outcome->quotation : "");
	copy.told_by = arena_copy_text(arena, outcome->told_by ? outcome->told_by : "");
	copy.alternatives = copy_alternatives(arena, outcome);
	return copy;
}
