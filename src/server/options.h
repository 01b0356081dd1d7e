/* options.h — what hacktivd was asked on its command line. */
#ifndef HACKTIV_SERVER_OPTIONS_H
#define HACKTIV_SERVER_OPTIONS_H

#include "hacktiv/base.h"

#include "origin.h"

enum wanted { WANTED_SERVE, WANTED_IMPORT, WANTED_PASSWD, WANTED_ROUTES, WANTED_RIGHTS, WANTED_USER_ADD, WANTED_USER_LIST,
	      WANTED_USER_GRANT, WANTED_USER_REVOKE, WANTED_USER_DISABLE, WANTED_USER_ENABLE, WANTED_CHECK,
	      WANTED_INIT, WANTED_TOKEN_ADD, WANTED_TOKEN_LIST, WANTED_TOKEN_REVOKE, WANTED_BACKUP, WANTED_RESTORE, WANTED_EXPORT, WANTED_VERIFY,
	      WANTED_HELP, WANTED_VERSION };

struct options {              /* borrowed from argv */
	enum wanted wanted;
	const char *subject;           /* of the command: a file, a login */
	const char *more[2];           /* what comes after it: a role, a space */
	const char *database;
	const char *listen;
	const char *sample_password;   /* a file, NULL: nobody gets a password */
	const char *public_url;        /* NULL: not said */
	const char *security_contact;  /* NULL: not said */
	struct proxies proxies;        /* trusted to say where a request comes from */
	bool password_stdin;
	bool sample_data;
	bool quiet;
	const char *metrics;           /* where the inner door is; NULL: none */
	bool log_json;
	bool behind_proxy;             /* may listen beyond loopback */
	const char *login;             /* whom to check as; NULL: nobody, or whose the token is */
	const char *token_file;        /* NULL: no token */
	bool write;                    /* checks may book and cancel */
	bool replace;                  /* restore over what is there */
	const char *scopes;            /* of a token; NULL: not said */
	const char *days;              /* that it is good for; NULL: not said */
};

bool options_read(int argc, char *const *argv, struct options *options, struct problem *why);
extern const char options_help[];

#endif
