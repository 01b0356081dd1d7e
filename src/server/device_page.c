/* device_page.c — see device_page.h. */
#include "device_page.h"

#include <string.h>

#include <sodium.h>

#include "html.h"
#include "scope.h"

#define PAGE_MAX (64u * 1024u)

/* Its hash stands in the Content-Security-Policy: nothing else on the page has a style. Colours have a contrast of 7 to 1 or more. */
static const char style[] =
	":root{color-scheme:light dark;--ground:#fff;--text:#1a1a1a;--quiet:#4a4a4a;--line:#767676;--act:#0b4f6c;--on-act:#fff;"
	"--wrong:#a01515;--note:#fff6dc}"
	"@media(prefers-color-scheme:dark){:root{--ground:#16191c;--text:#f2f2f2;--quiet:#c8c8c8;--line:#9a9a9a;--act:#9ad7f0;"
	"--on-act:#10212a;--wrong:#ffb3ab;--note:#332b12}}"
	"*{box-sizing:border-box}"
	"body{margin:0;background:var(--ground);color:var(--text);font:1.125rem/1.5 system-ui,sans-serif}"
	"header,main,nav{max-width:34rem;margin:0 auto;padding:1rem}"
	"header{font-weight:700;letter-spacing:.02em}"
	"main{padding-top:0}"
	"h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0 1rem}"
	"p{margin:0 0 1rem}"
	"label{display:block;font-weight:600;margin:1rem 0 .35rem}"
	".hint{color:var(--quiet);margin:.25rem 0;font-size:1rem}"
	"input{font:inherit;width:100%;min-height:3rem;padding:.5rem .75rem;border:2px solid var(--line);border-radius:.25rem;"
	"background:var(--ground);color:inherit}"
	"input.code{font-family:ui-monospace,monospace;letter-spacing:.1em;text-transform:uppercase;max-width:14rem}"
	"input[aria-invalid=true]{border-color:var(--wrong)}"
	".wrong{color:var(--wrong);font-weight:600;margin:.25rem 0 .6rem}"
	".acts{display:flex;flex-wrap:wrap;gap:1rem;margin-top:1.5rem}"
	"button,.button{font:inherit;font-weight:600;min-height:3rem;padding:.5rem 1.5rem;border:2px solid var(--act);"
	"border-radius:.25rem;background:var(--act);color:var(--on-act);cursor:pointer}"
	"button.second{background:var(--ground);color:var(--act)}"
	":focus-visible{outline:3px solid var(--text);outline-offset:3px}"
	"dl{display:grid;grid-template-columns:minmax(0,auto) minmax(0,1fr);gap:.25rem 1rem;margin:0 0 1rem}"
	"dt{color:var(--quiet)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}"
	"dd ul{margin:0;padding-left:1.1rem;font-weight:400}"
	".note{background:var(--note);border-left:.35rem solid var(--act);padding:.75rem 1rem}"
	"a{color:var(--act)}"
	"nav{margin-top:1rem}"
	"nav form{display:flex;flex-wrap:wrap;gap:.25rem 1rem;border-top:1px solid var(--line);padding-top:.75rem}"
	"nav button{min-height:2.75rem;padding:.25rem 0;border-color:transparent;border-width:2px 0;background:none;color:var(--act);"
	"text-decoration:underline;font-weight:400}"
	"nav button[aria-current]{color:var(--text);text-decoration:none;font-weight:700}"
	"@media(max-width:26rem){dl{display:block}dd{margin-bottom:.75rem}.acts button{width:100%}}";

static const char *const step_names[] = { [STEP_CODE] = "code", [STEP_LOGIN] = "login", [STEP_CONFIRM] = "confirm",
	                                  [STEP_ALLOWED] = "allowed", [STEP_DENIED] = "denied", [STEP_OVER] = "over" };

const char *page_step_name(enum page_step step)
{
	return step_names[step];
}

bool page_step_from_name(const char *name, enum page_step *step)
{
	for (size_t i = 0; i < COUNT_OF(step_names); i++)
		if (strcmp(step_names[i], name) == 0) {
			*step = (enum page_step)i;
			return true;
		}
	return false;
}

static enum device_word title_of(enum page_step step)
{
	switch (step) {
	case STEP_CODE:
	case STEP_OVER:
		return WORD_TITLE;
	case STEP_LOGIN:
		return WORD_LOGIN_TITLE;
	case STEP_CONFIRM:
		return WORD_CONFIRM_TITLE;
	case STEP_ALLOWED:
		return WORD_ALLOWED_TITLE;
	case STEP_DENIED:
		return WORD_DENIED_TITLE;
	}
	return WORD_TITLE;
}

