"""OAuth for devices: every error of RFC 6749 5.2 and RFC 8628 3.5, codes that end, tokens that are good once. S20, ASVS 10.4."""
import html
import re

from contract import Contract
from server import FORM, NOW, PASSWORD, Server, form
from tap import case, equal, rows, run

contract = Contract()
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
server = Server(now=NOW).with_password().start()


def call(method, target, body=None, **more):
    return contract.judge(method, target, server.request(method, target, body, **more))


def oauth(path, **fields):
    return call("POST", f"/oauth/{path}", form(**fields), headers=FORM)


def ask(**more):
    return oauth("device_authorization", **{"client_id": "hacktiv-tui", **more}).json()


def poll(device, client="hacktiv-tui"):
    return oauth("token", grant_type=GRANT, client_id=client, device_code=device["device_code"])


def refresh(token, **more):
    return oauth("token", **{"grant_type": "refresh_token", "client_id": "hacktiv-tui", "refresh_token": token, **more})


def answer_page(device, what="allow"):
    page = call("POST", "/device", form(step="login", user_code=device["user_code"], login="demo", password=PASSWORD), headers=FORM)
    token = html.unescape(re.search('name="form_token" value="([^"]*)"', page.body.decode())[1])
    done = call("POST", "/device", form(step="confirm", form_token=token, answer=what),
                headers={**FORM, "Cookie": page.header("Set-Cookie").split(";")[0]})
    equal(done.status, 200)


def let_in(**more):
    device = ask(**more)
    answer_page(device)
    answer = poll(device, more.get("client_id", "hacktiv-tui"))
    equal(answer.status, 200, repr(answer))
    return answer.json()


def clock(now):
    server.stop()
    server.now = now
    server.start()


def error(answer, status=400):
    equal((answer.status, answer.header("Cache-Control"), answer.media_type), (status, "no-store", "application/json"))
    return answer.json()["error"]


@case("a device asks, a person says yes, the token does what was asked for and no more")
def _():
    tokens = let_in(scope="bookings")
    equal((tokens["scope"], tokens["expires_in"]), ("bookings", 3600))
    equal(call("GET", "/v1/members/me", token=tokens["access_token"]).json()["login"], "demo")
    equal(call("GET", "/v1/members/me/bookings", token=tokens["access_token"]).status, 200)
    equal(call("GET", "/v1/members?q=zoe", token=tokens["access_token"]).problem, "insufficient-scope")


@case("without a scope it is all that can be granted, and never the account")
def _():
    tokens = let_in()
    equal(tokens["scope"], "bookings bookings:write directory profile:write staff stats")
    equal(call("GET", "/v1/members/me/sessions", token=tokens["access_token"]).problem, "insufficient-scope")


@case("what a client can find out by itself leads to what is there")
def _():
    told = call("GET", "/.well-known/oauth-authorization-server").json()
    for name, path in (("token_endpoint", "/oauth/token"), ("revocation_endpoint", "/oauth/revoke"),
                       ("device_authorization_endpoint", "/oauth/device_authorization")):
        equal(told[name], told["issuer"] + path)
    equal(told["grant_types_supported"], [GRANT, "refresh_token"])


