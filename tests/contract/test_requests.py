"""What every request must be: who asks, how, with what; and the answer when it is not so."""
import json
import re

from caller import Caller
from server import form, new_id
from tap import case, equal, rows, run

caller = Caller()
call, get = caller.call, caller.get
SOME_ID = "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e"


def target_of(path):
    return path.replace("{s}", "ferme").replace("{id}", SOME_ID)


def body_of(path, method="POST"):
    """One that is good enough to be looked at; bytes of a form where the route takes one."""
    content = caller.contract.document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    if path == "/v1/sessions":
        return {"login": "demo", "password": "wrong"}
    if "application/x-www-form-urlencoded" in content:
        return form(**content["application/x-www-form-urlencoded"]["example"])
    if "{s}" not in path and "example" in content.get("application/json", {}):
        return content["application/json"]["example"]
    wish = caller.wish("ferme/Les Serres 4", "2026-07-16", "am")
    if path.endswith(":cancel"):
        return {"from": "2026-12-01"}
    if path.endswith(":series"):
        return {"id": new_id(), **wish, "repeat": {"every": "week", "count": 1}}
    return wish if path.endswith(":preview") else {"id": new_id(), **wish}


# What is at the inner door alone is not there for callers: test_running.py.
OPERATIONS = [(method, path, told) for method, path, told in caller.contract.operations() if not told.get("x-inner")]
BEARER = [(method, path) for method, path, operation in OPERATIONS if operation.get("security") is None]
OPTIONAL = [(method, path) for method, path, operation in OPERATIONS if {} in (operation.get("security") or [])]
BODIES = {path: [method for method, other, operation in OPERATIONS if other == path and "requestBody" in operation]
          for _, path, _ in OPERATIONS}
POSTS = [path for method, path, _ in OPERATIONS if method == "POST"]
JSON_POSTS = [path for path in POSTS if isinstance(body_of(path), dict)]
FORM_POSTS = [path for path in POSTS if path not in JSON_POSTS]
GETS = [path for method, path, _ in OPERATIONS if method == "GET"]


# ---- who asks ---------------------------------------------------------------------------------------------------------------

@rows("needs a token", [(f"{method} {path}", method, path) for method, path in BEARER])
def _(method, path):
    body = body_of(path, method) if method in BODIES.get(path, ()) else None
    answer = call(method, target_of(path), body, key=new_id())
    equal((answer.status, answer.problem), (401, "unauthenticated"))
    equal(answer.header("WWW-Authenticate"), 'Bearer realm="hacktiv"')


@rows("a token that is none is refused", [(f"{method} {path}", method, path) for method, path in BEARER + OPTIONAL])
def _(method, path):
    body = body_of(path, method) if method in BODIES.get(path, ()) else None
    answer = call(method, target_of(path), body, key=new_id(), token="hkt_" + "A" * 43)
    equal((answer.status, answer.problem), (401, "unauthenticated"))
    assert 'error="invalid_token"' in answer.header("WWW-Authenticate"), answer.header("WWW-Authenticate")


@rows("Authorization", [
    ("another scheme", "Basic ZGVtbzpkZW1v"), ("no token", "Bearer"), ("empty token", "Bearer "),
    ("two tokens", "Bearer a b"), ("very long", "Bearer " + "A" * 5000), ("not of a token's letters", "Bearer a\u00e9b"),
])
def _(value):
    answer = get("/v1/members/me", headers={"Authorization": value.encode("utf-8")})
    assert answer.status in (400, 401), answer


@case("the scheme's name may be in any case")
def _():
    equal(get("/v1/members/me", headers={"Authorization": f"bearer {caller.tokens['demo']}"}).status, 200)


@case("a token in the query is not looked at")
def _():
    answer = get(f"/v1/members/me?access_token={caller.tokens['demo']}")
    assert answer.status in (400, 401), answer


# ---- what is asked for ---------------------------------------------------------------------------------------------------------

