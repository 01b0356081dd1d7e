"""hacktivd import: a network that somebody wrote down. All of it or nothing; twice is once; every slip is told where it stands."""
import copy
import json
import os
import pathlib
import random
import re
import subprocess

from server import TOP, Server, new_id, sqlite_case
from tap import case, equal, rows, run

EXAMPLE = TOP / "data" / "example-network.json"
TEXT = EXAMPLE.read_text()
NOW = "2027-03-01T09:00:00+01:00"


class House:
    """A directory with a database that is imported into."""

    def __init__(self, *files):
        self.server = Server(now=NOW, sample=False)
        for file in files:
            told = self.take(file)
            equal(told.returncode, 0, told.stderr)

    def write(self, content, name="network.json"):
        path = self.server.directory / name
        if isinstance(content, dict):
            content = json.dumps(content, ensure_ascii=False, indent=1)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments):
        told = subprocess.run([os.environ["HACKTIVD"], "import", *map(str, arguments)], env=self.server.environment(),
                              capture_output=True, timeout=60, cwd=self.server.directory)
        told.stdout, told.stderr = told.stdout.decode(), told.stderr.decode()
        assert "Sanitizer" not in told.stderr and "runtime error" not in told.stderr, told.stderr
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.stdout + told.stderr), repr(told.stderr)
        return told

    def take(self, file):
        """Imports a path, or what becomes a file."""
        path = file if isinstance(file, pathlib.Path) else self.write(file)
        return self.run("--database", self.server.database_address, path)

    def sql(self, text, *values):
        return self.server.sql(text, *values)

    def dump(self):
        """All but the mark by which other instances know to read anew what they keep in memory: it may change for nothing."""
        tables = self.server.contents()
        return {**tables, "setting": [row for row in tables["setting"] if row[0] != "standing"]}

    def feed(self, space="le-pont"):
        return self.sql("SELECT seq, kind, ref, c.version FROM change_log c JOIN space s ON s.id = space_id WHERE slug = ? ORDER BY seq", space)

    def version(self, slug="le-pont"):
        return self.sql("SELECT version FROM space WHERE slug = ?", slug)[0][0]


def example(**lists):
    """The example, as Python has it; with other lists instead of its own."""
    return {**json.loads(TEXT), **lists}


def changed(pointer, value):
    """The example with one value set; ... takes it away."""
    root = example()
    *steps, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    at = root
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return root


# ---- what is right ------------------------------------------------------------------------------------------------------------------

@case("the example is a network that one can walk into")
def _():
    house = House()
    told = house.take(EXAMPLE)
    equal((told.returncode, told.stderr), (0, ""))
    equal(told.stdout.splitlines(), ["spaces: 2 new, 0 changed, 0 as before", "resources: 5 new, 0 changed, 0 as before",
                                     "organisations: 2 new, 0 changed, 0 as before", "members: 3 new, 0 changed, 0 as before",
                                     "activities: 3 new, 0 changed, 0 as before"])
    tokens = house.server.grant("soraya.benkhelil")
    server = house.server.start()
    spaces = server.get("/v1/spaces?date=2027-03-01").json()["items"]
    equal([(space["slug"], space["name"], space["day"]["free_morning"]) for space in spaces],
          [("le-pont", "L'Atelier du Pont", 2), ("la-halle", "La Halle", 1)])
    equal(spaces[0]["opening"]["closures"], [{"from": "2026-12-24", "until": "2027-01-01", "reason": "congés de fin d'année"}])
    equal([place["name"] for place in server.get("/v1/spaces/le-pont/resources").json()["items"]],
          ["Poste 1", "Poste 2", "L'Arche", "Découpeuse laser"])
    activities = server.get("/v1/activities?from=2027-03-01&to=2027-03-31", token=tokens["soraya.benkhelil"]).json()["items"]
    equal([(one["title"], one["taken"], (one["mine"] or {}).get("state")) for one in activities],
          [("Visite de la Scierie Haute", 1, "signed_up"), ("Enregistrer un premier podcast", 0, None),
           ("Subsidies aanvragen zonder zorgen", 0, None)])
    found = server.get("/v1/members?q=marnix", token=tokens["soraya.benkhelil"]).json()["items"]
    equal([(card["name"], card["organisation_name"], "email" in card) for card in found], [("Marnix Vanhoutte", "Scierie Haute", False)])
    server.stop()


