"""The checker of a crowd's life (deeds.py): it accepts a true history and notices every kind of lie. Without this its silence would prove
nothing."""
import copy
from dataclasses import replace

from deeds import Booking, Deed, Ending, Line, check
from tap import case, equal, rows, run

A, B, C, D = (f"0193a1f2-7a10-7c3e-9f00-00000000000{digit}" for digit in "abcd")      # bookings
S, S1, S2, P = (f"0193a1f2-7a10-7c3e-9f00-00000000001{digit}" for digit in "0123")    # a series, two of it, a carnet
DAY, NEXT, THIRD = "2026-09-21", "2026-09-22", "2026-09-23"


def done(kind, client, id, place, date, part, base, began, ended, status, **more):
    return Deed(kind, client, id, "ferme", place, date, part, base, began, ended, "done",
                answers=[(status, None if kind in ("cancel", "series") else base + 1, b"{}")], **more)


def good():
    """Ann books the morning of desk x with her carnet, and Ben is refused it; Ann moves to the afternoon; Ben books the morning, pays, and
    cancels it; Cid books a series of which one date is Ann's; Dan was never answered, and it happened."""
    deeds = [
        done("book", "ann", A, "x", DAY, "am", 0, 1, 2, 201, seen=("confirmed", 1)),
        Deed("book", "ben", D, "ferme", "x", DAY, "day", 0, 1.5, 3, "refused", "taken"),
        done("move", "ann", A, "x", DAY, "pm", 1, 4, 5, 200, seen=("confirmed", 2)),
        done("book", "ben", B, "x", DAY, "am", 0, 6, 7, 201),
        done("cancel", "ben", B, "x", DAY, "am", 1, 8, 9, 204, seen=("cancelled", 2)),
        Deed("book", "ann", "never", "ferme", "x", DAY, "day", 0, 10, 11, "refused", "mine"),
        done("series", "cid", S, "x", DAY, "pm", 0, 12, 13, 201, outcomes={DAY: "taken", NEXT: S1, THIRD: S2}),
        Deed("book", "dan", C, "ferme", "y", DAY, "day", 0, 14),
    ]
    logs = {"ferme": [(1, "booking.created", A, 1), (2, "booking.changed", A, 2), (3, "signup.created", "other", 1), (4, "booking.created", B, 1),
                      (5, "booking.cancelled", B, 2), (6, "booking.created", S1, 1), (7, "booking.created", S2, 1),
                      (8, "booking.created", C, 1)]}
    bookings = {
        A: Booking("ferme", "x", DAY, "pm", "confirmed", 2, "ann", "", (4, 4), "carnet", P, 1, 800),
        B: Booking("ferme", "x", DAY, "am", "cancelled", 2, "ben", "", (0, 4), "price", "", 0, 800),
        S1: Booking("ferme", "x", NEXT, "pm", "confirmed", 1, "cid", S, (4, 4), "network_day", "", 1, 800),
        S2: Booking("ferme", "x", THIRD, "pm", "confirmed", 1, "cid", S, (4, 4), "network_day", "", 1, 800),
        C: Booking("ferme", "y", DAY, "day", "confirmed", 1, "dan", "", (8, 8), "price", "", 0, 1400),
    }
    ledger = [Line("ferme", f"{P}.1.0", "sale", "carnet", "ann", "", P, DAY, 2, 3500),
              Line("ferme", f"{A}.1.2", "booking", "carnet", "ann", A, P, DAY, -1, 0), Line("ferme", f"{A}.2.1", "given_back", "carnet", "ann", A, P, DAY, 1, 0),
              Line("ferme", f"{A}.2.2", "booking", "carnet", "ann", A, P, DAY, -1, 0),
              Line("ferme", f"{B}.1.2", "booking", "price", "ben", B, "", DAY, 0, 800), Line("ferme", f"{B}.2.1", "given_back", "price", "ben", B, "", DAY, 0, -800),
              Line("ferme", f"{S1}.1.2", "booking", "network_day", "cid", S1, "", NEXT, -1, 0),
              Line("ferme", f"{S2}.1.2", "booking", "network_day", "cid", S2, "", THIRD, -1, 0),
              Line("ferme", f"{C}.1.2", "booking", "price", "dan", C, "", DAY, 0, 1400)]
    told = [(seq, kind, ref) for seq, kind, ref, _ in logs["ferme"]]
    return deeds, Ending(bookings, logs, ledger, {P: ("ann", 2, 1)}, {("ferme", "cid", 2026): (2, 6)}, {"eve": {"ferme": told}},
                         {"eve": {"ferme": list(told)}})


@case("a true history passes")
def _():
    equal(check(*good()), [])


def deed(number, **values):
    return lambda deeds, ending: deeds.__setitem__(number, replace(deeds[number], **values))


def booking(id, **values):
    return lambda deeds, ending: ending.bookings.__setitem__(id, replace(ending.bookings[id], **values))


def line(number, **values):
    return lambda deeds, ending: ending.ledger.__setitem__(number, replace(ending.ledger[number], **values))


def logged(number, *row):
    return lambda deeds, ending: ending.logs["ferme"].__setitem__(number, row)


