#!/usr/bin/env python3
"""How many bookings a second reach the disk, over HTTP, from 64 clients, on SQLite and on PostgreSQL; beside what the disk itself can do.

    ninja -C build-bench src/server/hacktivd bench/load bench/rows
    HACKTIVD=build-bench/src/server/hacktivd LOAD=build-bench/bench/load ROWS=build-bench/bench/rows bench/bookings.py [--clients 64] [--count 12000] [--spaces 1]

Every booking is another place, date or half, so that none is refused. The ratio to fdatasync is the one to compare: both were measured in
the same minute, in the same directory. With $ROWS (bench/rows) PostgreSQL also tells what it makes of the same rows when nobody asks or
judges anything.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "support"))
MEMBERS = 200
NOW = "2026-07-15T07:30:00+02:00"
WEEK = {day: [["08:00", "18:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}


def fdatasync_rate(directory, seconds=1.5):
    """Appends of 4 KiB made durable one by one."""
    with open(pathlib.Path(directory) / "plain", "wb", buffering=0) as file:
        count, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


LOG_FILES = 24      # of 16 MiB: more than a run writes


def settle_in(cluster):
    """As one that has run for a while, with the settings of PostgreSQL's own: in its first minutes a cluster makes each file of its log
    anew, 10 ms that all who write wait for; later it takes those that a checkpoint has done with."""
    cluster.execute("postgres", "ALTER SYSTEM SET min_wal_size = '1GB'")
    cluster.execute("postgres", "SELECT pg_reload_conf()")
    for _ in range(LOG_FILES):
        cluster.execute("postgres", "SELECT pg_logical_emit_message(true, '', ''), pg_switch_wal()")
    cluster.execute("postgres", "CHECKPOINT")


def rows_rate(server, count, batch=32):
    """Bookings a second whose rows PostgreSQL writes when that is all there is to do."""
    other = type(server)(now=NOW, sample=False)
    file = server.directory / "network.json"
    subprocess.run([os.environ["HACKTIVD"], "import", "--database", other.database_address, file], env=other.environment(), check=True,
                   stdout=subprocess.DEVNULL)
    told = subprocess.run([os.environ["ROWS"], other.database_address, str(count), str(batch)], check=True, stdout=subprocess.PIPE, text=True)
    return count / float(told.stdout)


def network(spaces, desks):
    return {
        "spaces": [{"slug": f"s{s}", "name": f"Space {s}", "town": "Chimay", "country": "BE", "time_zone": "Europe/Brussels",
                    "granule_s": 900, "vat_permille": 210,
                    "opening": {"week": WEEK, "boundary": "13:00", "open_on_holidays": True}} for s in range(spaces)],
        "resources": [{"space": f"s{s}", "slug": f"d{d}", "name": f"Desk {d}", "kind": "desk", "half_day_cents": 800, "day_cents": 1400,
                       "cancel_minutes": 60} for s in range(spaces) for d in range(desks)],
        "members": [{"login": f"m{m}", "name": f"Member {m}"} for m in range(MEMBERS)],
    }


def requests(server, tokens, count, spaces):
    from server import new_id
    ids = {s: [item["id"] for item in server.get(f"/v1/spaces/s{s}/resources").json()["items"]] for s in range(spaces)}
    days = [(datetime.date(2026, 7, 20) + datetime.timedelta(day)).isoformat() for day in range(50)]
    wishes = [(s, resource, day, part) for day in days for part in ("am", "pm") for place in range(len(ids[0])) for s in range(spaces)
              for resource in (ids[s][place],)]
    assert len(wishes) >= count, len(wishes)
    owners = list(tokens.values())
    out = bytearray()
    for number, (s, resource, day, part) in enumerate(wishes[:count]):
        id = new_id()
        body = json.dumps({"id": id, "resource_id": resource, "date": day, "part": part}).encode()
        head = (f"POST /v1/spaces/s{s}/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {owners[number % len(owners)]}\r\n"
                f"Idempotency-Key: {id}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        out += b"%08d" % len(head + body) + head + body
    return bytes(out)


def measure(database, options):
    os.environ["HACKTIV_TEST_DATABASE"] = database
    for module in ("server", "postgres"):
        sys.modules.pop(module, None)
    from server import Server
    if database == "postgres":
        import postgres
        for ours in ("shared_buffers", "autovacuum_naptime"):
            postgres.SETTINGS.pop(ours)
        settle_in(postgres.cluster())
    server = Server(now=NOW, listen="127.0.0.1:0", sample=False, options=["--quiet"])
    file = server.directory / "network.json"
    file.write_text(json.dumps(network(options.spaces, options.desks)))
    subprocess.run([os.environ["HACKTIVD"], "import", "--database", server.database_address, file], env=server.environment(), check=True,
                   stdout=subprocess.DEVNULL)
    tokens = server.grant()
    server.start()
    batch = server.directory / "requests"
    batch.write_bytes(requests(server, tokens, options.count, options.spaces))
    before = fdatasync_rate(server.directory)
    port = server.address.rpartition(":")[2]
    command = [os.environ["LOAD"], "127.0.0.1", port, str(options.clients), batch]
    said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    after = fdatasync_rate(server.directory)
    server.stop()
    rate, disk = said["answers"] / said["seconds"], (before + after) / 2
    stored = server.sql("SELECT count(*) FROM booking")[0][0]
    assert set(said["statuses"]) == {"201"} and stored == options.count, (said, stored, server.told()[-2000:])
    rows = rows_rate(server, options.count) if database == "postgres" and "ROWS" in os.environ else None
    return {"rate": rate, "disk": disk, "p50_ms": said["p50_ms"], "p99_ms": said["p99_ms"], "rows": rows}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--count", type=int, default=12000)
    parser.add_argument("--spaces", type=int, default=1)
    parser.add_argument("--desks", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    options = parser.parse_args()
    for database in options.database or ["sqlite", "postgres"]:
        got = measure(database, options)
        print(f"{database:9} {got['rate']:8.0f} bookings/s   p50 {got['p50_ms']:6.2f} ms   p99 {got['p99_ms']:6.2f} ms   "
              f"fdatasync {got['disk']:7.0f}/s   ratio {got['rate'] / got['disk']:5.2f}" +
              (f"   the rows alone {got['rows']:7.0f}/s" if got["rows"] else ""))


if __name__ == "__main__":
    main()
