#!/usr/bin/env python3
"""test_style.py — the rules of the house that a script can see: floors, libraries in their rooms, sizes, forbidden calls, translations.

Reads the tree given as argument; prints TAP. Each check is also tried on a small wrong example, so that none can pass by being blind.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(sys.argv[1])

# Bottom first. A room may include the rooms below it; rooms on one floor do not know each other.
FLOORS = [{"base"}, {"model"}, {"wire"}, {"http", "store"}, {"backend"}, {"app"}, {"faces"}, {"cli", "line", "tui"}, {"main"}]
SERVER_STANDS_ON = {"base", "model", "wire", "server"}

LIBRARIES = [                                  # header, the only places that may include it
    (r"n?curses(w)?(/.*)?\.h|term\.h", ["src/tui/term.c"]),
    (r"curl/.*", ["src/http/", "src/server/check_wire.c"]),
    (r"microhttpd\.h", ["src/server/"]),
    (r"(cjson/)?cJSON\.h", ["src/wire/", "src/backend/", "src/server/", "src/app/", "src/cli/", "include/hacktiv/wire.h"]),
    (r"libconfig\.h", ["src/app/config"]),
    (r"sqlite3\.h", ["src/base/sql.c"]),
    (r"sodium\.h", ["src/server/"]),
    (r"utf8proc\.h", ["src/base/"]),
]

FORBIDDEN_CALLS = r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|system|popen|tmpnam|mktemp|asctime|ctime)\s*\("
LINES_MAX = 800


def without_comments(text):
    text = re.sub(r'"(\\.|[^"\\\n])*"', '""', text)
    return re.sub(r"//[^\n]*|/\*.*?\*/", " ", text, flags=re.S)


def room_of(path):
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "include":
        return parts[2] if len(parts) > 3 else parts[2].removesuffix(".h")
    return parts[1] if len(parts) > 2 else "main"


def floor(room):
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), None)


def upward_includes(path, text):
    mine = room_of(path)
    for included in re.findall(r'^\s*#\s*include\s+"hacktiv/([^"]+)"', text, flags=re.M):
        theirs = room_of(f"include/hacktiv/{included}")
        if theirs == mine:
            continue
        if mine == "server":
            wrong = theirs not in SERVER_STANDS_ON
        elif floor(mine) is None or floor(theirs) is None:
            wrong = True
        else:
            wrong = floor(theirs) >= floor(mine)
        if wrong:
            yield f"{path}: {mine} includes {included}, which is of {theirs}"


def strange_libraries(path, text):
    for included in re.findall(r"^\s*#\s*include\s+<([^>]+)>", text, flags=re.M):
        for pattern, places in LIBRARIES:
            if re.fullmatch(pattern, included) and not any(path.startswith(place) for place in places):
                yield f"{path}: <{included}> belongs to {' '.join(places)}"


def forbidden_calls(path, text):
    for call in re.findall(FORBIDDEN_CALLS, without_comments(text)):
        yield f"{path}: {call}()"


def too_long(path, text):
    lines = text.count("\n")
    if lines > LINES_MAX:
        yield f"{path}: {lines} lines; where is the seam?"


def unfinished(path, text):
    for word in re.findall(r"\b(TODO|FIXME|XXX|HACK)\b", text):
        yield f"{path}: {word}"


def torn(path, text):
    """What a merge left."""
    for mark in re.findall(r"^(?:<{7}|>{7}) ", text, flags=re.M):
        yield f"{path}: {mark}"


def texts():
    told = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True)
    for name in told.stdout.decode().split("\0"):
        if pathlib.PurePosixPath(name).suffix in (".md", ".yaml", ".yml", ".json", ".py", ".build", ".po", ".sql", ".8", ".1", ".5", ""):
            path = TOP / name
            if path.is_file():
                yield name, path.read_bytes().decode("utf-8", "replace")


def sources():
    for folder in ("src", "include", "tests", "bench"):
        for path in sorted((TOP / folder).rglob("*.[ch]")):
            yield path.relative_to(TOP).as_posix(), path.read_text(encoding="utf-8")


def product(found):
    return [(path, text) for path, text in found if not path.startswith(("tests/", "bench/"))]


def not_built(found):
    """A source file that no meson.build names is dead."""
    for path, _ in found:
        if path.endswith(".c"):
            here = TOP / path
            name = here.name
            listed = any(re.search(rf"['/]{re.escape(name)}'", build.read_text())
                         for parent in here.parents if TOP in parent.parents
                         for build in [parent / "meson.build"] if build.exists())
            if not listed:
                yield f"{path}: in no meson.build"


def not_in_potfiles(found):
    potfiles = TOP / "po" / "POTFILES"
    listed = set(potfiles.read_text().split()) if potfiles.exists() else set()
    for path, text in found:
        if re.search(r'\b(_|N_|C_|NC_|ngettext)\("', text) and path not in listed and not path.endswith("i18n.h"):
            yield f"{path}: has sentences but is not in po/POTFILES"
    for path in listed:
        if not (TOP / path).exists():
            yield f"po/POTFILES: {path} does not exist"


def untranslated(catalogue):
    """Sentences of the sources that a catalogue lacks, and those it still has."""
    options = re.findall(r"'(--[^']+)'", read("po/meson.build"))
    with tempfile.TemporaryDirectory() as folder:
        template = pathlib.Path(folder) / "hacktiv.pot"
        subprocess.run(["xgettext", *options, "--files-from=po/POTFILES", f"--output={template}"], cwd=TOP, check=True,
                       capture_output=True)
        judged = subprocess.run(["msgcmp", catalogue, str(template)], cwd=TOP, capture_output=True, text=True,
                                env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"})
    return [line for line in judged.stderr.splitlines() if line.strip()]


def kept_of_what_nobody_watches(texts):
    """Every table that an answer is kept of stands in mark.c: else who writes to it would not be heard."""
    together = "".join(text for path, text in texts if path.startswith("src/server/db/"))
    watched = set(re.findall(r'"(\w+)"', re.search(r"tables\[\] = \{(.*?)\};", read("src/server/db/mark.c"), re.S)[1]))
    for call in re.findall(r"tx_prepare_kept(?:_if_any)?\(\s*tx,\s*((?:\"[^\"]*\"|[A-Z_]+|\s)+)\)", together):
        statement = "".join(re.findall(r'"([^"]*)"', call))
        for table in re.findall(r"\b(?:FROM|JOIN) (\w+)", statement):
            if table not in watched:
                yield f"mark.c does not watch {table}"


def read(path):
    return (TOP / path).read_text(encoding="utf-8")


def main():
    found = list(sources())
    ours = product(found)

    def over(check, files):
        return [fault for path, text in files for fault in check(path, text)]

    checks = [
        ("no include points upward", over(upward_includes, ours),
         list(upward_includes("src/model/x.c", '#include "hacktiv/wire.h"\n'))),
        ("every library stays in its room", over(strange_libraries, ours),
         list(strange_libraries("src/app/x.c", "#include <curses.h>\n"))),
        ("no call that has a safe sister", over(forbidden_calls, found),
         list(forbidden_calls("src/x.c", "strcpy(a, b);"))),
        ("no file over 800 lines", over(too_long, found), list(too_long("x.c", "\n" * 801))),
        ("nothing marked unfinished", over(unfinished, found), list(unfinished("x.c", "/* TO" "DO */"))),
        ("no merge is half done", over(torn, [*found, *texts()]), list(torn("x.md", "<" * 7 + " HEAD\n"))),
        ("what answers are kept of is watched", list(kept_of_what_nobody_watches(found)),
         list(kept_of_what_nobody_watches([("src/server/db/x.c", 'tx_prepare_kept(tx, "SELECT 1 FROM nobody")')]))),
        ("every source file is built", list(not_built(ours)), list(not_built([("src/base/no_such_file.c", "")]))),
    ]
    if (TOP / "po" / "POTFILES").exists():
        checks.append(("every file with sentences is translated", list(not_in_potfiles(ours)),
                       list(not_in_potfiles([("src/x/none.c", '_("a")')]))))
        with tempfile.NamedTemporaryFile("w", suffix=".po") as empty:
            empty.write('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
            empty.flush()
            for language in read("po/LINGUAS").split():
                checks.append((f"every sentence has its {language}", untranslated(f"po/{language}.po"), untranslated(empty.name)))
    print(f"1..{len(checks)}")
    failed = 0
    for number, (name, faults, example) in enumerate(checks, 1):
        if not example:
            faults = faults + ["the check itself is blind: it accepts a wrong example"]
        print(f"{'not ok' if faults else 'ok'} {number} - {name}")
        for fault in faults:
            print(f"# {fault}")
        failed += bool(faults)
    return 1 if failed else 0


sys.exit(main())
