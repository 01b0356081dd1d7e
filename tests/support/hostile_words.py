"""What a server that lies would put into every text it sends, and how to see whether any of it came through.

Which texts there are is read off doc/api/openapi.yaml: a member described there tomorrow is attacked tomorrow."""
import json
import re
import unicodedata

from contract import Contract

MARK = "Warp"                                                  # stands in each of them, and may be shown
WORDS = [
    "\x1b[97;5mWarp",
    "\x1b]52;c;V2FycA==\x07Warp",
    "\x1b]8;;https://warp.example\x1b\\Warp\x1b]8;;\x1b\\",
    "\x1b]0;Warp\x07\x1bP+q544e\x1b\\\x1b_x\x1b\\",
    "\x1bc\x1b#8\x1b(0Warp\x0e\x0f",
    "\x9b97;5mWarp\x9d52;c;V2FycA==\x9c\x90\x98\x85",
    "Warp\u202epraW\u202c\u2066x\u2069\u2067\u2068\u202a\u202b\u202d\u200e\u200f\u061c",
    "W\u200ba\u200cr\u200dp Warp\u2060\u2061\ufeff\u00ad\u034f\u180e",
    "Warp\U000e0041\U000e0042\U000e007f\ufe0f\u2764\ufe0f\U0001f469\u200d\U0001f4bb\U0001f3fb",
    "Warp e" + "\u0301" * 200,
    "\u0301\u0302\u0303Warp",
    "Warp" + "W" * 10_000,
    "Warp\r\n\tWarp\x08\x08\x7f\x0b\x0c\u2028Warp\u2029",
    "%s%n%1$s%999999d{0}$(id)`id`'\"\\<b>&amp;Warp",
    "Warp\u115f\u1160\u3164\uffa0\u2800\ufff9\ufffa\ufffb\ufffe\U0001d173",
    "Warp\U000f0000\U0010fffd\ue000",
]
HIDDEN = ({*range(0x20), *range(0x7f, 0xa0), 0xad, 0x34f, 0x61c, 0x180e, *range(0x200b, 0x2010), *range(0x2028, 0x202f),
           *range(0x2060, 0x2070), 0xfeff, *range(0xfff9, 0xfffc), *range(0xfe00, 0xfe10), *range(0x1f3fb, 0x1f400),
           *range(0xe0000, 0xe0080), *range(0xd800, 0xe000)}
          - {0x0a})
BODY_MOST = 20_000                                             # bytes of the longest text that is taken
# What can come from nowhere but the words above, whatever it is written into.
TRACES = [b"\x1b[97;5m", b"\x1b]52;", b"\x1b]8;", b"\x1b]0;", b"\x1bP+q", b"\x1bc", b"\x1b#8", b"\x1b(0", b"\xc2\x9b97", b"\xc2\x9d52", b"\x9b97;5m",
          *(chr(point).encode() for point in (0x202e, 0x2066, 0x200b, 0x200d, 0x200e, 0x61c, 0x2060, 0xfeff, 0xe0041, 0x180e))]
ESCAPED = re.compile(rb"\\u(00[01][0-9a-f]|00[89][0-9a-f]|007f|200[b-f]|202[8-e]|206[0-9a-f]|feff|00ad|db40)", re.I)


def check_text(text, most=BODY_MOST, what=""):
    """Nothing of it turns, hides, moves or floods."""
    found = sorted({f"U+{ord(letter):04X}" for letter in text if ord(letter) in HIDDEN})
    assert not found, f"{what}: {found} in {text[:300]!r}"
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        assert marks <= 2, f"{what}: marks upon marks in {text[:300]!r}"
    longest = max((len(run) for run in re.findall("W+", text)), default=0)
    assert longest <= most, f"{what}: {longest} letters in one"


