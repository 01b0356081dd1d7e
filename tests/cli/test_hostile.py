"""A server that puts escapes, other directions, hidden and endless letters into every text it sends: none of it reaches screen, pipe, log or
disk as it came, and what may be shown is shown. C20 C21 C17 C18"""
import json
import os
import pathlib
import re

from client import Client, GoBetween
from hostile import Hostile, answer
from hostile_words import MARK, WORDS, Liar, check_file, check_json, check_screen, check_text
from screen import Screen
from server import TOP, peopled
from tap import case, equal, rows, run

server, tokens = peopled()
TOKEN = tokens["demo"]
ACTIVITY = server.get("/v1/activities?from=2026-07-15&to=2026-08-15").json()["items"][0]
BOOKING = server.get("/v1/members/me/bookings?from=2026-07-15", token=TOKEN).json()["items"][-1]
MEMBER = server.get("/v1/members?q=zoe", token=TOKEN).json()["items"][0]
ORGANISATION = server.get("/v1/organisations", token=TOKEN).json()["items"][0]
met = {}                                       # (path, where): of all cases


def before(liar, **more):
    """A client whose server lies."""
    between = GoBetween(server)
    between.rewrite = liar
    me = Client(between.url, TOKEN, **more)
    me.environment["HACKTIV_LOG"] = str(me.home / "log")
    return me, between


def check_files(me):
    log = me.home / "log"
    check_text(log.read_text(), what="log")
    for path in [log, *me.state.rglob("*")]:
        if path.is_file():
            check_file(path)


def check_said(said):
    check_text(said.told, what="stderr")
    if said.out.startswith("{"):
        assert said.out.count("\n") == 1, said.out
        check_json(said.json())
    check_text(said.out, what="stdout")


COMMANDS = [["spaces"], ["desks"], ["desks", "ferme"], ["bookings"], ["agenda"], ["agenda", ACTIVITY["id"]], ["signups"], ["members", "zoe"],
            ["members", MEMBER["id"]], ["organisations"], ["organisations", ORGANISATION["id"]], ["whoami"], ["wishes"], ["sync"]]


@rows("C20 said in the shell", [("in text", []), ("as JSON", ["--json"])])
def _(more):
    liar = Liar()
    me, between = before(liar)
    shown = 0
    for words in COMMANDS:
        said = me.run(*words, *more)
        assert said.status == 0 or words == ["desks"], f"{words}: {said}"      # which space, is asked there: all names are lies
        check_said(said)
        shown += said.out.count(MARK)
    assert shown > 150, shown                  # cleaned, not left out
    met.update(dict.fromkeys(liar.lied))
    check_files(me)


@case("C20 wishes, and what the server says to them")
def _():
    liar = Liar()
    me, between = before(liar)
    for words in (["book", "ferme", "24/9", "am", "--any"], ["sign-up", ACTIVITY["id"]], ["withdraw", ACTIVITY["id"]], ["cancel", BOOKING["id"]],
                  ["undo"]):
        for more in ([], ["--json"]):
            check_said(me.run(*words, *more))
    assert between.count("^POST .*/bookings$") and between.count("^PUT .*/signup$") and between.count("^DELETE "), between.seen
    met.update(dict.fromkeys(liar.lied))
    check_files(me)


PROBLEM = Liar().contract.document["components"]["schemas"]["Problem"]


@rows("C17 a refusal of a kind that nobody knows", [("422", "422 Full Moon", 3), ("409", "409 Taken", 3), ("403", "403 No", 3)])
def _(status, ended):
    for number in range(0, len(WORDS), 4):
        liar = Liar()
        liar.path, liar.number, liar.formed, liar.chosen = "", number, 0, -1
        told = liar.lie(PROBLEM, {"type": "/problems/full-moon", "title": "x", "status": int(status[:3]), "detail": "x",
                                  "errors": [{"code": "x", "detail": "x", "pointer": "#/x"}]})
        met.update(dict.fromkeys(liar.lied))
        me, between = before(None)
        between.fault("^POST .*/bookings$", answer(json.dumps(told).encode(), status, "application/problem+json"), times=9)
        said = me.run("book", "ferme", "24/9", "am", "--any", *(["--json"] if number % 8 else []))
        equal(said.status, ended, said)
        check_said(said)
        if status[0] == "4" and status[:3] != "403":
            assert MARK in said.out + said.told, said
        check_files(me)


LINES = [" ".join(words) for words in COMMANDS if words[0] not in ("wishes", "sync")]


