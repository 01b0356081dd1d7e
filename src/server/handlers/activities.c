/* activities.c — what happens in the network, and in one of its spaces. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "tell.h"

/* "from" and "to": a stretch of at most ACTIVITY_WINDOW_DAYS, so long when "to" is not given. False: answered. */
static bool read_stretch(struct request *request, struct db_tx *tx, struct activity_filter *filter, struct response *response)
{
	if (!request_date(request, "from", members_today(request, tx), &filter->from, response) ||
	    !request_date(request, "to", date_plus(filter->from, ACTIVITY_WINDOW_DAYS - 1), &filter->until, response))
		return false;
	int days = date_to_days(filter->until) - date_to_days(filter->from) + 1;
	if (days >= 1 && days <= ACTIVITY_WINDOW_DAYS)
		return true;
	refuse_parameter(request, response, "to", "The last day is not before the first, and at most 91 days after it.");
	return false;
}

static bool read_space(struct request *request, struct db_tx *tx, struct activity_filter *filter, struct response *response)
{
	const char *given = request_parameter(request, "space");
	const struct space *space = given ? db_find_space(tx, given, request->arena) : NULL;
	filter->space_id = space ? space->id : "";
	if (!given || space)
		return true;
	refuse_parameter(request, response, "space", "There is no such space.");
	return false;
}

static bool read_kind(struct request *request, struct activity_filter *filter, struct response *response)
{
	const char *language = request_parameter(request, "language"), *format = request_parameter(request, "format");
	filter->languages = language ? language_from_wire(language) : 0;
	filter->by_format = format != NULL;
	if (language && !filter->languages) {
		refuse_parameter(request, response, "language", "A language is fr, nl, de or en.");
		return false;
	}
	if (!format || activity_format_from_wire(format, &filter->format))
		return true;
	refuse_parameter(request, response, "format", "A format is visit, fablab_visit, co_walking, lunch_talk, workshop, webinar, "
	                                              "meetup, ceremony or other.");
	return false;
}

static const char *query_of(struct arena *arena, const struct activity_filter *filter)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(filter->from, from);
	date_to_iso(filter->until, until);
	const char *query = arena_print(arena, "from=%s&to=%s&", from, until);
	if (*filter->space_id)
		query = arena_print(arena, "%sspace=%s&", query, filter->space_id);
	if (filter->languages)
		query = arena_print(arena, "%slanguage=%s&", query, language_wire_name((enum language)filter->languages));
	if (filter->by_format)
		query = arena_print(arena, "%sformat=%s&", query, activity_format_wire_name(filter->format));
	if (*filter->words)
		query = arena_print(arena, "%sq=%s&", query, http_encode(arena, filter->words));
	return query;
}

void activity_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct activity_filter filter = { .words = "" };
	struct page page;
	if (!settle_first(request, tx, activity_list) || !read_stretch(request, tx, &filter, response) || !read_space(request, tx, &filter, response) ||
	    !read_kind(request, &filter, response) || !request_words(request, &filter.words, response) ||
	    !page_read(request, "/v1/activities", query_of(request->arena, &filter), &page, response))
		return;
	const char *etag = page_etag(request, &page, agenda_state(request, tx));
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	size_t count = 0;
	const struct activity *activities =
		db_list_activities(tx, &filter, request->member ? request->member->id : NULL, page.after.at, page.after.id,
		                   page.limit + 1, request->arena, &count);
	tell_activities(request, &page, activities, count, cache_for(request), response);
	response->etag = etag;
}

void activity_one(struct request *request, struct db_tx *tx, struct response *response)
{
	if (!settle_first(request, tx, activity_one))
		return;
	const char *member_id = request->member ? request->member->id : NULL;
	const struct space *space = db_find_space(tx, request->space, request->arena);
	const struct activity *activity =
		space ? db_find_activity(tx, space->id, request->object, member_id, request->arena) : NULL;
	if (!activity) {
		refuse(request, response, REFUSE_NOT_FOUND, space ? "There is no such activity." : "There is no such space.");
		return;
	}
	const char *etag = etag_weak(request, "activity %s %" PRId64 " of %s %" PRId64 " for %s %d", activity->id, activity->version,
	                             space->id, space->version, member_id ? member_id : "", tells_link(request, activity));
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	cJSON *object = tell_activity(request, activity, true);
	if (!object) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, object, cache_for(request));
	response->etag = etag;
}
