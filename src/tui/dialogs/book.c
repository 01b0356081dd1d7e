/* book.c — a booking before it is one: where, when, what it costs, what stands in the way; then its outcome. Nothing is retyped
 * when somebody was faster: the nearest places are offered where one is. */
#include "field.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMNS 14
#define LABEL_COLUMNS_SMALL 13
#define NONE_CHOSEN SIZE_MAX
#define HOURS_COLUMNS 20       /* "de 14h30 à 16h30" */

struct book_dialog {
	struct dialog dialog;
	struct arena *arena;          /* of the names below; begun anew with each place */
	struct wish_book wish;
	const char *sent;             /* id of the wish once Enter was pressed, NULL: not yet */
	size_t chosen;                /* alternative under the cursor; NONE_CHOSEN: the cursor is where hours are typed */
	struct field hours;           /* what is typed while the wish is for hours */
	const char *question;         /* id of a wish that came to nothing while nobody watched, for which another place is looked for */
};

/* The field of the hours stays as it was typed. */
static void set_wish_as_typed(struct ui *ui, struct book_dialog *book, const struct wish_book *wish)
{
	struct arena *arena = arena_new();
	struct wish_book copy = {
		.site = wish->site, .space_id = arena_copy_text(arena, wish->space_id),
		.space_name = arena_copy_text(arena, wish->space_name), .resource_id = arena_copy_text(arena, wish->resource_id),
		.resource_name = arena_copy_text(arena, wish->resource_name), .when = wish->when,
	};
	arena_free(book->arena);
	book->arena = arena;
	book->wish = copy;
	book->sent = NULL;
	book->chosen = wish->when.part == DAY_PART_HOURS ? NONE_CHOSEN : 0;
	session_propose(ui->session, &book->wish);
}

static void set_wish(struct ui *ui, struct book_dialog *book, const struct wish_book *wish)
{
	set_wish_as_typed(ui, book, wish);
	if (wish->when.part == DAY_PART_HOURS)
		field_set(&book->hours, range_words(ui->scratch, wish->when.hours));
}

/* ---- hours ---- */

static bool by_hours(const struct book_dialog *book)
{
	return book->wish.when.part == DAY_PART_HOURS;
}

/* The place on the day in question, when that is at hand. */
static const struct resource_day *day_of(const struct ui *ui, const struct wish_book *wish, const struct day_list **day)
{
	*day = session_day(ui->session, wish->site, wish->space_id, wish->when.date);
	for (size_t i = 0; i < (*day)->count; i++) {
		if (strcmp((*day)->rows[i].resource.id, wish->resource_id) == 0)
			return &(*day)->rows[i];
	}
	return NULL;
}

static int part_count(const struct ui *ui, const struct book_dialog *book)
{
	const struct day_list *day;
	const struct resource_day *row = day_of(ui, &book->wish, &day);
	return by_hours(book) || (row && row->resource.by_hour) ? DAY_PARTS : HALF_DAYS;
}

/* Whether what stands in the field are hours, those of the wish. */
static bool hours_are_clear(const struct book_dialog *book, struct problem *why)
{
	struct minute_range typed;
	return hours_from_words(book->hours.text, &typed, why);
}

static unsigned take_hours(struct ui *ui, struct book_dialog *book)
{
	const struct day_list *day;
	const struct resource_day *row = day_of(ui, &book->wish, &day);
	const struct space *space = ui_find_space(ui, book->wish.site, book->wish.space_id);
	if (row && !row->resource.by_hour)
		ui_remark(ui, STYLE_WARNING, rule_words(RULE_NOT_BY_THE_HOUR));
	if (by_hours(book) || !row || !row->resource.by_hour || !space || day->opening.hours.count == 0)
		return UI_STATUS;
	struct wish_book wish = book->wish;
	wish.when = hours_of(wish.when.date, ui_next_hours(ui, space, day, row));
	set_wish(ui, book, &wish);
	return UI_ROWS;
}

