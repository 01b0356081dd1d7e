"""A crowd that books, moves, cancels, books series, signs up and withdraws all at once, hangs up in the middle and asks again with the
same key, while something is done to the server; and what it was told, for the checkers (deeds.py, signup_history.py).

HACKTIV_SEED repeats what everybody chooses; when it is answered is the machine's.
"""
import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from datetime import date, timedelta

import signup_history
from community import Community
from deeds import HELD, Booking, Deed, Ending, Line, check
from follower import Follower, listed
from server import exchange, new_id
from signup_history import Row, Wish

CLIENTS = 24
SPACES = ["ferme", "rimbaud"]
PLACES_EACH = 3
DATES = [str(date(2026, 9, 21) + timedelta(days=day)) for day in range(12) if day % 7 < 5]
CAPACITIES = [1, 2, 4]
OFFERED, OFFER_MINUTES = "a1", 30      # whoever is next there is asked first
CARNET_HALF_DAYS = 6       # soon used up, and given back, and used again
LISTENERS = 3
DESK = "maite.froidmont"   # sells the carnets
SLOW_S = 60                # more than it should last, at most, when little happens
PATIENCE_S = 60            # for one deed: the server comes back within that
GIVE_UP = 0.03             # of the tries without an answer are the last
HANG_UP = 0.10             # of the requests are cut within HANG_UP_S of sending
HANG_UP_S = 0.004
AGAIN = 0.2                # of what was done is asked again with its key
PER_CENT = {"book": 34, "move": 18, "cancel": 20, "series": 4, "sign_up": 13, "withdraw": 11}


def seed():
    return int(os.environ.get("HACKTIV_SEED") or random.SystemRandom().randrange(1 << 32))


