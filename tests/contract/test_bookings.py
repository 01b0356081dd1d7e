"""To book, to look, to cancel: what is done once, what is refused and what is offered instead."""
import threading

from caller import Caller
from server import new_id
from tap import case, equal, rows, run

caller = Caller()
call, get, book, cancel, preview = caller.call, caller.get, caller.book, caller.cancel, caller.preview
TODAY, TOMORROW, THURSDAY_AFTER, FRIDAY = "2026-07-15", "2026-07-16", "2026-07-23", "2026-07-17"
QUIET, QUIET_TOO = "2026-08-24", "2026-08-25"     # the sample network has booked nothing for these: every desk is free


def booked(name, date, part, **more):
    answer = book(name, date, part, **more)
    equal(answer.status, 201, repr(answer))
    return answer.json()


def seq(space="ferme"):
    target, last = f"/v1/spaces/{space}/changes?after=0&limit=200", 0
    while target:
        page = get(target, by="demo").json()
        last, target = page["seq"], page["next"]
    return last


def a_free_place(space="ferme", date="2026-07-24", part="day"):
    """A desk free then, another one each time it has been booked."""
    return caller.free(space, date, part)[0]


# ---- booking ---------------------------------------------------------------------------------------------------------------------

@case("a booking is there, with all that was promised, where Location says")
def _():
    id = new_id()
    answer = book("ferme/Les Serres 3", THURSDAY_AFTER, "am", id=id)
    equal(answer.status, 201, repr(answer))
    made = answer.json()
    expected = {
        "id": id, "space_name": "La Ferme", "space_town": "Chimay", "country": "BE", "time_zone": "Europe/Brussels",
        "resource_name": "Les Serres 3", "resource_kind": "desk", "date": THURSDAY_AFTER, "part": "am",
        "start": "2026-07-23T09:00:00+02:00", "end": "2026-07-23T13:00:00+02:00", "state": "confirmed",
        "cancel_until": "2026-07-23T08:00:00+02:00", "net_cents": 800, "vat_permille": 210, "gross_cents": 968,
        "currency": "EUR", "version": 1, "created_at": "2026-07-15T07:30:00+02:00"}
    equal({name: made[name] for name in expected}, expected)
    equal((answer.header("ETag"), answer.header("Idempotent-Replayed")), ('"1"', None))
    there = get(answer.header("Location"), by="demo")
    equal((there.json(), there.header("ETag")), (made, '"1"'))
    equal(caller.halves("ferme/Les Serres 3", THURSDAY_AFTER, by="demo"), ("mine", "free"))
    assert made in get("/v1/members/me/bookings", by="demo").json()["items"]


@rows("edges and price", [
    ("a morning", "am", "09:00", "13:00", 800, 968), ("an afternoon", "pm", "13:00", "17:00", 800, 968),
    ("a day", "day", "09:00", "17:00", 1400, 1694)])
def _(part, start, end, net, gross):
    made = booked(a_free_place(), "2026-07-24", part)
    equal((made["start"][11:16], made["end"][11:16], made["net_cents"], made["gross_cents"]), (start, end, net, gross))


@rows("the place decides", [
    ("a French desk has French tax and hours", "rimbaud/R1", "2026-07-24", "pm",
     ("2026-07-24T18:00:00+02:00", 800, 200, 960, "2026-07-24T12:00:00+02:00")),
    ("a lunch closure does not split the day", "pepi/Poste 1", "2026-07-24", "day",
     ("2026-07-24T17:30:00+02:00", 1400, 200, 1680, "2026-07-24T07:30:00+02:00")),
    ("a meeting room can be cancelled until two hours before", "e420/Viroin", "2026-07-27", "am",
     ("2026-07-27T13:00:00+02:00", 4000, 210, 4840, "2026-07-27T06:30:00+02:00")),
    ("a training room until the day before", "e420/Fagne", "2026-07-27", "day",
     ("2026-07-27T17:00:00+02:00", 15000, 210, 18150, "2026-07-26T08:30:00+02:00")),
    ("what is free costs nothing", "e420/Cabine", "2026-07-27", "pm",
     ("2026-07-27T17:00:00+02:00", 0, 210, 0, "2026-07-27T12:00:00+02:00")),
])
def _(name, date, part, expected):
    made = preview(name, date, part).json()["booking"]
    equal(tuple(made[field] for field in ("end", "net_cents", "vat_permille", "gross_cents", "cancel_until")), expected)


