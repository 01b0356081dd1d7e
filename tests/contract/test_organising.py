"""Making, changing and cancelling activities; the line out of turn; sign-ups on behalf of somebody; the link that is told at half past."""
from community import Community
from server import new_id
from tap import case, equal, rows, run

A, B, C, D, E = "demo", "zoe.lambermont", "odile.rancennes", "plume", "fatiha.benchekraoui"
RECEPTION, OPERATOR, COORDINATOR = "benedicte.closset", "gauthier.mahieu-lorent", "elise.warnimont"
ADMINISTRATOR = "maite.froidmont"
PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d"}


def activity(slug, **more):
    return {**PLAIN, "slug": slug, "title": slug, **more}


caller = Community([
    activity("line", capacity=1, signups=[A, B, C, D, E]), activity("desk", capacity=1), activity("change"), activity("d04", capacity=4),
    activity("agree", conditions="Dès 16 ans."), activity("late", date="today", **{"from": "08:00"}, capacity=1, signups=[A]),
    activity("online", date="today", format="webinar", place="", link="https://example.org/visio", **{"from": "10:00"}, capacity=1,
             signups=[A, B]),
    activity("gone", capacity=2, signups=[A]), activity("wide", capacity=1, signups=[A, B]),
], organisations=[{"slug": "forges", "name": "Forges de Meuse", "kind": "company", "town": "Fumay", "country": "FR"}])
server = caller.server
ids = {who: caller.get("/v1/members/me", by=who).json()["id"] for who in (A, B, C, D, E)}
server.stop()
for who, role in ((RECEPTION, "reception"), (OPERATOR, "operator")):
    server.give_role(who, role, "ferme")
server.give_role(COORDINATOR, "coordinator", None)
server.give_role(ADMINISTRATOR, "administrator", None)
server.start()


def plan(**more):
    return {"id": new_id(), "title": "Visite des Forges", "format": "visit", "languages": ["fr"], "place": "Quai 1",
            "start": "2026-08-03T14:00:00+02:00", **more}


def make(body, by=OPERATOR, key=None, space="ferme"):
    return caller.call("POST", f"/v1/spaces/{space}/activities", body, by=by, key=key or body.get("id") or new_id())


def change(title, body, by=OPERATOR, version=None):
    version = version or caller.activity(title)["version"]
    return caller.call("PATCH", caller.path(title), body, by=by, headers={"If-Match": f'"{version}"'})


def at_desk(method, title, who, body=None, by=RECEPTION, key=None):
    return caller.call(method, f"{caller.path(title)}/signups/{ids[who]}", body, by=by, key=key)


def line(title):
    items = caller.get(caller.path(title) + "/signups", by=RECEPTION).json()["items"]
    names = {id: who for who, id in ids.items()}
    waiting = sorted((item["place"], names[item["member"]["id"]]) for item in items if item["state"] == "waitlisted")
    return [who for _, who in waiting]


def kinds(after=0):
    target, items = f"/v1/spaces/ferme/changes?after={after}&limit=200", []
    while target:
        page = caller.get(target, by=A).json()
        items, target = items + page["items"], page["next"]
    return [item["kind"] for item in items]


# ---- making ------------------------------------------------------------------------------------------------------------------------

@case("a new one: what is left out is as usual for its format; said again with the key it is there once")
def _():
    body = plan()
    answer = make(body)
    told = answer.json()
    equal((answer.status, told["end"], told["capacity"], told["signup_until"], told["date"], told["version"]),
          (201, "2026-08-03T16:00:00+02:00", 15, "2026-08-02T14:00:00+02:00", "2026-08-03", 1))
    assert answer.header("Location").endswith(f"/activities/{body['id']}")
    again = make(body)
    equal((again.status, again.header("Idempotent-Replayed"), again.body), (201, "true", answer.body))
    equal(make({**body, "title": "Autre"}, key=body["id"]).problem, "idempotency-key-reused")
    equal(make(body, key=new_id()).problem, "id-taken")
    equal(caller.get(answer.header("Location")).json()["title"], "Visite des Forges")


@case("of a partner without a space: by the coordinator, as a guest, named as the directory does")
def _():
    forges = caller.get("/v1/organisations?q=forges").json()["items"][0]["id"]
    told = make(plan(organiser_id=forges), by=COORDINATOR).json()
    equal((told["organiser_id"], told["organiser"]), (forges, "Forges de Meuse"))


