"""The terminal comes back as it was, however hacktiv ends; and it never runs on without one."""
import os
import random
import re
import signal
import time

from client import Client, GoBetween
from porter import worker
from screen import OTHER_SCREEN, SHOWS_CURSOR, WAIT_LIMIT, Screen, modes
from server import peopled
from tap import case, equal, rows, run

server, tokens = peopled()
GONE_LIMIT = 5           # seconds, for a sanitized build on a busy machine; bench/run holds the release build to one


def me():
    """Who has said which space comes first, so that it is there from the first."""
    return Client(f"unix:{server.socket_path}", tokens["demo"]).configure('home_space = "ferme";\n')


def opened(*words, client=None, **more):
    screen = Screen(client or me(), *words, **more)
    screen.until("La Ferme" if client or words else "Les Serres 3")      # bookings come after the spaces
    return screen


def ends(screen, status=0):
    """In order, at once and without burning the processor meanwhile."""
    before = screen.cpu()
    equal(screen.end(GONE_LIMIT), status)
    used = screen.cpu() - before
    assert used < 2, f"{used:.1f} s of processor to end"


@rows("C39: the terminal is closed", [("and says so", ()), ("under nohup", (signal.SIGHUP,))])
def _(ignored):
    screen = opened(ignored=ignored)
    screen.hang_up()
    ends(screen)
    screen.close()


@case("C39: the terminal is closed while a server holds every answer back")
def _():
    between = GoBetween(server)
    between.fault(".", "hold", times=100)
    screen = Screen(Client(between.url, tokens["demo"]), ignored=[signal.SIGHUP])
    assert between.arrived.wait(30)
    screen.hang_up()
    ends(screen)
    screen.close()
    between.go_on.set()


def bookings():
    return len(me().run("bookings", "--json").json()["items"])


@rows("C39: the line drops in a dialog that asks:", [("book", "r", "Enter"), ("cancel", "jjjja", "Cancel")])
def _(keys, word):
    before = bookings()
    screen = opened()
    for key in keys:
        screen.type(key)
    assert word.encode() in screen.said
    screen.hang_up()
    ends(screen)
    screen.close()
    equal(bookings(), before)


@case("C39: the terminal is closed while it takes nothing")
def _():
    screen = opened(ignored=[signal.SIGHUP])
    for _ in range(200):                       # frames that nobody reads
        os.write(screen.terminal, b"\x0c")
        time.sleep(0.002)
    screen.hang_up()
    ends(screen)
    screen.close()


# ---- the ways out

@rows("C29: it gives the terminal back on", [(signal.Signals(number).name, number) for number in
      (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)])
def _(number):
    screen = opened()
    equal(modes(screen.said)[OTHER_SCREEN], True)
    screen.signal(number)
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C29: it gives the terminal back on the key", [("q", "q"), ("Ctrl-C", "\x03"), ("Ctrl-Q", "\x11")])
def _(key):
    screen = opened()
    os.write(screen.terminal, key.encode())
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C29: it gives the terminal back, and says where its log is, when it falls by", [(signal.Signals(number).name, number) for number in
      (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)])
def _(number):
    me_with_log = me()
    log = me_with_log.home / "log of mine"
    screen = opened(client=me_with_log, HACKTIV_LOG=str(log))
    screen.signal(number)
    status = screen.end(GONE_LIMIT)
    assert status in (-number, -signal.SIGABRT, 1), status      # a sanitizer has its own way of ending
    screen.is_restored()
    words = f"The log is {log}."
    assert words.encode() in screen.said, screen.said[-600:]
    assert screen.said.rindex(b"\x1b[?1049l") < screen.said.index(words.encode()), "it speaks before the screen is given back"
    assert f"falls by signal {number:02}" in log.read_text(), log.read_text()
    screen.close()


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def stall(screen):
    """Draws the whole screen until the terminal is full: nobody reads."""
    for _ in range(200):
        os.write(screen.terminal, b"\x0c")
        time.sleep(0.002)