static void word(struct buffer *out, const struct device_page *page, enum device_word which)
{
	html_text(out, device_word(page->language, which));
}

static void element(struct buffer *out, const struct device_page *page, const char *open, enum device_word which, const char *close)
{
	html_tags(out, open);
	word(out, page, which);
	html_tags(out, close);
}

static void hidden(struct buffer *out, const char *name, const char *value)
{
	html_tags(out, "<input type=\"hidden\" name=\"");
	html_text(out, name);
	html_tags(out, "\" value=\"");
	html_text(out, value);
	html_tags(out, "\">");
}

static void begin_form(struct buffer *out, const struct device_page *page)
{
	html_tags(out, "<form method=\"post\" action=\"/device\">");
	hidden(out, "lang", page_language_code(page->language));
	hidden(out, "step", page_step_name(page->step));
	if (page->form_token)
		hidden(out, "form_token", page->form_token);
}

struct input {
	enum page_field field;
	enum device_word label, hint;   /* hint 0: none */
	const char *name, *attributes, *value;
};

/* Label, hint, what is wrong, field: read out in this order, and tied together. What is wrong has the cursor; else nothing has, so that
 * the page is read from its beginning. */
static void input(struct buffer *out, const struct device_page *page, const struct input *input)
{
	bool wrong = page->faulty && page->field == input->field;
	html_tags(out, "<label for=\"");
	html_tags(out, input->name);
	element(out, page, "\">", input->label, "</label>");
	if (input->hint) {
		html_tags(out, "<p class=\"hint\" id=\"hint-");
		html_tags(out, input->name);
		element(out, page, "\">", input->hint, "</p>");
	}
	if (wrong) {
		html_tags(out, "<p class=\"wrong\" id=\"wrong-");
		html_tags(out, input->name);
		element(out, page, "\">", page->fault, "</p>");
	}
	html_tags(out, "<input id=\"");
	html_tags(out, input->name);
	html_tags(out, "\" name=\"");
	html_tags(out, input->name);
	html_tags(out, "\" aria-required=\"true\" ");
	html_tags(out, input->attributes);
	if (wrong || input->hint) {
		html_tags(out, " aria-describedby=\"");
		buffer_print(out, "%s%s%s%s%s", wrong ? "wrong-" : "", wrong ? input->name : "", wrong && input->hint ? " " : "",
		             input->hint ? "hint-" : "", input->hint ? input->name : "");
		html_tags(out, "\"");
	}
	html_tags(out, wrong ? " aria-invalid=\"true\" autofocus" : "");
	html_tags(out, " value=\"");
	html_text(out, input->value);
	html_tags(out, "\">");
}

static void code_form(struct buffer *out, const struct device_page *page)
{
	const struct input code = { FIELD_CODE, WORD_CODE, WORD_CODE_HINT, "user_code",
		                    "class=\"code\" type=\"text\" autocomplete=\"one-time-code\" autocapitalize=\"characters\" "
		                    "spellcheck=\"false\" maxlength=\"40\"", page->code };
	element(out, page, "<p>", WORD_CODE_LEAD, "</p>");
	begin_form(out, page);
	input(out, page, &code);
	element(out, page, "<div class=\"acts\"><button type=\"submit\">", WORD_CONTINUE, "</button></div></form>");
}

static void login_form(struct buffer *out, const struct device_page *page)
{
	const struct input login = { FIELD_LOGIN, WORD_LOGIN, 0, "login",
		                     "type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\"", page->login };
	const struct input password = { FIELD_PASSWORD, WORD_PASSWORD, 0, "password",
		                        "type=\"password\" autocomplete=\"current-password\"", "" };
	html_tags(out, "<p>");
	html_sentence(out, device_word(page->language, WORD_LOGIN_LEAD), page->code);
	html_tags(out, "</p>");
	begin_form(out, page);
	hidden(out, "user_code", page->code);
	input(out, page, &login);
	input(out, page, &password);
	element(out, page, "<div class=\"acts\"><button type=\"submit\">", WORD_LOG_IN, "</button></div></form>");
}

static void pair(struct buffer *out, const struct device_page *page, enum device_word name, const char *value)
{
	element(out, page, "<dt>", name, "</dt><dd>");
	html_text(out, value);
	html_tags(out, "</dd>");
}