def used():
    """A house with the example, in which people have booked, signed up and withdrawn."""
    house = House(EXAMPLE)
    tokens = house.server.grant()
    server = house.server.start()
    space = server.get("/v1/spaces/le-pont").json()
    desk = server.get("/v1/spaces/le-pont/resources").json()["items"][0]["id"]
    visit = next(one["id"] for one in server.get("/v1/activities?from=2027-03-01&to=2027-03-31").json()["items"]
                 if one["title"].startswith("Visite"))
    booking = new_id()
    answer = server.request("POST", f"/v1/spaces/{space['id']}/bookings", {"id": booking, "resource_id": desk, "date": "2027-03-02",
                            "part": "am"}, token=tokens["marnix.vanhoutte"], key=booking)
    equal(answer.status, 201, repr(answer))
    place = f"/v1/spaces/{space['id']}/activities/{visit}/signup"
    for login, method in (("marnix.vanhoutte", "PUT"), ("soraya.benkhelil", "DELETE")):
        answer = server.request(method, place, token=tokens[login], key=new_id())
        assert answer.status < 300, answer
    server.stop()
    return house


@case("twice is once: ids, versions, feed, everything")
def _():
    house = House(EXAMPLE)
    before = house.dump()
    told = house.take(EXAMPLE)
    equal(told.returncode, 0, told.stderr)
    equal(set(re.findall(r"(\d+) (?:new|changed)", told.stdout)), {"0"})
    equal(house.dump(), before)


@case("also after people have booked, signed up and withdrawn: who withdrew is not signed up again")
def _():
    house = used()
    before = house.dump()
    told = house.take(EXAMPLE)
    equal((told.returncode, house.dump() == before), (0, True), told.stderr)
    equal(house.sql("SELECT login, state FROM signup JOIN member ON id = member_id ORDER BY login"),
          [("marnix.vanhoutte", "signed_up"), ("soraya.benkhelil", "withdrawn")])


@case("two places, the same ids")
def _():
    ids = "SELECT id FROM space UNION SELECT id FROM resource UNION SELECT id FROM member UNION SELECT id FROM activity UNION SELECT id FROM organisation"
    equal(House(EXAMPLE).sql(ids), House(EXAMPLE).sql(ids))


@case("the sample's own lists can be imported, one after the other, and are then the sample")
def _():
    names = ("spaces", "resources", "organisations", "members")
    house = House(*[TOP / "data" / "sample" / f"{name}.json" for name in names])
    sample = Server(now=NOW).start()
    sample.stop()
    for table in ("space", "resource", "organisation", "member", "card", "card_field", "card_word", "opening", "closure"):
        rest = "SELECT * FROM " + table
        if table in ("space", "organisation"):        # written in more than one step: another version
            rest = f"SELECT {', '.join(name for name in sample.tables()[table] if name != 'version')} FROM {table}"
        equal(sorted(house.sql(rest), key=repr), sorted(sample.sql(rest), key=repr), table)


# ---- what changes -------------------------------------------------------------------------------------------------------------------

