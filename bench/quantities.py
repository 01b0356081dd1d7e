"""What is measured of one program on its terminal. Seconds unless said otherwise."""
import os
import pathlib
import re
import shutil
import signal
import statistics
import time

from porter import worker
from programs import wait_full

KEY_QUIET = 0.03          # a frame is out when nothing came for so long


def first_screens(programs, rounds):
    """{name: (median to the first byte, to the full screen)}; the programs take turns, so that a busy moment hits all."""
    took = {program.name: [] for program in programs}
    for _ in range(rounds):
        for program in programs:
            screen = program.start()
            took[program.name].append(wait_full(screen, program.words))
            screen.close()
    return {name: tuple(statistics.median(times) for times in zip(*pairs)) for name, pairs in took.items()}


def press(screen, key):
    """(seconds to the last byte of the frame, bytes)."""
    began = last = time.perf_counter()
    os.write(screen.terminal, key.encode())
    count, patience = 0, 2
    while came := screen.read(patience):
        last = time.perf_counter()
        count += len(came)
        patience = KEY_QUIET
    return last - began, count


def keys(screens, count=300, cycle=5):
    """A few rows down and up again, within the page, on every screen in turn: {name: (p50, p99 of the paint, median of bytes)}.
    `screens`: {program: its screen}."""
    pressed = {program.name: [] for program in screens}
    for at in range(count):
        for program, screen in screens.items():
            pressed[program.name].append(press(screen, program.down if at // cycle % 2 == 0 else program.up))
    result = {}
    for name, frames in pressed.items():
        times = sorted(seconds for seconds, _ in frames)
        result[name] = times[count // 2], times[count * 99 // 100], statistics.median(size for _, size in frames)
    return result


def repaint(program, screen):
    """Bytes."""
    return statistics.median(press(screen, program.redraw)[1] for _ in range(5))


def writes_per_frame(program, directory, count=20):
    """write(2) calls on the terminal a key. None: strace is not there, or may not look."""
    log = pathlib.Path(directory) / "strace"
    if not shutil.which("strace"):
        return None

    def written():
        return len(re.findall(r"^\d+ +writev?\(\d+</dev/(?:pts/|tty)", log.read_text(), re.M))

    try:
        screen = program.full(shutil.which("strace"), "-f", "-y", "-e", "trace=write,writev", "-o", str(log))
    except AssertionError:
        return None
    before = written()
    for at in range(count):
        press(screen, program.down if at % 2 == 0 else program.up)
    calls = written() - before
    screen.signal(signal.SIGKILL)
    screen.close()
    return calls / count


def process(screen):
    """(KiB resident, voluntary switches of all threads)."""
    place = pathlib.Path(f"/proc/{worker(screen.pid)}")
    resident = int(re.search(r"^VmRSS:\s+(\d+)", (place / "status").read_text(), re.M)[1])
    switches = sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (thread / "status").read_text(), re.M)[1])
                   for thread in (place / "task").iterdir())
    return resident, switches


def idle(screen, seconds):
    """(bytes written, wakeups)."""
    time.sleep(2)
    screen.quiet(0.5)
    said, before = len(screen.said), process(screen)[1]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        screen.read(end - time.monotonic())
    return len(screen.said) - said, process(screen)[1] - before


def escape(screen, rounds=9):
    """From a lone Esc to the frame without the dialog."""
    took = []
    for _ in range(rounds):
        press(screen, "?")
        took.append(press(screen, "\x1b")[0])
    return statistics.median(took)


def left(program, rounds=5):
    """From the key that leaves to the end."""
    took = []
    for _ in range(rounds):
        screen = program.full()
        began = time.perf_counter()
        os.write(screen.terminal, b"\x11")
        while not screen.ended() and time.perf_counter() - began < 5:
            screen.read(0.001)
        took.append(time.perf_counter() - began)
        screen.close()
    return statistics.median(took)


def gone(program, rounds=5):
    """From the terminal's death to the end, SIGHUP ignored."""
    took = []
    for _ in range(rounds):
        screen = program.full(ignored=[signal.SIGHUP])
        began = time.perf_counter()
        screen.hang_up()
        while not screen.ended() and time.perf_counter() - began < 5:
            time.sleep(0.001)
        took.append(time.perf_counter() - began)
        screen.close()
    return statistics.median(took)
