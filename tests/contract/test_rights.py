"""Who may do what: S06, every route x every role x own or another space x one's own or somebody else's object.

The table is written here a second time, on purpose: who changes src/server/rights.c changes it here too. How a route is walked is
said in support/walk.py.
"""
import json
import os
import subprocess

import walk as walking
from community import Community
from server import FORM, PASSWORD, form, new_id
from sse import Listener
from tap import case, equal, run
from walk import AWAY, Cell, HOME, OWNER, PEOPLE, ROLES, Wishes, judge, reads, table_of, told, walk

TABLE = table_of(line.split() for line in """
action             public member reception operator coordinator finance administrator
watch              all    all    all       all      all         all     all
log_in             all    all    all       all      all         all     all
log_out            none   own    none      none     none        none    none
see_oneself        none   own    none      none     none        none    none
manage_account     none   own    none      none     none        none    none
subscribe          all    all    all       all      all         all     all
see_my_bookings    none   own    none      none     none        none    none
change_oneself     none   own    none      none     none        none    none
add_member         none   none   space     space    none        none    all
see_profile        none   own    space     space    none        none    all
change_profile     none   none   space     space    none        none    all
erase_member       none   own    none      none     none        none    all
see_spaces         all    all    all       all      all         all     all
see_activities     all    all    all       all      all         all     all
see_organisations  all    all    all       all      all         all     all
keep_organisations none   none   none      none     all         none    all
see_directory      all    all    all       all      all         all     all
book               none   own    space     space    none        none    all
see_booking        none   own    space     space    none        all     all
change_booking     none   own    space     space    none        none    all
set_outage         none   none   space     space    none        none    all
arrange            none   none   none      space    none        none    all
set_closure        none   none   none      space    none        none    all
decide_booking     none   none   space     space    none        none    all
check_in           none   own    space     space    none        none    all
take_in            none   none   space     space    none        none    all
see_presence       none   none   space     space    none        none    all
count_presence     none   all    all       all      all         all     all
sell_pass          none   none   space     space    none        all     all
see_ledger         none   none   none      space    none        all     all
sign_up            none   own    space     space    all         none    all
see_signups        none   none   space     space    all         none    all
sign_up_others     none   none   space     space    all         none    all
change_line        none   none   none      space    all         none    all
take_attendance    none   none   space     space    all         none    all
organise           none   none   none      space    all         none    all
see_link           none   none   space     space    all         none    all
see_changes        none   all    all       all      all         all     all
see_roles          none   own    none      none     none        none    all
see_staff          none   none   space     space    none        none    all
grant_reception    none   none   none      space    none        none    all
grant_role         none   none   none      none     none        none    all
disable_member     none   none   none      none     none        none    all
""".strip().splitlines())

AT_THE_INNER_DOOR = {"GET /metrics"}     # nobody gets there by the outer one: test_running.py
TODAY = "2026-07-15"


def arrived(cell):
    """A booking of cell.owner that one may check in for just now."""
    owner = cell.owner or OWNER
    if (cell.space, owner) not in arrivals:
        answer = caller.book(caller.free(cell.space, TODAY, "am")[0], TODAY, "am", by=owner)
        assert answer.status == 201, answer
        arrivals[cell.space, owner] = answer.json()
    return arrivals[cell.space, owner]


arrivals = {}

# ---- the walks: a row for each route ---------------------------------------------------------------------------------------------

reads("GET /.well-known/oauth-authorization-server", "GET /v1/members/me/sessions", "GET /v1/members/me/tokens")
reads("GET /v1/members/me/calendar-keys", "GET /v1/activities.ics", "GET /v1/spaces/{s}/activities.ics")
reads("GET /livez", "GET /readyz", "GET /v1/meta", "GET /v1/openapi.yaml", "GET /.well-known/api-catalog")
reads("GET /.well-known/security.txt", also=404)


@walk("GET /problems/{type}")
def _(cell):
    return cell.ask("GET", "/problems/slot-taken")


reads("GET /v1/members/me", "GET /v1/members/me/bookings", "GET /v1/members/me/signups", "GET /v1/members/me/visibility",
      "GET /v1/members/me/consents", "GET /v1/members/me/audit", "GET /v1/members/me/export")
