"""schema.py OUTPUT FILE…: writes C text that holds the migrations, in order, once for each engine.

A migration is written in SQLite's words. For PostgreSQL STRICT and WITHOUT ROWID go, INTEGER becomes BIGINT, BLOB becomes BYTEA, and
TEXT sorts by its bytes, as SQLite's does. What only one of them needs stands between `-- sqlite only` or `-- postgres only` and
`-- both`.
"""
import re
import sys


def sqlite(text):
    return text


def postgres(text):
    text = re.sub(r"--[^\n]*", "", text)
    text = re.sub(r"\)\s*STRICT(\s*,\s*WITHOUT ROWID)?", ")", text)
    text = re.sub(r"\bINTEGER\b", "BIGINT", text)
    text = re.sub(r"\bBLOB\b", "BYTEA", text)
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', text)


def for_engine(text, engine):
    kept, only = [], None
    for line in text.splitlines(keepends=True):
        mark = re.fullmatch(r"-- (sqlite only|postgres only|both)\s*", line)
        if mark:
            only = None if mark[1] == "both" else mark[1].split()[0]
        elif only in (None, engine):
            kept.append(line)
    return "".join(kept)


def array(name, texts, out):
    for number, text in enumerate(texts, 1):
        data = text.encode() + b"\0"
        out.write(f"static const char {name}_{number}[] = {{\n")
        for at in range(0, len(data), 24):
            out.write(",".join(str(byte if byte < 128 else byte - 256) for byte in data[at:at + 24]) + ",\n")
        out.write("};\n")
    out.write(f"const char *const {name}[] = {{ {', '.join(f'{name}_{number}' for number in range(1, len(texts) + 1))} }};\n")


def main():
    texts = [open(path, encoding="utf-8").read() for path in sys.argv[2:]]
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write('#include "engine.h"\n')
        array("schema_sqlite", [sqlite(for_engine(text, "sqlite")) for text in texts], out)
        array("schema_postgres", [postgres(for_engine(text, "postgres")) for text in texts], out)
        out.write(f"const size_t schema_steps = {len(texts)};\n")


main()
