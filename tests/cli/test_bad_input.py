"""What a person sees when something is wrong around hacktiv: a sentence that says what to do, the right exit status, and nothing of
what the other side wrote."""
import json
import os
import subprocess
import sys

from client import Client, GoBetween
from hostile import HEAD, MEBIBYTE, Hostile, answer, bomb, chunks_without_end, nobody
from server import PASSWORD, Server, peopled
from tap import case, equal, rows, run

server, tokens = peopled()
URL = f"unix:{server.socket_path}"
TOKEN = tokens["demo"]
HACKTIV = os.environ["HACKTIV"]
CONTROLS = {chr(code) for code in [*range(32), *range(0x7f, 0xa0), *range(0x202a, 0x202f), *range(0x2066, 0x206a), 0x200b, 0x200e, 0x200f]}


def client(url=URL, **more):
    return Client(url, TOKEN, **more)


def fails(said, status, *sentences):
    """Nothing on standard output, and each sentence on standard error."""
    equal((said.status, said.out), (status, ""), said)
    for sentence in sentences:
        assert sentence in said.told, f"no “{sentence}”: {said}"


# ---- the address -----------------------------------------------------------------------------------------------------------------

@rows("an address that no site can have", [
    ("http over a network", "http://example.org", "Only https:// goes over a network"),
    ("a password in it", "https://zoe:secret@example.org", "log in with “hacktiv login”"),
    ("a question in it", "https://example.org/?a=b", "do not belong there"),
    ("no scheme", "example.org", "one looks like https://"),
    ("no host", "https://", "one looks like https://"),
    ("a port that is none", "http://localhost:99999", "one looks like https://"),
    ("a socket that is not named whole", "unix:hacktivd", "the whole path of a socket"),
    ("a socket with too long a name", "unix:/" + "a" * 300, "longer than the system allows"),
    ("what takes over a terminal", "https://a\x1b]0;x\x07.example", "one looks like https://"),
])
def _(url, sentence):
    said = client(url).run("spaces")
    fails(said, 1, "HACKTIV_URL: ", sentence)
    assert "secret" not in said.told, said


REFUSED = nobody()
NO_NAME = "n" * 64 + ".invalid"     # no name may be so long (RFC 1035, 2.3.4): no name server is asked, who may take longer than a connection may


@rows("nobody is there", [
    ("no such host", f"https://{NO_NAME}", f"The name {NO_NAME} cannot be found. Is it right"),
    ("a port where nobody listens", f"http://127.0.0.1:{REFUSED}", f"127.0.0.1:{REFUSED} refuses the connection. Is the server running?"),
])
def _(url, sentence):
    for words in (["spaces"], ["bookings"], ["book", "chimay", "tomorrow", "am"], ["login", "demo", "--password-stdin"]):
        fails(client(url).run(*words, given="x\n") if words[0] != "login" else Client(url).run(*words, given="x\n"), 4, sentence)
    told = client(url).run("spaces", "--json")
    equal((told.status, told.json()["outcome"]), (4, "unreachable"))
    assert sentence in told.told or sentence in json.dumps(told.json(), ensure_ascii=False), told


@case("https where plain HTTP is spoken")
def _():
    plain = Server(listen="127.0.0.1:0").start()
    fails(client(plain.address.replace("http:", "https:")).run("spaces"), 4, "No secure connection with 127.0.0.1:", "Is the address right?")
    plain.stop()


# ---- the answer ------------------------------------------------------------------------------------------------------------------

SECRET_WORDS = b"Traceback: Warp-Core"

