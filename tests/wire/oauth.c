/* oauth.c — credentials, devices, tokens and their errors: one value of each, and what happens to it when something in it is another. */
#include "types.h"

static cJSON *write_credentials(void)
{
	return wire_credentials_write(&(struct wire_credentials){ .login = "demo", .password = " a\u200bpass word\" " });
}

static cJSON *write_device(void)
{
	return wire_device_write(&(struct wire_device){ "hkd_5Xb0kqk4Jm3yJpZ0m8mE2mZ9m1fX8o3cT7gq2vVJr1A", "WDJB-MJHT", "https://reseau.example.org/device",
		"https://reseau.example.org/device?user_code=WDJB-MJHT", 900, 5 });
}

static cJSON *write_tokens(void)
{
	return wire_tokens_write(&(struct wire_tokens){ "hkt_5Xb0kqk4Jm3yJpZ0m8mE2mZ9m1fX8o3cT7gq2vVJr1A",
		"hkr_5Xb0kqk4Jm3yJpZ0m8mE2mZ9m1fX8o3cT7gq2vVJr1A", 3600, "bookings directory" });
}

static cJSON *write_error(void)
{
	return wire_oauth_error_write(&(struct wire_oauth_error){ "slow_down", "From now on at most every 10 seconds." });
}

static cJSON *again_credentials(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_credentials credentials;
	return wire_credentials_read(object, arena, &credentials, why) ? wire_credentials_write(&credentials) : NULL;
}

static cJSON *again_device(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_device device;
	return wire_device_read(object, arena, &device, why) ? wire_device_write(&device) : NULL;
}

static cJSON *again_tokens(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_tokens tokens;
	return wire_tokens_read(object, arena, &tokens, why) ? wire_tokens_write(&tokens) : NULL;
}

static cJSON *again_error(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_oauth_error error;
	return wire_oauth_error_read(object, arena, &error, why) ? wire_oauth_error_write(&error) : NULL;
}

const struct type oauth_types[] = {
	{ "credentials", write_credentials, again_credentials, true },
	{ "device", write_device, again_device, false },
	{ "tokens", write_tokens, again_tokens, false },
	{ "oauth-error", write_error, again_error, false },
};
const size_t oauth_type_count = COUNT_OF(oauth_types);

const struct change oauth_changes[] = {
	{ "credentials", "/login", MISSING, "/login" },
	{ "credentials", "/password", "\"\"", "/password" },
	{ "credentials", "/password", "1234", "/password" },
	{ "credentials", "/admin", "true", "/admin" },
	{ "device", "/device_code", MISSING, "/device_code" },
	{ "device", "/device_code", "\"a b\"", "/device_code" },
	{ "device", "/user_code", "\"\"", "/user_code" },
	{ "device", "/verification_uri", MISSING, "/verification_uri" },
	{ "device", "/verification_uri", "\"javascript:alert(1)\"", "/verification_uri" },
	{ "device", "/verification_uri", "\"https://reseau.example.org/de vice\"", "/verification_uri" },
	{ "device", "/verification_uri", "\"http://localhost:8080/device\"", FINE },
	{ "device", "/verification_uri_complete", MISSING, FINE },
	{ "device", "/verification_uri_complete", "\"file:///etc/passwd\"", "/verification_uri_complete" },
	{ "device", "/expires_in", MISSING, "/expires_in" },
	{ "device", "/expires_in", "0", "/expires_in" },
	{ "device", "/interval", MISSING, FINE },
	{ "device", "/interval", "-1", "/interval" },
	{ "device", "/interval", "601", "/interval" },
	{ "tokens", "/access_token", MISSING, "/access_token" },
	{ "tokens", "/access_token", "\"a\\r\\nX-Evil: 1\"", "/access_token" },
	{ "tokens", "/refresh_token", MISSING, FINE },
	{ "tokens", "/refresh_token", "\"a\\nb\"", "/refresh_token" },
	{ "tokens", "/expires_in", MISSING, FINE },
	{ "tokens", "/expires_in", "\"3600\"", "/expires_in" },
	{ "tokens", "/scope", "7", FINE },
	{ "oauth-error", "/error", MISSING, "/error" },
	{ "oauth-error", "/error_description", MISSING, FINE },
};
const size_t oauth_change_count = COUNT_OF(oauth_changes);
