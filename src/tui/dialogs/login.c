/* login.c — being let in: by a code that one types on another device where the site can (RFC 8628), else by login and password. What was
 * typed stays as typed when the answer is no. */
#include "field.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define FIELD_COLUMNS 40
#define WORDS_COLUMNS_LEAST 36   /* beside a QR code */
#define GAP 2

struct login_dialog {
	struct dialog dialog;
	size_t site;
	bool by_device;
	struct field fields[2];    /* login, password */
	int focus;
	bool asking;
	bool was_in;               /* when it was opened: somebody else is to be let in, perhaps */
	char *answer;              /* why it did not work, "" */
};

enum { LOGIN, PASSWORD };

static void set_answer(struct login_dialog *login, const char *text)
{
	free(login->answer);
	login->answer = memory_copy_text(text);
}

/* ---- what is shown ---- */

static int draw_title(struct ui *ui, const struct login_dialog *login, struct area area)
{
	int rows = canvas_wrap(&ui->canvas, area, 0, 0, STYLE_TITLE,
	                       arena_print(ui->scratch, _("LOG IN TO %s"), session_site(ui->session, login->site)->label));
	return rows + (ui->layout.size != LAYOUT_SMALL);
}

static void draw_fields(struct ui *ui, const struct login_dialog *login, struct area area)
{
	const char *labels[] = { _("Login"), _("Password") };
	int column = text_columns(labels[0]) > text_columns(labels[1]) ? text_columns(labels[0]) : text_columns(labels[1]);
	int first = draw_title(ui, login, area);
	for (int i = 0; i < 2; i++)
		canvas_text(&ui->canvas, area, first + i, 0, STYLE_PLAIN, labels[i]);
	canvas_wrap(&ui->canvas, area, first + (ui->layout.size == LAYOUT_SMALL ? 2 : 3), 0, STYLE_WARNING,
	            login->asking ? _("Asking.") : login->answer);
	int room = area.columns - column - 2;
	for (int i = 0; i < 2; i++)
		field_draw(&login->fields[i], &ui->canvas, area, first + i, column + 2, room < FIELD_COLUMNS ? room : FIELD_COLUMNS,
		           i == login->focus);
}

/* "W D J B - M J H T": letters that nobody reads for one another. What is typed with spaces counts as well. */
static const char *spaced(struct arena *arena, const char *code)
{
	char *text = arena_get(arena, strlen(code) * 2 + 5), *to = text;
	*to++ = '[';
	for (; *code; code++) {
		*to++ = ' ';
		*to++ = *code;
	}
	memcpy(to, " ]", 3);
	return text;
}

/* Columns that are left for words; the code stands at the right edge, or nowhere. */
static int draw_qr(struct ui *ui, const struct device_view *device, struct area area)
{
	struct qr qr;
	bool dark_ink = term_has_colours(ui->term);
	const char *address = *device->whole_address ? device->whole_address : device->address;
	if (ui->canvas.ascii || !qr_make(ui->scratch, address, dark_ink, &qr) || (int)qr.count > area.rows ||
	    qr.columns + GAP + WORDS_COLUMNS_LEAST > area.columns)
		return area.columns;
	for (size_t i = 0; i < qr.count; i++)
		canvas_text(&ui->canvas, area, (int)i, area.columns - qr.columns, dark_ink ? STYLE_QR : STYLE_PLAIN, qr.rows[i]);
	return area.columns - qr.columns - GAP;
}

static void draw_code(struct ui *ui, const struct login_dialog *login, struct area area, const struct device_view *device)
{
	struct canvas *canvas = &ui->canvas;
	bool airy = ui->layout.size != LAYOUT_SMALL;
	area.columns = draw_qr(ui, device, area);
	int row = draw_title(ui, login, area);
	row += canvas_wrap(canvas, area, row, 0, STYLE_PLAIN, _("Open this page on any device:"));
	row += canvas_wrap(canvas, area, row, 0, STYLE_TITLE, device->address) + airy;
	row += canvas_wrap(canvas, area, row, 0, STYLE_PLAIN, _("and type this code there:"));
	canvas_text(canvas, area, row, 0, STYLE_TITLE, spaced(ui->scratch, device->user_code));
	int code_row = row;
	row += 1 + airy;
	int64_t left_s = device->until - session_now(ui->session);
	canvas_wrap(canvas, area, row, 0, STYLE_PLAIN,
	            arena_print(ui->scratch, _("Once you said yes there, this goes on by itself. The code is good for %d min."),
	                        left_s > 0 ? (int)((left_s + 59) / 60) : 0));
	canvas_cursor(canvas, area, code_row, 0);
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	const struct device_view *device = session_device(ui->session, login->site);
	if (!login->by_device) {
		draw_fields(ui, login, area);
		return;
	}
	if (device && *device->user_code) {
		draw_code(ui, login, area, device);
		return;
	}
	int row = draw_title(ui, login, area);
	canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING, device ? _("The site is being asked for a code.") : login->answer);
	canvas_cursor(&ui->canvas, area, row, 0);
}

static const char *hint(const struct ui *ui, const struct dialog *dialog)
{
	const struct login_dialog *login = (const struct login_dialog *)dialog;
	if (login->asking)
		return _("Esc back");
	if (!login->by_device)
		return session_may_log_in_by_device(ui->session, login->site)
		       ? _("Enter next, then log in   Tab other field   Ctrl-D by a code   Esc back")
		       : _("Enter next, then log in   Tab other field   Esc back");
	return session_device(ui->session, login->site) ? _("p with a password   Esc back")
	                                                : _("Enter another code   p with a password   Esc back");
}

