/* resource.c — names of kinds, states, amenities and slots: see resource.h. */
#include "hacktiv/model/resource.h"

#include "hacktiv/base.h"
#include "names.h"

static const struct { const char *wire, *words; } kinds[RESOURCE_KINDS] = {
	[RESOURCE_DESK]          = { "desk", N_("desk") },
	[RESOURCE_OFFICE]        = { "office", N_("private office") },
	[RESOURCE_MEETING_ROOM]  = { "meeting_room", N_("meeting room") },
	[RESOURCE_TRAINING_ROOM] = { "training_room", N_("training room") },
	[RESOURCE_PHONE_BOOTH]   = { "phone_booth", N_("phone booth") },
	[RESOURCE_STUDIO]        = { "studio", N_("studio") },
	[RESOURCE_WORKSHOP]      = { "workshop", N_("workshop") },
	[RESOURCE_LOUNGE]        = { "lounge", N_("lounge") },
	[RESOURCE_MACHINE]       = { "machine", N_("machine") },
};

const char *resource_kind_wire_name(enum resource_kind kind)
{
	return kinds[kind].wire;
}

bool resource_kind_from_wire(const char *name, enum resource_kind *kind)
{
	for (size_t i = 0; i < RESOURCE_KINDS; i++) {
		if (name_index(&kinds[i].wire, 1, name) == 0) {
			*kind = (enum resource_kind)i;
			return true;
		}
	}
	return false;
}

const char *resource_kind_words(enum resource_kind kind)
{
	return _(kinds[kind].words);
}

static const char *const state_names[] = { "bookable", "planned", "out_of_order", "not_bookable" };

const char *resource_state_wire_name(enum resource_state state)
{
	return state_names[state];
}

bool resource_state_from_wire(const char *name, enum resource_state *state)
{
	int found = name_index(state_names, COUNT_OF(state_names), name);
	if (found < 0)
		return false;
	*state = (enum resource_state)found;
	return true;
}

static const char *const approval_names[] = { "none", "staff" };

const char *approval_wire_name(enum approval approval)
{
	return approval_names[approval];
}

bool approval_from_wire(const char *name, enum approval *approval)
{
	int found = name_index(approval_names, COUNT_OF(approval_names), name);
	if (found < 0)
		return false;
	*approval = (enum approval)found;
	return true;
}

const char *resource_state_words(enum resource_state state)
{
	switch (state) {
	case RESOURCE_BOOKABLE:
		return C_("resource", "bookable");
	case RESOURCE_PLANNED:
		return C_("resource", "planned");
	case RESOURCE_OUT_OF_ORDER:
		return C_("resource", "out of order");
	case RESOURCE_VISIBLE:
		return C_("resource", "not bookable here");
	}
	return "";
}

static const struct { enum amenity amenity; const char *wire, *words; } amenities[AMENITIES] = {
	{ AMENITY_SCREEN, "screen", N_("screen") },
	{ AMENITY_HEIGHT_ADJUSTABLE, "height_adjustable", N_("height-adjustable") },
	{ AMENITY_STEP_FREE, "step_free", N_("step-free") },
	{ AMENITY_QUIET, "quiet", N_("quiet") },
	{ AMENITY_PROJECTOR, "projector", N_("projector") },
	{ AMENITY_WINDOW, "window", N_("window") },
};

const char *amenity_wire_name(enum amenity amenity)
{
	for (size_t i = 0; i < AMENITIES; i++) {
		if (amenities[i].amenity == amenity)
			return amenities[i].wire;
	}
	return "";
}

unsigned amenity_from_wire(const char *name)
{
	for (size_t i = 0; i < AMENITIES; i++) {
		if (name_index(&amenities[i].wire, 1, name) == 0)
			return amenities[i].amenity;
	}
	return 0;
}

const char *amenity_words(enum amenity amenity)
{
	for (size_t i = 0; i < AMENITIES; i++) {
		if (amenities[i].amenity == amenity)
			return _(amenities[i].words);
	}
	return "";
}

static const char *const slot_names[] = { "free", "taken", "mine", "past", "closed", "not_bookable" };

const char *slot_state_wire_name(enum slot_state state)
{
	return slot_names[state];
}

bool slot_state_from_wire(const char *name, enum slot_state *state)
{
	int found = name_index(slot_names, COUNT_OF(slot_names), name);
	if (found < 0)
		return false;
	*state = (enum slot_state)found;
	return true;
}

const char *slot_state_words(enum slot_state state)
{
	switch (state) {
	case SLOT_FREE:
		return C_("slot", "free");
	case SLOT_TAKEN:
		return C_("slot", "taken");
	case SLOT_MINE:
		return C_("slot", "mine");
	case SLOT_PAST:
		return C_("slot", "past");
	case SLOT_CLOSED:
		return C_("slot", "closed");
	case SLOT_NOT_BOOKABLE:
		return C_("slot", "not bookable");
	}
	return "";
}

static const char *const unit_names[BOOKING_UNITS] = { "half_day", "day", "hour", "granule" };

const char *booking_unit_wire_name(enum booking_unit unit)
{
	for (unsigned bit = 0; bit < BOOKING_UNITS; bit++) {
		if (unit == 1u << bit)
			return unit_names[bit];
	}
	return "";
}

unsigned booking_unit_from_wire(const char *name)
{
	int found = name_index(unit_names, BOOKING_UNITS, name);
	return found < 0 ? 0 : 1u << found;
}

unsigned resource_takes(const struct resource *resource)
{
	if (resource->takes)
		return resource->takes;
	return UNIT_HALF_DAY | UNIT_DAY | (resource->by_hour ? UNIT_GRANULE : 0);
}

static const char *const late_names[] = { "refuse", "charge" };

const char *late_cancel_wire_name(enum late_cancel rule)
{
	return late_names[rule];
}

bool late_cancel_from_wire(const char *name, enum late_cancel *rule)
{
	int found = name_index(late_names, COUNT_OF(late_names), name);
	if (found < 0)
		return false;
	*rule = (enum late_cancel)found;
	return true;
}

struct resource_day resource_day_copy(struct arena *arena, const struct resource_day *row)
{
	struct resource_day copy = *row;
	const char **texts[] = { &copy.resource.id, &copy.resource.name, &copy.resource.area, &copy.resource.note, &copy.resource.state_reason,
		&copy.my_booking_id };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_copy_text(arena, *texts[i]);
	struct busy *busy = arena_get(arena, row->busy_count * sizeof *busy);
	for (size_t i = 0; i < row->busy_count; i++) {
		busy[i] = row->busy[i];
		busy[i].booking_id = arena_copy_text(arena, busy[i].booking_id);
	}
	copy.busy = busy;
	return copy;
}
