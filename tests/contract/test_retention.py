"""What is kept of people is kept for a time: then bookings and sign-ups are nobody's, lines of the audit go; counts stay."""
import time

from community import Community
from server import PASSWORD
from tap import case, equal, run

ZOE = "zoe.lambermont"
SOUP = {"place": "Ici", "languages": ["fr"], "format": "meetup", "from": "16:00", "space": "ferme", "capacity": 9}
caller = Community([{**SOUP, "slug": "soupe", "title": "Soupe", "date": "+7d"}])
server, get, call = caller.server, caller.get, caller.call
ME = "/v1/members/me"
zoe = get(ME, by=ZOE).json()["id"]
COUNTS = ("SELECT space_id, substr(date, 1, 7), count(*), count(DISTINCT member_id), sum(net_cents) FROM booking GROUP BY 1, 2 ORDER BY 1, 2",
          "SELECT space_id, activity_id, state, count(*) FROM signup GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
WHOSE = "SELECT count(*) FROM {} t JOIN member m ON m.id = t.member_id WHERE m.anonymous = 0"


def later(now, until):
    """The server at another time; waits until it has done what is due by then."""
    server.stop()
    server.now = now
    server.start()
    for _ in range(60):
        time.sleep(1)
        server.stop()
        done = until()
        server.start()
        if done:
            return
        time.sleep(2)
    raise AssertionError("the work was not done in a minute")


def looked():
    server.stop()
    told = [server.sql(text) for text in COUNTS], {table: server.sql(WHOSE.format(table))[0][0] for table in ("booking", "signup")}
    server.start()
    return told


@case("today nothing is old")
def _():
    global before
    caller.sign_up("Soupe", by=ZOE)
    call("PATCH", ME, {"card": {"town": "Couvin"}}, by=ZOE, headers={"If-Match": "*"})
    before = looked()
    assert before[1]["booking"] > 100 and before[1]["signup"] >= 1
    time.sleep(3)
    equal(looked(), before)


@case("after thirteen months sign-ups are nobody's and the audit is empty; bookings are still theirs")
def _():
    later("2027-09-15T07:30:00+02:00", lambda: server.sql(WHOSE.format("signup")) == [(0,)])
    counts, whose = looked()
    equal(counts, before[0])
    equal(whose["booking"], before[1]["booking"])
    equal(server.sql("SELECT count(*) FROM member_audit")[0][0], 0)


@case("after two years the bookings of the months before are nobody's; of this one still theirs; the counts of each month are as they were")
def _():
    later("2028-07-20T07:30:00+02:00", lambda: server.sql(WHOSE.format("booking") + " AND t.date < '2026-07-01'") == [(0,)])
    counts, whose = looked()
    equal(counts, before[0])
    kept = server.sql("SELECT count(*) FROM booking WHERE date >= '2026-07-01'")[0][0]
    equal(whose["booking"], kept)


@case("nobody is told twice: a stand-in of a month is none of another's, nor of another person's")
def _():
    rows = server.sql("SELECT b.member_id, count(DISTINCT b.space_id) FROM booking b JOIN member m ON m.id = b.member_id"
                      " WHERE m.anonymous = 1 GROUP BY 1")
    assert rows and all(spaces == 1 for _, spaces in rows), rows


@case("a person who is still there is still there")
def _():
    server.stop()
    tokens = server.grant(ZOE)
    server.start()
    equal(server.request("GET", ME, token=tokens[ZOE]).json()["card"]["town"], "Couvin")


run(server.stop)
