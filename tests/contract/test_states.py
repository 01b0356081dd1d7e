"""What cannot be had, and until when; and how a place is booked where it is not by half-days: units, lengths, quotas, several like ones.

The sample network with a few places of its own at La Ferme: see `places`.
"""
import json
import pathlib
import shutil
import tempfile
import threading

from caller import Caller
from server import TOP, new_id
from tap import case, equal, rows, run

QUIET, QUIET_TOO, QUIET_THIRD = "2026-08-24", "2026-08-25", "2026-08-26"     # nothing is booked for these
PLACE = {"space": "ferme", "area": "Essai", "kind": "machine", "half_day_cents": 1000, "day_cents": 2000, "hour_cents": 500}
places = [
    {**PLACE, "slug": "presse", "name": "Presse", "units": ["hour"]},
    {**PLACE, "slug": "four", "name": "Four", "units": ["day"]},
    {**PLACE, "slug": "scie", "name": "Scie", "units": ["granule"], "least_minutes": 30, "most_minutes": 120, "step_minutes": 30},
    {**PLACE, "slug": "cabine", "name": "Cabine", "units": ["granule"], "quota_day_minutes": 120, "quota_open_bookings": 3},
    {**PLACE, "slug": "portables", "name": "Portables", "quantity": 3, "units": ["half_day", "day", "granule"]},
    {**PLACE, "slug": "atelier", "name": "Atelier", "late_cancel": "charge", "cancel_minutes": 2880},
    {**PLACE, "slug": "etabli", "name": "Établi", "cancel_minutes": 2880},
]
STAFF = "benedicte.closset"      # at the desk of La Ferme
OPERATOR = "gauthier.mahieu-lorent"


def network():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    path = directory / "sample" / "resources.json"
    told = json.loads(path.read_text())
    told["resources"] += places
    path.write_text(json.dumps(told))
    return directory


caller = Caller(data=network())
caller.server.stop()
for login, role in ((STAFF, "reception"), (OPERATOR, "operator")):
    try:
        caller.server.give_role(login, role, "ferme")
    except Exception:                                  # the sample gave it already
        pass
caller.server.start()
call, get, cancel, preview = caller.call, caller.get, caller.cancel, caller.preview


def booked(name, date, part, by="demo", **more):
    answer = caller.book(name, date, part, by=by, **more)
    equal(answer.status, 201, repr(answer))
    return answer.json()


def rules(name, date, part, by="demo"):
    return [(item["rule"], item["detail"]) for item in preview(name, date, part, by=by).json()["obstacles"]]


def outage(name, by=STAFF, id=None, **more):
    body = {"resource_id": caller.resource(name), "state": "out_of_order", "reason": "écran en panne", **more}
    id = id or new_id()
    return id, call("PUT", f"/v1/spaces/ferme/outages/{id}", body, by=by)


def closure(by=OPERATOR, id=None, **more):
    id = id or new_id()
    return id, call("PUT", f"/v1/spaces/ferme/closures/{id}", {"reason": "Travaux", **more}, by=by)


def row(name, date, by=None):
    space, _, wanted = name.partition("/")
    return next(item for item in get(f"/v1/spaces/{space}/availability?date={date}", by=by).json()["items"]
                if item["resource"]["name"] == wanted)


# ---- units ---------------------------------------------------------------------------------------------------------------------------

