"""Members as those see them who look after them: taken in, looked up, put right; and that each look and each change can be read by
whom it is about."""
from community import Community
from server import new_id
from tap import case, equal, rows, run

ZOE, DEMO, ARTHUR, DESKER, BOSS = "zoe.lambermont", "demo", "arthur.ballayant", "hugo.bogniard", "maite.froidmont"
CARD = {"card": {"profession": "illustratrice", "email": "zoe@example.org", "phone": "+3260000210", "town": "Momignies",
                 "shown_to": {"network": ["name", "profession"], "staff": ["phone", "town"]}}}
SECRET = {"card": {"profession": "comptable", "email": "odile@example.org", "shown_to": {"staff": ["name", "email"]}}}
ODILE = "odile.rancennes"
CROWD = [{"login": f"crowd.{n}", "name": f"Foulard {n:03}", "card": {"profession": "figurante", "shown_to": {"network": ["name", "profession"]}}}
         for n in range(230)]
caller = Community(cards={ZOE: CARD, ODILE: SECRET, DESKER: {"staff_of": "ferme"}}, more_members=CROWD)
caller.server.stop()
caller.server.give_role(BOSS, "administrator", None)
caller.server.start()
get, call = caller.get, caller.call
ids = {login: get("/v1/members/me", by=login).json()["id"] for login in (ZOE, DEMO, ARTHUR, DESKER, BOSS, ODILE)}
FERME = get("/v1/spaces/ferme").json()["id"]


def lines(login, *actions):
    return [(line["actor"], line["action"], line["fields"], line["space_id"]) for line in
            get("/v1/members/me/audit", by=login).json()["items"] if not actions or line["action"] in actions]


# ---- looks ---------------------------------------------------------------------------------------------------------------

@case("a member who looks at what is shown to members leaves no line")
def _():
    equal(get(f"/v1/members/{ids[ZOE]}", by=ARTHUR).status, 200)
    equal(get("/v1/members?q=lambermont", by=ARTHUR).status, 200)
    equal(lines(ZOE), [])


@case("the desk sees more, and that leaves a line; a look that lasts is one look")
def _():
    equal(get(f"/v1/members/{ids[ZOE]}", by=DESKER).json()["phone"], "+3260000210")
    expected = [(ids[DESKER], "card.read", "town phone", FERME)]
    equal(lines(ZOE), expected)
    get(f"/v1/members/{ids[ZOE]}", by=DESKER)
    get("/v1/members?q=lambermont", by=DESKER)
    equal(lines(ZOE), expected)


@case("so does a search, for whoever is found by it")
def _():
    equal(len(get("/v1/members?q=rancennes", by=DESKER).json()["items"]), 1)
    equal(lines(ODILE), [(ids[DESKER], "card.read", "name email", FERME)])


@case("a hidden profile is looked up by the people of its space alone, and that leaves a line")
def _():
    for by in (ARTHUR, DEMO):
        equal(get(f"/v1/members/{ids[ODILE]}/profile", by=by).status, 404)
    equal(get(f"/v1/members/{ids[ARTHUR]}/profile", by=DESKER).status, 404, "of another space")
    seen = get(f"/v1/members/{ids[ODILE]}/profile", by=DESKER).json()
    equal((seen["login"], seen["card"]["profession"]), (ODILE, "comptable"))
    assert (ids[DESKER], "profile.read", "", FERME) in lines(ODILE)
    before = lines(ODILE)
    equal(get(f"/v1/members/{ids[ODILE]}/profile", by=ODILE).status, 200)
    equal(lines(ODILE), before, "oneself is no stranger")


