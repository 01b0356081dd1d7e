"""hacktivd as a process: how it starts, what it says when it cannot, how it ends, and that there is only one."""
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
import time

from caller import Caller
from server import TOP, Server, new_id, postgres_case, sqlite_case, sqlite_rows
from tap import case, equal, rows, run


def attempt(*arguments, server=None):
    """(status, standard error) of a hacktivd that is not expected to stay."""
    server = server or Server()
    told = subprocess.run([os.environ["HACKTIVD"], *arguments], env=server.environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, cwd=server.directory)
    assert "Sanitizer" not in told.stderr and "runtime error" not in told.stderr, told.stderr
    return told.returncode, told.stdout, told.stderr


@rows("says what it needs", [
    ("nothing said", [], 2, "serve"), ("no database", ["serve", "--listen", "127.0.0.1:0"], 2, "--database"),
    ("no place", ["serve", "--database", "sqlite:x.db"], 2, "--listen"),
    ("a slip", ["serve", "--databse", "sqlite:x.db"], 2, "--database"),
    ("a word too many", ["serve", "now"], 2, "now"),
    ("a value missing", ["serve", "--database"], 2, "--database"),
    ("another kind of database", ["serve", "--database", "oracle:x", "--listen", "127.0.0.1:0"], 1, "sqlite:"),
    ("a directory that is not", ["serve", "--database", "sqlite:/nowhere/x.db", "--listen", "127.0.0.1:0"], 1, "/nowhere/x.db"),
    ("a directory for a file", ["serve", "--database", "sqlite:/tmp", "--listen", "127.0.0.1:0"], 1, "/tmp"),
    ("a port that is none", ["serve", "--database", "sqlite:x.db", "--listen", "127.0.0.1:99999"], 1, "99999"),
    ("a host that is none", ["serve", "--database", "sqlite:x.db", "--listen", "localhst:80"], 1, "localhst"),
    ("open to the network", ["serve", "--database", "sqlite:x.db", "--listen", "0.0.0.0:0"], 1, "TLS"),
    ("open to the network, IPv6", ["serve", "--database", "sqlite:x.db", "--listen", "[::]:0"], 1, "TLS"),
    ("a socket's path too long", ["serve", "--database", "sqlite:x.db", "--listen", "unix:/tmp/" + "x" * 200], 1, "107"),
    ("a password file that is not", ["serve", "--database", "sqlite:x.db", "--listen", "127.0.0.1:0", "--sample-data",
                                     "--sample-password", "none"], 1, "none"),
])
def _(arguments, status, word):
    got, out, told = attempt(*arguments)
    equal(got, status, told)
    assert word in told and told.startswith("hacktivd: ") and told.count("\n") == 1, told
    equal(out, "")


@case("a clock that is none is refused")
def _():
    server = Server(now="yesterday")
    status, _, told = attempt(*server.command()[1:], server=server)
    equal(status, 1)
    assert "HACKTIV_NOW" in told, told


@case("help and version")
def _():
    status, out, _ = attempt("--help")
    assert status == 0 and "--database" in out and "--sample-data" in out
    status, out, _ = attempt("--version")
    assert status == 0 and re.fullmatch(r"hacktivd \d+\.\d+\.\d+\n", out), out


@sqlite_rows("a file that is no database of ours is left as it is", [
    ("text", b"bonjour\n" * 1000), ("another program's", None), ("half of ours", ...)])
