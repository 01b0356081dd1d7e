"""doc/api/openapi.yaml as a judge: is this answer one that the description promises?

Clients skip members they do not know, so the description leaves answers open. The judge closes them: a member that is
not described is a fault here.
"""
import copy
import pathlib
import re

import jsonschema
import yaml

PATH = pathlib.Path(__file__).resolve().parents[2] / "doc" / "api" / "openapi.yaml"


class Broken(AssertionError):
    pass


def need(good, text):
    if not good:
        raise Broken(text)


def close(schema):
    """The same schema, with every described object closed."""
    if isinstance(schema, list):
        return [close(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: close(part) for name, part in schema.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


class Contract:
    def __init__(self, document=None):
        self.document = document or yaml.safe_load(PATH.read_text())
        closed = copy.deepcopy(self.document["components"])
        closed["schemas"] = close(closed["schemas"])
        self._components = closed
        self._validators = {}
        self.paths = [(path, re.compile("^" + re.sub(r"\{[^}]*\}", "[^/:]+", path) + "$"), item)
                      for path, item in self.document["paths"].items()]
        self.seen = set()                 # (method, path, status) met by a live answer

    def resolve(self, thing):
        while isinstance(thing, dict) and "$ref" in thing:
            target = self.document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            thing = target
        return thing

    def operations(self):
        """(method, path, operation) of all that is described."""
        for path, item in self.document["paths"].items():
            for method in ("get", "post", "put", "patch", "delete"):
                if method in item:
                    yield method.upper(), path, item[method]

    def path_of(self, target):
        plain = target.split("?")[0]
        # A literal path wins over one with a parameter.
        fits = [(path, item) for path, pattern, item in self.paths if pattern.match(plain)]
        return min(fits, key=lambda found: found[0].count("{")) if fits else (None, None)

    def faults(self, schema, value):
        key = repr(schema)
        if key not in self._validators:
            self._validators[key] = jsonschema.Draft202012Validator(
                {"allOf": [schema], "components": self._components}, format_checker=jsonschema.FormatChecker())
        return [f"{error.json_path}: {error.message}" for error in self._validators[key].iter_errors(value)]

    def judge(self, method, target, answer):
        """Raises Broken when the answer is not as described. Gives it back."""
        self._judge_always(method, target, answer)
        path, item = self.path_of(target)
        if path is None:
            need(answer.status in (400, 404, 414), f"{target} is not described, and not refused: {answer}")
            return answer
        if method == "OPTIONS":
            return answer
        described = item.get("get" if method == "HEAD" else method.lower())
        if described is None:
            need(answer.status == 405 or answer.status in (400, 501), f"{method} {path} is not described: {answer}")
            return answer
        response = self.resolve(described["responses"].get(str(answer.status)))
        if answer.status == 403 and answer.problem == "insufficient-scope":      # any route that looks at a token
            response = self.document["components"]["responses"]["InsufficientScope"]
        need(response is not None, f"{method} {path}: status {answer.status} is not described: {answer}")
        self._judge_headers(f"{method} {path} {answer.status}", response, answer)
        if method != "HEAD":
            self._judge_body(f"{method} {path} {answer.status}", response, answer)
        self.seen.add((method, path, answer.status))
        return answer

    def _judge_always(self, method, target, answer):
        where = f"{method} {target} {answer.status}"
        for name in ("Date", "X-Content-Type-Options", "Cache-Control"):
            need(answer.header(name), f"{where}: no {name}")
        need(answer.header("X-Content-Type-Options") == "nosniff", f"{where}: sniffing allowed")
        if answer.status >= 400 and method != "HEAD":
            need(answer.media_type == "application/problem+json" or target.startswith(("/readyz", "/oauth/", "/device")),
                 f"{where}: {answer.media_type} instead of a problem")
            if answer.media_type == "application/problem+json":
                problem = answer.json()
                need(problem.get("status") == answer.status, f"{where}: the problem says {problem.get('status')}")
                faults = self.faults({"$ref": "#/components/schemas/Problem"}, problem)
                need(not faults, f"{where}: {faults}")
        if answer.status in (204, 304) or method == "HEAD":
            need(answer.body == b"", f"{where}: has a body")
        if answer.status == 401:
            need(answer.header("WWW-Authenticate"), f"{where}: no WWW-Authenticate")
        if answer.status == 405 or method == "OPTIONS" and answer.status == 204:
            need(answer.header("Allow"), f"{where}: no Allow")

    def _judge_headers(self, where, response, answer):
        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            value = answer.header(name)
            need(value is not None or not header.get("required"), f"{where}: no {name}")
            if value is not None:
                faults = self.faults(header["schema"], value)
                need(not faults, f"{where}: {name}: {value!r}: {faults}")

    def _judge_body(self, where, response, answer):
        content = response.get("content")
        if not content:
            need(answer.body == b"", f"{where}: a body is not described: {answer}")
            return
        media = content.get(answer.media_type)
        need(media is not None, f"{where}: {answer.media_type} instead of {', '.join(content)}")
        value = answer.json() if answer.media_type.endswith("json") else answer.body.decode()
        faults = self.faults(media["schema"], value)
        need(not faults, f"{where}: {faults}\n{value}")
