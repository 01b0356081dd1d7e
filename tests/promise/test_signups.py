"""I10, D05: thirty-two people sign up for eight activities and withdraw again, hang up in the middle and ask again with the same key; half
of the activities offer their places; two at the desk sign others up, withdraw them and move them up the line. Then the same while the
server is killed again and again, and comes back twenty minutes later by its clock, so that offers lapse. The checker reads what everybody
was told.

HACKTIV_SEED repeats a run's choices, HACKTIV_PROMISE_S makes it longer.
"""
import calendar
import http.client
import os
import random
import threading
import time

from community import Community
from server import exchange, new_id
from signup_history import IN, UNKNOWN, WAITING, Ending, Row, Wish, check

OFFERED = {"a1", "a3", "a4", "a6"}
OFFER_MINUTES = 30
LATER_S = 20 * 60          # the clock of a server that comes back; every second time twice that: what was offered before has lapsed
STAFF = ["gauthier.mahieu-lorent", "maite.froidmont"]

from tap import case, equal, run

SEED = int(os.environ.get("HACKTIV_SEED") or random.SystemRandom().randrange(1 << 32))
LENGTH_S = float(os.environ.get("HACKTIV_PROMISE_S", "6"))
CLIENTS = 32
CAPACITIES = [1, 1, 2, 3, 4, 6, 9, 14]
DEATHS_LEAST = 3           # however slow the machine
SLOW_S = 60                # more than it should last, at most, when little happens
# Of each of these, to prove anything. How much there is of it in a given time depends on the machine and on what else it does.
LEAST = {"signup.created": 20, "signup.waitlisted": 20, "signup.withdrawn": 20, "signup.promoted": 20, "signup.offered": 5, "signup.accepted": 3,
         "signup.moved": 1}
PATIENCE_S = 40            # for one wish: the server comes back within that
HANG_UP = 0.05             # of the requests are cut after sending

caller = Community([{"space": "ferme", "slug": f"a{number}", "title": f"a{number}", "format": "meetup", "place": "Le Moulin",
                     "languages": ["fr"], "date": "+30d", "from": "18:00", "capacity": capacity,
                     **({"waitlist": "offer", "offer_minutes": OFFER_MINUTES} if f"a{number}" in OFFERED else {})}
                    for number, capacity in enumerate(CAPACITIES)])
server = caller.server
paths = {f"a{number}": caller.path(f"a{number}") for number in range(len(CAPACITIES))}
before = server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = 'ferme'")[0][0]
wishes, seen = [], []
ids = {login: caller.get("/v1/members/me", by=login).json()["id"] for login in caller.tokens}
server.stop()
for login in STAFF:
    server.give_role(login, "operator", "ferme")
server.start()
people = [login for login in caller.tokens if login not in STAFF][:CLIENTS]


