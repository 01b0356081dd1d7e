"""The live feed: every change once and in order, to everyone who may hear of it, as they may; from any id on; and how it ends."""
import random
import re
import threading
import time

from community import Community
from sse import Listener
from tap import case, equal, rows, run
from walk import Wishes

MEMBER, OTHER, DESK = "zoe.lambermont", "plume", "benedicte.closset"     # DESK: reception of ferme
random.seed(20261128)


def activity(title, space):
    return {"slug": title, "title": title, "space": space, "place": "Le Moulin", "languages": ["fr"], "format": "meetup",
            "from": "16:00", "date": "+7d", "capacity": 50}


class House(Wishes, Community):
    def __init__(self):
        super().__init__([activity("walk", "ferme"), activity("rush", "ferme"), activity("crowd", "rimbaud")])
        self.server.stop()
        self.server.give_role(DESK, "reception", "ferme")
        self.spare = [self.server.grant(MEMBER)[MEMBER] for _ in range(3)]      # more tokens of the same person
        self.server.start()
        self.spaces = {space["slug"]: space["id"] for space in self.get("/v1/spaces").json()["items"]}

    def listen(self, target="/v1/events", by=MEMBER, **more):
        stream = Listener(self.server, target, self.tokens.get(by), **more)
        self.contract.judge("GET", target, stream.answer())
        return stream.begun() if stream.status == 200 else stream

    def booked(self, space="ferme", by="demo"):
        """One change."""
        return self.some_booking(space, by)


caller = House()
call, get, listen = caller.call, caller.get, caller.listen
# Opened first, read last: what comes on a stream on which nothing happens.
idle = listen("/v1/spaces/pepi/events", by=OTHER)
idle_since = time.monotonic()


# ---- what is told, and to whom ---------------------------------------------------------------------------------------------------

@case("a stream begins with when to come back and where it stands, and with nothing that was")
def _():
    with listen() as stream:
        equal((stream.parser.retry, stream.events), (3000, []))
        head = stream.answer()
        equal((head.media_type, head.header("X-Accel-Buffering"), head.header("Content-Length"), head.header("Transfer-Encoding")),
              ("text/event-stream", "no", None, None))


@case("a booking is told to its owner and to the desk; all others hear that a resource's availability changed")
def _():
    with listen(by="demo") as owner, listen(by=DESK) as desk, listen(by=MEMBER) as member:
        made = caller.booked()
        for stream in (owner, desk):
            [event] = stream.take(1)
            equal((event.kind, event.data["kind"], event.data["ref"], event.data["resource_id"], event.data["version"]),
                  ("booking.created", "booking.created", made["id"], made["resource_id"], 1))
        [event] = member.take(1)
        equal((event.kind, event.data["ref"], event.data["space_id"], event.data["version"]),
              ("availability.changed", made["resource_id"], made["space_id"], event.data["seq"]))
        assert made["id"] not in str(event.data)
        equal(caller.cancel(made).status, 204)
        equal([stream.take(1)[0].kind for stream in (owner, desk, member)],
              ["booking.cancelled", "booking.cancelled", "availability.changed"])


@case("the desk of one space is anybody in another")
def _():
    with listen(by=DESK) as desk:
        made = caller.booked("rimbaud")
        [event] = desk.take(1)
        equal((event.kind, event.data["ref"]), ("availability.changed", made["resource_id"]))


@case("a list of changes says the same as the stream, to each")
def _():
    for login in ("demo", DESK, MEMBER):
        with listen(by=login) as stream:
            start = stream.last_id
            caller.booked()
            caller.booked("rimbaud", by=OTHER)
            told = sorted((event.data for event in stream.take(2)), key=str)
            listed = get(f"/v1/changes?after={start}", by=login).json()
            equal(sorted(listed["items"], key=str), told, login)
            equal((listed["id"], listed["next"], listed["reset"]), (stream.last_id, None, None))