def all_of(*changes):
    return lambda deeds, ending: [change(deeds, ending) for change in changes]


def added(*row):
    return lambda deeds, ending: ending.logs["ferme"].append(row)


@rows("a lie is noticed", [
    ("two on one half-day in the log", all_of(logged(1, 2, "signup.created", "other", 1), deed(2, answer="refused")), "I1"),
    ("two on one half-day at the end", booking(S1, date=DAY), "I1"),
    ("acknowledged and not there", all_of(lambda deeds, ending: ending.bookings.pop(C), lambda deeds, ending: ending.logs["ferme"].pop(), deed(7, answer="done")), "I2"),
    ("acknowledged at another version", deed(0, answers=[(201, 2, b"{}")]), "I2"),
    ("somewhere else than it was put", booking(A, part="am"), "I2"),
    ("a granule too few", booking(C, granules=(7, 8)), "I2"),
    ("a series told otherwise", deed(6, outcomes={DAY: "taken", NEXT: S1}), "I2"),
    ("a move forgotten", all_of(logged(1, 2, "signup.created", "other", 1)), "I2"),
    ("cancelled and still holding", booking(B, granules=(4, 4)), "I3"),
    ("two answers to one key", deed(0, answers=[(201, 1, b"{}"), (201, 1, b"{ }")]), "I4"),
    ("done, and then refused for the same key", deed(2, answers=[(200, 2, b"{}"), (412, None, b"{}")]), "I4"),
    ("a version made twice", added(9, "booking.changed", A, 2), "I4"),
    ("a series in two goes", all_of(logged(6, 8, "booking.created", S2, 1), logged(7, 7, "booking.created", C, 1), lambda deeds, ending: ending.logs["ferme"].sort()), "I4"),
    ("nobody asked for it", lambda deeds, ending: deeds.pop(7), "I5"), ("nobody moved it", lambda deeds, ending: deeds.pop(2), "I5"),
    ("nobody cancelled it", lambda deeds, ending: deeds.pop(4), "I5"),
    ("a gap", lambda deeds, ending: ending.logs["ferme"].pop(2), "I6"), ("a number twice", logged(2, 2, "signup.created", "other", 1), "I6"),
    ("no log tells of it", logged(7, 8, "signup.created", "other", 1), "I6"),
    ("the log tells of nothing", lambda deeds, ending: ending.bookings.pop(C), "I6"), ("back from the dead", booking(B, state="confirmed", granules=(4, 4)), "I6"),
    ("refused and there", deed(3, answer="refused", why="taken", answers=[]), "I7"),
    ("refused although it was free", deed(1, place="y"), "I8"),
    ("refused as one's own although it was another's", deed(5, client="cid"), "I8"),
    ("refused after it was free again", deed(1, began=8.5, ended=9, date=DAY, part="am"), ""),
    ("refused long after it was free again", deed(1, began=9.5, ended=9.8, part="am"), "I8"),
    ("refused by a word", deed(1, why="it said stale-version"), "I8"),
    ("a date of a series refused although it was free", deed(6, outcomes={DAY: "taken", NEXT: S1, THIRD: S2, "2026-09-24": "taken"}), "I8"),
    ("answered before, written later", deed(3, began=0.1, ended=0.5), "I9"),
    ("heard out of order", lambda deeds, ending: ending.heard["eve"]["ferme"].reverse(), "I11"),
    ("one not heard", lambda deeds, ending: ending.heard["eve"]["ferme"].pop(3), "I11"),
    ("one heard twice", lambda deeds, ending: ending.heard["eve"]["ferme"].insert(3, ending.heard["eve"]["ferme"][3]), "I11"),
    ("one not listed", lambda deeds, ending: [some["eve"]["ferme"].pop() for some in (ending.listed, ending.heard)], "I11"),
    ("read the old one", deed(2, seen=("confirmed", 1)), "I12"), ("read it after cancelling", deed(4, seen=("confirmed", 1)), "I12"),
    ("a carnet overdrawn", lambda deeds, ending: ending.passes.update({P: ("ann", 0, -1)}), "I13"),
    ("a carnet counted wrong", lambda deeds, ending: ending.passes.update({P: ("ann", 2, 2)}), "I13"),
    ("more network days than there are", lambda deeds, ending: ending.network.update({("ferme", "cid", 2026): (2, 1)}), "I13"),
    ("network days counted wrong", lambda deeds, ending: ending.network.update({("ferme", "cid", 2026): (1, 6)}), "I13"),
    ("a line missing", lambda deeds, ending: ending.ledger.pop(3), "I13"), ("a line of nothing", line(4, id=f"{B}.7.2"), "I13"),
    ("paid after it was cancelled", lambda deeds, ending: ending.ledger.pop(5), "I13"), ("a cent too much", line(8, cents=1401), "I13"),
])
def _(change, name):
    deeds, ending = copy.deepcopy(good())
    change(deeds, ending)
    found = {invariant for invariant, _ in check(deeds, ending)}
    assert name in found or not name and not found, f"expected {name or 'nothing'}, found {found or 'nothing'}"


run()
