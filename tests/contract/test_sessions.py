"""Logging in and out: what a wrong try learns (nothing), how often it may be made, and where the secrets lie (nowhere)."""
import base64
import datetime
import hashlib
import time

from contract import Contract
from server import NOW, PASSWORD, Server
from tap import case, equal, rows, run

contract = Contract()
server = Server().with_password().start()


def call(method, target, body=None, **more):
    return contract.judge(method, target, server.request(method, target, body, **more))


def log_in(login="demo", password=PASSWORD):
    return call("POST", "/v1/sessions", {"login": login, "password": password})


@case("name and password give a token, and the token says who I am")
def _():
    answer = log_in()
    equal(answer.status, 201, repr(answer))
    told = answer.json()
    equal((told["token_type"], told["member"]["login"], told["member"]["name"]), ("Bearer", "demo", "Camille Noiret"))
    assert told["expires_at"] > NOW[:10], told["expires_at"]
    me = call("GET", "/v1/members/me", token=told["token"]).json()
    equal({name: me[name] for name in told["member"]}, told["member"])


@case("two log-ins are two tokens; logging out ends one")
def _():
    one, two = log_in().json()["token"], log_in().json()["token"]
    assert one != two
    equal(call("DELETE", "/v1/sessions/current", token=one).status, 204)
    equal(call("GET", "/v1/members/me", token=one).status, 401)
    equal(call("DELETE", "/v1/sessions/current", token=one).status, 401)
    equal(call("GET", "/v1/members/me", token=two).status, 200)


@case("C38 a terminal that many share is logged in for an hour, with nothing to renew that")
def _():
    told = call("POST", "/v1/sessions", {"login": "demo", "password": PASSWORD, "refresh": True, "client": "hacktiv-kiosk"}).json()
    assert "refresh_token" not in told, told
    equal(datetime.datetime.fromisoformat(told["expires_at"]) - datetime.datetime.fromisoformat(NOW), datetime.timedelta(hours=1))
    me = call("GET", "/v1/members/me/sessions", token=told["token"]).json()["items"]
    equal([session["client"] for session in me if session["current"]], ["hacktiv-kiosk"])
    equal(call("DELETE", "/v1/sessions/current", token=told["token"]).status, 204)


@rows("a client", [
    ("that there is", "hacktiv-script", 201), ("of another name", "evil", 422), ("of no name", "", 422), ("that is a number", 7, 422)])
def _(client, status):
    answer = call("POST", "/v1/sessions", {"login": "demo", "password": PASSWORD, "client": client})
    equal(answer.status, status, repr(answer))
    if status == 422:
        assert b"/client" in answer.body, answer.body


@case("a token has 256 bits")
def _():
    body = log_in().json()["token"].removeprefix("hkt_")
    assert len(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) >= 32


@rows("refused", [
    ("another password", "demo", PASSWORD + "!"), ("the password with a line's end", "demo", PASSWORD + "\n"),
    ("an unknown name", "nobody", PASSWORD), ("somebody who has no password", "plume", PASSWORD),
    ("somebody who has none, with none", "zoe.lambermont", " "), ("a name in capitals", "DEMO", PASSWORD),
    ("SQL", "demo' OR '1'='1", "x"), ("a long password", "demo", "x" * 10000)])
def _(login, password):
    answer = log_in(login, password)
    equal((answer.status, answer.problem), (401, "unauthenticated"))
    assert password not in answer.body.decode() or password == " "


@case("a wrong password and an unknown name give the same answer")
def _():
    def plain(answer):
        told = answer.json()
        return answer.status, {name: told[name] for name in told if name != "instance"}, answer.header("WWW-Authenticate")
    equal(plain(log_in("demo", "wrong")), plain(log_in("somebody", "wrong")))


@case("and take the same time")
def _():
    def taken(login):
        began = time.monotonic()
        assert log_in(login, "wrong").status == 401
        return time.monotonic() - began
    # A member with a password, and beside each try a name that nobody has: each hashes once. The quickest of each, for others are at work here.
    log_in()
    known, unknown = zip(*((taken("demo"), taken(f"stranger{number}")) for number in range(3)))
    ratio = min(known) / min(unknown)
    assert 0.4 < ratio < 2.5, (known, unknown)


@case("too many tries for one name are throttled, and others are not")
def _():
    answers = [log_in("gauthier.mahieu-lorent", f"guess {number}") for number in range(12)]
    statuses = [answer.status for answer in answers]
    assert statuses[:3] == [401] * 3 and statuses[-1] == 429, statuses
    equal(answers[-1].problem, "rate-limited")
    assert 1 <= int(answers[-1].header("Retry-After")) <= 3600
    equal(statuses, sorted(statuses), "let in again at once")
    equal(log_in("tanguy.desclez", "guess").status, 401)
    equal(log_in().status, 201)


@rows("what is asked for", [
    ("a member too many", {"login": "demo", "password": PASSWORD, "remember": True}, "#/remember"),
    ("no password", {"login": "demo"}, "#/password"), ("no login", {"password": "x"}, "#/login"),
    ("a number", {"login": "demo", "password": 1234}, "#/password"), ("null", {"login": None, "password": "x"}, "#/login")])
def _(body, pointer):
    answer = call("POST", "/v1/sessions", body)
    equal((answer.status, answer.problem), (422, "validation"))
    equal(answer.json()["errors"][0]["pointer"], pointer)


@case("answers with a token are never kept by anybody")
def _():
    equal(log_in().header("Cache-Control"), "no-store")


@case("neither token nor password lies in the database, its journal or the log; the hash of the token does")
def _():
    token = log_in().json()["token"]
    call("GET", "/v1/members/me", token=token)
    call("GET", "/v1/members/me", token=token + "x")
    server.stop()
    written = b"".join(path.read_bytes() for path in server.directory.iterdir() if path.is_file() and path != server.secret)
    written += server.kept()
    for hidden in (token, token.removeprefix("hkt_"), PASSWORD):
        assert hidden.encode() not in written, "a secret lies open"
    assert hashlib.sha256(token.encode()).digest() in written
    assert b"$argon2id$" in written
    server.start()
    equal(call("GET", "/v1/members/me", token=token).status, 200, "a token outlives a restart")


@case("a token ends when its time is over")
def _():
    token = log_in().json()["token"]
    server.stop()
    server.now = "2027-12-31T00:00:00+01:00"
    server.start()
    answer = call("GET", "/v1/members/me", token=token)
    equal(answer.status, 401)
    assert 'error="invalid_token"' in answer.header("WWW-Authenticate")


run(server.stop)
