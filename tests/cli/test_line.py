"""Line mode: questions and sentences, nothing drawn, and quiet when nobody asks anything."""
import os
import pathlib
import pty
import re
import select
import signal
import sqlite3
import time

from client import Client, Deaf
from porter import worker
from server import PASSWORD, Server, peopled
from tap import case, equal, rows, run

server, tokens = peopled(options=[])
URL = f"unix:{server.socket_path}"


def me():
    return Client(URL, tokens["demo"])


def talk(*lines, client=None):
    """What was said to these lines, in one run."""
    said = (client or me()).run("--lines", given="".join(line + "\n" for line in lines))
    equal((said.status, said.told), (0, ""))
    return said.out


class Terminal:
    """A run on a terminal of its own: what is typed is echoed, a password can be asked for."""

    def __init__(self, client, *words, term="dumb"):
        self.said = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(client.home)
            os.execve(os.environ["HACKTIV"], ["hacktiv", *words], {**client.environment, "TERM": term})

    def until(self, text, limit=30):
        deadline = time.monotonic() + limit
        while text not in self.said:
            ready, _, _ = select.select([self.file], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"{text!r} was never said, but: {self.said!r}"
            try:
                self.said += os.read(self.file, 4096).decode()
            except OSError:
                raise AssertionError(f"it ended before {text!r}: {self.said!r}")
        before, _, self.said = self.said.partition(text)
        return before + text

    def type(self, text):
        os.write(self.file, text.encode())

    def end(self):
        """Exit status; a signal as its negative number."""
        try:
            while os.read(self.file, 4096):
                pass
        except OSError:
            pass
        os.close(self.file)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@case("a booking in six answers, each with its default in words")
def _():
    said = talk("r", "pepi poste 2", "monday", "m", "o", "bookings", "q")
    assert "Where? A space or a desk [the usual one] Which day? [Friday 17 July 2026] Morning, afternoon or day? [day] " in said, said
    assert "Price: " in said and "It can be cancelled until " in said, said
    assert "Book Pépinière Val de Vence, Poste 2, Monday 20 July 2026, morning? [yes] Booked: " in said, said
    assert "Monday 20 July 2026, morning: Pépinière Val de Vence, Poste 2.\n" in said, said


@case("Enter at every question books the usual for tomorrow")
def _():
    said = talk("book chimay +30d day", "", "book chimay +30d day", "q")
    assert "? [yes] Booked: La Ferme, Les Serres 3" in said or "You have already booked" in said, said
    assert said.count("Nothing was booked.") == 1, said     # the second time it stands in its own way


@case("no is no")
def _():
    said = talk("book pepi 27/7 pm --any", "n", "cancel", "1", "non", "q")
    assert "Nothing was booked." in said and "Nothing was cancelled." in said, said


@case("cancel by number")
def _():
    said = talk("book pepi 28/7 pm --any", "y", "bookings", "q")
    number = re.search(r"(\d+)\. Tuesday 28 July 2026, afternoon: Pépinière", said)[1]
    said = talk("a", number, "", "q")
    assert "Cancelled: Pépinière" in said, said


@rows("what is said to", [
    ("help", "aide", "quit, or q: leave hacktiv."), ("a letter for help", "h", "book, or r: "),
    ("a slip", "bok", "perhaps “book” was meant"), ("something of the screen", "page-down", "works on the screen only"),
    ("the spaces", "espaces", "free in the morning: "), ("a space", "postes pepi", "Poste 1, desk: morning "),
    ("who I am", "whoami", "Camille Noiret, login demo"), ("a place that is none", "book atlantis demain am", "is called “atlantis”"),
    ("nothing", "", "Your choice: "), ("control characters", "\x1b[31m\x07bok", "is not a command"),
])
def _(line, sentence):
    said = talk(line, "q")
    assert sentence in said, said


@case("help names commands as the language has them")
def _():
    french = Client(URL, tokens["demo"], HACKTIV_LOCALE_DIR=os.environ["HACKTIV_LOCALE_DIR"])
    said = french.run("--lines", "--language", "fr", given="aide\nq\n").out
    assert "réserver, ou r\u00a0: Réserver un poste" in said and "\nespaces\u00a0: Montrer" in said, said
    assert "\nbookings" not in said and "\nwithdraw" not in said, said


@case("the day proposed is one on which home is open, and on which one is nowhere yet")
def _():
    talk("book pepi 17/7 pm --any", "y", "q")
    said = talk("r", "", "", "", "n", "q")      # after a weekend, a whole day elsewhere and the 21st of July
    assert "Which day? [Wednesday 22 July 2026] " in said and "Wednesday 22 July 2026, whole day? [yes] Nothing" in said, said


@case("nothing but text is written, whatever the terminal")
def _():
    for variables in ({}, {"TERM": "xterm-256color"}, {"TERM": "dumb"}, {"ACCESSIBLE": "1"}):
        client = Client(URL, tokens["demo"], **variables)
        said = talk("spaces", "help", "q", client=client)      # Client.run() looks for raw bytes
        assert "\t" not in said


@case("the end of the input is the end")
def _():
    equal(me().run("--lines", given="spaces").status, 0)
    equal(me().run("--lines", given="").status, 0)


@case("a line of a megabyte ends it, cleanly")
def _():
    equal(me().run("--lines", given="x" * 1_000_000 + "\nq\n").status, 0)


@case("a site that does not answer is told, and the rest goes on")
def _():
    said = talk("spaces", "help", "q", client=Client(Deaf().url, tokens["demo"]))
    assert "refuses the connection" in said and "quit, or q" in said, said


@case("a terminal that can draw nothing gets line mode")
def _():
    terminal = Terminal(me(), term="dumb")
    terminal.until("Your choice: ")
    terminal.type("q\n")
    equal(terminal.end(), 0)


def switches(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
    del status
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (thread / "status").read_text(), re.M)[1]) for thread in threads)


