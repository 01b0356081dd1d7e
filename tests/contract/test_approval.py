"""A place that waits for the space's yes: it is held meanwhile, answered once, given back with a no, and lapses when nobody answers."""
import threading

from caller import Caller
from server import new_id
from tap import case, equal, rows, run

caller = Caller()
server = caller.server
server.stop()
server.give_role("maite.froidmont", "reception", "e420")
server.give_role("gauthier.mahieu-lorent", "operator", "ferme")
server.start()
DESK = "maite.froidmont"                                # at the reception of Mariembourg
ROOM, DAYS = "e420/Fagne", iter(f"2026-{month:02}-{day:02}" for month, day in
                                 [(8, day) for day in range(10, 15)] + [(9, day) for day in [*range(7, 12), *range(14, 19), *range(21, 26)]])


def waiting(by="demo", part="am", date=None):
    answer = caller.book(ROOM, date or next(DAYS), part, by=by)
    equal(answer.status, 201, repr(answer))
    equal(answer.json()["state"], "pending")
    return answer.json()


def decide(booking, decision, reason=None, by=DESK, key=None, match=None):
    body = {"decision": decision, **({"reason": reason} if reason is not None else {})}
    return caller.call("POST", f"{path(booking)}/approval", body, by=by, key=key or new_id(),
                       headers={"If-Match": match or f"\"{booking['version']}\""})


def path(booking):
    return f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}"


def now(booking, by="demo"):
    return caller.get(path(booking), by=by).json()


@case("the place says that it asks first, and a preview says that one would wait")
def _():
    items = caller.get("/v1/spaces/e420/resources").json()["items"]
    equal([item["name"] for item in items if item["approval"] == "staff"], ["Fagne"])
    equal(caller.preview(ROOM, "2026-08-31", "am").json()["booking"]["state"], "pending")
    equal(caller.preview("e420/Viroin", "2026-08-31", "am").json()["booking"]["state"], "confirmed")


@case("S02 what waits holds its place: nobody is promised it twice")
def _():
    booking = waiting()
    equal(caller.halves(ROOM, booking["date"])[0], "taken")
    equal(caller.halves(ROOM, booking["date"], by="demo")[0], "mine")
    answer = caller.book(ROOM, booking["date"], "am", by="plume")
    equal((answer.status, answer.problem), (409, "slot-taken"))


@case("a yes confirms it, with a word to the member")
def _():
    booking = waiting()
    answer = decide(booking, "approve", "Avec plaisir")
    equal((answer.status, answer.header("ETag")), (200, '"2"'), repr(answer))
    told = now(booking)
    equal((told["state"], told["state_reason"], told["version"]), ("confirmed", "Avec plaisir", 2))


@case("a no needs a reason, frees the place, and gives back what was due")
def _():
    booking = waiting()
    answer = decide(booking, "decline")
    equal((answer.status, answer.problem), (422, "validation"))
    equal(now(booking)["state"], "pending")
    answer = decide(booking, "decline", "Retenue pour les élections")
    equal(answer.status, 200, repr(answer))
    told = now(booking)
    equal((told["state"], told["state_reason"], told["payment"]["given_back"]), ("declined", "Retenue pour les élections", True))
    equal(caller.halves(ROOM, booking["date"])[0], "free")
    # Whoever asked finds the answer in their own list.
    equal([item["state"] for item in caller.get("/v1/members/me/bookings?from=2026-07-15", by="demo").json()["items"]
           if item["id"] == booking["id"]], ["declined"])
    waiting(by="plume", date=booking["date"])


@case("S04 D02 a decision said twice is one: with its key told again, with another one as it is by now")
def _():
    booking, key = waiting(), new_id()
    first = decide(booking, "approve", key=key)
    again = decide(booking, "approve", key=key)
    equal((again.status, again.body, again.header("Idempotent-Replayed")), (200, first.body, "true"))
    other = decide(booking, "approve")                              # by a colleague who has the old version in hand
    equal((other.status, other.json()["version"]), (200, 2))
    equal(decide(booking, "decline", "Non", key=key).problem, "idempotency-key-reused")


@rows("refused", [
    ("an answer to what was answered otherwise", "approve", "decline", 409, "not-pending"),
    ("a yes after a no", "decline", "approve", 409, "not-pending"),
    ("a second no for another reason", "decline", "decline", 409, "not-pending"),
])
def _(first, second, status, problem):
    booking = waiting()
    equal(decide(booking, first, "Raison").status, 200)
    answer = decide(booking, second, "Autre raison")
    equal((answer.status, answer.problem), (status, problem))


