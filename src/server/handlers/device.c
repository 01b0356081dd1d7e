/* device.c — the page on which a person lets a device in (RFC 8628, 3.3): code, log-in, yes or no. Each step is a form that works
 * without script.
 *
 * What keeps others out: codes are guessed five times from an address, passwords five times for a code, and as everywhere for a login and an
 * address; who logged in is known by a cookie that only this page gets (SameSite=Strict), and the yes carries a token that only
 * whoever read this page can know. */
#include "handlers.h"

#include <string.h>

#include <sodium.h>

#include "../auth.h"
#include "../client.h"
#include "../device_page.h"
#include "../limit.h"
#include "../log_in.h"
#include "../public_url.h"
#include "../user_code.h"

#define COOKIE "hacktiv_device"
#define COOKIE_LIFE_S 900
#define FORM_TOKEN "hkf_"
#define PASSWORDS_PER_CODE 5

struct visit {
	struct log_in log_in;          /* first: log_in.h wants it so */
	struct device_page page;
	int status;
	char user_code[USER_CODE_SIZE];
	char form_token[TOKEN_SIZE];
};

static const char *given(const struct request *request, const char *name)
{
	const char *value = request->form ? form_value(request->form, name) : request_parameter(request, name);
	return value ? value : "";
}

static const char *given_line(const struct request *request, const char *name)
{
	const char *value = given(request, name);
	return text_clean(request->arena, value, strlen(value), TEXT_ONE_LINE, TEXT_NAME_MAX);
}

/* The one that was pressed, that the page had, or that the browser asks for. */
static enum page_language language_of(const struct request *request)
{
	enum page_language language;
	const char *pressed = given(request, "language"), *had = given(request, "lang");
	if (page_language_from_code(pressed, strlen(pressed), &language) || page_language_from_code(had, strlen(had), &language))
		return language;
	return page_language_accepted(request_field(request, "Accept-Language"));
}

static struct visit *visit_new(struct request *request, enum page_step step)
{
	struct visit *visit = arena_get(request->arena, sizeof *visit);
	visit->page = (struct device_page){ .language = language_of(request), .step = step, .code = given_line(request, "user_code"),
		                            .login = given_line(request, "login") };
	visit->status = 200;
	request->notes = visit;
	return visit;
}

static void show(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	const struct visit *visit = request->notes;
	device_page_respond(request, &visit->page, visit->status, response);
}

static void mark(struct visit *visit, int status, enum device_word fault, enum page_field field)
{
	visit->status = status;
	visit->page.faulty = true;
	visit->page.fault = fault;
	visit->page.field = field;
}

void device_show(struct request *request, struct db_tx *tx, struct response *response)
{
	visit_new(request, STEP_CODE);
	show(request, tx, response);
}

/* ---- the code ---------------------------------------------------------------------------------------------------------- */

static const char *shown_code(const char *user_code, struct arena *arena)
{
	char *shown = arena_get(arena, USER_CODE_SHOWN_SIZE);
	user_code_show(user_code, shown);
	return shown;
}

/* The device whose code this is; NULL: answered. A wrong code counts, though the answer is a refusal. */
static const struct device *take_code(struct request *request, struct db_tx *tx, struct visit *visit, struct response *response)
{
	const char *house = origin_house(request->address, request->arena);
	if (!user_code_read(visit->page.code, visit->user_code)) {
		visit->page.step = STEP_CODE;
		mark(visit, 422, WORD_CODE_WRONG, FIELD_CODE);
		show(request, tx, response);
		return NULL;
	}
	visit->page.code = shown_code(visit->user_code, request->arena);
	if (!limit_take(request, tx, LIMIT_CODE, house, response)) {
		int wait_s = response->retry_after_s;
		visit->page.step = STEP_CODE;
		mark(visit, 429, WORD_TOO_MANY, FIELD_NONE);
		if (response->status > 0)
			show(request, tx, response);
		response->retry_after_s = wait_s;
		return NULL;
	}
	const struct device *device = db_find_device_by_code(tx, visit->user_code, request->now, request->arena);
	if (device && limit_give_back(request, tx, LIMIT_CODE, house))
		return device;
	visit->page.step = STEP_CODE;
	mark(visit, 422, WORD_CODE_UNKNOWN, FIELD_CODE);
	request_continue(request, PLACE_HERE, show);
	return NULL;
}

