"""hacktivd as it really runs, in a temporary directory of its own, for tests.

The program is taken from $HACKTIVD, its sample data from $HACKTIV_DATA_DIR. Time stands still at `now`. What it keeps lies in a SQLite
file, or with HACKTIV_TEST_DATABASE=postgres in a database of a private PostgreSQL: see postgres.py.
"""
import atexit
import contextlib
import datetime
import hashlib
import http.client
import json
import os
import pathlib
import secrets
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import uuid

import proxy

import postgres
import tap

TOP = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-07-15T07:30:00+02:00"   # a Wednesday; 21 July is a holiday in Belgium alone
MODEL = os.environ.get("HACKTIV_TEST_MODEL")
ON_POSTGRES = os.environ.get("HACKTIV_TEST_DATABASE", "sqlite") == "postgres"
START_LIMIT = 120                   # seconds, also for a sanitized build on a busy machine whose disk is busy too
PASSWORD = "ein Fahrrad, zwei Räder"

_running = set()


@atexit.register
def _end_all():
    for server in list(_running):
        server.kill()


class Answer:
    """One HTTP answer."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers                       # [(name, value)]
        self.body = body

    def header(self, name):
        """The only value of a header, or None. Twice is a fault."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} comes {len(values)} times: {values}"
        return values[0] if values else None

    @property
    def media_type(self):
        return (self.header("Content-Type") or "").split(";")[0].strip().lower()

    def json(self):
        return json.loads(self.body.decode("utf-8"))

    @property
    def problem(self):
        """The name in a problem's type, "" when the answer is none."""
        if self.media_type != "application/problem+json":
            return ""
        return self.json()["type"].removeprefix("/problems/")

    def __repr__(self):
        return f"<{self.status} {self.media_type} {self.body[:300]!r}>"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


_templates = {}


def _template(server):
    """The name of a database that is as a new one is after the start of this server: with our tables, and with the sample network where
    it is made at the usual time from the usual files. The first of its kind in a test begins with nothing, as in earnest: a copy pays
    from the second on. What is each database's own is not in it."""
    sample = server.sample and server.now == NOW and not server.data and not server.options
    if sample not in _templates:
        _templates[sample] = None
        return "template0"
    if not _templates[sample]:
        model = Server(sample=sample, empty=True).start()
        model.stop()
        model.forget_itself()
        _templates[sample] = model.database
    return _templates[sample]


