"""`hacktiv demo`: a server of its own, shared by all demos, stopped with the last, whatever ends them."""
import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

from client import Client, kill
from tap import case, equal, run

WAIT = 30   # seconds for a server to come or go, on a busy machine


def demo(**more):
    me = Client(now=None, **more)
    me.environment.update(HACKTIV_HACKTIVD=os.environ["HACKTIVD"], HACKTIV_DATA_DIR=os.environ["HACKTIV_DATA_DIR"])
    return me


def place(me):
    return me.state / "demo"


def servers(me):
    """Ids of the hacktivd processes that serve this home."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(b"hacktivd") and any(bytes(str(me.home), "utf-8") in word for word in words):
            found.append(int(process.name))
    return found


def wait_until(what, told):
    deadline = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < deadline, told
        time.sleep(0.05)


def stay(me):
    """A demo that stays until its input ends."""
    process = me.launch("demo", "--lines", stdin=subprocess.PIPE)
    wait_until(lambda: len(servers(me)) == 1 or process.poll() is not None, "it never started")
    assert process.poll() is None, process.communicate()
    process.stdout.readline()   # the greeting: it has logged in
    return process


def leave(process):
    process.communicate(b"q\n", timeout=60)
    return process.returncode


@case("one command, on sample data, and nothing is left running")
def _():
    me = demo()
    shown = me.run("demo", "spaces")
    equal((shown.status, shown.told), (0, ""))
    assert "La Ferme" in shown.out and "Sample data" in shown.out, shown.out
    wait_until(lambda: not servers(me), "hacktivd stayed")
    equal(stat.S_IMODE(place(me).stat().st_mode), 0o700)
    for name in ("password", "demo.db", "store.db"):
        equal(stat.S_IMODE((place(me) / name).stat().st_mode), 0o600, name)


@case("without a terminal and without a command: the overview, and an end with 0")
def _():
    shown = demo().run("demo")
    equal(shown.status, 0, shown)
    assert "My bookings" in shown.out, shown.out


@case("data stays between runs, and --reset begins afresh")
def _():
    me = demo()
    booked = me.run("demo", "book", "pepi", "+20d", "day", "--any", "--json")
    while booked.status == 3 and booked.json()["problem"]["kind"] == "refused":   # a day on which it is closed
        booked = me.run("demo", "book", "pepi", "+22d", "day", "--any", "--json")
    equal(booked.status, 0, booked)
    number = booked.json()["item"]["id"]

    def is_there():
        return number in [item["id"] for item in me.run("demo", "bookings", "--json").json()["items"]]
    assert is_there()
    equal(me.run("demo", "--reset", "spaces").status, 0)
    assert not is_there()


@case("a second demo joins the first; the server goes with the last of them")
def _():
    me = demo()
    first, second = stay(me), stay(me)
    one = servers(me)
    equal(len(one), 1)
    refused = me.run("demo", "--reset")
    equal(refused.status, 1, refused)
    assert "Another demo" in refused.told, refused
    equal(leave(first), 0)
    equal(me.run("demo", "whoami").status, 0)
    equal(servers(me), one)
    equal(leave(second), 0)
    wait_until(lambda: not servers(me), "hacktivd stayed")


@case("kill -9 of the last demo stops the server too, and the next demo starts another")
def _():
    me = demo()
    process = stay(me)
    kill(process)
    wait_until(lambda: not servers(me), "hacktivd stayed")
    equal(me.run("demo", "spaces").status, 0)


@case("kill -9 of hacktivd itself: the next demo starts another on the same data")
def _():
    me = demo()
    process = stay(me)
    [number] = servers(me)
    os.kill(number, signal.SIGKILL)
    wait_until(lambda: not pathlib.Path(f"/proc/{number}").exists(), "it lives")
    equal(me.run("demo", "bookings").status, 0)
    leave(process)


@case("demos that come and go at once meet one server at most, and leave none")
def _():
    me = demo()
    processes = [me.launch("demo", "whoami") for _ in range(6)]
    for process in processes:
        out, told = process.communicate(timeout=120)
        equal((process.returncode, told), (0, b""))
    wait_until(lambda: not servers(me), "hacktivd stayed")


@case("Ctrl-C in the terminal of a demo does not reach the server of the others")
def _():
    me = demo()
    first = stay(me)
    second = me.launch("demo", "--lines", stdin=subprocess.PIPE, start_new_session=True)
    second.stdout.readline()
    os.killpg(second.pid, signal.SIGINT)
    second.communicate(timeout=60)
    equal(me.run("demo", "whoami").status, 0)
    equal(leave(first), 0)


@case("a home so deep that no socket fits in it")
def _():
    me = demo()
    deep = me.home / ("d" * 60) / ("e" * 60)
    me.environment["XDG_STATE_HOME"] = str(deep)
    me.environment["XDG_RUNTIME_DIR"] = str(me.home / "run")
    (me.home / "run").mkdir(mode=0o700)
    shown = me.run("demo", "spaces")
    equal(shown.status, 0, shown)
    equal(len(list((me.home / "run").glob("hacktiv-demo-*"))), 1)


@case("no hacktivd, a wrong one, one that fails: a sentence each")
def _():
    me = demo()
    me.environment["HACKTIV_HACKTIVD"] = "/nowhere/hacktivd"
    refused = me.run("demo", "spaces")
    equal((refused.status, refused.out), (1, ""))
    assert "/nowhere/hacktivd" in refused.told, refused
    me.environment["HACKTIV_HACKTIVD"] = "/bin/false"
    equal(me.run("demo", "spaces").status, 1)
    me = demo()
    me.environment["HACKTIV_DATA_DIR"] = "/nowhere"
    refused = me.run("demo", "spaces")
    equal(refused.status, 1, refused)
    assert "/nowhere" in refused.told, refused


@case("what is set for another server is left out")
def _():
    me = demo()
    me.environment.update(HACKTIV_URL="https://elsewhere.example", HACKTIV_TOKEN_FILE="/nowhere/token")
    equal(me.run("demo", "whoami").status, 0)


@case("a token that the server has forgotten is asked for anew")
def _():
    me = demo()
    equal(me.run("demo", "whoami").status, 0)
    wait_until(lambda: not servers(me), "hacktivd stayed")
    for path in place(me).glob("demo.db*"):
        path.unlink()
    shown = me.run("demo", "whoami")
    equal(shown.status, 0, shown)


run()