@rows("what a place is booked by", [
    ("whole hours", "Presse", "10:00-12:00", []), ("not parts of one", "Presse", "10:00-11:30", [("not-whole-hours", "")]),
    ("hours that begin on a quarter", "Presse", "10:15-11:15", []), ("no half-day", "Presse", "am", [("not-by-half-day", "")]),
    ("no day", "Presse", "day", [("not-by-day", "")]), ("a day", "Four", "day", []), ("no half of one", "Four", "pm", [("not-by-half-day", "")]),
    ("no hours", "Four", "10:00-11:00", [("not-by-the-hour", "")]),
    ("the hours of the day are the day", "Four", "09:00-17:00", []),
    ("half an hour", "Scie", "10:30-11:00", []), ("too short", "Scie", "10:00-10:15", [("off-step", "30 min"), ("too-short", "30 min")]),
    ("too long", "Scie", "10:00-12:30", [("too-long", "120 min")]), ("just as long as may be", "Scie", "10:00-12:00", []),
    ("off its steps", "Scie", "10:15-11:15", [("off-step", "30 min")]),
])
def _(name, part, expected):
    equal(rules(f"ferme/{name}", QUIET, part), expected)


@case("a resource says what it is booked by")
def _():
    told = {item["name"]: item for item in get("/v1/spaces/ferme/resources").json()["items"]}
    equal((told["Presse"]["units"], told["Presse"]["by_hour"]), (["hour"], True))
    equal((told["Four"]["units"], told["Four"]["by_hour"]), (["day"], False))
    equal((told["Portables"]["quantity"], told["Cabine"]["quota_day_minutes"], told["Atelier"]["late_cancel"]), (3, 120, "charge"))
    equal((told["Les Serres 3"]["units"], told["La Grange"]["units"]), (["half_day", "day"], ["half_day", "day", "granule"]))


# ---- quotas --------------------------------------------------------------------------------------------------------------------------

@case("I13 nobody has more hours on a date, or bookings ahead, than each may have; a move counts without itself")
def _():
    first = booked("ferme/Cabine", QUIET, "10:00-11:30")
    equal(rules("ferme/Cabine", QUIET, "14:00-14:45"), [("quota-exceeded-hours", "")])
    second = booked("ferme/Cabine", QUIET, "14:00-14:30")
    booked("ferme/Cabine", QUIET, "15:00-17:00", by="plume")
    third = booked("ferme/Cabine", QUIET_TOO, "10:00-12:00")
    answer = caller.book("ferme/Cabine", QUIET_THIRD, "10:00-11:00")
    equal((answer.status, answer.problem), (422, "quota-exceeded-bookings"))
    moved = call("PATCH", f"/v1/spaces/ferme/bookings/{first['id']}", {"start": "09:00", "end": "10:30"}, by="demo", headers={"If-Match": '"1"'})
    equal(moved.status, 200, repr(moved))
    longer = call("PATCH", f"/v1/spaces/ferme/bookings/{first['id']}", {"end": "10:45"}, by="demo", headers={"If-Match": '"2"'})
    equal((longer.status, longer.problem), (422, "quota-exceeded-hours"))
    for made in (moved.json(), second, third):
        equal(cancel(made).status, 204)
    booked("ferme/Cabine", QUIET_THIRD, "10:00-11:00")


@case("I13 a quota holds when many are asked for at once")
def _():
    answers, gate, wire = [], threading.Barrier(12), []

    def one(at):
        id, connection = new_id(), caller.server.connection()
        connection.connect()
        gate.wait()
        wish = {"id": id, "resource_id": caller.resource("ferme/Cabine"), "date": "2026-08-27", "start": f"{9 + at // 2:02}:{at % 2 * 30:02}",
                "end": f"{9 + (at + 1) // 2:02}:{(at + 1) % 2 * 30:02}"}
        answers.append(caller.server.request("POST", "/v1/spaces/ferme/bookings", wish, token=caller.tokens["zoe.lambermont"], key=id,
                                             connection=connection))
        connection.close()
    threads = [threading.Thread(target=one, args=(at,)) for at in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answer.status for answer in answers), [201] * 3 + [422] * 9)


# ---- several like ones ---------------------------------------------------------------------------------------------------------------

