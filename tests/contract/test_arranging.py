"""A space and what it has, changed by its operator: only what is said, by the rules of an import, under its version, told in the feed."""
from caller import Caller
from tap import case, equal, rows, run

caller = Caller()
server = caller.server
server.stop()
OPERATOR, DESK = "gauthier.mahieu-lorent", "benedicte.closset"
server.give_role(OPERATOR, "operator", "ferme")
server.give_role(DESK, "reception", "ferme")
server.start()
get = caller.get
QUIET = "2026-08-24"                                   # nothing is booked for it


def place(name="Les Serres 3"):
    return get(f"/v1/spaces/ferme/resources/{caller.resource('ferme/' + name)}").json()


def change(target, before, body, by=OPERATOR, match=None, **headers):
    version = match if match is not None else f"\"{before['version']}\""
    return caller.call("PATCH", target, body, by=by, headers={"If-Match": version or None, **headers})


def change_place(before, by=OPERATOR, match=None, **body):
    return change(f"/v1/spaces/ferme/resources/{before['id']}", before, body, by, match)


def change_space(by=OPERATOR, match=None, **body):
    return change("/v1/spaces/ferme", get("/v1/spaces/ferme").json(), body, by, match)


def told_since(before):
    return [item["kind"] for item in get(f"/v1/spaces/ferme/changes?after={before}", by="demo").json()["items"]]


def seq():
    target, found = "/v1/spaces/ferme/changes?after=0&limit=200", 0
    while target:
        page = get(target, by="demo").json()
        found, target = page["seq"], page["next"]
    return found


# ---- resources -----------------------------------------------------------------------------------------------------------------------

@case("one resource says what the list says of it, under a tag of its own")
def _():
    for item in get("/v1/spaces/ferme/resources").json()["items"]:
        answer = get(f"/v1/spaces/ferme/resources/{item['id']}")
        equal((answer.json(), answer.header("ETag")), (item, f"\"{item['version']}\""))
    equal(get(f"/v1/spaces/ferme/resources/{item['id']}", headers={"If-None-Match": answer.header("ETag")}).status, 304)
    equal(get(f"/v1/spaces/rimbaud/resources/{item['id']}").status, 404, "of another space")


@rows("what is said changes, all else stays, and it is told once", [
    ("prices", {"half_day_cents": 950, "day_cents": 1700}),
    ("the name", {"name": "Les Serres 3 bis"}),
    ("the note, in two scripts", {"note": "Près de l’entrée — bij de ingang"}),
    ("approval", {"approval": "staff"}),
    ("quotas", {"quota_day_minutes": 240, "quota_open_bookings": 5}),
    ("lateness", {"late_cancel": "charge", "cancel_minutes": 2880}),
    ("state", {"state": "out_of_order", "state_reason": "écran en panne"}),
    ("several like it", {"quantity": 3}),
    ("equipment", {"amenities": ["screen"]}),
])
def _(body):
    before, since, alone = place("Les Serres 3"), seq(), get("/v1/spaces/ferme/day").json()
    answer = change_place(before, **body)
    assert get("/v1/spaces/ferme/day").json()["version"] > alone["version"], "whoever knows what is in the space must see that it changed"
    equal((answer.status, answer.header("ETag")), (200, f"\"{before['version'] + 1}\""), repr(answer))
    equal(answer.json(), {**before, **body, "version": before["version"] + 1})
    equal(get(f"/v1/spaces/ferme/resources/{before['id']}").json(), answer.json())
    equal(told_since(since), ["space.changed"])
    back = {name: before.get(name) for name in body}
    equal(change_place(answer.json(), **back).json(), {**before, "version": before["version"] + 2}, "null takes away what was not there")


@case("what it is booked by, and the step: a preview goes by it at once")
def _():
    before = place("Les Serres 4")
    equal(caller.preview("ferme/Les Serres 4", QUIET, "09:00-10:00").json()["obstacles"][0]["rule"], "not-by-the-hour")
    after = change_place(before, units=["half_day", "day", "granule"], step_minutes=30, hour_cents=300).json()
    equal((after["units"], after["by_hour"], after["step_minutes"]), (["half_day", "day", "granule"], True, 30))
    equal(caller.preview("ferme/Les Serres 4", QUIET, "09:00-10:00").json()["obstacles"], [])
    after = change_place(after, units=["half_day", "day"], step_minutes=None, hour_cents=None).json()
    equal(after, {**before, "version": before["version"] + 2})