@rows("not found", [
    ("a path", "GET", "/v1/nowhere"), ("the root", "GET", "/"), ("another version", "GET", "/v2/meta"),
    ("a slash too many", "GET", "/v1/meta/"), ("two slashes", "GET", "//v1/meta"),
    ("a space", "GET", "/v1/spaces/atlantis"), ("its resources", "GET", "/v1/spaces/atlantis/resources"),
    ("its day", "GET", "/v1/spaces/atlantis/availability"), ("that alone", "GET", "/v1/spaces/atlantis/day"),
    ("its changes", "GET", "/v1/spaces/atlantis/changes"),
    ("a booking", "GET", f"/v1/spaces/ferme/bookings/{SOME_ID}"),
    ("a booking that cannot be", "GET", "/v1/spaces/ferme/bookings/7"),
    ("a booking to cancel", "DELETE", f"/v1/spaces/ferme/bookings/{SOME_ID}"),
    ("more than the longest path has", "PUT", f"/v1/spaces/ferme/activities/{SOME_ID}/signups/{SOME_ID}/attendance/more"),
    ("dots do not climb", "GET", "/v1/spaces/../meta"), ("nor when hidden", "GET", "/v1/spaces/%2e%2e/meta"),
])
def _(method, target):
    answer = call(method, target, by="demo", headers={"If-Match": "*"})
    equal((answer.status, answer.problem), (404, "not-found"))


@rows("nothing is booked or looked at in a space that is not", [(path, path) for path in POSTS if "{s}" in path])
def _(path):
    answer = call("POST", path.replace("{s}", "atlantis"), body_of(path), by="demo", key=new_id())
    # What is for the staff alone is refused before anything is looked up.
    equal(answer.status, 403 if path.endswith(("/approval", "/walk-ins", "/passes", "/activities")) else 404)


@rows("a member in other letters is one that is not known", [("of a move", "Booking_Id"), ("of a series", "Repeat"), ("of any", "Date")])
def _(name):
    answer = call("POST", "/v1/spaces/ferme/bookings:preview", {**caller.wish("ferme/Les Serres 4", "2026-07-16", "am"), name: "x"}, by="demo")
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, f"#/{name}"))


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@rows("method not allowed", [
    (f"{method} {path}", method, path) for path, item in caller.contract.document["paths"].items() for method in METHODS
    if path in {path for _, path, _ in OPERATIONS} and method.lower() not in item and not (method == "HEAD" and "get" in item)])
def _(method, path):
    answer = call(method, target_of(path), b"{}" if method in ("POST", "PUT", "PATCH") else None, by="demo")
    equal(answer.status, 405)
    if method != "HEAD":
        equal(answer.problem, "method-not-allowed")
    allowed = {name.strip() for name in answer.header("Allow").split(",")}
    described = {name.upper() for name in caller.contract.document["paths"][path] if name.upper() in METHODS}
    equal(allowed, described | ({"HEAD"} if "GET" in described else set()) | {"OPTIONS"})


@rows("a method nobody knows", [(name, name) for name in ("TRACE", "BREW", "get")])
def _(name):
    answer = caller.server.request(name, "/v1/meta")
    assert answer.status in (400, 405, 501), answer


@rows("unknown parameter", [(path, path) for path in GETS])
def _(path):
    answer = get(target_of(path) + "?dat=2026-07-16", by="demo")
    equal((answer.status, answer.problem), (400, "unknown-parameter"))


@rows("repeated parameter", [
    ("date", "/v1/spaces?date=2026-07-16&date=2026-07-16"), ("from", "/v1/members/me/bookings?from=2026-07-16&from=2026-07-17"),
    ("limit", "/v1/spaces/ferme/changes?limit=1&limit=1"), ("after", "/v1/spaces/ferme/changes?after=1&limit=1&after=1"),
])
def _(target):
    answer = get(target, by="demo")
    equal((answer.status, answer.problem), (400, "unknown-parameter"))


@rows("parameter's value", [
    ("no such day", "/v1/spaces?date=2026-02-30"), ("day first", "/v1/spaces?date=21/07/2026"),
    ("short", "/v1/spaces?date=2026-7-1"), ("empty", "/v1/spaces?date="), ("no value", "/v1/spaces?date"),
    ("before our time", "/v1/spaces?date=1999-12-31"), ("after our time", "/v1/spaces?date=2101-01-01"),
    ("with a space", "/v1/spaces?date=2026-07-16%20"), ("with a NUL", "/v1/spaces?date=2026-07-16%00"),
    ("limit 0", "/v1/members/me/bookings?limit=0"), ("limit 201", "/v1/members/me/bookings?limit=201"),
    ("limit in words", "/v1/members/me/bookings?limit=ten"), ("limit with a plus", "/v1/members/me/bookings?limit=%2B5"),
    ("limit huge", "/v1/members/me/bookings?limit=99999999999999999999"),
    ("after negative", "/v1/spaces/ferme/changes?after=-1"), ("after in hex", "/v1/spaces/ferme/changes?after=0x1"),
    ("cursor that is none", "/v1/members/me/bookings?cursor=%2e%2e"), ("cursor empty", "/v1/members/me/bookings?cursor="),
    ("from no date", "/v1/members/me/bookings?from=tomorrow"),
])
def _(target):
    answer = get(target, by="demo")
    equal(answer.status, 400, repr(answer))


