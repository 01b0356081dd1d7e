"""What a crowd did with bookings, series, moves and money, and what must be true of it. The checker knows nothing of the server but its
description: what was asked, what was answered, and what is there in the end. Invariants by the names of the fault matrix:

I1 no half-day of a place has two holders, at any moment of the log and at the end
I2 what was acknowledged is in the log at the version told, and what stands holds all its granules
I3 what was cancelled holds nothing
I4 one key has one effect, every answer to it is the same, and a series is whole or not there
I5 no ghost: whatever happened, somebody asked for
I6 the log has no gap and no repeat, and replaying it gives what is there
I7 as many effects as were acknowledged, and those of unknown outcome that happened; a refusal has none
I8 every refusal is justified: at some moment between question and answer somebody had the place
I9 the log is an order that all clocks agree with: who had an answer before another asked stands before them
I11 whoever listens hears every change once and in order
I12 who reads after writing sees it
I13 counters: carnets and network days are at every moment within their bounds, and the ledger gives what is there
"""
import bisect
import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

HALVES = {"am": ("am",), "pm": ("pm",), "day": ("am", "pm")}
STANDS = "confirmed"
HELD = {(409, "slot-taken"): "taken", (422, "already-mine"): "mine"}


@dataclass
class Deed:
    kind: str                        # book move cancel series
    client: str
    id: str                          # of the booking, or of the series
    space: str
    place: str = ""                  # where and when it is to be; of a series the first date
    date: str = ""
    part: str = ""
    base: int = 0                    # the version it changes; 0: it makes one
    began: float = 0
    ended: float = math.inf          # when the last answer came
    answer: str = "unknown"          # done, refused, unknown
    why: str = ""                    # of a refusal: taken, mine, or what it said
    answers: list = field(default_factory=list)      # every (status, version, body) that said done
    outcomes: dict = field(default_factory=dict)     # of a series: date -> id of a booking, "taken", "mine" or what it said
    seen: tuple = ()                 # (state, version) read right after; () when not read
    tries: int = 0

    @property
    def version(self):
        return self.base + 1

    @property
    def halves(self):
        return [(self.place, self.date, half) for half in HALVES[self.part]]


@dataclass
class Booking:
    space: str
    place: str
    date: str
    part: str
    state: str
    version: int
    client: str
    series: str
    granules: tuple                  # (held, those it should hold when it stands)
    pay_by: str
    pass_id: str
    half_days: int
    cents: int                       # its price


@dataclass
class Line:
    """Of the ledger. `id`: the booking's, its version and which of two; of a sale the pass's."""
    space: str
    id: str
    kind: str
    pay_by: str
    client: str
    booking: str
    pass_id: str
    date: str
    half_days: int
    cents: int


@dataclass
class Ending:
    bookings: dict                   # id -> Booking
    logs: dict                       # space -> [(seq, kind, ref, version)] from 1 on
    ledger: list                     # [Line]
    passes: dict                     # id -> (client, half-days, left)
    network: dict                    # (space, client, year) -> (used, most)
    listed: dict = field(default_factory=dict)    # listener -> {space: [(seq, kind, ref)]} as the list of changes tells it
    heard: dict = field(default_factory=dict)     # the same, as it was heard


