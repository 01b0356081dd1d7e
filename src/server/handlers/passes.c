/* passes.c — passes and carnets: sold at the desk, seen by whoever holds them; network days and days worked beside them. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../body.h"
#include "../feed.h"
#include "../idempotency.h"
#include "../number.h"
#include "../page.h"
#include "../policy.h"
#include "tell.h"

static void add_price(cJSON *object, struct price price)
{
	cJSON_AddNumberToObject(object, "net_cents", price.net_cents);
	cJSON_AddNumberToObject(object, "vat_permille", price.vat_permille);
	cJSON_AddNumberToObject(object, "gross_cents", price.gross_cents);
}

static void add_date(cJSON *object, const char *name, struct local_date date)
{
	char text[DATE_ISO_SIZE];
	date_to_iso(date, text);
	cJSON_AddStringToObject(object, name, text);
}

static cJSON *tell_pass(const struct pass *pass, const struct space *seller, const struct zone *zone)
{
	char text[INSTANT_TEXT_SIZE];
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", pass->id);
	cJSON_AddStringToObject(object, "kind", pass->is_carnet ? "carnet" : "pass");
	cJSON_AddStringToObject(object, "scope", pass->network ? "network" : "space");
	cJSON_AddStringToObject(object, "space_id", pass->space_id);
	cJSON_AddStringToObject(object, "space_name", seller->name);
	add_date(object, "valid_from", pass->from);
	add_date(object, "valid_until", pass->until);
	if (pass->is_carnet) {
		cJSON_AddNumberToObject(object, "half_days", pass->half_days);
		cJSON_AddNumberToObject(object, "half_days_left", pass->half_days_left);
	}
	add_price(object, pass->price);
	cJSON_AddStringToObject(object, "currency", "EUR");
	instant_to_text(zone, pass->sold_at, text);
	cJSON_AddStringToObject(object, "sold_at", text);
	return object;
}

/* ---- selling ------------------------------------------------------------------------------------------------------- */

struct sale {
	struct pass pass;
	const struct space *space;
	const struct zone *zone;
	struct idempotent_answer answer;
};

static bool read_dates(struct request *request, struct pass *pass, struct problem *why)
{
	return wire_date(request->json, "valid_from", &pass->from, why) && wire_date(request->json, "valid_until", &pass->until, why) &&
	       (date_compare(pass->from, pass->until) <= 0 ||
	        problem_set(why, PROBLEM_INVALID, "/valid_until", "It cannot end before it begins."));
}

static bool read_sale(struct request *request, struct sale *sale, struct response *response)
{
	static const char *const known[] = { "id", "member_id", "kind", "scope", "valid_from", "valid_until", "half_days", "net_cents", NULL };
	static const char *const kinds[] = { "pass", "carnet", NULL }, *const scopes[] = { "space", "network", NULL };
	struct problem why = { 0 };
	struct pass *pass = &sale->pass;
	size_t kind, scope;
	if (body_only(request, known, &why) && body_id(request, "id", &pass->id, &why) && body_word(request, "kind", kinds, true, &kind, &why) &&
	    body_word(request, "scope", scopes, false, &scope, &why) && body_id(request, "member_id", &pass->member_id, &why) &&
	    read_dates(request, pass, &why) && body_int(request, "half_days", 1, CARNET_HALF_DAYS_MAX, 0, &pass->half_days, &why) &&
	    body_int(request, "net_cents", 0, CENTS_MAX, -1, &pass->price.net_cents, &why) &&
	    (kind == 1 || !pass->half_days || problem_set(&why, PROBLEM_INVALID, "/half_days", "Only a carnet has half-days."))) {
		pass->is_carnet = kind == 1;
		pass->network = scope == 1;
		if (pass->is_carnet && !pass->half_days)
			pass->half_days = CARNET_HALF_DAYS;
		pass->half_days_left = pass->half_days;
		return true;
	}
	refuse_body(request, response, &why);
	return false;
}

static bool find_seller(struct request *request, struct db_tx *tx, struct sale *sale, struct response *response)
{
	sale->space = db_find_space(tx, request->space, request->arena);
	sale->zone = sale->space ? policy_zone(request->server, sale->space) : NULL;
	if (!sale->space)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	else if (!rights_allow(&request->caller, ACTION_SELL_PASS, sale->space->id, false))
		refuse(request, response, REFUSE_NOT_ALLOWED, "You may not sell in this space's name.");
	else if (!sale->zone)
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
	return sale->space && sale->zone && !response->status;
}

static void take_fingerprint(struct request *request, struct sale *sale)
{
	const struct pass *pass = &sale->pass;
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(pass->from, from);
	date_to_iso(pass->until, until);
	const char *body = arena_print(request->arena, "%d %d %d %d", pass->is_carnet, pass->network, pass->half_days, pass->price.net_cents);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/passes", pass->space_id, pass->member_id, pass->id, from, until,
	                                               body, NULL },
	                        sale->answer.fingerprint);
}

static void carry_out(struct request *request, struct db_tx *tx, struct sale *sale, struct response *response)
{
	struct db_actor actor = { request->member->id, request->id };
	switch (db_sell_pass(tx, &sale->pass, actor)) {
	case DB_PUT_SAME:
		refuse(request, response, REFUSE_ID_TAKEN, "This id belongs to another pass: make a new one.");
		return;
	case DB_PUT_REFUSED:
	case DB_PUT_FAILED:
		return;
	case DB_PUT_DONE:
		break;
	}
	respond_json(response, 201, tell_pass(&sale->pass, sale->space, sale->zone), CACHE_NEVER);
	sale->answer.status = response->status;
	sale->answer.body = response->body;
	sale->answer.location = sale->answer.etag = "";
	db_keep_answer(tx, sale->space->id, request->member->id, &sale->answer, request->now);
}

