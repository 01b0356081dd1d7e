"""Organisations: taken up and put right by coordinators, with numbers that are right by their own sums."""
import threading

from community import Community
from server import new_id, postgres_case
from tap import case, equal, rows, run

ZOE, BOSS = "zoe.lambermont", "elise.warnimont"
CARD = {"card": {"profession": "illustratrice", "shown_to": {"network": ["name", "organisation"]}}}
caller = Community(cards={ZOE: CARD})
caller.server.stop()
caller.server.give_role(BOSS, "coordinator", None)
caller.server.start()
get, call = caller.get, caller.call


def add(by=BOSS, key=None, **more):
    body = {"id": new_id(), "name": "Atelier Gribouille", "kind": "company", **more}
    return body, call("POST", "/v1/organisations", body, by=by, key=key or new_id())


def patch(id, body, match=None, by=BOSS):
    target = f"/v1/organisations/{id}"
    return call("PATCH", target, body, by=by, headers={"If-Match": match or get(target, by=by).header("ETag")})


@case("taken up: found, with the digits of its number, once for each key")
def _():
    body, answer = add(registration_scheme="be_kbo", registration_number="0999.000.129", country="BE", languages=["fr"], town="Couvin", key="key-of-one")
    equal((answer.status, answer.json()["registration_number"]), (201, "0999000129"))
    equal(get(answer.header("Location"), by=BOSS).header("ETag"), answer.header("ETag"))
    equal([item["name"] for item in get("/v1/organisations?q=grib").json()["items"]], ["Atelier Gribouille"])
    again = call("POST", "/v1/organisations", body, by=BOSS, key="key-of-one")
    equal((again.status, again.header("Idempotent-Replayed"), again.json()), (201, "true", answer.json()))
    equal(call("POST", "/v1/organisations", {**body, "name": "X"}, by=BOSS, key="key-of-one").problem, "idempotency-key-reused")
    equal(call("POST", "/v1/organisations", body, by=BOSS, key=new_id()).problem, "id-taken")
    equal(add(registration_scheme="be_kbo", registration_number="0999000129")[1].problem, "id-taken")


@rows("422 names the field", [
    ("a sum that is wrong", {"registration_scheme": "be_kbo", "registration_number": "0999.000.128"}, "#/registration_number"),
    ("digits too few", {"registration_scheme": "fr_siret", "registration_number": "12345"}, "#/registration_number"),
    ("a number of nothing", {"registration_number": "0999000129"}, "#/registration_number"),
    ("a scheme", {"registration_scheme": "de_hrb", "registration_number": "1"}, "#/registration_scheme"), ("a kind", {"kind": "cult"}, "#/kind"),
    ("no name", {"name": ""}, "#/name"), ("a website", {"website": "ftp://x"}, "#/website"), ("a mail", {"email": "x"}, "#/email"),
    ("a phone", {"phone": "060"}, "#/phone"), ("a country", {"country": "DE"}, "#/country"), ("an id", {"id": "x"}, "#/id"),
    ("a contact", {"contact_id": "x"}, "#/contact_id"), ("another member", {"version": 7}, "#/version"), ("a flag", {"visits": "yes"}, "#/visits"),
])
def _(more, pointer):
    answer = add(**more)[1]
    equal((answer.status, answer.json()["errors"][0]["pointer"]), (422, pointer))


@case("put right, by what was read; its people are found by its new name")
def _():
    body, answer = add(name="Forges")
    id = body["id"]
    equal(call("PATCH", "/v1/members/me", {"card": {"organisation_id": id}}, by=ZOE, headers={"If-Match": "*"}).status, 200)
    equal(call("PATCH", f"/v1/organisations/{id}", {"town": "X"}, by=BOSS).status, 428)
    tag = get(f"/v1/organisations/{id}", by=BOSS).header("ETag")
    answer = patch(id, {"name": "Forges de Meuse", "town": "Fumay", "sector": None}, tag)
    equal((answer.status, answer.json()["name"], answer.json()["version"]), (200, "Forges de Meuse", 2))
    equal(patch(id, {"town": "Y"}, tag).status, 412)
    equal([item["name"] for item in get("/v1/members?q=meuse", by=BOSS).json()["items"]], ["Zoë Lambermont"])
    equal(patch(id, {"registration_scheme": "fr_siret", "registration_number": "999 000 011 00019"}).status, 422)
    equal(patch(id, {"registration_scheme": "fr_siret", "registration_number": "999 000 011 00018"}).json()["registration_number"], "99900001100018")
    zoe = get("/v1/members/me", by=ZOE).json()["id"]
    equal(patch(id, {"contact_id": zoe}).json()["contact_name"], "Zoë Lambermont")
    equal(patch(new_id(), {"town": "Y"}, "*").status, 404)
    # Who works elsewhere by now is not told to be there.
    other = add(name="Scierie")[0]["id"]
    equal(call("PATCH", "/v1/members/me", {"card": {"organisation_id": other}}, by=ZOE, headers={"If-Match": "*"}).status, 200)
    told = get(f"/v1/organisations/{id}", by=BOSS).json()
    assert "contact_name" not in told and "contact_id" not in told, told


@postgres_case("of two who put the same version right at once, one hears that it changed: nobody's words are lost")
def _():
    id, server = add(name="Deux mains")[0]["id"], caller.server
    target, answers = f"/v1/organisations/{id}", {}
    tag = get(target, by=BOSS).header("ETag")
    # Whoever is first takes a while, so that the second has begun.
    server.postgres.execute(server.database, """CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$;
        CREATE TRIGGER slow BEFORE UPDATE ON organisation FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION slow()""")

    def change(field):
        answers[field] = server.request("PATCH", target, {field: "X"}, token=caller.tokens[BOSS], headers={"If-Match": tag},
                                        connection=server.connection())
    threads = [threading.Thread(target=change, args=(field,)) for field in ("town", "sector")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.postgres.execute(server.database, "DROP FUNCTION slow CASCADE")
    equal(sorted(answer.status for answer in answers.values()), [200, 412])
    now = get(target, by=BOSS).json()
    equal({field: now[field] == "X" for field in answers}, {field: answer.status == 200 for field, answer in answers.items()})


@case("not by others")
def _():
    equal(add(by=ZOE)[1].status, 403)
    equal(add(by=None)[1].status, 401)


run(caller.server.stop)
