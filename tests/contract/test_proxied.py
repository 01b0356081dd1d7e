"""hacktivd behind nginx, with the configuration that it ships: the same bytes as test_bytes.py, and what a proxy must not spoil."""
import json
import time

from malformed import BEHIND_NGINX, PASSED, REFUSED, REFUSED_BY_LIBRARY, get, post, send
from nginx import Nginx
from server import Server
from tap import case, equal, rows, run

server = Server(listen="127.0.0.1:0", options=["--trusted-proxy", "127.0.0.1"]).start()
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
