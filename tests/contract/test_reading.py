"""What can be read: spaces, their day, resources, availability, changes; with and without a token; and how it is cached."""
import json

from caller import Caller
from tap import case, equal, rows, run

TODAY = "2026-07-15"
caller = Caller()
call, get = caller.call, caller.get


def space_on(slug, date):
    return get(f"/v1/spaces/{slug}?date={date}").json()["day"]


@case("alive and ready")
def _():
    equal(get("/livez").body.strip(), b"ok")
    equal(get("/readyz").json()["status"], "pass")


@case("meta says which, what and for how long")
def _():
    meta = get("/v1/meta").json()
    equal((meta["idempotency_ttl_s"], meta["sample_data"]), (86400, True))
    assert {"booking", "preview", "changes", "moves", "oauth"} <= set(meta["features"])
    equal(meta["api"], caller.contract.document["info"]["version"], "the interface has one version")


@case("spaces come in the order they were written, with today, marked as sample data")
def _():
    items = get("/v1/spaces").json()["items"]
    equal([item["slug"] for item in items], ["e420", "ferme", "pepi", "rimbaud"])
    for item in items:
        equal((item["day"]["date"], item["day"]["open"], item["sample_data"]), (TODAY, True, True), item["slug"])


@case("a space is found by slug and by id")
def _():
    ferme = get("/v1/spaces/ferme").json()
    equal(get(f"/v1/spaces/{ferme['id']}").json(), ferme)
    equal((ferme["name"], ferme["town"], ferme["country"], ferme["vat_permille"]), ("La Ferme", "Chimay", "BE", 210))


@rows("day", [
    ("an ordinary Wednesday", "ferme", TODAY, True, None, None, [["09:00", "17:00"]]),
    ("a lunch closure is shown", "pepi", TODAY, True, None, None, [["08:30", "12:30"], ["13:30", "17:30"]]),
    ("21 July closes Belgium", "e420", "2026-07-21", False, "holiday", "belgian_national_day", []),
    ("21 July leaves France open", "rimbaud", "2026-07-21", True, None, None, [["09:00", "18:00"]]),
    ("14 July closes France", "pepi", "2026-07-14", False, "holiday", "bastille_day", []),
    ("14 July leaves Belgium open", "ferme", "2026-07-14", True, None, None, [["09:00", "17:00"]]),
    ("8 May closes France alone", "rimbaud", "2026-05-08", False, "holiday", "victory_1945", []),
    ("Whit Monday closes both", "ferme", "2026-05-25", False, "holiday", "whit_monday", []),
    ("Ascension is 39 days after Easter", "ferme", "2026-05-14", False, "holiday", "ascension", []),
    ("a Sunday", "ferme", "2026-07-19", False, "weekly", None, []),
    ("a closure of the space", "e420", "2026-07-31", False, "closure", None, []),
])
def _(slug, date, is_open, closed, holiday, hours):
    day = space_on(slug, date)
    equal((day["date"], day["open"], day["closed"], day["holiday"], day["hours"]), (date, is_open, closed, holiday, hours))
    if not is_open:
        equal((day["free_morning"], day["free_afternoon"]), (0, 0))


@case("a closure tells its reason")
def _():
    equal(space_on("e420", "2026-07-31")["reason"], "formation de l'équipe d'accueil")


@rows("the list of spaces tells the same day as the space itself", [(date, date) for date in
                                                                     (TODAY, "2026-07-21", "2026-07-16", "2026-07-17")])
def _(date):
    for item in get(f"/v1/spaces?date={date}").json()["items"]:
        equal(item["day"], space_on(item["slug"], date), item["slug"])


@rows("free desks counted are the free desks listed", [(f"{slug} {date}", slug, date) for slug in
                                                        ("e420", "ferme", "pepi", "rimbaud")
                                                        for date in ("2026-07-16", "2026-07-17", "2026-07-21")])
def _(slug, date):
    answer = get(f"/v1/spaces/{slug}/availability?date={date}").json()
    desks = [row for row in answer["items"] if row["resource"]["kind"] == "desk" and
             row["resource"]["state"] == "bookable"]
    day = answer["space"]["day"]
    equal(day["desks"], len(desks))
    equal(day["free_morning"], sum(row["morning"] == "free" for row in desks), "morning")
    equal(day["free_afternoon"], sum(row["afternoon"] == "free" for row in desks), "afternoon")


