"""Calendars that people subscribe to, and cards for address books, read back by parsers that are not ours: what they tell is what JSON
tells, to those alone who may know it.
"""
import datetime
import os
import re
import subprocess
import urllib.parse

from community import Community
from parsers import icalendar, vobject
from server import PASSWORD, new_id
from tap import case, equal, rows, run

A, B, C = "demo", "zoe.lambermont", "odile.rancennes"
NOW = "2026-10-01T09:00:00+02:00"            # on 25 October the clocks go back
LINK = "https://visio.example.org/salle-secrete"
HOSTILE = 'Thé; café, "tarte" \\ et \\\\ après : 50 % <b>DROP</b>'
LONG = "Ça dépasse — " + "é𝄞ö" * 90 + " fin"
PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d"}


def activity(slug, **more):
    return {**PLAIN, "slug": slug, "title": slug, **more}


PUBLIC = {"card": {"profession": "illustratrice; à façon, parfois", "organisation": "gribouille", "skills": "aquarelle, gravure",
                   "languages": ["fr", "nl"], "town": "Momignies", "country": "BE", "email": "zoe@example.org", "phone": "+3260000210",
                   "website": "https://example.org/zoé", "about": "Je dessine.\nBEGIN:VCARD\nPour; les, \\enfants. " + LONG,
                   "shown_to": {"public": ["name", "profession", "skills"], "network": ["organisation", "languages", "website", "about"],
                                "space": ["town", "country"], "staff": ["phone", "email"]}}}
HIDDEN = {"card": {"profession": "comptable", "email": "odile@example.org", "shown_to": {"public": ["profession", "email"]}}}

class Autumn(Community):
    def path(self, title):
        items = self.get("/v1/activities?from=2026-09-01&limit=200").json()["items"]
        return next(f"/v1/spaces/{item['space_id']}/activities/{item['id']}" for item in items if item["title"] == title)

    def booked(self, date, part="am", by=A, space="ferme", **more):
        """A booking of the first place that is free, as it was answered."""
        id = new_id()
        wish = self.wish(self.free(space, date, part)[0], date, part, id=id, **more)
        answer = self.call("POST", f"/v1/spaces/{space}/bookings", wish, by=by, key=id)
        assert answer.status == 201, answer
        return answer.json()


caller = Autumn([
    activity("plain", summary="Une phrase", description="16:00 on part\n17:30 on rentre", note="Bottes", organiser="BEP; et, amis", capacity=9),
    activity("hostile", title=HOSTILE, description=LONG + "\n" + HOSTILE),
    activity("line", capacity=1, signups=[B]), activity("full", capacity=1, signups=[B]),
    activity("off", state="cancelled", signups=[A]), activity("past", date="-20d", signups=[A]),
    activity("old", date="-91d", signups=[A]),
    activity("online", space="rimbaud", format="webinar", place="", link=LINK, languages=["en"], signups=[A]),
    activity("night", date="+24d", **{"from": "01:30", "until": "04:00"}), activity("far", date="+300d")],
    [{"slug": "gribouille", "name": "Atelier; Gribouille, fils", "kind": "company", "town": "Chimay", "country": "BE"}],
    cards={B: PUBLIC, C: HIDDEN}, now=NOW, options=["--public-url", "https://reseau.example.org"])
get, server = caller.get, caller.server
KEYS = "/v1/members/me/calendar-keys"


def new_key(by=A, name="téléphone"):
    """(id, target) of a new one."""
    answer = caller.call("POST", KEYS, {"name": name}, by=by)
    equal(answer.status, 201, repr(answer))
    told = answer.json()
    equal(answer.header("Location"), f"{KEYS}/{told['id']}")
    return told["id"], urllib.parse.urlsplit(told["url"]).path


def kept(target, **more):
    """The bytes of a calendar, which are as RFC 5545 has them."""
    answer = get(target, **more)
    equal((answer.status, answer.header("Content-Type")), (200, "text/calendar; charset=utf-8"), repr(answer))
    assert answer.body.endswith(b"\r\n") and not re.search(rb"[^\r]\n|\r[^\n]", answer.body), "lines end with CR LF"
    for line in answer.body.split(b"\r\n")[:-1]:
        assert 0 < len(line) <= 75 and line != b" ", line
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line.decode()), line          # each is UTF-8 by itself
    return answer.body


