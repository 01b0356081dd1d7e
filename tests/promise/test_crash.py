"""hacktivd is killed in the middle of a booking, started again, and asked again with the same key: the booking exists once or
not at all, and whoever asks again gets it once."""
import http.client
import json
import random
import threading
import time

from caller import Caller
from server import exchange, new_id
from tap import case, equal, rows, run

caller = Caller()
server, token = caller.server, caller.tokens["demo"]
WINDOW_S = 0.03            # from sending to killing, at most: a commit lies somewhere within
random.seed(20261124)


def feed_of(id):
    return server.sql("SELECT kind FROM change_log WHERE ref = ? ORDER BY seq", id)


def state_of(id):
    rows = server.sql("SELECT state, (SELECT count(*) FROM slot WHERE booking_id = booking.id) FROM booking WHERE id = ?", id)
    return rows[0] if rows else None


def send_and_kill(method, target, body, fields, delay):
    """The answer, or None when the server was gone before it."""
    wire = server.connection()
    wire.connect()
    answer = []

    def ask():
        try:
            answer.append(exchange(wire, method, target, body, fields))
        except (http.client.HTTPException, OSError):
            pass
    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(delay)
    server.kill()
    thread.join()
    wire.close()
    return answer[0] if answer else None


PLACES = [f"ferme/Les Serres {number}" for number in (3, 6, 7)]
ROUNDS = [(f"after {delay * 1000:.1f} ms", number, delay) for number, delay in
          enumerate([0] + sorted(random.uniform(0, WINDOW_S) for _ in range(9)))]
_tally = {"answered": 0, "happened unanswered": 0, "did not happen": 0}


@rows("S10: killed while booking", ROUNDS)
def _(number, delay):
    name = f"rimbaud/R{1 + number % 10}"
    id, date = new_id(), f"2026-08-{10 + number % 5}"
    wish = caller.wish(name, date, "pm", id=id)
    if caller.halves(name, date)[1] != "free":
        wish = caller.wish(name := caller.free("rimbaud", date, "pm")[0], date, "pm", id=id)
    body = json.dumps(wish).encode()
    fields = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": id}
    told = send_and_kill("POST", "/v1/spaces/rimbaud/bookings", body, fields, delay)
    assert told is None or told.status == 201, told

    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 10, "slow to come back"
    there = caller.get(f"/v1/spaces/rimbaud/bookings/{id}", by="demo").status
    if told:
        equal(there, 200, "acknowledged and gone")
    _tally["answered" if told else "happened unanswered" if there == 200 else "did not happen"] += 1
    assert (state_of(id) is None) == (there == 404)
    equal(feed_of(id), [("booking.created",)] if there == 200 else [])

    again = caller.call("POST", "/v1/spaces/rimbaud/bookings", body, by="demo", key=id)
    equal(again.status, 201, repr(again))
    equal(again.header("Idempotent-Replayed"), "true" if there == 200 else None)
    if told:
        equal(again.body, told.body)
    equal(state_of(id), ("confirmed", 20))        # 13:00 to 18:00 in quarters
    equal(feed_of(id), [("booking.created",)])
    equal(caller.halves(name, date, by="demo")[1], "mine")


@rows("S10: killed while cancelling", ROUNDS[::3])
def _(number, delay):
    date = f"2026-08-{17 + number % 5}"
    made = caller.book(caller.free("ferme", date, "am")[0], date, "am").json()
    target = f"/v1/spaces/ferme/bookings/{made['id']}"
    fields = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
    told = send_and_kill("DELETE", target, None, fields, delay)
    assert told is None or told.status == 204, told
    server.start()
    there = caller.get(target, by="demo").json()["state"]
    if told:
        equal(there, "cancelled", "acknowledged and back")
    equal(state_of(made["id"]), ("cancelled", 0) if there == "cancelled" else ("confirmed", 16))
    equal(caller.call("DELETE", target, by="demo", headers={"If-Match": '"1"'}).status, 204)
    equal(state_of(made["id"]), ("cancelled", 0))
    equal(feed_of(made["id"]), [("booking.created",), ("booking.cancelled",)])


@case("killed in a crowd: who was told yes has it, who asks again gets an answer, one place one holder")
def _():
    date, logins = "2026-08-24", list(caller.tokens)[:24]
    wishes = {login: caller.wish(f"rimbaud/R{1 + number % 10}", date, "am", id=new_id()) for number, login in enumerate(logins)}
    told, gate = {}, threading.Barrier(len(logins) + 1)

    def ask(login):
        wire = server.connection()
        wire.connect()
        gate.wait()
        try:
            told[login] = server.request("POST", "/v1/spaces/rimbaud/bookings", wishes[login], token=caller.tokens[login],
                                         key=wishes[login]["id"], connection=wire)
        except (http.client.HTTPException, OSError):
            pass
        wire.close()
    threads = [threading.Thread(target=ask, args=(login,)) for login in logins]
    for thread in threads:
        thread.start()
    gate.wait()
    time.sleep(0.02)
    server.kill()
    for thread in threads:
        thread.join()
    server.start()
    final = {login: caller.call("POST", "/v1/spaces/rimbaud/bookings", wishes[login], by=login, key=wishes[login]["id"])
             for login in logins}
    for login, answer in told.items():
        if answer.status == 201:
            equal((final[login].status, final[login].body), (201, answer.body), login)
    assert {answer.status for answer in final.values()} <= {201, 409}
    held = [wishes[login]["resource_id"] for login, answer in final.items() if answer.status == 201]
    equal(len(held), len(set(held)), "one place, two holders")
    equal(server.sql("SELECT count(*) FROM booking WHERE date = ? AND id IN (%s)" % ",".join("?" * len(logins)), date,
                     *(wish["id"] for wish in wishes.values())), [(len(held),)])


@case("after all that the database is sound")
def _():
    server.stop()
    server.check_whole()
    print(f"# killed while booking: {_tally}")


run()
