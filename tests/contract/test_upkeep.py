"""What those who run hacktivd do by hand: a database to begin with, tokens for scripts, a backup while it is served, bringing it back into
either kind of database, the network as a file, and whether the database is of one mind with itself.
"""
import json
import os
import re
import stat
import subprocess

from caller import Caller
from server import Server, new_id
from tap import case, equal, rows, run


def by_hand(server, *arguments, status=0, stdin=""):
    """(standard output, standard error) of one command."""
    told = subprocess.run([os.environ["HACKTIVD"], *arguments], env=server.environment(), input=stdin, capture_output=True, text=True,
                          timeout=120, cwd=server.directory)
    assert "Sanitizer" not in told.stderr and "runtime error" not in told.stderr, told.stderr
    equal(told.returncode, status, told.stdout + told.stderr)
    return told.stdout, told.stderr


def at(server):
    return ["--database", server.database_address]


_still = []


def still():
    """A server with the sample network that has ended, and its backup: for all that leave both as they are."""
    if not _still:
        server = Server().start()
        file = server.directory / "copy.sqlite"
        by_hand(server, "backup", *at(server), str(file))
        server.stop()
        _still.extend([server, file.read_bytes()])
    return _still


# ---- the first day ------------------------------------------------------------------------------------------------------------------

@case("a first database has its administrator, who may do all that one may")
def _():
    server = Server(sample=False)
    said, _ = by_hand(server, "init", *at(server), "odile.paquet", "Odile Paquet")
    assert "hacktivd passwd" in said and "hacktivd import" in said and "hacktivd serve" in said, said
    token = server.grant("odile.paquet")["odile.paquet"]
    server.start()
    equal([role["role"] for role in server.get("/v1/members/me", token=token).json()["roles"]], ["administrator"])
    server.stop()
    _, told = by_hand(server, "init", *at(server), "second.one", "Second One", status=1)
    assert "in use already" in told, told
    equal(server.sql("SELECT count(*) FROM member"), [(1,)])


# ---- tokens for scripts ------------------------------------------------------------------------------------------------------------

@case("a token for a script is told once, does what its scopes say, and is good for nothing once it is revoked")
def _():
    server = Server().start()
    server.stop()
    said, _ = by_hand(server, "token", "add", *at(server), "demo", "nightly list", "--scopes", "bookings", "--days", "7")
    token = said.strip()
    assert re.fullmatch(r"hkt_[A-Za-z0-9_-]{43}", token), said
    server.start()
    equal(server.get("/v1/members/me/bookings", token=token).status, 200)
    equal(server.request("POST", "/v1/spaces/ferme/bookings", {}, token=token, key=new_id()).status, 403)
    server.stop()
    listed, _ = by_hand(server, "token", "list", *at(server), "demo")
    id, name, scopes, until = listed.strip().split("\t")
    equal((name, scopes, until), ("nightly list", "bookings", "until 2026-07-22"))
    assert token not in listed
    by_hand(server, "token", "revoke", *at(server), "demo", id)
    server.start()
    equal(server.get("/v1/members/me/bookings", token=token).status, 401)
    server.stop()


@rows("a token that cannot be is refused with words", [
    ("of nobody", ["add", "nobody.here", "x"], "nobody.here"), ("a scope that is none", ["add", "demo", "x", "--scopes", "all"], "--scopes"),
    ("for ever", ["add", "demo", "x", "--days", "9999"], "--days"), ("for no day", ["add", "demo", "x", "--days", "0"], "--days"),
    ("to revoke and not there", ["revoke", "demo", "0198-x"], "has no token")])
def _(arguments, word):
    server, _ = still()
    _, told = by_hand(server, "token", arguments[0], *at(server), *arguments[1:], status=1)
    assert word in told, told


# ---- backup and restore --------------------------------------------------------------------------------------------------------------

def held(server):
    """All that the database holds, but for what it knows of itself."""
    return {table: rows for table, rows in server.contents().items() if table != "setting"}


@case("S27 a backup is made while it is served, whole, and for its owner's eyes alone")
def _():
    caller = Caller()
    server = caller.server
    booked = caller.book(caller.free("ferme", "2026-08-27", "am")[0], "2026-08-27", "am").json()
    file = server.directory / "copy.sqlite"
    said, _ = by_hand(server, "backup", *at(server), str(file))
    assert re.search(r"\d+ rows of \d+ tables", said), said
    equal(stat.S_IMODE(file.stat().st_mode), 0o600)
    left = sorted(path.name for path in server.directory.iterdir() if "copy" in path.name)
    equal(left, ["copy.sqlite"])
    _, told = by_hand(server, "backup", *at(server), str(file), status=1)
    assert "is there already" in told, told
    equal(server.get("/readyz").status, 200)
    server.stop()
    before = held(server)
    # A backup is a database of its own: it can be served as it is.
    other = Server(sample=False)
    other.database = file
    other.command = lambda: [os.environ["HACKTIVD"], "serve", "--database", f"sqlite:{file}", "--listen", other.listen]
    other.start()
    answer = other.get(f"/v1/spaces/ferme/bookings/{booked['id']}", token=caller.tokens["demo"])
    equal((answer.status, answer.json()["id"]), (200, booked["id"]))
    other.stop()
    assert len(before["booking"]) > 100 and len(before["slot"]) > 1000


