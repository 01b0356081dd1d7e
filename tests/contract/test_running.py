"""hacktivd for those who run it: the inner door and what is counted, the log, systemd, starting anew, nginx before it, the network."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from caller import Caller
from server import TOP, Server, exchange, new_id
from tap import case, equal, rows, run


class Watched(Server):
    """With an inner door beside the outer one."""

    def __init__(self, **more):
        super().__init__(**more)
        self.inner = self.directory / "inner"
        self.options += ["--metrics", f"unix:{self.inner}"]


def with_metrics(**more):
    return Watched(**more).start()


def ask_inside(server, target):
    outer, server.socket_path, server.listen = (server.socket_path, server.listen), server.inner, f"unix:{server.inner}"
    try:
        return exchange(server.direct(), "GET", target)
    finally:
        server.socket_path, server.listen = outer


def figures(server):
    """{name with labels: value}; every line must be one that Prometheus takes (exposition format 0.0.4)."""
    answer = ask_inside(server, "/metrics")
    equal((answer.status, answer.header("Content-Type")), (200, "text/plain; version=0.0.4; charset=utf-8"))
    found, typed = {}, {}
    for line in answer.body.decode().splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in typed and kind in ("counter", "gauge", "histogram"), line
            typed[name] = kind
        elif not line.startswith("# HELP "):
            match = re.fullmatch(r'([a-z_]+)(\{[a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*\})? (\d+(?:\.\d+)?)', line)
            assert match, line
            family = re.sub(r"_(bucket|sum|count)$", "", match[1])
            assert match[1] in typed or typed.get(family) == "histogram", f"{line}: of no type"
            assert match[1] + (match[2] or "") not in found, f"{line}: twice"
            found[match[1] + (match[2] or "")] = float(match[3])
    return found


@case("what is counted is what was asked, and no name or id is in it")
def _():
    server = with_metrics()
    before = figures(server)
    for _ in range(3):
        equal(server.get("/v1/spaces/ferme").status, 200)
    equal(server.get("/v1/spaces/nowhere").status, 404)
    equal(server.get("/nothing").status, 404)
    after = figures(server)

    def more(name):
        return after.get(name, 0) - before.get(name, 0)
    equal(more('hacktiv_http_requests_total{route="/v1/spaces/{s}",method="GET",code="200"}'), 3)
    equal(more('hacktiv_http_requests_total{route="/v1/spaces/{s}",method="GET",code="404"}'), 1)
    equal(more('hacktiv_http_requests_total{route="",method="",code="404"}'), 1)
    equal(more('hacktiv_http_request_seconds_count{route="/v1/spaces/{s}",method="GET"}'), 4)
    equal(after['hacktiv_http_request_seconds_bucket{route="/v1/spaces/{s}",method="GET",le="+Inf"}'],
          after['hacktiv_http_request_seconds_count{route="/v1/spaces/{s}",method="GET"}'])
    equal(after["hacktiv_ready"], 1)
    assert not any("ferme" in name or "nowhere" in name for name in after), after
    server.stop()


@case("a histogram only grows from bucket to bucket")
def _():
    server = with_metrics()
    for _ in range(20):
        server.get("/v1/spaces")
    edges = [value for name, value in figures(server).items()
             if name.startswith('hacktiv_http_request_seconds_bucket{route="/v1/spaces",')]
    equal(len(edges), 11)
    equal(edges, sorted(edges))
    server.stop()


@case("each door has its own: metrics inside, spaces outside, how it is at both")
def _():
    server = with_metrics()
    for target, outside, inside in (("/metrics", 404, 200), ("/v1/spaces", 200, 404), ("/livez", 200, 200), ("/readyz", 200, 200)):
        equal((server.get(target).status, ask_inside(server, target).status), (outside, inside), target)
    server.stop()


@case("bookings, conflicts and answers given again are counted")
def _():
    caller = Caller(make=Watched)
    key = new_id()
    place = caller.free("ferme", "2026-07-24", "am")[0]
    for status in (201, 201):
        equal(caller.book(place, "2026-07-24", "am", id=key, key=key).status, status)
    equal(caller.book(place, "2026-07-24", "am", by="zoe.lambermont").status, 409)
    told = figures(caller.server)
    equal([told[f"hacktiv_{name}_total"] for name in ("bookings", "idempotent_replays", "slot_conflicts", "throttled")], [1, 1, 1, 0])
    caller.server.stop()


@case("S22 the log for programs is one object a line, whatever is sent, and holds no token")
def _():
    server = Server(options=["--log-format", "json"]).start()
    secret = "hkt_" + "s" * 43
    server.get("/v1/members/me", token=secret)
    server.get("/v1/spaces/%22%7d%5c", headers={"User-Agent": 'a"}\x1b[2J', "Request-Id": "mine-1"})
    server.get('/v1/spaces/%C2%9B31m"', headers={"Request-Id": 'x"y'})
    server.stop()
    told = [json.loads(line) for line in server.told().splitlines()]
    equal([(line["route"], line["status"]) for line in told if "route" in line][:2], [("/v1/members/me", 401), ("-", 400)])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]) for line in told)
    assert all({"time", "level", "message"} <= set(line) for line in told)
    assert secret not in server.told() and "\x1b" not in server.told() and "User-Agent" not in server.told()
    assert any(line.get("request_id") == "mine-1" for line in told)


@case("an unknown log format is refused")
def _():
    server = Server(options=["--log-format", "xml"])
    told = subprocess.run(server.command(), env=server.environment(), capture_output=True, text=True, timeout=30)
    assert told.returncode == 2 and "text or json" in told.stderr, told


@case("systemd is told when it is ready, that it lives, and when it ends")
def _():
    server = Server()
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(server.directory / "notify"))
    ear.settimeout(30)
    environment = server.environment
    server.environment = lambda: {**environment(), "NOTIFY_SOCKET": str(server.directory / "notify")}
    server.start()
    equal(ear.recv(100), b"READY=1")
    equal(ear.recv(100), b"WATCHDOG=1")
    server.process.send_signal(signal.SIGTERM)
    heard = ear.recv(100)
    while heard == b"WATCHDOG=1":
        heard = ear.recv(100)
    equal(heard, b"STOPPING=1")
    equal(server.wait(), 0)
    ear.close()


@rows("on SIGHUP it starts anew and turns nobody away", [("on a Unix socket", "unix"), ("on TCP", "127.0.0.1:0")])
def _(listen):
    server = with_metrics(listen=listen)
    process, statuses, end = server.process.pid, [], threading.Event()

    def keep_asking():
        while not end.is_set():
            statuses.append(server.request("GET", "/v1/spaces", connection=None).status)
            server.hang_up()
    thread = threading.Thread(target=keep_asking)
    thread.start()
    for _ in range(3):
        time.sleep(0.2)
        server.process.send_signal(signal.SIGHUP)
        assert server._first_line().startswith("listening on "), server.told()
    time.sleep(0.2)
    end.set()
    thread.join()
    equal(set(statuses), {200})
    assert len(statuses) > 10, statuses
    equal((server.process.poll(), server.process.pid), (None, process))
    equal(figures(server)["hacktiv_ready"], 1)
    server.stop()
    assert not server.socket_path.exists() and not server.inner.exists(), "a socket stays"


@case("an address of the network is taken when a proxy is said to stand before it")
def _():
    server = Server(listen="0.0.0.0:0", options=["--behind-proxy"])
    server.launch()
    assert server._first_line().startswith("listening on http://0.0.0.0:")
    server.process.send_signal(signal.SIGTERM)
    equal(server.wait(), 0)


def tool(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


@case("D11 systemd finds the unit tight enough")
def _():
    told = subprocess.run([tool("systemd-analyze"), "security", "--offline=true", "--threshold=20", "--no-pager",
                           str(TOP / "data" / "hacktivd.service")], capture_output=True, text=True, timeout=60)
    equal(told.returncode, 0, told.stdout[-500:] + told.stderr)
    assert re.search(r"Overall exposure level for hacktivd\.service: [01]\.\d", told.stdout), told.stdout[-300:]


@case("S23 S15 the unit starts it again when it had no memory or no database, however often, and ends one that hangs")
def _():
    unit = dict(re.findall(r"^(\w+)=(.*)$", (TOP / "data" / "hacktivd.service").read_text(), re.M))
    equal((unit["Restart"], unit["StartLimitIntervalSec"], unit["RestartSec"], unit["WatchdogSec"]), ("on-failure", "0", "1", "30"))
    told = subprocess.run([os.environ["HACKTIVD"], "serve", "--database", "postgresql://nobody@localhost:1/x", "--listen", "127.0.0.1:0"],
                          capture_output=True, timeout=60)
    assert told.returncode not in (0, 2) and told.stdout == b"", told


@case("what the unit starts is a command that hacktivd knows")
def _():
    unit = (TOP / "data" / "hacktivd.service").read_text()
    command = re.search(r"^ExecStart=/usr/bin/hacktivd (.*)$", unit, re.M)[1].split()
    server = Server(sample=False)
    command = [word.replace("/var/lib/hacktivd", str(server.directory)).replace(":8417", ":0").replace(":9417", ":0")
               for word in command]
    server.command = lambda: [os.environ["HACKTIVD"], *command]
    server.start()
    server.stop()


run()