/* Each time hours are understood, what they would be is asked. */
static unsigned type_hours(struct ui *ui, struct book_dialog *book, const struct key *key)
{
	if (!field_key(&book->hours, key))
		return 0;
	book->chosen = NONE_CHOSEN;
	struct wish_book wish = book->wish;
	bool understood = hours_from_words(book->hours.text, &wish.when.hours, NULL);
	if (understood && !period_equal(wish.when, book->wish.when))
		set_wish_as_typed(ui, book, &wish);
	return UI_ROWS;
}

/* ---- what is known ---- */

static const struct preview *preview_of(const struct ui *ui)
{
	const struct proposal *proposal = session_proposal(ui->session);
	return proposal ? proposal->preview : NULL;
}

/* Nobody could be asked: what stands in the way is known here. */
static bool is_foreseen(const struct ui *ui)
{
	const struct proposal *proposal = session_proposal(ui->session);
	return proposal && proposal->preview && proposal->state.outcome.kind != OUTCOME_DONE;
}

static const struct wish_view *sent_wish(const struct ui *ui, const struct book_dialog *book)
{
	return book->sent ? session_wish(ui->session, book->sent) : NULL;
}

static const struct wish_view *question_of(const struct ui *ui, const struct book_dialog *book)
{
	return book->question ? session_wish(ui->session, book->question) : NULL;
}

/* The place that was wished for then, not one that is looked at instead. */
static bool is_question_itself(const struct book_dialog *book, const struct outbox_row *row)
{
	return strcmp(row->resource_id, book->wish.resource_id) == 0 && period_equal(row->when, book->wish.when);
}

struct offers { const struct alternative *list; size_t count; };

static struct offers offers_of(const struct ui *ui, const struct book_dialog *book)
{
	const struct wish_view *wish = sent_wish(ui, book);
	if (wish)
		return (struct offers){ wish->outcome.alternatives, wish->outcome.alternative_count };
	const struct preview *preview = preview_of(ui);
	if (preview && preview->obstacle_count)
		return (struct offers){ preview->alternatives, preview->alternative_count };
	const struct wish_view *question = question_of(ui, book);
	if (!preview && question && is_question_itself(book, question->row))
		return (struct offers){ question->outcome.alternatives, question->outcome.alternative_count };
	return (struct offers){ NULL, 0 };
}

/* ---- drawing ---- */

static int label_columns(const struct ui *ui)
{
	return ui->layout.size == LAYOUT_SMALL ? LABEL_COLUMNS_SMALL : LABEL_COLUMNS;
}

static int line(struct ui *ui, struct area area, int row, const char *label, enum style style, const char *text)
{
	struct area right = area;
	int columns = label_columns(ui);
	canvas_clip(&ui->canvas, area, row, 0, columns - 1, STYLE_PLAIN, label);
	right.column += columns;
	right.columns -= columns;
	return canvas_wrap(&ui->canvas, right, row, 0, style, text);
}

static int draw_parts(struct ui *ui, const struct book_dialog *book, struct area area, int row)
{
	static const char keys[DAY_PARTS] = { 'm', 'a', 'j', 'h' };
	enum day_part chosen = book->wish.when.part;
	int count = part_count(ui, book);
	struct canvas *canvas = &ui->canvas;
	bool small = ui->layout.size == LAYOUT_SMALL;
	int column = label_columns(ui);
	canvas_clip(canvas, area, row, 0, column - 1, STYLE_PLAIN, _("Part of day"));
	for (int part = 0; part < count; part++) {
		bool current = part == (int)chosen;
		const char *words = day_part_words((enum day_part)part);
		const char *text = arena_print(ui->scratch, current ? "[%c %s]" : small ? " %c " : " %c %s ", keys[part], words);
		if (current)
			canvas_cursor(canvas, area, row, column);
		column += canvas_text(canvas, area, row, column, current ? STYLE_CURRENT : STYLE_PLAIN, text) + 1;
	}
	return 1;
}