UPDATES = [
    # what, where, what it becomes; the line that says so; what is then to be found
    ("a space's name", "/spaces/0/name", "L'Atelier du Viaduc", "spaces: 0 new, 1 changed, 1 as before",
     "SELECT name FROM space WHERE slug = 'le-pont'", "L'Atelier du Viaduc"),
    ("hours", "/spaces/0/opening/week/friday", [["10:00", "15:00"]], "spaces: 0 new, 1 changed, 1 as before",
     "SELECT opens || '-' || closes FROM opening o JOIN space s ON s.id = space_id WHERE slug = 'le-pont' AND weekday = 4", "600-900"),
    ("a day less", "/spaces/0/opening/week/friday", ..., "spaces: 0 new, 1 changed, 1 as before",
     "SELECT count(*) FROM opening o JOIN space s ON s.id = space_id WHERE slug = 'le-pont' AND weekday = 4", 0),
    ("no closure any more", "/spaces/0/opening/closures", [], "spaces: 0 new, 1 changed, 1 as before", "SELECT count(*) FROM closure", 0),
    ("why it is closed", "/spaces/0/opening/closures/0/reason", "travaux", "spaces: 0 new, 1 changed, 1 as before",
     "SELECT reason FROM closure", "travaux"),
    ("a price", "/resources/0/day_cents", 1500, "resources: 0 new, 1 changed, 4 as before",
     "SELECT day_cents FROM resource WHERE name = 'Poste 1'", 1500),
    ("by the hour no longer", "/resources/2/hour_cents", ..., "resources: 0 new, 1 changed, 4 as before",
     "SELECT by_hour FROM resource WHERE name = 'L''Arche'", 0),
    ("out of order", "/resources/1/state", "out_of_order", "resources: 0 new, 1 changed, 4 as before",
     "SELECT state FROM resource WHERE name = 'Poste 2'", "out_of_order"),
    ("a member's name", "/members/1/name", "Marnix Van Houtte", "members: 0 new, 1 changed, 2 as before",
     "SELECT sort_name FROM card JOIN member ON id = member_id WHERE login = 'marnix.vanhoutte'", "marnix van houtte"),
    ("what is on a card", "/members/1/card/profession", "menuisier", "members: 0 new, 1 changed, 2 as before",
     "SELECT count(*) FROM card_word WHERE word = 'menuisier'", 1),
    ("who sees the phone", "/members/1/card/shown_to/staff", [], "members: 0 new, 1 changed, 2 as before",
     "SELECT count(*) FROM card_field WHERE field = 'phone'", 0),
    ("who asked for restriction", "/members/1/restricted", True, "members: 0 new, 1 changed, 2 as before",
     "SELECT restricted FROM member WHERE login = 'marnix.vanhoutte'", 1),
    ("who may not log in", "/members/1/disabled", True, "members: 0 new, 1 changed, 2 as before",
     "SELECT count(*) FROM member WHERE disabled_at IS NOT NULL AND login = 'marnix.vanhoutte'", 1),
    ("a contact no longer", "/members/1/card/contact", False, "organisations: 0 new, 1 changed, 1 as before",
     "SELECT contact_id FROM organisation WHERE name = 'Scierie Haute'", ""),
    ("an organisation's name", "/organisations/0/name", "Scierie Basse", "organisations: 0 new, 1 changed, 1 as before",
     "SELECT count(*) FROM card_word WHERE word = 'basse'", 1),
    ("a number", "/organisations/0/be_kbo", "0999.001.218", "organisations: 0 new, 1 changed, 1 as before",
     "SELECT registration_number FROM organisation WHERE name = 'Scierie Haute'", "0999001218"),
    ("a title", "/activities/0/title", "Visite de nuit", "activities: 0 new, 1 changed, 2 as before",
     "SELECT version FROM activity WHERE title = 'Visite de nuit'", 3),
    ("another day", "/activities/0/date", "2027-03-12", "activities: 0 new, 1 changed, 2 as before",
     "SELECT taken FROM activity WHERE date = '2027-03-12'", 1),
    ("called off", "/activities/0/state", "cancelled", "activities: 0 new, 1 changed, 2 as before",
     "SELECT count(*) FROM activity WHERE state = 'cancelled'", 1),
]


@rows("changed", UPDATES)
def _(pointer, value, line, query, expected):
    house = House(EXAMPLE)
    ids = house.sql("SELECT id FROM space UNION SELECT id FROM resource UNION SELECT id FROM member UNION SELECT id FROM activity")
    seq, version = len(house.feed()), house.version()
    told = house.take(changed(pointer, value))
    equal(told.returncode, 0, told.stderr)
    assert line in told.stdout.splitlines(), told.stdout
    equal(house.sql(query), [(expected,)])
    equal(house.sql("SELECT id FROM space UNION SELECT id FROM resource UNION SELECT id FROM member UNION SELECT id FROM activity"), ids)
    equal(house.sql("SELECT space_id FROM change_log GROUP BY space_id HAVING max(seq) <> count(*)"), [])
    kinds = [kind for _, kind, _, _ in house.feed()[seq:]]
    if pointer.startswith(("/spaces", "/resources")):
        equal(house.version(), version + 1)
        equal(house.feed()[-1][1:], ("space.changed", house.sql("SELECT id FROM space WHERE slug = 'le-pont'")[0][0], version + 1))
        equal(kinds.count("space.changed"), 1)
    elif pointer.startswith("/activities"):
        equal((kinds, house.version()), (["activity.cancelled" if value == "cancelled" else "activity.changed"], version))
    else:
        equal((kinds, house.version()), ([], version))
    before = house.dump()
    house.take(changed(pointer, value))
    equal(house.dump(), before, "the second time")


@case("found under the new name of the space, no longer under the old one")
def _():
    house = House(EXAMPLE, changed("/spaces/0/name", "L'Atelier du Viaduc"))
    tokens = house.server.grant("soraya.benkhelil")
    server = house.server.start()
    for word, count in (("viaduc", 2), ("pont", 0)):
        agenda = server.get(f"/v1/activities?from=2027-03-01&to=2027-03-31&q={word}").json()["items"]
        equal(len([one for one in agenda if one["organiser"] != "L'Atelier du Pont"]) if word == "pont" else len(agenda), count, word)
    equal([len(server.get(f"/v1/members?q={word}", token=tokens["soraya.benkhelil"]).json()["items"]) for word in ("viaduc", "pont")], [1, 0])
    server.stop()


