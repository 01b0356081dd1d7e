/* directory.c — searches in the directory of members and organisations: asked of each site page by page, merged by name. See
 * session.h.
 *
 * One question per site is under way at a time, whatever is typed: on a slow line each question given up would cost a connection. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static bool is_enough(enum directory directory, const char *query)
{
	return directory == DIRECTORY_ORGANISATIONS || card_query_is_enough(query);
}

static bool is_of(const struct found *found, const char *query)
{
	return found->query && strcmp(found->query, query) == 0;
}

/* ---- merging ---- */

static bool row_fits(const struct directory_row *row, const char *query)
{
	return row->card ? card_fits(row->card, query) : organisation_fits(row->organisation, query);
}

struct sorted_row { const char *name; struct directory_row row; };

static int compare_rows(const void *left, const void *right)
{
	const struct sorted_row *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	return order ? order : a->row.site < b->row.site ? -1 : a->row.site > b->row.site;
}

/* One site's rows come by name already; several are sorted together. */
static void merge_sites(struct arena *arena, struct directory_row *rows, size_t count)
{
	struct sorted_row *sorted = arena_get(arena, count * sizeof *sorted);
	for (size_t at = 0; at < count; at++) {
		const char *name = rows[at].card ? rows[at].card->name : rows[at].organisation->name;
		sorted[at] = (struct sorted_row){ text_fold(arena, name), rows[at] };
	}
	qsort(sorted, count, sizeof *sorted, compare_rows);
	for (size_t at = 0; at < count; at++)
		rows[at] = sorted[at].row;
}

static size_t copy_rows(const struct found *found, const char *query, struct directory_row *to)
{
	const struct directory_row *rows = found->rows.first;
	bool all = is_of(found, query);
	size_t count = 0;
	for (size_t at = 0; at < found->rows.count; at++) {
		if (all || row_fits(&rows[at], query))
			to[count++] = rows[at];
	}
	return count;
}

static void merge_state(const struct session *session, struct search *search)
{
	struct list_state state = { .as_of = 0 };
	search->list.more = false;
	for (size_t site = 0; site < session->site_count; site++) {
		const struct found *found = &search->found[site];
		state.asking = state.asking || found->job;
		search->list.more = search->list.more || (found->next_page && is_of(found, search->query));
		if (!is_of(found, search->query))
			continue;
		if (found->as_of && (!state.as_of || found->as_of < state.as_of))
			state.as_of = found->as_of;
		if (state.outcome.kind == OUTCOME_NONE || state.outcome.kind == OUTCOME_DONE)
			state.outcome = found->outcome;
	}
	search->list.more = search->list.more && search->list.count < DIRECTORY_ROWS_MAX;
	search->list.state = state;
}

static void merge(struct session *session, enum directory directory)
{
	struct search *search = &session->searches[directory];
	session_bury(session, &search->arena);
	search->arena = arena_new();
	size_t room = 0, count = 0;
	for (size_t site = 0; site < session->site_count; site++)
		room += search->found[site].rows.count;
	struct directory_row *rows = arena_get(search->arena, room * sizeof *rows);
	search->list.too_short = !is_enough(directory, search->query);
	for (size_t site = 0; site < session->site_count && !search->list.too_short; site++)
		count += copy_rows(&search->found[site], search->query, rows + count);
	if (session->site_count > 1)
		merge_sites(search->arena, rows, count);
	search->list.query = search->query;
	search->list.rows = rows;
	search->list.count = count;
	merge_state(session, search);
	session->changed |= SESSION_DIRECTORY;
}

/* ---- asking ---- */

static void bury_pages(struct session *session, struct found *found)
{
	for (size_t at = 0; at < found->page_count; at++)
		session_bury(session, &found->pages[at]);
	free(found->pages);
	free(found->query);
	found->pages = NULL;
	found->page_count = 0;
	found->query = NULL;
	found->next_page = NULL;
	found->rows = (struct arena_rows){ 0 };
}

/* Rows so far move into the new page's arena: the last arena always holds them all. */
static void add_page(struct found *found, struct job *job)
{
	const struct operation *operation = &job->operation;
	struct arena_rows rows = { .bytes = sizeof(struct directory_row) };
	const struct directory_row *before = found->rows.first;
	for (size_t at = 0; at < found->rows.count; at++, rows.count++)
		*(struct directory_row *)arena_next_row(operation->arena, &rows) = before[at];
	for (size_t at = 0; at < operation->card_count; at++, rows.count++)
		*(struct directory_row *)arena_next_row(operation->arena, &rows) =
			(struct directory_row){ .site = job->site, .card = &operation->cards[at] };
	for (size_t at = 0; at < operation->organisation_count; at++, rows.count++)
		*(struct directory_row *)arena_next_row(operation->arena, &rows) =
			(struct directory_row){ .site = job->site, .organisation = &operation->organisations[at] };
	found->rows = rows;
	found->next_page = operation->next_page;
	found->pages = memory_grow(found->pages, found->page_count + 1, sizeof *found->pages);
	found->pages[found->page_count++] = job_take_arena(job);
}

static void ask(struct session *session, enum directory directory, size_t site, const char *page);

