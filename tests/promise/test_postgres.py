"""hacktivd on a PostgreSQL that is shot, restarted, locked and full: what was answered is kept, each key has one effect, and it comes back."""
import os
import pathlib
import random
import signal
import subprocess
import threading
import time

import postgres
from caller import Caller
from server import Server, new_id
from tap import case, equal, rows, run

caller = Caller()
server, cluster = caller.server, caller.server.postgres
BACK_LIMIT = 5         # seconds from when the database is there again
SILENT_LIMIT = 18      # seconds in which whoever asks is told that it says nothing
places = [item["id"] for item in server.get("/v1/spaces/rimbaud/resources").json()["items"]
          if item["kind"] == "desk" and item["state"] == "bookable"]
days = iter(f"2026-08-{day:02}" for day in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14))
ill_days = iter(f"2026-08-{day:02}" for day in (18, 19, 20))


def ready(limit):
    deadline = time.monotonic() + limit
    while True:
        try:
            if server.get("/readyz").status == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, f"not ready after {limit} s:\n{server.told()[-2000:]}"
        time.sleep(0.05)


def book_until_told(login, wish, over):
    """Sends it again with its key, as clients do, until it is answered for good: (status, how often it was sent)."""
    for attempt in range(1, 1000):
        answer = server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens[login], key=wish["id"],
                                connection=server.connection())
        assert answer.status in (201, 409, 422, 503), answer
        if answer.status == 503:
            assert answer.header("Retry-After"), answer
        elif answer.problem != "request-in-progress":
            return answer.status, attempt
        assert time.monotonic() < over, answer
        time.sleep(random.uniform(0.01, 0.1))


def under_load(harm, clients=24):
    """Everybody books the same few places while `harm` is done: one holder for each, all that was said is true."""
    day = next(days)
    wishes = [(login, {"id": new_id(), "resource_id": places[n % len(places)], "date": day, "part": "am"})
              for n, login in enumerate(list(caller.tokens)[:clients] * 3)]
    told, guard, queue = {}, threading.Lock(), list(wishes)
    over = time.monotonic() + 60

    def client():
        while True:
            with guard:
                if not queue:
                    return
                login, wish = queue.pop()
            said = book_until_told(login, wish, over)
            with guard:
                told[wish["id"]] = said
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    harm()
    back = time.monotonic()
    ready(BACK_LIMIT)
    back = time.monotonic() - back
    for thread in threads:
        thread.join()
    equal(len(told), len(wishes), "answers")
    kept = {id: place for id, place in server.sql("SELECT id, resource_id FROM booking WHERE date = ? AND part = 'am' AND state = 'confirmed'", day)}
    equal({id for id, (status, _) in told.items() if status == 201} - set(kept), set(), "acknowledged and lost")
    equal({id for id, (status, _) in told.items() if status != 201} & set(kept), set(), "refused and there")
    equal(len(set(kept.values())), len(kept), "holders of one place")
    equal(server.sql("SELECT space_id FROM change_log GROUP BY space_id HAVING count(*) <> max(seq) - min(seq) + 1"), [], "gaps in a feed")
    equal(server.sql("SELECT b.id FROM booking b JOIN change_log c ON c.space_id = b.space_id AND c.ref = b.id"
                     " WHERE c.kind = 'booking.created' AND b.date = ? GROUP BY b.id HAVING count(*) <> 1", day), [], "told twice")
    return sum(attempts for _, attempts in told.values()) - len(told), back


def backends(text, *values):
    return cluster.execute("postgres", text, *values)


def terminate():
    for _ in range(8):
        backends("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hacktivd'")
        time.sleep(0.1)


@rows("S15, D15: under load", [
    ("the backends are ended", terminate),
    ("a fast restart", lambda: cluster.restart(signal.SIGINT)),
    ("an immediate restart, as a crash", lambda: cluster.restart(signal.SIGQUIT)),
    ("killed", lambda: cluster.restart(signal.SIGKILL)),
])
def _(harm):
    again, back = under_load(harm)
    print(f"# {again} were sent again; ready {back:.2f} s after")