@rows("refused", [
    ("no title", {"title": ""}, "validation"), ("no language", {"languages": []}, "validation"), ("a language nobody speaks", {"languages": ["eo"]}, "validation"),
    ("past", {"start": "2026-07-15T07:30:00+02:00"}, "activity-started"), ("ends before it begins", {"end": "2026-08-03T13:00:00+02:00"}, "validation"),
    ("nobody may come", {"capacity": 0}, "validation"), ("everybody may", {"capacity": 10001}, "validation"), ("half a person", {"capacity": 1.5}, "validation"),
    ("many as a word", {"capacity": "12"}, "validation"), ("nowhere", {"place": ""}, "validation"), ("signing up when it has begun",
    {"signup_until": "2026-08-03T15:00:00+02:00"}, "validation"), ("an organiser nobody knows", {"organiser_id": "x"}, "validation"),
    ("a link that is none", {"link": "javascript:alert(1)"}, "validation"), ("what is not for it", {"taken": 3}, "validation"),
    ("its version", {"version": 7}, "validation"), ("no id", {"id": "x"}, "validation"), ("a state", {"state": "cancelled"}, "validation"),
    ("an offer of a minute", {"waitlist": "offer", "offer_minutes": 1}, "validation"), ("another line", {"waitlist": "lottery"}, "validation"),
    ("a local time", {"start": "2026-08-03T14:00:00"}, "validation"), ("null", {"title": None}, "validation"), ("a long title", {"title": "a" * 201}, "validation"),
])
def _(wrong, problem):
    answer = make(plan(**wrong), key=new_id())
    equal((answer.status, answer.problem), (422, problem))


# ---- changing ----------------------------------------------------------------------------------------------------------------------

@case("a change is for the version that was read; what follows the start moves with it")
def _():
    before = caller.activity("change")
    target = caller.path("change")
    equal(caller.call("PATCH", target, {"note": "x"}, by=OPERATOR).status, 428)
    equal(change("change", {"note": "x"}, version=before["version"] + 1).status, 412)
    answer = change("change", {"start": "2026-07-22T17:00:00+02:00"})
    told = answer.json()
    equal((told["start"], told["end"], told["signup_until"], told["version"]),
          ("2026-07-22T17:00:00+02:00", "2026-07-22T19:00:00+02:00", "2026-07-22T16:00:00+02:00", before["version"] + 1))
    equal(answer.header("ETag"), f'"{told["version"]}"')
    equal(change("change", {}).json()["version"], told["version"], "nothing said, nothing changed")


@case("S06 reception runs no agenda, nor does an operator elsewhere")
def _():
    equal((change("change", {"note": "x"}, by=RECEPTION).status, make(plan(), by=RECEPTION).status), (403, 403))
    equal(make(plan(), space="rimbaud").status, 403)


@case("called off with a reason, and for good")
def _():
    equal(change("gone", {"state": "cancelled"}).problem, "validation")
    equal(change("gone", {"cancel_reason": "Neige."}).problem, "validation")
    told = change("gone", {"state": "cancelled", "cancel_reason": "Neige."}).json()
    equal((told["state"], told["cancel_reason"], told["taken"]), ("cancelled", "Neige.", 1))
    answer = change("gone", {"state": "scheduled", "cancel_reason": ""})
    equal((answer.status, answer.problem), (409, "activity-cancelled"))
    assert "activity.cancelled" in kinds()


@case("D04 fewer places than people: refused with the count, or the last ones wait again, each told")
def _():
    for who in (A, B, C, D, E):
        caller.sign_up("d04", who)
    answer = change("d04", {"capacity": 2})
    equal((answer.status, answer.problem, answer.json()["taken"], caller.activity("d04")["capacity"]), (409, "capacity-below-taken", 4, 4))
    before = len(kinds())
    told = change("d04", {"capacity": 2, "move_last_to_line": True}).json()
    equal((told["capacity"], told["taken"], told["waiting"], line("d04")), (2, 2, 3, [C, D, E]))
    equal(kinds(before), ["signup.demoted", "signup.demoted", "activity.changed"])
    equal(change("d04", {"capacity": 4}).json()["taken"], 4)
    equal(line("d04"), [E], "in the order in which they were moved out")


@case("more places let the first of the line in")
def _():
    equal(change("wide", {"capacity": 2}).json()["waiting"], 0)
    equal(caller.standing("wide", B), "signed_up")


