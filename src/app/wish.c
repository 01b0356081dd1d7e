/* wish.c — a write's life: on disk, on the wire, an outcome, on disk again. See session.h.
 *
 * A row says SENT before the first byte leaves, so that a crash at any instant leaves a write that is asked about. A lost
 * answer is never taken for a failure: the same key goes again for REPEAT_WINDOW_S, and after that the site is asked what
 * became of it. Cancelling twice is cancelling once, so it is simply repeated; so is withdrawing. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define NAME_RETRY_MS 100

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- the list ---- */

struct wish *wish_find(const struct session *session, const char *id)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		if (strcmp(session->wishes[at]->row.id, id) == 0)
			return session->wishes[at];
	}
	return NULL;
}

static struct wish *add(struct session *session, size_t site, size_t place)
{
	struct wish *wish = memory_get(sizeof *wish);
	wish->arena = arena_new();
	wish->view.row = &wish->row;
	wish->view.site = site;
	wish->view.now_or_never = session->shared;
	session->wishes = memory_grow(session->wishes, session->wish_count + 1, sizeof(struct wish *));
	memmove(session->wishes + place + 1, session->wishes + place, (session->wish_count++ - place) * sizeof(struct wish *));
	session->wishes[place] = wish;
	session->changed |= SESSION_WISHES;
	return wish;
}

static void wish_free(struct wish *wish)
{
	arena_free(wish->arena);
	arena_free(wish->answer);
	free(wish);
}

void wishes_clear(struct session *session)
{
	for (size_t at = 0; at < session->wish_count; at++)
		wish_free(session->wishes[at]);
	free(session->wishes);
}

static bool is_long_over(const struct wish *wish)
{
	return wish->row.state == WISH_SEEN && !wish->job && !wish->writes && !wish->take_back;
}

void wishes_drop_seen(struct session *session)
{
	size_t over = 0, kept = 0;
	for (size_t at = 0; at < session->wish_count; at++)
		over += is_long_over(session->wishes[at]);
	if (over <= WISHES_SEEN_KEPT)
		return;
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (over > WISHES_SEEN_KEPT && is_long_over(wish)) {
			wish_free(wish);
			over--;
		} else {
			session->wishes[kept++] = wish;
		}
	}
	session->wish_count = kept;
}

/* ---- disk ---- */

size_t wishes_unkept(const struct session *session)
{
	size_t count = 0;
	for (size_t at = 0; at < session->wish_count; at++)
		count += session->wishes[at]->writes > 0 && !session->wishes[at]->on_disk;
	return count;
}

void wish_put(struct session *session, struct wish *wish)
{
	store_put_wish(session->store, &wish->row);
	wish->writes++;
	session->writes_waiting++;
	session->changed |= SESSION_WISHES;
}

/* ---- wire ---- */

bool wish_is_of_activity(const struct wish *wish)
{
	return wish->row.kind == WISH_SIGN_UP || wish->row.kind == WISH_WITHDRAW;
}

/* Makes something that was not there: after a while it is asked about, for the person may have decided otherwise elsewhere. */
static bool makes(const struct wish *wish)
{
	return wish->row.kind == WISH_BOOK || wish->row.kind == WISH_SIGN_UP;
}

void wish_end(struct session *session, struct wish *wish)
{
	wish->row.state = WISH_SETTLED;
	wish->row.outcome = wish->view.outcome.kind;
	wish->row.rule = wish->view.outcome.rule;
	wish->next_try_ms = wish->view.next_try_at = 0;
	wish->take_back = false;   /* it was too late for that */
	wish_put(session, wish);
}

