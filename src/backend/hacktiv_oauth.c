/* hacktiv_oauth.c — being let in by a code that a person types elsewhere (RFC 8628), tokens that are renewed (RFC 6749, 6) and given
 * back (RFC 7009). */
#include "hacktiv.h"

#include <string.h>

#define GRANT_DEVICE "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"

static void set_form(struct http_request *request, const char *path, const char *form)
{
	request->method = HTTP_POST;
	request->path = path;
	request->bearer = NULL;
	request->body = form;
	request->body_length = strlen(form);
	request->content_type = "application/x-www-form-urlencoded";
}

static const char *encoded(struct operation *operation, const char *secret)
{
	return http_encode(operation->arena, secret ? secret : "");
}

/* The latter is given no refresh token. */
static const char *client(const struct operation *operation)
{
	return operation->shared ? "client_id=" HACKTIV_CLIENT_SHARED : "client_id=hacktiv-tui";
}

void hacktiv_fill_oauth(struct operation *operation, struct http_request *request)
{
	struct arena *arena = operation->arena;
	if (operation->kind == OPERATION_DEVICE)
		set_form(request, "/oauth/device_authorization", client(operation));
	else if (operation->kind == OPERATION_DEVICE_TOKEN)
		set_form(request, "/oauth/token",
		         arena_print(arena, "grant_type=%s&device_code=%s&%s", GRANT_DEVICE, encoded(operation, operation->device_code),
		                     client(operation)));
	else if (operation->kind == OPERATION_RENEW)
		set_form(request, "/oauth/token",
		         arena_print(arena, "grant_type=refresh_token&refresh_token=%s&%s", encoded(operation, operation->refresh_token),
		                     client(operation)));
	else
		set_form(request, "/oauth/revoke",
		         arena_print(arena, "token=%s&token_type_hint=refresh_token&%s", encoded(operation, operation->refresh_token),
		                     client(operation)));
}

/* ---- refusals ---- */

static enum outcome_kind kind_of(const struct operation *operation, const char *error)
{
	static const struct { const char *error; enum outcome_kind kind; } of_device[] = {
		{ "authorization_pending", OUTCOME_PENDING }, { "slow_down", OUTCOME_THROTTLED }, { "access_denied", OUTCOME_NOT_ALLOWED },
		{ "expired_token", OUTCOME_NOT_FOUND }, { "invalid_grant", OUTCOME_NOT_FOUND },
	};
	if (operation->kind == OPERATION_RENEW)
		return OUTCOME_LOGIN_NEEDED;
	for (size_t i = 0; i < COUNT_OF(of_device) && operation->kind == OPERATION_DEVICE_TOKEN; i++) {
		if (strcmp(of_device[i].error, error) == 0)
			return of_device[i].kind;
	}
	return OUTCOME_REFUSED;
}

static void take_error(struct operation *operation, const struct http_response *response)
{
	struct problem why = { 0 };
	struct wire_oauth_error error;
	cJSON *object = wire_parse(response->body, response->body_length, &why);
	bool read = object && wire_oauth_error_read(object, operation->arena, &error, &why);
	cJSON_Delete(object);
	if (!read) {
		hacktiv_unreadable(operation, false, &why);
		return;
	}
	hacktiv_ended(operation, kind_of(operation, error.error));
	if (operation->outcome.kind == OUTCOME_REFUSED) {
		operation->outcome.rule = RULE_OTHER;
		operation->outcome.quotation = *error.description ? error.description : error.error;
	}
}

static bool asks_oauth(const struct operation *operation)
{
	return operation->kind == OPERATION_DEVICE || operation->kind == OPERATION_DEVICE_TOKEN || operation->kind == OPERATION_RENEW ||
	       (operation->kind == OPERATION_LOG_OUT && operation->refresh_token);
}

bool hacktiv_take_oauth(struct operation *operation, const struct http_response *response)
{
	if (!asks_oauth(operation) || response->transport != TRANSPORT_ANSWERED)
		return false;
	bool is_error = response->status == 400 || response->status == 401;
	if (is_error && strcmp(response->content_type, "application/json") == 0) {
		take_error(operation, response);
		return true;
	}
	/* RFC 7009, 2.2: nothing is said in it. */
	if (operation->kind == OPERATION_LOG_OUT && response->status == 200) {
		hacktiv_ended(operation, OUTCOME_DONE);
		return true;
	}
	return false;
}

/* ---- what was given ---- */

bool hacktiv_read_device(struct operation *operation, const cJSON *object, struct problem *why)
{
	struct wire_device told;
	if (!wire_device_read(object, operation->arena, &told, why))
		return false;
	struct device *device = arena_get(operation->arena, sizeof *device);
	*device = (struct device){ told.device_code, told.user_code, told.address, told.whole_address, told.life_s, told.interval_s };
	operation->device = device;
	return true;
}

bool hacktiv_read_tokens(struct operation *operation, const cJSON *object, struct problem *why)
{
	struct wire_tokens told;
	if (!wire_tokens_read(object, operation->arena, &told, why))
		return false;
	operation->new_token = told.access;
	operation->new_refresh_token = told.refresh;
	operation->new_life_s = told.life_s;
	return true;
}
