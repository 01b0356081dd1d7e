"""Somebody who listens to the feed and comes back with the last id they have, for as long as they have not heard of a goal."""
import threading
import time

from sse import Listener


class Follower(threading.Thread):
    """`over`: an event, `goal`: a list that holds the last id when nothing more will happen. A reset would be a fault: nothing is restored."""

    def __init__(self, server, login, token, start, over, goal):
        super().__init__(daemon=True)
        self.server, self.login, self.token, self.id, self.over, self.goal = server, login, token, start, over, goal
        self.heard, self.connections, self.fault = [], 0, None

    def run(self):
        try:
            while not (self.over.is_set() and self.goal and self.id == self.goal[0]):
                self._listen()
        except Exception as fault:               # told by the test, not lost in a thread
            self.fault = fault

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
            while not stream.ended and not (self.goal and self.id == self.goal[0]):
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