void wish_settle(struct session *session, struct wish *wish)
{
	wish_end(session, wish);
	size_t site = wish->view.site;
	if (wish_is_of_activity(wish)) {
		if (!row_of_signup(session, wish))
			list_touch(session, site, LIST_SIGNUPS);
		details_touch(session, site, wish->row.activity_id);
		return;
	}
	if (!row_of_booking(session, wish))
		list_touch(session, site, LIST_BOOKINGS);
	if (!live_is_on(session, site) && date_equal(wish->row.when.date, list_today_at(session, site)))
		list_touch(session, site, LIST_SPACES);   /* it says what is free today */
	if (!row_of_day(session, wish))
		days_touch(session, site, wish->row.space_id, wish->row.when.date, wish->row.resource_id);
}

static void try_later(struct session *session, struct wish *wish, int64_t pause_ms)
{
	wish->next_try_ms = clock_monotonic_ms() + pause_ms;
	wish->view.next_try_at = session_now(session) + (pause_ms + 999) / 1000;
}

/* After the window the question replaces the write; a wish that surely never got there just waits on. Judged when it is sent: a computer
 * that slept meanwhile wakes up long after the try was planned. */
static bool is_to_be_asked_about(const struct session *session, const struct wish *wish)
{
	int64_t elapsed_s = session_now(session) - (wish->row.first_sent_at ? wish->row.first_sent_at : wish->row.created_at);
	bool can_repeat = session->sites[wish->view.site].config->backend->capabilities & CAN_REPEAT_SAFELY;
	return makes(wish) && wish->view.perhaps_there && (!can_repeat || elapsed_s >= REPEAT_WINDOW_S);
}

void wish_plan_next_try(struct session *session, struct wish *wish, int retry_after_s)
{
	int pause_ms = retry_pause_ms(++wish->tries, retry_after_s, session_random(), 0);
	try_later(session, wish, pause_ms < 0 ? WISH_RETRY_MS : pause_ms);
}

static void not_there(struct session *session, struct wish *wish)
{
	wish->row.state = wish->view.perhaps_there ? WISH_SENT : WISH_QUEUED;
	if (!wish->view.perhaps_there)
		wish->row.first_sent_at = 0;   /* the time in which it may be sent again begins when it gets there */
	wish_put(session, wish);
}

/* Its repetition is refused for what may be new since: a right withdrawn, a space hidden. A thing to be cancelled that is not there is gone. */
static bool says_nothing_of_first(const struct wish *wish)
{
	return wish->view.perhaps_there && !wish->ask_first && (makes(wish) || wish->view.outcome.kind == OUTCOME_NOT_ALLOWED);
}

static void ask_about_first(struct session *session, struct wish *wish)
{
	wish->refused_as = wish->view.outcome.kind;
	wish->view.outcome.kind = OUTCOME_UNKNOWN;
	wish->ask_first = true;
	wish_plan_next_try(session, wish, -1);
}

static void judge(struct session *session, struct wish *wish, int retry_after_s)
{
	enum outcome_kind *kind = &wish->view.outcome.kind;
	if (wish->view.perhaps_there && (*kind == OUTCOME_UNREACHABLE || *kind == OUTCOME_THROTTLED))
		*kind = OUTCOME_UNKNOWN;   /* of this asking that is true, of the write it is not */
	switch (wish->view.outcome.kind) {
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
		wish_settle(session, wish);
		return;
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
		if (says_nothing_of_first(wish))
			ask_about_first(session, wish);
		else
			wish_settle(session, wish);
		return;
	case OUTCOME_LOGIN_NEEDED:
		if (wish->view.perhaps_there || !wish->take_back || !wish_ends_unsent(session, wish))
			not_there(session, wish);
		return;
	case OUTCOME_UNREACHABLE:
	case OUTCOME_THROTTLED:
		if (!wish->view.perhaps_there && wish_ends_unsent(session, wish))
			return;
		not_there(session, wish);
		wish_plan_next_try(session, wish, retry_after_s);
		return;
	case OUTCOME_UNKNOWN:
	case OUTCOME_NONE:
#ifdef HACKTIV_FAULT_LOST_IS_FAILED
		wish->view.outcome.kind = OUTCOME_NOT_ALLOWED;
		wish_settle(session, wish);
		return;
#endif
		wish->view.perhaps_there = true;
		wish_plan_next_try(session, wish, retry_after_s);
		return;
	}
}

