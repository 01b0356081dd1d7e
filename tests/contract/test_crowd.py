"""Many at once, and the slow: every limit on a connection is met from both sides, and whoever keeps within them is served meanwhile."""
import atexit
import json
import pathlib
import re
import resource
import select
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from server import TOP, Server, exchange, new_id, peopled
from tap import case, equal, rows, run

CONNECTIONS_MAX = 4096      # patience.h
HEAD_LIMIT = 10             # seconds
BODY_LIMIT = 30
HEAD = b"GET /v1/meta HTTP/1.1\r\nHost: localhost\r\n"

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
server = Server().start()


def is_readable(wire, seconds):
    """select() knows no descriptor over 1,023."""
    look = select.poll()
    look.register(wire, select.POLLIN)
    return bool(look.poll(seconds * 1000))


def read_all(wire, limit=60):
    got, deadline = b"", time.monotonic() + limit
    while time.monotonic() < deadline:
        if not is_readable(wire, max(0, deadline - time.monotonic())):
            break
        try:
            piece = wire.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        got += piece
    return got


def come_in(to):
    """The queue of a Unix socket that is full turns away at once."""
    while True:
        try:
            return to.connect(60)
        except BlockingIOError:
            time.sleep(0.01)


def read_all_of_one(wire):
    """One answer, of a connection that may stay open."""
    got = b""
    while b"\r\n\r\n" not in got and is_readable(wire, 20):
        got += wire.recv(65536)
    return got


def statuses(got):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", got)]


def slowest(seconds, ask):
    """The longest of all askings in that time."""
    worst, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        equal(ask().status, 200)
        worst = max(worst, time.monotonic() - began)
        time.sleep(0.02)
    return worst


@case("S02 a head and a body that come byte by byte are cut off with 408 in time, and others are served")
def _():
    slow = [(server.connect(60), HEAD_LIMIT, HEAD) for _ in range(20)]
    slow += [(server.connect(60), BODY_LIMIT, b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              b"Content-Length: 60000\r\n\r\n") for _ in range(5)]
    for wire, limit, begin in slow:
        wire.sendall(begin)
    began, ended, worst = time.monotonic(), {}, 0
    while len(ended) < len(slow) and time.monotonic() - began < BODY_LIMIT + 15:
        for wire, limit, _ in slow:
            if wire in ended:
                continue
            try:
                wire.sendall(b"x")
            except (BrokenPipeError, ConnectionResetError):
                pass
            if is_readable(wire, 0):
                ended[wire] = (time.monotonic() - began, statuses(read_all(wire, 1)))
        asked = time.monotonic()
        equal(server.get("/v1/meta").status, 200)
        worst = max(worst, time.monotonic() - asked)
        time.sleep(0.1)
    for wire, limit, _ in slow:
        when, told = ended[wire]
        assert limit - 1 <= when <= limit + 8, f"after {when:.1f} s instead of {limit}"
        equal(told, [408])
        wire.close()
    assert worst < 2, f"another one waited {worst:.2f} s"


