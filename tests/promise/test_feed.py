"""I11: hacktivd is killed again and again while people sign up, withdraw and book; whoever listens comes back with the last id they
have, and in the end has heard every change once and in order, as the list of changes tells it. A reset or an id that is not ours any
more would be a fault: nothing was restored."""
import http.client
import random
import threading
import time

from community import Community
from follower import Follower, listed
from server import new_id
from tap import case, equal, run
from walk import Wishes

KILLS, CALM_S = 8, (0.1, 0.9)           # seconds from "listening" to the next kill
CHANGES, CONNECTIONS = 100, 4           # more than so many by each who listens,
SLOW_S = 60                             # for which it may last longer, on a slow machine
LISTENERS = ["odile.rancennes", "maite.froidmont", "elise.warnimont", "demo"]
WRITERS = ["zoe.lambermont", "plume", "benedicte.closset"]
random.seed(20261128)


def activity(title, space):
    return {"slug": title, "title": title, "space": space, "place": "Le Moulin", "languages": ["fr"], "format": "meetup",
            "from": "16:00", "date": "+7d", "capacity": 2}


class House(Wishes, Community):
    pass


caller = House([activity("walk", "ferme"), activity("talk", "rimbaud")])
server = caller.server
over = threading.Event()


def ask(login, method, target, body=None, key=None):
    """Until it is answered."""
    while True:
        try:
            wire = server.connection(5)
            answer = server.request(method, target, body, token=caller.tokens[login], key=key, connection=wire)
            wire.close()
            if answer.status < 500:
                return answer
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)


class Writer(threading.Thread):
    def __init__(self, login, wishes):
        super().__init__()
        self.login, self.wishes, self.fault = login, wishes, None

    def run(self):
        try:
            for number in range(10 ** 6):
                if over.is_set():
                    return
                target = caller.path(["walk", "talk"][number % 2]) + "/signup"
                answer = ask(self.login, ["PUT", "PUT", "DELETE", "DELETE"][number % 4], target)
                assert answer.status == 200, answer
                if number % 3 == 0 and self.wishes:
                    space, wish = self.wishes.pop()
                    answer = ask(self.login, "POST", f"/v1/spaces/{space}/bookings", wish, key=wish["id"])
                    assert answer.status in (201, 409), answer
        except Exception as fault:
            self.fault = fault


goal = []


def has_heard_much(follower):
    return len(follower.heard) > CHANGES and follower.connections > CONNECTIONS


@case("I11: killed in the middle of everything, every listener hears every change once and in order")
def _():
    wishes = [(space, caller.wish(*caller.some_wish(space), id=new_id())) for _ in range(60) for space in ("ferme", "rimbaud")]
    start = caller.get("/v1/changes", by="demo").json()["id"]
    for title in ("walk", "talk"):
        caller.path(title)
    followers = [Follower(server, login, caller.tokens[login], start, over, goal) for login in LISTENERS]
    writers = [Writer(login, wishes[number::len(WRITERS)]) for number, login in enumerate(WRITERS)]
    for thread in followers + writers:
        thread.start()
    kills, until = 0, time.monotonic() + SLOW_S
    while kills < KILLS or time.monotonic() < until and not all(map(has_heard_much, followers)):
        time.sleep(random.uniform(*CALM_S))
        server.kill()
        server.start()
        kills += 1
    time.sleep(0.5)
    over.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive() and writer.fault is None, writer.fault
    goal.append(caller.get("/v1/changes", by="demo").json()["id"])
    for follower in followers:
        follower.join(60)
        assert not follower.is_alive() and follower.fault is None, (follower.fault, follower.id, goal)
    for follower in followers:
        changes = listed(caller, follower.login, start)
        assert has_heard_much(follower), (len(follower.heard), follower.connections)
        for space in {item["space_id"] for item in changes}:
            told = [item for item in changes if item["space_id"] == space]
            equal([item["seq"] for item in told], list(range(told[0]["seq"], told[0]["seq"] + len(told))))
            heard = [item for item in follower.heard if item["space_id"] == space]
            # What a booking is told as follows what it is of by now: numbers and kinds are what may not differ.
            equal([(item["seq"], item["kind"], item["ref"]) for item in heard],
                  [(item["seq"], item["kind"], item["ref"]) for item in told], follower.login)
    print(f"# {len(changes)} changes, {kills} kills, {sum(follower.connections for follower in followers)} connections")


run(server.stop)
