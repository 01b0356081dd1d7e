"""What members show of themselves: hidden until they say so, an event for each change, and gone for everybody with the next read."""
from community import Community
from tap import case, equal, rows, run

ZOE, DEMO, ARTHUR, DESKER = "zoe.lambermont", "demo", "arthur.ballayant", "hugo.bogniard"
CARD = {"card": {"profession": "illustratrice", "organisation": "gribouille", "contact": True, "email": "zoe@example.org",
                 "phone": "+3260000210", "shown_to": {"network": ["name", "organisation", "email"], "staff": ["phone"]}}}
caller = Community(organisations=[{"slug": "gribouille", "name": "Atelier Gribouille", "kind": "company", "country": "BE"}],
                   cards={ZOE: CARD, DESKER: {"staff_of": "ferme"}})
get, call = caller.get, caller.call
ME, LEVELS, EVENTS = "/v1/members/me", "/v1/members/me/visibility", "/v1/members/me/consents"
TEXT = "2026-11"
FIELDS = ("name", "home_space", "profession", "organisation", "skills", "languages", "town", "country", "email", "phone", "website", "about")


def patch(target, body, by, match=None, **more):
    headers = {"If-Match": match or get(target, by=by).header("ETag"), "Content-Type": "application/merge-patch+json", **more}
    return call("PATCH", target, body, by=by, headers=headers)


def put(fields, by, text=TEXT, match=None):
    return call("PUT", LEVELS, {"fields": fields, **({"text_version": text} if text else {})}, by=by,
                headers={"If-Match": match or get(LEVELS, by=by).header("ETag")})


def events(by):
    target, told = EVENTS + "?limit=5", []
    while target:
        page = get(target, by=by).json()
        told, target = told + page["items"], page["next"]
    return told


def id_of(login):
    return get(ME, by=login).json()["id"]


@case("nobody sees anything of who never said anything")
def _():
    equal(get(LEVELS, by="plume").json(), {"text_version": TEXT, "fields": {name: "nobody" for name in FIELDS}})
    equal(events("plume"), [])


@case("what an operator wrote down has its events too")
def _():
    equal(sorted((event["field"], event["from"], event["to"], event["source"], event["text_version"]) for event in events(ZOE)),
          [("email", "nobody", "network", "import", ""), ("name", "nobody", "network", "import", ""),
           ("organisation", "nobody", "network", "import", ""), ("phone", "nobody", "staff", "import", "")])


# ---- oneself -----------------------------------------------------------------------------------------------------------

@case("one's card is filled in, kept, and seen by nobody for that")
def _():
    answer = patch(ME, {"card": {"profession": "relieuse", "languages": ["fr", "de"], "country": "BE", "about": "Papier.\nColle."}}, "plume")
    equal(answer.status, 200)
    card = get(ME, by="plume").json()["card"]
    equal((card["profession"], card["languages"], card["country"], card["about"]), ("relieuse", ["fr", "de"], "BE", "Papier.\nColle."))
    equal(get(ME, by="plume").header("ETag"), answer.header("ETag"))
    for by in (DEMO, DESKER, None):
        equal(get("/v1/members?q=relieuse", by=by).json()["items"], [])
        equal(get(f"/v1/members/{id_of('plume')}", by=by).status, 404)


@case("null empties, what is not given stays")
def _():
    equal(patch(ME, {"card": {"country": None, "languages": None}}, "plume").status, 200)
    card = get(ME, by="plume").json()["card"]
    equal((card["profession"], card["languages"], card["country"]), ("relieuse", [], ""))


@case("an organisation comes with its name, or is only named")
def _():
    known = get("/v1/organisations?q=gribouille").json()["items"][0]["id"]
    equal(patch(ME, {"card": {"organisation_id": known}}, "plume").json()["card"]["organisation_name"], "Atelier Gribouille")
    equal(patch(ME, {"card": {"organisation_name": "Autre"}}, "plume").status, 422)
    equal(patch(ME, {"card": {"organisation_id": None, "organisation_name": "Autre"}}, "plume").json()["card"]["organisation_name"], "Autre")