@case("more room lets in who waits; less than have a place is refused, and nothing else is done either")
def _():
    house = House(changed("/activities/0/capacity", 1))
    tokens = house.server.grant("marnix.vanhoutte")
    server = house.server.start()
    visit = server.get("/v1/activities?from=2027-03-11&to=2027-03-11").json()["items"][0]
    answer = server.request("PUT", f"/v1/spaces/{visit['space_id']}/activities/{visit['id']}/signup", token=tokens["marnix.vanhoutte"], key=new_id())
    equal(answer.json()["mine"]["state"], "waitlisted", repr(answer))
    server.stop()
    equal(house.take(changed("/activities/0/capacity", 2)).returncode, 0)
    equal(house.sql("SELECT taken, waiting FROM activity WHERE capacity = 2"), [(2, 0)])
    equal([kind for _, kind, _, _ in house.feed()[-2:]], ["activity.changed", "signup.promoted"])
    before = house.dump()
    file = changed("/activities/0/capacity", 1)
    file["spaces"][0]["name"] = "Autre"
    told = house.take(file)
    equal(told.returncode, 1)
    assert ": /activities/0/capacity: found 1, expected at least 2: so many people have a place\n" in told.stderr, told.stderr
    equal(house.dump(), before)


@case("of like ones as many stay as are booked: fewer is refused, and nothing else is done either")
def _():
    house = House(changed("/resources/0/quantity", 2))
    tokens = house.server.grant("marnix.vanhoutte", "soraya.benkhelil")
    server = house.server.start()
    desk = server.get("/v1/spaces/le-pont/resources").json()["items"][0]["id"]
    for token in tokens.values():
        wish = {"id": new_id(), "resource_id": desk, "date": "2027-03-02", "part": "am"}
        equal(server.request("POST", "/v1/spaces/le-pont/bookings", wish, token=token, key=wish["id"]).status, 201)
    server.stop()
    before = house.dump()
    told = house.take(changed("/resources/0/quantity", 1))
    equal(told.returncode, 1)
    assert ": /resources/0/quantity: found 1, expected at least 2: so many of them are booked\n" in told.stderr, told.stderr
    equal(house.dump(), before)


@case("S26 D08 whoever was erased does not come back with the next import of the same file; under another id they may")
def _():
    house = House(EXAMPLE)
    tokens = house.server.grant("soraya.benkhelil")
    house.server.log_in(tokens)
    server = house.server.start()
    answer = server.request("DELETE", "/v1/members/me?open=cancel", token=tokens["soraya.benkhelil"])
    equal(answer.status, 204, repr(answer))
    server.stop()
    before, at = house.dump(), next(n for n, member in enumerate(example()["members"]) if member["login"] == "soraya.benkhelil")
    told = house.take(EXAMPLE)
    equal(told.returncode, 1)
    assert f': /members/{at}/login: found "soraya.benkhelil", expected somebody who was not erased' in told.stderr, told.stderr
    equal(house.dump(), before)
    told = house.take(changed(f"/members/{at}/id", new_id()))
    equal(told.returncode, 0, told.stderr)
    house.server.start().stop()                       # at each start whoever was erased is erased again
    equal(house.sql("SELECT count(*) FROM member WHERE login = 'soraya.benkhelil'"), [(1,)])


@case("D07 what somebody took back themselves, and a restriction they asked for, no import of an older file undoes")
def _():
    house = House(EXAMPLE)
    token = house.server.grant("marnix.vanhoutte")["marnix.vanhoutte"]
    shown = "SELECT m.login, count(*) FROM card_field f JOIN member m ON m.id = f.member_id GROUP BY m.login ORDER BY m.login"
    before = dict(house.sql(shown))
    assert before["marnix.vanhoutte"] > 0 and len(before) > 1, before
    house.server.start()
    equal(house.server.request("DELETE", "/v1/members/me/visibility", token=token).status, 204)
    equal(house.server.request("PATCH", "/v1/members/me", {"restricted": True}, token=token, headers={"If-Match": "*"}).status, 200)
    house.server.stop()
    told = house.take(changed("/members/1/card/profession", "menuisier"))
    assert "members: 0 new, 1 changed, 2 as before" in told.stdout.splitlines(), told.stdout
    del before["marnix.vanhoutte"]
    equal(dict(house.sql(shown)), before)
    equal(house.sql("SELECT m.restricted, c.profession FROM member m JOIN card c ON c.member_id = m.id WHERE m.login = 'marnix.vanhoutte'"),
          [(1, "menuisier")])
    equal(house.sql("SELECT count(*) FROM consent c JOIN member m ON m.id = c.member_id WHERE m.login = 'marnix.vanhoutte' AND c.seq >"
                    " (SELECT max(x.seq) FROM consent x WHERE x.member_id = m.id AND x.source = 'member')"), [(0,)])