/* What the question was answered with, as the end of the write itself. */
static void judge_signup_found(struct wish *wish)
{
	const struct signup *mine = &wish->view.activity->mine;
	struct outcome *end = &wish->view.outcome;
	bool asked = mine->state == SIGNUP_OFFERED;   /* was in line, is first by now */
	end->place = asked ? 1 : mine->place;
	end->kind = mine->state == SIGNUP_SIGNED_UP             ? OUTCOME_DONE
	            : mine->state == SIGNUP_WAITLISTED || asked ? OUTCOME_WAITLISTED
	                                                        : OUTCOME_NOT_FOUND;
}

/* The other way round: what is found was not taken away. */
static void judge_gone(struct wish *wish)
{
	enum outcome_kind found = wish->view.outcome.kind;
	bool is_there = found == OUTCOME_DONE || found == OUTCOME_PENDING || found == OUTCOME_WAITLISTED;
	if (found == OUTCOME_NOT_FOUND)
		wish->view.outcome.kind = OUTCOME_DONE;
	else if (is_there)
		wish->view.outcome.kind = OUTCOME_NOT_FOUND;
}

static void judge_found(struct wish *wish)
{
	if (wish->view.activity)
		judge_signup_found(wish);
	if (!makes(wish))
		judge_gone(wish);
	if (wish->view.outcome.kind == OUTCOME_NOT_ALLOWED)
		wish->view.outcome.kind = OUTCOME_UNKNOWN;   /* nor may we know */
	else if (wish->view.outcome.kind == OUTCOME_NOT_FOUND && wish->refused_as != OUTCOME_NONE)
		wish->view.outcome.kind = wish->refused_as;
}

static void answered(struct session *session, struct job *job)
{
	struct wish *wish = job->about;
	wish->job = NULL;
	struct operation *operation = &job->operation;
	wish->view.outcome = operation->outcome;
	if (operation->outcome.kind == OUTCOME_NONE || operation->perhaps_done)
		wish->view.outcome.kind = OUTCOME_UNKNOWN;
	bool found = wish->row.kind == WISH_BOOK && operation->outcome.kind == OUTCOME_DONE && operation->booking_count > 0;
	wish->view.booking = found ? &operation->bookings[0] : NULL;
	wish->view.activity = operation->activity_count ? &operation->activities[0] : NULL;
	if (wish->ask_first)
		judge_found(wish);
	session_bury(session, &wish->answer);
	wish->answer = job_take_arena(job);
	session->changed |= SESSION_WISHES;
	if (wish->view.activity)
		agenda_touch(session);
	judge(session, wish, job->answer.retry_after_s);
}

static void send(struct session *session, struct wish *wish)
{
	static const enum operation_kind operations[WISH_KINDS] = {
		[WISH_BOOK] = OPERATION_BOOK, [WISH_CANCEL] = OPERATION_CANCEL, [WISH_SIGN_UP] = OPERATION_SIGN_UP,
		[WISH_WITHDRAW] = OPERATION_WITHDRAW,
	};
	enum operation_kind question = wish_is_of_activity(wish) ? OPERATION_ACTIVITY : OPERATION_FIND_BOOKING;
	wish->job = job_new(session, wish->view.site, wish->ask_first ? question : operations[wish->row.kind], answered, wish);
	struct operation *operation = &wish->job->operation;
	operation->wish_id = wish->row.id;
#ifdef HACKTIV_FAULT_NEW_KEYS
	char *another = arena_get(operation->arena, UUID_SIZE);
	uuid_make(&session->clock, another);
	operation->wish_id = another;
#endif
	operation->space_id = wish->row.space_id;
	operation->resource_id = wish->row.resource_id;
	operation->booking_id = wish->row.booking_id;
	operation->activity_id = wish->row.activity_id;
	operation->when = wish->row.when;
	operation->date = wish->row.when.date;
	operation->version = wish->row.version;
	job_start(wish->job);
}

