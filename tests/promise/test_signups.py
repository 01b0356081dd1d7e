"""Thirty-two people sign up for eight activities and withdraw again, hang up in the middle and ask again with the same key; then the
same while the server is killed again and again. The checker reads what everybody was told.

HACKTIV_SEED repeats a run's choices, HACKTIV_PROMISE_S makes it longer.
"""
import http.client
import os
import random
import threading
import time

from community import Community
from server import exchange, new_id
from signup_history import IN, WAITING, Ending, Row, Wish, check
from tap import case, equal, run

SEED = int(os.environ.get("HACKTIV_SEED") or random.SystemRandom().randrange(1 << 32))
LENGTH_S = float(os.environ.get("HACKTIV_PROMISE_S", "6"))
CLIENTS = 32
CAPACITIES = [1, 1, 2, 3, 4, 6, 9, 14]
DEATHS_LEAST = 3           # however slow the machine
PATIENCE_S = 40            # for one wish: the server comes back within that
HANG_UP = 0.05             # of the requests are cut after sending

caller = Community([{"space": "ferme", "slug": f"a{number}", "title": f"a{number}", "format": "meetup", "place": "Le Moulin",
                     "languages": ["fr"], "date": "+30d", "from": "18:00", "capacity": capacity}
                    for number, capacity in enumerate(CAPACITIES)])
server = caller.server
paths = {f"a{number}": caller.path(f"a{number}") for number in range(len(CAPACITIES))}
before = server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = 'ferme'")[0][0]
wishes, seen = [], []


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

    def ask(self, method, target, key):
        """One try. None: no answer came."""
        fields = {"Authorization": f"Bearer {caller.tokens[self.login]}", "Idempotency-Key": key, "Content-Length": "0"}
        try:
            if not self.wire:
                self.wire = server.connection(timeout=10)
                self.wire.connect()
            if self.random.random() < HANG_UP:
                self.wire.putrequest(method, target)
                for name, value in fields.items():
                    self.wire.putheader(name, value)
                self.wire.endheaders()
                time.sleep(self.random.uniform(0, 0.004))
                self.hang_up()
                return None
            return exchange(self.wire, method, target, None, fields)
        except (http.client.HTTPException, OSError):
            self.hang_up()
            return None

    def wish(self):
        name, kind = self.random.choice(list(paths)), self.random.choice(["sign_up", "withdraw"])
        key, began, pause, tries = new_id(), time.monotonic(), 0.01, 0
        while True:
            tries += 1
            answer = self.ask("PUT" if kind == "sign_up" else "DELETE", paths[name] + "/signup", key)
            if answer and answer.status not in (429, 503):
                break
            assert time.monotonic() < began + PATIENCE_S, f"no answer in {PATIENCE_S} s"
            time.sleep(self.random.uniform(0, pause))
            pause = min(pause * 2, 0.5)
        if answer.status == 404 and kind == "withdraw" and name not in {wish.activity for wish in self.wishes}:
            return                               # never signed up there
        assert answer.status == 200, answer
        told = answer.json()
        self.wishes.append(Wish(kind, self.login, name, began, time.monotonic(), told["mine"]["state"], told["mine"]["place"] or 0, tries))
        self.seen.append((name, told["capacity"], told["taken"], told["waiting"]))


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


def live(length, kill):
    """So long; returns the number of kills."""
    over, deaths, choice = threading.Event(), 0, random.Random(SEED)
    clients = [Client(login, number, over) for number, login in enumerate(list(caller.tokens)[:CLIENTS])]
    watcher = Watcher(over)
    for thread in [*clients, watcher]:
        thread.start()
    until = time.monotonic() + length
    while (time.monotonic() < until or kill and deaths < DEATHS_LEAST) and not over.is_set():
        over.wait(choice.uniform(0.3, 1.2) if kill else 0.1)
        if kill:
            server.kill()
            deaths += 1
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
    log = server.sql("SELECT a.seq, a.request_id, m.login, a.action, t.title FROM audit a JOIN space s ON s.id = a.space_id"
                     " JOIN member m ON m.id = a.actor JOIN activity t ON t.space_id = a.space_id AND t.id = a.ref"
                     " WHERE slug = 'ferme' AND a.seq > ? ORDER BY a.seq", before)
    feed = server.sql("SELECT c.seq, c.kind, t.title FROM change_log c JOIN space s ON s.id = c.space_id"
                      " LEFT JOIN activity t ON t.space_id = c.space_id AND t.id = c.ref WHERE slug = 'ferme' AND c.seq > ? ORDER BY c.seq",
                      before)
    activities = server.sql("SELECT title, capacity, taken, waiting FROM activity")
    states = server.sql("SELECT t.title, m.login, u.state, u.ticket FROM signup u JOIN member m ON m.id = u.member_id"
                        " JOIN activity t ON t.space_id = u.space_id AND t.id = u.activity_id")
    return Ending({title: capacity for title, capacity, _, _ in activities}, {row[0]: row[2:] for row in activities},
                  {(title, login): (state, ticket) for title, login, state, ticket in states}, [Row(*row) for row in log], feed, seen)


def judge(deaths):
    server.stop()
    end = ending()
    count = {}
    for row in end.log:
        count[row.action] = count.get(row.action, 0) + 1
    again = sum(wish.tries > 1 for wish in wishes)
    print(f"# {len(wishes)} wishes ({again} said more than once), {len(seen)} answers looked at, {deaths} kills: {count}")
    equal(check(wishes, end), [], f"seed {SEED}")
    assert min(count[f"signup.{kind}"] for kind in ("created", "waitlisted", "withdrawn", "promoted")) >= 20, "too quiet to prove anything"
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
    first = {}                                   # a first wish is no repetition: it had an effect
    for wish in sorted(wishes, key=lambda wish: wish.began):
        first.setdefault((wish.client, wish.activity), wish)
    waited = next(wish for wish in first.values() if wish.answer == WAITING and wish.tries == 1)
    waited.place += 1
    assert "S8" in {invariant for invariant, _ in check(wishes, end)}
    waited.place -= 1
    equal(check(wishes, end), [])


@case("after all that the database is sound")
def _():
    server.check_whole()


run()
