"""A caller in the sample network with activities, organisations and cards of a test's own, written as data/sample/ is."""
import atexit
import json
import pathlib
import shutil
import tempfile

from caller import Caller
from server import TOP


def written(activities=(), organisations=(), cards=None, more_members=()):
    """A directory for HACKTIV_DATA_DIR. `cards`: login -> card; nobody else has one."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-data-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    shutil.copytree(TOP / "data" / "sample", directory / "sample")
    members = json.loads((directory / "sample" / "members.json").read_text())["members"]
    for member in members:
        for name in ("card", "staff_of", "roles"):
            member.pop(name, None)
        member.update((cards or {}).get(member["login"], {}))
    members += more_members
    for name, items in (("activities", list(activities)), ("organisations", list(organisations)), ("members", members)):
        (directory / "sample" / f"{name}.json").write_text(json.dumps({name: items}, ensure_ascii=False, indent=1))
    return directory


class Community(Caller):
    def __init__(self, activities=(), organisations=(), cards=None, more_members=(), **more):
        super().__init__(data=written(activities, organisations, cards, more_members), **more)
        self._activities = {}

    def path(self, title):
        """Where the activity with that title is."""
        if title not in self._activities:
            target = "/v1/activities?from=2026-07-01&limit=200"
            self._activities = {item["title"]: f"/v1/spaces/{item['space_id']}/activities/{item['id']}"
                                for item in self.get(target).json()["items"]}
        return self._activities[title]

    def activity(self, title, by=None):
        return self.get(self.path(title), by=by).json()

    def sign_up(self, title, by="demo", **more):
        return self.call("PUT", self.path(title) + "/signup", by=by, **more)

    def withdraw(self, title, by="demo", **more):
        return self.call("DELETE", self.path(title) + "/signup", by=by, **more)

    def standing(self, title, by):
        """"signed_up", "waitlisted 2", "withdrawn" or ""."""
        mine = self.activity(title, by)["mine"]
        return f"{mine['state']} {mine['place']}" if mine and mine["place"] else mine["state"] if mine else ""
