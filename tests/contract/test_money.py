"""What pays for a booking: passes, network days, carnets, the price. Counters move with bookings, and the ledger says the same to the cent."""
import threading
from collections import Counter

from caller import Caller
from server import new_id
from tap import case, equal, rows, run

caller = Caller()
server = caller.server
server.stop()
DESK, FINANCE = "maite.froidmont", "gauthier.mahieu-lorent"
server.give_role(DESK, "reception", "ferme")
server.give_role(FINANCE, "finance")
server.start()
SPACES = {item["slug"]: item["id"] for item in caller.get("/v1/spaces").json()["items"]}
MEMBERS = {}
for _login in caller.tokens:
    MEMBERS[_login] = caller.get("/v1/members/me", by=_login).json()
HOMES = {login: next((slug for slug, id in SPACES.items() if id == me["home_space_id"]), None) for login, me in MEMBERS.items()}
LATE = "2026-09-"                                     # nobody has booked anything then


def at_home(space, holding_nothing=True):
    """Members of a space, each another one."""
    return iter([login for login in sorted(MEMBERS) if HOMES[login] == space and login not in ("zoe.lambermont", "tanguy.desclez", DESK, FINANCE)])


PEOPLE = {space: at_home(space) for space in SPACES}


def sell(login, by=DESK, id=None, key=None, space="ferme", **more):
    id = id or new_id()
    body = {"id": id, "member_id": MEMBERS[login]["id"], "kind": "carnet", "valid_from": "2026-07-15", "valid_until": "2027-07-14", "net_cents": 7000, **more}
    return caller.call("POST", f"/v1/spaces/{space}/passes", body, by=by, key=key or id)


def passes(login):
    return {item["id"]: item for item in caller.get("/v1/members/me/passes", by=login).json()["items"]}


def left(login, id):
    return passes(login)[id]["half_days_left"]


def network(login, space):
    items = caller.get("/v1/members/me/network-days?year=2026", by=login).json()["items"]
    return next(((item["half_days_used"], item["half_days_left"]) for item in items if item["space_id"] == SPACES[space]), None)


def made(name, date, part, by):
    answer = caller.book(name, date, part, by=by)
    equal(answer.status, 201, repr(answer))
    return answer.json()


def a_desk(space, date, part, by):
    return made(caller.free(space, date, part)[0], date, part, by)


def paid(booking):
    payment = booking["payment"]
    return payment["by"], payment["half_days"], payment["net_cents"], payment["gross_cents"]


def ledger(space, **more):
    """All lines, page by page, and the sums that every page tells."""
    target, lines, sums = f"/v1/spaces/{space}/ledger?from=2026-06-01&to=2026-12-31&limit=7", [], None
    while target:
        page = caller.get(target, by=FINANCE).json()
        lines += page["items"]
        assert sums in (None, page["sums"]), "the sums are of the whole"
        sums, target = page["sums"], page["next"]
    return lines, sums


def everywhere():
    return [line for space in SPACES for line in ledger(space)[0]]


# ---- how it is paid --------------------------------------------------------------------------------------------------------------------

@case("at home without a pass one pays the price, at the rate of VAT of the country")
def _():
    who = next(PEOPLE["ferme"])
    booking = a_desk("ferme", LATE + "01", "am", who)
    equal(booking["payment"], {"by": "price", "half_days": 0, "net_cents": 800, "vat_permille": 210, "gross_cents": 968, "given_back": False})
    who = next(PEOPLE["rimbaud"])
    equal(a_desk("rimbaud", LATE + "01", "day", who)["payment"]["vat_permille"], 200)


@case("elsewhere three days a year are given, counted in half-days; then one pays; what is cancelled in time can be had again")
def _():
    who = next(PEOPLE["rimbaud"])
    equal(network(who, "ferme"), (0, 6))
    equal(network(who, "rimbaud"), None)
    taken = [a_desk("ferme", f"{LATE}{day:02}", part, who) for day, part in ((2, "am"), (3, "day"), (4, "day"))]
    equal([paid(booking) for booking in taken], [("network_day", 1, 0, 0), ("network_day", 2, 0, 0), ("network_day", 2, 0, 0)])
    equal(taken[0]["payment"]["vat_permille"], 210)
    equal(network(who, "ferme"), (5, 1))
    equal(paid(a_desk("ferme", LATE + "07", "day", who)), ("price", 0, 1400, 1694), "half a day left is no day")
    equal(paid(a_desk("ferme", LATE + "08", "am", who)), ("network_day", 1, 0, 0))
    equal(paid(a_desk("ferme", LATE + "08", "pm", who)), ("price", 0, 800, 968))
    equal(caller.cancel(taken[1], by=who).status, 204)
    equal(network(who, "ferme"), (4, 2))
    equal(caller.get(f"/v1/spaces/ferme/bookings/{taken[1]['id']}", by=who).json()["payment"]["given_back"], True)
    equal(paid(a_desk("ferme", LATE + "09", "day", who)), ("network_day", 2, 0, 0))
    equal(network(who, "pepi"), (0, 6), "each space gives its own")


