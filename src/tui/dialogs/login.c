/* login.c — login and password; both stay as typed when the answer is no. */
#include "field.h"
#include "ui.h"

#include <stdlib.h>

struct login_dialog {
	struct dialog dialog;
	size_t site;
	struct field fields[2];    /* login, password */
	int focus;
	bool asking;
	char *answer;              /* why it did not work, "" */
};

enum { LOGIN, PASSWORD };

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	const char *labels[] = { _("Login"), _("Password") };
	int column = text_columns(labels[0]) > text_columns(labels[1]) ? text_columns(labels[0]) : text_columns(labels[1]);
	int row = 0;
	row += canvas_wrap(&ui->canvas, area, row, 0, STYLE_TITLE,
	                   arena_print(ui->scratch, _("LOG IN TO %s"), session_site(ui->session, login->site)->label));
	row += ui->layout.size == LAYOUT_SMALL ? 0 : 1;
	int first = row;
	for (int i = 0; i < 2; i++)
		canvas_text(&ui->canvas, area, row + i, 0, STYLE_PLAIN, labels[i]);
	row += ui->layout.size == LAYOUT_SMALL ? 2 : 3;
	canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING, login->asking ? _("Asking.") : login->answer);
	for (int i = 0; i < 2; i++)
		field_draw(&login->fields[i], &ui->canvas, area, first + i, column + 2, area.columns - column - 2 < 40
		           ? area.columns - column - 2 : 40, i == login->focus);
}

static void set_answer(struct login_dialog *login, const char *text)
{
	free(login->answer);
	login->answer = memory_copy_text(text);
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

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	if (key_is(key, "Escape") || key_is(key, "C-g"))
		return dialog_close(ui);
	if (login->asking)
		return 0;
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

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	struct login_dialog *login = (struct login_dialog *)dialog;
	const struct outcome *outcome = session_log_in_outcome(ui->session, login->site);
	if (!login->asking || !(changes & SESSION_SITES) || outcome->kind == OUTCOME_NONE)
		return 0;
	login->asking = false;
	if (outcome->kind == OUTCOME_DONE) {
		unsigned stale = dialog_close(ui);
		ui_say(ui, STYLE_GOOD, _("Logged in."));
		return stale;
	}
	set_answer(login, outcome->kind == OUTCOME_LOGIN_NEEDED || outcome->kind == OUTCOME_REFUSED
	                  ? _("Login and password do not go together.") : outcome_words(ui->scratch, outcome));
	return UI_ROWS;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	(void)ui;
	struct login_dialog *login = (struct login_dialog *)dialog;
	field_clear(&login->fields[LOGIN]);
	field_clear(&login->fields[PASSWORD]);
	free(login->answer);
	free(login);
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog,
	.hint = N_("Enter next, then log in   Tab other field   Esc back"),
};

void open_login_dialog(struct ui *ui, size_t site, const char *name)
{
	struct login_dialog *login = memory_get(sizeof *login);
	login->site = site;
	field_init(&login->fields[LOGIN], false);
	field_init(&login->fields[PASSWORD], true);
	field_set(&login->fields[LOGIN], name ? name : "");
	login->focus = login->fields[LOGIN].length ? PASSWORD : LOGIN;
	login->answer = memory_copy_text("");
	dialog_open(ui, &login->dialog, &ops);
}
