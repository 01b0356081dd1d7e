"""`hacktiv COMMAND …` against a real hacktivd: what it prints, how it ends, what it refuses."""
import json
import os
import pathlib
import sqlite3
import stat
import subprocess

from client import Client, Deaf, GoBetween, html_page, json_answer
from server import PASSWORD, Server, peopled
from tap import case, equal, rows, run

server, tokens = peopled()
URL = f"unix:{server.socket_path}"
TOKEN = tokens["demo"]


def client(**more):
    return Client(URL, TOKEN, **more)


def one_booking(*words):
    """Books and returns the booking."""
    booked = client().run("book", *words, "--json")
    equal(booked.status, 0, booked)
    return booked.json()["item"]


# ---- looking

@case("spaces: a heading, a row for each, the label of sample data")
def _():
    shown = client().run("spaces")
    equal(shown.status, 0, shown)
    lines = shown.out.splitlines()
    equal(lines[0], "Wednesday 15 July 2026")
    equal(len(lines), 7)
    assert lines[2].startswith("La Ferme") and "Chimay [BE]" in lines[2], lines       # home first
    assert "Sample data" in lines[6]
    equal(len({line.index("[") for line in lines[2:6] if "Charleville" in line}), 1)
    assert not any(line != line.rstrip() for line in lines), lines


@case("spaces on a day that is a holiday in one country only")
def _():
    shown = client().run("spaces", "21/7", "--json").json()
    equal(shown["outcome"], "done")
    equal({item["slug"]: item["day"]["open"] for item in shown["items"]},
          {"ferme": False, "e420": False, "pepi": True, "rimbaud": True})
    equal(shown["sites"][0]["state"], "up")
    equal(shown["problem"], None)


@case("desks of a space for a day")
def _():
    shown = client().run("desks", "chimay", "demain")
    equal(shown.status, 0, shown)
    assert shown.out.startswith("La Ferme (Chimay), Thursday 16 July 2026: open"), shown.out
    items = client().run("desks", "ferme", "16/7", "--json").json()["items"]
    assert all(item["date"] == "2026-07-16" and item["site"] and item["space_id"] for item in items), items


@case("without a log-in, what everybody may see is shown, and the rest says what to do")
def _():
    nobody = Client(URL)
    equal(nobody.run("spaces").status, 0)
    mine = nobody.run("bookings")
    equal((mine.status, mine.out), (3, ""), mine)
    assert "hacktiv login" in mine.told
    equal(nobody.run("bookings", "--json").json()["outcome"], "login_needed")


@case("French words are understood in any language")
def _():
    shown = client().run("postes", "chimay", "demain")
    equal(shown.status, 0, shown)
    assert "16 July 2026" in shown.out, shown.out


@case("a locale without UTF-8 gets ASCII")
def _():
    shown = client(LC_ALL="C").run("spaces")
    equal(shown.status, 0, shown)
    assert shown.out.isascii() and "Pepiniere" in shown.out, shown.out


# ---- booking and cancelling

@case("book, see it, cancel it, see it gone")
def _():
    me = client()
    booked = me.run("book", "chimay", "monday", "morning")
    equal(booked.status, 0, booked)
    assert booked.out.startswith("Booked: La Ferme, Les Serres 3, Mon 20/07/2026, morning.\n"), booked.out
    listed = [item for item in me.run("bookings", "--json").json()["items"] if item["date"] == "2026-07-20" and item["part"] == "am"]
    equal([item["resource_name"] for item in listed], ["Les Serres 3"])
    cancelled = me.run("annuler", listed[0]["id"][:30], "--json")
    equal(cancelled.status, 0, cancelled)
    equal(cancelled.json()["item"]["state"], "cancelled")
    assert listed[0]["id"] not in [item["id"] for item in me.run("bookings", "--json").json()["items"]]


@rows("a room by the hour", [("by the clock", "la grange 31/7 14:00-16:00", "14:00–16:00"),
                             ("in French", "la grange 31/7 de 10h à 11h30", "10:00–11:30"),
                             ("in English", "etable friday from 2pm to 3pm --any", "14:00–15:00")])