def events(target, **more):
    """{uid: event}; two parsers find the same, but where there is a backslash: one of them is known to read those wrong."""
    body = kept(target, **more)
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    others = getattr(vobject.readOne(body.decode()), "vevent_list", [])
    equal([str(one["uid"]) for one in found], [other.uid.value for other in others])
    for one, other in zip(found, others):
        for name in ("summary", "location", "description", "contact"):
            text = getattr(other, name).value if hasattr(other, name) else ""
            assert "\\" in text or str(one.get(name, "")) == text, (one.get(name), text)
            one[name] = text
    return {str(one["uid"]): one for one in found}


def instant(text):
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)


def at(event, name):
    return event[name].dt.astimezone(datetime.timezone.utc)


def by_title(found, title):
    return next(event for event in found.values() if str(event["summary"]) == title)


def my_activity(title, target, by=A):
    return by_title(events(target), title), caller.activity(title, by=by)


MINE = new_key()[1]
caller.theirs = new_key(by=C)[1]


# ---- the keys --------------------------------------------------------------------------------------------------------------------

@case("an address is told once, stands in the list without its secret, and says when it was last read")
def _():
    id, target = new_key(name="Boulot & vélo")
    row = next(row for row in get(KEYS, by=A).json()["items"] if row["id"] == id)
    equal(row, {"id": id, "name": "Boulot & vélo", "created_at": "2026-10-01T07:00:00Z", "used_at": None})
    get(target)
    equal(next(row for row in get(KEYS, by=A).json()["items"] if row["id"] == id)["used_at"], "2026-10-01T07:00:00Z")
    assert id not in [row["id"] for row in get(KEYS, by=B).json()["items"]]


def plain(answer):
    told = answer.json()
    return answer.status, {name: told[name] for name in told if name != "instance"}, answer.header("Cache-Control")


@case("S06 an address that was taken away is as one that never was; others go on, and nobody takes away somebody else's")
def _():
    (one, target), (_, other) = new_key(), new_key()
    equal(caller.call("DELETE", f"{KEYS}/{one}", by=B).status, 404)
    equal(get(target).status, 200)
    equal(caller.call("DELETE", f"{KEYS}/{one}", by=A).status, 204)
    equal(plain(get(target)), plain(get("/v1/calendars/hkc_" + "A" * 43 + ".ics")))
    equal((get(target).status, get(other).status), (404, 200))
    equal(caller.call("DELETE", f"{KEYS}/{one}", by=A).status, 404)


@rows("is no address", [
    ("half a key", lambda key: key[:-10] + ".ics"), ("another ending", lambda key: key[:-4] + ".vcs"), ("none", lambda key: key[:-4]),
    ("an access token", lambda key: "/v1/calendars/" + caller.tokens[A] + ".ics"), ("nothing", lambda key: "/v1/calendars/.ics"),
    ("in capitals", lambda key: key.replace("hkc_", "HKC_"))])
def _(change):
    answer = get(change(MINE))
    equal((answer.status, answer.problem), (404, "not-found"))


@case("a key lets in to its calendar alone: it is no token")
def _():
    key = MINE.removeprefix("/v1/calendars/").removesuffix(".ics")
    equal(caller.call("GET", "/v1/members/me", token=key).status, 401)


@rows("what is asked for", [("no name", {}, "#/name"), ("an empty one", {"name": ""}, "#/name"), ("a number", {"name": 1}, "#/name"),
                            ("two lines", {"name": "a\nb"}, "#/name"), ("more", {"name": "a", "scope": "all"}, "#/scope")])
def _(body, pointer):
    answer = caller.call("POST", KEYS, body, by=A)
    equal((answer.status, answer.problem, answer.json()["errors"][0]["pointer"]), (422, "validation", pointer))


@case("twenty and no more")
def _():
    for _ in range(20 - len(get(KEYS, by=C).json()["items"])):
        new_key(by=C)
    equal(caller.call("POST", KEYS, {"name": "one more"}, by=C).status, 422)


# ---- one's own -------------------------------------------------------------------------------------------------------------------

def hold_to_booking(event, booking):
    equal((at(event, "dtstart"), at(event, "dtend")), (instant(booking["start"]), instant(booking["end"])))
    equal((str(event["status"]), str(event["transp"]), str(event["class"]), event["sequence"]),
          ("CONFIRMED", "OPAQUE", "PRIVATE", booking["version"] - 1))
    place, space = booking["resource_name"], get(f"/v1/spaces/{booking['space_id']}").json()
    title = booking.get("title") or ""
    equal(str(event["summary"]), f"{title} · {place}" if title else f"{place} · {space['name']}")
    address = f"{place}, {space['name']}, {space['street']}, {space['postcode']} {space['town']}"
    equal(str(event["location"]), address)
    equal(str(event.get("description", "")), booking.get("note") or "")
    equal(at(event, "dtstamp"), at(event, "last-modified"))


