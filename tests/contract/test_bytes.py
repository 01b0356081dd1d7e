"""Requests that no well-meaning client sends, byte by byte, straight to hacktivd: what each is answered, that the connection
ends, and that a second request hidden in the first is never run.

libmicrohttpd reads the bytes, our guard judges what it read. What the library refuses by itself, it refuses in its own words (and
0.9.75 sends its head twice). Four rows are known to pass here and are refused only by the proxy that faces the internet: folded
lines, bare LF, a header line without a name, and what follows a NUL in a value.
"""
import re
import socket
import time

from caller import Caller
from malformed import HOST, PASSED, REFUSED, REFUSED_BY_LIBRARY, get
from malformed import send as send_through
from tap import case, equal, rows, run

caller = Caller()


def send(request):
    return send_through(caller.server.connect(5), request)


@rows("refused, and the connection ends", REFUSED)
def _(request, status):
    statuses, ended, got = send(request)
    equal(statuses[:1], [status], repr(got[:300]))
    assert len(statuses) == 1, f"the hidden request was run: {statuses}"
    assert ended, "the connection stays open"
    assert b"/problems/" in got and b"hidden-request" not in got, repr(got)


@rows("refused by the library, and the connection ends", REFUSED_BY_LIBRARY)
def _(request, status):
    statuses, ended, got = send(request)
    equal(set(statuses), {status}, repr(got[:300]))
    assert ended, "the connection stays open"
    assert " 404 " not in caller.server.told(), "the hidden request was run"


@rows("answered", PASSED)
def _(request, expected):
    statuses, _, got = send(request)
    equal(statuses, expected, repr(got[:300]))


@case("a NUL in a value does not hide the rest of the head")
def _():
    statuses, _, got = send(get(b"X-Odd: a\x00b\r\nHost: other\r\n"))
    equal(statuses, [400], repr(got[:300]))


@case("every byte on its own gives the same answer")
def _():
    wire = caller.server.connect(10)
    if wire.family != socket.AF_UNIX:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in get(b"Connection: close\r\n"):
        wire.sendall(bytes([byte]))
    got = b""
    while piece := wire.recv(65536):
        got += piece
    assert got.startswith(b"HTTP/1.1 200 "), got
    wire.close()


@case("half a head, then nothing: the next caller is served at once")
def _():
    idle = [caller.server.connect() for _ in range(20)]
    for wire in idle:
        wire.sendall(b"GET /v1/meta HTTP/1.1\r\nHost: local")
    began = time.monotonic()
    equal(caller.get("/v1/meta").status, 200)
    assert time.monotonic() - began < 2
    for wire in idle:
        wire.close()


@case("a body that stops half-way changes nothing and keeps nobody waiting")
def _():
    before = caller.server.sql("SELECT count(*) FROM booking")
    wire = caller.server.connect()
    wire.sendall(b"POST /v1/spaces/ferme/bookings HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
                 b"Content-Length: 1000\r\n\r\n{\"id\":")
    wire.close()
    equal(caller.get("/v1/meta").status, 200)
    equal(caller.server.sql("SELECT count(*) FROM booking"), before)


@case("it still answers, and nothing strange was told in its log")
def _():
    equal(caller.get("/readyz").status, 200)
    told = caller.server.told()
    assert "runtime error" not in told and "Sanitizer" not in told, told[-2000:]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", told), "control bytes in the log"


run(caller.server.stop)