reads("GET /v1/organisations", "GET /v1/activities", "GET /v1/spaces", "GET /v1/spaces/{s}", "GET /v1/spaces/{s}/resources",
      "GET /v1/spaces/{s}/availability", "GET /v1/spaces/{s}/day", "GET /v1/spaces/{s}/outages", "GET /v1/spaces/{s}/closures", "GET /v1/spaces/{s}/changes", "GET /v1/changes")


def streamed(cell, target):
    """The head of a stream, or its refusal, judged like any other answer."""
    with Listener(caller.server, target, caller.tokens.get(cell.login)) as stream:
        return caller.contract.judge("GET", target, stream.answer())


@walk("GET /v1/events")
def _(cell):
    return streamed(cell, "/v1/events")


@walk("GET /v1/spaces/{s}/events")
def _(cell):
    return streamed(cell, f"{cell.at}/events")


@walk("GET /v1/members")
def _(cell):
    return cell.ask("GET", "/v1/members?q=zo")


@walk("GET /v1/members/{id}")
def _(cell):
    return cell.ask("GET", f"/v1/members/{cell.member_id('zoe.lambermont')}")      # she shows herself to everybody


@walk("PATCH /v1/members/me")
def _(cell):
    return cell.ask("PATCH", "/v1/members/me", {"card": {"town": "Couvin"}}, headers={"If-Match": "*"})


@walk("PUT /v1/members/me/visibility")
def _(cell):
    levels = {"name": "public"} if cell.login == "zoe.lambermont" else {}
    return cell.ask("PUT", "/v1/members/me/visibility", {"fields": levels}, headers={"If-Match": "*"})


@walk("PATCH /v1/members/me/visibility")
def _(cell):
    return cell.ask("PATCH", "/v1/members/me/visibility", {"fields": {"email": None}}, headers={"If-Match": "*"})


def taken_in(space):
    """The id of somebody new who is at home there."""
    id = new_id()
    body = {"id": id, "name": "Xenia Qqberg", "home_space_id": space}
    assert caller.call("POST", "/v1/members", body, by=PEOPLE["administrator"], key=id).status == 201
    return id


class People(walking.Walk):
    """Of members there is no space in the path: it is the one they are at home in."""

    def cells(self, caller):
        for role in ROLES:
            for space in (HOME, AWAY):
                yield walking.Cell(caller, role, space, False)


def walk_people(route, **more):
    def register(function):
        walking.walks.append(People(route, None, "both", more.get("hidden"), function))
        walking.walks[-1].also, walking.walks[-1].last = None, False
        return function
    return register


@walk_people("POST /v1/members")
def _(cell):
    id = new_id()
    return cell.ask("POST", "/v1/members", {"id": id, "name": "Xenia Qqberg", "home_space_id": cell.space}, key=id)


@walk_people("GET /v1/members/{id}/profile", hidden="see_profile")
def _(cell):
    return cell.ask("GET", f"/v1/members/{taken_in(cell.space)}/profile")


@walk_people("PATCH /v1/members/{id}/profile", hidden="see_profile")
def _(cell):
    return cell.ask("PATCH", f"/v1/members/{taken_in(cell.space)}/profile", {"name": "Xenia"}, headers={"If-Match": "*"})


@walk_people("DELETE /v1/members/{id}", hidden="see_profile")
def _(cell):
    return cell.ask("DELETE", f"/v1/members/{taken_in(cell.space)}")


@walk("GET /v1/organisations/{id}")
def _(cell):
    return cell.ask("GET", f"/v1/organisations/{caller.get('/v1/organisations').json()['items'][0]['id']}")


@walk("POST /v1/sessions")
def _(cell):
    return cell.ask("POST", "/v1/sessions", {"login": "plume", "password": PASSWORD})


@walk("POST /oauth/device_authorization")
def _(cell):
    return cell.ask("POST", "/oauth/device_authorization", form(client_id="hacktiv-tui"), headers=FORM)


@walk("POST /oauth/token", also=400)          # nobody has such a code, whoever they are
def _(cell):
    return cell.ask("POST", "/oauth/token", form(client_id="hacktiv-tui", grant_type="refresh_token", refresh_token="none"),
                    headers=FORM)


