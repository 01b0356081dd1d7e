"""What is made from the tables of commands and options: completion of shells and the manual; and README, whose keys are written by hand."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tap import Skip, case, equal, rows, run

HACKTIV = os.environ["HACKTIV"]
MANUAL = pathlib.Path(os.environ["MANUAL"])
README = pathlib.Path(os.environ["README"])
HOME = tempfile.TemporaryDirectory(prefix="hacktiv-")
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": HOME.name, "LC_ALL": "C.UTF-8", "LANGUAGE": "en",
               **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS") or name == "HACKTIV_LOCALE_DIR"}}


def hacktiv(*words, **variables):
    return subprocess.run([HACKTIV, *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**ENVIRONMENT, **variables})


def told(*words):
    ended = hacktiv(*words)
    equal((ended.returncode, ended.stderr), (0, ""), words)
    return ended.stdout


def section(text, title):
    return re.search(rf"^{title}:\n((?:  .*\n)+)", text, flags=re.M).group(1)


HELP = told("--help")
COMMANDS = re.findall(r"^  (\S+)", section(HELP, "Commands"), flags=re.M)
OPTIONS = re.findall(r"^  (--\S+)", section(HELP, "Options"), flags=re.M)
ALIASES = {name: re.search(r"^Also called: (.*)", told("help", name), flags=re.M) for name in COMMANDS}
ALIASES = {name: found.group(1).split() if found else [] for name, found in ALIASES.items()}
SCRIPTS = {shell: told("completion", shell) for shell in ("bash", "zsh", "fish")}


def shell_run(shell, script):
    if not shutil.which(shell):
        raise Skip(f"{shell} is not installed")
    folder = pathlib.Path(HOME.name)
    for name, text in SCRIPTS.items():
        (folder / f"hacktiv.{name}").write_text(text)
    (folder / "script").write_text(script)
    (folder / "a plan.cfg").touch()
    ended = subprocess.run([shell, "script"], cwd=folder, env={**ENVIRONMENT, "TERM": "dumb"}, capture_output=True, text=True,
                           timeout=60, stdin=subprocess.DEVNULL)
    equal((ended.returncode, ended.stderr), (0, ""), script)
    return ended.stdout.splitlines()


# ---- completion

@case("help has commands, other names and options to compare with")
def _():
    assert {"book", "bookings"} < set(COMMANDS) and "réserver" in ALIASES["book"] and "--json" in OPTIONS, (COMMANDS, ALIASES)


@rows("every command, other name and option is in the script", [(shell, shell) for shell in SCRIPTS])
def _(shell):
    option = r"-l {}\b" if shell == "fish" else r"--{}\b"
    for word in [*COMMANDS, *(alias for aliases in ALIASES.values() for alias in aliases), "demo", "completion", "help"]:
        plain = re.escape(word.replace("'", "'\\''" if shell != "fish" else "\\\\\\'"))
        assert re.search(rf"(?<!\w){plain}(?!\w)", SCRIPTS[shell]), word
    for word in OPTIONS:
        assert re.search(option.format(word[2:]), SCRIPTS[shell]), word


@rows("the shell can read its script", [(shell, shell) for shell in SCRIPTS])
def _(shell):
    equal(shell_run(shell, f"{shell} -n hacktiv.{shell}"), [])


@rows("the script speaks the language of who asks for it", [(shell, shell) for shell in ("zsh", "fish")])
def _(shell):
    script = hacktiv("--language", "fr", "completion", shell).stdout
    assert "Réserver un poste" in script and "Book a desk" not in script, script
    if not shutil.which(shell):
        raise Skip(f"{shell} is not installed")
    read = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, timeout=60)
    equal((read.returncode, read.stderr), (0, ""))


@case("the script is the same where the locale has no accents")
def _():
    equal(hacktiv("completion", "bash", LC_ALL="C").stdout, SCRIPTS["bash"])


def bash_offers(*words):
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    return shell_run("bash", f"source ./hacktiv.bash\nCOMP_WORDS=({quoted})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
                             "_hacktiv\nprintf '%s\\n' \"${COMPREPLY[@]}\"")


WEEK = ["today", "tomorrow", "thursday", "tuesday"]
OFFERS = [
    ("two commands begin alike", ["bo"], ["book", "bookings"]),
    ("another name", ["rés"], ["réserver", "réserve", "réservations"]),
    ("an option", ["--js"], ["--json"]),
    ("an option after a command", ["book", "chimay", "--an"], ["--any"]),
    ("words an option can take", ["--language", ""], ["fr", "en"]),
    ("a file", ["--config", "a"], ["a plan.cfg"]),
    ("a command after an option and its value", ["--config", "a plan.cfg", "who"], ["whoami"]),
    ("demo", ["dem"], ["demo"]),
    ("a command of demo", ["demo", "boo"], ["book", "bookings"]),
    ("no demo in demo", ["demo", "dem"], []),
    ("a day after a place", ["book", "chimay", "t"], WEEK),
    ("a day after another name", ["espaces", "t"], WEEK),
    ("no part of a day where only a day is asked", ["spaces", "aft"], []),
    ("a part of a day", ["book", "chimay", "tuesday", "aft"], ["afternoon"]),
    ("a command to be helped with", ["help", "boo"], ["book", "bookings"]),
    ("a shell", ["completion", "f"], ["fish"]),
    ("nothing after a command that takes nothing", ["whoami", "t"], []),
]


@rows("bash offers", [(name, words, offers) for name, words, offers in OFFERS])
def _(words, offers):
    equal(sorted(word for word in bash_offers("hacktiv", *words) if word), sorted(offers))


@rows("bash offers after =", [("a word", ["--language", "=", "e"], ["en"]), ("any word", ["--language", "="], ["fr", "en"])])
def _(words, offers):
    equal(bash_offers("hacktiv", *words), offers)


@case("bash offers an apostrophe so that it can be typed")
def _():
    equal(bash_offers("hacktiv", "spaces", "auj"), ["aujourd\\'hui"])


@rows("fish offers", OFFERS)
def _(words, offers):
    line = " ".join(["hacktiv", *(word.replace(" ", "\\ ") for word in words)])
    found = shell_run("fish", f"source ./hacktiv.fish\ncomplete -C '{line}'".replace("\\ ", "\\\\ "))
    equal(sorted(row.split("\t")[0].replace("\\ ", " ") for row in found), sorted(offers))


@case("every day that is offered is understood")
def _():
    words = shell_run("bash", "source ./hacktiv.bash\nCOMP_WORDS=(hacktiv spaces '')\nCOMP_CWORD=2\n_hacktiv\n"
                              "printf '%b\\n' \"${COMPREPLY[@]}\"")
    assert len(words) > 10, words
    nowhere = {"HACKTIV_URL": f"unix:{HOME.name}/none"}
    equal(hacktiv("spaces", "someday", **nowhere).returncode, 2)
    for word in words:
        ended = hacktiv("spaces", word.replace("\\", ""), **nowhere)
        equal(ended.returncode, 4, (word, ended.stderr))


@rows("what is no shell is refused", [("none", []), ("another", ["tcsh"]), ("two", ["bash", "zsh"])])
def _(words):
    ended = hacktiv("completion", *words)
    equal((ended.returncode, ended.stdout), (2, ""))
    assert "bash, zsh, fish" in ended.stderr, ended.stderr


# ---- the manual

def rendered():
    if not shutil.which("man"):
        raise Skip("man is not installed")
    ended = subprocess.run(["man", "--warnings", "-l", str(MANUAL)], capture_output=True, text=True, timeout=60,
                           env={**ENVIRONMENT, "MANWIDTH": "100", "MANROFFOPT": "", "MANPAGER": "cat"})
    equal((ended.returncode, ended.stderr), (0, ""))
    return ended.stdout


@case("the manual has every command, option and key, and nothing left to fill in")
def _():
    source = MANUAL.read_text()
    for part in ("commands", "options", "keys"):
        assert told("manual", part) in source, part
    assert "@" not in source, re.findall(".*@.*", source)
    for word in COMMANDS + OPTIONS:
        roff = re.escape(word.replace("-", "\\-"))
        assert re.search(rf'^\.BR .*"{roff}"', source, flags=re.M), word


@case("the manual is set without a warning")
def _():
    page = rendered()
    for word in COMMANDS + OPTIONS:
        assert re.search(rf"^ +(-\w, )?{word}\b", page, flags=re.M), word


# ---- README

@case("README tells every key")
def _():
    readme = README.read_text()
    keys = [key for row in re.findall(r"^(.*)\|(?!\))", told("manual", "keys"), flags=re.M) for key in row.split(", ")]
    assert "Ctrl\\-L" in keys and "gj" in keys, keys
    missing = [key for key in keys if f"`{key.removeprefix(chr(92) + '&').replace(chr(92) + '-', '-')}`" not in readme]
    equal(missing, [])


run()
