"""A short, busy life: clients book and cancel a few places, hang up in the middle, the server is killed again and again, and the
same keys are sent again until there is an answer. Then the checker reads what everybody was told.

HACKTIV_SEED repeats a run's choices, HACKTIV_PROMISE_S makes it longer.
"""
import http.client
import json
import os
import random
import threading
import time
from collections import Counter

from caller import Caller
from history import Ending, Operation, check
from server import Answer, exchange, new_id
from tap import case, equal, run

SEED = int(os.environ.get("HACKTIV_SEED") or random.SystemRandom().randrange(1 << 32))
LENGTH_S = float(os.environ.get("HACKTIV_PROMISE_S", "8"))
SLOW_S = 60                # more than it should last, at most, when little happens
LEAST = {"deaths": 3, "book booked": 10, "book taken": 5}     # to prove anything
CLIENTS = 8
PLACES = [f"ferme/Les Serres {number}" for number in (3, 6, 7)]
DATES = ["2026-09-21", "2026-09-22", "2026-09-23", "2026-09-24"]
LIAR_DATE = "2026-09-25"   # nobody else books then
PATIENCE_S = 40            # for one operation: the server comes back within that
GIVE_UP = 0.03             # of the operations are left without an answer for ever
HANG_UP = 0.10             # of the requests are cut after sending

caller = Caller()
server = caller.server
resources = {name: caller.resource(name) for name in PLACES}
names = {id: name for name, id in resources.items()}
over = threading.Event()


class Client(threading.Thread):
    def __init__(self, login, number):
        super().__init__()
        self.login, self.random = login, random.Random(SEED * 100 + number)
        self.operations, self.mine, self.fault = [], [], None

    def run(self):
        try:
            while not over.is_set():
                if self.mine and self.random.random() < 0.45:
                    self.cancel(self.mine.pop(self.random.randrange(len(self.mine))))
                else:
                    self.book()
        except Exception as fault:               # told by the test, not lost in a thread
            self.fault = fault
            over.set()

    def ask(self, method, target, body=None, fields=()):
        """One try. None: no answer came."""
        wire = server.connection(timeout=10)
        fields = {"Authorization": f"Bearer {caller.tokens[self.login]}", "Content-Type": "application/json", **dict(fields)}
        try:
            wire.connect()
            if self.random.random() < HANG_UP:
                wire.putrequest(method, target)
                for name, value in fields.items():
                    wire.putheader(name, value)
                wire.putheader("Content-Length", str(len(body or b"")))
                wire.endheaders(body)
                time.sleep(self.random.uniform(0, 0.004))
                return None
            return exchange(wire, method, target, body, fields)
        except (http.client.HTTPException, OSError):
            return None
        finally:
            wire.close()

    def insist(self, method, target, body=None, fields=()):
        """The same until there is a definite answer; None when given up on purpose."""
        body = json.dumps(body).encode() if body else None
        deadline, pause = time.monotonic() + PATIENCE_S, 0.01
        while True:
            answer = self.ask(method, target, body, fields)
            if answer and answer.status not in (503, 429) and answer.problem != "request-in-progress":
                return answer
            if self.random.random() < GIVE_UP:
                return None
            assert time.monotonic() < deadline, f"no answer to {method} {target} in {PATIENCE_S} s"
            time.sleep(self.random.uniform(0, pause))
            pause = min(pause * 2, 0.5)

    def book(self):
        name, date = self.random.choice(PLACES), self.random.choice(DATES)
        part, id = self.random.choice(["am", "pm", "day"]), new_id()
        op = Operation("book", self.login, id, name, date, part, time.monotonic())
        self.operations.append(op)
        wish = {"id": id, "resource_id": resources[name], "date": date, "part": part}
        answer = self.insist("POST", "/v1/spaces/ferme/bookings", wish, {"Idempotency-Key": id})
        if not answer:
            return
        op.ended = time.monotonic()
        op.answer = {(201, ""): "booked", (409, "slot-taken"): "taken", (422, "already-mine"): "mine"}.get(
            (answer.status, answer.problem), f"strange: {answer}")
        assert not op.answer.startswith("strange"), op.answer
        if op.answer == "booked":
            op.bodies.append(answer.body)
            op.seen = self.look(id)
            self.mine.append(op)
            if self.random.random() < 0.2:       # asked again although answered: the same answer, no second effect
                again = self.insist("POST", "/v1/spaces/ferme/bookings", wish, {"Idempotency-Key": id})
                if again:
                    op.bodies.append(again.body if again.status == 201 else repr(again).encode())

    def cancel(self, made):
        op = Operation("cancel", self.login, made.id, made.place, made.date, made.part, time.monotonic())
        self.operations.append(op)
        answer = self.insist("DELETE", f"/v1/spaces/ferme/bookings/{made.id}", None, {"If-Match": '"1"'})
        if answer:
            assert answer.status == 204, answer
            op.ended, op.answer = time.monotonic(), "cancelled"
            op.seen = self.look(made.id)

    def look(self, id):
        answer = self.ask("GET", f"/v1/spaces/ferme/bookings/{id}")
        if not answer or answer.status == 503:
            return ""
        return answer.json()["state"] if answer.status == 200 else "gone"