@case("nobody's name, login or id travels, whatever is told")
def _():
    people = [person for login in caller.tokens for person in [login, get("/v1/members/me", by=login).json()["id"]]]
    people += [get("/v1/members/me", by=login).json()["name"] for login in caller.tokens]
    for login in (MEMBER, DESK, "demo"):
        target, told = "/v1/spaces/ferme/changes?after=0&limit=200", ""
        while target:
            page = get(target, by=login)
            told, target = told + page.body.decode(), page.json()["next"]
        with listen(by=login, target="/v1/spaces/ferme/events") as stream:
            caller.booked()
            told += repr(stream.take(1))
        # A login may be an ordinary word of a kind or an id: those of two letters are not looked for.
        assert not [person for person in people if len(person) > 3 and re.search(rf"\b{re.escape(person)}\b", told)]


@case("sign-ups are told with their activity alone")
def _():
    with listen("/v1/spaces/ferme/events") as stream:
        equal(caller.sign_up("walk", OTHER).status, 200)
        [event] = stream.take(1)
        equal((event.kind, event.data["ref"]), ("signup.created", caller.activity("walk")["id"]))
        equal(caller.withdraw("walk", OTHER).status, 200)
        equal(stream.take(1)[0].kind, "signup.withdrawn")


@rows("types", [
    ("one", "availability", ["availability"]),
    ("two", "signup,availability", ["availability", "signup"]),
    ("what never comes to a member", "booking", []),
    ("all of them", "booking,availability,activity,signup,space", ["availability", "signup"]),
])
def _(types, heard):
    with listen(f"/v1/events?types={types}") as stream:
        start = stream.last_id
        caller.booked()
        caller.sign_up("walk", OTHER)
        caller.withdraw("walk", OTHER)
        with listen("/v1/events", id=start) as everything:
            last = everything.take(3)[-1].id
        # An event of each kind that is wanted; then nothing more until the number has gone by.
        told = stream.take(sum({"availability": 1, "signup": 2}[kind] for kind in heard))
        equal(sorted({event.kind.partition(".")[0] for event in told}), heard)
        equal({item["kind"].partition(".")[0] for item in get(f"/v1/changes?after={start}&types={types}", by=MEMBER).json()["items"]},
              set(heard))
        if "signup" in heard:
            equal(told[-1].id, last)


@case("what goes by untold still moves the id on, with the next heartbeat, which comes as often as was asked for")
def _():
    with listen("/v1/spaces/ferme/events?types=space") as stream, listen("/v1/events?types=space&heartbeat=60") as calm:
        start, calm_start = stream.last_id, calm.last_id
        caller.booked()
        stream.until(lambda stream: stream.last_id != start, 20)
        equal(stream.events, [])
        equal(calm.read(0), [])
        equal((calm.last_id, calm.parser.comments), (calm_start, 0))
        equal(get(f"/v1/spaces/ferme/changes?after={stream.last_id}", by=MEMBER).json()["items"], [])


# ---- coming back -----------------------------------------------------------------------------------------------------------------