@case("C27: a terminal that stops reading: keys and the network go on, nothing piles up, nothing burns, and the last frame is the true one")
def _():
    between = GoBetween(server)
    lean = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"       # else what was freed counts too
    screen = opened(client=Client(between.url, tokens["demo"]), rows=200, columns=300, ASAN_OPTIONS=lean)
    stall(screen)
    before, asked = resident(worker(screen.pid)), len(between.seen)
    os.write(screen.terminal, b"u")                          # asks the sites again
    for _ in range(400):
        os.write(screen.terminal, b"\x0c" * 4)
        time.sleep(0.001)
    deadline = time.monotonic() + WAIT_LIMIT
    while len(between.seen) == asked:
        assert time.monotonic() < deadline, "the network stood still"
        time.sleep(0.01)
    time.sleep(0.5)
    assert resident(worker(screen.pid)) - before < 8 << 20, f"{resident(worker(screen.pid)) - before} bytes more for frames that nobody took"
    used = screen.cpu()
    time.sleep(1)
    assert screen.cpu() - used < 0.1, f"{screen.cpu() - used} s of processor in a second of nothing"
    os.write(screen.terminal, b"?")                          # help, and it is read again
    screen.until("EVERYWHERE")
    screen.type("\x1b")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C29: it leaves while the terminal takes nothing, by", [("q", "q", 0), ("SIGTERM", signal.SIGTERM, 0), ("SIGHUP", signal.SIGHUP, 0)])
def _(how, status):
    screen = opened()
    stall(screen)
    if isinstance(how, str):
        os.write(screen.terminal, how.encode())
    else:
        screen.signal(how)
    deadline = time.monotonic() + GONE_LIMIT
    while not screen.ended():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    equal(screen.status, status)
    equal(screen.settings(), screen.before)
    screen.close()


@case("C29: it falls while the terminal takes nothing: not later than a moment")
def _():
    screen = opened()
    for _ in range(200):
        os.write(screen.terminal, b"\x0c")
        time.sleep(0.002)
    screen.signal(signal.SIGABRT)
    deadline = time.monotonic() + GONE_LIMIT
    while not screen.ended():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    equal(screen.settings(), screen.before)
    screen.close()


# ---- dialogs

DIALOGS = [("book", "r", "Enter"), ("box", ":", "Tab"), ("help", "?", "scroll"), ("login", ":login demo\r", "Password"), ("code", ":login\r", "for a code"),
           ("filter", "/", "Only"), ("messages", "m", "back"), ("cancel", "jjjja", "Cancel"), ("date", "\x1bOR\rd", "Date:")]


def dialog(keys, word):
    screen = opened(client=Client(f"unix:{server.socket_path}") if keys.startswith(":login") else None)
    said = b""
    for key in re.findall(r"\x1b\[?O?.|.", keys, re.S):
        said += screen.type(key)
    assert word.encode() in said, said
    return screen


@rows("Ctrl-L draws it anew, Ctrl-C leaves the dialog, then the program:", DIALOGS)
def _(keys, word):
    screen = dialog(keys, word)
    said = screen.type("\x0c")
    assert b"hacktiv" in said, said
    screen.type("\x03")
    assert not screen.ended()
    screen.type("\x03")
    ends(screen)
    screen.is_restored()
    screen.close()


@case("C16: a booking changed elsewhere while one was about to cancel it: as it was and as it is, and one chooses")
def _():
    screen = dialog("jjjja", "Cancel")
    server.stop()
    server.write("UPDATE booking SET version = version + 1")
    server.start()
    os.write(screen.terminal, b"\r")
    screen.until("It is now: ")
    assert b"Not cancelled: " in screen.said
    assert b"Enter cancels" in screen.type("\r")
    os.write(screen.terminal, b"\r")
    screen.until("Cancelled: ")
    screen.type("q")
    ends(screen)
    screen.close()


# ---- stopping and going on, as a job of a shell

