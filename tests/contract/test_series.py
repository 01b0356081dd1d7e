"""The same again and again: a rule becomes dates, each told for itself; many cancelled at once; and time written as instants, over the
nights in which clocks change."""
import json
import os
import pathlib
import shutil
import tempfile

from caller import Caller
from server import TOP, new_id
from tap import case, equal, rows, run

caller = Caller()
call, get, book = caller.call, caller.get, caller.book
QUIET = "2026-08-24"     # a Monday; nothing is booked from here on


def series(name, date, part, repeat, by="demo", key=None, id=None, **more):
    space, id = name.partition("/")[0], id or new_id()
    return call("POST", f"/v1/spaces/{space}/bookings:series", caller.wish(name, date, part, id=id, repeat=repeat, **more), by=by,
                key=key or id)


def outcomes(answer):
    return [(item["date"], item["outcome"], [obstacle["rule"] for obstacle in item["obstacles"]]) for item in answer.json()["items"]]


def cancel_many(space, by="demo", key=None, **body):
    return call("POST", f"/v1/spaces/{space}/bookings:cancel", body, by=by, key=key or new_id())


def seq(space="ferme"):
    target, last = f"/v1/spaces/{space}/changes?after=0&limit=200", 0
    while target:
        page = get(target, by="demo").json()
        last, target = page["seq"], page["next"]
    return last


def mine(by="demo", **wanted):
    items, target = [], "/v1/members/me/bookings?limit=200"
    while target:
        page = get(target, by=by).json()
        items, target = items + page["items"], page["next"]
    return [item for item in items if all(item.get(name) == value for name, value in wanted.items())]


@case("each date is told for itself: those that can be had are booked, the others say why and what else is there")
def _():
    taken = book("ferme/Les Serres 4", "2026-09-07", "am", by="plume")
    equal(taken.status, 201)
    before, id = seq(), new_id()
    answer = series("ferme/Les Serres 4", QUIET, "am", {"every": "week", "count": 4}, id=id, title="Permanence")
    equal(answer.status, 201, repr(answer))
    equal(outcomes(answer), [("2026-08-24", "booked", []), ("2026-08-31", "booked", []), ("2026-09-07", "refused", ["slot-taken"]),
                             ("2026-09-14", "booked", [])])
    told = answer.json()
    equal((told["series_id"], told["booked"]), (id, 3))
    assert all(item["resource_kind"] == "desk" for item in told["items"][2]["alternatives"]) and told["items"][2]["alternatives"]
    there = mine(series_id=id)
    equal([(item["date"], item["title"]) for item in there], [(date, "Permanence") for date in ("2026-08-24", "2026-08-31", "2026-09-14")])
    equal([item["booking"] for item in told["items"] if "booking" in item], there)
    equal(len({item["id"] for item in there}), 3)
    equal(seq(), before + 3)
    assert "plume" not in answer.body.decode().lower()


@case("the same key is the same series, and happens once")
def _():
    id = new_id()
    repeat = {"every": "weekday", "until": "2026-08-28"}
    first = series("ferme/Les Serres 5", QUIET, "pm", repeat, id=id)
    equal((first.status, len(first.json()["items"])), (201, 5))
    before = seq()
    again = series("ferme/Les Serres 5", QUIET, "pm", repeat, id=id)
    equal((again.status, again.body, again.header("Idempotent-Replayed")), (201, first.body, "true"))
    equal(series("ferme/Les Serres 5", QUIET, "am", repeat, id=id).problem, "idempotency-key-reused")
    equal(series("ferme/Les Serres 5", QUIET, "am", repeat, id=id, key=new_id()).problem, "id-taken")
    equal(seq(), before)


@case("a preview tells the same and changes nothing")
def _():
    before = seq("pepi")
    wish = caller.wish("pepi/Poste 1", "2026-07-20", "am", repeat={"every": "day", "count": 8})
    told = call("POST", "/v1/spaces/pepi/bookings:preview", wish, by="demo").json()
    equal(len(told["items"]), 8)
    outcome = {item["date"]: item["outcome"] for item in told["items"]}
    equal((outcome["2026-07-25"], outcome["2026-07-26"]), ("refused", "refused"))         # a weekend
    equal(set(outcome.values()), {"free", "refused"})
    equal((told["booked"], seq("pepi")), (0, before))
    id = new_id()
    done = call("POST", "/v1/spaces/pepi/bookings:series", {**wish, "id": id}, by="demo", key=id).json()
    equal([item["outcome"].replace("booked", "free") for item in done["items"]], [item["outcome"] for item in told["items"]])


