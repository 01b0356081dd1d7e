"""C38 A terminal that many share: locks by itself after a while without a key, keeps the log-in in memory alone and gives it back to
the site, whoever or whatever ends the turn; and where it cannot be had it says so."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from client import Client, GoBetween
from porter import worker
from screen import Screen
from server import PASSWORD, Server
from tap import case, equal, rows, run

IDLE_S = 60                      # the default; all but the last moment of it is put behind by a clock that runs ahead
LAST_S = 1                       # which it wakes from by itself
WIPE = b"\x1b[H\x1b[2J\x1b[3J"
NAME = "Camille"
QUIET_LOOK_S = 0.5               # a lock screen is watched for so long

UNIT = pathlib.Path(__file__).resolve().parents[2] / "data" / "hacktiv-kiosk.service"
STARTS = re.search(r"^ExecStart=/usr/bin/hacktiv (.*)$", UNIT.read_text(), re.M)[1]
# What is freed is overwritten: by glibc as the unit has it, or by a sanitizer's allocator.
OVERWRITES = {"GLIBC_TUNABLES": re.search(r"^Environment=GLIBC_TUNABLES=(.*)$", UNIT.read_text(), re.M)[1],
              "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") +
                              ":detect_leaks=0:verify_asan_link_order=0:max_free_fill_size=1073741824:free_fill_byte=165"}
MAPPED_MAX = 1 << 27             # a sanitizer maps more of what it hardly uses

server = Server(options=["--sample-password", "password"])
(server.directory / "password").write_text(PASSWORD)
(server.directory / "password").chmod(0o600)
server.start()


class Kiosk:
    """A screen before a go-between that sees what the site gave to whom."""

    def __init__(self):
        self.between = GoBetween(server)
        self.between.rewrite = self.note
        self.tokens = []
        self.client = Client()
        self.configuration = self.client.home / "kiosk.cfg"
        self.configuration.write_text(f'sites = ( {{ id = "essai"; label = "Essai"; url = "{self.between.url}"; }} );\n')
        self.ahead = self.client.home / "ahead"
        words = STARTS.replace("/etc/hacktiv/kiosk.cfg", str(self.configuration)).split()
        self.screen = Screen(self.client, os.environ["HACKTIV"], *words, LD_PRELOAD=os.environ["AHEAD_MODULE"],
                             CLOCK_AHEAD=str(self.ahead), **OVERWRITES)
        self.screen.until("Press any key to begin")

    def note(self, method, target, answer):
        if (method, target) == ("POST", "/v1/sessions"):
            self.tokens.append(json.loads(answer.body)["token"])

    def enter(self):
        """A turn, logged in; the token that it has."""
        os.write(self.screen.terminal, b"x")
        self.screen.until("Rimbaud")
        os.write(self.screen.terminal, b":login demo\r")
        self.screen.until("Password")
        os.write(self.screen.terminal, PASSWORD.encode() + b"\r")
        self.screen.until("Logged in.")
        return self.tokens[-1]

    def wait_out(self, seconds):
        self.ahead.with_suffix(".new").write_text(str(seconds))
        self.ahead.with_suffix(".new").rename(self.ahead)
        self.screen.signal(signal.SIGWINCH)

    def files_with(self, text):
        return [path for path in pathlib.Path(self.client.home).rglob("*") if path.is_file() and text.encode() in path.read_bytes()]

    def remembers(self, text):
        """Whether it stands anywhere in its memory."""
        pid = worker(self.screen.pid)
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                begin, end = (int(span[1], 16), int(span[2], 16)) if span else (0, 0)
                if not 0 < end - begin < MAPPED_MAX:
                    continue
                memory.seek(begin)
                if text.encode() in memory.read(end - begin):
                    return True
        return False

    def is_forgotten(self, token):
        equal(self.files_with(token), [])
        equal(self.files_with(NAME), [])
        deadline = time.monotonic() + 30
        while server.get("/v1/members/me", token=token).status != 401:
            assert time.monotonic() < deadline, "the site still takes the token"
            time.sleep(0.02)


def wakes(pid):
    """How often it was woken, or rather went back to sleep: all threads."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", (task / "status").read_text(), re.M)[1]) for task in tasks)


def woken(screen):
    """How often within a while, in which it writes nothing."""
    pid = worker(screen.pid)
    before = wakes(pid)
    equal(screen.read(QUIET_LOOK_S), b"")
    return wakes(pid) - before


@case("C38 after a while without a key it blanks, locks and is logged out; then it sleeps")
def _():
    kiosk = Kiosk()
    token = kiosk.enter()
    equal(server.get("/v1/members/me", token=token).status, 200)
    equal(kiosk.files_with(token), [])
    assert kiosk.remembers(NAME), "that is no way to look"
    kiosk.wait_out(IDLE_S - LAST_S)
    said = kiosk.screen.until("Press any key to begin")
    assert WIPE in said, said
    assert NAME.encode() not in said[said.index(WIPE):], said
    kiosk.is_forgotten(token)
    kiosk.screen.quiet(0.25)
    equal((kiosk.remembers(PASSWORD), kiosk.remembers(NAME + " Noiret")), (False, False))
    deadline = time.monotonic() + 30
    while woken(kiosk.screen) > 1:       # what is still to be heard of the log-out comes late on a busy machine
        assert time.monotonic() < deadline, "it does not sleep"
    kiosk.screen.signal(signal.SIGTERM)
    equal(kiosk.screen.end(), 0)
    kiosk.screen.close()