@case("I11: from every id on the rest comes, once and in order, as a stream of all or of one space")
def _():
    with listen() as stream:
        ids, told = [stream.last_id], []
        for number in range(8):
            caller.booked(["ferme", "rimbaud"][number % 2], by=["demo", OTHER][number // 4])
            told += stream.take(1)
            ids.append(told[-1].id)
    equal(len(set(ids)), 9)
    for at, id in enumerate(ids):
        rest = [event.data for event in told[at:]]
        with listen(id=id) as again:
            came = [event.data for event in again.take(len(rest))]
            for slug in ("ferme", "rimbaud"):
                space = caller.spaces[slug]
                equal([data for data in came if data["space_id"] == space], [data for data in rest if data["space_id"] == space])
            equal(again.read(0.1), [])
        mine = [data for data in rest if data["space_id"] == caller.spaces["ferme"]]
        with listen("/v1/spaces/ferme/events", id=id) as one:
            equal([event.data for event in one.take(len(mine))], mine)
            equal(one.read(0.1), [])


@case("many pages behind: all that is kept comes, from the first change on")
def _():
    with listen("/v1/spaces/ferme/events") as stream:
        now = stream.last_id
    key, _, last = now.rpartition(":")
    with listen("/v1/spaces/ferme/events", id=f"{key}:0") as stream:
        told = stream.take(int(last))
        equal([event.data["seq"] for event in told], list(range(1, int(last) + 1)))
        equal(told[-1].id, now)
        caller.booked()
        equal(stream.take(1)[0].data["seq"], int(last) + 1)


def ids():
    with listen() as stream:
        now = stream.last_id
    epoch, _, places = now.partition(".")
    return now, epoch, places.split(",")


NONSENSE = ["x", "8841", "aaaaaaaa", "{epoch}", "{epoch}.{first},", "{epoch}.,{first}", "{epoch}.{first},{first}", "{epoch}.{key}:01",
            "{epoch}.{key}:-1", "{epoch}.{key}:99999999999999999999", "{epoch}.{key}", "{EPOCH}.{first}", "{epoch}..{first}", "*", "\"1\""]


@rows("reset: never an id of ours", [(text, text) for text in NONSENSE])
def _(text):
    now, epoch, places = ids()
    id = text.format(epoch=epoch, EPOCH=epoch.upper(), first=places[0], key=places[0].partition(":")[0])
    with listen(id=id) as stream:
        [event] = stream.take(1)
        equal((event.kind, event.data, event.id), ("reset", {"reason": "unknown"}, now))
        caller.booked()
        equal(stream.take(1)[0].kind, "availability.changed")       # and it goes on


@rows("S26 reset", [
    ("of another epoch", lambda now, epoch, places: "aaaaaaaa." + ",".join(places), "epoch"),
    ("ahead of us, as after a back-up was put back by hand", lambda now, epoch, places: now + "0", "unknown"),
    ("it lacks a space", lambda now, epoch, places: f"{epoch}." + ",".join(places[1:]), "spaces"),
    ("it has none", lambda now, epoch, places: f"{epoch}.", "spaces"),
])
def _(change, reason):
    now, epoch, places = ids()
    wrong = change(now, epoch, places)
    with listen(id=wrong) as stream:
        [event] = stream.take(1)
        equal((event.kind, event.data, event.id), ("reset", {"reason": reason}, now))
    answer = get(f"/v1/changes?after={wrong}", by=MEMBER).json()
    equal((answer["reset"], answer["items"], answer["id"], answer["next"]), (reason, [], now, None))


@case("spaces that an id has and a stream has not are passed over")
def _():
    now, epoch, places = ids()
    with listen(id=f"{now},AAAAAAAA:7") as stream:
        equal((stream.last_id, stream.events), (now, []))


# ---- asked instead of told -------------------------------------------------------------------------------------------------------

@case("changes of all spaces, page by page, are those of each")
def _():
    now, epoch, places = ids()
    target = f"/v1/changes?after={epoch}." + ",".join(place.partition(":")[0] + ":0" for place in places) + "&limit=150"
    told = {space: [] for space in caller.spaces.values()}
    while target:
        page = get(target, by=MEMBER).json()
        assert len(page["items"]) <= 150
        for item in page["items"]:
            told[item["space_id"]].append(item)
        target = page["next"]
    equal(page["id"], now)
    for slug, space in caller.spaces.items():
        target, one = f"/v1/spaces/{slug}/changes?after=0&limit=200", []
        while target:
            page = get(target, by=MEMBER).json()
            one, target = one + page["items"], page["next"]
        equal(told[space], one, slug)


@rows("reset of a list", [("beyond the last", "99999999", "unknown"), ("of another epoch", "aaaaaaaa.AAAAAAAA:1", "epoch")])
def _(after, reason):
    answer = get(f"/v1/spaces/ferme/changes?after={after}", by=MEMBER).json()
    equal((answer["reset"], answer["items"], answer["next"]), (reason, [], None))
    equal(get(f"/v1/spaces/ferme/changes?after={answer['seq']}", by=MEMBER).json()["reset"], None)


def meanwhile(target, by=MEMBER, token=None):
    """A request on a thread; `.join()` gives (answer, seconds). On a busy machine it comes late: what it waited counts from before."""
    began = time.monotonic()

    class Waiting(threading.Thread):
        def run(self):
            wire = caller.server.connection()
            self.result = caller.server.request("GET", target, token=token or caller.tokens[by], connection=wire), time.monotonic() - began
            wire.close()

        def join(self):
            super().join(60)
            answer, seconds = self.result
            return caller.contract.judge("GET", target, answer), seconds
    thread = Waiting()
    thread.start()
    time.sleep(0.3)
    return thread


@case("a request that waits is answered when something happens")
def _():
    now, _, _ = ids()
    waiting = [meanwhile(f"/v1/changes?after={now}&wait=25"), meanwhile(f"/v1/spaces/ferme/changes?after={now}&wait=25")]
    caller.booked()
    for one in waiting:
        answer, seconds = one.join()
        equal([item["kind"] for item in answer.json()["items"]], ["availability.changed"])
        assert 0.2 < seconds < 5, seconds


@case("it is not answered for what is not told; then, at its time, with nothing and a later id")
def _():
    now, _, _ = ids()
    waiting = meanwhile(f"/v1/changes?after={now}&wait=2&types=activity")
    caller.booked()
    answer, seconds = waiting.join()
    equal((answer.json()["items"], answer.json()["id"] != now), ([], True))
    assert 1.9 < seconds < 10, seconds


@case("it waits for nothing when there is something")
def _():
    now, _, _ = ids()
    caller.booked()
    answer, seconds = meanwhile(f"/v1/changes?after={now}&wait=25").join()
    assert len(answer.json()["items"]) == 1 and seconds < 5


@case("a token that is worth nothing by then gets no answer")
def _():
    now, _, _ = ids()
    token = caller.spare.pop()
    waiting = meanwhile(f"/v1/changes?after={now}&wait=25", token=token)
    equal(caller.server.request("DELETE", "/v1/sessions/current", token=token).status, 204)
    caller.booked()
    equal(waiting.join()[0].status, 401)


@case("a list that waits has no entity tag; one that does not has, and it changes with who asks and how far")
def _():
    now, _, _ = ids()
    equal(get(f"/v1/changes?after={now}&wait=1", by=MEMBER).header("ETag"), None)
    tags = [get(f"/v1/changes?after={now}{more}", by=login).header("ETag")
            for more, login in [("", MEMBER), ("", DESK), ("&types=space", MEMBER), ("&limit=7", MEMBER)]]
    equal(len(set(tags)), 4)
    equal(get(f"/v1/changes?after={now}", by=MEMBER, headers={"If-None-Match": tags[0]}).status, 304)
    caller.booked()
    equal(get(f"/v1/changes?after={now}", by=MEMBER, headers={"If-None-Match": tags[0]}).status, 200)


# ---- refused ---------------------------------------------------------------------------------------------------------------------

@rows("refused", [
    ("nobody", "/v1/events", None, {}, 401), ("nobody, of a space", "/v1/spaces/ferme/events", None, {}, 401),
    ("a space that is not", "/v1/spaces/atlantis/events", MEMBER, {}, 404),
    ("a type that is not", "/v1/events?types=booking,gossip", MEMBER, {}, 400), ("no type", "/v1/events?types=", MEMBER, {}, 400),
    ("a parameter", "/v1/events?after=1", MEMBER, {}, 400),
    ("a heartbeat for the restless", "/v1/events?heartbeat=14", MEMBER, {}, 400),
    ("a heartbeat for the dead", "/v1/spaces/ferme/events?heartbeat=901", MEMBER, {}, 400),
    ("a heartbeat in words", "/v1/events?heartbeat=1m", MEMBER, {}, 400),
    ("as JSON", "/v1/events", MEMBER, {"headers": ["Accept: application/json"]}, 406),
    ("a list from nowhere", "/v1/changes?after=12", MEMBER, {}, 400), ("to wait for long", "/v1/changes?wait=26", MEMBER, {}, 400),
    ("to wait for less than nothing", "/v1/changes?wait=-1", MEMBER, {}, 400),
])
def _(target, by, more, status):
    if "headers" in more:
        answer = get(target, by=by, headers={"Accept": "application/json"})
    else:
        answer = get(target, **({"by": by} if by else {}))
    equal(answer.status, status, repr(answer))


@case("HEAD tells the head and no stream")
def _():
    answer = call("HEAD", "/v1/events", by=MEMBER)
    equal((answer.status, answer.media_type), (200, "text/event-stream"))


# ---- limits and ends -------------------------------------------------------------------------------------------------------------

@case("one person has five streams and waiting requests; a sixth is told when to try again; who leaves makes room")
def _():
    now, _, _ = ids()
    time.sleep(0.5)
    waiting = meanwhile(f"/v1/changes?after={now}&wait=3&types=space", by=OTHER)      # first: it has come in when the streams have
    streams = [listen(by=OTHER) for _ in range(3)]          # idle is OTHER's too
    refused = listen(by=OTHER)
    equal((refused.status, refused.answer().problem), (429, "rate-limited"))
    assert int(refused.answer().header("Retry-After")) > 0
    equal(get(f"/v1/changes?after={now}&wait=3&types=space", by=OTHER).status, 429)
    with listen(by=MEMBER) as another:
        equal(another.status, 200)
    equal(waiting.join()[0].status, 200)
    streams.append(listen(by=OTHER))
    equal(streams[-1].status, 200)
    streams.pop(0).close()
    deadline = time.monotonic() + 5
    while (stream := listen(by=OTHER)).status != 200:
        assert time.monotonic() < deadline, "the place of a stream that ended is not given back"
        time.sleep(0.05)
    for one in streams + [stream]:
        one.close()


@case("S19: a stream ends within two seconds of its token; another token's goes on")
def _():
    token = caller.spare.pop()
    with Listener(caller.server, "/v1/events", token).begun() as ends, listen() as stays:
        began = time.monotonic()
        equal(caller.server.request("DELETE", "/v1/sessions/current", token=token).status, 204)
        ends.wait_for_end(2)
        assert time.monotonic() - began < 2
        caller.booked()
        equal(len(stays.take(1)), 1)
        equal(Listener(caller.server, "/v1/events", token).status, 401)


@case("on a connection that served other requests before; what is sent into a stream is not listened to")
def _():
    wire = caller.server.connect()
    for _ in range(3):
        wire.sendall(b"GET /v1/meta HTTP/1.1\r\nHost: localhost\r\n\r\n")
        came = b""
        while b"}" not in came:
            came += wire.recv(65536)
    stream = Listener(caller.server, "/v1/events", caller.tokens[MEMBER], wire=wire).begun()
    wire.sendall(b"GET /v1/meta HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
    caller.booked()
    equal([event.kind for event in stream.take(1)], ["availability.changed"])
    wire.close()


# ---- a crowd ---------------------------------------------------------------------------------------------------------------------

def rush(title, login, times, gate):
    wire = caller.server.connection()
    target = caller.path(title) + "/signup"
    gate.wait()
    for number in range(times):
        answer = caller.server.request("PUT" if number % 2 == 0 else "DELETE", target, token=caller.tokens[login], connection=wire)
        assert answer.status == 200, answer
    wire.close()


class Follower(threading.Thread):
    """Listens, hangs up after a few events, comes back with the last id."""

    def __init__(self, login, wanted, target="/v1/events"):
        super().__init__()
        self.login, self.target, self.wanted = login, target, wanted
        self.told, self.fault, self.connections = [], None, 0
        self.stream = Listener(caller.server, target, caller.tokens[login]).begun()
        self.id = self.stream.last_id

    def run(self):
        try:
            while not self.wanted(self.told):
                self.connections += 1
                for event in self._some():
                    assert event.kind != "reset", event
                    self.told.append(event.data)
                    self.id = event.id
                self.stream.close()
                self.stream = Listener(caller.server, self.target, caller.tokens[self.login], id=self.id)
            self.stream.close()
        except Exception as fault:
            self.fault = fault

    def _some(self):
        count, deadline = random.randint(1, 60), time.monotonic() + 60
        while count > 0 and not self.wanted(self.told):
            assert time.monotonic() < deadline, f"nothing more after {len(self.told)} events"
            came = self.stream.read(0.5)
            assert not self.stream.ended, "cut off"
            count -= len(came)
            yield from came


WRITERS, EACH = ["demo", "plume", "zoe.lambermont", "benedicte.closset"], 700


@case("I11: thousands of events while listeners hang up and come back: each hears each once, in order; S18: who takes nothing is cut "
      "off at 256 KiB, and misses nothing")
def _():
    expected = {caller.spaces["ferme"]: 3 * EACH, caller.spaces["rimbaud"]: EACH}

    def complete(told):
        return len(told) >= 4 * EACH
    lazy = listen(by=DESK)
    begin = lazy.last_id
    followers = [Follower(login, complete) for login in (MEMBER, OTHER, "demo")]
    gate = threading.Barrier(len(WRITERS))
    writers = [threading.Thread(target=rush, args=(["rush", "walk", "rush", "crowd"][number], login, EACH, gate)) for number, login in enumerate(WRITERS)]
    for thread in followers + writers:
        thread.start()
    for thread in writers + followers:
        thread.join(200)
    for follower in followers:
        assert follower.fault is None, follower.fault
        assert follower.connections > 5, follower.connections
        for space, count in expected.items():
            numbers = [data["seq"] for data in follower.told if data["space_id"] == space]
            equal(numbers, list(range(numbers[0], numbers[0] + count)), f"{follower.login} heard of {space}")
    lazy.wait_for_end(20)
    came = lazy.events
    assert 0 < len(came) < 4 * EACH, len(came)
    with listen(by=DESK, id=came[-1].id if came else begin) as again:
        told = [event.data for event in came + again.take(4 * EACH - len(came))]
    for space, count in expected.items():
        numbers = [data["seq"] for data in told if data["space_id"] == space]
        equal(numbers, list(range(numbers[0], numbers[0] + count)), "the one who took nothing")


@case("nobody listened while a thousand things happened: each comes, and then what happens next")
def _():
    with listen("/v1/spaces/rimbaud/events") as stream:
        caller.booked("rimbaud")
        before = stream.take(1)[0]
    rush("crowd", MEMBER, 1000, threading.Barrier(1))
    with listen("/v1/spaces/rimbaud/events") as fresh, listen("/v1/spaces/rimbaud/events", id=before.id) as stream:
        told = [event.data["seq"] for event in stream.take(1000)]
        caller.booked("rimbaud")
        told += [event.data["seq"] for event in stream.take(1)]
        equal(told, list(range(before.data["seq"] + 1, before.data["seq"] + 1002)))
        equal([event.data["seq"] for event in fresh.take(1)], told[-1:])


@case("on a stream on which nothing happens a comment comes every fifteen seconds")
def _():
    idle.until(lambda stream: stream.parser.comments >= 2, 60)
    equal(idle.events, [])
    assert idle.parser.comments <= (time.monotonic() - idle_since) / 15, idle.parser.comments
    idle.close()


@case("a graceful stop tells when to come back, ends the streams, answers those who wait, and takes no time")
def _():
    now, _, _ = ids()
    streams = [listen(by=login) for login in (MEMBER, OTHER, "demo")]
    waiting = meanwhile(f"/v1/changes?after={now}&wait=25")
    began = time.monotonic()
    caller.server.stop()
    assert time.monotonic() - began < 5
    for stream in streams:
        stream.wait_for_end(1)
        assert 1000 <= stream.parser.retry <= 5000, stream.parser.retry
    equal(waiting.join()[0].json()["items"], [])
    caller.server.start()
    for stream in streams:
        with listen(id=stream.last_id) as again:
            equal((again.last_id, again.events), (now, []))


@case("what came after it is forgotten after seven days: reset, and numbers go on")
def _():
    now, _, _ = ids()
    caller.booked()
    caller.server.stop()
    caller.server.now = "2026-07-23T07:30:00+02:00"
    caller.server.start()
    deadline = time.monotonic() + 10
    while get(f"/v1/changes?after={now}", by=MEMBER).json()["reset"] != "too_old":
        assert time.monotonic() < deadline, "it is never forgotten"
        time.sleep(0.2)
    with listen(id=now) as stream:
        [event] = stream.take(1)
        equal((event.kind, event.data), ("reset", {"reason": "too_old"}))
        last = get("/v1/spaces/ferme/changes", by=MEMBER).json()
        equal((last["reset"], last["items"]), ("too_old", []))
        made = caller.booked()
        [event] = stream.take(1)
        equal((event.data["ref"], event.data["seq"]), (made["resource_id"], last["seq"] + 1))
    equal([item["seq"] for item in get(f"/v1/spaces/ferme/changes?after={last['seq']}", by=MEMBER).json()["items"]], [last["seq"] + 1])


run(caller.server.stop)