@case("no date that can be had: 200, nothing booked, and the same key is told the same")
def _():
    id = new_id()
    repeat = {"every": "week", "on": ["sat", "sun"], "count": 2}
    answer = series("ferme/Les Serres 4", QUIET, "am", repeat, id=id)
    equal((answer.status, answer.json()["booked"]), (200, 0))
    equal([rules for _, _, rules in outcomes(answer)], [["space-closed"]] * 2)
    again = series("ferme/Les Serres 4", QUIET, "am", repeat, id=id)
    equal((again.status, again.header("Idempotent-Replayed"), again.body), (200, "true", answer.body))


@rows("a rule that is none", [
    ("no end", {"every": "week"}), ("two ends", {"every": "week", "count": 2, "until": "2026-09-01"}), ("a word", "weekly"),
    ("an unknown word", {"every": "fortnight", "count": 2}), ("more than there may be", {"every": "day", "count": 101}),
    ("for ever", {"every": "day", "until": "2100-12-31"}), ("none", {"every": "day", "until": "2026-08-01"}),
    ("half a week", {"every": "week", "interval": 0.5, "count": 2}), ("no weekday", {"every": "week", "on": ["lundi"], "count": 2}),
    ("weekdays of days", {"every": "day", "on": ["mon"], "count": 2}), ("something more", {"every": "day", "count": 2, "by": 1}),
])
def _(repeat):
    before = seq()
    answer = series("ferme/Les Serres 4", QUIET, "am", repeat)
    equal((answer.status, answer.problem), (422, "validation"), repr(answer))
    assert answer.json()["errors"][0]["pointer"].startswith("#/repeat"), answer.json()
    equal(seq(), before)


@case("all of a series is cancelled at once, each told for itself, and said again it is so already")
def _():
    id, key = new_id(), new_id()
    series("ferme/Les Serres 6", QUIET, "am", {"every": "week", "count": 3}, id=id)
    before = seq()
    answer = cancel_many("ferme", series_id=id, key=key)
    equal((answer.status, answer.json()["cancelled"]), (200, 3))
    equal([(item["date"], item["outcome"]) for item in answer.json()["items"]],
          [(date, "cancelled") for date in ("2026-08-24", "2026-08-31", "2026-09-07")])
    equal((mine(series_id=id), seq()), ([], before + 3))
    again = cancel_many("ferme", series_id=id, key=key)
    equal((again.body, again.header("Idempotent-Replayed")), (answer.body, "true"))
    equal(cancel_many("ferme", series_id=id).json(), {"cancelled": 0, "items": []})
    equal(caller.halves("ferme/Les Serres 6", QUIET)[0], "free")


@case("from a date to a date only one's own, of a series only those within; by name what is not mine is not there")
def _():
    id = new_id()
    series("ferme/Les Serres 6", "2026-09-21", "pm", {"every": "day", "count": 5}, id=id)
    theirs = book("ferme/Les Serres 7", "2026-09-22", "am", by="plume").json()
    some = cancel_many("ferme", series_id=id, **{"from": "2026-09-24"}).json()
    equal([item["date"] for item in some["items"]], ["2026-09-24", "2026-09-25"])
    rest = cancel_many("ferme", **{"from": "2026-09-21", "to": "2026-09-22"}).json()
    equal([item["date"] for item in rest["items"]], ["2026-09-21", "2026-09-22"])
    equal(get(f"/v1/spaces/ferme/bookings/{theirs['id']}", by="plume").json(), theirs)
    last = mine(series_id=id)
    named = cancel_many("ferme", ids=[last[0]["id"], theirs["id"], new_id()]).json()
    equal([item["outcome"] for item in named["items"]], ["cancelled", "not_found", "not_found"])
    equal(cancel_many("ferme", by="plume", series_id=id).json()["items"], [])


@rows("what to cancel is not said", [
    ("at all", {}), ("ids and a date", {"ids": ["0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e"], "from": QUIET}), ("no ids", {"ids": []}),
    ("only until when", {"to": QUIET}), ("a series of a word", {"series_id": "all"}), ("no date", {"from": "tomorrow"}),
    ("more", {"from": QUIET, "all": True}), ("a reason of a number", {"from": QUIET, "reason": 1}),
])
def _(body):
    answer = cancel_many("ferme", **body)
    equal((answer.status, answer.problem), (422, "validation"), repr(answer))


# ---- nights in which clocks change -------------------------------------------------------------------------------------------------