@rows("S05: what is not one's own to change", [
    ("a role", {"role": "administrator"}, "#/role"), ("roles", {"roles": []}, "#/roles"), ("the desk of a space", {"staff_of": "ferme"}, "#/staff_of"),
    ("the id", {"id": "x"}, "#/id"), ("the login", {"login": "root"}, "#/login"), ("the home space", {"home_space_id": "ferme"}, "#/home_space_id"),
    ("a level", {"card": {"shown_to": {}}}, "#/card/shown_to"), ("a password", {"password_hash": "x"}, "#/password_hash"),
    ("an empty name", {"name": " "}, "#/name"), ("no name", {"name": None}, "#/name"), ("a number", {"name": 7}, "#/name"),
    ("a mail that is none", {"card": {"email": "zoe"}}, "#/card/email"), ("a phone that is none", {"card": {"phone": "060 12"}}, "#/card/phone"),
    ("a website that is none", {"card": {"website": "javascript:alert(1)"}}, "#/card/website"), ("a language twice", {"card": {"languages": ["fr", "fr"]}}, "#/card/languages"),
    ("a country", {"card": {"country": "XX"}}, "#/card/country"), ("an organisation that is not", {"card": {"organisation_id": "x"}}, "#/card/organisation_id"),
    ("a place that is not", {"usual_resource_id": "x"}, "#/usual_resource_id"), ("a card that is none", {"card": []}, "#/card"),
    ("too long", {"card": {"town": "x" * 201}}, "#/card/town"), ("yes", {"restricted": "yes"}, "#/restricted"),
])
def _(body, pointer):
    before = get(ME, by=ZOE).json()
    answer = patch(ME, body, ZOE)
    equal((answer.status, answer.problem, answer.json()["errors"][0]["pointer"]), (422, "validation", pointer))
    equal(get(ME, by=ZOE).json(), before)


@case("a change needs what was read, and loses to another one")
def _():
    equal(call("PATCH", ME, {"name": "Z"}, by=ZOE).status, 428)
    tag = get(ME, by=ZOE).header("ETag")
    equal(patch(ME, {"card": {"town": "Couvin"}}, ZOE, match=tag).status, 200)
    equal(patch(ME, {"card": {"town": "Chimay"}}, ZOE, match=tag).status, 412)
    equal(get(ME, by=ZOE).json()["card"]["town"], "Couvin")
    equal(patch(ME, {}, ZOE).status, 200)
    answer = call("PATCH", ME, b"town=x", by=ZOE, headers={"If-Match": "*", "Content-Type": "text/plain"})
    equal((answer.status, answer.header("Accept-Patch")), (415, "application/merge-patch+json, application/json"))


@case("a new name is found, the old one is not")
def _():
    equal(patch(ME, {"name": "Zoë Lambermont-Œuvrard"}, ZOE).status, 200)
    equal([item["name"] for item in get("/v1/members?q=oeuvrard", by=DEMO).json()["items"]], ["Zoë Lambermont-Œuvrard"])
    equal(patch(ME, {"name": "Zoë Lambermont"}, ZOE).status, 200)
    equal(get("/v1/members?q=oeuvrard", by=DEMO).json()["items"], [])


# ---- showing and withdrawing -----------------------------------------------------------------------------------------------

@case("showing more needs the text that was read; each change is one event, with the request")
def _():
    equal(put({"name": "network", "profession": "public"}, "plume", text=None).json()["errors"][0]["pointer"], "#/text_version")
    equal(put({"name": "network"}, "plume", text="2020-01").status, 422)
    equal(events("plume"), [])
    answer = call("PUT", LEVELS, {"text_version": TEXT, "fields": {"name": "network", "profession": "public"}}, by="plume",
                  headers={"If-Match": get(LEVELS, by="plume").header("ETag"), "Request-Id": "show-plume"})
    equal((answer.status, answer.json()["fields"]["name"], answer.json()["fields"]["email"]), (200, "network", "nobody"))
    equal(sorted((event["field"], event["from"], event["to"], event["text_version"], event["source"], event["request_id"])
                 for event in events("plume")),
          [("name", "nobody", "network", TEXT, "member", "show-plume"), ("profession", "nobody", "public", TEXT, "member", "show-plume")])
    equal(len(get("/v1/members?q=relieuse", by=DEMO).json()["items"]), 1)


@case("what is said again is no event; less needs no text; a patch leaves the rest")
def _():
    before = events("plume")
    equal(patch(LEVELS, {"fields": {"name": "network"}}, "plume").status, 200)
    equal(events("plume"), before)
    answer = patch(LEVELS, {"fields": {"profession": None}}, "plume")
    equal((answer.status, answer.json()["fields"]["profession"], answer.json()["fields"]["name"]), (200, "nobody", "network"))
    event = events("plume")[0]
    equal((event["field"], event["from"], event["to"], event["text_version"]), ("profession", "public", "nobody", ""))
    equal([event["seq"] for event in events("plume")], [3, 2, 1])


