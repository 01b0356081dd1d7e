/* main.c — hacktivd: which of its commands is wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <sodium.h>

#include "admin.h"
#include "backup.h"
#include "check.h"
#include "export.h"
#include "import.h"
#include "integrity.h"
#include "options.h"
#include "rights.h"
#include "route.h"
#include "serve.h"
#include "user.h"

static bool prepare_process(struct problem *why)
{
	umask(0077);
	/* No core: passwords and tokens pass through. */
	const struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	if (sodium_init() < 0)
		return problem_set(why, PROBLEM_MISSING, NULL, "libsodium cannot start: the system has no random numbers.");
	return log_open(NULL, LOG_LEVEL_INFO, why);
}

int main(int argc, char **argv)
{
	struct options options;
	struct problem why = { 0 };
	int status = EX_USAGE;
	if (!options_read(argc, argv, &options, &why)) {
		fprintf(stderr, "hacktivd: %s\n", why.text);
		return 2;
	}
	switch (options.wanted) {
	case WANTED_ROUTES:
		routes_print(stdout);
		return EXIT_SUCCESS;
	case WANTED_RIGHTS:
		rights_print(stdout);
		return EXIT_SUCCESS;
	case WANTED_HELP:
		fputs(options_help, stdout);
		return EXIT_SUCCESS;
	case WANTED_VERSION:
		puts("hacktivd " HACKTIV_VERSION);
		return EXIT_SUCCESS;
	case WANTED_IMPORT:
		status = prepare_process(&why) && import_file(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_PASSWD:
		status = prepare_process(&why) && admin_set_password(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_USER_ADD:
	case WANTED_USER_LIST:
	case WANTED_USER_GRANT:
	case WANTED_USER_REVOKE:
	case WANTED_USER_DISABLE:
	case WANTED_USER_ENABLE:
		status = prepare_process(&why) && user_command(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_CHECK:
		return prepare_process(&why) ? check_server(&options) : EXIT_FAILURE;
	case WANTED_INIT:
	case WANTED_TOKEN_ADD:
	case WANTED_TOKEN_LIST:
	case WANTED_TOKEN_REVOKE:
		status = prepare_process(&why) && user_command(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_BACKUP:
		status = prepare_process(&why) && backup_make(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_RESTORE:
		status = prepare_process(&why) && backup_restore(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_EXPORT:
		status = prepare_process(&why) && export_file(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_VERIFY:
		status = prepare_process(&why) && integrity_check(&options, &why) ? EXIT_SUCCESS : EXIT_FAILURE;
		break;
	case WANTED_SERVE:
		status = prepare_process(&why) ? serve(argv, &options, &why) : EXIT_FAILURE;
		break;
	}
	if (status != EXIT_SUCCESS)
		fprintf(stderr, "hacktivd: %s\n", why.text);
	return status;
}
