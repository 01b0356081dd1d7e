"""The agenda, sign-ups, the directory and undoing, as a script has them: what is printed, how it ends, what is refused."""
from client import Client, Deaf, GoBetween
from community import written
from server import peopled
from tap import case, equal, rows, run

PLAIN = {"space": "ferme", "place": "Le Moulin", "languages": ["fr"], "format": "meetup", "from": "16:00", "date": "+7d"}


def activity(slug, title, **more):
    return {**PLAIN, "slug": slug, "title": title, **more}


ACTIVITIES = [
    activity("soup", "Soupe et code", date="+1d", languages=["fr", "nl"], **{"from": "09:30"}),
    activity("metal", "Atelier métal", space="pepi", format="workshop", date="+8d"),
    activity("metal2", "Atelier métal avancé", space="pepi", format="workshop", date="+9d"),
    activity("screen", "Écrans", format="webinar", place="", link="https://example.org/visio", languages=["en"]),
    activity("full", "Table ronde", capacity=1, signups=["zoe.lambermont"]),
    activity("line", "Tour de table", capacity=1, signups=["zoe.lambermont", "odile.rancennes"], description="16:00 tour\n17:00 table"),
    activity("over", "Petit déjeuner", date="today", **{"from": "06:00", "until": "07:00"}),
    activity("off", "Annulée", state="cancelled"),
    activity("soon", "Bientôt", date="today", format="lunch_talk", **{"from": "12:00"}),
    activity("night", "Nuit blanche", date="+20d", **{"from": "22:00", "until": "02:00"}),
]
PEOPLE = [{"login": f"many.{number}", "name": f"Quidam Numéro{number}", "home_space": "ferme",
           "card": {"profession": "figurant", "town": "Couvin", "shown_to": {"public": ["name", "profession"]}}}
          for number in range(120)]
CARDS = {"zoe.lambermont": {"card": {"profession": "illustratrice", "email": "zoe@example.org", "about": "Aquarelles.\nGravures.",
                                     "shown_to": {"network": ["name", "profession", "about"], "staff": ["email"]}}}}
server, tokens = peopled(data=written(ACTIVITIES, cards=CARDS, more_members=PEOPLE))
URL = f"unix:{server.socket_path}"


def client(login="demo", **more):
    return Client(URL, tokens[login], **more)


def titles(*words, who=None):
    listed = (who or client()).run(*words, "--json")
    equal(listed.status, 0, listed)
    return [item["title"] for item in listed.json()["items"]]


# ---- looking

@case("the agenda: a row for each, soonest first, with the clock of its space")
def _():
    shown = client().run("agenda")
    equal((shown.status, shown.told), (0, ""), shown)
    lines = shown.out.splitlines()
    equal(len(lines), len(ACTIVITIES))
    assert lines[0].startswith("Wed 15/07/2026  06:00–07:00  Petit déjeuner"), lines[0]
    assert "22:00–02:00" in lines[-1], lines[-1]
    equal(shown.out.count("full, 1 person waiting"), 1)


@rows("said of an agenda", [
    ("a date", ["tomorrow"], ["Soupe et code"]), ("a date in digits", ["16/7"], ["Soupe et code"]),
    ("a language", ["en", "néerlandais"], ["Soupe et code"]), ("another", ["english"], ["Écrans"]),
    ("online", ["en", "ligne"], ["Écrans"]), ("a space", ["pepiniere"], ["Atelier métal", "Atelier métal avancé"]),
    ("words without accents", ["metal", "avance"], ["Atelier métal avancé"]), ("a format", ["webinar"], ["Écrans"]),
    ("a town and a day", ["chimay", "demain"], ["Soupe et code"]), ("a part of the day", ["matin"], ["Petit déjeuner", "Bientôt", "Soupe et code"]),
    ("nothing there is", ["yoga"], []), ("a day without any", ["+40d"], []),
])
def _(words, expected):
    equal(titles("agenda", *words), expected)


@case("nothing fits")
def _():
    shown = client().run("agenda", "yoga")
    equal((shown.status, shown.out), (0, "No activity fits that.\n"), shown)


