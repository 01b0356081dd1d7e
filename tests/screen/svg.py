#!/usr/bin/env python3
"""svg.py GOLDEN NAME COLUMNS — one screen of a golden file as an SVG picture on standard output.
svg.py --all GOLDEN-FOLDER DOC-FOLDER — the pictures of README.md; with --check, whether they still show what the program shows."""
import html
import io
import pathlib
import re
import sys

CELL_WIDTH, CELL_HEIGHT, MARGIN = 8.4, 18, 12
BACKGROUND, FOREGROUND, CURSOR = "#1c1c22", "#d8d8d8", "#d8d8d8"
COLOURS = {"k": "#767676", "d": "#e06c75", "g": "#98c379", "y": "#e5c07b", "l": "#61afef", "m": "#c678dd", "c": "#56b6c2", "w": "#ffffff"}


def read(path, name):
    """Rows of text, the cursor's place, and the looks: {row: [(letter, first, last), …]}."""
    with open(path, encoding="utf-8") as file:
        pictures = file.read().split("=== ")
    body = next((picture.split("\n", 1)[1] for picture in pictures if picture.split("\n", 1)[0] == name), None)
    if body is None:
        sys.exit(f"{path} has no picture called {name}")
    screen, rest = body.split("\n--- cursor ", 1)
    place, *looks = rest.strip().split("\n")
    runs = {}
    for line in looks:
        row, words = line.split(": ", 1)
        runs[int(row)] = [(letter, int(first), int(last or first)) for letter, first, last in
                          re.findall(r"([a-z])(\d+)(?:-(\d+))?", words)]
    return screen.split("\n"), tuple(map(int, place.split(":"))), runs


def pieces(row, runs):
    """Stretches of a row that look alike: (column, text, letters)."""
    looks = [set() for _ in row]
    for letter, first, last in runs:
        for column in range(first, min(last + 1, len(row))):
            looks[column].add(letter)
    start = 0
    for column in range(1, len(row) + 1):
        if column == len(row) or looks[column] != looks[start]:
            yield start, row[start:column], looks[start]
            start = column


def picture(path, name, columns):
    out = io.StringIO()
    rows, cursor, runs = read(path, name)
    width, height = columns * CELL_WIDTH + 2 * MARGIN, len(rows) * CELL_HEIGHT + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="hacktiv on a terminal">', file=out)
    print(f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACKGROUND}"/>', file=out)
    print(f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="{FOREGROUND}" xml:space="preserve">', file=out)
    x, y = MARGIN + cursor[1] * CELL_WIDTH, MARGIN + cursor[0] * CELL_HEIGHT
    print(f'<rect x="{x:g}" y="{y:g}" width="{CELL_WIDTH}" height="{CELL_HEIGHT}" fill="none" stroke="{CURSOR}"/>', file=out)
    for number, row in enumerate(rows):
        for column, text, looks in pieces(row, runs.get(number, [])):
            if not text.strip():
                continue
            weight = ' font-weight="bold"' if "b" in looks else ""
            colour = "".join(f' fill="{COLOURS[letter]}"' for letter in looks if letter in COLOURS)
            length = f' textLength="{len(text) * CELL_WIDTH:g}" lengthAdjust="spacingAndGlyphs"'
            place = f'x="{MARGIN + column * CELL_WIDTH:g}" y="{MARGIN + number * CELL_HEIGHT + 14:g}"'
            print(f"<text {place}{weight}{colour}{length}>{html.escape(text)}</text>", file=out)
    print("</g>\n</svg>", file=out)
    return out.getvalue()


PICTURES = {
    "my-day.svg": ("my_day.fr.80x24.txt", "start", 80),
    "agenda.svg": ("agenda.en.80x24.txt", "second", 80),
}


def main(words):
    if words[0] not in ("--all", "--check"):
        sys.stdout.write(picture(words[0], words[1], int(words[2])))
        return 0
    golden, doc = map(pathlib.Path, words[1:])
    stale = []
    for name, (file, shown, columns) in PICTURES.items():
        now = picture(golden / file, shown, columns)
        if words[0] == "--all":
            (doc / name).write_text(now, encoding="utf-8")
        elif not (doc / name).exists() or (doc / name).read_text(encoding="utf-8") != now:
            stale.append(name)
    if words[0] == "--check":
        print("1..1")
        print("not ok 1 - scripts/renew-screens takes the pictures anew: " + ", ".join(stale) if stale
              else "ok 1 - the pictures of README.md are of this program")
    return 1 if stale else 0


sys.exit(main(sys.argv[1:]))
