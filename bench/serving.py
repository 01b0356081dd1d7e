"""serving — reading beside nginx, booking beside the disk, a million bookings behind, a thousand listeners before: one table. Run by bench/server."""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import bookings
from server import Server

ROUNDS, CONNECTIONS = 5, 64
NGINX = """worker_processes 1; daemon off; pid {0}/pid; error_log {0}/errors; user {2};
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; open_file_cache max=100; types {{ application/json json; }}
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  server {{ listen 127.0.0.1:{1}; root {0}; }}
}}
"""
kept_all = True


def line(what, figure, peer, ratio, budget, kept):
    global kept_all
    kept_all = kept_all and kept is not False
    print(f"{what:46} {figure:>14} {peer:>20} {ratio:>7} {budget:>16}  {'' if kept is None else 'kept' if kept else 'NOT KEPT'}", flush=True)


def serve(spaces, desks, now=None):
    server = Server(now=now, listen="127.0.0.1:0", sample=False, options=["--quiet"])
    file = server.directory / "network.json"
    file.write_text(json.dumps(bookings.network(spaces, desks)))
    subprocess.run([os.environ["HACKTIVD"], "import", "--database", server.database_address, file], env=server.environment(), check=True,
                   stdout=subprocess.DEVNULL)
    return server


# ---- reading

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}[unit]


def load(url):
    """Answers a second, p99 in milliseconds."""
    told = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", "-d1", "--latency", url], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "Non-2xx" not in told and "Socket errors" not in told, told
    return float(re.search(r"Requests/sec: +([\d.]+)", told)[1]), milliseconds(re.search(r"99% +(\S+)", told)[1])


def side_by_side(ours, theirs):
    pairs = [(load(ours), load(theirs)) for _ in range(ROUNDS)]
    middle = statistics.median
    return {"rate": middle(a[0] for a, _ in pairs), "p99": middle(a[1] for a, _ in pairs), "peer": middle(b[0] for _, b in pairs),
            "peer_p99": middle(b[1] for _, b in pairs), "ratio": middle(a[0] / b[0] for a, b in pairs)}


def reading():
    directory = pathlib.Path(tempfile.mkdtemp())
    directory.chmod(0o755)
    port = free_port()
    owner = "root" if os.getuid() == 0 else "nobody"
    (directory / "nginx.conf").write_text(NGINX.format(directory, port, owner))
    nginx = subprocess.Popen(["nginx", "-c", directory / "nginx.conf", "-p", directory], stderr=subprocess.DEVNULL)
    try:
        for desks, name, target in ((20, "GET of the spaces", "/v1/spaces"), (20, "GET of 20 resources", "/v1/spaces/s0/resources"),
                                    (500, "GET of a day of 500 resources", "/v1/spaces/s0/availability")):
            server = serve(1 if desks > 20 else 4, desks).start()
            body = server.get(target).body
            file = f"{len(body)}.json"                # a name of its own: nginx keeps files open
            (directory / file).write_bytes(body)
            theirs = f"http://127.0.0.1:{port}/{file}"
            got = side_by_side(f"http://{server.address.removeprefix('http://')}{target}", theirs)
            what = f"{name} ({len(body)} bytes)"
            line(what, f"{got['rate']:.0f}/s", f"nginx {got['peer']:.0f}/s", f"{got['ratio']:.2f}", ">= 0.8", got["ratio"] >= 0.8)
            if desks > 20:
                line("  p99 at 64 connections", f"{got['p99']:.1f} ms", f"nginx {got['peer_p99']:.1f} ms", f"{got['p99'] / got['peer_p99']:.2f}",
                     "<= 5 ms", got["p99"] <= 5)
            server.stop()
    finally:
        nginx.terminate()
        nginx.wait()
        shutil.rmtree(directory)


# ---- booking

