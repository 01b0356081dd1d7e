"""The programs that are measured, each in a home of its own: how to start one, when its screen is full, its keys."""
import os
import shutil
import socket
import subprocess
import time

from client import Client
from screen import Screen
from server import peopled

SITES = 8                 # of a network none of which answers
ARTICLES = 1000


class Program:
    """`words`: when all of them were written, the first screen is full. `down`, `up`, `redraw`: keys."""
    down, up, redraw = "j", "k", "\x0c"
    variables = {}

    def start(self, *before, **more):
        """`before`: a program that runs it, such as strace."""
        return Screen(self.client, *before, *self.command, **self.variables, **more)

    def full(self, *before, **more):
        """Started, and its screen full."""
        screen = self.start(*before, **more)
        wait_full(screen, self.words)
        screen.quiet(0.3)
        return screen

    def leave(self, screen):
        screen.close()


def wait_full(screen, words, limit=20):
    """(seconds to the first byte, to the full screen) from now on."""
    began, first = time.perf_counter(), None
    while not all(word in screen.said for word in words):
        came = screen.read(limit)
        now = time.perf_counter() - began
        assert came and now < limit, f"no full screen, but {screen.said[-2000:]!r}"
        first = first or now
    return first, time.perf_counter() - began


class Floor(Program):
    name = "floor"
    words = [b"row-0000", b"row-0023"]

    def __init__(self):
        self.client = Client()
        self.command = (os.environ["FLOOR"],)


class Newsboat(Program):
    """A reader of news feeds: about as much on its first screen, from a database too."""
    name = "newsboat"
    words = [b"Feed-01", b"Feed-21"]

    def __init__(self):
        self.client = Client()
        home = self.client.home / ".newsboat"
        home.mkdir()
        (home / "config").write_text("bind-key j down\nbind-key k up\nrefresh-on-startup no\nconfirm-exit no\n")
        feeds = 40
        for feed in range(1, feeds + 1):
            items = "".join(f"<item><title>Article {number}</title><guid>{feed}/{number}</guid><description>words</description></item>"
                            for number in range(ARTICLES // feeds))
            (home / f"{feed}.xml").write_text(f'<rss version="2.0"><channel><title>Feed-{feed:02}</title>{items}</channel></rss>')
        (home / "urls").write_text("".join(f"file://{home}/{feed}.xml\n" for feed in range(1, feeds + 1)))
        self.command = (shutil.which("newsboat"),)
        subprocess.run(["newsboat", "-q", "-x", "reload"], env=self.client.environment, check=True, stdout=subprocess.DEVNULL)


class Hacktiv(Program):
    """On the sample network: my day, with all spaces and my bookings."""
    name = "hacktiv"
    words = [b"La Ferme", b"Viroin", b"help"]

    def __init__(self):
        self.command = (os.environ["HACKTIV"],)
        self.server, tokens = peopled()
        self.prepare()
        self.client = Client()
        self.token = tokens["demo"]
        for site in range(SITES):
            token = self.client.state / "tokens" / f"site{site}"
            token.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            token.write_text(tokens["demo"] + "\n")
            token.chmod(0o600)
        self.answering()
        screen = self.full()
        self.fill_cache(screen)
        screen.type("\x11")
        screen.end()
        screen.close()

    def prepare(self):
        """What the server is to hold."""

    def fill_cache(self, screen):
        time.sleep(1)

    def configure(self, addresses):
        sites = ",\n".join(f'{{ id = "site{number}"; url = "{address}"; }}' for number, address in enumerate(addresses))
        path = self.client.home / ".config" / "hacktiv" / "config.cfg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"sites = (\n{sites}\n);\n")

    def answering(self):
        self.configure([f"unix:{self.server.socket_path}"])

    def off(self):
        """Nobody listens where the server was."""
        self.configure([f"unix:{self.client.home}/nobody"])

    def silent(self):
        """Every site takes the connection and never answers. Gives the sockets."""
        wires = [socket.create_server(("127.0.0.1", 0)) for _ in range(SITES)]
        self.configure([f"http://127.0.0.1:{wire.getsockname()[1]}" for wire in wires])
        return wires
