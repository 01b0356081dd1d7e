/* What one waits for on the screen: a command that found something still on its way is run again when that came, and where nothing comes,
 * that is said, and once; a log-in that was had in another hacktiv meanwhile is not asked for any more;
 * and what is said while one types is shown afterwards. */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"
#include "ui.h"

struct silence { pthread_mutex_t lock; pthread_cond_t said; bool over; };

/* Takes what is asked, and says nothing until it is over. */
static void is_silent(struct peer *peer, int connection)
{
	(void)connection;
	struct silence *silence = (struct silence *)(uintptr_t)peer_context(peer);
	pthread_mutex_lock(&silence->lock);
	while (!silence->over)
		pthread_cond_wait(&silence->said, &silence->lock);
	pthread_mutex_unlock(&silence->lock);
}

static void ui_begin(struct ui *ui, struct stage *stage)
{
	*ui = (struct ui){ .session = stage->session, .config = &stage->config, .scratch = arena_new() };
	for (size_t at = 0; at < PANES; at++) {
		list_init(&ui->views[at].list);
		ui->views[at].filter = memory_copy_text("");
	}
	ui_face_init(ui);
}

static void ui_end(struct ui *ui)
{
	ui_drop_waiting(ui);
	free(ui->open_space);
	for (size_t at = 0; at < PANES; at++) {
		list_clear(&ui->views[at].list);
		free(ui->views[at].filter);
	}
	ui_forget_messages(ui);
	free(ui->standing);
	arena_free(ui->scratch);
}

static const char *told(const struct ui *ui)
{
	return ui->message_count ? ui->messages[ui->message_count - 1].text : "";
}

/* In the message row; `more`: with so many others. */
static void assert_shown(struct ui *ui, const char *text, size_t more)
{
	size_t others;
	const struct message *message = ui_message(ui, &others);
	assert_string_equal(message ? message->text : "nothing", text);
	assert_int_equal(others, more);
}

static void what_does_not_come_is_waited_for_so_long_and_then_told(void **state)
{
	(void)state;
	struct silence silence = { .over = false };
	pthread_mutex_init(&silence.lock, NULL);
	pthread_cond_init(&silence.said, NULL);
	struct peer *peer = peer_new(NULL, is_silent, &silence);
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	open_stage(&stage, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), "silent.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_spaces(stage.session)->state.asking);
	ui_begin(&ui, &stage);

	assert_int_equal(ui_waiting_ms(&ui), -1);
	ui_run(&ui, command_find("desks"), (const char *const[]){ "chimay" }, 1);
	assert_string_equal(told(&ui), "Looking it up.");
	assert_in_range(ui_waiting_ms(&ui), ENGINE_TOTAL_TIMEOUT_MS, INT32_MAX);   /* whatever becomes of the question is told */
	ui_retry_waiting(&ui);
	assert_non_null(ui.waiting.command);
	assert_string_equal(told(&ui), "Looking it up.");

	ui.waiting.since_ms -= 10 * ENGINE_TOTAL_TIMEOUT_MS;
	assert_int_equal(ui_waiting_ms(&ui), 0);
	assert_int_not_equal(ui_retry_waiting(&ui), 0);
	assert_null(ui.waiting.command);
	assert_string_equal(told(&ui), "No answer has come so far: ask again in a while.");
	assert_shown(&ui, "No answer has come so far: ask again in a while.", 0);
	assert_int_equal(ui_waiting_ms(&ui), -1);
	assert_int_equal(ui_retry_waiting(&ui), 0);

	/* The place to be booked is not there yet: r was quicker. */
	ui.pane = PANE_SPACE;
	ui.open_space = memory_copy_text("01900000-0000-7000-8000-000000000001");
	ui.open_date = (struct local_date){ 2026, 7, 16 };
	ui_run(&ui, command_find("book"), NULL, 0);
	assert_string_equal(told(&ui), "Looking it up.");
	assert_ptr_equal(ui.waiting.command, command_find("book"));

	ui_end(&ui);
	close_stage(&stage);
	pthread_mutex_lock(&silence.lock);
	silence.over = true;
	pthread_cond_broadcast(&silence.said);
	pthread_mutex_unlock(&silence.lock);
	peer_free(peer);
	arena_free(arena);
}

/* Two sites want it: that one is asked for on which the cursor stands. */
static void a_log_in_is_had_where_it_is_needed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	const char *nobody = in_directory(arena, "nobody");
	open_stage_with(&stage, arena_print(arena, "sites = ( { id = \"one\"; url = \"unix:%s\"; }, { id = \"two\"; url = \"unix:%s\"; } );", nobody, nobody),
	                "two-sites.db");
	ui_begin(&ui, &stage);
	session_turn(stage.session);
	struct problem why;
	problem_set(&why, PROBLEM_REFUSED, "login", "%s", "Log in first.");
	static const size_t asked[] = { SIZE_MAX, 0, 1 }, opened[] = { 0, 0, 1 };
	for (size_t at = 0; at < COUNT_OF(asked); at++) {
		ui.run_site = asked[at];
		ui.face.face.ops->refuse(&ui.face.face, COMMAND_FAILED, &why, NULL, 0);
		assert_non_null(ui.dialog);
		assert_non_null(session_device(stage.session, opened[at]));
		assert_null(session_device(stage.session, !opened[at]));
		dialog_close(&ui);
	}
	ui_end(&ui);
	close_stage(&stage);
	arena_free(arena);
}