/* wish_written() sends. */
void wish_begin(struct session *session, struct wish *wish)
{
	if (wish->job || wish->saving || wish->voiding || !wish_is_open(wish))
		return;
	wish->next_try_ms = wish->view.next_try_at = 0;
	if (wish_waits_behind(session, wish) || wish_is_kept_back(session, wish))
		return;
	wish->ask_first = wish->ask_first || is_to_be_asked_about(session, wish);
	wish->row.state = WISH_SENT;
	wish->row.attempts++;
	if (!wish->row.first_sent_at)
		wish->row.first_sent_at = session_now(session);
#ifdef HACKTIV_FAULT_SENDS_EARLY      /* these three in tests/promise alone, where the checker must see them */
	send(session, wish);
#else
	wish->saving = true;
	wish_put(session, wish);
#endif
}

/* The disk failed to flush, and may have the row all the same: the next run would send what this one says is not sent. */
static void begin_voiding(struct session *session, struct wish *wish)
{
	struct outbox_row ended = wish->row;
	ended.state = WISH_SEEN;
	wish->voiding = true;
	store_put_wish(session->store, &ended);
	wish->writes++;
	session->writes_waiting++;
}

static void end_unkept(struct wish *wish, bool perhaps_kept)
{
	enum outcome_kind kind = perhaps_kept ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE;
	wish->voiding = false;
	wish->view.trouble = true;
	wish->view.perhaps_kept = perhaps_kept;
	wish->row.state = WISH_SETTLED;
	wish->row.outcome = kind;
	wish->view.outcome = (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
}

/* What is on disk in some state or other may be sent: it will be found. Only what is new must not be sent without a row. */
static void go_on(struct session *session, struct wish *wish, const struct store_reply *reply)
{
	wish->saving = false;
	if (reply->behind)
		wish_waits_for_another(session, wish);
	else if (wish->on_disk)
		send(session, wish);
	else if (reply->perhaps_kept)
		begin_voiding(session, wish);
	else
		end_unkept(wish, false);
}

void wish_written(struct session *session, const struct store_reply *reply)
{
	struct wish *wish = wish_find(session, reply->id);
	if (!wish)
		return;
	wish->writes--;
	session->changed |= SESSION_WISHES;
	bool kept = reply->problem.kind == PROBLEM_NONE;
	wish->on_disk = wish->on_disk || (kept && !wish->voiding);
	if (!kept)
		session_add_note(session, reply->problem.text);
	if (wish->take_back && wish->row.state == WISH_SEEN && wish->writes == 0)
		wish_taken_back(session, wish, kept);
	if (wish->writes > 0)
		return;
	if (wish->voiding)
		end_unkept(wish, !kept);
	else if (wish->saving)
		go_on(session, wish, reply);
}

/* ---- whose ---- */

enum whose { OURS, NOT_KNOWN_YET, ANOTHERS };

/* Two people may use one account of a computer one after the other: what one wished is never sent in the other's name. */
static enum whose whose_row(const struct session *session, size_t site, const struct outbox_row *row)
{
	const struct part *who = &session->sites[site].parts[LIST_MEMBER];
	if (!*row->member_id)
		return session->shared ? ANOTHERS : OURS;
	if (!who->member || !who->confirmed)
		return NOT_KNOWN_YET;
	return strcmp(who->member->id, row->member_id) == 0 ? OURS : ANOTHERS;
}

static enum whose whose_wish(const struct session *session, const struct wish *wish)
{
	return whose_row(session, wish->view.site, &wish->row);
}

bool wish_row_is_hidden(const struct session *session, size_t site, const struct outbox_row *row)
{
	enum whose whose = whose_row(session, site, row);
	return whose == ANOTHERS || (session->shared && whose != OURS);
}

bool wish_is_mine(const struct session *session, const struct wish *wish)
{
	return whose_wish(session, wish) == OURS;
}

void wishes_name(struct session *session, size_t site)
{
	const struct member *member = session->sites[site].parts[LIST_MEMBER].member;
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (wish->view.site != site || *wish->row.member_id || !wish->made_ms || !wish_is_open(wish))
			continue;
		wish->row.member_id = arena_copy_text(wish->arena, member->id);
		if (wish->on_disk)
			wish_put(session, wish);
	}
}