# ---- in which form ---------------------------------------------------------------------------------------------------------------

@rows("Accept", [
    ("anything", "*/*", 200), ("any application", "application/*", 200), ("JSON", "application/json", 200),
    ("JSON with weight", "text/html;q=0.9, application/json;q=0.1", 200), ("absent", None, 200),
    ("case does not matter", "Application/JSON", 200),
    ("HTML only", "text/html", 406), ("JSON refused", "application/json;q=0", 406), ("XML", "application/xml, text/xml", 406),
])
def _(accept, status):
    answer = get("/v1/meta", headers={"Accept": accept})
    equal(answer.status, status)


@rows("body's type", [(f"{path} {name}", path, value, good) for path in JSON_POSTS for name, value, good in (
    ("JSON", "application/json", True), ("with a charset", "application/json; charset=utf-8", True),
    ("in capitals", "Application/JSON", True), ("a form", "application/x-www-form-urlencoded", False),
    ("text", "text/plain", False), ("none", None, False), ("nearly", "application/jsonx", False))])
def _(path, value, good):
    answer = call("POST", target_of(path), body_of(path), by="demo", key=new_id(), headers={"Content-Type": value})
    equal(answer.status == 415, not good, repr(answer))
    if not good:
        equal((answer.problem, answer.header("Accept-Post")), ("unsupported-media-type", "application/json"))


@rows("body's type", [(f"{path} {name}", path, value, good) for path in FORM_POSTS for name, value, good in (
    ("a form", "application/x-www-form-urlencoded", True), ("with a charset", "application/x-www-form-urlencoded;charset=UTF-8", True),
    ("in capitals", "Application/X-WWW-Form-URLencoded", True), ("JSON", "application/json", False),
    ("of a file", "multipart/form-data; boundary=x", False), ("none", None, False))])
def _(path, value, good):
    answer = call("POST", path, body_of(path), headers={"Content-Type": value, "Accept": "*/*"})
    equal(answer.status == 415, not good, repr(answer))
    if not good:
        equal((answer.problem, answer.header("Accept-Post")), ("unsupported-media-type", "application/x-www-form-urlencoded"))


@rows("S04 malformed JSON", [
    ("nothing", b""), ("a word", b"yes"), ("half", b'{"resource_id":'), ("a comma too many", b'{"part":"am",}'),
    ("single quotes", b"{'part':'am'}"), ("something after it", b'{"part":"am"} x'), ("two texts", b"{}{}"),
    ("a key twice", b'{"part":"am","part":"pm"}'), ("a key twice, one escaped", b'{"part":"am","p\\u0061rt":"pm"}'),
    ("33 deep", b'{"part":' + b"[" * 33 + b"]" * 33 + b"}"), ("100,000 deep", b"[" * 30000 + b"]" * 30000),
    ("NUL inside", b'{"part":"a\x00m"}'), ("NUL escaped", b'{"part":"a\\u0000m"}'),
    ("half a surrogate pair", b'{"part":"\\ud83d"}'), ("a surrogate pair turned round", b'{"part":"\\ude00\\ud83d"}'),
    ("not UTF-8", b'{"part":"\xff"}'), ("overlong UTF-8", b'{"part":"\xc0\xaf"}'),
    ("UTF-16", '{"part":"am"}'.encode("utf-16")), ("a byte order mark", b'\xef\xbb\xbf{"part":"am"}'),
    ("a number too large", b'{"part":1e400}'), ("NaN", b'{"part":NaN}'), ("a comment", b'{"part":"am" /* morning */}'),
    ("a control byte in a string", b'{"part":"a\nm"}'), ("octal", b'{"part":012}'), ("a plus", b'{"part":+1}'),
])
def _(body):
    for path in ("/v1/spaces/ferme/bookings:preview", "/v1/spaces/ferme/bookings", "/v1/sessions"):
        answer = call("POST", path, body, by="demo", key=new_id())
        equal((answer.status, answer.problem), (400, "malformed-json"), path)


def changed(**more):
    wish = {"id": new_id(), **caller.wish("ferme/Les Serres 4", "2026-07-16", "am"), **more}
    return {name: value for name, value in wish.items() if value is not ...}