@case("availability lists every resource in its order")
def _():
    listed = get("/v1/spaces/e420/resources").json()["items"]
    equal([row["resource"] for row in get("/v1/spaces/e420/availability").json()["items"]], listed)
    equal([item["name"] for item in listed][:12], [f"A{number}" for number in range(1, 13)])


def put_together(alone, resources):
    """What /availability would say, from a day alone and what stays as it is."""
    told = {item["index"]: item for item in alone["items"]}
    rows = []
    for at, resource in enumerate(resources):
        item = told.get(at, {})
        rows.append({"resource": {**resource, "state": item.get("state", "bookable"), "state_reason": item.get("state_reason", "")},
                     "morning": item.get("morning", "free"), "afternoon": item.get("afternoon", "free"), "busy": item.get("busy", []),
                     "my_booking_id": item.get("my_booking_id")})
    return rows


@rows("a day alone and the resources are its availability", [(f"{slug} {date} {by}", slug, date, by) for slug in
                                                             ("e420", "ferme", "pepi", "rimbaud")
                                                             for date in ("2026-07-16", "2026-07-20", "2026-07-21", "2026-07-23") for by in (None, "demo")])
def _(slug, date, by):
    whole = get(f"/v1/spaces/{slug}/availability?date={date}", by=by).json()
    resources = get(f"/v1/spaces/{slug}/resources").json()["items"]
    alone = get(f"/v1/spaces/{slug}/day?date={date}", by=by).json()
    equal(put_together(alone, resources), whole["items"])
    tag = get(f"/v1/spaces/{slug}/availability?date={date}", by=by).header("ETag")
    equal(get(f"/v1/spaces/{slug}/day?date={date}", by=by, headers={"If-None-Match": tag}).status, 304)
    equal(get(f"/v1/spaces/{slug}/day?date={date}&resource={resources[0]['id']}", by=by, headers={"If-None-Match": tag}).status, 200)
    equal((alone["day"], alone["version"]), (whole["space"]["day"], whole["space"]["version"]))
    told = {item["index"]: item for item in alone["items"]}
    for at in (0, 4, len(resources) - 1):
        one = get(f"/v1/spaces/{slug}/day?date={date}&resource={resources[at]['id']}", by=by).json()
        equal((one["items"], one["day"], one["version"]), ([told.get(at, {"index": at})], alone["day"], alone["version"]))


@case("a day alone of a resource that is elsewhere has no row, and of what is none is refused")
def _():
    elsewhere = get("/v1/spaces/e420/resources").json()["items"][0]["id"]
    equal(get(f"/v1/spaces/ferme/day?resource={elsewhere}").json()["items"], [])
    equal(get("/v1/spaces/ferme/day?resource=A1").status, 400)


@rows("a half is", [
    ("past", "ferme/Les Serres 1", "2026-07-13", ("past", "past")),
    ("closed", "ferme/Les Serres 1", "2026-07-19", ("closed", "closed")),
    ("not bookable when out of order", "e420/A7", "2026-07-16", ("not_bookable", "not_bookable")),
    ("not bookable when planned", "ferme/La Mansarde", "2026-07-16", ("not_bookable", "not_bookable")),
    ("not bookable when only shown", "pepi/Bureau 101", "2026-07-16", ("not_bookable", "not_bookable")),
])
def _(name, date, expected):
    equal(caller.halves(name, date), expected)


@case("what is mine is mine with my token, taken with another and without")
def _():
    equal(caller.halves("ferme/Les Serres 3", "2026-07-16", by="demo")[0], "mine")
    equal(caller.halves("ferme/Les Serres 3", "2026-07-16", by="plume")[0], "taken")
    equal(caller.halves("ferme/Les Serres 3", "2026-07-16")[0], "taken")
    rows = get("/v1/spaces/ferme/availability?date=2026-07-16", by="demo").json()["items"]
    mine = [row["my_booking_id"] for row in rows if row["my_booking_id"]]
    equal([item["id"] for item in get("/v1/members/me/bookings", by="demo").json()["items"]][:1], mine)


