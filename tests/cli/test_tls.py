"""Who may answer for a site: certificates and keys of every wrong kind are refused, each by its name, before a byte of ours is sent. C04"""
import base64
import hashlib
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import threading
import atexit

from client import Client
from hostile import Hostile, answer, nobody
from tap import case, equal, rows, run

WORK = pathlib.Path(tempfile.mkdtemp(prefix="tls-"))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
SPACES = answer(b'{"items":[{"id":"x","name":"La Ferme","time_zone":"UTC"}]}')


# ---- certificates ----------------------------------------------------------------------------------------------------------------

def openssl(*words):
    return subprocess.run(["openssl", *words], cwd=WORK, check=True, capture_output=True, timeout=60).stdout


def make_key(name):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")


def signed_by(authority, name, host="localhost", from_="20200101000000Z", until="20491231235959Z", key=None):
    """NAME.pem, for `host`, signed by an authority; NAME.key, or another's."""
    if not key:
        make_key(name)
    openssl("req", "-new", "-key", f"{key or name}.key", "-subj", f"/CN={host}", "-out", f"{name}.csr")
    (WORK / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
    (WORK / "index.txt").write_text("")
    (WORK / "ca.cnf").write_text("[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n"
                                 "policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", f"{authority}.pem", "-keyfile", f"{authority}.key", "-in", f"{name}.csr",
            "-out", f"{name}.pem", "-startdate", from_, "-enddate", until, "-extfile", f"{name}.ext")


def signs_itself(name, host):
    make_key(name)
    openssl("req", "-x509", "-key", f"{name}.key", "-days", "3650", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
            "-out", f"{name}.pem")


def pin(name):
    """As the manual says it is read off."""
    key = openssl("x509", "-in", f"{name}.pem", "-pubkey", "-noout")
    (WORK / f"{name}.pub").write_bytes(key)
    der = openssl("pkey", "-pubin", "-in", f"{name}.pub", "-outform", "DER")
    return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()


for authority in ("ours", "theirs"):
    signs_itself(authority, f"{authority}.example")
signed_by("ours", "good")
signed_by("ours", "expired", until="20200102000000Z")
signed_by("ours", "early", from_="20480101000000Z")
signed_by("ours", "elsewhere", host="warp-core.example")
signed_by("theirs", "foreign")
signs_itself("alone", "localhost")
signed_by("ours", "renewed", key="good")


class Secure(Hostile):
    """The same behind TLS. What arrived of a request, if anything, is in `seen`; whether anybody knocked at all, in `knocked`."""

    def __init__(self, name, act=SPACES, prepare=lambda context: None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(WORK / f"{name}.pem", WORK / f"{name}.key")
        prepare(self.context)
        self.knocked = threading.Event()
        super().__init__(act)
        self.where = f"localhost:{self.port}"
        self.url = f"https://{self.where}"

    def _answer(self, connection):
        self.knocked.set()
        try:
            connection = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        super()._answer(connection)


def ask(url, *words, given=None, **settings):
    """`hacktiv spaces` with a site configured so."""
    me = Client(now=None)
    me.keep_token("ici", "hkt_secret")
    more = "".join(f' {name} = "{value}";' for name, value in settings.items())
    (me.home / "my.cfg").write_text(f'sites = (\n{{ id = "ici"; url = "{url}";{more} }}\n);')
    return me.run(*(words or ("spaces",)), "--config", "my.cfg", given=given)


def is_shown(said):
    equal(said.status, 0, said)
    assert "La Ferme" in said.out, said


def is_refused(said, secure, *sentences):
    equal((said.status, said.out), (4, ""), said)
    for sentence in sentences:
        assert sentence in said.told, f"no “{sentence}”: {said}"
    assert secure.where in said.told and "hkt_" not in said.told, said
    assert secure.knocked.is_set()
    equal(b"".join(secure.seen), b"")


# ---- C04 -------------------------------------------------------------------------------------------------------------------------

def old(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1


@rows("C04 nothing is sent to a site whose certificate", [
    ("has expired", "expired", "has expired. Is this machine's clock right? Nothing was sent."),
    ("is of tomorrow", "early", "is not valid yet. Is this machine's clock right? Nothing was sent."),
    ("is another's", "elsewhere", "is another server's. Nothing was sent."),
    ("was signed by an authority unknown here", "foreign", "is signed by nobody this machine trusts. Nothing was sent."),
    ("signs itself", "alone", "is signed by nobody this machine trusts. Nothing was sent."),
])
def _(name, sentence):
    secure = Secure(name)
    is_refused(ask(secure.url, ca_file=WORK / "ours.pem"), secure, sentence)


@rows("C04 and nothing of a password, or of a wish,", [("login", ["login", "demo", "--password-stdin"]), ("book", ["book", "ferme", "tomorrow", "am"])])
def _(words):
    secure = Secure("foreign")
    is_refused(ask(secure.url, *words, given="geheim\n", ca_file=WORK / "ours.pem"), secure, "Nothing was sent.")


@case("C04 a certificate that only our own file of authorities knows is not trusted without it")
def _():
    secure = Secure("good")
    is_refused(ask(secure.url), secure, "is signed by nobody this machine trusts. Nothing was sent.")


@case("C04 TLS older than 1.2 is not spoken")
def _():
    secure = Secure("good", prepare=old)
    is_refused(ask(secure.url, ca_file=WORK / "ours.pem"), secure, "does not speak TLS 1.2 or newer")


@case("C04 a file of authorities that is not there, or holds none, is no reason to trust anybody")
def _():
    (WORK / "nothing.pem").write_text("nothing\n")
    for name in ("nowhere.pem", "nothing.pem"):
        secure = Secure("good")
        said = ask(secure.url, ca_file=WORK / name)
        equal((said.status, said.out), (4, ""), said)
        assert "The file of certificates for" in said.told, said
        equal(b"".join(secure.seen), b"")


@rows("no surroundings make it less careful", [
    ("curl's own file of authorities", {"CURL_CA_BUNDLE": "theirs.pem", "SSL_CERT_FILE": "theirs.pem"}),
    ("curl's configuration", {"CURL_HOME": "."}),
])
def _(variables):
    (WORK / ".curlrc").write_text("insecure\n")
    secure = Secure("foreign")
    me = Client(secure.url, now=None, **{name: str(WORK / value) for name, value in variables.items() if name != "SSL_CERT_FILE"})
    is_refused(me.run("spaces"), secure, "Nothing was sent.")


# ---- who is let in ---------------------------------------------------------------------------------------------------------------

@rows("a site is believed", [
    ("that our own authority vouches for", "good", {"ca_file": "ours"}),
    ("that is its own authority, named as one", "alone", {"ca_file": "alone"}),
    ("that shows the pinned key", "good", {"ca_file": "ours", "pinned_key": ["good"]}),
    ("that shows the key pinned as the next one", "good", {"ca_file": "ours", "pinned_key": ["foreign", "good"]}),
    ("that renewed its certificate with the same key", "renewed", {"ca_file": "ours", "pinned_key": ["good"]}),
])
def _(name, settings):
    if name == "renewed":
        shutil.copy(WORK / "good.key", WORK / "renewed.key")
    is_shown(ask(Secure(name).url, **told(settings)))


def told(settings):
    shown = {"ca_file": WORK / f"{settings['ca_file']}.pem"} if "ca_file" in settings else {}
    if "pinned_key" in settings:
        shown["pinned_key"] = ";".join(pin(name) for name in settings["pinned_key"])
    return shown


@rows("a pinned key is asked for beside all else", [
    ("another key of the same authority", "good", {"ca_file": "ours", "pinned_key": ["expired"]}, "is not the one pinned in the configuration. Nothing was sent."),
    ("the right key of nobody we trust", "foreign", {"ca_file": "ours", "pinned_key": ["foreign"]}, "signed by nobody this machine trusts"),
    ("the right key, too old", "expired", {"ca_file": "ours", "pinned_key": ["expired"]}, "has expired"),
    ("the right key under another name", "elsewhere", {"ca_file": "ours", "pinned_key": ["elsewhere"]}, "is another server's"),
])
def _(name, settings, sentence):
    secure = Secure(name)
    is_refused(ask(secure.url, **told(settings)), secure, sentence)


@case("a pin with a slip in it leaves the site out, with its file and line")
def _():
    secure = Secure("good")
    said = ask(secure.url, ca_file=WORK / "ours.pem", pinned_key="sha256//secret")
    equal((said.status, said.out), (1, ""), said)
    assert "my.cfg:2: this site is left out: “pinned_key” is" in said.told, said
    assert not secure.knocked.is_set()


# ---- a site of the environment ---------------------------------------------------------------------------------------------------

def surely(secure, ca_file=None, pinned=None):
    """`hacktiv spaces` of a site that HACKTIV_URL names."""
    more = {"HACKTIV_CA_FILE": str(WORK / f"{ca_file}.pem")} if ca_file else {}
    if pinned:
        more["HACKTIV_PINNED_KEY"] = pinned
    return Client(secure.url, "hkt_secret", now=None, **more).run("spaces")


@rows("HACKTIV_CA_FILE and HACKTIV_PINNED_KEY: a site is believed with", [
    ("our own authority", "ours", None), ("the key besides", "ours", ["good"]), ("the next key besides", "ours", ["foreign", "good"])])
def _(ca_file, keys):
    is_shown(surely(Secure("good"), ca_file, ";".join(map(pin, keys)) if keys else None))


@rows("HACKTIV_CA_FILE and HACKTIV_PINNED_KEY: nothing is sent with", [
    ("neither", None, None, "is signed by nobody this machine trusts. Nothing was sent."),
    ("another authority", "theirs", None, "is signed by nobody this machine trusts. Nothing was sent."),
    ("another key", "ours", "expired", "is not the one pinned in the configuration. Nothing was sent."),
    ("the key alone", None, "good", "is signed by nobody this machine trusts. Nothing was sent.")])
def _(ca_file, key, sentence):
    secure = Secure("good")
    is_refused(surely(secure, ca_file, pin(key) if key else None), secure, sentence)


@case("HACKTIV_PINNED_KEY with a slip in it leaves no site at all")
def _():
    secure = Secure("good")
    said = surely(secure, "ours", "sha256//short")
    equal((said.status, said.out), (1, ""), said)
    assert "HACKTIV_PINNED_KEY: " in said.told, said
    assert not secure.knocked.is_set()


# ---- elsewhere -------------------------------------------------------------------------------------------------------------------

@rows("C10 a way elsewhere is not taken, and the token stays", [
    (f"{status} to {where}", status, where) for status, where in [(301, "another host"), (302, "the same host in the clear"),
     (303, "another host"), (307, "another host"), (308, "the same host in the clear")]])
def _(status, where):
    other = Secure("good") if where == "another host" else Hostile(SPACES)
    to = other.url.replace("127.0.0.1", "localhost")
    secure = Secure("good", answer(b"", f"{status} Elsewhere", "text/html", f"Location: {to}/v1/spaces"))
    said = ask(secure.url, ca_file=WORK / "ours.pem")
    equal((said.status, said.out), (4, ""), said)
    assert secure.seen and b"hkt_secret" in b"".join(secure.seen)
    equal(b"".join(other.seen), b"")


@case("a proxy of the surroundings is asked for a way to https, and sees neither token nor path; what fails there has its sentence")
def _():
    proxy = Hostile(answer(b"No.", "403 Forbidden", "text/html"))
    me = Client("https://reseau.example.org/secret-path", "hkt_secret", now=None, https_proxy=proxy.url)
    said = me.run("spaces")
    equal((said.status, said.out), (4, ""), said)
    heads = [head for head in proxy.seen if head]   # it may have ended on the first answer with another connection just made
    assert heads and all(head.startswith(b"CONNECT reseau.example.org:443 ") for head in heads), proxy.seen
    assert not any(b"hkt_" in head or b"secret-path" in head for head in proxy.seen), proxy.seen
    dead = Client("https://reseau.example.org", "hkt_secret", now=None, https_proxy=f"http://127.0.0.1:{nobody()}").run("spaces")
    equal((dead.status, dead.out), (4, ""), dead)


run()
