"""The soak is not deaf: short lives with a hacktiv that has one fault. What tells them from the real one is one #ifdef each in src/app/wish.c."""
import os
from collections import Counter

from crowd import seed
from soak import Soak
from tap import rows, run

SEED = seed()
LENGTH_S = 5
LIVES = 6             # at most: on a busy machine one may be too short for a fault to show
HACKTIV = os.environ["HACKTIV"]


def one_life(fault, seed, killed, rules):
    os.environ["HACKTIV"] = os.environ["FAULTY_HACKTIV"] + fault
    soak = Soak(seed, killed)
    soak.live(LENGTH_S, killed=False, rules=rules)
    os.environ["HACKTIV"] = HACKTIV
    soak.come_to_rest()
    found = Counter(name for name, _ in soak.judge())
    print(f"# {fault}: {dict(found)} in {soak.tally()}")
    soak.end()
    return found


@rows(f"a seeded fault is found (seed {SEED})", [
    ("it sends before the disk has it", "sends_early", {"O2"}, 0.7, "write answer delay 300"),
    ("it takes a new key for every try", "new_keys", {"O2", "O4"}, 0, ""),
    ("it takes a lost answer for a failure", "lost_is_failed", {"O4"}, 0, "write answer cut 0"),
])
def _(fault, expected, killed, rules):
    found = Counter()
    for number in range(LIVES):
        if not expected <= set(found):
            found += one_life(fault, SEED + number, killed, rules)
    assert expected <= set(found), f"expected {expected}, found {found}"


run()
