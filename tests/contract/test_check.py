"""hacktivd check URL: content with hacktivd itself, and not with one that lies; each lie is told by the check whose matter it is."""
import json
import os
import socket
import ssl
import subprocess
import threading

from go_between import GoBetween
from server import PASSWORD, Server, peopled
from tap import case, equal, rows, run

server, tokens = peopled(options=[])
token_file = server.directory / "token"
token_file.write_text(tokens["demo"] + "\n")
token_file.chmod(0o600)
UNIX = f"unix:{server.socket_path}"


def check(url, *options, given=None):
    """Exit status, {name: "ok" | "not ok" | "skipped"}, all that was said."""
    told = subprocess.run([os.environ["HACKTIVD"], "check", url, *options], input=given, capture_output=True, text=True, timeout=120,
                          env={key: value for key, value in os.environ.items() if not key.startswith(("HACKTIV_TEST", "http", "HTTP"))})
    results = {}
    for line in told.stdout.splitlines():
        good, dash, rest = line.partition(" - ")
        if dash and good.split(" ")[0] in ("ok", "not"):
            name = rest.partition(" # SKIP")[0].rpartition(" (")[0] or rest.partition(" # SKIP")[0]
            results[name] = "skipped" if " # SKIP " in rest else "not ok" if good.startswith("not") else "ok"
    return told.returncode, results, told.stdout + told.stderr


def days_of_demo():
    """What the member has, versions and all but how often somebody came and went."""
    bookings = server.get("/v1/members/me/bookings?limit=200", token=tokens["demo"]).json()["items"]
    signups = server.get("/v1/members/me/signups?limit=200", token=tokens["demo"]).json()["items"]
    return bookings, [(activity["id"], activity["taken"]) for activity in signups]


@case("a stranger may check what anybody may read")
def _():
    status, results, told = check(UNIX)
    equal(status, 0, told)
    assert list(results.values()).count("ok") > 30 and "skipped" in results.values(), told
    good = list(results.values()).count("ok")
    equal(told.splitlines()[-1], f"{good} passed, 0 failed")


@case("a member may check what members read, and nothing is written")
def _():
    before = server.get("/v1/spaces/ferme/changes?after=0&limit=200", token=tokens["demo"]).body, days_of_demo()
    status, results, told = check(UNIX, "--token-file", str(token_file))
    equal((status, results["tells who I am"], results["books, with the id that the client made"]), (0, "ok", "skipped"), told)
    equal((server.get("/v1/spaces/ferme/changes?after=0&limit=200", token=tokens["demo"]).body, days_of_demo()), before)


@case("with --write everything is checked, and nothing left behind")
def _():
    before = days_of_demo()
    for _ in range(2):
        status, results, told = check(UNIX, "--token-file", str(token_file), "--write")
        equal((status, set(results.values())), (0, {"ok"}), told)
        equal(days_of_demo(), before)


@case("over TCP and through a go-between that lies about nothing it is content too")
def _():
    between = GoBetween(server.connect)
    status, results, told = check(between.url + "/", "--token-file", str(token_file), "--write")
    equal((status, set(results.values())), (0, {"ok"}), told)
    between.end()


@case("a password comes over standard input, and its session is over at the end")
def _():
    password = server.directory / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    own = Server(options=["--sample-password", str(password)]).start()
    status, results, told = check(f"unix:{own.socket_path}", "--login", "demo", "--password-stdin", given=PASSWORD + "\n")
    equal((status, results["tells who I am"]), (0, "ok"), told)
    assert PASSWORD not in told and "hkt_" not in told, told
    status, _, told = check(f"unix:{own.socket_path}", "--login", "demo", "--password-stdin", given="wrong\n")
    equal(status, 1, told)
    assert "lets nobody in" in told, told
    own.stop()
    equal(own.sql("SELECT count(*) FROM token"), [(0,)])


@rows("asked wrongly it ends with 2", [
    ("http:// over a network", ("http://booking.example.org",)),
    ("no address", ("booking",)),
    ("another scheme", ("ftp://localhost",)),
    ("a password in the address", ("https://demo:secret@localhost",)),
    ("a question in the address", ("http://localhost/?a=1",)),
    ("nothing", ()),
    ("--write as nobody", (UNIX, "--write")),
    ("two ways to come in", (UNIX, "--write", "--login", "demo", "--token-file", str(token_file))),
    ("a file that is not there", (UNIX, "--token-file", "/no/such/file")),
])
def _(words):
    told = subprocess.run([os.environ["HACKTIVD"], "check", *words], capture_output=True, text=True, timeout=60)
    equal((told.returncode, told.stdout), (2, ""), told.stderr)
    assert told.stderr.startswith("hacktivd"), told.stderr


