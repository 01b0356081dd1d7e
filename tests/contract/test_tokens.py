"""Where one is logged in, tokens for scripts, the password: what each may do and when it ends. ASVS 7.4, 7.5.2, 6.2; S19."""
import os
import subprocess

from contract import Contract
from server import FORM, NOW, PASSWORD, Server, form, new_id
from tap import case, equal, rows, run

contract = Contract()
NEW = "vier Wörter ohne Zusammenhang"
SCOPES = ["bookings", "bookings:write", "directory", "profile:write", "staff", "stats"]
# What the scope of each action is; written here a second time, on purpose. "": any token will do. "account": none will.
SCOPE_OF = {action: scope for scope, actions in {
    "": "see_oneself see_roles subscribe see_spaces see_activities see_organisations",
    "directory": "see_directory",
    "bookings": "see_my_bookings see_booking see_changes count_presence",
    "bookings:write": "book change_booking check_in sign_up",
    "profile:write": "change_oneself",
    "staff": "see_signups arrange set_outage set_closure see_staff grant_reception disable_member decide_booking take_in see_presence sell_pass"
             " see_ledger sign_up_others change_line take_attendance organise see_link add_member see_profile change_profile"
             " keep_organisations",
    "account": "manage_account erase_member grant_role",
}.items() for action in actions.split()}

server = Server(now=NOW).with_password().start()


def call(method, target, body=None, **more):
    return contract.judge(method, target, server.request(method, target, body, **more))


def log_in(password=PASSWORD, **more):
    return call("POST", "/v1/sessions", {"login": "demo", "password": password, **more})


def token_of(answer):
    equal(answer.status, 201, repr(answer))
    return answer.json()["token"]


def personal(token, *scopes, **more):
    return call("POST", "/v1/members/me/tokens", {"name": "script", "scopes": list(scopes), **more}, token=token)


def works(token):
    return call("GET", "/v1/members/me", token=token).status == 200


def sessions(token):
    return call("GET", "/v1/members/me/sessions", token=token).json()["items"]


def clock(now):
    server.stop()
    server.now = now
    server.start()


@case("a token for a script is shown once, listed without itself, and worth nothing once removed")
def _():
    mine = token_of(log_in())
    made = personal(mine, "bookings", expires_in_days=7)
    equal((made.status, made.header("Cache-Control")), (201, "no-store"))
    told = made.json()
    equal((told["scopes"], told["created_at"], told["expires_at"]), (["bookings"], "2026-07-15T05:30:00Z", "2026-07-22T05:30:00Z"))
    assert works(told["token"])
    listed = call("GET", "/v1/members/me/tokens", token=mine).json()["items"]
    equal([row for row in listed if row["id"] == told["id"]], [{name: told[name] for name in told if name != "token"}])
    equal(call("DELETE", made.header("Location"), token=mine).status, 204)
    equal((works(told["token"]), call("DELETE", made.header("Location"), token=mine).status), (False, 404))


@case("it ends on its day")
def _():
    token = token_of(personal(token_of(log_in()), "bookings", expires_in_days=1))
    clock("2026-07-16T07:29:59+02:00")
    assert works(token)
    clock("2026-07-16T07:30:00+02:00")
    assert not works(token)
    clock(NOW)


@rows("a token that cannot be", [
    ("no name", {"scopes": ["bookings"]}, "#/name"), ("an empty name", {"name": "", "scopes": ["bookings"]}, "#/name"),
    ("a name that moves the cursor", {"name": "a\x1b[2J", "scopes": ["bookings"]}, "#/name"),
    ("no scopes", {"name": "x"}, "#/scopes"), ("none of them", {"name": "x", "scopes": []}, "#/scopes"),
    ("an unknown one", {"name": "x", "scopes": ["root"]}, "#/scopes"), ("the account", {"name": "x", "scopes": ["account"]}, "#/scopes"),
    ("one twice", {"name": "x", "scopes": ["bookings", "bookings"]}, "#/scopes"), ("a number", {"name": "x", "scopes": [1]}, "#/scopes"),
    ("text", {"name": "x", "scopes": "bookings"}, "#/scopes"), ("for ever", {"name": "x", "scopes": ["bookings"], "expires_in_days": 366},
                                                                  "#/expires_in_days"),
    ("for no day", {"name": "x", "scopes": ["bookings"], "expires_in_days": 0}, "#/expires_in_days"),
    ("for half a day", {"name": "x", "scopes": ["bookings"], "expires_in_days": 0.5}, "#/expires_in_days"),
    ("somebody else's", {"name": "x", "scopes": ["bookings"], "member_id": new_id()}, "#/member_id")])