@case("C20 said line by line, each text each time another lie")
def _():
    liar = Liar()
    me, between = before(liar)
    said = me.run("--lines", given="".join(f"{line}\n" for line in LINES * len(WORDS)) + "quit\n", limit=120)
    equal(said.status, 0, said)
    check_said(said)
    assert said.out.count(MARK) > 1000
    met.update(dict.fromkeys(liar.lied))
    check_files(me)


@case("C20 ids, dates and words of a list that are lies: refused, or as harmless as the rest")
def _():
    liar = Liar(strictly=True)
    me, between = before(liar)
    said = me.run("--lines", given="".join(f"{line}\n" for line in LINES * 16) + "quit\n", limit=120)
    check_said(said)
    met.update(dict.fromkeys(liar.lied))
    for words in COMMANDS[:6]:
        check_said(me.run(*words, "--json"))
    check_files(me)


@case("C20 on the screen: lists, days, dialogs and messages")
def _():
    liar = Liar()
    me, between = before(liar)
    screen = Screen(me, rows=43, columns=132)
    screen.until(MARK)
    keys = ["\x1b[B", "r", "\x1b", "\x1bOR", "\r", "\x1b[B", "r", "\r", "\x1b", "\x1b", "m", "\x1b", "?", "\x1b", "\x1bOS", "\r", "\x1b", "\x1b[B", "i", "\r", "\x1b",
            ":members zo\r", "\r", "\x1b", "\x1b", ":", "a", "\x1b"]
    def press(key, silence=0.06):
        os.write(screen.terminal, key.encode())
        screen.quiet(silence)
    for key in ("\x1bOR", "\r", "\x1b[B", "r", "\x1b", "\x1bOP"):     # a space, a desk, what booking it would cost
        press(key, 0.4)
    for key in keys:
        press(key)
    for _ in range(len(WORDS) // 2):           # the same things again, each time another lie
        for key in (":sync\r", "\x1bOR", "\r", "\x1b"):
            press(key)
    assert between.count("bookings:preview"), between.seen
    screen.resize(12, 40)
    screen.type("\x0c")
    screen.type("\x11")
    equal(screen.end(), 0)
    screen.close()
    assert screen.said.decode().count(MARK) > 100
    check_screen(screen.said)
    met.update(dict.fromkeys(liar.lied))
    check_files(me)


BROKEN = [b"\xff", b"\xc0\x9b", b"\xe0\x80\x9b", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe2\x80", b"\x9b31m", b"\x1b[2J", b"\x00",
          rb"\ud800", rb"\udc00\ud800", rb"\u0000", rb"\u00 ", b"\x7f", b"\xef\xbf\xbf"]


@rows("C21 bytes that are no text:", [(repr(bytes), bytes) for bytes in BROKEN])
def _(bytes):
    space = b'{"id":"x","name":"Warp%sFerme","time_zone":"UTC"}' % bytes
    me = Client(Hostile(answer(b'{"items":[%s]}' % space)).url, now=None)
    me.environment["HACKTIV_LOG"] = str(me.home / "log")
    for more in ([], ["--json"]):
        said = me.run("spaces", *more)
        assert said.status in (0, 4), said
        check_said(said)
        assert said.status == 4 or re.search("Warp.?.?.?.?.?(31m)?Ferme", said.out), said
    check_files(me)


# ---- has everything been attacked? ---------------------------------------------------------------------------------------------------

def paths_asked():
    """Of the adapter's sources: "/v1/spaces/%s/activities/%s" and the like, as the description writes them."""
    source = "".join(path.read_text() for path in sorted((TOP / "src" / "backend").glob("hacktiv*.c")))
    names = dict(re.findall(r'#define (\w+) +"(/v1/[^"]*)"', source))
    for name, path in names.items():
        source = re.sub(rf'\b{name} "', f'"{path}', source)
    contract = Liar().contract
    return {contract.path_of(re.sub(r"%s", "x", path))[0] for path in re.findall(r'"(/v1/[^"?]*)', source)}


@case("every address that the adapter knows has lied, in every text that is described there")
def _():
    lied = {path for path, where in met}
    # A log-in says nothing that is shown, a log-out nothing at all, the feed only which thing to ask for; a booking by its number is asked for
    # after a crash, and read by what reads the answer to making it.
    quiet = {"/v1/sessions", "/v1/sessions/current", "/v1/events", "/v1/changes", "/v1/spaces/{s}/bookings/{id}"}
    missing = {path for path in paths_asked() if path} - lied - quiet
    assert not missing, missing
    wheres = {where.rsplit("/", 1)[-1] for path, where in met}
    for name in ("name", "town", "reason", "note", "resource_name", "title", "summary", "description", "organiser", "about", "website", "detail", "sector"):
        assert name in wheres, f"no lie in “{name}”: {sorted(wheres)}"


run(server.stop)
