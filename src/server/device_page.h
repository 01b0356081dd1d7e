/* device_page.h — how the page looks that lets a device in: HTML without script, images or fonts, for any browser and screen reader
 * (WCAG 2.2 AA). handlers/device.c says what happens on it. */
#ifndef HACKTIV_SERVER_DEVICE_PAGE_H
#define HACKTIV_SERVER_DEVICE_PAGE_H

#include "device_words.h"
#include "request.h"

enum page_step { STEP_CODE, STEP_LOGIN, STEP_CONFIRM, STEP_ALLOWED, STEP_DENIED, STEP_OVER };
const char *page_step_name(enum page_step step);
bool page_step_from_name(const char *name, enum page_step *step);

enum page_field { FIELD_NONE, FIELD_CODE, FIELD_LOGIN, FIELD_PASSWORD };

struct device_page {
	enum page_language language;
	enum page_step step;
	const char *code;              /* as it was typed, clean, or "WDJB-MJHT"; "" */
	const char *login;             /* as it was typed, clean; "" */
	bool faulty;
	enum device_word fault;        /* what is wrong, and with which field */
	enum page_field field;
	const char *client;            /* these for STEP_CONFIRM */
	const char *asked_at;
	const char *address;           /* "": here */
	const char *member;
	unsigned scopes;
	const char *form_token;
};

/* Answers with the page and the headers that a page has. */
void device_page_respond(const struct request *request, const struct device_page *page, int status, struct response *response);

#endif
