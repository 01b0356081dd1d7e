"""A whole morning of somebody on a train (persona P2 of the network's flows): what goes over the line, counted behind HTTP/2 and packed as
data/nginx-hacktivd.conf does it. The evening before, all was looked at once: that is the first sync."""
import atexit
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import zlib

from caller import Caller
from client import Client
from nginx import Nginx
from screen import Screen
from tap import case, equal, run

CEILING = 10_000                       # bytes of requests and answers, heads and frames with them
HEARTBEATS = 4 * 3600 // 600           # of a morning: what the test does not wait for is added
FRAME = 9                              # bytes around each piece of a stream (RFC 9113, 4.1)
MORNINGS = 3                           # a machine that has a lot to do reads twice what one reading would do for: one of them must do with that
WORK = pathlib.Path(tempfile.mkdtemp(prefix="morning-"))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "site.pem"], cwd=WORK, check=True, capture_output=True)
LOG = WORK / "bytes.log"


def person(caller, front):
    me = Client()
    me.keep_token("ici", caller.tokens["demo"])
    (me.home / "my.cfg").write_text(f'sites = ( {{ id = "ici"; url = "https://localhost:{front.port}"; ca_file = "{WORK}/site.pem"; }} );')
    return me


def opened(me):
    screen = Screen(me, os.environ["HACKTIV"], "--config", "my.cfg")
    screen.until("La Ferme")
    screen.quiet(0.5)
    return screen


def press(screen, keys, shows=""):
    """Until it shows that, and is silent."""
    os.write(screen.terminal, keys.encode())
    if shows:
        screen.until(shows)
    screen.quiet(0.12)


def leave(screen):
    screen.type("q")
    screen.type("q")
    screen.end()
    screen.close()
    time.sleep(0.3)                    # nginx writes down what was under way


def counted():
    """[(bytes, "GET path")] since the last time."""
    lines = [line.split(" ", 4) for line in LOG.read_text().splitlines()]
    LOG.write_text("")
    return [(int(length) + int(sent), f"{status} {method} {path}") for length, sent, status, method, path in lines]


def heartbeat():
    """Bytes of the hundredth, packed as nginx packs a stream."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 12 + 16, 5)
    sizes = [len(packer.compress(b": hb\n\n") + packer.flush(zlib.Z_SYNC_FLUSH)) for _ in range(100)]
    return sizes[-1] + FRAME


def evening(me):
    screen = opened(me)
    for keys, shows in (("ga", "AGENDA"), ("ge", "SPACES"), ("\r", "Les Serres 8"), ("q", "SPACES"), ("\x1b[B", ""), ("\x1b[B", ""),
                        ("\r", "Poste 4"), ("q", "SPACES"), ("gj", "MY BOOKINGS")):
        press(screen, keys, shows)
    leave(screen)


def mine(caller, space, date):
    items = caller.get("/v1/members/me/bookings?from=2026-07-15&limit=200", by="demo").json()["items"]
    return [item["resource_name"] for item in items if (item["space_name"], item["date"]) == (space, date)]


def morning(caller, front):
    """[(bytes, what)] of a whole one, after its evening."""
    me = person(caller, front)
    usual = next(item for item in caller.get("/v1/members/me/bookings", by="demo").json()["items"] if item["date"] == "2026-07-16")
    equal(caller.cancel(usual).status, 204)                    # it is to be booked anew
    evening(me)
    counted()

    screen = opened(me)                                                          # 07:52, what changed
    for keys, shows in (
        ("r", "Enter book"), ("\r", "Booked"),                                                 # the usual desk, tomorrow
        ("ge", ""), ("\x1b[B", ""), ("\x1b[B", ""), ("\r", "Poste 4"), (":", ""), ("17/7\r", "Friday"),      # another space, another day
        ("r", "Enter book"), ("\r", "Booked"), ("q", ""), ("q", ""),
        ("ga", "AGENDA"), ("/", ""), ("lunch\r", "Format"), ("i", "Enter sign up"), ("\r", "Signed up"),
        ("q", ""), ("gj", "MY SIGN-UPS")):                                                     # what do I have
        press(screen, keys, shows)
    equal(mine(caller, "La Ferme", "2026-07-16"), ["Les Serres 3"])
    equal(mine(caller, "Pépinière Val de Vence", "2026-07-17"), ["Poste 1"])
    for keys, shows in (("\x1b[B", ""),) * 4 + (("a", "Enter cancel"), ("\r", "Cancelled")):   # one is given back
        press(screen, keys, shows)
    equal(mine(caller, "La Ferme", "2026-07-16"), [], "cancelled")
    others = sorted(set(caller.tokens) - {"demo"})
    for at, (name, date) in enumerate([("ferme/Les Serres 2", "2026-07-15"), ("e420/Viroin", "2026-08-11"), ("pepi/Poste 1", "2026-08-12"),
                                       ("ferme/Les Serres 4", "2026-07-22"), ("e420/A5", "2026-07-15"), ("rimbaud/R6", "2026-08-13")]):
        equal(caller.book(name, date, "pm", by=others[at]).status, 201, name)
        screen.quiet(0.5)
    leave(screen)
    return [*counted(), (HEARTBEATS * heartbeat(), "heartbeats")]


@case("P2: a morning costs no more than it did")
def _():
    costs = []
    while len(costs) < MORNINGS and (not costs or costs[-1] > CEILING):
        caller = Caller(listen="127.0.0.1:0")
        front = Nginx(caller.server.address.removeprefix("http://"), certificate=(WORK / "site.pem", WORK / "key.pem"),
                      more=f"log_format bytes '$request_length $bytes_sent $status $request_method $request_uri'; access_log {LOG} bytes;")
        parts = morning(caller, front)
        front.end()
        caller.server.stop()
        for size, what in parts:
            print(f"# {size:6} {re.sub('[0-9a-f-]{36}', '…', what)}")
        costs.append(sum(size for size, _ in parts))
        print(f"# {costs[-1]:6} the morning")
    assert costs[-1] <= CEILING, costs


run()