void pass_sell(struct request *request, struct db_tx *tx, struct response *response)
{
	struct sale sale = { 0 };
	if (!idempotency_read_key(request, true, &sale.answer.key, response) || !find_seller(request, tx, &sale, response) ||
	    !read_sale(request, &sale, response))
		return;
	if (!db_find_member(tx, sale.pass.member_id, request->arena)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such member.");
		return;
	}
	sale.pass.space_id = sale.space->id;
	sale.pass.price = price_of(sale.pass.price.net_cents, sale.space->vat_permille > 0 ? sale.space->vat_permille : 0);
	sale.pass.sold_at = request->now;
	take_fingerprint(request, &sale);
	if (!idempotency_replay(request, tx, sale.space->id, &sale.answer, response))
		carry_out(request, tx, &sale, response);
}

/* ---- one's own ------------------------------------------------------------------------------------------------------ */

void member_passes(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	if (!page_read(request, "/v1/members/me/passes", "", &page, response))
		return;
	size_t count = 0;
	const struct pass *passes =
		db_list_passes(tx, request->member->id, page.after.at, page.after.id, page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++) {
		const struct space *seller = db_find_space(tx, passes[i].space_id, request->arena);
		const struct zone *zone = seller ? policy_zone(request->server, seller) : NULL;
		if (zone)
			cJSON_AddItemToArray(items, tell_pass(&passes[i], seller, zone));
	}
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = (struct cursor){ passes[page.limit - 1].sold_at, passes[page.limit - 1].id };
	page_respond(request, &page, items, last, CACHE_NEVER, response);
}

#define YEAR_FIRST 2000
#define YEAR_LAST 2100

/* "year", or the one that runs where the member is at home. False: refused. */
static bool read_year(struct request *request, struct db_tx *tx, int *year, struct response *response)
{
	const char *given = request_parameter(request, "year");
	int64_t number = 0;
	*year = given ? 0 : members_today(request, tx).year;
	if (given && number_read(given, YEAR_LAST, &number) && number >= YEAR_FIRST)
		*year = (int)number;
	if (*year)
		return true;
	refuse_parameter(request, response, "year", "A year is written YYYY, between 2000 and 2100.");
	return false;
}

void member_network_days(struct request *request, struct db_tx *tx, struct response *response)
{
	int year;
	if (!read_year(request, tx, &year, response))
		return;
	size_t count = 0;
	const struct network_days *days = db_list_network_days(tx, request->member, year, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		bool has_home = *request->member->home_space_id != '\0';
		int left = has_home && days[i].half_days > days[i].used ? days[i].half_days - days[i].used : 0;
		cJSON_AddStringToObject(item, "space_id", days[i].space_id);
		cJSON_AddStringToObject(item, "space_name", days[i].space_name);
		cJSON_AddNumberToObject(item, "half_days_used", days[i].used);
		cJSON_AddNumberToObject(item, "half_days_left", left);
		cJSON_AddItemToArray(items, item);
	}
	cJSON *object = collection(items, NULL);
	cJSON_AddNumberToObject(object, "year", year);
	respond_json(response, 200, object, CACHE_NEVER);
}

/* What cross-border workers are told to keep an eye on: where we read it, and since when it is so where that is said there; never a
 * verdict. */
static const struct {
	const char *about;
	const char *source;
	const char *as_of;      /* NULL: not known */
} sources[] = {
	{ "Social security, telework between Belgium and France: 25 % of working time in the country of residence, up to 49.9 % on request.",
	  "https://www.frontaliers-grandest.eu/", "2023-07-01" },
	{ "Tax, frontier workers of France and Belgium: 30 days a year outside the frontier zone are tolerated.",
	  "https://www.frontaliers-grandest.eu/", NULL },
};

/* From arrivals, not from bookings. A day with arrivals in both countries counts in both. */
void member_days(struct request *request, struct db_tx *tx, struct response *response)
{
	int year;
	if (!read_year(request, tx, &year, response))
		return;
	size_t count = 0;
	const struct worked *worked = db_list_worked(tx, request->member->id, year, request->arena, &count);
	cJSON *items = cJSON_CreateArray(), *told = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "country", country_code(worked[i].country));
		cJSON_AddNumberToObject(item, "days", worked[i].days);
		cJSON_AddNumberToObject(item, "check_ins", worked[i].check_ins);
		cJSON_AddItemToArray(items, item);
	}
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		cJSON *source = cJSON_CreateObject();
		cJSON_AddStringToObject(source, "about", sources[i].about);
		cJSON_AddStringToObject(source, "source", sources[i].source);
		if (sources[i].as_of)
			cJSON_AddStringToObject(source, "as_of", sources[i].as_of);
		cJSON_AddItemToArray(told, source);
	}
	cJSON *object = collection(items, NULL);
	cJSON_AddNumberToObject(object, "year", year);
	cJSON_AddStringToObject(object, "notice", "Information, not a verdict: these are days on which you checked in.");
	cJSON_AddItemToObject(object, "sources", told);
	respond_json(response, 200, object, CACHE_NEVER);
}