STRANGE = [
    ("C09 a page of HTML", answer(b"<html>%s</html>" % SECRET_WORDS, kind="text/html"), "does this network ask you to log in first?"),
    ("C09 that the network wants a log-in", answer(SECRET_WORDS, "511 Network Authentication Required", "text/html"), "does this network ask you to log in first?"),
    ("a page that says not found", answer(SECRET_WORDS, "404 Not Found", "text/html"), "is the address right?"),
    ("a proxy's complaint", answer(SECRET_WORDS, "502 Bad Gateway", "text/html"), "is the address right?"),
    ("a server's complaint", answer(b'{"detail":"%s"}' % SECRET_WORDS, "500 Oops"), "The server has a problem of its own just now."),
    ("a way elsewhere", answer(b"", "302 Found", "text/html", "Location: https://warp-core.example/"), "We are sent elsewhere, and do not go:"),
    ("another shape", answer(b'{"items":[{"name":"%s"}]}' % SECRET_WORDS), "cannot be read"),
    ("half an answer", HEAD + b"Content-Length: 500\r\n\r\n" + SECRET_WORDS, "broke before the whole answer was there"),
    ("half a head", b"HTTP/1.1 200 OK\r\nX-" + SECRET_WORDS, "broke before the whole answer was there"),
    ("no word", b"", "broke before the whole answer was there"),
    ("another protocol", b"SSH-2.0-Warp-Core\r\n", "is not HTTP. Is the address right?"),
    ("a secure one", b"\x15\x03\x01\x00\x02\x02\x28", "is not HTTP. Is the address right?"),
    ("asked to wait", answer(b"", "429 Too Many Requests", "text/plain", "Retry-After: 60"), "asks us to wait until 07:31. Try again then."),
    ("asked to wait an hour", answer(SECRET_WORDS, "503 Not Now", "text/html", "Retry-After: 3600"), "asks us to wait until 08:30. Try again then."),
]


@rows("a server that answers", STRANGE)
def _(bytes_sent, sentence):
    said = client(Hostile(bytes_sent).url).run("spaces")
    fails(said, 4, sentence)
    assert "Traceback" not in said.told and "arp-" not in said.told, said
    equal(len(said.told.splitlines()), 1, said)


@case("a redirect is not followed, and the token goes nowhere else")
def _():
    elsewhere = Hostile(b"")
    fails(client(Hostile(answer(b"", "307 Elsewhere", "text/html", f"Location: {elsewhere.url}/v1/spaces")).url).run("spaces"), 4)
    equal(elsewhere.seen, [])


# What the sanitizer adds to each allocation and keeps of what was freed is as little as it can be; what it takes for itself is told by an
# answer with nothing in it, which the program alone reads in 13 MiB. Time is the processor's: other programs do not lengthen it.
MEASURE = """import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(ended.returncode, spent.ru_maxrss // 1024, spent.ru_utime + spent.ru_stime)"""
SANITIZER = "quarantine_size_mb=0:thread_local_quarantine_size_kb=0:max_redzone=16:malloc_context_size=0:allocator_release_to_os_interval_ms=0"
MEBIBYTES_MOST = 64                            # four lists at once, each answered so; without the sanitizer 49
MEBIBYTES_AT_REST = 13


def measured(me, *words):
    """Exit status, mebibytes at most, seconds."""
    ended = subprocess.run([sys.executable, "-S", "-E", "-c", MEASURE, HACKTIV, *words], timeout=120,
                           env={**me.environment, "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:{SANITIZER}"},
                           stdin=subprocess.DEVNULL, capture_output=True)
    status, mebibytes, seconds = ended.stdout.split()
    return int(status), int(mebibytes), float(seconds)


at_rest = []


def beyond_rest(mebibytes):
    if not at_rest:
        at_rest.append(measured(client(Hostile(answer(b'{"items":[]}')).url), "spaces")[1])
    return mebibytes - at_rest[0]


SPACE = b'{"id":"x","name":"x","time_zone":"UTC"}'
CLOSURES = b'{"id":"x","name":"x","time_zone":"UTC","opening":{"closures":[%s]}}' % b",".join([b'{"from":"2026-01-01","until":"2026-01-01"}'] * 400)