@rows("a booking that says", [
    ("a member nobody knows", {"role": "admin"}, "#/role"), ("whose it is", {"member_id": SOME_ID}, "#/member_id"),
    ("its price", {"net_cents": 0}, "#/net_cents"), ("no place", {"resource_id": ...}, "#/resource_id"),
    ("no date", {"date": ...}, "#/date"), ("no part", {"part": ...}, "#/part"), ("no id", {"id": ...}, "#/id"),
    ("a part that is none", {"part": "evening"}, "#/part"), ("a part as a number", {"part": 1}, "#/part"),
    ("a date that is none", {"date": "2026-02-30"}, "#/date"), ("a date before our time", {"date": "1999-12-31"}, "#/date"),
    ("a date as a number", {"date": 20260716}, "#/date"), ("null for the date", {"date": None}, "#/date"),
    ("an id that is none", {"id": "7"}, "#/id"), ("an id in capitals", {"id": SOME_ID.upper()}, "#/id"),
    ("a place that is no id", {"resource_id": ["x"]}, "#/resource_id"),
    ("a key with a slash", {"a/b~c": 1}, "#/a~1b~0c"),
])
def _(more, pointer):
    answer = call("POST", "/v1/spaces/ferme/bookings", changed(**more), by="demo", key=new_id())
    equal((answer.status, answer.problem), (422, "validation"))
    equal(answer.json()["errors"][0]["pointer"], pointer)


@rows("JSON that is no object", [("a list", []), ("a text", "x"), ("a number", 1), ("null", None), ("true", True)])
def _(body):
    for path in ("/v1/spaces/ferme/bookings:preview", "/v1/sessions"):
        answer = call("POST", path, json.dumps(body).encode(), by="demo")
        equal((answer.status, answer.problem), (422, "validation"), path)


@case("a place of another space is not found here")
def _():
    wish = {"id": new_id(), **caller.wish("rimbaud/R1", "2026-07-16", "am")}
    answer = call("POST", "/v1/spaces/ferme/bookings", wish, by="demo", key=new_id())
    assert answer.status in (404, 422), answer
    equal(caller.halves("rimbaud/R1", "2026-07-16"), caller.halves("rimbaud/R1", "2026-07-16"))


# ---- how much ------------------------------------------------------------------------------------------------------------------------

@rows("S03 a body of", [("64 KiB", 65536, 400), ("64 KiB and one byte", 65537, 413), ("a megabyte", 1 << 20, 413)])
def _(size, status):
    answer = call("POST", "/v1/spaces/ferme/bookings", b" " * size, by="demo", key=new_id(), connection=caller.server.connection())
    equal((answer.status, answer.problem), (status, "too-large" if status == 413 else "malformed-json"))


@rows("S03 a target of", [("2 KiB", 2048, 400), ("2 KiB and one byte", 2049, 414), ("10 KiB", 10240, 414)])
def _(size, status):
    answer = caller.server.get("/v1/spaces?date=".ljust(size, "x"), connection=caller.server.connection())
    equal(answer.status, status)
    if status == 414:
        equal(answer.problem, "target-too-long")


@rows("S03 a head of", [("8 KiB", 8000, 200), ("16 KiB and more", 17000, 431), ("100 KiB", 100000, 431)])
def _(size, status):
    answer = caller.server.get("/v1/meta", headers={"X-Long": "x" * size}, connection=caller.server.connection())
    equal(answer.status, status)


# ---- Request-Id ----------------------------------------------------------------------------------------------------------------------

@case("a request's own id comes back")
def _():
    equal(get("/v1/meta", headers={"Request-Id": "Ab.9_-x"}).header("Request-Id"), "Ab.9_-x")
    equal(get("/v1/nowhere", headers={"Request-Id": "Ab.9_-x"}).header("Request-Id"), "Ab.9_-x")


@rows("a request's id that is none is replaced", [
    ("absent", None), ("too long", "a" * 65), ("with a space", "a b"), ("with markup", "<b>"), ("empty", "")])
def _(value):
    told = get("/v1/meta", headers={"Request-Id": value}).header("Request-Id")
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", told) and told != value, told


@case("a hundred requests go over one connection")
def _():
    wire = caller.server.connection()
    wire.connect()
    first = wire.sock
    for _ in range(100):
        equal(get("/v1/meta", connection=wire).status, 200)
        assert wire.sock is first
    wire.close()


run(caller.server.stop)
