"""S09, S16, S17: the same key from everywhere at once, a database that somebody else holds, and more writes than can wait."""
import json
import sqlite3
import subprocess
import threading
import time

import postgres
from caller import Caller
from server import ON_POSTGRES, new_id, sqlite_case
from tap import case, equal, run

QUEUE_MAX = 1000        # db.h: jobs that wait
AT_ONCE_S = 5           # for what is refused without waiting, on a busy machine
caller = Caller()
server = caller.server
desks = [name for name in caller.free("rimbaud", "2026-08-24", "day")]
days = iter(f"2026-08-{day:02}" for day in (24, 25, 26, 27, 28, 31))


def book(login, wish, connection=None):
    return server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens[login], key=wish["id"], connection=connection)


@case("S09: one key twenty times in parallel: one effect, one answer; with another body it is refused")
def _():
    wish = caller.wish(desks[0], next(days), "am", id=new_id())
    gate, answers = threading.Barrier(20), []

    def ask():
        wire = server.connection()
        wire.connect()
        gate.wait()
        answers.append(book("demo", wish, wire))
        wire.close()
    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal({(answer.status, answer.body, answer.header("ETag")) for answer in answers}, {(201, answers[0].body, '"1"')})
    equal(sorted(answer.header("Idempotent-Replayed") or "" for answer in answers), [""] + ["true"] * 19)
    equal(server.sql("SELECT kind FROM change_log WHERE ref = ?", wish["id"]), [("booking.created",)])
    other = caller.call("POST", "/v1/spaces/rimbaud/bookings", {**wish, "part": "pm"}, by="demo", key=wish["id"])
    equal((other.status, other.problem), (422, "idempotency-key-reused"))


class Held:
    """Somebody else has the database: SQLite's one lock for writers, or the row that each write of the space changes."""

    def __enter__(self):
        if ON_POSTGRES:
            cluster = server.postgres
            self.psql = subprocess.Popen([cluster.bin / "psql", "-XqAt", "-h", cluster.directory, "-U", postgres.ROLE, "-d", server.database],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.psql.stdin.write("BEGIN; SELECT count(*) FROM (SELECT 1 FROM hacktiv.feed FOR UPDATE) f;\n")
            self.psql.stdin.flush()
            self.psql.stdout.readline()
        else:
            self.file = sqlite3.connect(server.database, isolation_level=None, check_same_thread=False)
            self.file.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, *_):
        if ON_POSTGRES:
            self.psql.communicate("ROLLBACK;\n")
        else:
            self.file.execute("ROLLBACK")
            self.file.close()


def ready(limit=10):
    deadline = time.monotonic() + limit
    while server.get("/readyz").status != 200:
        assert time.monotonic() < deadline, f"not ready after {limit} s"
        time.sleep(0.05)


@sqlite_case("S16: a lock that others hold for a moment is waited for, one that they keep is 503; asked again it is done")
def _():
    for seconds, expected in ((1, 201), (8, 503)):
        wish, answers = caller.wish(desks[1], next(days), "am", id=new_id()), []
        thread = threading.Thread(target=lambda: answers.append(book("demo", wish, server.connection())))
        with Held():
            thread.start()
            thread.join(seconds)
        thread.join()
        equal(answers[0].status, expected, f"held for {seconds} s: {answers[0]}")
        if expected == 503:
            equal(answers[0].problem, "storage-unavailable")
            assert answers[0].header("Retry-After")
        ready()
        equal(book("demo", wish).status, 201)
        equal(server.sql("SELECT kind FROM change_log WHERE ref = ?", wish["id"]), [("booking.created",)])


def come_in():
    """A connection, also when the door is crowded."""
    while True:
        try:
            return server.connect(60)
        except BlockingIOError:
            time.sleep(0.001)


def head_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer else 0


@case("S17: of more writes than can wait the last are 503 at once, /livez is 200, reads go on, and all the others are answered")
def _():
    day, wires = next(days), []
    logins = list(caller.tokens)
    target = "/v1/spaces/rimbaud/bookings"
    with Held():
        began = time.monotonic()
        for number in range(QUEUE_MAX + 300):
            login = logins[number % len(logins)]
            wish = json.dumps(caller.wish(desks[number % len(desks)], day, "am", id=new_id())).encode()
            wire = come_in()
            wire.sendall(f"POST {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {caller.tokens[login]}\r\n"
                         f"Idempotency-Key: {new_id()}\r\nContent-Type: application/json\r\nContent-Length: {len(wish)}\r\n\r\n".encode() + wish)
            wires.append(wire)
        wires[-1].settimeout(AT_ONCE_S)
        last = wires[-1].recv(65536)
        equal(head_of(last), 503, f"{last[:200]}")
        assert b"/problems/overloaded" in last and b"Retry-After: " in last, last
        told = time.monotonic() - began
        equal((server.get("/livez").status, server.get("/v1/spaces").status), (200, 200))
    statuses = [head_of(wire.recv(65536)) for wire in wires[:-1]] + [503]
    for wire in wires:
        wire.close()
    counts = {status: statuses.count(status) for status in set(statuses)}
    print(f"# {len(wires)} sent, the last refused {told:.1f} s after the first: {counts}")
    assert set(counts) <= {201, 409, 422, 429, 503} and counts[503] >= 100, counts
    ready()
    equal(counts.get(201, 0), server.sql("SELECT count(*) FROM booking WHERE date = ? AND state = 'confirmed'", day)[0][0], "acknowledged and there")
    equal(book("demo", caller.wish(desks[0], next(days), "pm", id=new_id())).status, 201)


run(server.stop)
