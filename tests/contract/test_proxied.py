"""hacktivd behind nginx, with the configuration that it ships: the same bytes as test_bytes.py, and what a proxy must not spoil."""
import http.client
import json
import time
import zlib

from malformed import BEHIND_NGINX, PASSED, REFUSED, REFUSED_BY_LIBRARY, get, post, send
from nginx import Nginx
from server import Server, new_id
from tap import case, equal, rows, run

server = Server(listen="127.0.0.1:0", options=["--trusted-proxy", "127.0.0.1"])
server.start().stop()
tokens = server.grant("demo", "zoe.lambermont")
server.start()
front = Nginx(server.address.removeprefix("http://"))
EVERY = [(name, request) for name, request, _ in REFUSED + REFUSED_BY_LIBRARY + PASSED]


@case("S01 the table behind nginx has a row for each row of the table before it")
def _():
    equal(sorted(BEHIND_NGINX), sorted(name for name, _ in EVERY))


@rows("S01 behind nginx", [(name, request, BEHIND_NGINX[name]) for name, request in EVERY])
def _(request, expected):
    open_after = len(expected) if len(expected) > 1 or expected in ([200], [413]) else None
    statuses, ended, got = send(front.connect(), request, open_after)
    equal(statuses, expected, repr(got[:300]))
    assert ended or open_after, "the connection stays open"


SMUGGLED = b"GET /v1/hidden-request HTTP/1.1\r\nHost: localhost\r\n\r\n"


