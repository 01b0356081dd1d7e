"""What clients did and were told, and what must be true of it. The names of the invariants are those of the checker's table:

I1 no half-day of a place has two holders, at any moment of the feed and at the end
I2 what was acknowledged and not cancelled is there, at the version acknowledged, with all its granules
I3 what was acknowledged as cancelled holds nothing
I4 one key has one effect, and every answer to it is the same
I5 no ghost: everything that is there, somebody asked for
I6 the feed has no gap and no repeat, and replaying it gives what is there
I7 as many effects as were acknowledged, and those of unknown outcome that happened
I8 every refusal is justified: somebody may have held the place meanwhile
I9 for each place and day there is an order of the operations that explains every answer
I12 who reads after writing sees it
"""
import itertools
import math
from collections import Counter
from dataclasses import dataclass, field

HALVES = {"am": ("am",), "pm": ("pm",), "day": ("am", "pm")}


@dataclass
class Operation:
    kind: str                        # "book" or "cancel"
    client: str
    id: str                          # of the booking, and the key
    place: str
    date: str
    part: str
    began: float
    ended: float = math.inf
    answer: str = "unknown"          # booked taken mine cancelled unknown
    bodies: list = field(default_factory=list)   # every 201 for this key
    seen: str = ""                   # state read right after, "" when not read

    @property
    def known(self):
        return self.answer != "unknown"


@dataclass
class Ending:
    """What is there when all is over."""
    bookings: dict                   # id -> (place, date, part, state, version)
    granules: dict                   # id -> (held, expected)
    feeds: dict                      # space -> [(seq, kind, id, version)]


def check(operations, ending):
    """[(invariant, sentence)], empty when all is well."""
    wrong = []
    books = {op.id: op for op in operations if op.kind == "book"}
    cancels = {}
    for op in operations:
        if op.kind == "cancel":
            cancels.setdefault(op.id, []).append(op)
    live = {id for id, row in ending.bookings.items() if row[3] != "cancelled"}
    created, cancelled = _feed(ending, live, wrong)
    _holders(ending, live, wrong)
    _acknowledged(books, cancels, ending, live, wrong)
    for id in ending.bookings:
        if id not in books:
            wrong.append(("I5", f"{id} is there and nobody asked for it"))
    for id, op in books.items():
        if len(set(op.bodies)) > 1:
            wrong.append(("I4", f"{id}: {len(set(op.bodies))} different answers to one key"))
        if op.seen not in ("", "confirmed") and op.answer == "booked":
            wrong.append(("I12", f"{id}: read {op.seen!r} after booking"))
    for op in operations:
        if op.kind == "cancel" and op.answer == "cancelled" and op.seen not in ("", "cancelled"):
            wrong.append(("I12", f"{op.id}: read {op.seen!r} after cancelling"))
    _effects(books, cancels, created, cancelled, wrong)
    _refusals(operations, books, cancels, created, wrong)
    for (place, date), some in _by_day(operations).items():
        if not explains(some):
            wrong.append(("I9", f"no order explains {place} on {date}"))
    return wrong


def _feed(ending, live, wrong):
    created, cancelled = [], []
    for space, rows in ending.feeds.items():
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            wrong.append(("I6", f"the feed of {space} has a gap or a repeat"))
        held, here = {}, set()
        for _, kind, id, _ in rows:
            row = ending.bookings.get(id)
            if row is None:
                wrong.append(("I6", f"the feed of {space} tells of {id}, which is not there"))
                continue
            halves = [(row[0], row[1], half) for half in HALVES[row[2]]]
            if kind == "booking.created":
                created.append(id)
                here.add(id)
                for half in halves:
                    if half in held:
                        wrong.append(("I1", f"{half} went to {id} while {held[half]} had it"))
                    held[half] = id
            else:
                cancelled.append(id)
                here.discard(id)
                for half in halves:
                    if held.get(half) == id:
                        del held[half]
        theirs = {id for id in live if any(row[2] == id for row in rows)}
        if here != theirs:
            wrong.append(("I6", f"replaying the feed of {space} gives another state: {here ^ theirs}"))
    missing = live - set(created)
    if missing:
        wrong.append(("I6", f"no feed tells of {missing}"))
    return created, cancelled


def _holders(ending, live, wrong):
    held = {}
    for id in live:
        place, date, part, _, _ = ending.bookings[id]
        for half in HALVES[part]:
            if (place, date, half) in held:
                wrong.append(("I1", f"{place} {date} {half} belongs to {id} and to {held[place, date, half]}"))
            held[place, date, half] = id