@case("an afternoon may still be booked in the morning of the day, and so may the morning before it begins")
def _():
    assert booked(caller.free("rimbaud", TODAY, "am")[0], TODAY, "am")["cancel_until"] == "2026-07-15T08:00:00+02:00"
    booked(caller.free("rimbaud", TODAY, "pm")[0], TODAY, "pm")


@rows("refused", [
    ("on a holiday in Belgium", "ferme/Les Serres 3", "2026-07-21", "am", 422, "space-closed"),
    ("on a Sunday", "rimbaud/R1", "2026-07-19", "day", 422, "space-closed"),
    ("in a closure", "e420/A1", "2026-07-31", "day", 422, "space-closed"),
    ("a planned room", "ferme/La Mansarde", "2026-07-23", "am", 422, "resource-not-bookable"),
    ("a desk out of order", "e420/A7", "2026-07-23", "am", 422, "resource-not-bookable"),
    ("an office let by the month", "pepi/Bureau 101", "2026-07-23", "am", 422, "resource-not-bookable"),
    ("a desk of the incubator's own", "rimbaud/R12", "2026-07-23", "am", 422, "resource-not-bookable"),
    ("yesterday", "ferme/Les Serres 3", "2026-07-13", "am", 422, "booking-started"),
    ("93 days ahead", "ferme/Les Serres 3", "2026-10-16", "am", 422, "too-far-ahead"),
    ("years ahead", "ferme/Les Serres 3", "2050-07-14", "am", 422, "too-far-ahead"),
])
def _(name, date, part, status, problem):
    before = seq(name.partition("/")[0])
    key = new_id()
    answer = book(name, date, part, key=key)
    equal((answer.status, answer.problem), (status, problem))
    equal(seq(name.partition("/")[0]), before, "a refusal told the feed")
    again = book(name, date, part, key=key)
    equal((again.status, again.header("Idempotent-Replayed")), (status, None), "a refusal was kept")


@case("92 days ahead is near enough")
def _():
    booked("ferme/Les Serres 3", "2026-10-15", "am")


@case("21 July: closed in Chimay, open in Charleville")
def _():
    equal(book("ferme/Les Serres 3", "2026-07-21", "am").problem, "space-closed")
    booked(caller.free("rimbaud", "2026-07-21", "am")[0], "2026-07-21", "am")


@case("my own place a second time is already mine, not taken")
def _():
    place = a_free_place("pepi", "2026-07-23", "day")
    booked(place, "2026-07-23", "am")
    for part in ("am", "day"):
        answer = book(place, "2026-07-23", part)
        equal((answer.status, answer.problem), (422, "already-mine"), part)
    booked(place, "2026-07-23", "pm")


@rows("somebody has", [("the same morning", "am", "am"), ("the day, I want the afternoon", "day", "pm"),
                       ("the afternoon, I want the day", "pm", "day")])
def _(theirs, mine):
    place = a_free_place(date=QUIET)
    booked(place, QUIET, theirs, by="plume")
    before = seq()
    answer = book(place, QUIET, mine)
    equal((answer.status, answer.problem), (409, "slot-taken"))
    equal(seq(), before)
    assert answer.json()["alternatives"], "nothing offered instead"
    assert "plume" not in answer.body.decode().lower()


@case("the other half of a taken place can be had")
def _():
    place = caller.free("ferme", "2026-07-29", "day")[0]
    booked(place, "2026-07-29", "am", by="plume")
    booked(place, "2026-07-29", "pm")


# ---- by the hour -------------------------------------------------------------------------------------------------------------------

