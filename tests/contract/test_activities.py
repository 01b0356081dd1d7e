"""The agenda, signing up, the line, and withdrawing: who has a place, who waits, and what each of them is told."""

import postgres
from community import Community
from server import new_id
from tap import case, equal, rows, run

A, B, C, D, E = "demo", "zoe.lambermont", "odile.rancennes", "plume", "maite.froidmont"
PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d"}


def activity(slug, **more):
    return {**PLAIN, "slug": slug, "title": slug, **more}


caller = Community([
    activity("two", capacity=2, description="16:00 on part\n17:30 on rentre", summary="Six kilomètres à pied", organiser="BEP"),
    activity("line", capacity=1), activity("again", capacity=1), activity("empty", capacity=3), activity("told", capacity=1),
    activity("twice", capacity=3),
    activity("guarded", capacity=1, signups=[A, B]),
    activity("off", state="cancelled", signups=[A]),
    activity("over", date="today", **{"from": "06:00", "until": "07:30"}, signups=[A]),
    activity("begun", date="today", **{"from": "07:00", "until": "09:00"}, capacity=1, signups=[A, B]),
    activity("lunch", date="+1d", **{"from": "07:00"}, format="lunch_talk", capacity=1, signups=[A, B]),
    activity("late", date="today", **{"from": "23:00", "until": "00:30"}, place="Départ : Place Léopold", languages=["nl", "fr"]),
    activity("ecran", title="Écran", space="rimbaud", format="webinar", place="", link="https://example.org/visio", languages=["en"]),
    activity("metal", space="pepi", format="workshop", date="+20d", title="L'atelier « métal » de Hélène"),
    activity("far", date="+91d"), activity("farther", date="+92d"), activity("past", date="-2d"),
])
get, sign_up, withdraw, standing = caller.get, caller.sign_up, caller.withdraw, caller.standing


def titles(query, by=None):
    return [item["title"] for item in get(f"/v1/activities?{query}", by=by).json()["items"]]


def changes(space="ferme"):
    target, items = f"/v1/spaces/{space}/changes?after=0&limit=200", []
    while target:
        page = get(target, by=A).json()
        items, target = items + page["items"], page["next"]
    return items


def kinds_since(before, title):
    id = caller.activity(title)["id"]
    return [(item["kind"], item["ref"] == id) for item in changes()[before:]]


# ---- the agenda ------------------------------------------------------------------------------------------------------------------

@case("an activity has all that was promised; its text is where the activity is, not in the list")
def _():
    row = next(item for item in get("/v1/activities").json()["items"] if item["title"] == "two")
    expected = {"space_name": "La Ferme", "space_town": "Chimay", "country": "BE", "time_zone": "Europe/Brussels",
                "summary": "Six kilomètres à pied", "place": "Le Moulin", "organiser": "BEP", "note": "", "link": "",
                "format": "meetup", "online": False, "languages": ["fr"], "date": "2026-07-22", "start": "2026-07-22T16:00:00+02:00",
                "end": "2026-07-22T18:00:00+02:00", "state": "scheduled", "capacity": 2, "taken": 0, "waiting": 0,
                "signup_until": "2026-07-22T15:00:00+02:00", "withdraw_until": "2026-07-22T15:00:00+02:00", "version": 1, "mine": None}
    equal({name: row[name] for name in expected}, expected)
    assert "description" not in row
    whole = get(caller.path("two")).json()
    equal((whole.pop("description"), whole), ("16:00 on part\n17:30 on rentre", row))


@case("from today, by start, and not before")
def _():
    items = get("/v1/activities").json()["items"]
    starts = [item["start"] for item in items]
    equal(starts, sorted(starts))
    equal({item["title"] for item in items} & {"past", "over", "begun", "far", "farther"}, {"over", "begun", "far"})