@rows("C19 a flood costs neither memory nor time", [
    ("ten megabytes of one list", answer(b'{"items":[%s]}' % b",".join([b"0.5"] * 2_500_000)), 4),
    ("ten thousand levels", answer(b'{"items":' + b"[" * 10_000 + b"]" * 10_000 + b"}"), 4),
    ("fifty megabytes, announced", answer(b"[" * (50 * MEBIBYTE)), 4),
    ("fifty megabytes in pieces", chunks_without_end, 4),
    ("fifty megabytes packed small", bomb(), 4),
    ("a head of a megabyte", b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * MEBIBYTE + b"\r\n\r\n", 4),
    ("a hundred thousand spaces", answer(b'{"items":[%s]}' % b",".join([SPACE] * 100_000)), 4),
    ("a thousand spaces", answer(b'{"items":[%s]}' % b",".join([SPACE] * 1000)), 0),
    ("spaces that are always closed", answer(b'{"items":[%s]}' % b",".join([CLOSURES] * 400)), 0),
    ("a million values", answer(b'{"items":[[%s]]}' % b",".join([b"0"] * 1_000_000)), 4),
    ("the deep", answer(b'{"items":' + b"[" * 4_000_000), 4),
])
def _(act, expected):
    status, mebibytes, seconds = measured(client(Hostile(act).url), "spaces")
    equal(status, expected)
    mebibytes = MEBIBYTES_AT_REST + beyond_rest(mebibytes)
    assert mebibytes <= MEBIBYTES_MOST, f"{mebibytes} MiB"
    assert seconds < 5, f"{seconds:.1f} s"


@rows("C18 a space of which", [
    ("more is told than anybody knows", b'"beacons":{"a":[1,{"b":null}]},"colour":"#fff"'),
    ("much is null", b'"town":null,"description":null,"opening":null,"day":null,"phone":null,"version":null,"country":null,"sample_data":null'),
    ("nothing else is told", b'"slug":""'),
])
def _(more):
    said = client(Hostile(answer(b'{"next":null,"prev":null,"items":[{"id":"x","name":"Warp","time_zone":"UTC",%s}],"x":1}' % more)).url).run("spaces")
    equal(said.status, 0, said)
    assert "Warp" in said.out, said


@rows("C19 a number", [
    ("as a text", b'"granule_s":"900","version":"17"'), ("beyond all", b'"version":1e999'), ("beyond all whole ones", b'"version":1e30,"granule_s":1e30'),
    ("with a fraction", b'"version":0.5,"granule_s":900.5'), ("below nothing", b'"version":-1,"granule_s":-900'),
    ("of a hundred digits", b'"version":' + b"9" * 100), ("that is a list", b'"version":[],"granule_s":{}'),
])
def _(more):
    for words in (["spaces"], ["spaces", "--json"]):
        said = client(Hostile(answer(b'{"items":[{"id":"x","name":"Warp","time_zone":"UTC",%s}]}' % more)).url).run(*words)
        equal((said.status, "Warp" in said.out + said.told), (4, False), said)
        assert "cannot be read" in said.told + said.out, said


# ---- refusals --------------------------------------------------------------------------------------------------------------------

@case("a refusal in a server's own words is quoted, tamed, on screen and in JSON")
def _():
    evil = "\x1b[2J\x1b]0;x\x07Pas \u202ece soir\u009b31m.\nJamais.\u200b"
    problem = answer(json.dumps({"type": "/problems/full-moon", "title": "x", "detail": evil}).encode(), "422 No", "application/problem+json")
    between = GoBetween(server)
    for words in (["book", "e420", "3/9", "am", "--any"], ["book", "e420", "3/9", "am", "--any", "--json"]):
        between.fault("^POST .*/bookings$", problem)
        refused = client(between.url).run(*words)
        equal(refused.status, 3, refused)
        text = json.dumps(refused.json(), ensure_ascii=False) if "--json" in words else refused.told.replace("\n", "")
        assert "Pas ce soir31m. Jamais." in text and not CONTROLS & set(text), text
        assert "\\u001b" not in refused.out and "\\u202e" not in refused.out.lower(), refused.out


