"""Somebody who listens to the feed and comes back with the last id they have, for as long as they have not heard of a goal."""
import threading
import time

from sse import Listener


def _numbers(id):
    """Of each space in it."""
    return {space: int(number) for space, number in (part.rsplit(":", 1) for part in id.split(","))}


class Follower(threading.Thread):
    """`over`: an event, `goal`: a list that holds the last id when nothing more will happen (of a hacktivd that answers before it commits,
    more may come all the same). A reset would be a fault: nothing is restored."""

    def __init__(self, server, login, token, start, over, goal):
        super().__init__(daemon=True)
        self.server, self.login, self.token, self.id, self.over, self.goal = server, login, token, start, over, goal
        self.heard, self.connections, self.fault = [], 0, None

    def run(self):
        try:
            while not (self.over.is_set() and self.is_there()):
                self._listen()
        except Exception as fault:               # told by the test, not lost in a thread
            self.fault = fault

    def is_there(self):
        heard = _numbers(self.id)
        return bool(self.goal) and all(heard.get(space, -1) >= number for space, number in _numbers(self.goal[0]).items())

    def _listen(self):
        try:
            stream = Listener(self.server, "/v1/events", self.token, id=self.id, timeout=5)
        except OSError:
            time.sleep(0.02)
            return
        with stream:
            if stream.status in (502, 503, 504):
                time.sleep(0.02)
                return
            assert stream.status in (200, 429), stream.answer()
            self.connections += 1
            while not stream.ended and not self.is_there():
                for event in stream.read(0.2):
                    assert event.kind != "reset", event
                    self.heard.append(event.data)
                self.id = stream.last_id or self.id


def listed(caller, login, start):
    """What the list of changes tells since then."""
    target, items = f"/v1/changes?after={start}&limit=200", []
    while target:
        page = caller.get(target, by=login).json()
        items, target = items + page["items"], page["next"]
    return items