def booking():
    have = ["sqlite"] + ["postgres"] * bool(list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")))
    for database, least in zip(have, (0.75, 0.5)):
        runs = [bookings.measure(database, argparse.Namespace(clients=64, count=12000, spaces=1, desks=200)) for _ in range(3)]
        got = sorted(runs, key=lambda run: run["rate"] / run["disk"])[1]
        ratio = got["rate"] / got["disk"]
        line(f"durable bookings, 64 clients, {database}", f"{got['rate']:.0f}/s", f"fdatasync {got['disk']:.0f}/s", f"{ratio:.2f}",
             f">= {least}", ratio >= least)
        line("  p99", f"{got['p99_ms']:.1f} ms", "", "", "<= 30 ms", got["p99_ms"] <= 30)
        if got["rows"]:
            line("  the same rows by PostgreSQL alone", f"{got['rows']:.0f}/s", "", f"{got['rate'] / got['rows']:.2f}", "", None)
    os.environ["HACKTIV_TEST_DATABASE"] = "sqlite"


# ---- ten years

YEARS, PAST = 10, 1_000_000
NOW = "2026-07-15T07:30:00+02:00"
FILL = """
INSERT INTO booking (space_id, id, resource_id, member_id, date, part, from_minute, until_minute, start_at, end_at, state, cancel_until,
                     net_cents, vat_permille, gross_cents, created_at)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
SELECT r.space_id, printf('00000000-0000-7000-8000-%012d', i), r.id, (SELECT min(id) FROM member), date(t, 'unixepoch'), 'hours', 600, 660,
       t, t + 3600, 'confirmed', t, 800, 210, 968, t
  FROM (SELECT i, 1468569600 + (i / ?2) * 31500 AS t, i % ?2 AS place FROM n) JOIN places p ON p.number = place
  JOIN resource r ON r.id = p.id"""
HOLD = """
INSERT INTO slot (space_id, resource_id, unit, granule, booking_id)
SELECT b.space_id, b.resource_id, 1, b.start_at / 900 + q.n, b.id
  FROM (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) q CROSS JOIN booking b
 WHERE b.start_at > CAST(strftime('%s', '2026-07-15') AS INTEGER) - 62 * 86400   -- what was held before is forgotten: SLOTS_KEPT_S"""


def put_history(server, count):
    db = sqlite3.connect(server.database)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY id) - 1 AS number, id FROM resource")
    places = db.execute("SELECT count(*) FROM places").fetchone()[0]
    with db:
        db.execute(FILL, (count, places))
        db.execute(HOLD)
    stored = db.execute("SELECT count(*) FROM booking").fetchone()[0]
    assert stored == count, stored
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def start_time(server):
    began = time.monotonic()
    server.start()
    return (time.monotonic() - began) * 1e3


def day_times(server, rounds):
    """Microseconds of one answer that is not kept: each asks for another day."""
    took = []
    for turn in range(rounds):
        target = f"/v1/spaces/s0/availability?date=2026-0{8 + turn % 2}-{1 + turn // 2 % 28:02}"
        began = time.monotonic()
        assert server.get(target).status == 200
        took.append((time.monotonic() - began) * 1e6)
    return took


def history():
    young, old = serve(1, 100, NOW), serve(1, 100, NOW)
    put_history(old, PAST)
    starts = []
    for _ in range(5):
        starts.append(start_time(old))
        old.stop()
    got = statistics.median(starts)
    line("start before a million bookings", f"{got:.0f} ms", "", "", "<= 100 ms", got <= 100)
    young.start()
    old.start()
    # Kept answers are forgotten after a second, and there are fewer places for them than days: most of these are made anew.
    ratios = []
    for _ in range(9):
        pair = [statistics.median(day_times(server, 56)) for server in (old, young)]
        ratios.append((pair[0] / pair[1], *pair))
        time.sleep(1.1)
    ratio, with_years, without = sorted(ratios)[len(ratios) // 2]
    line(f"a day of 100 resources, {YEARS} years behind it", f"{with_years:.0f} us", f"without {without:.0f} us", f"{ratio:.2f}", "<= 1.2", ratio <= 1.2)
    old.stop()
    young.stop()


def feed():
    ended = subprocess.run([sys.executable, pathlib.Path(__file__).with_name("feed.py"), "1000"], stdout=subprocess.PIPE, text=True)
    print(ended.stdout, end="", flush=True)
    line("the feed before 1,000 listeners: above", "", "", "", "", ended.returncode == 0)


PARTS = {"reading": reading, "booking": booking, "history": history, "feed": feed}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default=",".join(PARTS))
    print(f"{'':46} {'figure':>14} {'peer, same run':>20} {'ratio':>7} {'budget':>16}")
    for name in parser.parse_args().only.split(","):
        PARTS[name]()
    sys.exit(not kept_all)


main()
