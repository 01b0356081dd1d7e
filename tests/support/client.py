"""hacktiv as a script runs it, in a home of its own; and a go-between that loses answers on purpose."""
import atexit
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading

from porter import worker
from server import NOW, _UnixConnection, exchange

RUN_LIMIT = 60   # seconds; a sanitized build on a busy machine


class Run:
    """How one run ended."""

    def __init__(self, status, out, told):
        self.status = status
        self.out = out
        self.told = told

    def json(self):
        assert self.out.endswith("\n") and self.out.count("\n") == 1, self.out
        return json.loads(self.out)

    def __repr__(self):
        return f"<{self.status} out={self.out!r} told={self.told!r}>"


class Client:
    """One person's home: configuration, token, notes."""

    def __init__(self, url=None, token=None, now=NOW, **variables):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith(("XDG_", "HACKTIV_")) and key not in ("ACCESSIBLE", "NO_COLOR")}
        self.environment.update({"HOME": str(self.home), "LC_ALL": "C.UTF-8", "LANGUAGE": "en", **variables})
        if now:
            self.environment["HACKTIV_NOW"] = now
        if url:
            self.environment["HACKTIV_URL"] = url
        if token:
            self.give_token(token)

    @property
    def state(self):
        return self.home / ".local" / "state" / "hacktiv"

    def configure(self, text):
        path = self.home / ".config" / "hacktiv" / "config.cfg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self

    def give_token(self, token, mode=0o600):
        path = self.home / "token"
        path.write_text(token)
        path.chmod(mode)
        self.environment["HACKTIV_TOKEN_FILE"] = str(path)

    def keep_token(self, site, token):
        """As `hacktiv login` leaves it."""
        path = self.state / "tokens" / site
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        path.write_text(token)
        path.chmod(0o600)

    def launch(self, *words, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([os.environ["HACKTIV"], *words], env=self.environment, cwd=self.home,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def run(self, *words, given=None, limit=RUN_LIMIT):
        process = self.launch(*words, stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL)
        out, told = process.communicate(given.encode() if given is not None else None, timeout=limit)
        run = Run(process.returncode, out.decode(), told.decode())
        assert "Sanitizer" not in run.told and "runtime error" not in run.told, run.told
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", run.out + run.told), f"raw bytes: {run!r}"
        return run


class GoBetween:
    """Listens on a Unix socket and passes whole exchanges on, unless told otherwise for those whose "METHOD target" matches."""

    def __init__(self, server):
        self.server = server
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="between-"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        self.path = self.directory / "socket"
        self.url = f"unix:{self.path}"
        self.faults = []                       # (pattern, act), used up one by one
        self.rewrite = None                    # called with method, target and each whole answer, which it may change
        self.seen = []                         # "METHOD target" of all requests
        self.arrived = threading.Event()       # a faulty one came
        self.go_on = threading.Event()         # and may proceed
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                try:
                    while outer._one(self):
                        pass
                except OSError:
                    pass

        class Listener(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True
            request_queue_size = 64

        self.listener = Listener(str(self.path), Handler)
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def fault(self, pattern, act, times=1):
        """act: "lose" (done there, answer lost), "drop" (never reaches the server), "hold" (waits for `go_on`, then lost),
        "hold-drop" (waits, then dropped), "late" (done there, its answer waits for `go_on`), bytes: this answer instead, or a function from the true body to the one given."""
        self.arrived.clear()
        self.go_on.clear()
        self.faults = [(re.compile(pattern), act)] * times

    def _take_fault(self, line):
        with self._lock:
            self.seen.append(line)
            if self.faults and self.faults[0][0].search(line):
                return self.faults.pop(0)[1]
        return None

    def _one(self, handler):
        first = handler.rfile.readline()
        if not first:
            return False
        method, target, _ = first.decode().split(" ")
        headers = http.client.parse_headers(handler.rfile)
        body = handler.rfile.read(int(headers["Content-Length"])) if headers["Content-Length"] else None
        act = self._take_fault(f"{method} {target}")
        if act and act != "late":
            self.arrived.set()
        if act in ("hold", "hold-drop"):
            self.go_on.wait(60)
        if isinstance(act, bytes):
            handler.wfile.write(act)
            return False
        if act in ("drop", "hold-drop"):
            return False
        upstream = _UnixConnection(str(self.server.socket_path), 30)
        left_out = ("host", "accept-encoding")          # whoever changes an answer wants it in full
        answer = exchange(upstream, method, target, body, {name: value for name, value in headers.items() if name.lower() not in left_out})
        upstream.close()
        if act in ("lose", "hold"):
            return False
        if act == "late":
            self.arrived.set()
            self.go_on.wait(60)
        if callable(act):
            answer.body = act(answer.body)
        if self.rewrite:
            self.rewrite(method, target, answer)
        handler.wfile.write(f"HTTP/1.1 {answer.status} X\r\n".encode())
        for name, value in answer.headers:
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "keep-alive"):
                handler.wfile.write(f"{name}: {value}\r\n".encode())
        length = f"Content-Length: {len(answer.body)}\r\n" if answer.status != 204 else ""
        handler.wfile.write(f"{length}\r\n".encode() + answer.body)
        return True

    def count(self, pattern):
        return sum(1 for line in self.seen if re.search(pattern, line))


def kill(process):
    """With -9; what it had said. The one that works: the other ends when that one has, and all that it held is free."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker(process.pid), signal.SIGKILL)
    return process.communicate()


def json_answer(body, status="200 OK"):
    return (f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n").encode() + body


def html_page(text="<html><body>Bienvenue, acceptez les conditions</body></html>"):
    return (f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}").encode()


class Deaf:
    """A Unix socket on which nobody listens any more."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="deaf-"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        path = self.directory / "socket"
        wire = socket.socket(socket.AF_UNIX)
        wire.bind(str(path))
        wire.close()
        self.url = f"unix:{path}"