@case("every booking of mine is there as JSON tells it, and none besides")
def _():
    caller.booked("2026-10-12", title="Relecture; à deux, enfin", note="Clé : chez Luc\n2e ligne")
    caller.booked("2026-10-13", space="rimbaud")
    listed = {row["id"]: row for row in get("/v1/members/me/bookings?from=2026-07-10&limit=200", by=A).json()["items"]}
    found = events(MINE)
    assert len(listed) > 5
    for id, row in listed.items():
        hold_to_booking(found[id], get(f"/v1/spaces/{row['space_id']}/bookings/{id}", by=A).json())
    joined = {str(event["summary"]) for uid, event in found.items() if uid not in listed}
    equal(joined, {"off", "past", "online"})


@case("order is by start; the calendar says its name, in both ways there are, and when to ask again")
def _():
    body = kept(MINE)
    whole = icalendar.Calendar.from_ical(body)
    starts = [at(event, "dtstart") for event in whole.walk("VEVENT")]
    equal(starts, sorted(starts))
    equal((str(whole["version"]), str(whole["name"]), str(whole["x-wr-calname"])), ("2.0", "hacktiv", "hacktiv"))
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in body
    assert len({str(event["color"]) for event in whole.walk("VEVENT")}) >= 2, "a colour for each space"


@case("what was moved keeps its id under a higher sequence; what was cancelled stays thirty days as such")
def _():
    booking = caller.booked("2026-10-14")
    first = events(MINE)[booking["id"]]
    answer = change(booking, date="2026-12-10")
    equal(answer.status, 200, repr(answer))
    moved = answer.json()
    second = events(MINE)[booking["id"]]
    hold_to_booking(second, moved)
    caller.cancel(moved)
    third = events(MINE)[booking["id"]]
    equal([event["sequence"] for event in (first, second, third)], [0, 1, 2])
    equal((str(third["status"]), str(third["transp"])), ("CANCELLED", "TRANSPARENT"))
    for day, there in (("2026-10-31", True), ("2026-11-01", False)):
        as_of(day)
        equal(booking["id"] in events(MINE), there, day)
    as_of(NOW)


def change(booking, **patch):
    return caller.call("PATCH", f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}", patch, by=A,
                       headers={"If-Match": f"\"{booking['version']}\""})


def as_of(now):
    server.stop()
    server.now = now if "T" in now else f"{now}T09:00:00+01:00"
    server.start()


@case("what waits for the space's yes is tentative; unanswered at its start, it is not any more")
def _():
    booking = caller.booked("2026-10-16")
    server.stop()
    server.write("UPDATE booking SET state = 'pending' WHERE id = ?", booking["id"])
    server.start()
    equal((str(events(MINE)[booking["id"]]["status"]), str(events(MINE)[booking["id"]]["transp"])), ("TENTATIVE", "OPAQUE"))
    as_of("2026-10-16")
    equal(str(events(MINE)[booking["id"]]["status"]), "CANCELLED")
    as_of(NOW)


@case("a place in line is tentative and takes no time, then a place, then given up: one id, and a sequence that goes up")
def _():
    caller.sign_up("line")
    waits, told = my_activity("line", MINE)
    equal((told["mine"]["state"], str(waits["status"]), str(waits["transp"])), ("waitlisted", "TENTATIVE", "TRANSPARENT"))
    caller.withdraw("line", by=B)
    let_in, told = my_activity("line", MINE)
    equal((told["mine"]["state"], str(let_in["status"]), str(let_in["transp"])), ("signed_up", "CONFIRMED", "OPAQUE"))
    caller.withdraw("line")
    gone, _ = my_activity("line", MINE)
    equal((str(gone["status"]), str(gone["transp"])), ("CANCELLED", "TRANSPARENT"))
    equal(len({str(event["uid"]) for event in (waits, let_in, gone)}), 1)
    assert waits["sequence"] < let_in["sequence"] < gone["sequence"]
    as_of("2026-11-02")
    assert "line" not in [str(event["summary"]) for event in events(MINE).values()]
    as_of(NOW)


