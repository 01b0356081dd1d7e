/* page.h — lists told page by page: what is asked for, where it goes on, and the address of the next page. */
#ifndef HACKTIV_SERVER_PAGE_H
#define HACKTIV_SERVER_PAGE_H

#include "cursor.h"
#include "request.h"

struct page {
	const char *address;      /* path and query of the list itself, "/v1/members?q=zo&": ready for limit and cursor */
	const char *list;         /* that, and whose it is: a cursor of one list fits no other */
	int limit;
	struct cursor after;      /* id NULL: from the beginning */
};

/* "limit" and "cursor". `query` holds what narrows the list, each value encoded and ended by "&", also what was not given but
 * follows from today. False: refused. */
bool page_read(struct request *request, const char *path, const char *query, struct page *page, struct response *response);

/* A weak entity tag for this page in that state of things. */
const char *page_etag(struct request *request, const struct page *page, const char *state);

/* How many of `found` are told, when one more than the limit was looked for. */
size_t page_count(const struct page *page, size_t found);

/* {"items":…} with Link and the address of the next page. `last`: the last item told; id NULL: nothing comes after it. */
void page_respond(struct request *request, const struct page *page, cJSON *items, struct cursor last, const char *cache,
                  struct response *response);

/* The same with one more member beside "items"; takes `value`. */
void page_respond_with(struct request *request, const struct page *page, cJSON *items, struct cursor last, const char *name,
                       cJSON *value, const char *cache, struct response *response);

#endif