@case("what is not in the file stays: things, cards, passwords; what others need may be in the database")
def _():
    house = House(EXAMPLE)
    house.server.write("UPDATE member SET password_hash = 'x'")
    cards = house.sql("SELECT * FROM card ORDER BY member_id")
    told = house.take({"members": [{"login": "marnix.vanhoutte", "name": "Marnix Vanhoutte", "home_space": "la-halle",
                                    "usual_resource": "le-pont/poste-2"}],
                       "activities": [{"space": "la-halle", "slug": "aperitif", "title": "Apéritif", "format": "meetup", "languages": ["fr"],
                                       "place": "Cuisine", "date": "2027-03-04", "from": "18:00", "signups": ["josephine.delbrouck"]}]})
    equal((told.returncode, told.stdout), (0, "members: 0 new, 1 changed, 0 as before\nactivities: 1 new, 0 changed, 0 as before\n"), told.stderr)
    equal(house.sql("SELECT (SELECT count(*) FROM space), (SELECT count(*) FROM resource), (SELECT count(*) FROM activity), "
                    "(SELECT count(*) FROM organisation)"), [(2, 5, 4, 2)])
    equal(house.sql("SELECT * FROM card ORDER BY member_id"), cards)
    equal(house.sql("SELECT slug, r.name, password_hash FROM member m JOIN space s ON s.id = home_space_id JOIN resource r ON r.id = usual_resource_id "
                    "WHERE login = 'marnix.vanhoutte'"), [("la-halle", "Poste 2", "x")])
    equal(house.sql("SELECT contact_id <> '' FROM organisation WHERE name = 'Scierie Haute'"), [(1,)])


@case("a card may make somebody the contact of an organisation that is there already")
def _():
    house = House(EXAMPLE)
    told = house.take({"members": [{"login": "soraya.benkhelil", "name": "Soraya Benkhelil",
                                    "card": {"organisation": "radio-des-rives", "contact": True}}]})
    equal(told.returncode, 0, told.stderr)
    equal(house.sql("SELECT login FROM member m JOIN organisation o ON contact_id = m.id WHERE o.name = 'Radio des Rives'"), [("soraya.benkhelil",)])
    equal(house.sql("SELECT name FROM organisation ORDER BY name"), [("Radio des Rives",), ("Scierie Haute",)])


@case("the file's order holds when it names all there are; what is new comes last when it does not")
def _():
    house = House(EXAMPLE)
    order = "SELECT r.name FROM resource r JOIN space s ON s.id = space_id WHERE slug = 'le-pont' ORDER BY r.position, r.id"
    places = example()["resources"]
    house.take({"resources": [{**places[0], "slug": "poste-0", "name": "Poste 0"}]})
    equal([name for (name,) in house.sql(order)], ["Poste 1", "Poste 2", "L'Arche", "Découpeuse laser", "Poste 0"])
    house.take({"resources": [{**places[0], "slug": "poste-0", "name": "Poste 0"}, *places]})
    equal([name for (name,) in house.sql(order)], ["Poste 0", "Poste 1", "Poste 2", "L'Arche", "Découpeuse laser"])
    equal(house.sql("SELECT version FROM resource WHERE name = 'H1'"), [(1,)])
    house.take({"spaces": list(reversed(example()["spaces"]))})
    equal(house.sql("SELECT slug FROM space ORDER BY position, id"), [("la-halle",), ("le-pont",)])


# ---- what is wrong ------------------------------------------------------------------------------------------------------------------