@case("an activity is told as JSON tells it")
def _():
    caller.sign_up("plain")
    event, told = my_activity("plain", MINE)
    hold_to_activity(event, told)
    equal((str(event["class"]), str(event["status"]), event["sequence"]), ("PRIVATE", "CONFIRMED", told["version"] - 1))
    equal(str(by_title(events(MINE), "off")["status"]), "CANCELLED")


def hold_to_activity(event, told):
    equal((str(event["summary"]), at(event, "dtstart"), at(event, "dtend")), (told["title"], instant(told["start"]), instant(told["end"])))
    equal(str(event.get("location", "")), f"{told['place']}, {told['space_name']}, {told['space_town']}" if told["place"] else "")
    words = "\n\n".join(told[name] for name in ("summary", "description", "note") if told[name])
    equal(str(event.get("description", "")), words)
    equal(str(event.get("contact", "")), told["organiser"])
    equal(str(event["url"]), f"https://reseau.example.org/v1/spaces/{told['space_id']}/activities/{told['id']}")


@case("ninety days back, and no more")
def _():
    titles = [str(event["summary"]) for event in events(MINE).values()]
    assert "past" in titles and "old" not in titles, titles


@case("S06 nothing of somebody else's is in it; a sign-up has another id in another's, and no member's id is told")
def _():
    secret = caller.booked("2026-10-19", by=B, title="Secret de Zoë")
    caller.sign_up("plain", by=B)
    theirs = new_key(by=B)[1]
    mine, other = events(MINE), events(theirs)
    equal(set(mine) & set(other), set())
    hold_to_booking(other[secret["id"]], secret)
    for body in (kept(MINE), kept(theirs)):
        for login in (A, B, C):
            assert get("/v1/members/me", by=login).json()["id"].encode() not in body.replace(b"\r\n ", b"")


@case("where one goes online is in no calendar, also not in that of who has a place")
def _():
    equal(caller.activity("online", by=A)["mine"]["state"], "signed_up")
    for target in (MINE, "/v1/activities.ics", "/v1/spaces/rimbaud/activities.ics"):
        assert "online" in [str(event["summary"]) for event in events(target).values()], target
        assert b"visio.example" not in kept(target, by=A).replace(b"\r\n ", b"")


@rows("a title", [("with all that is escaped", HOSTILE), ("with a line's end", "a\nBEGIN:VALARM"), ("with ESC", "a\x1b[2Jb"),
                  ("that turns the reading direction", "a\u202eb"), ("of 1,000 characters", "é" * 1000), ("as long as it may be", "é𝄞" * 20),
                  ("that looks like a property", "X\r\nATTENDEE:mailto:x@example.org"), ("that ends with a backslash", "fin\\"),
                  ("with a backslash before an n", "C:\\nuit")])
def _(title):
    id, date = new_id(), "2026-10-20"
    wish = caller.wish(caller.free("ferme", date, "pm")[0], date, "pm", id=id, title=title)
    answer = caller.call("POST", "/v1/spaces/ferme/bookings", wish, by=C, key=id)
    if answer.status == 201:
        booking = answer.json()
        hold_to_booking(events(caller.theirs)[booking["id"]], booking)
        caller.cancel(booking, by=C)
    else:
        equal((answer.status, answer.problem), (422, "validation"), repr(answer))
        assert re.search(r"[\x00-\x1f\u202e]", title) or len(title.encode()) > 120, title





# ---- the agenda ------------------------------------------------------------------------------------------------------------------

@case("the agenda of all and of one space: every activity as JSON tells it, for anybody the same")
def _():
    whole, ferme = events("/v1/activities.ics"), events("/v1/spaces/ferme/activities.ics")
    assert set(ferme) < set(whole)
    titles = {str(event["summary"]) for event in whole.values()}
    equal(titles, {"plain", HOSTILE, "line", "full", "off", "past", "online", "night", "far"})
    for event in whole.values():
        target = str(event["url"]).removeprefix("https://reseau.example.org")
        told = get(target).json()
        hold_to_activity(event, told)
        equal((str(event["uid"]), str(event["class"]), str(event["transp"])), (told["id"], "PUBLIC", "TRANSPARENT"))
        equal(str(event["status"]), "CANCELLED" if told["state"] == "cancelled" else "CONFIRMED")
    equal(kept("/v1/activities.ics"), kept("/v1/activities.ics", by=A))
    space = icalendar.Calendar.from_ical(kept("/v1/spaces/ferme/activities.ics"))
    equal((str(space["name"]), str(space["x-wr-timezone"])), ("La Ferme", "Europe/Brussels"))
    equal(get("/v1/spaces/nowhere/activities.ics").status, 404)