@case("a token that others may read is refused")
def _():
    token_file.chmod(0o644)
    status, _, told = check(UNIX, "--token-file", str(token_file))
    token_file.chmod(0o600)
    equal(status, 2, told)


@case("where nothing answers, and where something else does, it ends with 1 and says so")
def _():
    status, _, told = check("unix:/no/such/socket")
    equal(status, 1, told)
    between = GoBetween(server.connect, lambda exchange: exchange.say({"hello": 1}) or exchange.put("Content-Type", "application/json")
                        or setattr(exchange, "status", 200) or True)
    status, results, told = check(between.url)
    equal((status, results), (1, {}), told)
    assert "No server of this interface" in told, told
    between.end()


@case("https with a certificate that nobody vouches for is not asked")
def _():
    key, certificate = server.directory / "key.pem", server.directory / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
                    "-subj", "/CN=localhost"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard = []

    def serve(door):
        wire, _ = door.accept()
        with wire:
            try:
                heard.append(context.wrap_socket(wire, server_side=True).recv(100))
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as door:
        listener = threading.Thread(target=serve, args=(door,), daemon=True)
        listener.start()
        status, _, told = check(f"https://localhost:{door.getsockname()[1]}", "--token-file", str(token_file))
        listener.join(30)
    equal((status, [text for text in heard if text]), (1, []), told)


# ---- lies ------------------------------------------------------------------------------------------------------------------
# Each is called twice for a request: before hacktivd is asked (status 502; True: it has answered itself) and after.

def after(change):
    """A fault in what was answered."""
    return lambda exchange: None if exchange.status == 502 else change(exchange) and None


def becomes(status, when):
    """Another status, with the body as it was."""
    @after
    def fault(exchange):
        if when(exchange):
            exchange.status = status
    return fault


def without(name, when=lambda exchange: True):
    return after(lambda exchange: exchange.drop(name) if when(exchange) else None)


def document(when, change):
    """Another document."""
    @after
    def fault(exchange):
        if exchange.status < 300 and exchange.answer and when(exchange):
            told = exchange.json()
            change(told)
            exchange.say(told)
    return fault


def at(*parts):
    return lambda exchange: all(part in exchange.target for part in parts)


def unknown_is_ignored(exchange):
    if exchange.status != 502 or "no_such_parameter" not in exchange.target:
        return None
    other = exchange.ask("GET", "/v1/spaces")
    exchange.status, exchange.headers, exchange.answer = other.status, other.headers, other.answer
    return True


@after
def body_after_304(exchange):
    if exchange.status == 304:
        exchange.answer = b"{}"
        exchange.put("Content-Length", "2")


def page_repeats():
    last = {}

    @after
    def fault(exchange):
        if "/v1/activities?" in exchange.target and exchange.status == 200:
            told = exchange.json()
            if "cursor=" in exchange.target and last.get("item"):
                told["items"].insert(0, last["item"])
            last["item"] = told["items"][-1] if told["items"] else None
            exchange.say(told)
    return fault


def lose_one(told):
    told["items"] = told["items"][:-1] if len(told["items"]) == 3 else told["items"]


def name_somebody(told):
    for row in told["items"]:
        for busy in row["busy"]:
            busy["name"] = "Camille Noiret"


def overfill(told):
    for activity in told["items"]:
        activity["taken"] = activity["capacity"] + 1


def wrong_problem(exchange):
    if exchange.status == 404 and exchange.answer:
        exchange.say({**exchange.json(), "status": 400})


def all_cards(exchange):
    if exchange.status == 502 or exchange.target != "/v1/members":
        return
    other = exchange.ask("GET", "/v1/members?q=an")
    exchange.status, exchange.headers, exchange.answer = other.status, other.headers, other.answer


def replace(old, new, when):
    @after
    def fault(exchange):
        if when(exchange):
            exchange.answer = exchange.answer.replace(old, new)
    return fault


def two_hosts(exchange):
    if exchange.status != 502 and len(exchange.fields.get("host", [])) == 2:
        exchange.status = 200


def turns(changing):
    changing["items"].reverse()