static void press(struct ui *ui, const char *name)
{
	struct key key = { .kind = name[1] ? KEY_NAMED : KEY_CHARACTER };
	snprintf(key.name, sizeof key.name, "%s", name);
	ui_key(ui, &key);
}

/* It came while one typed where messages stand. */
static void what_was_said_behind_a_line_is_shown_after_it(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "behind.db");
	ui_begin(&ui, &stage);
	ui_say(&ui, STYLE_GOOD, "before");
	press(&ui, "/");
	assert_non_null(ui.dialog);
	assert_shown(&ui, "nothing", 0);
	press(&ui, "a");
	ui_say(&ui, STYLE_GOOD, "booked");
	press(&ui, "b");
	press(&ui, "Enter");
	assert_null(ui.dialog);
	assert_shown(&ui, "booked", 0);
	press(&ui, "Down");
	assert_shown(&ui, "nothing", 0);
	ui_end(&ui);
	close_stage(&stage);
	arena_free(arena);
}

/* Each is shown, and the answer to a key before what was there already. */
static void of_several_sentences_each_is_shown(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "several.db");
	ui_begin(&ui, &stage);
	ui_say(&ui, STYLE_GOOD, "first");
	ui_say(&ui, STYLE_GOOD, "second");
	ui_say(&ui, STYLE_WARNING, "third");
	assert_shown(&ui, "third", 2);
	press(&ui, "Down");
	assert_shown(&ui, "second", 1);
	press(&ui, "Escape");
	assert_shown(&ui, "q leaves hacktiv.", 1);
	press(&ui, "Down");
	assert_shown(&ui, "first", 0);
	press(&ui, "Down");
	assert_shown(&ui, "nothing", 0);
	ui_say(&ui, STYLE_GOOD, "fourth");
	ui_say(&ui, STYLE_GOOD, "fifth");
	press(&ui, "m");
	assert_non_null(ui.dialog);
	assert_shown(&ui, "nothing", 0);   /* the list has them all */
	press(&ui, "q");
	ui_say(&ui, STYLE_WARNING, "sixth");
	ui_remark(&ui, STYLE_PLAIN, "looking");
	ui_say(&ui, STYLE_WARNING, "sixth");   /* a command that was tried again */
	assert_shown(&ui, "sixth", 0);
	press(&ui, "Down");
	ui_say(&ui, STYLE_WARNING, "sixth");   /* it was read: this one is another */
	assert_shown(&ui, "sixth", 0);
	ui_end(&ui);
	close_stage(&stage);
	arena_free(arena);
}

/* Wishes of an earlier run that ended while nobody was there. */
static void of_several_ends_at_once_the_worst_is_shown_and_all_are_told(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	struct problem why;
	struct clock clock = { 0 };
	struct store *store = store_open(in_directory(arena, "ends.db"), &clock, &why);
	assert_non_null(store);
	static const struct { const char *id, *site, *resource; enum outcome_kind outcome; } ends[] = {
		{ "01900000-0000-7000-8000-0000000000a1", "essai", "A1", OUTCOME_DONE },
		{ "01900000-0000-7000-8000-0000000000a2", "essai", "A2", OUTCOME_REFUSED },
		{ "01900000-0000-7000-8000-0000000000a3", "essai", "A3", OUTCOME_DONE },
		{ "01900000-0000-7000-8000-0000000000a4", "gone", "A4", OUTCOME_REFUSED },   /* a site that is not configured any more */
	};
	for (size_t at = 0; at < COUNT_OF(ends); at++) {
		struct outbox_row row = {
			.site = ends[at].site, .member_id = "", .kind = WISH_BOOK, .state = WISH_SETTLED, .outcome = ends[at].outcome,
			.space_id = "s", .space_name = "E420", .resource_id = "r", .resource_name = ends[at].resource, .booking_id = ends[at].id,
			.activity_id = "", .title = "", .when = half_day((struct local_date){ 2026, 11, 25 }, DAY_PART_MORNING), .created_at = (int64_t)at + 1,
		};
		snprintf(row.id, sizeof row.id, "%s", ends[at].id);
		store_put_wish(store, &row);
	}
	store_close(store, 5000);
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "ends.db");
	ui_begin(&ui, &stage);
	UNTIL(&stage, session_wishes_are_known(stage.session));
	ui_tell_wishes(&ui);
	size_t more;
	const struct message *message = ui_message(&ui, &more);
	assert_non_null(message);
	assert_int_equal(more, 3);
	static const char *const shown[] = { "“gone”", "A2", "A3", "A1" };
	for (size_t at = 0; at < COUNT_OF(shown); at++) {
		message = ui_message(&ui, &more);
		assert_non_null(message);
		assert_non_null(strstr(message->text, shown[at]));
		press(&ui, "Down");
	}
	assert_shown(&ui, "nothing", 0);
	ui_end(&ui);
	close_stage(&stage);
	arena_free(arena);
}

