"""What clients did about activities and were told, and what must be true of it. Invariants by name:

S1 no activity is overfull, at any moment of the audit log, in any answer, and at the end
S2 nobody waits while a place is free, after any request, in any answer, and at the end
S3 whoever is let in was first in line; whoever comes while somebody waits goes to the end of the line
S4 effects fit: nobody gets a place or a place in line twice, nobody loses what they do not have
S5 replaying the log gives what is there: states, the order of the line, counts
S6 one wish has one effect: as many as were acknowledged, in the order of the person's own wishes, of the kind they were told
S7 who had an answer before another asked stands before them in the log
S8 the place in line that was told was the place then
S9 feed and audit tell the same, without a gap
"""
from dataclasses import dataclass, field

IN, WAITING, OUT = "signed_up", "waitlisted", "withdrawn"


@dataclass
class Wish:
    kind: str                        # "sign_up" or "withdraw"
    client: str
    activity: str
    began: float
    ended: float
    answer: str                      # the state told: signed_up waitlisted withdrawn
    place: int = 0                   # told with waitlisted
    tries: int = 1


@dataclass
class Row:
    """One line of the audit log."""
    seq: int
    request: str
    client: str
    action: str                      # signup.created signup.waitlisted signup.withdrawn signup.promoted
    activity: str


@dataclass
class Ending:
    capacity: dict                   # activity -> places
    counts: dict                     # activity -> (taken, waiting)
    states: dict                     # (activity, client) -> (state, ticket)
    log: list                        # [Row] by number
    feed: list                       # [(seq, kind, activity)] of the same numbers
    seen: list = field(default_factory=list)   # (activity, capacity, taken, waiting) of every answer


class Life:
    """One activity, replayed."""

    def __init__(self, name, capacity, wrong):
        self.name, self.capacity, self.wrong = name, capacity, wrong
        self.places, self.line, self.effects = set(), [], {}
        self.request = None

    def fault(self, invariant, sentence):
        self.wrong.append((invariant, f"{self.name}: {sentence}"))

    def close_request(self):
        if self.line and len(self.places) < self.capacity:
            self.fault("S2", f"after {self.request} {len(self.line)} wait and {self.capacity - len(self.places)} places are free")

    def take(self, row):
        if row.request != self.request:
            self.close_request()
            self.request = row.request
        who, at = row.client, row.seq
        if row.action == "signup.promoted":
            if who not in self.line:
                self.fault("S4", f"{at}: {who} let in without waiting")
            elif self.line[0] != who:
                self.fault("S3", f"{at}: {who} let in before {self.line[0]}")
            self.line = [other for other in self.line if other != who]
            self.places.add(who)
        elif row.action == "signup.withdrawn":
            if who not in self.places and who not in self.line:
                self.fault("S4", f"{at}: {who} withdrew from nothing")
            self.places.discard(who)
            self.line = [other for other in self.line if other != who]
            self.effects.setdefault(who, []).append((at, OUT, 0))
        else:
            if who in self.places or who in self.line:
                self.fault("S4", f"{at}: {who} signed up twice")
            if row.action == "signup.created":
                if self.line:
                    self.fault("S3", f"{at}: {who} has a place while {self.line} wait")
                self.places.add(who)
                self.effects.setdefault(who, []).append((at, IN, 0))
            else:
                if len(self.places) < self.capacity:
                    self.fault("S2", f"{at}: {who} must wait while a place is free")
                self.line.append(who)
                self.effects.setdefault(who, []).append((at, WAITING, len(self.line)))
        if len(self.places) > self.capacity:
            self.fault("S1", f"{at}: {len(self.places)} of {self.capacity} places")


def check(wishes, ending):
    """[(invariant, sentence)], empty when all is well."""
    wrong = []
    lives = {name: Life(name, capacity, wrong) for name, capacity in ending.capacity.items()}
    for row in ending.log:
        lives[row.activity].take(row)
    for life in lives.values():
        life.close_request()
        _end(life, ending, wrong)
    numbers = [(row.seq, row.action, row.activity) for row in ending.log]
    if numbers != ending.feed:
        wrong.append(("S9", "the feed tells something else than the audit log"))
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
    if {client for client, (state, _) in there.items() if state == IN} != life.places:
        wrong.append(("S5", f"{life.name}: other people have places than the log says"))
    line = [client for _, client in sorted((ticket, client) for client, (state, ticket) in there.items() if state == WAITING)]
    if line != life.line:
        wrong.append(("S5", f"{life.name}: the line is {line}, the log says {life.line}"))
    taken, waiting = ending.counts[life.name]
    if (taken, waiting) != (len(life.places), len(life.line)):
        wrong.append(("S5", f"{life.name}: counts {(taken, waiting)}, the log says {(len(life.places), len(life.line))}"))
    if taken > life.capacity:
        wrong.append(("S1", f"{life.name}: ends with {taken} of {life.capacity} places"))


def _acknowledged(life, wishes, wrong):
    """Pairs each person's wishes with their effects; then the order among people."""
    paired = []
    by_client = {}
    for wish in wishes:
        by_client.setdefault(wish.client, []).append(wish)
    for client in by_client.keys() | life.effects.keys():
        effects = list(life.effects.get(client, []))
        holds = False
        for wish in sorted(by_client.get(client, []), key=lambda wish: wish.began):
            if (wish.kind == "sign_up") == holds:
                continue                                    # it was so already: no effect is due
            if not effects:
                wrong.append(("S6", f"{life.name}: {client} was told {wish.answer} and nothing happened"))
                continue
            at, state, place = effects.pop(0)
            holds = state != OUT
            paired.append((at, wish))
            # Who had to ask again may have been let in since.
            if state != wish.answer and not (wish.tries > 1 and (state, wish.answer) == (WAITING, IN)):
                wrong.append(("S6", f"{life.name}: {client} was told {wish.answer}, it was {state}"))
            elif wish.tries == 1 and state == WAITING and wish.place != place:
                wrong.append(("S8", f"{life.name}: {client} was told place {wish.place}, it was {place}"))
        if effects:
            wrong.append(("S6", f"{life.name}: {client} did not wish for {effects}"))
    paired.sort(key=lambda pair: pair[0])
    latest_began = 0.0
    for at, wish in paired:
        if wish.ended < latest_began:
            wrong.append(("S7", f"{life.name}: {wish.client} had an answer before somebody who stands before them asked"))
        latest_began = max(latest_began, wish.began)
