"""What clients did about activities and were told, and what must be true of it. Invariants by name:

S1 no activity is overfull, at any moment of the log, in any answer, and at the end; a place that is offered is taken
S2 nobody waits while a place is free and not offered, after any request, in any answer, and at the end
S3 whoever is let in or asked was first in line; whoever comes while somebody waits goes to the end of the line
S4 effects fit: nobody gets a place or a place in line twice, nobody loses, accepts or lets lapse what they do not have
S5 replaying the log gives what is there: states, the order of the line, counts
S6 one wish has one effect: the one that was acknowledged, of the kind that was told; what had none was so already
S7 who had an answer before another asked stands before them in the log
S8 the place in line that was told was the place then
S9 feed and history tell the same, without a gap; what is old enough the feed has forgotten, from its beginning
S10 an activity that offers asks, one that promotes does not; an offer is accepted before its end and lapses not before it
S11 out of turn somebody is moved by the staff alone, up and with a reason

S1 to S4 are I10 of the fault matrix, with D05: cancel, promotion and a new sign-up at once.
"""
from dataclasses import dataclass, field

IN, WAITING, OUT, ASKED, LAPSED = "signed_up", "waitlisted", "withdrawn", "offered", "lapsed"
FEED_KEPT_S = 7 * 24 * 3600          # CHANGES_KEPT_S of src/server/db/db.h
UNKNOWN = ""                         # as an answer: it was refused when it was said again, and may have been done the first time
EFFECTS = {"signup.created": IN, "signup.waitlisted": WAITING, "signup.accepted": IN, "signup.withdrawn": OUT, "signup.moved": WAITING}
BY_ITSELF = {"signup.promoted": IN, "signup.offered": ASKED, "signup.lapsed": LAPSED}


@dataclass
class Wish:
    kind: str                        # "sign_up", "withdraw" or, of the staff, "move"
    client: str                      # whose sign-up it is about
    activity: str
    began: float
    ended: float
    answer: str                      # the state told: signed_up waitlisted withdrawn
    place: int = 0                   # told with waitlisted
    tries: int = 1
    request: str = ""                # its Request-Id, the same in every try
    by: str = ""                     # of the staff; "": their own


@dataclass
class Row:
    """One line of the sign-ups' history, with the request of its audit line."""
    seq: int
    request: str
    client: str
    action: str                      # of EFFECTS or BY_ITSELF
    activity: str
    by: str = ""
    reason: str = ""
    place: int = 0
    at: int = 0


@dataclass
class Ending:
    capacity: dict                   # activity -> places
    counts: dict                     # activity -> (taken, waiting)
    states: dict                     # (activity, client) -> (state, ticket)
    log: list                        # [Row] by number
    feed: list                       # [(seq, kind, activity)] of the same numbers
    seen: list = field(default_factory=list)   # (activity, capacity, taken, waiting) of every answer
    offers: dict = field(default_factory=dict)   # activity -> seconds that an offer lasts; those that promote are not in it
    staff: set = field(default_factory=set)


