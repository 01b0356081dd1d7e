"""The checker itself: it accepts a true history and notices every kind of lie. Without this its silence would prove nothing."""
import copy
import math

from history import Ending, Operation, check, explains
from tap import case, equal, rows, run


def good():
    """Ann books the morning, Ben is refused, Ann cancels, Ben gets the day; Cid's answer was lost, and it had happened."""
    operations = [
        Operation("book", "ann", "a1", "A4", "d", "am", 1, 2, "booked", ["x"], "confirmed"),
        Operation("book", "ben", "b1", "A4", "d", "am", 2.5, 3, "taken"),
        Operation("book", "ann", "a2", "A4", "d", "day", 2.6, 2.8, "mine"),
        Operation("cancel", "ann", "a1", "A4", "d", "am", 4, 5, "cancelled", [], "cancelled"),
        Operation("book", "ben", "b2", "A4", "d", "day", 4.5, 6, "booked", ["y", "y"], "confirmed"),
        Operation("book", "cid", "c1", "A5", "d", "pm", 1, math.inf, "unknown"),
        Operation("book", "cid", "c2", "A5", "d", "am", 1, math.inf, "unknown"),
    ]
    ending = Ending(
        bookings={"a1": ("A4", "d", "am", "cancelled", 2), "b2": ("A4", "d", "day", "confirmed", 1),
                  "c1": ("A5", "d", "pm", "confirmed", 1)},
        granules={"a1": (0, 16), "b2": (32, 32), "c1": (16, 16)},
        feeds={"ferme": [(1, "booking.created", "a1", 1), (2, "booking.created", "c1", 1), (3, "booking.cancelled", "a1", 2),
                         (4, "booking.created", "b2", 1)]})
    return operations, ending


@case("a true history passes")
def _():
    equal(check(*good()), [])


def lie(change):
    operations, ending = copy.deepcopy(good())
    change({f"{op.kind} {op.id}": op for op in operations}, operations, ending)
    return {name for name, _ in check(operations, ending)}


def set_on(name, **values):
    def change(ops, operations, ending):
        for field, value in values.items():
            setattr(ops[name], field, value)
    return change


def ghost(ops, operations, ending):
    ending.bookings["g"] = ("A9", "d", "am", "confirmed", 1)
    ending.granules["g"] = (16, 16)
    ending.feeds["ferme"].append((5, "booking.created", "g", 1))


def lost(ops, operations, ending):
    del ending.bookings["b2"]
    ending.feeds["ferme"].pop()


def sold_twice(ops, operations, ending):
    operations.append(Operation("book", "dan", "d1", "A4", "d", "pm", 4.6, 6.1, "booked", ["z"]))
    ending.bookings["d1"] = ("A4", "d", "pm", "confirmed", 1)
    ending.granules["d1"] = (16, 16)
    ending.feeds["ferme"].append((5, "booking.created", "d1", 1))


def came_back(ops, operations, ending):
    ending.bookings["a1"] = ("A4", "d", "am", "confirmed", 1)
    ending.granules["a1"] = (16, 16)
    del ending.feeds["ferme"][2]
    ending.feeds["ferme"] = [(n, *row[1:]) for n, row in enumerate(ending.feeds["ferme"], 1)]


def made_twice(ops, operations, ending):
    ending.feeds["ferme"].append((5, "booking.created", "b2", 1))


@rows("a lie is noticed", [
    ("one place, two holders", sold_twice, "I1"),
    ("an acknowledged booking is gone", lost, "I2"),
    ("it has lost a granule", lambda ops, operations, ending: ending.granules.update(b2=(31, 32)), "I2"),
    ("it is at another place", lambda ops, operations, ending: ending.bookings.update(b2=("A6", "d", "day", "confirmed", 1)), "I2"),
    ("a refused booking is there", lambda ops, operations, ending: setattr(ops["book c1"], "answer", "taken"), "I2"),
    ("a cancelled booking came back", came_back, "I3"),
    ("a cancelled booking still holds its place", lambda ops, operations, ending: ending.granules.update(a1=(16, 16)), "I3"),
    ("one key, two effects", made_twice, "I4"),
    ("one key, two answers", set_on("book b2", bodies=["y", "z"]), "I4"),
    ("a ghost", ghost, "I5"),
    ("a gap in the feed", lambda ops, operations, ending: ending.feeds["ferme"].pop(1), "I6"),
    ("a number twice", lambda ops, operations, ending: ending.feeds["ferme"].insert(1, (1, "booking.created", "c1", 1)), "I6"),
    ("the feed forgets", lambda ops, operations, ending: ending.feeds["ferme"].pop(), "I6"),
    ("acknowledged and never told", lambda ops, operations, ending: (ending.bookings.pop("b2"), ending.feeds["ferme"].pop()), "I7"),
    ("refused although it was free", lambda ops, operations, ending: operations.append(
        Operation("book", "dan", "d1", "A6", "d", "am", 1, 2, "taken")), "I8"),
    ("refused before the other began", set_on("book b1", began=0.1, ended=0.5), "I8"),
    ("an answer that no order explains", set_on("book b2", began=2.1, ended=3), "I9"),
    ("mine that never was", set_on("book b1", answer="mine"), "I9"),
    ("not read is no lie", set_on("book b2", seen=""), ""),
    ("read as if never booked", set_on("book b2", seen="gone"), "I12"),
    ("read as if never cancelled", set_on("cancel a1", seen="confirmed"), "I12"),
])
def _(change, name):
    found = lie(change)
    if name:
        assert name in found, f"expected {name}, found {found or 'nothing'}"
    else:
        equal(found, set())


@case("an order is found among many at once")
def _():
    crowd = [Operation("book", f"c{n}", f"b{n}", "A", "d", "am", 0, 10, "taken") for n in range(12)]
    equal(explains(crowd), False)
    crowd[7].answer = "booked"
    equal(explains(crowd), True)
    crowd[3].answer = "booked"
    equal(explains(crowd), False)
    crowd.append(Operation("cancel", "c7", "b7", "A", "d", "am", 1, 10, "cancelled"))
    equal(explains(crowd), True)


run()
