"""hacktivd is asked to end while twenty clients write as fast as they can, and started again, several times: what was answered is
there, what was not answered did not happen, and no booking is half there."""
import http.client
import random
import signal
import threading
import time

from caller import Caller
from server import new_id
from tap import case, equal, rows, run

WRITERS = 20
ROUNDS = 6
ENOUGH = 60                # answered writes, before it is asked to end
PATIENCE_S = 60            # for so many, on a busy machine
random.seed(20261125)

caller = Caller()
server = caller.server
places = {f"ferme/Les Serres {number}": caller.resource(f"ferme/Les Serres {number}") for number in range(1, 9)}
DATES = [f"2026-08-{day}" for day in (10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 31)]


class Writer(threading.Thread):
    """Books and cancels on one connection until it ends."""

    def __init__(self, login, seed):
        super().__init__(daemon=True)
        self.token, self.random = caller.tokens[login], random.Random(seed)
        self.told = {}                # id: the state it was told last
        self.pending = None           # (id, state before, state wanted) of what is asked for just now
        self.answered = 0
        self.fault = None

    def run(self):
        wire = server.connection()
        try:
            while True:
                if not self.ask(wire):
                    break
        except (http.client.HTTPException, OSError):
            pass                      # the server has gone; `pending` says what was on its way
        except AssertionError as fault:
            self.fault = fault
        wire.close()

    def ask(self, wire):
        """One write. False: told that the server is ending."""
        mine = [id for id, state in self.told.items() if state == "confirmed"]
        if mine and self.random.random() < 0.5:
            id = self.random.choice(mine)
            self.pending = (id, "confirmed", "cancelled")
            answer = server.request("DELETE", f"/v1/spaces/ferme/bookings/{id}", token=self.token, headers={"If-Match": '"1"'},
                                    connection=wire)
            good = {204: "cancelled"}
        else:
            id = new_id()
            self.pending = (id, None, "confirmed")
            wish = {"id": id, "resource_id": self.random.choice(list(places.values())), "date": self.random.choice(DATES),
                    "part": self.random.choice(["am", "pm", "day"])}
            answer = server.request("POST", "/v1/spaces/ferme/bookings", wish, token=self.token, key=id, connection=wire)
            good = {201: "confirmed", 409: None, 422: None}
        before, self.pending = self.pending[1], None
        assert answer.status in good or answer.status == 503, answer
        state = good.get(answer.status, before)
        if state:
            self.told[id] = state
            self.answered += answer.status != 503
        return answer.header("Connection") != "close"


def there():
    return dict(server.sql("SELECT id, state FROM booking"))


_tally = {"answered": 0, "on their way": 0}


@rows("S11: asked to end by", [(f"{signal.Signals(number).name} in round {turn}", number) for turn, number in
                          enumerate([signal.SIGTERM, signal.SIGINT] * (ROUNDS // 2), 1)])
def _(number):
    if server.process.poll() is not None:
        server.start()                # the round before went wrong
    before = there()
    writers = [Writer(login, random.random()) for login in list(caller.tokens)[:WRITERS]]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + PATIENCE_S
    while sum(writer.answered for writer in writers) < ENOUGH:
        assert time.monotonic() < deadline, "they write too slowly to prove anything"
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.02))
    server.process.send_signal(number)
    equal(server.wait(30), 0, server.told()[-2000:])
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive(), "neither answered nor cut off"
        if writer.fault:
            raise writer.fault

    after = there()
    told = {id: state for writer in writers for id, state in writer.told.items()}
    pending = [writer.pending for writer in writers if writer.pending]
    for id, state in told.items():
        equal(after.get(id), state, f"acknowledged and lost: {id}")
    for id, was, _ in pending:
        equal(after.get(id), was, f"happened and was never answered: {id}")
    equal({id: state for id, state in after.items() if id not in told}, before, "written and told to nobody")
    _tally["answered"] += sum(writer.answered for writer in writers)
    _tally["on their way"] += len(pending)
    server.start()
    for writer in writers:
        for id, state in list(writer.told.items())[-1:]:
            equal(server.get(f"/v1/spaces/ferme/bookings/{id}", token=writer.token).json()["state"], state)


@case("after all that no booking is half there and the feed has no gap")
def _():
    equal(caller.get("/readyz").status, 200)
    equal(server.sql("""SELECT b.id FROM booking b JOIN space s ON s.id = b.space_id
                        LEFT JOIN (SELECT space_id, booking_id, count(*) AS held FROM slot GROUP BY 1, 2) h
                               ON h.space_id = b.space_id AND h.booking_id = b.id
                        WHERE coalesce(held, 0) <> CASE state WHEN 'cancelled' THEN 0 ELSE (end_at - start_at) / granule_s END"""), [])
    equal(server.sql("SELECT space_id FROM change_log GROUP BY space_id HAVING count(*) <> max(seq) OR min(seq) <> 1"), [])
    equal(server.sql("SELECT count(*) FROM change_log WHERE kind LIKE 'booking.%'"), server.sql("SELECT sum(version) FROM booking"))
    server.stop()
    server.check_whole()
    print(f"# {_tally}")


run()