void wishes_forget(struct session *session, size_t site)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (wish->view.site != site || wish->row.state == WISH_SEEN || whose_wish(session, wish) == ANOTHERS)
			continue;
		job_cancel(wish->job);
		wish->job = NULL;
		wish->saving = wish->voiding = false;
		wish->next_try_ms = wish->view.next_try_at = 0;
		wish->row.state = WISH_SEEN;
		wish_put(session, wish);
	}
}

/* ---- what a person asks for ---- */

static struct wish *make(struct session *session, size_t site, enum wish_kind kind)
{
	struct wish *wish = add(session, site, session->wish_count);
	/* With a clock that stands still (tests) the time in the id would too: two runs must not make the same wish. */
	uuid_make(&session->clock, wish->row.id);
	const struct member *member = session->shared ? session->sites[site].parts[LIST_MEMBER].member : session->sites[site].view.member;
	wish->row.site = session->sites[site].config->id;
	wish->row.member_id = arena_copy_text(wish->arena, member ? member->id : "");
	wish->row.kind = kind;
	wish->row.space_id = wish->row.space_name = wish->row.resource_id = wish->row.resource_name = "";
	wish->row.booking_id = wish->row.activity_id = wish->row.title = "";
	wish->row.created_at = session_now(session);
	wish->made_ms = clock_monotonic_ms();
	return wish;
}

static const char *keep(struct wish *wish, const char *text)
{
	return arena_copy_text(wish->arena, text ? text : "");
}

const char *session_book(struct session *session, const struct wish_book *asked)
{
	struct wish *wish = make(session, asked->site, WISH_BOOK);
	wish->row.space_id = keep(wish, asked->space_id);
	wish->row.space_name = keep(wish, asked->space_name);
	wish->row.resource_id = keep(wish, asked->resource_id);
	wish->row.resource_name = keep(wish, asked->resource_name);
	wish->row.booking_id = wish->row.id;
	wish->row.when = asked->when;
	wish_begin(session, wish);
	return wish->row.id;
}

const char *session_cancel(struct session *session, size_t site, const struct booking *booking)
{
	struct wish *wish = make(session, site, WISH_CANCEL);
	wish->row.space_id = keep(wish, booking->space_id);
	wish->row.space_name = keep(wish, booking->space_name);
	wish->row.resource_id = keep(wish, booking->resource_id);
	wish->row.resource_name = keep(wish, booking->resource_name);
	wish->row.booking_id = keep(wish, booking->id);
	wish->row.version = booking->version;
	wish->row.when = booking->when;
	wish_begin(session, wish);
	return wish->row.id;
}

static const char *wish_for_activity(struct session *session, size_t site, enum wish_kind kind, const struct activity *activity)
{
	struct wish *wish = make(session, site, kind);
	wish->row.space_id = keep(wish, activity->space_id);
	wish->row.space_name = keep(wish, activity->space_name);
	wish->row.activity_id = keep(wish, activity->id);
	wish->row.title = keep(wish, activity->title);
	wish->row.when = activity_hours(activity, session_zone(session, activity->time_zone));
	wish_begin(session, wish);
	return wish->row.id;
}

const char *session_sign_up(struct session *session, size_t site, const struct activity *activity)
{
	return wish_for_activity(session, site, WISH_SIGN_UP, activity);
}

