"""Roles as they are held, granted and revoked; and what OWASP's API Security Top 10 (2023) asks in items 1, 3 and 5."""
import json
import threading
import time

from community import Community
from server import new_id, postgres_case
from tap import case, equal, rows, run
from walk import Wishes


class Network(Wishes, Community):
    pass


ADMIN, OPERATOR, DESK, COORDINATOR, FINANCE, ZOE, PLUME = (
    "ines.sedanais", "quentin.froidchapel", "benedicte.closset", "elise.warnimont", "tanguy.desclez", "zoe.lambermont", "plume")
SECRET = {"card": {"profession": "graveuse", "email": "secrete@example.org", "phone": "+3260000999", "about": "Personne ne lit ceci.",
                   "shown_to": {"network": ["name", "profession"], "staff": ["phone"]}}}
caller = Network(
    [{"slug": "visio", "title": "Visio", "space": "ferme", "format": "webinar", "place": "Ici", "languages": ["fr"], "date": "+7d",
      "from": "16:00", "capacity": 9, "link": "https://example.org/secret-room"}],
    cards={ADMIN: {"roles": [{"role": "administrator"}]}, OPERATOR: {"roles": [{"role": "operator", "space": "ferme"},
                                                                              {"role": "operator", "space": "e420"}]},
           DESK: {"staff_of": "ferme"}, COORDINATOR: {"roles": [{"role": "coordinator"}]}, FINANCE: {"roles": [{"role": "finance"}]},
           ZOE: SECRET})
server, get, call, member_id = caller.server, caller.get, caller.call, caller.member_id
SPACES = {space["slug"]: space["id"] for space in get("/v1/spaces").json()["items"]}


def held(login, by=None):
    target = "/v1/members/me/roles" if by is None else f"/v1/members/{member_id(login)}/roles"
    slugs = {id: slug for slug, id in SPACES.items()}
    return [item["role"] + ("@" + slugs[item["space_id"]] if item["space_id"] else "")
            for item in get(target, by=by or login).json()["items"]]


def change(method, login, role, by):
    return call(method, f"/v1/members/{member_id(login)}/roles/{role}", by=by).status


# ---- holding -------------------------------------------------------------------------------------------------------------------------

@case("everybody is told their own roles, with oneself and by themselves")
def _():
    equal(held(OPERATOR), ["operator@ferme", "operator@e420"] if SPACES["ferme"] < SPACES["e420"] else ["operator@e420", "operator@ferme"])
    equal(held(PLUME), [])
    equal(get("/v1/members/me", by=DESK).json()["roles"], [{"role": "reception", "space_id": SPACES["ferme"]}])
    equal(get("/v1/members/me", by=FINANCE).json()["roles"], [{"role": "finance", "space_id": ""}])
    equal(held(DESK, by=ADMIN), ["reception@ferme"])


@case("what I am changes with what I hold: no stale copy")
def _():
    before = get("/v1/members/me", by=PLUME)
    equal(get("/v1/members/me", by=PLUME, headers={"If-None-Match": before.header("ETag")}).status, 304)
    equal(change("PUT", PLUME, "coordinator", ADMIN), 204)
    after = get("/v1/members/me", by=PLUME, headers={"If-None-Match": before.header("ETag")})
    equal((after.status, after.json()["roles"]), (200, [{"role": "coordinator", "space_id": ""}]))
    equal(change("DELETE", PLUME, "coordinator", ADMIN), 204)


@case("a space's staff is told to its staff")
def _():
    listed = [(item["role"], item["member"]["id"]) for item in get("/v1/spaces/ferme/staff", by=DESK).json()["items"]]
    equal(listed, [("operator", member_id(OPERATOR)), ("reception", member_id(DESK))])
    equal(get("/v1/spaces/pepi/staff", by=OPERATOR).problem, "not-allowed")


# ---- granting and revoking ---------------------------------------------------------------------------------------------------------

@case("granting twice is granting once; revoking twice too; it holds from the next request on and ends with it")
def _():
    booking = caller.some_booking("ferme", PLUME)
    at = f"/v1/spaces/ferme/bookings/{booking['id']}"
    equal(get(at, by=ZOE).status, 404)
    equal([change("PUT", ZOE, "reception/ferme", OPERATOR) for _ in range(2)], [204, 204])
    equal(held(ZOE), ["reception@ferme"])
    seen = get(at, by=ZOE)
    equal((seen.status, seen.json()["member"]["id"]), (200, member_id(PLUME)))
    equal([change("DELETE", ZOE, "reception/ferme", OPERATOR) for _ in range(2)], [204, 204])
    equal((held(ZOE), get(at, by=ZOE).status), ([], 404))


