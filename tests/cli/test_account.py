"""Who is let in, from the shell: by a code, by a program that tells the password, and two of us with one token file. C14 C34 C35."""
import concurrent.futures
import html
import re
import subprocess
import threading

from client import Client, GoBetween, Run, json_answer, kill
from server import FORM, PASSWORD, Server, form
from tap import case, equal, rows, run

server = Server(options=["--sample-password", "password"])
(server.directory / "password").write_text(PASSWORD)
(server.directory / "password").chmod(0o600)
server.start()
URL = f"unix:{server.socket_path}"


def answer_page(code, what):
    """What the person does on another device."""
    page = server.request("POST", "/device", form(step="login", user_code=code, login="demo", password=PASSWORD), headers=FORM)
    token = html.unescape(re.search('name="form_token" value="([^"]*)"', page.body.decode())[1])
    cookie = page.header("Set-Cookie").split(";")[0]
    equal(server.request("POST", "/device", form(step="confirm", form_token=token, answer=what), headers={**FORM, "Cookie": cookie}).status, 200)


class ByCode:
    """`hacktiv login` that shows its code and waits for the answer."""

    def __init__(self, client, *words):
        self.process = client.launch("login", *words, bufsize=0)   # communicate() knows nothing of what readline() read ahead
        self.told = ""
        while not (found := re.search(r"\b([B-Z]{4}-[B-Z]{4})\n", self.told)):
            line = self.process.stderr.readline().decode()
            assert line, self.told
            self.told += line
        self.code = found[1]

    def end(self):
        out, told = self.process.communicate(timeout=60)
        return Run(self.process.returncode, out.decode(), self.told + told.decode())


# ---- by a code

@case("a code, a yes, a no, and who gives up: each told in words")
def _():
    yes, json, no, gone = Client(URL), Client(URL), Client(URL), Client(URL)
    waiting = [ByCode(yes, "--qr"), ByCode(json, "--json"), ByCode(no), ByCode(gone)]
    for at, what in enumerate(("allow", "allow", "deny")):
        answer_page(waiting[at].code, what)
    waiting[3].process.terminate()
    said, said_json, refused, left = [one.end() for one in waiting]
    equal((said.status, said.out), (0, "Logged in to localhost as demo.\n"), said)
    assert "open this page on any device:\n    http://localhost/device\n" in said.told, said
    assert "A QR code has no room here" in said.told and PASSWORD not in said.told, said
    equal((said_json.status, said_json.json()["outcome"]), (0, "done"), said_json)
    equal((refused.status, "The answer there was no." in refused.told), (3, True), refused)
    equal(left.status, 128 + 15, left)
    equal(yes.run("whoami", "--json").json()["items"][0]["login"], "demo")
    assert not list(no.state.glob("tokens/*")) and not list(gone.state.glob("tokens/*"))


