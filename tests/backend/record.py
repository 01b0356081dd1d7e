#!/usr/bin/env python3
"""record.py — asks a real hacktivd, with its clock stopped, what src/backend/hacktiv.c asks, and keeps the exchanges.

    HACKTIVD=build/src/server/hacktivd tests/backend/record.py             writes recorded/*.json anew
    HACKTIVD=build/src/server/hacktivd tests/backend/record.py --compare   says what hacktivd answers otherwise today; prints TAP

What is asked is written down here by hand, from doc/api/openapi.yaml, not taken from the program that is tested. A file holds what
the operation was given ("asked") and one exchange; secrets and what is made anew each time are replaced.
"""
import atexit
import difflib
import json
import pathlib
import re
import shutil
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from server import PASSWORD, TOP, Server
from tap import case, equal, run

KEPT = HERE / "recorded"
TOKEN = "hkt_recorded"
ID = "0198b1a0-0000-7000-8000-{:012}".format           # as a client makes them, but always the same
FORM = "application/x-www-form-urlencoded"
GRANT = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
ACCEPT = "application/json, application/problem+json"
TODAY, HOLIDAY, THURSDAY, FRIDAY = "2026-07-15", "2026-07-21", "2026-07-23", "2026-07-24"


def network():
    """The sample's spaces, desks and bookings, with the few activities, people and organisations in network/: what is recorded does
    not grow with the sample."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    shutil.copytree(HERE / "network", directory / "sample", dirs_exist_ok=True)
    return directory


class Recorder:
    def __init__(self):
        self.server = Server(options=["--sample-password", "password"], data=network())
        (self.server.directory / "password").write_text(PASSWORD)
        (self.server.directory / "password").chmod(0o600)
        self.server.start().stop()
        self.zoe = self.server.grant("zoe.lambermont")["zoe.lambermont"]
        self.server.start()
        self.files = {}
        self.token = None

    def keep(self, name, operation, method, path, body=None, *, token=None, headers=None, **asked):
        """One exchange. `asked`: what struct operation is given besides."""
        fields = {"Accept": ACCEPT, **(headers or {})}
        is_form = isinstance(body, str)
        told = fields | ({"Content-Type": FORM} if is_form else {})
        answer = self.server.request(method, path, body.encode() if is_form else body, token=token, headers=told.items())
        request = {"method": method, "path": path, "headers": fields}
        if token:
            request["bearer"] = asked["token"] = TOKEN
        if body is not None:
            request["content_type"] = FORM if is_form else "application/json"
            request["body"] = self.hidden(body) if is_form else body
        response = {"status": answer.status, "headers": {}}
        for name_of in ("Content-Type", "ETag", "Location", "Retry-After", "Idempotent-Replayed"):
            if answer.header(name_of) and (operation, name_of) != ("news", "ETag"):
                response["headers"][name_of] = answer.header(name_of)
        if answer.body:
            response["body"] = answer.json()
            self.hide(response["body"])
        whole = json.dumps({"operation": operation, "asked": asked, "request": request, "response": response}, ensure_ascii=False, indent=1)
        self.files[name] = re.sub(r"cursor=[\w-]+", "cursor=recorded", self.hidden(whole)) + "\n"
        return answer

    @staticmethod
    def hidden(text):
        text = re.sub(r"\b(hk[trd])_[\w-]{43}", r"\1_recorded", text)
        text = re.sub(r"\b[a-z2-7]{8}\.(?=[\w-]{8}(:|%3A)\d)", "recorded.", text)   # the epoch of this database
        return re.sub(r"\b[B-Z]{4}-[B-Z]{4}\b", "WDJB-MJHT", text)

    def hide(self, body):
        if "token" in body:
            self.token, self.refresh = body["token"], body.get("refresh_token")
            body["token"] = TOKEN
        if "instance" in body:
            body["instance"] = "urn:uuid:" + ID(0)

    def space(self, slug):
        return self.server.get(f"/v1/spaces/{slug}").json()["id"]

    def desk(self, slug, name):
        items = self.server.get(f"/v1/spaces/{slug}/resources").json()["items"]
        return next(item["id"] for item in items if item["name"] == name)


def who(recorder):
    keep = recorder.keep
    def credentials(password):
        return {"login": "demo", "password": password, "refresh": True}
    keep("log-in", "log_in", "POST", "/v1/sessions", credentials(PASSWORD), login="demo", password=PASSWORD)
    token = recorder.token
    keep("log-in-wrong", "log_in", "POST", "/v1/sessions", credentials("wrong"), login="demo", password="wrong")
    keep("who-am-i", "who_am_i", "GET", "/v1/members/me", token=token)
    keep("who-am-i-nobody", "who_am_i", "GET", "/v1/members/me")
    return token


def tokens(recorder):
    """A device is let in; what it was given is renewed and given back."""
    keep, ours = recorder.keep, "client_id=hacktiv-tui"

    def ask(name):
        return keep(name, "device", "POST", "/oauth/device_authorization", ours).json()

    def poll(name, code):
        return keep(name, "device_token", "POST", "/oauth/token", f"grant_type={GRANT}&device_code={code}&{ours}",
                    device_code=code).json()

    def renew(name, token):
        return keep(name, "renew", "POST", "/oauth/token", f"grant_type=refresh_token&refresh_token={token}&{ours}", refresh_token=token).json()

    def answer(code, state):
        recorder.server.stop()
        recorder.server.write(f"UPDATE device SET state = '{state}', member_id = (SELECT id FROM member WHERE login = 'demo')"
                              f" WHERE user_code = '{code.replace('-', '')}'")
        recorder.server.start()
    device = ask("device")
    poll("device-token-pending", device["device_code"])
    poll("device-token-early", device["device_code"])
    answer(device["user_code"], "granted")
    given = poll("device-token", device["device_code"])
    poll("device-token-used", device["device_code"])
    denied = recorder.server.request("POST", "/oauth/device_authorization", ours.encode(), headers={"Content-Type": FORM}.items()).json()
    answer(denied["user_code"], "denied")
    poll("device-token-denied", denied["device_code"])
    given = renew("renew", given["refresh_token"])
    renew("renew-unknown", "hkr_" + "A" * 43)
    keep("log-out-device", "log_out", "POST", "/oauth/revoke", f"token={given['refresh_token']}&token_type_hint=refresh_token&{ours}",
         refresh_token=given["refresh_token"])


def looks(recorder, token, space):
    keep = recorder.keep
    whole = keep("spaces", "spaces", "GET", f"/v1/spaces?date={TODAY}", token=token, date=TODAY)
    etag = whole.header("ETag")
    keep("spaces-again", "spaces", "GET", f"/v1/spaces?date={TODAY}", token=token, headers={"If-None-Match": etag}, date=TODAY, etag=etag)
    keep("day", "day", "GET", f"/v1/spaces/{space}/availability?date={TODAY}", token=token, space_id=space, date=TODAY)
    keep("day-holiday", "day", "GET", f"/v1/spaces/{space}/availability?date={HOLIDAY}", space_id=space, date=HOLIDAY)
    desk = recorder.desk("ferme", "Les Serres 3")
    keep("space-day", "space_day", "GET", f"/v1/spaces/{space}/day?date={TODAY}&resource={desk}", token=token, space_id=space, date=TODAY,
         resource_id=desk)
    strange = "là/bas?"
    keep("day-nowhere", "day", "GET", f"/v1/spaces/{urllib.parse.quote(strange, safe='')}/availability?date={TODAY}", token=token,
         space_id=strange, date=TODAY)
    keep("my-bookings", "my_bookings", "GET", f"/v1/members/me/bookings?from={TODAY}&limit=200", token=token, date=TODAY)


def wishes(recorder, token, space):
    desk = recorder.desk("ferme", "Les Serres 3")
    path = f"/v1/spaces/{space}/bookings"

    def wish(name, operation, date, part, id=None, place=desk):
        start, dash, end = part.partition("-")
        when = {"date": date, "part": "hours", "start": start, "end": end} if dash else {"date": date, "part": part}
        body = {"resource_id": place, **when}
        asked = {"space_id": space, **body}
        if operation == "preview":
            return recorder.keep(name, operation, "POST", f"{path}:preview", body, token=token, **asked)
        return recorder.keep(name, operation, "POST", path, {"id": id, **body}, token=token,
                             headers={"Idempotency-Key": f'"{id}"'}, wish_id=id, **asked)

    wish("preview", "preview", THURSDAY, "am")
    wish("book", "book", THURSDAY, "am", ID(1))
    wish("book-again", "book", THURSDAY, "am", ID(1))
    wish("book-mine", "book", THURSDAY, "day", ID(2))
    zoes = {"id": ID(5), "resource_id": desk, "date": FRIDAY, "part": "am"}
    equal(recorder.server.request("POST", path, zoes, token=recorder.zoe, key=f'"{ID(5)}"').status, 201)
    wish("book-taken", "book", FRIDAY, "day", ID(6))
    wish("preview-taken", "preview", FRIDAY, "am")
    room = recorder.desk("ferme", "La Grange")
    wish("preview-hours", "preview", FRIDAY, "14:00-15:30", place=room)
    wish("book-hours", "book", FRIDAY, "14:00-15:30", ID(7), room)
    wish("book-hours-mine", "book", FRIDAY, "15:00-17:00", ID(8), room)
    wish("preview-hours-desk", "preview", FRIDAY, "10:00-11:00")
    wish("book-closed", "book", HOLIDAY, "am", ID(3))
    wish("book-past", "book", "2026-07-14", "am", ID(4))

    def about(name, operation, method, id, version=None):
        headers = {"If-Match": f'"{version}"' if version else "*"} if operation == "cancel" else None
        recorder.keep(name, operation, method, f"{path}/{id}", token=token, headers=headers, space_id=space, booking_id=id,
                      **({"version": version} if version else {}))

    about("find-booking", "find_booking", "GET", ID(1))
    about("find-booking-none", "find_booking", "GET", ID(9))
    about("cancel-stale", "cancel", "DELETE", ID(1), 7)
    about("cancel", "cancel", "DELETE", ID(1), 1)
    about("cancel-again", "cancel", "DELETE", ID(1))
    about("cancel-none", "cancel", "DELETE", ID(9))
    about("find-booking-cancelled", "find_booking", "GET", ID(1))


def activities(recorder, token):
    keep = recorder.keep
    keep("activities", "activities", "GET", f"/v1/activities?from={TODAY}&to=2026-08-31&limit=200", token=token, date=TODAY, until="2026-08-31")
    found = {item["format"]: item for item in recorder.server.get(f"/v1/activities?from={TODAY}").json()["items"]}

    def about(name, format, id=None):
        space, activity = found[format]["space_id"], id or found[format]["id"]
        keep(name, "activity", "GET", f"/v1/spaces/{space}/activities/{activity}", token=token, space_id=space, activity_id=activity)

    def change(name, operation, method, format, key, id=None):
        space, activity = found[format]["space_id"], id or found[format]["id"]
        keep(name, operation, method, f"/v1/spaces/{space}/activities/{activity}/signup", token=token, space_id=space,
             activity_id=activity, headers={"Idempotency-Key": f'"{ID(key)}"'}, wish_id=ID(key))
    about("activity", "lunch_talk")
    about("activity-none", "lunch_talk", ID(9))
    change("sign-up", "sign_up", "PUT", "lunch_talk", 21)
    change("sign-up-again", "sign_up", "PUT", "lunch_talk", 21)
    change("sign-up-full", "sign_up", "PUT", "workshop", 22)
    change("sign-up-none", "sign_up", "PUT", "workshop", 23, ID(9))
    keep("my-signups", "my_signups", "GET", f"/v1/members/me/signups?from={TODAY}&limit=200", token=token, date=TODAY)
    change("withdraw", "withdraw", "DELETE", "lunch_talk", 24)
    change("withdraw-again", "withdraw", "DELETE", "lunch_talk", 25)


def directory(recorder, token):
    keep = recorder.keep
    found = keep("cards", "cards", "GET", "/v1/members?q=an&limit=50", token=token, query="an").json()["items"][0]["id"]
    keep("cards-none", "cards", "GET", "/v1/members?q=%26%C3%A9%20x&limit=50", token=token, query="&é x")
    keep("cards-letter", "cards", "GET", "/v1/members?q=a&limit=50", token=token, query="a")
    keep("card", "card", "GET", f"/v1/members/{found}", token=token, member_id=found)
    keep("card-none", "card", "GET", f"/v1/members/{ID(9)}", token=token, member_id=ID(9))
    found = keep("organisations", "organisations", "GET", "/v1/organisations?limit=50", token=token).json()["items"][0]["id"]
    page = recorder.server.get("/v1/organisations?limit=2", token=token).json()["next"]
    keep("organisations-more", "organisations", "GET", page, token=token, page=page)
    keep("organisation", "organisation", "GET", f"/v1/organisations/{found}", token=token, organisation_id=found)
    keep("organisation-none", "organisation", "GET", f"/v1/organisations/{ID(9)}", token=token, organisation_id=ID(9))


def news(recorder, token, since=None):
    """What changed since an earlier answer, or from now on."""
    def ask(name, after):
        path = f"/v1/changes?after={urllib.parse.quote(after, safe='')}&limit=200" if after else "/v1/changes?limit=1"
        return recorder.keep(name, "news", "GET", path, token=token, **({"after": after} if after else {})).json()
    if not since:
        return ask("news-from-now", None)["id"]
    ask("news-none", ask("news", since)["id"])
    return ask("news-of-another-database", "zzzzzzzz." + since.partition(".")[2])


def record():
    recorder = Recorder()
    token = who(recorder)
    since = news(recorder, token)
    space = recorder.space("ferme")
    looks(recorder, token, space)
    wishes(recorder, token, space)
    activities(recorder, token)
    directory(recorder, token)
    news(recorder, token, since)
    recorder.keep("log-out", "log_out", "DELETE", "/v1/sessions/current", token=token)
    recorder.keep("log-out-again", "log_out", "DELETE", "/v1/sessions/current", token=token)
    tokens(recorder)
    recorder.server.stop()
    return recorder.files


def compare():
    """What is kept must be what hacktivd says today, or the replay proves nothing."""
    files = record()

    @case("the same exchanges are kept as are asked")
    def _():
        equal(sorted(path.stem for path in KEPT.glob("*.json")), sorted(files))
    for name, text in files.items():
        def check(name=name, text=text):
            kept = (KEPT / f"{name}.json").read_text(encoding="utf-8")
            assert kept == text, "\n" + "\n".join(difflib.unified_diff(kept.split("\n"), text.split("\n"), "kept", "today", lineterm=""))
        case(f"{name} is answered as it is kept")(check)
    run()


if __name__ == "__main__":
    if sys.argv[1:] == ["--compare"]:
        compare()
    KEPT.mkdir(exist_ok=True)
    for name, text in record().items():
        (KEPT / f"{name}.json").write_text(text, encoding="utf-8")