@case("a sign-up changes nothing of the agenda; it does of one's own")
def _():
    agenda, own = (get(target).header("ETag") for target in ("/v1/activities.ics", MINE))
    caller.sign_up("night")
    equal(get("/v1/activities.ics").header("ETag"), agenda)
    assert get(MINE).header("ETag") != own
    caller.withdraw("night")


@case("the night in which the clocks go back is told to the second")
def _():
    event = by_title(events("/v1/activities.ics"), "night")
    equal((at(event, "dtstart").isoformat(), at(event, "dtend").isoformat()), ("2026-10-24T23:30:00+00:00", "2026-10-25T03:00:00+00:00"))


# ---- in which form, and since when -----------------------------------------------------------------------------------------------

@case("who has it already is told so; what changes anything in it changes its tag, and what does not, does not")
def _():
    def tag():
        return get(MINE).header("ETag")
    first = tag()
    again = get(MINE, headers={"If-None-Match": first})
    equal((again.status, again.header("ETag"), again.header("Cache-Control")), (304, first, "private, no-cache"))
    caller.booked("2026-10-23", by=B)
    equal(tag(), first)
    booking = caller.booked("2026-10-23")
    second = tag()
    change(booking, title="Autre")
    third = tag()
    caller.cancel(booking, match='"2"')
    equal(len({first, second, third, tag()}), 4)
    equal(get(MINE, headers={"If-None-Match": first}).status, 200)


@rows("Accept", [
    ("of a calendar: nothing", MINE, None, "text/calendar"), ("of a calendar: any text", MINE, "text/*", "text/calendar"),
    ("of a calendar: as browsers ask", MINE, "text/html,application/xml;q=0.9,*/*;q=0.8", "text/calendar"),
    ("of a calendar: JSON", MINE, "application/json", None), ("of the agenda: JSON", "/v1/activities.ics", "application/json", None),
    ("of a card: nothing", "ZOE", None, "application/json"), ("of a card: anything", "ZOE", "*/*", "application/json"),
    ("of a card: a card", "ZOE", "text/vcard", "text/vcard"), ("of a card: in capitals", "ZOE", "TEXT/VCARD;version=4.0", "text/vcard"),
    ("of a card: any text", "ZOE", "text/*", "text/vcard"), ("of a card: rather a card", "ZOE", "application/json;q=0.5, text/vcard", "text/vcard"),
    ("of a card: rather JSON", "ZOE", "text/vcard;q=0.1, application/json;q=0.2", "application/json"),
    ("of a card: as soon JSON", "ZOE", "text/vcard, application/json", "application/json"),
    ("of a card: not JSON", "ZOE", "application/json;q=0, */*;q=0.5", "text/vcard"),
    ("of a card: a page", "ZOE", "text/html", None), ("of a list: a card", "/v1/members?q=zo", "text/vcard", None)])
def _(target, accept, media):
    target = f"/v1/members/{caller.zoe}" if target == "ZOE" else target
    answer = get(target, headers={"Accept": accept})
    equal((answer.status, answer.media_type), (200, media) if media else (406, "application/problem+json"))
    assert "Accept" in answer.header("Vary")


caller.zoe = get("/v1/members/me", by=B).json()["id"]


# ---- cards -----------------------------------------------------------------------------------------------------------------------

def card(by=None, member=None):
    answer = get(f"/v1/members/{member or caller.zoe}", by=by, headers={"Accept": "text/vcard"})
    if answer.status != 200:
        return answer
    equal(answer.header("Content-Type"), "text/vcard; charset=utf-8")
    assert not re.search(rb"[^\r]\n|\r[^\n]", answer.body)
    for line in answer.body.split(b"\r\n")[:-1]:
        assert 0 < len(line) <= 75 and not re.search(r"[\x00-\x1f\x7f-\x9f]", line.decode()), line
    assert answer.body.startswith(b"BEGIN:VCARD\r\nVERSION:4.0\r\n")
    equal((answer.body.count(b"\nBEGIN:"), answer.body.endswith(b"\r\nEND:VCARD\r\n")), (0, True))
    return vobject.readOne(answer.body.decode())


