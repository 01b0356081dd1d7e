"""Fifty people want one desk at the same instant: one gets it, forty-nine are told so and are offered another. And the judge of
that is shown a server that looks, waits and writes, to see that it would notice."""
import http.client
import http.server
import itertools
import json
import threading

import postgres
from caller import Caller
from server import Answer, new_id
from tap import case, equal, rows, run

CLIENTS = 50
HALVES = {"am": ("am",), "pm": ("pm",), "day": ("am", "pm")}
caller = Caller()
members = [login for login in caller.tokens if login != "demo"][:CLIENTS]


def together(parts, ask):
    """Runs ask(login, part) for each client at one instant. [(part, answer)]."""
    gate, answers, guard = threading.Barrier(len(members)), [], threading.Lock()

    def one(login, part):
        gate.wait()
        answer = ask(login, part)
        with guard:
            answers.append((part, answer))
    threads = [threading.Thread(target=one, args=(login, parts[number % len(parts)])) for number, login in enumerate(members)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def judge(answers):
    """Faults in how one place was given to many."""
    faults = []
    won = [part for part, answer in answers if answer.status == 201]
    halves = [half for part in won for half in HALVES[part]]
    if len(answers) != CLIENTS:
        faults.append(f"{len(answers)} answers")
    if len(halves) != len(set(halves)):
        faults.append(f"given away more than once: {won}")
    if not won:
        faults.append("nobody got it")
    others = {(answer.status, answer.problem) for _, answer in answers if answer.status != 201}
    if others - {(409, "slot-taken")}:
        faults.append(f"told something else: {others}")
    return faults


def crowd(name, date, parts):
    wish = {part: caller.wish(name, date, part) for part in HALVES}
    space = name.partition("/")[0]
    wires = {login: caller.server.connection() for login in members}
    for wire in wires.values():
        wire.connect()

    def ask(login, part):
        id = new_id()
        return caller.server.request("POST", f"/v1/spaces/{space}/bookings", {"id": id, **wish[part]},
                                     token=caller.tokens[login], key=id, connection=wires[login])
    answers = together(parts, ask)
    for wire in wires.values():
        wire.close()
    for part, answer in answers:
        caller.contract.judge("POST", f"/v1/spaces/{space}/bookings", answer)
    return answers


@rows("S08: fifty clients, one desk", [
    ("a morning", "ferme/Les Serres 3", "2026-07-23", ["am"]), ("an afternoon", "ferme/Les Serres 3", "2026-07-23", ["pm"]),
    ("a day", "ferme/Les Serres 3", "2026-07-24", ["day"]),
    ("mornings, afternoons and days", "ferme/Les Serres 3", "2026-07-27", ["day", "am", "pm"])])
def _(name, date, parts):
    before = caller.server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = 'ferme'")[0][0]
    answers = crowd(name, date, parts)
    equal(judge(answers), [])
    won = [answer.json() for _, answer in answers if answer.status == 201]
    if len(parts) == 1:
        equal(len(won), 1)
    resource = caller.resource(name)
    rows_there = caller.server.sql("SELECT id FROM booking WHERE resource_id = ? AND date = ? AND part IN (%s)"
                                   % ",".join("?" * len(parts)), resource, date, *parts)
    equal(sorted(id for (id,) in rows_there), sorted(booking["id"] for booking in won))
    after = caller.server.sql("SELECT seq FROM feed JOIN space ON id = space_id WHERE slug = 'ferme'")[0][0]
    equal(after, before + len(won), "rows in the feed")
    for _, answer in answers:
        if answer.status == 409:
            assert answer.json()["alternatives"], "nothing offered instead"


@case("inside: the database itself refuses a second holder")
def _():
    caller.server.stop()
    space, resource, unit, granule, booking = caller.server.sql("SELECT space_id, resource_id, unit, granule, booking_id FROM slot LIMIT 1")[0]
    for another in (booking, caller.server.sql("SELECT id FROM booking WHERE space_id = ? AND id <> ?", space, booking)[0][0]):
        try:
            caller.server.write("INSERT INTO slot (space_id, resource_id, unit, granule, booking_id) VALUES (?, ?, ?, ?, ?)",
                                space, resource, unit, granule, another)
            raise AssertionError("it let it be written")
        except postgres.Refused:
            pass
    caller.server.start()


# ---- would it be noticed? ----------------------------------------------------------------------------------------------------------

class LooksThenWrites(http.server.BaseHTTPRequestHandler):
    """A booking system as many are: is it free? a moment, in which another one looks; then mine."""
    protocol_version = "HTTP/1.1"
    taken = set()
    looks = itertools.count(1)
    second_look = threading.Event()

    def do_POST(self):
        wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        free = wish["part"] not in self.taken
        if free:
            if next(self.looks) >= 2:
                self.second_look.set()
            self.second_look.wait(10)
        self.taken.add(wish["part"])
        body = b"{}" if free else b'{"type":"/problems/slot-taken"}'
        self.send_response(201 if free else 409)
        self.send_header("Content-Type", "application/json" if free else "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Crowded(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@case("a server that looks, waits and writes is caught")
def _():
    server = Crowded(("127.0.0.1", 0), LooksThenWrites)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(login, part):
        wire = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
        wire.request("POST", "/", json.dumps({"part": part}))
        answer = wire.getresponse()
        told = Answer(answer.status, answer.getheaders(), answer.read())
        wire.close()
        return told
    faults = judge(together(["am"], ask))
    server.shutdown()
    server.server_close()
    assert any("more than once" in fault for fault in faults), faults


@rows("the judge says no", [
    ("two winners", [("am", 201)] * 2 + [("am", 409)] * 48), ("a day and a morning", [("day", 201), ("am", 201)] + [("pm", 409)] * 48),
    ("nobody", [("am", 409)] * 50), ("an error in the crowd", [("am", 201)] + [("am", 409)] * 48 + [("am", 503)]),
    ("an answer missing", [("am", 201)] + [("am", 409)] * 48),
])
def _(told):
    headers = [("Content-Type", "application/problem+json")]
    assert judge([(part, Answer(status, headers, b'{"type":"/problems/slot-taken"}')) for part, status in told])


run(caller.server.stop)