@case("one activity by its number, with its text")
def _():
    number = next(item["id"] for item in client().run("agenda", "--json").json()["items"] if item["title"] == "Tour de table")
    shown = client().run("agenda", number[:18])
    equal(shown.status, 0, shown)
    assert shown.out.startswith("Tour de table\nWednesday 22 July 2026, 16:00–18:00: La Ferme\n"), shown.out
    assert shown.out.endswith("\n16:00 tour\n17:00 table\n"), shown.out
    equal(client().run("agenda", number, "--json").json()["item"]["description"], "16:00 tour\n17:00 table")
    unknown = client().run("agenda", "0198b1a0-0000-7000")
    equal((unknown.status, unknown.out), (3, ""), unknown)


@case("everybody sees the agenda, only members sign up")
def _():
    nobody = Client(URL)
    equal(len(titles("agenda", who=nobody)), len(ACTIVITIES))
    for words in (["sign-up", "soupe"], ["signups"], ["withdraw", "soupe"], ["undo"]):
        refused = nobody.run(*words)
        equal((refused.status, refused.out), (3, ""), refused)
        assert "hacktiv login" in refused.told, refused
        equal(nobody.run(*words, "--json").json()["outcome"], "login_needed")


# ---- signing up and withdrawing

@case("sign up, see it, withdraw, see it gone, undo it")
def _():
    me = client()
    done = me.run("sign-up", "soupe")
    equal(done.status, 0, done)
    assert done.out.startswith("Signed up: Soupe et code, La Ferme, Thu 16/07/2026, 09:30–11:30.\nYou can withdraw until "), done.out
    equal(titles("signups", who=me), ["Soupe et code"])
    equal(me.run("inscrire", "soupe", "--json").json()["item"]["mine"]["state"], "signed_up")      # twice is once
    gone = me.run("withdraw", "soupe", "--json")
    equal((gone.status, gone.json()["outcome"], gone.json()["item"]["mine"]["state"]), (0, "done", "withdrawn"))
    equal(titles("signups", who=me), [])
    again = me.run("undo")
    equal(again.status, 0, again)
    assert again.out.startswith("Signed up: Soupe et code"), again.out
    nothing = me.run("undo")
    equal((nothing.status, nothing.out), (3, ""), nothing)
    assert "nothing to undo" in nothing.told
    equal(me.run("cancel", "soupe", "demain").out[:10], "Withdrawn:")      # cancel finds it too


@case("full: in line, and told one's place; who withdraws and undoes comes back at the end")
def _():
    me, other = client(), client("odile.rancennes")
    first = me.run("sign-up", "table ronde")
    equal(first.status, 0, first)
    assert first.out.startswith("On the waiting list, place 1, for it is full: Table ronde, La Ferme"), first.out
    second = other.run("sign-up", "table", "ronde", "--json").json()
    equal((second["outcome"], second["item"]["mine"]["place"]), ("waitlisted", 2))
    equal(me.run("withdraw", "ronde").status, 0)
    equal(other.run("signups", "--json").json()["items"][0]["mine"]["place"], 1)
    back = me.run("undo", "--json").json()
    equal((back["outcome"], back["item"]["mine"]["place"]), ("waitlisted", 2))
    equal(client("zoe.lambermont").run("withdraw", "ronde").status, 0)      # a place comes free: the first in line has it
    equal(other.run("signups", "--json").json()["items"][0]["mine"]["state"], "signed_up")
    for who in (me, other):
        equal(who.run("withdraw", "ronde").status, 0)


@rows("refused by a rule, with the reason", [
    ("begun", ["petit", "déjeuner"], "activity-started"), ("cancelled", ["annulée"], "activity-cancelled"),
    ("too late to sign up", ["bientôt"], "signup-closed"),
])
def _(words, rule):
    me = client()
    refused = me.run("sign-up", *words)
    equal((refused.status, refused.out), (3, ""), refused)
    assert refused.told.startswith("Not signed up: "), refused.told
    equal(me.run("sign-up", *words, "--json").json()["problem"]["rule"], rule)


