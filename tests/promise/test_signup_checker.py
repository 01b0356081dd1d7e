"""The checker itself: it accepts a true history and notices every kind of lie. Without this its silence would prove nothing."""
import copy

from signup_history import ASKED, FEED_KEPT_S, IN, LAPSED, OUT, WAITING, Ending, Row, Wish, check
from tap import case, equal, rows, run


def good():
    """One place in a, which promotes. Ann has it, Ben and Cid wait; Ann leaves and Ben is let in; Ann comes back behind Cid. Dan's answer was
    lost once, and he was let in meanwhile. One place in o, which offers for 60 s: Ann has it and leaves, Ben lets the offer lapse, the desk
    has moved Dan before Cid, and he accepts."""
    wishes = [
        Wish("sign_up", "ann", "a", 1, 2, IN, 0, 1, "r1"), Wish("sign_up", "ben", "a", 3, 4, WAITING, 1, 1, "r2"),
        Wish("sign_up", "cid", "a", 3.5, 5, WAITING, 2, 1, "r3"), Wish("sign_up", "cid", "a", 5.5, 5.7, WAITING, 2, 1, "again"),
        Wish("withdraw", "ann", "a", 6, 7, OUT, 0, 1, "r4"), Wish("sign_up", "ann", "a", 8, 9, WAITING, 2, 1, "r5"),
        Wish("sign_up", "dan", "b", 1, 9, IN, 0, 3, "r7")]
    log = [Row(1, "r1", "ann", "signup.created", "a"), Row(2, "r2", "ben", "signup.waitlisted", "a"),
           Row(3, "r3", "cid", "signup.waitlisted", "a"), Row(4, "r4", "ann", "signup.withdrawn", "a"),
           Row(5, "r4", "ben", "signup.promoted", "a"), Row(6, "r5", "ann", "signup.waitlisted", "a"),
           Row(7, "r6", "eve", "signup.created", "b"), Row(8, "r7", "dan", "signup.waitlisted", "b"),
           Row(9, "r8", "eve", "signup.withdrawn", "b"), Row(10, "r8", "dan", "signup.promoted", "b")]
    wishes += [Wish("sign_up", "eve", "b", 0, 0.5, IN, 0, 1, "r6"), Wish("withdraw", "eve", "b", 2, 3, OUT, 0, 1, "r8")]
    for number, (who, state, place) in enumerate([("ann", IN, 0), ("ben", WAITING, 1), ("cid", WAITING, 2), ("dan", WAITING, 3)]):
        action = "signup.created" if state == IN else "signup.waitlisted"
        log.append(Row(11 + number, f"o{number}", who, action, "o", who, "", 0, 100))
        wishes.append(Wish("sign_up", who, "o", 20 + number, 20.5 + number, state, place, 1, f"o{number}"))
    log += [Row(15, "o4", "ann", "signup.withdrawn", "o", "ann", "", 0, 100), Row(16, "o4", "ben", "signup.offered", "o", "ben", "", 0, 100),
            Row(17, "o5", "dan", "signup.moved", "o", "fay", "Il parle.", 1, 110), Row(18, "upkeep", "ben", "signup.lapsed", "o", "ben", "", 0, 160),
            Row(19, "upkeep", "dan", "signup.offered", "o", "dan", "", 0, 160), Row(20, "o6", "dan", "signup.accepted", "o", "dan", "", 0, 219)]
    wishes += [Wish("withdraw", "ann", "o", 25, 26, OUT, 0, 1, "o4"), Wish("move", "dan", "o", 27, 28, WAITING, 1, 1, "o5", "fay"),
               Wish("sign_up", "dan", "o", 29, 30, IN, 0, 1, "o6")]
    ending = Ending({"a": 1, "b": 1, "o": 1}, {"a": (1, 2), "b": (1, 0), "o": (1, 1)},
                    {("a", "ann"): (WAITING, 4), ("a", "ben"): (IN, 2), ("a", "cid"): (WAITING, 3), ("b", "eve"): (OUT, 1),
                     ("b", "dan"): (IN, 2), ("o", "ann"): (OUT, 1), ("o", "ben"): (LAPSED, 2), ("o", "cid"): (WAITING, 4),
                     ("o", "dan"): (IN, 3)}, log, [(row.seq, row.action, row.activity) for row in log], [("a", 1, 1, 2), ("b", 1, 0, 0)],
                    {"o": 60}, {"fay"})
    return wishes, ending


@case("a true history passes")
def _():
    equal(check(*good()), [])


@case("a feed may have forgotten what is older than a week, and nothing else")
def _():
    wishes, ending = good()
    for row in ending.log[2:]:
        row.at += FEED_KEPT_S
    del ending.feed[:2]
    assert "S9" not in {invariant for invariant, _ in check(wishes, ending)}
    ending.log[1].at = ending.log[-1].at - FEED_KEPT_S + 1
    assert "S9" in {invariant for invariant, _ in check(wishes, ending)}


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
    ("asked out of turn", row(19, client="cid"), "S3"), ("given where it is to be offered", row(16, action="signup.promoted"), "S10"),
    ("offered where it is to be given", row(5, action="signup.offered"), "S10"), ("nobody asked after an offer lapsed", without(19, 20), "S2"),
    ("accepted a second late", row(20, at=220), "S10"), ("lapsed a second early", row(18, at=159), "S10"),
    ("accepted what was offered to somebody else", row(20, client="cid"), "S4"), ("lapsed without an offer", row(18, client="cid"), "S4"),
    ("an offer and a place for one chair", row(15, action="signup.lapsed"), "S4"),
    ("the offer forgotten at the end", lambda wishes, ending: (ending.states.update({("o", "dan"): (ASKED, 3)})), "S5"),
    ("moved without a reason", row(17, reason=""), "S11"), ("moved by who is not at the desk", row(17, by="eve"), "S11"),
    ("moved down", row(17, place=3), "S11"), ("moved and not done", lambda wishes, ending: without(17)(wishes, ending), "S3"),
    ("moved, and the desk never asked", lambda wishes, ending: wishes.pop(-2), "S6"),
    ("the desk was told another place", wish(-2, place=2), "S8"),
    ("who asked later stands before", wish(1, began=5.1, ended=5.2), "S7"),
    ("a place in line that was another", wish(2, place=1), "S8"),
    ("the first number missing in the feed", lambda wishes, ending: ending.feed.pop(0), "S9"),
    ("no feed at all", lambda wishes, ending: ending.feed.clear(), "S9"),
    ("a number missing in the feed", lambda wishes, ending: ending.feed.pop(3), "S9"),
    ("a number twice", lambda wishes, ending: setattr(ending.log[2], "seq", 2), "S9"),
])
def _(change, name):
    wishes, ending = copy.deepcopy(good())
    change(wishes, ending)
    found = {invariant for invariant, _ in check(wishes, ending)}
    assert name in found, f"expected {name}, found {found or 'nothing'}"


run()