@case("C38 it wakes for that by itself, when nothing else does")
def _():
    kiosk = Kiosk()
    os.write(kiosk.screen.terminal, b"x")
    kiosk.screen.until("Rimbaud")
    kiosk.screen.quiet(0.25)
    kiosk.wait_out(IDLE_S - LAST_S)
    kiosk.screen.until("Press any key to begin", limit=20)   # less than the minute after which it would look at the clock
    kiosk.screen.close()


@rows("C38 C29 the end of the program is the end of a turn", [("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP)])
def _(number):
    kiosk = Kiosk()
    token = kiosk.enter()
    kiosk.screen.signal(number)
    equal(kiosk.screen.end(), 0)
    kiosk.is_forgotten(token)
    assert kiosk.screen.said.endswith(WIPE) and NAME.encode() not in kiosk.screen.said[kiosk.screen.said.index(WIPE):], kiosk.screen.said[-300:]
    kiosk.screen.is_restored()
    kiosk.screen.close()


@case("C29 C38 a site that does not answer keeps nobody: the end comes at once, and the log-out is told afterwards")
def _():
    kiosk = Kiosk()
    token = kiosk.enter()
    server.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        kiosk.screen.signal(signal.SIGTERM)
        equal(kiosk.screen.end(), 0)
        took = time.monotonic() - began
    finally:
        server.process.send_signal(signal.SIGCONT)
    print(f"# ended in {took * 1000:.0f} ms")
    assert took < 1.5, took                 # the site is given 3 s
    kiosk.is_forgotten(token)
    kiosk.screen.close()


@case("C38 C39 and so is the end of the line")
def _():
    kiosk = Kiosk()
    token = kiosk.enter()
    kiosk.screen.hang_up()
    equal(kiosk.screen.end(), 0)
    kiosk.is_forgotten(token)
    kiosk.screen.close()


@case("C38 a token of the account, and a login and a password that its configuration tells, are not its own")
def _():
    home = Client()
    home.keep_token("essai", "of-the-account")
    kept = (home.state / "tokens" / "essai").read_bytes()
    home.configure(f'sites = ( {{ id = "essai"; label = "Essai"; url = "unix:{server.socket_path}"; login = "demo"; '
                   f'password_command = "touch {home.home}/asked; echo {PASSWORD}"; }} );\n')
    screen = Screen(home, os.environ["HACKTIV"], "--kiosk")
    screen.until("Press any key to begin")
    os.write(screen.terminal, b"x")
    screen.until("not logged in")
    os.write(screen.terminal, b":login\r")
    screen.until("type this code")
    os.write(screen.terminal, b"p")
    assert b"demo" not in screen.until("Password"), "a login is proposed"
    screen.signal(signal.SIGTERM)
    equal(screen.end(), 0)
    screen.close()
    equal(((home.state / "tokens" / "essai").read_bytes(), (home.home / "asked").exists()), (kept, False))


@case("D11 what puts it on a console says nothing that systemd does not understand, and is tight enough")
def _():
    tool = shutil.which("systemd-analyze", path=os.environ["PATH"] + ":/usr/bin:/bin")
    unit = Client().home / UNIT.name
    unit.write_text(UNIT.read_text().replace("/usr/bin/hacktiv ", os.environ["HACKTIV"] + " "))
    told = subprocess.run([tool, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60)
    equal((told.returncode, told.stdout, told.stderr), (0, "", ""))
    told = subprocess.run([tool, "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)], capture_output=True, text=True, timeout=60)
    equal(told.returncode, 0, told.stdout[-300:] + told.stderr)
    said = dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(), re.M))
    equal([said[name] for name in ("StandardInput", "TTYPath", "TTYReset", "TTYVHangup", "TTYVTDisallocate", "Restart")],
          ["tty", "/dev/tty1", "yes", "yes", "yes", "always"])


def refused(*words, **variables):
    me = Client(f"unix:{server.socket_path}", **variables)
    told = subprocess.run([os.environ["HACKTIV"], *words], env=me.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return told.returncode, told.stdout, told.stderr


@rows("where it cannot be it says so", [
    ("a command", ["--kiosk", "bookings"], {}, "no command goes with it"), ("the demo", ["demo", "--kiosk"], {}, "no command goes with it"),
    ("JSON", ["--kiosk", "--json"], {}, "neither --json nor --lines"), ("lines", ["--lines", "--kiosk"], {}, "neither --json nor --lines"),
    ("no terminal", ["--kiosk"], {}, "needs a terminal"), ("a reader's lines", ["--kiosk"], {"ACCESSIBLE": "1"}, "ACCESSIBLE"),
    ("one person's token", ["--kiosk"], {"HACKTIV_TOKEN_FILE": "/dev/null"}, "HACKTIV_TOKEN_FILE"),
    ("a value", ["--kiosk=yes"], {}, "takes no value")])
def _(words, variables, sentence):
    status, out, told = refused(*words, **variables)
    equal(status, 2, told)
    if "--json" in words:                   # in its shape, then
        out, told = told, json.loads(out)["problem"]["text"]
    equal(out, "")
    assert sentence in told, told


@case("nor on a terminal that cannot show it")
def _():
    screen = Screen(Client(f"unix:{server.socket_path}"), os.environ["HACKTIV"], "--kiosk", TERM="dumb")
    equal(screen.end(), 2)
    assert b"shows a whole screen" in screen.said, screen.said
    screen.close()


run(server.stop)
