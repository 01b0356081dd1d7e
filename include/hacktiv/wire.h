/* wire.h — our own API's JSON to model and back: one file per type in src/wire/, shared by client and server, so that they
 * cannot disagree. doc/api/openapi.yaml is the description.
 *
 * Readers are tolerant of what is new (unknown members are skipped, missing optional ones get the default) and strict about what is
 * wrong: a member of the wrong type or an impossible value fails with `field` as a JSON Pointer ("/items/3/id"). All text passes
 * text_clean() here. What is read lives in the arena given; no cJSON pointer outlives the call. */
#ifndef HACKTIV_WIRE_H
#define HACKTIV_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

#define WIRE_DEPTH_MAX 32        /* nesting; cJSON's own limit is 1000 and recursive */
#define WIRE_VALUES_MAX 100000u  /* values and names of one text, or of one element of a list: a dozen megabytes as a tree */

/* One whole JSON text: within WIRE_DEPTH_MAX and WIRE_VALUES_MAX (checked before parsing), valid UTF-8, no byte order mark, nothing
 * after it, no member twice in one object, no "\u0000", no number cJSON would bend. NULL: PROBLEM_PROTOCOL with the byte offset, or
 * PROBLEM_TOO_LARGE. Yours: cJSON_Delete(). */
cJSON *wire_parse(const char *bytes, size_t length, struct problem *why);

/* A collection `{"items":[…], …}` read one element at a time: 10,000 rows never hold a key for 5 ms. */
struct wire_list {
	size_t index;            /* of the element returned last, from 0; of the one that is broken */
	cJSON *head;             /* the members beside "items"; complete when WIRE_LIST_END came; freed by wire_list_close() */

	const char *text;        /* borrowed; this and what follows is private */
	size_t length, at;
	size_t head_values_left;
	int state;
};
enum wire_list_step { WIRE_LIST_ELEMENT, WIRE_LIST_END, WIRE_LIST_BROKEN };
bool wire_list_open(struct wire_list *list, const char *bytes, size_t length, struct problem *why);
enum wire_list_step wire_list_next(struct wire_list *list, cJSON **element, struct problem *why);  /* element: yours */
void wire_list_close(struct wire_list *list);

/* "/name" as a JSON Pointer has it (RFC 6901, 3): "~" is "~0" and "/" is "~1" in a name. In the arena. */
char *wire_pointer(struct arena *arena, const char *name);

/* Members of an object, with the pointer of the object for errors. A missing or null optional gives the default. */
const char *wire_text(const cJSON *object, const char *name, enum text_shape shape, size_t most, struct arena *arena); /* "" default; wrong type: "" */
bool wire_need_text(const cJSON *object, const char *name, size_t most, struct arena *arena, const char **out, struct problem *why);
bool wire_int(const cJSON *object, const char *name, int64_t least, int64_t most, int64_t fallback, int64_t *out, struct problem *why);
bool wire_bool(const cJSON *object, const char *name, bool fallback);
bool wire_date(const cJSON *object, const char *name, struct local_date *out, struct problem *why);      /* required */
bool wire_instant(const cJSON *object, const char *name, int64_t *out, struct problem *why);             /* required */

/* `zone` NULL: in UTC. */
void wire_add_instant(cJSON *object, const char *name, const struct zone *zone, int64_t instant);

/* Types. Readers return false and fill `why`; writers return a new object, yours. `zone` is the space's. */
bool wire_space_read(const cJSON *object, struct arena *arena, struct space *space, struct problem *why);
cJSON *wire_space_write(const struct space *space);
/* The day of a space alone, and the version of what is not told again: members of an object with other things in it. */
bool wire_space_day_read(const cJSON *object, struct arena *arena, struct space *space, struct problem *why);
void wire_space_day_write(cJSON *object, const struct space *space);
bool wire_resource_read(const cJSON *object, struct arena *arena, struct resource *resource, struct problem *why);
cJSON *wire_resource_write(const struct resource *resource);
bool wire_resource_day_read(const cJSON *object, struct arena *arena, struct resource_day *row, struct problem *why);
cJSON *wire_resource_day_write(const struct resource_day *row);
/* The same without what stays as it is from day to day: of the resource only which it is, in the order of its space, its state and the
 * reason. What is not told is as it mostly is: bookable and free. */
struct wire_slots {
	int index;
	struct resource_day row;
};
#define WIRE_INDEX_MAX 1999
bool wire_slots_read(const cJSON *object, struct arena *arena, struct wire_slots *slots, struct problem *why);
cJSON *wire_slots_write(const struct wire_slots *slots);
bool wire_slots_are_free(const struct resource_day *row);   /* nothing would be told but its index */
bool wire_booking_read(const cJSON *object, struct arena *arena, struct booking *booking, struct problem *why);
cJSON *wire_booking_write(const struct booking *booking, const struct zone *zone);
bool wire_preview_read(const cJSON *object, struct arena *arena, struct preview *preview, struct problem *why);
cJSON *wire_preview_write(const struct preview *preview, const struct zone *zone);
cJSON *wire_alternative_write(const struct alternative *alternative);
bool wire_member_read(const cJSON *object, struct arena *arena, struct member *member, struct problem *why);
cJSON *wire_member_write(const struct member *member);
/* `whole` false: as in a list, without the long text. `mine` is written as it stands: null for SIGNUP_NONE. */
bool wire_activity_read(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why);
cJSON *wire_activity_write(const struct activity *activity, const struct zone *zone, bool whole);
bool wire_signup_read(const cJSON *object, struct signup *signup, struct problem *why);
cJSON *wire_signup_write(const struct signup *signup, const struct zone *zone);
/* What the staff says: strict, as in wire_booking_request_read(). */
/* POST /v1/spaces/{s}/activities: what is not said is as usual for the format. `date` is left to who knows the zone. */
bool wire_activity_plan_read(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why);
/* PATCH: only what is said changes; what follows the start moves with it. `move_last_to_line`: when there will be fewer places than people. */
bool wire_activity_change_read(const cJSON *object, struct arena *arena, struct activity *activity, bool *move_last_to_line,
                               struct problem *why);
