/* member.h — a person as they see themselves. Strings as in space.h. What others see of them: card.h. */
#ifndef HACKTIV_MODEL_MEMBER_H
#define HACKTIV_MODEL_MEMBER_H

struct member {
	const char *id;
	const char *login;
	const char *name;
	const char *home_space_id;        /* "" when none */
	const char *usual_resource_id;    /* the desk meant by "book chimay tomorrow morning"; "" */
};

#endif