def _acknowledged(books, cancels, ending, live, wrong):
    for id, op in books.items():
        if op.answer == "booked" and not cancels.get(id):
            row = ending.bookings.get(id)
            if row is None or id not in live:
                wrong.append(("I2", f"{id} was acknowledged and is gone"))
            elif row[:3] != (op.place, op.date, op.part) or row[4] != 1:
                wrong.append(("I2", f"{id} was acknowledged as {(op.place, op.date, op.part, 1)} and is {row}"))
        if op.answer in ("taken", "mine") and id in live:
            wrong.append(("I2", f"{id} was refused and is there"))
        for cancel in cancels.get(id, []):
            if cancel.answer == "cancelled" and id in live:
                wrong.append(("I3", f"{id} was acknowledged as cancelled and is there"))
    for id in ending.bookings:
        held, expected = ending.granules.get(id, (0, 0))
        if held != (expected if id in live else 0):
            wrong.append(("I2" if id in live else "I3", f"{id} holds {held} granules of {expected}"))


def _effects(books, cancels, created, cancelled, wrong):
    for done, ids in (("made", created), ("cancelled", cancelled)):
        wrong += [("I4", f"{id} was {done} {times} times") for id, times in Counter(ids).items() if times > 1]
    sure = {id for id, op in books.items() if op.answer == "booked"}
    maybe = {id for id, op in books.items() if op.answer == "unknown"}
    if not sure <= set(created) <= sure | maybe:
        wrong.append(("I7", f"made but not acknowledged, or the reverse: {set(created) ^ sure}"))
    sure = {id for id, some in cancels.items() if any(op.answer == "cancelled" for op in some)}
    if not sure <= set(cancelled) <= sure | {id for id, some in cancels.items() if any(not op.known for op in some)}:
        wrong.append(("I7", f"cancelled but not acknowledged, or the reverse: {set(cancelled) ^ sure}"))


def _refusals(operations, books, cancels, created, wrong):
    made, by_day = set(created), _by_day(books.values())
    for op in operations:
        if op.kind != "book" or op.answer not in ("taken", "mine"):
            continue

        def was_there(other):
            if other.id == op.id or other.id not in made or (other.place, other.date) != (op.place, op.date):
                return False
            if not set(HALVES[other.part]) & set(HALVES[op.part]) or other.began > op.ended:
                return False
            return not any(c.answer == "cancelled" and c.ended < op.began for c in cancels.get(other.id, []))
        if not any(was_there(other) for other in by_day[op.place, op.date]):
            wrong.append(("I8", f"{op.id}: nobody could have had {op.place} {op.date} {op.part}"))


def _by_day(operations):
    days = {}
    for op in operations:
        days.setdefault((op.place, op.date), []).append(op)
    return days


def _after(op, state):
    """The state after the operation, or None when its answer cannot have been given in that state. State: the booking that
    holds the morning, and its client; the same for the afternoon."""
    holders = dict(zip(("am", "pm"), state))
    wanted = [holders[half] for half in HALVES[op.part]]
    if op.kind == "book":
        if op.answer in ("booked", "unknown"):
            if any(wanted):
                return None
            for half in HALVES[op.part]:
                holders[half] = (op.id, op.client)
        elif op.answer == "taken" and not any(wanted):
            return None
        elif op.answer == "mine" and not any(holder and holder[1] == op.client for holder in wanted):
            return None
    else:
        for half, holder in holders.items():
            if holder and holder[0] == op.id:
                holders[half] = None
    return holders["am"], holders["pm"]


def explains(operations):
    """Wing and Gong's search: is there an order, true to who ended before who began, in which every answer is right? An
    operation of unknown outcome may have happened at any time since, or never."""
    ops = sorted(operations, key=lambda op: op.began)
    known = [index for index, op in enumerate(ops) if op.known]
    unknown = [index for index, op in enumerate(ops) if not op.known]
    by_end = sorted(known, key=lambda index: ops[index].ended)
    # Of each state also how many of `known` and of `by_end` from the beginning are done for sure: a long history is looked at once.
    stack, visited = [(frozenset(), (None, None), 0, 0)], set()
    while stack:
        done, state, low, ended = stack.pop()
        if (done, state) in visited:
            continue
        visited.add((done, state))
        while ended < len(by_end) and by_end[ended] in done:
            ended += 1
        if ended == len(by_end):
            return True
        while known[low] in done:
            low += 1
        first_end = ops[by_end[ended]].ended
        window = itertools.takewhile(lambda index: ops[index].began <= first_end, itertools.islice(known, low, None))
        for index in [*(index for index in unknown if ops[index].began <= first_end), *reversed(list(window))]:
            after = _after(ops[index], state) if index not in done else None
            if after is not None:
                stack.append((done | {index}, after, low, ended))
    return False