def sleepless():
    """The sample's spaces, open day and night, in other zones; R1 and Les Serres 3 had by the hour."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    path = directory / "sample" / "spaces.json"
    told = json.loads(path.read_text())
    week = {day: [["00:00", "24:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
    for space in told["spaces"]:
        space["opening"] = {"week": week, "boundary": "13:00", "open_on_holidays": True, "closures": []}
        if space["slug"] == "pepi":
            space.update(time_zone="Australia/Lord_Howe", granule_s=1800)
    path.write_text(json.dumps(told))
    (directory / "sample" / "bookings.json").write_text(json.dumps({"bookings": [], "habit_days": {"past": 0, "coming": 0}, "habits": []}))
    return directory


def night(now):
    return Caller(now=now, data=sleepless())


def ask(there, name, start, end, date=None, by="demo"):
    space, id = name.partition("/")[0], new_id()
    wish = {"id": id, "resource_id": there.resource(name), "start": start, "end": end, **({"date": date} if date else {})}
    return there.call("POST", f"/v1/spaces/{space}/bookings", wish, by=by, key=id)


@case("instants are answered with date, part and hours; zones in brackets must agree")
def _():
    for start, end, problem in (
            (f"{QUIET}T09:00:00+02:00", f"{QUIET}T10:00:00+02:00[Europe/Brussels]", ""),
            (f"{QUIET}T08:30:00Z", f"{QUIET}T09:00:00Z[Europe/Brussels]", ""),
            (f"{QUIET}T11:30:00+02:00[Europe/Paris][u-ca=gregory]", f"{QUIET}T12:00:00+02:00", ""),
            (f"{QUIET}T12:00:00+01:00[Europe/Brussels]", f"{QUIET}T13:00:00+02:00", "inconsistent-offset"),
            (f"{QUIET}T12:00:00+02:00[Europe/Atlantis]", f"{QUIET}T13:00:00+02:00", "validation"),
            (f"{QUIET}T12:00:00+02:00[!u-ca=hebrew]", f"{QUIET}T13:00:00+02:00", "validation"),
            (f"{QUIET}T12:00:00+02:00[", f"{QUIET}T13:00:00+02:00", "validation"),
            (f"{QUIET}T12:00:00", f"{QUIET}T13:00:00", "validation"), (f"{QUIET}T12:00:60+02:00", f"{QUIET}T13:00:00+02:00", "validation"),
            (f"{QUIET}T12:00:00+02:00", "2026-08-25T12:00:00+02:00", "validation"),
            (f"{QUIET}T13:00:00+02:00", f"{QUIET}T12:00:00+02:00", "validation"),
            (f"{QUIET}T12:00:30+02:00", f"{QUIET}T13:00:00+02:00", "validation")):
        id = new_id()
        wish = {"id": id, "resource_id": caller.resource("ferme/La Grange"), "start": start, "end": end}
        answer = caller.server.request("POST", "/v1/spaces/ferme/bookings", wish, token=caller.tokens["demo"], key=id)
        equal((answer.status, answer.problem), (422, problem) if problem else (201, ""), f"{start} {end} {answer}")
    equal(caller.busy("ferme/La Grange", QUIET, by="demo"), ["09:00-10:00 mine", "10:30-11:00 mine", "11:30-12:00 mine"])
    wish = {"id": new_id(), "resource_id": caller.resource("ferme/Les Serres 8"), "start": f"{QUIET}T09:00:00+02:00", "end": f"{QUIET}T13:00:00+02:00"}
    answer = call("POST", "/v1/spaces/ferme/bookings", wish, by="demo", key=wish["id"])
    equal((answer.json()["part"], answer.json()["date"]), ("am", QUIET), "a half-day said as instants is that half-day")


@case("D01 the hour that is skipped does not exist; hours around it last as long as they last")
def _():
    there = night("2027-03-20T08:00:00+01:00")
    equal(ask(there, "ferme/La Grange", "02:30", "04:00", "2027-03-28").problem, "nonexistent-local-time")
    equal(ask(there, "ferme/La Grange", "02:00", "04:00", "2027-03-28").problem, "nonexistent-local-time")
    made = ask(there, "ferme/La Grange", "01:00", "04:00", "2027-03-28").json()
    equal((made["start"], made["end"]), ("2027-03-28T01:00:00+01:00", "2027-03-28T04:00:00+02:00"))
    equal(made["net_cents"], 3600, "two hours are paid, at 18 euros")
    there.server.stop()
    equal(there.server.sql("SELECT count(*) FROM slot WHERE booking_id = ?", made["id"]), [(8,)])


@case("D01 the hour that comes twice wants an offset, and each of the two can be had")
def _():
    there = night("2026-10-20T08:00:00+02:00")
    equal(ask(there, "ferme/La Grange", "02:00", "03:00", "2026-10-25").problem, "ambiguous-local-time")
    first = ask(there, "ferme/La Grange", "2026-10-25T02:00:00+02:00", "2026-10-25T02:30:00+02:00[Europe/Brussels]")
    equal(first.status, 201, repr(first))
    equal(first.json()["start"], "2026-10-25T02:00:00+02:00")
    second = ask(there, "ferme/La Grange", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00", by="plume")
    equal((second.status, second.json().get("start")), (201, "2026-10-25T02:00:00+01:00"))
    equal(ask(there, "ferme/La Grange", "2026-10-25T02:00:00+02:00", "2026-10-25T02:15:00+02:00", by="zoe.lambermont").problem, "slot-taken")
    long = ask(there, "ferme/L'Étable", "2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00").json()
    weeks = there.wish("ferme/La Grange", "2026-10-11", "02:00-03:00", id=new_id(), repeat={"every": "week", "count": 4})
    told = there.call("POST", "/v1/spaces/ferme/bookings:preview", {k: v for k, v in weeks.items() if k != "id"}, by="demo").json()
    equal([(item["date"], [o["rule"] for o in item["obstacles"]]) for item in told["items"]],
          [("2026-10-11", ["booking-started"]), ("2026-10-18", ["booking-started"]), ("2026-10-25", ["already-mine", "ambiguous-local-time"]),
           ("2026-11-01", [])])
    equal(told["items"][3]["booking"]["start"], "2026-11-01T02:00:00+01:00", "the wall clock stays")
    there.server.stop()
    equal(there.server.sql("SELECT count(*) FROM slot WHERE booking_id = ?", long["id"]), [(16,)])


@case("D01 Lord Howe: half an hour is skipped, and half-hours that touch never share a granule")
def _():
    there = night("2026-09-25T08:00:00+10:30")
    room = next(item["name"] for item in there.get("/v1/spaces/pepi/resources").json()["items"] if item["by_hour"] and item["state"] == "bookable")
    equal(ask(there, f"pepi/{room}", "02:00", "03:00", "2026-10-04").problem, "nonexistent-local-time")
    made = [ask(there, f"pepi/{room}", start, end, "2026-10-04").json() for start, end in (("01:30", "02:30"), ("02:30", "03:00"))]
    equal([(item["start"], item["end"]) for item in made], [("2026-10-04T01:30:00+10:30", "2026-10-04T02:30:00+11:00"),
                                                            ("2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00")])
    there.server.stop()
    equal([there.server.sql("SELECT count(*) FROM slot WHERE booking_id = ?", item["id"])[0][0] for item in made], [2, 2])


@case("D03 up to midnight at the end of a year, on 29 February, in 2038 and on the last day there is; over midnight is two bookings")
def _():
    for now, date, end in (("2026-12-30T08:00:00+01:00", "2026-12-31", "2027-01-01T00:00:00+01:00"),
                           ("2028-02-27T08:00:00+01:00", "2028-02-29", "2028-03-01T00:00:00+01:00"),
                           ("2038-01-18T08:00:00+01:00", "2038-01-19", "2038-01-20T00:00:00+01:00"),
                           ("2100-12-30T08:00:00+01:00", "2100-12-31", "2101-01-01T00:00:00+01:00")):
        there = night(now)
        made = ask(there, "ferme/La Grange", "23:45", "24:00", date)
        equal((made.status, made.json().get("end")), (201, end), repr(made))
        if date == "2026-12-31":
            over = ask(there, "ferme/La Grange", "2026-12-31T23:45:00+01:00", "2027-01-01T00:15:00+01:00")
            equal((over.status, over.json()["errors"][0]["pointer"]), (422, "#/end"))
            equal(ask(there, "ferme/La Grange", "2027-01-01T00:00:00+01:00", "2027-01-01T00:15:00+01:00").status, 201)
        there.server.stop()


ZONES = pathlib.Path("/usr/share/zoneinfo")


def zones_with(zone, other):
    """The system's zones, but that one is as another."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="zones-"))
    folder, _, name = zone.partition("/")
    (place / folder).mkdir()
    for here, there in ((ZONES, place), (ZONES / folder, place / folder)):
        for one in here.iterdir():
            if one.name not in (folder, name):
                (there / one.name).symlink_to(one)
    shutil.copy(ZONES / other, place / zone)
    return place


@case("D02 a law changes the clocks of a booking that is made: it stays at its instants, is told by the new clock, and nobody else gets them")
def _():
    made = caller.book("ferme/La Grange", "2026-09-15", "14:00-16:00")
    equal(made.status, 201)
    caller.server.stop()
    os.environ["TZDIR"] = str(zones_with("Europe/Brussels", "Europe/Helsinki"))
    try:
        caller.server.start()
        there = get(f"/v1/spaces/ferme/bookings/{made.json()['id']}", by="demo").json()
        equal([there["start"], there["end"]], ["2026-09-15T15:00:00+03:00", "2026-09-15T17:00:00+03:00"])
        for hours, status in (("15:00-17:00", 409), ("13:00-15:00", 201)):
            equal(caller.book("ferme/La Grange", "2026-09-15", hours, by="plume").status, status, hours)
        caller.server.stop()
    finally:
        shutil.rmtree(os.environ.pop("TZDIR"))
    caller.server.start()


run(caller.server.stop)