@case("what is put right is told, by field and never by content; what is not theirs to say is not known")
def _():
    target = f"/v1/members/{ids[ODILE]}/profile"
    tag = get(target, by=DESKER).header("ETag")
    answer = call("PATCH", target, {"name": "Odile Rancennes-Dupont", "card": {"phone": "+3260000001"}}, by=DESKER, headers={"If-Match": tag})
    equal((answer.status, answer.json()["name"]), (200, "Odile Rancennes-Dupont"))
    equal(lines(ODILE)[0], (ids[DESKER], "profile.changed", "name card.phone", FERME))
    assert "0000001" not in str(get("/v1/members/me/audit", by=ODILE).json())
    equal(call("PATCH", target, {"name": "Again"}, by=DESKER, headers={"If-Match": tag}).status, 412)
    for body in ({"visibility": {}}, {"card": {"shown_to": {}}}, {"login": "x"}, {"role": "administrator"}):
        equal(call("PATCH", target, body, by=DESKER, headers={"If-Match": "*"}).status, 422, body)


def directory_changes(slug):
    count, target = 0, f"/v1/spaces/{slug}/changes?types=directory&limit=200"
    while target:
        page = get(target, by=BOSS).json()
        count, target = count + len(page["items"]), page["next"]
    return count


@case("nobody is moved to a space by those who do not look after it")
def _():
    target = f"/v1/members/{ids[ODILE]}/profile"
    equal(call("PATCH", target, {"home_space_id": "rimbaud"}, by=DESKER, headers={"If-Match": "*"}).status, 403)
    heard = {slug: directory_changes(slug) for slug in ("ferme", "rimbaud")}
    equal(call("PATCH", target, {"home_space_id": "rimbaud"}, by=BOSS, headers={"If-Match": "*"}).status, 200)
    equal({slug: directory_changes(slug) - before for slug, before in heard.items()}, {"ferme": 1, "rimbaud": 1}, "both hear of it")
    equal(get(target, by=DESKER).status, 404)
    equal(call("PATCH", target, {"home_space_id": "ferme"}, by=BOSS, headers={"If-Match": "*"}).status, 200)


@case("of who asked for restriction the card is empty")
def _():
    target = f"/v1/members/{ids[ODILE]}/profile"
    equal(call("PATCH", "/v1/members/me", {"restricted": True}, by=ODILE, headers={"If-Match": "*"}).status, 200)
    seen = get(target, by=DESKER).json()
    equal((seen["restricted"], seen["name"], seen["card"]["email"], seen["card"]["profession"]), (True, "Odile Rancennes-Dupont", "", ""))
    equal(call("PATCH", target, {"card": {"email": None}}, by=DESKER, headers={"If-Match": "*"}).status, 422)
    equal(get("/v1/members/me", by=ODILE).json()["card"]["email"], "odile@example.org")


# ---- taken in -----------------------------------------------------------------------------------------------------------------

def add(by, home="ferme", name="Qwertine Zyxwest", key=None, **more):
    body = {"id": new_id(), "name": name, "home_space_id": home, **more}
    return body, call("POST", "/v1/members", body, by=by, key=key or body["id"])


@case("the desk takes in who walks in: once for each key, for its own space alone")
def _():
    body, answer = add(DESKER)
    equal((answer.status, answer.json()), (201, {"id": body["id"]}))
    again = call("POST", "/v1/members", body, by=DESKER, key=body["id"])
    equal((again.status, again.header("Idempotent-Replayed")), (201, "true"))
    equal(call("POST", "/v1/members", {**body, "name": "Other"}, by=DESKER, key=body["id"]).problem, "idempotency-key-reused")
    equal(call("POST", "/v1/members", body, by=DESKER, key=new_id()).problem, "id-taken")
    equal(add(DESKER, home="rimbaud")[1].status, 403)
    equal(add(ZOE)[1].status, 403)
    equal(add(None)[1].status, 401)
    equal(get(answer.header("Location"), by=DESKER).json()["name"], "Qwertine Zyxwest")


