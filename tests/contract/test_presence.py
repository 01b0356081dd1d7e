"""To arrive and to leave, who did not come, who is here, who came without a booking, and what days that makes."""
from caller import Caller
from server import new_id
from tap import case, equal, rows, run

caller = Caller(now="2026-07-15T06:30:00+02:00")
server = caller.server
server.stop()
DESK, OTHER_DESK = "maite.froidmont", "gauthier.mahieu-lorent"
server.give_role(DESK, "reception", "ferme")
server.give_role(OTHER_DESK, "reception", "rimbaud")
server.start()
TODAY, TOMORROW = "2026-07-15", "2026-07-16"


def at(time, date=TODAY):
    """The server's clock stands at that time from now on."""
    server.stop()
    server.now = f"{date}T{time}+02:00"
    server.start()


def path(booking, act=""):
    return f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}{act}"


def say(method, booking, act, by="demo"):
    return caller.call(method, path(booking, act), by=by)


def made(name, date, part, by="demo"):
    answer = caller.book(name, date, part, by=by)
    equal(answer.status, 201, repr(answer))
    return answer.json()


def a_desk(space="ferme", date=TODAY, part="am", by="demo"):
    return made(caller.free(space, date, part)[0], date, part, by)


def member(login):
    return caller.get("/v1/members/me", by=login).json()["id"]


def present(space="ferme", by=DESK):
    return caller.get(f"/v1/spaces/{space}/presence", by=by).json()


# ---- arriving ------------------------------------------------------------------------------------------------------------------------

@case("one checks in from two hours before the start, as the space says; by oneself or at the desk, and twice is once")
def _():
    at("06:59:59")
    mine, theirs = a_desk(), a_desk(by="plume")
    answer = say("PUT", mine, "/check-in")
    equal((answer.status, answer.problem), (409, "check-in-early"))
    at("07:00:00")
    answer = say("PUT", mine, "/check-in")
    equal((answer.status, answer.json()["checked_in_at"], answer.header("ETag")), (200, "2026-07-15T07:00:00+02:00", '"2"'))
    again = say("PUT", mine, "/check-in")
    equal((again.status, again.body), (200, answer.body))
    equal(say("PUT", theirs, "/check-in", by=DESK).json()["checked_in_at"], "2026-07-15T07:00:00+02:00")


@case("S06 nobody checks in for somebody else: 404 for a member and for another space's desk")
def _():
    booking = a_desk()
    for by in ("plume", OTHER_DESK):
        answer = say("PUT", booking, "/check-in", by=by)
        equal((answer.status, answer.problem), (404, "not-found"), by)


@case("taken back, it is as if nobody had come; leaving needs an arrival")
def _():
    booking = a_desk(part="pm")
    equal(say("PUT", booking, "/check-out").problem, "not-checked-in")
    at("11:30:00")
    equal(say("PUT", booking, "/check-in").status, 200)
    for _ in range(2):
        answer = say("DELETE", booking, "/check-in")
        equal((answer.status, answer.json().get("checked_in_at"), answer.json()["version"]), (200, None, 3))


@case("refused: cancelled, over")
def _():
    booking = a_desk(part="pm", by="plume")
    equal(caller.cancel(booking, by="plume").status, 204)
    equal(say("PUT", booking, "/check-in", by="plume").problem, "not-confirmed")
    booking = a_desk(part="pm", by="plume")
    at("16:59:59")
    equal(say("PUT", booking, "/check-in", by="plume").status, 200)
    late = a_desk(part="pm", by="plume")
    at("17:00:00")
    equal(say("PUT", late, "/check-in", by="plume").problem, "booking-over")
    equal(say("DELETE", booking, "/check-in", by="plume").problem, "booking-over")
    equal(say("DELETE", booking, "/check-in", by=DESK).status, 200)


# ---- who did not come ------------------------------------------------------------------------------------------------------------------

@case("a no-show is told by the clock: an hour after the start, not before; a late arrival undoes it; nobody wrote it down")
def _():
    at("08:00:00", TOMORROW)
    booking = a_desk(date=TOMORROW)
    tag = f"\"{booking['version']}\""
    for time, no_show, status in (("09:59:59", False, 304), ("10:00:00", True, 200)):
        at(time, TOMORROW)
        equal(caller.get(path(booking), by="demo").json()["no_show"], no_show, time)
        equal(caller.get(path(booking), by="demo", headers={"If-None-Match": tag}).status, status, "a copy of before is no good now")
        mine = caller.get(f"/v1/members/me/bookings?from={TOMORROW}", by="demo").json()["items"]
        equal([item["no_show"] for item in mine if item["id"] == booking["id"]], [no_show])
    equal(caller.get(path(booking), by="demo").json()["version"], 1)
    equal(say("PUT", booking, "/check-in").json()["no_show"], False)