@case("S26 restored into an empty database of this kind it holds the same, and the feed begins anew")
def _():
    caller = Caller()
    server = caller.server
    file = server.directory / "copy.sqlite"
    by_hand(server, "backup", *at(server), str(file))
    id = server.get("/v1/changes?limit=1", token=caller.tokens["demo"]).json()["id"]
    server.stop()
    before = held(server)
    other = Server(sample=False)
    by_hand(other, "restore", *at(other), str(file))
    equal(held(other), before)
    out, _ = by_hand(other, "verify", *at(other))
    assert "not ok" not in out, out
    other.start()
    told = other.get(f"/v1/changes?after={id}", token=caller.tokens["demo"]).json()
    assert told.get("reset"), told
    other.stop()


@case("a database that holds a network is not overwritten unless that is said")
def _():
    server = Server().start()
    file = server.directory / "copy.sqlite"
    by_hand(server, "backup", *at(server), str(file))
    server.stop()
    before = held(server)
    _, told = by_hand(server, "restore", *at(server), str(file), status=1)
    assert "--replace" in told, told
    equal(held(server), before)
    said, _ = by_hand(server, "restore", *at(server), "--replace", str(file))
    assert "Restored" in said, said
    equal(held(server), before)
    left = [path.name for path in server.directory.iterdir() if "restoring" in path.name or "part" in path.name]
    equal(left, [])


@case("S26 D08 who was erased after the backup was made stays erased when it is restored")
def _():
    caller = Caller(logged_in=True)
    server = caller.server
    file = server.directory / "copy.sqlite"
    by_hand(server, "backup", *at(server), str(file))
    me = server.get("/v1/members/me", token=caller.tokens["plume"])
    gone = server.request("DELETE", "/v1/members/me?open=cancel", token=caller.tokens["plume"], headers={"If-Match": me.header("ETag")})
    assert gone.status in (200, 204), gone
    server.stop()
    said, _ = by_hand(server, "restore", *at(server), "--replace", str(file))
    assert "erased" in said, said
    equal(server.sql("SELECT count(*) FROM member WHERE login = 'plume'"), [(0,)])


@rows("S13 what is no backup is refused, and nothing is changed", [
    ("nothing", None), ("text", b"bonjour\n" * 100), ("half of one", ...), ("one with a byte turned", 1)])
def _(content):
    server, whole = still()
    file = server.directory / "copy.sqlite"
    file.write_bytes(whole)
    before = held(server)
    if content is None:
        file.unlink()
    elif content is ...:
        file.write_bytes(whole[:len(whole) // 2])
    elif content == 1:
        turned = bytearray(whole)
        for at_byte in range(len(turned) // 2, len(turned) // 2 + 4096):
            turned[at_byte] ^= 0xff
        file.write_bytes(bytes(turned))
    else:
        file.write_bytes(content)
    _, told = by_hand(server, "restore", *at(server), "--replace", str(file), status=1)
    assert "copy.sqlite" in told or "damaged" in told, told
    equal(held(server), before)


# ---- the network as a file ------------------------------------------------------------------------------------------------------------

@case("what is exported changes nothing where it came from, and makes the same network elsewhere")
def _():
    server = Server().start()
    server.stop()
    server.write("UPDATE member SET restricted = 1 WHERE login = 'zoe.lambermont'")
    server.write("UPDATE member SET disabled_at = 7 WHERE login = 'plume'")
    server.start()
    file = server.directory / "network.json"
    by_hand(server, "export", *at(server), str(file))
    equal(stat.S_IMODE(file.stat().st_mode), 0o600)
    written = json.loads(file.read_text())
    equal([len(written[name]) > 0 for name in ("spaces", "resources", "organisations", "members", "activities")], [True] * 5)
    assert "password" not in file.read_text() and "$argon2" not in file.read_text()
    server.stop()
    before = held(server)
    said, _ = by_hand(server, "import", *at(server), str(file))
    equal(held(server)["change_log"], before["change_log"], said)
    other = Server(sample=False)
    by_hand(other, "import", *at(other), str(file))
    again = other.directory / "again.json"
    by_hand(other, "export", *at(other), str(again))
    equal(json.loads(again.read_text()), written)
    equal(other.sql("SELECT login FROM member WHERE restricted = 1 ORDER BY login"), [("zoe.lambermont",)])
    equal(other.sql("SELECT login FROM member WHERE disabled_at IS NOT NULL"), [("plume",)])


# ---- of one mind -----------------------------------------------------------------------------------------------------------------------

@case("a sound database is said to be so, while it is served")
def _():
    caller = Caller()
    out, _ = by_hand(caller.server, "verify", *at(caller.server))
    lines = out.splitlines()
    assert len(lines) >= 9 and all(line.startswith("ok - ") for line in lines), out
    caller.server.stop()


@rows("what is wrong in it is told, and counted", [
    ("a place held by nobody", "UPDATE booking SET state = 'cancelled' WHERE id = (SELECT min(booking_id) FROM slot)", "held by a booking"),
    ("a place held for a booking that never was", "UPDATE slot SET booking_id = 'never' WHERE (space_id, resource_id, unit, granule) ="
     " (SELECT space_id, resource_id, unit, granule FROM slot ORDER BY space_id, resource_id, unit, granule LIMIT 1)", "held by a booking"),
    ("a change that is missing", "DELETE FROM change_log WHERE seq = 3 AND space_id = (SELECT min(id) FROM space)", "no gap"),
    ("a count that is off", "UPDATE activity SET taken = taken - 1 WHERE id = (SELECT max(id) FROM activity WHERE taken > 0)", "counted"),
])
def _(damage, word):
    server = Server().start()
    server.stop()
    equal(server.write(damage), 1)
    out, told = by_hand(server, "verify", *at(server), status=1)
    assert any(line.startswith("not ok") and word in line for line in out.splitlines()), out
    assert "Restore a backup" in told, told


run()