class Life:
    """One activity, replayed."""

    def __init__(self, name, ending, wrong):
        self.name, self.capacity, self.wrong = name, ending.capacity[name], wrong
        self.lasts, self.staff = ending.offers.get(name, 0), ending.staff
        self.places, self.asked, self.line = set(), {}, []      # asked: who -> since when
        self.told = {}                                           # client -> [(seq, state)], all that was ever so
        self.effects = []                                        # (row, state, place in line)
        self.request = None

    def fault(self, invariant, sentence):
        self.wrong.append((invariant, f"{self.name}: {sentence}"))

    def taken(self):
        return len(self.places) + len(self.asked)

    def close_request(self):
        if self.line and self.taken() < self.capacity:
            self.fault("S2", f"after {self.request} {len(self.line)} wait and {self.capacity - self.taken()} places are free")

    def leave(self, who):
        self.places.discard(who)
        self.asked.pop(who, None)
        self.line = [other for other in self.line if other != who]

    def from_line(self, row):
        if row.client not in self.line:
            self.fault("S4", f"{row.seq}: {row.client} let in without waiting")
        elif self.line[0] != row.client:
            self.fault("S3", f"{row.seq}: {row.client} let in before {self.line[0]}")
        if (row.action == "signup.offered") != bool(self.lasts):
            self.fault("S10", f"{row.seq}: {row.action} where places are {'offered' if self.lasts else 'given'}")
        self.leave(row.client)

    def end_offer(self, row):
        since = self.asked.get(row.client)
        if since is None:
            self.fault("S4", f"{row.seq}: {row.action} of what was not offered to {row.client}")
        elif (row.at >= since + self.lasts) != (row.action == "signup.lapsed"):
            self.fault("S10", f"{row.seq}: {row.action} {row.at - since} s after the offer, which is good for {self.lasts} s")
        self.leave(row.client)

    def move(self, row):
        if row.client not in self.line:
            self.fault("S4", f"{row.seq}: {row.client} moved in a line they are not in")
            return
        before = self.line.index(row.client) + 1
        if row.by not in self.staff or not row.reason or not 1 <= row.place < before:
            self.fault("S11", f"{row.seq}: {row.client} moved from {before} to {row.place} by {row.by or 'nobody'}: {row.reason or 'no reason'}")
        self.line.remove(row.client)
        self.line.insert(max(row.place, 1) - 1, row.client)

    def come(self, row):
        who = row.client
        if who in self.places or who in self.asked or who in self.line:
            self.fault("S4", f"{row.seq}: {who} signed up twice")
        if row.action == "signup.created":
            if self.line:
                self.fault("S3", f"{row.seq}: {who} has a place while {self.line} wait")
            self.places.add(who)
        else:
            if self.taken() < self.capacity:
                self.fault("S2", f"{row.seq}: {who} must wait while a place is free")
            self.line.append(who)

    def take(self, row):
        who = row.client
        if row.request != self.request:
            self.close_request()
            self.request = row.request
        if row.action == "signup.promoted":
            self.from_line(row)
            self.places.add(who)
        elif row.action == "signup.offered":
            self.from_line(row)
            self.asked[who] = row.at
        elif row.action == "signup.accepted":
            self.end_offer(row)
            self.places.add(who)
        elif row.action == "signup.lapsed":
            self.end_offer(row)
        elif row.action == "signup.withdrawn":
            if who not in self.places and who not in self.asked and who not in self.line:
                self.fault("S4", f"{row.seq}: {who} withdrew from nothing")
            self.leave(who)
        elif row.action == "signup.moved":
            self.move(row)
        elif row.action in EFFECTS:
            self.come(row)
        else:
            self.fault("S4", f"{row.seq}: {row.action} is nothing that was wished for")
        state = {**EFFECTS, **BY_ITSELF}.get(row.action, "")
        self.told.setdefault(who, []).append((row.seq, state))
        if row.action in EFFECTS:
            self.effects.append((row, state, self.line.index(who) + 1 if who in self.line else 0))
        if self.taken() > self.capacity:
            self.fault("S1", f"{row.seq}: {self.taken()} of {self.capacity} places")


def check(wishes, ending):
    """[(invariant, sentence)], empty when all is well."""
    wrong = []
    lives = {name: Life(name, ending, wrong) for name in ending.capacity}
    for row in ending.log:
        lives[row.activity].take(row)
    for life in lives.values():
        life.close_request()
        _end(life, ending, wrong)
    oldest = ending.feed[0][0] if ending.feed else float("inf")
    numbers = [(row.seq, row.action, row.activity) for row in ending.log if row.seq >= oldest]
    too_soon = [row for row in ending.log if row.seq < oldest and row.at > ending.log[-1].at - FEED_KEPT_S]
    if numbers != ending.feed or too_soon:
        wrong.append(("S9", "the feed tells something else than the history"))
    seqs = [row.seq for row in ending.log]
    if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
        wrong.append(("S9", "a number twice, missing or out of order"))
    for name, capacity, taken, waiting in ending.seen:
        if taken > capacity:
            wrong.append(("S1", f"{name}: {taken} of {capacity} places were told"))
        if waiting and taken < capacity:
            wrong.append(("S2", f"{name}: {waiting} waiting and {capacity - taken} places free were told"))
    for name, life in lives.items():
        _acknowledged(life, [wish for wish in wishes if wish.activity == name], wrong)
    return wrong