class History:
    """One history, gone through in the order of its logs."""

    def __init__(self, deeds, ending):
        self.deeds, self.ending, self.wrong = deeds, ending, []
        self.makers = {deed.id: deed for deed in deeds if deed.kind in ("book", "series")}
        self.changers = defaultdict(list)
        for deed in deeds:
            if deed.kind in ("move", "cancel"):
                self.changers[deed.id, deed.version, deed.kind].append(deed)
        self.places = {}                     # id(deed) -> its last place in the log of its space
        self.effects = Counter()             # id(deed) -> how often it happened
        self.spans = defaultdict(list)       # half-day -> [[from, until, id of the booking, client]] in places of the log
        self.targets = {}                    # id of a booking -> half-days it holds while it stands
        self.when = {}                       # (id of a booking, version) -> place in the log
        self.series_made = defaultdict(list)

    def fault(self, invariant, sentence):
        self.wrong.append((invariant, sentence))

    # ---- the logs

    def replay(self):
        for space, rows in self.ending.logs.items():
            if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
                self.fault("I6", f"the log of {space} has a gap or a repeat")
            standing = {}
            for seq, kind, ref, version in rows:
                if kind.startswith("booking."):
                    self._step(space, standing, seq, kind, ref, version)
            self._compare(space, standing)
        for id in self.ending.bookings.keys() - self.targets.keys():
            self.fault("I6", f"no log tells of {id}")

    def _step(self, space, standing, seq, kind, id, version):
        row = self.ending.bookings.get(id)
        if row is None or row.space != space:
            self.fault("I6", f"the log of {space} tells of {id}, which is not there")
            return
        if version != standing.get(id, 0) + 1 or (kind == "booking.created") != (id not in self.targets):
            self.fault("I6", f"{space} {seq}: {kind} makes version {version} of {id} after {standing.get(id, 'none')}")
        if (id, version) in self.when:
            self.fault("I4", f"{space} {seq}: version {version} of {id} was made twice")
        self.when[id, version] = seq
        deed = self._deed(kind, id, row, version)
        if deed is None:
            self.fault("I5", f"{space} {seq}: {kind} of {id} at version {version}, and nobody asked for it")
        else:
            self.places[id_of(deed)] = seq
            self.effects[id_of(deed)] += 1
        self._let_go(id, seq)
        standing[id] = version
        if kind == "booking.cancelled":
            del standing[id]
            self.targets[id] = []
        elif deed is not None:
            if deed.kind == "series":
                self.series_made[deed.id].append((seq, id, row.date if row.version == 1 else self._date_told(deed, id)))
                self.targets[id] = [(deed.place, self.series_made[deed.id][-1][2], half) for half in HALVES[deed.part]]
            else:
                self.targets[id] = deed.halves
            self._take(id, row.client, seq)

    def _deed(self, kind, id, row, version):
        if kind == "booking.created":
            return self.makers.get(id) or self.makers.get(row.series)
        wanted = {"booking.changed": "move", "booking.cancelled": "cancel"}.get(kind)
        some = self.changers.get((id, version, wanted), [])
        return next((deed for deed in some if deed.answer != "refused"), some[0] if some else None)

    @staticmethod
    def _date_told(deed, id):
        return next((date for date, outcome in deed.outcomes.items() if outcome == id), None)

    def _let_go(self, id, seq):
        for half in self.targets.get(id, []):
            for span in reversed(self.spans[half]):
                if span[2] == id and span[1] == math.inf:
                    span[1] = seq
                    break

    def _take(self, id, client, seq):
        for half in self.targets[id]:
            holder = next((span for span in reversed(self.spans[half]) if span[1] > seq), None)
            if holder:
                self.fault("I1", f"{half} went to {id} while {holder[2]} had it")
            self.spans[half].append([seq, math.inf, id, client])

    def _compare(self, space, standing):
        rows = {id: row for id, row in self.ending.bookings.items() if row.space == space}
        there = {id: row.version for id, row in rows.items() if row.state == STANDS}
        if there != standing:
            self.fault("I6", f"replaying the log of {space} gives other bookings: {dict(there.items() ^ standing.items())}")
        held = {}
        for id, row in rows.items():
            halves = [(row.place, row.date, half) for half in HALVES[row.part]] if id in there else []
            if id in there and sorted(halves) != sorted(self.targets.get(id, [])):
                self.fault("I2", f"{id} is at {halves} and was put at {self.targets.get(id)}")
            for half in halves:
                if half in held:
                    self.fault("I1", f"{half} belongs to {id} and to {held[half]}")
                held[half] = id
            if row.granules[0] != (row.granules[1] if id in there else 0):
                self.fault("I2" if id in there else "I3", f"{id} is {row.state} and holds {row.granules[0]} granules of {row.granules[1]}")

    # ---- the answers

    def answers(self):
        for deed in self.deeds:
            times = self.effects[id_of(deed)]
            if deed.kind != "series" and times > 1:
                self.fault("I4", f"{deed.kind} {deed.id} happened {times} times")
            if deed.answer == "done":
                self._done(deed, times)
            elif deed.answer == "refused" and times:
                self.fault("I7", f"{deed.kind} {deed.id} was refused and happened")
            if deed.kind == "series":
                self._series(deed)

    def _done(self, deed, times):
        if not times:
            self.fault("I2", f"{deed.kind} {deed.id} was acknowledged and is not there")
        if len(set(deed.answers)) > 1:
            self.fault("I4", f"{deed.kind} {deed.id}: {len(set(deed.answers))} different answers to one key: {set(deed.answers)}")
        for _, version, _ in deed.answers:
            if version is not None and version != deed.version:
                self.fault("I2", f"{deed.kind} {deed.id} was acknowledged at version {version}, not {deed.version}")
        if deed.seen and deed.seen != ("cancelled" if deed.kind == "cancel" else STANDS, deed.version):
            self.fault("I12", f"{deed.id}: read {deed.seen} after {deed.kind} made version {deed.version}")

    def _series(self, deed):
        made = self.series_made[deed.id]
        seqs = [seq for seq, _, _ in made]
        if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            self.fault("I4", f"series {deed.id} was not made in one go: {seqs}")
        if deed.answer == "done":
            told = {id: date for date, id in deed.outcomes.items() if id in self.ending.bookings}
            if told != {id: date for _, id, date in made} or len(told) != sum(len(value) == 36 for value in deed.outcomes.values()):
                self.fault("I2", f"series {deed.id}: told {told}, made {made}")

    # ---- order

    def order(self):
        by_space = defaultdict(list)
        for deed in self.deeds:
            if id_of(deed) in self.places:
                by_space[deed.space].append((self.places[id_of(deed)], deed))
        for space, pairs in by_space.items():
            latest = -math.inf
            for place, deed in sorted(pairs, key=lambda pair: pair[0]):
                if deed.ended < latest:
                    self.fault("I9", f"{space} {place}: {deed.kind} {deed.id} had its answer before somebody who stands before it asked")
                latest = max(latest, deed.began)
            self._refusals(space, [deed for _, deed in pairs])

    def _refusals(self, space, placed):
        """A refused deed saw the log as it was after some place of a window: not before what had ended when it began, not after what
        began when it had ended."""
        ended = sorted(placed, key=lambda deed: deed.ended)
        begun = sorted(placed, key=lambda deed: deed.began)
        ends, begins = [deed.ended for deed in ended], [deed.began for deed in begun]
        least = list(itertools.accumulate((self.places[id_of(deed)] for deed in ended), max))
        most = list(itertools.accumulate((self.places[id_of(deed)] for deed in reversed(begun)), min))[::-1]
        for deed in self.deeds:
            if deed.space != space:
                continue
            after, before = bisect.bisect_left(ends, deed.began), bisect.bisect_right(begins, deed.ended)
            window = (least[after - 1] if after else 0, most[before] - 1 if before < len(most) else math.inf)
            if deed.answer == "refused" and (deed.kind != "series" or deed.why not in ("none", "taken")):
                self._justify(deed, deed.date, deed.why, window)
            for date, outcome in deed.outcomes.items():
                if len(outcome) != 36:
                    self._justify(deed, date, outcome, window)

    def _justify(self, deed, date, why, window):
        if why not in ("taken", "mine"):
            self.fault("I8", f"{deed.kind} {deed.id}: {why}")
            return
        first, last = window
        for half in HALVES[deed.part]:
            spans = self.spans[deed.place, date, half]
            at = bisect.bisect_right(spans, first, key=lambda span: span[0]) - 1
            for start, until, id, client in spans[max(at, 0):]:
                if start > last:
                    break
                if until > first and id != deed.id and (why == "taken" or client == deed.client):
                    return
        self.fault("I8", f"{deed.kind} {deed.id}: nobody could have had {deed.place} {date} {deed.part} ({why}, {window})")

    # ---- money

    def counters(self):
        moves, owed = defaultdict(list), defaultdict(lambda: [0, 0, Counter()])
        for line in self.ending.ledger:
            if line.kind == "sale":
                moves["pass", line.pass_id].append((line.space, 0, 0, line.half_days))
                continue
            id, version, order = line.id.rsplit(".", 2)
            at = self.when.get((id, int(version)))
            if at is None or id != line.booking:
                self.fault("I13", f"the ledger has {line.id} and no log tells of it")
                continue
            if line.pay_by == "carnet":
                moves["pass", line.pass_id].append((line.space, at, int(order), line.half_days))
            elif line.pay_by == "network_day":
                moves["network", line.space, line.client, int(line.date[:4])].append((line.space, at, int(order), line.half_days))
            owed[id][0] += line.half_days
            owed[id][1] += line.cents
            owed[id][2][line.pay_by, line.pass_id] -= line.half_days
        self._balances(moves)
        for id, row in self.ending.bookings.items():
            self._paid(id, row, *owed[id])

    def _balances(self, moves):
        for id, (_, most, left) in self.ending.passes.items():
            self._balance(f"carnet {id}", moves.pop(("pass", id), []), 0, most, left)
        for (space, client, year), (used, most) in self.ending.network.items():
            self._balance(f"network days of {client} at {space}", moves.pop(("network", space, client, year), []), -most, 0, -used)
        for name, some in moves.items():
            self.fault("I13", f"the ledger moves {name}, which is not there, {len(some)} times")

    def _balance(self, name, moves, least, most, final):
        balance = 0
        for _, at, _, by in sorted(moves):
            balance += by
            if not least <= balance <= most:
                self.fault("I13", f"{name}: {balance} after {at}, not within {least} and {most}")
        if balance != final:
            self.fault("I13", f"{name}: {final}, the ledger says {balance}")

    def _paid(self, id, row, half_days, cents, by):
        if row.state != STANDS:
            if half_days or cents:
                self.fault("I13", f"{id} is cancelled and still owes {-half_days} half-days and {cents} cents")
            return
        if row.pay_by in ("carnet", "network_day"):
            if not row.half_days or by[row.pay_by, row.pass_id] != row.half_days or half_days != -row.half_days or cents:
                self.fault("I13", f"{id} holds {row.half_days} of {row.pay_by}, the ledger says {dict(by)} and {cents} cents")
        elif half_days or cents != (row.cents if row.pay_by == "price" else 0):
            self.fault("I13", f"{id} costs {row.cents}, the ledger says {cents} and {-half_days} half-days")

    # ---- listeners

    def listeners(self):
        for name, spaces in self.ending.listed.items():
            for space, rows in spaces.items():
                heard = self.ending.heard[name].get(space, [])
                if heard != rows:
                    at = next((n for n, pair in enumerate(zip(heard, rows)) if pair[0] != pair[1]), min(len(heard), len(rows)))
                    self.fault("I11", f"{name} heard {len(heard)} of {len(rows)} changes of {space}; they part at {heard[at:at + 2]} / {rows[at:at + 2]}")
                log = {row[0]: row[2] for row in self.ending.logs.get(space, [])}
                if [seq for seq, _, _ in rows] != list(range(1, len(rows) + 1)) or (log and len(rows) != len(log)):
                    self.fault("I11", f"{name}: {len(rows)} changes of {space} are listed, the log has {len(log)}")


def id_of(deed):
    return id(deed)


def check(deeds, ending):
    """[(invariant, sentence)], empty when all is well."""
    history = History(deeds, ending)
    history.replay()
    history.answers()
    history.order()
    history.counters()
    history.listeners()
    return history.wrong
