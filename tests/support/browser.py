"""Chromium without a window, driven as the WebDriver standard says (https://www.w3.org/TR/webdriver2/), over plain HTTP to chromedriver."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from tap import Skip

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"      # the standard's own key
START_LIMIT = 60
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]


class Browser:
    def __init__(self, *, script=True, languages="fr", width=1000, height=900, dark=False):
        driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
        if not driver or not chromium:
            raise Skip("Chromium is not on this machine: see scripts/packages")
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-chromium-"))
        environment = {**os.environ, "HOME": str(self.profile)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD"):
            environment.pop(name, None)
        self.port = None
        for _ in range(5):                # it wants one free port for IPv4 and IPv6, and ends when another had it a moment earlier
            self.process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
            self.port = self._port()
            if self.port:
                break
            self.process.wait(30)
        assert self.port, "chromedriver does not start"
        preferences = {"intl.accept_languages": languages, "intl.selected_languages": languages}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        arguments = [*FLAGS, f"--user-data-dir={self.profile}/data", f"--window-size={width},{height}", f"--lang={languages}"]
        if dark:
            arguments.append("--force-dark-mode")
        options = {"binary": chromium, "args": arguments, "prefs": preferences}
        self.session = None
        told = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}})
        self.session = told["sessionId"]

    def _port(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            line = self.process.stdout.readline().decode()
            if not line:
                return None
            if "started successfully on port " in line:
                return int(line.rsplit("on port ", 1)[1].strip(" .\n"))
        raise AssertionError("chromedriver does not say its port")

    def _ask(self, method, path, body=None):
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        wire.request(method, path, json.dumps(body if body is not None else {}) if method == "POST" else None,
                     {"Content-Type": "application/json"})
        value = json.loads(wire.getresponse().read())["value"]
        wire.close()
        assert not (isinstance(value, dict) and "error" in value), value
        return value

    def ask(self, method, path, body=None):
        return self._ask(method, f"/session/{self.session}{path}", body)

    def close(self):
        if self.session:
            self._ask("DELETE", f"/session/{self.session}")
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def prefer(self, language):
        """What Accept-Language says from now on."""
        agent = self.ask("POST", "/goog/cdp/execute", {"cmd": "Browser.getVersion", "params": {}})["userAgent"]
        self.ask("POST", "/goog/cdp/execute", {"cmd": "Emulation.setUserAgentOverride",
                                               "params": {"userAgent": agent, "acceptLanguage": language}})

    # ---- pages

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    @property
    def title(self):
        return self.ask("GET", "/title")

    @property
    def source(self):
        return self.ask("GET", "/source")

    def find(self, css):
        return self.ask("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def find_all(self, css):
        return [found[ELEMENT] for found in self.ask("POST", "/elements", {"using": "css selector", "value": css})]

    def text(self, css):
        return self.ask("GET", f"/element/{self.find(css)}/text")

    def attribute(self, css, name):
        return self.ask("GET", f"/element/{self.find(css)}/attribute/{name}")

    def style(self, css, name):
        return self.ask("GET", f"/element/{self.find(css)}/css/{name}")

    def rectangle(self, element):
        return self.ask("GET", f"/element/{element}/rect")

    def role_and_name(self, element):
        """As a screen reader has them."""
        return (self.ask("GET", f"/element/{element}/computedrole"), self.ask("GET", f"/element/{element}/computedlabel"))

    def type(self, css, text):
        element = self.find(css)
        self.ask("POST", f"/element/{element}/clear")
        self.ask("POST", f"/element/{element}/value", {"text": text})

    def click(self, css):
        """Waits until the page that this leads to is there."""
        before = self.find_all("html")
        self.ask("POST", f"/element/{self.find(css)}/click")
        deadline = time.monotonic() + 60
        while self.find_all("html") in ([], before) and time.monotonic() < deadline:      # none while one page follows the other
            time.sleep(0.05)

    def press(self, *keys):
        actions = [action for key in keys for action in ({"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def focused(self):
        """(tag, name, value) of what has the focus."""
        element = self.ask("GET", "/element/active")[ELEMENT]
        tag = self.ask("GET", f"/element/{element}/name")
        return tag, *(self.ask("GET", f"/element/{element}/attribute/{name}") for name in ("name", "value"))

    def wait_for(self, css):
        deadline = time.monotonic() + 60
        while not self.find_all(css) and time.monotonic() < deadline:
            time.sleep(0.05)

    def wait_for_focus(self, name):
        """A page gives the focus a moment after it is there."""
        deadline = time.monotonic() + 10
        while self.focused()[1] != name and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.focused()[1]

    def cookies(self):
        return self.ask("GET", "/cookie")

    def resize(self, width, height):
        self.ask("POST", "/window/rect", {"width": width, "height": height})

    def picture(self, name):
        """Kept where $HACKTIV_PICTURES says, for somebody to look at."""
        place = os.environ.get("HACKTIV_PICTURES")
        if place:
            pathlib.Path(place, name + ".png").write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))
