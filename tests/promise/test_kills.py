"""C30, C32, C36: hacktiv is killed with -9 at the n-th call that writes, its disk fails at the n-th, memory ends at the n-th. Then it is
started again: what was on disk is found, its outcome learnt and told, nothing happens twice, nothing is torn.

A few of all n, chosen by the seed; with HACKTIV_TEST_LONG all of them, and a share of the allocations.
"""
import concurrent.futures
import os
import random
import re
import signal
import struct
import tempfile
import time
from collections import Counter

from bad_line import BadLine
from client import Client
from crowd import seed
from outbox import DONE, EARLIER, KINDS, Person, judge
from screen import Screen
from server import new_id, peopled
from tap import case, equal, rows, run

SEED = seed()
LONG = bool(os.environ.get("HACKTIV_TEST_LONG"))
WORKERS = 6
SHARE = 1 if LONG else 1 / 12          # of the calls that write, of each kind of wish and each fault
ALLOCATIONS = 400 if LONG else 14      # of each kind of wish
SCREEN_ALLOCATIONS = 12000             # until the screen is up and all lists came
MODULE = os.environ["NTH_CALL_MODULE"]
DATE = "2026-09-03"
COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
FALLS_IN_NCURSES = re.compile(rb"#[0-3] [^\n]*libncursesw")
choice = random.Random(SEED)

server, tokens = peopled()
agenda = [item for item in server.get("/v1/activities?from=2026-07-24&to=2026-09-30&limit=200").json()["items"]
          if item["capacity"] - item["taken"] > 2 and not item.get("conditions_version")]
logins = [login for login in tokens if not server.sql(
    "SELECT 1 FROM booking b JOIN member m ON m.id = member_id WHERE login = ? AND date >= '2026-07-15'", login)]
people = [Person(server, tokens, logins[at], f"A{at + 1}", DATE, agenda[at]) for at in range(WORKERS)]


def fault(kind, number, only="write", lasts=False, count=None):
    variables = {"LD_PRELOAD": MODULE, "NTH_CALL": str(number), "NTH_FAULT": kind, "NTH_ONLY": only, "NTH_PATH": "/hacktiv/"}
    return variables | ({"NTH_LASTS": "1"} if lasts else {}) | ({"NTH_COUNT": count} if count else {})


def calls(only, kind):
    """How many there are in a run in which all goes well."""
    with tempfile.TemporaryDirectory() as place:
        equal(judge(people[0], kind, fault("", 0, only, count=f"{place}/count"), new_id)[0], 0)
        with open(f"{place}/count", "rb") as file:
            return struct.unpack("Q", file.read())[0]


counts = {}


def sweep(cases):
    """[(kind of wish, variables)], by everybody at once. What went wrong is told with the seed."""
    idle = list(people)

    def one(case):
        person = idle.pop()
        try:
            if choice.random() < 0.3:
                person.new_home()              # the first start of all: its file is made
            return judge(person, case[0], case[1], new_id)
        finally:
            idle.append(person)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        ends = list(pool.map(one, cases))
    print(f"# {len(ends)} runs: ended with {dict(Counter(status for status, *_ in ends))}, "
          f"{sum(on_disk for *_, on_disk in ends)} with a wish on disk")
    return ends


def some(count, share):
    """Numbers of calls: all, or some; from 1 on, and a little beyond the last."""
    numbers = list(range(1, count + 3))
    return numbers if share >= 1 else sorted(choice.sample(numbers, max(1, round(len(numbers) * share))))


@case(f"how often it writes and allocates (seed {SEED})")
def _():
    equal([status for status, *_ in sweep([("sign-up", {})] * WORKERS)], [0] * WORKERS, "on a good day it is done")
    for only in ("write", "disk", "read", "memory"):
        for kind in KINDS:
            counts[only, kind] = calls(only, kind)
    print(f"# {counts}")
    assert all(counts["write", kind] > 40 and counts["disk", kind] > 30 and counts["memory", kind] > 3000 for kind in KINDS)


