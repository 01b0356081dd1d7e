/* people.c — members as those see them who look after them: taken in at the desk, looked up, put right, erased. Every look at what
 * somebody hides leaves a line that they can read. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../feed.h"
#include "../idempotency.h"
#include "profile.h"
#include "tell.h"

#define ONE_LOOK_S 3600

static struct db_actor actor_of(const struct request *request)
{
	return (struct db_actor){ request->member->id, request->id };
}

static bool is_oneself(const struct request *request, const char *member_id)
{
	return strcmp(request->member->id, member_id) == 0;
}

static void refuse_unknown(struct request *request, struct response *response)
{
	refuse(request, response, REFUSE_NOT_FOUND, "There is nobody here by this id.");
}

/* The member at the path, held, if the caller may do that with them. NULL: answered. Whom one may not look up is not there. */
static const struct profile *find(struct request *request, struct db_tx *tx, enum action action, struct response *response)
{
	const struct profile *profile = NULL;
	if (db_hold_member(tx, request->object))
		profile = db_find_profile(tx, request->object, request->arena);
	bool own = profile && is_oneself(request, profile->member.id);
	if (!profile || !rights_allow(&request->caller, ACTION_SEE_PROFILE, profile->member.home_space_id, own)) {
		refuse_unknown(request, response);
		return NULL;
	}
	if (rights_allow(&request->caller, action, profile->member.home_space_id, own))
		return profile;
	refuse(request, response, REFUSE_NOT_ALLOWED, "None of your roles allows this.");
	return NULL;
}

/* What others see of one who asked for restriction: who it is, and nothing of the card. */
static struct profile as_seen(const struct request *request, const struct profile *profile)
{
	struct profile seen = *profile;
	if (!profile->card.restricted || is_oneself(request, profile->member.id))
		return seen;
	const struct card *card = &profile->card.card;
	seen.card.card = (struct card){ .id = card->id, .name = card->name, .home_space_id = card->home_space_id,
		                        .home_space_name = card->home_space_name, .profession = "", .organisation_id = "",
		                        .organisation_name = "", .skills = "", .town = "", .email = "", .phone = "", .website = "",
		                        .about = "" };
	return seen;
}

static bool note_look(struct request *request, struct db_tx *tx, const struct profile *profile)
{
	const char *whose = profile->member.id;
	return is_oneself(request, whose) ||
	       db_has_audited(tx, whose, request->member->id, "profile.read", "", request->now - ONE_LOOK_S) ||
	       db_audit_member(tx, whose, "profile.read", "", profile->member.home_space_id, request->now, actor_of(request));
}

void profile_one(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct profile *profile = find(request, tx, ACTION_SEE_PROFILE, response);
	if (!profile || !note_look(request, tx, profile))
		return;
	struct profile seen = as_seen(request, profile);
	respond_json(response, 200, profile_write(&seen), CACHE_MINE);
	respond_tagged(request, response);
}

/* Both spaces, where somebody went from one to the other. */
static bool tell_spaces(const struct request *request, struct db_tx *tx, const struct profile *before, const struct profile *after)
{
	const char *from = before->member.home_space_id, *to = after->member.home_space_id;
	return db_tell_directory(tx, from, request->now, actor_of(request)) &&
	       (strcmp(from, to) == 0 || db_tell_directory(tx, to, request->now, actor_of(request)));
}

/* Nobody is sent to a space, or taken from one, by those who do not look after it. */
static bool may_move(struct request *request, const struct profile *after, struct response *response)
{
	if (rights_allow(&request->caller, ACTION_CHANGE_PROFILE, after->member.home_space_id, false))
		return true;
	refuse(request, response, REFUSE_NOT_ALLOWED, "You do not look after that space: its own people take members in.");
	return false;
}

void profile_change(struct request *request, struct db_tx *tx, struct response *response)
{
	static const char *const known[] = { "name", "home_space_id", "usual_resource_id", "restricted", "card", NULL };
	static const char *const known_restricted[] = { "name", "home_space_id", "usual_resource_id", "restricted", NULL };
	const struct profile *before = find(request, tx, ACTION_CHANGE_PROFILE, response);
	if (!before)
		return;
	struct profile seen = as_seen(request, before), after = *before;
	respond_json(response, 200, profile_write(&seen), CACHE_NEVER);
	if (!request_is_current(request, etag_of_answer(request, response), response) ||
	    !profile_read(request, tx, before->card.restricted ? known_restricted : known, &after, response) ||
	    !may_move(request, &after, response))
		return;
	const char *fields = profile_difference(request->arena, before, &after);
	if (*fields && (!db_write_profile(tx, &after) ||
	                !db_audit_member(tx, after.member.id, "profile.changed", fields, before->member.home_space_id, request->now,
	                                 actor_of(request)) ||
	                !tell_spaces(request, tx, before, &after)))
		return;
	const struct profile *written = db_find_profile(tx, after.member.id, request->arena);
	if (!written)
		return;
	seen = as_seen(request, written);
	respond_json(response, 200, profile_write(&seen), CACHE_MINE);
	response->etag = etag_of_answer(request, response);
}

/* ---- taking in --------------------------------------------------------------------------------------------------------- */

