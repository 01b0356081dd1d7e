"""A busy life of a crowd: everything that can be done with a place, a carnet or an activity, all at once, with the same keys again until
there is an answer, while hacktivd is killed each second and PostgreSQL restarted or shot. See crowd.py for what is done and deeds.py for
what must be true of it. With HACKTIV_TEST_LONG it lasts ten minutes; HACKTIV_PROMISE_S says how long, HACKTIV_SEED what is chosen.
"""
import os
import signal
from collections import Counter

from crowd import Crowd, seed
from server import ON_POSTGRES
from tap import case, equal, run

SEED = seed()
LENGTH_S = float(os.environ.get("HACKTIV_PROMISE_S") or (600 if os.environ.get("HACKTIV_TEST_LONG") else 8))
HARMS_LEAST, DEEDS_LEAST = 4, 400     # however slow the machine
TOLD_MOST = 12             # faults that are printed

crowd = Crowd(SEED)


def harm(crowd, number):
    if ON_POSTGRES and number % 3 == 1:
        how = [signal.SIGINT, signal.SIGKILL, signal.SIGQUIT][number // 3 % 3]
        crowd.server.postgres.restart(how)
        crowd.harms[f"PostgreSQL {how.name}"] += 1
    else:
        crowd.kill()


@case(f"S08, S10, S15, I1-I13: a crowd, its retries, and a SIGKILL each second (seed {SEED})")
def _():
    crowd.live(LENGTH_S, harm, HARMS_LEAST, DEEDS_LEAST)
    wrong = crowd.judge()
    print(f"# {crowd.tally()}")
    equal(len(wrong), 0, f"seed {SEED}: {Counter(name for name, _ in wrong)} {wrong[:TOLD_MOST]}")
    deeds = Counter(f"{deed.kind} {deed.answer}" for deed in crowd.deeds)
    paid = Counter(line.pay_by for line in crowd.ended.ledger if line.kind == "booking")
    quiet = [name for name in ("book done", "book refused", "move done", "cancel done", "series done") if deeds[name] < 3]
    assert not quiet and min(paid["carnet"], paid["network_day"], paid["price"]) >= 1 and len(crowd.wishes) >= 20, \
        f"too quiet to prove anything: {deeds} {paid}"


@case("after all that the database is sound")
def _():
    crowd.server.check_whole()


run()
