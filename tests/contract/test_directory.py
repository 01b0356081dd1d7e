"""Members as they show themselves, and organisations: who sees what, who is found by what, and that what is hidden is not there."""
from community import Community
from tap import case, equal, rows, run

PUBLIC = {"card": {"profession": "illustratrice", "organisation": "gribouille", "contact": True, "skills": "aquarelle, gravure",
                   "languages": ["fr", "nl"], "town": "Momignies", "country": "BE", "email": "zoe@example.org", "phone": "+3260000210",
                   "website": "https://example.org/zoe", "about": "Je dessine.\nPour les enfants.",
                   "shown_to": {"public": ["name", "profession"], "network": ["skills", "organisation", "languages", "website"],
                                "space": ["town", "about", "home_space"], "staff": ["phone"]}}}
NETWORK = {"card": {"profession": "ingénieur", "works_for": "L'Atelier du Fer", "country": "LU", "organisation": "forges", "contact": True,
                    "shown_to": {"network": ["name", "profession", "country"]}}}
SPACE = {"card": {"profession": "traductrice", "shown_to": {"space": ["name", "profession"]}}}
HIDDEN = {"card": {"profession": "comptable", "email": "odile@example.org", "shown_to": {"public": ["profession", "email"]}}}
DESK = {"staff_of": "ferme"}
CROWD = [{"login": f"crowd.{n}", "name": f"{['Élodie', 'elise', 'Émile', 'Zélie', 'Ève'][n % 5]} Foulard {n:02}",
          "card": {"profession": "figurante", "shown_to": {"network": ["name", "profession"]}}} for n in range(23)]

# zoe, odile and demo are at home in La Ferme; arthur and jurate at Rimbaud'Tech, where the desk of La Ferme lives too.
ZOE, ODILE, ARTHUR, JURATE, DEMO, DESKER = ("zoe.lambermont", "odile.rancennes", "arthur.ballayant", "jurate.kazlauskyte", "demo",
                                            "hugo.bogniard")
caller = Community(
    organisations=[
        {"slug": "gribouille", "name": "Atelier Gribouille", "kind": "company", "town": "Chimay", "country": "BE", "be_kbo": "0999.000.129",
         "sector": "édition", "description": "Deux tables.\nUne presse.", "languages": ["fr"]},
        {"slug": "forges", "name": "Forges de Meuse", "kind": "company", "town": "Charleville-Mézières", "country": "FR",
         "fr_siret": "999 000 011 00018", "sector": "métal, fabrication additive", "visits": True},
        {"slug": "essaimage", "name": "Éssaimage", "kind": "nonprofit", "country": "BE"},
        {"slug": "abbaye", "name": "abbaye", "kind": "other"}],
    cards={ZOE: PUBLIC, ARTHUR: NETWORK, JURATE: SPACE, ODILE: HIDDEN, DESKER: DESK}, more_members=CROWD)
get = caller.get


def found(q, by=None):
    return [item["name"] for item in get(f"/v1/members?q={q}", by=by).json()["items"]]


def id_of(login):
    return caller.server.sql("SELECT id FROM member WHERE login = ?", login)[0][0]


def card(login, by=None):
    return get(f"/v1/members/{id_of(login)}", by=by)


# ---- cards -----------------------------------------------------------------------------------------------------------------------

@rows("of Zoë's card", [
    ("anybody sees", None, {"profession"}),
    ("a member elsewhere sees", ARTHUR, {"profession", "skills", "organisation_id", "organisation_name", "languages", "website"}),
    ("a member of her space sees", DEMO, {"profession", "skills", "organisation_id", "organisation_name", "languages", "website",
                                          "home_space_id", "home_space_name", "town", "about"}),
    ("the desk of her space sees", DESKER, {"profession", "skills", "organisation_id", "organisation_name", "languages", "website",
                                            "home_space_id", "home_space_name", "town", "about", "phone"}),
    ("she sees", ZOE, {"profession", "skills", "organisation_id", "organisation_name", "languages", "website", "home_space_id",
                       "home_space_name", "town", "about", "phone", "email", "country"}),
])
def _(by, fields):
    seen = card(ZOE, by).json()
    equal(set(seen), fields | {"id", "name"})
    listed = next(item for item in get("/v1/members?q=lambermont", by=by).json()["items"])
    equal(set(listed), (fields | {"id", "name"}) - {"about"})
    equal({name: seen[name] for name in listed}, listed)


