/* recording.h — one recorded exchange (recorded/NAME.json, made by record.py), and an adapter led through it without a network. */
#ifndef TEST_BACKEND_RECORDING_H
#define TEST_BACKEND_RECORDING_H

#include <cjson/cJSON.h>

#include "hacktiv/backend.h"

/* All that it holds lives in the operation's arena. */
struct recording {
	const char *name;
	cJSON *root;
	struct operation operation;      /* as it is asked; NONE until played */
	struct http_response response;   /* as it came; a test may change it before it plays */
	int slices;                      /* how often take() wanted to be called */
};

/* Reads DIRECTORY/NAME.json. A recording that cannot be read fails the test. */
void recording_open(struct recording *recording, const char *directory, const char *name);
void recording_close(struct recording *recording);

/* Sends `body` (printed, mine to keep or change) instead of what came. */
void recording_answer(struct recording *recording, int status, const char *type, const char *body, size_t length);
void recording_answer_json(struct recording *recording, const cJSON *body);
const cJSON *recording_body(const struct recording *recording);   /* NULL: none */

/* Fails unless the request is exactly the recorded one: method, path, every header, token, type and body. */
void recording_check_request(const struct recording *recording, const struct http_request *request);

/* Asks once and reads the answer to its end. An operation that then wants to ask again has `step` STEP_SEND returned. */
enum step recording_take(struct recording *recording);
void recording_play(struct recording *recording);   /* next(), checked, and recording_take(), which must end it */

/* What the operation holds now, as JSON of our own: everything that could reach a screen. Yours. */
cJSON *recording_snapshot(const struct recording *recording);

/* Fails when an operation that did not succeed holds anything, or one that did has nothing to show. */
void recording_check_whole(const struct recording *recording);

#endif
