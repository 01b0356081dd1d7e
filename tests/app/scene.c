/* scene.c — see scene.h. */
#include "scene.h"

#include <stdio.h>
#include <string.h>

/* ---- what is asked, as the line sees it ---- */

static void note(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	struct asked *asked = context;
	unsigned at = asked->count;
	if (at < COUNT_OF(asked->paths)) {
		size_t length = strcspn(about->request, "\r\n");
		length -= length > 9 ? 9 : 0;   /* " HTTP/1.1" */
		length = length < sizeof asked->paths[at] ? length : sizeof asked->paths[at] - 1;
		memcpy(asked->paths[at], about->request, length);
		asked->paths[at][length] = '\0';   /* the place may have held a longer one */
		asked->count++;
		if (asked->held && strncmp(asked->paths[at], asked->held, strlen(asked->held)) == 0)
			fate->answer = (struct bad_way){ .cut_at = 0, .end = BAD_END_HOLD, .flip = -1, .drop.at = -1, .twice.at = -1 };
		if (asked->refused && strncmp(asked->paths[at], asked->refused, strlen(asked->refused)) == 0) {
			fate->status = asked->status;
			memcpy(fate->type, asked->type, strlen(asked->type));
			fate->answer.cut_at = 300;   /* the head, and a little of what would be a stream */
		}
	}
}

unsigned times(const struct asked *asked, const char *path)
{
	unsigned count = 0;
	for (unsigned at = 0; at < asked->count; at++)
		count += strncmp(asked->paths[at], path, strlen(path)) == 0;
	return count;
}

unsigned times_of_day(const struct scene *scene, const char *rest)
{
	char path[200];
	snprintf(path, sizeof path, "GET /v1/spaces/%s/%s", scene->ferme ? scene->ferme : "", rest);
	return times(&scene->asked, path);
}

struct live *live_of(struct scene *scene)
{
	return &scene->mine.session->sites[0].live;
}

static char *id_of_space(const struct session *session, const char *slug)
{
	const struct space_list *list = session_spaces(session);
	for (size_t at = 0; at < list->count; at++)
		if (strcmp(list->rows[at].space.slug, slug) == 0)
			return memory_copy_text(list->rows[at].space.id);
	fail_msg("no space is called %s", slug);
	abort();
}

void open_other(struct scene *scene)
{
	open_stage(&scene->other, NULL, "other.db");
	log_in(&scene->other);
	scene->ferme = id_of_space(scene->other.session, "ferme");
	scene->e420 = id_of_space(scene->other.session, "e420");
}

static void open_line(struct scene *scene, const char *notes)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	scene->line = bad_line_new("127.0.0.1:0", arena_print(arena, "unix:%s", in_directory(arena, "socket")), note, &scene->asked, &why);
	assert_non_null(scene->line);
	open_stage(&scene->mine, bad_line_address(scene->line), notes);
	arena_free(arena);
}

void open_mine(struct scene *scene, const char *notes)
{
	open_line(scene, notes);
	session_follow(scene->mine.session);
	UNTIL(&scene->mine, session_is_quiet(scene->mine.session));
	session_start_network(scene->mine.session);
}

void open_mine_and_follow_later(struct scene *scene, const char *notes)
{
	open_line(scene, notes);
	session_start_network(scene->mine.session);
	settle_down(&scene->mine);
	session_follow(scene->mine.session);
}

void wait_until_live(struct scene *scene)
{
	UNTIL(&scene->mine, live_is_on(scene->mine.session, 0) && !live_of(scene)->read_ms);
	settle_down(&scene->mine);
}

void open_scene(struct scene *scene, const char *notes)
{
	memset(scene, 0, sizeof *scene);
	open_other(scene);
	open_mine(scene, notes);
	wait_until_live(scene);
}

void until_kept(struct scene *scene)
{
	settle_down(&scene->mine);
	live_keep(scene->mine.session, 0, true);
	live_copy_load(scene->mine.session, 0);   /* answered when all before it is done */
	settle_down(&scene->mine);
}

void close_mine(struct scene *scene)
{
	close_stage(&scene->mine);
	bad_line_free(scene->line);
}

void close_scene(struct scene *scene)
{
	close_mine(scene);
	close_stage(&scene->other);
	free(scene->ferme);
	free(scene->e420);
}

void forget_asked(struct scene *scene)
{
	settle_down(&scene->mine);
	scene->asked.count = 0;
}

/* ---- deeds of the other ---- */

const struct resource_day *free_desk(const struct day_list *day)
{
	for (size_t at = 0; at < day->count; at++)
		if (day->rows[at].resource.kind == RESOURCE_DESK && day->rows[at].morning == SLOT_FREE)
			return &day->rows[at];
	fail_msg("no desk is free");
	abort();
}

/* A morning; returns the id of the wish, done. */
char *book(struct scene *scene, const char *space_id, struct local_date date)
{
	struct stage *stage = &scene->other;
	session_refresh_day(stage->session, 0, space_id, date);
	settle_down(stage);
	const struct day_list *day = session_day(stage->session, 0, space_id, date);
	const struct resource_day *row = free_desk(day);
	struct wish_book wish = { .space_id = space_id, .space_name = "S", .resource_id = row->resource.id, .resource_name = "R",
		                  .when = { .date = date, .part = DAY_PART_MORNING } };
	char *id = memory_copy_text(session_book(stage->session, &wish));
	UNTIL(stage, session_wish(stage->session, id)->row->state == WISH_SETTLED);
	assert_int_equal(session_wish(stage->session, id)->outcome.kind, OUTCOME_DONE);
	return id;
}

