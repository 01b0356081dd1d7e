"""Tests in Python that speak the Test Anything Protocol: collect functions, run them in order, print one line each.

    from tap import case, run

    @case("a wrong password and an unknown name give the same answer")
    def _():
        assert ...

    run()
"""
import signal
import sys
import time
import traceback

# In the background of a shell Ctrl-C is ignored, under nohup a hang-up is: what we start would inherit that, and not end as it should.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

_cases = []


def case(name):
    """Registers the function below it. Rows of a table: call case(name)(function) in a loop."""
    def register(function):
        _cases.append((name, function))
        return function
    return register


def rows(name, table):
    """One case per row of a table; the row's first value names it. The function gets the rest."""
    def register(function):
        for row in table:
            _cases.append((f"{name}: {row[0]}", lambda row=row: function(*row[1:])))
        return function
    return register


class Skip(Exception):
    """What a case needs is not on this machine: the reason."""


def equal(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{f'{what}: ' if what else ''}expected {expected!r}, got {actual!r}")


def _tell(text):
    for line in text.rstrip().splitlines():
        print("# " + line)


def run(clean_up=None):
    """Runs all cases; ends the program with 1 when one failed."""
    failed = 0
    print("TAP version 13")
    print(f"1..{len(_cases)}")
    for number, (name, function) in enumerate(_cases, 1):
        began = time.monotonic()
        skipped = ""
        try:
            function()
            good = True
        except Skip as reason:
            good = True
            skipped = f" # SKIP {reason}"
        except Exception:
            good = False
            failed += 1
            trouble = traceback.format_exc()
        print(f"{'ok' if good else 'not ok'} {number} - {name}{skipped}")
        if not good:
            _tell(trouble)
        elif time.monotonic() - began > 2:
            _tell(f"took {time.monotonic() - began:.1f} s")
        sys.stdout.flush()
    if clean_up:
        clean_up()
    sys.exit(1 if failed else 0)