@rows("C30 kill -9", [("before the n-th call that writes", "kill"), ("after it", "killed")])
def _(how):
    ends = sweep([(kind, fault(how, n)) for kind in KINDS for n in some(counts["write", kind], SHARE)])
    killed = sum(status == -9 for status, *_ in ends)
    assert killed > len(ends) / 2, "it was hardly ever killed"


@rows("C32 the disk fails at the n-th call", [("full, once", "ENOSPC", False), ("full from then on", "ENOSPC", True),
                                              ("broken, once", "EIO", False), ("broken from then on", "EIO", True)])
def _(error, lasts):
    ends = sweep([(kind, fault(error, n, "disk", lasts)) for kind in KINDS for n in some(counts["disk", kind], SHARE / 2)])
    equal([end for end in ends if end[0] < 0], [], "it ends by itself")


@rows("C32 the disk cannot be read at the n-th call", [("once", False), ("from then on", True)])
def _(lasts):
    ends = sweep([(kind, fault("EIO", n, "read", lasts)) for kind in KINDS for n in some(counts["read", kind], SHARE / 2)])
    equal([end for end in ends if end[0] not in (0, 1, 2, 3, 4)], [], "it ends by itself")


@case("C36 the n-th allocation is refused")
def _():
    cases = [(kind, fault("nothing", n, "memory")) for kind in KINDS
             for n in sorted(choice.sample(range(1, counts["memory", kind]), ALLOCATIONS))]
    ends = sweep(cases)
    for status, out, told, _ in ends:
        assert status in (0, 1, 2, 3, 4, 70), f"{status}: {out!r} {told!r}"
        assert status != 70 or "hacktiv: " in told, told


@case("C36 the n-th allocation is refused while the screen is up: it is given back")
def _():
    """`q` after a moment, when it is still there."""
    def one(n):
        client = Client(f"unix:{server.socket_path}", tokens["demo"])
        screen = Screen(client, **fault("nothing", n, "memory"), ASAN_OPTIONS=":".join((
            os.environ.get("ASAN_OPTIONS", ""), "verify_asan_link_order=0", "detect_leaks=0")))
        until = time.monotonic() + 1.5
        while time.monotonic() < until and screen.status is None:
            screen.read(0.1)
        screen.type("q")
        status = screen.end(30)
        # ncurses itself goes on without what it did not get, and falls: then the fall is told, and the terminal is given back.
        told = COLOURS.sub(b"", screen.said)
        assert b"ERROR: " not in told or FALLS_IN_NCURSES.search(told), (n, told[told.index(b"ERROR: "):][:4000])
        assert status in (0, 1, 70) or b"ended by a fault of its own" in told, (n, status, told[-2000:])
        assert status != 70 or b"hacktiv: " in told, (n, told[-300:])
        screen.is_restored()
        screen.close()
        return status

    numbers = [choice.randrange(1, SCREEN_ALLOCATIONS) for _ in range(200 if LONG else 12)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        print(f"# ended with {dict(Counter(pool.map(one, numbers)))}")


@rows("C29 a signal while the answer is awaited", [(signal.Signals(number).name, number) for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)])
def _(number):
    """It ends at once and says that the wish is kept; the next run tells what became of it."""
    line = BadLine(server.socket_path)
    for person, kind in zip(people, KINDS):
        person.prepare(kind, new_id)
        person.home.environment["HACKTIV_URL"] = line.url
        person.run("sync")
        line.rules("write answer cut 0 hold")
        faults = line.count()[2]
        process = person.home.launch(*person.words(kind)[:-1])
        while line.count()[2] == faults:
            time.sleep(0.01)
        process.send_signal(number)
        began = time.monotonic()
        out, told = process.communicate(timeout=30)
        assert time.monotonic() - began < 5, f"{kind}: it took {time.monotonic() - began:.1f} s"
        equal(process.returncode, 128 + number, (kind, out, told))
        assert b"It is kept as " in told, (kind, told)
        line.good()
        assert EARLIER + DONE[kind] in person.run("sync")[2]
        person.home.environment["HACKTIV_URL"] = f"unix:{server.socket_path}"
    line.end()


run()