@case("a site that lets nobody in by a code: a password is asked for instead")
def _():
    between = GoBetween(server)
    between.fault("/oauth/device", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    said = Client(between.url).run("login")
    equal(said.status, 1, said)
    assert "Say who logs in: hacktiv login LOGIN" in said.told, said


# ---- a program that tells the password

def with_command(command, log=False, url=URL):
    client = Client()
    path = client.home / "my.cfg"
    path.write_text(f'sites = ( {{ id = "ici"; url = "{url}"; login = "demo"; password_command = {command}; }} );\n')
    client.environment["PASS"] = PASSWORD
    if log:
        client.environment["HACKTIV_LOG"] = str(client.home / "log")
    return client, lambda *words, **more: client.run(*words, "--config", str(path), **more)


@rows("password_command", [
    ("for the shell", '''"echo nobody >&2; printf '%s\\\\nsecond line' \\"$PASS\\""'''),
    ("in words", '''[ "printenv", "PASS" ]'''),
    ("that leaves something running", '''"sleep 30 >/dev/null & printenv PASS"'''),
])
def _(command):
    client, hacktiv = with_command(command, log=True)
    said = hacktiv("bookings", "--json")
    equal((said.status, said.told), (0, ""), said)
    assert said.json()["items"], said
    everything = b"".join(path.read_bytes() for path in client.home.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in everything
    equal(hacktiv("login").out, "Logged in to localhost as demo.\n")
    equal(hacktiv("logout").status, 0)
    equal(len(list(client.state.glob("tokens/ici"))), 0)


@rows("password_command that", [
    ("is wrong", '''"echo wrong"''', "does not take the password that password_command told"),
    ("fails", '''"printenv PASS; exit 3"''', "ended with status 3"),
    ("is ended", '''"kill -9 $$"''', "was ended by signal 9"),
    ("says nothing", '''"true"''', "told no password"),
    ("says an empty line", '''"echo; echo secret"''', "told no password"),
    ("says too much", '''"head -c 100000 /dev/zero | tr '\\\\0' x"''', "too long for a password"),
    ("is not there", '''[ "/nowhere/pass" ]''', "cannot be started"),
])
def _(command, sentence):
    client, hacktiv = with_command(command)
    said = hacktiv("bookings")
    equal(said.status, 3, said)
    assert sentence in said.told and "Log in first" in said.told and PASSWORD not in said.told, said
    equal(said.told.count(sentence), 1, said)
    equal(hacktiv("spaces").status, 0)


@case("C17 a log-in that the site does not accept as such is told in its words, not as a wrong password")
def _():
    between = GoBetween(server)
    body = b'{"type":"/problems/validation","title":"x","detail":"A login has no \\u001b[31mspaces."}'
    answer = json_answer(body, "422 Unprocessable Content").replace(b"application/json", b"application/problem+json")
    between.fault("^POST /v1/sessions", answer, times=3)
    words = "The server did not accept the request. The server says: “A login has no [31mspaces.”"
    _, hacktiv = with_command('"echo wrong"', url=between.url)
    for said in (hacktiv("bookings"), Client(between.url).run("login", "demo", "--password-stdin", given="wrong\n")):
        equal(said.status, 3, said)
        assert words in said.told and "does not take the password" not in said.told and "is wrong" not in said.told, said


@rows("password_command set wrong:", [
    ("a number", "7", "a command in double quotes"), ("nothing", '""', "a command in double quotes"), ("no word", "[ ]", "a command in double quotes"),
    ("an empty name", '[ "", "x" ]', "a command in double quotes"), ("words that are none", "( 7 )", "a command in double quotes")])
def _(command, sentence):
    _, hacktiv = with_command(command)
    assert sentence in hacktiv("spaces").told


@case("password_command without a login leaves the site out, and says so")
def _():
    client = Client()
    path = client.home / "my.cfg"
    path.write_text(f'sites = ( {{ id = "ici"; url = "{URL}"; password_command = "echo x"; }} );\n')
    assert "whose password it tells" in client.run("spaces", "--config", str(path)).told


# ---- the token file

def logged_in(url=URL):
    client = Client(url)
    equal(client.run("login", "demo", "--password-stdin", given=PASSWORD + "\n").status, 0)
    return client, next(path for path in client.state.glob("tokens/*") if path.suffix != ".lock")


def age(path):
    """As if it had been got an hour ago."""
    text = path.read_text()
    path.write_text(re.sub(r"^expires (\d+)$", lambda found: f"expires {int(found[1]) - 3590}", text, flags=re.M))
    return text


@case("C34 a token file that others can read, and one that is a link, are not used: the chmod to run is told")
def _():
    client, token = logged_in()
    token.chmod(0o644)
    said = client.run("bookings")
    equal(said.status, 3, said)
    assert f"chmod 600 {token}" in said.told and "hkt_" not in said.told, said
    token.chmod(0o600)
    equal(client.run("bookings").status, 0)
    token.rename(client.home / "elsewhere")
    token.symlink_to(client.home / "elsewhere")
    said = client.run("bookings")
    equal(said.status, 3, said)
    assert "is a link" in said.told, said


@case("C35 eight of us find the same old token: one renews it, all go on with what that one got")
def _():
    between = GoBetween(server)
    client, token = logged_in(between.url)
    before = age(token)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: client.run("whoami", "--json"), range(8)))
    equal([(end.status, end.json()["items"][0]["login"]) for end in ends], [(0, "demo")] * 8)
    equal(between.count("POST /oauth/token"), 1)
    assert token.read_text() != before
    age(token)
    equal(client.run("bookings").status, 0)           # the site has not ended the session


@case("C14 C35 killed when the site had renewed and the answer was on its way: the other goes on with the same refresh token")
def _():
    between = GoBetween(server)
    client, token = logged_in(between.url)
    age(token)
    between.fault("POST /oauth/token", "late")
    first = client.launch("bookings")
    assert between.arrived.wait(30)
    second = client.launch("bookings", "--json")
    threading.Timer(0.5, kill, [first]).start()       # meanwhile the second one waits for its lock
    out, told = second.communicate(timeout=60)
    between.go_on.set()
    equal(second.returncode, 0, told.decode())
    equal(between.count("POST /oauth/token"), 2)
    age(token)
    equal(client.run("bookings").status, 0)


@case("C14 the answer is lost on the way: the same is asked for again, once, and nobody has to log in")
def _():
    between = GoBetween(server)
    client, token = logged_in(between.url)
    age(token)
    between.fault("POST /oauth/token", "lose")
    equal(client.run("bookings").status, 0)
    equal(between.count("POST /oauth/token"), 2)


@case("C14 C35 one of us that was stopped while it renewed takes what another got meanwhile, and does not ask again with what is used up")
def _():
    between = GoBetween(server)
    client, token = logged_in(between.url)
    age(token)
    other = Client(between.url)
    other.keep_token(token.name, token.read_text())
    between.fault("POST /oauth/token", "hold")
    stopped = client.launch("bookings", "--json")
    assert between.arrived.wait(30)
    equal(other.run("bookings").status, 0)            # it did not wait any longer
    (other.state / "tokens" / token.name).rename(token)
    between.go_on.set()                               # the answer is lost: after such a time perhaps no other is given
    out, told = stopped.communicate(timeout=60)
    equal(stopped.returncode, 0, told.decode())
    equal(between.count("POST /oauth/token"), 2)
    equal(client.run("bookings").status, 0)


@case("C35 a log-out in one is one in the other")
def _():
    client, token = logged_in()
    text = token.read_text()
    equal(client.run("logout").status, 0)
    token.write_text(text)                            # as the other has it in its memory
    token.chmod(0o600)
    said = client.run("bookings")
    equal(said.status, 3, said)
    assert "Log in first" in said.told, said


run(server.stop)
