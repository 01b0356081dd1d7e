"""Two hacktivd on one PostgreSQL behind nginx are as one: what one did the other knows at once, nothing is sold twice between them, a
listener at one hears what happened at the other, and when one dies nobody loses what was acknowledged.
"""
import http.client
import json
import os
import pathlib
import signal
import socket
import threading
import time

from follower import Follower
from nginx import Nginx
from server import Server, exchange, new_id
from sse import Parser
from tap import case, equal, rows, run

NOW = "2026-07-15T07:30:00+02:00"
DAYS = [f"2026-09-{day:02}" for day in (7, 8, 9, 10, 14, 15, 16, 17, 21, 22)]     # nobody has booked anything yet

one = Server(listen="127.0.0.1:0").start()
one.stop()
tokens = one.grant()
one.give_role("gauthier.mahieu-lorent", "operator", "ferme")
one.start()
two = Server(listen="127.0.0.1:0", sample=False)
two.database = one.database
two.start()
both = [one, two]
front = Nginx(*(server.address.removeprefix("http://") for server in both))
people = sorted(tokens)[:24]
resources = [item["id"] for item in one.get("/v1/spaces/ferme/resources").json()["items"] if item["kind"] == "desk"]


def at(server, method, target, body=None, by=None, key=None, **headers):
    return server.request(method, target, body, token=tokens[by] if by else None, key=key, headers=headers,
                          connection=server.connection())


def through_front(method, target, body=None, by=None, key=None, headers=(), timeout=60):
    """Through nginx, asked again with its key while the answer is not definite."""
    fields = {"Authorization": f"Bearer {tokens[by]}"} if by else {}
    fields.update(headers)
    if key:
        fields["Idempotency-Key"] = key
    data = json.dumps(body).encode() if body is not None else None
    if data is not None:
        fields["Content-Type"] = "application/json"
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        wire = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
        try:
            answer = exchange(wire, method, target, data, fields)
            if answer.status not in (502, 503, 504):
                return answer
        except (OSError, http.client.HTTPException):
            pass
        finally:
            wire.close()
        time.sleep(0.1)
    raise AssertionError(f"no answer to {method} {target}")


def wish(resource, date, part="am"):
    return {"id": new_id(), "resource_id": resource, "date": date, "part": part}


@case("I12 what was done at one is read at the other, at once")
def _():
    for here, there in ((one, two), (two, one)):
        asked = wish(resources[0], DAYS.pop(), "day")
        made = at(here, "POST", "/v1/spaces/ferme/bookings", asked, by="demo", key=asked["id"])
        equal(made.status, 201)
        target = f"/v1/spaces/ferme/bookings/{asked['id']}"
        equal(at(there, "GET", target, by="demo").status, 200)
        equal(at(there, "DELETE", target, by="demo", **{"If-Match": made.header("ETag")}).status, 204)
        equal(at(here, "GET", target, by="demo").json()["state"], "cancelled")


@case("I4 the same key at both gives one effect and the same answer")
def _():
    asked = wish(resources[1], DAYS[0])
    answers = [None] * 8

    def ask(index):
        answers[index] = at(both[index % 2], "POST", "/v1/spaces/ferme/bookings", asked, by="demo", key=asked["id"])
    together(ask, 8)
    equal([answer.status for answer in answers], [201] * 8, "each waits for the one before it")
    equal(len({answer.body for answer in answers}), 1)
    equal(sum(not answer.header("Idempotent-Replayed") for answer in answers), 1)


@case("S09 I4 a first try that hung at one while its second was refused at the other finds what was told, when the way is free again")
def _():
    theirs, mine = wish(resources[1], DAYS[0], "pm"), wish(resources[1], DAYS[0], "pm")
    made = at(two, "POST", "/v1/spaces/ferme/bookings", theirs, by=people[0], key=theirs["id"])
    equal(made.status, 201)
    wire, body = one.connection(), json.dumps(mine).encode()
    wire.connect()
    one.process.send_signal(signal.SIGSTOP)
    # Sent is not stopped: what began in between would keep the other out.
    tasks = pathlib.Path(f"/proc/{one.process.pid}/task")
    while any(task.read_text().rsplit(")", 1)[1].split()[0] != "T" for task in tasks.glob("*/stat")):
        time.sleep(0.001)
    try:
        wire.request("POST", "/v1/spaces/ferme/bookings", body, {"Authorization": f"Bearer {tokens['demo']}", "Idempotency-Key": mine["id"],
                                                                 "Content-Type": "application/json"})
        told = at(two, "POST", "/v1/spaces/ferme/bookings", mine, by="demo", key=mine["id"])
        equal((told.status, told.problem), (409, "slot-taken"))
        equal(at(two, "DELETE", made.header("Location"), by=people[0], **{"If-Match": made.header("ETag")}).status, 204)
    finally:
        one.process.send_signal(signal.SIGCONT)
    late = wire.getresponse()
    equal((late.status, late.read(), late.getheader("Idempotent-Replayed")), (409, told.body, "true"))
    wire.close()
    equal(at(one, "GET", f"/v1/spaces/ferme/bookings/{mine['id']}", by="demo").status, 404)