SLIPS = [
    # what, written instead of what, where, what is said; on whose line, if not on that of what was written
    ("a time of day that is none", '["08:30", "12:30"]', '["9h", "12:30"]', "/spaces/0/opening/week/monday/0/0",
     'found "9h", expected a time of day such as "08:30"'),
    ("hours that end before they begin", '"tuesday": [["08:30", "17:30"]]', '"tuesday": [["17:30", "08:30"]]',
     "/spaces/0/opening/week/tuesday", "Opening hours begin before they end"),
    ("hours off the step", '"wednesday": [["08:30", "17:30"]]', '"wednesday": [["08:33", "17:30"]]', "/spaces/0/opening/week/wednesday",
     "steps of 15 minutes"),
    ("a boundary off the step", '"boundary": "13:00"', '"boundary": "13:01"', "/spaces/0/opening/boundary", "step of 15 minutes"),
    ("a closure turned round", '"until": "2027-01-01"', '"until": "2026-01-01"', "/spaces/0/opening/closures/0/until",
     'found "2026-01-01", expected a date not before "from"'),
    ("a date that is none", '"from": "2026-12-24"', '"from": "24/12/2026"', "/spaces/0/opening/closures/0/from",
     'found "24/12/2026", expected a date such as "2026-12-24", "today" or "+16d"'),
    ("a zone nobody has", '"time_zone": "Europe/Paris"', '"time_zone": "Europe/Fumay"', "/spaces/1/time_zone", "expected a time zone that this system has"),
    ("a slip in a name", '"former_name"', '"formername"', "/spaces/0/formername", "is not known here, expected one of slug, name, former_name"),
    ("no name", '"name": "La Halle", ', "", "/spaces/1/name", "is missing, expected text", '"slug": "la-halle", "street"'),
    ("a slug with an accent", '"slug": "la-halle"', '"slug": "là-halle"', "/spaces/1/slug", 'found "là-halle", expected a short name'),
    ("a space that is not there", '"space": "la-halle", "slug": "h1"', '"space": "la-salle", "slug": "h1"', "/resources/4/space",
     'found "la-salle", expected the slug of a space in this file or in the database'),
    ("a price in euros", '"half_day_cents": 700', '"half_day_cents": 7.5', "/resources/4/half_day_cents", "found 7.5, expected a whole number"),
    ("a kind nobody knows", '"kind": "machine"', '"kind": "fablab"', "/resources/3/kind", 'found "fablab", expected desk, office'),
    ("the same place twice", '"slug": "poste-2"', '"slug": "poste-1"', "/resources/1", 'expected another slug than "poste-1": it is the one of /resources/0',
     '"name": "Poste 2"'),
    ("a number that is none", '"0999.001.119"', '"0999.001.118"', "/organisations/0/be_kbo", 'found "0999.001.118". This is no Belgian enterprise number'),
    ("a number for each country", '"be_kbo": "0999.001.119"', '"be_kbo": "0999.001.119", "fr_siret": "999 100 019 00010"', "/organisations/0",
     'expected either "be_kbo" or "fr_siret"', '"slug": "scierie-haute"'),
    ("a kind of organisation", '"kind": "nonprofit"', '"kind": "asbl"', "/organisations/1/kind", 'found "asbl", expected company, nonprofit'),
    ("a language nobody speaks here", '"languages": ["fr", "nl"], "visits"', '"languages": ["fr", "la"], "visits"', "/organisations/0/languages/1",
     'found "la", expected fr, nl, de or en'),
    ("a login with a capital", '"login": "soraya.benkhelil"', '"login": "Soraya"', "/members/2/login", 'found "Soraya", expected a short name'),
    ("a desk that is not there", '"le-pont/poste-1"', '"le-pont/poste-9"', "/members/0/usual_resource", 'found "le-pont/poste-9", expected a resource'),
    ("an organisation that is not there", '"organisation": "scierie-haute"', '"organisation": "scierie"', "/members/1/card/organisation",
     'found "scierie", expected the slug of an organisation'),
    ("a mail address that is none", '"marnix@example.org"', '"marnix at example.org"', "/members/1/card/email", "expected an address such as"),
    ("a level that is none", '"staff": ["phone"]', '"friends": ["phone"]', "/members/1/card/shown_to/friends", "expected one of staff, space, network, public"),
    ("shown twice", '"space": ["email"]', '"space": ["email", "name"]', "/members/1/card/shown_to/public/0", "expected every member once", '"public": ["name"'),
    ("a format nobody knows", '"format": "workshop"', '"format": "atelier"', "/activities/1/format", 'found "atelier", expected visit, fablab_visit'),
    ("no time", ', "from": "09:30"', "", "/activities/1/from", "is missing, expected a time of day", '"slug": "podcast"'),
    ("no day", '"date": "2027-03-18", ', "", "/activities/1", 'expected either "date" or "open_day"', '"slug": "podcast"'),
    ("no language", '"webinar", "languages": ["nl"]', '"webinar"', "/activities/2", "language", '"slug": "subsides"'),
    ("room for nobody", '"capacity": 12', '"capacity": 0', "/activities/0/capacity", "found 0, expected a whole number from 1 to 10000"),
    ("signed up without being there", '"signups": ["soraya.benkhelil"]', '"signups": ["nobody"]', "/activities/0/signups/0",
     'found "nobody", expected the login of a member'),
    ("people who were not asked", '"signups": ["soraya.benkhelil"]', '"fill": 3', "/activities/0/fill", "is for sample data only"),
    ("bookings", '"organisations": [', '"bookings": [], "organisations": [', "/bookings", "is not known here, expected one of spaces"),
    ("an object for a list", '"members": [', '"members": {}, "old": [', "/members", "found an object, expected an array"),
    ("twice in one object", '"town": "Viroinval", "country": "BE", "time_zone"', '"town": "Viroinval", "town": "Couvin", "country": "BE", "time_zone"',
     "/spaces/0/town", "stands twice in one object"),
    ("a number that another one has", '"slug": "scierie-haute"', '"slug": "scierie-basse"', "/organisations/0/be_kbo",
     'found "0999.001.119", expected another number: an organisation that is there already has this one', '"0999.001.119"'),
    ("text of which nothing remains", '"name": "Poste 2"', '"name": "\\u001b\\u202e"', "/resources/1/name",
     'found "", expected text that is not empty'),
]