# ---- out of turn -------------------------------------------------------------------------------------------------------------------

@case("I10 up the line with a reason, and it stays in the history; all others keep their order")
def _():
    equal(line("line"), [B, C, D, E])
    for wrong in ({"place": 1}, {"place": 1, "reason": ""}, {"reason": "Parle."}, {"place": 0, "reason": "x"}, {"place": 1, "reason": "x", "state": "y"}):
        equal(at_desk("PATCH", "line", D, wrong, by=OPERATOR).problem, "validation", wrong)
    equal(at_desk("PATCH", "line", D, {"place": 1, "reason": "x"}).status, 403, "not at the desk")
    told = at_desk("PATCH", "line", D, {"place": 2, "reason": "Collègue de l'oratrice."}, by=OPERATOR).json()
    equal((told["place"], line("line")), (2, [B, D, C, E]))
    equal(at_desk("PATCH", "line", E, {"place": 1, "reason": "Elle parle."}, by=OPERATOR).json()["place"], 1)
    equal(line("line"), [E, B, D, C])
    events = at_desk("GET", "line", D).json()["history"]
    equal([(event["kind"], event.get("reason"), event.get("place")) for event in events],
          [("signup.waitlisted", None, 3), ("signup.moved", "Collègue de l'oratrice.", 2)])
    equal(events[-1]["by"]["id"], caller.get("/v1/members/me", by=OPERATOR).json()["id"])


@case("not down, not who has a place, not who never came; and nobody in over the capacity")
def _():
    for who, problem in ((E, "validation"), (A, "validation")):
        equal(at_desk("PATCH", "line", who, {"place": 3, "reason": "x"}, by=OPERATOR).problem, problem)
    equal(at_desk("PATCH", "desk", A, {"place": 1, "reason": "x"}, by=OPERATOR).status, 404)
    equal(caller.activity("line")["taken"], 1)
    caller.withdraw("line", A)
    equal((caller.standing("line", E), line("line")), ("signed_up", [B, D, C]))


# ---- at the desk -------------------------------------------------------------------------------------------------------------------

@case("on behalf of somebody: a place, then the line, as if they did it; their own history says who did")
def _():
    told = at_desk("PUT", "desk", A).json()
    equal((told["state"], told["member"]["id"]), ("signed_up", ids[A]))
    equal(at_desk("PUT", "desk", B).json()["place"], 1)
    equal(at_desk("PUT", "desk", B).json()["place"], 1)
    equal(caller.standing("desk", A), "signed_up")
    equal(at_desk("DELETE", "desk", A).json()["state"], "withdrawn")
    equal(caller.standing("desk", B), "signed_up")
    events = at_desk("GET", "desk", B).json()["history"]
    equal([event["kind"] for event in events], ["signup.waitlisted", "signup.promoted"])
    equal(events[0]["by"]["id"], caller.get("/v1/members/me", by=RECEPTION).json()["id"])


@case("with a key: what the desk said, and comes late once more, is told again and changes nothing")
def _():
    keys = {method: new_id() for method in ("PUT", "DELETE", "PATCH")}
    first = at_desk("PUT", "wide", C, key=keys["PUT"])
    at_desk("PUT", "wide", D)
    moved = at_desk("PATCH", "wide", D, {"place": 1, "reason": "Elle parle."}, by=OPERATOR, key=keys["PATCH"])
    at_desk("PATCH", "wide", C, {"place": 1, "reason": "Elle aussi."}, by=OPERATOR)
    out = at_desk("DELETE", "wide", C, key=keys["DELETE"])
    before = line("wide"), len(kinds())
    for answer, late in ((first, at_desk("PUT", "wide", C, key=keys["PUT"])), (out, at_desk("DELETE", "wide", C, key=keys["DELETE"])),
                         (moved, at_desk("PATCH", "wide", D, {"place": 1, "reason": "Elle parle."}, by=OPERATOR, key=keys["PATCH"]))):
        equal((late.status, late.header("Idempotent-Replayed"), late.body), (200, "true", answer.body))
    equal((line("wide"), len(kinds())), before)
    equal(at_desk("DELETE", "wide", D, key=keys["PUT"]).problem, "idempotency-key-reused")
    at_desk("DELETE", "wide", D)