@case("three laptops are had by three people at once, each its own, and the fourth is told that none is left")
def _():
    made = [booked("ferme/Portables", QUIET, "am", by=who) for who in ("demo", "plume", "zoe.lambermont")]
    equal([item["unit"] for item in made], [1, 2, 3])
    answer = caller.book("ferme/Portables", QUIET, "am", by="fatiha.benchekraoui")
    equal((answer.status, answer.problem), (409, "slot-taken"))
    equal(caller.halves("ferme/Portables", QUIET, by="demo"), ("mine", "free"))
    equal(caller.halves("ferme/Portables", QUIET), ("taken", "free"))
    equal(caller.busy("ferme/Portables", QUIET), ["09:00-13:00 taken"])
    equal(caller.busy("ferme/Portables", QUIET, by="plume"), ["09:00-13:00 mine"])
    equal(cancel(made[1], by="plume").status, 204)
    equal((caller.halves("ferme/Portables", QUIET)[0], caller.busy("ferme/Portables", QUIET)), ("free", []))
    equal(booked("ferme/Portables", QUIET, "am", by="fatiha.benchekraoui")["unit"], 2)

    def so_many(quantity):
        target = f"/v1/spaces/ferme/resources/{caller.resource('ferme/Portables')}"
        version = get(target).json()["version"]
        answer = call("PATCH", target, {"quantity": quantity}, by=OPERATOR, headers={"If-Match": f'"{version}"'})
        return answer.status, answer.problem and answer.json()["detail"]
    # The third is Zoé's: two would leave her booking in no view, and no closing would find it.
    equal(so_many(2), (409, "quantity: expected at least 3: so many of them are booked"))
    equal(cancel(made[2], by="zoe.lambermont").status, 204)
    equal([so_many(2), so_many(3)], [(200, "")] * 2)


@case("a stretch is taken where nothing is left, hour by hour; the place mine is told even so")
def _():
    booked("ferme/Portables", QUIET_TOO, "am", by="plume")
    booked("ferme/Portables", QUIET_TOO, "10:00-12:00", by="zoe.lambermont")
    booked("ferme/Portables", QUIET_TOO, "11:00-14:00", by="demo")
    equal(caller.busy("ferme/Portables", QUIET_TOO), ["11:00-12:00 taken"])
    equal(caller.busy("ferme/Portables", QUIET_TOO, by="demo"), ["11:00-14:00 mine"])
    equal(rules("ferme/Portables", QUIET_TOO, "10:00-11:30", by="fatiha.benchekraoui"), [("slot-taken", "")])
    equal(rules("ferme/Portables", QUIET_TOO, "12:00-14:00", by="fatiha.benchekraoui"), [])


@case("S08 twenty people ask at once for three like ones: three have one each")
def _():
    who = sorted(caller.tokens)[:20]
    answers, gate = [], threading.Barrier(len(who))

    def one(login):
        id, connection = new_id(), caller.server.connection()
        connection.connect()
        gate.wait()
        answers.append(caller.server.request("POST", "/v1/spaces/ferme/bookings", caller.wish("ferme/Portables", QUIET_THIRD, "day", id=id),
                                             token=caller.tokens[login], key=id, connection=connection))
        connection.close()
    threads = [threading.Thread(target=one, args=(login,)) for login in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answer.status for answer in answers), [201] * 3 + [409] * (len(who) - 3))
    equal(sorted(answer.json()["unit"] for answer in answers if answer.status == 201), [1, 2, 3])


# ---- too late to cancel --------------------------------------------------------------------------------------------------------------

@case("after its time a cancellation is refused, or owed, as the place says; at the desk it may be done with a reason")
def _():
    owed = booked("ferme/Atelier", "2026-07-16", "am")
    equal(cancel(owed).status, 204)
    there = get(f"/v1/spaces/ferme/bookings/{owed['id']}", by="demo").json()
    equal((there["state"], there.get("late")), ("cancelled", True))
    kept = booked("ferme/Établi", "2026-07-16", "am")
    equal(cancel(kept).problem, "cancel-too-late")
    many = f"/v1/spaces/ferme/bookings:cancel"
    told = call("POST", many, {"ids": [kept["id"]]}, by=STAFF, key=new_id()).json()["items"]
    equal([(item["outcome"], item.get("rule")) for item in told], [("refused", "cancel-too-late")])
    told = call("POST", many, {"ids": [kept["id"]], "reason": "malade"}, by="demo", key=new_id()).json()["items"]
    equal([item["outcome"] for item in told], ["refused"], "a reason is not enough for a member")
    told = call("POST", many, {"ids": [kept["id"]], "reason": "malade"}, by=STAFF, key=new_id()).json()["items"]
    equal([(item["outcome"], item.get("late")) for item in told], [("cancelled", None)])