class Client(threading.Thread):
    def __init__(self, crowd, login, number):
        super().__init__(daemon=True)
        self.crowd, self.login, self.wire, self.fault = crowd, login, None, None
        self.choice = random.Random(crowd.seed * 100 + number)
        self.chance = random.Random()
        self.deeds, self.mine, self.wishes, self.seen, self.count = [], [], [], [], Counter()
        self.signed_up = set()

    def run(self):
        try:
            while not self.crowd.over.is_set():
                kind = self.choice.choices(list(PER_CENT), PER_CENT.values())[0]
                if kind in ("sign_up", "withdraw"):
                    self.wish(kind)
                elif kind in ("move", "cancel") and self.mine:
                    getattr(self, kind)(self.mine.pop(self.choice.randrange(len(self.mine))))
                elif kind in ("book", "series"):
                    getattr(self, kind)()
        except Exception as fault:               # told by the test, not lost in a thread
            self.fault = fault
            self.crowd.over.set()
        finally:
            self.hang_up()

    # ---- the wire

    def hang_up(self):
        if self.wire:
            self.wire.close()
        self.wire = None

    def ask(self, method, target, body=None, fields=()):
        """One try. None: no answer came."""
        fields = {"Authorization": f"Bearer {self.crowd.caller.tokens[self.login]}", **dict(fields)}
        self.count["sent"] += 1
        try:
            if not self.wire:
                self.wire = self.crowd.server.connection(timeout=10)
                self.wire.connect()
            if method != "GET" and self.chance.random() < HANG_UP:
                self.wire.putrequest(method, target)
                for name, value in {**fields, "Content-Length": str(len(body or b""))}.items():
                    self.wire.putheader(name, value)
                self.wire.endheaders(body)
                time.sleep(self.chance.uniform(0, HANG_UP_S))
                self.count["cut"] += 1
                self.hang_up()
                return None
            answer = exchange(self.wire, method, target, body, fields)
            if (answer.header("Connection") or "").lower() == "close":
                self.hang_up()
            return answer
        except (http.client.HTTPException, OSError):
            self.hang_up()
            return None

    def insist(self, method, target, body, fields, may_give_up=True):
        """The same until there is a definite answer: (answer, tries); None when it is given up on purpose."""
        deadline, pause, tries = time.monotonic() + PATIENCE_S, 0.01, 0
        while True:
            tries += 1
            self.count["again"] += tries == 2
            answer = self.ask(method, target, body, fields)
            if answer and answer.status not in (429, 503) and answer.problem != "request-in-progress":
                self.count["replayed"] += answer.header("Idempotent-Replayed") == "true"
                return answer, tries
            if answer is None and may_give_up and self.chance.random() < GIVE_UP:
                return None, tries
            assert time.monotonic() < deadline, f"no answer to {method} {target} in {PATIENCE_S} s: {answer}"
            time.sleep(self.chance.uniform(0, pause))
            pause = min(pause * 2, 0.5)

    # ---- bookings

    def some_time(self):
        return self.choice.choice(DATES), self.choice.choice(["am", "am", "pm", "pm", "day"])

    def do(self, deed, method, target, wish=None, fields=()):
        """Says it until it is answered, and notes what was answered."""
        body = json.dumps(wish).encode() if wish else None
        fields = {"Content-Type": "application/json" if body else None, **dict(fields)}
        deed.began = time.monotonic()
        self.deeds.append(deed)
        answer, deed.tries = self.insist(method, target, body, {name: value for name, value in fields.items() if value})
        if not answer:
            return None
        deed.ended = time.monotonic()
        if deed.kind == "series" and answer.status == 200:      # none of its dates: nothing happened
            deed.answer, deed.why = "refused", "none"
        elif answer.status in (200, 201, 204):
            deed.answer = "done"
            self.note(deed, answer)
            if deed.kind != "cancel" and self.choice.random() < AGAIN:      # asked again although answered
                again, _ = self.insist(method, target, body, fields)
                if again:
                    self.note(deed, again)
        else:
            deed.answer, deed.why = "refused", HELD.get((answer.status, answer.problem), f"it said {answer}")
        return answer

    @staticmethod
    def note(deed, answer):
        tag = answer.header("ETag")
        deed.answers.append((answer.status, int(tag.strip('"')) if tag and deed.kind != "cancel" else None, answer.body))

    def look(self, deed):
        answer = self.ask("GET", f"/v1/spaces/{deed.space}/bookings/{deed.id}")
        if answer and answer.status not in (429, 503):
            told = answer.json() if answer.status == 200 else {"state": f"gone: {answer.status}", "version": 0}
            deed.seen = told["state"], told["version"]

    def book(self):
        space = self.choice.choice(SPACES)
        deed = Deed("book", self.login, new_id(), space, self.choice.choice(self.crowd.places[space]), *self.some_time())
        self.do(deed, "POST", f"/v1/spaces/{space}/bookings", {"id": deed.id, **self.crowd.wish(deed)}, {"Idempotency-Key": deed.id})
        self.keep(deed)

    def keep(self, deed):
        """What is sure is looked at, and can be changed later."""
        if deed.answer == "done":
            self.look(deed)
            if deed.kind != "cancel":
                self.mine.append(deed)

    def move(self, made):
        place, (day, part) = self.choice.choice(self.crowd.places[made.space]), self.some_time()
        if (place, day, part) == (made.place, made.date, made.part):
            self.mine.append(made)
            return
        deed = Deed("move", self.login, made.id, made.space, place, day, part, made.version)
        self.do(deed, "PATCH", f"/v1/spaces/{made.space}/bookings/{made.id}", self.crowd.wish(deed),
                {"Idempotency-Key": new_id(), "If-Match": f'"{made.version}"', "Content-Type": "application/merge-patch+json"})
        self.keep(deed)
        if deed.answer == "refused":
            self.mine.append(made)

    def cancel(self, made):
        deed = Deed("cancel", self.login, made.id, made.space, made.place, made.date, made.part, made.version)
        self.do(deed, "DELETE", f"/v1/spaces/{made.space}/bookings/{made.id}", None, {"If-Match": f'"{made.version}"'})
        self.keep(deed)

    def series(self):
        space = self.choice.choice(SPACES)
        deed = Deed("series", self.login, new_id(), space, self.choice.choice(self.crowd.places[space]), self.choice.choice(DATES),
                    self.choice.choice(["am", "pm"]))
        answer = self.do(deed, "POST", f"/v1/spaces/{space}/bookings:series",
                         {"id": deed.id, **self.crowd.wish(deed), "repeat": {"every": "weekday", "count": self.choice.randint(2, 4)}},
                         {"Idempotency-Key": deed.id})
        if not answer or answer.status not in (200, 201):
            return
        for item in answer.json()["items"]:
            rule = item["obstacles"][0]["rule"] if item["obstacles"] else ""
            deed.outcomes[item["date"]] = item["booking"]["id"] if item["outcome"] == "booked" else \
                {"slot-taken": "taken", "already-mine": "mine"}.get(rule, f"it said {rule}")
            if item["outcome"] == "booked":
                self.mine.append(Deed("book", self.login, item["booking"]["id"], space, deed.place, item["date"], deed.part))

    # ---- activities

    def wish(self, kind):
        name = self.choice.choice(list(self.crowd.paths))
        began, key = time.monotonic(), new_id()
        answer, tries = self.insist("PUT" if kind == "sign_up" else "DELETE", self.crowd.paths[name] + "/signup", None,
                                    {"Idempotency-Key": key, "Request-Id": key, "Content-Length": "0"}, may_give_up=False)
        if answer.status == 404 and kind == "withdraw" and name not in self.signed_up:
            return                               # never signed up there
        if answer.status != 200:
            self.wishes.append(Wish(kind, self.login, name, began, time.monotonic(), f"it said {answer}", 0, tries, key))
            return
        told = answer.json()
        self.signed_up.add(name)
        self.wishes.append(Wish(kind, self.login, name, began, time.monotonic(), told["mine"]["state"], told["mine"]["place"] or 0, tries,
                                key))
        self.seen.append((name, told["capacity"], told["taken"], told["waiting"]))


