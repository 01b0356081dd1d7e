/* guard.c — see guard.h. The table of malformed requests in tests/server/test_guard.c is what it is held against. */
#include "guard.h"

#include <string.h>
#include <strings.h>

#include "hacktiv/base.h"

#include "number.h"
#include "percent.h"

static bool is_token(const char *name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	for (const char *at = name; *at; at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
		if (!letter && !strchr(marks, *at))
			return false;
	}
	return *name != '\0';
}

static bool has_control(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)value[i];
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return true;
	}
	return false;
}

/* Printable ASCII, no fragment, every percent sign whole, and what they stand for is text without control bytes: a database takes nothing
 * else. At most TARGET_MAX bytes. */
static bool target_is_sound(const char *target)
{
	if (target[0] != '/' && strcmp(target, "*") != 0)
		return false;
	for (const char *at = target; *at; at++)
		if (*at <= 0x20 || *at >= 0x7f || *at == '#')
			return false;
	char meant[TARGET_MAX + 1];
	size_t length = 0;
	return percent_decode(target, strlen(target), false, meant, &length) && !has_control(meant, length) && !memchr(meant, '\t', length) &&
	       text_is_utf8(meant, length);
}

static bool verb_of(const char *method, enum verb *verb)
{
	static const struct {
		const char *method;
		enum verb verb;
	} verbs[] = { { "GET", VERB_GET },     { "HEAD", VERB_GET },   { "POST", VERB_POST },       { "PUT", VERB_PUT },
		      { "PATCH", VERB_PATCH }, { "DELETE", VERB_DELETE }, { "OPTIONS", VERB_OPTIONS } };
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(method, verbs[i].method) == 0) {
			*verb = verbs[i].verb;
			return true;
		}
	return false;
}

/* libmicrohttpd 0.9.75 glues a folded line to the name of the line before: "Transfer-Encoding:", " chunked" becomes
 * "Transfer-Encodingchunked", and where a body ends would be told otherwise than by whoever reads folded lines as they were meant. */
static bool is_folded_framing(const char *name)
{
	static const char *const framing[] = { "Content-Length", "Transfer-Encoding" };
	for (size_t i = 0; i < COUNT_OF(framing); i++) {
		size_t length = strlen(framing[i]);
		if (strncasecmp(name, framing[i], length) == 0 && name[length])
			return true;
	}
	return false;
}

struct seen {
	size_t hosts, lengths, encodings, bytes;
	const char *length;
};

static const char *look_at_fields(const struct head *head, struct seen *seen)
{
	for (size_t i = 0; i < head->field_count; i++) {
		const struct field *field = &head->fields[i];
		if (!is_token(field->name))
			return "A header name holds a character that none may hold.";
		if (is_folded_framing(field->name))
			return "A header line may not be folded.";
		if (has_control(field->value, head->value_lengths[i]))
			return "A header value holds a control character.";
		seen->bytes += strlen(field->name) + head->value_lengths[i] + 4;
		if (strcasecmp(field->name, "Host") == 0)
			seen->hosts++;
		if (strcasecmp(field->name, "Transfer-Encoding") == 0)
			seen->encodings++;
		if (strcasecmp(field->name, "Content-Length") == 0) {
			seen->lengths++;
			seen->length = field->value;
		}
	}
	return NULL;
}

bool guard_check(const struct head *head, enum verb *verb, enum refusal *refusal, const char **detail)
{
#define WRONG(what, sentence) return (*refusal = (what), *detail = (sentence), false)
	struct seen seen = { 0 };
	bool first_version = strcmp(head->version, "HTTP/1.0") == 0;
	int64_t length = 0;
	if (!first_version && strcmp(head->version, "HTTP/1.1") != 0)
		WRONG(REFUSE_VERSION_UNKNOWN, "HTTP/1.1 is spoken here.");
	if (strlen(head->target) > TARGET_MAX)
		WRONG(REFUSE_TARGET_TOO_LONG, "An address here has at most 2048 bytes.");
	if (!target_is_sound(head->target))
		WRONG(REFUSE_MALFORMED, "The address holds something that none may hold.");
	const char *wrong = look_at_fields(head, &seen);
	if (wrong)
		WRONG(REFUSE_MALFORMED, wrong);
	if (seen.bytes > HEAD_MAX)
		WRONG(REFUSE_HEAD_TOO_LARGE, "All header lines together have at most 16 KiB here.");
	if (seen.hosts > 1 || (seen.hosts == 0 && !first_version))
		WRONG(REFUSE_MALFORMED, "There must be one Host.");
	if (seen.encodings > 0)
		WRONG(REFUSE_LENGTH_REQUIRED, "A body needs a Content-Length here; Transfer-Encoding is not taken.");
	if (seen.lengths > 1 || (seen.lengths == 1 && !number_read(seen.length, INT64_MAX, &length)))
		WRONG(REFUSE_MALFORMED, "There must be one Content-Length, a number.");
	if (length > BODY_MAX)
		WRONG(REFUSE_TOO_LARGE, "A body has at most 64 KiB here.");
	if (!verb_of(head->method, verb))
		WRONG(REFUSE_METHOD_UNKNOWN, "This method is not known here.");
	if (strcmp(head->target, "*") == 0 && *verb != VERB_OPTIONS)
		WRONG(REFUSE_MALFORMED, "Only OPTIONS can be asked of everything.");
	return true;
#undef WRONG
}
