"""The page on which a person lets a device in, as a browser has it: with and without script, in four languages, on a narrow screen, by
keyboard alone; and what keeps others out (S20, RFC 8628 5.1 and 5.4, ASVS 3.4, WCAG 2.2 AA)."""
import html
import re

from browser import Browser
from contract import Contract
from server import FORM, PASSWORD, Server, form, postgres_case
from tap import case, equal, rows, run

contract = Contract()
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TAB = "\ue004"
LANGUAGES = {
    "fr": ("Connecter un appareil", "Qui êtes-vous ?", "Laisser entrer cet appareil ?", "C’est fait"),
    "nl": ("Een toestel aanmelden", "Wie bent u?", "Dit toestel toelaten?", "Klaar"),
    "de": ("Ein Gerät anmelden", "Wer sind Sie?", "Dieses Gerät zulassen?", "Erledigt"),
    "en": ("Connect a device", "Who are you?", "Let this device in?", "Done"),
}

server = Server(listen="127.0.0.1:0", options=["--trusted-proxy", "127.0.0.1"]).with_password().start()


def call(method, target, body=None, **more):
    return contract.judge(method, target, server.request(method, target, body, **more))


def ask(scope="bookings directory", address="198.51.100.7"):
    return call("POST", "/oauth/device_authorization", form(client_id="hacktiv-tui", scope=scope),
                headers={**FORM, "X-Forwarded-For": address}).json()


def poll(device):
    return call("POST", "/oauth/token", form(grant_type=GRANT, client_id="hacktiv-tui", device_code=device["device_code"]), headers=FORM)


def outcome(device):
    answer = poll(device).json()
    return answer.get("error", "let in")


def post(address="198.51.100.8", cookie=None, **fields):
    headers = {**FORM, "X-Forwarded-For": address, "Accept": "text/html"}
    if cookie:
        headers["Cookie"] = cookie
    return call("POST", "/device", form(**fields), headers=headers)


def page_of(answer):
    return answer.body.decode()


def hidden(answer, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page_of(answer))
    return html.unescape(found[1]) if found else None


def logged_in(device, address="198.51.100.8"):
    """(answer, cookie) of the page that asks for yes or no."""
    answer = post(address, step="login", lang="en", user_code=device["user_code"], login="demo", password=PASSWORD)
    equal(answer.status, 200)
    return answer, answer.header("Set-Cookie").split(";")[0]


def confirm(answer, cookie, what, **more):
    return post(cookie=cookie, step="confirm", lang="en", form_token=hidden(answer, "form_token"), answer=what, **more)


# ---- in a browser -------------------------------------------------------------------------------------------------------------

def walk(browser, language, device):
    titles = LANGUAGES[language]
    browser.open(server.address + "/device")
    equal((browser.attribute("html", "lang"), browser.text("h1"), browser.cookies()), (language, titles[0], []))
    browser.picture(f"code-{language}")
    browser.type("#user_code", device["user_code"].lower().replace("-", " "))
    browser.click("main button")
    equal((browser.text("h1"), browser.cookies()), (titles[1], []), "no cookie before it is needed")
    browser.picture(f"login-{language}")
    browser.type("#login", "demo")
    browser.type("#password", "not this one")
    browser.click("main button")
    equal((browser.text("h1"), browser.attribute("#login", "aria-invalid"), browser.wait_for_focus("login")), (titles[1], "true", "login"))
    assert browser.attribute("#login", "aria-describedby") == "wrong-login" and browser.text("#wrong-login")
    browser.picture(f"wrong-{language}")
    browser.type("#password", PASSWORD)
    browser.click("main button")
    equal(browser.text("h1"), titles[2])
    told = browser.text("main")
    for word in ("hacktiv", device["user_code"], "2026-07-15, 07:30", "198.51.100.7", "Camille Noiret (demo)"):
        assert word in told, (word, told)
    equal(len(browser.find_all("main li")), 2)
    browser.picture(f"confirm-{language}")
    equal([(cookie["httpOnly"], cookie["sameSite"], cookie["path"]) for cookie in browser.cookies()], [(True, "Strict", "/device")])
    equal(outcome(device), "authorization_pending")
    browser.click("button[value=allow]")
    equal((browser.text("h1"), browser.cookies()), (titles[3], []))
    browser.picture(f"done-{language}")
    equal(outcome(device), "let in")


@rows("a person lets a device in, in four languages", [("with script", True), ("without script", False)])
def _(script):
    with Browser(script=script) as browser:
        for language in LANGUAGES:
            browser.prefer(language)
            walk(browser, language, ask())