@case("two hours of a room: the answer carries date, part, hours, start and end, and the day shows them to me as mine")
def _():
    made = booked("ferme/L'Étable", QUIET, "14:00-16:00")
    equal({name: made[name] for name in ("date", "part", "hours", "start", "end", "net_cents", "gross_cents", "cancel_until")},
          {"date": QUIET, "part": "hours", "hours": ["14:00", "16:00"], "start": f"{QUIET}T14:00:00+02:00",
           "end": f"{QUIET}T16:00:00+02:00", "net_cents": 2400, "gross_cents": 2904, "cancel_until": f"{QUIET}T12:00:00+02:00"})
    equal(caller.busy("ferme/L'Étable", QUIET, by="demo"), ["14:00-16:00 mine"])
    equal(caller.busy("ferme/L'Étable", QUIET), ["14:00-16:00 taken"])
    equal(caller.halves("ferme/L'Étable", QUIET, by="demo"), ("free", "mine"))
    assert made in get("/v1/members/me/bookings", by="demo").json()["items"]


@case("back to back is not in the way: three people, one room, one afternoon; cancelled hours are free again")
def _():
    first = booked("ferme/La Grange", QUIET, "14:00-15:00")
    booked("ferme/La Grange", QUIET, "15:00-15:15", by="plume")
    booked("ferme/La Grange", QUIET, "15:15-17:00")
    equal(caller.busy("ferme/La Grange", QUIET, by="plume"), ["14:00-15:00 taken", "15:00-15:15 mine", "15:15-17:00 taken"])
    equal(cancel(first).status, 204)
    booked("ferme/La Grange", QUIET, "13:00-15:00", by="plume")


@rows("hours refused", [
    ("a desk", "ferme/Les Serres 3", QUIET_TOO, "14:00-16:00", 422, "not-by-the-hour"),
    ("before it opens", "ferme/La Grange", QUIET_TOO, "08:45-10:00", 422, "outside-hours"),
    ("after it closes", "ferme/La Grange", QUIET_TOO, "16:00-17:15", 422, "outside-hours"),
    ("gone over lunch", "pepi/Meuse", QUIET_TOO, "11:00-13:00", 422, "outside-hours"),
    ("on a Sunday", "ferme/La Grange", "2026-07-19", "14:00-16:00", 422, "space-closed"),
    ("off the granule", "ferme/La Grange", QUIET_TOO, "14:10-16:00", 422, "off-step"),
    ("yesterday", "ferme/La Grange", "2026-07-14", "14:00-16:00", 422, "booking-started"),
    ("a planned studio", "e420/Studio son", QUIET_TOO, "14:00-16:00", 422, "resource-not-bookable"),
    ("no time at all", "ferme/La Grange", QUIET_TOO, "14:00-14:00", 422, "validation"),
    ("backwards", "ferme/La Grange", QUIET_TOO, "16:00-14:00", 422, "validation"),
    ("hours nobody has", "ferme/La Grange", QUIET_TOO, "24:00-25:00", 422, "validation"),
    ("no start", "ferme/La Grange", QUIET_TOO, "-16:00", 422, "validation"),
])
def _(name, date, part, status, problem):
    before = seq(name.partition("/")[0])
    answer = book(name, date, part)
    equal((answer.status, answer.problem), (status, problem))
    equal(seq(name.partition("/")[0]), before, "a refusal told the feed")


@case("one may come in the morning and leave after lunch, when somebody is there again")
def _():
    equal(booked("pepi/Meuse", QUIET_TOO, "11:00-14:00")["hours"], ["11:00", "14:00"])


@rows("somebody has hours", [("some of the same", "10:30-12:30"), ("the half-day they lie in", "am"), ("the day", "day"),
                             ("all of them and more", "09:30-13:30")])
def _(wanted):
    if caller.busy("e420/Viroin", QUIET) == []:
        booked("e420/Viroin", QUIET, "10:00-12:00", by="plume")
    answer = book("e420/Viroin", QUIET, wanted)
    equal((answer.status, answer.problem), (409, "slot-taken"))
    assert "plume" not in answer.body.decode().lower()


@case("the nearest free hours are offered, as a request that can be sent, and they can be had")
def _():
    booked("e420/Viroin", QUIET_TOO, "10:00-12:00", by="plume")
    offers = book("e420/Viroin", QUIET_TOO, "11:00-12:00").json()["alternatives"]
    here = [offer for offer in offers if offer["resource_name"] == "Viroin"]
    equal([(offer["date"], offer["part"], offer["start"], offer["end"]) for offer in here],
          [(QUIET_TOO, "hours", "12:00", "13:00"), (QUIET_TOO, "hours", "09:00", "10:00")])
    id = new_id()
    wish = {name: here[0][name] for name in ("resource_id", "date", "part", "start", "end")}
    equal(call("POST", "/v1/spaces/e420/bookings", {**wish, "id": id}, by="demo", key=id).status, 201)
    assert any(offer["space_name"] == "La Ferme" and offer["start"] == "11:00" for offer in offers), offers