/* Where hours are typed; below, what is wrong with them. */
static int draw_hours(struct ui *ui, const struct book_dialog *book, struct area area, int row)
{
	struct problem why = { 0 };
	if (!by_hours(book))
		return 0;
	canvas_clip(&ui->canvas, area, row, 0, label_columns(ui) - 1, STYLE_PLAIN, _("Hours"));
	field_draw(&book->hours, &ui->canvas, area, row, label_columns(ui), HOURS_COLUMNS, true);
	if (book->hours.length == 0)
		return 1 + line(ui, area, row + 1, "", STYLE_PLAIN, _("14:00-16:00, 14h-16h30, from 2pm to 4pm"));
	return hours_are_clear(book, &why) ? 1 : 1 + line(ui, area, row + 1, "", STYLE_WARNING, why.text);
}

/* `brief`: only what stands in the way. */
static int draw_particulars(struct ui *ui, const struct book_dialog *book, struct area area, int row, bool brief)
{
	const struct proposal *proposal = session_proposal(ui->session);
	const struct preview *preview = preview_of(ui);
	struct arena *arena = ui->scratch;
	if (!preview) {
		bool failed = proposal && proposal->state.outcome.kind > OUTCOME_DONE;
		const struct wish_view *question = question_of(ui, book);
		if (book->sent)
			return 0;
		if (question && is_question_itself(book, question->row))
			return line(ui, area, row, "", STYLE_WARNING, outcome_words(arena, &question->outcome));
		if (!failed)
			return line(ui, area, row, "", STYLE_PLAIN, _("Looking up hours and price."));
		if (proposal->state.outcome.kind == OUTCOME_LOGIN_NEEDED)
			return line(ui, area, row, "", STYLE_WARNING, _("Enter logs you in first; what is chosen here stays."));
		if (kiosk_is_on(ui))
			return line(ui, area, row, "", STYLE_WARNING, arena_print(arena, _("%s Enter tries all the same; nothing is kept here to be sent later."),
			                                                          outcome_words(arena, &proposal->state.outcome)));
		return line(ui, area, row, "", STYLE_WARNING, ui->layout.size == LAYOUT_SMALL
		            ? _("No answer. Enter books all the same: it is sent as soon as that can be done.")
		            : arena_print(arena, _("%s Enter books all the same: it is sent as soon as that can be done."),
		                          outcome_words(arena, &proposal->state.outcome)));
	}
	const struct booking *booking = &preview->booking;
	const struct zone *zone = ui_zone(ui, booking->time_zone);
	int used = 0;
	if (booking->start_at && !brief && !by_hours(book))
		used += line(ui, area, row + used, _("Hours"), STYLE_PLAIN,
		             arena_print(arena, "%s–%s", minutes_words(arena, zone_wall(zone, booking->start_at).minutes),
		                         minutes_words(arena, zone_wall(zone, booking->end_at).minutes)));
	const char *credit = payment_words(arena, booking);
	bool money = !*credit || preview->obstacle_count || ui->layout.size != LAYOUT_SMALL;   /* there is no room for what it would have cost */
	if (money && !brief && !is_foreseen(ui))
		used += line(ui, area, row + used, _("Price"), STYLE_PLAIN, price_words(arena, booking->price, booking->country));
	if (*credit && !brief && preview->obstacle_count == 0)
		used += line(ui, area, row + used, _("Paid with"), STYLE_PLAIN, credit);
	if (booking->start_at && !brief && preview->obstacle_count == 0)
		used += line(ui, area, row + used, _("Cancelling"), STYLE_PLAIN,
		             booking->cancel_until > session_now(ui->session)
		             ? arena_print(arena, _("free until %s"), instant_words(arena, zone, booking->cancel_until))
		             : _("not possible any more: it begins too soon"));
	for (size_t i = 0; i < preview->obstacle_count && !book->sent; i++) {
		used += line(ui, area, row + used, i ? "" : _("In the way"), STYLE_WARNING, obstacle_words(arena, &preview->obstacles[i]));
	}
	return used;
}