@case("each change has its line: who, whom, what, where, in which request; what changed nothing has none")
def _():
    id, actor = member_id("noor.haddadene"), member_id(ADMIN)
    target = f"/v1/members/{id}/roles/operator/rimbaud"
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        equal(call(method, target, by=ADMIN, headers={"Request-Id": f"audit-{method}"}).status, 204)
    server.stop()
    lines = server.sql("SELECT actor, action, fields, space_id, request_id FROM member_audit WHERE member_id = ? AND action LIKE 'role.%' "
                       "ORDER BY seq", id)
    server.start()
    equal(lines, [(actor, "role.granted", "operator", SPACES["rimbaud"], "audit-PUT"),
                  (actor, "role.revoked", "operator", SPACES["rimbaud"], "audit-DELETE")])


@rows("there is no such role", [
    ("of the network for a space", "finance/ferme"), ("of a space for the network", "operator"), ("that everybody has", "member"),
    ("of a space nobody knows", "reception/atlantis"), ("in capitals", "Administrator"), ("that nobody knows", "king")])
def _(role):
    equal(change("PUT", PLUME, role, ADMIN), 404)
    equal(held(PLUME), [])


@case("a role is granted to somebody: for nobody it is 404")
def _():
    equal(call("PUT", f"/v1/members/{new_id()}/roles/finance", by=ADMIN).status, 404)


# ---- who may not come in -----------------------------------------------------------------------------------------------------------

@case("ASVS 7.4.2 who is disabled is out at once, with every token, and comes in again only by logging in")
def _():
    login = "guy.nobody" if "guy.nobody" in caller.tokens else "leopold.boutancourt"
    at = f"/v1/members/{member_id(login)}/disabled"
    equal(get("/v1/members/me", by=login).status, 200)
    equal([call("PUT", at, by=ADMIN).status for _ in range(2)], [204, 204])
    equal(get("/v1/members/me", by=login).status, 401)
    equal(call("DELETE", at, by=ADMIN).status, 204)
    equal(get("/v1/members/me", by=login).status, 401)


@case("whose bookings stand while they are disabled, for the desk to cancel; enabled again, they have what is left")
def _():
    login = "leopold.boutancourt"
    at, dates = f"/v1/members/{member_id(login)}/disabled", ("2026-09-28", "2026-09-29")
    token = caller.tokens[login]
    server.stop()
    caller.tokens[login] = server.grant(login)[login]
    server.start()
    kept, freed = (caller.book(caller.free("ferme", date, "am")[0], date, "am", by=login).json() for date in dates)
    equal(call("PUT", at, by=ADMIN).status, 204)
    here = f"/v1/spaces/ferme/bookings/{{}}"
    equal([get(here.format(booking["id"]), by=ADMIN).json()["state"] for booking in (kept, freed)], ["confirmed"] * 2)
    equal(caller.cancel(freed, by=ADMIN).status, 204)
    equal(call("DELETE", at, by=ADMIN).status, 204)
    server.stop()
    caller.tokens[login] = server.grant(login)[login]
    server.start()
    equal([item["id"] for item in get("/v1/members/me/bookings?from=2026-09-28", by=login).json()["items"]], [kept["id"]])
    caller.tokens[login] = token