static void answer_code(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	if (!take_code(request, tx, visit, response))
		return;
	visit->page.step = STEP_LOGIN;
	show(request, tx, response);
}

/* ---- the log-in -------------------------------------------------------------------------------------------------------- */

/* "2026-07-15 07:30", as the clock on the wall of their space shows it. */
static const char *wall_clock(struct request *request, struct db_tx *tx, const struct member *member, int64_t at)
{
	char date[DATE_ISO_SIZE];
	const struct space *home = db_find_space(tx, member->home_space_id, request->arena);
	const struct zone *zone = zones_find(request->server->zones, home ? home->time_zone : "UTC", NULL);
	if (!zone)
		return "";
	struct wall_time wall = zone_wall(zone, at);
	date_to_iso(wall.date, date);
	return arena_print(request->arena, "%s, %02d:%02d", date, wall.minutes / 60, wall.minutes % 60);
}

static void describe(struct request *request, struct db_tx *tx, struct visit *visit, const struct device *device,
                     const struct member *member)
{
	const struct client *client = client_find(device->client);
	visit->page.step = STEP_CONFIRM;
	visit->page.code = shown_code(device->user_code, request->arena);
	visit->page.client = client ? client->name : "";
	visit->page.asked_at = wall_clock(request, tx, member, device->created_at);
	visit->page.address = device->address;
	visit->page.member = arena_print(request->arena, "%s (%s)", member->name, member->login);
	visit->page.scopes = device->scopes;
	visit->page.form_token = visit->form_token;
}

static void make_form_token(const struct request *request, const char *cookie, char token[TOKEN_SIZE])
{
	unsigned char hash[TOKEN_HASH_BYTES];
	token_derive(FORM_TOKEN, cookie, request->server->cursor_secret, token, hash);
}

static const char *cookie_line(const struct request *request, const char *value, int life_s)
{
	return arena_print(request->arena, COOKIE "=%s; Path=/device; Max-Age=%d; HttpOnly; SameSite=Strict%s", value, life_s,
	                   public_url_is_secure(request) ? "; Secure" : "");
}

static void let_page_in(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	char cookie[TOKEN_SIZE];
	unsigned char hash[TOKEN_HASH_BYTES];
	const struct member *member = visit->log_in.member;
	const struct device *device = db_find_device_by_code(tx, visit->user_code, request->now, request->arena);
	if (!device) {
		visit->page.step = STEP_CODE;
		mark(visit, 422, WORD_CODE_UNKNOWN, FIELD_CODE);
		show(request, tx, response);
		return;
	}
	token_make(TOKEN_PAGE, cookie, hash);
	if (!log_in_forget_tries(request, tx) || !db_open_device_page(tx, device, member->id, hash))
		return;
	make_form_token(request, cookie, visit->form_token);
	describe(request, tx, visit, device, member);
	show(request, tx, response);
	response->set_cookie = cookie_line(request, cookie, COOKIE_LIFE_S);
}

static void count_wrong(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)response;
	struct visit *visit = request->notes;
	mark(visit, 422, WORD_LOGIN_WRONG, FIELD_LOGIN);
	if (db_count_device_try(tx, visit->user_code, PASSWORDS_PER_CODE))
		request_continue(request, PLACE_HERE, show);
}

static void wrong_log_in(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	(void)response;
	request_continue(request, PLACE_WRITE, count_wrong);
}

static void too_many(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	int wait_s = response->retry_after_s;
	mark(visit, 429, WORD_TOO_MANY, FIELD_NONE);
	show(request, tx, response);
	response->retry_after_s = wait_s;
}

