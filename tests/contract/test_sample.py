"""The sample network: lived in on any day, the same every time, loaded once, and a slip of the pen in it is told with its place."""
import datetime
import json
import pathlib
import re
import shutil
import tempfile

from server import ON_POSTGRES, TOP, Server
from tap import case, equal, rows, run

DAYS = {                               # what day it is when the network is made
    "a Monday": "2026-07-13T08:00:00+02:00", "a Friday": "2026-09-18T12:00:00+02:00",
    "a Sunday": "2026-03-29T01:30:00+01:00", "a holiday in Belgium": "2026-07-21T10:00:00+02:00",
    "Christmas Eve": "2026-12-24T23:30:00+01:00", "leap day": "2028-02-29T09:00:00+01:00",
}
# After midnight in Greenwich: rather less than what is after midnight here. Days of a date as both databases count them.
MIDNIGHT = "end_at >= 86400 * (1 + %s)" % (
    "(to_date(date, 'YYYY-MM-DD') - to_date('1970-01-01', 'YYYY-MM-DD'))" if ON_POSTGRES else "CAST(julianday(date) - julianday('1970-01-01') AS INTEGER)")
_made = {}


def made(now):
    """A database with the sample network, loaded at that time; the server is stopped."""
    if now not in _made:
        server = Server(now=now, empty=True).start()
        server.stop()
        _made[now] = server
    return _made[now]


def sql(server, text, *values):
    return server.sql(text, *values)


NOW = DAYS["a Monday"]


@case("four spaces, 60 places and more, 200 members, 25 organisations, 40 activities")
def _():
    server = made(NOW)
    equal([sql(server, f"SELECT count(*) FROM {table}")[0][0] for table in ("space", "member", "organisation", "activity")],
          [4, 200, 25, 40])
    assert sql(server, "SELECT count(*) FROM resource")[0][0] >= 60
    equal({state for (state,) in sql(server, "SELECT DISTINCT state FROM resource")},
          {"bookable", "planned", "out_of_order", "not_bookable"})


@case("what cannot be booked says why")
def _():
    equal(sql(made(NOW), "SELECT name FROM resource WHERE state <> 'bookable' AND state_reason = ''"), [])


@case("nobody but the demo member can have a password, and nobody has one from the files")
def _():
    equal(sql(made(NOW), "SELECT login FROM member WHERE password_hash IS NOT NULL"), [])


# ---- people -------------------------------------------------------------------------------------------------------------------------

def cards(server):
    return sql(server, "SELECT login, name, c.country, email, phone, website FROM card c JOIN member ON id = member_id")


@case("people of three countries, with whatever names people have")
def _():
    server = made(NOW)
    equal({country for _, _, country, *_ in cards(server)} - {""}, {"BE", "FR", "LU"})
    names = [name for (name,) in sql(server, "SELECT name FROM member")]
    equal(len(set(names)), 200)
    shortest, longest = min(names, key=len), max(names, key=len)
    equal(len(shortest), 1)
    assert 150 < len(longest.encode()) <= 200, longest
    for what, pattern in (("apostrophe", "'"), ("hyphen", "-"), ("one word", r"^\S{2,}$"), ("ideographs", "[\u4e00-\u9fff]"), ("Arabic", "[\u0621-\u064a]"),
                          ("Hebrew", "[\u05d0-\u05ea]"), ("Greek", "[\u0391-\u03c9]"), ("two marks on one letter", "[ẨẦẪ]"), ("ligature", "[œŒ]"),
                          ("Polish", "[łŁ]"), ("Turkish", "[ıİ]"), ("Icelandic", "[ðþ]"), ("a small letter first", r"\b'?t "), ("a full stop", r"\.")):
        assert any(re.search(pattern, name) for name in names), what


@case("nobody real: addresses at example.org, numbers that are nobody's")
def _():
    server = made(NOW)
    rows = [row[3:] for row in cards(server)] + sql(server, "SELECT email, phone, website FROM organisation")
    for email, phone, website in rows:
        assert not email or email.endswith("@example.org"), email
        assert not website or website.startswith("https://example.org/"), website
        assert not phone or re.match(r"\+32600000?\d|\+3335301|\+35220000", phone), phone


