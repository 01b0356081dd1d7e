"""Places that are offered: kept for who is first in line until an instant, then for the next, and open again when nobody wants them."""
import time

from community import Community
from server import new_id
from tap import case, equal, rows, run

A, B, C, D, E = "demo", "zoe.lambermont", "odile.rancennes", "plume", "maite.froidmont"
PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d", "capacity": 1,
         "waitlist": "offer", "offer_minutes": 60}
OPERATOR = "gauthier.mahieu-lorent"


def activity(slug, **more):
    return {**PLAIN, "slug": slug, "title": slug, **more}


caller = Community([
    activity("yes"), activity("no"), activity("late", signups=[A, B, C]), activity("refused"), activity("two", capacity=2),
    activity("soon", date="today", **{"from": "12:00"}), activity("short", date="today", **{"from": "11:00"}),
    activity("nobody", signups=[A, B, C, D]), activity("alone", signups=[A, B, C]), activity("moved", signups=[A, B]),
    activity("off", signups=[A, B]), activity("agree", conditions="Chaussures fermées."), activity("key"),
    activity("upkeep", signups=[A, B, C]), activity("read", signups=[A, B, C]), activity("list", signups=[A, B, C]),
])
server = caller.server
server.stop()
server.give_role(OPERATOR, "operator", "ferme")
server.start()
sign_up, withdraw, standing = caller.sign_up, caller.withdraw, caller.standing


def mine(title, who):
    return caller.activity(title, who)["mine"]


def counts(title):
    told = caller.activity(title)
    return told["taken"], told["waiting"]


def at(moment):
    """The same database, at another time of that day."""
    server.stop()
    server.now = f"2026-07-15T{moment}+02:00"
    server.start()


def kinds(title):
    id = caller.activity(title)["id"]
    target, found = "/v1/spaces/ferme/changes?after=0&limit=200", []
    while target:
        page = caller.get(target, by=A).json()
        found += [item["kind"] for item in page["items"] if item["ref"] == id]
        target = page["next"]
    return found


@case("D05 a place that comes free is offered to the first in line, kept for them, and counted as taken")
def _():
    for who in (A, B, C):
        sign_up("yes", who)
    withdraw("yes", A)
    equal(mine("yes", B), {"state": "offered", "place": None, "since": "2026-07-15T07:30:00+02:00", "until": "2026-07-15T08:30:00+02:00"})
    equal((counts("yes"), standing("yes", C)), ((1, 1), "waitlisted 1"))
    equal(sign_up("yes", D).json()["mine"]["place"], 2, "who comes now waits behind all others")
    equal(caller.activity("yes", B)["link"], "")


@case("D05 accepted by signing up again; said twice it is the same")
def _():
    equal(sign_up("yes", B).json()["mine"]["state"], "signed_up")
    equal(sign_up("yes", B).json()["mine"]["state"], "signed_up")
    equal((counts("yes"), standing("yes", C)), ((1, 2), "waitlisted 1"))
    equal(kinds("yes")[-4:], ["signup.withdrawn", "signup.offered", "signup.waitlisted", "signup.accepted"])


@case("D05 declined: out of the line, and the next is asked at once")
def _():
    for who in (A, B, C):
        sign_up("no", who)
    withdraw("no", A)
    equal(withdraw("no", B).json()["mine"]["state"], "withdrawn")
    equal((standing("no", B), standing("no", C), counts("no")), ("withdrawn", "offered", (1, 0)))


@case("D05 when all refuse it is open to everybody again")
def _():
    for who in (A, B):
        sign_up("refused", who)
    withdraw("refused", A)
    withdraw("refused", B)
    equal(counts("refused"), (0, 0))
    equal(sign_up("refused", E).json()["mine"]["state"], "signed_up")


@case("D05 two places at once are two offers; neither is given away while it is open")
def _():
    for who in (A, B, C, D):
        sign_up("two", who)
    withdraw("two", A)
    withdraw("two", B)
    equal([standing("two", who) for who in (C, D)], ["offered", "offered"])
    equal(sign_up("two", E).json()["mine"], {"state": "waitlisted", "place": 1, "since": "2026-07-15T07:30:00+02:00"})
    equal(counts("two"), (2, 1))


@case("the window is shorter when it begins soon, and so near the start nobody is asked any more")
def _():
    for title in ("soon", "short"):
        for who in (A, B):
            sign_up(title, who)
        withdraw(title, A)
    equal(mine("soon", B)["until"], "2026-07-15T08:30:00+02:00", "an hour, and three hours before the start are later")
    equal(mine("short", B)["until"], "2026-07-15T08:00:00+02:00", "three hours before the start")


@case("with a key: the sign-up that comes late does not accept what was offered since")
def _():
    key = new_id()
    sign_up("key", A)
    first = sign_up("key", B, key=key)
    withdraw("key", A)
    equal(standing("key", B), "offered")
    late = sign_up("key", B, key=key)
    equal((late.body, standing("key", B)), (first.body, "offered"))