/* `brief`: what differs most comes first, for the end is cut. */
static const char *offer_words(struct ui *ui, const struct alternative *offer, bool brief)
{
	struct arena *arena = ui->scratch;
	if (brief)
		return arena_print(arena, "%s %s, %s, %s", date_words_short(arena, offer->when.date), period_words(arena, offer->when),
		                   offer->resource_name, offer->space_name);
	return arena_print(arena, "%s, %s, %s, %s", offer->space_name, offer->resource_name,
	                   date_words_near(arena, offer->when.date, session_today(ui->session)), period_words(arena, offer->when));
}

static void draw_offers(struct ui *ui, const struct book_dialog *book, struct area area, int row)
{
	struct offers offers = offers_of(ui, book);
	if (offers.count == 0)
		return;
	bool brief = ui->layout.size == LAYOUT_SMALL;
	for (size_t i = 0; i < offers.count; i++)
		brief = brief || text_columns(offer_words(ui, &offers.list[i], false)) > area.columns - 2;
	int room = area.rows - row - 1;
	size_t from = room > 0 && book->chosen != NONE_CHOSEN && book->chosen >= (size_t)room ? book->chosen - (size_t)room + 1 : 0;
	canvas_text(&ui->canvas, area, row++, 0, STYLE_TITLE, is_foreseen(ui) ? _("Open instead, as far as is known here:")
	            : ui->layout.size == LAYOUT_SMALL ? _("Free instead:") : _("Free instead, nearest first:"));
	for (size_t i = from; i < offers.count && row < area.rows; i++, row++) {
		bool chosen = i == book->chosen;
		if (chosen) {
			canvas_text(&ui->canvas, area, row, 0, STYLE_SELECTED, "> ");
			canvas_cursor(&ui->canvas, area, row, 0);
		}
		canvas_clip(&ui->canvas, area, row, 2, area.columns - 2, chosen ? STYLE_SELECTED : STYLE_PLAIN,
		            offer_words(ui, &offers.list[i], brief));
	}
}

static int draw_outcome(struct ui *ui, const struct book_dialog *book, struct area area, int row)
{
	const struct wish_view *wish = sent_wish(ui, book);
	if (!wish)
		return 0;
	bool conflict = wish->outcome.kind == OUTCOME_CONFLICT;
	return canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING,
	                   conflict ? outcome_words(ui->scratch, &wish->outcome) : wish_words(ui->scratch, wish));
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	const struct wish_book *wish = &book->wish;
	const struct wish_view *question = question_of(ui, book);
	bool airy = ui->layout.size != LAYOUT_SMALL, brief = !airy && offers_of(ui, book).count;
	int row = 0;
	if (!brief) {
		canvas_text(&ui->canvas, area, row, 0, STYLE_TITLE, question && is_question_itself(book, question->row)
		            ? _("NOT BOOKED: WHAT INSTEAD?") : _("BOOK A PLACE"));
		row += airy ? 2 : 1;
	}
	row += line(ui, area, row, _("Where"), STYLE_PLAIN, arena_print(ui->scratch, "%s, %s", wish->space_name, wish->resource_name));
	row += line(ui, area, row, _("When"), STYLE_PLAIN, date_words_long(ui->scratch, wish->when.date));
	row += draw_parts(ui, book, area, row);
	row += draw_hours(ui, book, area, row);
	if (by_hours(book) && !hours_are_clear(book, NULL))
		return;
	row += draw_particulars(ui, book, area, row, brief);
	row += airy;
	int told = draw_outcome(ui, book, area, row);
	row += told + (told && airy);
	draw_offers(ui, book, area, row);
}

/* ---- keys ---- */

static unsigned take_part(struct ui *ui, struct book_dialog *book, enum day_part part)
{
	if (part == DAY_PART_HOURS)
		return take_hours(ui, book);
	if (part == book->wish.when.part && !book->sent)
		return 0;
	struct wish_book wish = book->wish;
	wish.when = half_day(wish.when.date, part);
	set_wish(ui, book, &wish);
	return UI_ROWS;
}