static void heard(struct session *session, struct job *job)
{
	enum directory directory = (enum directory)(uintptr_t)job->about;
	struct search *search = &session->searches[directory];
	struct found *found = &search->found[job->site];
	const struct operation *operation = &job->operation;
	found->job = NULL;
	if (strcmp(operation->query, search->query) != 0) {   /* something else was typed meanwhile */
		ask(session, directory, job->site, NULL);
		merge(session, directory);
		return;
	}
	bool done = operation->outcome.kind == OUTCOME_DONE;
	session_keep_outcome(session, &operation->outcome, &found->outcome, &found->outcome_arena);
	if ((done && !operation->page) || !is_of(found, search->query)) {
		bury_pages(session, found);
		found->query = memory_copy_text(search->query);
	}
	if (done) {
		found->as_of = session_now(session);
		add_page(found, job);
	}
	/* The token is not good any more, but what everybody may see can still be had. */
	if (operation->outcome.kind == OUTCOME_LOGIN_NEEDED && job->token)
		ask(session, directory, job->site, NULL);
	merge(session, directory);
}

static void ask(struct session *session, enum directory directory, size_t site, const char *page)
{
	static const enum operation_kind operations[DIRECTORIES] = {
		[DIRECTORY_MEMBERS] = OPERATION_CARDS, [DIRECTORY_ORGANISATIONS] = OPERATION_ORGANISATIONS,
	};
	struct search *search = &session->searches[directory];
	struct found *found = &search->found[site];
	bool can = session->sites[site].config->backend->capabilities & CAN_SEARCH;
	if (found->job || !session->network || !can || !is_enough(directory, search->query))
		return;
	found->job = job_new(session, site, operations[directory], heard, (void *)(uintptr_t)directory);
	struct operation *operation = &found->job->operation;
	operation->query = arena_copy_text(operation->arena, search->query);
	operation->page = arena_copy_text(operation->arena, page);
	operation->rows_at_least = found->rows.count;
	job_start(found->job);
}

static void ask_all(struct session *session, enum directory directory)
{
	for (size_t site = 0; site < session->site_count; site++)
		ask(session, directory, site, NULL);
	merge(session, directory);
}

const struct directory_list *session_directory(struct session *session, enum directory directory, const char *query)
{
	struct search *search = &session->searches[directory];
	if (search->query && strcmp(search->query, query) == 0)
		return &search->list;
	char *copy = memory_copy_text(query);
	free(search->query);
	search->query = copy;
	ask_all(session, directory);
	return &search->list;
}

void session_directory_more(struct session *session, enum directory directory)
{
	struct search *search = &session->searches[directory];
	if (!search->query || !search->list.more)
		return;
	for (size_t site = 0; site < session->site_count; site++) {
		struct found *found = &search->found[site];
		if (found->next_page && is_of(found, search->query))
			ask(session, directory, site, found->next_page);
	}
	merge_state(session, search);
}

void session_refresh_directory(struct session *session, enum directory directory)
{
	if (session->searches[directory].query)
		ask_all(session, directory);
}

static bool has_failed(const struct found *found)
{
	enum outcome_kind kind = found->outcome.kind;
	return kind == OUTCOME_UNREACHABLE || kind == OUTCOME_UNKNOWN || kind == OUTCOME_THROTTLED;
}

void directories_ask_again(struct session *session, size_t site)
{
	for (enum directory at = 0; at < DIRECTORIES; at++) {
		struct search *search = &session->searches[at];
		if (!search->query || !has_failed(&search->found[site]))
			continue;
		ask(session, at, site, NULL);
		merge_state(session, search);
		session->changed |= SESSION_DIRECTORY;
	}
}

/* All that is on the screen in one page, so that nothing of it goes from under the reader's eyes. */
void directories_read_told(struct session *session, size_t site)
{
	for (enum directory at = 0; at < DIRECTORIES; at++) {
		struct search *search = &session->searches[at];
		struct found *found = &search->found[site];
		if (!search->query || !found->query)
			continue;
		job_cancel(found->job);   /* asked before it changed, perhaps */
		found->job = NULL;
		ask(session, at, site, NULL);
		merge_state(session, search);
	}
}

/* ---- beginning and end ---- */

void directories_open(struct session *session)
{
	for (size_t at = 0; at < DIRECTORIES; at++)
		session->searches[at].found = memory_get_array(session->site_count, sizeof *session->searches[at].found);
}

void directories_forget_site(struct session *session, size_t site)
{
	for (enum directory at = 0; at < DIRECTORIES; at++) {
		struct search *search = &session->searches[at];
		struct found *found = &search->found[site];
		job_cancel(found->job);
		found->job = NULL;
		found->as_of = 0;
		found->outcome.kind = OUTCOME_NONE;
		bury_pages(session, found);
		if (!search->query)
			continue;
		ask(session, at, site, NULL);
		merge(session, at);
	}
}

void directories_forget_questions(struct session *session)
{
	for (enum directory at = 0; at < DIRECTORIES; at++) {
		struct search *search = &session->searches[at];
		free(search->query);
		search->query = NULL;
		search->list = (struct directory_list){ .count = 0 };
	}
	for (size_t site = 0; site < session->site_count; site++)
		directories_forget_site(session, site);
}

void directories_clear(struct session *session)
{
	for (enum directory at = 0; at < DIRECTORIES; at++) {
		struct search *search = &session->searches[at];
		for (size_t site = 0; site < session->site_count; site++) {
			bury_pages(session, &search->found[site]);   /* jobs went first */
			arena_free(search->found[site].outcome_arena);
		}
		free(search->found);
		free(search->query);
		arena_free(search->arena);
	}
}