@case("a preview says what would be used, and uses nothing")
def _():
    who = next(PEOPLE["rimbaud"])
    name = caller.free("ferme", LATE + "10", "am")[0]
    for _ in range(2):
        equal(paid(caller.preview(name, LATE + "10", "am", by=who).json()["booking"]), ("network_day", 1, 0, 0))
    equal(network(who, "ferme"), (0, 6))


@case("a carnet is used at home before the price, and where it is taken; a pass before both; rooms are paid")
def _():
    who = next(PEOPLE["ferme"])
    sold = sell(who)
    equal(sold.status, 201, repr(sold))
    told = sold.json()
    equal({name: told[name] for name in ("kind", "half_days", "half_days_left", "net_cents", "vat_permille", "gross_cents", "space_name")},
          {"kind": "carnet", "half_days": 10, "half_days_left": 10, "net_cents": 7000, "vat_permille": 210, "gross_cents": 8470,
           "space_name": "La Ferme"})
    equal(paid(a_desk("ferme", LATE + "11", "day", who)), ("carnet", 2, 0, 0))
    equal(left(who, told["id"]), 8)
    for day in (1, 2, 3):                              # the network's days at E420 first: they are given
        a_desk("e420", f"{LATE}{day:02}", "day", who)
    equal(paid(a_desk("e420", LATE + "04", "am", who)), ("carnet", 1, 0, 0), "E420 takes carnets of La Ferme")
    for day in (1, 2, 3):
        a_desk("pepi", f"{LATE}{day:02}", "day", who)
    equal(paid(a_desk("pepi", LATE + "04", "am", who))[0], "price", "with Pépi nothing was agreed")
    equal(paid(made("ferme/L'Étable", LATE + "11", "am", who)), ("price", 0, 4000, 4840))
    equal(left(who, told["id"]), 7)
    equal(sell(who, kind="pass", net_cents=12000).status, 201)
    equal(paid(a_desk("ferme", LATE + "14", "am", who)), ("pass", 1, 0, 0))
    equal(left(who, told["id"]), 7)


@case("a carnet with one half-day left pays no whole day, and never goes below nothing")
def _():
    who = next(PEOPLE["ferme"])
    id = sell(who, half_days=3).json()["id"]
    wanted = [("15", "day"), ("16", "day"), ("17", "am"), ("18", "am")]
    equal([paid(a_desk("ferme", LATE + day, part, who))[:2] for day, part in wanted], [("carnet", 2), ("price", 0), ("carnet", 1), ("price", 0)])
    equal(left(who, id), 0)


@case("too late to cancel is too late to have it back")
def _():
    who = next(PEOPLE["ferme"])
    id = sell(who).json()["id"]
    booking = a_desk("ferme", "2026-07-15", "am", who)
    server.stop()
    server.now = "2026-07-15T08:30:00+02:00"
    server.start()
    equal(caller.cancel(booking, by=who).problem, "cancel-too-late")
    equal(left(who, id), 9)
    server.stop()
    server.now = "2026-07-15T07:30:00+02:00"
    server.start()