static unsigned take_offer(struct ui *ui, struct book_dialog *book, const struct alternative *offer)
{
	struct wish_book wish = {
		.site = book->wish.site, .space_id = offer->space_id, .space_name = offer->space_name,
		.resource_id = offer->resource_id, .resource_name = offer->resource_name, .when = offer->when,
	};
	if (book->sent)
		session_wish_seen(ui->session, book->sent);
	set_wish(ui, book, &wish);
	return UI_ROWS;
}

static unsigned confirm(struct ui *ui, struct book_dialog *book)
{
	struct offers offers = offers_of(ui, book);
	if (book->chosen < offers.count)
		return take_offer(ui, book, &offers.list[book->chosen]);
	const struct preview *preview = preview_of(ui);
	const struct wish_view *question = question_of(ui, book);
	if (!preview && question && is_question_itself(book, question->row))
		return 0;   /* that is what cannot be had */
	if (preview && preview->obstacle_count)
		return UI_DEAF;   /* what is in the way stands there */
	if (book->sent || (by_hours(book) && !hours_are_clear(book, NULL)))
		return 0;
	if (ui_log_in_first(ui, &book->dialog, book->wish.site))
		return UI_LAYOUT;
	book->sent = session_book(ui->session, &book->wish);
	if (book->question) {
		list_await(&ui->views[PANE_MY_DAY].list, my_day_wish(ui->scratch, book->question), my_day_wish(ui->scratch, book->sent));
		session_wish_drop(ui->session, book->question);   /* that was the answer */
	}
	book->question = NULL;
	return UI_ROWS;
}

/* Left and right go through the parts of the day in the order they are shown. */
static unsigned step_part(struct ui *ui, struct book_dialog *book, int step)
{
	int part = (int)book->wish.when.part + step;
	return part < 0 || part >= part_count(ui, book) ? 0 : take_part(ui, book, (enum day_part)part);
}

static unsigned choose(struct ui *ui, struct book_dialog *book, int step)
{
	struct offers offers = offers_of(ui, book);
	bool first = by_hours(book) ? book->chosen == NONE_CHOSEN : book->chosen == 0;
	if ((step < 0 && first) || (step > 0 && book->chosen + 1 >= offers.count))
		return 0;
	book->chosen += step < 0 ? SIZE_MAX : 1;      /* NONE_CHOSEN stands before the first */
	return UI_ROWS;
}

static unsigned let_go(struct ui *ui, struct book_dialog *book)
{
	session_wish_drop(ui->session, book->question);
	book->question = NULL;
	return dialog_close(ui);
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	bool types = by_hours(book);
	if (types ? key_is(key, "Escape") || key_is(key, "C-g") : key_is_back(key))
		return dialog_close(ui);
	if (key_is(key, "Enter"))
		return confirm(ui, book);
	if (book->question && !types && key_is(key, "x"))
		return let_go(ui, book);
	if (key_is(key, "Up") || (!types && key_is(key, "k")))
		return choose(ui, book, -1);
	if (key_is(key, "Down") || (!types && key_is(key, "j"))) {
		struct offers offers = offers_of(ui, book);
		if (offers.count > 0 || key_is(key, "Down"))
			return choose(ui, book, 1);
	}
	const struct wish_view *sent = sent_wish(ui, book);
	if (sent && !outcome_is_final(sent->outcome.kind))
		return 0;   /* it is under way: what is asked for stays as it is */
	if (key_is(key, "Tab"))
		return take_part(ui, book, types ? DAY_PART_MORNING : DAY_PART_HOURS);
	if (types)
		return type_hours(ui, book, key);
	if (key_is(key, "h"))
		return take_hours(ui, book);
	if (key_is(key, "m"))
		return take_part(ui, book, DAY_PART_MORNING);
	if (key_is(key, "a"))
		return take_part(ui, book, DAY_PART_AFTERNOON);
	if (key_is(key, "j"))
		return take_part(ui, book, DAY_PART_WHOLE);
	if (key_is(key, "Left"))
		return step_part(ui, book, -1);
	if (key_is(key, "Right"))
		return step_part(ui, book, 1);
	return UI_DEAF;
}

