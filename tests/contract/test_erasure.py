"""A member goes: what was theirs is gone at once, what counts stays as nobody's, and a restored copy erases them again."""
from community import Community
from server import new_id
from tap import case, equal, rows, run

ZOE, DEMO, ARTHUR, BOSS, DESKER = "zoe.lambermont", "demo", "arthur.ballayant", "maite.froidmont", "hugo.bogniard"
CARD = {"card": {"profession": "illustratrice", "organisation": "gribouille", "contact": True, "email": "zoe@example.org",
                 "shown_to": {"network": ["name", "email", "organisation"]}}}
SOUP = {"place": "Ici", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d", "space": "ferme"}
caller = Community([{**SOUP, "slug": "soupe", "title": "Soupe", "capacity": 1}],
                   [{"slug": "gribouille", "name": "Atelier Gribouille", "kind": "company", "country": "BE"}],
                   cards={ZOE: CARD, DESKER: {"staff_of": "ferme"}}, logged_in=True)
server, get, call = caller.server, caller.get, caller.call
server.stop()
server.give_role(BOSS, "administrator", None)
server.start()
ME = "/v1/members/me"
zoe = get(ME, by=ZOE).json()["id"]
gribouille = get("/v1/organisations?q=gribouille").json()["items"][0]["id"]
COUNTS = ("SELECT count(*) FROM booking", "SELECT count(*) FROM signup", "SELECT sum(taken), sum(waiting) FROM activity",
          "SELECT space_id, substr(date, 1, 7), count(*), count(DISTINCT member_id), sum(net_cents) FROM booking GROUP BY 1, 2 ORDER BY 1, 2")


def everywhere(needles, server=server):
    """The tables of the database in which one of these words stands."""
    found = set()
    for table, lines in server.contents().items():
        texts = (value.decode("latin-1") if isinstance(value, bytes) else str(value) for line in lines for value in line)
        if any(needle.lower() in text.lower() for text in texts for needle in needles):
            found.add(table)
    return found


def counts():
    server.stop()
    told = [server.sql(text) for text in COUNTS]
    server.start()
    return told


@case("D08 what lies ahead is named, and the choice asked, before anything is done")
def _():
    name, date, part = next((name, "2026-08-05", "am") for name in caller.free("ferme", "2026-08-05", "am"))
    global booking
    booking = caller.book(name, date, part, by=ZOE).json()
    equal(caller.sign_up("Soupe", by=ZOE).status, 200)
    equal(caller.sign_up("Soupe", by=DEMO).status, 200)
    equal(caller.standing("Soupe", DEMO), "waitlisted 1")
    answer = call("DELETE", ME, by=ZOE)
    equal((answer.status, answer.problem, answer.json()["export"]), (409, "open-commitments", "/v1/members/me/export"))
    named = [(item["kind"], item["id"]) for item in answer.json()["open"]]
    assert ("booking", booking["id"]) in named and "signup" in [kind for kind, _ in named], named
    # What the desk did for her lies in the answers kept for its keys, with her name.
    wish = caller.wish(caller.free("ferme", "2026-08-24", "pm")[0], "2026-08-24", "pm", id=new_id(), on_behalf_of=zoe)
    equal(call("POST", "/v1/spaces/ferme/bookings", wish, by=DESKER, key=wish["id"]).status, 201)
    equal(get(ME, by=ZOE).status, 200)
    equal(call("DELETE", ME + "?open=keep", by=ZOE).status, 400)


@case("erased: gone everywhere, at once; whoever waited has the place; the desk is free again")
def _():
    global before, tag, copy
    tag = get(f"/v1/members/{zoe}", by=ARTHUR).header("ETag")
    before = counts()
    server.stop()
    copy = server.copy()
    server.start()
    equal(call("DELETE", ME + "?open=cancel", by=ZOE).status, 204)
    equal(caller.standing("Soupe", DEMO), "signed_up")
    answer = caller.book(f"ferme/{booking['resource_name']}", "2026-08-05", "am", by=DEMO)
    equal(answer.status, 201)
    equal(caller.cancel(answer.json()).status, 204)
    equal(get(f"/v1/members/{zoe}", by=ARTHUR, headers={"If-None-Match": tag}).status, 404)
    equal(get("/v1/members?q=lambermont", by=ARTHUR).json()["items"], [])
    assert "contact_id" not in get(f"/v1/organisations/{gribouille}", by=ARTHUR).json()


@case("her tokens are worth nothing, and her login is as one that never was")
def _():
    equal(call("GET", ME, by=ZOE).status, 401)
    equal(call("DELETE", ME, by=ZOE).status, 401)
    wrong = call("POST", "/v1/sessions", {"login": ZOE, "password": "x"})
    never = call("POST", "/v1/sessions", {"login": "nobody.at.all", "password": "x"})
    equal((wrong.status, {**wrong.json(), "instance": ""}), (never.status, {**never.json(), "instance": ""}))


@case("nothing in the database names her: no id, no login, no name, no mail")
def _():
    server.stop()
    found = everywhere((zoe, ZOE, "Lambermont", "zoe@example.org"))
    orphans = server.sql("SELECT count(*) FROM member WHERE anonymous = 1")[0][0]
    server.start()
    equal(found, set())
    assert orphans >= 1, "those who take over"


@case("what counts is as it was: bookings, sign-ups, people and cents, by space and month")
def _():
    after = counts()
    booked, signed, (taken,), months = before
    equal(after[0][0][0], booked[0][0] + 1, "one more, booked and cancelled by this test")
    equal(after[1], signed)
    equal(after[2], [(taken[0], taken[1] - 1)], "whoever waited has the place")
    without = [row for row in after[3] if row[:2] != (booking["space_id"], "2026-08")]
    equal(without, [row for row in months if row[:2] != (booking["space_id"], "2026-08")])


@case("those who took over lead nowhere: their ids tell neither who nor when, and no space knows the others'")
def _():
    server.stop()
    rows_ = server.sql("SELECT DISTINCT b.member_id, b.space_id FROM booking b JOIN member m ON m.id = b.member_id WHERE m.anonymous = 1")
    server.start()
    assert all(id[14] == "4" for id, _ in rows_), rows_
    nobody, visit = rows_[0][0], caller.path("Soupe")
    wish = caller.wish("ferme/La Grange", "2026-08-24", "10:00-11:00", id=new_id(), on_behalf_of=nobody)
    equal([call("PUT", f"/v1/members/{nobody}/roles/finance", by=BOSS).status,
           call("POST", "/v1/spaces/ferme/bookings", wish, by=DESKER, key=wish["id"]).status,
           call("PUT", f"{visit}/signups/{nobody}", by=DESKER).status], [404, 422, 404], "nobody in particular is nobody")
    equal(len({id for id, _ in rows_}), len(rows_), "one stands for her in two spaces")


@case("S26 a copy restored from the day before erases her again at the start")
def _():
    server.stop()
    marks = server.sql("SELECT mark, at FROM tombstone")
    server.start()
    equal(len(marks), 1)
    copy.put_tombstones(marks)
    assert "member" in everywhere((zoe,), copy), "the copy has her"
    copy.start()
    equal(copy.request("GET", ME, token=caller.tokens[ZOE]).status, 401)
    equal(copy.request("GET", f"/v1/members/{zoe}", token=caller.tokens[ARTHUR]).status, 404)
    equal(copy.request("GET", ME, token=caller.tokens[ARTHUR]).status, 200)
    copy.stop()
    equal(everywhere((zoe, ZOE, "Lambermont", "zoe@example.org"), copy), set())


@case("an administrator erases, the desk does not; whom one may not look up is not there")
def _():
    arthur = get(ME, by=ARTHUR).json()["id"]
    equal(call("DELETE", f"/v1/members/{arthur}", by=DEMO).status, 404)
    demo = get(ME, by=DEMO).json()["id"]
    equal(call("DELETE", f"/v1/members/{demo}", by=DESKER).status, 403)
    answer = call("DELETE", f"/v1/members/{arthur}?open=cancel", by=BOSS)
    equal(answer.status, 204)
    equal(call("DELETE", f"/v1/members/{arthur}", by=BOSS).status, 404)
    equal(call("GET", ME, by=ARTHUR).status, 401)


@case("who erased whom is known, and of whom only by the keyed hash; of one who went since, that they went")
def _():
    boss = get(ME, by=BOSS).json()["id"]
    server.stop()
    equal(server.sql("SELECT actor FROM tombstone ORDER BY at, actor"), sorted([("self",), (boss,)]))
    server.start()
    equal(call("DELETE", ME + "?open=cancel", by=BOSS).status, 204)
    server.stop()
    equal(server.sql("SELECT actor FROM tombstone ORDER BY actor"), [("erased",), ("self",), ("self",)])
    server.give_role(DEMO, "administrator", None)
    server.start()


@case("who was taken in at the desk is erased from its notes too")
def _():
    body = {"id": new_id(), "name": "Xenia Qqberg", "login": "xenia", "home_space_id": "ferme"}
    equal(call("POST", "/v1/members", body, by=DESKER, key=body["id"]).status, 201)
    equal(get(f"/v1/members/{body['id']}/profile", by=DESKER).status, 200)
    equal(call("DELETE", f"/v1/members/{body['id']}", by=DEMO).status, 204)
    again = call("POST", "/v1/members", body, by=DESKER, key=new_id())
    equal((again.status, again.problem), (409, "id-taken"), "she would go again at the next start")
    server.stop()
    # The key of the request was the client's to choose: here the id itself.
    equal(everywhere((body["id"], "Qqberg", "xenia")), set())
    server.start()


@case("what all this left is of one mind with itself")
def _():
    server.check_whole()


run(server.stop)