def ending():
    rows = server.sql("""SELECT b.id, resource_id, date, part, state, b.version, (end_at - start_at) / granule_s,
                                (SELECT count(*) FROM slot WHERE slot.space_id = b.space_id AND booking_id = b.id)
                         FROM booking b JOIN space s ON s.id = b.space_id WHERE slug = 'ferme' AND date BETWEEN ? AND ?""",
                      DATES[0], LIAR_DATE)
    feed = server.sql("SELECT seq, kind, ref, c.version FROM change_log c JOIN space s ON s.id = space_id WHERE slug = 'ferme' "
                      "AND seq > ? ORDER BY seq", start_of_feed)
    return Ending({row[0]: (names[row[1]], *row[2:6]) for row in rows if row[1] in names},
                  {row[0]: (row[7], row[6]) for row in rows},
                  {"ferme": [(seq - start_of_feed, kind, id, version) for seq, kind, id, version in feed]})


start_of_feed = server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = 'ferme'")[0][0]
result = {}


def quiet(clients, deaths):
    """What has not happened often enough."""
    count = Counter(f"{op.kind} {op.answer}" for client in clients for op in client.operations)
    count["deaths"] = deaths
    return {name: count[name] for name, least in LEAST.items() if count[name] < least}


@case(f"a busy life under SIGKILL (seed {SEED})")
def _():
    clients = [Client(login, number) for number, login in enumerate(list(caller.tokens)[:CLIENTS])]
    choice, deaths = random.Random(SEED), 0
    for client in clients:
        client.start()
    until = time.monotonic() + LENGTH_S
    while not over.is_set():
        if time.monotonic() >= until and (time.monotonic() >= until + SLOW_S or not quiet(clients, deaths)):
            break
        over.wait(choice.uniform(0.3, 1.2))
        server.kill()
        deaths += 1
        server.start()
    over.set()
    for client in clients:
        client.join()
    faults = [client.fault for client in clients if client.fault]
    if faults:
        raise faults[0]
    server.stop()
    operations = [op for client in clients for op in client.operations]
    result["operations"], result["ending"] = operations, ending()
    count = Counter(f"{op.kind} {op.answer}" for op in operations)
    print(f"# {len(operations)} operations, {deaths} kills: {count}")
    wrong = check(operations, result["ending"])
    equal(wrong, [], f"seed {SEED}")
    equal(quiet(clients, deaths), {}, "too quiet to prove anything")


@case("the same life with one lie in it is not believed")
def _():
    acknowledged = next(op for op in result["operations"] if op.answer == "booked" and op.id in
                        {id for id, row in result["ending"].bookings.items() if row[3] == "confirmed"})
    row = result["ending"].bookings.pop(acknowledged.id)
    assert {"I2", "I6"} & {name for name, _ in check(result["operations"], result["ending"])}
    result["ending"].bookings[acknowledged.id] = row
    equal(check(result["operations"], result["ending"]), [])


@case("a server that answers before it has written is caught")
def _():
    """The lie, live: the client is told yes by somebody who then dies before passing it on."""
    server.start()
    client = Client("demo", 99)
    client.ask = lambda method, target, body=None, fields=(): Answer(201, [], b"{}") if method == "POST" else None
    client.book()
    server.stop()
    assert "I2" in {name for name, _ in check(client.operations, ending())}


@case("a server that forgets keys is caught")
def _():
    """The lie, live: the first answer is lost, and the second try reaches the server under another key and id."""
    server.start()
    id, tries = new_id(), []
    for _ in range(2):
        other = new_id()
        tries.append(caller.book(PLACES[0], LIAR_DATE, "am", id=other))
    equal([answer.status for answer in tries], [201, 422])
    op = Operation("book", "demo", id, PLACES[0], LIAR_DATE, "am", 0, 1, "mine")
    server.stop()
    assert "I5" in {name for name, _ in check(result["operations"] + [op], ending())}


run()