def _(words, hours):
    booked = client().run("book", *words.split())
    equal(booked.status, 0, booked)
    assert f", {hours}.\n" in booked.out, booked.out
    assert hours in client().run("bookings").out
    ours = next(item for item in client().run("bookings", "--json").json()["items"] if item.get("hours") == hours.split("–"))
    equal(ours["part"], "hours")
    shown = client().run("desks", "ferme", ours["date"], "--json").json()["items"]
    assert {"start": hours[:5], "end": hours[-5:], "who": "mine", "booking_id": ours["id"]} in [
        busy for row in shown for busy in row["busy"]], shown
    assert hours in client().run("desks", "ferme", ours["date"]).out
    equal(client().run("cancel", ours["resource_name"], *words.split()[2:]).status if "31/7" in words else
          client().run("cancel", ours["id"]).status, 0)


@rows("hours that cannot be had", [("a desk", "les serres 1 31/7 14h-16h", 3, "not by the hour"),
                                   ("a closed hour", "la grange 31/7 16h-18h", 3, "not open all that time"),
                                   ("one end only", "la grange 31/7 14h", 2, "Until when?"),
                                   ("which room", "ferme 31/7 9h-10h", 2, "Which room?")])
def _(words, status, sentence):
    refused = client().run("book", *words.split())
    equal(refused.status, status, refused)
    assert sentence in refused.out + refused.told, refused


@case("a booking is cancelled by its place and day")
def _():
    booking = one_booking("grange", "31/7", "am")
    cancelled = client().run("cancel", "chimay", "la", "grange", "31/7")
    equal(cancelled.status, 0, cancelled)
    assert booking["resource_name"] in cancelled.out


@case("a desk that somebody has is a conflict with alternatives, and nothing is booked")
def _():
    other = Client(URL, tokens["zoe.lambermont"])
    rows_free = [item for item in client().run("desks", "e420", "27/7", "--json").json()["items"]
                 if item["morning"] == "free" and item["resource"]["kind"] == "desk"]
    name = rows_free[0]["resource"]["name"]
    equal(other.run("book", name, "27/7", "am").status, 0)
    refused = client().run("book", name, "27/7", "am", "--json")
    equal(refused.status, 3)
    told = refused.json()
    equal((told["outcome"], told["item"], told["problem"]["rule"]), ("conflict", None, "slot-taken"))
    assert told["problem"]["alternatives"], told
    text = client().run("book", name, "27/7", "am")
    equal((text.status, text.out), (3, ""))
    assert "Free instead:\n  Coworking E420" in text.told, text.told


@rows("not understood, so nothing is asked of the server", [
    ("no day", ["chimay", "morning"], "Which day? “chimay” says none."),
    ("a day that is none", ["chimay", "yesterday", "morning"], "Which day? “chimay yesterday” says none."),
    ("no part", ["chimay", "tomorrow"], "Which part of the day? “chimay” says none."),
    ("no day, no place", ["morning"], "Which day? Say today"),
    ("no part, no place", ["tomorrow"], "Which part of the day? Say morning"),
    ("nothing", [], "Which day?"),
    ("no such place", ["atlantis", "tomorrow", "am"], "No space and no desk is called “atlantis”"),
    ("two places", ["cabine", "tomorrow", "am"], "several places"),
    ("two spaces in one town", ["charleville-mézières", "tomorrow", "am"], "several places"),
    ("no usual desk there", ["pepi", "thursday", "am"], "or say --any"),
    ("month before day", ["chimay", "7/21", "am"], "21/7"),
    ("a date that is none", ["chimay", "31/2", "am"], "31/2"),
    ("escape sequences in it", ["\x1b[31mx\u202e", "tomorrow", "am"], "“[31mx”"),
])
def _(words, sentence):
    between = GoBetween(server)
    refused = Client(between.url, TOKEN).run("book", *words)
    equal((refused.status, refused.out), (2, ""), refused)
    assert sentence in refused.told, refused.told
    equal(between.count("POST .*/bookings"), 0)
    equal(Client(between.url, TOKEN).run("book", *words, "--json").json()["outcome"], "usage")


@case("any desk will do: the first free one")
def _():
    booking = one_booking("pepi", "thursday", "afternoon", "--any")
    equal((booking["space_name"], booking["resource_kind"], booking["part"]), ("Pépinière Val de Vence", "desk", "pm"))