@case("the language is there to choose, in each of them, and takes along what stands on the page")
def _():
    device = ask()
    with Browser(languages="it") as browser:
        browser.open(device["verification_uri_complete"])
        equal((browser.attribute("html", "lang"), browser.attribute("#user_code", "value")), ("fr", device["user_code"]))
        for language in ("nl", "de", "en", "fr"):
            browser.click(f"nav button[value={language}]")
            equal((browser.attribute("html", "lang"), browser.text("h1")), (language, LANGUAGES[language][0]))
            equal((browser.attribute("#user_code", "value"), browser.text("nav [aria-current]")),
                  (device["user_code"], browser.text(f"nav [lang={language}]")))
        browser.click("main button")
        browser.click("nav button[value=de]")
        equal((browser.text("h1"), device["user_code"] in browser.text("main")), (LANGUAGES["de"][1], True))
        browser.type("#login", "demo")
        browser.type("#password", PASSWORD)
        browser.click("main button")
        browser.click("nav button[value=nl]")
        equal(browser.text("h1"), LANGUAGES["nl"][2])
        browser.click("button[value=deny]")
        equal(browser.attribute("html", "lang"), "nl")
    equal(outcome(device), "access_denied")


@case("by keyboard alone, in the order of the page, with every field named")
def _():
    with Browser(languages="en") as browser:
        browser.open(server.address + "/device")
        order = []
        for _ in range(6):
            browser.press(TAB)
            order.append(browser.focused()[1:])
        equal(order, [("user_code", ""), (None, None) if order[1] == (None, None) else ("", ""), *[("language", code) for code in LANGUAGES]])
        equal(browser.role_and_name(browser.find("#user_code")), ("textbox", "Code"))
        equal(browser.role_and_name(browser.find("nav")), ("navigation", "Language"))
        equal(browser.role_and_name(browser.find("main button")), ("button", "Continue"))
        browser.type("#user_code", "WRONG" + "\ue007")
        browser.wait_for("#wrong-user_code")
        equal((browser.wait_for_focus("user_code"), browser.title.startswith("There is a problem")), ("user_code", True))
        equal(browser.attribute("#user_code", "aria-describedby"), "wrong-user_code hint-user_code")


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@rows("at 320 pixels nothing is cut off, what is pressed is large enough, and all can be read", [("light", False), ("dark", True)])
def _(dark):
    device = ask("bookings bookings:write directory profile:write staff stats", address="2001:db8:85a3:1111:2222:8a2e:370:7334")
    with Browser(languages="de", width=320, height=900, dark=dark) as browser:
        browser.resize(320, 900)
        for step in ("code", "login", "confirm"):
            if step == "code":
                browser.open(device["verification_uri_complete"])
            width = browser.rectangle(browser.find("html"))["width"]
            for element in browser.find_all("main *, nav *, header"):
                box = browser.rectangle(element)
                assert box["x"] >= 0 and box["x"] + box["width"] <= width, (step, box, width)
            for element in browser.find_all("button, input:not([type=hidden])"):
                box = browser.rectangle(element)
                assert box["height"] >= 44 and box["width"] >= 24, (step, box)
            ground = browser.style("body", "background-color")
            for css in ("h1", "main p", "main label", "nav button") if step != "confirm" else ("h1", "main dd", "main dt", "nav button"):
                assert contrast(browser.style(css, "color"), ground) >= 4.5, (step, css)
            assert contrast(browser.style("main button", "color"), browser.style("main button", "background-color")) >= 4.5
            browser.picture(f"narrow-{step}-{'dark' if dark else 'light'}")
            if step == "login":
                browser.type("#login", "demo")
                browser.type("#password", PASSWORD)
            if step != "confirm":
                browser.click("main button")
        assert contrast(browser.style(".note", "color"), browser.style(".note", "background-color")) >= 4.5


# ---- what keeps others out ----------------------------------------------------------------------------------------------------

@case("S20 a code is guessed five times from an address, then not even the right one is looked at; others go on")
def _():
    device = ask()
    for number in range(5):
        equal(post("203.0.113.1", step="code", user_code=f"BBBB-BBB{'BCDFG'[number]}").status, 422)
    refused = post("203.0.113.1", step="code", user_code=device["user_code"])
    equal((refused.status, refused.header("Retry-After")), (429, "900"))
    assert device["user_code"] in page_of(refused) and "quart d’heure" in page_of(refused)
    equal(post("203.0.113.1", step="login", user_code=device["user_code"], login="demo", password=PASSWORD).status, 429)
    equal(post("203.0.113.2", step="code", user_code=device["user_code"]).status, 200)


@case("S20 a code dies of five wrong passwords, from wherever")
def _():
    device = ask()
    for number in range(5):
        answer = post(f"203.0.113.{10 + number}", step="login", user_code=device["user_code"], login=f"somebody{number}", password="no")
        equal(answer.status, 422)
    equal(post("203.0.113.20", step="login", user_code=device["user_code"], login="demo", password=PASSWORD).status, 422)
    equal(outcome(device), "access_denied")


@case("S20 guessing a login's password here locks it as everywhere")
def _():
    device, another = ask(), ask()
    for one, number in ((device, 4), (another, 1)):
        for _ in range(number):
            equal(post("203.0.113.30", step="login", user_code=one["user_code"], login="plume", password="no").status, 422)
    refused = post("203.0.113.31", step="login", user_code=another["user_code"], login="plume", password="no")
    equal((refused.status, bool(refused.header("Retry-After"))), (429, True))
    equal(call("POST", "/v1/sessions", {"login": "plume", "password": "no"}).status, 429)