@case("nothing that all can read names a person")
def _():
    people = [value for row in caller.server.sql("SELECT id, name FROM member") for value in row]
    people += [login for (login,) in caller.server.sql("SELECT login FROM member") if "." in login]
    assert len(people) > 150
    for path in ("/v1/spaces", "/v1/spaces/ferme", "/v1/spaces/ferme/resources",
                 *(f"/v1/spaces/{slug}/{what}" for slug in ("e420", "ferme", "pepi", "rimbaud") for what in ("availability", "day"))):
        text = get(path).body.decode()
        text += get(path, by="demo").body.decode()
        found = [person for person in people if person in text]
        assert not found, f"{path} names {found}"
    changes = get("/v1/spaces/ferme/changes?after=0&limit=200", by="demo").body.decode()
    assert not [person for person in people if person in changes]


@case("who am I")
def _():
    me = get("/v1/members/me", by="demo").json()
    equal((me["login"], me["name"]), ("demo", "Camille Noiret"))
    equal(me["home_space_id"], get("/v1/spaces/ferme").json()["id"])
    equal(me["usual_resource_id"], caller.resource("ferme/Les Serres 3"))


@case("awkward names come out as they went in")
def _():
    for login, name in (("anne-francoise.vandenbroeck", "Anne-Françoise Van den Broeck-d'Hulst"), ("plume", "Plume"),
                        ("lukasz.wroblewicz", "Łukasz Wróblewicz"), ("hanako.yamada", "山田 花子"),
                        ("noel.soeurvin", "Noël Sœurvin"), ("eleni.papadopetraki", "Ελένη Παπαδοπετράκη")):
        equal(get("/v1/members/me", by=login).json()["name"], name)


@case("my bookings come soonest first, from today, and from any day asked")
def _():
    coming = get("/v1/members/me/bookings", by="demo").json()["items"]
    equal([item["date"] for item in coming], sorted(item["date"] for item in coming))
    assert 3 <= len(coming) <= 4 and coming[0]["date"] == "2026-07-16", coming
    earlier = get("/v1/members/me/bookings?from=2026-06-15", by="demo").json()["items"]
    equal(earlier[-len(coming):], coming)
    assert len(earlier) > len(coming)
    equal(get("/v1/members/me/bookings?from=2026-10-01", by="demo").json()["items"], [])


@case("my bookings by pages are my bookings")
def _():
    whole = get("/v1/members/me/bookings?from=2026-06-15&limit=200", by="jean-baptiste.pironval").json()["items"]
    assert len(whole) > 6
    target, pages = "/v1/members/me/bookings?from=2026-06-15&limit=3", []
    while target:
        page = get(target, by="jean-baptiste.pironval").json()
        assert 1 <= len(page["items"]) <= 3
        pages += page["items"]
        target = page["next"]
    equal(pages, whole)


@case("another's cursor, a forged one and one for another question are refused")
def _():
    target = get("/v1/members/me/bookings?from=2026-06-15&limit=3", by="jean-baptiste.pironval").json()["next"]
    cursor = target.partition("cursor=")[2].partition("&")[0]
    forged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    equal(get(target, by="plume").status, 400, "another's")
    equal(get(target.replace(cursor, forged), by="jean-baptiste.pironval").status, 400, "forged")
    equal(get(f"/v1/members/me/bookings?from=2026-06-16&limit=3&cursor={cursor}", by="jean-baptiste.pironval").status, 400,
          "another question")


# ---- caching ------------------------------------------------------------------------------------------------------------

CACHED = [(path, path, by) for path, by in (
    ("/v1/spaces", None), ("/v1/spaces/ferme", None), ("/v1/spaces/ferme/resources", None),
    ("/v1/spaces/ferme/availability?date=2026-07-16", None), ("/v1/spaces/ferme/availability?date=2026-07-16", "demo"),
    ("/v1/spaces/ferme/day?date=2026-07-16", None), ("/v1/spaces/ferme/day?date=2026-07-16", "demo"),
    ("/v1/members/me", "demo"), ("/v1/members/me/bookings", "demo"))]


