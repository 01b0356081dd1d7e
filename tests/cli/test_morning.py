"""A whole morning of somebody on a train (persona P2 of the network's flows): what goes over the line, counted behind HTTP/2 and packed as a
site that is set up as data/nginx-hacktivd.conf says does it. The evening before, all was looked at once: that is the first sync."""
import os
import pathlib
import re
import subprocess
import tempfile
import time

from caller import Caller
from client import Client
from nginx import Nginx
from screen import Screen
from tap import Skip, case, run

CEILING = 30_000                       # bytes, requests and answers with their heads. The aim is 10,000; what is left are whole days of a space
HEARTBEATS = 4 * 60                    # of a morning, one a minute: what the test does not wait for is added
caller = Caller(listen="127.0.0.1:0")
server = caller.server
WORK = pathlib.Path(tempfile.mkdtemp(prefix="morning-"))
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "site.pem"], cwd=WORK, check=True, capture_output=True)
LOG = WORK / "bytes.log"
front = Nginx(server.address.removeprefix("http://"), certificate=(WORK / "site.pem", WORK / "key.pem"),
              more="gzip on; gzip_types application/json; gzip_min_length 256; gzip_proxied any;"
                   f"log_format bytes '$request_length $bytes_sent $status $request_method $uri'; access_log {LOG} bytes;")


def person():
    me = Client()
    me.keep_token("ici", caller.tokens["demo"])
    (me.home / "my.cfg").write_text(f'sites = ( {{ id = "ici"; url = "https://localhost:{front.port}"; ca_file = "{WORK}/site.pem"; }} );')
    return me


def opened(me):
    screen = Screen(me, os.environ["HACKTIV"], "--config", "my.cfg")
    screen.until("La Ferme")
    screen.quiet(1)
    return screen


def type_each(screen, *keys):
    for each in keys:
        screen.type(each)
        screen.quiet(0.7)


def leave(screen):
    type_each(screen, "q", "q")
    screen.end()
    screen.close()
    time.sleep(0.3)                    # nginx writes down what was under way


def counted():
    """[(bytes, "GET path")] since the last time."""
    lines = [line.split(" ", 4) for line in LOG.read_text().splitlines()]
    LOG.write_text("")
    return [(int(length) + int(sent), f"{status} {method} {path}") for length, sent, status, method, path in lines]


@case("P2: a morning costs no more than it did")
def _():
    if not os.environ.get("HACKTIV_TEST_LONG"):
        raise Skip("half a minute, with HACKTIV_TEST_LONG")
    me = person()
    screen = opened(me)
    type_each(screen, "ga", "gj")
    leave(screen)
    first = sum(size for size, _ in counted())

    screen = opened(me)                                                          # 07:52, what changed
    type_each(screen, "r", "\r", "q")                                            # the usual desk
    type_each(screen, "ge", "\x1b[B\x1b[B", "\r", "r", "\r", "q", "q")            # another space
    type_each(screen, "ga", "/", "lunch\r", "i", "\r", "q")                       # an activity
    type_each(screen, "gj", "a", "\r")                                           # what do I have; one is cancelled
    others = sorted(set(caller.tokens) - {"demo"})
    for at, (name, date) in enumerate([("ferme/Les Serres 6", "2026-07-15"), ("e420/Viroin", "2026-08-11"), ("pepi/Poste 1", "2026-08-12"),
                                       ("ferme/Les Serres 4", "2026-07-22"), ("e420/A5", "2026-07-15"), ("rimbaud/R6", "2026-07-29")]):
        caller.book(name, date, "pm", by=others[at])
        screen.quiet(0.5)
    leave(screen)
    parts = counted()
    total = sum(size for size, _ in parts) + HEARTBEATS * len(": hb\n\n")
    for size, what in parts:
        print(f"# {size:6} {re.sub('[0-9a-f-]{36}', '…', what)}")
    print(f"# first sync: {first} bytes, the morning: {total} bytes")
    assert total <= CEILING, total


run(lambda: (front.end(), server.stop()))