class Client(threading.Thread):
    def __init__(self, login, number, over):
        super().__init__()
        self.login, self.over, self.fault, self.wire = login, over, None, None
        self.random = random.Random(SEED * 100 + number)
        self.wishes, self.seen = [], []

    def run(self):
        try:
            while not self.over.is_set():
                self.wish()
        except Exception as fault:               # told by the test, not lost in a thread
            self.fault = fault
            self.over.set()
        finally:
            self.hang_up()

    def hang_up(self):
        if self.wire:
            self.wire.close()
        self.wire = None

    def ask(self, method, target, key, body=b""):
        """One try. None: no answer came."""
        fields = {"Authorization": f"Bearer {caller.tokens[self.login]}", "Request-Id": key, "Content-Length": str(len(body))}
        fields["Idempotency-Key"] = key
        if body:
            fields["Content-Type"] = "application/json"
        try:
            if not self.wire:
                self.wire = server.connection(timeout=10)
                self.wire.connect()
            if self.random.random() < HANG_UP:
                self.wire.putrequest(method, target)
                for name, value in fields.items():
                    self.wire.putheader(name, value)
                self.wire.endheaders(body or None)
                time.sleep(self.random.uniform(0, 0.004))
                self.hang_up()
                return None
            return exchange(self.wire, method, target, body or None, fields)
        except (http.client.HTTPException, OSError):
            self.hang_up()
            return None

    def until_answered(self, *asked):
        began, pause, tries = time.monotonic(), 0.01, 0
        while True:
            tries += 1
            answer = self.ask(*asked)
            if answer and answer.status not in (429, 503):
                return began, tries, answer
            assert time.monotonic() < began + PATIENCE_S, f"no answer in {PATIENCE_S} s"
            time.sleep(self.random.uniform(0, pause))
            pause = min(pause * 2, 0.5)

    def wish(self):
        name, kind, key = self.random.choice(list(paths)), self.random.choice(["sign_up", "withdraw"]), new_id()
        began, tries, answer = self.until_answered("PUT" if kind == "sign_up" else "DELETE", paths[name] + "/signup", key)
        if answer.status == 404 and kind == "withdraw":
            return                               # never signed up there
        assert answer.status == 200, answer
        told = answer.json()
        self.wishes.append(Wish(kind, self.login, name, began, time.monotonic(), told["mine"]["state"], told["mine"]["place"] or 0, tries, key))
        self.seen.append((name, told["capacity"], told["taken"], told["waiting"]))


class Desk(Client):
    """Does the same for others, and moves them up the line, with a reason."""

    def wish(self):
        name, who, key = self.random.choice(list(paths)), self.random.choice(people), new_id()
        kind = self.random.choice(["sign_up", "withdraw", "move", "move", "move"])
        body = b'{"place": 1, "reason": "Elle parle."}' if kind == "move" else b""
        method = {"sign_up": "PUT", "withdraw": "DELETE", "move": "PATCH"}[kind]
        began, tries, answer = self.until_answered(method, f"{paths[name]}/signups/{ids[who]}", key, body)
        if answer.status == 404 or kind == "move" and answer.status == 422:
            if tries > 1:                        # never signed up there, or does not wait: by now. The first try may have done it
                self.wishes.append(Wish(kind, who, name, began, time.monotonic(), UNKNOWN, 0, tries, key, self.login))
            return
        assert answer.status == 200, answer
        told = answer.json()
        self.wishes.append(Wish(kind, who, name, began, time.monotonic(), told["state"], told["place"] or 0, tries, key, self.login))
        self.over.wait(0.05)                     # the desk is not a crowd


class Watcher(threading.Thread):
    """Reads the agenda all the while: every answer must be possible."""

    def __init__(self, over):
        super().__init__()
        self.over, self.seen = over, []

    def run(self):
        while not self.over.is_set():
            wire = server.connection(timeout=10)
            try:
                items = exchange(wire, "GET", "/v1/activities?space=ferme&limit=200").json()["items"]
                self.seen += [(item["title"], item["capacity"], item["taken"], item["waiting"]) for item in items]
            except (http.client.HTTPException, OSError, KeyError):
                time.sleep(0.05)
            finally:
                wire.close()


clock = [calendar.timegm((2026, 7, 15, 5, 30, 0))]    # server.NOW


def quiet(kill):
    """What has not happened often enough."""
    count = dict(server.sql("SELECT h.kind, count(*) FROM signup_history h JOIN space s ON s.id = h.space_id WHERE slug = 'ferme' AND seq > ?"
                            " GROUP BY h.kind", before))
    least = LEAST | {"signup.lapsed": 1} if kill else LEAST
    return {kind: count.get(kind, 0) for kind, times in least.items() if count.get(kind, 0) < times}