def told_by(read):
    """What a card tells, in the members of JSON."""
    def one(name):
        return getattr(read, name).value if hasattr(read, name) else None
    found = {"id": one("uid").removeprefix("urn:uuid:"), "name": one("fn"), "profession": one("title"), "email": one("email"),
             "organisation_name": one("org")[0] if one("org") else None, "website": one("url"), "about": one("note"),
             "phone": one("tel").removeprefix("tel:") if one("tel") else None, "skills": ", ".join(one("categories") or []),
             "town": one("adr").city if one("adr") else None, "country": one("adr").country if one("adr") else None,
             "languages": [line.value for line in getattr(read, "lang_list", [])]}
    return {name: value for name, value in found.items() if value}


@rows("the card of Zoë for", [("anybody", None), ("a member of the network", "arthur.ballayant"), ("a member of her space", A), ("herself", B)])
def _(by):
    seen = {name: value for name, value in get(f"/v1/members/{caller.zoe}", by=by).json().items()
            if name not in ("organisation_id", "home_space_id", "home_space_name")}
    if "website" in seen:
        seen["website"] = "https://example.org/zo%C3%A9"
    read = card(by)
    equal(told_by(read), seen)
    equal((read.n.value.given, read.n.value.family), (seen["name"], ""))


@case("who hides their name has no card; what is shown no more is gone at the next read, and the tag with it")
def _():
    odile = get("/v1/members/me", by=C).json()["id"]
    equal((card(A, odile).status, card(None, odile).status), (404, 404))
    target, ask = f"/v1/members/{caller.zoe}", {"Accept": "text/vcard"}
    before = get(target, by=A, headers=ask)
    equal(get(target, by=A, headers={**ask, "If-None-Match": before.header("ETag")}).status, 304)
    assert get(target, by=A).header("ETag") != before.header("ETag"), "JSON has another"
    assert hasattr(card(A), "note")
    server.stop()
    equal(server.write("DELETE FROM card_field WHERE member_id = ? AND field = 'about'", caller.zoe), 1)
    server.start()
    after = get(target, by=A, headers={**ask, "If-None-Match": before.header("ETag")})
    equal((after.status, b"NOTE" in after.body), (200, False))


# ---- what is told on, and what ends it -------------------------------------------------------------------------------------------

@case("wrong addresses are counted by where they come from, and right ones are not in their way")
def _():
    there = Community(listen="127.0.0.1:0", now=NOW)
    _, target = new_key_at(there)
    answers = [there.get(f"/v1/calendars/hkc_{n:043}.ics") for n in range(31)]
    equal([answer.status for answer in answers], [404] * 30 + [429])
    equal((answers[-1].problem, 0 < int(answers[-1].header("Retry-After")) <= 900), ("rate-limited", True))
    equal(there.get(target).status, 200)
    there.server.stop()


def new_key_at(there):
    told = there.call("POST", KEYS, {"name": "x"}, by=A).json()
    return told["id"], urllib.parse.urlsplit(told["url"]).path


@case("the key lies in no log, no answer, no number told, and in the database as its hash alone")
def _():
    key = MINE.removeprefix("/v1/calendars/").removesuffix(".ics").encode()
    for answer in (get(MINE), get(MINE + "?x=1"), get(MINE, headers={"Accept": "text/html"}), caller.call("DELETE", MINE)):
        assert key not in answer.body and not any(key.decode() in value for _, value in answer.headers), answer
    equal(caller.call("POST", KEYS, {"name": "x"}, by=A).header("Cache-Control"), "no-store")
    server.stop()
    assert key not in server.told().encode() and "/v1/calendars/{key}.ics" in server.told()
    assert key not in b"".join(path.read_bytes() for path in server.directory.iterdir() if path.is_file()) + server.kept()
    server.start()


@case("who is shut out has no calendar; a new password takes all addresses away")
def _():
    server.stop()
    server.write("UPDATE member SET disabled_at = 1 WHERE login = ?", A)
    server.start()
    equal(get(MINE).status, 404)
    server.stop()
    server.write("UPDATE member SET disabled_at = NULL WHERE login = ?", A)
    server.start()
    equal(get(MINE).status, 200)
    server.stop()
    subprocess.run([os.environ["HACKTIVD"], "passwd", "--database", server.database_address, "--password-stdin", A],
                   input=PASSWORD, text=True, env=server.environment(), check=True, capture_output=True)
    server.start()
    equal(get(MINE).status, 404)


run(server.kill)