static const char *screen_text(struct ui *ui, struct arena *arena)
{
	canvas_init(&ui->canvas, false);
	canvas_resize(&ui->canvas, 24, 80);
	ui->layout = layout_for(24, 80);
	ui->dialog->ops->draw(ui, ui->dialog, ui->layout.body);
	char *text = arena_copy_text(arena, "");
	for (int row = 0; row < ui->canvas.rows; row++) {
		for (int column = 0; column < ui->canvas.columns; column++)
			text = arena_print(arena, "%s%s", text, canvas_cell(&ui->canvas, row, column)->text);
	}
	canvas_clear(&ui->canvas);
	return text;
}

/* Whether the password is wrong, or the question was: who is told the former looks for another one for ever. */
static void c17_a_log_in_that_is_not_accepted_is_no_wrong_password(void **state)
{
	(void)state;
	static const struct { const char *status, *type, *says, *not; } answers[] = {
		{ "422 Unprocessable Content", "validation", "The server did not accept the request. The server says: “No [31mdots here”", "go together" },
		{ "401 Unauthorized", "unauthenticated", "Login and password do not go together.", "The server says" },
	};
	for (size_t at = 0; at < COUNT_OF(answers); at++) {
		struct arena *arena = arena_new();
		const char *body = arena_print(arena, "{\"type\":\"/problems/%s\",\"title\":\"x\",\"detail\":\"No \\u001b[31mdots here\"}", answers[at].type);
		struct peer *peer = peer_new(NULL, peer_says, arena_print(arena, "HTTP/1.1 %s\r\nContent-Type: application/problem+json\r\n"
			"Content-Length: %zu\r\nConnection: close\r\n\r\n%s", answers[at].status, strlen(body), body));
		struct stage stage;
		struct ui ui;
		open_stage(&stage, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), "refused.db");
		ui_begin(&ui, &stage);
		session_start_network(stage.session);
		open_login_dialog(&ui, 0, "a.b", LOG_IN_BY_PASSWORD);
		press(&ui, "x");
		press(&ui, "Enter");
		UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
		ui.dialog->ops->changed(&ui, ui.dialog, SESSION_SITES);
		const char *text = screen_text(&ui, arena);
		if (!strstr(text, answers[at].says) || strstr(text, answers[at].not))
			fail_msg("%s: %s", answers[at].status, text);
		dialog_close(&ui);
		ui_end(&ui);
		close_stage(&stage);
		peer_free(peer);
		arena_free(arena);
	}
}

static void c35_a_log_in_elsewhere_ends_the_asking(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct ui ui;
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "elsewhere.db");
	ui_begin(&ui, &stage);
	session_turn(stage.session);
	open_login_dialog(&ui, 0, "", LOG_IN_BY_PASSWORD);
	ui.dialog->ops->changed(&ui, ui.dialog, SESSION_SITES);
	assert_non_null(ui.dialog);
	keep_tokens(&(struct tokens){ .access = (char[]){ "c1" }, .log_in = (char[]){ "l" } });
	session_refresh_bookings(stage.session);
	UNTIL(&stage, session_is_let_in(stage.session, 0));
	ui.dialog->ops->changed(&ui, ui.dialog, SESSION_SITES);
	assert_null(ui.dialog);
	/* Who is in may let somebody else in. */
	open_login_dialog(&ui, 0, "", LOG_IN_BY_PASSWORD);
	ui.dialog->ops->changed(&ui, ui.dialog, SESSION_SITES);
	assert_non_null(ui.dialog);
	dialog_close(&ui);
	ui_end(&ui);
	close_stage(&stage);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_does_not_come_is_waited_for_so_long_and_then_told),
		cmocka_unit_test(a_log_in_is_had_where_it_is_needed),
		cmocka_unit_test(what_was_said_behind_a_line_is_shown_after_it),
		cmocka_unit_test(of_several_sentences_each_is_shown),
		cmocka_unit_test(of_several_ends_at_once_the_worst_is_shown_and_all_are_told),
		cmocka_unit_test(c17_a_log_in_that_is_not_accepted_is_no_wrong_password),
		cmocka_unit_test(c35_a_log_in_elsewhere_ends_the_asking),
	};
	return cmocka_run_group_tests_name("tui waiting", tests, start_place, stop_place);
}