_scratch = House()
_full = used()
_full_dump = _full.dump()


@rows("a slip is told with its line and pointer, and nothing is changed", SLIPS)
def _(old, new, pointer, sentence, where=None):
    equal(TEXT.count(old), 1, old)
    text = TEXT.replace(old, new)
    told = _full.take(text)
    equal((told.returncode, told.stdout), (1, ""), told.stderr)
    fault = next((line for line in told.stderr.splitlines() if f": {pointer}: " in line), "")
    assert sentence in fault, f"{sentence!r} of {pointer} is not in:\n{told.stderr}"
    line = text[:text.index(where or new)].count("\n") + 1
    equal(fault.split(": ")[0], f"{_full.server.directory}/network.json:{line}")
    assert told.stderr.splitlines()[-1].startswith("hacktivd: ") and "Nothing was changed." in told.stderr, told.stderr
    equal(_full.dump(), _full_dump)


@case("all slips of a file at once, in the order of their lines")
def _():
    text = TEXT
    for old, new in (('["08:30", "12:30"]', '["9h", "12:30"]'), ('"country": "FR",\n      "time_zone"', '"country": "DE",\n      "time_zone"'),
                     ('"kind": "machine"', '"kind": "fablab"'), ('"0999.001.119"', '"1"'), ('"le-pont/poste-1"', '"poste-1"'),
                     ('"format": "visit"', '"format": "trip"'), ('"from": "09:30"', '"from": "930"')):
        assert old in text, old
        text = text.replace(old, new, 1)
    house = House()
    told = house.take(text)
    equal(told.returncode, 1)
    lines = told.stderr.splitlines()
    equal([re.search(r": (/\S+): ", line).group(1) for line in lines[:-1]],
          ["/spaces/0/opening/week/monday/0/0", "/spaces/1/country", "/resources/3/kind", "/organisations/0/be_kbo", "/members/0/usual_resource",
           "/activities/0/format", "/activities/1/from"])
    numbers = [int(line.split(":")[1]) for line in lines[:-1]]
    equal(numbers, sorted(numbers))
    assert lines[-1].endswith("has 7 faults. Nothing was changed."), lines[-1]
    equal(house.sql("SELECT (SELECT count(*) FROM space) + (SELECT count(*) FROM member)"), [(0,)])


@case("of more than twenty the first are told, and how many there are")
def _():
    told = House().take({"members": [{"login": f"m{number}"} for number in range(300)]})
    lines = told.stderr.splitlines()
    equal((told.returncode, len(lines)), (1, 21))
    assert lines[0].endswith(": /members/0/name: is missing, expected text"), lines[0]
    assert "300 faults, of which these are the first" in lines[-1], lines[-1]


