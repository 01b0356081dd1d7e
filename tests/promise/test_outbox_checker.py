"""The checker of wishes on a bad line (outbox_history.py): it accepts a true history and notices every kind of lie."""
from dataclasses import replace

from outbox_history import Row, Run, check
from tap import case, equal, rows, run

DESK = (", A1, ", "03/09/2026")
TALK = ("Écrire court, ", "31/07/2026")
BOOKED = "Booked: Coworking E420, A1, Thu 03/09/2026, morning."


def good():
    """Ann books, is killed before she is told, learns it later and cancels; she signs up twice and withdraws. Ben is refused the desk, and
    waits in line; that he has another he learns from a list."""
    wishes = [
        Row("ann", "w1", "book", "w1", DESK, 0, "seen", "done"),
        Row("ann", "w2", "cancel", "w1", DESK, 1, "seen", "done"),
        Row("ann", "w3", "sign_up", "talk", TALK, 2, "seen", "done"),
        Row("ann", "w4", "sign_up", "talk", TALK, 3, "seen", "done"),
        Row("ann", "w5", "withdraw", "talk", TALK, 4, "settled", "done"),
        Row("ben", "w6", "book", "w6", DESK, 0, "seen", "conflict"),
        Row("ben", "w7", "sign_up", "talk", TALK, 1, "seen", "waitlisted"),
        Row("ben", "w8", "book", "w8", (", A2, ", "04/09/2026"), 3, "seen", "done"),
    ]
    runs = [
        Run("ann", 0, "book", -9, ""),
        Run("ann", 1, "cancel", 0, "done", [BOOKED]),
        Run("ann", 2, "sign-up", 0, "done"),
        Run("ann", 3, "sign-up", 4, "unknown"),
        Run("ann", 4, "withdraw", 0, "done", ["Signed up: Écrire court, La Ferme, Fri 31/07/2026, 09:30–11:30."]),
        Run("ben", 0, "book", 3, "conflict"),
        Run("ben", 1, "sign-up", -9, ""),
        Run("ben", 2, "", 0, "done", ["On the waiting list, place 2, for it is full: Écrire court, La Ferme, Fri 31/07/2026, 09:30–11:30."]),
        Run("ben", 3, "book", 4, "unknown"),
        Run("ben", 4, "", 4, "unknown", listed={"w8": "unknown"}),
        Run("ben", 5, "", 0, "done", listed={"w8": "done"}),
    ]
    audit = [("ann", "booking.created", "w1"), ("ann", "signup.created", "talk"), ("ben", "signup.waitlisted", "talk"),
             ("ann", "booking.cancelled", "w1"), ("ann", "signup.withdrawn", "talk"),
             ("ben", "booking.created", "w8")]
    return wishes, runs, audit


@case("a true history passes")
def _():
    equal(check(*good()), [])


def row(number, **values):
    return lambda wishes, runs, audit: wishes.__setitem__(number, replace(wishes[number], **values))


def told(number, **values):
    return lambda wishes, runs, audit: runs.__setitem__(number, replace(runs[number], **values))


def happened(*more):
    return lambda wishes, runs, audit: audit.append(more)


def never(number):
    return lambda wishes, runs, audit: audit.pop(number)


@rows("a lie is noticed", [
    ("booked twice", happened("ann", "booking.created", "w1"), "O1"),
    ("cancelled twice", happened("ann", "booking.cancelled", "w1"), "O1"),
    ("signed up twice in a row", happened("ben", "signup.created", "talk"), "O1"),
    ("a booking that no disk knew", happened("ann", "booking.created", "w9"), "O2"),
    ("a sign-up that no disk knew", happened("ben", "signup.created", "walk"), "O2"),
    ("a wish that stays open", row(4, state="sent", outcome=""), "O3"),
    ("a wish that ends without an end", row(0, outcome="unknown"), "O3"),
    ("a booking that was never made", never(0), "O4"),
    ("refused, and yet made", happened("ben", "booking.created", "w6"), "O4"),
    ("a cancelling that never was", never(3), "O4"),
    ("a withdrawal that never was", never(4), "O4"),
    ("in the wrong order", lambda wishes, runs, audit: wishes.insert(2, wishes.pop(4)), "O4"),
    ("an end that was never told", told(1, sentences=[]), "O5"),
    ("the line that was never told", told(7, sentences=[]), "O5"),
    ("an end that no list told", told(10, listed={}), "O5"),
    ("another end, in a list", told(10, listed={"w8": "conflict"}), "O6"),
    ("a loss told as a failure", told(3, status=3, outcome="refused"), "O6"),
    ("a refusal told as done", told(5, status=0, outcome="done"), "O6"),
    ("done, without a note", lambda wishes, runs, audit: (wishes.pop(6), audit.pop(2), told(6, outcome="done")(wishes, runs, audit)), "O6"),
    ("another end, later", told(1, sentences=["Not booked: Coworking E420, A1, Thu 03/09/2026, morning. Taken."]), "O6"),
])
def _(lie, invariant):
    history = good()
    lie(*history)
    found = {name for name, _ in check(*history)}
    assert invariant in found, f"found {found}"


run()