@rows("refused at the token", [
    ("nothing", {}, 400, "invalid_request"), ("no client", {"grant_type": GRANT}, 400, "invalid_request"),
    ("no grant", {"client_id": "hacktiv-tui"}, 400, "invalid_request"),
    ("an empty grant is none", {"client_id": "hacktiv-tui", "grant_type": ""}, 400, "invalid_request"),
    ("no device code", {"client_id": "hacktiv-tui", "grant_type": GRANT}, 400, "invalid_request"),
    ("no refresh token", {"client_id": "hacktiv-tui", "grant_type": "refresh_token"}, 400, "invalid_request"),
    ("an unknown client", {"client_id": "evil", "grant_type": GRANT}, 401, "invalid_client"),
    ("a password as grant", {"client_id": "hacktiv-tui", "grant_type": "password"}, 400, "unsupported_grant_type"),
    ("a code as grant", {"client_id": "hacktiv-tui", "grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
    ("an unknown device code", {"client_id": "hacktiv-tui", "grant_type": GRANT, "device_code": "hkd_" + "A" * 43}, 400, "invalid_grant"),
    ("a device code that is none", {"client_id": "hacktiv-tui", "grant_type": GRANT, "device_code": "x"}, 400, "invalid_grant"),
    ("an unknown refresh token", {"client_id": "hacktiv-tui", "grant_type": "refresh_token", "refresh_token": "hkr_" + "A" * 43}, 400,
     "invalid_grant"),
    ("a client that may not refresh", {"client_id": "hacktiv-kiosk", "grant_type": "refresh_token", "refresh_token": "x"}, 400,
     "unauthorized_client"),
    ("a scope that is none", {"client_id": "hacktiv-tui", "grant_type": "refresh_token", "refresh_token": "x", "scope": "root"}, 400,
     "invalid_scope"),
])
def _(fields, status, wanted):
    answer = oauth("token", **fields)
    equal(error(answer, status), wanted)


@rows("refused at the device", [
    ("no client", {}, 400, "invalid_request"), ("an unknown client", {"client_id": "evil"}, 401, "invalid_client"),
    ("an unknown scope", {"client_id": "hacktiv-tui", "scope": "bookings root"}, 400, "invalid_scope"),
    ("the account", {"client_id": "hacktiv-tui", "scope": "account"}, 400, "invalid_scope")])
def _(fields, status, wanted):
    equal(error(oauth("device_authorization", **fields), status), wanted)


@rows("a form that is none", [
    ("a parameter twice", b"client_id=hacktiv-tui&client_id=hacktiv-tui"), ("half a percent sign", b"client_id=%4"),
    ("NUL", b"client_id=hacktiv-tui%00"), ("not UTF-8", b"client_id=%ff"), ("JSON", b'{"client_id": "hacktiv-tui"}')])
def _(body):
    for path in ("device_authorization", "token", "revoke"):
        equal(error(call("POST", f"/oauth/{path}", body, headers=FORM)), "invalid_request")


@case("unknown parameters do not matter (RFC 6749, 3.1); a secret that none has does")
def _():
    equal(oauth("device_authorization", client_id="hacktiv-tui", resource="x").status, 200)
    answer = call("POST", "/oauth/device_authorization", form(client_id="hacktiv-tui"), headers={**FORM, "Authorization": "Basic eDp5"})
    equal(error(answer, 401), "invalid_client")
    assert answer.header("WWW-Authenticate").startswith("Basic "), answer.headers


@case("S20 a device that polls too fast is told so, and has five seconds more each time, for good")
def _():
    device = ask()
    clock("2026-07-15T07:30:10+02:00")
    equal(error(poll(device)), "authorization_pending")
    equal(error(poll(device)), "slow_down")
    clock("2026-07-15T07:30:16+02:00")
    equal(error(poll(device)), "slow_down", "ten seconds by now")
    clock("2026-07-15T07:30:30+02:00")
    equal(error(poll(device)), "slow_down", "fifteen")
    clock("2026-07-15T07:30:50+02:00")
    equal(error(poll(device)), "authorization_pending", "twenty are over")
    answer_page(device)
    equal(poll(device).status, 200, "who was let in need not wait")
    clock(NOW)


@case("a code is past its time after a quarter of an hour, for the device and for the person")
def _():
    device, granted = ask(), ask()
    answer_page(granted)
    clock("2026-07-15T07:44:59+02:00")
    equal(error(poll(device)), "authorization_pending")
    clock("2026-07-15T07:45:00+02:00")
    equal((error(poll(device)), error(poll(granted))), ("expired_token", "expired_token"))
    equal(call("POST", "/device", form(step="code", user_code=device["user_code"]), headers=FORM).status, 422)
    clock(NOW)


@case("a device code is good once, and for its own client alone")
def _():
    device = ask()
    equal(error(poll(device, "hacktiv-script")), "invalid_grant")
    answer_page(device)
    equal(error(poll(device, "hacktiv-script")), "invalid_grant")
    equal(poll(device).status, 200)
    equal(error(poll(device)), "invalid_grant")


@case("who said no is not asked again")
def _():
    device = ask()
    answer_page(device, "deny")
    equal((error(poll(device)), error(poll(device))), ("access_denied", "access_denied"))


@case("a terminal that many share stays logged in for an hour only")
def _():
    tokens = let_in(client_id="hacktiv-kiosk")
    assert "refresh_token" not in tokens, tokens


# ---- refresh tokens -----------------------------------------------------------------------------------------------------------

@case("a refresh token is good once; the answer that was lost comes again, for a minute and until it was used")
def _():
    first = let_in(scope="bookings directory")
    second = refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"] and second["access_token"] != first["access_token"]
    equal(second["scope"], "bookings directory")
    clock("2026-07-15T07:30:59+02:00")
    again = refresh(first["refresh_token"]).json()
    equal({**again, "expires_in": 3600}, second, "the same answer")
    equal(call("GET", "/v1/members/me", token=again["access_token"]).status, 200)
    third = refresh(second["refresh_token"]).json()
    equal(error(refresh(first["refresh_token"])), "invalid_grant", "its successor was used")
    for token in (first["access_token"], second["access_token"], third["access_token"]):
        equal(call("GET", "/v1/members/me", token=token).status, 401, "the session is over")
    equal(error(refresh(third["refresh_token"])), "invalid_grant")
    clock(NOW)


@case("one that comes after a minute was stolen, or its successor was: the session ends")
def _():
    first = let_in()
    second = refresh(first["refresh_token"]).json()
    other = let_in()
    clock("2026-07-15T07:31:00+02:00")
    equal(error(refresh(first["refresh_token"])), "invalid_grant")
    equal(call("GET", "/v1/members/me", token=second["access_token"]).status, 401)
    equal(error(refresh(second["refresh_token"])), "invalid_grant")
    equal(call("GET", "/v1/members/me", token=other["access_token"]).status, 200, "another session goes on")
    clock(NOW)


@case("less can be asked for, never more; what is kept is not less for it")
def _():
    first = let_in(scope="bookings directory")
    equal(error(refresh(first["refresh_token"], scope="bookings staff")), "invalid_scope")
    less = refresh(first["refresh_token"], scope="bookings").json()
    equal(less["scope"], "bookings")
    equal(call("GET", "/v1/members?q=zoe", token=less["access_token"]).problem, "insufficient-scope")
    equal(refresh(less["refresh_token"]).json()["scope"], "bookings directory")


@case("of another client it is none, and that ends nothing")
def _():
    first = let_in()
    equal(error(refresh(first["refresh_token"], client_id="hacktiv-script")), "invalid_grant")
    equal(refresh(first["refresh_token"]).status, 200)


@case("ASVS 7.3.1, 7.3.2: a session ends after thirty days without new tokens, and after 180 whatever comes")
def _():
    token, idle = let_in()["refresh_token"], let_in()["refresh_token"]
    for day in ("2026-08-14T07:29:59+02:00", "2026-09-13T07:29:00+02:00", "2026-10-13T07:28:00+02:00", "2026-11-12T06:27:00+01:00",
                "2026-12-12T06:26:00+01:00", "2027-01-11T06:25:00+01:00"):
        clock(day)
        answer = refresh(token)
        equal(answer.status, 200, day)
        token = answer.json()["refresh_token"]
    equal(answer.json()["expires_in"], 300, "five minutes are left of the 180 days")
    equal(error(refresh(idle)), "invalid_grant")
    clock("2027-01-11T06:30:00+01:00")
    equal(error(refresh(token)), "invalid_grant")
    equal(call("GET", "/v1/members/me", token=answer.json()["access_token"]).status, 401)
    clock(NOW)


@case("an access token lives an hour")
def _():
    token = let_in()["access_token"]
    clock("2026-07-15T08:29:59+02:00")
    equal(call("GET", "/v1/members/me", token=token).status, 200)
    clock("2026-07-15T08:30:00+02:00")
    equal(call("GET", "/v1/members/me", token=token).status, 401)
    clock(NOW)


@rows("logging out with", [("the refresh token", "refresh_token"), ("the access token", "access_token")])
def _(which):
    tokens = let_in()
    equal(oauth("revoke", client_id="hacktiv-tui", token=tokens[which], token_type_hint="refresh_token").status, 200)
    equal(call("GET", "/v1/members/me", token=tokens["access_token"]).status, 401)
    equal(error(refresh(tokens["refresh_token"])), "invalid_grant")
    equal(oauth("revoke", client_id="hacktiv-tui", token=tokens[which]).status, 200, "once more")


@rows("nothing to revoke", [("a token that is none", {"token": "x"}, 200, None), ("no token", {}, 400, "invalid_request"),
                            ("an unknown client", {"token": "x", "client_id": "evil"}, 401, "invalid_client")])
def _(fields, status, wanted):
    answer = oauth("revoke", **{"client_id": "hacktiv-tui", **fields})
    equal((answer.status, answer.json().get("error")), (status, wanted))


@case("no token lies in the database; what makes the same answer twice is worth nothing by itself")
def _():
    first = let_in()
    second = refresh(first["refresh_token"]).json()
    device = ask()
    server.stop()
    written = server.kept() + b"".join(path.read_bytes() for path in server.directory.iterdir() if path.is_file() and path != server.secret)
    for token in (first["refresh_token"], second["refresh_token"], second["access_token"], device["device_code"]):
        assert token.encode() not in written and token[4:].encode() not in written, "a secret lies open"
    server.start()


run(server.stop)
