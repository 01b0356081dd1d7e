"""Every operation of the description, asked with nonsense: members of the wrong type, missing, too many, huge, hostile; foreign ids; odd
parameters; odd headers. Whatever is sent, it is refused or done, as described: never a 5xx, never a word of SQL or a path of ours.

What is sent is drawn by HACKTIV_SEED (told when something fails); with HACKTIV_TEST_LONG everything is sent.
"""
import copy
import json
import os
import random
import re
import urllib.parse

from caller import Caller
from server import new_id
from tap import case, run

SEED = os.environ.get("HACKTIV_SEED", "1")
LONG = bool(os.environ.get("HACKTIV_TEST_LONG"))
SHORT_SHARE = 25            # of each operation's nonsense in the short form
caller = Caller()
server, contract = caller.server, caller.contract

SOMEBODY = new_id()
ODD_JSON = [                # as it stands in the body: what no encoder of ours would write is here too
    "null", "true", "0", "-1", "1.5", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400", "-0", '""', '" "',
    '"' + "x" * 5000 + '"', "[]", "{}", "[[[[[]]]]]", '["a", 1, null]', '"\\u0000"', '"\\ud800"', '"\\u202e\\u200b\\ufeff"',
    '"' + "é" * 1000 + '"', '"a\\u001b[2Jb"', "\"'; DROP TABLE booking; --\"", '"../../etc/passwd"', '"%s%n%d"', '"2026-02-30"',
    '"9999-12-31"', '"0000-00-00"', '"25:00"', '"2026-03-29T02:30:00+01:00"', '"2026-07-20T10:00:00Z"', '"hours"',
    json.dumps(SOMEBODY), '"00000000-0000-0000-0000-000000000000"', '"demo"', "[" * 40 + "]" * 40, '{"a": {"b": {"c": [1, 2, {}]}}}']
ODD_TEXT = ["", " ", "0", "-1", "1e9", "x" * 500, "../..", "%00", "%0a", "%ff", "%F0%9F%8C%BB", "'", "null", "2026-02-30", "9223372036854775808",
            SOMEBODY, "*", "a,b", "true", "{s}", "me", "%25", "+"]
ODD_HEADERS = [("If-Match", '"0"'), ("If-Match", "*"), ("If-Match", '"9223372036854775808"'), ("If-Match", "x"), ("If-Match", '"1", "2"'),
               ("If-None-Match", "*"), ("Idempotency-Key", "short"), ("Idempotency-Key", "k" * 64), ("Idempotency-Key", '"quoted-key-1"'),
               ("Accept", "text/html"), ("Accept", "*/*;q=0"), ("Content-Type", "text/plain"), ("Content-Type", "application/merge-patch+json"),
               ("Last-Event-ID", "x" * 200), ("Last-Event-ID", "-1"), ("X-Forwarded-For", "1.2.3.4, ::1"), ("Prefer", "return=minimal")]
SECRETS_OF_THE_HOUSE = re.compile(rb"SQLITE|sqlite3?_|syntax error|SELECT |INSERT |UPDATE .* SET|/work/|/src/|\.c:\d|postgres|libpq|PG::|stack", re.I)


def resource():
    return caller.resource("ferme/Les Serres 3")


def known(name, value):
    """An example's value, made one that is true here, so that nonsense beside it gets past the first check."""
    return {"id": new_id, "resource_id": resource, "date": lambda: "2026-08-27", "space_id": lambda: SPACE, "space": lambda: "ferme",
            "member_id": lambda: MEMBER, "on_behalf_of": lambda: MEMBER}.get(name, lambda: value)()


SPACE = caller.get("/v1/spaces/ferme").json()["id"]
MEMBER = caller.get("/v1/members?q=lambermont").json()["items"][0]["id"]
ACTIVITY = caller.get("/v1/activities?space=ferme").json()["items"][0]["id"]
BOOKING = caller.book("ferme/Les Serres 3", "2026-08-28", "am").json()["id"]
ORGANISATION = caller.get("/v1/organisations").json()["items"][0]["id"]


def target_of(path):
    """With things that are there, as far as a name in the path tells which."""
    for word, id in (("activities/{id}", ACTIVITY), ("bookings/{id}", BOOKING), ("members/{id}", MEMBER), ("organisations/{id}", ORGANISATION),
                     ("resources/{id}", resource())):
        path = path.replace(word, word.replace("{id}", id))
    path = path.replace("{s}", "ferme")
    return re.sub(r"\{[^}]*\}", MEMBER, path)


def truthful(body):
    return {name: known(name, value) for name, value in body.items()} if isinstance(body, dict) else body


def example_of(operation):
    for media, content in contract.resolve(operation.get("requestBody", {})).get("content", {}).items():
        examples = [content["example"]] if "example" in content else [one["value"] for one in content.get("examples", {}).values()]
        schema = contract.resolve(content.get("schema", {}))
        examples = examples or ([schema["example"]] if "example" in schema else [])
        if examples:
            return media, truthful(examples[0])
        return media, {}
    return None, None


