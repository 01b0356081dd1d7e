/* space.c — one space on one day: its card, then its desks and rooms by half-days (or by hours: space_timeline.c). */
#include "panes.h"

#include <string.h>

#include "timeline.h"

enum { NAME, KIND, MORNING, AFTERNOON, PRICE, AMENITIES_COLUMN };

static const struct space *opened(const struct ui *ui)
{
	return ui->open_space ? ui_find_space(ui, ui->open_site, ui->open_space) : NULL;
}

static const struct day_list *day_of(struct ui *ui)
{
	return session_day(ui->session, ui->open_site, ui->open_space, ui->open_date);
}

/* ---- the card ---- */

static int card_line(struct canvas *canvas, struct area area, int row, const char *text)
{
	return *text ? canvas_wrap(canvas, area, row, 0, STYLE_PLAIN, text) : 0;
}

int draw_space_card(struct ui *ui, struct canvas *canvas, struct area area, const struct space *space)
{
	struct arena *arena = ui->scratch;
	int row = 0;
	canvas_clip(canvas, area, row++, 0, area.columns, STYLE_TITLE, space->name);
	row += card_line(canvas, area, row, arena_print(arena, _("%1$s, %2$s %3$s, %4$s"), space->street, space->postcode,
	                                                space->town, country_words(space->country)));
	if (*space->phone)
		row += card_line(canvas, area, row, arena_print(arena, _("Telephone: %s"), space->phone));
	if (*space->operator_name)
		row += card_line(canvas, area, row, arena_print(arena, _("Run by: %s"), space->operator_name));
	if (space->sample_data)
		row += canvas_wrap(canvas, area, row, 0, STYLE_WARNING, _("Sample data: nothing here is for real."));
	if (*space->description) {
		row++;
		row += card_line(canvas, area, row, space->description);
	}
	if (*space->access_note) {
		row++;
		row += card_line(canvas, area, row, space->access_note);
	}
	return row;
}

static const char *day_line(struct ui *ui, const struct day_list *day)
{
	struct arena *arena = ui->scratch;
	struct local_date now = session_today(ui->session);
	bool small = ui->layout.size == LAYOUT_SMALL;
	const char *date = small ? date_words_near(arena, ui->open_date, now) : date_words_long(arena, ui->open_date);
	if (!small && date_equal(ui->open_date, now))
		date = arena_print(arena, _("%s (today)"), date);
	if (!day->state.as_of)
		return date;
	return ui_with_age(ui, arena, arena_print(arena, _("%1$s: %2$s"), date, opening_words(arena, &day->opening)), &day->state);
}

static int head(struct ui *ui, struct canvas *canvas, struct area area)
{
	const struct space *space = opened(ui);
	if (!space)
		return 0;
	struct arena *arena = ui->scratch;
	const struct day_list *day = day_of(ui);
	int row = 0;
	const char *title = arena_print(arena, "%s, %s [%s]", space->name, space->town, country_code(space->country));
	canvas_clip(canvas, area, row++, 0, area.columns, STYLE_TITLE, title);
	if (ui->layout.size == LAYOUT_FULL) {
		const char *address = arena_print(arena, _("%1$s, %2$s %3$s. %4$s"), space->street, space->postcode, space->town,
		                                  space->operator_name);
		canvas_clip(canvas, area, row++, 0, area.columns, STYLE_PLAIN, address);
		if (space->sample_data)
			canvas_clip(canvas, area, row++, 0, area.columns, STYLE_PLAIN, _("Sample data: nothing here is for real."));
	}
	if (ui->layout.size != LAYOUT_SMALL)
		row++;
	canvas_clip(canvas, area, row++, 0, area.columns, STYLE_TITLE, day_line(ui, day));
	if (ui->by_hours)
		row += draw_timeline_head(ui, canvas, area_rows(area, row, area.rows - row), space, day);
	return row;
}

static void side(struct ui *ui, struct canvas *canvas, struct area area)
{
	const struct space *space = opened(ui);
	if (space)
		draw_space_card(ui, canvas, area, space);
}

/* ---- the rows ---- */

/* Instead of "not bookable": why not, where that is a short word; the whole reason stands at the end of the row. */
static const char *slot_text(const struct ui *ui, const struct space *space, const struct resource_day *row, enum day_part half)
{
	enum slot_state state = half == DAY_PART_MORNING ? row->morning : row->afternoon;
	enum resource_state why = row->resource.state;
	if (state == SLOT_NOT_BOOKABLE && (why == RESOURCE_PLANNED || why == RESOURCE_OUT_OF_ORDER))
		return resource_state_words(why);
	return half_words(row, half, &space->opening, ui->open_date);
}

static const char *amenities_text(struct arena *arena, const struct resource *resource)
{
	char *text = arena_copy_text(arena, resource->state == RESOURCE_BOOKABLE ? "" : resource->state_reason);
	for (unsigned bit = 0; bit < AMENITIES; bit++) {
		if (resource->amenities & (1u << bit))
			text = arena_print(arena, "%s%s%s", text, *text ? ", " : "", amenity_words((enum amenity)(1u << bit)));
	}
	if (*resource->note)
		text = arena_print(arena, "%s%s%s", text, *text ? ". " : "", resource->note);
	return text;
}

static const char *price_text(struct arena *arena, const struct space *space, const struct resource *resource)
{
	if (resource->half_day_cents < 0)
		return "";
	struct price price = price_of(resource->half_day_cents, space->vat_permille);
	return arena_print(arena, _("€%1$d.%2$02d"), price.gross_cents / 100, price.gross_cents % 100);
}

