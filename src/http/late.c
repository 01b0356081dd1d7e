/* late.c — libcurl's functions under their own names, loading libcurl when the first of them is called.
 *
 * libcurl brings some thirty libraries. Loading them takes most of the time to the first screen, which needs none of them. Nobody
 * else knows: with -Dlate_curl=false this file is left out and the program linked with libcurl as usual. */
#include <curl/curl.h>

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>

#include "hacktiv/base.h"

#define LIBRARY "libcurl.so.4"        /* its binary interface since 2006 */
#define OPTION_TYPE(option) ((int)(option) / CURLOPTTYPE_OBJECTPOINT * CURLOPTTYPE_OBJECTPOINT)

typedef void any_function(void);

/* Its words are copied first: who looks up the sentence, or gives the terminal back, may load something too, and they are gone. */
__attribute__((noreturn)) static void give_up(void)
{
	char why[256];
	snprintf(why, sizeof why, "%s", dlerror());
	die(_("libcurl cannot be loaded: %s"), why);
}

/* There is one libcurl per process, and it stays. */
static void *library(void)
{
	static void *loaded;
	if (!loaded)
		loaded = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!loaded)
		give_up();
	return loaded;
}

static any_function *find(const char *name)
{
	/* ISO C knows no way from an object to a function; POSIX promises this one. */
	union {
		void *object;
		any_function *function;
	} found = {.object = dlsym(library(), name)};
	if (!found.object)
		give_up();
	return found.function;
}

#define REAL(name) ((__typeof__(&(name)))find(#name))

CURLcode curl_global_init(long flags)
{
	return REAL(curl_global_init)(flags);
}

void curl_global_cleanup(void)
{
	REAL(curl_global_cleanup)();
}

void curl_free(void *memory)
{
	REAL(curl_free)(memory);
}

time_t curl_getdate(const char *text, const time_t *unused)
{
	return REAL(curl_getdate)(text, unused);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
	return REAL(curl_slist_append)(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
	REAL(curl_slist_free_all)(list);
}

/* ---- addresses ---- */

CURLU *curl_url(void)
{
	return REAL(curl_url)();
}

void curl_url_cleanup(CURLU *url)
{
	REAL(curl_url_cleanup)(url);
}

/* The first argument is const in some versions of curl.h. */
typedef CURLUcode url_get_const(const CURLU *, CURLUPart, char **, unsigned);
typedef __typeof__(_Generic(&curl_url_get, url_get_const *: (const CURLU *)NULL, default: (CURLU *)NULL)) got_url;

CURLUcode curl_url_get(got_url url, CURLUPart part, char **text, unsigned flags)
{
	return REAL(curl_url_get)(url, part, text, flags);
}

CURLUcode curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags)
{
	return REAL(curl_url_set)(url, part, text, flags);
}

/* ---- one exchange ---- */

CURL *curl_easy_init(void)
{
	return REAL(curl_easy_init)();
}

void curl_easy_cleanup(CURL *easy)
{
	REAL(curl_easy_cleanup)(easy);
}

/* curl.h makes a macro of those that take any argument. An option's number tells what its argument is. */
CURLcode (curl_easy_setopt)(CURL *easy, CURLoption option, ...)
{
	CURLcode result = CURLE_UNKNOWN_OPTION;
	va_list arguments;
	va_start(arguments, option);
	if (OPTION_TYPE(option) == CURLOPTTYPE_LONG)
		result = REAL(curl_easy_setopt)(easy, option, va_arg(arguments, long));
	else if (OPTION_TYPE(option) == CURLOPTTYPE_OBJECTPOINT)
		result = REAL(curl_easy_setopt)(easy, option, va_arg(arguments, void *));
	else if (OPTION_TYPE(option) == CURLOPTTYPE_FUNCTIONPOINT)
		result = REAL(curl_easy_setopt)(easy, option, va_arg(arguments, any_function *));
	else if (OPTION_TYPE(option) == CURLOPTTYPE_OFF_T)
		result = REAL(curl_easy_setopt)(easy, option, va_arg(arguments, curl_off_t));
	va_end(arguments);
	return result;
}

void curl_easy_reset(CURL *easy)
{
	REAL(curl_easy_reset)(easy);
}

CURLcode curl_easy_perform(CURL *easy)
{
	return REAL(curl_easy_perform)(easy);
}

CURLcode curl_easy_send(CURL *easy, const void *bytes, size_t length, size_t *sent)
{
	return REAL(curl_easy_send)(easy, bytes, length, sent);
}

CURLcode curl_easy_recv(CURL *easy, void *bytes, size_t room, size_t *got)
{
	return REAL(curl_easy_recv)(easy, bytes, room, got);
}

/* Its argument always points to where the answer goes. */
CURLcode (curl_easy_getinfo)(CURL *easy, CURLINFO info, ...)
{
	va_list arguments;
	va_start(arguments, info);
	CURLcode result = REAL(curl_easy_getinfo)(easy, info, va_arg(arguments, void *));
	va_end(arguments);
	return result;
}

CURLHcode curl_easy_header(CURL *easy, const char *name, size_t index, unsigned origin, int request,
                           struct curl_header **header)
{
	return REAL(curl_easy_header)(easy, name, index, origin, request, header);
}

const char *curl_easy_strerror(CURLcode code)
{
	return REAL(curl_easy_strerror)(code);
}

/* ---- all exchanges ---- */

CURLM *curl_multi_init(void)
{
	return REAL(curl_multi_init)();
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
	return REAL(curl_multi_cleanup)(multi);
}

/* Numbers are all that is set there. */
CURLMcode (curl_multi_setopt)(CURLM *multi, CURLMoption option, ...)
{
	if (OPTION_TYPE(option) != CURLOPTTYPE_LONG)
		return CURLM_UNKNOWN_OPTION;
	va_list arguments;
	va_start(arguments, option);
	CURLMcode result = REAL(curl_multi_setopt)(multi, option, va_arg(arguments, long));
	va_end(arguments);
	return result;
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	return REAL(curl_multi_add_handle)(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
	return REAL(curl_multi_remove_handle)(multi, easy);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd *more, unsigned count, int timeout_ms, int *ready)
{
	return REAL(curl_multi_poll)(multi, more, count, timeout_ms, ready);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
	return REAL(curl_multi_perform)(multi, running);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
	return REAL(curl_multi_info_read)(multi, left);
}