READ = [
    ("no ETag", without("ETag"), "304 without a body for who has it"),
    ("a body after 304", body_after_304, "304 without a body for who has it"),
    ("200 for who has it", becomes(200, lambda exchange: exchange.status == 304), "304 without a body for who has it"),
    ("304 for everybody", becomes(304, lambda exchange: exchange.field("If-None-Match")), "the whole answer for who has another version"),
    ("an ETag of HEAD's own", after(lambda exchange: exchange.put("ETag", '"head"') if exchange.method == "HEAD" else None),
     "HEAD is GET without the body"),
    ("a parameter ignored", unknown_is_ignored, "an unknown parameter is refused"),
    ("200 for a limit of none", becomes(200, at("limit=0")), "a limit that is none is refused"),
    ("200 for a date of none", becomes(200, at("2026-02-30")), "a date that is none is refused"),
    ("404 for a cursor of none", becomes(404, at("cursor=bm8gc3VjaCBwbGFjZQ")), "a cursor that is none is refused"),
    ("a page that repeats an item", page_repeats(), "activities are the same by pages, none twice"),
    ("a page that loses an item", document(at("/v1/activities?"), lose_one), "activities are the same by pages, none twice"),
    ("pages without Link", without("Link"), "activities are the same by pages, none twice"),
    ("a next that leads astray", document(at("/v1/organisations?"), lambda told: told.update(next="https://example.org/v1/")),
     "organisations are the same by pages, none twice"),
    ("an activity too full", document(at("/v1/activities?"), overfill), "no activity is overfull, and none tells strangers its link"),
    ("a name in the availability", document(at("/availability"), name_somebody), "availability names nobody"),
    ("a row missing", document(at("/availability"), lambda told: told["items"].pop()), "availability lists every resource in its order"),
    ("a free place that is none", document(at("/day?"), lambda told: told["items"].pop()),
     "a day alone is what its availability says"),
    ("a day of another version", document(at("/day?"), lambda told: told.update(version=told["version"] + 1)),
     "a day alone is what its availability says"),
    ("another day", document(at("?date="), lambda told: told.get("day", {}).update(date="2026-01-01")), "a space tells the day that was asked for"),
    ("the whole directory", after(all_cards), "the directory is searched, not read from end to end"),
    ("401 without a way in", without("WWW-Authenticate"), "without a token 401 tells how to come in"),
    ("405 without Allow", without("Allow", lambda exchange: exchange.status == 405), "a wrong method is 405 with those that may be used"),
    ("404 for a wrong method", becomes(404, lambda exchange: exchange.status == 405), "a wrong method is 405 with those that may be used"),
    ("problems as plain JSON", after(lambda exchange: exchange.put("Content-Type", "application/json") if exchange.status == 404 else None),
     "an unknown path is a problem 404"),
    ("a problem of another status", after(wrong_problem), "an unknown space is a problem 404"),
    ("no nosniff", without("X-Content-Type-Options"), "is alive"),
    ("a header twice", after(lambda exchange: exchange.headers.append(("Date", exchange.header("Date")))), "tells what it is"),
    ("422 for JSON that is none", becomes(422, lambda exchange: b"malformed-json" in exchange.answer), "a body that is no JSON is refused, and a name twice"),
    ("no Accept-Post", without("Accept-Post"), "a body of another type is 415 with the right one"),
    ("two hosts taken", after(two_hosts), "no host, or two, is 400"),
    ("a body without end", becomes(400, lambda exchange: exchange.status == 413), "too long is 414, 431, 413"),
    ("a stream of JSON", replace(b"retry: 3000", b"{\"retry\": 3000}", at("/events")), "events are server-sent events with ids"),
    ("a stream without ids", replace(b"id: ", b": ", at("/events")), "events are server-sent events with ids"),
    ("changes out of order", document(at("/changes"), turns), "changes have numbers that rise, and name nobody"),
    ("my days for every cache", after(lambda exchange: exchange.put("Cache-Control", "public, max-age=60")
                                      if "/members/me/bookings" in exchange.target else None),
     "my bookings come soonest first, for no shared cache"),
    ("a login on a card", document(at("/v1/members?"), lambda told: [card.update(login="x") for card in told["items"]]),
     "cards have a name and no login"),
]


@rows("a lie is seen, and its name told", READ)
def _(fault, name):
    between = GoBetween(server.connect, fault)
    status, results, told = check(between.url, "--token-file", str(token_file))
    between.end()
    equal((status, results.get(name)), (1, "not ok"), told)


