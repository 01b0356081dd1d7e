"""Requests that no well-meaning client sends, byte by byte, straight to hacktivd: what each is answered, that the connection
ends, and that a second request hidden in the first is never run.

libmicrohttpd reads the bytes, our guard judges what it read. What the library refuses by itself, it refuses in its own words (and
0.9.75 sends its head twice). Four rows are known to pass here and are refused only by the proxy that faces the internet: folded
lines, bare LF, a header line without a name, and what follows a NUL in a value.
"""
import os
import re
import select
import socket
import time

from caller import Caller
from malformed import HOST, PASSED, REFUSED, REFUSED_BY_LIBRARY, get, post
from malformed import send as send_through
from server import START_LIMIT, Server
from tap import case, equal, rows, run

caller = Caller()
on_tcp = Server(listen="127.0.0.1:0", sample=False).start()


def send(request, open_after=None):
    return send_through(caller.server.connect(), request, open_after)


@rows("S01 refused, and the connection ends", REFUSED)
def _(request, status):
    statuses, ended, got = send(request)
    equal(statuses[:1], [status], repr(got[:300]))
    assert len(statuses) == 1, f"the hidden request was run: {statuses}"
    assert ended, "the connection stays open"
    assert b"/problems/" in got and b"hidden-request" not in got, repr(got)


@rows("S01 refused by the library, and the connection ends", REFUSED_BY_LIBRARY)
def _(request, status):
    statuses, ended, got = send(request)
    equal(set(statuses), {status}, repr(got[:300]))
    assert ended, "the connection stays open"
    assert " 404 " not in caller.server.told(), "the hidden request was run"


@rows("S01 answered", PASSED)
def _(request, expected):
    statuses, _, got = send(request, len(expected))
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


MEGABYTE = post(b"Content-Length: %d\r\n" % (1 << 20))
# Refused by the guard at the head, by the guard with nothing announced, by the library.
SENT_TO_THE_END = [("a body of a megabyte", MEGABYTE, b"413"), ("chunks of a megabyte", post(b"Transfer-Encoding: chunked\r\n", b"100000\r\n"), b"411"),
                   ("a head of a megabyte", b"GET /v1/meta HTTP/1.1\r\nX-Long: ", b"431")]


def heard(wire):
    got = b""
    while piece := wire.recv(65536):
        got += piece
    return got


@rows("RFC 9112 9.6 who sends all before they listen is told why it was refused", [
    (f"{what}, {where}", server, head, status) for what, head, status in SENT_TO_THE_END
    for where, server in (("Unix socket", caller.server), ("TCP", on_tcp))])
def _(server, head, status):
    for _ in range(5):
        wire = server.connect()
        wire.sendall(head + b"a" * (1 << 20))        # a reset would end it here
        assert heard(wire).startswith(b"HTTP/1.1 " + status + b" ")
        wire.close()


@rows("RFC 9112 9.6 who goes on sending once the answer is there can still read it", [("Unix socket", caller.server), ("TCP", on_tcp)])
def _(server):
    wire = server.connect()
    wire.sendall(MEGABYTE)
    while not (got := wire.recv(65536, socket.MSG_PEEK)).endswith(b"}"):
        assert got, "ended before it had answered"
    assert select.select([wire], [], [], START_LIMIT)[0]
    for _ in range(4):
        time.sleep(0.02)
        wire.sendall(b"a" * 65536)
    assert heard(wire).startswith(b"HTTP/1.1 413 ")
    wire.close()


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@case("RFC 9112 9.6 nobody is listened to for ever, and of a crowd that was refused and stays each is told so")
def _():
    server = Server(sample=False).start()
    before = descriptors(server)
    refused = [server.connect() for _ in range(90)]
    for wire in refused:
        wire.sendall(MEGABYTE)
    for wire in refused:
        assert heard(wire).startswith(b"HTTP/1.1 413 ")
    few = before + 8                                          # of the database, and what is just being closed
    assert descriptors(server) <= few + 64, "more are listened to than there is room for"
    deadline = time.monotonic() + START_LIMIT
    while descriptors(server) > few and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descriptors(server) <= few, "they are listened to still"
    for wire in refused:
        wire.close()
    server.stop()


@case("it still answers, and nothing strange was told in its log")
def _():
    equal(caller.get("/readyz").status, 200)
    told = caller.server.told()
    assert "runtime error" not in told and "Sanitizer" not in told, told[-2000:]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", told), "control bytes in the log"


def end():
    caller.server.stop()
    on_tcp.stop()


run(end)