@case("the dearest hour there may be: a day of them has its price, to the cent")
def _():
    before = place("Les Serres 4")
    after = change_place(before, units=["half_day", "day", "granule"], hour_cents=4_000_000, half_day_cents=None, day_cents=None).json()
    told = caller.preview("ferme/Les Serres 4", QUIET, "09:00-17:00").json()["booking"]
    equal((told["net_cents"], told["gross_cents"]), (32_000_000, 38_720_000))
    back = {name: before[name] for name in ("half_day_cents", "day_cents", "hour_cents", "units")}
    equal(change_place(after, **back).json(), {**before, "version": before["version"] + 2})


@case("said again it changes nothing, and nobody is told")
def _():
    before, since = place(), seq()
    answer = change_place(before, name=before["name"], half_day_cents=before["half_day_cents"])
    equal((answer.status, answer.json(), told_since(since)), (200, before, []))


@case("a booking that there is keeps its price")
def _():
    made = caller.book("ferme/Les Serres 5", QUIET, "am").json()
    equal(change_place(place("Les Serres 5"), half_day_cents=4200).status, 200)
    there = get(f"/v1/spaces/ferme/bookings/{made['id']}", by="demo").json()
    equal((there["net_cents"], there["version"]), (made["net_cents"], 1))
    equal(caller.preview("ferme/Les Serres 5", QUIET, "pm").json()["booking"]["net_cents"], 4200)


@rows("refused as in an import, with the place and what was expected", [
    ("a price below nothing", {"half_day_cents": -1}, "#/half_day_cents", "whole number"),
    ("an hour beyond what a day may cost", {"hour_cents": 4_000_001}, "#/hour_cents", "from 0 to 4000000"),
    ("a price in words", {"half_day_cents": "8"}, "#/half_day_cents", "whole number"),
    ("a name of nothing", {"name": ""}, "#/name", "not empty"),
    ("no name", {"name": None}, "#/name", "text"),
    ("a unit that is none", {"units": ["half_day", "week"]}, "#/units/1", "granule"),
    ("an approval that is none", {"approval": "perhaps"}, "#/approval", "none or staff"),
    ("nobody fits in", {"capacity": 0}, "#/capacity", "from 1 to 500"),
    ("a member that is not known", {"colour": "green"}, "#/colour", "changed here"),
    ("what it is", {"kind": "studio"}, "#/kind", "changed here"),
    ("its id", {"id": "x"}, "#/id", "changed here"),
    ("a name with a slash", {"a/b~c": 1}, "#/a~1b~0c", "changed here"),
])
def _(body, pointer, words):
    before = place()
    answer = change(f"/v1/spaces/ferme/resources/{before['id']}", before, body)
    error = answer.json()["errors"][0]
    equal((answer.status, answer.problem, error["pointer"]), (422, "validation", pointer), repr(answer))
    assert words in error["detail"], error
    equal(place(), before)


# ---- spaces --------------------------------------------------------------------------------------------------------------------------

@rows("what is said of a space changes, all else stays, and it is told once", [
    ("the telephone", {"phone": "+3260000199"}),
    ("what one has to know", {"access_note": "Sonner.\nPuis pousser."}),
    ("quotas", {"quota_day_minutes": 480, "quota_open_bookings": 20}),
    ("the tax", {"vat_permille": 60}),
    ("the time zone, to its own", {"time_zone": "Europe/Brussels", "former_name": "La Grange"}),
])
def _(body):
    before, since = get("/v1/spaces/ferme").json(), seq()
    answer = change_space(**body)
    equal((answer.status, answer.header("ETag")), (200, f"\"{before['version'] + 1}\""), repr(answer))
    equal(answer.json(), {**before, **body, "version": before["version"] + 1})
    equal(get("/v1/spaces/ferme").json(), answer.json())
    equal(told_since(since), ["space.changed"])
    equal(change_space(**{name: before.get(name) for name in body}).json(), {**before, "version": before["version"] + 2})