@case("S15: while the database is away, writes and reads are 503 with Retry-After, and it lives")
def _():
    cluster.stop()
    wish = {"id": new_id(), "resource_id": places[0], "date": "2026-08-17", "part": "am"}
    for answer in (server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"]),
                   server.get("/v1/spaces")):
        equal((answer.status, answer.problem), (503, "storage-unavailable"))
        assert answer.header("Retry-After")
    equal(server.get("/livez").status, 200)
    equal(server.get("/readyz").status, 503)
    cluster.start()
    ready(BACK_LIMIT)
    equal(server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"]).status, 201)


@case("S15: while the database says nothing, as behind a cut line, whoever asks hears 503 in time, it is not ready, and it lives")
def _():
    ready(BACK_LIMIT)
    wish = {"id": new_id(), "resource_id": places[0], "date": "2026-08-21", "part": "am"}
    answers = []

    def ask(*asked, **more):
        began = time.monotonic()
        answer = server.request(*asked, connection=server.connection(), **more)
        answers.append((answer.status, bool(answer.header("Retry-After")), time.monotonic() - began < SILENT_LIMIT))
    # More than there are threads for: who waits for one of them is not left waiting either.
    asking = [threading.Thread(target=ask, args=("GET", target)) for target in ["/v1/spaces"] * 20 + ["/readyz"]]
    asking.append(threading.Thread(target=ask, args=("POST", "/v1/spaces/rimbaud/bookings", wish),
                                   kwargs={"token": caller.tokens["demo"], "key": wish["id"]}))
    cluster.signal_all(signal.SIGSTOP)
    try:
        for one in asking:
            one.start()
        equal(server.request("GET", "/livez", connection=server.connection(5)).status, 200)
        for one in asking:
            one.join()
    finally:
        cluster.signal_all(signal.SIGCONT)
    equal(answers, [(503, True, True)] * len(asking))
    ready(BACK_LIMIT)
    equal(server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"]).status, 201)


@case("S16: a lock that others hold for a moment is waited for, one that they keep is 503")
def _():
    def book(seconds, path="bookings", **more):
        holder = subprocess.Popen([cluster.bin / "psql", "-Xq", "-h", cluster.directory, "-U", postgres.ROLE, "-d", server.database],
                                  stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        holder.stdin.write("BEGIN; SELECT 1 FROM hacktiv.feed FOR UPDATE;\n")
        holder.stdin.flush()
        while "1" not in backends("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%feed%'"):
            time.sleep(0.01)
        threading.Timer(seconds, lambda: holder.communicate("ROLLBACK;\n")).start()
        wish = {"id": new_id(), "resource_id": places[1], "date": next(days), "part": "pm", **more}
        answer = server.request("POST", f"/v1/spaces/rimbaud/{path}", wish, token=caller.tokens["demo"], key=wish["id"])
        holder.wait()
        return wish, answer
    equal(book(0.5)[1].status, 201)
    equal(book(3)[1].status, 201, "within the tries")
    # Each try reads the whole body again.
    equal(book(3, "bookings:series", repeat={"every": "weekday", "count": 1})[1].status, 201, "a series within the tries")
    wish, answer = book(16)
    equal((answer.status, answer.problem), (503, "storage-unavailable"))
    ready(BACK_LIMIT)
    equal(server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"]).status, 201)


@rows("S16: told by PostgreSQL in place of an answer", [
    ("a deadlock, at the statement", "40P01", "CREATE TRIGGER ill AFTER INSERT ON booking"),
    ("a serialization failure, at the statement", "40001", "CREATE TRIGGER ill AFTER INSERT ON booking"),
    ("a serialization failure, at the commit", "40001", "CREATE CONSTRAINT TRIGGER ill AFTER INSERT ON booking DEFERRABLE INITIALLY DEFERRED"),
])
def _(code, trigger):
    def book(times):
        # A sequence is not undone with the transaction: it counts what was tried.
        cluster.execute(server.database, f"""CREATE SEQUENCE tried;
            CREATE FUNCTION ill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('hacktiv.tried') <= {times} THEN RAISE EXCEPTION 'injected' USING ERRCODE = '{code}'; END IF; RETURN NULL; END $$;
            {trigger} FOR EACH ROW EXECUTE FUNCTION ill()""")
        wish = {"id": new_id(), "resource_id": places[2], "date": day, "part": "am" if times < 5 else "pm"}
        answer = server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"])
        tried = int(cluster.execute(server.database, "SELECT last_value FROM tried"))
        cluster.execute(server.database, "DROP FUNCTION ill CASCADE; DROP SEQUENCE tried")
        return wish, answer, tried
    day = next(ill_days)
    _, answer, tried = book(4)
    equal((answer.status, tried), (201, 5), "the fifth try is the last, and good")
    wish, answer, tried = book(1000)
    equal((answer.status, answer.problem, tried), (503, "storage-unavailable", 5))
    assert answer.header("Retry-After") and "injected" not in str(answer.json()), answer
    equal(server.request("POST", "/v1/spaces/rimbaud/bookings", wish, token=caller.tokens["demo"], key=wish["id"]).status, 201)
    equal(server.sql("SELECT count(*) FROM booking WHERE resource_id = ? AND date = ?", places[2], day), [(2,)])


def walk_in():
    id, name = new_id(), caller.free("ferme", "2026-07-15", "am")[0]
    body = {"id": id, "member_id": caller.get("/v1/members/me", by="plume").json()["id"], "resource_id": caller.resource(name)}
    return "POST", "/v1/spaces/ferme/walk-ins", body, {"key": id}


def other_words(target):
    def ask():
        before = server.get(target, token=caller.tokens[DESK])
        return "PATCH", target, {"card": {"about": new_id()}}, {"headers": {"If-Match": before.header("ETag")}}
    return ask


DESK = "maite.froidmont"


@rows("S16: what was just written cannot be read back: it is tried again, and lives", [
    ("a walk-in", walk_in),
    ("one's own card", other_words("/v1/members/me")),
    ("somebody's card", lambda: other_words(f"/v1/members/{caller.get('/v1/members/me', by='demo').json()['id']}/profile")()),
])
def _(ask):
    server.stop()
    server.write("DELETE FROM role WHERE role = 'reception'")
    server.give_role(DESK, "reception", "ferme")
    server.start()
    method, target, body, more = ask()
    # Nobody waits for a line of the feed: that it was not written is heard with what is asked next.
    cluster.execute(server.database, """CREATE SEQUENCE tried;
        CREATE FUNCTION ill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('hacktiv.tried') <= 1 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$;
        CREATE TRIGGER ill AFTER INSERT ON change_log FOR EACH ROW EXECUTE FUNCTION ill()""")
    answer = server.request(method, target, body, token=caller.tokens[DESK], **more)
    cluster.execute(server.database, "DROP FUNCTION ill CASCADE; DROP SEQUENCE tried")
    assert answer.status in (200, 201), answer


def sleeping():
    """How many connections do. PostgreSQL cannot be asked: it has none left."""
    count = 0
    for title in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            count += (b" postgres [local] SELECT" in title.read_bytes()
                      and int((title.parent / "stat").read_text().rsplit(")", 1)[1].split()[1]) == cluster.process.pid)
        except OSError:
            pass                                 # ended meanwhile
    return count


@case("S17: no connection left: 503 at once, and well again when there is one")
def _():
    server.stop()
    server.write("DELETE FROM rate")
    backends("ALTER SYSTEM SET max_connections = 12")
    cluster.restart()
    server.start()
    others = [subprocess.Popen([cluster.bin / "psql", "-Xq", "-h", cluster.directory, "-U", postgres.ROLE, "-d", "postgres", "-c", "SELECT pg_sleep(60)"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(12)]
    deadline = time.monotonic() + 30
    while sum(other.poll() is not None for other in others) + sleeping() < len(others):      # each sleeps there or found no room
        assert time.monotonic() < deadline, f"{sleeping()} sleep"
        time.sleep(0.02)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(server.request("GET", "/v1/spaces", connection=server.connection())))
               for _ in range(40)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {200, 304, 503}, {answer.status for answer in answers}
    assert time.monotonic() - began < 5
    equal(server.get("/livez").status, 200)
    for other in others:
        other.kill()
        other.wait()
    ready(BACK_LIMIT)
    backends("ALTER SYSTEM RESET max_connections")


def refusal(database):
    other = Server(sample=False)
    other.database = database
    told = subprocess.run(other.command(), env=other.environment(), capture_output=True, text=True, timeout=60)
    equal((told.returncode, told.stdout), (1, ""), told.stderr)
    return told.stderr


@case("S13, S25: tables of a newer hacktivd, and those of somebody else, are refused and left as they are")
def _():
    newer = cluster.new_database()
    cluster.execute(newer, "CREATE SCHEMA hacktiv; CREATE TABLE hacktiv.format (application text PRIMARY KEY, version bigint);"
                           "INSERT INTO hacktiv.format VALUES ('hacktivd', 999)")
    assert "newer" in refusal(newer)
    equal(cluster.execute(newer, "SELECT version FROM hacktiv.format"), "999\n")
    for made in ("CREATE TABLE hacktiv.recipe (name text)", "CREATE TABLE hacktiv.format (application text, version bigint);"
                 "INSERT INTO hacktiv.format VALUES ('cookbook', 1)", "CREATE TABLE hacktiv.format (colour text)"):
        theirs = cluster.new_database()
        cluster.execute(theirs, "CREATE SCHEMA hacktiv;" + made)
        assert "not hacktivd's" in refusal(theirs), made
        equal(cluster.execute(theirs, "SELECT count(*) FROM pg_tables WHERE schemaname = 'hacktiv'"), "1\n")
    latin = "latin"
    backends("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc")
    assert "UTF-8" in refusal(latin)


@case("S25: a newer hacktivd brings the database up to date under one that serves it: that one says so, is not ready, and writes nothing more")
def _():
    old, newer = Server(sample=False).start(), Server(sample=False)
    equal(old.get("/v1/spaces").status, 200)
    newer.database, newer.program = old.database, os.environ["NEWER_HACKTIVD"]
    newer.start()
    for target in ("/readyz", "/v1/spaces", "/v1/members/me"):
        for _ in range(8):               # each of its connections
            answer = old.get(target, token="hkt_" + "x" * 43)
            equal((answer.status, answer.header("Retry-After")), (503, "1"), target)
    assert "A newer one brought it up to date" in old.told(), old.told()
    equal(old.get("/livez").status, 200)
    equal(newer.get("/readyz").status, 200)
    old.stop()
    again = Server(sample=False)
    again.database = old.database
    again.launch()
    assert again._first_line() == "" and again.wait() != 0 and "newer" in again.told(), again.told()
    newer.stop()


@case("S25: several that start at once on an empty database make it once, and all serve it")
def _():
    together = [Server(sample=False, empty=True) for _ in range(4)]
    for one in together:
        one.database = together[0].database
        one.launch()
    for one in together:
        one.address = one._first_line().removeprefix("listening on ").strip()
        equal(one.get("/readyz").status, 200, one.told())
    for one in together:
        one.stop()
    equal(together[0].sql("SELECT count(*) FROM setting WHERE name = 'secret'"), [(1,)])


def end():
    if server.process.poll() is not None:
        print("# " + server.told()[-6000:].replace("\n", "\n# "))
    server.stop()


run(end)