@case("yes needs the cookie and the form together")
def _():
    device, another = ask(), ask()
    page, cookie = logged_in(device)
    other_page, other_cookie = logged_in(another)
    assert cookie != other_cookie
    for attempt in (
        lambda: confirm(page, None, "allow"), lambda: confirm(page, other_cookie, "allow"), lambda: confirm(other_page, cookie, "allow"),
        lambda: confirm(page, "hacktiv_device=", "allow"), lambda: confirm(page, "hacktiv_device=hkp_" + "A" * 43, "allow"),
        lambda: post(cookie=cookie, step="confirm", answer="allow"),
        lambda: post(cookie=cookie, step="confirm", answer="allow", form_token="hkf_" + "A" * 43),
    ):
        equal(attempt().status, 403)
    equal(outcome(device), "authorization_pending")
    equal(confirm(page, "x=y; " + cookie, "allow").status, 200)
    equal(confirm(page, cookie, "deny").status, 403, "answered once")
    equal((outcome(device), outcome(device)), ("let in", "invalid_grant"))


@case("what comes from another site is nobody's wish")
def _():
    device = ask()
    page, cookie = logged_in(device)
    for site in ("cross-site", "same-site"):
        answer = call("POST", "/device", form(step="confirm", form_token=hidden(page, "form_token"), answer="allow"),
                      headers={**FORM, "Cookie": cookie, "Sec-Fetch-Site": site})
        equal(answer.status, 403)
    equal(outcome(device), "authorization_pending")


@case("neither yes nor no asks again")
def _():
    device = ask()
    page, cookie = logged_in(device)
    equal((confirm(page, cookie, "perhaps").status, outcome(device)), (200, "authorization_pending"))


@case("no is no, and the code is of no use any more")
def _():
    device = ask()
    page, cookie = logged_in(device)
    equal((confirm(page, cookie, "deny").status, outcome(device)), (200, "access_denied"))
    equal(post(step="code", user_code=device["user_code"]).status, 422)


HOSTILE = "<script>alert(1)</script>\"'&\u202e\x1b[2J"


@rows("what was typed comes back as text", [
    ("the code", "user_code", {"step": "code", "user_code": HOSTILE}),
    ("the code of the log-in", "user_code", {"step": "login", "user_code": HOSTILE, "login": "x", "language": "en"}),
    ("the login", "login", {"step": "login", "login": HOSTILE, "password": ""})])
def _(name, fields):
    fields = {key: value.replace("\x1b", "") for key, value in fields.items()}
    if name == "login":
        fields["user_code"] = ask()["user_code"]
    page = page_of(post("203.0.113.40", **fields))
    assert "<script" not in page and "\u202e" not in page, page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;[2J" in page, page


@case("a control character is no form")
def _():
    equal(post("203.0.113.41", step="code", user_code="\x1b[2J").status, 400)


@rows("a form that is none", [("no body", b""), ("half a percent sign", b"step=%4"), ("a field twice", b"step=code&step=code"),
                             ("not UTF-8", b"user_code=%ff"), ("a step that is none", b"step=root"), ("no code", b"step=code")])
def _(body):
    answer = call("POST", "/device", body, headers=FORM)
    assert answer.status in (400, 403, 422) and "<h1>" in page_of(answer), answer


@case("a password never stands on a page, in the log or in the database; the cookie only as its hash")
def _():
    device = ask()
    wrong = "Wachtwoord dat niet past"
    page = post("203.0.113.42", step="login", user_code=device["user_code"], login="demo", password=wrong)
    assert wrong not in page_of(page) and html.escape(wrong) not in page_of(page)
    _, cookie = logged_in(device)
    server.stop()
    written = b"".join(path.read_bytes() for path in server.directory.iterdir() if path.is_file() and path != server.secret)
    written += server.kept()
    for hidden_text in (wrong, PASSWORD, cookie.split("=")[1], device["device_code"]):
        assert hidden_text.encode() not in written, "a secret lies open"
    server.start()


@case("behind TLS the cookie goes through TLS alone, and the addresses are those people use")
def _():
    server.stop()
    server.options += ["--public-url", "https://booking.example.org"]
    server.start()
    device = ask()
    equal(device["verification_uri"], "https://booking.example.org/device")
    answer, _ = logged_in(device)
    assert answer.header("Set-Cookie").endswith("; Secure"), answer.header("Set-Cookie")


@postgres_case("S16 a log-in whose first step the database has run once more is the same log-in")
def _():
    device = ask()
    server.postgres.execute(server.database, """CREATE SEQUENCE tried;
        CREATE FUNCTION ill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('hacktiv.tried') <= 1 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER ill AFTER INSERT ON rate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ill()""")
    answer = post(address="198.51.100.77", step="login", user_code=device["user_code"], login="demo", password=PASSWORD)
    tried = int(server.postgres.execute(server.database, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM tried"))
    server.postgres.execute(server.database, "DROP FUNCTION ill CASCADE; DROP SEQUENCE tried")
    assert tried > 0, "nothing was run once more"
    equal((answer.status, hidden(answer, "step")), (200, "confirm"))


run(server.stop)
