"""Several people who book, cancel, sign up and withdraw with hacktiv, over a bad line, to a server that is killed, and who are killed
themselves; and what they were told, for the checker (outbox_history.py).

HACKTIV_SEED repeats what everybody chooses and what the line does to which exchange.
"""
import json
import os
import random
import subprocess
import threading
import time
from collections import Counter

from bad_line import BadLine
from client import Client, kill
from outbox import notes
from outbox_history import Row, Run, check
from server import peopled

CLIENTS = 4
DESKS, DAYS, PARTS = ["A1", "A2", "A3"], [3, 4, 7, 8, 9], ["morning", "afternoon", "day"]   # of September 2026, at Coworking E420
PER_CENT = {"book": 34, "cancel": 18, "sign-up": 20, "withdraw": 16, "sync": 6, "bookings": 6}
BAD = 30                    # of a hundred exchanges
KILLED = 0.35               # of the runs
WAITS = 0.06                # of the runs come a quarter of an hour later than the one before: too late to send again
SERVER_LIVES_S = (1.0, 4.0)
SLOW_S = 60                 # more than it should last, at most, when little happens
RUN_LIMIT = 120
EARLIER = "From an earlier run: "
MORNING = 7 * 60 + 30          # minutes; every clock begins there


class Person(threading.Thread):
    def __init__(self, soak, login, number):
        super().__init__(daemon=True)
        self.soak, self.login, self.number = soak, login, number
        self.choice = random.Random(soak.seed * 1000 + number)
        self.home = Client(soak.line.url, soak.tokens[login])
        self.home.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        self.clock, self.fault = MORNING, None
        self.runs, self.rows = [], {}
        self.lasts = 0.3             # seconds, what a run lasted of late

    def run(self):
        try:
            while not self.soak.over.is_set():
                self.one()
        except BaseException as fault:
            self.fault = fault
            self.soak.over.set()

    # ---- one command

    def one(self):
        kind = self.choice.choices(list(PER_CENT), PER_CENT.values())[0]
        if self.choice.random() < WAITS:
            time.sleep(0.4)          # what still was on its way has arrived, as it has after a quarter of an hour
            self.clock += 15
        dies = self.choice.uniform(0, 1.3 * self.lasts) if self.choice.random() < self.soak.killed else None
        self.give(self.words(kind), dies)

    def words(self, kind):
        if kind == "book":
            return ["book", self.choice.choice(DESKS), f"{self.choice.choice(DAYS)}/9", self.choice.choice(PARTS)]
        # Those that may stand: in a long life most are refused, and cancelling them would prove little.
        booked = [row.id for row in self.rows.values() if row.kind == "book" and row.outcome not in ("conflict", "refused", "not_found")][-8:]
        if kind == "cancel" and booked:
            return ["cancel", self.choice.choice(booked)]
        if kind in ("sign-up", "withdraw"):
            return [kind, self.choice.choice(self.soak.activities)]
        return [kind if kind in ("sync", "bookings") else "sync"]

    def give(self, words, dies=None):
        self.home.environment["HACKTIV_NOW"] = f"2026-07-15T{self.clock // 60 % 24:02}:{self.clock % 60:02}:00+02:00"
        began = time.monotonic()
        process = self.home.launch(*words, "--json")
        try:
            out, told = process.communicate(timeout=dies if dies is not None else RUN_LIMIT)
        except subprocess.TimeoutExpired:
            out, told = kill(process)
            assert dies is not None, f"{words} does not end in {RUN_LIMIT} s: {out!r} {told!r}"
        out, told = out.decode(), told.decode()
        lasted = time.monotonic() - began
        if dies is None:
            self.lasts += 0.2 * (min(lasted, 1) - self.lasts)
        self.soak.longest = max(self.soak.longest, (lasted, words, process.returncode, out, told))
        assert "Sanitizer" not in told and "runtime error" not in told, told
        assert process.returncode in (0, 2, 3, 4, -9), f"{words}: {process.returncode} {out!r} {told!r}"
        wish = words[0] if words[0] in ("book", "cancel", "sign-up", "withdraw") else ""
        sentences = [line.removeprefix(EARLIER) for line in told.splitlines() if line.startswith(EARLIER)]
        said = json.loads(out) if out.endswith("\n") else {"outcome": ""}
        listed = {item["id"]: item["outcome"] for item in said.get("items", [])} if words[0] == "sync" else {}    # it had the last word
        self.runs.append(Run(self.login, len(self.runs), wish, process.returncode, said["outcome"], sentences, listed))
        self.read_notes()
        return out

    def read_notes(self):
        with notes(self.home) as store:
            for id, kind, state, outcome, of, activity, title, resource, date in store.execute(
                    "SELECT id, kind, state, outcome, booking_id, activity_id, title, resource_name, date FROM wish ORDER BY rowid") if store else ():
                run = self.rows[id].run if id in self.rows else len(self.runs) - 1
                names = (f", {resource}, " if resource else f"{title}, ", "/".join(reversed(date.split("-"))))
                self.rows[id] = Row(self.login, id, kind, activity or of, names, run, state, outcome)

    def is_settled(self):
        return all(row.state in ("settled", "seen") for row in self.rows.values())