@case("the conditions agreed to in line hold for the offer, as long as they are the same")
def _():
    for who in (A, B):
        equal(sign_up("agree", who).problem, "conditions-not-accepted")
        sign_up("agree", who, body={"accepted_conditions": 1})
    withdraw("agree", A)
    answer = sign_up("agree", B)
    equal((answer.status, answer.json()["mine"]["state"], answer.json()["mine"]["accepted_conditions"]), (200, "signed_up", 1))


@case("what is called off offers nothing, and takes no offer back")
def _():
    withdraw("off", A)
    version = caller.activity("off")["version"]
    answer = caller.call("PATCH", caller.path("off"), {"state": "cancelled", "cancel_reason": "Le car est en panne."}, by=OPERATOR,
                         headers={"If-Match": f'"{version}"'})
    equal((answer.status, answer.json()["cancel_reason"]), (200, "Le car est en panne."))
    answer = sign_up("off", B)
    equal((answer.status, answer.problem), (422, "activity-cancelled"))
    equal(withdraw("off", B).json()["mine"]["state"], "withdrawn")


@case("an offer never lasts beyond a start that was moved forward")
def _():
    withdraw("moved", A)
    version = caller.activity("moved")["version"]
    answer = caller.call("PATCH", caller.path("moved"), {"start": "2026-07-15T08:00:00+02:00"}, by=OPERATOR,
                         headers={"If-Match": f'"{version}"'})
    equal(answer.status, 200)
    equal(mine("moved", B)["until"], "2026-07-15T08:00:00+02:00")


# ---- time goes by ------------------------------------------------------------------------------------------------------------------

@case("D05 good before its end, to the second")
def _():
    for title in ("late", "nobody", "alone"):
        withdraw(title, A)
    at("08:29:59")
    equal(mine("late", B)["until"], "2026-07-15T08:30:00+02:00")
    equal(sign_up("late", B).json()["mine"]["state"], "signed_up")


@case("D05 past it the offer is the next one's, for whom time begins now; who let it lapse comes in at the end")
def _():
    at("08:30:00")
    answer = sign_up("nobody", B)
    equal((answer.status, answer.json()["mine"]["state"], answer.json()["mine"]["place"]), (200, "waitlisted", 2))
    equal(mine("nobody", C)["until"], "2026-07-15T09:30:00+02:00")
    equal(standing("nobody", D), "waitlisted 1")
    assert kinds("nobody")[-3:] == ["signup.lapsed", "signup.offered", "signup.waitlisted"], kinds("nobody")


@case("D05 who only looks sees it as it is by now: in the activity, in the agenda, in one's own list")
def _():
    equal(mine("alone", B)["state"], "lapsed")
    equal(mine("alone", C)["state"], "offered")
    for title in ("read", "list", "upkeep"):
        withdraw(title, A)
    tag = caller.get(caller.path("read"), by=B).header("ETag")
    at("09:30:00")
    agenda = {item["title"]: item["mine"]["state"] for item in caller.get("/v1/activities", by=C).json()["items"] if item["mine"]}
    equal((agenda["list"], agenda["read"], agenda["nobody"], agenda["alone"]), ("offered", "offered", "lapsed", "lapsed"))
    equal(caller.get(caller.path("read"), by=B, headers={"If-None-Match": tag}).json()["mine"]["state"], "lapsed")
    titles = [item["title"] for item in caller.get("/v1/members/me/signups", by=B).json()["items"]]
    assert "read" not in titles and "nobody" in titles, titles
    equal(counts("alone"), (0, 0))
    equal(sign_up("alone", E).json()["mine"]["state"], "signed_up", "all let it lapse: it is open again")


@case("D05 nobody waits for a passer-by: within seconds the next is asked")
def _():
    at("10:30:00")
    for _ in range(20):
        time.sleep(2)
        server.stop()
        told = server.sql("SELECT m.login, u.state FROM signup u JOIN member m ON m.id = u.member_id JOIN activity a"
                          " ON a.id = u.activity_id WHERE a.title = 'upkeep'")
        server.start()
        if dict(told)[C] == "lapsed":
            return
    raise AssertionError(told)


@case("so near the start whoever is first has the place at once")
def _():
    equal(standing("soon", B), "lapsed")
    for who in (C, D):
        sign_up("soon", who)
    equal((standing("soon", C), standing("soon", D)), ("signed_up", "waitlisted 1"))
    withdraw("soon", C)
    equal(standing("soon", D), "signed_up")


@case("inside: counts are those of the rows, and what is due next is noted")
def _():
    server.stop()
    equal(server.sql("""SELECT a.title FROM activity a LEFT JOIN signup u ON u.space_id = a.space_id AND u.activity_id = a.id
                        GROUP BY a.space_id, a.id, a.title, a.taken, a.waiting, a.offer_due, a.state
                        HAVING a.taken <> count(*) FILTER (WHERE u.state IN ('signed_up', 'offered') AND u.attendance IN ('', 'present'))
                            OR a.waiting <> count(*) FILTER (WHERE u.state = 'waitlisted')
                            OR a.offer_due <> CASE a.state WHEN 'cancelled' THEN 0
                                              ELSE coalesce(min(u.until) FILTER (WHERE u.state = 'offered'), 0) END"""), [])
    server.start()


@case("what all this left is of one mind with itself")
def _():
    server.check_whole()


run(server.kill)
