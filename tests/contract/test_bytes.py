"""Requests that no well-meaning client sends, byte by byte, straight to hacktivd: what each is answered, that the connection
ends, and that a second request hidden in the first is never run.

libmicrohttpd reads the bytes, our guard judges what it read. What the library refuses by itself, it refuses in its own words (and
0.9.75 sends its head twice). Four rows are known to pass here and are refused only by the proxy that faces the internet: folded
lines, bare LF, a header line without a name, and what follows a NUL in a value.
"""
import re
import select
import socket
import time

from caller import Caller
from tap import case, equal, rows, run

caller = Caller()
HOST = b"Host: localhost\r\n"
HIDDEN = b"GET /v1/hidden-request HTTP/1.1\r\nHost: localhost\r\n\r\n"
SILENCE = 0.6          # seconds without a byte: nothing more will come


def get(more=b"", target=b"/v1/meta", host=HOST):
    return b"GET " + target + b" HTTP/1.1\r\n" + host + more + b"\r\n"


def post(more, body=b""):
    return (b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + more + b"\r\n" + body)


def send(request):
    """(statuses, whether the connection was ended, all bytes)."""
    wire = caller.server.connect(5)
    got, ended = b"", False
    try:
        wire.sendall(request)
    except (BrokenPipeError, ConnectionResetError):
        pass                                    # refused before it was all sent: what was answered still counts
    while True:
        ready, _, _ = select.select([wire], [], [], SILENCE)
        if not ready:
            break
        try:
            piece = wire.recv(65536)
        except ConnectionResetError:
            piece = b""
        if not piece:
            ended = True
            break
        got += piece
    wire.close()
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)], ended, got


REFUSED = [
    # what, bytes, status
    ("two equal lengths", post(b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc") + HIDDEN, 400),
    ("two different lengths", post(b"Content-Length: 3\r\nContent-Length: 60\r\n", b"abc") + HIDDEN, 400),
    ("length and transfer coding", post(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n") + HIDDEN, 411),
    ("a transfer coding", post(b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n") + HIDDEN, 411),
    ("a transfer coding nobody knows", post(b"Transfer-Encoding: xchunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"), 411),
    ("a chunk size in C", post(b"Transfer-Encoding: chunked\r\n", b"0x3\r\nabc\r\n0\r\n\r\n"), 411),
    ("a space before the colon", get(b"X-Odd : 1\r\n") + HIDDEN, 400),
    ("a space in a header name", get(b"X Odd: 1\r\n") + HIDDEN, 400),
    ("a control byte in a value", get(b"X-Odd: a\x01b\r\n") + HIDDEN, 400),
    ("DEL in a value", get(b"X-Odd: a\x7fb\r\n") + HIDDEN, 400),
    ("a bare CR in a value", get(b"X-Odd: a\rb\r\n") + HIDDEN, 400),
    ("two Hosts", get(b"Host: other\r\n") + HIDDEN, 400),
    ("a NUL in the path, hidden", get(target=b"/v1/meta%00") + HIDDEN, 400),
    ("a line break in the path, hidden", get(target=b"/v1/meta%0d%0a") + HIDDEN, 400),
    ("half a percent sign", get(target=b"/v1/meta%4") + HIDDEN, 400),
    ("a percent sign and no digits", get(target=b"/v1/meta%zz") + HIDDEN, 400),
    ("raw UTF-8 in the path", get(target="/v1/é".encode()) + HIDDEN, 400),
    ("a fragment", get(target=b"/v1/meta#top") + HIDDEN, 400),
    ("a path without a slash", get(target=b"v1/meta") + HIDDEN, 400),
    ("a target of 2 KiB and more", get(target=b"/v1/meta?" + b"a" * 2100) + HIDDEN, 414),
    ("a method nobody knows", b"BREW /v1/meta HTTP/1.1\r\n" + HOST + b"\r\n" + HIDDEN, 501),
    ("a method in small letters", b"get /v1/meta HTTP/1.1\r\n" + HOST + b"\r\n" + HIDDEN, 501),
    ("a body over 64 KiB, announced", post(b"Content-Length: 65537\r\n", b"abc"), 413),
]


@rows("refused, and the connection ends", REFUSED)
def _(request, status):
    statuses, ended, got = send(request)
    equal(statuses[:1], [status], repr(got[:300]))
    assert len(statuses) == 1, f"the hidden request was run: {statuses}"
    assert ended, "the connection stays open"
    assert b"/problems/" in got and b"hidden-request" not in got, repr(got)


REFUSED_BY_LIBRARY = [
    ("a list of lengths", post(b"Content-Length: 3, 3\r\n", b"abc") + HIDDEN, 400),
    ("a length with a plus", post(b"Content-Length: +3\r\n", b"abc") + HIDDEN, 400),
    ("a negative length", post(b"Content-Length: -3\r\n", b"abc") + HIDDEN, 400),
    ("a length in hex", post(b"Content-Length: 0x3\r\n", b"abc") + HIDDEN, 400),
    ("an empty length", post(b"Content-Length: \r\n", b"abc") + HIDDEN, 400),
    ("a length past all bounds", post(b"Content-Length: 99999999999999999999999\r\n", b"abc") + HIDDEN, 413),
    ("no Host", get(host=b"") + HIDDEN, 400),
    ("no version", b"GET /v1/meta\r\n" + HOST + b"\r\n" + HIDDEN, 400),
    ("a header without a colon", get(b"X-Odd\r\n") + HIDDEN, 400),
    ("a head of 100 KiB", get(b"X-Long: " + b"a" * 102400 + b"\r\n"), 431),
    ("HTTP/2 in words", b"GET /v1/meta HTTP/2.0\r\n" + HOST + b"\r\n" + HIDDEN, 505),
]


@rows("refused by the library, and the connection ends", REFUSED_BY_LIBRARY)
def _(request, status):
    statuses, ended, got = send(request)
    equal(set(statuses), {status}, repr(got[:300]))
    assert ended, "the connection stays open"
    assert " 404 " not in caller.server.told(), "the hidden request was run"


PASSED = [
    ("the ordinary one", get(), [200]),
    ("two, one after the other", get() + get(target=b"/livez"), [200, 200]),
    ("an empty line before", b"\r\n" + get(), [200]),
    ("spaces around a value", get(b"X-Odd: \t a \t\r\n"), [200]),
    ("an empty value", get(b"X-Odd:\r\n"), [200]),
    ("HTTP/1.0", b"GET /v1/meta HTTP/1.0\r\n\r\n", [200]),
    # The library's leniency; the proxy in front refuses these.
    ("no header name", get(b": 1\r\n"), [200]),
    ("a folded line", get(b"X-Odd: a\r\n b\r\n"), [200]),
    ("bare LF lines", b"GET /v1/meta HTTP/1.1\nHost: localhost\n\n", [200]),
]


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
