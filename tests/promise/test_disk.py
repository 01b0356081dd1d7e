"""S12: the disk under the database is full or fails while a crowd writes. Writes are 503 storage-unavailable with Retry-After, readiness is
red, reads go on; when the disk is well again so is hacktivd, without a new start, and nothing that was acknowledged is lost, nothing is
there by half.

Failing calls are an interposed library's (ill_disk.c), the full disk is a small one. Memory that cannot be had is not among them: hacktivd
ends then, by design, and what that leaves is what a SIGKILL leaves.
"""
import os
import time
from collections import Counter

import postgres
from crowd import Crowd, seed
from postgres import Cluster, SmallDisk
from server import ON_POSTGRES, Server, new_id
from tap import Skip, case, equal, rows, run

SEED = seed()
RED_LIMIT, GREEN_LIMIT = 30, 5     # seconds: until writes come to the fault; from when the disk is well
CALM_S = 0.7                       # of a crowd's life before and after
MIB = 160 if not ON_POSTGRES else 320   # the crowd itself writes some 10 MiB a row, and more on a quick machine

IN_PROGRAM = {"LD_PRELOAD": os.environ["ILL_DISK_MODULE"], "ILL_DISK_PATH": "/pg_wal/" if ON_POSTGRES else "/hacktiv.db"}


class IllServer(Server):
    """Its SQLite file lies on a small disk where that can be had, and its calls fail when it is told so."""

    def __init__(self, **more):
        super().__init__(**more)
        self.control, self.disk, self.no_disk = self.directory / "ill", None, ""
        if self.postgres:
            self.disk = self.postgres.disk
            return
        place = self.directory / "disk"
        place.mkdir()
        try:
            self.disk = SmallDisk(place, MIB)
        except Skip as reason:
            self.no_disk = str(reason)
        self.database = place / "hacktiv.db"

    def environment(self):
        environment = super().environment()
        if not self.postgres:
            options = environment.get("ASAN_OPTIONS", "")
            environment |= IN_PROGRAM | {"ILL_DISK": str(self.control), "ASAN_OPTIONS": options + ":verify_asan_link_order=0"}
        return environment


def ill_cluster():
    """Its own disk when that can be had, and a file beside its directory that makes it fail."""
    control = os.path.join("/tmp", f"ill-{os.getpid()}")
    more = IN_PROGRAM | {"ILL_DISK": control}
    try:
        return Cluster(disk=MIB, more=more), control, ""
    except Skip as reason:
        return Cluster(more=more), control, str(reason)


if ON_POSTGRES:
    postgres._cluster, control, no_disk = ill_cluster()
crowd = Crowd(SEED, make=IllServer)
server = crowd.server
if not ON_POSTGRES:
    control, no_disk = server.control, server.no_disk


# Where the crowd does not come.
asides = iter([crowd.caller.wish(name, "2026-10-13", "am") for name in crowd.caller.free("e420", "2026-10-13", "am")])
booked = []


class Failing:
    def __init__(self, what):
        self.what = what

    def begin(self):
        with open(f"{control}.new", "w") as file:
            file.write(self.what)
        os.chmod(f"{control}.new", 0o644)
        os.rename(f"{control}.new", control)

    def end(self):
        if os.path.exists(control):
            os.unlink(control)


class Full:
    def begin(self):
        if not server.disk:
            raise Skip(no_disk)
        server.disk.fill()

    def end(self):
        server.disk.empty()


def until(true, limit, what):
    began = time.monotonic()
    while not true():
        assert time.monotonic() < began + limit, f"not {what} after {limit} s:\n{server.told()[-3000:]}"
        time.sleep(0.05)
    return time.monotonic() - began


def status(target):
    wire = server.connection(timeout=20)
    try:
        return server.request("GET", target, connection=wire).status
    finally:
        wire.close()


def well_again():
    """PostgreSQL gives up when it cannot write its log, and whoever runs it starts it again."""
    if ON_POSTGRES and server.postgres.process.poll() is not None:
        server.postgres.start()
        crowd.harms["PostgreSQL gave up"] += 1


def look_at(ill):
    """While the disk is ill: what writes and reads are told."""
    def wish_for_an_aside():
        return {"id": new_id(), **next(asides)}
    wish = wish_for_an_aside()
    book = lambda: crowd.caller.call("POST", "/v1/spaces/e420/bookings", wish, by="demo", key=wish["id"])
    answer = book()
    while isinstance(ill, Full) and answer.status == 201:      # there was room on a page still
        booked.append(wish["id"])
        wish = wish_for_an_aside()
        answer = book()
    equal((answer.status, answer.problem), (503, "storage-unavailable"), f"{ill}")
    assert int(answer.header("Retry-After")) >= 1
    booked.append(wish["id"])
    equal(status("/livez"), 200)
    until(lambda: status("/readyz") == 503, GREEN_LIMIT, f"red while {ill}")
    if not ON_POSTGRES or server.postgres.process.poll() is None and isinstance(ill, Full):
        equal([status(target) for target in ("/v1/spaces", "/v1/spaces/ferme/availability?date=2026-09-21")], [200, 200], f"reads while {ill}")
    return book


def harm_by(ill):
    def harm(crowd, _):
        process = server.process.pid
        ill.begin()
        try:
            red = until(lambda: status("/readyz") == 503, RED_LIMIT, "red")
            book = look_at(ill)
            time.sleep(CALM_S)
        finally:
            ill.end()
        well_again()
        green = until(lambda: status("/readyz") == 200, GREEN_LIMIT, "green")
        equal(book().status, 201, "asked again with its key")
        equal((server.process.pid, server.process.poll()), (process, None), "the same process")
        crowd.harms["red"] += 1
        print(f"# red after {red:.2f} s, green {green:.2f} s after it was well")
        time.sleep(CALM_S)
    return harm


@rows("S12", [
    ("EIO when it is to be durable", Failing("fdatasync EIO")),
    ("ENOSPC from a write", Failing("pwrite ENOSPC")),
    ("EDQUOT from a write", Failing("pwrite EDQUOT")),
    ("ENOSPC on a full disk", Full()),
])
def _(ill):
    if isinstance(ill, Full) and not server.disk:
        raise Skip(no_disk)
    crowd.live(0, harm_by(ill), 1)


@case(f"S12, I1-I13: after a SIGKILL all that was acknowledged is there, and nothing by half (seed {SEED})")
def _():
    crowd.kill()
    equal([crowd.caller.get(f"/v1/spaces/e420/bookings/{id}", by="demo").status for id in booked], [200] * len(booked))
    wrong = crowd.judge()
    print(f"# {crowd.tally()}")
    equal(len(wrong), 0, f"seed {SEED}: {Counter(name for name, _ in wrong)} {wrong[:12]}")
    server.check_whole()


run()
