#!/usr/bin/env python3
"""feed — the live feed before a crowd: how long an event takes to everybody, what an idle listener costs, what a burst does.

    HACKTIVD=build-bench/src/server/hacktivd LISTENERS=build-bench/bench/listeners bench/feed.py [1000 2000]

Times run from the request that makes the event, sent, to the event, read, for each listener; the crowd is one process beside the
server, so what it needs to read is in them too. Memory is the server's resident set of /proc, before and with them.
Ends with 0 when every budget is kept.
"""
import os
import pathlib
import re
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "support"))
from community import Community            # noqa: E402
from sse import Listener                   # noqa: E402

PER_MEMBER, MEMBERS = 5, 200               # streams one person may have; members of the sample network
ONE_P99_MS, BURST_P99_MS, LISTENER_KIB, CROWD_MIB = 50, 100, 8, 32
CALM_EVENTS, BURST_S, BURST_RATE = 60, 5, 100


def activity(title):
    return {"slug": title, "title": title, "space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup",
            "from": "16:00", "date": "+7d", "capacity": 50}


def more_members(count):
    return [{"login": f"crowd{number}", "name": f"Crowd {number}", "home_space": "ferme"} for number in range(count)]


class Crowd:
    def __init__(self, caller, count):
        tokens = [caller.tokens[login] for login in list(caller.tokens)[2:]][:-(-count // PER_MEMBER)]
        self.process = subprocess.Popen([os.environ["LISTENERS"], str(caller.server.socket_path), "/v1/events", str(count)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.process.stdin.write(("\n".join(tokens) + "\n\n").encode())
        self.process.stdin.flush()
        said = self.process.stderr.readline()
        assert said == b"ready\n", said

    def end(self):
        """{number of the event: [nanoseconds when each heard it]}"""
        out, told = self.process.communicate(b"")
        assert self.process.returncode == 0, told
        heard = {}
        for seq, at in struct.iter_unpack("<qq", out):
            heard.setdefault(seq, []).append(at)
        return heard


def memory(server):
    """Resident set of the server, KiB."""
    text = pathlib.Path(f"/proc/{server.process.pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss: +(\d+) kB", text, re.M).group(1))


def processor(server):
    """Seconds of processor it has used."""
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Writer:
    """Signs up and withdraws, in turn: one event each."""

    def __init__(self, caller, title, login):
        self.caller, self.login, self.number = caller, login, 0
        self.target = caller.path(title) + "/signup"
        self.wire = caller.server.connection()
        self.sent = []

    def write(self):
        self.sent.append(time.monotonic_ns())
        answer = self.caller.server.request("PUT" if self.number % 2 == 0 else "DELETE", self.target,
                                            token=self.caller.tokens[self.login], connection=self.wire)
        assert answer.status == 200, answer
        self.number += 1


def part(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def delays(heard, sent, count):
    """Milliseconds of every listener for every event; everybody heard every event once."""
    numbers = sorted(heard)
    assert numbers == list(range(numbers[0], numbers[0] + len(sent))), (numbers[:3], len(numbers), len(sent))
    wrong = {number: len(heard[number]) for number in numbers if len(heard[number]) != count}
    assert not wrong, f"not heard once by each: {list(wrong.items())[:3]}"
    return sorted((at - since) / 1e6 for number, since in zip(numbers, sent) for at in heard[number])


def measure(count, over):
    caller = Community([activity("one")], more_members=more_members(max(0, -(-count // PER_MEMBER) - MEMBERS + 2)))
    server = caller.server
    writer = Writer(caller, "one", list(caller.tokens)[0])
    for _ in range(10):
        writer.write()
    time.sleep(0.5)
    before = memory(server)
    crowd = Crowd(caller, count)
    time.sleep(2.5)                       # by then it has given back what so many arrivals at once needed
    idle = memory(server)
    writer.sent.clear()
    for _ in range(CALM_EVENTS):
        writer.write()
        time.sleep(0.1)
    time.sleep(1)
    calm = delays(crowd.end(), writer.sent, count)
    time.sleep(1)

    crowd = Crowd(caller, count)
    lazy = Listener(server, "/v1/events", caller.tokens[list(caller.tokens)[1]]).begun()
    writer.sent.clear()
    began, used = time.monotonic(), processor(server)
    for number in range(BURST_S * BURST_RATE):
        time.sleep(max(0, began + number / BURST_RATE - time.monotonic()))
        writer.write()
    used = processor(server) - used
    rate = len(writer.sent) / (time.monotonic() - began)
    time.sleep(1)
    busy = memory(server)
    burst = delays(crowd.end(), writer.sent, count)
    lazy.close()
    server.stop()

    rows = [(f"event to all {count}, p50", part(calm, 0.5), "ms", None), (f"event to all {count}, p99", part(calm, 0.99), "ms", ONE_P99_MS),
            ("resident for each idle listener", (idle - before) / count, "KiB", LISTENER_KIB),
            (f"{rate:.0f} events a second to all, p50", part(burst, 0.5), "ms", None),
            (f"{rate:.0f} events a second to all, p99", part(burst, 0.99), "ms", BURST_P99_MS),
            ("processor for one of them to one listener", 1e6 * used / len(writer.sent) / count, "us", None),
            ("resident for all of them meanwhile", (busy - before) / 1024, "MiB", CROWD_MIB)]
    for what, value, unit, budget in rows:
        verdict = "" if budget is None else "ok" if value <= budget else "OVER"
        if verdict == "OVER":
            over.append(what)
        print(f"{what:<48} {value:9.2f} {unit:<4} {budget if budget is not None else '':>6} {verdict}", flush=True)


def main():
    over = []
    for count in [int(word) for word in sys.argv[1:]] or [1000, 2000]:
        measure(count, over)
    if over:
        sys.exit(f"over budget: {'; '.join(over)}")


main()