@case("hours never cost more than the half-day they lie in")
def _():
    equal(preview("e420/Viroin", "2026-08-26", "08:30-13:00").json()["booking"]["net_cents"], 4000)
    equal(preview("e420/Viroin", "2026-08-26", "08:30-09:45").json()["booking"]["net_cents"], 1500)


# ---- preview and alternatives ------------------------------------------------------------------------------------------------------

@case("a preview changes nothing and needs no key")
def _():
    before = seq(), caller.server.sql("SELECT count(*) FROM booking")
    answer = preview("ferme/Les Serres 3", "2026-07-30", "am")
    equal(answer.status, 200)
    equal((answer.json()["obstacles"], answer.json()["booking"]["id"]), ([], ""))
    equal((seq(), caller.server.sql("SELECT count(*) FROM booking")), before)


@rows("a preview names the obstacle", [
    ("closed", "ferme/Les Serres 3", "2026-07-21", "am", ["space-closed"]),
    ("not bookable", "e420/A7", "2026-07-23", "am", ["resource-not-bookable"]),
    ("past", "ferme/Les Serres 3", "2026-07-13", "am", ["booking-started"]),
    ("too far", "ferme/Les Serres 3", "2026-10-16", "am", ["too-far-ahead"]),
    ("mine already", "ferme/Les Serres 3", TOMORROW, "am", ["already-mine"]),
    ("several at once", "e420/A7", "2026-07-21", "am", ["space-closed", "resource-not-bookable"]),
])
def _(name, date, part, expected):
    equal([obstacle["rule"] for obstacle in preview(name, date, part).json()["obstacles"]], expected)


@case("a taken place: the nearest come first, and all of them can really be booked")
def _():
    place = caller.free("ferme", "2026-08-03", "day")[0]
    booked(place, "2026-08-03", "am", by="plume")
    told = preview(place, "2026-08-03", "am").json()
    equal([obstacle["rule"] for obstacle in told["obstacles"]], ["slot-taken"])
    offered = told["alternatives"]
    assert 3 <= len(offered) <= 8, offered
    ferme = get("/v1/spaces/ferme").json()["id"]
    kinds = {item["resource_kind"] for item in offered}
    equal(kinds, {"desk"})

    def nearness(item):
        if item["space_id"] != ferme:
            return 2
        return 0 if item["resource_id"] != caller.resource(place) else 1
    equal([nearness(item) for item in offered], sorted(nearness(item) for item in offered))
    assert {nearness(item) for item in offered} >= {0, 1}, offered
    for item in offered:
        again = call("POST", f"/v1/spaces/{item['space_id']}/bookings:preview",
                     {"resource_id": item["resource_id"], "date": item["date"], "part": item["part"]}, by="demo").json()
        equal(again["obstacles"], [], str(item))


@case("a closed day: what is offered lies on open days or elsewhere")
def _():
    answer = book("ferme/Les Serres 3", "2026-07-21", "am")
    equal(answer.problem, "space-closed")
    offered = answer.json().get("alternatives", [])
    assert offered
    for item in offered:
        equal(get(f"/v1/spaces/{item['space_id']}?date={item['date']}").json()["day"]["open"], True, str(item))


# ---- the same key --------------------------------------------------------------------------------------------------------------------

def post(wish, by="demo", space="ferme", **more):
    return call("POST", f"/v1/spaces/{space}/bookings", wish, by=by, **more)


@case("without a key nothing is booked")
def _():
    answer = post(caller.wish("ferme/Les Serres 3", "2026-07-30", "am", id=new_id()))
    equal((answer.status, answer.problem), (400, "idempotency-key-missing"))
    equal(caller.halves("ferme/Les Serres 3", "2026-07-30")[0], "free")


@rows("a key that is none", [
    ("short", "abcdefg"), ("long", "a" * 65), ("empty", ""), ("with a space", "abcd efgh"), ("half in quotes", '"abcdefgh'),
    ("in other quotes", "'abcdefgh'"), ("with a parameter", '"abcdefgh";a=1'), ("a list", '"abcdefgh", "ijklmnop"')])