# ---- out of order, and shut ------------------------------------------------------------------------------------------------------------

@case("D06 out of order for some days: told in the day and in previews, with the reason; what is booked within is told and kept")
def _():
    made = booked("ferme/Les Serres 5", QUIET_TOO, "am")
    before = get("/v1/spaces/ferme?date=" + QUIET_TOO).json()["day"]
    id, answer = outage("ferme/Les Serres 5", **{"from": QUIET_TOO, "until": QUIET_THIRD})
    equal(answer.status, 200, repr(answer))
    equal([(item["id"], item["state"]) for item in answer.json()["bookings"]], [(made["id"], "confirmed")])
    told = row("ferme/Les Serres 5", QUIET_TOO)
    equal((told["resource"]["state"], told["resource"]["state_reason"], told["afternoon"]), ("out_of_order", "écran en panne", "not_bookable"))
    equal(rules("ferme/Les Serres 5", QUIET_THIRD, "pm"), [("resource-not-bookable", "écran en panne")])
    equal(rules("ferme/Les Serres 5", "2026-08-27", "pm"), [])
    after = get("/v1/spaces/ferme?date=" + QUIET_TOO).json()["day"]
    equal(after["desks"], before["desks"] - 1)
    equal([item["reason"] for item in get("/v1/spaces/ferme/outages").json()["items"]], ["écran en panne"])
    again = outage("ferme/Les Serres 5", id=id, **{"from": QUIET_TOO, "until": QUIET_THIRD})[1]
    equal(again.json(), answer.json())
    equal(call("DELETE", f"/v1/spaces/ferme/outages/{id}", by=STAFF).status, 204)
    equal(call("DELETE", f"/v1/spaces/ferme/outages/{id}", by=STAFF).status, 404)
    equal(rules("ferme/Les Serres 5", QUIET_THIRD, "pm"), [])


@case("D06 or cancelled, all in one transaction, by who closes it, whatever the deadline")
def _():
    mine, theirs = booked("ferme/Les Serres 6", QUIET, "am"), booked("ferme/Les Serres 6", QUIET_TOO, "pm", by="plume")
    later = booked("ferme/Les Serres 6", "2026-08-27", "pm", by="plume")
    _, answer = outage("ferme/Les Serres 6", bookings="cancel", reason="dégât des eaux", **{"from": QUIET, "until": QUIET_THIRD})
    equal([(item["id"], item["state"]) for item in answer.json()["bookings"]], [(mine["id"], "cancelled"), (theirs["id"], "cancelled")])
    equal(get(f"/v1/spaces/ferme/bookings/{later['id']}", by="plume").json()["state"], "confirmed")
    equal(get(f"/v1/spaces/ferme/bookings/{theirs['id']}", by="plume").json()["state"], "cancelled")


@case("open ended, until it is ended; planned is another word for it")
def _():
    id, answer = outage("ferme/Les Serres 7", state="planned", **{"from": QUIET})
    equal((answer.json()["until"], answer.json()["state"]), (None, "planned"))
    equal(rules("ferme/Les Serres 7", "2026-10-01", "pm"), [("resource-not-bookable", "écran en panne")])
    equal(rules("ferme/Les Serres 7", "2026-08-21", "pm"), [])
    equal(call("DELETE", f"/v1/spaces/ferme/outages/{id}", by=STAFF).status, 204)


