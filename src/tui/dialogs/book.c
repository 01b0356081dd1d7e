/* book.c — a booking before it is one: where, when, what it costs, what stands in the way; then its outcome. Nothing is retyped
 * when somebody was faster: the nearest places are offered where one is. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMNS 14
#define LABEL_COLUMNS_SMALL 13

struct book_dialog {
	struct dialog dialog;
	struct arena *arena;          /* of the names below; begun anew with each place */
	struct wish_book wish;
	const char *sent;             /* id of the wish once Enter was pressed, NULL: not yet */
	size_t chosen;                /* alternative under the cursor */
};

static void set_wish(struct ui *ui, struct book_dialog *book, const struct wish_book *wish)
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
	book->chosen = 0;
	session_propose(ui->session, &book->wish);
}

/* ---- what is known ---- */

static const struct preview *preview_of(const struct ui *ui)
{
	const struct proposal *proposal = session_proposal(ui->session);
	return proposal ? proposal->preview : NULL;
}

static const struct wish_view *sent_wish(const struct ui *ui, const struct book_dialog *book)
{
	return book->sent ? session_wish(ui->session, book->sent) : NULL;
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

static int draw_parts(struct ui *ui, struct area area, int row, enum day_part chosen)
{
	static const char keys[HALF_DAYS] = { 'm', 'a', 'j' };
	struct canvas *canvas = &ui->canvas;
	bool small = ui->layout.size == LAYOUT_SMALL;
	int column = label_columns(ui);
	canvas_clip(canvas, area, row, 0, column - 1, STYLE_PLAIN, _("Part of day"));
	for (int part = 0; part < HALF_DAYS; part++) {
		bool current = part == (int)chosen;
		const char *words = day_part_words((enum day_part)part);
		const char *text = arena_print(ui->scratch, current ? "[%c %s]" : small ? " %c " : " %c %s ", keys[part], words);
		if (current)
			canvas_cursor(canvas, area, row, column);
		column += canvas_text(canvas, area, row, column, current ? STYLE_CURRENT : STYLE_PLAIN, text) + 1;
	}
	return 1;
}

/* `brief`: only what stands in the way. */
static int draw_particulars(struct ui *ui, const struct book_dialog *book, struct area area, int row, bool brief)
{
	const struct proposal *proposal = session_proposal(ui->session);
	const struct preview *preview = preview_of(ui);
	struct arena *arena = ui->scratch;
	if (!preview) {
		bool failed = proposal && proposal->state.outcome.kind > OUTCOME_DONE;
		if (book->sent)
			return 0;
		if (!failed)
			return line(ui, area, row, "", STYLE_PLAIN, _("Looking up hours and price."));
		return line(ui, area, row, "", STYLE_WARNING, ui->layout.size == LAYOUT_SMALL
		            ? _("No answer. Enter books all the same: it is sent as soon as that can be done.")
		            : arena_print(arena, _("%s Enter books all the same: it is sent as soon as that can be done."),
		                          outcome_words(arena, &proposal->state.outcome)));
	}
	const struct booking *booking = &preview->booking;
	const struct zone *zone = ui_zone(ui, booking->time_zone);
	int used = 0;
	if (booking->start_at && !brief)
		used += line(ui, area, row + used, _("Hours"), STYLE_PLAIN,
		             arena_print(arena, "%s–%s", minutes_words(arena, zone_wall(zone, booking->start_at).minutes),
		                         minutes_words(arena, zone_wall(zone, booking->end_at).minutes)));
	if (!brief)
		used += line(ui, area, row + used, _("Price"), STYLE_PLAIN, price_words(arena, booking->price, booking->country));
	if (booking->start_at && !brief && preview->obstacle_count == 0)
		used += line(ui, area, row + used, _("Cancelling"), STYLE_PLAIN,
		             booking->cancel_until > session_now(ui->session)
		             ? arena_print(arena, _("free until %s"), instant_words(arena, zone, booking->cancel_until))
		             : _("not possible any more: it begins too soon"));
	for (size_t i = 0; i < preview->obstacle_count && !book->sent; i++) {
		const struct obstacle *obstacle = &preview->obstacles[i];
		const char *detail = *obstacle->detail ? arena_print(arena, " (%s)", obstacle->detail) : "";
		used += line(ui, area, row + used, i ? "" : _("In the way"), STYLE_WARNING,
		             arena_print(arena, "%s%s", rule_words(obstacle->rule), detail));
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
	size_t from = room > 0 && book->chosen >= (size_t)room ? book->chosen - (size_t)room + 1 : 0;
	canvas_text(&ui->canvas, area, row++, 0, STYLE_TITLE, ui->layout.size == LAYOUT_SMALL
	            ? _("Free instead:") : _("Free instead, nearest first:"));
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
	bool airy = ui->layout.size != LAYOUT_SMALL, brief = !airy && offers_of(ui, book).count;
	int row = 0;
	if (!brief) {
		canvas_text(&ui->canvas, area, row, 0, STYLE_TITLE, _("BOOK A PLACE"));
		row += airy ? 2 : 1;
	}
	row += line(ui, area, row, _("Where"), STYLE_PLAIN, arena_print(ui->scratch, "%s, %s", wish->space_name, wish->resource_name));
	row += line(ui, area, row, _("When"), STYLE_PLAIN, date_words_long(ui->scratch, wish->when.date));
	row += draw_parts(ui, area, row, wish->when.part);
	row += draw_particulars(ui, book, area, row, brief);
	row += airy;
	int told = draw_outcome(ui, book, area, row);
	row += told + (told && airy);
	draw_offers(ui, book, area, row);
}

/* ---- keys ---- */

static unsigned take_part(struct ui *ui, struct book_dialog *book, enum day_part part)
{
	if (part == book->wish.when.part && !book->sent)
		return 0;
	struct wish_book wish = book->wish;
	wish.when.part = part;
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
	if (book->sent || (preview && preview->obstacle_count))
		return 0;
	book->sent = session_book(ui->session, &book->wish);
	return UI_ROWS;
}

/* Left and right go through the parts of the day in the order they are shown. */
static unsigned step_part(struct ui *ui, struct book_dialog *book, int step)
{
	int part = (int)book->wish.when.part + step;
	return part < 0 || part >= HALF_DAYS ? 0 : take_part(ui, book, (enum day_part)part);
}

static unsigned choose(struct ui *ui, struct book_dialog *book, int step)
{
	struct offers offers = offers_of(ui, book);
	if ((step < 0 && book->chosen == 0) || (step > 0 && book->chosen + 1 >= offers.count))
		return 0;
	book->chosen = step < 0 ? book->chosen - 1 : book->chosen + 1;
	return UI_ROWS;
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	if (key_is_back(key))
		return dialog_close(ui);
	if (key_is(key, "Enter"))
		return confirm(ui, book);
	if (key_is(key, "Up") || key_is(key, "k"))
		return choose(ui, book, -1);
	if (key_is(key, "Down") || key_is(key, "j")) {
		struct offers offers = offers_of(ui, book);
		if (offers.count > 0 || key_is(key, "Down"))
			return choose(ui, book, 1);
	}
	const struct wish_view *sent = sent_wish(ui, book);
	if (sent && !outcome_is_final(sent->outcome.kind))
		return 0;   /* it is under way: what is asked for stays as it is */
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
	return 0;
}

/* Done: the dialog has nothing more to say, the message row has. Any other end stays here, where it can be mended. */
static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	const struct wish_view *wish = sent_wish(ui, book);
	unsigned stale = changes & SESSION_PROPOSAL ? UI_ROWS : 0;
	if (!wish || !(changes & SESSION_WISHES))
		return stale;
	return stale | (outcome_exit_status(wish->outcome.kind) == 0 ? dialog_close(ui) : UI_ROWS);
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	struct book_dialog *book = (struct book_dialog *)dialog;
	session_drop_proposal(ui->session);
	book->sent = NULL;
	ui_tell_wishes(ui);
	arena_free(book->arena);
	free(book);
}

static const char *hint(const struct ui *ui, const struct dialog *dialog)
{
	const struct book_dialog *book = (const struct book_dialog *)dialog;
	if (offers_of(ui, book).count)
		return _("Enter take this one   ↑ ↓ choose   m a j: part of the day   q back");
	return book->sent ? _("q back")
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
	set_wish(ui, book, wish);
	dialog_open(ui, &book->dialog, &ops);
}
