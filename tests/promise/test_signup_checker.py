"""The checker itself: it accepts a true history and notices every kind of lie. Without this its silence would prove nothing."""
import copy

from signup_history import IN, OUT, WAITING, Ending, Row, Wish, check
from tap import case, equal, rows, run


def good():
    """One place. Ann has it, Ben and Cid wait; Ann leaves and Ben is let in; Ann comes back behind Cid. Dan's answer was lost once, and
    he was let in meanwhile."""
    wishes = [
        Wish("sign_up", "ann", "a", 1, 2, IN), Wish("sign_up", "ben", "a", 3, 4, WAITING, 1), Wish("sign_up", "cid", "a", 3.5, 5, WAITING, 2),
        Wish("sign_up", "cid", "a", 5.5, 5.7, WAITING, 2), Wish("withdraw", "ann", "a", 6, 7, OUT), Wish("sign_up", "ann", "a", 8, 9, WAITING, 2),
        Wish("sign_up", "dan", "b", 1, 9, IN, 0, 3),
    ]
    log = [Row(1, "r1", "ann", "signup.created", "a"), Row(2, "r2", "ben", "signup.waitlisted", "a"),
           Row(3, "r3", "cid", "signup.waitlisted", "a"), Row(4, "r4", "ann", "signup.withdrawn", "a"),
           Row(5, "r4", "ben", "signup.promoted", "a"), Row(6, "r5", "ann", "signup.waitlisted", "a"),
           Row(7, "r6", "eve", "signup.created", "b"), Row(8, "r7", "dan", "signup.waitlisted", "b"),
           Row(9, "r8", "eve", "signup.withdrawn", "b"), Row(10, "r8", "dan", "signup.promoted", "b")]
    wishes += [Wish("sign_up", "eve", "b", 0, 0.5, IN), Wish("withdraw", "eve", "b", 2, 3, OUT)]
    ending = Ending({"a": 1, "b": 1}, {"a": (1, 2), "b": (1, 0)},
                    {("a", "ann"): (WAITING, 4), ("a", "ben"): (IN, 2), ("a", "cid"): (WAITING, 3), ("b", "eve"): (OUT, 1),
                     ("b", "dan"): (IN, 2)}, log, [(row.seq, row.action, row.activity) for row in log], [("a", 1, 1, 2), ("b", 1, 0, 0)])
    return wishes, ending


@case("a true history passes")
def _():
    equal(check(*good()), [])


def tell(ending):
    ending.feed = [(row.seq, row.action, row.activity) for row in ending.log]


def row(number, **values):
    def change(wishes, ending):
        for name, value in values.items():
            setattr(ending.log[number - 1], name, value)
        tell(ending)
    return change


def wish(number, **values):
    def change(wishes, ending):
        for name, value in values.items():
            setattr(wishes[number], name, value)
    return change


def without(*numbers):
    def change(wishes, ending):
        ending.log = [line for line in ending.log if line.seq not in numbers]
        tell(ending)
    return change


def jumped(wishes, ending):
    """Cid is let in before Ben."""
    ending.log[4].client = "cid"
    ending.states.update({("a", "cid"): (IN, 3), ("a", "ben"): (WAITING, 2)})


@rows("a lie is noticed", [
    ("two on one place", lambda wishes, ending: (row(2, action="signup.created")(wishes, ending)), "S1"),
    ("too many told", lambda wishes, ending: ending.seen.append(("a", 1, 2, 0)), "S1"),
    ("too many counted at the end", lambda wishes, ending: ending.counts.update(a=(2, 1)), "S1"),
    ("nobody let in", without(5), "S2"),
    ("let in by another request", row(5, request="r9"), "S2"),
    ("made to wait although there is room", row(1, action="signup.waitlisted"), "S2"),
    ("waiting and free told at once", lambda wishes, ending: ending.seen.append(("b", 1, 0, 1)), "S2"),
    ("let in out of turn", jumped, "S3"),
    ("a place for who comes last", row(6, action="signup.created"), "S3"),
    ("signed up twice", row(3, client="ben"), "S4"), ("let in from nowhere", row(5, client="dan"), "S4"),
    ("withdrawn from nothing", row(4, client="fay"), "S4"),
    ("a place forgotten", lambda wishes, ending: ending.states.update({("a", "ben"): (OUT, 2)}), "S5"),
    ("the line turned round", lambda wishes, ending: ending.states.update({("a", "ann"): (WAITING, 3), ("a", "cid"): (WAITING, 4)}), "S5"),
    ("counted wrong", lambda wishes, ending: ending.counts.update(b=(0, 0)), "S5"),
    ("acknowledged and nothing happened", without(6), "S6"),
    ("told a place, had to wait", wish(1, answer=IN), "S6"), ("told to wait, had a place", wish(0, answer=WAITING, place=1), "S6"),
    ("something nobody wished for", lambda wishes, ending: wishes.pop(4), "S6"),
    ("twice for one wish", lambda wishes, ending: wishes.pop(5), "S6"),
    ("let in since, although there was one answer only", wish(6, tries=1), "S6"),
    ("who asked later stands before", wish(1, began=5.1, ended=5.2), "S7"),
    ("a place in line that was another", wish(2, place=1), "S8"),
    ("a number missing in the feed", lambda wishes, ending: ending.feed.pop(3), "S9"),
    ("a number twice", lambda wishes, ending: setattr(ending.log[2], "seq", 2), "S9"),
])
def _(change, name):
    wishes, ending = copy.deepcopy(good())
    change(wishes, ending)
    found = {invariant for invariant, _ in check(wishes, ending)}
    assert name in found, f"expected {name}, found {found or 'nothing'}"


run()
