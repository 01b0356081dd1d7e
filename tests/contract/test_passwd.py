"""hacktivd passwd: an administrator gives somebody a password, on the terminal or from a script."""
import os
import subprocess
import types

from screen import Screen
from server import Server, sqlite_case
from tap import case, equal, rows, run

OLD, NEW = "ein Fahrrad, zwei Räder", "quatre vélos, cinq roues"


def made():
    server = Server().start()
    server.stop()
    return server


def words(server, *more):
    return [os.environ["HACKTIVD"], "passwd", "--database", server.database_address, *more]


def passwd(server, *more, given=None):
    told = subprocess.run(words(server, *more), env=server.environment(), input=given, capture_output=True, text=True, timeout=60,
                          cwd=server.directory, start_new_session=True)
    assert "Sanitizer" not in told.stderr and "runtime error" not in told.stderr, told.stderr
    return told


def on_terminal(server, *answers):
    """(exit status, what was to be seen)."""
    screen = Screen(types.SimpleNamespace(environment=server.environment(), home=server.directory), *words(server, "zoe.lambermont"))
    for number, answer in enumerate(answers):
        said = screen.until("New password") if number == 0 else said
        assert number == 0 or "Once more" in said.decode(), said
        said = screen.type(answer + "\n")
    status = screen.end()
    equal(screen.settings(), screen.before, "the terminal")
    screen.close()
    return status, screen.said.decode()


def log_in(server, password, login="zoe.lambermont"):
    return server.request("POST", "/v1/sessions", {"login": login, "password": password}).status


@case("from a script: the new password fits, the old one no longer, and nobody stays logged in with it")
def _():
    server = made()
    equal(passwd(server, "--password-stdin", "zoe.lambermont", given=OLD + "\n").returncode, 0)
    server.start()
    token = server.request("POST", "/v1/sessions", {"login": "zoe.lambermont", "password": OLD}).json()["token"]
    others = server.stop() or server.grant("plume")["plume"]
    told = passwd(server, "--password-stdin", "zoe.lambermont", given=NEW)
    equal((told.returncode, told.stdout), (0, "Zoë Lambermont (zoe.lambermont) has a new password and is logged out everywhere.\n"))
    server.start()
    equal((log_in(server, OLD), log_in(server, NEW)), (401, 201))
    equal(server.get("/v1/members/me", token=token).status, 401)
    equal(server.get("/v1/members/me", token=others).status, 200)
    server.stop()


@case("on a terminal: asked for twice, never shown")
def _():
    server = made()
    status, said = on_terminal(server, NEW, NEW)
    equal(status, 0, said)
    assert "Zoë Lambermont" in said and NEW not in said, said
    server.start()
    equal(log_in(server, NEW), 201)
    server.stop()


@case("two passwords that differ change nothing")
def _():
    server = made()
    status, said = on_terminal(server, NEW, NEW + "x")
    equal(status, 1, said)
    assert "two passwords" in said, said
    equal(server.sql("SELECT count(*) FROM member WHERE password_hash IS NOT NULL"), [(0,)])


@rows("refused, and nothing is changed", [
    ("somebody who is not there", ["--password-stdin", "nobody"], NEW, 1, "no member with the login nobody"),
    ("a name that would move the cursor", ["--password-stdin", "no\x1b[2Jbody"], NEW, 1, "no member with the login no[2Jbody"),
    ("too short", ["--password-stdin", "plume"], "1234567\n", 1, "at least 12"),
    ("nothing", ["--password-stdin", "plume"], "", 1, "No password was given"),
    ("an empty line", ["--password-stdin", "plume"], "\n" + NEW, 1, "No password was given"),
    ("without end", ["--password-stdin", "plume"], "x" * 5000, 1, "too long"),
    ("no terminal to ask on", ["plume"], "", 1, "--password-stdin"),
    ("nobody named", ["--password-stdin"], NEW, 2, "needs a LOGIN"),
    ("two named", ["--password-stdin", "plume", "demo"], NEW, 2, "demo"),
    ("an option of another command", ["--listen", "127.0.0.1:0", "plume"], NEW, 2, "does not go with hacktivd passwd"),
])
def _(arguments, given, status, word):
    server = made()
    told = passwd(server, *arguments, given=given)
    equal((told.returncode, told.stdout), (status, ""), told.stderr)
    assert word in told.stderr and told.stderr.startswith("hacktivd: ") and told.stderr.count("\n") == 1, told.stderr
    equal(server.sql("SELECT count(*) FROM member WHERE password_hash IS NOT NULL"), [(0,)])


@sqlite_case("no database is made where a path was mistyped")
def _():
    server = Server()
    told = passwd(server, "--password-stdin", "plume", given=NEW)
    equal(told.returncode, 1)
    assert "There is no database" in told.stderr and not server.database.exists(), told.stderr


@sqlite_case("not while it is served")
def _():
    server = Server().start()
    told = passwd(server, "--password-stdin", "plume", given=NEW)
    equal(told.returncode, 1)
    assert "served by another hacktivd" in told.stderr, told.stderr
    server.stop()


run()