def check_json(value, what=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            check_text(name, 200, what)
            check_json(inner, f"{what}/{name}")
    elif isinstance(value, list):
        for inner in value:
            check_json(inner, f"{what}[]")
    elif isinstance(value, str):
        check_text(value, what=what)


# Sequences that our own screen is made of (terminfo's xterm-256color) and the letters that curses moves with.
OWN = re.compile(rb"\x1b\[[?>]?[0-9;]*[A-Za-z]|\x1b\(B|\x1b\]104\x07|\x1b[=>78M]|[\r\n\x08]")


def check_screen(said):
    for trace in TRACES:
        assert trace not in said, f"{trace!r} in {said[max(0, said.find(trace) - 100):][:200]!r}"
    check_text(OWN.sub(b"", said).decode(), what="screen")


def check_file(path):
    said = path.read_bytes()
    for trace in TRACES:
        assert trace not in said, f"{path}: {trace!r}"
    assert not ESCAPED.search(said), f"{path}: {ESCAPED.search(said)}"


# ---- where they go -----------------------------------------------------------------------------------------------------------------

def another(row, number):
    """The same row as another thing: the ids of it are other ones."""
    row = json.loads(json.dumps(row))
    for thing in [row, *row.values()] if number else []:
        if isinstance(thing, dict) and thing.get("id"):
            thing["id"] = thing["id"][:-2] + f"{number:02x}"
    return row


class Liar:
    """Rewrites answers (GoBetween.rewrite): every text that the description leaves free is one of WORDS, another one with each row and
    each answer; members that are described and were left out are there; members that are not described, too. With `strictly`, in each
    answer one text after the other that has a form (an id, a date, a word of a list) is one as well."""

    def __init__(self, strictly=False):
        self.contract = Contract()
        self.strictly = strictly
        self.turn = {}                         # (method, path): answers so far
        self.lied = set()                      # (path, where): texts that were

    def parts(self, schema):
        """All plain schemas that this one is made of."""
        schema = self.contract.resolve(schema)
        found = [schema]
        for kind in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(kind, ()):
                found += self.parts(part)
        return found

    def properties(self, parts):
        return {name: schema for part in parts for name, schema in part.get("properties", {}).items()}

    def has_form(self, parts):
        return any(key in part for part in parts for key in ("enum", "const", "format", "pattern"))

    def is_kind(self, parts, kind):
        return any(kind in ([part["type"]] if isinstance(part.get("type"), str) else part.get("type", [])) for part in parts)

    def word(self):
        self.number += 1
        return WORDS[self.number % len(WORDS)]

    def text(self, parts, value, where):
        if not self.has_form(parts):
            self.lied.add((self.path, where))
            return self.word()
        if any(part.get("pattern", "").startswith("^https?://") for part in parts):
            self.lied.add((self.path, where))
            return "https://" + self.word()
        self.formed += 1
        if self.strictly and self.formed == self.chosen:
            self.lied.add((self.path, where))
            return self.word()
        return value

    def lie(self, schema, value, where=""):
        parts = self.parts(schema)
        if isinstance(value, str):
            return self.text(parts, value, where)
        if isinstance(value, list):
            items = next((part["items"] for part in parts if part.get("items")), {})
            # So many rows that each text is each word once; but no spaces that are not there, for all else is asked of them.
            if where == "/items" and value and self.path != "/v1/spaces":
                value = [another(value[at % len(value)], at // len(value)) for at in range(len(WORDS))]
            return [self.lie(items, inner, f"{where}[]") for inner in value]
        if isinstance(value, dict):
            described = self.properties(parts)
            told = {name: self.lie(described.get(name, {}), inner, f"{where}/{name}") for name, inner in value.items()}
            for name, inner in described.items():
                kinds = self.parts(inner)
                if name not in told and self.is_kind(kinds, "string") and not self.has_form(kinds):
                    told[name] = self.text(kinds, "", f"{where}/{name}")
            told["\x1b[97;5mwarp\u202e"] = self.word()
            return told
        return value

    def __call__(self, method, target, answer):
        self.path, item = self.contract.path_of(target)
        if not item or not answer.body or b"json" not in (answer.header("Content-Type") or "").encode():
            return
        described = self.contract.resolve(item[method.lower()]["responses"].get(str(answer.status), {}))
        schema = next(iter(described.get("content", {}).values()), {}).get("schema", {})
        turn = self.turn[method, self.path] = self.turn.get((method, self.path), 0) + 1
        self.number, self.formed, self.chosen = turn * 7, 0, turn
        told = self.lie(schema, json.loads(answer.body))
        # Once as escapes, once as themselves.
        answer.body = json.dumps(told, ensure_ascii=bool(turn % 2)).encode()
        answer.headers = [(name, value) for name, value in answer.headers if name.lower() != "etag"]