const char *session_withdraw(struct session *session, size_t site, const struct activity *activity)
{
	return wish_for_activity(session, site, WISH_WITHDRAW, activity);
}

void session_wish_retry(struct session *session, const char *id)
{
	struct wish *wish = wish_find(session, id);
	if (wish && session->network)
		wish_begin(session, wish);
}

/* A wish that waits for a log-in may be given up; one that is perhaps at the server may not be forgotten. */
void session_wish_seen(struct session *session, const char *id)
{
	struct wish *wish = wish_find(session, id);
	if (!wish || wish->row.state == WISH_SEEN)
		return;
	bool given_up = wish->view.outcome.kind == OUTCOME_LOGIN_NEEDED && wish->row.state == WISH_QUEUED && !wish->job;
	if (wish->row.state != WISH_SETTLED && !given_up)
		return;
	wish->row.state = WISH_SEEN;
	wish->row.outcome = wish->view.outcome.kind;
	if (!wish->view.trouble)
		wish_put(session, wish);
	session->changed |= SESSION_WISHES;
}

void session_wish_told(struct session *session, const char *id)
{
	struct wish *wish = wish_find(session, id);
	if (wish)
		wish->view.told = true;
}

/* ---- what a former run left ---- */

static void copy_row(struct wish *wish, const struct outbox_row *row)
{
	wish->row = *row;
	wish->row.member_id = keep(wish, row->member_id);
	wish->row.space_id = keep(wish, row->space_id);
	wish->row.space_name = keep(wish, row->space_name);
	wish->row.resource_id = keep(wish, row->resource_id);
	wish->row.resource_name = keep(wish, row->resource_name);
	wish->row.booking_id = row->kind == WISH_BOOK ? wish->row.id : keep(wish, row->booking_id);
	wish->row.activity_id = keep(wish, row->activity_id);
	wish->row.title = keep(wish, row->title);
}

/* Oldest first, as they stand on disk: what another of us left behind may have been wished before what is here. */
static size_t place_of(const struct session *session, const struct store_reply *reply, const struct outbox_row *row)
{
	for (size_t place = 0; place < session->wish_count; place++) {
		const struct wish *wish = session->wishes[place];
		bool is_later = !wish->on_disk;   /* it was not yet, when that was read */
		for (const struct outbox_row *later = row + 1; later < reply->wishes + reply->wish_count && !is_later; later++)
			is_later = strcmp(later->id, wish->row.id) == 0;
		if (is_later)
			return place;
	}
	return session->wish_count;
}

static void take_over(struct session *session, const struct outbox_row *row, size_t site, size_t place)
{
	struct wish *wish = add(session, site, place);
	copy_row(wish, row);
	wish->row.site = session->sites[site].config->id;
	wish->view.recovered = wish->on_disk = true;
	wish->view.outcome = (struct outcome){ .kind = row->outcome, .rule = row->rule, .quotation = "", .told_by = "" };
	if (session->shared) {
		shared_take_over(session, wish);
		return;
	}
	if (row->state == WISH_SETTLED || row->state == WISH_SEEN)
		return;
	wish->view.perhaps_there = row->state == WISH_SENT;
	wish->view.outcome.kind = wish->view.perhaps_there ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE;
	wish->next_try_ms = clock_monotonic_ms();
}

void wishes_taken_over(struct session *session, const struct store_reply *reply)
{
	if (reply->problem.kind != PROBLEM_NONE)
		session_add_note(session, reply->problem.text);
	for (size_t at = 0; at < reply->wish_count; at++) {
		const struct outbox_row *row = &reply->wishes[at];
		size_t site;
		bool is_news = !session->wishes_loaded || row->state != WISH_SEEN;   /* what others undo is theirs */
		if (is_news && !wish_find(session, row->id) && site_find(session, row->site, &site))
			take_over(session, row, site, place_of(session, reply, row));
	}
}