@rows("304 for who has it", CACHED)
def _(path, by):
    first = get(path, by=by)
    tag = first.header("ETag")
    assert tag, f"no ETag: {first}"
    for match, status in ((tag, 304), (tag.removeprefix("W/"), 304), ("*", 304), (f'"other", {tag}', 304),
                          ('"other"', 200), ('W/"other"', 200)):
        again = get(path, by=by, headers={"If-None-Match": match})
        equal(again.status, status, match)
        equal(again.header("ETag"), tag)


@case("a list has another ETag on another day, and for another person")
def _():
    tags = [get(f"/v1/spaces/ferme/availability?date={date}", by=by).header("ETag")
            for date, by in (("2026-07-16", None), ("2026-07-17", None), ("2026-07-16", "demo"), ("2026-07-16", "plume"))]
    equal(len(set(tags)), len(tags), str(tags))


@case("what is personal is not for shared caches")
def _():
    for path in ("/v1/members/me", "/v1/members/me/bookings", "/v1/spaces/ferme/availability"):
        control = get(path, by="demo").header("Cache-Control")
        assert "private" in control or "no-store" in control, f"{path}: {control}"


@rows("HEAD is GET without the body", [(path, path) for path in (
    "/livez", "/readyz", "/v1/meta", "/v1/spaces", "/v1/spaces/ferme", "/v1/spaces/ferme/resources", "/v1/members/me")])
def _(path):
    got, head = call("GET", path, by="demo"), call("HEAD", path, by="demo")
    equal(head.status, got.status)
    for name in ("Content-Type", "ETag", "Cache-Control", "Content-Length"):
        equal(head.header(name), got.header(name), name)


@rows("OPTIONS says what may be done", [
    ("/livez", "/livez", {"GET", "HEAD", "OPTIONS"}),
    ("/v1/sessions", "/v1/sessions", {"POST", "OPTIONS"}),
    ("/v1/spaces/ferme/bookings", "/v1/spaces/ferme/bookings", {"GET", "HEAD", "POST", "OPTIONS"}),
    ("a booking", "/v1/spaces/ferme/bookings/0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"}),
])
def _(path, expected):
    answer = call("OPTIONS", path)
    equal(answer.status, 204)
    equal({method.strip() for method in answer.header("Allow").split(",")}, expected)


# ---- the change feed -------------------------------------------------------------------------------------------------------

@case("changes are numbered from 1 without a gap, by pages as in one")
def _():
    target, items = "/v1/spaces/rimbaud/changes?after=0&limit=50", []
    while target:
        page = get(target, by="demo").json()
        items += page["items"]
        equal(page["seq"], items[-1]["seq"])
        target = page["next"]
    equal([item["seq"] for item in items], list(range(1, len(items) + 1)))
    assert len(items) > 200, len(items)
    rest = get(f"/v1/spaces/rimbaud/changes?after={len(items)}", by="demo").json()
    equal((rest["items"], rest["seq"], rest["reset"], rest["next"]), ([], len(items), None, None))


@case("the feed tells exactly the bookings and activities there are")
def _():
    told = set()
    target = "/v1/spaces/ferme/changes?after=0&limit=200"
    while target:
        page = get(target, by="demo").json()
        told |= {(item["kind"].partition(".")[0], item["ref"]) for item in page["items"]}
        target = page["next"]
    stored = set(caller.server.sql(
        """SELECT CASE login WHEN 'demo' THEN 'booking' ELSE 'availability' END, CASE login WHEN 'demo' THEN b.id ELSE resource_id END
           FROM booking b JOIN space s ON s.id = space_id JOIN member m ON m.id = member_id WHERE slug = 'ferme'
           UNION SELECT 'activity', a.id FROM activity a JOIN space s ON s.id = space_id WHERE slug = 'ferme'
           UNION SELECT 'signup', activity_id FROM signup JOIN space s ON s.id = space_id WHERE slug = 'ferme'"""))
    equal(told, stored)


@case("numbers in JSON are whole: no float for money or time")
def _():
    for path in ("/v1/spaces", "/v1/spaces/ferme/resources", "/v1/members/me/bookings"):
        json.loads(get(path, by="demo").body, parse_float=lambda text: (_ for _ in ()).throw(AssertionError(text)))


run(caller.server.stop)