@case("everybody shows what they want to whom they want, nothing to anybody, or have no card at all")
def _():
    server = made(NOW)
    levels = dict(sql(server, "SELECT shown_to, count(*) FROM card_field GROUP BY 1"))
    equal(set(levels), {"staff", "space", "network", "public"})
    assert min(levels.values()) >= 20, levels
    fields = {field for (field,) in sql(server, "SELECT DISTINCT field FROM card_field")}
    equal(len(fields), 12, fields)
    assert sql(server, "SELECT count(*) FROM card WHERE member_id NOT IN (SELECT member_id FROM card_field)")[0][0] >= 5, "shows nothing"
    hidden = "SELECT count(*) FROM card WHERE member_id IN (SELECT member_id FROM card_field) AND member_id NOT IN " \
             "(SELECT member_id FROM card_field WHERE field = 'name')"
    assert sql(server, hidden)[0][0] >= 3, "hides the name alone"
    assert sql(server, "SELECT count(*) FROM member WHERE id NOT IN (SELECT member_id FROM card)")[0][0] >= 10, "no card"
    held = dict(sql(server, "SELECT role, count(DISTINCT space_id) FROM role GROUP BY role"))
    equal(held, {"reception": 4, "operator": 4, "coordinator": 1, "finance": 1, "administrator": 1}, "a desk and an operator everywhere")
    equal(sql(server, "SELECT count(*) FROM role WHERE role = 'operator' GROUP BY member_id"), [(2,), (2,)], "two operators, of two spaces each")
    equal(sql(server, "SELECT count(DISTINCT languages) >= 8 FROM card"), [(1,)])


def luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])


@case("organisations: all kinds, three countries, numbers that are right by their own sum, each said to be sample data")
def _():
    server = made(NOW)
    equal({kind for (kind,) in sql(server, "SELECT kind FROM organisation")}, {"company", "nonprofit", "public_body", "school", "other"})
    equal({country for (country,) in sql(server, "SELECT country FROM organisation")}, {"BE", "FR", "LU"})
    equal(sql(server, "SELECT name FROM organisation WHERE description NOT LIKE '%Données d''exemple.'"), [])
    numbers = sql(server, "SELECT country, registration_scheme, registration_number FROM organisation")
    for country, scheme, number in numbers:
        equal(scheme, {"BE": "be_kbo", "FR": "fr_siret", "LU": ""}[country])
        if scheme == "be_kbo":
            assert re.fullmatch(r"0999\d{6}", number) and int(number[8:]) == 97 - int(number[:8]) % 97, number
        elif scheme == "fr_siret":
            assert re.fullmatch(r"999\d{11}", number) and luhn(number) % 10 == 0 and luhn(number[:9]) % 10 == 0, number
        else:
            equal(number, "")
    equal(len({number for _, _, number in numbers if number}), sum(1 for *_, number in numbers if number))
    assert sql(server, "SELECT count(*) FROM organisation WHERE contact_id <> ''")[0][0] >= 15
    assert sql(server, "SELECT count(*) FROM organisation WHERE visits <> 0")[0][0] >= 5


# ---- what happens --------------------------------------------------------------------------------------------------------------------

@rows("40 activities over six weeks, all formats, and what can befall them", list(DAYS.items()))
def _(now):
    server = made(now)
    *ends, count = sql(server, "SELECT min(date), max(date), count(*) FROM activity")[0]
    first, last = [(datetime.date.fromisoformat(end) - datetime.date.fromisoformat(now[:10])).days for end in ends]
    assert 1 <= first <= 5 and 36 <= last <= 45 and count == 40, (first, last, count)
    formats = dict(sql(server, "SELECT format, count(*) FROM activity GROUP BY 1"))
    equal(set(formats), {"visit", "fablab_visit", "co_walking", "lunch_talk", "workshop", "webinar", "meetup", "ceremony", "other"})
    assert min(formats.values()) >= 2, formats
    spaces = dict(sql(server, "SELECT slug, count(*) FROM activity a JOIN space s ON s.id = space_id GROUP BY 1"))
    assert set(spaces) == {"e420", "ferme", "pepi", "rimbaud"} and min(spaces.values()) >= 8, spaces
    FR, NL, DE, EN = 1, 2, 4, 8
    for languages in (FR, NL, DE, EN, FR | NL, FR | EN):
        assert sql(server, "SELECT count(*) FROM activity WHERE languages = ?", languages)[0][0], languages
    for what, which in (("full, with a line", "taken = capacity AND waiting > 0"), ("full, without", "taken = capacity AND waiting = 0"),
                        ("empty chairs", "taken < capacity"), ("called off", "state = 'cancelled'"), ("online only", "online <> 0 AND place = ''"),
                        ("online and on site", "online <> 0 AND place <> ''"), ("after midnight", MIDNIGHT),
                        ("one line of text", "description = ''"), ("a programme", "description LIKE '%\n%'")):
        assert sql(server, f"SELECT count(*) FROM activity WHERE {which}")[0][0], what
    equal(sql(server, "SELECT title FROM activity WHERE waiting > 0 AND taken < capacity"), [])


