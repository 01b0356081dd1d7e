"""Requests that no well-meaning client sends, byte by byte; what hacktivd answers itself, and what comes back through the proxy that faces the
internet. Direct answers are the guard's (REFUSED) or the library's own (REFUSED_BY_LIBRARY); PASSED are answered.
"""
import re
import select

HOST = b"Host: localhost\r\n"
HIDDEN = b"GET /v1/hidden-request HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATIENCE = 30          # seconds, also for a busy machine
SILENCE = 0.6          # seconds without a byte when all is there that should come: nothing more will

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def get(more=b"", target=b"/v1/meta", host=HOST):
    return b"GET " + target + b" HTTP/1.1\r\n" + host + more + b"\r\n"


def post(more, body=b""):
    return (b"POST /v1/sessions HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + more + b"\r\n" + body)


def send(wire, request, open_after=None):
    """(statuses, whether the connection was ended, all bytes). Waits for the end; where the connection stays open, for `open_after` answers,
    and for silence."""
    got, ended = b"", False
    try:
        wire.sendall(request)
    except (BrokenPipeError, ConnectionResetError):
        pass                                    # refused before it was all sent: what was answered still counts
    while True:
        all_there = open_after is not None and len(STATUS.findall(got)) >= open_after
        ready, _, _ = select.select([wire], [], [], SILENCE if all_there else PATIENCE)
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
    return [int(status) for status in STATUS.findall(got)], ended, got


REFUSED = [
    # what, bytes, status
    ("two equal lengths", post(b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc") + HIDDEN, 400),
    ("two different lengths", post(b"Content-Length: 3\r\nContent-Length: 60\r\n", b"abc") + HIDDEN, 400),
    ("length and transfer coding", post(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n") + HIDDEN, 411),
    ("a transfer coding", post(b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n") + HIDDEN, 411),
    ("a transfer coding nobody knows", post(b"Transfer-Encoding: xchunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"), 411),
    ("a chunk size in C", post(b"Transfer-Encoding: chunked\r\n", b"0x3\r\nabc\r\n0\r\n\r\n"), 411),
    ("a coding on a folded line", post(b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n") + HIDDEN, 400),
    ("a length on a folded line", post(b"Content-Length: 5\r\n 0\r\n", b"abcde") + HIDDEN, 400),
    ("a space before the colon", get(b"X-Odd : 1\r\n") + HIDDEN, 400),
    ("a space in a header name", get(b"X Odd: 1\r\n") + HIDDEN, 400),
    ("a control byte in a value", get(b"X-Odd: a\x01b\r\n") + HIDDEN, 400),
    ("DEL in a value", get(b"X-Odd: a\x7fb\r\n") + HIDDEN, 400),
    ("a bare CR in a value", get(b"X-Odd: a\rb\r\n") + HIDDEN, 400),
    ("two Hosts", get(b"Host: other\r\n") + HIDDEN, 400),
    ("a NUL in the path, hidden", get(target=b"/v1/meta%00") + HIDDEN, 400),
    ("a line break in the path, hidden", get(target=b"/v1/meta%0d%0a") + HIDDEN, 400),
    ("a byte that is no letter, hidden", get(target=b"/v1/spaces/%ff") + HIDDEN, 400),
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

# What comes back through nginx with the configuration that hacktivd ships. Where nginx has understood where the first request ends, what
# follows is a second request of the same client, rightly answered (404); where two readings were possible, nothing of it is ever run.
BEHIND_NGINX = {
    "two equal lengths": [400], "two different lengths": [400], "length and transfer coding": [400],
    "a transfer coding": [400, 404],                     # taken apart by nginx, passed on with its length: no JSON
    "a transfer coding nobody knows": [501], "a chunk size in C": [400], "a coding on a folded line": [400],
    "a length on a folded line": [400], "a space before the colon": [400],
    "a space in a header name": [400], "a control byte in a value": [400, 404], "DEL in a value": [400, 404],
    "a bare CR in a value": [400], "two Hosts": [400], "a NUL in the path, hidden": [400],
    "a line break in the path, hidden": [400, 404], "a byte that is no letter, hidden": [400, 404], "half a percent sign": [400], "a percent sign and no digits": [400],
    "raw UTF-8 in the path": [400, 404], "a fragment": [400, 404], "a path without a slash": [400],
    "a target of 2 KiB and more": [414, 404], "a method nobody knows": [501, 404], "a method in small letters": [400],
    "a body over 64 KiB, announced": [413],
    "a list of lengths": [400], "a length with a plus": [400], "a negative length": [400], "a length in hex": [400],
    "an empty length": [400], "a length past all bounds": [400], "no Host": [400],
    "no version": [],                                    # HTTP/0.9: nginx hangs up without a word
    "a header without a colon": [200, 404],              # nginx drops the line
    "a head of 100 KiB": [400], "HTTP/2 in words": [505],
    "the ordinary one": [200], "two, one after the other": [200, 200], "an empty line before": [200], "spaces around a value": [200],
    "an empty value": [200], "HTTP/1.0": [200], "no header name": [400], "a folded line": [400], "bare LF lines": [200],
}
