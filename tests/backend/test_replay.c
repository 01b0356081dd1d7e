/* What hacktivd was recorded to answer is asked for as it was recorded, and understood whole: no network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hacktiv/wire.h"

#include "recording.h"

static const char *directory;

struct replay {
	const char *name;
	enum outcome_kind outcome;
	enum rule rule;
	size_t count;               /* of what was asked for: spaces, rows, bookings, activities, cards, organisations; of alternatives
	                               when it was refused */
	const char *from, *to;      /* a member of the answer's body ("" all of it, NULL: none), and where the snapshot keeps it */
};

static const struct replay replays[] = {
	/* name, outcome, rule, count, from, to */
	{ "log-in", OUTCOME_DONE, RULE_NONE, 0, "member", "member" },
	{ "log-in-wrong", OUTCOME_LOGIN_NEEDED, RULE_NONE, 0, NULL, NULL },
	{ "log-out", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "log-out-again", OUTCOME_LOGIN_NEEDED, RULE_NONE, 0, NULL, NULL },
	{ "log-out-device", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "device", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "device-token-pending", OUTCOME_PENDING, RULE_NONE, 0, NULL, NULL },
	{ "device-token-early", OUTCOME_THROTTLED, RULE_NONE, 0, NULL, NULL },
	{ "device-token", OUTCOME_DONE, RULE_NONE, 0, "access_token", "token" },
	{ "device-token-used", OUTCOME_NOT_FOUND, RULE_NONE, 0, NULL, NULL },
	{ "device-token-denied", OUTCOME_NOT_ALLOWED, RULE_NONE, 0, NULL, NULL },
	{ "renew", OUTCOME_DONE, RULE_NONE, 0, "access_token", "token" },
	{ "renew-unknown", OUTCOME_LOGIN_NEEDED, RULE_NONE, 0, NULL, NULL },
	{ "who-am-i", OUTCOME_DONE, RULE_NONE, 0, "", "member" },
	{ "who-am-i-nobody", OUTCOME_LOGIN_NEEDED, RULE_NONE, 0, NULL, NULL },
	{ "spaces", OUTCOME_DONE, RULE_NONE, 4, "items", "spaces" },
	{ "spaces-again", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "day", OUTCOME_DONE, RULE_NONE, 13, "items", "rows" },
	{ "day-holiday", OUTCOME_DONE, RULE_NONE, 13, "items", "rows" },
	{ "day-nowhere", OUTCOME_NOT_FOUND, RULE_OTHER, 0, NULL, NULL },
	{ "space-day", OUTCOME_DONE, RULE_NONE, 1, NULL, NULL },
	{ "my-bookings", OUTCOME_DONE, RULE_NONE, 4, "items", "bookings" },
	{ "preview", OUTCOME_DONE, RULE_NONE, 0, "", "preview" },
	{ "preview-taken", OUTCOME_DONE, RULE_NONE, 0, "", "preview" },
	{ "book", OUTCOME_DONE, RULE_NONE, 1, "", "bookings/0" },
	{ "book-again", OUTCOME_DONE, RULE_NONE, 1, "", "bookings/0" },
	{ "book-taken", OUTCOME_CONFLICT, RULE_SLOT_TAKEN, 8, "alternatives", "alternatives" },
	{ "book-mine", OUTCOME_REFUSED, RULE_ALREADY_MINE, 8, "alternatives", "alternatives" },
	{ "book-closed", OUTCOME_REFUSED, RULE_SPACE_CLOSED, 7, "alternatives", "alternatives" },
	{ "book-past", OUTCOME_REFUSED, RULE_BOOKING_STARTED, 2, "alternatives", "alternatives" },
	{ "find-booking", OUTCOME_DONE, RULE_NONE, 1, "", "bookings/0" },
	{ "find-booking-cancelled", OUTCOME_NOT_FOUND, RULE_NONE, 0, NULL, NULL },
	{ "find-booking-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, NULL, NULL },
	{ "cancel", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "cancel-again", OUTCOME_DONE, RULE_NONE, 0, NULL, NULL },
	{ "cancel-stale", OUTCOME_REFUSED, RULE_STALE_VERSION, 0, "detail", "quotation" },
	{ "cancel-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, NULL, NULL },
	{ "preview-hours", OUTCOME_DONE, RULE_NONE, 0, "", "preview" },
	{ "preview-hours-desk", OUTCOME_DONE, RULE_NONE, 0, "", "preview" },
	{ "book-hours", OUTCOME_DONE, RULE_NONE, 1, "", "bookings/0" },
	{ "book-hours-mine", OUTCOME_REFUSED, RULE_ALREADY_MINE, 2, "alternatives", "alternatives" },
	{ "activities", OUTCOME_DONE, RULE_NONE, 6, "items", "activities" },
	{ "activity", OUTCOME_DONE, RULE_NONE, 1, "", "activities/0" },
	{ "activity-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, "detail", "quotation" },
	{ "sign-up", OUTCOME_DONE, RULE_NONE, 1, "", "activities/0" },
	{ "sign-up-again", OUTCOME_DONE, RULE_NONE, 1, "", "activities/0" },
	{ "sign-up-full", OUTCOME_WAITLISTED, RULE_NONE, 1, "", "activities/0" },
	{ "sign-up-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, "detail", "quotation" },
	{ "my-signups", OUTCOME_DONE, RULE_NONE, 4, "items", "activities" },
	{ "withdraw", OUTCOME_DONE, RULE_NONE, 1, "", "activities/0" },
	{ "withdraw-again", OUTCOME_DONE, RULE_NONE, 1, "", "activities/0" },
	{ "cards", OUTCOME_DONE, RULE_NONE, 1, "items", "cards" },
	{ "cards-none", OUTCOME_DONE, RULE_NONE, 0, "items", "cards" },
	{ "cards-letter", OUTCOME_REFUSED, RULE_OTHER, 0, "detail", "quotation" },
	{ "card", OUTCOME_DONE, RULE_NONE, 1, "", "cards/0" },
	{ "card-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, "detail", "quotation" },
	{ "organisations", OUTCOME_DONE, RULE_NONE, 3, "items", "organisations" },
	{ "organisations-more", OUTCOME_DONE, RULE_NONE, 1, "items", "organisations" },
	{ "organisation", OUTCOME_DONE, RULE_NONE, 1, "", "organisations/0" },
	{ "organisation-none", OUTCOME_NOT_FOUND, RULE_OTHER, 0, "detail", "quotation" },
	{ "news-from-now", OUTCOME_DONE, RULE_NONE, 0, "id", "after" },
	{ "news", OUTCOME_DONE, RULE_NONE, 7, "id", "after" },
	{ "news-none", OUTCOME_DONE, RULE_NONE, 0, "id", "after" },
	{ "news-of-another-database", OUTCOME_DONE, RULE_NONE, 0, "reset", "reset" },
};

static const cJSON *part(const cJSON *object, const char *name)
{
	if (!*name)
		return object;
	const char *slash = strchr(name, '/');
	if (!slash)
		return cJSON_GetObjectItemCaseSensitive(object, name);
	char list[40] = "";
	memcpy(list, name, (size_t)(slash - name));
	return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(object, list), 0);
}

static void check_snapshot(const struct recording *recording, const struct replay *replay)
{
	cJSON *snapshot = recording_snapshot(recording);
	const cJSON *told = part(recording_body(recording), replay->from), *read = part(snapshot, replay->to);
	assert_non_null(told);
	/* Of oneself no more is read than who one is: what is kept on one's card is for the pane that will show it. */
	cJSON *kept = cJSON_Duplicate(told, true);
	cJSON_DeleteItemFromObjectCaseSensitive(kept, "card");
	cJSON_DeleteItemFromObjectCaseSensitive(kept, "restricted");
	cJSON_DeleteItemFromObjectCaseSensitive(kept, "roles");
	if (!cJSON_Compare(kept, read, true))
		fail_msg("%s: not all was understood:\n%s\n%s", replay->name, cJSON_Print(kept), cJSON_Print(read));
	cJSON_Delete(kept);
	cJSON_Delete(snapshot);
}

static void test_replay(void **state)
{
	const struct replay *replay = *state;
	struct recording recording;
	recording_open(&recording, directory, replay->name);
	recording_play(&recording);
	const struct operation *operation = &recording.operation;
	assert_string_equal(outcome_wire_name(operation->outcome.kind), outcome_wire_name(replay->outcome));
	assert_string_equal(rule_wire_name(operation->outcome.rule), rule_wire_name(replay->rule));
	size_t spaces = operation->kind == OPERATION_DAY ? 0 : operation->space_count;
	size_t directory_rows = operation->card_count + operation->organisation_count;
	assert_int_equal(spaces + operation->row_count + operation->booking_count + operation->activity_count + directory_rows + operation->news_count +
	                 operation->outcome.alternative_count, replay->count);
	if (replay->from)
		check_snapshot(&recording, replay);
	recording_close(&recording);
}

/* Some fields by name, as a person reads them in the file: what compares JSON with JSON could be blind on both eyes. */
static void test_fields(void **state)
{
	(void)state;
	struct recording day, book, preview;
	recording_open(&day, directory, "day-holiday");
	recording_play(&day);
	const struct space *space = &day.operation.spaces[0];
	assert_string_equal(space->name, "La Ferme");
	assert_int_equal(space->today.opening.closed, CLOSED_HOLIDAY);
	assert_int_equal(space->today.opening.holiday, HOLIDAY_BELGIAN_NATIONAL_DAY);
	assert_int_equal(day.operation.rows[0].morning, SLOT_CLOSED);

	recording_open(&book, directory, "book");
	recording_play(&book);
	const struct booking *booking = &book.operation.bookings[0];
	assert_string_equal(booking->id, book.operation.wish_id);
	assert_string_equal(booking->resource_name, "Les Serres 3");
	assert_int_equal(booking->start_at, 1784790000);
	assert_int_equal(booking->price.gross_cents, 968);
	assert_string_equal(book.operation.new_etag, "\"1\"");

	recording_open(&preview, directory, "preview-taken");
	recording_play(&preview);
	assert_int_equal(preview.operation.preview->obstacle_count, 1);
	assert_int_equal(preview.operation.preview->obstacles[0].rule, RULE_SLOT_TAKEN);
	assert_string_equal(preview.operation.preview->alternatives[0].space_name, "La Ferme");

	struct recording device, tokens;
	recording_open(&device, directory, "device");
	recording_play(&device);
	assert_string_equal(device.operation.device->user_code, "WDJB-MJHT");
	assert_string_equal(device.operation.device->address, "http://localhost/device");
	assert_string_equal(device.operation.device->whole_address, "http://localhost/device?user_code=WDJB-MJHT");
	assert_int_equal(device.operation.device->interval_s, 5);
	recording_open(&tokens, directory, "device-token");
	recording_play(&tokens);
	assert_string_equal(tokens.operation.new_refresh_token, "hkr_recorded");
	assert_int_equal(tokens.operation.new_life_s, 3600);
	recording_close(&device);
	recording_close(&tokens);

	struct recording hours, line, shown;
	recording_open(&hours, directory, "book-hours");
	recording_play(&hours);
	assert_int_equal(hours.operation.bookings[0].when.part, DAY_PART_HOURS);
	assert_int_equal(hours.operation.bookings[0].when.hours.from, 14 * 60);
	recording_open(&line, directory, "sign-up-full");
	recording_play(&line);
	assert_int_equal(line.operation.outcome.place, 4);
	assert_int_equal(line.operation.activities[0].mine.state, SIGNUP_WAITLISTED);
	recording_open(&shown, directory, "card");
	recording_play(&shown);
	assert_string_equal(shown.operation.cards[0].phone, "+3260000211");
	assert_string_equal(shown.operation.cards[0].email, "");
	recording_close(&hours);
	recording_close(&line);
	recording_close(&shown);
	recording_close(&day);
	recording_close(&book);
	recording_close(&preview);
}

static void test_not_modified(void **state)
{
	(void)state;
	struct recording recording;
	recording_open(&recording, directory, "spaces-again");
	recording_play(&recording);
	assert_true(recording.operation.not_modified);
	recording_close(&recording);
}

int main(int count, char **arguments)
{
	if (count != 2)
		die("usage: test_replay DIRECTORY");
	directory = arguments[1];
	struct CMUnitTest tests[COUNT_OF(replays) + 2] = { cmocka_unit_test(test_fields), cmocka_unit_test(test_not_modified) };
	for (size_t i = 0; i < COUNT_OF(replays); i++)
		tests[i + 2] = (struct CMUnitTest){ replays[i].name, test_replay, NULL, NULL, (void *)(uintptr_t)&replays[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
