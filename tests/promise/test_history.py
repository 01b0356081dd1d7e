"""A busy life of a crowd: everything that can be done with a place, a carnet or an activity, all at once, with the same keys again until
there is an answer, while hacktivd is killed each second and PostgreSQL restarted or shot. See crowd.py for what is done and deeds.py for
what must be true of it. With HACKTIV_TEST_LONG it lasts ten minutes; HACKTIV_PROMISE_S says how long, HACKTIV_SEED what is chosen.
"""
import json
import os
import signal
from collections import Counter

from crowd import Crowd, seed
from server import ON_POSTGRES
from tap import case, equal, run

SEED = seed()
LENGTH_S = float(os.environ.get("HACKTIV_PROMISE_S") or (600 if os.environ.get("HACKTIV_TEST_LONG") else 8))
HARMS_LEAST = 4            # however slow the machine
# And so many of each, by what the clients were told; "paid": how, of what was booked.
LEAST = {"deeds": 400, "wishes": 20, "book done": 3, "book refused": 3, "move done": 3, "cancel done": 3, "series done": 3,
         "paid carnet": 1, "paid network_day": 1, "paid price": 1}
TOLD_MOST = 12             # faults that are printed

crowd = Crowd(SEED)


def harm(crowd, number):
    if ON_POSTGRES and number % 3 == 1:
        how = [signal.SIGINT, signal.SIGKILL, signal.SIGQUIT][number // 3 % 3]
        crowd.server.postgres.restart(how)
        crowd.harms[f"PostgreSQL {how.name}"] += 1
    else:
        crowd.kill()


def quiet(crowd):
    """What has not happened often enough to prove anything."""
    deeds = [deed for client in crowd.clients for deed in client.deeds]
    count = Counter(f"{deed.kind} {deed.answer}" for deed in deeds)
    count.update("paid " + json.loads(deed.answers[0][2])["payment"]["by"] for deed in deeds if deed.kind == "book" and deed.answers)
    count.update(deeds=len(deeds), wishes=sum(len(client.wishes) for client in crowd.clients))
    return {name: count[name] for name, least in LEAST.items() if count[name] < least}


@case(f"S08, S10, S15, I1-I13: a crowd, its retries, and a SIGKILL each second (seed {SEED})")
def _():
    crowd.live(LENGTH_S, harm, HARMS_LEAST, lambda crowd: not quiet(crowd))
    wrong = crowd.judge()
    print(f"# {crowd.tally()}")
    equal(len(wrong), 0, f"seed {SEED}: {Counter(name for name, _ in wrong)} {wrong[:TOLD_MOST]}")
    equal(quiet(crowd), {}, "too quiet to prove anything")


@case("after all that the database is sound")
def _():
    crowd.server.check_whole()


run()