def _(key):
    answer = post(caller.wish("ferme/Les Serres 3", "2026-07-30", "am", id=new_id()), headers={"Idempotency-Key": key})
    equal(answer.status, 400, repr(answer))


@case("the same again is the same answer, and happens once")
def _():
    place, key = a_free_place(date="2026-07-30"), new_id()
    wish = caller.wish(place, "2026-07-30", "pm", id=key)
    first = post(wish, key=key)
    equal(first.status, 201)
    before = seq()
    for spelling in (key, f'"{key}"'):
        again = post(wish, key=spelling)
        equal((again.status, again.body), (201, first.body))
        equal(again.header("Idempotent-Replayed"), "true")
        for name in ("Location", "ETag", "Content-Type"):
            equal(again.header(name), first.header(name), name)
    equal(seq(), before)


@case("the same members in another order are the same request")
def _():
    place, key = a_free_place(date="2026-07-30"), new_id()
    wish = caller.wish(place, "2026-07-30", "am", id=key)
    equal(post(wish, key=key).status, 201)
    again = post(dict(reversed(wish.items())), key=key)
    equal((again.status, again.header("Idempotent-Replayed")), (201, "true"))


@case("the space's id for its slug is the same request too, or another: never a second booking")
def _():
    place, key = a_free_place(date="2026-07-30"), new_id()
    wish = caller.wish(place, "2026-07-30", "am", id=key)
    equal(post(wish, key=key).status, 201)
    again = post(wish, key=key, space=get("/v1/spaces/ferme").json()["id"])
    assert (again.status, again.problem) in ((201, ""), (422, "idempotency-key-reused")), again


@rows("a key used for another request is refused", [
    ("another part", {"part": "pm"}), ("another date", {"date": QUIET}), ("another id", {"id": new_id()})])
def _(more):
    place, key = a_free_place(date=QUIET_TOO), new_id()
    wish = caller.wish(place, QUIET_TOO, "am", id=key)
    equal(post(wish, key=key).status, 201)
    before = seq()
    answer = post({**wish, **more}, key=key)
    equal((answer.status, answer.problem), (422, "idempotency-key-reused"))
    equal(seq(), before)


@case("my key is mine: another member may use the same one")
def _():
    key = "the-same-key-for-both"
    mine, theirs = caller.free("rimbaud", "2026-07-27", "am")[:2]
    equal(post(caller.wish(mine, "2026-07-27", "am", id=new_id()), key=key, space="rimbaud").status, 201)
    answer = post(caller.wish(theirs, "2026-07-27", "am", id=new_id()), key=key, space="rimbaud", by="plume")
    equal((answer.status, answer.header("Idempotent-Replayed")), (201, None))


@case("S09 whoever was told no for a key can rely on it: the first try that comes late, when the way is free, is told the same")
def _():
    place, key = caller.free("rimbaud", "2026-07-28", "day")[0], new_id()
    theirs = booked(place, "2026-07-28", "am", by="plume")
    wish = caller.wish(place, "2026-07-28", "am", id=key)
    told = post(wish, key=key, space="rimbaud")
    equal((told.status, told.problem, told.header("Idempotent-Replayed")), (409, "slot-taken", None))
    equal(cancel(theirs, by="plume").status, 204)
    before = seq("rimbaud")
    late = post(wish, key=key, space="rimbaud")
    equal((late.status, late.body, late.header("Idempotent-Replayed")), (409, told.body, "true"))
    equal((seq("rimbaud"), caller.halves(place, "2026-07-28")[0]), (before, "free"))
    equal(post({**wish, "part": "pm"}, key=key, space="rimbaud").problem, "idempotency-key-reused")
    equal(post({**wish, "id": new_id()}, key=new_id(), space="rimbaud").status, 201)


@rows("S09 what only says to come again is not kept: the same key with what was missing is carried out", [
    ("another version", '"7"', 412), ("no version", None, 428)])
