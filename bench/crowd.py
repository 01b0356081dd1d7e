"""An agenda of ten thousand activities: the sample network, and what its spaces never had. Keys as in programs.py."""
import os
import sqlite3
import time

import quantities
from programs import Hacktiv

ACTIVITIES, WEEKS = 10_000, 8       # the agenda shows eight weeks
FIRST_DAY = 1784062800              # 2026-07-14 23:00 in Brussels; the clock of the programs stands at the day after
SUBJECTS = ["Café des langues", "Atelier comptabilité", "Petit-déjeuner des entrepreneurs", "Permanence numérique",
            "Déjeuner partagé", "Conférence sur l'énergie", "Réseautage du jeudi", "Formation au tableur"]
WORDS = ("atelier", "zzz", "cafe 00", "e")
LITTLE = 0.05                       # seconds of processor in a moment that are painting alone, not work


def fill(server):
    """While it is stopped."""
    with sqlite3.connect(server.database) as database:
        spaces = [row[0] for row in database.execute("SELECT id FROM space ORDER BY id")]
        database.executemany(
            "INSERT INTO activity (space_id, id, title, summary, description, place, organiser, note, link, format, languages, online,"
            " date, start_at, end_at, state, capacity, signup_until, withdraw_until, folded)"
            " VALUES (?, ?, ?, ?, '', ?, ?, '', '', 'workshop', 1, 0, date(?, 'unixepoch', '+2 hours'), ?, ?, 'scheduled', 12, ?, ?, '')",
            (activity(number, spaces) for number in range(ACTIVITIES)))
    database.close()


def activity(number, spaces):
    start = FIRST_DAY + 10 * 3600 + number * (WEEKS * 7 - 2) // ACTIVITIES * 86400 + number % 32 * 900
    subject = SUBJECTS[number % len(SUBJECTS)]
    return (spaces[number % len(spaces)], f"0198a000-0000-7000-8000-{number:012x}", f"{subject} {number:05}",
            f"{subject}: venez avec vos questions, repartez avec des idées et quelques contacts.", "Salle du premier étage",
            "L'équipe de l'espace", start, start, start + 5400, start, start)


class Crowd(Hacktiv):
    """Opens on my day; `agenda` goes on to the ten thousand."""

    def prepare(self):
        self.server.stop()
        fill(self.server)
        self.server.start()

    def fill_cache(self, screen):
        self.agenda(screen)
        wait_calm(screen)

    def agenda(self, screen):
        """Seconds until its rows stand there."""
        began = time.perf_counter()
        os.write(screen.terminal, b"ga")
        said = b""
        while b"AGENDA" not in said or b"Caf" not in said:
            came = screen.read(60)
            assert came, said
            said += came
        return time.perf_counter() - began


def wait_calm(screen, patience=0.3, limit=60):
    """Until it uses no processor and says nothing."""
    deadline, before = time.monotonic() + limit, -1
    while time.monotonic() < deadline:
        now = screen.cpu()
        if now == before:
            return
        before = now
        screen.quiet(patience)
    raise AssertionError("it is never calm")


def moved(screen, key, marker=b"> "):
    """Seconds until the frame in which the choice stands elsewhere; other frames may come before it."""
    began, said = time.perf_counter(), b""
    os.write(screen.terminal, key.encode())
    while marker not in said:
        came = screen.read(5)
        assert came, f"no row was chosen after {key!r}"
        said += came
    return time.perf_counter() - began


def while_busy(screen, floor, until_calm=0.4):
    """Keys one after the other for as long as it works: ([seconds each took], [what they took of `floor` meanwhile])."""
    took, beside, last, since = [], [], screen.cpu(), time.monotonic()
    while time.monotonic() - since < until_calm:
        key = "j" if len(took) // 5 % 2 == 0 else "k"
        took.append(moved(screen, key))
        beside.append(moved(floor, key, b"row"))
        floor.quiet(0.004)
        now = screen.cpu()
        if now - last > LITTLE:
            last, since = now, time.monotonic()
    return took, beside


def letters(screen, opens, words, closes):
    """Every letter of `words`, typed and taken back: the seconds of each."""
    took = []
    for word in words:
        quantities.press(screen, opens)
        took += [quantities.press(screen, letter)[0] for letter in word]
        quantities.press(screen, closes)
    return took
