/* test_consent.c — what is an event of consent, and which of them need the text that was read. */
#include "table.h"

#include "hacktiv/model.h"

static const struct {
	const char *what;
	enum visibility from, to;
	bool is_change, gives;
} rows[] = {
	{ "shown to members", VISIBLE_TO_NOBODY, VISIBLE_TO_NETWORK, true, true },
	{ "to more", VISIBLE_TO_STAFF, VISIBLE_TO_SPACE, true, true },
	{ "to fewer", VISIBLE_TO_PUBLIC, VISIBLE_TO_STAFF, true, false },
	{ "to nobody", VISIBLE_TO_STAFF, VISIBLE_TO_NOBODY, true, false },
	{ "as before", VISIBLE_TO_SPACE, VISIBLE_TO_SPACE, false, false },
};

static void each_change_is_one_event(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum visibility from[CARD_FIELDS] = { VISIBLE_TO_NOBODY }, to[CARD_FIELDS] = { VISIBLE_TO_NOBODY };
		struct consent_change changes[CARD_FIELDS];
		from[CARD_EMAIL] = rows[i].from;
		to[CARD_EMAIL] = rows[i].to;
		size_t count = consent_changes(from, to, changes);
		ROW_HOLDS(count == rows[i].is_change, "%s", rows[i].what);
		ROW_HOLDS(consent_gives(changes, count) == rows[i].gives, "%s", rows[i].what);
		if (count)
			ROW_HOLDS(changes[0].field == CARD_EMAIL && changes[0].from == rows[i].from && changes[0].to == rows[i].to, "%s",
			          rows[i].what);
	}
}

static void one_that_gives_among_many_is_enough(void **state)
{
	(void)state;
	enum visibility from[CARD_FIELDS] = { VISIBLE_TO_NOBODY }, to[CARD_FIELDS] = { VISIBLE_TO_NOBODY };
	struct consent_change changes[CARD_FIELDS];
	from[CARD_NAME] = VISIBLE_TO_PUBLIC;
	to[CARD_ABOUT] = VISIBLE_TO_STAFF;
	size_t count = consent_changes(from, to, changes);
	assert_int_equal(count, 2);
	assert_true(consent_gives(changes, count));
	assert_false(consent_gives(changes, 1));
}

static void sources_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < CONSENT_SOURCES; i++) {
		enum consent_source source = CONSENT_FROM_MEMBER;
		assert_true(consent_source_from_wire(consent_source_wire_name((enum consent_source)i), &source));
		assert_int_equal(source, i);
	}
}

static const struct {
	bool (*is_written)(const char *);
	const char *text;
	bool good;
} contacts[] = {
	{ email_is_written, "zoe@example.org", true }, { email_is_written, "zoe", false }, { email_is_written, "@example.org", false },
	{ email_is_written, "zoe@localhost", false }, { email_is_written, "z e@example.org", false }, { email_is_written, "", false },
	{ website_is_written, "https://example.org", true }, { website_is_written, "http://example.org", true },
	{ website_is_written, "javascript:alert(1)", false }, { website_is_written, "https://a b", false },
	{ phone_is_written, "+3260123456", true }, { phone_is_written, "060123456", false }, { phone_is_written, "+32 60", false },
	{ phone_is_written, "+1234567890123456", false }, { phone_is_written, "+12345", false }, { phone_is_written, "", false },
};

static void ways_to_reach_somebody(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(contacts); i++)
		ROW_HOLDS(contacts[i].is_written(contacts[i].text) == contacts[i].good, "%s", contacts[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_one_event),
		cmocka_unit_test(one_that_gives_among_many_is_enough),
		cmocka_unit_test(sources_have_names),
		cmocka_unit_test(ways_to_reach_somebody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
