"""What several people wished through hacktiv on a bad line, and what must be true of it. The checker knows nothing of hacktiv but its notes, its
words and its exit: what was asked, what was told, what lies on disk in the end, and what the server says was done by whom.

O1 a wish has one effect: nothing is made twice, nothing is given up twice
O2 no ghost: whatever happened was on disk before
O3 nothing stays open: when the line is good again, every wish on disk has an end
O4 the end on disk is the truth, and what one person wished of one thing happened in the order of their wishes
O5 every end was told, in the run that wished it or in a later one
O6 nothing was told that is not so; what is not known is never called done or failed
"""
from collections import Counter, defaultdict
from dataclasses import dataclass, field

TURNS = {"signup.created": "in", "signup.waitlisted": "in", "signup.withdrawn": "out"}
GOOD = {"done", "waitlisted"}
OPEN = {"unknown", "unreachable", "throttled", "none"}
# How sentences begin when a wish has ended, and whether it was granted.
BEGINNINGS = {"book": {"Booked: ": True, "Not booked: ": False}, "cancel": {"Cancelled: ": True, "Not cancelled: ": False, "Nothing to cancel": False},
              "sign_up": {"Signed up: ": True, "On the waiting list": True, "Not signed up: ": False},
              "withdraw": {"Withdrawn: ": True, "Not withdrawn: ": False, "Nothing to withdraw": False}}


@dataclass
class Row:
    """A wish as it lies on disk in the end."""
    client: str
    id: str
    kind: str                        # book cancel sign_up withdraw
    of: str                          # the booking or the activity
    names: tuple                     # what a sentence about it holds
    run: int                         # in which of its client's runs it was made
    state: str
    outcome: str


@dataclass
class Run:
    """One start of hacktiv."""
    client: str
    number: int
    wish: str                        # "" when it only reads
    status: int                      # negative: killed
    outcome: str                     # as its JSON says; "" when it said nothing
    sentences: list = field(default_factory=list)    # about earlier runs
    listed: dict = field(default_factory=dict)       # id of each wish that its JSON tells of: with which outcome


def ended(sentence, row):
    """True or False: the sentence says that this wish was granted or not. None: it is about another, or says that it is open."""
    for beginning, granted in BEGINNINGS[row.kind].items():
        if sentence.startswith(beginning) and all(name in sentence for name in row.names):
            return granted
    return None


def granted(row):
    return row.outcome in GOOD


class History:
    def __init__(self, rows, runs, audit):
        """`rows` of a client in the order of their making; `audit`: [(client, action, ref)] in the order of the server."""
        self.rows, self.runs, self.audit, self.wrong = rows, runs, audit, []
        self.of_run = defaultdict(list)
        for row in rows:
            self.of_run[row.client, row.run].append(row)

    def fault(self, invariant, sentence):
        self.wrong.append((invariant, sentence))

    def open(self):
        for row in self.rows:
            if row.state not in ("settled", "seen") or row.outcome in OPEN | {""}:
                self.fault("O3", f"{row} has no end")

    def bookings(self):
        made = Counter(ref for _, action, ref in self.audit if action == "booking.created")
        given_up = Counter(ref for _, action, ref in self.audit if action == "booking.cancelled")
        wished = {row.id: row for row in self.rows if row.kind == "book"}
        cancelled = {row.of for row in self.rows if row.kind == "cancel" and granted(row)}
        for ref, count in (made + given_up).items():
            if made[ref] > 1 or given_up[ref] > 1:
                self.fault("O1", f"booking {ref} was made {made[ref]} times and cancelled {given_up[ref]} times")
        for ref in made:
            if ref not in wished:
                self.fault("O2", f"booking {ref} was made, and lay on no disk")
        for row in wished.values():
            if granted(row) != bool(made[row.id]) and row.state in ("settled", "seen"):
                self.fault("O4", f"{row}, and it was made {made[row.id]} times")
        for ref in cancelled ^ set(given_up):
            self.fault("O4", f"booking {ref} is cancelled at {'one' if ref in cancelled else 'the other'} side alone")

    def signups(self):
        happened = defaultdict(list)
        for client, action, ref in self.audit:
            if action in TURNS:
                happened[client, ref].append(TURNS[action])
        wished = defaultdict(list)
        for row in self.rows:
            if row.kind in ("sign_up", "withdraw"):
                wished[row.client, row.of].append(row)
        for key in happened.keys() | wished.keys():
            expected, inside = [], False
            for row in wished[key]:
                if granted(row) and inside != (row.kind == "sign_up"):
                    inside = row.kind == "sign_up"
                    expected.append("in" if inside else "out")
            if any(one == next for one, next in zip(happened[key], happened[key][1:])):
                self.fault("O1", f"{key}: {happened[key]}")
            elif not wished[key]:
                self.fault("O2", f"{key}: {happened[key]}, and it lay on no disk")
            elif expected != happened[key]:
                self.fault("O4", f"{key}: {happened[key]} happened, its wishes say {expected}")

    def told(self):
        for row in self.rows:
            if row.state not in ("settled", "seen"):
                continue
            own = [run for run in self.runs if (run.client, run.number) == (row.client, row.run)]
            later = [ended(sentence, row) for run in self.runs if run.client == row.client and run.number > row.run
                     for sentence in run.sentences]
            listed = [run.listed.get(row.id) for run in self.runs if run.client == row.client and run.number > row.run]
            if not any(run.outcome == row.outcome for run in own) and granted(row) not in later and row.outcome not in listed:
                self.fault("O5", f"{row}: nobody was told; {own}")

    def true(self):
        known = {row.id: row.outcome for row in self.rows}
        for run in self.runs:
            for id, outcome in run.listed.items():
                if outcome not in OPEN | {"login_needed"} and outcome != known.get(id):
                    self.fault("O6", f"{run} told {outcome} of {id}, which ended with {known.get(id)}")
            mine = self.of_run[run.client, run.number]
            if run.wish and run.outcome and run.outcome not in OPEN and mine and run.outcome != mine[0].outcome:
                self.fault("O6", f"{run} told {run.outcome}, its wish ended with {mine[0]}")
            if run.wish and run.outcome in GOOD and not mine:
                self.fault("O6", f"{run} told of a wish that lay on no disk")
            for sentence in run.sentences:
                fits = [(ended(sentence, row), granted(row)) for row in self.rows if row.client == run.client and row.run < run.number]
                ends = [(said, so) for said, so in fits if said is not None]
                if ends and not any(said == so for said, so in ends):
                    self.fault("O6", f"{run}: {sentence}")


def check(rows, runs, audit):
    """[(invariant, sentence)]: what is wrong."""
    history = History(rows, runs, audit)
    history.open()
    history.bookings()
    history.signups()
    history.told()
    history.true()
    return history.wrong
