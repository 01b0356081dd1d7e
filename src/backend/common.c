/* common.c — what means the same at every booking system: the line, and HTTP's own statuses (RFC 9110, RFC 6585). */
#include "hacktiv/backend.h"

#include <string.h>

static bool end_with(struct operation *operation, enum outcome_kind kind, const char *sentence)
{
	operation->outcome = (struct outcome){
		.kind = kind,
		.quotation = sentence ? arena_copy_text(operation->arena, sentence) : "",
		.told_by = "",
	};
	return true;
}

static bool transport_outcome(struct operation *operation, const struct http_response *response, bool wrote)
{
	switch (response->transport) {
	case TRANSPORT_ANSWERED:
		return false;
	case TRANSPORT_NOT_SENT:
		return end_with(operation, OUTCOME_UNREACHABLE, response->problem.text);
	case TRANSPORT_LOST:
	case TRANSPORT_TOO_LARGE:
	case TRANSPORT_CANCELLED:
		return end_with(operation, wrote ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, response->problem.text);
	}
	return false;
}

/* What the network of a train or a hotel puts between us and the site: a page in its stead, 511 (RFC 6585), or a way to it. */
static const char *between_us(const struct http_response *response)
{
	bool is_page = strcmp(response->content_type, "text/html") == 0 && response->status >= 200 && response->status < 300;
	if (is_page || response->status == 511)
		return _("A page for browsers came instead of an answer: does this network ask you to log in first? If not, is the address right?");
	if (response->status >= 300 && response->status < 400)
		return _("We are sent elsewhere, and do not go: does this network ask you to log in first? If not, is the address right?");
	return NULL;
}

/* An answer that is no answer of the API. */
static bool strange_answer(struct operation *operation, const struct http_response *response, bool wrote)
{
	end_with(operation, wrote ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, between_us(response));
	operation->outcome.rule = RULE_OTHER;
	return true;
}

static bool is_json(const char *type)
{
	size_t length = strlen(type);
	return strcmp(type, "application/json") == 0 || (length > 5 && strcmp(type + length - 5, "+json") == 0);
}

/* 429 is said before anything is done (RFC 6585). 503 may stand for a commit of which the server itself does not know the end. */
static bool throttled(struct operation *operation, const struct http_response *response, bool wrote)
{
	end_with(operation, OUTCOME_THROTTLED, NULL);
	operation->perhaps_done = wrote && response->status == 503;
	/* Without a Date the session counts from its own clock: it sees `until` below a year as a distance. */
	int wait = response->retry_after_s > 0 ? response->retry_after_s : 1;
	operation->outcome.until = response->date + wait;
	return true;
}

bool backend_common_outcome(struct operation *operation, const struct http_response *response, bool wrote)
{
	if (transport_outcome(operation, response, wrote))
		return true;

	int status = response->status;
	if (status == 429 || (status == 503 && response->retry_after_s >= 0))
		return throttled(operation, response, wrote);
	if (status == 511 || (response->body_length > 0 && !is_json(response->content_type)))
		return strange_answer(operation, response, wrote && status != 401 && status != 403 && status != 404);
	switch (status) {
	case 401:
		return end_with(operation, OUTCOME_LOGIN_NEEDED, NULL);
	case 403:
		return end_with(operation, OUTCOME_NOT_ALLOWED, NULL);
	case 404:
	case 410:
		return end_with(operation, OUTCOME_NOT_FOUND, NULL);
	}
	/* A redirect leads to another address than the one that was set: that is not followed. */
	if (status < 200 || (status >= 300 && status < 400 && status != 304) || status > 599)
		return strange_answer(operation, response, wrote);
	if (status >= 500)
		return end_with(operation, wrote ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE,
		                _("The server has a problem of its own just now."));
	return false;
}