@case("refused: a version that nobody has seen, none at all, and words that are none")
def _():
    booking = waiting()
    equal(decide(booking, "approve", match='"7"').problem, "stale-version")
    answer = caller.call("POST", f"{path(booking)}/approval", {"decision": "approve"}, by=DESK, key=new_id())
    equal((answer.status, answer.problem), (428, "version-required"))
    for body, pointer in (({"decision": "perhaps"}, "#/decision"), ({}, "#/decision"), ({"decision": "approve", "why": "x"}, "#/why"),
                          ({"decision": "approve", "reason": 3}, "#/reason"), ({"decision": ["approve"]}, "#/decision")):
        answer = caller.call("POST", f"{path(booking)}/approval", body, by=DESK, key=new_id(), headers={"If-Match": "*"})
        equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, pointer))
    equal(now(booking)["state"], "pending")


@case("cancelling what waits is the member's; then nobody can say yes to it")
def _():
    booking = waiting()
    equal(caller.cancel(booking).status, 204)
    equal(decide(booking, "approve").problem, "not-pending")


@case("S06 the answer is the space's: not the member's, not another space's desk's")
def _():
    booking = waiting()
    for by, status in (("demo", 403), ("plume", 403), ("gauthier.mahieu-lorent", 404)):
        equal(decide(booking, "approve", by=by).status, status, by)
    equal(now(booking)["state"], "pending")


@case("whoever may say yes need not ask")
def _():
    answer = caller.book(ROOM, next(DAYS), "pm", by=DESK)
    equal((answer.status, answer.json()["state"]), (201, "confirmed"))


@case("S02 a yes and a no at the same moment: one of them counts, and the place agrees with it")
def _():
    for _ in range(5):
        booking, answers = waiting(by="plume"), {}
        def say(decision):
            wire = server.connection()
            body = {"decision": decision, "reason": "Raison"}
            answers[decision] = server.request("POST", f"{path(booking)}/approval", body, token=caller.tokens[DESK], key=new_id(),
                                               headers={"If-Match": '"1"'}, connection=wire).status
            wire.close()
        threads = [threading.Thread(target=say, args=(decision,)) for decision in ("approve", "decline")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state = now(booking, by="plume")["state"]
        said = "approve" if state == "confirmed" else "decline"
        equal(answers.pop(said), 200)
        assert set(answers.values()) <= {409, 412}, answers                # after the other, or while it was said
        equal(caller.halves(ROOM, booking["date"])[0], "taken" if state == "confirmed" else "free")


@case("nobody answered: it has lapsed when it begins, and whoever wants the place then has it")
def _():
    booking = waiting(date="2026-09-01")
    server.stop()
    server.now = "2026-09-01T08:29:59+02:00"
    server.start()
    equal(now(booking)["state"], "pending")
    server.stop()
    server.now = "2026-09-01T08:30:00+02:00"
    server.start()
    equal(now(booking)["state"], "lapsed")
    equal([item["state"] for item in caller.get("/v1/members/me/bookings?from=2026-09-01", by="demo").json()["items"]
           if item["id"] == booking["id"]], ["lapsed"])
    equal(decide(booking, "approve").problem, "not-pending")
    answer = caller.book(ROOM, "2026-09-01", "am", by=DESK)
    equal((answer.status, answer.json().get("state")), (201, "confirmed"))
    told = now(booking)
    equal((told["state"], told["payment"]["given_back"], told["version"]), ("lapsed", True, 2))
    # Written down by now: what became of one's wish stays in one's list.
    equal([item["state"] for item in caller.get("/v1/members/me/bookings?from=2026-09-01", by="demo").json()["items"]
           if item["id"] == booking["id"]], ["lapsed"])


@case("… and whoever moves there has it too")
def _():
    lapsed, mine = waiting(date="2026-09-01", part="pm"), caller.book("e420/Viroin", "2026-09-01", "pm", by=DESK)
    server.stop()
    server.now = "2026-09-01T13:00:00+02:00"
    server.start()
    equal(now(lapsed)["state"], "lapsed")
    answer = caller.call("PATCH", path(mine.json()), {"resource_id": lapsed["resource_id"]}, by=DESK, headers={"If-Match": mine.header("ETag")})
    equal((answer.status, answer.json().get("resource_id"), answer.json().get("state")), (200, lapsed["resource_id"], "confirmed"), repr(answer))
    equal(now(lapsed)["version"], 2)


@case("… and a series that begins there")
def _():
    lapsed = waiting(date="2026-09-02")
    server.stop()
    server.now = "2026-09-02T08:30:00+02:00"
    server.start()
    wish = {"id": new_id(), "resource_id": lapsed["resource_id"], "date": "2026-09-02", "part": "am", "repeat": {"every": "weekday", "count": 1}}
    answer = caller.call("POST", "/v1/spaces/e420/bookings:series", wish, by=DESK, key=wish["id"])
    equal([item["outcome"] for item in answer.json()["items"]], ["booked"], repr(answer))
    equal(now(lapsed)["version"], 2)


run(server.kill)