@case("hours: what is said of them alone; whoever books goes by them at once, and bookings stand")
def _():
    before = get("/v1/spaces/ferme").json()
    made = caller.book("ferme/Les Serres 6", QUIET, "pm").json()
    week = [[["10:00", "12:00"]], *before["opening"]["week"][1:]]
    after = change_space(opening={"week": week, "boundary": "11:00"}).json()
    equal(after["opening"], {**before["opening"], "week": week, "boundary": "11:00"})
    equal(get(f"/v1/spaces/ferme?date={QUIET}").json()["day"]["hours"], [["10:00", "12:00"]])
    equal(get(f"/v1/spaces/ferme/bookings/{made['id']}", by="demo").json()["start"], made["start"])
    equal(caller.book("ferme/Les Serres 7", QUIET, "am").json()["end"], f"{QUIET}T11:00:00+02:00")
    equal(change_space(opening=before["opening"]).json()["opening"], before["opening"])


@case("a closure that was set by itself outlives a list without it")
def _():
    id = "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e"
    body = {"from": "2026-11-02", "until": "2026-11-03", "reason": "Travaux"}
    equal(caller.call("PUT", f"/v1/spaces/ferme/closures/{id}", body, by=OPERATOR).status, 200)
    equal(change_space(opening={"closures": []}).json()["opening"]["closures"], [body])


@rows("409: bookings need them as they are", [("steps", {"granule_s": 1800}, "granule_s"), ("the clock", {"time_zone": "Europe/Lisbon"}, "time_zone")])
def _(body, name):
    before = get("/v1/spaces/ferme").json()
    answer = change_space(**body)
    equal((answer.status, answer.problem), (409, "has-bookings"))
    assert name in answer.json()["detail"], repr(answer)
    equal(get("/v1/spaces/ferme").json(), before)


@rows("refused of a space", [
    ("a zone that is none", {"time_zone": "Europe/Chimay"}, "#/time_zone"),
    ("steps that are none", {"granule_s": 700}, "#/granule_s"),
    ("a telephone that is none", {"phone": "060 00 01 42"}, "#/phone"),
    ("hours that end before they begin", {"opening": {"week": [[["17:00", "09:00"]], [], [], [], [], [], []]}}, "#/opening/week/0"),
    ("a week of six days", {"opening": {"week": [[], [], [], [], [], []]}}, "#/opening/week"),
    ("no hours at all", {"opening": None}, "#/opening"),
    ("a slip in the hours", {"opening": {"weak": []}}, "#/opening/weak"),
    ("its slug, on which ids hang", {"slug": "grange"}, "#/slug"),
    ("its country", {"country": "FR"}, "#/country"),
    ("today", {"day": {}}, "#/day"),
])
def _(body, pointer):
    before = get("/v1/spaces/ferme").json()
    answer = change_space(**body)
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, pointer), repr(answer))
    equal(get("/v1/spaces/ferme").json(), before)


# ---- versions, and who ---------------------------------------------------------------------------------------------------------------

@case("under the version that was seen: not without one, not under an old one")
def _():
    before = place()
    for ask in (lambda match: change_place(before, match=match, note="x"), lambda match: change_space(match=match, phone="")):
        equal([(ask(match).status, ask(match).problem) for match in ("", '"999"', 'W/"1"')],
              [(428, "version-required"), (412, "stale-version"), (412, "stale-version")])
    equal(place(), before)


@case("S06 the desk may not, nor an operator elsewhere; a merge patch may say so in its type")
def _():
    before = place()
    equal(change_place(before, by=DESK, note="x").status, 403)
    there = get("/v1/spaces/rimbaud/resources").json()["items"][0]
    equal(change(f"/v1/spaces/rimbaud/resources/{there['id']}", there, {"note": "x"}).status, 403)
    equal(change(f"/v1/spaces/ferme/resources/{there['id']}", there, {"note": "x"}).status, 404)
    answer = change(f"/v1/spaces/ferme/resources/{before['id']}", before, {"note": "Au calme"}, **{"Content-Type": "application/merge-patch+json"})
    equal((answer.status, answer.json()["note"]), (200, "Au calme"), repr(answer))


run()