class Shell(Screen):
    def __init__(self, **more):
        super().__init__(me(), "/bin/sh", "-i", PS1="ready$ ", **more)
        self.until("ready$ ")
        os.write(self.terminal, b'"$HACKTIV"\r')
        self.until("La Ferme")

    def job(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as file:
            return int(file.read())

    def back_in_shell(self):
        if not self.said.endswith(b"ready$ "):
            self.until("ready$ ")
        self.is_restored()

    def leave(self):
        self.type("q")
        self.back_in_shell()
        os.write(self.terminal, b"exit\r")
        equal(self.end(), 0)
        self.close()


@rows("C31: it stops, and goes on", [("as it was", 24, 80), ("smaller", 12, 40), ("larger", 50, 150), ("in nearly nothing", 1, 1)])
def _(row_count, columns):
    shell = Shell()
    shell.type("\x1a")
    shell.back_in_shell()
    shell.resize(row_count, columns)
    shell.type("fg\r")
    said = shell.quiet()
    shell.resize(24, 80)
    said = shell.quiet() if (row_count, columns) != (24, 80) else shell.type("\x0c")
    assert b"La Ferme" in said, said
    equal(modes(shell.said)[OTHER_SCREEN], True)
    assert shell.settings() != shell.before
    shell.leave()


@case("C31: going on draws the screen once")
def _():
    shell = Shell()
    shell.type("\x1a")
    shell.back_in_shell()
    said = shell.type("fg\r")
    equal([said.count(word) for word in (b"\x1b[?1049h", b"\x1b[?2004h", CLEARS, b"[My day]")], [1, 1, 1, 1], repr(said))
    shell.leave()


@case("C31: it stops in a dialog, in which it goes on")
def _():
    shell = Shell()
    shell.type(":")
    shell.type("book")
    shell.type("\x1a")
    shell.back_in_shell()
    said = shell.type("fg\r")
    assert b"Show my bookings" in said, said
    shell.type("\x1b")
    shell.leave()


@case("C31: somebody else stops it")
def _():
    shell = Shell()
    os.kill(shell.job(), signal.SIGTSTP)
    shell.back_in_shell()
    assert b"La Ferme" in shell.type("fg\r")
    shell.leave()


@case("C31: in the background it stays stopped, and comes back from there")
def _():
    shell = Shell()
    shell.type("\x1a")
    shell.back_in_shell()
    said = shell.type("bg\r")
    assert b"\x1b[" not in said, said
    equal(shell.settings(), shell.before)
    assert b"La Ferme" in shell.type("fg\r")
    shell.leave()


@case("C31: without a shell that could wake it, Ctrl-Z does not stop it")
def _():
    screen = opened()
    assert b"La Ferme" in screen.type("\x1a")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


# ---- sizes

CLEARS = b"\x1b[H\x1b[2J"
SIZES = [(1, 1), (1, 2), (2, 1), (4, 19), (5, 20), (300, 500), (3, 200), (200, 3), (24, 80)]


def storm(screen, gusts):
    chance = random.Random(1)
    for _ in range(gusts):
        screen.resize(chance.randint(1, 300), chance.randint(1, 500))
        screen.read(0)


def bears_sizes(screen):
    for row_count, columns in SIZES:
        screen.resize(row_count, columns)
        _, _, said = screen.until(CLEARS).rpartition(CLEARS)
        for row, column in re.findall(rb"\x1b\[(\d+);(\d+)H", said):
            assert int(row) <= row_count and int(column) <= columns, (row_count, columns, said)
    for key in ("\x1b[B", "\x1b[A", "\x1b[6~", "\x0c"):
        screen.type(key)
    storm(screen, 200)
    screen.resize(24, 80)
    screen.quiet()
    equal(modes(screen.said)[SHOWS_CURSOR], True)


@rows("C27: any size", [("on the first screen", "", "La"), ("of spaces", "\x1bOR", "[Spaces]"), ("of a space", "\x1bOR\r", "½ day")]
      + [(f"in {row[0]}", *row[1:], True) for row in DIALOGS])
def _(keys, word, in_dialog=False):
    screen = dialog(keys, word) if keys else opened()
    bears_sizes(screen)
    for _ in range(2 if in_dialog else 1):       # one more would be a signal, for whatever has the terminal by then
        screen.type("\x03")
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C27: it starts in a terminal of", [(f"{columns}x{row_count}", row_count, columns) for row_count, columns in SIZES + [(0, 0)]])
def _(row_count, columns):
    screen = Screen(me(), rows=row_count, columns=columns)
    screen.until("\x1b[?1049h")
    screen.resize(24, 80)
    screen.quiet()
    assert b"La Ferme" in screen.type("\x0c")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@case("C27: a storm of sizes ends with the last one")
def _():
    screen = opened()
    storm(screen, 1000)
    screen.resize(30, 100)
    screen.quiet()
    said = screen.type("\x0c")
    assert b"\x1b[30;1H" in said or b"\x1b[30d" in said, said
    assert max(int(row) for row in re.findall(rb"\x1b\[(\d+)[;d]", said)) == 30, said
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


# ---- terminals and surroundings

LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}      # ncurses forgets a block when it does not know a name