@rows("S05: what no level is", [
    ("a field", {"fields": {"birthday": "public"}}, "#/fields/birthday"), ("a level", {"fields": {"name": "everybody"}}, "#/fields/name"),
    ("a number", {"fields": {"name": 4}}, "#/fields/name"), ("nothing", {}, "#/fields"), ("a list", {"fields": []}, "#/fields"),
    ("another member", {"fields": {}, "member_id": "x"}, "#/member_id"), ("another source", {"fields": {}, "source": "import"}, "#/source"),
])
def _(body, pointer):
    answer = patch(LEVELS, body, ZOE)
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, pointer))


@case("levels need what was read too")
def _():
    equal(call("PUT", LEVELS, {"fields": {}}, by=ZOE).status, 428)
    equal(put({}, ZOE, match='"old"').status, 412)
    assert get(LEVELS, by=ZOE).json()["fields"]["email"] == "network"


@case("D07: withdrawn is gone with the next read, everywhere: card, search, organisation, old tags, cursors, the feed without a name")
def _():
    zoe = id_of(ZOE)
    organisation = get("/v1/organisations?q=gribouille").json()["items"][0]["id"]
    seen = {target: get(target, by=ARTHUR) for target in
            (f"/v1/members/{zoe}", "/v1/members?q=lambermont", f"/v1/organisations/{organisation}", "/v1/organisations?q=gribouille")}
    for target, answer in seen.items():
        assert "Zoë" in answer.body.decode(), target
        equal(get(target, by=ARTHUR, headers={"If-None-Match": answer.header("ETag")}).status, 304, target)
    home = get(ME, by=ZOE).json()["home_space_id"]
    last, more = 0, True
    while more:
        page = get(f"/v1/spaces/{home}/changes?after={last}&limit=200", by=ARTHUR).json()
        last, more = page["seq"], page["next"]
    answer = call("DELETE", LEVELS, by=ZOE)
    equal(answer.status, 204)
    for target, before in seen.items():
        answer = get(target, by=ARTHUR, headers={"If-None-Match": before.header("ETag")})
        assert answer.status in (200, 404) and "Zoë" not in answer.body.decode() and zoe not in answer.body.decode(), (target, answer)
    changes = get(f"/v1/spaces/{home}/changes?after={last}", by=ARTHUR)
    equal([(change["kind"], change["ref"]) for change in changes.json()["items"]], [("directory.changed", home)])
    assert zoe not in changes.body.decode()
    equal(set(get(LEVELS, by=ZOE).json()["fields"].values()), {"nobody"})
    equal(len(events(ZOE)), 8)
    equal(get(ME, by=ZOE).json()["card"]["email"], "zoe@example.org", "what is hidden is not lost")


@case("withdrawing again is nothing new, and takes no step more than giving")
def _():
    equal(call("DELETE", LEVELS, by=ZOE).status, 204)
    equal(len(events(ZOE)), 8)


@case("the audit tells oneself of one's own changes, by field and never by content")
def _():
    lines = get("/v1/members/me/audit", by=ZOE).json()["items"]
    equal({line["actor"] for line in lines}, {id_of(ZOE)})
    equal((lines[0]["action"], lines[0]["fields"]), ("visibility.changed", "name organisation email phone"))
    assert ("profile.changed", "card.town") in [(line["action"], line["fields"]) for line in lines]
    assert "Couvin" not in str(lines) and "example.org" not in str(lines)


@case("restricted: nobody else sees what is shown; lifted, it is as it was")
def _():
    equal(put({"name": "public", "email": "public"}, ZOE).status, 200)
    equal(get(f"/v1/members/{id_of(ZOE)}").status, 200)
    equal(patch(ME, {"restricted": True}, ZOE).json()["restricted"], True)
    for by in (None, DEMO, DESKER):
        equal(get(f"/v1/members/{id_of(ZOE)}", by=by).status, 404)
        equal(get("/v1/members?q=lambermont", by=by).json()["items"], [])
    equal(get(f"/v1/members/{id_of(ZOE)}", by=ZOE).status, 200)
    equal(patch(ME, {"restricted": False}, ZOE).json()["restricted"], False)
    equal(get(f"/v1/members/{id_of(ZOE)}").status, 200)


@rows("only with a token", [(target, target) for target in (ME, LEVELS, EVENTS, "/v1/members/me/audit")])
def _(target):
    equal(get(target).status, 401)


run(caller.server.stop)