def _(match, status):
    made = booked(a_free_place(date=QUIET), QUIET, "am")
    target, key = f"/v1/spaces/ferme/bookings/{made['id']}", new_id()

    def rename(match):
        return call("PATCH", target, {"note": "à deux"}, by="demo", key=key, headers={"If-Match": match})
    equal(rename(match).status, status)
    equal(rename('"1"').status, 200)
    equal((rename('"7"').status, rename('"7"').header("Idempotent-Replayed")), (200, "true"))
    equal(cancel(made, match="*").status, 204)


@case("S09 nothing to cancel is an answer too: what was booked since is not cancelled by the first try that comes late")
def _():
    body, key = {"from": "2026-09-28", "to": "2026-09-29"}, new_id()

    def cancel_all():
        return call("POST", "/v1/spaces/ferme/bookings:cancel", body, by="demo", key=key)
    equal((cancel_all().status, cancel_all().json()["cancelled"]), (200, 0))
    made = booked(a_free_place(date="2026-09-28"), "2026-09-28", "am")
    late = cancel_all()
    equal((late.status, late.header("Idempotent-Replayed")), (200, "true"))
    equal(get(f"/v1/spaces/ferme/bookings/{made['id']}", by="demo").json()["state"], "confirmed")


@case("an id that is somebody's already is no way to their booking")
def _():
    theirs = booked(caller.free("rimbaud", "2026-07-29", "am")[0], "2026-07-29", "am", by="plume")
    place = caller.free("rimbaud", "2026-07-29", "am")[0]
    answer = post(caller.wish(place, "2026-07-29", "am", id=theirs["id"]), key=new_id(), space="rimbaud")
    equal((answer.status, answer.problem), (409, "id-taken"))
    equal(get(f"/v1/spaces/rimbaud/bookings/{theirs['id']}", by="plume").json(), theirs)
    equal(get(f"/v1/spaces/rimbaud/bookings/{theirs['id']}", by="demo").status, 404)


@case("a key is remembered when its booking is cancelled: nothing comes back by itself")
def _():
    place, key = a_free_place("rimbaud", "2026-07-30"), new_id()
    wish = caller.wish(place, "2026-07-30", "am", id=key)
    made = post(wish, key=key, space="rimbaud").json()
    equal(cancel(made).status, 204)
    again = post(wish, key=key, space="rimbaud")
    equal((again.status, again.header("Idempotent-Replayed")), (201, "true"))
    equal(caller.halves(place, "2026-07-30")[0], "free")


@case("S09 the same key twenty times at once: one effect, and all have its answer")
def _():
    place, key = a_free_place("rimbaud", "2026-08-03"), new_id()
    wish = caller.wish(place, "2026-08-03", "am", id=key)
    before, answers, gate = seq("rimbaud"), [], threading.Barrier(20)

    def one():
        wire = caller.server.connection()
        wire.connect()
        gate.wait()
        answers.append(caller.server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"],
                                             key=key, connection=wire))
        wire.close()
    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(len(answers), 20)
    equal({answer.status for answer in answers}, {201}, "the others wait for the first, and are told what it was told")
    equal(sum(not answer.header("Idempotent-Replayed") for answer in answers), 1)
    equal(seq("rimbaud"), before + 1)


# ---- cancelling --------------------------------------------------------------------------------------------------------------------

@case("cancelled: gone from my day, the place is free, the feed knows")
def _():
    place = a_free_place(date="2026-08-04")
    made = booked(place, "2026-08-04", "day")
    before = seq()
    equal(cancel(made).status, 204)
    equal(caller.halves(place, "2026-08-04"), ("free", "free"))
    assert made["id"] not in [item["id"] for item in get("/v1/members/me/bookings", by="demo").json()["items"]]
    there = get(f"/v1/spaces/ferme/bookings/{made['id']}", by="demo")
    equal((there.json()["state"], there.json()["version"], there.header("ETag")), ("cancelled", 2, '"2"'))
    told = get(f"/v1/spaces/ferme/changes?after={before}", by="demo").json()["items"]
    equal([(item["seq"], item["kind"], item["ref"], item["version"]) for item in told],
          [(before + 1, "booking.cancelled", made["id"], 2)])
    booked(place, "2026-08-04", "day", by="plume")


