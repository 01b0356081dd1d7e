"""One person's wishes around a fault: what hacktiv said, what its notes held before it was started again, what the server has in the end, and
whether these three agree. Used by tests that end or hinder hacktiv at a chosen call."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

from client import Client, kill

RUN_LIMIT = 90
KINDS = ("book", "cancel", "sign-up", "withdraw")
GIVES_UP = {"cancel", "withdraw"}
DONE = {"book": "Booked: ", "cancel": "Cancelled: ", "sign-up": "Signed up: ", "withdraw": "Withdrawn: "}
EARLIER = "From an earlier run: "
ASIDE = "bookings that were under way are to be checked"


def copy_notes(files, place):
    """Who stays behind may be putting the log back into the database: then what was copied is of two times, and is copied again."""
    def stand():
        found = [file.stat() for file in files if file.exists()]
        return [(of.st_ino, of.st_size, of.st_mtime_ns) for of in found]
    while True:
        with contextlib.suppress(FileNotFoundError):
            before = stand()
            for file in files:
                (place / file.name).unlink(missing_ok=True)
                if file.exists():
                    shutil.copy(file, place)
            if stand() == before:
                return


@contextlib.contextmanager
def notes(client):
    """What lies on disk, read from a copy without touching it: a connection, None when there is nothing yet."""
    with tempfile.TemporaryDirectory() as place:
        copy_notes([client.state / name for name in ("store.db", "store.db-wal")], pathlib.Path(place))
        if not os.path.exists(f"{place}/store.db"):
            yield None
            return
        with contextlib.closing(sqlite3.connect(f"{place}/store.db")) as store:
            assert store.execute("PRAGMA quick_check").fetchall() == [("ok",)], "torn file"
            yield store if store.execute("SELECT 1 FROM sqlite_schema WHERE name = 'wish'").fetchall() else None


def outbox(client):
    """[(id, state, outcome)], oldest first."""
    with notes(client) as store:
        return store.execute("SELECT id, state, outcome FROM wish ORDER BY rowid").fetchall() if store else []


class Person:
    """One member with a desk and an activity nobody else uses. The server is asked and set behind hacktiv's back."""

    def __init__(self, server, tokens, login, desk, date, activity):
        self.server, self.token, self.login, self.desk, self.date, self.activity = server, tokens[login], login, desk, date, activity
        self.new_home()

    def new_home(self):
        self.home = Client(f"unix:{self.server.socket_path}", self.token)
        self.home.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"

    # ---- what is true

    def effects(self, kind):
        """What of this kind is in the server's records: a name for each change, and how it stands."""
        if kind in ("book", "cancel"):
            return self.server.sql("SELECT b.id, b.state, b.version FROM booking b JOIN member m ON m.id = member_id JOIN resource r ON"
                                   " r.id = resource_id AND r.space_id = b.space_id WHERE login = ? AND r.name = ? AND date = ?",
                                   self.login, self.desk, self.date)
        return self.server.sql("SELECT s.activity_id, s.state, s.ticket FROM signup s JOIN member m ON m.id = member_id"
                               " WHERE login = ? AND s.activity_id = ?", self.login, self.activity["id"])

    def stands(self, kind):
        return [row for row in self.effects(kind) if row[1] in ("confirmed", "signed_up", "waitlisted")]

    def ask(self, method, target, body=None, **more):
        with contextlib.closing(self.server.connection()) as wire:     # one kept for the next time may have been hung up by then
            answer = self.server.request(method, target, body, token=self.token, connection=wire, **more)
        assert answer.status < 300, answer

    def prepare(self, kind, new_id):
        """So that there is something to give up, or nothing in the way."""
        standing = self.stands(kind)
        if bool(standing) == (kind in GIVES_UP):
            return
        signup = f"/v1/spaces/{self.activity['space_id']}/activities/{self.activity['id']}/signup"
        if kind == "book":
            for id, _, version in standing:
                self.ask("DELETE", f"/v1/spaces/e420/bookings/{id}", headers={"If-Match": f'"{version}"'})
        elif kind == "cancel":
            resource = self.server.sql("SELECT r.id FROM resource r JOIN space s ON s.id = space_id WHERE slug = 'e420' AND r.name = ?",
                                       self.desk)[0][0]
            self.ask("POST", "/v1/spaces/e420/bookings", {"id": (id := new_id()), "resource_id": resource, "date": self.date, "part": "am"},
                     key=id)
        else:
            self.ask("PUT" if kind == "withdraw" else "DELETE", signup, key=new_id())

    # ---- what is said

    def words(self, kind):
        day = f"{int(self.date[8:])}/{int(self.date[5:7])}"
        return {"book": ["book", self.desk, day, "morning"], "cancel": ["cancel", day], "sign-up": ["sign-up", self.activity["id"]],
                "withdraw": ["withdraw", self.activity["id"]]}[kind] + ["--json"]

    def run(self, *words, **more):
        environment = self.home.environment
        self.home.environment = environment | more
        process = self.home.launch(*words)
        self.home.environment = environment
        try:
            out, told = process.communicate(timeout=RUN_LIMIT)
        except subprocess.TimeoutExpired:
            kill(process)
            raise AssertionError(f"{words} with {more} does not end")
        return process.returncode, out.decode(errors="replace"), told.decode(errors="replace")


