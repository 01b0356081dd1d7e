"""The description itself: whole, with true examples, the same routes as the server; and a judge that can say no."""
import copy
import json
import os
import re
import subprocess

import yaml

from contract import PATH, Broken, Contract
from server import Answer
from tap import case, equal, rows, run

contract = Contract()


def walk(node, path=""):
    yield path, node
    if isinstance(node, dict):
        for name, part in node.items():
            yield from walk(part, f"{path}/{name}")
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from walk(part, f"{path}/{index}")


@case("is OpenAPI 3.1")
def _():
    assert re.fullmatch(r"3\.1\.\d+", contract.document["openapi"])


class Once(yaml.SafeLoader):
    """Python's YAML lets the second of two keys win; others refuse such a text."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, f"line {node.start_mark.line + 1}: {twice} more than once in one object"
        return super().construct_mapping(node, deep)


@case("no name stands twice in one object")
def _():
    yaml.load(PATH.read_text(), Once)
    try:
        yaml.load("a: { b: 1, b: 2 }", Once)
    except AssertionError:
        return
    raise AssertionError("it does not see one that does")


def shows(media):
    """An example of the whole, of one of several, or of one item of a page."""
    schema = contract.resolve(media["schema"])
    if "example" in media or "examples" in media or "example" in schema:
        return True
    parts = [contract.resolve(part) for part in schema.get("allOf", []) + schema.get("anyOf", [])]
    return any("example" in part or "example" in contract.resolve(part.get("properties", {}).get("items", {}).get("items", {}))
               for part in parts)


@case("every JSON that is sent, and every one that answers with success, is shown by an example")
def _():
    for method, path, operation in contract.operations():
        bodies = [operation.get("requestBody", {})]
        bodies += [contract.resolve(response) for status, response in operation["responses"].items() if status.startswith("2")]
        for body in bodies:
            for kind, media in body.get("content", {}).items():
                assert not kind.endswith("json") or shows(media), f"{method} {path}: {kind} without an example"


@case("every reference leads somewhere")
def _():
    for path, node in walk(contract.document):
        if isinstance(node, dict) and "$ref" in node:
            try:
                contract.resolve(node)
            except (KeyError, TypeError):
                raise AssertionError(f"{path}: {node['$ref']} leads nowhere") from None


@case("every component is used")
def _():
    used = {node["$ref"] for _, node in walk(contract.document) if isinstance(node, dict) and "$ref" in node}
    for kind in ("schemas", "responses", "parameters", "headers"):
        for name in contract.document["components"][kind]:
            assert f"#/components/{kind}/{name}" in used, f"{kind}/{name} is used nowhere"


@case("every example is as its schema says")
def _():
    count = 0
    for path, node in walk(contract.document):
        if isinstance(node, dict) and "schema" in node and "example" in node:
            faults = contract.faults(node["schema"], node["example"])
            assert not faults, f"{path}: {faults}"
            count += 1
    for name, schema in contract.document["components"]["schemas"].items():
        if "example" in schema:
            faults = contract.faults({"$ref": f"#/components/schemas/{name}"}, schema["example"])
            assert not faults, f"{name}: {faults}"
            count += 1
    assert count > 20, count


@case("every operation has a name of its own, a known tag and a summary")
def _():
    tags = {tag["name"] for tag in contract.document["tags"]}
    names = [operation["operationId"] for _, _, operation in contract.operations()]
    equal(len(names), len(set(names)))
    for method, path, operation in contract.operations():
        assert operation["summary"] and set(operation["tags"]) <= tags, (method, path)


@case("every path parameter is declared")
def _():
    for path, item in contract.document["paths"].items():
        declared = {contract.resolve(parameter)["name"] for parameter in item.get("parameters", [])
                    if contract.resolve(parameter)["in"] == "path"}
        equal(declared, set(re.findall(r"\{([^}]*)\}", path)), path)


@case("every operation says what happens without a token, with a wrong method, with a wrong body")
def _():
    for method, path, operation in contract.operations():
        needed = {"400", "405"}
        if operation.get("security") != []:
            needed |= {"401"}
        if "requestBody" in operation:
            needed |= {"406", "413", "415", "422"}
        if "{s}" in path:
            needed |= {"404"}
        missing = needed - set(operation["responses"])
        assert not missing, f"{method} {path}: {missing}"


@case("the server's routes are those of the description")
def _():
    told = subprocess.run([os.environ["HACKTIVD"], "routes"], capture_output=True, text=True, timeout=30)
    equal(told.returncode, 0, told.stderr)
    served = {tuple(line.split()[:2]) for line in told.stdout.splitlines()}
    described = {(method, path) for method, path, _ in contract.operations()}
    equal(served, described)


# ---- the judge can say no -----------------------------------------------------------------------------------------------

META = {"api": "1.0.0", "server": "hacktivd 0.1.0", "features": [], "idempotency_ttl_s": 1, "sample_data": True}
ALWAYS = [("Date", "now"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-cache")]
JSON = [("Content-Type", "application/json")]
PROBLEM = [("Content-Type", "application/problem+json")]


def answer(status, headers, body):
    return Answer(status, headers, json.dumps(body).encode() if body is not None else b"")


@case("judge: a good answer passes")
def _():
    contract.judge("GET", "/v1/meta", answer(200, ALWAYS + JSON, META))


@rows("judge says no", [
    ("a member too many", "/v1/meta", answer(200, ALWAYS + JSON, {**META, "secret": 1})),
    ("a member missing", "/v1/meta", answer(200, ALWAYS + JSON, {k: v for k, v in META.items() if k != "api"})),
    ("a member of another type", "/v1/meta", answer(200, ALWAYS + JSON, {**META, "sample_data": "yes"})),
    ("a status that is not described", "/v1/meta", answer(202, ALWAYS + JSON, META)),
    ("another media type", "/v1/meta", answer(200, ALWAYS + [("Content-Type", "text/html")], META)),
    ("no Date", "/v1/meta", answer(200, ALWAYS[1:] + JSON, META)),
    ("a header twice", "/v1/meta", answer(200, ALWAYS + ALWAYS + JSON, META)),
    ("an error that is no problem", "/v1/spaces/x", answer(404, ALWAYS + JSON, {"error": "no"})),
    ("a problem with another status", "/v1/spaces/x",
     answer(404, ALWAYS + PROBLEM, {"type": "/problems/not-found", "title": "x", "status": 400})),
    ("a problem of another type", "/v1/spaces/x",
     answer(404, ALWAYS + PROBLEM, {"type": "/problems/slot-taken", "title": "x", "status": 404})),
    ("a 401 that does not say how", "/v1/members/me",
     answer(401, ALWAYS + PROBLEM, {"type": "/problems/unauthenticated", "title": "x", "status": 401})),
    ("a list without an ETag", "/v1/spaces", answer(200, ALWAYS + JSON, {"items": [], "next": None, "prev": None})),
    ("a 304 with a body", "/v1/spaces", answer(304, ALWAYS + [("ETag", 'W/"1"')], {})),
    ("a path nobody described", "/v1/nowhere", answer(200, ALWAYS + JSON, {})),
])
def _(target, wrong):
    try:
        contract.judge("GET", target, wrong)
    except (Broken, AssertionError):
        return
    raise AssertionError("the judge let it pass")


@case("judge: a description with a broken reference is noticed")
def _():
    broken = copy.deepcopy(contract.document)
    broken["paths"]["/v1/meta"]["get"]["responses"]["200"] = {"$ref": "#/components/responses/Nowhere"}
    try:
        Contract(broken).judge("GET", "/v1/meta", answer(200, ALWAYS + JSON, META))
    except KeyError:
        return
    raise AssertionError("the judge let it pass")


run()
