"""How often may somebody try? Counted in the database: a restart forgets nothing. ASVS 2.4.1, 4.1.3; S20, S21."""
import re

from contract import Contract
from server import FORM, PASSWORD, Server, form
from tap import case, equal, rows, run

contract = Contract()
WINDOW = 15 * 60


def serve(**more):
    return Server(**more).with_password().start()


def log_in(server, login="demo", password="wrong", seen_by_proxy=None):
    headers = {"X-Forwarded-For": seen_by_proxy} if seen_by_proxy else {}
    return contract.judge("POST", "/v1/sessions", server.request("POST", "/v1/sessions", {"login": login, "password": password},
                                                                headers=headers))


def restart(server, now=None):
    server.stop()
    server.now = now or server.now
    server.start()


def limits(answer):
    """{name: (remaining, seconds)} of RateLimit, which RateLimit-Policy must know."""
    told = {name: (int(left), int(reset)) for name, left, reset in
            re.findall(r'"([a-z]+)";r=(\d+);t=(\d+)', answer.header("RateLimit") or "")}
    policies = {name: (int(quota), int(window)) for name, quota, window in
                re.findall(r'"([a-z]+)";q=(\d+);w=(\d+)', answer.header("RateLimit-Policy") or "")}
    equal(set(told), set(policies))
    for name, (left, reset) in told.items():
        assert left <= policies[name][0] and 0 < reset <= policies[name][1], answer.headers
    return told


@case("S20: five wrong passwords lock a login, also over a restart, until the quarter of an hour is over")
def _():
    server = serve(now="2026-07-15T07:30:00+02:00")
    equal([log_in(server).status for _ in range(3)], [401] * 3)
    restart(server, "2026-07-15T07:40:00+02:00")
    equal([log_in(server).status for _ in range(2)], [401] * 2)
    locked = log_in(server, password=PASSWORD)
    equal((locked.status, locked.problem), (429, "rate-limited"))
    equal(locked.header("Retry-After"), "300")
    restart(server, "2026-07-15T07:44:59+02:00")
    equal((log_in(server, password=PASSWORD).status, log_in(server, password=PASSWORD).header("Retry-After")), (429, "1"))
    restart(server, "2026-07-15T07:45:00+02:00")
    equal(log_in(server, password=PASSWORD).status, 201)
    server.stop()


@case("the right password takes the count away")
def _():
    server = serve()
    for _ in range(2):
        equal([log_in(server).status for _ in range(4)], [401] * 4)
        equal(log_in(server, password=PASSWORD).status, 201)
    server.stop()


@case("what is left is told with every answer")
def _():
    server = serve()
    equal([limits(log_in(server, login="plume"))["login"] for _ in range(5)], [(left, WINDOW) for left in (4, 3, 2, 1, 0)])
    refused = log_in(server, login="plume")
    equal((limits(refused)["login"], refused.header("Retry-After")), ((0, WINDOW), str(WINDOW)))
    server.stop()


@case("S20: one address has thirty wrong tries, whatever the login, also over a restart; the right ones do not count")
def _():
    server = serve(listen="127.0.0.1:0")
    for number in range(15):
        equal(log_in(server, f"stranger{number}").status, 401)
    equal([log_in(server, password=PASSWORD).status for _ in range(2)], [201] * 2)
    restart(server)
    for number in range(15, 30):
        equal(log_in(server, f"stranger{number}").status, 401)
    refused = log_in(server, "plume")
    equal((refused.status, limits(refused)["address"][0]), (429, 0))
    server.stop()


def ask_for_code(server, seen_by_proxy=None):
    headers = {"X-Forwarded-For": seen_by_proxy} if seen_by_proxy else {}
    return contract.judge("POST", "/oauth/device_authorization", server.request(
        "POST", "/oauth/device_authorization", form(client_id="hacktiv-tui"), headers={**FORM, **headers})).status


def seen_from(server, address, times):
    return [ask_for_code(server, address) for _ in range(times)]


@case("S21: X-Forwarded-For from whoever is no proxy changes nothing")
def _():
    server = serve(listen="127.0.0.1:0")
    equal([ask_for_code(server, f"198.51.100.{number}") for number in range(31)], [200] * 30 + [429])
    server.stop()


@rows("a named proxy is believed", [
    ("by address", "127.0.0.1:0", "127.0.0.1"), ("by network", "127.0.0.1:0", "127.0.0.0/8"), ("a Unix socket", "unix", "unix")])
def _(listen, proxy):
    server = serve(listen=listen, options=["--trusted-proxy", proxy])
    equal(seen_from(server, "198.51.100.1", 31), [200] * 30 + [429])
    equal(seen_from(server, "203.0.113.9, 198.51.100.1", 1), [429], "what stands before it is the client's own word")
    equal(seen_from(server, "198.51.100.2", 1), [200])
    server.stop()


@case("one house with many IPv6 addresses is one")
def _():
    server = serve(options=["--trusted-proxy", "unix"])
    equal([ask_for_code(server, f"2001:db8:1:2::{number:x}") for number in range(31)], [200] * 30 + [429])
    equal(seen_from(server, "2001:db8:1:3::1", 1), [200])
    server.stop()


@case("a proxy that is none is refused at the start")
def _():
    server = Server(options=["--trusted-proxy", "nginx.example.org"]).launch()
    equal(server.wait(), 2)
    assert "A proxy is named by its address" in server.told(), server.told()


@case("neither a login nor an address lies in the table")
def _():
    server = serve(listen="127.0.0.1:0")
    log_in(server, "a-login-nobody-has")
    server.stop()
    for path in server.directory.iterdir():
        if path.is_file():
            assert b"a-login-nobody-has" not in path.read_bytes(), path
    assert b"a-login-nobody-has" not in server.kept()
    equal(server.sql("SELECT count(*) FROM rate"), [(2,)])


run()