def judge(person, kind, fault, new_id):
    """One wish under a fault (variables of the environment), and what hacktiv makes of it when it starts again. Returns how the
    faulty run ended: its status, what it said, whether its wish was on disk."""
    person.prepare(kind, new_id)
    before = person.effects(kind)
    known = outbox(person.home)
    status, out, told = person.run(*person.words(kind), **fault)
    where = f"{kind} {fault}: {status} {out!r} {told[-1500:]!r}"
    assert "Sanitizer" not in told and "runtime error" not in told, where
    after = outbox(person.home)
    assert {row[0] for row in known} <= {row[0] for row in after}, f"older notes are lost: {where}"
    rows = [row for row in after if row[0] not in {row[0] for row in known}]
    happened = person.effects(kind) != before
    claims = '"outcome":"done"' in out
    assert len(rows) <= 1, where
    assert rows or not happened, f"it was on the wire before it was on disk: {where}"
    assert happened or not claims, f"it says done, and nothing is: {where}"
    if status >= 0 and not claims:
        assert told or '"problem":{' in out, f"no word of what went wrong: {where}"
    if status >= 0 and happened and not claims:
        # It has happened, and was not told: then nothing else may have been told than that it is not known, or that the program ended.
        assert status in (4, 70) or "unknown" in out, f"it happened, and was told to have failed: {where}"

    again_status, again_out, again_told = person.run("sync", "--json")
    where += f"; then {again_status} {again_out!r} {again_told!r}"
    assert "Sanitizer" not in again_told and again_status == 0, where
    assert ASIDE not in again_told, f"notes were put aside: {where}"
    effects = person.effects(kind)
    if '"outcome":"failed"' in out:
        assert effects == before and EARLIER + DONE[kind] not in again_told, f"it was said not to be sent, and then it was: {where}"
    changes = [row for row in effects if row not in before]
    assert len(changes) <= 1 and len(effects) <= len(before) + 1, f"more than one effect: {where}"
    learnt = EARLIER + DONE[kind] in again_told
    wish_stands = rows and not (claims and status == 0) and rows[0][1] != "seen"
    if wish_stands:
        assert changes and learnt, f"found on disk, and not seen through: {where}"
    assert bool(changes) >= (learnt or claims), f"told to be done, and it is not: {where}"
    assert (learnt or claims) or not changes, f"it happened, and nobody was told: {where}"
    last = person.run("sync", "--json")
    assert EARLIER not in last[2], f"told again and again: {where}; then {last}"
    return status, out, told, bool(rows)
