/* member.h — a person as they see themselves. Strings as in space.h. What others see of them: card.h. */
#ifndef HACKTIV_MODEL_MEMBER_H
#define HACKTIV_MODEL_MEMBER_H

#include <stdbool.h>

struct member {
	const char *id;
	const char *login;
	const char *name;
	const char *home_space_id;        /* "" when none */
	const char *usual_resource_id;    /* the desk meant by "book chimay tomorrow morning"; "" */
};

#define LOGIN_MAX 64u     /* bytes */
/* As one is typed: a to z, 0 to 9 and, between them, hyphens and dots. */
bool login_is_written(const char *text);

#endif
