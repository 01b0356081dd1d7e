/* about.c — what this server says of itself to whoever finds it: the description of its interface, where things are, what a problem's
 * type means, whom to tell of a hole. */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

#include "../html.h"
#include "../public_url.h"
#include "tell.h"

extern const char api_description_yaml[];   /* doc/api/openapi.yaml: embed.py */

void api_description(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	respond_bytes(response, 200, api_description_yaml, CACHE_SHARED);
	response->content_type = "application/yaml";      /* RFC 9512 */
	respond_tagged(request, response);
}

/* ---- the catalogue: RFC 9727, a link set (RFC 9264) ------------------------------------------------------------------------ */

static void add_link(const struct request *request, cJSON *anchor, const char *relation, const char *path, const char *type)
{
	cJSON *link = cJSON_CreateObject();
	cJSON_AddStringToObject(link, "href", arena_print(request->arena, "%s%s", public_url(request), path));
	cJSON_AddStringToObject(link, "type", type);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(anchor, relation), link);
}

static cJSON *anchor_at(const struct request *request, const char *path)
{
	cJSON *anchor = cJSON_CreateObject();
	cJSON_AddStringToObject(anchor, "anchor", arena_print(request->arena, "%s%s", public_url(request), path));
	return anchor;
}

void api_catalog(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	cJSON *catalog = cJSON_CreateObject(), *set = cJSON_AddArrayToObject(catalog, "linkset");
	cJSON *items = anchor_at(request, "/.well-known/api-catalog"), *api = anchor_at(request, "/v1/meta");
	add_link(request, items, "item", "/v1/meta", "application/json");
	add_link(request, api, "service-desc", "/v1/openapi.yaml", "application/yaml");
	add_link(request, api, "service-meta", "/v1/meta", "application/json");
	add_link(request, api, "status", "/readyz", "application/json");
	cJSON_AddItemToArray(set, items);
	cJSON_AddItemToArray(set, api);
	respond_json(response, 200, catalog, CACHE_SHARED);
	response->content_type = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
	response->link = arena_print(request->arena, "<%s/.well-known/api-catalog>; rel=\"api-catalog\"", public_url(request));
}

/* ---- problems: RFC 9457, 3.1.1 ------------------------------------------------------------------------------------------------ */

#define PAGE_MAX 4096u
#define RULE_MEANING                                                                                                               \
	"A rule of the house or of the space stands in the way: 422, or 409 where somebody was first. The request was understood, and " \
	"nothing was changed; detail says more."

/* A word of ours, or none: what is in the path is never shown. */
static bool explain(const char *name, int *status, const char **title, const char **meaning)
{
	*status = 0;
	if (refusal_explain(name, status, title, meaning))
		return true;
	enum rule rule = rule_from_wire(name);
	*title = rule_words(rule);
	*meaning = RULE_MEANING;
	return rule != RULE_NONE && rule != RULE_OTHER;
}

void problem_page(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	int status;
	const char *title, *meaning;
	if (!explain(request->named, &status, &title, &meaning)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such type of problem.");
		return;
	}
	char number[32] = "";
	if (status)
		snprintf(number, sizeof number, "HTTP %d. ", status);
	struct buffer page;
	buffer_init(&page, PAGE_MAX);
	html_tags(&page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	                 "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	html_text(&page, title);
	html_tags(&page, "</title></head><body><main><h1>");
	html_text(&page, title);
	html_tags(&page, "</h1><p>");
	html_text(&page, number);
	html_text(&page, meaning);
	html_tags(&page, "</p></main></body></html>\n");
	respond_page(response, 200, page.bytes);
	buffer_clear(&page);
	response->language = "en";
	response->policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
}

/* ---- whom to tell: RFC 9116 --------------------------------------------------------------------------------------------------- */

#define CONTACT_GOOD_DAYS 180   /* 2.5.5: less than a year ahead */

void security_contact(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	if (!request->server->security_contact) {
		refuse(request, response, REFUSE_NOT_FOUND, "Whoever runs this server has named nobody: hacktivd serve --security-contact.");
		return;
	}
	char until[DATE_ISO_SIZE];
	date_to_iso(date_from_days((int32_t)(request->now / 86400) + CONTACT_GOOD_DAYS), until);
	respond_text(response, 200, arena_print(request->arena, "Contact: %s\nExpires: %sT00:00:00Z\nPreferred-Languages: fr, nl, de, en\n"
	                                        "Canonical: %s/.well-known/security.txt\n",
	                                        request->server->security_contact, until, public_url(request)));
}