@case("a desk that is taken between looking and booking: who was first has it, and the nearest free ones are named")
def _():
    day, wire_day = "7/9", "2026-09-07"

    def free(body):
        """What the desk was a moment ago."""
        shown = json.loads(body)
        for row in shown["items"]:
            if row["resource"]["name"] == "A4":
                row["morning"] = row["afternoon"] = "free"
        return json.dumps(shown).encode()
    equal(Client(URL, tokens["zoe.lambermont"]).run("book", "A4", day, "am").status, 0)
    between = GoBetween(server)
    between.fault(f"^GET .*/availability.date={wire_day}", free, times=100)
    refused = client(between.url).run("book", "A4", day, "am")
    fails(refused, 3, "taken", "Free instead:\n  Coworking E420, A")
    told = client(between.url).run("book", "A4", day, "am", "--json").json()
    equal((told["outcome"], told["problem"]["rule"], told["item"]), ("conflict", "slot-taken", None))
    equal({other["space_name"] for other in told["problem"]["alternatives"][:1]}, {"Coworking E420"})


@rows("a wrong password", [("in text", []), ("in JSON", ["--json"])])
def _(more):
    with_password = Server(options=["--sample-password", "password"])
    (with_password.directory / "password").write_text(PASSWORD)
    (with_password.directory / "password").chmod(0o600)
    with_password.start()
    wrong = Client(f"unix:{with_password.socket_path}").run("login", "demo", "--password-stdin", *more, given="Warp-Core\n")
    equal(wrong.status, 3, wrong)
    assert "The login or the password is wrong." in wrong.told + wrong.out and "Warp" not in wrong.told + wrong.out, wrong
    with_password.stop()


# ---- the configuration -----------------------------------------------------------------------------------------------------------

@rows("a configuration", [
    ("that is cut off", 'sites = ( { id = "x" url }', 1, ":1: syntax error", "Nothing of this file is used, the defaults stand."),
    ("with an unclosed quote", 'language = "fr;\ncolour = "auto";\n', 3, "an unclosed quote above", "the defaults stand."),
    ("with a slip in a site", 'sites = (\n{ id = "ici"; ulr = "unix:/x"; } );', 2, ":2: “ulr” is not known; perhaps “url” was meant.",
     "“url” is missing"),
    ("with a number too small", "\n\nescape_delay_ms = 5;", 3, ":3: “escape_delay_ms”", "from 10 to 1000 was expected"),
    ("in another alphabet", 'language = "fr\udce9";', 1, "“fr” or “en” was expected"),
    ("that is no text", "\x00\x01\x02", None, "this is not a text file", "the defaults stand."),
    ("with a site that is not safe", 'sites = ( { id = "a"; url = "http://example.org"; } );', 1, "this site is left out: Only https://"),
    ("with a system we do not speak to", 'sites = ( { id = "a"; url = "https://a.example"; backend = "x"; } );', 1, "known: hacktiv."),
])
def _(text, line, *sentences):
    me = Client()
    path = me.home / ".config" / "hacktiv" / "config.cfg"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
    fails(me.run("spaces"), 1, f"{path}:{line}: " if line else f"{path}: ", *sentences, "No site is configured.")
    me.environment["HACKTIV_URL"] = URL
    shown = me.run("spaces")
    equal(shown.status, 0, shown)
    assert sentences[0] in shown.told and "La Ferme" in shown.out, shown


@rows("a configuration file", [("that is not there", "nowhere.cfg", "cannot be read"), ("that is a directory", ".", "is not an ordinary file")])
def _(name, sentence):
    said = client().run("spaces", "--config", name)
    equal(said.status, 0, said)
    assert sentence in said.told, said


# ---- the token -------------------------------------------------------------------------------------------------------------------

@rows("HACKTIV_TOKEN_FILE", [
    ("empty", b"", 0o600, "holds no token"), ("an empty line", b"\n", 0o600, "holds no token"),
    ("two tokens", b"hkt_a\nhkt_b\n", 0o600, "holds no token"), ("bytes", bytes(range(256)), 0o600, "holds no token"),
    ("what would end a line", b"hkt_a\r\nX-Evil: 1", 0o600, "holds no token"), ("a novel", b"x" * 100_000, 0o600, "larger than such a file may be"),
    ("read by the group", b"hkt_secret\n", 0o640, "chmod 600"), ("read by all", b"hkt_secret\n", 0o604, "chmod 600"),
])
def _(content, mode, sentence):
    between = GoBetween(server)
    me = Client(between.url)
    path = me.home / "token"
    path.write_bytes(content)
    path.chmod(mode)
    me.environment["HACKTIV_TOKEN_FILE"] = str(path)
    said = me.run("bookings")
    fails(said, 3, str(path), sentence)
    assert "hkt_" not in said.told, said
    equal(me.run("spaces").status, 0)                          # what everybody may see needs none