def _(content):
    server = Server(sample=False)
    if content is None:
        with sqlite3.connect(server.database) as database:
            database.execute("CREATE TABLE recipes (name TEXT)")
        database.close()
    elif content is ...:
        server.start()
        server.stop()
        whole = server.database.read_bytes()
        server.database.write_bytes(whole[:len(whole) // 2])
    else:
        server.database.write_bytes(content)
    before = server.database.read_bytes()
    status, out, told = attempt(*server.command()[1:], server=server)
    assert status == 1 and out == "", (status, out, told)
    assert str(server.database) in told, told
    equal(server.database.read_bytes(), before)


@sqlite_case("S25 a database of a newer hacktivd is refused")
def _():
    server = Server(sample=False).start()
    server.stop()
    with sqlite3.connect(server.database) as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    status, _, told = attempt(*server.command()[1:], server=server)
    assert status == 1 and "newer" in told, told


@sqlite_case("S25 a database of the first hacktivd goes over, with all that it holds, once")
def _():
    schemas = sorted((TOP / "src" / "server" / "db" / "schema").glob("*.sql"))
    server = Server(sample=False)
    with sqlite3.connect(server.database) as database:
        database.executescript(schemas[0].read_text())
        database.execute("PRAGMA application_id = 1751872561")
        database.execute("PRAGMA user_version = 1")
        database.execute("INSERT INTO space VALUES ('0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21', 0, 'ferme', 'La Ferme', '', '', '', '', "
                         "'Chimay', 'BE', 'Europe/Brussels', '', '', '', 900, 210, 780, 0, 0, 7)")
        database.execute("INSERT INTO member VALUES ('7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11', 'demo', 'Camille', '', '', NULL)")
    database.close()
    server.database.chmod(0o600)
    for _ in range(2):
        server.start()
        equal([(space["slug"], space["version"]) for space in server.get("/v1/spaces").json()["items"]], [("ferme", 7)])
        server.stop()
        equal(server.sql("PRAGMA user_version"), [(len(schemas),)])
        equal(server.sql("SELECT login, disabled_at FROM member"), [("demo", None)])
        equal(server.sql("PRAGMA integrity_check"), [("ok",)])


@sqlite_case("who was staff of a space in a database of the second hacktivd is its reception now, and nobody else is anything")
def _():
    schemas = sorted((TOP / "src" / "server" / "db" / "schema").glob("*.sql"))
    server = Server(sample=False)
    with sqlite3.connect(server.database) as database:
        for schema in schemas[:2]:
            database.executescript(schema.read_text())
        database.execute("PRAGMA application_id = 1751872561")
        database.execute("PRAGMA user_version = 2")
        database.execute("INSERT INTO space VALUES ('0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21', 0, 'ferme', 'La Ferme', '', '', '', '', "
                         "'Chimay', 'BE', 'Europe/Brussels', '', '', '', 900, 210, 780, 0, 0, 7)")
        for number, (login, staff_of) in enumerate((("desk", "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21"), ("demo", ""))):
            database.execute("INSERT INTO member (id, login, name, home_space_id, usual_resource_id, staff_of) VALUES (?, ?, 'Camille', '', '', ?)",
                             (f"7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c1{number}", login, staff_of))
    database.close()
    server.database.chmod(0o600)
    for _ in range(2):
        server.start()
        server.stop()
        equal(server.sql("SELECT m.login, r.role, s.slug FROM role r JOIN member m ON m.id = r.member_id JOIN space s ON s.id = r.space_id"),
              [("desk", "reception", "ferme")])
        assert "staff_of" not in server.tables()["member"]


@postgres_case("S25 a database that a newer hacktivd brought further meanwhile: refused on the next connection, with a line that says so")
def _():
    server = Server().start()
    equal(server.get("/v1/spaces").status, 200)

    def format_is(more):
        server.postgres.execute(server.database, f"UPDATE format SET version = version + {more}")
        server.postgres.execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hacktivd' "
                                            "AND datname = ?", server.database)

    def until(status):
        deadline = time.monotonic() + 20
        while (answer := server.get("/v1/spaces")).status != status:
            assert time.monotonic() < deadline, repr(answer)
            time.sleep(0.1)
        return answer
    for more, words in ((1, "newer one brought it up to date"), (-1, "Start this one anew")):
        format_is(more)
        equal(until(503).problem, "storage-unavailable")
        time.sleep(1)
        equal([server.get(target).status for target in ("/v1/spaces", "/readyz")], [503, 503])
        assert words in server.told(), server.told()
        format_is(-more)
        until(200)
    server.stop()


@sqlite_rows("a database that others than its owner may open is refused, and opened once it is theirs alone", [
    ("the group", 0o640), ("everybody", 0o604), ("to write", 0o620)])
def _(mode):
    server = Server(sample=False).start()
    server.stop()
    server.database.chmod(mode)
    status, _, told = attempt(*server.command()[1:], server=server)
    assert status == 1 and f"chmod 600 {server.database}" in told, told
    server.database.chmod(0o600)
    server.start()
    server.stop()


@case("ready is said once, on one line, with the port that was given")
def _():
    server = Server(listen="127.0.0.1:0", sample=False).start()
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", server.address), server.address
    equal(server.get("/v1/meta").status, 200)
    server.process.send_signal(signal.SIGTERM)
    equal((server.process.stdout.read(), server.wait()), (b"", 0))


@case("what it makes belongs to its owner alone")
def _():
    server = Server(sample=False).start()
    for path in (server.socket_path,) if server.postgres else (server.database, server.socket_path):
        equal(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path.name)
    server.stop()


@rows("ends in order", [("on SIGTERM", signal.SIGTERM), ("on SIGINT", signal.SIGINT)])
def _(number):
    server = Server(sample=False).start()
    server.get("/v1/meta")
    server.process.send_signal(number)
    equal(server.wait(), 0)
    assert not server.socket_path.exists(), "the socket stays"
    left = sorted(path.name for path in server.directory.iterdir() if "-wal" in path.name or "-shm" in path.name)
    equal(left, [], "not all in one file")


@case("S11 asked to end under load, it answers all that it took and keeps all that it answered")
def _():
    caller = Caller()
    server, told, going = caller.server, [], threading.Event()
    wishes = {login: caller.wish(f"rimbaud/R{1 + number % 10}", f"2026-08-{17 + number // 10}", "am", id=new_id())
              for number, login in enumerate(list(caller.tokens)[:40])}

    def ask(login):
        wire = server.connection()
        wire.connect()
        going.wait()
        told.append((login, server.request("POST", "/v1/spaces/rimbaud/bookings", wishes[login], token=caller.tokens[login],
                                           key=wishes[login]["id"], connection=wire)))
        wire.close()
    threads = [threading.Thread(target=ask, args=(login,)) for login in wishes]
    for thread in threads:
        thread.start()
    server.get("/v1/meta")                      # all have connected before
    going.set()
    time.sleep(0.01)
    server.process.send_signal(signal.SIGTERM)
    equal(server.wait(20), 0)
    for thread in threads:
        thread.join()
    kept = {id for (id,) in server.sql("SELECT id FROM booking")}
    for login, answer in told:
        assert answer.status in (201, 409, 503), answer
        if answer.status == 201:
            assert wishes[login]["id"] in kept, "acknowledged and lost"


@sqlite_case("S14 a second one on the same database is refused, and the first goes on")
def _():
    first = Server().start()
    second = Server()
    second.database = first.database
    status, out, told = attempt(*second.command()[1:], server=second)
    assert status == 1 and out == "" and str(first.database) in told, (status, told)
    equal(first.get("/readyz").status, 200)
    first.stop()


@case("a socket left by one that was killed is taken over")
def _():
    server = Server(sample=False).start()
    server.kill()
    assert server.socket_path.exists()
    server.start()
    equal(server.get("/v1/meta").status, 200)
    server.stop()


@case("a socket that is served is not taken")
def _():
    first = Server(sample=False).start()
    second = Server(sample=False)
    second.listen = first.listen
    status, _, told = attempt(*second.command()[1:], server=second)
    assert status == 1 and str(first.socket_path) in told, told
    equal(first.get("/v1/meta").status, 200)
    first.stop()


@case("a file where the socket should be is not touched")
def _():
    server = Server(sample=False)
    server.socket_path.write_text("mine")
    status, _, told = attempt(*server.command()[1:], server=server)
    assert status == 1 and str(server.socket_path) in told, told
    equal(server.socket_path.read_text(), "mine")


@case("a port that is taken is told")
def _():
    taken = socket.create_server(("127.0.0.1", 0))
    server = Server(listen=f"127.0.0.1:{taken.getsockname()[1]}", sample=False)
    status, _, told = attempt(*server.command()[1:], server=server)
    assert status == 1 and str(taken.getsockname()[1]) in told, told
    taken.close()


@sqlite_case("S12 a full disk or a database taken away is 503, not a lie; and it says that it is not ready")
def _():
    server = Server().start()
    server.stop()
    tokens = server.grant("demo")
    # No file may grow past what there is: as good as a full disk.
    limit = server.database.stat().st_size
    command = server.command

    def limited():
        return ["sh", "-c", f"ulimit -f {limit // 512}; trap '' XFSZ; exec \"$@\"", "sh", *command()]
    server.command = limited
    server.start()
    caller_wish = {"id": new_id(), "date": "2026-08-24", "part": "am"}      # beyond what the sample network has booked
    caller_wish["resource_id"] = next(item["id"] for item in server.get("/v1/spaces/ferme/resources").json()["items"]
                                      if item["name"] == "Les Serres 3")
    for turn in range(400):
        wish = {**caller_wish, "id": new_id()}
        answer = server.request("POST", "/v1/spaces/ferme/bookings", wish, token=tokens["demo"], key=wish["id"])
        booked = answer.status == 201
        if booked:
            answer = server.request("DELETE", f"/v1/spaces/ferme/bookings/{wish['id']}", token=tokens["demo"],
                                    headers={"If-Match": "*"})
        if answer.status != 204:
            break
    equal((answer.status, answer.problem), (503, "storage-unavailable"), f"after {turn} bookings")
    assert answer.header("Retry-After")
    equal(server.get("/livez").status, 200)
    equal(server.get("/readyz").status, 503)
    server.kill()
    server.command = command
    server.start()
    equal(server.get("/readyz").status, 200)
    # What failed last was the booking or its cancelling: it changed nothing.
    there = server.get(f"/v1/spaces/ferme/bookings/{wish['id']}", token=tokens["demo"])
    equal((there.status, there.json().get("state")), (200, "confirmed") if booked else (404, None))
    server.stop()


@case("S22 what callers send comes out of the log tame")
def _():
    server = Server(sample=False).start()
    for target in ("/v1/%1b%5b31m", "/v1/x?a=%0d%0afake", "/" + "é"):
        wire = server.connect()
        wire.sendall(f"GET {target} HTTP/1.1\r\nHost: h\r\nUser-Agent: \x1b]0;x\x07\r\nRequest-Id: a b\r\n"
                     "Connection: close\r\n\r\n".encode())
        while wire.recv(4096):
            pass
        wire.close()
    server.stop()
    told = server.log.read_bytes()
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", told), told
    assert b"\nfake" not in told


run()