@rows("narrowed by", [
    ("days", "from=2026-07-15&to=2026-07-15", ["over", "begun", "late"]), ("one day long past", "from=2026-07-13&to=2026-07-13", ["past"]),
    ("the whole of what may be asked", "from=2026-10-15&to=2027-01-14", ["farther"]),
    ("space", "space=rimbaud", ["Écran"]), ("language", "language=nl", ["late"]), ("another language", "language=en", ["Écran"]),
    ("format", "format=workshop", ["L'atelier « métal » de Hélène"]), ("two at once", "space=rimbaud&format=workshop", []),
    ("words without accents", "q=helene%20METAL", ["L'atelier « métal » de Hélène"]), ("the beginning of a word", "q=kilom", ["two"]),
    ("not its middle", "q=ometre", []), ("the town and the organiser", "q=chim%20bep", ["two"]), ("the format", "q=webinar", ["Écran"]),
    ("no word at all", "q=%20-%20&format=webinar", ["Écran"]), ("a quote", "q=%22%5D&format=webinar", ["Écran"]),
    ("a percent sign", "q=%25&format=webinar", ["Écran"]),
])
def _(query, expected):
    equal(titles(query), expected)


@rows("refused", [
    ("to before from", "from=2026-07-16&to=2026-07-15"), ("93 days", "from=2026-07-15&to=2026-10-15"), ("a space nobody knows", "space=atlantis"),
    ("a language nobody speaks", "language=eo"), ("a format nobody knows", "format=seance"), ("too many words", "q=" + "a" * 201),
    ("no date", "to=tomorrow"),
])
def _(query):
    answer = get(f"/v1/activities?{query}")
    equal((answer.status, answer.problem), (400, "bad-request"))


@case("page by page gives the same, once each, also narrowed; a cursor of one list fits no other")
def _():
    target, told = "/v1/activities?language=fr&q=ferme&limit=3", []
    whole = titles("language=fr&q=ferme")
    cursor = None
    while target:
        page = get(target).json()
        told += [item["title"] for item in page["items"]]
        target = page["next"]
        cursor = cursor or target.rpartition("cursor=")[2]
    equal(told, whole)
    equal(get(f"/v1/activities?language=nl&cursor={cursor}").status, 400)
    equal(get(f"/v1/activities?language=fr&q=ferme&cursor={cursor}", by=A).status, 400)


@case("what ends after midnight ends on the next day")
def _():
    equal([caller.activity("late")[name] for name in ("date", "start", "end")],
          ["2026-07-15", "2026-07-15T23:00:00+02:00", "2026-07-16T00:30:00+02:00"])


@case("not found: an activity nobody planned, one of another space, a space that is not")
def _():
    id = caller.activity("two")["id"]
    for target in (f"/v1/spaces/rimbaud/activities/{id}", f"/v1/spaces/atlantis/activities/{id}", "/v1/spaces/ferme/activities/x"):
        for method, tail in (("GET", ""), ("PUT", "/signup"), ("DELETE", "/signup")):
            equal(caller.call(method, target + tail, by=A).status, 404, f"{method} {target}")


# ---- signing up ------------------------------------------------------------------------------------------------------------------

@case("a place: told, counted, in my list; said again it is the same")
def _():
    before = len(changes())
    answer = sign_up("two")
    told = answer.json()
    equal((answer.status, told["mine"], told["taken"], told["waiting"]),
          (200, {"state": "signed_up", "place": None, "since": "2026-07-15T07:30:00+02:00"}, 1, 0))
    equal(sign_up("two").json(), told)
    equal(kinds_since(before, "two"), [("signup.created", True)])
    assert told in get("/v1/members/me/signups", by=A).json()["items"]
    equal(caller.activity("two", B)["mine"], None)
    equal(caller.activity("two")["mine"], None)


@case("full: in line, with one's place; the first to leave lets in the first in line")
def _():
    before = len(changes())
    equal([sign_up("line", who).json()["mine"]["state"] for who in (A, B, C, D)], ["signed_up"] + ["waitlisted"] * 3)
    equal([standing("line", who) for who in (A, B, C, D)], ["signed_up", "waitlisted 1", "waitlisted 2", "waitlisted 3"])
    equal(withdraw("line", C).json()["mine"]["state"], "withdrawn")
    equal([standing("line", who) for who in (A, B, C, D)], ["signed_up", "waitlisted 1", "withdrawn", "waitlisted 2"])
    gone = withdraw("line", A).json()
    equal((gone["mine"]["state"], gone["taken"], gone["waiting"]), ("withdrawn", 1, 1))
    equal([standing("line", who) for who in (A, B, C, D)], ["withdrawn", "signed_up", "withdrawn", "waitlisted 1"])
    equal(kinds_since(before, "line"), [(kind, True) for kind in (
        "signup.created", "signup.waitlisted", "signup.waitlisted", "signup.waitlisted", "signup.withdrawn", "signup.withdrawn",
        "signup.promoted")])