@rows("S01 a request hidden in another one's body is never run", [
    ("the shorter of two lengths", post(b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(SMUGGLED), SMUGGLED)),
    ("the longer of two lengths", post(b"Content-Length: %d\r\nContent-Length: 0\r\n" % len(SMUGGLED), SMUGGLED)),
    ("a length beside chunks", post(b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(SMUGGLED), b"0\r\n\r\n" + SMUGGLED)),
    ("chunks beside a length", post(b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + SMUGGLED)),
    ("a coding spelt with a tab", post(b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + SMUGGLED)),
    ("two codings", post(b"Transfer-Encoding: identity, chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + SMUGGLED)),
    ("a coding on a folded line", post(b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + SMUGGLED)),
    ("a chunk that is longer than it says", post(b"Transfer-Encoding: chunked\r\n", b"1\r\nabc\r\n0\r\n\r\n" + SMUGGLED)),
])
def _(request):
    for wire in (front.connect(), server.connect()):
        statuses, _, got = send(wire, request, open_after=1)
        assert len(statuses) == 1 and statuses[0] >= 400, (statuses, got[:300])
    assert "hidden-request" not in server.told()


@case("S21 who asks is told by the proxy, not by who asks")
def _():
    wire = front.connect()
    statuses, _, _ = send(wire, get(b"Connection: close\r\nX-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\n"))
    equal(statuses, [200])


@case("an answer is the same before and behind the proxy")
def _():
    direct = server.get("/v1/spaces")
    _, _, got = send(front.connect(), get(b"Connection: close\r\n", target=b"/v1/spaces"))
    head, body = got.split(b"\r\n\r\n", 1)
    equal(json.loads(body), direct.json())
    for name in ("ETag", "Cache-Control", "Vary", "X-Content-Type-Options"):
        assert f"{name}: {direct.header(name)}".encode() in head, (name, head)


def ask(target, token=None):
    """An answer, its body not read, of whoever can unpack one."""
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
    connection.request("GET", target, headers={"Accept-Encoding": "gzip", **({"Authorization": f"Bearer {token}"} if token else {})})
    return connection.getresponse()


@case("lists come packed to whoever can unpack them, and are the same")
def _():
    for target in ("/v1/spaces", "/v1/spaces/ferme/availability", "/v1/spaces/ferme/day"):
        answer = ask(target)
        came = answer.read()
        equal((answer.getheader("Content-Encoding"), "Accept-Encoding" in answer.getheader("Vary")), ("gzip", True))
        told = zlib.decompress(came, 31)
        equal(json.loads(told), server.get(target).json())
        assert len(came) < len(told) / 2, (len(came), len(told))
        equal(server.get(target, headers={"If-None-Match": answer.getheader("ETag")}.items()).status, 304, "its tag is still good")
    equal(ask("/livez").getheader("Content-Encoding"), None, "a word is longer when packed")


@case("what was just made comes packed too, which nginx does not do, and so does what stood in its way")
def _():
    resource = next(item for item in server.get("/v1/spaces/ferme/resources").json()["items"] if item["name"] == "Les Serres 4")["id"]
    place = server.get("/v1/spaces/ferme").json()["id"]

    def book(accepted, part):
        wish = {"id": new_id(), "resource_id": resource, "date": "2026-08-12", "part": part}
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
        connection.request("POST", f"/v1/spaces/{place}/bookings", json.dumps(wish), headers={
            "Accept-Encoding": accepted, "Content-Type": "application/json", "Authorization": f"Bearer {tokens['demo']}",
            "Idempotency-Key": f"\"{wish['id']}\""})
        answer = connection.getresponse()
        came = answer.read()
        packed = answer.getheader("Content-Encoding") == "gzip"
        told = zlib.decompress(came, 31) if packed else came
        assert "Accept-Encoding" in answer.getheader("Vary"), "another form may be had"
        return answer.status, packed, answer.getheader("ETag"), wish["id"], json.loads(told), len(told) - len(came)

    status, packed, etag, id, told, saved = book("br, gzip;q=0.5", "am")
    equal((status, packed), (201, True))
    equal(told, server.get(f"/v1/spaces/{place}/bookings/{id}", token=tokens["demo"]).json())
    equal(server.get(f"/v1/spaces/{place}/bookings/{id}", token=tokens["demo"]).header("ETag"), etag, "of what was made, not of the bytes")
    assert saved > 250, saved
    equal(book("gzip", "am")[:2], (422, True))
    for refused, part in (("gzip;q=0", "pm"), ("gzip; q=0.000", "am"), ("identity", "am"), ("*", "am"), ("", "am")):
        equal(book(refused, part)[1], False, refused)


@case("programs are told what they read, browsers what they heed, and anybody the number of what went wrong")
def _():
    answers = [ask(target) for target in ("/v1/spaces", "/v1/nowhere", "/livez")]
    equal([bool(answer.getheader("Request-Id")) for answer in answers], [False, True, False])
    equal([bool(answer.getheader("Strict-Transport-Security")) for answer in answers], [False, False, True])


@case("an event goes out when it comes, though packed")
def _():
    stream, unpacker, told = ask("/v1/events", tokens["demo"]), zlib.decompressobj(31), b""
    equal(stream.getheader("Content-Encoding"), "gzip")
    desk = next(row["resource"]["id"] for row in server.get("/v1/spaces/ferme/availability?date=2026-08-12").json()["items"]
                if row["morning"] == "free")
    for day in (12, 13):                              # the second one after something was flushed
        id = new_id()
        wish = {"id": id, "resource_id": desk, "date": f"2026-08-{day}", "part": "am"}
        equal(server.request("POST", "/v1/spaces/ferme/bookings", wish, token=tokens["zoe.lambermont"], key=id).status, 201)
        began = time.monotonic()
        while b'"date":"2026-08-%d"' % day not in told:
            assert time.monotonic() - began < 5, told   # a heartbeat would come after 15 s
            told += unpacker.decompress(stream.read1(65536))


@case("what is counted is not told to the internet")
def _():
    statuses, _, _ = send(front.connect(), get(b"Connection: close\r\n", target=b"/metrics"))
    equal(statuses, [404])


@case("when hacktivd is gone, the proxy says so at once and serves again when it is back")
def _():
    server.stop()
    began = time.monotonic()
    statuses, _, _ = send(front.connect(), get(b"Connection: close\r\n"))
    assert statuses in ([502], [503], [504]) and time.monotonic() - began < 5, statuses
    server.listen = server.address.removeprefix("http://")
    server.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and send(front.connect(), get(b"Connection: close\r\n"))[0] != [200]:
        time.sleep(0.2)
    equal(send(front.connect(), get(b"Connection: close\r\n"))[0], [200])


def end():
    front.end()
    server.stop()


run(end)