@postgres_case("who is taken out of an activity and who signs up for it meanwhile never wait for each other in a circle")
def _():
    def deadlocks():
        time.sleep(1.1)                                    # so seldom PostgreSQL tells its counts
        return int(server.postgres.execute(server.database, f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{server.database}'"))

    def ask(wire, method, target, by):
        answer = server.request(method, target, token=caller.tokens[by], connection=wire)
        assert answer.status in (200, 204), answer

    def come_and_go():
        wire = server.connection(30)
        while not over.is_set():
            ask(wire, "PUT", path + "/signup", PLUME)
            ask(wire, "DELETE", path + "/signup", PLUME)
        wire.close()
    before, over, path, id = deadlocks(), threading.Event(), caller.path("Visio"), member_id("leopold.boutancourt")
    threads = [threading.Thread(target=come_and_go) for _ in range(2)]
    for thread in threads:
        thread.start()
    wire, until = server.connection(30), time.monotonic() + 2
    while time.monotonic() < until:
        ask(wire, "PUT", f"{path}/signups/{id}", ADMIN)
        ask(wire, "PUT", f"/v1/members/{id}/disabled", ADMIN)
        ask(wire, "DELETE", f"/v1/members/{id}/disabled", ADMIN)
    over.set()
    for thread in threads:
        thread.join()
    wire.close()
    equal(deadlocks() - before, 0)


@case("nobody disables themselves")
def _():
    equal(call("PUT", f"/v1/members/{member_id(ADMIN)}/disabled", by=ADMIN).problem, "not-allowed")
    equal(call("PUT", "/v1/members/me/disabled", by=ADMIN).problem, "not-allowed")
    equal(get("/v1/members/me", by=ADMIN).status, 200)


# ---- OWASP API1: whose object it is --------------------------------------------------------------------------------------------------

@case("S07 OWASP API1 an id in another's hands: a booking of somebody else, of another space, and one that never was look the same")
def _():
    booking = caller.some_booking("ferme", PLUME)
    answers = [get(f"/v1/spaces/{space}/bookings/{id}", by=ZOE)
               for space, id in (("ferme", booking["id"]), ("rimbaud", booking["id"]), ("ferme", new_id()))]
    equal({(answer.status, answer.problem, answer.json()["detail"]) for answer in answers}, {(404, "not-found", "There is no such booking.")})
    for answer in answers:
        assert member_id(PLUME) not in answer.body.decode() and "Plume" not in answer.body.decode()


@case("S07 OWASP API1 the staff of one space are strangers in another, and an operator of two in the third")
def _():
    booking = caller.some_booking("rimbaud", PLUME)
    for login in (DESK, OPERATOR):
        equal(get(f"/v1/spaces/rimbaud/bookings/{booking['id']}", by=login).status, 404)
        equal(call("DELETE", f"/v1/spaces/rimbaud/bookings/{booking['id']}", by=login, headers={"If-Match": "*"}).status, 404)
    equal(get(f"/v1/spaces/rimbaud/bookings/{booking['id']}", by=PLUME).json()["state"], "confirmed")


@case("S07 OWASP API1 a booking id under a space where I am staff does not reach into another space")
def _():
    booking = caller.some_booking("rimbaud", PLUME)
    equal(call("DELETE", f"/v1/spaces/ferme/bookings/{booking['id']}", by=OPERATOR, headers={"If-Match": "*"}).status, 404)
    equal(get(f"/v1/spaces/rimbaud/bookings/{booking['id']}", by=PLUME).json()["state"], "confirmed")


# ---- OWASP API3: which fields ----------------------------------------------------------------------------------------------------------

def bodies():
    name, date, part = caller.some_wish("ferme")
    id = new_id()
    yield "POST", "/v1/spaces/ferme/bookings", caller.wish(name, date, part, id=id), {"key": id}
    yield "POST", "/v1/spaces/ferme/bookings:preview", caller.wish(name, date, part), {}
    yield "POST", "/v1/sessions", {"login": "plume", "password": "x" * 12}, {}


@rows("S05 OWASP API3 a member that is not the caller's to set is refused, and nothing happens", [
    (field, field, value) for field, value in (
        ("role", "administrator"), ("roles", [{"role": "administrator"}]), ("staff_of", "ferme"), ("member_id", "x"), ("member", {"id": "x"}),
        ("state", "confirmed"), ("net_cents", 0), ("gross_cents", 0), ("version", 7), ("created_at", "2026-01-01T00:00:00Z"),
        ("disabled_at", None), ("__proto__", {}), ("constructor", 1))])
def _(field, value):
    for method, target, body, more in bodies():
        answer = call(method, target, {**body, field: value}, by=ZOE, **more)
        equal((answer.status, answer.problem), (422, "validation"), f"{method} {target}")
    equal(held(ZOE), [])


HIDDEN = ["secrete@example.org", "Personne ne lit ceci"]
EVERYWHERE = ["/v1/members?q=zoe", "/v1/organisations", "/v1/activities", "/v1/spaces", "/v1/spaces/ferme", "/v1/spaces/ferme/resources",
              "/v1/spaces/ferme/availability?date=2026-08-05", "/v1/spaces/ferme/changes?limit=200", "/v1/members/me/bookings",
              "/v1/members/me/signups", "/v1/spaces/ferme/staff"]


@case("S05 OWASP API3 what somebody hides is in no answer to anybody, whatever their role; what staff may see, only staff of that space see")
def _():
    for login in (None, PLUME, DESK, OPERATOR, COORDINATOR, FINANCE, ADMIN):
        told = "".join(get(target, by=login).body.decode() for target in [*EVERYWHERE, f"/v1/members/{member_id(ZOE)}"])
        for text in HIDDEN:
            assert text not in told, f"{login} sees {text}"
        equal("+3260000999" in told, login in (DESK, OPERATOR), f"the number that staff of La Ferme may see, seen by {login}")
        equal("secret-room" in told, login in (DESK, OPERATOR, COORDINATOR, ADMIN), f"where to go online, days before, seen by {login}")
        for text in ("password", "hkt_", "$argon2"):
            assert text not in told, f"{login} sees {text}"


@case("S05 OWASP API3 whose a booking is, staff are told and nobody else; the feed names no member")
def _():
    booking = caller.some_booking("ferme", PLUME)
    at, id = f"/v1/spaces/ferme/bookings/{booking['id']}", member_id(PLUME)
    equal("member" in booking, False)
    equal({login: "member" in get(at, by=login).json() for login in (PLUME, DESK, OPERATOR, FINANCE, ADMIN)},
          {PLUME: False, DESK: True, OPERATOR: True, FINANCE: True, ADMIN: True})
    for login in (PLUME, ZOE, DESK, ADMIN):
        assert id not in json.dumps(get("/v1/spaces/ferme/changes?limit=200", by=login).json())


# ---- OWASP API5: which functions -------------------------------------------------------------------------------------------------------

ADMINISTRATION = [("PUT", "/v1/members/{id}/roles/administrator"), ("DELETE", "/v1/members/{id}/roles/administrator"),
                  ("PUT", "/v1/members/{id}/roles/operator/ferme"), ("PUT", "/v1/members/{id}/roles/reception/rimbaud"),
                  ("PUT", "/v1/members/{id}/disabled"), ("DELETE", "/v1/members/{id}/disabled")]


@rows("S06 OWASP API5 the administrator's work is nobody else's, neither for others nor for oneself",
      [(login or "the public", login) for login in (None, PLUME, DESK, OPERATOR, COORDINATOR, FINANCE)])
def _(login):
    for method, pattern in ADMINISTRATION:
        for whose in (ZOE, login or ZOE):
            answer = call(method, pattern.replace("{id}", member_id(whose)), by=login)
            equal(answer.problem, "not-allowed" if login else "unauthenticated", f"{method} {pattern}")
    equal(held(ZOE), [])


@case("S06 OWASP API5 methods that a path does not have, and tricks to have them all the same, open nothing")
def _():
    target = f"/v1/members/{member_id(ZOE)}/roles/administrator"
    for method in ("GET", "POST", "PATCH"):
        equal(call(method, target, b"{}" if method != "GET" else None, by=PLUME).status, 405)
    for trick in ({"X-HTTP-Method-Override": "PUT"}, {"X-Original-URL": target}, {"X-Rewrite-URL": target}, {"X-Forwarded-User": "ines.sedanais"}):
        call("GET", "/v1/members/me", by=PLUME, headers=trick)
    for path in (target.replace("/v1", "/V1"), target.upper(), target + "/", target.replace("roles", "roles/."), "/v1/../v1" + target[3:]):
        equal(call("PUT", path, by=PLUME).status in (400, 403, 404), True, path)
    equal((held(ZOE), held(PLUME)), ([], []))


@case("who is disabled cannot take back what they show: nobody sees them in the directory until they can")
def _():
    shown = get("/v1/members?q=zo", by=PLUME).json()["items"][0]
    path, found = f"/v1/members/{shown['id']}", lambda: [card["id"] for card in get("/v1/members?q=zo", by=PLUME).json()["items"]]
    equal(call("PUT", f"{path}/disabled", by=ADMIN).status, 204)
    equal((get(path, by=PLUME).status, shown["id"] in found()), (404, False))
    profile = get(f"{path}/profile", by=ADMIN).json()
    equal((profile["restricted"], profile["name"]), (False, shown["name"]), "for who keeps their data it is as it was")
    equal(call("DELETE", f"{path}/disabled", by=ADMIN).status, 204)
    equal((get(path, by=PLUME).json()["name"], shown["id"] in found()), (shown["name"], True))


@case("ASVS 7.4.2 a log-in at the very moment in which somebody is disabled lets nobody in when they are enabled again")
def _():
    login = "noor.haddadene"
    at, token = f"/v1/members/{member_id(login)}/disabled", caller.tokens[login]
    equal(server.get("/v1/members/me", token=token).status, 200)
    server.stop()
    server.write("UPDATE member SET disabled_at = 1 WHERE login = ?", login)     # by who had not seen this log-in yet
    server.start()
    equal(server.get("/v1/members/me", token=token).status, 401)
    equal(call("DELETE", at, by=ADMIN).status, 204)
    equal(server.get("/v1/members/me", token=token).status, 401)


run(server.kill)
