"""To move a booking and to say something else of it: whole or not at all, under its version, and never twice."""
import threading

from caller import Caller
from server import new_id
from tap import case, equal, rows, run

caller = Caller()
call, get, cancel = caller.call, caller.get, caller.cancel
QUIET, QUIET_TOO, QUIET_THIRD = "2026-08-24", "2026-08-25", "2026-08-26"     # nothing is booked for these


def booked(name, date, part, by="demo", **more):
    space, id = name.partition("/")[0], new_id()
    answer = call("POST", f"/v1/spaces/{space}/bookings", caller.wish(name, date, part, id=id, **more), by=by, key=id)
    equal(answer.status, 201, repr(answer))
    return answer.json()


def change(booking, by="demo", match=None, media="application/merge-patch+json", key=None, **patch):
    version = match if match is not None else f"\"{booking['version']}\""
    return call("PATCH", f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}", patch, by=by, key=key,
                headers={"If-Match": version or None, "Content-Type": media})


def seq(space="ferme"):
    target, last = f"/v1/spaces/{space}/changes?after=0&limit=200", 0
    while target:
        page = get(target, by="demo").json()
        last, target = page["seq"], page["next"]
    return last


def told_since(space, before):
    return [(item["kind"], item["ref"], item["version"])
            for item in get(f"/v1/spaces/{space}/changes?after={before}&limit=200", by="demo").json()["items"]]


def view(booking, by="demo"):
    return get(f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}", by=by).json()


@case("to another day: the old one is free, the new one mine, one version on, and the feed says so of both")
def _():
    made = booked("ferme/Les Serres 3", QUIET, "am")
    before = seq()
    answer = change(made, date=QUIET_TOO)
    equal((answer.status, answer.header("ETag")), (200, '"2"'), repr(answer))
    moved = answer.json()
    equal((moved["date"], moved["part"], moved["start"], moved["version"]), (QUIET_TOO, "am", f"{QUIET_TOO}T09:00:00+02:00", 2))
    equal(view(made), moved)
    equal(caller.halves("ferme/Les Serres 3", QUIET, by="demo")[0], "free")
    equal(caller.halves("ferme/Les Serres 3", QUIET_TOO, by="demo"), ("mine", "free"))
    told = told_since("ferme", before)
    equal((told[0], told[1][:2]), (("booking.changed", made["id"], 2), ("availability.changed", made["resource_id"])))
    equal([item["date"] for item in get(f"/v1/spaces/ferme/changes?after={before}", by="demo").json()["items"]], [QUIET_TOO, QUIET])


@case("to another place: whoever watches the one that was left hears of it too, also when the booking has moved on since")
def _():
    names = ["ferme/Les Serres 1", "ferme/Les Serres 2", "ferme/Les Serres 3"]
    first, second, third = (caller.resource(name) for name in names)
    made = booked(names[0], "2026-09-21", "am")
    before = seq()
    moved = change(made, resource_id=second).json()
    equal(told_since("ferme", before), [("booking.changed", made["id"], 2), ("availability.changed", first, before + 2)])
    change(moved, resource_id=third)
    equal([(item["kind"], item["ref"], item["resource_id"], item["seq"])
           for item in get(f"/v1/spaces/ferme/changes?after={before}", by="plume").json()["items"]],
          [("availability.changed", place, place, before + 1 + at) for at, place in enumerate([second, first, third, second])])


@rows("what is said changes and all else stays", [
    ("the part", dict(part="pm"), ("2026-08-27", "pm", "Les Serres 4", 800)),
    ("the day and the part", dict(date="2026-08-28", part="day"), ("2026-08-28", "day", "Les Serres 4", 1400)),
    ("the place", dict(resource_id="Les Serres 5"), ("2026-08-27", "am", "Les Serres 5", 800)),
    ("the half into the day it lies in: what is mine is not in my way", dict(part="day"), ("2026-08-27", "day", "Les Serres 4", 1400)),
])
def _(patch, expected):
    made = booked("ferme/Les Serres 4", "2026-08-27", "am")
    if "resource_id" in patch:
        patch = {**patch, "resource_id": caller.resource(f"ferme/{patch['resource_id']}")}
    moved = change(made, **patch).json()
    equal((moved["date"], moved["part"], moved["resource_name"], moved["net_cents"]), expected)
    equal(cancel(moved).status, 204)