def _(body, pointer):
    answer = call("POST", "/v1/members/me/tokens", body, token=token_of(log_in()))
    equal((answer.status, answer.problem, answer.json()["errors"][0]["pointer"]), (422, "validation", pointer))


@case("fifty of them are all that one may have")
def _():
    mine = token_of(log_in())
    while (answer := personal(mine, "stats", expires_in_days=1)).status == 201:
        assert len(call("GET", "/v1/members/me/tokens", token=mine).json()["items"]) <= 50
    equal((answer.status, answer.problem), (422, "validation"))
    for row in call("GET", "/v1/members/me/tokens", token=mine).json()["items"]:
        call("DELETE", f"/v1/members/me/tokens/{row['id']}", token=mine)


# ---- scopes on every route ------------------------------------------------------------------------------------------------------

ROUTES = [line.split() for line in subprocess.run([os.environ["HACKTIVD"], "routes"], capture_output=True, text=True, timeout=30,
                                                  check=True).stdout.splitlines()]
OPEN = {"watch", "log_in", "log_out"}                 # nobody is asked who they are; log_out ends what it is tried with
with_scope = {}


def scoped(scope):
    if scope not in with_scope:
        with_scope[scope] = token_of(personal(token_of(log_in()), *([scope] if isinstance(scope, str) else scope)))
    return with_scope[scope]


def try_route(method, pattern, token):
    """A request that gets as far as the question of the scope: what is behind it does not matter."""
    content = contract.document["paths"][pattern].get(method.lower(), {}).get("requestBody", {}).get("content", {})
    kind = next(iter(content), None)
    body = {} if kind and kind.endswith("json") else None
    headers = {"Content-Type": kind} if kind else {}
    target = pattern.replace("{s}", "ferme").replace("{id}", new_id())
    return server.request(method, target, body, token=token, key=new_id(), headers=headers)


@rows("scopes", [(f"{method} {pattern}", method, pattern, action) for method, pattern, action in ROUTES if action not in OPEN])
def _(method, pattern, action):
    assert action in SCOPE_OF, f"{action}: src/server/scope.c says which scope it needs; say so above too"
    lacking = SCOPE_OF[action]
    if lacking == "account":
        answer = try_route(method, pattern, scoped(tuple(SCOPES)))
        equal((answer.status, answer.problem), (403, "insufficient-scope"), "no token at all may see to the account")
        equal(answer.header("WWW-Authenticate"), 'Bearer realm="hacktiv", error="insufficient_scope"')
        return
    if not lacking:
        assert try_route(method, pattern, scoped("stats")).problem != "insufficient-scope"
        return
    others = tuple(scope for scope in SCOPES if scope != lacking and not (lacking == "bookings" and scope == "bookings:write"))
    answer = try_route(method, pattern, scoped(others))
    equal((answer.status, answer.problem), (403, "insufficient-scope"))
    equal(answer.header("WWW-Authenticate"), f'Bearer realm="hacktiv", error="insufficient_scope", scope="{lacking}"')
    if not pattern.endswith("/events"):                  # which would be a stream without end
        assert try_route(method, pattern, scoped(lacking)).problem != "insufficient-scope"


@case("without the scope staff, its owner's roles do not count")
def _():
    plain, staff = scoped("bookings"), scoped(("bookings", "staff"))
    server.stop()
    server.give_role("demo", "administrator", None)
    server.start()
    own = token_of(log_in())
    equal([call("GET", f"/v1/spaces/ferme/bookings/{new_id()}", token=token).status for token in (plain, staff, own)], [404] * 3)
    other = server.sql("SELECT id FROM booking WHERE space_id = (SELECT id FROM space WHERE slug = 'ferme') AND member_id <>"
                       " (SELECT id FROM member WHERE login = 'demo') AND state = 'confirmed' ORDER BY id LIMIT 1")[0][0]
    equal([call("GET", f"/v1/spaces/ferme/bookings/{other}", token=token).status for token in (plain, staff, own)], [404, 200, 200])


@case("API5: a token with staff gives a reception and takes it away, but makes nobody an operator: that takes a log-in")
def _():
    staff, own = scoped(("bookings", "staff")), token_of(log_in())
    them = server.sql("SELECT id FROM member WHERE login = 'plume'")[0][0]
    role = lambda method, name, token: call(method, f"/v1/members/{them}/roles/{name}/ferme", token=token)
    equal([role(method, "reception", staff).status for method in ("PUT", "DELETE")], [204, 204])
    answer = role("PUT", "operator", staff)
    equal((answer.status, answer.problem), (403, "insufficient-scope"))
    equal(server.sql("SELECT count(*) FROM role WHERE member_id = ?", them), [(0,)])
    equal(role("PUT", "operator", own).status, 204)
    equal((role("DELETE", "operator", staff).problem, role("DELETE", "operator", own).status), ("insufficient-scope", 204))


