/* backend.h — a booking system, as a pure state machine.
 *
 * An operation is one thing asked of one site. The backend says what to send (`next`) and reads what came back (`take`); steps (log
 * in, ask, re-read) are its own business. No socket, no clock, no disk, no global: so an adapter is tested with recorded
 * exchanges, fuzzed with bytes, and never blocks. Needs of nine existing systems stand behind this shape: wall-clock
 * times, opaque ids, writes that end in words, tolerant readers, HTML never shown, capabilities asked once. */
#ifndef HACKTIV_BACKEND_H
#define HACKTIV_BACKEND_H

#include "hacktiv/base.h"
#include "hacktiv/model.h"

enum operation_kind {
	OPERATION_LOG_IN,       /* in: login, password          out: new_token …, member */
	OPERATION_LOG_OUT,      /* in: token, refresh_token (NULL: none) */
	OPERATION_WHO_AM_I,     /*                              out: member */
	OPERATION_SPACES,       /* in: date                     out: spaces */
	OPERATION_DAY,          /* in: space_id, date, known_rows       out: rows, and spaces[0] with version and that date's opening */
	OPERATION_SPACE_DAY,    /* in: space_id, date, resource_id      out: spaces[0], with version and `today` alone */
	OPERATION_MY_BOOKINGS,  /* in: date (from it on)        out: bookings */
	OPERATION_PREVIEW,      /* in: space_id, resource_id, when            out: preview */
	OPERATION_BOOK,         /* in: wish_id, space_id, resource_id, when   out: bookings[0] when done */
	OPERATION_CANCEL,       /* in: space_id, booking_id, version */
	OPERATION_FIND_BOOKING, /* in: space_id, booking_id     out: bookings[0], or NOT_FOUND (never made, or cancelled since): what became
	                           of an unknown write */
	OPERATION_ACTIVITIES,   /* in: date, until              out: activities that begin on these days and between, by start */
	OPERATION_ACTIVITY,     /* in: space_id, activity_id    out: activities[0], with its text */
	OPERATION_SIGN_UP,      /* in: wish_id, space_id, activity_id   out: activities[0]; DONE with a place, WAITLISTED in line. Twice is once */
	OPERATION_WITHDRAW,     /* in: wish_id, space_id, activity_id   out: activities[0]. Twice is once */
	OPERATION_MY_SIGNUPS,   /* in: date (from it on)        out: activities in which I have a place or wait */
	OPERATION_CARDS,        /* in: query, page              out: cards that fit it by name, next_page */
	OPERATION_CARD,         /* in: member_id                out: cards[0], with what they say of themselves */
	OPERATION_ORGANISATIONS,/* in: query ("": all), page    out: organisations, next_page */
	OPERATION_ORGANISATION, /* in: organisation_id          out: organisations[0] */
	OPERATION_DEVICE,       /*                              out: device; NOT_FOUND: this site lets nobody in so (RFC 8628) */
	OPERATION_DEVICE_TOKEN, /* in: device_code              out: new_token …; PENDING: not answered yet, THROTTLED: asked too often,
	                           NOT_ALLOWED: the answer was no, NOT_FOUND: the code is past its time or used */
	OPERATION_RENEW,        /* in: refresh_token            out: new_token …; LOGIN_NEEDED: it is good no more. The same again within the
	                           site's grace has the same answer */
	OPERATION_NEWS          /* in: after                    out: news since then, new_after, starts_anew, more */
};
#define OPERATIONS 24

enum capability {
	CAN_BOOK = 1 << 0,
	CAN_CANCEL = 1 << 1,
	CAN_PREVIEW = 1 << 2,
	CAN_REPEAT_SAFELY = 1 << 3,  /* honours an idempotency key: an unknown write may be sent again with it */
	CAN_SIGN_UP = 1 << 4,        /* has activities */
	CAN_SEARCH = 1 << 5,         /* has a directory of members and organisations */
	CAN_LOG_IN_BY_DEVICE = 1 << 6, /* may let in a device by a code typed elsewhere: OPERATION_DEVICE asks it */
	CAN_TELL = 1 << 7            /* tells what changes, as it changes: has a feed */
};

/* A device that asks to be let in: its person opens the address and says yes. */
struct device {
	const char *code;                /* a secret: never shown, never logged */
	const char *user_code;           /* "WDJB-MJHT" */
	const char *address;             /* of the page where that is typed */
	const char *whole_address;       /* with the code in it, for a QR code; "": none */
	int life_s, interval_s;          /* from now on; between two questions */
};

/* What changed, as a site tells it: never what it became. Whoever shows it asks again. */
enum news_kind {
	NEWS_OTHER,             /* something that we do not know */
	NEWS_BOOKING,           /* `ref`: a booking that we may see */
	NEWS_AVAILABILITY,      /* `ref`: a resource that may be had, or not any more */
	NEWS_ACTIVITY,          /* `ref`: an activity, or who goes there */
	NEWS_SPACE,             /* a space, what it has, its hours */
	NEWS_DIRECTORY          /* somebody shows another card, or none */
};
struct news {
	enum news_kind kind;
	const char *space_id;
	const char *ref;
	struct local_date date; /* of the booking or activity, year 0: not told */
	int64_t number;         /* counts what changes in this space: one that is not greater was told before */
	int64_t version;        /* of what changed, 0: not told */
	const char *resource_id; /* BOOKING: that was booked, or is free now; NULL or "": not told */
};

