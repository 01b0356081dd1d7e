"""hacktiv on a pseudo-terminal, seen as a terminal sees it: bytes, modes, line settings. What the screen looks like is for play.c."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from porter import worker

WAIT_LIMIT = 30          # seconds; a sanitized build on a busy machine
QUIET = 0.15             # seconds without a byte: the frame is out
SHOWS_CURSOR, OTHER_SCREEN, PASTES = 25, 1049, 2004


def modes(said):
    """{number: on} of every private mode that was set or reset, as it is in the end."""
    state = {SHOWS_CURSOR: True, OTHER_SCREEN: False, PASTES: False}
    for numbers, letter in re.findall(rb"\x1b\[\?([\d;]+)([hl])", said):
        for number in numbers.split(b";"):
            state[int(number)] = letter == b"h"
    return state


class Screen:
    """One program on a terminal of its own. `words`: what to run, $HACKTIV without any. `files`: which standard files are the terminal;
    the others are closed. `ignored`: signals that it inherits as ignored, as from nohup."""

    def __init__(self, client, *words, rows=24, columns=80, files=(0, 1, 2), ignored=(), **variables):
        self.said = b""                        # all of it
        self.status = self.usage = None
        self.terminal, self.line = pty.openpty()
        self.before = termios.tcgetattr(self.line)
        self.resize(rows, columns)
        environment = {**client.environment, "TERM": "xterm-256color", "HACKTIV": os.environ.get("HACKTIV", ""), **variables}
        words = words or (os.environ["HACKTIV"],)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(self.line, termios.TIOCSCTTY, 0)
                for file in range(3):
                    if file in files:
                        os.dup2(self.line, file)
                    else:
                        os.close(file)
                for number in ignored:
                    signal.signal(number, signal.SIG_IGN)
                os.chdir(client.home)
                os.execve(words[0], words, {name: value for name, value in environment.items() if value is not None})
            finally:
                os._exit(127)

    # ---- what it writes

    def read(self, limit):
        """What comes within `limit` seconds, b"" when nothing does."""
        if self.terminal is None or not select.select([self.terminal], [], [], max(0, limit))[0]:
            return b""
        try:
            bytes = os.read(self.terminal, 65536)
        except OSError:
            return b""
        self.said += bytes
        return bytes

    def quiet(self, silence=QUIET, limit=WAIT_LIMIT):
        """What it writes until it has been silent for a moment."""
        came, deadline = b"", time.monotonic() + limit
        while time.monotonic() < deadline:
            bytes = self.read(silence)
            if not bytes:
                return came
            came += bytes
        raise AssertionError(f"it never falls silent: {came[-300:]!r}")

    def until(self, text, limit=WAIT_LIMIT):
        """Everything up to `text` and to the end of the frame it is in."""
        text = text.encode() if isinstance(text, str) else text
        came, deadline = b"", time.monotonic() + limit
        while text not in came:
            left = deadline - time.monotonic()
            bytes = self.read(min(left, 0.1)) if left > 0 else b""
            assert bytes or (left > 0 and not self.ended()), f"{text!r} never came, but: {came[-1500:]!r}"
            came += bytes
        return came + self.quiet()

    def type(self, keys):
        """What it writes in answer."""
        os.write(self.terminal, keys.encode() if isinstance(keys, str) else keys)
        return self.quiet()

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # ---- how it is

    def signal(self, number):
        os.kill(self.pid, number)

    def ended(self):
        if self.status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.status, self.usage = os.waitstatus_to_exitcode(status), usage
        return self.status is not None

    def cpu(self):
        """Seconds of processor it used, so far or in all."""
        if self.ended():
            return self.usage.ru_utime + self.usage.ru_stime
        with open(f"/proc/{worker(self.pid)}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, limit=WAIT_LIMIT):
        """Its exit status; a signal as its negative number. Told when it goes on instead."""
        deadline = time.monotonic() + limit
        while not self.ended():
            if time.monotonic() > deadline:
                busy = self.cpu()
                self.close()
                raise AssertionError(f"still running after {limit} s ({busy:.1f} s of processor): {self.said[-300:]!r}")
            if not self.read(0.01):
                time.sleep(0.005)
        while self.read(0):
            pass
        return self.status

    def close(self):
        """Kills what is left of it."""
        if not self.ended():
            self.signal(signal.SIGKILL)
            while not self.ended():
                time.sleep(0.005)
        self.hang_up()
        if self.line is not None:
            os.close(self.line)
        self.line = None

    def hang_up(self):
        """As when the window or the line dies."""
        if self.terminal is not None:
            os.close(self.terminal)
        self.terminal = None

    def settings(self):
        return termios.tcgetattr(self.line)

    def is_restored(self):
        state = modes(self.said)
        for mode, wanted in ((SHOWS_CURSOR, True), (OTHER_SCREEN, False), (PASTES, False)):
            assert state[mode] == wanted, f"mode {mode} is {'on' if state[mode] else 'off'} after {self.said[-200:]!r}"
        assert self.settings() == self.before, f"the line was {self.before}, is {self.settings()}"
