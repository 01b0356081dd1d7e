"""The checker is not deaf: the short history against a hacktivd that answers before it commits, and one that forgets keys. Both are built
beside the real one for this test alone; what tells them from it is one #ifdef each in src/server."""
import os
from collections import Counter

from crowd import Crowd, seed
from tap import rows, run

SEED = seed()
LENGTH_S, KILLS_LEAST, DEEDS_LEAST, VIOLATIONS_LEAST = 4, 4, 400, 3
LIVES_MOST = 5      # whether anybody looks in the instant between an answer and its commit is luck


@rows(f"a seeded fault is found (seed {SEED})", [
    # Who reads after the answer does not see it yet; with luck a kill falls between the two, and it is gone (I2).
    ("it answers before it commits", "answer_early", {"I12"}),
    # The same wish twice: another answer, or another effect.
    ("it forgets keys", "no_keys", {"I4", "I8"}),
])
def _(fault, expected):
    os.environ["HACKTIVD"] = os.environ["FAULTY_HACKTIVD"] + fault
    found = Counter()
    for life in range(LIVES_MOST):
        crowd = Crowd(SEED + life)
        crowd.live(LENGTH_S, lambda crowd, number: crowd.kill(), KILLS_LEAST, lambda crowd: crowd.done() >= DEEDS_LEAST)
        found.update(name for name, _ in crowd.judge())
        print(f"# {fault}: {sum(found.values())} violations {dict(found)} in {crowd.tally()}")
        if expected <= set(found) and sum(found.values()) >= VIOLATIONS_LEAST:
            return
    raise AssertionError(f"expected {expected}, found {found}")


run()
