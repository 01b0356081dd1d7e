#!/usr/bin/env python3
"""A private PostgreSQL for one test: its own directory, a Unix socket and nothing else. It is durable as in earnest, but where a test
holds no promises ($HACKTIV_TEST_FSYNC off): only the machine's own end would show the difference.

Names sort by a French dictionary in it, not by their bytes: what hacktivd orders must not hang on how a database was made.

As a program, `postgres.py COMMAND…` runs the command with such a cluster's address in $HACKTIV_TEST_POSTGRES, and ends with its status.
"""
import atexit
import ctypes
import itertools
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import tap

START_LIMIT = 120
ROLE = "hacktiv"
SETTINGS = {"listen_addresses": "", "fsync": os.environ.get("HACKTIV_TEST_FSYNC", "on"), "shared_buffers": "32MB", "max_connections": "100", "log_min_messages": "warning",
            "autovacuum_naptime": "5s", "lc_messages": "C", "log_destination": "stderr"}


def programs():
    """Where the server's programs are: Debian keeps them out of PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    path = shutil.which("postgres")
    assert path, "PostgreSQL 15 or newer is needed: scripts/packages names it"
    return pathlib.Path(path).parent


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)      # PR_SET_PDEATHSIG: nothing is left behind when the test is killed


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    return "'" + value.replace("'", "''") + "'"


def with_values(text, values):
    """`?` and `?1` replaced by what they stand for."""
    out, at, bare = [], 0, 0
    while at < len(text):
        if text[at] == "'":
            end = text.index("'", at + 1) + 1
            out.append(text[at:end])
            at = end
        elif text[at] == "?":
            end = at + 1
            while end < len(text) and text[end].isdigit():
                end += 1
            bare = int(text[at + 1:end]) if end > at + 1 else bare + 1
            out.append(literal(values[bare - 1]))
            at = end
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def plain(value):
    """As SQLite would have said it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith("\\x"):
        return bytes.fromhex(value[2:])
    return value


class SmallDisk:
    """A file system of so many MiB on an empty directory, which a test may fill."""

    def __init__(self, path, mebibytes):
        if os.geteuid() != 0:
            raise tap.Skip("only root may mount a small disk")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", path], stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise tap.Skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
        self.path, self.filler = pathlib.Path(path), pathlib.Path(path) / "filler"
        atexit.register(self.end)

    def fill(self):
        with open(self.filler, "ab", buffering=0) as filler:
            for size in (1 << 20, 4096):
                try:
                    while filler.write(b"x" * size) == size:
                        pass
                except OSError:
                    pass

    def empty(self):
        self.filler.unlink(missing_ok=True)

    def end(self):
        subprocess.run(["umount", "-l", self.path], stderr=subprocess.DEVNULL)


class Refused(Exception):
    """A constraint said no."""


class Cluster:
    """`disk`: what its data lies on is a file system of its own, of so many MiB. `more`: for its environment."""

    def __init__(self, disk=None, more=()):
        self.bin = programs()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-pg-"))
        self.log = self.directory / "log"
        self.data = self.directory / "data"
        self.process = None
        self.names = itertools.count(1)
        self.as_user = {}
        self.more = dict(more)
        self.disk = None
        if os.geteuid() == 0:                       # the server refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            self.as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        if disk:
            self.data.mkdir(mode=0o700)
            self.disk = SmallDisk(self.data, disk)
            shutil.chown(self.data, *([owner.pw_uid, owner.pw_gid] if self.as_user else [None, None]))
            self.data.chmod(0o700)
        atexit.register(self._remove)
        self._run("initdb", "--pgdata", self.data, "--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8",
                  "--locale-provider", "icu", "--icu-locale", "fr", "--no-sync", "--no-instructions")
        self.start()

    def _environment(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return environment | {"LC_ALL": "C.UTF-8"} | self.more

    def _run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *arguments], env=self._environment(), cwd=self.directory, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self.as_user)
        assert done.returncode == 0, f"{program} says:\n{done.stdout}"

    def start(self):
        settings = SETTINGS | {"unix_socket_directories": str(self.directory)}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + START_LIMIT
        while True:
            self.process = subprocess.Popen([self.bin / "postgres", "-D", self.data, *options], env=self._environment(), cwd=self.directory,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.log, "ab"),
                                            preexec_fn=_end_with_parent, **self.as_user)
            while self.process.poll() is None:
                if subprocess.run([self.bin / "pg_isready", "-q", "-h", self.directory, "-U", ROLE, "-d", "postgres"]).returncode == 0:
                    return self
                assert time.monotonic() < deadline, self.told()
                time.sleep(0.02)
            # After a SIGKILL its children may live for an instant, and hold its memory.
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.1)

    def told(self):
        return self.log.read_text(errors="replace")[-4000:]

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast, every session is ended; SIGQUIT: at once, as a crash; SIGKILL: as the machine's end."""
        self.process.send_signal(how)
        self.process.wait(START_LIMIT)

    def restart(self, how=signal.SIGINT):
        self.stop(how)
        return self.start()

    def signal_all(self, how):
        """The one that lets in first, then each that serves: SIGSTOP and it says nothing any more, as when the line to it is cut."""
        self.process.send_signal(how)
        for title in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(title.read_text().rsplit(")", 1)[1].split()[1]) == self.process.pid:
                    os.kill(int(title.parent.name), how)
            except OSError:
                pass                             # ended meanwhile

    def _remove(self):
        if self.process and self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        if self.disk:
            self.disk.end()
        shutil.rmtree(self.directory, ignore_errors=True)

    # ---- databases

    def address(self, name):
        return f"postgresql://{ROLE}@/{name}?host={self.directory}"

    def new_database(self, template="template0"):
        name = f"t{next(self.names)}"
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def execute(self, database, text, *values):
        """What it prints, unaligned. Refused when a constraint says no."""
        done = subprocess.run([self.bin / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-h", self.directory, "-U", ROLE,
                               "-d", database, "-f", "-"],
                              input=f"SET search_path TO hacktiv, public;\n{with_values(text, values)};\n", env=self._environment(), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if " 23" in done.stderr.split("\n")[0]:
            raise Refused(done.stderr)
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        return done.stdout

    def query(self, database, text, *values):
        """Rows as tuples, as sqlite3 gives them."""
        said = self.execute(database, f"SELECT coalesce(json_agg(to_json(t)), '[]') FROM ({with_values(text, values)}) t")
        return json.loads(said, object_pairs_hook=lambda pairs: tuple(plain(value) for _, value in pairs))

    def query_all(self, database, texts):
        """The rows of each, in one go."""
        together = ", ".join(f"(SELECT coalesce(json_agg(to_json(t)), '[]') FROM ({text}) t)" for text in texts)
        return self.query(database, f"SELECT json_build_array({together}) AS rows")[0][0]


_cluster = None


def cluster():
    """This process's own, started when it is first asked for."""
    global _cluster
    if not _cluster:
        _cluster = Cluster()
    return _cluster


if __name__ == "__main__":
    os.environ["HACKTIV_TEST_POSTGRES"] = cluster().address("postgres")
    sys.exit(subprocess.run(sys.argv[1:]).returncode)