static bool read_new_member(const struct body *body, struct db_tx *tx, struct member *member)
{
	static const char *const known[] = { "id", "name", "login", "home_space_id", NULL };
	*member = (struct member){ .id = "", .login = "", .name = "", .home_space_id = "", .usual_resource_id = "" };
	if (!patch_only(body, known) || !patch_text(body, "id", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->id) ||
	    !patch_text(body, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->name) ||
	    !patch_text(body, "login", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->login) ||
	    !patch_text(body, "home_space_id", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->home_space_id))
		return false;
	if (!uuid_is_valid(member->id))
		return patch_wrong(body, "id", "The id is a UUID in lower case, made by the client.");
	if (!*member->name)
		return patch_wrong(body, "name", "Everybody has a name.");
	if (*member->login && !login_is_written(member->login))
		return patch_wrong(body, "login", "A login is a to z, 0 to 9 and, between them, hyphens and dots, at most %u of them.", LOGIN_MAX);
	const struct space *space = db_find_space(tx, member->home_space_id, body->arena);
	if (!space)
		return patch_wrong(body, "home_space_id", "There is no such space.");
	member->home_space_id = space->id;
	/* Who has no login cannot log in: there is no password either. */
	if (!*member->login)
		member->login = member->id;
	return true;
}

/* The answer is kept for its key, beyond the reach of an erasure: it tells the id and nothing more. */
static void keep(struct request *request, struct db_tx *tx, const struct member *member, struct idempotent_answer *answer,
                 struct response *response)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", member->id);
	respond_json(response, 201, object, CACHE_NEVER);
	response->location = arena_print(request->arena, "/v1/members/%s/profile", member->id);
	answer->status = response->status;
	answer->body = response->body;
	answer->location = response->location;
	answer->etag = "";
	db_keep_answer(tx, "", request->member->id, answer, request->now);
}

void member_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	struct body body = { request->json, "", request->arena, &why };
	struct idempotent_answer answer = { 0 };
	struct member member;
	if (!idempotency_read_key(request, true, &answer.key, response))
		return;
	if (!read_new_member(&body, tx, &member)) {
		refuse_body(request, response, &why);
		return;
	}
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/members", member.id, member.name, member.login, member.home_space_id,
	                                               NULL }, answer.fingerprint);
	if (idempotency_replay(request, tx, "", &answer, response))
		return;
	if (!rights_allow(&request->caller, ACTION_ADD_MEMBER, member.home_space_id, false)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "You do not look after that space: its own people take members in.");
		return;
	}
	switch (db_add_member(tx, &member)) {
	case DB_PUT_REFUSED:
		refuse(request, response, REFUSE_ID_TAKEN, "This id or this login is somebody's: take another.");
		return;
	case DB_PUT_SAME:
	case DB_PUT_FAILED:
		return;
	case DB_PUT_DONE:
		if (db_audit_member(tx, member.id, "member.created", "", member.home_space_id, request->now, actor_of(request)))
			keep(request, tx, &member, &answer, response);
		return;
	}
}

/* ---- erasure ------------------------------------------------------------------------------------------------------- */

static void refuse_open(struct request *request, const struct commitment *commitments, size_t count, bool own, struct response *response)
{
	refuse(request, response, REFUSE_COMMITTED,
	       "%zu bookings and sign-ups lie ahead. With ?open=cancel they are cancelled, and everything is erased.", count);
	cJSON *open = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *object = cJSON_CreateObject();
		cJSON_AddStringToObject(object, "kind", commitments[i].is_booking ? "booking" : "signup");
		cJSON_AddStringToObject(object, "space_id", commitments[i].space_id);
		cJSON_AddStringToObject(object, "id", commitments[i].id);
		wire_add_instant(object, "start", NULL, commitments[i].start_at);
		cJSON_AddItemToArray(open, object);
	}
	refuse_more(response, "open", open);
	if (own)
		refuse_more(response, "export", cJSON_CreateString("/v1/members/me/export"));
}

static void erase(struct request *request, struct db_tx *tx, const struct profile *profile, struct response *response)
{
	const char *open = request_parameter(request, "open");
	if (!log_in_is_fresh(request, tx, response))
		return;
	if (open && strcmp(open, "cancel") != 0) {
		refuse_parameter(request, response, "open", "What lies ahead can only be cancelled: \"cancel\".");
		return;
	}
	size_t count = 0;
	const struct commitment *commitments = db_list_commitments(tx, profile->member.id, request->now, request->arena, &count);
	if (count > 0 && !open) {
		refuse_open(request, commitments, count, is_oneself(request, profile->member.id), response);
		return;
	}
	if (db_erase_member(tx, profile->member.id, request->now, actor_of(request)) &&
	    db_tell_directory(tx, profile->member.home_space_id, request->now, (struct db_actor){ "erased", request->id }))
		respond_empty(response, 204);
}

void member_erase_me(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct profile *profile =
		db_hold_member(tx, request->member->id) ? db_find_profile(tx, request->member->id, request->arena) : NULL;
	if (profile)
		erase(request, tx, profile, response);
}

void member_erase(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct profile *profile = find(request, tx, ACTION_ERASE_MEMBER, response);
	if (profile)
		erase(request, tx, profile, response);
}
