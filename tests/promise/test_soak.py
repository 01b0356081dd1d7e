"""C05, C06, C25, C30: a life of random wishes on a bad line, with hacktiv and hacktivd killed in it, against what the server says was done.

HACKTIV_TEST_LONG gives 10,000 commands (HACKTIV_COMMANDS another number); HACKTIV_SEED repeats a life.
"""
import os

from crowd import seed
from soak import Soak
from tap import case, run

SEED = seed()
COMMANDS = int(os.environ.get("HACKTIV_COMMANDS") or (10000 if os.environ.get("HACKTIV_TEST_LONG") else 0))
LENGTH_S = 4 * 3600 if COMMANDS else 18


def proves(soak):
    """Enough has happened."""
    runs = [run for person in soak.people for run in person.runs]
    return len(runs) >= 60 and any(run.sentences for run in runs) and soak.deaths >= 2


@case(f"nothing twice, nothing lost, nothing told that is not so (seed {SEED})")
def _():
    soak = Soak(SEED)
    soak.live(LENGTH_S, COMMANDS, enough=lambda: proves(soak))
    soak.come_to_rest()
    wrong = soak.judge()
    print("# " + soak.tally())
    print(f"# the longest: {soak.longest}")
    assert not wrong, "\n".join(f"{name}: {sentence}" for name, sentence in wrong)
    assert proves(soak), "too quiet to prove anything"
    soak.end()


run()
