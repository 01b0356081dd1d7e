"""Every cell of who may do what: role x action x own or another space x one's own or somebody else's object, each as a real request.

A route is walked by a row in tests/contract/test_rights.py:

    reads("GET /v1/spaces/{s}/resources")                     # asked as it is; {s} is filled in

    @walk("DELETE /v1/spaces/{s}/bookings/{id}", whose="both", hidden="see_booking")
    def _(cell):
        booking = cell.booking()                              # of cell.owner, in cell.space
        return cell.ask("DELETE", f"{cell.at}/bookings/{booking['id']}", headers={"If-Match": '"1"'})

`whose`: "mine", the caller's own alone, "others", or "both". `hidden`: who may not even do this, may not know of it: 404 and not 403.
`action`: when the handler asks for a stricter one than the route names. `also`: a status that is no success and still means yes.
`last`: it ends what other walks need.
"""
import itertools
import os
import subprocess

ROLES = ["public", "member", "reception", "operator", "coordinator", "finance", "administrator"]
HOME, AWAY = "ferme", "rimbaud"           # the space that reception and operator have their role in; one that they have none in
NETWORK_WIDE = {"coordinator", "finance", "administrator"}
OWNER = "fatiha.benchekraoui"             # of what is somebody else's; at home in neither
PEOPLE = {"member": "zoe.lambermont", "reception": "benedicte.closset", "operator": "gauthier.mahieu-lorent",
          "coordinator": "elise.warnimont", "finance": "tanguy.desclez", "administrator": "maite.froidmont"}

walks = []


def walk(route, *, action=None, whose="mine", hidden=None, also=None, last=False):
    def register(function):
        walks.append(Walk(route, action, whose, hidden, function))
        walks[-1].also, walks[-1].last = also, last
        return function
    return register


def reads(*routes, **more):
    for route in routes:
        method, pattern = route.split()
        walk(route, **more)(lambda cell, method=method, pattern=pattern: cell.ask(method, pattern.replace("{s}", cell.space or "")))


class Walk:
    def __init__(self, route, action, whose, hidden, function):
        self.route, self.action, self.whose, self.hidden, self.function = route, action, whose, hidden, function

    def cells(self, caller):
        for role in ROLES:
            for space in [HOME, AWAY] if "{s}" in self.route else [None]:
                for own in {"mine": [True], "others": [False], "both": [True, False]}[self.whose]:
                    if role != "public" or not own or self.whose == "mine":
                        yield Cell(caller, role, space, own)


class Cell:
    """One caller before one object. `space`: None where the path names none."""

    def __init__(self, caller, role, space, own):
        self.caller, self.role, self.space, self.own = caller, role, space, own
        self.login = PEOPLE.get(role)
        self.owner = self.login if own else OWNER
        self.at = f"/v1/spaces/{space}"

    def __str__(self):
        where = {None: "", HOME: " in their space", AWAY: " in another space"}[self.space]
        return f"{self.role}{where}, {'their own' if self.own else 'of somebody else'}"

    def ask(self, method, target, body=None, **more):
        return self.caller.call(method, target, body, by=self.login, **more)

    def member_id(self, login=None):
        return self.caller.member_id(login or self.owner)

    def booking(self):
        return self.caller.some_booking(self.space, self.owner or OWNER)

    def allowed(self, table, action):
        """As the table says."""
        roles = ["public"] + (["member"] if self.login else []) + [self.role]
        for role in roles:
            in_space = role in NETWORK_WIDE or self.space == HOME and role in ("reception", "operator")
            if {"none": False, "own": self.own, "space": in_space, "all": True}[table[action][role]]:
                return True
        return False

    def comes_in(self, table, action):
        """May they do such a thing to anything at all? When not, nothing is looked up."""
        return any(table[action][role] != "none" for role in ["public"] + (["member"] if self.login else []) + [self.role])


class Wishes:
    """Mixed into a Caller: free places, one after the other; members' ids."""

    def member_id(self, login):
        if not hasattr(self, "_ids"):
            self._ids = {}
        if login not in self._ids:
            self._ids[login] = self.get("/v1/members/me", by=login).json()["id"]
        return self._ids[login]

    def some_wish(self, space):
        if not hasattr(self, "_wishes"):
            self._wishes = {}
        if space not in self._wishes:
            self._wishes[space] = self._free_halves(space)
        return next(self._wishes[space])

    def _free_halves(self, space):
        for day, part in itertools.product(range(3, 29), ["am", "pm"]):
            for name in self.free(space, f"2026-08-{day:02}", part):
                yield name, f"2026-08-{day:02}", part

    def some_booking(self, space, owner):
        answer = self.book(*self.some_wish(space), by=owner)
        assert answer.status == 201, answer
        return answer.json()


def told(what):
    """What hacktivd prints, line by line."""
    said = subprocess.run([os.environ["HACKTIVD"], what], capture_output=True, text=True, timeout=30)
    assert said.returncode == 0, said.stderr
    return [line.split() for line in said.stdout.splitlines()]


def table_of(lines):
    """{action: {role: reach}} of lines whose first names the roles."""
    head, *lines = lines
    return {action: dict(zip(head[1:], reaches, strict=True)) for action, *reaches in lines}


def judge(cell, one, answer, table, action):
    """Was this answer right for who asked?"""
    if cell.allowed(table, action):
        assert answer.status < 400 or answer.status == one.also, f"{cell}: may, and got {answer}"
        return
    if not cell.login:
        wanted = 401, "unauthenticated"
    elif one.hidden and cell.comes_in(table, action) and not cell.allowed(table, one.hidden):
        wanted = 404, "not-found"
    else:
        wanted = 403, "not-allowed"
    assert (answer.status, answer.problem) == wanted, f"{cell}: may not, expected {wanted}, and got {answer}"
