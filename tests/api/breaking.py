#!/usr/bin/env python3
"""breaking.py — does a description break somebody who uses what is published?

breaking.py REDOCLY PUBLISHED DESCRIPTION asks `redocly diff` and ends with 0 when every change that it calls breaking is one that
grown.yaml beside this file answers for. A row there that answers for nothing is a fault too: it would let a later break pass.
With --only-new the rows may be idle, for a description that is wrong on purpose.
"""
import json
import pathlib
import re
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent


def changes(redocly, published, description):
    told = subprocess.run([redocly, "diff", "--config", HERE / "redocly.yaml", "--format", "json", "--fail-on", "none", published, description],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        return json.loads(told.stdout)["changes"]
    except (ValueError, KeyError):
        sys.exit(f"redocly diff did not tell what changed:\n{told.stdout[-2000:]}{told.stderr[-2000:]}")


def where(path):
    """A JSON pointer as a person reads it."""
    return path.removeprefix("#/").replace("~1", "/").replace("~0", "~")


def main(only_new, redocly, published, description):
    rows = yaml.safe_load((HERE / "grown.yaml").read_text())
    met = set()
    breaks = 0
    for change in changes(redocly, published, description):
        for verdict in change["verdicts"]:
            if verdict["impact"] != "major":
                continue
            place = where(change["path"])
            answers = [number for number, row in enumerate(rows)
                       if row["rule"] == verdict["ruleId"] and re.search(row["at"], place)]
            met.update(answers)
            if not answers:
                breaks += 1
                print(f"breaks: {place}\n        {verdict['message']} ({verdict['ruleId']})")
    idle = [] if only_new else [row for number, row in enumerate(rows) if number not in met]
    for row in idle:
        print(f"grown.yaml answers for nothing with: {row['rule']} at {row['at']}")
    return 1 if breaks or idle else 0


arguments = sys.argv[1:]
sys.exit(main("--only-new" in arguments, *[word for word in arguments if word != "--only-new"]))