static void confirm_form(struct buffer *out, const struct device_page *page)
{
	element(out, page, "<p>", WORD_CONFIRM_LEAD, "</p><dl>");
	pair(out, page, WORD_PROGRAM, page->client);
	pair(out, page, WORD_CODE, page->code);
	pair(out, page, WORD_ASKED_AT, page->asked_at);
	pair(out, page, WORD_ASKED_FROM, *page->address ? page->address : device_word(page->language, WORD_HERE));
	pair(out, page, WORD_FOR, page->member);
	element(out, page, "<dt>", WORD_MAY, "</dt><dd><ul>");
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		if (page->scopes & 1u << i)
			element(out, page, "<li>", (enum device_word)(WORD_SCOPE_BOOKINGS + i), "</li>");
	element(out, page, "</ul></dd></dl><p class=\"note\">", WORD_WARNING, "</p>");
	begin_form(out, page);
	element(out, page, "<div class=\"acts\"><button type=\"submit\" name=\"answer\" value=\"allow\">", WORD_ALLOW, "</button>");
	element(out, page, "<button class=\"second\" type=\"submit\" name=\"answer\" value=\"deny\">", WORD_DENY, "</button></div></form>");
}

static void again(struct buffer *out, const struct device_page *page)
{
	html_tags(out, "<p><a href=\"/device?lang=");
	html_text(out, page_language_code(page->language));
	element(out, page, "\">", WORD_AGAIN, "</a></p>");
}

static void body(struct buffer *out, const struct device_page *page)
{
	switch (page->step) {
	case STEP_CODE:
		code_form(out, page);
		return;
	case STEP_LOGIN:
		login_form(out, page);
		return;
	case STEP_CONFIRM:
		confirm_form(out, page);
		return;
	case STEP_ALLOWED:
		element(out, page, "<p role=\"status\">", WORD_ALLOWED, "</p>");
		return;
	case STEP_DENIED:
		element(out, page, "<p role=\"status\">", WORD_DENIED, "</p>");
		return;
	case STEP_OVER:
		again(out, page);
		return;
	}
}

/* A form of its own: Enter in a field above never changes the language. What stands on the page is carried along. */
static void language_choice(struct buffer *out, const struct device_page *page)
{
	element(out, page, "<nav aria-label=\"", WORD_LANGUAGES, "\">");
	begin_form(out, page);
	if (*page->code)
		hidden(out, "user_code", page->code);
	for (int i = 0; i < PAGE_LANGUAGES; i++) {
		const char *code = page_language_code((enum page_language)i);
		buffer_print(out, "<button type=\"submit\" name=\"language\" value=\"%s\" lang=\"%s\"%s>", code, code,
		             i == (int)page->language ? " aria-current=\"true\"" : "");
		html_text(out, page_language_name((enum page_language)i));
		html_tags(out, "</button>");
	}
	html_tags(out, "</form></nav>");
}

static void write_page(struct buffer *out, const struct device_page *page)
{
	buffer_print(out, "<!DOCTYPE html><html lang=\"%s\"><head><meta charset=\"utf-8\">", page_language_code(page->language));
	html_tags(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
	/* Said first when the page comes: something must be done again. */
	if (page->faulty) {
		word(out, page, WORD_PROBLEM);
		html_tags(out, " – ");
	}
	element(out, page, "", title_of(page->step), " – hacktiv</title><style>");
	html_tags(out, style);
	element(out, page, "</style></head><body><header>hacktiv</header><main><h1>", title_of(page->step), "</h1>");
	if (page->faulty && page->field == FIELD_NONE)
		element(out, page, "<p class=\"wrong\" role=\"alert\">", page->fault, "</p>");
	body(out, page);
	html_tags(out, "</main>");
	language_choice(out, page);
	html_tags(out, "</body></html>\n");
}

static const char *policy(struct arena *arena)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char base64[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
	crypto_hash_sha256(hash, (const unsigned char *)style, strlen(style));
	sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
	return arena_print(arena, "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	                   base64);
}

void device_page_respond(const struct request *request, const struct device_page *page, int status, struct response *response)
{
	struct buffer out;
	buffer_init(&out, PAGE_MAX);
	write_page(&out, page);
	respond_page(response, status, out.bytes);
	response->policy = policy(request->arena);
	response->language = page_language_code(page->language);
	buffer_clear(&out);
}
