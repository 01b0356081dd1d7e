/* live_read.c — what the live feed asks of the database, in one errand at a time: heads, new changes, old pages, rights. */
#include "live_inside.h"

#include <stdlib.h>
#include <string.h>

#include "auth.h"

/* ---- runs ------------------------------------------------------------------------------------------------------------ */

static size_t bytes_of(const struct told *told)
{
	return (told->whole ? strlen(told->whole) : 0) + (told->other ? strlen(told->other) : 0);
}

static void told_clear(struct told *told)
{
	free(told->whole);
	free(told->other);
	free(told->owner);
}

void run_add(struct run *run, struct told told)
{
	if (run->count == run->room) {
		run->room = run->room ? 2 * run->room : 16;
		run->rows = memory_grow(run->rows, run->room, sizeof *run->rows);
	}
	run->rows[run->count++] = told;
	run->bytes += bytes_of(&told);
}

void run_move(struct run *to, struct run *from)
{
	for (size_t i = 0; i < from->count; i++)
		run_add(to, from->rows[i]);
	from->count = 0;
	run_clear(from);
}

void run_shorten(struct run *run, size_t bytes)
{
	size_t gone = 0;
	for (; gone < run->count && run->bytes > bytes; gone++) {
		run->bytes -= bytes_of(&run->rows[gone]);
		told_clear(&run->rows[gone]);
	}
	if (gone == 0)
		return;
	run->count -= gone;
	memmove(run->rows, run->rows + gone, run->count * sizeof *run->rows);
}

void run_clear(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		told_clear(&run->rows[i]);
	free(run->rows);
	*run = (struct run){ 0 };
}

const struct told *run_find(const struct run *run, int64_t seq)
{
	if (run->count == 0 || seq < run->rows[0].seq || seq - run->rows[0].seq >= (int64_t)run->count)
		return NULL;
	return &run->rows[seq - run->rows[0].seq];
}

/* ---- an errand ------------------------------------------------------------------------------------------------------- */

/* "event: …" and "data: …" as text/event-stream has them; the id comes before. JSON without white space has no line end. */
static char *event_text(const struct wish *wish, const struct change *change, const struct event *event)
{
	struct buffer text;
	cJSON *object = event_json(wish->feed->space_id, change, event, wish->feed->zone);
	char *data = cJSON_PrintUnformatted(object);
	if (!data)
		die("out of memory");
	buffer_init(&text, SEND_BYTES);
	buffer_print(&text, "event: %s\ndata: %s\n\n", event->kind, data);
	free(data);
	cJSON_Delete(object);
	char *exact = memory_copy_text(text.bytes);
	buffer_clear(&text);
	return exact;
}

static struct told tell_change(const struct wish *wish, const struct change *change)
{
	static const struct event_view all = { true, true }, most = { true, false };
	struct event whole, other;
	struct told told = { .seq = change->seq, .owner = memory_copy_text(change->member_id) };
	if (event_of(change, &all, true, &whole)) {
		told.whole = event_text(wish, change, &whole);
		told.whole_type = whole.type;
	}
	if (event_of(change, &most, false, &other)) {
		told.other_type = other.type;
		told.same = other.type == whole.type;
		told.other = told.same ? NULL : event_text(wish, change, &other);
	}
	return told;
}

static void read_page(struct errand *errand, struct db_tx *tx, struct wish wish, int rows)
{
	struct told_page *page = &errand->pages[errand->page_count++];
	*page = (struct told_page){ .wish = wish };
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, wish.feed->space_id, wish.after, rows, errand->arena, &count);
	page->gone = count == 0 || changes[0].seq != wish.after + 1;
	for (size_t i = 0; i < count && !page->gone; i++)
		run_add(&page->run, tell_change(&wish, &changes[i]));
}

static void forget_pages(struct errand *errand)
{
	for (size_t i = 0; i < errand->page_count; i++)
		run_clear(&errand->pages[i].run);
	errand->page_count = 0;
}

int64_t errand_head(const struct errand *errand, const char *space_id)
{
	for (size_t i = 0; i < errand->head_count; i++)
		if (strcmp(errand->heads[i].space_id, space_id) == 0)
			return errand->heads[i].seq;
	return 0;
}

static void read_new_changes(struct errand *errand, struct db_tx *tx)
{
	for (size_t i = 0; i < errand->known_count; i++) {
		struct wish wish = errand->known[i];
		int64_t head = errand_head(errand, wish.feed->space_id);
		if (wish.after < 0 || head <= wish.after)
			continue;
		/* Nobody was there to be told for a while: who wants more than the last of it asks for pages. */
		if (head - wish.after > LIVE_ROWS)
			wish.after = head - LIVE_ROWS;
		read_page(errand, tx, wish, LIVE_ROWS);
	}
}

static void read_rights(struct errand *errand, struct db_tx *tx, struct check *check)
{
	int64_t now = clock_now(&errand->live->server->clock);
	check->alive = caller_of_token(tx, check->token_hash, now, errand->arena, &check->caller);
}

static bool errand_run(struct db_job *job, struct db_tx *tx)
{
	struct errand *errand = (struct errand *)job;
	forget_pages(errand);
	errand->pages = arena_get(errand->arena, (errand->known_count + errand->wish_count + 1) * sizeof *errand->pages);
	errand->heads = db_list_heads(tx, errand->arena, &errand->head_count);
	db_epoch(tx, errand->epoch);
	read_new_changes(errand, tx);
	for (size_t i = 0; i < errand->wish_count; i++)
		read_page(errand, tx, errand->wishes[i], PAGE_ROWS);
	if (errand->check_count > 0)
		errand->spaces = db_list_spaces(tx, errand->arena, &errand->space_count);
	for (size_t i = 0; i < errand->check_count; i++)
		read_rights(errand, tx, &errand->checks[i]);
	errand->failed = db_tx_failed(tx);
	return false;
}

static void errand_done(struct db_job *job, enum db_end end)
{
	struct errand *errand = (struct errand *)job;
	struct live *live = errand->live;
	errand->failed |= end == DB_STORAGE_FAILED;
	atomic_store(&errand->over, true);
	live_wake(live);
}

void errand_init(struct errand *errand, struct live *live)
{
	*errand = (struct errand){ .live = live, .arena = arena_new() };
}

bool errand_start(struct errand *errand)
{
	atomic_store(&errand->over, false);
	errand->failed = false;
	errand->job = (struct db_job){ .run = errand_run, .done = errand_done, .lane = "" };
	return db_read(errand->live->server->db, &errand->job);
}

void errand_clear(struct errand *errand)
{
	forget_pages(errand);
	arena_clear(errand->arena);
	errand->known_count = errand->wish_count = errand->check_count = errand->head_count = errand->space_count = 0;
	errand->heads = NULL;
	errand->spaces = NULL;
}
