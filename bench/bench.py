"""bench — hacktiv against its budgets and beside others, in one run. See bench/run."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

import counted
import crowd
import quantities
from programs import SITES, Floor, Hacktiv, Newsboat

KEY_P50, KEY_P99 = 1, 5             # ms: a key is painted
BUSY = 2                            # floors the slowest keys may take instead, where the machine itself is slower than that
WORKING = 3                         # floors, of a program that works: where others work too, it is served later than one that sleeps
KEY_BYTES, REPAINT_BYTES = 60, 2500
FLOORS = 4                          # how many floors high the first screen may be
ESCAPE_MS, LEFT_MS, GONE_MS = 30, 50, 1000
RESIDENT_MIB, AGENDA_MIB = 16, 32
AGENDA_ROUNDS = 5
AGENDA_MS = 250                     # from the key to ten thousand activities, of which a screen shows twenty
SPACES_CURLS = 3                    # how often curl's time `hacktiv spaces` may take
SYNC_CURLS = 3                      # likewise, to ask whether anything changed
SYNC_BYTES = 3                      # of the bytes of what curl fetches anew, what part asking whether it changed may be

rows, over = [], []


def tell(what, value, unit, budget, **peers):
    """One row; `budget` None: nothing to keep. A value None could not be measured."""
    good = "" if budget is None else "-" if value is None else "ok" if value <= budget else "OVER"
    if good == "OVER":
        over.append(what)
    rows.append((what, value, unit, budget, peers, good))
    print(".", end="", file=sys.stderr, flush=True)


def words(value):
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 10 and value != int(value) else f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


def print_table(peers):
    print(file=sys.stderr)
    line = "{:<52} {:>9} {:>9}" + " {:>9}" * len(peers) + "  {:<7} {}"
    print(line.format("", "hacktiv", "budget", *peers, "", ""))
    for what, value, unit, budget, beside, good in rows:
        print(line.format(what, words(value), words(budget), *(words(beside.get(peer)) for peer in peers), unit, good))


def run_times(commands, rounds, environment):
    """{name: median of seconds} of whole runs, in turns."""
    took = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
            took[name].append(time.perf_counter() - began)
    return {name: 1000 * statistics.median(times) for name, times in took.items()}


def first_screen(hacktiv, others, rounds):
    hacktiv.off()
    took = quantities.first_screens([hacktiv, *others], rounds)
    budget = min([FLOORS * took["floor"][1]] + [took[name][1] for name in took if name == "newsboat"])
    for at, (what, limit) in enumerate((("first byte, server off", None), ("first full screen from the cache, server off", 1000 * budget))):
        tell(what, 1000 * took["hacktiv"][at], "ms", limit,
             **{other.name: 1000 * took[other.name][at] for other in others})


def keys(hacktiv, others):
    """While every site holds its answer back. Gives the memory of the others, MiB."""
    wires = hacktiv.silent()
    screens = {program: program.full() for program in [hacktiv, *others]}
    held = []
    for wire in wires:
        wire.settimeout(10)
        held.append(wire.accept()[0])           # else it hangs nowhere
    pressed = quantities.keys(screens)

    def row(what, at, factor, unit, budget):
        values = {name: frames[at] * factor for name, frames in pressed.items()}
        tell(what, values.pop("hacktiv"), unit, budget, **values)
    row(f"key painted, p50, {SITES} requests hanging", 0, 1000, "ms", KEY_P50)
    row(f"key painted, p99, {SITES} requests hanging", 1, 1000, "ms", max(KEY_P99, BUSY * pressed["floor"][1] * 1000))
    row("bytes of one row down, in the page", 2, 1, "bytes", KEY_BYTES)
    tell("bytes of a full repaint, 80x24", quantities.repaint(hacktiv, screens[hacktiv]), "bytes", REPAINT_BYTES,
         **{other.name: quantities.repaint(other, screens[other]) for other in others})
    tell("Esc to the frame without the dialog", quantities.escape(screens[hacktiv]) * 1000, "ms", ESCAPE_MS)
    resident = {other.name: quantities.process(screens[other])[0] / 1024 for other in others}
    for each in [*screens.values(), *held]:
        each.close()
    tell(f"gone after the key, {SITES} requests hanging", quantities.left(hacktiv) * 1000, "ms", LEFT_MS)
    hacktiv.answering()
    return resident


def calm(hacktiv, others, seconds, resident):
    tell("write(2) calls a key", quantities.writes_per_frame(hacktiv, hacktiv.client.home), "", 1,
         **{other.name: quantities.writes_per_frame(other, other.client.home) for other in others})
    screen = hacktiv.full()
    size, woke = quantities.idle(screen, seconds)
    tell(f"bytes written in {seconds} s without a key", size, "bytes", 0)
    tell(f"wakeups in {seconds} s without a key", woke, "", max(1, seconds // 60))
    tell("memory, my day", quantities.process(screen)[0] / 1024, "MiB", RESIDENT_MIB, **resident)
    os.write(screen.terminal, b"\r")
    screen.until("Les Serres 1")
    tell("memory, a space opened", quantities.process(screen)[0] / 1024, "MiB", RESIDENT_MIB)
    screen.close()
    tell("gone when the terminal dies, SIGHUP ignored", quantities.gone(hacktiv) * 1000, "ms", GONE_MS)


def p99(took):
    return 1000 * sorted(took)[len(took) * 99 // 100]


def busy_keys(what, many, floor, rounds):
    """Gives what it took until the agenda stood there, ms in the middle; how much slower than quiet the machine is; the last screen."""
    opened, took, beside = [], [], []
    for left in reversed(range(rounds)):
        screen = many.full()
        opened.append(many.agenda(screen))
        for all_of_them, these in zip((took, beside), crowd.while_busy(screen, floor)):
            all_of_them.extend(these)
        if left:
            screen.close()
    crowd.wait_calm(screen)
    tell(what, p99(took), "ms", max(KEY_P99, WORKING * p99(beside)), floor=p99(beside))
    return 1000 * statistics.median(opened), max(1, WORKING * p99(beside) / KEY_P99), screen


def agenda(rounds):
    """Of ten thousand activities."""
    many, floor = crowd.Crowd(), Floor()
    below = floor.full()
    many.off()
    opened, slower, screen = busy_keys("  key painted, p99, while it is made searchable", many, below, rounds)
    tell("agenda of 10,000 from the cache, server off", opened, "ms", slower * AGENDA_MS)
    screen.close()
    many.answering()
    *_, screen = busy_keys("  key painted, p99, while 10,000 are fetched and kept", many, below, rounds)
    pressed = quantities.keys({many: screen, floor: below}, count=100)
    limit = max(KEY_P99, BUSY * pressed["floor"][1] * 1000)
    for at, (what, factor, unit, budget) in enumerate((("key painted, p50, at rest", 1000, "ms", KEY_P50),
                                                       ("key painted, p99, at rest", 1000, "ms", limit),
                                                       ("bytes of one row down", 1, "bytes", KEY_BYTES))):
        tell(f"  {what}", pressed[many.name][at] * factor, unit, budget, floor=pressed["floor"][at] * factor)
    for what, opens in (("filter", "/"), ("box", ":")):
        tell(f"  a letter in the {what}, p99", p99(crowd.letters(screen, opens, crowd.WORDS, "\x1b")), "ms", limit)
    tell("  memory", quantities.process(screen)[0] / 1024, "MiB", AGENDA_MIB)
    screen.close()
    below.close()
    many.server.stop()


def spaces(hacktiv, rounds):
    commands = {"hacktiv": [os.environ["HACKTIV"], "spaces"]}
    if shutil.which("curl"):
        commands["curl"] = ["curl", "-sf", "--unix-socket", str(hacktiv.server.socket_path), "http://localhost/v1/spaces"]
    took = run_times(commands, rounds, hacktiv.client.environment)
    tell("hacktiv spaces, whole run", took["hacktiv"], "ms", SPACES_CURLS * took["curl"] if "curl" in took else None,
         curl=took.get("curl"))


def warm(hacktiv, rounds):
    """Everything was heard before and nothing changed since: beside curl, which fetches the same resources over one connection."""
    line = counted.Line(hacktiv.server.socket_path)
    hacktiv.configure([line.address])
    sync = [os.environ["HACKTIV"], "sync"]
    subprocess.run(sync, env=hacktiv.client.environment, check=True, stdout=subprocess.DEVNULL)
    line.begin()
    subprocess.run(sync, env=hacktiv.client.environment, check=True, stdout=subprocess.DEVNULL)
    sent, targets = line.end()
    commands, beside = {"hacktiv": sync}, {}
    if shutil.which("curl"):
        commands["curl"] = ["curl", "-sf", "-H", f"Authorization: Bearer {hacktiv.token}", *(line.address + target for target in targets)]
        line.begin()
        subprocess.run(commands["curl"], check=True, stdout=subprocess.DEVNULL)
        beside["curl"] = line.end()[0]
    took = run_times(commands, rounds, hacktiv.client.environment)
    line.begin()
    screen = hacktiv.full()
    screen.quiet(1)
    started = line.end()[0]
    screen.close()
    limit = beside["curl"] / SYNC_BYTES if beside else None
    tell(f"hacktiv sync, nothing changed, {len(targets)} resources", sent, "bytes", limit, **beside)
    tell("  whole run", took["hacktiv"], "ms", SYNC_CURLS * took["curl"] if beside else None, curl=took.get("curl"))
    tell("  the same by the screen's next start", started, "bytes", limit, **beside)
    line.close()
    hacktiv.answering()


def main():
    parser = argparse.ArgumentParser(prog="bench/run")
    parser.add_argument("--idle", type=int, default=60, metavar="SECONDS")
    parser.add_argument("--rounds", type=int, default=21, metavar="NUMBER", help="starts of every program")
    options = parser.parse_args()
    others = [Newsboat(), Floor()] if shutil.which("newsboat") else [Floor()]
    hacktiv = Hacktiv()
    first_screen(hacktiv, others, options.rounds)
    resident = keys(hacktiv, others)
    calm(hacktiv, others, options.idle, resident)
    spaces(hacktiv, options.rounds)
    warm(hacktiv, options.rounds)
    hacktiv.server.stop()
    agenda(AGENDA_ROUNDS)
    print_table([other.name for other in others] + (["curl"] if shutil.which("curl") else []))
    if over:
        sys.exit(f"over budget: {'; '.join(over)}")


main()
