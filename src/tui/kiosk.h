/* kiosk.h — a terminal that many share: whose turn it is, by keys and time alone.
 *
 * Nobody's turn: the lock screen stands. A key begins a turn; a while without one ends it, whatever is open then, and a little before that
 * the screen says so. Times are of the clock that goes on while the computer sleeps: who opened its lid may be another than who closed it. */
#ifndef HACKTIV_TUI_KIOSK_H
#define HACKTIV_TUI_KIOSK_H

#include <stdbool.h>
#include <stdint.h>

#define KIOSK_WARNING_MS 10000   /* before the end; half of the whole where that is less */
#define KIOSK_DEAF_MS      500   /* after it: q pressed once too often, or held down, is nobody's beginning */

enum kiosk_state {
	KIOSK_NONE,      /* one person's terminal: nothing of this happens */
	KIOSK_LOCKED,
	KIOSK_TURN,
	KIOSK_WARNED     /* a turn that is about to end */
};
struct kiosk {
	enum kiosk_state state;
	int64_t idle_ms;
	int64_t since_ms;        /* of the last key, or of the lock */
};

/* Locked, as if for long. */
void kiosk_init(struct kiosk *kiosk, int idle_s);
/* A key was pressed. True: it does what it says; false: it began a turn, or kept one that was about to end, or was nobody's. */
bool kiosk_key(struct kiosk *kiosk, int64_t now_ms);
/* Looked at now and then, and before keys. True: the state is another, for time went by. */
bool kiosk_time(struct kiosk *kiosk, int64_t now_ms);
void kiosk_lock(struct kiosk *kiosk, int64_t now_ms);
/* Milliseconds until time changes the state; -1: it does not. */
int kiosk_wait_ms(const struct kiosk *kiosk, int64_t now_ms);

#endif