/* The half that can still be had comes first. */
static enum day_part likely_part(const struct resource_day *row)
{
	return row->morning != SLOT_FREE && row->afternoon == SLOT_FREE ? DAY_PART_AFTERNOON : DAY_PART_MORNING;
}

static const struct booking *my_booking(struct ui *ui, const char *id)
{
	const struct booking_list *bookings = session_bookings(ui->session);
	for (size_t i = 0; *id && i < bookings->count; i++) {
		if (bookings->rows[i].site == ui->open_site && strcmp(bookings->rows[i].booking.id, id) == 0)
			return &bookings->rows[i].booking;
	}
	return NULL;
}

const struct subject *resource_subject(struct ui *ui, struct arena *arena, const struct space *space, const struct resource_day *row)
{
	struct subject *subject = arena_get(arena, sizeof *subject);
	*subject = (struct subject){ .site = ui->open_site, .space = space, .resource = row,
		.booking = my_booking(ui, row->my_booking_id), .when = half_day(ui->open_date, likely_part(row)) };
	const struct day_list *day = day_of(ui);
	if (ui->by_hours && row->resource.by_hour && day->opening.hours.count)
		subject->when = hours_of(ui->open_date, ui_next_hours(ui, space, day, row));
	return subject;
}

const char *resource_kind_text(struct arena *arena, const struct resource *resource)
{
	if (resource->capacity <= 1)
		return resource_kind_words(resource->kind);
	return arena_print(arena, _("%1$s, %2$d pers."), resource_kind_words(resource->kind), resource->capacity);
}

static void fill_row(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct space *space,
                     const struct resource_day *row)
{
	struct arena *arena = sheet->arena;
	const struct resource *resource = &row->resource;
	struct sheet_line *line = sheet_row(sheet, section, resource->id,
		arena_print(arena, "%s %s %s", resource->name, resource->area, resource_kind_words(resource->kind)),
		resource_subject(ui, arena, space, row));
	if (!line)
		return;
	sheet_cell(line, NAME, STYLE_PLAIN, resource->name);
	sheet_cell(line, KIND, STYLE_PLAIN, resource_kind_text(arena, resource));
	sheet_cell(line, MORNING, slot_style(row->morning), slot_text(ui, space, row, DAY_PART_MORNING));
	/* Said once: twice it would take the room of what the place is. */
	if (row->afternoon != SLOT_NOT_BOOKABLE || row->morning != SLOT_NOT_BOOKABLE)
		sheet_cell(line, AFTERNOON, slot_style(row->afternoon), slot_text(ui, space, row, DAY_PART_AFTERNOON));
	sheet_cell(line, PRICE, STYLE_PLAIN, price_text(arena, space, resource));
	sheet_cell(line, AMENITIES_COLUMN, STYLE_PLAIN, amenities_text(arena, resource));
}

static void fill_halves(struct ui *ui, struct sheet *sheet, const struct space *space, const struct day_list *day)
{
	const struct sheet_column columns[] = {
		{ .heading = C_("heading", "Place"), .gives_way = true, .least = 12 },
		{ .heading = "", .drop = 2, .gives_way = true, .least = 14 },
		{ .heading = C_("heading", "Morning"), .gives_way = true, .least = 10 },
		{ .heading = C_("heading", "Afternoon"), .gives_way = true, .least = 10 },
		{ .heading = C_("short heading", "½ day"), .drop = 1, .right = true },
		{ .heading = "", .drop = 3, .gives_way = true, .least = 24 },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	if (ui->layout.size != LAYOUT_SMALL)
		sheet_blank(sheet);
	if (day->count)
		sheet_title(sheet, section, "");
	for (size_t i = 0; i < day->count; i++)
		fill_row(ui, sheet, section, space, &day->rows[i]);
}

static void fill(struct ui *ui, struct sheet *sheet)
{
	const struct space *space = opened(ui);
	if (!space) {
		sheet_note(sheet, _("This space is not known any more."));
		return;
	}
	const struct day_list *day = day_of(ui);
	if (ui->by_hours)
		fill_timeline(ui, sheet, space, day);
	else
		fill_halves(ui, sheet, space, day);
	if (day->count == 0 && day->state.asking)
		sheet_note(sheet, _("Being asked for."));
	else if (day->count == 0 && day->state.outcome.kind > OUTCOME_DONE)
		sheet_note(sheet, outcome_words(sheet->arena, &day->state.outcome));
	else if (day->count == 0)
		sheet_note(sheet, _("There is nothing to book here."));
}

/* ---- acting ---- */

static unsigned open_row(struct ui *ui, const struct subject *subject)
{
	if (subject->site == SIZE_MAX || !subject->resource)
		return 0;
	return ui_run(ui, command_find("book"), NULL, 0);
}

static unsigned go_to(struct ui *ui, struct local_date date)
{
	if (!date_is_valid(date))
		return 0;
	ui->open_date = date;
	return UI_ROWS;
}

static struct local_date date_shown(const struct ui *ui)
{
	return ui->open_date;
}

static void refresh(struct ui *ui)
{
	session_refresh_day(ui->session, ui->open_site, ui->open_space, ui->open_date);
}

const struct pane_ops pane_space = {
	.title = N_("Space"), .tab = PANE_SPACES, .fill = fill, .head = head, .side = side, .open = open_row, .go_to = go_to, .date = date_shown,
	.refresh = refresh,
};