@case("nobody asks anything: it sleeps")
def _():
    terminal = Terminal(me())
    terminal.until("Your choice: ")
    time.sleep(1.5)
    before = switches(worker(terminal.pid))
    time.sleep(4)
    woke = switches(worker(terminal.pid)) - before
    assert woke <= 1, f"woke {woke} times in 4 seconds"
    terminal.type("q\n")
    equal(terminal.end(), 0)


# ---- passwords

def with_password():
    other = Server(options=["--sample-password", "password"])
    (other.directory / "password").write_text(PASSWORD)
    (other.directory / "password").chmod(0o600)
    return other.start()


@case("a password is asked for without echo, and Ctrl-C gives the echo back")
def _():
    other = with_password()
    client = Client(f"unix:{other.socket_path}")
    terminal = Terminal(client, "login", "demo")
    terminal.until(": ")
    terminal.type(PASSWORD + "\n")
    said = terminal.until("Logged in to ")
    assert PASSWORD not in said, said
    equal(terminal.end(), 0)
    pid, file = pty.fork()
    if pid == 0:
        os.execve("/bin/sh", ["sh", "-c", '"$HACKTIV" login demo; stty -a | grep -o " -*echo "'],
                  {**client.environment, "HACKTIV": os.environ["HACKTIV"], "PATH": os.environ["PATH"]})
    shell = Terminal.__new__(Terminal)
    shell.said, shell.pid, shell.file = "", pid, file
    shell.until(": ")
    time.sleep(0.2)
    shell.type("\x03")
    try:
        said = shell.until(" echo ", 10)
        assert "-echo" not in said, said
    except AssertionError as end:
        assert "it ended before" in str(end), end      # the shell may die of the same Ctrl-C, as shells do
    shell.end()
    other.stop()


@case("C13 a log-in that ends in the middle: the wish is kept, and goes after the log-in")
def _():
    other = with_password()
    client = Client()
    path = client.home / "my.cfg"
    path.write_text(f'sites = ( {{ id = "ici"; url = "unix:{other.socket_path}"; }} );\n')
    equal(client.run("login", "demo", "--password-stdin", "--config", str(path), given=PASSWORD + "\n").status, 0)
    terminal = Terminal(client, "--lines", "--config", str(path))
    terminal.until("Your choice: ")
    terminal.type("book grange 14/9 day\n")
    terminal.until("? [yes] ")
    other.stop()
    with sqlite3.connect(other.database) as database:
        database.execute("DELETE FROM token")
        database.execute("DELETE FROM refresh")
    database.close()
    other.start()
    terminal.type("o\n")
    terminal.until("Waiting for your log-in, not booked yet: La Ferme, La Grange")
    terminal.until("Your choice: ")
    terminal.type("login demo\n")
    terminal.until("Password: ")
    terminal.type(PASSWORD + "\n")
    terminal.until("Booked: La Ferme, La Grange, Mon 14/09/2026, whole day.")
    terminal.type("q\n")
    equal(terminal.end(), 0)
    other.stop()


run(server.stop)