@rows("what is no network at all", [
    ("nothing", "", ":1: expected JSON"), ("half of it", TEXT[:len(TEXT) // 2], "expected JSON"), ("a list", "[]", ":1: /: found an array, expected an object"),
    ("a comma too many", TEXT.replace('"kind": "machine",', '"kind": "machine",,'), "expected JSON"), ("not UTF-8", b'{"spaces": "\xff"}', "expected JSON"),
    ("a byte order mark", b"\xef\xbb\xbf" + TEXT.encode(), "expected JSON"), ("nothing but nesting", "[" * 100000, "expected JSON"),
    ("too many values", json.dumps({"members": [1] * 200000}), "100000"), ("too much", "{}" + " " * (5 << 20), "larger than such a file may be"),
])
def _(content, sentence):
    told = _full.take(content)
    equal((told.returncode, told.stdout), (1, ""))
    assert sentence in told.stderr, told.stderr
    equal(_full.dump(), _full_dump)


ANYTHING = [None, True, 0, -1, 1e300, 1.5, "", "x", "ferme/x", "/", "2027-03-11", "+1d", "24:00", [], [[]], {}, {"x": 1}, [1, 2], "\u202e", "é" * 200, "UTC"]


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield from places(inner, path + (step,))


@rows("whatever is wrong, it goes on to the end and says so", [(f"seed {seed}", seed) for seed in range(60)])
def _(seed):
    chance, root = random.Random(seed), example()
    for _ in range(chance.choice([1, 3, 9])):
        *steps, last = chance.choice([path for path in places(root) if path])
        at = root
        for step in steps:
            at = at[step]
        if chance.random() < 0.3:
            del at[last]
        else:
            at[last] = copy.deepcopy(chance.choice(ANYTHING))
    told = _scratch.take(root)
    assert told.returncode == 0 or told.returncode == 1 and re.search("fault|expected JSON", told.stderr), told.stderr
    assert "storage" not in told.stderr, told.stderr


@case("a comma missing is told with its line")
def _():
    text = TEXT.replace('"reason": "congés de fin d\'année"}', '"reason": "congés" "x": 1}')
    line = text[:text.index('"congés"')].count("\n") + 1
    told = House().take(text)
    assert f"network.json:{line}: expected JSON" in told.stderr, told.stderr


@case("hostile text is cleaned on its way in, and shown clean where it is refused")
def _():
    file = changed("/resources/1/name", "Poste \x1b[2J2\u202e\u200b")
    file["spaces"][0]["description"] = "une\nligne\x07\x00".replace("\x00", "")
    file["activities"][0]["title"] = "Visite\u2066\x9b31m"
    house = House(file)
    equal(house.sql("SELECT name FROM resource WHERE name LIKE 'Poste%2%'"), [("Poste [2J2",)])
    equal(house.sql("SELECT description FROM space WHERE slug = 'le-pont'"), [("une\nligne",)])
    equal(house.sql("SELECT title FROM activity WHERE title LIKE 'Visite%'"), [("Visite31m",)])
    told = house.take(house.write(changed("/resources/1/kind", "\x1b]0;x\x07\u202edesk"), "a\x1b[31m\nb.json"))
    equal(told.returncode, 1)
    assert '/a[31m b.json:' in told.stderr and 'found "]0;xdesk", expected desk' in told.stderr, told.stderr
    told = house.take(changed("/resources/1/name", "\x1b\u202e\u200b"))
    assert "/resources/1/name: found \"\", expected text that is not empty" in told.stderr, told.stderr
    told = house.take(changed("/resources/1/\x1b[2Jslug", "x"))
    assert "/resources/1/[2Jslug: is not known here" in told.stderr, told.stderr


@rows("once booked, a space keeps its steps and its clock", [
    ("steps", "/spaces/0/granule_s", 1800, "found 1800, expected 900: there are bookings in these steps"),
    ("clock", "/spaces/0/time_zone", "Europe/Lisbon", 'found "Europe/Lisbon", expected "Europe/Brussels": there are bookings by this clock'),
])
def _(pointer, value, sentence):
    told = _full.take(changed(pointer, value))
    equal(told.returncode, 1)
    assert f": {pointer}: {sentence}" in told.stderr, told.stderr
    equal(_full.dump(), _full_dump)
    equal(House(EXAMPLE).take(changed(pointer, value)).returncode, 0, "nobody has booked")


@rows("says what it needs", [
    ("no file", ["--database", "sqlite:x.db"], 2, "needs a FILE"), ("no database", [str(EXAMPLE)], 2, "--database"),
    ("a file that is not there", ["--database", "sqlite:x.db", "none.json"], 1, "none.json"),
    ("a directory", ["--database", "sqlite:x.db", "/tmp"], 1, "/tmp"),
    ("two files", ["--database", "sqlite:x.db", str(EXAMPLE), str(EXAMPLE)], 2, "There is no option"),
    ("another kind of database", ["--database", "oracle:x", str(EXAMPLE)], 1, "sqlite:"),
])
def _(arguments, status, word):
    told = House().run(*arguments)
    equal((told.returncode, told.stdout), (status, ""), told.stderr)
    assert word in told.stderr and told.stderr.count("\n") == 1, told.stderr


@sqlite_case("not while it is served")
def _():
    house = House(EXAMPLE)
    server = house.server.start()
    told = house.take(EXAMPLE)
    equal(told.returncode, 1)
    assert "served by another hacktivd" in told.stderr, told.stderr
    server.stop()



@case("a role that an import gives or takes is written down, and nothing is where it stays")
def _():
    def with_roles(*roles):
        return {"members": [{"login": "rose.neuve", "name": "Rose Neuve", "roles": [{"role": role, **({"space": space} if space else {})}
                                                                                   for role, space in roles]}]}
    house = House(example())
    told = []
    for roles in ([("operator", "le-pont"), ("finance", None)], [("operator", "le-pont"), ("finance", None)], [("finance", None), ("coordinator", None)]):
        equal(house.take(with_roles(*roles)).returncode, 0)
        lines = house.sql("SELECT a.action, a.fields, a.request_id FROM member_audit a JOIN member m ON m.id = a.member_id "
                          "WHERE m.login = 'rose.neuve' AND a.action LIKE 'role.%' ORDER BY a.seq")
        told.append([(action, role) for action, role, _ in lines][len(sum(told, [])):])
        equal({request for _, _, request in lines}, {"import"})
    equal([sorted(lines) for lines in told], [[("role.granted", "finance"), ("role.granted", "operator")], [],
                                              [("role.granted", "coordinator"), ("role.revoked", "operator")]])


run()
