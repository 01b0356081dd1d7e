"""A bad line (bad_line.h) as a program between hacktiv and a server."""
import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile


class BadLine:
    def __init__(self, server, listen=None):
        """`server`: a Unix socket's path. Listens on one of its own, or where it is told."""
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="line-"))
        atexit.register(self.end)
        listen = listen or f"unix:{self.directory}/socket"
        self.process = subprocess.Popen([os.environ["BAD_LINE"], listen, f"unix:{server}"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        assert said.startswith("listening on "), said
        self.url = said.removeprefix("listening on ").strip()

    def _tell(self, words):
        self.process.stdin.write(words)
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def rules(self, text):
        """From the next exchange on; numbers begin anew."""
        lines = "\n".join(line for line in text.splitlines() if line.strip())
        assert self._tell(f"rules\n{lines}\n\n") == "done", text

    def seed(self, number, percent):
        assert self._tell(f"seed {number} {percent}\n") == "done"

    def good(self):
        assert self._tell("good\n") == "done"

    def count(self):
        """(connections, exchanges, faults) so far."""
        return tuple(map(int, self._tell("count\n").split()))

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(30)
            self.process.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)
