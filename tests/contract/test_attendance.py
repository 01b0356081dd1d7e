"""Who was there: marks at the door, walk-ins, corrections, closing. The people in the room are never more than the capacity."""
from community import Community
from tap import case, equal, rows, run

A, B, C, D, E = "demo", "zoe.lambermont", "odile.rancennes", "plume", "fatiha.benchekraoui"
PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "date": "today", "capacity": 2}
RECEPTION = "benedicte.closset"


def activity(slug, begins, ends="12:00", **more):
    return {**PLAIN, "slug": slug, "title": slug, "from": begins, "until": ends, **more}


caller = Community([
    activity("begun", "07:00", signups=[A, B]), activity("doors", "08:30", capacity=3, signups=[A]), activity("later", "08:31", signups=[A]),
    activity("full", "08:00", signups=[A, B, C]), activity("room", "07:00", signups=[A, B, C]), activity("close", "07:00", signups=[A, B, D]),
    activity("agree", "07:00", conditions="Dès 16 ans."), activity("off", "07:00", state="cancelled", cancel_reason="Neige.", signups=[A]),
    activity("asked", "07:00", signups=[A]),
])
server = caller.server
ids = {who: caller.get("/v1/members/me", by=who).json()["id"] for who in (A, B, C, D, E)}
server.stop()
server.give_role(RECEPTION, "reception", "ferme")
server.start()


def at(title, who):
    return f"{caller.path(title)}/signups/{ids[who]}"


def mark(title, who, attendance, **more):
    return caller.call("PUT", at(title, who) + "/attendance", {"attendance": attendance, **more}, by=RECEPTION)


def taken(title):
    return caller.activity(title)["taken"]


@case("present: noted once, told once, with who noted it")
def _():
    answer = mark("begun", A, "present")
    equal((answer.status, answer.json()["attendance"], answer.json()["member"]["name"] != ""), (200, "present", True))
    equal(mark("begun", A, "present").json(), answer.json())
    history = caller.get(at("begun", A), by=RECEPTION).json()["history"]
    equal([event["kind"] for event in history], ["signup.created", "attendance.changed"])
    equal(history[-1]["by"]["id"], caller.get("/v1/members/me", by=RECEPTION).json()["id"])


@rows("too early", [("an hour and a minute before", "later", A, "present"), ("not there, before it began", "doors", A, "absent"),
                    ("excused, before it began", "full", A, "excused")])
def _(title, who, attendance):
    answer = mark(title, who, attendance)
    equal((answer.status, answer.problem), (409, "attendance-too-early"))


@case("doors open an hour before the start")
def _():
    equal(mark("doors", A, "present").status, 200)
    equal(mark("doors", D, "present", walk_in=True).json()["walk_in"], True)
    equal(taken("doors"), 2)


@case("who has no place is not there by a slip of the finger; off is off")
def _():
    for who in (D, C):
        equal(mark("begun", who, "present").status, 404)
    equal(mark("begun", D, "absent").status, 404)
    answer = mark("off", A, "present")
    equal((answer.status, answer.problem), (409, "activity-cancelled"))


@case("D05 a walk-in never goes over the capacity, nor before who waits")
def _():
    answer = mark("full", D, "present", walk_in=True)
    equal((answer.status, answer.problem, taken("full")), (409, "activity-full", 2))
    equal(caller.standing("full", C), "waitlisted 1")


@case("the chair of who does not come is free for who stands at the door, and then no longer theirs")
def _():
    equal(mark("room", D, "present", walk_in=True).problem, "activity-full")
    equal((mark("room", A, "absent").status, taken("room")), (200, 1))
    equal(caller.standing("room", C), "waitlisted 1", "it has begun: nobody is called in from a line that is at home")
    came = mark("room", D, "present", walk_in=True).json()
    equal((came["state"], came["attendance"], came["walk_in"], taken("room")), ("signed_up", "present", True, 2))
    answer = mark("room", A, "present")
    equal((answer.status, answer.problem), (409, "activity-full"))
    equal(mark("room", B, "excused").status, 200)
    equal((mark("room", C, "present", walk_in=True).json()["state"], taken("room")), ("signed_up", 2))


@case("conditions are agreed to at the door too")
def _():
    answer = mark("agree", E, "present", walk_in=True)
    equal((answer.status, answer.problem, answer.json()["conditions"]), (422, "conditions-not-accepted", {"version": 1, "text": "Dès 16 ans."}))
    equal(mark("agree", E, "present", walk_in=True, accepted_conditions=1).json()["accepted_conditions"], 1)


@case("closed: who was not seen was absent; a correction takes a reason, which is kept")
def _():
    mark("close", A, "present")
    equal(caller.call("PUT", caller.path("later") + "/attendance", {"closed": True}, by=RECEPTION).problem, "attendance-too-early")
    closed = caller.call("PUT", caller.path("close") + "/attendance", {"closed": True}, by=RECEPTION).json()
    equal((closed["attendance_closed_at"], closed["taken"]), ("2026-07-15T07:30:00+02:00", 1))
    server.check_whole()                             # one place is empty and somebody waits: it has begun, and nobody is let in any more
    equal(caller.call("PUT", caller.path("close") + "/attendance", {"closed": True}, by=RECEPTION).json(), closed)
    equal(caller.get(at("close", B), by=RECEPTION).json()["attendance"], "absent")
    equal(caller.get(at("close", D), by=RECEPTION).json()["attendance"], None, "who waited was never expected")
    answer = mark("close", B, "present")
    equal((answer.status, answer.problem), (409, "attendance-closed"))
    equal(mark("close", B, "present", reason="Arrivée par la porte du fond.").status, 200)
    equal(caller.get(at("close", B), by=RECEPTION).json()["history"][-1]["reason"], "Arrivée par la porte du fond.")


@rows("not understood", [("no mark", {}), ("a mark nobody knows", {"attendance": "asleep"}), ("absent at the door", {"attendance": "absent", "walk_in": True}),
                         ("more than may be said", {"attendance": "present", "state": "signed_up"}), ("a number", {"attendance": 1}),
                         ("a word for a flag", {"attendance": "present", "walk_in": "yes"})])
def _(body):
    equal(caller.call("PUT", at("asked", A) + "/attendance", body, by=RECEPTION).problem, "validation")


@case("S06 who comes is told to the staff of that space alone")
def _():
    for who in (A, RECEPTION):
        answer = caller.get(caller.path("begun") + "/signups", by=who)
        equal(answer.status, 403 if who == A else 200)
    names = [item["member"]["name"] for item in caller.get(caller.path("begun") + "/signups", by=RECEPTION).json()["items"]]
    equal(len(names), 2)
    before = caller.get(caller.path("begun") + "/signups", by=RECEPTION)
    equal(caller.call("PATCH", "/v1/members/me", {"name": "Camille Autrement"}, by=A, headers={"If-Match": "*"}).status, 200)
    after = caller.get(caller.path("begun") + "/signups", by=RECEPTION, headers={"If-None-Match": before.header("ETag")})
    equal((after.status, after.json()["items"][0]["member"]["name"]), (200, "Camille Autrement"), "no copy outlives a name")
    for text in (caller.get(caller.path("begun"), by=A).body, caller.get("/v1/spaces/ferme/changes?after=0&limit=200", by=A).body):
        for name in names[1:]:
            assert name.encode() not in text


@case("what all this left is of one mind with itself")
def _():
    server.check_whole()


run(server.kill)