def _end(life, ending, wrong):
    there = {client: state for (name, client), state in ending.states.items() if name == life.name}
    for state, people in ((IN, life.places), (ASKED, set(life.asked))):
        if {client for client, (now, _) in there.items() if now == state} != people:
            wrong.append(("S5", f"{life.name}: other people are {state} than the log says"))
    line = [client for _, client in sorted((ticket, client) for client, (state, ticket) in there.items() if state == WAITING)]
    if line != life.line:
        wrong.append(("S5", f"{life.name}: the line is {line}, the log says {life.line}"))
    taken, waiting = ending.counts[life.name]
    if (taken, waiting) != (life.taken(), len(life.line)):
        wrong.append(("S5", f"{life.name}: counts {(taken, waiting)}, the log says {(life.taken(), len(life.line))}"))
    if taken > life.capacity:
        wrong.append(("S1", f"{life.name}: ends with {taken} of {life.capacity} places"))


def _fits(wish, row):
    kind = {"signup.withdrawn": "withdraw", "signup.moved": "move"}.get(row.action, "sign_up")
    return wish.kind == kind and wish.client == row.client and (wish.by or wish.client) == (row.by or row.client)


def _acknowledged(life, wishes, wrong):
    """Pairs wishes with their effects by the request they share; then the order among people."""
    by_request, paired, of_client = {}, {}, {}      # paired: request -> (seq, wish), as the log has them; of_client: the same by person
    for wish in wishes:
        by_request[wish.request] = wish
    for row, state, place in life.effects:
        wish = by_request.get(row.request)
        if not wish or not _fits(wish, row):
            wrong.append(("S6", f"{life.name}: nobody wished for {row}"))
            continue
        if wish.request in paired:
            wrong.append(("S6", f"{life.name}: {wish} had two effects"))
        paired[wish.request] = (row.seq, wish)
        of_client.setdefault(wish.client, []).append((row.seq, wish))
        # Who had to ask again is told how things are by then.
        if wish.tries == 1 and state != wish.answer:
            wrong.append(("S6", f"{life.name}: {wish.client} was told {wish.answer}, it was {state}"))
        elif wish.tries == 1 and state == WAITING and wish.place != place:
            wrong.append(("S8", f"{life.name}: {wish.client} was told place {wish.place}, it was {place}"))
    for wish in wishes:
        if wish.request not in paired and wish.answer != UNKNOWN and not _was_so(life, wish, of_client.get(wish.client, [])):
            wrong.append(("S6", f"{life.name}: {wish.client} was told {wish.answer} and nothing happened"))
    latest_began = 0.0
    for _, wish in paired.values():
        if wish.ended < latest_began:
            wrong.append(("S7", f"{life.name}: {wish.client} had an answer before somebody who stands before them asked"))
        latest_began = max(latest_began, wish.began)


def _was_so(life, wish, paired):
    """Was that person in the state they were told, between what was surely before this wish and what was surely after it?"""
    first = max((seq for seq, other in paired if other.ended <= wish.began), default=0)
    last = min((seq for seq, other in paired if other.began >= wish.ended), default=float("inf"))
    told = life.told.get(wish.client, [])
    before = [state for seq, state in told if seq <= first][-1:]
    return wish.answer in before + [state for seq, state in told if first < seq < last]
