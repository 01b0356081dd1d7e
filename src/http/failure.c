/* failure.c — why there is no answer, as a sentence for a person: what happened, where, and what to look at. Never more than the
 * host's name: no path, no token. */
#include "exchange.h"

#include <errno.h>
#include <string.h>

/* Why a certificate was refused: CURLINFO_SSL_VERIFYRESULT gives OpenSSL's X509_V_ERR_… (x509_vfy.h), the same since 1998. */
enum certificate_fault {
	CERTIFICATE_NOT_LOOKED_INTO = 1,   /* curl compares the names first */
	CERTIFICATE_NOT_YET_VALID = 9,
	CERTIFICATE_EXPIRED = 10,
	CERTIFICATE_SELF_SIGNED = 18,
	CERTIFICATE_SELF_SIGNED_ROOT = 19,
	CERTIFICATE_ISSUER_UNKNOWN = 20,
	CERTIFICATE_OF_ANOTHER_NAME = 62,
	CERTIFICATE_OF_ANOTHER_ADDRESS = 64
};

static const char *certificate_sentence(const struct exchange *exchange)
{
	long fault = 0;
	curl_easy_getinfo(exchange->easy, CURLINFO_SSL_VERIFYRESULT, &fault);
	switch (fault) {
	case CERTIFICATE_NOT_YET_VALID:
		return _("The certificate of %s is not valid yet. Is this machine's clock right? Nothing was sent.");
	case CERTIFICATE_EXPIRED:
		return _("The certificate of %s has expired. Is this machine's clock right? Nothing was sent.");
	case CERTIFICATE_SELF_SIGNED:
	case CERTIFICATE_SELF_SIGNED_ROOT:
	case CERTIFICATE_ISSUER_UNKNOWN:
		return _("The certificate of %s is signed by nobody this machine trusts. Nothing was sent.");
	case CERTIFICATE_OF_ANOTHER_NAME:
	case CERTIFICATE_OF_ANOTHER_ADDRESS:
	case CERTIFICATE_NOT_LOOKED_INTO:
	case 0:
		return _("The certificate shown by %s is another server's. Nothing was sent. Does this network ask you to log in first?");
	}
	return _("The certificate of %s cannot be trusted. Nothing was sent.");
}

static const char *connect_sentence(const struct exchange *exchange)
{
	long error = 0;
	curl_easy_getinfo(exchange->easy, CURLINFO_OS_ERRNO, &error);
	if (error == ECONNREFUSED)
		return _("%s refuses the connection. Is the server running?");
	if (exchange->socket && error == EACCES)
		return _("You may not use the socket %s.");
	if (exchange->socket)
		return _("Nobody answers at %s. Is the server running?");
	return _("%s cannot be reached. Is there a network?");
}

static const char *sentence_for(const struct exchange *exchange, CURLcode result)
{
	if (exchange->too_large)
		return _("The answer of %s is larger than any we take. Is the address right?");
	if (exchange->went_out)
		return result == CURLE_OPERATION_TIMEDOUT ? _("%s did not answer in time.")
		       : result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY
		               ? _("What %s answers is not HTTP. Is the address right?")
		               : _("The connection to %s broke before the whole answer was there.");
	if (result == CURLE_COULDNT_RESOLVE_HOST)
		return _("The name %s cannot be found. Is it right, and is there a network?");
	if (result == CURLE_COULDNT_RESOLVE_PROXY)
		return _("The name of the proxy on the way to %s cannot be found.");
	if (result == CURLE_OPERATION_TIMEDOUT)
		return _("%s does not answer: no connection within a few seconds.");
	if (result == CURLE_PEER_FAILED_VERIFICATION)
		return certificate_sentence(exchange);
	if (result == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return _("The key of %s is not the one pinned in the configuration. Nothing was sent.");
	if (result == CURLE_SSL_CACERT_BADFILE)
		return _("The file of certificates for %s cannot be read.");
	if (result == CURLE_SSL_CONNECT_ERROR)
		return _("No secure connection with %s: what answers there does not speak TLS 1.2 or newer. Is the address right?");
	return connect_sentence(exchange);
}

void failure_tell(const struct exchange *exchange, CURLcode result, struct problem *problem)
{
	enum problem_kind kind = exchange->too_large ? PROBLEM_TOO_LARGE : PROBLEM_IO;
	problem_set(problem, kind, "", sentence_for(exchange, result), exchange->where);
	log_line(LOG_LEVEL_INFO, "exchange %u with %s: %s", exchange->number, exchange->host, curl_easy_strerror(result));
}