@walk("POST /oauth/revoke")
def _(cell):
    return cell.ask("POST", "/oauth/revoke", form(client_id="hacktiv-tui", token="none"), headers=FORM)


reads("GET /device")


@walk("POST /device", also=422)                                         # the code is of no device
def _(cell):
    return cell.ask("POST", "/device", form(step="code", user_code="BBBB-BBBB"), headers=FORM)


@walk("POST /v1/members/me/tokens")
def _(cell):
    return cell.ask("POST", "/v1/members/me/tokens", {"name": "script", "scopes": ["bookings"]})


@walk("DELETE /v1/members/me/tokens/{id}", also=404)
def _(cell):
    return cell.ask("DELETE", f"/v1/members/me/tokens/{new_id()}")


@walk("POST /v1/members/me/calendar-keys")
def _(cell):
    return cell.ask("POST", "/v1/members/me/calendar-keys", {"name": "téléphone"})


@walk("DELETE /v1/members/me/calendar-keys/{id}", also=404)
def _(cell):
    return cell.ask("DELETE", f"/v1/members/me/calendar-keys/{new_id()}")


@walk("GET /v1/calendars/{key}.ics", also=404)      # nobody has such a key, whoever they are
def _(cell):
    return cell.ask("GET", "/v1/calendars/none.ics")


@walk("DELETE /v1/members/me/sessions/{id}", also=404)
def _(cell):
    return cell.ask("DELETE", f"/v1/members/me/sessions/{new_id()}")


@walk("DELETE /v1/members/me/sessions", last=True)
def _(cell):
    return cell.ask("DELETE", "/v1/members/me/sessions")


@walk("PUT /v1/members/me/password", also=422)      # few of them have one
def _(cell):
    return cell.ask("PUT", "/v1/members/me/password", {"old_password": "x", "new_password": PASSWORD})


@walk("DELETE /v1/sessions/current")
def _(cell):
    return caller.call("DELETE", "/v1/sessions/current", token=spare.get(cell.login))


def for_whom(cell):
    return {} if cell.own else {"on_behalf_of": cell.member_id(OWNER)}


@walk("POST /v1/spaces/{s}/bookings:preview", whose="both")
def _(cell):
    return cell.ask("POST", f"{cell.at}/bookings:preview", caller.wish(*caller.some_wish(cell.space), **for_whom(cell)))


@walk("POST /v1/spaces/{s}/bookings", whose="both")
def _(cell):
    id = new_id()
    return cell.ask("POST", f"{cell.at}/bookings", caller.wish(*caller.some_wish(cell.space), id=id, **for_whom(cell)), key=id)


@walk("GET /v1/spaces/{s}/bookings")
def _(cell):
    """Never refused to a member: what is not theirs to see is not in it."""
    booking = caller.some_booking(cell.space, OWNER)
    answer = cell.ask("GET", f"{cell.at}/bookings?from={booking['date']}&limit=200")
    if cell.login:
        seen = booking["id"] in {item["id"] for item in answer.json()["items"]}
        may = Cell(caller, cell.role, cell.space, False).allowed(TABLE, "see_booking")
        equal(seen, may, f"{cell}: somebody else's booking in the list")
    return answer


def place_of(cell):
    return caller.get(f"/v1/spaces/{cell.space}/resources").json()["items"][0]


@walk("GET /v1/spaces/{s}/resources/{id}")
def _(cell):
    return cell.ask("GET", f"{cell.at}/resources/{place_of(cell)['id']}")


@walk("PATCH /v1/spaces/{s}/resources/{id}")
def _(cell):
    place = place_of(cell)
    return cell.ask("PATCH", f"{cell.at}/resources/{place['id']}", {"note": new_id()}, headers={"If-Match": f'"{place["version"]}"'})


@walk("PATCH /v1/spaces/{s}")
def _(cell):
    space = caller.get(cell.at).json()
    return cell.ask("PATCH", cell.at, {"access_note": new_id()}, headers={"If-Match": f'"{space["version"]}"'})