@case("a day the space stays shut: told with the reason, then ended; an import leaves it alone")
def _():
    made = booked("ferme/Les Serres 8", "2026-09-03", "am")
    id, answer = closure(**{"from": "2026-09-03", "until": "2026-09-03"})
    equal((answer.status, [item["id"] for item in answer.json()["bookings"]]), (200, [made["id"]]))
    equal(rules("ferme/Les Serres 8", "2026-09-03", "pm"), [("space-closed", "Travaux")])
    assert (id, "Travaux") in [(item["id"], item["reason"]) for item in get("/v1/spaces/ferme/closures").json()["items"]]
    equal(closure(id=id, **{"from": "2026-09-04", "until": "2026-09-04"})[1].json()["bookings"], [])
    equal(rules("ferme/Les Serres 8", "2026-09-03", "pm"), [])
    equal(closure(**{"from": "2026-09-04", "until": "2026-09-04"})[1].status, 422, "the same twice")
    equal(call("DELETE", f"/v1/spaces/ferme/closures/{id}", by=OPERATOR).status, 204)
    equal(rules("ferme/Les Serres 8", "2026-09-04", "pm"), [])


@rows("refused", [
    ("by a member", "demo", {}, 403), ("in another space", "plume", {}, 403), ("no reason", STAFF, {"reason": ""}, 422),
    ("an end before the beginning", STAFF, {"until": "2026-08-01"}, 422), ("bookable", STAFF, {"state": "bookable"}, 422),
    ("a place that is not", STAFF, {"resource_id": "00000000-0000-7000-8000-000000000000"}, 422), ("no date", STAFF, {"from": None}, 422),
    ("more", STAFF, {"price": 1}, 422), ("bookings to be sold", STAFF, {"bookings": "sell"}, 422)])
def _(by, more, status):
    equal(outage("ferme/Les Serres 4", by=by, **{"from": QUIET, **more})[1].status, status)


@case("only who runs the space shuts it")
def _():
    equal(closure(by=STAFF, **{"from": QUIET})[1].status, 403)


@case("years of closures behind a space, and as many ahead as it may have: all that are ahead are told, and one more is refused with words")
def _():
    past, ahead = 500, 400
    caller.server.stop()
    for count, date in ((past, "2025-01-06"), (ahead, "2027-02-01")):
        equal(caller.server.write("INSERT INTO closure (space_id, id, first_date, last_date, reason) SELECT s.id, '', ?, ?, 'n° ' || n.unit"
                                  " FROM space s CROSS JOIN pool_unit n WHERE s.slug = 'ferme' AND n.unit <= ?", date, date, count), count)
    caller.server.start()
    told = get("/v1/spaces/ferme").json()["opening"]["closures"]
    equal((len(told), sum(item["from"] == "2027-02-01" for item in told)), (800, ahead))
    equal(told, sorted(told, key=lambda item: item["from"]))
    answer = closure(**{"from": "2026-09-03", "until": "2026-09-03"})[1]
    error = answer.json()["errors"][0]
    equal((answer.status, error["pointer"]), (422, "#/from"))
    assert "400 closures" in error["detail"], error
    version = f"\"{get('/v1/spaces/ferme').json()['version']}\""
    equal(call("PATCH", "/v1/spaces/ferme", {"phone": "+3260000123"}, by=OPERATOR, headers={"If-Match": version}).status, 200)


@case("every granule is held by a booking that is whole")
def _():
    caller.server.stop()
    equal(caller.server.sql("""SELECT b.id FROM booking b
        LEFT JOIN (SELECT space_id, booking_id, unit, count(*) AS held FROM slot GROUP BY space_id, booking_id, unit) h
               ON h.space_id = b.space_id AND h.booking_id = b.id AND h.unit = b.unit
        WHERE coalesce(held, 0) <> CASE state WHEN 'cancelled' THEN 0 ELSE (end_at - start_at) / 900 END"""), [])


run()