@case("S02 fifty bookings at once on a carnet with three half-days left use exactly three")
def _():
    who = next(PEOPLE["ferme"])
    id = sell(who, half_days=3).json()["id"]
    wishes = [(name, f"2026-10-{day:02}", part) for day in range(1, 10) for part in ("am", "pm")
              for name in caller.free("ferme", f"2026-10-{day:02}", part)][:50]
    equal(len(wishes), 50)
    answers, lock = [], threading.Lock()

    def book(wish):
        wire, booking = server.connection(), new_id()
        answer = server.request("POST", "/v1/spaces/ferme/bookings", caller.wish(*wish, id=booking), token=caller.tokens[who], key=booking,
                                connection=wire)
        wire.close()
        with lock:
            answers.append(answer)
    threads = [threading.Thread(target=book, args=(wish,)) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal({answer.status for answer in answers}, {201})
    equal(Counter(answer.json()["payment"]["by"] for answer in answers), {"carnet": 3, "price": 47})
    equal(left(who, id), 0)
    stored = Counter(caller.get(f"/v1/spaces/ferme/bookings/{answer.json()['id']}", by=who).json()["payment"]["by"] for answer in answers)
    equal(stored, {"carnet": 3, "price": 47}, "what was answered is what is kept")
    ours = {answer.json()["id"]: answer for answer in answers if answer.json()["payment"]["by"] == "carnet"}
    cancelled = [threading.Thread(target=lambda booking=answer.json(): server.request(
        "DELETE", f"/v1/spaces/ferme/bookings/{booking['id']}", token=caller.tokens[who], headers={"If-Match": '"1"'},
        connection=server.connection())) for answer in ours.values() for _ in range(4)]
    for thread in cancelled:
        thread.start()
    for thread in cancelled:
        thread.join()
    equal(left(who, id), 3, "each is given back once, however often it is cancelled")


@case("S04 a booking told again under its key takes nothing more; one refused takes nothing")
def _():
    who = next(PEOPLE["ferme"])
    carnet = sell(who).json()["id"]
    name, id = caller.free("ferme", LATE + "21", "am")[0], new_id()
    for _ in range(3):
        equal(caller.book(name, LATE + "21", "am", by=who, id=id).status, 201)
    equal(left(who, carnet), 9)
    equal(caller.book(name, LATE + "21", "am", by=who).problem, "already-mine")
    equal(caller.book(name, LATE + "20", "am", by=who).problem, "space-closed")
    equal(left(who, carnet), 9)


# ---- selling ---------------------------------------------------------------------------------------------------------------------------

@case("S04 sold twice with one key is sold once; another id's pass is nobody else's")
def _():
    who, id = next(PEOPLE["ferme"]), new_id()
    first, again = sell(who, id=id), sell(who, id=id)
    equal((first.status, again.status, again.body, again.header("Idempotent-Replayed")), (201, 201, first.body, "true"))
    equal(list(passes(who)), [id])
    equal(sell(who, id=id, net_cents=1).problem, "idempotency-key-reused")
    equal(sell(who, id=id, key=new_id()).problem, "id-taken")
    equal(sum(line["pass_id"] == id for line in ledger("ferme")[0] if "pass_id" in line), 1)


@rows("refused: selling", [
    ("by a member", {"by": "demo"}, 403, "not-allowed"), ("in another space's name", {"space": "rimbaud"}, 403, "not-allowed"),
    ("in nobody's name", {"space": "nowhere"}, 404, "not-found"), ("to nobody", {"member_id": new_id()}, 404, "not-found"),
    ("to somebody who cannot be", {"member_id": "demo"}, 422, "validation"), ("below nothing", {"net_cents": -1}, 422, "validation"),
    ("at a price in words", {"net_cents": "7000"}, 422, "validation"), ("at half a cent", {"net_cents": 0.5}, 422, "validation"),
    ("no half-days", {"half_days": 0}, 422, "validation"), ("more than anybody works", {"half_days": 1001}, 422, "validation"),
    ("half-days of a pass", {"kind": "pass", "half_days": 5}, 422, "validation"), ("what is neither", {"kind": "gold"}, 422, "validation"),
    ("what ends before it begins", {"valid_until": "2026-07-14"}, 422, "validation"), ("with what is left", {"half_days_left": 10}, 422, "validation"),
])
def _(more, status, problem):
    before = len(ledger("ferme")[0])
    answer = sell("demo", **more)
    equal((answer.status, answer.problem), (status, problem))
    equal(len(ledger("ferme")[0]), before)


@case("S06 nobody sees another's passes")
def _():
    assert not set(passes("demo")) & set(passes("zoe.lambermont"))
    equal(caller.get("/v1/members/me/passes").status, 401)


@case("passes are told page by page, all of them once")
def _():
    who = next(PEOPLE["ferme"])
    sold = [sell(who, half_days=number + 1).json()["id"] for number in range(7)]
    target, seen = "/v1/members/me/passes?limit=3", []
    while target:
        page = caller.get(target, by=who).json()
        seen += [item["id"] for item in page["items"]]
        target = page["next"]
    equal(sorted(seen), sorted(sold))


# ---- what a series would cost ------------------------------------------------------------------------------------------------------------

def series_of(name, date, part, who, how, **more):
    body = caller.wish(name, date, part, repeat={"every": "weekday", "count": 5}, **more)
    target = f"/v1/spaces/{name.partition('/')[0]}/bookings:{how}"
    return caller.call("POST", target, body, by=who, key=body.get("id"))


def pays(answer):
    return [item["booking"]["payment"]["by"] for item in answer.json()["items"] if item["outcome"] != "refused"]


@case("a preview of a series shares out what a carnet still holds, as the series then does")
def _():
    who = next(PEOPLE["ferme"])
    carnet = new_id()
    equal(sell(who, id=carnet, half_days=3).status, 201)
    name = caller.free("ferme", "2026-10-12", "day")[0]
    told = pays(series_of(name, "2026-10-12", "am", who, "preview"))
    assert len(told) > 3
    equal(told, ["carnet"] * 3 + ["price"] * (len(told) - 3))
    equal(pays(series_of(name, "2026-10-12", "day", who, "preview"))[:2], ["carnet", "price"], "one half-day is left, and no day")
    equal(left(who, carnet), 3, "it was only asked")
    equal(pays(series_of(name, "2026-10-12", "am", who, "series", id=new_id())), told)
    equal(left(who, carnet), 0)


@case("and network days, year by year")
def _():
    who = next(PEOPLE["ferme"])
    name = caller.free("rimbaud", "2026-10-12", "day")[0]
    _, here = network(who, "rimbaud")
    days = here // 2
    repeat = {"every": "weekday", "count": days + 2}
    preview = caller.call("POST", "/v1/spaces/rimbaud/bookings:preview", caller.wish(name, "2026-10-12", "day", repeat=repeat), by=who)
    told = pays(preview)
    equal(told, ["network_day"] * days + ["price"] * (len(told) - days))
    assert days > 0 and len(told) > days


# ---- the books -------------------------------------------------------------------------------------------------------------------------

@case("the sums per rate of VAT are those of the lines, to the cent, and each line's VAT is rounded half up")
def _():
    for space in SPACES:
        lines, sums = ledger(space)
        equal(len({line["id"] for line in lines}), len(lines), "a line comes twice")
        equal([line["at"] for line in lines], sorted(line["at"] for line in lines))
        for line in lines:
            net, rate = line["net_cents"], line["vat_permille"]
            vat = (abs(net) * rate + 500) // 1000
            equal((line["vat_cents"], line["gross_cents"]), (vat if net > 0 else -vat, net + (vat if net > 0 else -vat)))
        for total in sums:
            of_rate = [line for line in lines if line["vat_permille"] == total["vat_permille"]]
            equal({**{name: sum(line[name] for line in of_rate) for name in ("net_cents", "vat_cents", "gross_cents")}, "lines": len(of_rate)},
                  {name: total[name] for name in ("net_cents", "vat_cents", "gross_cents", "lines")})
        equal(sum(total["lines"] for total in sums), len(lines))
    equal({total["vat_permille"] for total in ledger("rimbaud")[1]}, {200})


@case("every balance can be counted anew from the ledger")
def _():
    lines = everywhere()
    carnets, days = Counter(), Counter()
    for line in lines:
        if line["by"] == "carnet":
            carnets[line["pass_id"]] += line["half_days"]
        elif line["by"] == "network_day":
            days[line["member_id"], line["date"][:4], next(slug for slug in SPACES if line["id"] in IDS[slug])] -= line["half_days"]
    checked = 0
    for login in MEMBERS:
        for id, item in passes(login).items():
            if item["kind"] == "carnet":
                equal(carnets.pop(id), item["half_days_left"], f"{login}'s carnet")
                checked += 1
        for space in SPACES:
            if network(login, space):
                equal(days[MEMBERS[login]["id"], "2026", space], network(login, space)[0], f"{login} at {space}")
    equal((carnets, checked > 5), ({}, True))
    due = Counter()
    for line in lines:
        if line["kind"] != "sale":
            due[line["booking_id"]] += line["net_cents"]
    for id, cents in list(due.items())[:60]:
        for space in SPACES:
            answer = caller.get(f"/v1/spaces/{space}/bookings/{id}", by=FINANCE)
            if answer.status == 200:
                payment = answer.json()["payment"]
                equal(cents, 0 if payment["given_back"] else payment["net_cents"], id)


class Ids(dict):
    def __missing__(self, space):
        self[space] = {line["id"] for line in ledger(space)[0]}
        return self[space]


IDS = Ids()


@case("S06 the books are finance's; a time that ends before it begins is none; another list's cursor fits no other")
def _():
    for by, status in ((DESK, 403), ("demo", 403), (None, 401)):
        equal(caller.get("/v1/spaces/ferme/ledger", by=by).status, status, by)
    equal(caller.get("/v1/spaces/ferme/ledger?from=2026-07-16&to=2026-07-15", by=FINANCE).status, 400)
    equal([caller.get(f"/v1/spaces/ferme/ledger?from=2026-01-01&to=2027-01-0{day}", by=FINANCE).status for day in (1, 2)], [200, 400])
    next_page = caller.get("/v1/spaces/ferme/ledger?from=2026-06-01&to=2026-12-31&limit=1", by=FINANCE).json()["next"]
    equal(caller.get(next_page.replace(SPACES["ferme"], SPACES["rimbaud"]), by=FINANCE).status, 400)
    equal(caller.get("/v1/spaces/ferme/ledger?from=2020-01-01&to=2020-01-02", by=FINANCE).json(),
          {"items": [], "next": None, "prev": None, "sums": []})


run(server.kill)