@case("who comes back stands at the end of the line; who leaves twice leaves once")
def _():
    for who in (A, B, C):
        sign_up("again", who)
    withdraw("again", B)
    equal(sign_up("again", B).json()["mine"]["place"], 2)
    equal([standing("again", who) for who in (A, B, C)], ["signed_up", "waitlisted 2", "waitlisted 1"])
    before = len(changes())
    equal((withdraw("again", A).status, withdraw("again", A).status), (200, 200))
    equal([standing("again", who) for who in (A, B, C)], ["withdrawn", "waitlisted 1", "signed_up"])
    equal(len(changes()), before + 2)


@case("with a key: one that comes late, after one has withdrawn, is told again and changes nothing")
def _():
    key = new_id()
    first = sign_up("twice", key=key)
    equal(first.json()["mine"]["state"], "signed_up")
    withdraw("twice", key=new_id())
    before = len(changes())
    late = sign_up("twice", key=key)
    equal((late.status, late.header("Idempotent-Replayed"), late.body), (200, "true", first.body))
    equal((standing("twice", A), len(changes())), ("withdrawn", before))
    equal((first.header("Location"), late.header("Location"), late.header("ETag")), (None, None, None))
    equal(sign_up("twice").json()["mine"]["state"], "signed_up", "without one it is a new wish")


@case("a key is for one wish: another activity, the opposite, or no key at all are refused")
def _():
    key = new_id()
    sign_up("twice", B, key=key)
    for answer in (sign_up("empty", B, key=key), withdraw("twice", B, key=key)):
        equal((answer.status, answer.problem), (422, "idempotency-key-reused"))
    equal(standing("twice", B), "signed_up")
    for wrong in ("short", "a" * 65, "no spaces here"):
        equal(sign_up("twice", B, key=wrong).problem, "idempotency-key-missing", wrong)


@case("never signed up: nothing to withdraw from")
def _():
    answer = withdraw("empty", E)
    equal((answer.status, answer.problem), (404, "not-found"))


@rows("too late to sign up", [("it is off", "off", E, "activity-cancelled"), ("it is over", "over", E, "activity-started"),
                              ("it has begun", "begun", E, "activity-started"), ("the meals are ordered", "lunch", E, "signup-closed")])
def _(title, who, problem):
    before = len(changes())
    answer = sign_up(title, who)
    equal((answer.status, answer.problem), (422, problem))
    equal(len(changes()), before)


@rows("too late to withdraw", [("it is over", "over", A, "activity-started"), ("it has begun, in vain", "begun", B, "activity-started"),
                               ("the meal is ordered", "lunch", A, "withdraw-too-late")])
def _(title, who, problem):
    answer = withdraw(title, who)
    equal((answer.status, answer.problem), (409, problem))


@case("who only waits may leave after that, and from what is off everybody may")
def _():
    equal(withdraw("lunch", B).json()["mine"]["state"], "withdrawn")
    equal(withdraw("off", A).json()["mine"]["state"], "withdrawn")
    equal(sign_up("lunch", A).status, 200, "who has a place keeps it, whenever they say so again")


@case("where to go online is told to those who have a place")
def _():
    equal([caller.activity("Écran", who)["link"] for who in (None, B)], ["", ""])
    equal(sign_up("Écran", B).json()["link"], "", "not a week before: test_organising.py moves the clock")
    withdraw("Écran", B)


@case("nobody signs up without saying who they are")
def _():
    for method in ("PUT", "DELETE"):
        equal(caller.call(method, caller.path("two") + "/signup").status, 401)
    equal(get("/v1/members/me/signups").status, 401)