# ---- sessions -------------------------------------------------------------------------------------------------------------------

@case("ASVS 7.5.2: one sees where one is logged in, and ends one of them")
def _():
    here, there = token_of(log_in()), token_of(log_in(refresh=True))
    rows_here = sessions(here)
    equal([row["kind"] for row in rows_here[:2]], ["password"] * 2)
    equal([row["current"] for row in rows_here].count(True), 1)
    other = next(row["id"] for row in sessions(there) if row["current"])
    equal(call("DELETE", f"/v1/members/me/sessions/{other}", token=here).status, 204)
    equal((works(here), works(there)), (True, False))
    equal(call("DELETE", f"/v1/members/me/sessions/{other}", token=here).status, 404)


@case("a session is not a token, nor a token a session; and somebody else's is neither")
def _():
    mine = token_of(log_in())
    made = personal(mine, "stats").json()
    equal(call("DELETE", f"/v1/members/me/sessions/{made['id']}", token=mine).status, 404)
    current = next(row["id"] for row in sessions(mine) if row["current"])
    equal(call("DELETE", f"/v1/members/me/tokens/{current}", token=mine).status, 404)
    server.stop()
    other = server.grant("plume")["plume"]
    server.start()
    equal(call("DELETE", f"/v1/members/me/sessions/{current}", token=other).status, 404)
    equal(call("DELETE", f"/v1/members/me/tokens/{made['id']}", token=other).status, 404)
    equal([works(mine), works(made["token"])], [True, True])


@case("logging out everywhere ends them all, with what they are renewed by; tokens for scripts stay")
def _():
    first = log_in(refresh=True).json()
    here, script = token_of(log_in()), token_of(personal(token_of(log_in()), "bookings"))
    equal(call("DELETE", "/v1/members/me/sessions", token=here).status, 204)
    equal((works(here), works(first["token"]), works(script)), (False, False, True))
    answer = call("POST", "/oauth/token", form(grant_type="refresh_token", client_id="hacktiv-tui", refresh_token=first["refresh_token"]),
                  headers=FORM)
    equal(answer.json()["error"], "invalid_grant")


@case("a log-in may be one of an hour that is renewed")
def _():
    first = log_in(refresh=True).json()
    equal((first["expires_at"], first["refresh_expires_at"]), ("2026-07-15T06:30:00Z", "2026-08-14T05:30:00Z"))
    second = call("POST", "/oauth/token", form(grant_type="refresh_token", client_id="hacktiv-tui",
                                               refresh_token=first["refresh_token"]), headers=FORM).json()
    equal(call("GET", "/v1/members/me/sessions", token=second["access_token"]).status, 200, "it still may all that a log-in may")


# ---- the password ---------------------------------------------------------------------------------------------------------------

def change(token, old, new):
    return call("PUT", "/v1/members/me/password", {"old_password": old, "new_password": new}, token=token)


@rows("a password that is refused", [
    ("eleven letters", "elf letters"), ("twelve bytes that are fewer letters", "éééééé" "abcd"), ("one letter", "a" * 20),
    ("two letters", "ab" * 10), ("one's login and a year", "demo20262026"), ("without end", "x1y2" * 300)])
def _(new):
    answer = change(token_of(log_in()), PASSWORD, new)
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, "#/new_password"))
    assert new not in answer.body.decode()
    equal(log_in().status, 201)


@case("a wrong old password changes nothing, and counts as a try")
def _():
    mine = token_of(log_in())
    for _ in range(5):
        answer = change(mine, "not this one", NEW)
        equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, "#/old_password"))
    equal((change(mine, PASSWORD, NEW).status, log_in().status), (429, 429))
    clock("2026-07-15T07:45:00+02:00")
    equal(log_in().status, 201)
    clock(NOW)


@case("a new password ends all other sessions and tokens, and fits from then on")
def _():
    clock("2026-07-15T08:15:00+02:00")
    here, there, script = token_of(log_in()), log_in(refresh=True).json(), token_of(personal(token_of(log_in()), "bookings"))
    equal(change(here, PASSWORD, NEW).status, 204)
    equal((works(here), works(there["token"]), works(script)), (True, False, False))
    equal((log_in().status, log_in(NEW).status), (401, 201))
    equal(change(here, NEW, PASSWORD).status, 204)
    equal(len(sessions(here)), 1)


run(server.stop)