static void answer_login(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	char *password = form_secret(request->form, "password");
	if (!take_code(request, tx, visit, response))
		return;
	if (!*visit->page.login || !password || !*password) {
		bool no_login = !*visit->page.login;
		mark(visit, 422, no_login ? WORD_LOGIN_MISSING : WORD_PASSWORD_MISSING, no_login ? FIELD_LOGIN : FIELD_PASSWORD);
		show(request, tx, response);
		return;
	}
	/* The form's own: wiped once it was looked at, not in a step that the database may have run again. */
	visit->log_in = (struct log_in){ .login = visit->page.login, .password = password, .right = let_page_in, .place = PLACE_WRITE,
		                         .wrong = wrong_log_in, .limited = too_many };
	log_in_begin(request, &visit->log_in);
}

/* ---- yes or no --------------------------------------------------------------------------------------------------------- */

/* Of our cookie; NULL when it is not there. */
static const char *cookie_of(const struct request *request)
{
	const char *at = request_field(request, "Cookie");
	while (at && *at) {
		at += strspn(at, "; ");
		size_t length = strcspn(at, ";");
		if (strncmp(at, COOKIE "=", strlen(COOKIE "=")) == 0)
			return arena_copy_bytes(request->arena, at + strlen(COOKIE "="), length - strlen(COOKIE "="));
		at += length;
	}
	return NULL;
}

/* The device that this browser may answer for, and that this form is of; NULL: neither. */
static const struct device *find_mine(struct request *request, struct db_tx *tx, struct visit *visit)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	const char *cookie = cookie_of(request), *token = given(request, "form_token");
	if (!cookie || !token_hash(TOKEN_PAGE, cookie, hash) || strlen(token) != TOKEN_SIZE - 1)
		return NULL;
	make_form_token(request, cookie, visit->form_token);
	if (sodium_memcmp(token, visit->form_token, TOKEN_SIZE - 1) != 0)
		return NULL;
	return db_find_device_by_page(tx, hash, request->now, request->arena);
}

static void refuse_over(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	visit->page.step = STEP_OVER;
	mark(visit, 403, WORD_OVER, FIELD_NONE);
	show(request, tx, response);
}

static void answer_confirm(struct request *request, struct db_tx *tx, struct response *response)
{
	struct visit *visit = request->notes;
	const char *answer = given(request, "answer");
	bool allow = strcmp(answer, "allow") == 0, deny = strcmp(answer, "deny") == 0, moved;
	const struct device *device = find_mine(request, tx, visit);
	const struct member *member = device ? db_find_member(tx, device->member_id, request->arena) : NULL;
	if (!member) {
		refuse_over(request, tx, response);
		return;
	}
	describe(request, tx, visit, device, member);
	if (!allow && !deny) {
		show(request, tx, response);
		return;
	}
	if (!db_move_device(tx, device, allow ? DEVICE_GRANTED : DEVICE_DENIED, &moved))
		return;
	if (!moved) {      /* the form came twice, to two of us */
		refuse_over(request, tx, response);
		return;
	}
	visit->page.step = allow ? STEP_ALLOWED : STEP_DENIED;
	visit->page.code = "";
	visit->page.form_token = NULL;
	show(request, tx, response);
	response->set_cookie = cookie_line(request, "", 0);
}

/* ---- which of them ----------------------------------------------------------------------------------------------------- */

/* Browsers say where a form was; what comes from another site is nobody's wish. */
static bool is_from_elsewhere(const struct request *request)
{
	const char *site = request_field(request, "Sec-Fetch-Site");
	return site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

static bool only_changes_language(const struct request *request)
{
	return *given(request, "language") != '\0';
}

void device_answer(struct request *request, struct db_tx *tx, struct response *response)
{
	enum page_step step = STEP_CODE;
	if (!request->form || is_from_elsewhere(request) || (*given(request, "step") && !page_step_from_name(given(request, "step"), &step))) {
		mark(visit_new(request, STEP_OVER), request->form ? 403 : 400, WORD_OVER, FIELD_NONE);
		show(request, tx, response);
		return;
	}
	visit_new(request, step);
	if (step == STEP_CONFIRM)
		answer_confirm(request, tx, response);
	else if (only_changes_language(request))
		show(request, tx, response);
	else if (step == STEP_LOGIN)
		answer_login(request, tx, response);
	else
		answer_code(request, tx, response);
}