def live(length, kill):
    """So long, and on a slow machine until enough has happened; returns the number of kills."""
    over, deaths, choice = threading.Event(), 0, random.Random(SEED)
    clients = [Client(login, number, over) for number, login in enumerate(people)]
    clients += [Desk(login, 1000 + number, over) for number, login in enumerate(STAFF)]
    watcher = Watcher(over)
    for thread in [*clients, watcher]:
        thread.start()
    until = time.monotonic() + length
    while not over.is_set():
        if time.monotonic() >= until and (not kill or deaths >= DEATHS_LEAST) and (time.monotonic() >= until + SLOW_S or not quiet(kill)):
            break
        over.wait(choice.uniform(0.3, 1.2) if kill else 0.1)
        if kill:
            server.kill()
            deaths += 1
            clock[0] += LATER_S * (1 + deaths % 2)
            server.now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(clock[0]))
            server.start()
    over.set()
    for thread in [*clients, watcher]:
        thread.join()
    for client in clients:
        if client.fault:
            raise client.fault
        wishes.extend(client.wishes)
        seen.extend(client.seen)
    seen.extend(watcher.seen)
    return deaths


def ending():
    """Read while the server is stopped."""
    log = server.sql("SELECT h.seq, a.request_id, m.login, h.kind, t.title, b.login, h.reason, h.place, h.at FROM signup_history h"
                     " JOIN space s ON s.id = h.space_id JOIN audit a ON a.space_id = h.space_id AND a.seq = h.seq"
                     " JOIN member m ON m.id = h.member_id JOIN member b ON b.id = h.by_id"
                     " JOIN activity t ON t.space_id = h.space_id AND t.id = h.activity_id"
                     " WHERE slug = 'ferme' AND h.seq > ? ORDER BY h.seq", before)
    feed = server.sql("SELECT c.seq, c.kind, t.title FROM change_log c JOIN space s ON s.id = c.space_id"
                      " LEFT JOIN activity t ON t.space_id = c.space_id AND t.id = c.ref WHERE slug = 'ferme' AND c.seq > ? ORDER BY c.seq",
                      before)
    activities = server.sql("SELECT title, capacity, taken, waiting FROM activity")
    states = server.sql("SELECT t.title, m.login, u.state, u.ticket FROM signup u JOIN member m ON m.id = u.member_id"
                        " JOIN activity t ON t.space_id = u.space_id AND t.id = u.activity_id")
    return Ending({title: capacity for title, capacity, _, _ in activities}, {row[0]: row[2:] for row in activities},
                  {(title, login): (state, ticket) for title, login, state, ticket in states}, [Row(*row) for row in log], feed, seen,
                  {name: OFFER_MINUTES * 60 for name in OFFERED}, set(STAFF))


def judge(deaths):
    server.stop()
    end = ending()
    count = {}
    for row in end.log:
        count[row.action] = count.get(row.action, 0) + 1
    again = sum(wish.tries > 1 for wish in wishes)
    print(f"# {len(wishes)} wishes ({again} said more than once), {len(seen)} answers looked at, {deaths} kills: {count}")
    equal(check(wishes, end), [], f"seed {SEED}")
    equal(quiet(deaths), {}, "too quiet to prove anything")
    return end


@case(f"a crowd, all at once (seed {SEED})")
def _():
    live(LENGTH_S, False)
    judge(0)
    server.start()


@case(f"a crowd under SIGKILL (seed {SEED})")
def _():
    result["end"] = judge(live(LENGTH_S, True))


result = {}


@case("the same life with one lie in it is not believed")
def _():
    end = result["end"]
    name, client = next(key for key, (state, _) in end.states.items() if state == IN)
    kept = end.states.pop((name, client))
    assert "S5" in {invariant for invariant, _ in check(wishes, end)}
    end.states[name, client] = kept
    effects = {row.request for row in end.log if row.action == "signup.waitlisted"}
    waited = next(wish for wish in wishes if wish.answer == WAITING and wish.tries == 1 and wish.request in effects)
    waited.place += 1
    assert "S8" in {invariant for invariant, _ in check(wishes, end)}
    waited.place -= 1
    equal(check(wishes, end), [])


@case("after all that the database is sound")
def _():
    server.check_whole()


run()