@case("a closing evening of many parts")
def _():
    evening = sql(made(NOW), "SELECT description, capacity, taken, end_at - start_at FROM activity WHERE title LIKE 'Soirée de clôture%'")
    equal(len(evening), 1)
    parts = [line for line in evening[0][0].splitlines() if re.match(r"\d\d:\d\d ", line)]
    assert len(parts) >= 6, parts
    for word in ("accueil", "quiz", "repas", "visite"):
        assert any(word in part for part in parts), word
    assert evening[0][1] == 60 and evening[0][2] > 15 and evening[0][3] > 6 * 3600, evening


@rows("lived in", [(name, now) for name, now in DAYS.items()])
def _(now):
    """Of the open weekdays of the six weeks: about six desks in ten in the morning, fewer on a Friday afternoon."""
    server = made(now)
    desks = sql(server, "SELECT count(*) FROM resource WHERE kind = 'desk' AND state = 'bookable'")[0][0]
    taken = {}
    for space, date, part, count in sql(server, """
            SELECT b.space_id, date, part, count(*) FROM booking b JOIN resource r USING (space_id)
            WHERE r.id = b.resource_id AND r.kind = 'desk' AND b.state = 'confirmed' GROUP BY 1, 2, 3"""):
        for half in ("am", "pm") if part == "day" else (part,):
            taken[date, half] = taken.get((date, half), 0) + count
    weekday = {date: datetime.date.fromisoformat(date).isoweekday() for date, _ in taken}
    assert not {6, 7} & set(weekday.values()), "somebody came on a weekend"
    whole = [date for date in weekday if taken.get((date, "am"), 0) > desks * 0.4]      # both countries open
    assert len(whole) >= 20, (len(whole), len(weekday))
    mornings = [taken[date, "am"] / desks for date in whole]
    fridays = [taken.get((date, "pm"), 0) / desks for date in whole if weekday[date] == 5]
    assert 0.5 < sum(mornings) / len(mornings) < 0.7, sum(mornings) / len(mornings)
    assert sum(fridays) / len(fridays) < 0.35, fridays


@rows("the demo member has three or four bookings ahead, and the usual desk on the next open day", list(DAYS.items()))
def _(now):
    coming = sql(made(now), """SELECT s.slug, r.name, date, part FROM booking b JOIN space s ON s.id = b.space_id
                               JOIN resource r ON r.space_id = b.space_id AND r.id = b.resource_id
                               JOIN member m ON m.id = b.member_id
                               WHERE login = 'demo' AND date > ? ORDER BY start_at""", now[:10])
    assert 3 <= len(coming) <= 4, coming
    equal((coming[0][0], coming[0][1], coming[0][3]), ("ferme", "Les Serres 3", "am"))
    assert len({space for space, _, _, _ in coming}) >= 2


HOLIDAYS = {
    "BE": ("2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25", "2026-07-21", "2026-08-15", "2026-11-11", "2026-12-25",
           "2027-01-01", "2028-01-01"),
    "FR": ("2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-07-14", "2026-08-15", "2026-11-11", "2026-12-25",
           "2027-01-01", "2028-01-01"),
}


@rows("nobody comes to a closed space, and nobody sits in two places", list(DAYS.items()))
def _(now):
    server = made(now)
    for country, dates in HOLIDAYS.items():
        for date in dates:
            equal(sql(server, "SELECT b.id FROM booking b JOIN space s ON s.id = b.space_id WHERE country = ? AND date = ?",
                      country, date), [], f"{country} {date}")
    equal(sql(server, "SELECT b.id FROM booking b JOIN closure c ON c.space_id = b.space_id "
                      "AND b.date BETWEEN first_date AND last_date"), [])
    equal(sql(server, """SELECT a.id FROM booking a JOIN booking b ON a.member_id = b.member_id AND a.id < b.id
                         AND a.start_at < b.end_at AND b.start_at < a.end_at
                         AND (a.part = 'hours') = (b.part = 'hours')"""), [])      # beside a desk one may have a room


