/* ledger.c — the books of a space: every line of a time, page by page, with the sums of the whole time per rate of VAT. */
#include "handlers.h"

#include "../page.h"
#include "../policy.h"

#define DAYS_MAX 366      /* from the first to the last: each page has the sums of all of them */

static void add_amounts(cJSON *object, int vat_permille, int64_t net, int64_t gross)
{
	cJSON_AddNumberToObject(object, "vat_permille", vat_permille);
	cJSON_AddNumberToObject(object, "net_cents", (double)net);
	cJSON_AddNumberToObject(object, "vat_cents", (double)(gross - net));
	cJSON_AddNumberToObject(object, "gross_cents", (double)gross);
}

static cJSON *tell_line(const struct ledger_line *line, const struct zone *zone)
{
	static const char *const kinds[] = { "sale", "booking", "given_back" };
	char at[INSTANT_TEXT_SIZE], date[DATE_ISO_SIZE];
	cJSON *object = cJSON_CreateObject();
	instant_to_text(zone, line->at, at);
	date_to_iso(line->date, date);
	cJSON_AddStringToObject(object, "id", line->id);
	cJSON_AddStringToObject(object, "at", at);
	cJSON_AddStringToObject(object, "kind", kinds[line->kind]);
	cJSON_AddStringToObject(object, "by", pay_by_wire_name(line->by));
	cJSON_AddStringToObject(object, "member_id", line->member_id);
	if (*line->booking_id)
		cJSON_AddStringToObject(object, "booking_id", line->booking_id);
	if (*line->pass_id)
		cJSON_AddStringToObject(object, "pass_id", line->pass_id);
	cJSON_AddStringToObject(object, "date", date);
	cJSON_AddNumberToObject(object, "half_days", line->half_days);
	add_amounts(object, line->price.vat_permille, line->price.net_cents, line->price.gross_cents);
	return object;
}

struct books {
	const struct space *space;
	const struct zone *zone;
	struct local_date from, to;      /* inclusive */
	int64_t begin, end;
	struct page page;
};

/* This month so far, unless said otherwise. */
static bool read_time(struct request *request, struct books *books, struct response *response)
{
	struct local_date today = policy_today(request->server, books->space, request->now);
	struct local_date first = { today.year, today.month, 1 };
	if (!request_date(request, "from", first, &books->from, response) || !request_date(request, "to", today, &books->to, response))
		return false;
	if (date_compare(books->from, books->to) > 0) {
		refuse_parameter(request, response, "to", "This day lies before \"from\".");
		return false;
	}
	if (date_to_days(books->to) - date_to_days(books->from) >= DAYS_MAX) {
		refuse_parameter(request, response, "to", "A year at most is told at once: 366 days.");
		return false;
	}
	zone_instant(books->zone, books->from, 0, &books->begin);
	zone_instant(books->zone, date_plus(books->to, 1), 0, &books->end);
	char from[DATE_ISO_SIZE], to[DATE_ISO_SIZE];
	date_to_iso(books->from, from);
	date_to_iso(books->to, to);
	return page_read(request, arena_print(request->arena, "/v1/spaces/%s/ledger", books->space->id),
	                 arena_print(request->arena, "from=%s&to=%s&", from, to), &books->page, response);
}

static bool open_books(struct request *request, struct db_tx *tx, struct books *books, struct response *response)
{
	books->space = db_find_space(tx, request->space, request->arena);
	books->zone = books->space ? policy_zone(request->server, books->space) : NULL;
	if (!books->space)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	else if (!rights_allow(&request->caller, ACTION_SEE_LEDGER, books->space->id, false))
		refuse(request, response, REFUSE_NOT_ALLOWED, "These are not your books.");
	else if (!books->zone)
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
	else
		return read_time(request, books, response);
	return false;
}

void ledger_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct books books;
	if (!open_books(request, tx, &books, response))
		return;
	struct page *page = &books.page;
	size_t count = 0, sum_count = 0;
	const struct ledger_line *lines = db_list_ledger(tx, books.space->id, books.begin, books.end, page->after.at, page->after.id,
	                                                 page->limit + 1, request->arena, &count);
	const struct ledger_sum *sums = db_sum_ledger(tx, books.space->id, books.begin, books.end, request->arena, &sum_count);
	cJSON *items = cJSON_CreateArray(), *told = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(page, count); i++)
		cJSON_AddItemToArray(items, tell_line(&lines[i], books.zone));
	for (size_t i = 0; i < sum_count; i++) {
		cJSON *sum = cJSON_CreateObject();
		add_amounts(sum, sums[i].vat_permille, sums[i].net_cents, sums[i].gross_cents);
		cJSON_AddNumberToObject(sum, "lines", (double)sums[i].lines);
		cJSON_AddItemToArray(told, sum);
	}
	struct cursor last = { 0, NULL };
	if (count > (size_t)page->limit)
		last = (struct cursor){ lines[page->limit - 1].at, lines[page->limit - 1].id };
	page_respond_with(request, page, items, last, "sums", told, CACHE_NEVER, response);
}