@case("S02 S18 as many connections as are allowed, idle: the next is told 503, those inside are served, and room comes back")
def _():
    server.hang_up()
    inside = server.connection()
    equal(exchange(inside, "GET", "/v1/meta").status, 200)
    crowd = []
    while len(crowd) < CONNECTIONS_MAX - 1:
        crowd.append(come_in(server))
        crowd[-1].sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")     # who was answered may be idle longer
    equal(exchange(inside, "GET", "/v1/meta").status, 200)
    last = [come_in(server) for _ in range(30)]
    told = []
    for wire in last:
        try:
            wire.sendall(HEAD + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
    for wire in last:
        got = read_all_of_one(wire)
        told += statuses(got)
        assert b" 200 OK" in got or b"overloaded" in got and b"Retry-After" in got, got[:200]
    # Whoever is told 503 goes, so that one after them may find room.
    assert told.count(503) >= 10 and set(told) <= {200, 503}, told
    worst = slowest(1, lambda: exchange(inside, "GET", "/v1/meta"))
    assert worst < 2, f"{worst:.2f} s among {CONNECTIONS_MAX} connections"
    for wire in crowd + last:
        wire.close()
    inside.close()
    deadline = time.monotonic() + 30
    answer = None
    while time.monotonic() < deadline:
        server.hang_up()
        answer = server.get("/v1/meta")
        if answer.status == 200:
            break
        time.sleep(0.2)
    equal(answer.status, 200, "no room came back")


@case("a connection has as many requests as it is allowed, then ends in order")
def _():
    wire = server.connect(30)
    told, asked = [], 0
    got = b""
    while asked < 1001:
        try:
            wire.sendall((HEAD + b"\r\n") * 50)
        except (BrokenPipeError, ConnectionResetError):
            break
        asked += 50
        while len(statuses(got)) < asked and is_readable(wire, 2):
            piece = wire.recv(1 << 20)
            if not piece:
                break
            got += piece
    told = statuses(got)
    equal((len(told), set(told)), (1000, {200}))
    assert got.rsplit(b"HTTP/1.1 200", 1)[1].lower().find(b"connection: close") > 0, "the last answer does not say that it ends"


@case("S24 with few descriptors it lets in few, answers those, does not spin, and takes the others when there is room again")
def _():
    few = Server()
    command = few.command
    few.command = lambda: ["sh", "-c", "ulimit -n 64; exec \"$@\"", "sh", *command()]
    few.start()
    inside = few.connection()
    equal(exchange(inside, "GET", "/v1/meta").status, 200)
    crowd = [come_in(few) for _ in range(150)]
    time.sleep(0.5)
    for _ in range(5):
        equal(exchange(inside, "GET", "/v1/spaces").status, 200)
    before = processor_time(few)
    time.sleep(1)
    assert processor_time(few) - before < 0.5, "it spins"
    for wire in crowd:
        wire.close()
    inside.close()
    few.hang_up()
    equal(few.get("/v1/meta").status, 200)
    few.stop()


def processor_time(of):
    fields = open(f"/proc/{of.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


@case("two hundred at once are all answered")
def _():
    told, guard = [], threading.Lock()

    def ask():
        wire = server.connection(60)
        answer = exchange(wire, "GET", "/v1/spaces")
        with guard:
            told.append(answer.status)
        wire.close()
    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal((len(told), set(told)), (200, {200}))


def a_hall(desks):
    """The sample network with so many more desks at La Ferme; its server, tokens, and their ids."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    path = directory / "sample" / "resources.json"
    told = json.loads(path.read_text())
    told["resources"] += [{"space": "ferme", "area": "Halle", "kind": "desk", "half_day_cents": 900, "day_cents": 1600, "slug": f"halle-{n}",
                           "name": f"Halle {n}"} for n in range(desks)]
    path.write_text(json.dumps(told))
    hall, tokens = peopled(data=directory)
    return hall, tokens, [item["id"] for item in hall.get("/v1/spaces/ferme/resources").json()["items"] if item["kind"] == "desk"]


FULL, EMPTY = [f"2026-08-{day}" for day in range(24, 29)], "2026-08-31"


def a_full_hall(known=[]):
    """The hall of which nothing is left on the FULL days; made once."""
    if not known:
        hall, tokens, desks = a_hall(80)
        wire = hall.connection(60)
        for wish in ({"id": new_id(), "resource_id": desk, "date": date, "part": "am"} for desk in desks for date in FULL):
            hall.request("POST", "/v1/spaces/ferme/bookings", wish, token=tokens["plume"], key=wish["id"], connection=wire)
        wire.close()
        known += [hall, tokens, desks]
    return known


@rows("who is refused on a full day keeps nobody waiting: what else there is, is looked for beside those who write", [
    ("a booking", "bookings", 409, {}), ("a series", "bookings:series", 200, {"repeat": {"every": "weekday", "count": len(FULL)}})])
def _(path, status, more):
    hall, tokens, desks = a_full_hall()
    took = {"refused": [], "booked": []}
    over = threading.Event()

    def ask(path, by, wire, **wish):
        wish = {"id": new_id(), "part": "am", **wish}
        began = time.monotonic()
        answer = hall.request("POST", f"/v1/spaces/ferme/{path}", wish, token=tokens[by], key=wish["id"], connection=wire)
        took["booked" if answer.status == 201 else "refused"].append(time.monotonic() - began)
        return answer.status

    def insist():
        wire = hall.connection(60)
        while not over.is_set():
            assert ask(path, "demo", wire, resource_id=desks[-1], date=FULL[0], **more) == status
        wire.close()
    wire = hall.connection(60)
    threads = [threading.Thread(target=insist) for _ in range(6)]
    for thread in threads:
        thread.start()
    for desk in desks[-30:]:
        equal(ask("bookings", "plume", wire, resource_id=desk, date=EMPTY, part="am" if path == "bookings" else "pm"), 201)
    over.set()
    for thread in threads:
        thread.join()
    wire.close()
    refused, booked = (statistics.median(took[what]) for what in ("refused", "booked"))
    assert booked < refused / 2, f"a booking takes {booked * 1000:.1f} ms beside refusals of {refused * 1000:.1f} ms"



run(lambda: [one.stop() for one in (server, a_full_hall()[0])])