@case("HACKTIV_TOKEN_FILE that is not there, a directory, a link, or not readable")
def _():
    me = Client(URL)
    (me.home / "true").write_text(TOKEN)
    (me.home / "true").chmod(0o600)
    (me.home / "link").symlink_to(me.home / "true")
    for name, sentence in (("nowhere", "No such file"), (".", "not an ordinary file"), ("link", "is a link")):
        me.environment["HACKTIV_TOKEN_FILE"] = str(me.home / name)
        fails(me.run("bookings"), 3, sentence)
    if os.getuid() != 0:                                       # root reads everything
        (me.home / "true").chmod(0)
        me.environment["HACKTIV_TOKEN_FILE"] = str(me.home / "true")
        fails(me.run("bookings"), 3, "Permission denied")


@case("HACKTIV_TOKEN_FILE alone makes no site; with one site of the configuration it serves that one")
def _():
    me = Client(token=TOKEN)
    fails(me.run("bookings"), 1, "No site is configured.")
    (me.home / "my.cfg").write_text(f'sites = ( {{ id = "ici"; url = "{URL}"; }} );')
    equal(me.run("bookings", "--config", "my.cfg").status, 0)


@case("HACKTIV_TOKEN_FILE is shown to no other site than the one it is for")
def _():
    other = Hostile(answer(b"{}", "404 Not Found"))
    me = Client(token=TOKEN)
    (me.home / "my.cfg").write_text(f'sites = ( {{ id = "ici"; url = "{URL}"; }}, {{ id = "la"; url = "{other.url}"; }} );')
    said = me.run("spaces", "--config", "my.cfg")
    assert "HACKTIV_TOKEN_FILE is for one site" in said.told, said
    assert other.seen and not any(b"uthorization" in head for head in other.seen), other.seen


@case("who has HACKTIV_TOKEN_FILE does not log in: no password is asked for or sent")
def _():
    between = GoBetween(server)
    said = client(between.url).run("login", "demo", "--password-stdin", given="x\n")
    fails(said, 3, "HACKTIV_TOKEN_FILE is only read: unset it to log in.")
    equal(between.count("POST"), 0)


# ---- the shell around it ---------------------------------------------------------------------------------------------------------