@rows("hours of a room", [
    ("later, overlapping itself", dict(start="15:00", end="17:00"), ["15:00", "17:00"]),
    ("only the end", dict(end="16:30"), ["14:00", "16:30"]),
    ("only the start", dict(start="13:30"), ["13:30", "16:00"]),
    ("another day, the same hours", dict(date=QUIET_THIRD), ["14:00", "16:00"]),
    ("as instants", dict(start=f"{QUIET}T10:00:00+02:00", end=f"{QUIET}T09:15:00Z"), ["10:00", "11:15"]),
])
def _(patch, hours):
    made = booked("ferme/La Grange", QUIET, "14:00-16:00")
    moved = change(made, **patch)
    equal(moved.status, 200, repr(moved))
    equal((moved.json()["part"], moved.json()["hours"]), ("hours", hours))
    equal(caller.busy("ferme/La Grange", moved.json()["date"], by="demo"), [f"{hours[0]}-{hours[1]} mine"])
    equal(cancel(moved.json()).status, 204)
    equal(caller.busy("ferme/La Grange", QUIET, by="demo"), [])


@case("onto what somebody has: 409 with what is near, and the old booking is whole")
def _():
    booked("ferme/Les Serres 3", QUIET_THIRD, "am", by="plume")
    made = booked("ferme/Les Serres 3", QUIET_THIRD, "pm")
    before = seq()
    answer = change(made, part="day")
    equal((answer.status, answer.problem), (409, "slot-taken"))
    assert answer.json()["alternatives"] and "plume" not in answer.body.decode().lower()
    equal({item["space_id"] for item in answer.json()["alternatives"]}, {made["space_id"]})
    equal(view(made), made)
    equal(caller.halves("ferme/Les Serres 3", QUIET_THIRD, by="demo"), ("taken", "mine"))
    equal(seq(), before)


@rows("refused", [
    ("to a holiday", dict(date="2026-07-21"), 422, "space-closed"),
    ("to yesterday", dict(date="2026-07-14"), 422, "booking-started"),
    ("by hours, of a desk", dict(start="14:00", end="16:00"), 422, "not-by-the-hour"),
    ("to a planned room", dict(resource_id="ferme/La Mansarde"), 422, "resource-not-bookable"),
    ("to nowhere", dict(resource_id="00000000-0000-7000-8000-000000000000"), 404, "not-found"),
    ("to another space's place", dict(resource_id="pepi/Poste 1"), 404, "not-found"),
    ("what one may not set", dict(state="confirmed"), 422, "validation"),
    ("its price", dict(net_cents=0), 422, "validation"),
    ("no date", dict(date=None), 422, "validation"),
    ("no part that there is", dict(part="night"), 422, "validation"),
    ("a title of a number", dict(title=7), 422, "validation"),
    ("more people than a desk has room for", dict(people=2), 422, "over-capacity"),
    ("no people", dict(people=0), 422, "validation"),
    ("an instant and a time", dict(start=f"{QUIET}T09:00:00+02:00", end="13:00"), 422, "validation"),
])
def _(patch, status, problem):
    made = booked("ferme/Les Serres 6", QUIET, "am")
    if "/" in str(patch.get("resource_id")):
        patch = {"resource_id": caller.resource(patch["resource_id"])}
    answer = change(made, **patch)
    equal((answer.status, answer.problem), (status, problem), repr(answer))
    equal(view(made), made)
    equal(cancel(made).status, 204)


@case("title, note and people: said, changed, taken back; time and price stay")
def _():
    made = booked("ferme/La Grange", QUIET_TOO, "am", title="Atelier\tcompost", note="Deux\ntables", people=6)
    equal((made["title"], made["note"], made["people"]), ("Atelier compost", "Deux\ntables", 6))
    changed = change(made, title="Atelier", people=None).json()
    equal((changed["title"], changed["note"], changed.get("people")), ("Atelier", "Deux\ntables", None))
    equal((changed["start"], changed["net_cents"]), (made["start"], made["net_cents"]))
    bare = change(changed, title=None, note=None).json()
    assert "title" not in bare and "note" not in bare, bare
    equal(cancel(bare).status, 204)


@rows("If-Match", [("absent", "", 428, "version-required"), ("another", '"7"', 412, "stale-version"),
                   ("weak", 'W/"1"', 412, "stale-version"), ("any", "*", 200, ""), ("a list with it", '"9", "1"', 200, "")])
def _(match, status, problem):
    made = booked("ferme/Les Serres 7", QUIET, "am")
    answer = change(made, match=match, part="pm")
    equal((answer.status, answer.problem), (status, problem))
    equal(cancel(view(made)).status, 204)


@case("somebody else's booking is as one that never was; a cancelled one is over")
def _():
    theirs = booked("ferme/Les Serres 7", QUIET_TOO, "am", by="plume")
    equal(change(theirs, part="pm").status, 404)
    equal(view(theirs, by="plume"), theirs)
    equal(cancel(theirs, by="plume").status, 204)
    equal(change(theirs, by="plume", part="pm").problem, "stale-version")


@rows("a body that is", [("JSON", "application/json", 200), ("a merge patch", "application/merge-patch+json; charset=utf-8", 200),
                         ("a JSON Patch", "application/json-patch+json", 415), ("a form", "text/plain", 415)])
