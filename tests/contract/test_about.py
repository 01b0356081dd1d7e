"""What a server says of itself: its description, its catalogue, its problems' types, whom to tell of a hole."""
import re
import subprocess

from caller import Caller
from contract import PATH
from server import NOW, Server
from tap import case, equal, rows, run

CONTACT = "mailto:security@example.org"
caller = Caller(options=["--security-contact", CONTACT, "--public-url", "https://booking.example.org"])
get = caller.get
TYPES = sorted(set(re.findall(r"/problems/([a-z-]+)", PATH.read_text())))


@case("the description is the one of this source, to the byte, and told once")
def _():
    answer = get("/v1/openapi.yaml")
    equal((answer.media_type, answer.body), ("application/yaml", PATH.read_bytes()))
    equal(get("/v1/openapi.yaml", headers={"If-None-Match": answer.header("ETag")}).status, 304)


@case("every type of a problem leads to a page with its meaning, and no two to the same title")
def _():
    assert len(TYPES) > 50, TYPES
    titles = {}
    for name in TYPES:
        answer = get(f"/problems/{name}")
        page = answer.body.decode()
        title, words = re.search(r"<h1>(.+)</h1><p>(.{20,})</p>", page).groups()
        assert f"<title>{title}</title>" in page and answer.header("Content-Security-Policy").startswith("default-src 'none'"), answer
        titles.setdefault(title, []).append(name)
    equal({title: names for title, names in titles.items() if len(names) > 1}, {})


@case("a refusal's own type leads there")
def _():
    refused = get("/v1/spaces/nowhere")
    answer = get(refused.json()["type"])
    assert answer.status == 200 and f"HTTP {refused.status}." in answer.body.decode(), answer


@rows("no type", [("unknown", "nothing-of-ours"), ("empty", ""), ("other", "other"), ("none", "."), ("hostile", "%3Cscript%3E")])
def _(name):
    answer = get(f"/problems/{name}")
    equal((answer.status, answer.problem), (404, "not-found"))
    assert b"script" not in answer.body, answer


@case("the catalogue names what is there")
def _():
    answer = get("/.well-known/api-catalog")
    equal(answer.header("Content-Type"), 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"')
    links = [link for anchor in answer.json()["linkset"] for name, some in anchor.items() if name != "anchor" for link in some]
    assert {"service-desc", "item"} <= {name for anchor in answer.json()["linkset"] for name in anchor}
    for link in links:
        there = get(link["href"].removeprefix("https://booking.example.org"))
        equal((there.status, there.media_type), (200, link["type"]), str(link))


@case("whom to tell of a hole: a contact, until when that is good, where it stands")
def _():
    lines = dict(line.split(": ", 1) for line in get("/.well-known/security.txt").body.decode().splitlines())
    equal((lines["Contact"], lines["Canonical"]), (CONTACT, "https://booking.example.org/.well-known/security.txt"))
    assert NOW[:10] < lines["Expires"] < "2027-07-15" and lines["Expires"].endswith("Z"), lines


@case("nobody was named: there is no such page")
def _():
    server = Server().start()
    equal(server.get("/.well-known/security.txt").status, 404)
    server.stop()


@rows("a contact that is none is refused at the start", [
    ("a word", "me"), ("nothing behind", "mailto:"), ("no TLS", "http://example.org"), ("two lines", "mailto:a@b\nExpires: never")])
def _(contact):
    server = Server(options=["--security-contact", contact])
    told = subprocess.run(server.command(), env=server.environment(), capture_output=True, text=True, timeout=30)
    assert told.returncode != 0 and "Say whom to tell" in told.stderr, told


run(caller.server.stop)