@case("what is shown is what was written")
def _():
    seen = card(ZOE, ZOE).json()
    expected = {"name": "Zoë Lambermont", "home_space_name": "La Ferme", "profession": "illustratrice", "skills": "aquarelle, gravure",
                "organisation_name": "Atelier Gribouille", "languages": ["fr", "nl"], "country": "BE", "email": "zoe@example.org",
                "phone": "+3260000210", "website": "https://example.org/zoe", "about": "Je dessine.\nPour les enfants."}
    equal({name: seen[name] for name in expected}, expected)


@rows("not there", [
    ("who shows everything but the name, to the space", ODILE, DEMO), ("to anybody", ODILE, None),
    ("who shows themselves to their space, elsewhere", JURATE, DEMO), ("to anybody else", JURATE, None),
    ("who has no card", "plume", DEMO), ("not even to the desk", ODILE, DESKER),
])
def _(login, by):
    answer = card(login, by)
    never = get("/v1/members/7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11", by=by)
    equal((answer.status, answer.problem), (404, "not-found"))
    equal({**answer.json(), "instance": ""}, {**never.json(), "instance": ""}, "the difference tells that they are there")


@case("whoever hides sees themselves")
def _():
    equal(card(ODILE, ODILE).json()["email"], "odile@example.org")
    equal(found("odile", ODILE), ["Odile Rancennes"])


@case("me is still oneself")
def _():
    equal(get("/v1/members/me", by=ZOE).json()["login"], ZOE)


# ---- searching -------------------------------------------------------------------------------------------------------------------

@rows("found by", [
    ("the name without accents", "zoe", ARTHUR, ["Zoë Lambermont"]), ("the beginning of a word", "lamb", ARTHUR, ["Zoë Lambermont"]),
    ("two letters", "zo", None, ["Zoë Lambermont"]), ("not the middle", "ambermont", ARTHUR, []),
    ("capitals and accents of one's own", "ZO%C3%89", ARTHUR, ["Zoë Lambermont"]), ("two words in any order", "illus%20zo", None, ["Zoë Lambermont"]),
    ("one word that fits and one that does not", "zoe%20plombier", ARTHUR, []), ("skills", "gravure", ARTHUR, ["Zoë Lambermont"]),
    ("the organisation", "gribouille", ARTHUR, ["Zoë Lambermont"]), ("the profession of two", "ingenieur", DEMO, ["Arthur Ballayant"]),
    ("a space, by who may see it", "zoe%20ferme", DEMO, ["Zoë Lambermont"]), ("a mail: nobody is found by one", "zoe@example.org", ZOE, []),
])
def _(q, by, names):
    equal(found(q, by), names)


@rows("what is hidden finds nobody", [
    ("skills, for anybody", "gravure", None), ("the town, elsewhere", "momignies", ARTHUR), ("the organisation not shown", "ingenieur%20meuse", DEMO),
    ("who is in another space", "traductrice", DEMO), ("who shows no name", "comptable", DEMO), ("a word of it among others", "zoe%20momignies", ARTHUR),
])
def _(q, by):
    equal(found(q, by), [])


@rows("too little to search by", [("nothing", ""), ("no parameter", None), ("one letter", "z"), ("one letter with an accent", "%C3%A9"),
                                  ("signs only", "--%20%25"), ("a star", "*"), ("a letter and a space", "z%20")])
def _(q):
    answer = get("/v1/members" + (f"?q={q}" if q is not None else ""), by=DEMO)
    equal((answer.status, answer.problem, answer.json()["errors"][0]["parameter"]), (400, "bad-request", "q"))