def together(work, count):
    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@case("S08 I1 two dozen want one desk, half of them at each: one has it")
def _():
    answers = [None] * len(people)

    def ask(index):
        asked = wish(resources[2], DAYS[1])
        answers[index] = at(both[index % 2], "POST", "/v1/spaces/ferme/bookings", asked, by=people[index], key=asked["id"])
    together(ask, len(people))
    statuses = sorted(answer.status for answer in answers)
    equal(statuses.count(201), 1, str(statuses))
    assert set(statuses) == {201, 409}, [answer for answer in answers if answer.status not in (201, 409)][:2]


@case("S08 a quota is one quota at both: who asks at both at once for two bookings where one is granted has one")
def _():
    place = one.get(f"/v1/spaces/ferme/resources/{resources[6]}")
    changed = at(one, "PATCH", f"/v1/spaces/ferme/resources/{resources[6]}", {"quota_open_bookings": 1}, by="gauthier.mahieu-lorent",
                 **{"If-Match": place.header("ETag")})
    equal(changed.status, 200, repr(changed))
    start = threading.Barrier(2)
    for number, login in enumerate(people[:12]):
        answers = [None, None]

        def ask(index):
            date = ("2026-10-05", "2026-10-06", "2026-10-07", "2026-09-28", "2026-09-29", "2026-09-30")[3 * index + number % 3]
            asked = wish(resources[6], date, ("am", "pm")[number % 2])
            start.wait()
            answers[index] = at(both[index], "POST", "/v1/spaces/ferme/bookings", asked, by=login, key=asked["id"])
        together(ask, 2)
        equal(sorted(answer.status for answer in answers), [201, 422], f"{login}: {answers}")
        equal([answer.problem for answer in answers if answer.status == 422], ["quota-exceeded-bookings"])
        [made] = [answer for answer in answers if answer.status == 201]
        equal(at(two, "DELETE", made.header("Location"), by=login, **{"If-Match": made.header("ETag")}).status, 204)


@case("S19 a token that is given back at one is good for nothing at the other")
def _():
    equal(at(two, "GET", "/v1/members/me", by=people[-1]).status, 200)
    equal(at(one, "DELETE", "/v1/sessions/current", by=people[-1]).status, 204)
    deadline = time.monotonic() + 6
    while at(two, "GET", "/v1/members/me", by=people[-1]).status == 200:
        assert time.monotonic() < deadline, "still good after six seconds"
        time.sleep(0.2)


STAFF = "gauthier.mahieu-lorent"


def book_at_one(place, dates, by):
    """One after the other, since threads take turns: each of the first's has kept what such a booking reads."""
    wishes = [wish(place, date) for date in dates]
    return [at(one, "POST", "/v1/spaces/ferme/bookings", asked, by=by, key=asked["id"]) for asked in wishes]


def october(first, count):
    return [f"2026-10-{day:02}" for day in range(first, 32) if day % 7 not in (3, 4)][:count]      # neither Saturday nor Sunday


def put_out_of_order(place, login):
    body = {"resource_id": place, "state": "out_of_order", "reason": "écran en panne", "from": "2026-10-01", "until": "2026-10-31"}
    return at(two, "PUT", f"/v1/spaces/ferme/outages/{new_id()}", body, by=STAFF)


def stay_shut(place, login):
    return at(two, "PUT", f"/v1/spaces/ferme/closures/{new_id()}", {"from": "2026-10-01", "until": "2026-10-31", "reason": "Travaux"}, by=STAFF)


def make_it_a_sight(place, login, state="not_bookable"):
    there = at(two, "GET", f"/v1/spaces/ferme/resources/{place}")
    return at(two, "PATCH", f"/v1/spaces/ferme/resources/{place}", {"state": state}, by=STAFF, **{"If-Match": there.header("ETag")})


def log_out(place, login):
    return at(two, "DELETE", "/v1/sessions/current", by=login)


def open_again(place):
    make_it_a_sight(place, None, "bookable")
    for closed in at(two, "GET", "/v1/spaces/ferme/closures").json()["items"]:
        if closed["reason"] == "Travaux" and closed["from"] == "2026-10-01":
            at(two, "DELETE", f"/v1/spaces/ferme/closures/{closed['id']}", by=STAFF)


@rows("S08 what one has kept of a space, a place and a person is asked anew as soon as the other has changed it", [
    ("a place is out of order", -1, 2, put_out_of_order, 422, "resource-not-bookable"),
    ("a place is only to be seen", 3, 3, make_it_a_sight, 422, "resource-not-bookable"),
    ("the space stays shut", -3, 4, stay_shut, 422, "space-closed"),
    ("a person logged out", -4, 5, log_out, 401, "unauthenticated"),
])
def _(place, person, change, status, problem):
    place, login = resources[place], people[-1 - person]
    before = book_at_one(place, october(5, 8), login)
    equal([answer.status for answer in before], [201] * 8, repr(before))
    assert change(place, login).status in (200, 201, 204)
    after = book_at_one(place, october(15, 8), login)
    equal([(answer.status, answer.problem) for answer in after], [(status, problem)] * 8)
    open_again(place)