@case("a copy of a list is no good once the clock has made a no-show of what is in it; until then it is")
def _():
    at("08:00:00", "2026-07-16")
    booking = a_desk(date="2026-07-16", part="pm")
    lists = {"/v1/members/me/bookings?from=2026-07-16": "demo", "/v1/spaces/ferme/bookings?from=2026-07-16": DESK}
    at("13:59:59", "2026-07-16")
    tags = {target: caller.get(target, by=by).header("ETag") for target, by in lists.items()}
    for target, by in lists.items():
        equal(caller.get(target, by=by, headers={"If-None-Match": tags[target]}).status, 304, target)
    at("14:00:00", "2026-07-16")
    for target, by in lists.items():
        answer = caller.get(target, by=by, headers={"If-None-Match": tags[target]})
        equal(answer.status, 200, target)
        equal([item["no_show"] for item in answer.json()["items"] if item["id"] == booking["id"]], [True], target)


@case("who books after the start is awaited from then on")
def _():
    at("11:00:00", TOMORROW)
    booking = a_desk(date=TOMORROW)
    equal(booking["no_show"], False)
    at("11:59:59", TOMORROW)
    equal(caller.get(path(booking), by="demo").json()["no_show"], False)
    at("12:00:00", TOMORROW)
    equal(caller.get(path(booking), by="demo").json()["no_show"], True)


# ---- leaving ---------------------------------------------------------------------------------------------------------------------------

@case("who leaves a room early gives the rest of it back where the place says so, from the next step on")
def _():
    at("08:00:00", "2026-08-10")
    booking = made("ferme/L'Étable", "2026-08-10", "09:00-12:00")
    equal(say("PUT", booking, "/check-in").status, 200)
    at("09:50:00", "2026-08-10")
    answer = say("PUT", booking, "/check-out").json()
    equal((answer["end"], answer["hours"], answer["checked_out_at"]),
          ("2026-08-10T10:00:00+02:00", ["09:00", "12:00"], "2026-08-10T09:50:00+02:00"))
    equal(caller.busy("ferme/L'Étable", "2026-08-10", by="demo")[0], "09:00-10:00 mine")
    made("ferme/L'Étable", "2026-08-10", "10:00-12:00", by="plume")
    equal(caller.call("PUT", path(booking, "/check-out"), by="demo").json(), answer, "twice")
    at("10:00:00", "2026-08-10")
    equal(say("DELETE", booking, "/check-out").problem, "booking-over")


@case("a desk stays one's own: who comes back is here again, and leaving before it began frees all but the first step of a room")
def _():
    at("09:00:00", "2026-08-10")
    booking = a_desk(date="2026-08-10")
    say("PUT", booking, "/check-in")
    answer = say("PUT", booking, "/check-out").json()
    equal((answer["end"], answer["checked_out_at"]), (booking["end"], "2026-08-10T09:00:00+02:00"))
    equal(caller.halves(f"ferme/{booking['resource_name']}", "2026-08-10", by="demo")[0], "mine")
    back = say("DELETE", booking, "/check-out").json()
    equal((back.get("checked_out_at"), back["checked_in_at"]), (None, "2026-08-10T09:00:00+02:00"))
    room = made("ferme/L'Étable", "2026-08-10", "14:00-16:00", by="plume")
    at("13:00:00", "2026-08-10")
    say("PUT", room, "/check-in", by="plume")
    equal(say("PUT", room, "/check-out", by="plume").json()["end"], "2026-08-10T14:15:00+02:00")


# ---- who is here -----------------------------------------------------------------------------------------------------------------------

@case("the desk has names, whole; a member has a number; another space's desk too; nobody has neither")
def _():
    at("08:00:00", "2026-08-12")
    equal((present()["count"], present()["items"]), (0, []))
    desk, room = a_desk(date="2026-08-12"), made("ferme/L'Étable", "2026-08-12", "09:00-10:00")
    theirs = a_desk(date="2026-08-12", by="plume")
    for booking, by in ((desk, "demo"), (room, "demo"), (theirs, "plume")):
        equal(say("PUT", booking, "/check-in", by=by).status, 200)
    here = present()
    equal((here["count"], len(here["items"])), (2, 3))
    equal({(item["name"], item["resource_name"]) for item in here["items"]} >= {("Camille Noiret", "L'Étable")}, True)
    for by in ("demo", OTHER_DESK):
        equal((present(by=by)["count"], "items" in present(by=by)), (2, False), by)
    equal(caller.get("/v1/spaces/ferme/presence").status, 401)
    say("PUT", theirs, "/check-out", by="plume")
    at("20:00:00", "2026-08-12")                   # their bookings are over, but they have not left
    equal([item["name"] for item in present()["items"]], ["Camille Noiret", "Camille Noiret"])
    at("08:00:00", "2026-08-13")
    equal(present()["count"], 0)


# ---- without a booking -----------------------------------------------------------------------------------------------------------------

def take_in(name, login="plume", by=DESK, id=None, key=None, **more):
    id = id or new_id()
    space = name.partition("/")[0]
    body = {"id": id, "member_id": member(login), "resource_id": caller.resource(name), **more}
    return caller.call("POST", f"/v1/spaces/{space}/walk-ins", body, by=by, key=key or id)


