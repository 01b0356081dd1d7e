"""Answers for all who have no token are kept while nothing can have changed: nobody may be able to tell (I12)."""
import threading

from caller import Caller
from tap import case, equal, run

DATE = "2026-09-17"
DAY = f"/v1/spaces/ferme/availability?date={DATE}"
DESK = "ferme/Les Serres 4"
caller = Caller()
get, ask = caller.get, caller.server.request


@case("what was booked and what was cancelled shows in the very next answer, to whoever asks, each of thirty times")
def _():
    caller.halves(DESK, DATE)
    for turn in range(30):
        equal(caller.halves(DESK, DATE)[0], "free", f"turn {turn}")
        booking = caller.book(DESK, DATE, "am").json()
        equal(caller.halves(DESK, DATE)[0], "taken", f"turn {turn}")
        equal(caller.halves(DESK, DATE, by="demo")[0], "mine", "with a token it is one's own")
        equal(caller.halves(DESK, DATE)[0], "taken", "and without one it is not")
        equal(caller.cancel(booking).status, 204)


@case("a change of one space shows in the list of all")
def _():
    def free():
        return {space["slug"]: space["day"]["free_morning"] for space in get(f"/v1/spaces?date={DATE}").json()["items"]}
    before = free()
    equal(free(), before)
    booking = caller.book(DESK, DATE, "am").json()
    equal(free(), {**before, "ferme": before["ferme"] - 1})
    caller.cancel(booking)
    equal(free(), before)


@case("a kept answer is the same to the byte, and has its own Request-Id")
def _():
    first, second = get(DAY), get(DAY)
    equal([(answer.status, answer.body, answer.header("ETag"), answer.header("Cache-Control")) for answer in (first,)],
          [(answer.status, answer.body, answer.header("ETag"), answer.header("Cache-Control")) for answer in (second,)])
    assert first.header("Request-Id") != second.header("Request-Id")
    equal(ask("HEAD", DAY).body, b"")
    equal(get(DAY).body, first.body)


@case("who has the copy is told so, who takes no JSON is refused, and a wrong token is not let by")
def _():
    tag = get(DAY).header("ETag")
    equal(ask("GET", DAY, headers={"If-None-Match": tag}).status, 304)
    equal(ask("GET", DAY, headers={"Accept": "text/html"}).status, 406)
    equal(ask("GET", DAY, headers={"Authorization": "Bearer nonsense"}).status, 401)
    equal(ask("POST", DAY, {}).status, 405)
    equal(ask("GET", DAY + "&date=2026-09-18").status, 400)


@case("refusals are not kept, and addresses are told apart, more of them than there is room for")
def _():
    equal([get("/v1/spaces/nowhere/resources").status for _ in range(2)], [404, 404])
    equal(len({get(f"/v1/spaces/{slug}/resources").body for slug in ("ferme", "pepi", "e420", "rimbaud") for _ in range(2)}), 4)
    dates = [f"2026-{month:02}-{day:02}" for month in (8, 9, 10) for day in range(1, 29)] * 2
    equal([ask("GET", f"/v1/spaces/ferme?date={date}").json()["day"]["date"] for date in dates], dates)


@case("while others read without pause, no answer begun after a booking was told is older than it")
def _():
    over = threading.Event()
    strange = []

    def read():
        connection = caller.server.connection()
        while not over.is_set():
            if ask("GET", DAY, connection=connection).status != 200:
                strange.append("not 200")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for _ in range(40):
        made = caller.book(DESK, DATE, "pm")
        seen = caller.halves(DESK, DATE)[1]
        gone = caller.cancel(made.json())
        if (made.status, seen, gone.status, caller.halves(DESK, DATE)[1]) != (201, "taken", 204, "free"):
            strange.append((made.status, seen, gone.status))
    over.set()
    for reader in readers:
        reader.join()
    equal(strange, [])


run()
