"""A caller that holds every answer it gets against the description (contract.py), and knows the sample network's names."""
from contract import Contract
from server import new_id, peopled


class Caller:
    def __init__(self, **more):
        self.server, self.tokens = peopled(**more)
        self.contract = Contract()
        self._resources = {}

    def call(self, method, target, body=None, *, by=None, **more):
        """One exchange, judged. `by`: a member's login."""
        if by:
            more["token"] = self.tokens[by]
        return self.contract.judge(method, target, self.server.request(method, target, body, **more))

    def get(self, target, **more):
        return self.call("GET", target, **more)

    def resource(self, name):
        """The id of "ferme/Les Serres 3"."""
        space, _, wanted = name.partition("/")
        if space not in self._resources:
            items = self.get(f"/v1/spaces/{space}/resources").json()["items"]
            self._resources[space] = {item["name"]: item["id"] for item in items}
        return self._resources[space][wanted]

    def wish(self, name, date, part, **more):
        """`part`: "am", or hours, "14:00-16:00"."""
        start, dash, end = part.partition("-")
        when = {"start": start, "end": end} if dash else {"part": part}
        return {"resource_id": self.resource(name), "date": date, **when, **more}

    def preview(self, name, date, part, by="demo"):
        space = name.partition("/")[0]
        return self.call("POST", f"/v1/spaces/{space}/bookings:preview", self.wish(name, date, part), by=by)

    def book(self, name, date, part, by="demo", id=None, key=None, **more):
        space = name.partition("/")[0]
        id = id or new_id()
        return self.call("POST", f"/v1/spaces/{space}/bookings", self.wish(name, date, part, id=id), by=by,
                         key=key or id, **more)

    def cancel(self, booking, by="demo", match=None):
        """`booking`: as it was answered."""
        return self.call("DELETE", f"/v1/spaces/{booking['space_id']}/bookings/{booking['id']}", by=by,
                         headers={"If-Match": match or f"\"{booking['version']}\""})

    def halves(self, name, date, by=None):
        """(morning, afternoon) of one resource."""
        space, _, wanted = name.partition("/")
        rows = self.get(f"/v1/spaces/{space}/availability?date={date}", by=by).json()["items"]
        return next((row["morning"], row["afternoon"]) for row in rows if row["resource"]["name"] == wanted)

    def busy(self, name, date, by=None):
        """["14:00-16:00 mine", …]: what of one resource is somebody's."""
        space, _, wanted = name.partition("/")
        rows = self.get(f"/v1/spaces/{space}/availability?date={date}", by=by).json()["items"]
        return [f"{busy['start']}-{busy['end']} {busy['who']}" for row in rows if row["resource"]["name"] == wanted
                for busy in row["busy"]]

    def free(self, space, date, part, kind="desk"):
        """Names of what is free, in the order of the space."""
        rows = self.get(f"/v1/spaces/{space}/availability?date={date}").json()["items"]
        halves = {"am": ["morning"], "pm": ["afternoon"], "day": ["morning", "afternoon"]}[part]
        return [f"{space}/{row['resource']['name']}" for row in rows
                if row["resource"]["kind"] == kind and all(row[half] == "free" for half in halves)]