@case("the desk may still do what is too late for oneself; not for who is not a member")
def _():
    equal((caller.withdraw("late", A).problem, caller.sign_up("late", B).problem), ("withdraw-too-late", "signup-closed"))
    equal(at_desk("PUT", "late", B).json()["place"], 1)
    equal(at_desk("DELETE", "late", A).json()["state"], "withdrawn")
    equal(caller.standing("late", B), "signed_up")
    equal(caller.call("PUT", caller.path("late") + f"/signups/{new_id()}", by=RECEPTION).status, 404)
    equal(at_desk("DELETE", "late", D).status, 404)


@case("who comes, page by page, in the order of the tickets")
def _():
    target, seen = caller.path("d04") + "/signups?limit=2", []
    while target:
        page = caller.get(target, by=RECEPTION).json()
        seen += [item["member"]["id"] for item in page["items"]]
        target = page["next"]
    equal(seen, [ids[who] for who in (A, B, C, D, E)])


@case("conditions: agreed to as they are now, kept with the sign-up; another text is another version")
def _():
    answer = caller.sign_up("agree", A)
    equal((answer.status, answer.problem, answer.json()["conditions"]), (422, "conditions-not-accepted", {"version": 1, "text": "Dès 16 ans."}))
    equal(caller.sign_up("agree", A, body={"accepted_conditions": 2}).problem, "conditions-not-accepted")
    equal(caller.sign_up("agree", A, body={"accepted_conditions": 1}).json()["mine"]["accepted_conditions"], 1)
    equal(change("agree", {"conditions": "Dès 18 ans."}).json()["conditions"], {"version": 2, "text": "Dès 18 ans."})
    equal(caller.sign_up("agree", B, body={"accepted_conditions": 1}).problem, "conditions-not-accepted")
    equal(at_desk("PUT", "agree", B).problem, "conditions-not-accepted")
    equal(at_desk("PUT", "agree", B, {"accepted_conditions": 2}).json()["accepted_conditions"], 2)
    equal(caller.sign_up("agree", A).json()["mine"]["accepted_conditions"], 1, "who has a place agreed to what there was")
    equal(change("agree", {"conditions": ""}).json()["conditions"], None)
    equal(caller.sign_up("agree", C).status, 200)
    equal(change("agree", {"conditions": "Dès 16 ans."}).json()["conditions"]["version"], 4)
    for wrong in ({"accepted_conditions": "1"}, {"accepted_conditions": 0}, {"accepted": 1}):
        equal(caller.sign_up("agree", D, body=wrong).problem, "validation", wrong)


@case("who is disabled leaves no empty chair, and is not signed up any more")
def _():
    told = make(plan(capacity=1)).json()
    there = f"/v1/spaces/ferme/activities/{told['id']}/signups/"
    for who in (E, D):
        caller.call("PUT", there + ids[who], by=RECEPTION)
    equal(caller.call("PUT", f"/v1/members/{ids[E]}/disabled", by=ADMINISTRATOR).status, 204)
    equal([caller.get(there + ids[who], by=RECEPTION).json()["state"] for who in (E, D)], ["withdrawn", "signed_up"])
    equal(caller.call("PUT", there + ids[E], by=RECEPTION).status, 404)


# ---- online ------------------------------------------------------------------------------------------------------------------------

def links():
    return {who: caller.activity("online", who)["link"] for who in (None, A, B, C, RECEPTION, COORDINATOR)}


@case("where to go online: half an hour before, to who has a place; a copy kept until then is no copy any more")
def _():
    link = "https://example.org/visio"
    targets = [caller.path("online"), "/v1/activities", "/v1/members/me/signups"]
    hidden = {None: "", A: "", B: "", C: "", RECEPTION: link, COORDINATOR: link}
    server.stop()
    server.now = "2026-07-15T09:29:59+02:00"
    server.start()
    equal(links(), hidden)
    tags = {target: caller.get(target, by=A).header("ETag") for target in targets}
    for target in targets:
        equal(caller.get(target, by=A, headers={"If-None-Match": tags[target]}).status, 304, target)
    server.stop()
    server.now = "2026-07-15T09:30:00+02:00"
    server.start()
    equal(links(), {**hidden, A: link}, "not who waits, not who only looks")
    for target in targets:
        answer = caller.get(target, by=A, headers={"If-None-Match": tags[target]})
        equal(answer.status, 200, target)
        assert link.encode() in answer.body, target


@case("what all this left is of one mind with itself")
def _():
    server.check_whole()


run(server.kill)