class Server:
    """One directory with one database; hacktivd may be started and stopped on it many times."""

    def __init__(self, *, now=NOW, listen="unix", sample=True, data=None, options=(), empty=False):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktivd-"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        self.now = now
        self.sample = sample
        self.data = data
        self.options = list(options)
        self.postgres = postgres.cluster() if ON_POSTGRES else None
        self.empty = empty                               # not even our tables are there
        self._database = None if ON_POSTGRES else self.directory / "hacktiv.db"
        self.socket_path = self.directory / "socket"
        self.program = None                              # another hacktivd than the one that is tested
        self.listen = f"unix:{self.socket_path}" if listen == "unix" else listen
        if proxy.PROGRAM and listen == "unix":
            self.listen = "127.0.0.1:0"                  # all that the proxy knows
        self._proxy = None
        self.address = None
        self.process = None
        self.log = self.directory / "log"
        self._connection = None

    # ---- the process

    @property
    def database(self):
        """On PostgreSQL made when it is first asked for, from a copy of what it would become: see _template()."""
        if not self._database:
            self._database = self.postgres.new_database() if self.empty else self.postgres.new_database(_template(self))
        return self._database

    @database.setter
    def database(self, name):
        self._database = name

    @property
    def database_address(self):
        """What --database is told."""
        return self.postgres.address(self.database) if self.postgres else f"sqlite:{self.database}"

    def command(self):
        command = [self.program or os.environ["HACKTIVD"], "serve", "--database", self.database_address, "--listen", self.listen]
        if self.sample:
            command.append("--sample-data")
        return command + self.options

    def environment(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "HACKTIV_"))}
        environment.update(HOME=str(self.directory), LC_ALL="C.UTF-8",
                           HACKTIV_DATA_DIR=str(self.data or os.environ.get("HACKTIV_DATA_DIR", TOP / "data")))
        if self.now:
            environment["HACKTIV_NOW"] = self.now
        return environment

    def _take_model(self):
        """A file with the sample network as it would lay it down now (make_model.py), where that is at hand: a copy is sooner made."""
        if MODEL and self.sample and self.now == NOW and not self.data and not self.postgres and not pathlib.Path(self.database).exists():
            shutil.copy(MODEL, self.database)
            os.chmod(self.database, 0o600)

    def launch(self):
        """Starts it without waiting."""
        self._take_model()
        self.process = subprocess.Popen(self.command(), env=self.environment(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=open(self.log, "ab"), cwd=self.directory)
        _running.add(self)
        return self

    def start(self):
        self.launch()
        said = self._first_line()
        assert said.startswith("listening on "), f"hacktivd said {said!r} and:\n{self.told()}"
        self.address = said.removeprefix("listening on ").strip()
        if proxy.PROGRAM:
            self._proxy = proxy.Proxy(self.address)
        return self

    def _first_line(self):
        deadline = time.monotonic() + START_LIMIT
        line = b""
        stream = self.process.stdout
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([stream], [], [], max(0, deadline - time.monotonic()))
            byte = os.read(stream.fileno(), 1) if ready else b""
            if not byte:
                break
            line += byte
        return line.decode()

    def told(self):
        """What it wrote to standard error so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait(self, limit=START_LIMIT):
        """Its exit status."""
        status = self.process.wait(limit)
        self.process.stdout.close()
        _running.discard(self)
        if self._proxy:
            self._proxy.end()
            self._proxy = None
        self.hang_up()
        return status

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.wait()
        assert status == 0, f"hacktivd ended with {status}:\n{self.told()[-4000:]}"

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.wait()

    # ---- talking to it

    def connect(self, timeout=30):
        """A plain socket, for requests that no library would send."""
        if self.listen.startswith("unix:"):
            wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            wire.settimeout(timeout)
            wire.connect(str(self.socket_path))
            return wire
        host, _, port = self.address.removeprefix("http://").rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout)

    def connection(self, timeout=30):
        """A connection of its own, for a thread."""
        if self._proxy:
            return http.client.HTTPConnection("127.0.0.1", self._proxy.port, timeout=timeout)
        return self.direct(timeout)

    def direct(self, timeout=30):
        """A connection with nothing in between."""
        if self.listen.startswith("unix:"):
            return _UnixConnection(str(self.socket_path), timeout)
        host, _, port = self.address.removeprefix("http://").rpartition(":")
        return http.client.HTTPConnection(host.strip("[]"), int(port), timeout=timeout)

    def hang_up(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def request(self, method, target, body=None, *, token=None, key=None, headers=(), connection=None):
        """One exchange. `body`: bytes, or what becomes JSON. `headers`: a value None drops one of ours."""
        fields = {}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        if body is not None:
            fields["Content-Type"] = "application/json"
        if token:
            fields["Authorization"] = f"Bearer {token}"
        if key:
            fields["Idempotency-Key"] = key
        more = dict(headers)
        fields.update(more)
        if self._proxy and method == "HEAD" and not connection:
            connection = self.direct()                   # the proxy makes a GET of it
        wire = connection or self._connection
        if not wire:
            wire = self._connection = self.connection()
        for attempt in (1, 2):
            try:
                return exchange(wire, method, target, body, fields)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                wire.close()                     # an idle connection may be closed by the other side at any time
                if attempt == 2 or connection:
                    raise

    def get(self, target, **more):
        return self.request("GET", target, **more)

    # ---- what a test may know about the inside, while it is stopped

    def sql(self, text, *values):
        """Rows of a query, written for both databases as in src/server/db."""
        if self.postgres:
            return self.postgres.query(self.database, text, *values)
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(text, values).fetchall()

    def write(self, text, *values):
        """Changes rows behind its back, and says how many. postgres.Refused: a constraint forbids it."""
        assert not self.process or self.process.poll() is not None, "stop it first: one process alone may write"
        if self.postgres:
            return int(self.postgres.execute(self.database, f"WITH done AS ({text} RETURNING 1) SELECT count(*) FROM done", *values))
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            try:
                with database:
                    return database.execute(text, values).rowcount
            except sqlite3.IntegrityError as refusal:
                raise postgres.Refused(str(refusal)) from refusal

    def forget_itself(self):
        """What is each database's own: a copy finds its own secret and epoch at its first start."""
        self.write("DELETE FROM setting WHERE name IN ('secret', 'epoch')")

    def tables(self):
        """{name: [columns]} of all that hacktivd keeps."""
        if self.postgres:
            columns = self.sql("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'hacktiv'"
                               " AND table_name <> 'format' ORDER BY table_name, ordinal_position")
        else:
            columns = self.sql("SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
                               " AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid")
        return {table: [column for of, column in columns if of == table] for table, _ in columns}

    def contents(self):
        """{table: its rows, sorted}."""
        tables = self.tables()
        if self.postgres:
            rows = self.postgres.query_all(self.database, [f"SELECT * FROM {table}" for table in tables])
        else:
            rows = [self.sql(f"SELECT * FROM {table}") for table in tables]
        return {table: sorted(found, key=repr) for table, found in zip(tables, rows)}

    def copy(self):
        """Another server, not started, on a copy of what this one, stopped, keeps."""
        assert not self.process or self.process.poll() is not None, "stop it first: the copy would be of a moment"
        other = Server(now=self.now, sample=self.sample, data=self.data, options=self.options)
        if self.postgres:
            other.database = self.postgres.new_database(self.database)
        else:
            shutil.copy(self.database, other.database)
        return other

    def kept(self):
        """All that PostgreSQL keeps for it, as bytes; a file of SQLite lies in the directory."""
        return b"".join(value if isinstance(value, bytes) else str(value).encode()
                        for rows in self.contents().values() for row in rows for value in row) if self.postgres else b""

    def check_whole(self):
        """The file is sound, no row refers to one that is not there (on PostgreSQL constraints hold that, and its own checksums), and what
        is counted is so: beside the running server too."""
        told = subprocess.run([os.environ["HACKTIVD"], "verify", "--database", self.database_address], env=self.environment(),
                              capture_output=True, text=True, timeout=120)
        assert told.returncode == 0 and "not ok" not in told.stdout, told.stdout + told.stderr
        if not self.postgres:
            assert self.sql("PRAGMA integrity_check") == [("ok",)]
            assert self.sql("PRAGMA foreign_key_check") == []

    def grant(self, *logins):
        """A token for each login, as if it had logged in: nobody in the sample network but one has a password."""
        assert not self.process or self.process.poll() is not None, "stop it first: one process alone may write"
        ids = {login: id for login, id in self.sql("SELECT login, id FROM member ORDER BY login")}
        tokens = {login: "hkt_" + secrets.token_urlsafe(32) for login in logins or ids}
        for login in tokens:
            assert login in ids, f"no member {login}"
        values = [value for login, token in tokens.items() for value in (hashlib.sha256(token.encode()).digest(), ids[login])]
        self.write("INSERT INTO token (hash, member_id, created_at, expires_at) VALUES " + ", ".join(["(?, ?, 0, 9999999999)"] * len(tokens)),
                   *values)
        return tokens

    def log_in(self, tokens):
        """Those whose tokens these are logged in with their password this very moment."""
        now = int(datetime.datetime.fromisoformat(self.now).timestamp())
        for token in tokens.values():
            hash, session = hashlib.sha256(token.encode()).digest(), new_id()
            self.write("INSERT INTO session (member_id, id, kind, client, name, scopes, created_at, used_at, expires_at) SELECT member_id, ?,"
                       " 'password', 'hacktiv-tui', '', 127, ?, ?, 9999999999 FROM token WHERE hash = ?", session, now, now, hash)
            self.write("UPDATE token SET session_id = ? WHERE hash = ?", session, hash)

    def put_tombstones(self, rows):
        """As a restore carries them over into the copy: (mark, at) of those erased since."""
        for row in rows:
            self.write("INSERT INTO tombstone (mark, at) VALUES (?, ?)", *row)

    def with_password(self):
        """The sample's member "demo" has PASSWORD from the next start on; `self.secret` is the file it stands in."""
        self.secret = self.directory / "password"
        self.secret.write_text(PASSWORD + "\n")
        self.secret.chmod(0o600)
        self.options += ["--sample-password", str(self.secret)]
        return self

    def give_role(self, login, role, space=None):
        """As if an administrator had granted it. `space`: its slug; None: for the whole network."""
        given = self.write("INSERT INTO role (member_id, role, space_id) SELECT m.id, ?, coalesce(s.id, '') FROM member m "
                           "LEFT JOIN space s ON s.slug = ? WHERE m.login = ?", role, space, login)
        assert given == 1, f"no member {login}"


def exchange(wire, method, target, body=None, fields=()):
    """One exchange over an http.client connection, headers as given."""
    wire.putrequest(method, target, skip_accept_encoding=True)
    fields = {name: value for name, value in dict(fields).items() if value is not None}
    if body is not None and "Content-Length" not in fields:
        fields["Content-Length"] = str(len(body))
    elif body is None and method in ("POST", "PUT", "PATCH"):
        fields.setdefault("Content-Length", "0")
    for name, value in fields.items():
        wire.putheader(name, value)
    try:
        wire.endheaders(body)
    except BrokenPipeError:
        pass                                     # it answers from the head alone, and takes no more: what it said is there to read
    answer = wire.getresponse()
    faults = proxy.faults_of_answer(answer.getheaders())
    assert not faults, f"{method} {target} {answer.status}: the proxy says {faults}"
    return Answer(answer.status, answer.getheaders(), answer.read())


def peopled(make=Server, logged_in=False, **more):
    """A running server with the sample network, and a token for every member. `logged_in`: of a log-in made just now."""
    server = make(**more).start()
    server.stop()
    tokens = server.grant()
    if logged_in:
        server.log_in(tokens)
    return server.start(), tokens


# Cases about what SQLite alone has: a file, its lock, its journal.
sqlite_case = (lambda name: lambda function: function) if ON_POSTGRES else tap.case
sqlite_rows = (lambda name, table: lambda function: function) if ON_POSTGRES else tap.rows
postgres_case = tap.case if ON_POSTGRES else (lambda name: lambda function: function)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form(**fields):
    """The body of a form."""
    return urllib.parse.urlencode(fields).encode()


def new_id():
    """UUIDv7 (RFC 9562), as a client makes it."""
    value = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    value = value & ~(0xf << 76) | (7 << 76)
    value = value & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=value))
