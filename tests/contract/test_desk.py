"""At the desk of a space: booking for somebody, cancelling for somebody, and the day as the desk sees it."""
from community import Community
from server import new_id
from tap import case, equal, rows, run
from walk import Wishes


class Network(Wishes, Community):
    pass


DESK, ADMIN, ZOE, PLUME = "benedicte.closset", "ines.sedanais", "zoe.lambermont", "plume"
caller = Network(cards={DESK: {"staff_of": "ferme"}, ADMIN: {"roles": [{"role": "administrator"}]}})
server, get, call, member_id = caller.server, caller.get, caller.call, caller.member_id
NAMES = {login: get("/v1/members/me", by=login).json()["name"] for login in (DESK, ZOE, PLUME)}


def book_for(login, by=DESK, space="ferme", id=None, wish=None, **more):
    id = id or new_id()
    body = caller.wish(*(wish or caller.some_wish(space)), id=id, on_behalf_of=member_id(login))
    return call("POST", f"/v1/spaces/{space}/bookings", body, by=by, key=id, **more)


def listed(query, by, space="ferme"):
    items, target = [], f"/v1/spaces/{space}/bookings?{query}"
    while target:
        page = get(target, by=by).json()
        items, target = items + page["items"], page["next"]
    return items


# ---- on behalf of somebody -----------------------------------------------------------------------------------------------------------

@case("the booking is the member's: in their list, theirs to cancel, and not the desk's own")
def _():
    booking = book_for(ZOE).json()
    equal(booking["member"], {"id": member_id(ZOE), "name": NAMES[ZOE]})
    theirs = get(f"/v1/members/me/bookings?from={booking['date']}&limit=200", by=ZOE).json()["items"]
    assert booking["id"] in {item["id"] for item in theirs}
    desks = get(f"/v1/members/me/bookings?from={booking['date']}&limit=200", by=DESK).json()["items"]
    assert booking["id"] not in {item["id"] for item in desks}
    equal(caller.cancel(booking, by=ZOE).status, 204)


@case("the audit line names who did it, not whose it is")
def _():
    booking = book_for(ZOE, headers={"Request-Id": "desk-books"}).json()
    equal(caller.cancel(booking, by=DESK).status, 204)
    server.stop()
    lines = server.sql("SELECT action, actor FROM audit WHERE ref = ? ORDER BY seq", booking["id"])
    owner = server.sql("SELECT member_id FROM booking WHERE id = ?", booking["id"])
    server.start()
    equal(lines, [("booking.created", member_id(DESK)), ("booking.cancelled", member_id(DESK))])
    equal(owner, [(member_id(ZOE),)])


@case("S09 the same key again is the same booking; the same key for another member is another request")
def _():
    wish, id = caller.some_wish("ferme"), new_id()
    first = book_for(ZOE, wish=wish, id=id)
    again = book_for(ZOE, wish=wish, id=id)
    equal((first.status, again.status, again.header("Idempotent-Replayed"), again.body == first.body), (201, 201, "true", True))
    equal(book_for(PLUME, wish=wish, id=id).problem, "idempotency-key-reused")
    equal(call("POST", "/v1/spaces/ferme/bookings", caller.wish(*wish, id=id), by=DESK, key=id).problem, "idempotency-key-reused")


@case("rules look at whoever it is for: what is theirs already is theirs already")
def _():
    wish = caller.some_wish("ferme")
    mine = caller.book(*wish, by=ZOE).json()
    preview = call("POST", "/v1/spaces/ferme/bookings:preview", caller.wish(*wish, on_behalf_of=member_id(ZOE)), by=DESK).json()
    equal([obstacle["rule"] for obstacle in preview["obstacles"]], ["already-mine"])
    preview = call("POST", "/v1/spaces/ferme/bookings:preview", caller.wish(*wish), by=DESK).json()
    equal([obstacle["rule"] for obstacle in preview["obstacles"]], ["slot-taken"])
    equal(caller.cancel(mine, by=ZOE).status, 204)


@case("a series for somebody is theirs, with their name; its preview looks at them too")
def _():
    mine, id = caller.book("ferme/Les Serres 3", "2026-10-05", "am", by=ZOE).json(), new_id()
    wish = caller.wish("ferme/Les Serres 3", "2026-10-05", "am", repeat={"every": "day", "count": 2}, on_behalf_of=member_id(ZOE))
    preview = call("POST", "/v1/spaces/ferme/bookings:preview", wish, by=DESK).json()
    equal([[obstacle["rule"] for obstacle in item["obstacles"]] for item in preview["items"]], [["already-mine"], []])
    made = call("POST", "/v1/spaces/ferme/bookings:series", {**wish, "id": id}, by=DESK, key=id)
    equal([(item["outcome"], item.get("booking", {}).get("member", {}).get("id")) for item in made.json()["items"]],
          [("refused", None), ("booked", member_id(ZOE))])
    target = f"/v1/spaces/ferme/bookings/{made.json()['items'][1]['booking']['id']}"
    equal(get(target, by=ZOE).status, 200)
    answer = call("POST", "/v1/spaces/ferme/bookings:series", {**wish, "id": new_id()}, by=PLUME, key=new_id())
    equal((answer.status, answer.problem), (403, "not-allowed"))
    equal([caller.cancel(booking, by=ZOE).status for booking in (mine, get(target, by=ZOE).json())], [204, 204])