@case("I11 a listener at one hears what happens at the other, soon, each once and in order")
def _():
    wire = one.connection(30)
    wire.putrequest("GET", "/v1/spaces/ferme/events")
    wire.putheader("Authorization", f"Bearer {tokens['demo']}")
    wire.putheader("Accept", "text/event-stream")
    wire.endheaders()
    stream = wire.getresponse()
    equal(stream.status, 200)
    refs, heard = [], []
    parser = Parser()
    for number in range(20):
        asked = wish(resources[3 + number % 3], DAYS[2 + number // 6], ("am", "pm")[number // 3 % 2])
        refs.append(asked["id"])
        equal(at(two, "POST", "/v1/spaces/ferme/bookings", asked, by="demo", key=asked["id"]).status, 201)
    done = time.monotonic()
    while len(heard) < 20:
        heard += [event.data for event in parser.feed(stream.read1(65536))
                  if event.data.get("ref") in refs]
        assert time.monotonic() - done < 10, heard
    equal([event["ref"] for event in heard], refs)
    assert time.monotonic() - done < 2, "later than two seconds"
    wire.close()


def changes_since(start):
    target, items = f"/v1/changes?after={start}&limit=200", []
    while target:
        page = at(two, "GET", target, by="demo").json()
        items, target = items + page["items"], page["next"]
    return items


class Front:
    """What a Follower knows of a server."""
    is_proxy = True

    @staticmethod
    def connect(timeout):
        return socket.create_connection(("127.0.0.1", front.port), timeout)


@case("D10 I11 one dies under load: what was acknowledged is there, nothing is twice, the other goes on, and who listens hears all, each once")
def _():
    made, failures, guard, end, goal = {}, [], threading.Lock(), threading.Event(), []
    start = at(one, "GET", "/v1/changes", by="demo").json()["id"]
    follower = Follower(Front, "demo", tokens["demo"], start, end, goal)
    follower.start()

    def keep_booking(index):
        day, number = DAYS[5 + index % 3], 0
        while not end.is_set():
            asked = wish(resources[number % len(resources)], day, ("am", "pm")[number // len(resources) % 2])
            number += 1
            try:
                answer = through_front("POST", "/v1/spaces/ferme/bookings", asked, by=people[index], key=asked["id"])
            except AssertionError as none:
                failures.append(str(none))
                return
            with guard:
                if answer.status == 201:
                    made[asked["id"]] = (people[index], asked, answer.header("ETag"))
                elif answer.status not in (409, 422):
                    failures.append(repr(answer))
            if answer.status == 201 and number % 2:
                gone = through_front("DELETE", f"/v1/spaces/ferme/bookings/{asked['id']}", by=people[index],
                                     headers={"If-Match": answer.header("ETag")})
                with guard:
                    if gone.status == 204:
                        made.pop(asked["id"])
                    elif gone.status not in (409, 412):
                        failures.append(repr(gone))
    threads = [threading.Thread(target=keep_booking, args=(index,)) for index in range(12)]
    for thread in threads:
        thread.start()
    for victim in (one, two, one):
        time.sleep(1)
        victim.process.kill()
        victim.wait()
        time.sleep(0.5)
        victim.listen = victim.address.removeprefix("http://")
        victim.start()
    time.sleep(0.5)
    end.set()
    for thread in threads:
        thread.join()
    equal(failures[:3], [])
    told = changes_since(start)
    goal.append(at(two, "GET", "/v1/changes", by="demo").json()["id"])
    follower.join(60)
    assert not follower.is_alive() and not follower.fault and follower.connections > 1, (follower.fault, follower.connections)
    assert len(told) > 20, len(told)
    by_space = [[[(row["seq"], row["ref"]) for row in rows if row["space_id"] == space] for space in sorted({row["space_id"] for row in told})]
                for rows in (follower.heard, told)]
    equal(*by_space)
    for id, (login, _, _) in made.items():
        there = at(two, "GET", f"/v1/spaces/ferme/bookings/{id}", by=login)
        equal((there.status, there.json()["state"]), (200, "confirmed"), id)
    taken = one.sql("SELECT resource_id, granule, count(*) FROM slot GROUP BY space_id, resource_id, unit, granule HAVING count(*) > 1")
    equal(taken, [])
    gaps = one.sql("SELECT space_id FROM change_log GROUP BY space_id HAVING max(seq) - min(seq) + 1 <> count(*)")
    equal(gaps, [])
    assert len(made) > 0


def finish():
    front.end()
    for server in both:
        server.stop()


run(finish)