@rows("C28: a terminal", [("that is unknown here", "my-own-terminal-9"), ("of a bad name", "../../etc/passwd")])
def _(name):
    screen = Screen(me(), TERM=name, **LEAKS)
    screen.until("La Ferme")
    screen.type("q\n")
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C28: line mode, without a single sequence, on a terminal", [("that is none", "dumb"), ("without a name", None), ("of an empty name", "")])
def _(name):
    screen = Screen(me(), TERM=name)
    said = screen.until("Your choice: ")
    assert b"\x1b" not in said, said
    screen.type("q\n")
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("C28: known terminals", [(name, name) for name in ("xterm", "linux", "vt100", "screen", "tmux-256color", "ansi")])
def _(name):
    screen = Screen(me(), TERM=name, LINES="9", COLUMNS="1000000")
    said = screen.until("La Ferme")
    assert b"unknown" not in said, said
    assert b"24" in re.findall(rb"\x1b\[(\d+)[;d]", said), said
    screen.type("q\n")
    ends(screen)
    equal(screen.settings(), screen.before)
    screen.close()


@rows("C28: letters stay readable", [("without UTF-8", {"LC_ALL": "C"}), ("in POSIX", {"LC_ALL": "POSIX", "LANG": ""}),
      ("in a locale that is not there", {"LC_ALL": "xx_XX.ISO-8859-9"})])
def _(variables):
    screen = Screen(me(), **variables)
    said = screen.until("La Ferme")
    said += screen.type("?")
    assert not re.search(rb"[\x80-\xff]", said), re.findall(rb".{20}[\x80-\xff]+.{20}", said)
    assert b"Pepiniere" in said, said
    assert b"??" not in said, said
    screen.type("\x03")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@rows("standard files", [("input is closed", (1, 2)), ("output is closed", (0, 2)), ("all are closed", ()), ("errors are closed", (0, 1))])
def _(files):
    screen = Screen(me(), files=files)
    if files == (0, 1):
        screen.until("La Ferme")
        screen.type("q")
    assert screen.end() in (0, 1)
    assert files == (0, 1) or b"\x1b" not in screen.said, screen.said
    screen.is_restored()
    screen.close()


# ---- keys

@case("a lone Esc is answered within 30 ms")
def _():
    screen = opened()
    took = []
    for _ in range(7):
        screen.type("?")
        began = time.monotonic()
        os.write(screen.terminal, b"\x1b")
        assert screen.read(2)
        took.append(time.monotonic() - began)
        screen.quiet()
    assert min(took) < 0.03, took
    screen.type("q")
    ends(screen)
    screen.close()


@case("C37: pasted text is no command, and goes where one types")
def _():
    screen = opened()
    screen.type("\x1b[200~q\x03ra\r:quit\r\x1b[201~")
    assert not screen.ended()
    screen.type("?")
    screen.type("\x1b[200~q\x1b[201~")
    assert not screen.ended()
    screen.type("\x1b")
    screen.type(":")
    assert b"desks" in screen.type("\x1b[200~desks\x1b[201~")
    screen.type("\x1b")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@case("C37: a megabyte pasted, and a paste that never ends")
def _():
    screen = opened()
    screen.type(":")
    screen.type("\x1b[200~")
    for _ in range(256):
        os.write(screen.terminal, b"x" * 4096)
        screen.read(0)
    screen.type("\x1b[201~")
    screen.type("\x1b")
    screen.type("\x1b[200~abc")
    screen.type("\x03")
    time.sleep(1.2)
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@case("C37: bytes that are no keys do nothing")
def _():
    screen = opened()
    chance = random.Random(2)
    for _ in range(50):
        junk = bytes(chance.choice(range(0x80, 0x100)) for _ in range(chance.randint(1, 40)))
        os.write(screen.terminal, chance.choice([b"\x1b[?", b"\x1b[<0;1;1", b"\x1b[12345;6789", b"\x00", b""]) + junk)
        screen.read(0)
    time.sleep(0.6)
    screen.quiet()
    assert b"La Ferme" in screen.type("\x0c")
    screen.type("q")
    ends(screen)
    screen.is_restored()
    screen.close()


@case("C37: the code of a key may come in pieces")
def _():
    screen = opened()
    for key in ("\x1bOR", "\x1b[B", "\x1b[6~", "\x1b[1;5A"):
        for letter in key:
            os.write(screen.terminal, letter.encode())
            time.sleep(0.004)
        screen.quiet()
        assert not screen.ended()
    screen.type("\x11")
    ends(screen)
    screen.is_restored()
    screen.close()


run(server.stop)