@case("by name, whatever the accents, page by page, each once")
def _():
    names = found("figurante&limit=200", DEMO)
    equal(len(names), 23)
    bare = str.maketrans("éèÉÈ", "eeee")
    equal(names, sorted(names, key=lambda name: name.translate(bare).lower()))
    target, told, pages = "/v1/members?q=figurante&limit=5", [], 0
    while target:
        page = get(target, by=DEMO).json()
        told, target, pages = told + [item["name"] for item in page["items"]], page["next"], pages + 1
    equal((told, pages), (names, 5))


@case("a cursor is of one search and one person")
def _():
    cursor = get("/v1/members?q=figurante&limit=5", by=DEMO).json()["next"].rpartition("cursor=")[2]
    equal(get(f"/v1/members?q=figurante&limit=5&cursor={cursor}", by=DEMO).status, 200)
    equal(get(f"/v1/members?q=foulard&limit=5&cursor={cursor}", by=DEMO).status, 400)
    equal(get(f"/v1/members?q=figurante&limit=5&cursor={cursor}", by=ZOE).status, 400)


@case("the answer's tag is one's own")
def _():
    for target in ("/v1/members?q=zoe", f"/v1/members/{id_of(ZOE)}"):
        tag = get(target, by=ARTHUR).header("ETag")
        equal(get(target, by=ARTHUR, headers={"If-None-Match": tag}).status, 304, target)
        equal(get(target, by=DEMO, headers={"If-None-Match": tag}).status, 200, target)
        equal(get(target, headers={"If-None-Match": tag}).status, 200, target)
        assert "private" in get(target, by=ARTHUR).header("Cache-Control")


# ---- organisations ---------------------------------------------------------------------------------------------------------------

@case("all of them, by name; with their numbers; the text where the organisation is")
def _():
    items = get("/v1/organisations").json()["items"]
    equal([item["name"] for item in items], ["abbaye", "Atelier Gribouille", "Éssaimage", "Forges de Meuse"])
    equal([(item["registration_scheme"], item["registration_number"]) for item in items],
          [("", ""), ("be_kbo", "0999000129"), ("", ""), ("fr_siret", "99900001100018")])
    whole = get(f"/v1/organisations/{items[1]['id']}").json()
    equal((whole.pop("description"), whole), ("Deux tables.\nUne presse.", items[1]))
    equal(get("/v1/organisations/7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11").status, 404)


@rows("organisations found by", [
    ("the name", "grib", ["Atelier Gribouille"]), ("accents either way", "essai", ["Éssaimage"]), ("the sector", "metal%20additive", ["Forges de Meuse"]),
    ("the town", "mezieres", ["Forges de Meuse"]), ("the kind", "nonprofit", ["Éssaimage"]), ("one letter", "m", ["Forges de Meuse"]),
    ("nothing", "", ["abbaye", "Atelier Gribouille", "Éssaimage", "Forges de Meuse"]), ("what is not", "plomberie", []),
])
def _(q, names):
    equal([item["name"] for item in get(f"/v1/organisations?q={q}").json()["items"]], names)


@case("organisations page by page")
def _():
    target, told = "/v1/organisations?limit=1", []
    while target:
        page = get(target).json()
        told, target = told + [item["name"] for item in page["items"]], page["next"]
    equal(told, ["abbaye", "Atelier Gribouille", "Éssaimage", "Forges de Meuse"])


@rows("the contact is there for whom they show themselves and their organisation to", [
    ("Zoë to a member", "grib", ARTHUR, "Zoë Lambermont"), ("not to anybody", "grib", None, None),
    ("Arthur hides where he works", "forges", DEMO, None), ("but not from himself", "forges", ARTHUR, "Arthur Ballayant"),
])
def _(q, by, name):
    item = get(f"/v1/organisations?q={q}", by=by).json()["items"][0]
    equal((item.get("contact_name"), "contact_id" in item), (name, name is not None))
    equal(get(f"/v1/organisations/{item['id']}", by=by).json().get("contact_name"), name)


run(caller.server.stop)