@case("cancelling twice is done once and well both times, whatever If-Match says, even nothing")
def _():
    made = booked(a_free_place(date="2026-08-05"), "2026-08-05", "am")
    target = f"/v1/spaces/ferme/bookings/{made['id']}"
    equal(cancel(made).status, 204)
    before = seq()
    for headers in ({"If-Match": '"1"'}, {"If-Match": '"2"'}, {"If-Match": "*"}, {}):
        equal(call("DELETE", target, by="demo", headers=headers).status, 204, str(headers))
    equal(seq(), before)


@rows("If-Match", [
    ("absent", None, 428, "version-required"), ("another version", '"7"', 412, "stale-version"),
    ("weak", 'W/"1"', 412, "stale-version"), ("a list without it", '"7", "8"', 412, "stale-version"),
    ("not quoted", "1", 412, "stale-version")])
def _(value, status, problem):
    made = booked(a_free_place(date="2026-08-06", part="am"), "2026-08-06", "am")
    answer = call("DELETE", f"/v1/spaces/ferme/bookings/{made['id']}", by="demo", headers={"If-Match": value})
    equal((answer.status, answer.problem), (status, problem))
    equal(get(f"/v1/spaces/ferme/bookings/{made['id']}", by="demo").json()["state"], "confirmed")
    equal(cancel(made).status, 204)


@rows("If-Match that fits", [("the version", '"1"'), ("any", "*"), ("a list with it", '"7", "1"')])
def _(value):
    made = booked(a_free_place(date="2026-08-06", part="pm"), "2026-08-06", "pm")
    equal(cancel(made, match=value).status, 204)


@case("another's booking is not found: not to read, not to cancel")
def _():
    theirs = booked(a_free_place(date="2026-08-07"), "2026-08-07", "am", by="plume")
    for method in ("GET", "DELETE"):
        answer = call(method, f"/v1/spaces/ferme/bookings/{theirs['id']}", by="demo", headers={"If-Match": "*"})
        equal((answer.status, answer.problem), (404, "not-found"), method)
    equal(get(f"/v1/spaces/rimbaud/bookings/{theirs['id']}", by="plume").status, 404, "in another space")
    equal(get(f"/v1/spaces/ferme/bookings/{theirs['id']}", by="plume").json(), theirs)


@case("after the window it is too late to cancel; once begun it has begun")
def _():
    morning = booked(caller.free("rimbaud", TODAY, "am")[0], TODAY, "am")
    room = booked("rimbaud/Bateau ivre", TODAY, "am")          # two hours before 09:00 is 07:00: past
    equal(cancel(morning).status, 204)
    answer = cancel(room)
    equal((answer.status, answer.problem), (409, "cancel-too-late"))
    past = get("/v1/members/me/bookings?from=2026-06-15", by="demo").json()["items"][0]
    answer = cancel(past)
    equal((answer.status, answer.problem), (409, "booking-started"))


@case("an ETag of my bookings changes when they do")
def _():
    tag = get("/v1/members/me/bookings", by="demo").header("ETag")
    made = booked(a_free_place(date="2026-08-10"), "2026-08-10", "am")
    assert get("/v1/members/me/bookings", by="demo", headers={"If-None-Match": tag}).status == 200
    tag = get("/v1/spaces/ferme/availability?date=2026-08-10").header("ETag")
    spaces = get("/v1/spaces?date=2026-08-10").header("ETag")
    cancel(made)
    assert get("/v1/spaces/ferme/availability?date=2026-08-10", headers={"If-None-Match": tag}).status == 200
    assert get("/v1/spaces?date=2026-08-10", headers={"If-None-Match": spaces}).status == 200


@case("inside: every confirmed booking holds its granules, every cancelled one none, and the feed has no gap")
def _():
    sql = caller.server.sql
    equal(sql("""SELECT b.id FROM booking b JOIN space s ON s.id = b.space_id
                 LEFT JOIN (SELECT space_id, booking_id, count(*) AS held FROM slot GROUP BY 1, 2) h
                        ON h.space_id = b.space_id AND h.booking_id = b.id
                 WHERE coalesce(held, 0) <> CASE state WHEN 'cancelled' THEN 0 ELSE (end_at - start_at) / granule_s END"""), [])
    equal(sql("SELECT space_id FROM change_log GROUP BY space_id HAVING count(*) <> max(seq) OR min(seq) <> 1"), [])


run(caller.server.stop)