def places(value, at=()):
    """Every place inside a JSON value, deepest too."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in items:
        yield from places(part, at + (name,))


class Raw(str):
    """Text that is put into the body as it is."""


def encode(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(name) + ":" + encode(part) for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(encode(part) for part in value) + "]"
    return json.dumps(value)


def changed(value, at, new):
    if not at:
        return new
    value = copy.copy(value)
    value[at[0]] = changed(value[at[0]], at[1:], new)
    return value


def without(value, at):
    value = copy.deepcopy(value)
    inside = value
    for step in at[:-1]:
        inside = inside[step]
    del inside[at[-1]]
    return value


def odd_bodies(body):
    for at in places(body):
        for odd in ODD_JSON:
            yield encode(changed(body, at, Raw(odd)))
        if at:
            yield encode(without(body, at))
    if isinstance(body, dict):
        for name in ("role", "roles", "id2", "version", "state", "member_id", "__proto__", "é", ""):
            yield encode({**body, name: "administrator"})
        whole = encode(body)
        yield whole[:-1] + "," + whole[1:] if len(body) else whole          # every member twice


def form(body, rng):
    return urllib.parse.urlencode({name: rng.choice(ODD_TEXT) for name in body}).encode()


def nonsense(method, path, operation, rng):
    """(target, body, headers) without end of the imagination, but in order."""
    media, body = example_of(operation)
    target = target_of(path)
    if media and "json" in media:
        for odd in odd_bodies(body):
            yield target, odd.encode("utf-8", "surrogatepass"), {"Content-Type": media}
    elif media:
        for _ in range(40):
            yield target, form(body, rng), {"Content-Type": media}
    plain = encode(body).encode() if media and "json" in media else None
    typed = {"Content-Type": media} if media else {}
    for parameter in re.findall(r"\{[^}]*\}", path):
        for odd in ODD_TEXT:
            yield target_of(path.replace(parameter, urllib.parse.quote(odd, safe="%") or "-")), plain, typed
    parameters = [contract.resolve(one)["name"] for one in operation.get("parameters", []) if contract.resolve(one)["in"] == "query"]
    for name in parameters:
        for odd in ODD_TEXT:
            yield f"{target}?{name}={urllib.parse.quote(odd, safe='%+')}", plain, typed
    for name, value in ODD_HEADERS:
        yield target, plain, {**typed, name: value}


def ask(method, target, body, headers, login):
    fields = {"If-Match": '"1"', "Idempotency-Key": new_id(), **headers}
    if login:
        fields["Authorization"] = f"Bearer {caller.tokens[login]}"
    return server.request(method, target, body, headers=fields)


# Streams do not end by themselves; what ends the caller's own standing is asked last, and for nobody who is needed after it.
STREAMS = {"/v1/events", "/v1/spaces/{s}/events"}
ENDS_STANDING = re.compile(r"sessions|/me$|disabled|erasure|log-?out|password")
LOGINS = [None, "demo", "maite.froidmont"]


def walk(method, path, operation):
    rng = random.Random(f"{SEED} {method} {path}")
    asked = list(nonsense(method, path, operation, rng))
    if not LONG and len(asked) > SHORT_SHARE:
        asked = rng.sample(asked, SHORT_SHARE)
    for target, body, headers in asked:
        login = None if ENDS_STANDING.search(path) and method in ("DELETE", "PUT", "POST") else rng.choice(LOGINS)
        if len(target) > 2000:
            continue
        answer = ask(method, target, body, headers, login)
        where = f"seed {SEED}: {method} {target} as {login}, {headers}, {body!r:.300}: {answer}"
        assert answer.status < 500 or answer.status == 501, where
        assert not SECRETS_OF_THE_HOUSE.search(answer.body) or answer.status < 400, where
        if answer.status >= 400 and not path.startswith(("/oauth", "/device")):
            assert answer.media_type == "application/problem+json", where
        if answer.status >= 400 and "Accept" not in headers:
            contract.judge(method, target, answer)


def register(method, path, operation):
    @case(f"OWASP API3, API8 {method} {path}")
    def _():
        walk(method, path, operation)


for method, path, operation in contract.operations():
    if path not in STREAMS and not operation.get("x-inner"):
        register(method, path, operation)


@case("afterwards it still serves, and its log tells of no fault of ours")
def _():
    assert caller.get("/readyz").status == 200
    told = server.told()
    assert "runtime error" not in told and "Sanitizer" not in told, told[-3000:]
    assert " 500 " not in told and not re.search(r"storage: ", told), re.findall(r".*(?: 500 |storage: ).*", told)[:5]


run(server.stop)
