"""What the line is spared: one connection where HTTP/2 is offered, packed answers, and no list twice that has not changed."""
import collections
import pathlib
import subprocess
import tempfile

from client import Client
from nginx import Nginx
from server import peopled
from tap import case, equal, run

server, tokens = peopled(listen="127.0.0.1:0")
WORK = pathlib.Path(tempfile.mkdtemp(prefix="polite-"))
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "site.pem"], cwd=WORK, check=True, capture_output=True)
front = Nginx(server.address.removeprefix("http://"), certificate=(WORK / "site.pem", WORK / "key.pem"),
              more="gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;")
NO_LISTS = {"/v1/members/me", "/v1/meta", "/v1/events", "/v1/changes"}
Line = collections.namedtuple("Line", "connection protocol status method path packed")


def person():
    """Behind TLS, whose own certificate is its authority."""
    me = Client()
    me.keep_token("ici", tokens["demo"])
    (me.home / "my.cfg").write_text(f'sites = ( {{ id = "ici"; url = "https://localhost:{front.port}"; ca_file = "{WORK}/site.pem"; }} );')
    return me


def asked(me, *words, given=None):
    """What nginx noted of one run."""
    before = front.log.stat().st_size
    said = me.run(*words, "--config", "my.cfg", given=given)
    equal(said.status, 0, said)
    with open(front.log) as log:
        log.seek(before)
        return [Line(*line.replace("/day ", "/availability ").split()) for line in log]   # one without what is known of the space


@case("HTTP/2 where it is offered: everything over one connection")
def _():
    lines = asked(person(), "desks", "ferme")
    assert len(lines) > 4, lines
    equal({line.protocol for line in lines}, {"HTTP/2.0"})
    equal(len({line.connection for line in lines}), 1, lines)


@case("answers come packed")
def _():
    lines = [line for line in asked(person(), "spaces") if line.status == "200"]
    assert lines and all(line.packed != "-" and float(line.packed) > 1 for line in lines), lines


@case("a list that has not changed is not sent again, in this run or the next")
def _():
    me = person()
    first = asked(me, "--lines", given="spaces\nbookings\nagenda\nsignups\ndesks ferme\nsync\ndesks ferme\nquit\n")
    times = collections.Counter((line.path, line.status) for line in first)
    lists = {line.path for line in first} - NO_LISTS
    assert len(lists) >= 5, lists
    for path in lists:
        equal(times[path, "200"], 1, (path, first))
        assert times[path, "304"] >= 1, (path, first)
    again = asked(me, "--lines", given="spaces\nbookings\nagenda\nsignups\nquit\n")
    equal({(line.path, line.status) for line in again if line.path in lists and "availability" not in line.path and line.status != "304"}, set(), again)


run(lambda: (front.end(), server.stop()))