def shell(me, command):
    return subprocess.run(["sh", "-c", command], env=me.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


@rows("a locale without UTF-8", [("C", {"LC_ALL": "C"}), ("POSIX", {"LC_ALL": "POSIX"}), ("French", {"LC_ALL": "C", "LANGUAGE": "fr"}),
                                 ("none there is", {"LC_ALL": "xx_XX.KOI8-R"})])
def _(variables):
    me = client(**variables)
    for words in (["spaces"], ["desks", "pepi"], ["bookings"], ["whoami"], ["book", "pépinière", "21/7", "soir"], ["book", "étable", "21/7", "am"]):
        said = me.run(*words)
        assert variables["LC_ALL"].startswith("xx") or (said.out + said.told).isascii(), said
        assert said.out or said.told, words
    whole = me.run("spaces", "--json").json()
    assert "Pépinière Val de Vence" in [item["name"] for item in whole["items"]]


@rows("no standard input", [
    ("and a password wanted on it", "login demo --password-stdin <&-", "No password was given."),
    ("at its end", "login demo --password-stdin </dev/null", "No password was given."),
    ("and somebody to be asked", "login demo <&-", "use --password-stdin"),   # without a name, a code is shown and waited for: test_account.py
])
def _(command, sentence):
    ended = shell(Client(URL), f"$HACKTIV {command}")
    equal((ended.returncode, ended.stdout), (1, b""), ended)
    assert sentence in ended.stderr.decode(), ended


@rows("C40: no room for the output", [
    ("spaces", "spaces >/dev/full"), ("JSON", "bookings --json >/dev/full"), ("help", "--help >/dev/full"), ("version", "--version >/dev/full"),
    ("completion", "completion bash >/dev/full"), ("closed", "--help >&-"), ("the overview", ">/dev/full"),
])
def _(command):
    ended = shell(client(), f"$HACKTIV {command}")
    equal((ended.returncode, ended.stdout), (1, b""), ended)
    assert b"the output could not be written: " in ended.stderr, ended


@rows("what was done is told though the output cannot be written", [("full", ">/dev/full", "9/9"), ("closed", ">&-", "10/9"),
                                                                   ("full, JSON", "--json >/dev/full", "11/9")])
def _(way, day):
    me = client()
    ended = shell(me, f"$HACKTIV book e420 {day} am --any {way}")
    equal(ended.returncode, 1, ended)
    assert b"the output could not be written: " in ended.stderr and b"Booked: Coworking E420" in ended.stderr, ended
    cancelled = shell(me, f"$HACKTIV cancel e420 {day} {way}")
    assert b"Cancelled: " in cancelled.stderr, cancelled


@case("a reader that wants no help: an end without a word")
def _():
    ended = shell(client(), "{ $HACKTIV --help; echo $? >&2; } | true")
    equal(ended.stderr.decode().strip(), "0")


@rows("a variable that says what cannot be", [
    ("the time", {"HACKTIV_NOW": "yesterday"}, "HACKTIV_NOW must be an instant such as"),
    ("the log", {"HACKTIV_LOG": "/nowhere/log"}, "HACKTIV_LOG: The log file cannot be opened: No such file or directory."),
])
def _(variables, sentence):
    me = client()
    me.environment.update(variables)
    fails(me.run("spaces"), 2, sentence)


@case("line mode tames names and sentences as well")
def _():
    evil = "\x1b]0;x\x07La\u202eFerme\u200b\u009b31m\nsecond"

    def rename(body):
        given = json.loads(body)
        for item in given.get("items", []):
            for holder, fields in ((item, ("name", "town", "space_name", "resource_name")), (item.get("resource", {}), ("name", "note"))):
                holder.update({field: evil for field in fields if field in holder})
        return json.dumps(given).encode()
    between = GoBetween(server)
    between.fault("^GET ", rename, times=1000)
    said = client(between.url).run("--lines", given="spaces\nbookings\ndesks la\nbook x\x1b[2J\u202ey 21/7 am\nquit\n")
    equal(said.status, 0, said)
    assert said.out.count("]0;xLaFerme31m second") > 4 and not CONTROLS & set(said.out.replace("\n", "")), said


# ---- more than one page ----------------------------------------------------------------------------------------------------------

def new_uuid(number):
    return f"0198b1a0-0000-7000-8000-{number:012}"


@case("more bookings than a page holds are shown whole")
def _():
    desks = [item["id"] for item in server.get("/v1/spaces/e420/resources").json()["items"]
             if item["kind"] == "desk" and item["state"] == "bookable"]
    wishes = [{"resource_id": desk, "date": f"2026-{day}", "part": part}
              for day in ("09-28", "09-29", "09-30", "10-01", "10-02", "10-05", "10-06", "10-07", "10-08", "10-09") for desk in desks for part in ("am", "pm")]
    for number, wish in enumerate(wishes):
        id = f"0198b1a0-0000-7000-8000-{number:012}"
        equal(server.request("POST", "/v1/spaces/e420/bookings", {"id": id, **wish}, token=TOKEN, key=f'"{id}"').status, 201)
    assert len(wishes) > 200, len(wishes)
    between = GoBetween(server)
    items = client(between.url).run("bookings", "--json").json()["items"]
    equal(sum(1 for item in items if item["date"] >= "2026-09-28"), len(wishes))
    equal(len({item["id"] for item in items}), len(items))
    assert between.count("cursor="), between.seen


run(server.stop)