/* ---- keys ---- */

static unsigned ask_for_code(struct ui *ui, struct login_dialog *login)
{
	login->by_device = true;
	login->asking = false;
	set_answer(login, "");
	session_log_in_by_device(ui->session, login->site);
	return UI_LAYOUT;
}

static unsigned take_password(struct ui *ui, struct login_dialog *login)
{
	session_drop_log_in(ui->session, login->site);
	login->by_device = false;
	set_answer(login, "");
	return UI_LAYOUT;
}

static unsigned submit(struct ui *ui, struct login_dialog *login)
{
	if (login->fields[LOGIN].length == 0 || login->fields[PASSWORD].length == 0) {
		login->focus = login->fields[LOGIN].length == 0 ? LOGIN : PASSWORD;
		return UI_ROWS;
	}
	session_log_in(ui->session, login->site, login->fields[LOGIN].text, login->fields[PASSWORD].text);
	login->asking = true;
	return UI_ROWS;
}

static unsigned type(struct ui *ui, struct login_dialog *login, const struct key *key)
{
	if (login->asking)
		return 0;
	if (key_is(key, "C-d") && session_may_log_in_by_device(ui->session, login->site))
		return ask_for_code(ui, login);
	if (key_is(key, "Tab") || key_is(key, "BTab") || key_is(key, "Up") || key_is(key, "Down")) {
		login->focus = !login->focus;
		return UI_ROWS;
	}
	if (key_is(key, "Enter")) {
		if (login->focus == PASSWORD)
			return submit(ui, login);
		login->focus = PASSWORD;
		return UI_ROWS;
	}
	return field_key(&login->fields[login->focus], key) ? UI_ROWS : 0;
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	if (key_is(key, "Escape") || key_is(key, "C-g") || (login->by_device && key_is(key, "q")))
		return dialog_close(ui);
	if (!login->by_device)
		return type(ui, login, key);
	if (key_is(key, "p"))
		return take_password(ui, login);
	return key_is(key, "Enter") && !session_device(ui->session, login->site) ? ask_for_code(ui, login) : UI_DEAF;
}

/* ---- how it ends ---- */

static unsigned refused(struct ui *ui, struct login_dialog *login, const struct outcome *outcome)
{
	if (login->by_device && !session_may_log_in_by_device(ui->session, login->site))
		return take_password(ui, login);
	bool wrong = outcome->kind == OUTCOME_LOGIN_NEEDED || outcome->kind == OUTCOME_NOT_ALLOWED;
	set_answer(login, login->by_device ? device_words(ui->scratch, outcome)
	                  : wrong          ? _("Login and password do not go together.")
	                                   : outcome_words(ui->scratch, outcome));
	login->asking = false;
	return UI_LAYOUT;
}

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	const struct outcome *outcome = session_log_in_outcome(ui->session, login->site);
	if (!(changes & SESSION_SITES))
		return 0;
	if (outcome->kind == OUTCOME_NONE && !login->was_in && session_is_let_in(ui->session, login->site))
		return dialog_close(ui);   /* in another hacktiv, meanwhile */
	if (outcome->kind == OUTCOME_NONE)
		return login->by_device ? UI_ROWS : 0;
	if (outcome->kind != OUTCOME_DONE)
		return login->asking || login->by_device ? refused(ui, login, outcome) : 0;
	unsigned stale = dialog_close(ui);
	ui_say(ui, STYLE_GOOD, _("Logged in."));
	return stale;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	session_drop_log_in(ui->session, login->site);
	field_clear(&login->fields[LOGIN]);
	field_clear(&login->fields[PASSWORD]);
	free(login->answer);
	free(login);
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog, .hint_now = hint,
};

void open_login_dialog(struct ui *ui, size_t site, const char *name, unsigned how)
{
	struct login_dialog *login = memory_get(sizeof *login);
	login->site = site;
	field_init(&login->fields[LOGIN], false);
	field_init(&login->fields[PASSWORD], true);
	field_set(&login->fields[LOGIN], name ? name : "");
	login->focus = login->fields[LOGIN].length ? PASSWORD : LOGIN;
	login->answer = memory_copy_text("");
	login->was_in = session_is_let_in(ui->session, site);
	dialog_open(ui, &login->dialog, &ops);
	session_drop_log_in(ui->session, site);
	if (!(how & LOG_IN_BY_PASSWORD) && session_may_log_in_by_device(ui->session, site))
		ask_for_code(ui, login);
}

bool ui_log_in_first(struct ui *ui, struct dialog *dialog, size_t site)
{
	if (session_site(ui->session, site)->state != SITE_LOGIN_NEEDED || ui->dialog != dialog)
		return false;
	dialog->asked_to_log_in = true;
	open_login_dialog(ui, site, ui->config->sites[site].login, 0);
	return true;
}

void ui_log_in_for(struct ui *ui, struct dialog *dialog, const struct wish_view *wish)
{
	if (!wish)
		return;
	if (session_site(ui->session, wish->site)->may_book)
		dialog->asked_to_log_in = false;   /* that was done: should the site forget us once more, it is asked for once more */
	bool is_open = wish->row->state == WISH_QUEUED || wish->row->state == WISH_SENT;
	if (wish->outcome.kind == OUTCOME_LOGIN_NEEDED && is_open && !dialog->asked_to_log_in)
		ui_log_in_first(ui, dialog, wish->site);
}