@case("my list: soonest first, places and lines, from a day on, page by page")
def _():
    for title in ("Écran", "empty", "told"):
        sign_up(title, E)
    sign_up("told", D)
    items = get("/v1/members/me/signups", by=E).json()["items"]
    equal({item["title"]: item["mine"]["state"] for item in items}, {"Écran": "signed_up", "empty": "signed_up", "told": "signed_up"})
    equal([item["title"] for item in get("/v1/members/me/signups?from=2026-07-23", by=E).json()["items"]], [])
    first = get("/v1/members/me/signups?limit=2", by=E).json()
    equal([item["title"] for item in first["items"] + get(first["next"], by=E).json()["items"]], [item["title"] for item in items])
    assert "told" in [item["title"] for item in get("/v1/members/me/signups", by=D).json()["items"]], "who waits sees it too"


# ---- caches ----------------------------------------------------------------------------------------------------------------------

@case("a tag holds until somebody signs up, and is one's own")
def _():
    targets = ["/v1/activities?language=fr", caller.path("empty")]
    tags = {target: get(target, by=A).header("ETag") for target in targets}
    mine = get("/v1/members/me/signups", by=A).header("ETag")
    for target in targets:
        equal(get(target, by=A, headers={"If-None-Match": tags[target]}).status, 304, target)
        equal(get(target, by=B, headers={"If-None-Match": tags[target]}).status, 200, target)
    sign_up("empty", D)
    for target in targets:
        equal(get(target, by=A, headers={"If-None-Match": tags[target]}).status, 200, target)
    equal(get("/v1/members/me/signups", by=A, headers={"If-None-Match": mine}).status, 304, "what is not in it is no news")
    sign_up("empty", A)
    equal(get("/v1/members/me/signups", by=A, headers={"If-None-Match": mine}).status, 200)


@case("members' agendas are private, the public one is not")
def _():
    assert "private" in get("/v1/activities", by=A).header("Cache-Control")
    assert "private" not in get("/v1/activities").header("Cache-Control")


# ---- inside ----------------------------------------------------------------------------------------------------------------------

@case("inside: counts are those of the rows, and the feed has no gap")
def _():
    equal(caller.server.sql("""SELECT a.title FROM activity a LEFT JOIN signup u ON u.space_id = a.space_id AND u.activity_id = a.id
                               GROUP BY a.space_id, a.id HAVING taken <> count(*) FILTER (WHERE u.state IN ('signed_up', 'offered')
                                                                                           AND u.attendance IN ('', 'present'))
                                   OR waiting <> count(*) FILTER (WHERE u.state = 'waitlisted')"""), [])
    equal(caller.server.sql("SELECT space_id FROM change_log GROUP BY space_id HAVING count(*) <> max(seq) OR min(seq) <> 1"), [])
    equal(caller.server.sql("""SELECT count(*) FROM audit a JOIN change_log c ON c.space_id = a.space_id AND c.seq = a.seq
                               WHERE a.action <> c.kind OR a.ref <> c.ref"""), [(0,)])


@rows("inside: the database itself refuses", [
    ("a place too many", "UPDATE activity SET taken = capacity + 1 WHERE id = ?"),
    ("fewer than nobody in line", "UPDATE activity SET waiting = -1 WHERE id = ?"),
    ("fewer places than people", "UPDATE activity SET capacity = 0 WHERE id = ?"),
    ("an offer without an end", "UPDATE signup SET state = 'offered' WHERE activity_id = ?"),
    ("a mark for who has no place", "UPDATE signup SET attendance = 'present' WHERE activity_id = ? AND state = 'waitlisted'"),
    ("one ticket for two", "UPDATE signup SET ticket = 1 WHERE activity_id = ?"),
])
def _(text):
    caller.server.stop()
    id = caller.server.sql("SELECT id FROM activity WHERE title = 'guarded'")[0][0]
    try:
        caller.server.write(text, id)
        raise AssertionError("it let it be written")
    except postgres.Refused:
        pass
    caller.server.start()


@case("what all this left is of one mind with itself")
def _():
    caller.server.check_whole()


run(caller.server.stop)