@case("closed on that day")
def _():
    refused = client().run("book", "chimay", "21/7", "day")
    equal(refused.status, 3, refused)
    equal(client().run("book", "A4", "21/7", "day", "--json").json()["problem"]["rule"], "space-closed")


# ---- who am I

@case("log in, be known, log out, be forgotten")
def _():
    with_password = Server(options=["--sample-password", "password"])
    (with_password.directory / "password").write_text(PASSWORD)
    (with_password.directory / "password").chmod(0o600)
    with_password.start()
    me = Client(f"unix:{with_password.socket_path}")
    wrong = me.run("login", "demo", "--password-stdin", given="wrong\n")
    equal(wrong.status, 3, wrong)
    assert "wrong" in wrong.told and not list(me.state.glob("tokens/*")), wrong
    right = me.run("login", "demo", "--password-stdin", given=PASSWORD + "\n")
    equal(right.status, 0, right)
    token = next(path for path in me.state.glob("tokens/*") if path.suffix != ".lock")
    equal(stat.S_IMODE(token.stat().st_mode), 0o600)
    who = me.run("whoami", "--json").json()["items"]
    equal([member["login"] for member in who], ["demo"])
    equal(me.run("bookings").status, 0)
    with sqlite3.connect(me.state / "store.db") as store:
        equal(store.execute("SELECT count(*) FROM snapshot WHERE personal").fetchone()[0] > 0, True)
    equal(me.run("logout").status, 0)
    assert not token.exists()
    with sqlite3.connect(me.state / "store.db") as store:
        equal(store.execute("SELECT list FROM snapshot WHERE personal").fetchall(), [])
    equal(me.run("whoami").status, 3)
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in me.home.rglob("*") if path.is_file())
    with_password.stop()


@case("a token that the server does not take any more")
def _():
    refused = Client(URL, "hkt_" + "x" * 43).run("bookings", "--json")
    equal(refused.status, 3, refused)
    equal((refused.json()["outcome"], refused.json()["sites"][0]["state"]), ("login_needed", "login_needed"))
    equal(Client(URL, "hkt_" + "x" * 43).run("spaces").status, 0)


@case("a token file that others can read is not used")
def _():
    me = Client(URL)
    me.give_token(TOKEN, 0o644)
    refused = me.run("bookings")
    equal(refused.status, 3, refused)
    assert "chmod" in refused.told, refused.told


# ---- sites that do not answer as they should

@rows("nobody answers", [
    ("spaces", ["spaces"]), ("desks", ["desks", "chimay"]), ("bookings", ["bookings"]),
    ("book", ["book", "chimay", "tomorrow", "am"]), ("cancel", ["cancel", "chimay"]), ("whoami", ["whoami"]),
])
def _(words):
    lost = Client(Deaf().url, TOKEN).run(*words)
    equal((lost.status, lost.out), (4, ""), lost)
    assert lost.told, lost
    told = Client(Deaf().url, TOKEN).run(*words, "--json")
    equal((told.status, told.json()["outcome"], told.json()["sites"][0]["state"]), (4, "unreachable", "unreachable"))


@case("a page of HTML where the interface should be")
def _():
    between = GoBetween(server)
    between.fault(".", html_page(), times=100)
    lost = Client(between.url, TOKEN).run("spaces")
    equal((lost.status, lost.out), (4, ""), lost)
    assert "acceptez" not in lost.told and lost.told, lost.told


@rows("an answer that is not what was promised", [
    ("half of it", b'{"items":[{"id":"x","slu'), ("another shape", b'[1,2,3]'), ("items that are no list", b'{"items":{}}'),
    ("a space without a name", b'{"items":[{"id":"x","slug":"x"}]}'), ("a number for a text", b'{"items":[{"id":1,"slug":"x","name":"x"}]}'),
    ("the deep", b'{"items":' + b"[" * 10000), ("fifty megabytes", b'{"items":[' + b'"x",' * 13_000_000 + b'"x"]}'),
    ("nothing", b""), ("bytes", bytes(range(256))), ("twice the same member", b'{"items":[],"items":[]}'),
])
def _(body):
    between = GoBetween(server)
    between.fault("^GET /v1/spaces", json_answer(body), times=1000)
    lost = Client(between.url, TOKEN).run("spaces")
    equal((lost.status, lost.out), (4, ""), lost)
    assert lost.told, lost
    equal(Client(between.url, TOKEN).run("spaces", "--json").json()["sites"][0]["state"], "troubled")


