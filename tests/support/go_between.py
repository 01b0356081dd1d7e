"""A proxy that may lie: between a client and hacktivd, one connection for each request, with a fault in what comes back.

It passes on bytes as they are, so that what is no HTTP stays none. A fault is a function that changes an Exchange before it is answered.
"""
import json
import socket
import threading

PATIENCE = 30      # seconds


class Exchange:
    """What was asked, and what is to be answered."""

    def __init__(self, upstream, head, body):
        self.upstream = upstream                      # makes a socket
        self.asked = head
        lines = head.split(b"\r\n")
        words = lines[0].decode("latin-1").split(" ")
        self.method, self.target = (words + ["", ""])[:2]
        self.fields = {}
        for line in lines[1:]:
            name, colon, value = line.decode("latin-1").partition(":")
            if colon:
                self.fields.setdefault(name.strip().lower(), []).append(value.strip())
        self.body = body
        self.status, self.headers, self.answer = 502, [], b""

    def field(self, name):
        return (self.fields.get(name.lower()) or [None])[0]

    def pass_on(self):
        """Asks hacktivd itself."""
        head = self.asked.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) if b"onnection: close" not in self.asked else self.asked
        self.status, self.headers, self.answer = talk(self.upstream, head + self.body, "/events" in self.target)
        return self

    def ask(self, method, target, fields=(), body=b""):
        """Another exchange with hacktivd, with whose token this one came."""
        more = {"Host": "localhost", "Authorization": self.field("Authorization"), "Content-Length": str(len(body)), **dict(fields)}
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in more.items() if value) + "\r\n"
        return Exchange(self.upstream, head.encode("latin-1"), body).pass_on()

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def drop(self, name):
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name.lower()]

    def put(self, name, value):
        self.drop(name)
        self.headers.append((name, value))

    def json(self):
        return json.loads(self.answer)

    def say(self, document):
        self.answer = json.dumps(document, ensure_ascii=False).encode()

    def bytes(self):
        if self.header("Content-Length") is not None or self.status != 304:
            if "event-stream" not in (self.header("Content-Type") or "") and self.method != "HEAD" and self.status not in (204,):
                self.put("Content-Length", str(len(self.answer)))
        self.put("Connection", "close")
        head = f"HTTP/1.1 {self.status} x\r\n" + "".join(f"{name}: {value}\r\n" for name, value in self.headers) + "\r\n"
        return head.encode("latin-1") + self.answer


def talk(upstream, asked, endless):
    """Status, headers and body of what hacktivd says."""
    with upstream() as wire:
        try:
            wire.sendall(asked)
        except OSError:
            pass                                       # it answered before it read all
        heard = b""
        while not (endless and b"\n\n" in heard.partition(b"\r\n\r\n")[2]):
            try:
                more = wire.recv(65536)
            except OSError:
                break
            if not more:
                break
            heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
    if any(name.lower() == "transfer-encoding" for name, _ in headers):
        headers = [(name, value) for name, value in headers if name.lower() != "transfer-encoding"]
        body = unchunk(body)
    return int(lines[0].split(" ")[1]), headers, body


def unchunk(body):
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        whole, body = whole + body[:length], body[length + 2:]
        if not length:
            break
    return whole


class GoBetween:
    def __init__(self, upstream, fault=None):
        self.upstream, self.fault = upstream, fault
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                wire, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire):
        wire.settimeout(PATIENCE)
        with wire:
            heard = b""
            while b"\r\n\r\n" not in heard:
                more = wire.recv(65536)
                if not more:
                    return
                heard += more
            head, _, body = heard.partition(b"\r\n\r\n")
            exchange = Exchange(self.upstream, head + b"\r\n\r\n", body)
            length = exchange.field("Content-Length") or "0"
            while length.isdigit() and len(exchange.body) < int(length):
                more = wire.recv(65536)
                if not more:
                    break
                exchange.body += more
            if not (self.fault and self.fault(exchange)):
                exchange.pass_on()
                if self.fault:
                    self.fault(exchange)
            wire.sendall(exchange.bytes())
            wire.shutdown(socket.SHUT_WR)

    def end(self):
        self._door.close()
