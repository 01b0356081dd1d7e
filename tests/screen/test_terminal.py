"""The terminal comes back as it was, however hacktiv ends; and it never runs on without one."""
import signal
import time

from client import Client
from screen import Screen
from server import peopled
from tap import case, equal, rows, run

server, tokens = peopled()
GONE_LIMIT = 5           # seconds, for a sanitized build on a busy machine; bench/run holds the release build to one


def me():
    return Client(f"unix:{server.socket_path}", tokens["demo"])


def opened(*words, **more):
    screen = Screen(me(), *words, **more)
    screen.until("La Ferme")
    return screen


def ends(screen, status=0):
    """In order, at once and without burning the processor meanwhile."""
    before = screen.cpu()
    equal(screen.end(GONE_LIMIT), status)
    used = screen.cpu() - before
    assert used < 2, f"{used:.1f} s of processor to end"


@rows("the terminal is closed", [("and says so", ()), ("under nohup", (signal.SIGHUP,))])
def _(ignored):
    screen = opened(ignored=ignored)
    screen.hang_up()
    ends(screen)
    screen.close()


run(server.stop)