@rows("no member is", [("without a name", {"name": " "}, "#/name"), ("in a space that is not", {"home_space_id": "nowhere"}, "#/home_space_id"),
                       ("with a login that cannot be typed", {"login": "A b"}, "#/login"),
                       *((f"with the login {login}, that no file of the network could hold", {"login": login}, "#/login")
                         for login in ("a_b", ".a", "a-", "-", "a" * 65)), ("with a role", {"role": "administrator"}, "#/role"),
                       ("with an id of no form", {"id": "7"}, "#/id"), ("with a password", {"password": "x"}, "#/password")])
def _(more, pointer):
    body = {"id": new_id(), "name": "X", "home_space_id": "ferme", **more}
    answer = call("POST", "/v1/members", body, by=DESKER, key=new_id())
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, pointer))


@case("S06 a fresh account appears in no answer: every GET, every kind of onlooker")
def _():
    body, answer = add(DESKER, name="Xylophania Qqberg", login="xqq", key=new_id())
    equal(answer.status, 201)
    needles = (body["id"], "Xylophania", "xqq")
    asked = 0
    for method, path, operation in caller.contract.operations():
        if method != "GET":
            continue
        targets = [path.replace("{s}", space).replace("{id}", body["id"]) for space in (["ferme", "rimbaud"] if "{s}" in path else [""])]
        for parameter in operation.get("parameters", []):
            if caller.contract.resolve(parameter)["name"] == "q":
                targets = [f"{target}?q={q}" for target in targets for q in ("xylophania", "qqberg", "xqq")]
        for target in targets:
            for by in (None, ZOE, ARTHUR, DESKER, BOSS):
                if path == "/v1/members/{id}/profile" and by in (DESKER, BOSS):
                    continue                          # those who look after them; each look leaves a line
                if "events" in path:
                    continue                          # a stream does not end
                told = caller.server.request("GET", target, token=caller.tokens.get(by)).body.decode()
                assert not any(needle in told.replace(target, "") for needle in needles), (target, by, told[:200])
                asked += 1
    assert asked > 100, asked


# ---- searching ------------------------------------------------------------------------------------------------------------------

@rows("accents and ligatures do not count, either way", [(f"{name} by {q}", name, q) for name, q in [
    ("Œuvrard", "oeuvrard"), ("Oeuvrard", "%C5%93uvrard"), ("Cæsar", "caesar"), ("Caesar", "c%C3%A6sar"), ("Weiß", "weiss"), ("Weiss", "wei%C3%9F"),
    ("Éloïse", "eloise"), ("Eloise", "%C3%A9lo%C3%AFse"), ("ÉLOÏSE", "%C3%A9lo%C3%AFse")]])
def _(name, q):
    match = {"If-Match": "*"}
    equal(call("PATCH", "/v1/members/me", {"name": f"Nadia {name}"}, by="plume", headers=match).status, 200)
    equal(call("PUT", "/v1/members/me/visibility", {"text_version": "2026-11", "fields": {"name": "network"}}, by="plume", headers=match).status, 200)
    equal([item["name"] for item in get(f"/v1/members?q={q}", by=ARTHUR).json()["items"]], [f"Nadia {name}"])


@case("one search leads to two hundred people and no further, however it is paged")
def _():
    for limit in (200, 70, 7):
        target, told = f"/v1/members?q=figurante&limit={limit}", []
        while target:
            page = get(target, by=DEMO).json()
            told, target = told + page["items"], page["next"]
        equal((limit, len(told), len({item["id"] for item in told})), (limit, 200, 200))


@case("a hundred and twenty searches in a minute, then 429 for that member and nobody else")
def _():
    answer = get("/v1/members?q=zo", by=BOSS)
    assert 'r=' in answer.header("RateLimit") and 'q=120;w=60' in answer.header("RateLimit-Policy"), answer.headers
    for _ in range(125):
        answer = get("/v1/members?q=zo", by=BOSS)
        if answer.status == 429:
            break
    equal(answer.status, 429)
    assert 1 <= int(answer.header("Retry-After")) <= 60
    equal(get("/v1/members?q=zo", by=ZOE).status, 200)


run(caller.server.stop)