@case("names that would take over the terminal are tamed, on screen, in JSON and on disk")
def _():
    evil = "\x1b]0;x\x07La\u202eFerme\u200b\x9b31m\nsecond"

    def rename(body):
        answer = json.loads(body)
        for item in answer.get("items", []):
            if "town" in item:
                item["name"] = item["town"] = item["description"] = evil
        return json.dumps(answer).encode()
    between = GoBetween(server)
    between.fault("^GET /v1/spaces", rename, times=1000)
    me = Client(between.url, TOKEN)
    for words in (["spaces"], ["spaces", "--json"], ["desks", "ferme"], ["book", "nulle", "part", "demain", "am"]):
        shown = me.run(*words)                         # Client.run() looks for raw bytes
        text = (shown.out if "--json" not in words else json.dumps(shown.json(), ensure_ascii=False)) + shown.told
        assert not {"\x1b", "\x07", "\u202e", "\u200b", "\x9b"} & set(text), text
        assert "LaFerme" in text or "]0;xLa" in text, text
    kept = (me.state / "store.db").read_bytes() + b"".join(path.read_bytes() for path in me.state.glob("store.db-wal"))
    assert b"\\u001b" not in kept and b"\x1b]0" not in kept


@case("what was known before is shown with its age, and the exit status says that it is old")
def _():
    between = GoBetween(server)
    me = Client(between.url, TOKEN)
    equal(me.run("spaces").status, 0)
    between.fault(".", "drop", times=1000)
    shown = me.run("spaces")
    equal(shown.status, 4, shown)
    assert "La Ferme" in shown.out and "2026" in shown.told, shown
    equal([item["name"] for item in me.run("spaces", "--json").json()["items"]][:1], ["La Ferme"])


@rows("no site at all", [("spaces", ["spaces"]), ("the overview", [])])
def _(words):
    lost = Client().run(*words)
    equal((lost.status, lost.out), (1, ""), lost)
    assert "hacktiv demo" in lost.told


@case("an address that cannot be one")
def _():
    lost = Client("gopher://x").run("spaces")
    equal(lost.status, 1, lost)
    assert "HACKTIV_URL" in lost.told


# ---- the shell around it

@case("the overview when there is no terminal")
def _():
    shown = client().run()
    equal(shown.status, 0, shown)
    assert "La Ferme" in shown.out and "My bookings" in shown.out, shown.out
    whole = client().run("--json").json()
    equal(sorted(whole["item"]), ["bookings", "signups", "spaces", "wishes"])


@rows("C40: a reader that leaves early", [("of text", "spaces"), ("of JSON", "bookings --json")])
def _(words):
    process = client().launch(*words.split())
    process.stdout.close()
    told = process.stderr.read().decode()
    equal((process.wait(60), told), (0, ""))


@case("C40: a full disk")
def _():
    with open("/dev/full", "wb") as full:
        filled = subprocess.run([os.environ["HACKTIV"], "spaces"], env=client().environment, stdin=subprocess.DEVNULL, stdout=full,
                                stderr=subprocess.PIPE, timeout=60)
    equal(filled.returncode, 1)
    assert b"could not be written" in filled.stderr, filled.stderr