/* ---- time ---- */

static bool may_try(const struct session *session, const struct wish *wish)
{
	const struct site *site = &session->sites[wish->view.site];
	return site_knows_us(site) && whose_wish(session, wish) == OURS;
}

/* Known as soon as the question "who am I" is answered; while the site is away, when it is back. */
static void wait_for_name(const struct session *session, struct wish *wish, int64_t now_ms)
{
	bool asking = session->sites[wish->view.site].parts[LIST_MEMBER].job;
	wish->next_try_ms = now_ms + (asking ? NAME_RETRY_MS : WISH_RETRY_MS);
}

void wishes_timers(struct session *session, int64_t now_ms)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (wish->behind)
			wish_follow(session, wish, now_ms);
		if (!wish->next_try_ms || now_ms < wish->next_try_ms || site_is_throttled(session, wish->view.site))
			continue;
		const struct site *site = &session->sites[wish->view.site];
		wish->next_try_ms = wish->view.next_try_at = 0;
		if (wish_is_listed(session, wish) && wish_is_hopeless(session, wish))
			continue;
		if (may_try(session, wish)) {
			wish_begin(session, wish);
		} else if (site_knows_us(site) && whose_wish(session, wish) == NOT_KNOWN_YET) {
			wait_for_name(session, wish, now_ms);
		} else if (!site_knows_us(site)) {
			wish->view.outcome.kind = OUTCOME_LOGIN_NEEDED;   /* wishes_wake() comes with the log-in */
			session->changed |= SESSION_WISHES;
		}
	}
}

int64_t wishes_next_ms(const struct session *session)
{
	int64_t next_ms = INT64_MAX;
	for (size_t at = 0; at < session->wish_count && session->network; at++) {
		if (session->wishes[at]->next_try_ms && !site_is_throttled(session, session->wishes[at]->view.site))
			next_ms = least(next_ms, session->wishes[at]->next_try_ms);
	}
	return next_ms;
}

/* At once the first time, then 1, 2, 4 … seconds later, and never later than planned. */
static void wake(struct wish *wish)
{
	int64_t pause_ms = wish->wakes ? INT64_C(1000) << (wish->wakes < 6 ? wish->wakes - 1 : 5) : 0;
	int64_t at_ms = clock_monotonic_ms() + pause_ms;
	wish->wakes++;
	wish->next_try_ms = least(wish->next_try_ms, at_ms);
}

void wishes_send(struct session *session, size_t site)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (wish->view.site == site && wish->next_try_ms && may_try(session, wish))
			wish_begin(session, wish);
	}
}

void wishes_wake(struct session *session, size_t site, bool logged_in)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		struct wish *wish = session->wishes[at];
		if (wish->view.site != site || !may_try(session, wish))
			continue;
		if (wish->next_try_ms)
			wake(wish);
		else if (logged_in && !wish->behind)   /* it waited for a log-in, or for this person */
			wish_begin(session, wish);
	}
}

/* ---- looking ---- */

bool wish_is_listed(const struct session *session, const struct wish *wish)
{
	return wish->row.state != WISH_SEEN && !wish_row_is_hidden(session, wish->view.site, &wish->row);
}

size_t session_wish_count(const struct session *session)
{
	size_t count = 0;
	for (size_t at = 0; at < session->wish_count; at++)
		count += wish_is_listed(session, session->wishes[at]);
	return count;
}

const struct wish_view *session_wish_at(const struct session *session, size_t wanted)
{
	size_t listed = 0;
	for (size_t at = 0; at < session->wish_count; at++) {
		if (wish_is_listed(session, session->wishes[at]) && listed++ == wanted)
			return &session->wishes[at]->view;
	}
	return NULL;
}

const struct wish_view *session_wish(const struct session *session, const char *id)
{
	const struct wish *wish = wish_find(session, id);
	return wish ? &wish->view : NULL;
}