/* PUT …/signup; `object` NULL: no body. */
bool wire_signup_request_read(const cJSON *object, int *accepted_conditions, struct problem *why);
/* PATCH …/signups/{member}: who is passed over may ask why. */
bool wire_move_read(const cJSON *object, struct arena *arena, int *place, const char **reason, struct problem *why);
/* PUT …/signups/{member}/attendance. */
struct wire_attendance {
	enum attendance attendance;
	bool walk_in;
	const char *reason;          /* "" when none */
	int accepted_conditions;     /* of who walks in; 0: none */
};
bool wire_attendance_read(const cJSON *object, struct arena *arena, struct wire_attendance *out, struct problem *why);
/* PUT …/attendance: {"closed": true}. */
bool wire_closing_read(const cJSON *object, struct problem *why);
/* What is hidden or not filled in is not there. */
bool wire_card_read(const cJSON *object, struct arena *arena, struct card *card, struct problem *why);
cJSON *wire_card_write(const struct card *card, bool whole);
bool wire_organisation_read(const cJSON *object, struct arena *arena, struct organisation *organisation, struct problem *why);
cJSON *wire_organisation_write(const struct organisation *organisation, bool whole);

/* What is said of a booking beside place and time. */
struct wire_particulars {
	const char *title;           /* NULL: nothing is said of it */
	const char *note;
	int people;                  /* 0: not told; -1: nothing is said of it */
};
/* "title", "note", "people", each of which may be missing; null takes it back. */
bool wire_particulars_read(const cJSON *object, struct arena *arena, struct wire_particulars *said, struct problem *why);

/* POST /v1/spaces/{s}/bookings and :preview. `id` "" in a preview. */
struct wire_booking_request {
	const char *id;              /* UUIDv7, also the Idempotency-Key */
	const char *resource_id;
	struct period when;
	struct wire_particulars particulars;
};
/* Strict (server side): unknown members fail too (422, mass assignment). */
bool wire_booking_request_read(const cJSON *object, struct arena *arena, bool id_needed,
                               struct wire_booking_request *request, struct problem *why);
cJSON *wire_booking_request_write(const struct wire_booking_request *request);

/* "repeat" of a series: {"every": "week", "interval": 2, "on": ["mon"], "count": 10} or "until". Strict. */
bool wire_series_rule_read(const cJSON *object, struct series_rule *rule, struct problem *why);

/* PATCH of a booking (RFC 7396): place and time are those of `before` where nothing is said of them. Strict, as above. */
struct wire_booking_change {
	const char *resource_id;
	struct period when;
	struct wire_particulars particulars;
};
bool wire_booking_change_read(const cJSON *object, struct arena *arena, const struct booking *before, struct wire_booking_change *change,
                              struct problem *why);

/* POST /v1/sessions. */
struct wire_credentials {
	const char *login, *password;
	bool refresh;                  /* a token of an hour, and one to renew it */
	const char *client;            /* which program asks; "" or NULL: it does not say */
};
bool wire_credentials_read(const cJSON *object, struct arena *arena, struct wire_credentials *out, struct problem *why);
cJSON *wire_credentials_write(const struct wire_credentials *credentials);
struct wire_session {
	const char *token;
	int64_t expires_at;
	struct member member;
	const char *refresh_token;     /* NULL or "": none was asked for */
	int64_t refresh_expires_at;
};
bool wire_session_read(const cJSON *object, struct arena *arena, struct wire_session *out, struct problem *why);
cJSON *wire_session_write(const struct wire_session *session);

/* POST /oauth/device_authorization (RFC 8628, 3.2). */
struct wire_device {
	const char *device_code;       /* a secret */
	const char *user_code;         /* as it is shown: "WDJB-MJHT" */
	const char *address;           /* of the page where it is typed */
	const char *whole_address;     /* of the page with the code in it; "": none */
	int life_s, interval_s;
};
bool wire_device_read(const cJSON *object, struct arena *arena, struct wire_device *out, struct problem *why);
cJSON *wire_device_write(const struct wire_device *device);
/* POST /oauth/token (RFC 6749, 5.1). */
struct wire_tokens {
	const char *access;
	const char *refresh;           /* NULL or "": none */
	int64_t life_s;                /* of the first; 0: not told */
	const char *scope;
};
bool wire_tokens_read(const cJSON *object, struct arena *arena, struct wire_tokens *out, struct problem *why);
cJSON *wire_tokens_write(const struct wire_tokens *tokens);
/* Why not (RFC 6749, 5.2). */
struct wire_oauth_error { const char *error, *description; };
bool wire_oauth_error_read(const cJSON *object, struct arena *arena, struct wire_oauth_error *out, struct problem *why);
cJSON *wire_oauth_error_write(const struct wire_oauth_error *error);

/* RFC 9457 problem details. */
struct wire_problem {
	const char *type;            /* "/problems/slot-taken", "" → about:blank */
	const char *title;
	const char *detail;
	int status;
	const char *pointer;         /* of the first entry of "errors", "" */
	const struct alternative *alternatives;
	size_t alternative_count;
};
bool wire_problem_read(const cJSON *object, struct arena *arena, struct wire_problem *out, struct problem *why);
cJSON *wire_problem_write(const struct wire_problem *problem);

#endif
