/* request.c — see request.h. */
#include "request.h"

#include <string.h>
#include <strings.h>

#include "number.h"
#include "percent.h"

const char *request_field(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->field_count; i++)
		if (strcasecmp(request->fields[i].name, name) == 0)
			return request->fields[i].value;
	return NULL;
}

size_t request_field_count(const struct request *request, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < request->field_count; i++)
		count += strcasecmp(request->fields[i].name, name) == 0;
	return count;
}

const char *request_parameter(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->parameter_count; i++)
		if (strcmp(request->parameters[i].name, name) == 0)
			return request->parameters[i].value;
	return NULL;
}

/* The guard has seen that every percent sign has two digits and that none makes a control byte. */
static const char *decode(struct arena *arena, const char *from, size_t length, bool plus_is_space)
{
	char *out = arena_get(arena, length + 1);
	size_t used = 0;
	return percent_decode(from, length, plus_is_space, out, &used) ? out : "";
}

static bool split_query(struct request *request, const char *query)
{
	while (*query) {
		size_t length = strcspn(query, "&");
		if (length > 0) {
			if (request->parameter_count == PARAMETERS_MAX)
				return false;
			size_t name = 0;
			while (name < length && query[name] != '=')
				name++;
			size_t value = name < length ? name + 1 : length;
			request->parameters[request->parameter_count++] = (struct parameter){
				decode(request->arena, query, name, true),
				decode(request->arena, query + value, length - value, true),
			};
		}
		query += length + (query[length] == '&');
	}
	return true;
}

bool request_split(struct request *request, const char *segments[SEGMENTS_MAX], size_t *count)
{
	const char *at = request->target;
	size_t path = strcspn(at, "?");
	*count = 0;
	for (size_t from = 1; from <= path;) {
		size_t length = strcspn(at + from, "/?");
		/* One too many is as good as any other path we do not know. */
		if (*count < SEGMENTS_MAX)
			segments[(*count)++] = decode(request->arena, at + from, length, false);
		from += length + 1;
	}
	return at[path] != '?' || split_query(request, at + path + 1);
}

bool request_date(struct request *request, const char *name, struct local_date fallback, struct local_date *date,
                  struct response *response)
{
	const char *given = request_parameter(request, name);
	*date = fallback;
	if (!given || date_from_iso(given, date, NULL))
		return true;
	refuse_parameter(request, response, name, "A date is written YYYY-MM-DD, between 2000 and 2100.");
	return false;
}

bool request_limit(struct request *request, int *limit, struct response *response)
{
	const char *given = request_parameter(request, "limit");
	*limit = LIMIT_DEFAULT;
	if (!given)
		return true;
	int64_t number = 0;
	if (number_read(given, LIMIT_MAX, &number) && number >= 1) {
		*limit = (int)number;
		return true;
	}
	refuse_parameter(request, response, "limit", "The limit is a number from 1 to 200.");
	return false;
}

bool request_words(struct request *request, const char **words, struct response *response)
{
	const char *given = request_parameter(request, "q");
	size_t length = given ? strlen(given) : 0;
	*words = text_clean(request->arena, given, length, TEXT_ONE_LINE, WORDS_MAX);
	if (length <= WORDS_MAX)
		return true;
	refuse_parameter(request, response, "q", "These are at most 200 bytes of words.");
	return false;
}

bool etag_fits(const char *list, const char *etag, bool weak)
{
	const char *wanted = weak && strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
	while (*list) {
		list += strspn(list, " \t,");
		if (*list == '*')
			return true;
		bool is_weak = strncmp(list, "W/\"", 3) == 0;
		const char *tag = is_weak ? list + 2 : list;
		if (*tag != '"')
			return false;
		const char *end = strchr(tag + 1, '"');
		if (!end)
			return false;
		size_t length = (size_t)(end - tag) + 1;
		if ((weak || !is_weak) && strlen(wanted) == length && memcmp(tag, wanted, length) == 0)
			return true;
		list = end + 1;
	}
	return false;
}

bool request_is_current(struct request *request, const char *etag, struct response *response)
{
	const char *versions = request_field(request, "If-Match");
	if (!versions)
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say what you mean to change: the ETag of what you read, in If-Match.");
	else if (!etag_fits(versions, etag, false))
		refuse(request, response, REFUSE_STALE_VERSION, "It is not as you read it any more: read it again.");
	else
		return true;
	return false;
}

bool request_has_copy(struct request *request, const char *etag, const char *cache, struct response *response)
{
	const char *copies = request_field(request, "If-None-Match");
	if (!copies || !etag_fits(copies, etag, true))
		return false;
	respond_empty(response, 304);
	response->etag = etag;
	response->cache = cache;
	return true;
}