@rows("not understood, or not there", [
    ("several", ["sign-up", "atelier"], 2, "Several activities fit:\n"), ("none said", ["sign-up"], 2, "Which activity?"),
    ("none such", ["sign-up", "yoga"], 3, "No activity fits that."), ("an impossible date", ["sign-up", "31/2"], 2, "31/2"),
    ("not signed up", ["withdraw", "atelier"], 3, "not signed up"), ("for nothing", ["withdraw"], 3, "not signed up"),
    ("a date that is none", ["agenda", "32/1"], 2, "32/1"), ("too short", ["members", "z"], 2, "at least two letters"),
    ("nobody said", ["members"], 2, "at least two letters"),
    ("nobody there", ["members", "0198b1a0-0000-7000-8000-000000000009"], 3, "Nobody shows"),
    ("no such organisation", ["organisations", "0198b1a0-0000-7000-8000-000000000009"], 3, "No organisation"),
])
def _(words, status, sentence):
    refused = client("maite.froidmont").run(*words)
    equal((refused.status, refused.out), (status, ""), refused)
    assert sentence in refused.told, refused.told


@case("several candidates are told with their numbers, and a number chooses")
def _():
    me = client()
    told = me.run("sign-up", "atelier", "--json").json()
    equal((told["outcome"], len(told["problem"]["candidates"])), ("usage", 2))
    number = told["problem"]["candidates"][1].partition(":")[0]
    equal(me.run("sign-up", number, "--json").json()["item"]["title"], "Atelier métal avancé")
    equal(me.run("withdraw", "23/7").status, 3)      # that day is the other one's
    equal(me.run("withdraw", "24/7").status, 0)
    equal(titles("signups", who=me), [])


@case("an answer that is lost is asked for again with the same key: one sign-up, one ticket")
def _():
    between = GoBetween(server)
    me = Client(between.url, tokens["maite.froidmont"])
    between.fault("^PUT .*/signup$", "lose")
    done = me.run("sign-up", "soupe")
    equal(done.status, 0, done)
    equal(between.count("^PUT .*/signup$"), 2)
    equal(me.run("withdraw", "soupe").status, 0)


# ---- undoing

@case("a cancelling is undone by booking the same place again, while it is free")
def _():
    me = client()
    equal(me.run("book", "grange", "monday", "am").status, 0)
    equal(me.run("cancel", "grange", "monday", "am").status, 0)
    back = me.run("défaire")
    equal(back.status, 0, back)
    assert back.out.startswith("Booked: La Ferme, La Grange"), back.out
    equal(me.run("cancel", "grange", "monday", "am").status, 0)
    other = client("zoe.lambermont")
    equal(other.run("book", "grange", "monday", "am").status, 0)
    late = me.run("undo")
    equal((late.status, late.out), (3, ""), late)
    assert "Free instead:" in late.told, late.told


# ---- the directory

@case("members: found by what they show, and no more")
def _():
    found = client().run("members", "illustratrice")
    equal((found.status, found.out.split("  ")[0]), (0, "Zoë Lambermont"), found)
    item = client().run("members", "ZOE", "--json").json()["items"][0]
    assert "email" not in item and item["profession"] == "illustratrice", item
    card = client().run("members", item["id"])
    equal(card.out, "Zoë Lambermont\nProfession: illustratrice\n\nAquarelles.\nGravures.\n")
    equal(Client(URL).run("members", "zoe", "--json").json()["items"], [])      # shown to the network, not to the street


@case("all pages of a search, for a script")
def _():
    found = client().run("members", "figurant", "--json").json()["items"]
    equal(len({item["id"] for item in found}), 120)
    assert not any("town" in item for item in found)


@case("organisations by words, and one with its text")
def _():
    listed = client().run("organisations", "--json").json()["items"]
    equal(listed, [])
    equal(client().run("organisations", "forge").out, "Nothing was found for “forge”.\n")


# ---- all anew