const struct booking *find_mine(struct scene *scene, const char *id)
{
	const struct booking_list *list = session_bookings(scene->mine.session);
	for (size_t at = 0; at < list->count; at++)
		if (strcmp(list->rows[at].booking.id, id) == 0)
			return &list->rows[at].booking;
	return NULL;
}

void cancel(struct scene *scene, const char *id)
{
	struct stage *stage = &scene->other;
	session_refresh_bookings(stage->session);
	settle_down(stage);
	const struct booking_list *list = session_bookings(stage->session);
	const struct booking *found = NULL;
	for (size_t at = 0; at < list->count; at++)
		if (strcmp(list->rows[at].booking.id, id) == 0)
			found = &list->rows[at].booking;
	assert_non_null(found);
	char *wish = memory_copy_text(session_cancel(stage->session, 0, found));
	UNTIL(stage, session_wish(stage->session, wish)->row->state == WISH_SETTLED);
	free(wish);
}

/* ---- as if asked anew ---- */

/* All that is on my screen, as text. */
char *shown(struct session *session, struct arena *arena, const char *space_id, struct local_date date)
{
	cJSON *all = cJSON_CreateArray();
	for (size_t at = 0; at < session_spaces(session)->count; at++)
		cJSON_AddItemToArray(all, wire_space_write(&session_spaces(session)->rows[at].space));
	for (size_t at = 0; at < session_bookings(session)->count; at++) {
		const struct booking *booking = &session_bookings(session)->rows[at].booking;
		cJSON_AddItemToArray(all, wire_booking_write(booking, session_zone(session, booking->time_zone)));
	}
	for (size_t at = 0; at < session_signups(session)->count; at++) {
		const struct activity *activity = session_signups(session)->rows[at].activity;
		cJSON_AddItemToArray(all, wire_activity_write(activity, session_zone(session, activity->time_zone), false));
	}
	const struct day_list *day = session_day(session, 0, space_id, date);
	for (size_t at = 0; at < day->count; at++)
		cJSON_AddItemToArray(all, wire_resource_day_write(&day->rows[at]));
	char *printed = cJSON_Print(all);
	char *text = arena_copy_text(arena, printed);
	cJSON_free(printed);
	cJSON_Delete(all);
	return text;
}

/* What the other sees who asks for all of it anew, and knows nothing of before. */
char *asked_anew(struct scene *scene, struct arena *arena, const char *space_id, struct local_date date)
{
	struct session *session = scene->other.session;
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++)
		session->sites[0].parts[kind].etag = NULL;
	days_forget_site(session, 0);
	session_refresh_spaces(session);
	session_refresh_bookings(session);
	session_refresh_signups(session);
	session_day(session, 0, space_id, date);
	for (size_t at = 0; at < DAYS_KEPT; at++)
		session->days[at].version = 0;   /* nor of what is in the space */
	settle_down(&scene->other);
	session_day(session, 0, space_id, date);
	settle_down(&scene->other);
	return shown(session, arena, space_id, date);
}

void is_as_if_asked_anew(struct scene *scene, const char *space_id, struct local_date date, const char *after)
{
	struct arena *arena = arena_new();
	const char *expected = asked_anew(scene, arena, space_id, date), *mine = "";
	for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; strcmp(mine, expected) != 0 && clock_monotonic_ms() < until;) {
		turn(&scene->mine);
		mine = shown(scene->mine.session, arena, space_id, date);
	}
	if (strcmp(mine, expected) != 0)
		print_error("after %s:\n%s\nshould be\n%s\n", after, mine, expected);
	assert_string_equal(mine, expected);
	arena_free(arena);
}

/* Done by the one who watches. */
void until_done(struct scene *scene, const char *wish)
{
	char *id = memory_copy_text(wish);
	UNTIL(&scene->mine, session_wish(scene->mine.session, id)->row->state == WISH_SETTLED);
	assert_int_equal(session_wish(scene->mine.session, id)->outcome.kind, OUTCOME_DONE);
	free(id);
}

char *book_mine(struct scene *scene, const char *space_id, struct local_date date, enum day_part part)
{
	struct session *session = scene->mine.session;
	UNTIL(&scene->mine, session_day(session, 0, space_id, date)->count && !session_day(session, 0, space_id, date)->state.asking);
	const struct day_list *day = session_day(session, 0, space_id, date);
	const struct resource_day *row = NULL;
	for (size_t at = 0; at < day->count && !row; at++) {
		const struct resource_day *next = &day->rows[at];
		if (next->resource.kind == RESOURCE_DESK && next->afternoon == SLOT_FREE && (part != DAY_PART_WHOLE || next->morning == SLOT_FREE))
			row = next;
	}
	assert_non_null(row);
	struct wish_book wish = { .space_id = space_id, .space_name = "S", .resource_id = row->resource.id, .resource_name = "R",
		                  .when = { .date = date, .part = part } };
	char *id = memory_copy_text(session_book(session, &wish));
	until_done(scene, id);
	return id;
}