@rows("every booking has its granules, is told once in the feed, and was made before now", list(DAYS.items()))
def _(now):
    server = made(now)
    equal(sql(server, """SELECT b.id FROM booking b JOIN space s ON s.id = b.space_id
                         LEFT JOIN slot g ON g.space_id = b.space_id AND g.booking_id = b.id
                         GROUP BY b.id, b.end_at, b.start_at, s.granule_s
                         HAVING count(g.granule) <> (b.end_at - b.start_at) / s.granule_s"""), [])
    equal(sql(server, "SELECT count(*) FROM booking"), sql(server, "SELECT count(*) FROM change_log WHERE kind LIKE 'booking.%'"))
    equal(sql(server, "SELECT space_id FROM change_log GROUP BY space_id HAVING max(seq) <> count(*)"), [])
    made_after = sql(server, "SELECT count(*) FROM booking WHERE created_at >= ? OR created_at > start_at",
                     int(datetime.datetime.fromisoformat(now).timestamp()))
    equal(made_after, [(0,)])


@rows("activities are ahead on open days, counted, told in the feed, and somebody waits", list(DAYS.items()))
def _(now):
    server = made(now)
    equal(sql(server, "SELECT id FROM activity WHERE date < ?", now[:10]), [])
    equal(sql(server, "SELECT a.id FROM activity a JOIN closure c ON c.space_id = a.space_id "
                      "AND a.date BETWEEN first_date AND last_date"), [])
    equal(sql(server, """SELECT a.id FROM activity a LEFT JOIN signup u ON u.space_id = a.space_id AND u.activity_id = a.id
                         GROUP BY a.id, taken, waiting, capacity
                         HAVING taken <> count(*) FILTER (WHERE u.state = 'signed_up')
                             OR waiting <> count(*) FILTER (WHERE u.state = 'waitlisted')
                             OR waiting > 0 AND taken < capacity"""), [])
    equal(sql(server, "SELECT count(*) FROM signup"), sql(server, "SELECT count(*) FROM change_log WHERE kind LIKE 'signup.%'"))
    assert sql(server, "SELECT count(*) FROM signup WHERE state = 'waitlisted'")[0][0] > 0


@case("cards show what they were told to, and nobody's more")
def _():
    server = made(NOW)
    equal(sql(server, "SELECT field, shown_to FROM card_field JOIN member m ON m.id = member_id WHERE login = 'demo' AND "
                      "field IN ('about', 'email', 'name', 'town') ORDER BY field"),
          [("about", "space"), ("email", "space"), ("name", "network")])
    equal(sql(server, "SELECT count(*) FROM card_field JOIN member m ON m.id = member_id WHERE login = 'odile.rancennes'"), [(0,)])
    equal(sql(server, "SELECT o.name FROM organisation o JOIN member m ON m.id = contact_id WHERE login = 'zoe.lambermont'"),
          [("Atelier Gribouille",)])


def contents(server):
    return {table: rows for table, rows in server.contents().items() if table != "setting"}


@case("the same everywhere: two places, the same time, the same rows and ids")
def _():
    other = Server(now=NOW, empty=True).start()
    other.stop()
    equal(contents(other), contents(made(NOW)))


@case("loaded once: started again, also on another day, nothing changes")
def _():
    server = made(NOW)
    before = contents(server)
    server.now = "2026-07-20T08:00:00+02:00"       # changes are forgotten after a week: not of this test
    server.start()
    server.stop()
    server.now = NOW
    equal(contents(server), before)


@case("a database that has a space is left alone, whatever the files say")
def _():
    server = Server(now=NOW, empty=True).start()
    server.stop()
    server.write("UPDATE space SET name = 'Chez nous' WHERE slug = 'ferme'")
    server.data = "/nowhere"
    server.start()
    equal([item["name"] for item in server.get("/v1/spaces").json()["items"]][1], "Chez nous")
    server.stop()


@case("without --sample-data there is nothing, and meta says so")
def _():
    server = Server(now=NOW, sample=False).start()
    equal(server.get("/v1/spaces").json()["items"], [])
    equal(server.get("/v1/meta").json()["sample_data"], False)
    server.stop()


# ---- a slip of the pen -------------------------------------------------------------------------------------------------------------