struct operation {
	enum operation_kind kind;
	struct arena *arena;             /* inputs, answers and the backend's notes live here; owned by the operation */

	/* asked; borrowed or in the arena */
	const char *token;               /* NULL: none */
	const char *login, *password;
	bool shared;                     /* on a terminal that many share: nothing is asked for that would keep one logged in there */
	const char *refresh_token, *device_code;
	const char *space_id, *resource_id, *booking_id, *activity_id, *member_id, *organisation_id;
	const char *wish_id;             /* UUIDv7: the new booking's id and the idempotency key */
	struct local_date date, until;
	struct period when;
	const char *query;               /* what is searched; the site judges whether it is enough */
	const char *page;                /* a next_page of the same question; NULL: the first page */
	size_t rows_at_least;            /* on the first page: so many are on the screen */
	int64_t version;                 /* of the booking to cancel; 0: whatever it is */
	const char *after;               /* the place in the feed from which it goes on; NULL: from now, with nothing told */
	const char *etag;                /* of the copy at hand, NULL: none */
	/* OPERATION_DAY: what of the space is at hand, of that day or another, so that only what differs need be sent. With a resource_id all but
	 * that row are of that day and right. In the arena. */
	const struct resource_day *known_rows; size_t known_count;
	int64_t known_version;           /* of the space, as of which their resources are */

	/* answered; in the arena */
	struct outcome outcome;          /* kind NONE until ended */
	bool perhaps_done;               /* THROTTLED: a write of which nobody knows whether it was done */
	bool not_modified;               /* the copy at hand is still right */
	const char *new_etag;
	const char *new_token;           /* never logged, never cached */
	const char *new_refresh_token;   /* likewise; NULL: none */
	int64_t new_life_s;              /* of new_token, from now on; 0: not told … */
	int64_t new_expires_at;          /* … or told as an instant, by the server's clock; 0: not told either */
	const struct device *device;
	const struct member *member;
	const struct space *spaces;           size_t space_count;
	const struct resource_day *rows;      size_t row_count;
	const struct booking *bookings;       size_t booking_count;
	const struct activity *activities;    size_t activity_count;
	const struct card *cards;             size_t card_count;
	const struct organisation *organisations; size_t organisation_count;
	const struct preview *preview;
	const struct news *news;              size_t news_count;
	const char *new_after;
	bool starts_anew;                /* the feed does not know that place: everything may have changed */
	bool more;                       /* it goes on from new_after */
	const char *next_page;           /* NULL: this was the last */

	/* the backend's own */
	int step;
	void *notes;
};

enum step {
	STEP_SEND,      /* next() filled a request: send it, then take() the answer */
	STEP_MORE,      /* take() wants to be called again with the same answer: it read one slice */
	STEP_ENDED      /* outcome is set */
};

#define BACKEND_SLICE 16   /* elements decoded per take(), so that no slice holds a key for more than a few milliseconds */

/* A feed as a stream of server-sent events. Of others than these three nothing is told. */
enum feed_word { FEED_NOTHING, FEED_NEWS, FEED_STARTS_ANEW };
struct feed_ops {
	/* What to send. `after` NULL: from now on. `heartbeat_s`: of a silence, at most. */
	void (*listen)(struct arena *arena, const char *token, const char *after, int heartbeat_s, struct http_request *request);
	/* Whether it can be the id of an event: a place from which to go on. */
	bool (*is_place)(const char *id);
	/* Strings of `news` live in `arena`. */
	enum feed_word (*read)(const char *kind, const char *data, size_t length, struct arena *arena, struct news *news);
};

struct backend_ops {
	const char *name;                /* in the configuration: "hacktiv" */
	unsigned capabilities;           /* of enum capability */
	/* Says what to send first, or next after take() returned STEP_SEND. STEP_ENDED: this cannot be done (outcome says why). */
	enum step (*next)(struct operation *operation, struct http_request *request);
	/* Reads an answer, or its absence (response->transport). STEP_SEND: call next() again. */
	enum step (*take)(struct operation *operation, const struct http_response *response);
	/* Before the arena goes: lets go of what lies outside it. Any time, and more than once. */
	void (*close)(struct operation *operation);
	const struct feed_ops *feed;     /* NULL without CAN_TELL */
};

extern const struct backend_ops backend_hacktiv;
const struct backend_ops *backend_find(const char *name);   /* NULL when unknown */
const char *backend_names(void);                            /* "hacktiv", for error messages */

/* Shared by adapters: a transport failure or a status that means the same everywhere (401, 403, 404, 429, 5xx, HTML where JSON was
 * due) as an outcome. `wrote`: the request could have changed something, so a lost answer is UNKNOWN. False: the adapter
 * must read the answer itself. */
bool backend_common_outcome(struct operation *operation, const struct http_response *response, bool wrote);

#endif