def _(media, status):
    made = booked("ferme/Les Serres 8", QUIET, "am")
    answer = change(made, media=media, part="pm")
    equal(answer.status, status)
    equal(answer.header("Accept-Patch"), "application/merge-patch+json, application/json" if status == 415 else None)
    equal(cancel(view(made)).status, 204)


@case("with a key the same again is the same answer, whatever the version by now")
def _():
    made, key = booked("ferme/Les Serres 8", QUIET_TOO, "am"), new_id()
    first = change(made, key=key, part="pm")
    before = seq()
    again = change(made, key=key, part="pm")
    equal((again.status, again.body, again.header("Idempotent-Replayed"), again.header("ETag")), (200, first.body, "true", '"2"'))
    equal(seq(), before)
    equal(change(made, key=key, part="day").problem, "idempotency-key-reused")
    equal(change(made, part="pm").problem, "stale-version")


@case("once it is too late to cancel it is too late to move, though not to give it a title")
def _():
    made = booked(caller.free("rimbaud", "2026-07-15", "am")[0], "2026-07-15", "am")     # 08:00 is the last minute, it is 07:30
    late = Caller(now="2026-07-15T08:15:00+02:00")
    place = late.free("rimbaud", "2026-07-15", "am")[0]
    id = new_id()
    theirs = late.call("POST", "/v1/spaces/rimbaud/bookings", late.wish(place, "2026-07-15", "am", id=id), by="demo", key=id).json()
    target, headers = f"/v1/spaces/rimbaud/bookings/{id}", {"If-Match": '"1"'}
    equal(late.call("PATCH", target, {"date": "2026-07-17"}, by="demo", headers=headers).problem, "cancel-too-late")
    equal(late.call("PATCH", target, {"title": "Relecture"}, by="demo", headers=headers).status, 200, repr(theirs))
    equal(change(made, date=QUIET).status, 200)
    late.server.stop()


@case("a preview of a move tells every obstacle, and nothing of one's own is one")
def _():
    made = booked("ferme/Les Serres 8", QUIET_THIRD, "am")

    def preview(**wish):
        return call("POST", "/v1/spaces/ferme/bookings:preview", {"booking_id": made["id"], **wish}, by="demo").json()
    fine = preview(part="day")
    equal((fine["obstacles"], fine["booking"]["part"], fine["booking"]["date"]), ([], "day", QUIET_THIRD))
    bad = preview(date="2026-07-21", resource_id=caller.resource("ferme/La Mansarde"))
    equal([item["rule"] for item in bad["obstacles"]], ["space-closed", "resource-not-bookable"])
    equal(call("POST", "/v1/spaces/ferme/bookings:preview", {"booking_id": made["id"], "part": "pm"}, by="plume").status, 404)
    equal(view(made), made)


@case("S08 fifty clients move onto one place at once: one has it, all the others have what they had")
def _():
    members = sorted(caller.tokens)[:10]
    desks = [name for name in caller.free("e420", "2026-08-27", "day")][:11]
    goal, homes = desks[0], desks[1:]
    days = ["2026-08-20", "2026-08-24", "2026-08-25", "2026-08-26", "2026-08-28"]
    mine = [(booked(home, day, "am", by=who), who) for home, who in zip(homes, members) for day in days]
    equal(len(mine), 50)
    answers, gate, before = [], threading.Barrier(len(mine)), seq("e420")

    def one(booking, who):
        wire = caller.server.connection()
        wire.connect()
        gate.wait()
        answers.append((booking, who, caller.server.request(
            "PATCH", f"/v1/spaces/e420/bookings/{booking['id']}", {"resource_id": caller.resource(goal), "date": "2026-08-27"},
            token=caller.tokens[who], headers={"If-Match": '"1"'}, connection=wire)))
        wire.close()
    threads = [threading.Thread(target=one, args=pair) for pair in mine]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [answer for _, _, answer in answers if answer.status == 200]
    lost = [(booking, who) for booking, who, answer in answers if answer.status != 200]
    equal(len(won), 1)
    equal({(answer.status, answer.problem) for _, _, answer in answers if answer.status != 200} - {(409, "slot-taken"), (422, "already-mine")}, set())
    for booking, who in lost:
        equal(view(booking, by=who), booking)
    equal(len(told_since("e420", before)), 2, "one effect: the place it went to, and the place it left, each told once")


@case("every granule is held by a booking that is whole")
def _():
    caller.server.stop()
    equal(caller.server.sql("""SELECT id FROM booking b JOIN space s ON s.id = b.space_id
        LEFT JOIN (SELECT space_id, booking_id, count(*) AS held FROM slot GROUP BY space_id, booking_id) h
               ON h.space_id = b.space_id AND h.booking_id = b.id
        WHERE coalesce(held, 0) <> CASE state WHEN 'cancelled' THEN 0 ELSE (end_at - start_at) / 900 END""".replace("SELECT id", "SELECT b.id")), [])


run(lambda: None)