def outage_of(cell):
    place = caller.get(f"/v1/spaces/{cell.space}/resources").json()["items"][0]
    return {"resource_id": place["id"], "state": "out_of_order", "from": "2026-12-01", "until": "2026-12-01", "reason": "panne"}


@walk("PUT /v1/spaces/{s}/outages/{id}")
def _(cell):
    return cell.ask("PUT", f"{cell.at}/outages/{new_id()}", outage_of(cell))


@walk("DELETE /v1/spaces/{s}/outages/{id}")
def _(cell):
    target = f"{cell.at}/outages/{new_id()}"
    caller.call("PUT", target, outage_of(cell), by=walking.PEOPLE["administrator"])
    return cell.ask("DELETE", target)


@walk("PUT /v1/spaces/{s}/closures/{id}")
def _(cell):
    id = new_id()
    return cell.ask("PUT", f"{cell.at}/closures/{id}", {"from": "2026-12-01", "until": "2026-12-01", "reason": id})


@walk("DELETE /v1/spaces/{s}/closures/{id}")
def _(cell):
    id = new_id()
    caller.call("PUT", f"{cell.at}/closures/{id}", {"from": "2026-12-01", "until": "2026-12-01", "reason": id}, by=walking.PEOPLE["administrator"])
    return cell.ask("DELETE", f"{cell.at}/closures/{id}")


@walk("POST /v1/spaces/{s}/bookings:series", whose="both")
def _(cell):
    id = new_id()
    wish = caller.wish(*caller.some_wish(cell.space), id=id, repeat={"every": "day", "count": 1}, **for_whom(cell))
    return cell.ask("POST", f"{cell.at}/bookings:series", wish, key=id)


@walk("POST /v1/spaces/{s}/bookings:cancel")
def _(cell):
    return cell.ask("POST", f"{cell.at}/bookings:cancel", {"from": "2026-12-01"}, key=new_id())


