"""The whole story of a first day under valgrind: nothing is read that was not written, nothing is written where nothing is, and what is
taken is given back. Wants programs without sanitizers: scripts/check-memory."""
import os
import re
import subprocess

from client import Client
from screen import Screen
from server import PASSWORD, Server
from tap import case, equal, run

SLOW = 40       # seconds: valgrind takes its time
PAUSE = 1.2     # without a byte: all that a key brought is there

server = Server(options=["--sample-password", "password"])
(server.directory / "password").write_text(PASSWORD)
(server.directory / "password").chmod(0o600)
server.start()
me = Client(f"unix:{server.socket_path}")
log = me.home / "valgrind.log"
CHECK = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
         "--track-origins=yes", "--track-fds=no", "--num-callers=25", f"--log-file={log}", os.environ["HACKTIV"])


def whole_path(name):
    return next(f"{place}/{name}" for place in os.environ["PATH"].split(":") if os.access(f"{place}/{name}", os.X_OK))


def watched(start):
    """What `start` gives, and a file that ends when all that it began has: who waits at the door goes before valgrind has counted."""
    ended, held = os.pipe()
    os.set_inheritable(held, True)
    try:
        return start(held), ended
    finally:
        os.close(held)


def verdict(status, ended):
    equal(os.read(ended, 1), b"")
    os.close(ended)
    said = log.read_text() if log.exists() else "valgrind wrote nothing"
    assert status != 99 and not re.search(r"Invalid|uninitialised|definitely lost", said), said
    equal(status, 0, said)


def screen_of(*words):
    return watched(lambda _: Screen(me, whole_path(CHECK[0]), *CHECK[1:], *words, HACKTIV_STORY="1"))


def answers(screen, keys, word=""):
    """Only what changes is written: the word is one that was not there before."""
    os.write(screen.terminal, keys.encode())
    said = screen.quiet(PAUSE, SLOW)
    return said if word.encode() in said else screen.until(word, SLOW)


@case("a first log-in, every pane, a booking, its end, a tunnel, a wish taken back, another that is sent, and the way out")
def _():
    screen, ended = screen_of()
    screen.until("La Ferme", SLOW)
    answers(screen, ":login demo\r", "Password")
    answers(screen, PASSWORD + "\r", "MY SIGN-UPS")
    answers(screen, "\x1bOR", "[Spaces]")
    answers(screen, "\x1bOS", "AGENDA")
    answers(screen, "\r")
    answers(screen, "q")
    answers(screen, "\x1b[15~")
    answers(screen, "/zo", "Zo")
    answers(screen, "\x1b")
    answers(screen, "?", "EVERYWHERE")
    answers(screen, "q")
    answers(screen, "\x1bOQ", "MY BOOKINGS")
    answers(screen, ":book e420 9/9 morning\r", "08:30")
    answers(screen, "\r", "Booked")
    answers(screen, ":cancel 9/9\r", "Enter cancels")
    answers(screen, "\r", "Cancelled")
    answers(screen, ":desks e420 10/9\r", "A4")
    server.stop()
    answers(screen, "r", "Enter books all the same")
    answers(screen, "\r", "Waiting to be sent")
    answers(screen, "q")
    answers(screen, ":drop 1\r", "Taken back")
    answers(screen, "r", "Enter books all the same")
    answers(screen, "\r", "Waiting to be sent")
    answers(screen, "q")
    server.start()
    answers(screen, "u", "Booked")
    screen.resize(50, 150)
    answers(screen, "\x1bOQ", "MY BOOKINGS")
    os.write(screen.terminal, b"\x11")
    verdict(screen.end(SLOW), ended)
    screen.is_restored()
    screen.close()


@case("the next morning without a network, from what is on the disk")
def _():
    server.stop()
    screen, ended = screen_of()
    screen.until("unreachable", SLOW)
    answers(screen, ":desks e420 10/9\r", "A4")
    answers(screen, "m", "MESSAGES")
    os.write(screen.terminal, b"\x03\x03")
    verdict(screen.end(SLOW), ended)
    screen.close()


@case("from the shell, and line by line")
def _():
    server.start()
    for words, given in ((("bookings", "--json"), ""), (("agenda",), ""), (("wishes",), ""), (("--lines",), "spaces\nbookings\nq\n")):
        done, ended = watched(lambda held: subprocess.run([*CHECK, *words], env=me.environment, cwd=me.home, input=given.encode(),
                                                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SLOW, pass_fds=[held]))
        verdict(done.returncode, ended)


run(server.stop)