@case("for oneself nobody needs to be staff")
def _():
    answer = book_for(PLUME, by=PLUME)
    equal((answer.status, "member" in answer.json()), (201, False))


@rows("only at one's own desk", [("a member for another", ZOE, "ferme"), ("the desk in another space", DESK, "rimbaud")])
def _(login, space):
    equal(book_for(PLUME, by=login, space=space).problem, "not-allowed")


@rows("the member is one", [("nobody", new_id()), ("a login", ZOE), ("a number", 7), ("nothing", None), ("capitals", new_id().upper())])
def _(whom):
    id = new_id()
    answer = call("POST", "/v1/spaces/ferme/bookings", caller.wish(*caller.some_wish("ferme"), id=id, on_behalf_of=whom), by=DESK, key=id)
    equal((answer.status, answer.problem, answer.json()["errors"][0]["pointer"]), (422, "validation", "#/on_behalf_of"))


@case("who may not is told the same for a member and for nobody")
def _():
    told = set()
    for whom in (member_id(PLUME), new_id()):
        id = new_id()
        answer = call("POST", "/v1/spaces/ferme/bookings", caller.wish(*caller.some_wish("ferme"), id=id, on_behalf_of=whom), by=ZOE, key=id)
        told.add((answer.status, answer.json()["type"], answer.json()["detail"]))
    equal(len(told), 1, told)


# ---- the day of a space --------------------------------------------------------------------------------------------------------------

@case("the desk sees all of a day by start, with names; a member sees their own, without")
def _():
    bookings = [caller.book("ferme/Les Serres 3", "2026-09-01", part, by=by).json() for part, by in (("pm", ZOE), ("am", PLUME))]
    ids = [booking["id"] for booking in reversed(bookings)]
    day = listed("from=2026-09-01", DESK)
    equal([(item["id"], item["member"]["name"]) for item in day], list(zip(ids, (NAMES[PLUME], NAMES[ZOE]))))
    equal([(item["id"], "member" in item) for item in listed("from=2026-09-01", ZOE)], [(ids[1], False)])
    equal([item["id"] for item in listed("from=2026-09-01", DESK, "rimbaud")], [])
    equal([item["id"] for item in listed("from=2026-09-01", ADMIN)], ids)


@case("narrowed to a place, to a state, to days; page by page nothing is lost or told twice")
def _():
    names = ["ferme/Les Serres 1", "ferme/Les Serres 2", "ferme/Les Serres 4"]
    made = [caller.book(name, date, part, by=ZOE).json() for date in ("2026-09-02", "2026-09-03") for part in ("am", "pm") for name in names]
    equal(caller.cancel(made[0], by=DESK).status, 204)
    whole = [item["id"] for item in listed("from=2026-09-02&to=2026-09-03", DESK)]
    equal(sorted(whole), sorted(item["id"] for item in made))
    equal([item["id"] for item in listed("from=2026-09-02&to=2026-09-03&limit=5", DESK)], whole)
    equal([item["id"] for item in listed("from=2026-09-02&state=cancelled", DESK)], [made[0]["id"]])
    place = caller.resource(names[1])
    equal({item["resource_name"] for item in listed(f"from=2026-09-02&to=2026-09-03&resource_id={place}", DESK)}, {"Les Serres 2"})
    equal({item["date"] for item in listed("from=2026-09-03", DESK)}, {"2026-09-03"})


@case("S07 a cursor of the desk's list is no good to a member")
def _():
    page = get("/v1/spaces/ferme/bookings?from=2026-09-02&to=2026-09-03&limit=2", by=DESK).json()
    equal(get(page["next"], by=DESK).status, 200)
    equal(get(page["next"], by=ZOE).status, 400)


@rows("what is no day, state or place is refused", [
    ("back in time", "from=2026-09-02&to=2026-09-01"), ("too many days", "from=2026-09-01&to=2026-12-02"), ("a state", "state=lost"),
    ("a place", "resource_id=les-serres-3"), ("what is not known", "member_id=x")])
def _(query):
    equal(get(f"/v1/spaces/ferme/bookings?{query}", by=DESK).status, 400)


@case("no copy is stale: a name, a state, a new booking")
def _():
    first = get("/v1/spaces/ferme/bookings?from=2026-09-04", by=DESK)
    equal(get("/v1/spaces/ferme/bookings?from=2026-09-04", by=DESK, headers={"If-None-Match": first.header("ETag")}).status, 304)
    caller.book("ferme/Les Serres 3", "2026-09-04", "am", by=ZOE)
    equal(get("/v1/spaces/ferme/bookings?from=2026-09-04", by=DESK, headers={"If-None-Match": first.header("ETag")}).status, 200)


run(server.kill)