WALK_IN_DAYS = iter(f"2026-09-{day:02}" for day in (1, 2, 3, 4, 7, 8))


@rows("taken in", [
    ("a desk in the morning, for the morning", "10:07:00", "desk", {}, "am", "13:00"),
    ("a desk in the morning, for the day", "10:07:00", "desk", {"length": "day"}, "day", "17:00"),
    ("a desk in the afternoon", "14:00:00", "desk", {"length": "day"}, "pm", "17:00"),
    ("a room, for an hour from the step that runs", "10:07:00", "meeting_room", {}, "hours", "11:00"),
    ("a room for half an hour", "10:07:00", "meeting_room", {"minutes": 30}, "hours", "10:30"),
    ("a room until it closes", "16:20:00", "meeting_room", {"minutes": 240}, "hours", "17:00"),
])
def _(time, kind, more, part, end):
    date = next(WALK_IN_DAYS)
    at(time, date)
    hours = {"am": "am", "day": "day", "pm": "pm", "hours": "am" if time < "13" else "pm"}[part]
    name = caller.free("ferme", date, hours, kind)[0]
    answer = take_in(name, **more)
    equal(answer.status, 201, repr(answer))
    booking = answer.json()
    equal((booking["part"], booking["end"][11:16], booking["checked_in_at"][11:19], booking["state"]), (part, end, time, "confirmed"))
    equal(caller.get(answer.header("Location"), by="plume").json()["id"], booking["id"], "it is theirs")
    assert booking["id"] in {item["booking_id"] for item in present()["items"]}
    equal(caller.call("DELETE", path(booking, "/check-in"), by=DESK).status, 200)


@case("S04 taken in twice with one key is once; a taken place takes nobody in, and leaves nothing behind")
def _():
    at("09:30:00", "2026-08-17")
    name, id = caller.free("ferme", "2026-08-17", "am")[0], new_id()
    first, again = take_in(name, id=id), take_in(name, id=id)
    equal((first.status, again.status, again.body, again.header("Idempotent-Replayed")), (201, 201, first.body, "true"))
    count = present()["count"]
    other = new_id()
    answer = take_in(name, login="demo", id=other)
    equal((answer.status, answer.problem), (409, "slot-taken"))
    equal(caller.get(f"/v1/spaces/ferme/bookings/{other}", by=DESK).status, 404)
    equal(present()["count"], count)


@rows("refused: a walk-in", [
    ("by a member", {"by": "demo"}, 403, "not-allowed"), ("by another desk", {"by": OTHER_DESK}, 403, "not-allowed"),
    ("of nobody", {"member_id": new_id()}, 404, "not-found"), ("to nowhere", {"resource_id": new_id()}, 404, "not-found"),
    ("with a word too many", {"price": 0}, 422, "validation"), ("for no time", {"minutes": 0}, 422, "validation"),
    ("for a time in words", {"minutes": "30"}, 422, "validation"), ("with no id", {"id": "x"}, 422, "validation"),
])
def _(more, status, problem):
    more = dict(more)
    by = more.pop("by", DESK)
    name = caller.free("ferme", "2026-08-17", "am")[0]
    id = new_id()
    body = {"id": id, "member_id": member("plume"), "resource_id": caller.resource(name), **more}
    answer = caller.call("POST", "/v1/spaces/ferme/walk-ins", body, by=by, key=id)
    equal((answer.status, answer.problem), (status, problem))


# ---- days worked -----------------------------------------------------------------------------------------------------------------------

@case("days worked are counted from arrivals, per country and year, with sources; a no-show is no day")
def _():
    who = "fatiha.benchekraoui"
    for date, arrivals in (("2026-08-18", [("ferme", "am"), ("ferme", "pm")]), ("2026-08-19", [("rimbaud", "am")]),
                           ("2026-08-20", [("ferme", "am"), ("rimbaud", "pm")])):
        for space, part in arrivals:
            at("08:00:00" if part == "am" else "12:00:00", date)
            equal(say("PUT", a_desk(space, date, part, by=who), "/check-in", by=who).status, 200)
    a_desk("rimbaud", "2026-08-21", by=who)                          # and does not come
    at("18:00:00", "2026-08-21")
    told = caller.get("/v1/members/me/days", by=who).json()
    equal(told["items"], [{"country": "BE", "days": 2, "check_ins": 3}, {"country": "FR", "days": 2, "check_ins": 2}])
    equal((told["year"], "not a verdict" in told["notice"]), (2026, True))
    equal([(source["about"].partition(",")[0], source.get("as_of"), bool(source["source"])) for source in told["sources"]],
          [("Social security", "2023-07-01", True), ("Tax", None, True)], "no date is made up")
    equal(caller.get("/v1/members/me/days?year=2025", by=who).json()["items"], [])
    for year in ("1999", "2101", "x", "2026.5", "-1", ""):
        equal(caller.get(f"/v1/members/me/days?year={year}", by=who).status, 400, year)


@case("what all this left is of one mind with itself")
def _():
    server.check_whole()


run(server.kill)
