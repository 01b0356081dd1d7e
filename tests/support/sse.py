"""Server-sent events as WHATWG HTML has them, read strictly: a parser of our own, and a listener on a plain socket.

A parser for browsers forgives; this one reads the same grammar and takes nothing that hacktivd has no reason to say: no field but id,
event, data and retry, no CR, no byte order mark, no event without data, no id that a header could not carry.
"""
import json
import re
import select
import time

from server import Answer


class Event:
    def __init__(self, kind, data, id):
        self.kind = kind
        self.data = json.loads(data)
        self.id = id                      # the last event id when it came

    def __repr__(self):
        return f"<{self.kind} {self.data} id={self.id}>"


class Parser:
    def __init__(self):
        self.last_id = None
        self.retry = None
        self.comments = 0
        self._rest = b""
        self._fields = {}

    def feed(self, data):
        """The events that these bytes complete."""
        self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        events = []
        for line in lines:
            event = self._line(line.decode("utf-8"))
            if event:
                events.append(event)
        assert len(self._rest) <= 65536, "a line without end"
        return events

    def _line(self, line):
        assert "\r" not in line and "\0" not in line, repr(line)
        if line == "":
            return self._dispatch()
        if line.startswith(":"):
            self.comments += 1
            return None
        match = re.fullmatch(r"(id|event|data|retry): (.+)", line)
        assert match, f"no field: {line!r}"
        name, value = match.groups()
        assert name not in self._fields, f"{name} twice: {line!r}"
        if name == "retry":
            assert re.fullmatch(r"[1-9][0-9]*", value), line
            self.retry = int(value)
        else:
            self._fields[name] = value
        return None

    def _dispatch(self):
        fields, self._fields = self._fields, {}
        if "id" in fields:
            assert re.fullmatch(r"[\x21-\x7e]+", fields["id"]), fields["id"]
            self.last_id = fields["id"]
        if "data" not in fields:
            assert "event" not in fields, f"an event without data: {fields}"
            return None
        assert "event" in fields, f"data without a name: {fields}"
        return Event(fields["event"], fields["data"], self.last_id)


class Listener:
    """One stream. `id`: what Last-Event-ID says."""

    def __init__(self, server, target, token, id=None, *, wire=None, timeout=30):
        """`wire`: a connection that is there already."""
        self.wire = wire or server.connect(timeout)
        self.parser = Parser()
        self.events = []
        self.ended = False
        # A proxy sends a stream in chunks to whoever speaks 1.1: nothing of it is asked here but to pass it on.
        version = "1.0" if getattr(server, "is_proxy", False) else "1.1"
        lines = [f"GET {target} HTTP/{version}", "Host: localhost", "Accept: text/event-stream"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if id is not None:
            lines.append(f"Last-Event-ID: {id}")
        self.wire.sendall("\r\n".join(lines + ["", ""]).encode())
        self._read_head()

    def _read_head(self):
        head = b""
        while b"\r\n\r\n" not in head:
            came = self.wire.recv(65536)
            if not came:
                raise ConnectionResetError("no head")
            head += came
        head, _, self.body = head.partition(b"\r\n\r\n")
        first, *fields = head.decode().split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = [tuple(field.split(": ", 1)) for field in fields]
        if self.status == 200:
            self.events += self.parser.feed(self.body)
        else:
            length = int(self.answer().header("Content-Length"))
            while len(self.body) < length:
                self.body += self.wire.recv(65536)

    def answer(self):
        """Its head and what came with it, as the answer to any other request."""
        return Answer(self.status, self.headers, self.body)

    @property
    def last_id(self):
        return self.parser.last_id

    def read(self, seconds):
        """What has come and was not taken yet, or what comes within so long; nothing at the end of the stream."""
        deadline = time.monotonic() + seconds
        while not self.events and not self.ended and (left := deadline - time.monotonic()) > 0:
            self._receive(left)
        taken, self.events = self.events, []
        return taken

    def _receive(self, seconds):
        ready, _, _ = select.select([self.wire], [], [], seconds)
        if not ready:
            return
        try:
            came = self.wire.recv(65536)
        except ConnectionResetError:
            came = b""
        if came:
            self.events += self.parser.feed(came)
        else:
            self.ended = True

    def until(self, true, limit=20):
        """Reads until `true(self)`."""
        deadline = time.monotonic() + limit
        while not true(self):
            assert not self.ended, f"the stream ended; it told {self.events[-3:]}"
            left = deadline - time.monotonic()
            assert left > 0, f"waited {limit} s; it told {self.events[-3:]}"
            self._receive(left)
        return self

    def take(self, count, limit=20):
        """The first `count` events, and forgets them."""
        self.until(lambda listener: len(listener.events) >= count, limit)
        taken, self.events = self.events[:count], self.events[count:]
        return taken

    def begun(self, limit=20):
        """Its first id has come."""
        return self.until(lambda listener: listener.last_id is not None, limit)

    def wait_for_end(self, limit):
        """Seconds until the server ended it."""
        began = time.monotonic()
        while not self.ended:
            left = limit - (time.monotonic() - began)
            assert left > 0, f"still there after {limit} s"
            self._receive(left)
        return time.monotonic() - began

    def close(self):
        self.wire.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
