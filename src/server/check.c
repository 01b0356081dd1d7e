/* check.c — see check.h: the visit, one check after the other, and what is said of each. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "check_inside.h"

#define TOKEN_FILE_MAX 4096u

struct tally {
	int passed, failed, skipped, number;
	const cJSON *features;        /* of the server; NULL: it tells none */
};

/* ---- coming in ---------------------------------------------------------------------------------------------------------------- */

static bool read_token(const char *path, struct visit *visit, struct problem *why)
{
	struct buffer file;
	if (!path_read_secret(path, TOKEN_FILE_MAX, &file, why))
		return problem_prefix(why, "--token-file %s", path);
	size_t length = strcspn(file.bytes, "\r\n");
	bool good = length > 0 && strspn(file.bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") >= length;
	if (good)
		visit->token = arena_copy_bytes(visit->arena, file.bytes, length);
	else
		problem_set(why, PROBLEM_INVALID, "--token-file", "The first line of %s is no token.", path);
	sodium_memzero(file.bytes, file.length);
	buffer_clear(&file);
	return good;
}

/* A session of its own, ended at the end. */
static bool log_in(const char *login, const char *password, struct visit *visit, struct problem *why)
{
	cJSON *credentials = cJSON_CreateObject();
	cJSON_AddStringToObject(credentials, "login", login);
	cJSON_AddStringToObject(credentials, "password", password);
	char *body = cJSON_PrintUnformatted(credentials);
	struct reply reply;
	bool answered = wire_ask(visit->wire, &(struct ask){ .method = "POST", .target = "/v1/sessions", .body = body }, visit->arena, &reply, why);
	secret_forget(body);
	cJSON_Delete(credentials);
	const cJSON *session = answered && reply.status == 201 ? read_json(visit, &reply) : NULL;
	if (answered && !*text_in(session, "token"))
		return problem_set(why, PROBLEM_REFUSED, "--login", "The server lets nobody in with that name and password: it answers %d.", reply.status);
	visit->token = answered ? arena_copy_text(visit->arena, text_in(session, "token")) : NULL;
	return answered;
}

static bool ask_password(const struct options *options, struct visit *visit, struct problem *why)
{
	char *password = options->password_stdin ? secret_read_line(STDIN_FILENO, why) : secret_ask("Password: ", why);
	bool in = password && log_in(options->login, password, visit, why);
	secret_forget(password);
	return in;
}

static void log_out(const struct options *options, struct visit *visit)
{
	struct reply reply;
	struct problem why = { 0 };
	if (options->login && visit->token)
		wire_ask(visit->wire, &(struct ask){ .method = "DELETE", .target = "/v1/sessions/current", .token = visit->token }, visit->arena,
		         &reply, &why);
}

/* Without a judgement on its manners: the checks tell those one by one. */
static const cJSON *peek(struct visit *visit, const char *target)
{
	struct reply reply;
	struct problem why = { 0 };
	if (!wire_ask(visit->wire, &(struct ask){ .target = target }, visit->arena, &reply, &why))
		fault(visit, "%s", why.text);
	else if (reply.status != 200)
		fault(visit, "%s is answered with %d", target, reply.status);
	return visit->fault ? NULL : read_json(visit, &reply);
}

/* Where the checks begin: the first space, its day, what the server can do. Nothing is judged yet. */
static bool look_around(struct visit *visit, struct tally *tally, struct problem *why)
{
	const cJSON *meta = peek(visit, "/v1/meta");
	const cJSON *spaces = cJSON_GetObjectItemCaseSensitive(peek(visit, "/v1/spaces"), "items");
	const cJSON *first = cJSON_GetArrayItem(spaces, 0);
	const char *slug = text_in(first, "slug"), *today = text_in(cJSON_GetObjectItemCaseSensitive(first, "day"), "date");
	tally->features = cJSON_GetObjectItemCaseSensitive(meta, "features");
	struct local_date date;
	if (*slug && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug) && date_from_iso(today, &date, NULL)) {
		visit->space = slug;
		visit->today = today;
		visit->fault = NULL;
		return true;
	}
	return problem_set(why, PROBLEM_PROTOCOL, "URL", "No server of this interface, or none with a space, answers there: %s.",
	                   visit->fault ? visit->fault : "the first space has no slug and no day");
}

/* ---- the checks -------------------------------------------------------------------------------------------------------------- */

static bool has_feature(const struct tally *tally, const char *feature)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, tally->features) {
		if (cJSON_IsString(one) && strcmp(one->valuestring, feature) == 0)
			return true;
	}
	return false;
}

static void run_one(const struct check *check, struct visit *visit, struct tally *tally, const char *skip)
{
	char reason[64];
	tally->number++;
	if (!skip && check->feature && !has_feature(tally, check->feature)) {
		snprintf(reason, sizeof reason, "it has no feature %s", check->feature);
		skip = reason;
	}
	if (skip) {
		tally->skipped++;
		printf("ok %d - %s # SKIP %s\n", tally->number, check->name, skip);
		return;
	}
	visit->fault = NULL;
	check->run(visit);
	if (visit->fault)
		printf("not ok %d - %s (%s)\n# %s\n", tally->number, check->name, check->source, visit->fault);
	else
		printf("ok %d - %s (%s)\n", tally->number, check->name, check->source);
	tally->passed += !visit->fault;
	tally->failed += visit->fault != NULL;
	fflush(stdout);
}

static void run_all(const struct check *checks, struct visit *visit, struct tally *tally, const char *skip)
{
	for (; checks->name; checks++)
		run_one(checks, visit, tally, skip);
}

static int visit_all(const struct options *options, struct visit *visit, struct problem *why)
{
	struct tally tally = { 0 };
	if ((options->token_file && !read_token(options->token_file, visit, why)))
		return 2;
	if (!look_around(visit, &tally, why) || (options->login && !ask_password(options, visit, why)))
		return EXIT_FAILURE;
	const char *nobody = visit->token ? NULL : "say who you are: --login or --token-file";
	run_all(checks_for_all, visit, &tally, NULL);
	run_all(checks_of_form, visit, &tally, NULL);
	run_all(checks_for_members, visit, &tally, nobody);
	run_all(checks_that_write, visit, &tally, nobody ? nobody : options->write ? NULL : "it writes: --write");
	check_tidy(visit);
	log_out(options, visit);
	printf("1..%d\n", tally.number);
	if (tally.skipped)
		printf("%d skipped\n", tally.skipped);
	printf("%d passed, %d failed\n", tally.passed, tally.failed);
	return tally.passed > 0 && tally.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int check_server(const struct options *options)
{
	struct problem why = { 0 };
	struct visit visit = { .arena = arena_new(), .space = "", .today = "", .documents = { .bytes = sizeof(cJSON *) } };
	int status = 2;
	if (clock_from_environment(&visit.clock, &why) && (visit.wire = wire_new(options->subject, &why)))
		status = visit_all(options, &visit, &why);
	if (*why.text)
		fprintf(stderr, "hacktivd check: %s\n", why.text);
	cJSON **documents = visit.documents.first;
	for (size_t i = 0; i < visit.documents.count; i++)
		cJSON_Delete(documents[i]);
	wire_free(visit.wire);
	arena_free(visit.arena);
	return status;
}