/* What it would be could not be told to who was not logged in. */
static unsigned ask_again_when_let_in(struct ui *ui, struct book_dialog *book)
{
	const struct proposal *proposal = session_proposal(ui->session);
	if (book->sent || !proposal || proposal->state.outcome.kind != OUTCOME_LOGIN_NEEDED || !session_site(ui->session, book->wish.site)->may_book)
		return 0;
	session_propose(ui->session, &book->wish);
	return UI_ROWS;
}

/* Done: the dialog has nothing more to say, the message row has. Any other end stays here, where it can be mended. */
static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	const struct wish_view *wish = sent_wish(ui, book);
	unsigned stale = changes & SESSION_PROPOSAL ? UI_ROWS : 0;
	stale |= ask_again_when_let_in(ui, book);
	ui_log_in_for(ui, dialog, wish);
	if (!wish || !(changes & SESSION_WISHES))
		return stale;
	return stale | (outcome_exit_status(wish->outcome.kind) == 0 ? dialog_close(ui) : UI_ROWS);
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	session_drop_proposal(ui->session);
	ui_saw_wish(ui, book->sent);
	book->sent = NULL;
	ui_tell_wishes(ui);
	field_clear(&book->hours);
	arena_free(book->arena);
	free(book);
}

static const char *hint(const struct ui *ui, const struct dialog *dialog)
{
	const struct book_dialog *book = (const struct book_dialog *)dialog;
	bool offers = offers_of(ui, book).count > 0;
	if (by_hours(book))
		return offers && book->chosen == NONE_CHOSEN ? _("↓ to what is free instead   Tab half-days   Esc back")
		     : offers ? _("Enter take this one   ↑ ↓ choose   Tab half-days   Esc back")
		     : book->sent ? _("Esc back") : _("Enter book   14:00-16:00, 14h-16h   Tab half-days   Esc back");
	if (book->question && offers)
		return _("Enter take this one   ↑ ↓ choose   x let it go   q later");
	const struct preview *preview = preview_of(ui);
	if (book->question && preview && preview->obstacle_count == 0)
		return _("Enter book   m a j or arrows: part of the day   x let it go   q later");
	if (book->question)
		return _("m a j or arrows: part of the day   x let it go   q later");
	if (offers)
		return _("Enter take this one   ↑ ↓ choose   m a j: part of the day   q back");
	if (book->sent)
		return _("q back");
	if (preview && preview->obstacle_count)
		return _("m a j or arrows: part of the day   q back");
	return part_count(ui, book) == DAY_PARTS ? _("Enter book   m a j or arrows: part of the day   h hours   q back")
	                                         : _("Enter book   m a j or arrows: part of the day   q back");
}

static const char *wish_of(const struct dialog *dialog)
{
	return ((const struct book_dialog *)dialog)->sent;
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog, .hint_now = hint, .wish = wish_of,
};

void open_book_dialog(struct ui *ui, const struct wish_book *wish)
{
	struct book_dialog *book = memory_get(sizeof *book);
	field_init(&book->hours, false);
	set_wish(ui, book, wish);
	dialog_open(ui, &book->dialog, &ops);
}

void open_book_question(struct ui *ui, const struct wish_view *wish)
{
	const struct outbox_row *row = wish->row;
	struct wish_book asked = {
		.site = wish->site, .space_id = row->space_id, .space_name = row->space_name, .resource_id = row->resource_id,
		.resource_name = row->resource_name, .when = row->when,
	};
	struct book_dialog *book = memory_get(sizeof *book);
	field_init(&book->hours, false);
	book->question = row->id;
	set_wish(ui, book, &asked);
	dialog_open(ui, &book->dialog, &ops);
}
