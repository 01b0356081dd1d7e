/* patch.h — request bodies read strictly, member by member: what is not given stays as it is, null empties it (RFC 7396), anything
 * unknown or of another type is 422 with a pointer to it. */
#ifndef HACKTIV_SERVER_PATCH_H
#define HACKTIV_SERVER_PATCH_H

#include <cjson/cJSON.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

struct body {
	const cJSON *object;
	const char *at;             /* its own pointer: "" or "/card" */
	struct arena *arena;
	struct problem *why;
};

/* False with `why`, at the member of that name. */
__attribute__((format(printf, 3, 4)))
bool patch_wrong(const struct body *body, const char *name, const char *expected, ...);
/* Fails on the first member that is not one of `known` (NULL at its end). */
bool patch_only(const struct body *body, const char *const *known);
/* Was it given, if only as null? */
bool patch_has(const struct body *body, const char *name);
bool patch_text(const struct body *body, const char *name, enum text_shape shape, size_t most, const char **text);
bool patch_flag(const struct body *body, const char *name, bool *flag);
bool patch_languages(const struct body *body, const char *name, unsigned *languages);
bool patch_country(const struct body *body, const char *name, enum country *country);
/* Those that are checked (contact.h). */
bool patch_email(const struct body *body, const char **email);
bool patch_phone(const struct body *body, const char **phone);
bool patch_website(const struct body *body, const char **website);
/* An object inside; `inner->object` NULL when it is not given. */
bool patch_inside(const struct body *body, const char *name, struct body *inner);

#endif