@case("sync: asks every site, and sends what waits")
def _():
    between = GoBetween(server)
    me = Client(between.url, tokens["maite.froidmont"])
    equal(me.run("sync").out.count("up to date"), 1)
    between.fault("^(PUT|GET) ", "drop", times=1000)
    lost = me.run("sync", "--json")
    equal((lost.status, lost.json()["outcome"], lost.json()["sites"][0]["state"]), (4, "unreachable", "unreachable"))


@rows("nobody answers", [("agenda", ["agenda"]), ("signups", ["signups"]), ("sign-up", ["sign-up", "soupe"]),
                         ("members", ["members", "zoe"]), ("organisations", ["organisations"]), ("sync", ["sync"])])
def _(words):
    lost = Client(Deaf().url, tokens["demo"]).run(*words, "--json")
    equal((lost.status, lost.json()["outcome"], lost.json()["sites"][0]["state"]), (4, "unreachable", "unreachable"), lost)


@case("what was known before is shown with its age; a sign-up whose answer is lost is told as such, and as it ended once the line is back")
def _():
    between = GoBetween(server)
    me = Client(between.url, tokens["maite.froidmont"])
    equal(me.run("agenda").status, 0)
    between.fault(".", "drop", times=1000)
    old = me.run("agenda")
    equal(old.status, 4, old)
    assert "Soupe et code" in old.out and "2026" in old.told, old
    asked = me.run("sign-up", "soupe")
    equal((asked.status, asked.out), (4, ""), asked)
    assert asked.told.startswith("Perhaps signed up, the answer was lost and is being asked for: Soupe et code, "), asked
    between.faults = []
    assert "Signed up: Soupe et code" in me.run("sync").told, "once the line is back"
    equal(me.run("withdraw", "soupe").status, 0)



# ---- line by line

@case("line mode: the agenda is told, a number tells more, and i means that one")
def _():
    lines = ["agenda", "2", "i", "", "signups", "1", "a", "", "quit"]
    said = client("maite.froidmont").run("--lines", given="".join(line + "\n" for line in lines)).out
    assert "2. Wednesday 15 July 2026, 12:00–13:30: Bientôt, La Ferme" in said, said
    assert "Nothing was changed." in said and "Signed up" not in said, said       # too late for that one
    lines = ["agenda demain", "1", "i", "", "signups", "1", "a", "", "undo", "non", "quit"]
    said = client("maite.froidmont").run("--lines", given="".join(line + "\n" for line in lines)).out
    told = [line.replace("Your choice: ", "") for line in said.splitlines()]
    order = ["1. Thursday 16 July 2026, 09:30–11:30: Soupe et code, La Ferme, 30 places left.", "Format: meet-up.",
             "Sign up for Soupe et code, La Ferme, Thursday 16 July 2026, 09:30–11:30? [yes] Signed up: Soupe et code, La Ferme, "
             "Thu 16/07/2026, 09:30–11:30.",
             "1. Thursday 16 July 2026, 09:30–11:30: Soupe et code, La Ferme, signed up.",
             "Withdraw from Soupe et code, La Ferme, Thursday 16 July 2026, 09:30–11:30? [yes] Withdrawn: Soupe et code, La Ferme, "
             "Thu 16/07/2026, 09:30–11:30.",
             "Sign up for Soupe et code, La Ferme, Thursday 16 July 2026, 09:30–11:30? [yes] Nothing was changed."]
    at = -1
    for sentence in order:
        assert sentence in told[at + 1:], (sentence, told)
        at = told.index(sentence, at + 1)


@case("line mode: without a number said before, i tells the agenda and asks for one")
def _():
    said = client("maite.froidmont").run("--lines", given="i\n4\n\nwithdraw\n1\n\nquit\n").out
    assert "Which number? [none] " in said and "Signed up: " in said and "Withdrawn: " in said, said


@case("line mode: members, one fact on one line")
def _():
    said = client().run("--lines", given="members zoe\nmembers z\nquit\n").out
    assert "1. Zoë Lambermont, illustratrice" in said and "Profession: illustratrice." in said, said
    assert "at least two letters" in said, said


run()