def books_twice():
    seen = set()

    def fault(exchange):
        key = exchange.field("Idempotency-Key")
        if exchange.method != "POST" or not exchange.target.endswith("/bookings") or not key or exchange.status != 201:
            return
        if key in seen and exchange.header("Idempotent-Replayed"):
            wish = {**json.loads(exchange.body), "part": "pm"}
            wish["id"] = wish["id"][:-4] + ("ffff" if not wish["id"].endswith("ffff") else "0000")
            other = exchange.ask("POST", exchange.target, {"Idempotency-Key": wish["id"], "Content-Type": "application/json"},
                                 json.dumps(wish).encode())
            assert other.status == 201, other.answer
        seen.add(key)
    return after(fault)


def forgets_keys(exchange):
    """A key that is not looked at: each request is a new one, as if it had none of its own."""
    if exchange.status == 502 and exchange.method == "POST" and exchange.target.endswith("/bookings") and not exchange.field("Idempotency-Key"):
        key = json.loads(exchange.body).get("id") or "hacktivd-check-none"
        exchange.asked = exchange.asked.replace(b"\r\n", f"\r\nIdempotency-Key: {key}-none\r\n".encode(), 1)


def first_answer_for_all():
    """Whatever else comes with a key gets what the key had first."""
    first = {}

    def fault(exchange):
        if exchange.method == "POST" and exchange.target.endswith("/bookings"):
            if exchange.status == 201:
                first.setdefault(exchange.field("Idempotency-Key"), (exchange.headers, exchange.answer))
            elif b"idempotency-key-reused" in exchange.answer:
                exchange.status = 201
                exchange.headers, exchange.answer = first[exchange.field("Idempotency-Key")]
    return after(fault)


def forgets_to_cancel():
    """The first right cancelling is only said to be done."""
    done = []

    def fault(exchange):
        right = exchange.method == "DELETE" and "/bookings/" in exchange.target and (exchange.field("If-Match") or '"99999"') != '"99999"'
        if exchange.status == 502 and right and len(done) < 2:
            done.append(exchange)
            exchange.status, exchange.answer = 204, b""
            exchange.headers = [("Date", "Sat, 28 Nov 2026 09:32:52 GMT"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]
            return True
        return None
    return fault


def takes_two():
    count = []

    def fault(exchange):
        if exchange.method == "PUT" and exchange.target.endswith("/signup") and exchange.status == 200:
            count.append(1)
            told = exchange.json()
            told["taken"] += len(count)
            exchange.say(told)
    return after(fault)


WRITE = [
    ("it books twice for one key", books_twice(), "the same key has the same answer, and one effect"),
    ("it does not say that it answers again", without("Idempotent-Replayed"), "the same key has the same answer, and one effect"),
    ("it books without a key", forgets_keys, "books nothing without a key"),
    ("a key is good for anything", first_answer_for_all(), "a key that was used is refused for something else"),
    ("a place that is taken is promised", becomes(201, lambda exchange: exchange.method == "POST" and exchange.status in (409, 422) and
                                                  (b"slot-taken" in exchange.answer or b"already-mine" in exchange.answer)),
     "a place that is taken is refused"),
    ("a refusal is forgotten", without("Idempotent-Replayed", lambda exchange: exchange.status >= 400),
     "whoever was told no for a key is told no again"),
    ("no Location", without("Location"), "books, with the id that the client made"),
    ("a booking without a version", without("ETag", at("/bookings/")), "a booking is seen by who has it, and by nobody without a token"),
    ("a stale move is taken", becomes(200, lambda exchange: exchange.method == "PATCH" and exchange.status == 412),
     "moves the version that one knows, and no other"),
    ("a stale cancelling is taken", becomes(204, lambda exchange: exchange.method == "DELETE" and exchange.status == 412),
     "cancels the version that one knows, and no other"),
    ("it forgets to cancel", forgets_to_cancel(), "cancels the version that one knows, and no other"),
    ("signing up again takes another place", takes_two(), "signs up once, and withdraws"),
]


@rows("a lie about what was written is seen, its name told, and nothing left", WRITE)
def _(fault, name):
    before = days_of_demo()
    between = GoBetween(server.connect, fault)
    status, results, told = check(between.url, "--token-file", str(token_file), "--write")
    between.end()
    equal((status, results.get(name)), (1, "not ok"), told)
    equal(days_of_demo(), before)


run(server.stop)