class Crowd:
    """The sample network with some activities more, and clients that live in it, once or several times. `more`: for its server."""

    def __init__(self, seed, **more):
        self.seed, self.over, self.harms = seed, threading.Event(), Counter()
        self.caller = Community([{"space": "ferme", "slug": f"a{number}", "title": f"a{number}", "format": "meetup", "place": "Le Moulin",
                                  "languages": ["fr"], "date": "+30d", "from": "18:00", "capacity": capacity,
                                  **({"waitlist": "offer", "offer_minutes": OFFER_MINUTES} if f"a{number}" == OFFERED else {})}
                                 for number, capacity in enumerate(CAPACITIES)], **more)
        self.server = self.caller.server
        self.server.stop()
        self.server.give_role(DESK, "reception", "ferme")
        credited = {row[0] for row in self.server.sql("SELECT member_id FROM pass UNION SELECT member_id FROM network_day")}
        members = self.server.sql("SELECT login, m.id, home_space_id FROM member m ORDER BY login")
        self.server.start()
        members = [row for row in members if row[1] not in credited and row[0] not in (DESK, "demo")]
        random.Random(seed).shuffle(members)
        self.members = {row[1]: row[0] for row in members[:CLIENTS]}
        self.paths = {f"a{number}": self.caller.path(f"a{number}") for number in range(len(CAPACITIES))}
        self.places = {space: self.free_places(space) for space in SPACES}
        self.names = {self.caller.resource(name): name for some in self.places.values() for name in some}
        for id in list(self.members)[::2]:
            self.sell(id)
        self.space_ids = {item["slug"]: item["id"] for item in self.caller.get("/v1/spaces").json()["items"]}
        self.start_id = self.caller.get("/v1/changes", by="demo").json()["id"]
        self.before = {space: self.server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = ?", space)[0][0]
                       for space in self.space_ids}
        self.ledger_before = {row[0] for row in self.server.sql("SELECT id FROM ledger")}
        self.clients, self.followers = [], []

    def free_places(self, space):
        free = set(self.caller.free(space, DATES[0], "day"))
        for day in DATES[1:] + [str(date(2026, 10, 2) + timedelta(days=more)) for more in (3, 4, 5)]:
            free &= set(self.caller.free(space, day, "day"))
        assert len(free) >= PLACES_EACH, f"{space}: {free}"
        return sorted(free)[:PLACES_EACH]

    def sell(self, member):
        id = new_id()
        body = {"id": id, "member_id": member, "kind": "carnet", "valid_from": "2026-07-15", "valid_until": "2027-07-14", "net_cents": 3500,
                "half_days": CARNET_HALF_DAYS}
        answer = self.caller.call("POST", "/v1/spaces/ferme/passes", body, by=DESK, key=id)
        assert answer.status == 201, answer

    def wish(self, deed):
        return {"resource_id": self.caller.resource(deed.place), "date": deed.date, "part": deed.part}

    def done(self):
        """How many deeds so far."""
        return sum(len(client.deeds) for client in self.clients)

    def live(self, seconds, harm, rounds_least=0, enough=lambda crowd: True):
        """So long, and on a slow machine until there is `enough`; `harm(crowd, round)` is done again and again meanwhile, each second or so."""
        goal, chance = [], random.Random(self.seed)
        self.over.clear()
        clients = [Client(self, login, len(self.clients) + number) for number, login in enumerate(self.members.values())]
        self.clients += clients
        self.followers = [Follower(self.server, login, self.caller.tokens[login], self.start_id, self.over, goal)
                          for login in list(self.members.values())[:LISTENERS]]
        for thread in clients + self.followers:
            thread.start()
        until, rounds = time.monotonic() + seconds, 0
        longest = until + SLOW_S
        while not self.over.is_set():
            if time.monotonic() >= until and rounds >= rounds_least and (time.monotonic() >= longest or enough(self)):
                break
            self.over.wait(chance.uniform(0.6, 1.4))
            try:
                harm(self, rounds)
            except BaseException:
                self.over.set()
                raise
            rounds += 1
        self.over.set()
        for client in clients:
            client.join()
        goal.append(self.until_told(lambda: self.caller.get("/v1/changes", by="demo").json()["id"]))
        for follower in self.followers:
            follower.join(60)
        for thread in clients + self.followers:
            if thread.fault:
                raise thread.fault
            assert not thread.is_alive(), f"{thread.login} listens still, at {thread.id} of {goal}"

    @staticmethod
    def until_told(ask):
        for _ in range(200):
            try:
                return ask()
            except (OSError, KeyError, http.client.HTTPException):
                time.sleep(0.05)
        return ask()

    def kill(self):
        self.server.kill()
        self.harms["kills"] += 1
        self.server.start()

    # ---- what it comes to

    def judge(self):
        """[(invariant, sentence)], empty when all is well. The server is stopped then."""
        ending = self.ending()
        self.server.stop()
        self.deeds = [deed for client in self.clients for deed in client.deeds]
        self.read(ending)
        wrong = check(self.deeds, ending)
        self.wishes = [wish for client in self.clients for wish in client.wishes]
        self.ended = ending
        return wrong + [("I10 " + name, sentence) for name, sentence in signup_history.check(self.wishes, self.signups(ending))]

    def ending(self):
        """What the clients can still ask for: what they heard, and what is listed."""
        ending = Ending({}, {}, [], {}, {})
        slugs = {id: slug for slug, id in self.space_ids.items()}

        def by_space(items):
            spaces = {}
            for item in items:
                slug = slugs[item["space_id"]]
                # Somebody else's booking is told as the place where it is by now: that alone may differ.
                ref = item["ref"] if item["kind"] != "availability.changed" else ""
                spaces.setdefault(slug, []).append((item["seq"] - self.before[slug], item["kind"], ref))
            return spaces
        for follower in self.followers:
            ending.heard[follower.login] = by_space(follower.heard)
            ending.listed[follower.login] = by_space(listed(self.caller, follower.login, self.start_id))
        return ending

    def read(self, ending):
        sql, name = self.server.sql, self.members.get
        for space in SPACES:
            ending.logs[space] = [(seq - self.before[space], *more) for seq, *more in sql(
                "SELECT seq, kind, ref, c.version FROM change_log c JOIN space s ON s.id = space_id WHERE slug = ? AND seq > ? ORDER BY seq",
                space, self.before[space])]
        for row in sql("SELECT b.id, slug, resource_id, date, part, state, b.version, member_id, series_id, (end_at - start_at) / granule_s,"
                       " (SELECT count(*) FROM slot WHERE slot.space_id = b.space_id AND booking_id = b.id), pay_by, pass_id, half_days, net_cents"
                       " FROM booking b JOIN space s ON s.id = b.space_id WHERE date BETWEEN ? AND ?", DATES[0], "2026-10-09"):
            if row[2] in self.names:
                ending.bookings[row[0]] = Booking(row[1], self.names[row[2]], *row[3:7], name(row[7], row[7]), row[8], (row[10], row[9]), *row[11:])
        for row in sql("SELECT slug, l.id, kind, pay_by, member_id, booking_id, pass_id, date, half_days, net_cents FROM ledger l"
                       " JOIN space s ON s.id = l.space_id ORDER BY l.id"):
            if name(row[4]) and (row[2] == "sale" or row[1] not in self.ledger_before):
                ending.ledger.append(Line(*row[:4], name(row[4], row[4]), *row[5:]))
        for id, member, most, left in sql("SELECT id, member_id, half_days, half_days_left FROM pass"):
            if name(member):
                ending.passes[id] = (name(member), most, left)
        for space, member, year, used, most in sql("SELECT slug, member_id, year, used, most FROM network_day JOIN space s ON s.id = space_id"):
            if name(member):
                ending.network[space, name(member), year] = (used, most)

    def signups(self, ending):
        sql = self.server.sql
        rows = sql("SELECT h.seq, a.request_id, m.login, h.kind, t.title, b.login, h.reason, h.place, h.at FROM signup_history h"
                   " JOIN space s ON s.id = h.space_id JOIN audit a ON a.space_id = h.space_id AND a.seq = h.seq"
                   " JOIN member m ON m.id = h.member_id JOIN member b ON b.id = h.by_id"
                   " JOIN activity t ON t.space_id = h.space_id AND t.id = h.activity_id"
                   " WHERE slug = 'ferme' AND h.seq > ? ORDER BY h.seq", self.before["ferme"])
        titles = {path.rpartition("/")[2]: title for title, path in self.paths.items()}
        feed = [(number, kind, titles[ref]) for number, (kind, ref) in
                enumerate(((kind, ref) for _, kind, ref, _ in ending.logs["ferme"] if kind.startswith("signup.")), 1)]
        activities = sql("SELECT title, capacity, taken, waiting FROM activity")
        states = sql("SELECT t.title, m.login, u.state, u.ticket FROM signup u JOIN member m ON m.id = u.member_id"
                     " JOIN activity t ON t.space_id = u.space_id AND t.id = u.activity_id")
        return signup_history.Ending({title: capacity for title, capacity, _, _ in activities}, {row[0]: row[2:] for row in activities},
                                     {(title, login): (state, ticket) for title, login, state, ticket in states},
                                     [Row(number, *row[1:]) for number, row in enumerate(rows, 1)], feed,
                                     [answer for client in self.clients for answer in client.seen], {OFFERED: OFFER_MINUTES * 60})

    def tally(self):
        deeds = Counter(f"{deed.kind} {deed.answer}" for deed in self.deeds)
        sent = sum((client.count for client in self.clients), Counter())
        wishes = Counter(f"{wish.kind} {wish.answer}" for wish in self.wishes)
        heard = sum(len(rows) for spaces in self.ended.heard.values() for rows in spaces.values())
        return (f"{len(self.deeds) + len(self.wishes)} operations, {dict(self.harms)}, {dict(sent)}, {dict(deeds)}, {dict(wishes)}, "
                f"{len(self.ended.ledger)} lines of the ledger, {heard} changes heard over {sum(f.connections for f in self.followers)} connections")