def with_change(change):
    """A copy of data/, changed. Gives its directory."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    change(directory / "sample")
    return directory


def text(file, old, new):
    def change(sample):
        path = sample / file
        before = path.read_text()
        assert old in before, (file, old)
        path.write_text(before.replace(old, new, 1))
    return change


def value(file, pointer, new):
    """Sets what the pointer leads to; ... takes it away."""
    def change(sample):
        path = sample / file
        root = json.loads(path.read_text())
        *steps, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
        at = root
        for step in steps:
            at = at[step]
        if new is ...:
            del at[last]
        else:
            at[last] = new
        path.write_text(json.dumps(root, ensure_ascii=False, indent=1))
    return change


SLIPS = [
    # what, change, what the sentence must hold
    ("a comma missing", text("spaces.json", '"slug": "e420",', '"slug": "e420"'), [r"spaces\.json:5: ", "expected JSON"]),
    ("a file missing", lambda sample: (sample / "members.json").unlink(), [r"members\.json"]),
    ("an empty file", lambda sample: (sample / "members.json").write_text(""), [r"members\.json", "expected JSON"]),
    ("a member twice", text("spaces.json", '"town": "Chimay"', '"name": "x", "town": "Chimay"'), [r"spaces\.json", "name"]),
    ("a list where an object is wanted", value("spaces.json", "/spaces/0", []), ["/spaces/0", "object"]),
    ("an object where a list is wanted", value("spaces.json", "/spaces", {}), ["/spaces", "array"]),
    ("a member nobody knows", value("spaces.json", "/spaces/1/colour", "red"), ["/spaces/1/colour", "not known", "slug"]),
    ("no name", value("spaces.json", "/spaces/1/name", ...), ["/spaces/1/name", "text"]),
    ("an empty name", value("members.json", "/members/3/name", " "), ["/members/3/name", "not empty"]),
    ("a name too long", value("members.json", "/members/3/name", "x" * 201), ["/members/3/name", "200"]),
    ("a slug with capitals", value("spaces.json", "/spaces/1/slug", "Ferme"), ["/spaces/1/slug", "a-z"]),
    ("a slug twice", value("spaces.json", "/spaces/1/slug", "e420"), ["/spaces/1", "e420", "/spaces/0"]),
    ("a country far away", value("spaces.json", "/spaces/1/country", "LU"), ["/spaces/1/country", '"BE"']),
    ("a zone nobody has", value("spaces.json", "/spaces/1/time_zone", "Europe/Chimay"), ["/spaces/1/time_zone", "time zone"]),
    ("a zone that climbs", value("spaces.json", "/spaces/1/time_zone", "../../etc/passwd"), ["/spaces/1/time_zone"]),
    ("a phone in words", value("spaces.json", "/spaces/1/phone", "060 12 34 56"), ["/spaces/1/phone", "+3260123456"]),
    ("a granule that is none", value("spaces.json", "/spaces/1/granule_s", 1000), ["/spaces/1/granule_s", "900"]),
    ("tax over 100 %", value("spaces.json", "/spaces/1/vat_permille", 2100), ["/spaces/1/vat_permille", "1000"]),
    ("half a cent", value("resources.json", "/resources/1/day_cents", 14.5), ["/resources/1/day_cents", "whole"]),
    ("a time of day that is none", value("spaces.json", "/spaces/1/opening/week/monday/0/0", "9h"),
     ["/spaces/1/opening/week/monday/0/0", "08:30"]),
    ("a range of one", value("spaces.json", "/spaces/1/opening/week/monday/0", ["09:00"]), ["/monday/0", "two times"]),
    ("four ranges a day", value("spaces.json", "/spaces/1/opening/week/monday",
                                [["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "13:00"], ["14:00", "15:00"]]), ["/monday/3"]),
    ("hours that overlap", value("spaces.json", "/spaces/1/opening/week/monday", [["09:00", "13:00"], ["12:00", "17:00"]]),
     ["/spaces/1/opening"]),
    ("hours off the granule", value("spaces.json", "/spaces/1/opening/week/monday", [["09:07", "17:00"]]), ["/spaces/1/opening"]),
    ("a weekday in French", value("spaces.json", "/spaces/1/opening/week/lundi", []), ["/week/lundi", "monday"]),
    ("a closure that ends before it begins",
     value("spaces.json", "/spaces/1/opening/closures", [{"from": "+3d", "until": "today"}]), ["/closures/0/until", "not before"]),
    ("a date that is none", value("spaces.json", "/spaces/1/opening/closures", [{"from": "2026-02-30", "until": "today"}]),
     ["/closures/0/from", "2026-12-24"]),
    ("a kind nobody knows", value("resources.json", "/resources/4/kind", "dsk"), [r"resources\.json:\d+: ", "/resources/4/kind", "desk"]),
    ("a state nobody knows", value("resources.json", "/resources/4/state", "broken"), ["/resources/4/state", "out_of_order"]),
    ("an amenity nobody knows", value("resources.json", "/resources/4/amenities", ["screen", "sauna"]),
     ["/resources/4/amenities/1", "quiet"]),
    ("room for nobody", value("resources.json", "/resources/4/capacity", 0), ["/resources/4/capacity", "from 1 to 500"]),
    ("a space nobody knows", value("resources.json", "/resources/4/space", "atlantis"), ["/resources/4/space", r"spaces\.json"]),
    ("a place twice", value("resources.json", "/resources/4/slug", "a1"), ["/resources/4", "/resources/0"]),
    ("a login twice", value("members.json", "/members/4/login", "demo"), ["/members/4", "demo", "/members/0"]),
    ("a login with a space", value("members.json", "/members/4/login", "de mo"), ["/members/4/login"]),
    ("a home nobody knows", value("members.json", "/members/4/home_space", "atlantis"), ["/members/4/home_space"]),
    ("a usual desk nobody knows", value("members.json", "/members/4/usual_resource", "ferme/a1"), ["/members/4/usual_resource"]),
    ("a booking by nobody", value("bookings.json", "/bookings/0/member", "nobody"), ["/bookings/0/member", r"members\.json"]),
    ("a booking of nothing", value("bookings.json", "/bookings/0/resource", "les-serres-3"), ["/bookings/0/resource", "space/resource"]),
    ("a booking of what cannot be booked", value("bookings.json", "/bookings/0/resource", "e420/a7"), ["/bookings/0/resource", "booked"]),
    ("a booking on no day", value("bookings.json", "/bookings/0/open_day", ...), ["/bookings/0", "open_day"]),
    ("a booking on two days", value("bookings.json", "/bookings/0/date", "today"), ["/bookings/0", "either"]),
    ("a part that is none", value("bookings.json", "/bookings/0/part", "evening"), ["/bookings/0/part", "am, pm or day"]),
    ("hours of a desk", value("bookings.json", "/bookings/0/part", ["14:00", "16:00"]), ["/bookings/0/part", "am, pm or day"]),
    ("hours backwards", text("bookings.json", '["10:00", "11:30"]', '["11:30", "10:00"]'), ["wednesday", "begin before they end"]),
    ("hours that are none", text("bookings.json", '["10:00", "11:30"]', '["10:00", "25:00"]'), ["wednesday/1", "time of day"]),
    ("a price by the hour of nothing", text("resources.json", '"hour_cents": 1800', '"hour_cents": -1800'), ["hour_cents", "whole number"]),
    ("a habit in weeks that are none", value("bookings.json", "/habits/0/weeks", "some"), ["/habits/0/weeks", "odd"]),
    ("a habit on a day that is none", value("bookings.json", "/habits/0/on", {"someday": "am"}), ["/habits/0/on/someday", "monday"]),
    ("an organisation twice", value("organisations.json", "/organisations/1/slug", "gribouille"), ["/organisations/1", "/organisations/0"]),
    ("one number for two", value("organisations.json", "/organisations/2/be_kbo", "0999000129"), ["/organisations/2", "/organisations/0"]),
    ("two numbers for one", value("organisations.json", "/organisations/0/fr_siret", "73282932000074"), ["/organisations/0", "either"]),
    ("a number with a slip", value("organisations.json", "/organisations/0/be_kbo", "0999.000.128"),
     [r"organisations\.json:\d+: /organisations/0/be_kbo", "0403.170.701"]),
    ("a kind of organisation nobody knows", value("organisations.json", "/organisations/0/kind", "cult"), ["/kind", "nonprofit"]),
    ("a language nobody speaks", value("organisations.json", "/organisations/0/languages", ["fr", "eo"]), ["/languages/1", "nl"]),
    ("a page that is none", value("organisations.json", "/organisations/0/website", "example.org"), ["/website", "https"]),
    ("a card of a stranger's firm", value("members.json", "/members/2/card/organisation", "atlantis"), ["/members/2/card/organisation"]),
    ("a contact of nothing", value("members.json", "/members/0/card/contact", True), ["/members/0/card/contact", "organisation"]),
    ("a mail without a place", value("members.json", "/members/0/card/email", "camille"), ["/members/0/card/email", "example.org"]),
    ("shown to nobody we know", value("members.json", "/members/0/card/shown_to/friends", ["name"]), ["/shown_to/friends", "network"]),
    ("a field nobody knows", value("members.json", "/members/0/card/shown_to/network", ["name", "shoe_size"]),
     ["/shown_to/network/1", "home_space"]),
    ("a field shown twice", value("members.json", "/members/0/card/shown_to/public", ["name"]), ["/shown_to/", "once"]),
    ("the desk of a space nobody knows", value("members.json", "/members/1/staff_of", "atlantis"), ["/members/1/staff_of"]),
    ("a role nobody knows", value("members.json", "/members/0/roles", [{"role": "king"}]), ["/members/0/roles/0/role", "operator"]),
    ("a desk of no space", value("members.json", "/members/0/roles", [{"role": "reception"}]), ["/members/0/roles/0/space"]),
    ("finance of one space", value("members.json", "/members/0/roles", [{"role": "finance", "space": "ferme"}]),
     ["/members/0/roles/0/space", "whole network"]),
    ("a role twice", value("members.json", "/members/1/roles", [{"role": "reception", "space": "ferme"}]), ["/members/1/roles/0", "once"]),
    ("an activity nowhere", value("activities.json", "/activities/0/place", ""), ["/activities/0", "place"]),
    ("an activity in silence", value("activities.json", "/activities/0/languages", []), ["/activities/0", "language"]),
    ("an activity of a format nobody knows", value("activities.json", "/activities/0/format", "seance"), ["/format", "lunch_talk"]),
    ("an activity on no day", value("activities.json", "/activities/0/open_day", ...), ["/activities/0", "open_day"]),
    ("an activity at no time", value("activities.json", "/activities/0/from", "noon"), ["/activities/0/from", "08:30"]),
    ("an activity for nobody", value("activities.json", "/activities/0/capacity", 0), ["/activities/0/capacity", "from 1"]),
    ("an activity twice", value("activities.json", "/activities/1/slug", "ia-au-quotidien"), ["/activities/1", "/activities/0"]),
    ("a sign-up of nobody", value("activities.json", "/activities/0/signups/0", "nobody"), ["/activities/0/signups/0", r"members\.json"]),
    ("habits for ever", value("bookings.json", "/habit_days/coming", 1000), ["/habit_days/coming", "90"]),
]


@rows("a slip is told with its place and nothing is loaded", SLIPS)
def _(change, expected):
    directory = with_change(change)
    server = Server(now=NOW, data=directory).launch()
    status = server.wait()
    told = server.told()
    shutil.rmtree(directory)
    assert status == 1, (status, told)
    for part in expected:
        assert re.search(part.replace("+", r"\+") if part.startswith("+") else part, told), f"{part!r} is not in {told!r}"
    assert "runtime error" not in told and "Sanitizer" not in told, told
    if server.tables() if server.postgres else server.database.exists():
        equal(server.sql("SELECT (SELECT count(*) FROM space) + (SELECT count(*) FROM member)"), [(0,)])


@rows("a human hand is free to write", [
    ("dates instead of offsets", value("bookings.json", "/bookings/0", {"member": "demo", "resource": "ferme/les-serres-3",
                                                                       "date": "2026-07-16", "part": "am"})),
    ("a space that never closes", value("spaces.json", "/spaces/1/opening/week", {
        day: [["00:00", "24:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")})),
    ("accents taken apart", value("members.json", "/members/1/name", "Zoe\u0308")),
    ("no bookings at all", lambda sample: (sample / "bookings.json").write_text(
        '{"bookings": [], "habit_days": {"past": 0, "coming": 0}, "habits": []}')),
    ("no spaces at all", lambda sample: [(sample / name).write_text(body) for name, body in (
        ("spaces.json", '{"spaces": []}'), ("resources.json", '{"resources": []}'), ("members.json", '{"members": []}'),
        ("organisations.json", '{"organisations": []}'), ("activities.json", '{"activities": []}'),
        ("bookings.json", '{"bookings": [], "habit_days": {}, "habits": []}'))]),
])
def _(change):
    directory = with_change(change)
    server = Server(now=NOW, data=directory).start()
    server.stop()
    shutil.rmtree(directory)


run()