@walk("GET /v1/spaces/{s}/bookings/{id}", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("GET", f"{cell.at}/bookings/{cell.booking()['id']}")


@walk("PATCH /v1/spaces/{s}/bookings/{id}", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("PATCH", f"{cell.at}/bookings/{cell.booking()['id']}", {"title": "Relecture"}, headers={"If-Match": '"1"'})


@walk("DELETE /v1/spaces/{s}/bookings/{id}", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("DELETE", f"{cell.at}/bookings/{cell.booking()['id']}", headers={"If-Match": '"1"'})


@walk("POST /v1/spaces/{s}/bookings/{id}/approval", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("POST", f"{cell.at}/bookings/{cell.booking()['id']}/approval", {"decision": "approve"}, key=new_id(),
                    headers={"If-Match": "*"})


@walk("PUT /v1/spaces/{s}/bookings/{id}/check-in", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("PUT", f"{cell.at}/bookings/{arrived(cell)['id']}/check-in")


@walk("DELETE /v1/spaces/{s}/bookings/{id}/check-in", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("DELETE", f"{cell.at}/bookings/{cell.booking()['id']}/check-in")


@walk("PUT /v1/spaces/{s}/bookings/{id}/check-out", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("PUT", f"{cell.at}/bookings/{arrived(cell)['id']}/check-out")


@walk("DELETE /v1/spaces/{s}/bookings/{id}/check-out", whose="both", hidden="see_booking")
def _(cell):
    return cell.ask("DELETE", f"{cell.at}/bookings/{cell.booking()['id']}/check-out")


@walk("POST /v1/spaces/{s}/walk-ins")
def _(cell):
    id = new_id()
    name = caller.free(cell.space, TODAY, "am")[0]
    answer = cell.ask("POST", f"{cell.at}/walk-ins", {"id": id, "member_id": cell.member_id(OWNER), "resource_id": caller.resource(name)}, key=id)
    return answer


@walk("GET /v1/spaces/{s}/presence")
def _(cell):
    return cell.ask("GET", f"{cell.at}/presence")


@walk("POST /v1/spaces/{s}/passes")
def _(cell):
    id = new_id()
    return cell.ask("POST", f"{cell.at}/passes", {
        "id": id, "member_id": cell.member_id(OWNER), "kind": "carnet", "valid_from": TODAY, "valid_until": "2027-07-14",
        "net_cents": 7000}, key=id)


reads("GET /v1/spaces/{s}/ledger", "GET /v1/members/me/passes", "GET /v1/members/me/network-days", "GET /v1/members/me/days")


@walk("GET /v1/spaces/{s}/activities/{id}")
def _(cell):
    return cell.ask("GET", caller.path(cell.space))


@walk("PUT /v1/spaces/{s}/activities/{id}/signup")
def _(cell):
    return cell.ask("PUT", caller.path(cell.space) + "/signup")


@walk("DELETE /v1/spaces/{s}/activities/{id}/signup")
def _(cell):
    caller.sign_up(cell.space, by=cell.login or OWNER)
    return cell.ask("DELETE", caller.path(cell.space) + "/signup")


def other(name):
    """A member who is nobody's owner here."""
    return caller.member_id(name)


@walk("GET /v1/members/{id}/roles", whose="both")
def _(cell):
    return cell.ask("GET", f"/v1/members/{cell.member_id() if cell.owner else other(OWNER)}/roles")


for method in ("PUT", "DELETE"):
    for role, action in (("reception", "grant_reception"), ("operator", "grant_role")):
        walk(f"{method} /v1/members/{{id}}/roles/{{role}}/{{s}}", action=action, whose="others")(
            lambda cell, method=method, role=role: cell.ask(method, f"/v1/members/{other(OWNER)}/roles/{role}/{cell.space}"))
    walk(f"{method} /v1/members/{{id}}/roles/{{role}}", whose="others")(
        lambda cell, method=method: cell.ask(method, f"/v1/members/{other(OWNER)}/roles/finance"))
    walk(f"{method} /v1/members/{{id}}/disabled", whose="others")(
        lambda cell, method=method: cell.ask(method, f"/v1/members/{other('noor.haddadene')}/disabled"))

reads("GET /v1/spaces/{s}/staff", whose="others")


def signup_of(cell, title=None):
    """Where that sign-up is, of OWNER, who comes."""
    caller.sign_up(title or cell.space, by=OWNER)
    return f"{caller.path(title or cell.space)}/signups/{cell.member_id(OWNER)}"


@walk("POST /v1/spaces/{s}/activities")
def _(cell):
    id = new_id()
    return cell.ask("POST", f"{cell.at}/activities", {"id": id, "title": "Nouvelle", "format": "meetup", "languages": ["fr"], "place": "Ici",
                                                     "start": "2026-08-03T18:00:00+02:00"}, key=id)


@walk("PATCH /v1/spaces/{s}/activities/{id}")
def _(cell):
    version = caller.activity(cell.space)["version"]
    return cell.ask("PATCH", caller.path(cell.space), {"note": new_id()}, headers={"If-Match": f'"{version}"'})


@walk("GET /v1/spaces/{s}/activities/{id}/signups")
def _(cell):
    return cell.ask("GET", caller.path(cell.space) + "/signups")


@walk("GET /v1/spaces/{s}/activities/{id}/signups/{member}")
def _(cell):
    return cell.ask("GET", signup_of(cell))


@walk("PUT /v1/spaces/{s}/activities/{id}/signups/{member}")
def _(cell):
    return cell.ask("PUT", signup_of(cell))


@walk("DELETE /v1/spaces/{s}/activities/{id}/signups/{member}")
def _(cell):
    return cell.ask("DELETE", signup_of(cell))


@walk("PATCH /v1/spaces/{s}/activities/{id}/signups/{member}")
def _(cell):
    title = f"line {cell.space}"
    caller.sign_up(title, by="odile.rancennes")   # has the only place
    return cell.ask("PATCH", signup_of(cell, title), {"place": 1, "reason": "Elle parle à 18 h 30."})


@walk("PUT /v1/spaces/{s}/activities/{id}/signups/{member}/attendance")
def _(cell):
    there = f"{caller.path(f'begun {cell.space}')}/signups/{cell.member_id(OWNER)}/attendance"
    return cell.ask("PUT", there, {"attendance": "present", "walk_in": True})


@walk("PUT /v1/spaces/{s}/activities/{id}/attendance")
def _(cell):
    return cell.ask("PUT", caller.path(f"over {cell.space}") + "/attendance", {"closed": True})


@walk("POST /v1/organisations")
def _(cell):
    id = new_id()
    return cell.ask("POST", "/v1/organisations", {"id": id, "name": "Atelier", "kind": "company"}, key=id)


@walk("PATCH /v1/organisations/{id}")
def _(cell):
    id = caller.get("/v1/organisations").json()["items"][0]["id"]
    return cell.ask("PATCH", f"/v1/organisations/{id}", {"town": "Fumay"}, headers={"If-Match": "*"})


@walk("DELETE /v1/members/me/visibility")
def _(cell):
    return cell.ask("DELETE", "/v1/members/me/visibility")


@walk("DELETE /v1/members/me", also=409)
def _(cell):
    if cell.login:
        caller.some_booking(HOME, cell.login)           # what lies ahead is asked about, and nobody goes
    return cell.ask("DELETE", "/v1/members/me")


# ---- the stage -------------------------------------------------------------------------------------------------------------------

class Network(Wishes, Community):
    """La Ferme is home to all who are asked here; reception and operator have their role there."""


PLAIN = {"place": "Ici", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d", "capacity": 200}
SHOWN = {"card": {"profession": "illustratrice", "shown_to": {"public": ["name"]}}}
KINDS = {"": {}, "line ": {"capacity": 1}, "begun ": {"date": "today", "from": "07:00"}, "over ": {"date": "today", "from": "06:00"}}
caller = Network([{**PLAIN, "slug": (kind + space).replace(" ", "-"), "title": kind + space, "space": space, **more}
                  for space in (HOME, AWAY) for kind, more in KINDS.items()],
                 [{"slug": "forges", "name": "Forges de Meuse", "kind": "company", "town": "Fumay", "country": "FR"}],
                 cards={"zoe.lambermont": SHOWN}, logged_in=True)
server = caller.server
server.stop()
spare = server.grant(*PEOPLE.values())          # for logging out with
for role in ROLES[2:]:
    server.give_role(PEOPLE[role], role, HOME if role in ("reception", "operator") else None)
subprocess.run([os.environ["HACKTIVD"], "passwd", "--database", server.database_address, "--password-stdin", "plume"],
               input=PASSWORD, text=True, env=server.environment(), check=True, capture_output=True)
desks = [{"space": space, "slug": f"desk-{number}", "name": f"Desk {number}", "kind": "desk", "half_day_cents": 800, "day_cents": 1400}
         for space in (HOME, AWAY) for number in range(12)]       # there are not enough for all who come today
(server.directory / "desks.json").write_text(json.dumps({"resources": desks}))
subprocess.run([os.environ["HACKTIVD"], "import", "--database", server.database_address, str(server.directory / "desks.json")],
               env=server.environment(), check=True, capture_output=True)
server.start()


# ---- table, routes and walks are of one mind -------------------------------------------------------------------------------------

@case("S06 the server's table is the one written here")
def _():
    equal(table_of(told("rights")), TABLE)
    equal(list(next(iter(TABLE.values()))), ROLES)


@case("S06 every route is walked, as the action that it names; what is walked is a route")
def _():
    routes = {f"{method} {pattern}": action for method, pattern, action in told("routes")}
    walked = {one.route: [other.action for other in walking.walks if other.route == one.route] for one in walking.walks}
    equal(sorted(set(routes) - set(walked) - AT_THE_INNER_DOOR), [], "routes that nobody walks: give each a row above")
    equal(sorted(set(walked) - set(routes)), [], "walks without a route")
    for route, actions in walked.items():
        assert None in actions or routes[route] in actions, f"{route} is not walked as {routes[route]}"


def walk_all(one):
    action = one.action or ACTIONS[one.route]
    for cell in one.cells(caller):
        judge(cell, one, one.function(cell), TABLE, action)


ACTIONS = {f"{method} {pattern}": action for method, pattern, action in told("routes")}
for one in sorted(walking.walks, key=lambda one: one.last):
    case(f"S06 {one.route}{f' as {one.action}' if one.action else ''}")(lambda one=one: walk_all(one))

run(server.kill)