@rows("standard files closed", [("input", "<&-", 0), ("output", ">&-", 1), ("error", "2>&-", 0), ("all", "<&- >&- 2>&-", 1)])
def _(how, status):
    me = client()
    closed = subprocess.run(["sh", "-c", f'exec "$HACKTIV" spaces {how}'], env={**me.environment, "HACKTIV": os.environ["HACKTIV"]},
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    equal(closed.returncode, status, closed)


@rows("said to hacktiv itself", [
    ("help", ["--help"], 0, "book [PLACE] WHEN", ""), ("help by name", ["help"], 0, "hacktiv demo", ""),
    ("help on one", ["book", "--help"], 0, "Also called: réserver", ""), ("aide", ["aide", "annuler"], 0, "cancel BOOKING", ""),
    ("help on nothing", ["help", "xyzzy"], 2, "", "“xyzzy” is not a command"), ("help on the demo", ["help", "demo"], 0, "hacktiv demo", ""),
    ("a word too many", ["undo", "3"], 2, "", "“undo” takes no words: “3” is one too many."),
    ("version", ["--version"], 0, "hacktiv 0.", ""),
    ("a slip", ["bok"], 2, "", "perhaps “book” was meant"), ("nonsense", ["xyzzy"], 2, "", "“xyzzy” is not a command"),
    ("an option's slip", ["--jsn", "spaces"], 2, "", "--json"), ("an option without its value", ["--config"], 2, "", "--config"),
    ("a value too many", ["--json=yes", "spaces"], 2, "", "--json"),
    ("a language we do not speak", ["--language", "nl", "spaces"], 2, "", "“nl”"),
    ("reset without the demo", ["--reset", "spaces"], 2, "", "demo"),
    ("for the screen only", ["refresh"], 2, "", "on the screen only"),
])
def _(words, status, out, told):
    said = client().run(*words)
    equal(said.status, status, said)
    assert out in said.out and told in said.told, said
    assert bool(said.out) == (status == 0), said


@case("a mistake in the configuration is told and the rest is used")
def _():
    me = Client(token=TOKEN)
    path = me.home / "my.cfg"
    path.write_text(f'langauge = "fr";\nsites = ( {{ id = "ici"; url = "{URL}"; }} );\n')
    shown = me.run("spaces", "--config", str(path), "--json")
    equal((shown.status, shown.json()["sites"][0]["id"]), (0, "ici"), shown)
    assert f"{path}:1: “langauge” is not known; perhaps “language” was meant." in shown.told, shown.told


@case("two sites, one down: the other is shown, and the state says so")
def _():
    me = Client()
    me.keep_token("ici", TOKEN)
    path = me.home / "my.cfg"
    path.write_text(f'sites = ( {{ id = "ici"; url = "{URL}"; }}, {{ id = "ailleurs"; url = "{Deaf().url}"; }} );\n')
    shown = me.run("spaces", "--config", str(path), "--json")
    equal(shown.status, 0, shown)
    equal({site["id"]: site["state"] for site in shown.json()["sites"]}, {"ici": "up", "ailleurs": "unreachable"})
    equal(len(shown.json()["items"]), 4)
    booked = me.run("book", "pepi", "30/7", "pm", "--any", "--config", str(path))
    equal(booked.status, 0, booked)


@rows("before anything is begun, what is wrong is told in the shape of every other answer", [
    ("an unknown command", ["bok", "e420"], {}, 2, "usage", "command", ["book"]),
    ("an unknown command that is like none", ["xyzzy"], {}, 2, "usage", "command", []),
    ("help about one", ["help", "bok"], {}, 2, "usage", "command", ["book"]),
    ("a command of the screen", ["timeline"], {}, 2, "usage", "command", []),
    ("an unknown option", ["spaces", "--jso"], {}, 2, "usage", "--jso", []),
    ("an option without its value", ["spaces", "--language"], {}, 2, "usage", "--language", []),
    ("a completion for no shell", ["completion", "cmd"], {}, 2, "usage", "completion", []),
    ("a log that cannot be written", ["spaces"], {"HACKTIV_LOG": "/nowhere/log"}, 2, "usage", None, []),
    ("a clock that is none", ["spaces"], {"HACKTIV_NOW": "soon"}, 2, "usage", None, []),
])
def _(words, environment, status, outcome, field, candidates):
    me = Client(URL, TOKEN)
    me.environment.update(environment)
    plain, told = me.run(*words), me.run("--json", *words)
    equal((plain.status, plain.out, told.status, told.told), (status, "", status, ""), (plain, told))
    whole = told.json()
    equal(list(whole), ["outcome", "item", "sites", "problem"])
    equal((whole["outcome"], whole["item"], whole["sites"]), (outcome, None, []))
    problem = whole["problem"]
    equal((problem["kind"], problem["text"], problem["candidates"]), (outcome, plain.told.rstrip("\n"), candidates))
    assert field in (None, problem["field"]), problem


@case("the log says what happened and never the token")
def _():
    me = client()
    me.environment["HACKTIV_LOG"] = str(me.home / "log")
    equal(me.run("bookings").status, 0)
    assert TOKEN not in pathlib.Path(me.home / "log").read_text()


run(server.stop)