class Soak:
    def __init__(self, seed, killed=KILLED):
        self.seed, self.killed = seed, killed
        self.server, self.tokens = peopled()
        self.line = BadLine(self.server.socket_path)
        self.over = threading.Event()
        agenda = self.server.get("/v1/activities?from=2026-07-24&to=2026-09-30&limit=200").json()["items"]
        # One that is nearly full, so that people wait in line, and two that are not.
        free = sorted((item["capacity"] - item["taken"], item["id"]) for item in agenda if not item["conditions"] and not item["waiting"])
        self.activities = [id for left, id in free if left > 0][:1] + [id for left, id in free if left > 3][:2]
        logins = [login for login in self.tokens if not self.server.sql(
            "SELECT 1 FROM booking b JOIN member m ON m.id = member_id WHERE login = ? AND date >= '2026-07-15'", login)]
        self.people = [Person(self, login, number) for number, login in enumerate(logins[:CLIENTS])]
        self.deaths, self.longest = 0, (0,)

    def live(self, seconds, commands=None, killed=True, rules="", enough=lambda: True):
        """Until the time is over and, on a slow machine, there is `enough`; or so many commands were given. `rules`: what the line does instead
        of what the seed says."""
        if rules:
            self.line.rules(rules)
        else:
            self.line.seed(self.seed, BAD)
        choice = random.Random(self.seed)
        for person in self.people:
            person.start()
        until, told = time.monotonic() + seconds, 0
        longest = until + SLOW_S
        while not self.over.is_set() and (time.monotonic() < until or time.monotonic() < longest and not enough()):
            given = sum(len(person.runs) for person in self.people)
            if commands and given >= commands:
                break
            if given // 1000 > told:
                told = given // 1000
                print(f"# {given} commands after {seconds - until + time.monotonic():.0f} s", flush=True)
            lives = choice.uniform(*SERVER_LIVES_S)
            self.over.wait(min(lives, until - time.monotonic()) if time.monotonic() < until else lives)
            if killed and not self.over.is_set():
                self.server.kill()
                self.deaths += 1
                self.over.wait(choice.uniform(0, 0.3))
                self.server.start()
        self.over.set()
        for person in self.people:
            person.join(RUN_LIMIT * 2)
            if person.fault:
                raise person.fault

    def come_to_rest(self):
        """The line is good again: everybody looks in until nothing is open."""
        self.line.good()
        for person in self.people:
            for _ in range(5):
                person.give(["sync"])
                if person.is_settled():
                    break

    def judge(self):
        logins = {id: login for id, login in self.server.sql("SELECT id, login FROM member")}
        ours = {person.login for person in self.people}
        audit = [(logins[actor], action, ref) for actor, action, ref in self.server.sql(
            "SELECT actor, action, ref FROM audit WHERE request_id <> 'sample' ORDER BY space_id, seq") if logins.get(actor) in ours]
        rows = [row for person in self.people for row in person.rows.values()]
        runs = [run for person in self.people for run in person.runs]
        self.audit, self.rows, self.runs = audit, rows, runs
        return check(rows, runs, audit)

    def tally(self):
        ends = Counter(f"{row.kind} {row.outcome or row.state}" for row in self.rows)
        died = sum(run.status < 0 for run in self.runs)
        later = sum(len(run.sentences) for run in self.runs)
        connections, exchanges, faults = self.line.count()
        return (f"{len(self.runs)} commands, {died} killed, {later} ends told later, {self.deaths} deaths of the server, {exchanges} exchanges,"
                f" {faults} bad; {dict(sorted(ends.items()))}")

    def end(self):
        self.server.kill()
        self.line.end()
