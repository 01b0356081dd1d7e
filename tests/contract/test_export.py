"""All that is kept of oneself, in one answer: no table of the database is forgotten, no secret is told."""
from community import Community
from server import new_id
from tap import case, equal, run

ZOE, DEMO = "zoe.lambermont", "demo"
CARD = {"card": {"profession": "illustratrice", "email": "zoe@example.org", "languages": ["fr"], "shown_to": {"network": ["name"]}}}
caller = Community([{"slug": "soupe", "title": "Soupe", "space": "ferme", "place": "Ici", "languages": ["fr"], "format": "meetup",
                     "from": "16:00", "date": "+7d", "capacity": 20}], cards={ZOE: CARD}, logged_in=True)
server, get, call = caller.server, caller.get, caller.call
EXPORT = "/v1/members/me/export"
# Never told: what opens a door, and what only the server can read.
SECRETS = {"hash", "password_hash", "fingerprint", "body", "salt", "page_hash", "key_hash", "etag", "location"}


def tables():
    """{table: columns} of all that has something of a member."""
    return {name: set(of) for name, of in server.tables().items() if "member_id" in of or name == "member"}


@case("everything one did is there")
def _():
    id = new_id()
    name, date, part = next((name, date, "am") for date in ("2026-08-05", "2026-08-06") for name in caller.free("ferme", date, "am"))
    equal(caller.book(name, date, part, by=ZOE, id=id).status, 201)
    caller.sign_up("Soupe", by=ZOE)
    answer = get(EXPORT, by=ZOE)
    equal((answer.status, answer.header("Cache-Control")), (200, "no-store"))
    told = answer.json()["records"]
    assert id in [booking["id"] for booking in told["booking"]]
    equal([signup["state"] for signup in told["signup"]][-1], "signed_up")
    equal((told["card"][0]["email"], told["member"][0]["login"]), ("zoe@example.org", ZOE))
    equal([(event["field"], event["to_level"]) for event in told["consent"]], [("name", "network")])
    equal(told["member_audit"][-1]["action"], "export.read")
    assert len(told["token"]) >= 1


@case("no table with a member_id is forgotten, nor a column of one")
def _():
    told = get(EXPORT, by=ZOE).json()["records"]
    server.stop()
    here = tables()
    server.start()
    equal(sorted(set(here) - set(told)), [], "tables that the export forgets: give each a row in src/server/db/person.c")
    for table, rows in told.items():
        missing = here.get(table, set()) - (set(rows[0]) if rows else here.get(table, set())) - SECRETS - {"member_id", "anonymous"}
        equal(sorted(missing), [], f"columns of {table} that the export forgets: src/server/db/person.c")


@case("what is told is all of it: as many rows as there are")
def _():
    me = get("/v1/members/me", by=ZOE).json()["id"]
    told = get(EXPORT, by=ZOE).json()["records"]
    server.stop()
    counts = {table: server.sql(f"SELECT count(*) FROM {table} WHERE {'id' if table == 'member' else 'member_id'} = ?", me)[0][0]
              for table in told}
    server.start()
    equal({table: len(rows) for table, rows in told.items()}, counts)


@case("no secret is told")
def _():
    body = get(EXPORT, by=DEMO).body.decode()
    for word in ("hkt_", "argon2", "password_hash", "fingerprint"):
        assert word not in body, word


@case("nobody else's; five in an hour")
def _():
    equal(get(EXPORT).status, 401)
    assert "zoe" not in get(EXPORT, by=DEMO).body.decode().lower()
    statuses = [get(EXPORT, by=DEMO).status for _ in range(5)]
    equal(statuses, [200] * 3 + [429] * 2)
    equal(get(EXPORT, by="plume").status, 200)


@case("what is all of oneself, or the end of it, asks for a log-in of the last quarter of an hour; a token that somebody found has none")
def _():
    def log_in_was(ago):
        server.stop()
        server.write("UPDATE session SET created_at = used_at - ? WHERE member_id = ?", ago, plume)
        server.start()
    plume = get("/v1/members/me", by="plume").json()["id"]
    log_in_was(890)
    equal(get(EXPORT, by="plume").status, 200)
    log_in_was(900)
    for method, target in (("GET", EXPORT), ("DELETE", "/v1/members/me?open=cancel")):
        answer = call(method, target, by="plume")
        equal((answer.status, answer.problem), (401, "unauthenticated"))
        assert 'error="insufficient_user_authentication", max_age=900' in answer.header("WWW-Authenticate"), answer
    equal(get("/v1/members/me", by="plume").status, 200)
    server.stop()
    server.write("UPDATE token SET session_id = '' WHERE member_id = ?", plume)
    server.start()
    equal(get(EXPORT, by="plume").status, 401, "of no log-in at all")


run(server.stop)
