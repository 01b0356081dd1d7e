"""hacktivd user: members and their roles from the command line, as the first administrator comes to be."""
import os
import subprocess

from server import PASSWORD, Server, sqlite_case
from tap import case, equal, rows, run

server = Server().start()
server.stop()


def user(*words, database=None):
    told = subprocess.run([os.environ["HACKTIVD"], "user", words[0], "--database", database or server.database_address, *words[1:]],
                          env=server.environment(), capture_output=True, text=True, timeout=60)
    assert "Sanitizer" not in told.stderr and "runtime error" not in told.stderr, told.stderr
    return told


def done(*words):
    told = user(*words)
    equal((told.returncode, told.stderr), (0, ""), words)
    return told.stdout


def row(login):
    return next(line for line in done("list").splitlines() if line.startswith(login + "\t")).split("\t")


def give_password(login):
    subprocess.run([os.environ["HACKTIVD"], "passwd", "--database", server.database_address, "--password-stdin", login],
                   input=PASSWORD, text=True, env=server.environment(), check=True, capture_output=True)


def log_in(login):
    return server.request("POST", "/v1/sessions", {"login": login, "password": PASSWORD})


@case("a new member, made an administrator, logs in and works as one")
def _():
    assert done("add", "greta.neuve", "Gréta\u202e\u200b Neuve", "ferme").startswith("Gréta Neuve (greta.neuve) is a member now.")
    equal(done("grant", "greta.neuve", "administrator"), "Gréta Neuve (greta.neuve) is now administrator.\n")
    equal(done("grant", "greta.neuve", "administrator"), "Gréta Neuve (greta.neuve) is already administrator.\n")
    equal(done("grant", "greta.neuve", "operator", "pepi"), "Gréta Neuve (greta.neuve) is now operator of pepi.\n")
    equal(row("greta.neuve"), ["greta.neuve", "Gréta Neuve", "administrator operator@pepi"])
    give_password("greta.neuve")
    server.start()
    token = log_in("greta.neuve").json()["token"]
    me = server.get("/v1/members/me", token=token).json()
    equal([role["role"] for role in me["roles"]], ["administrator", "operator"])
    equal(server.get(f"/v1/members/{me['id']}/roles", token=token).status, 200)
    server.stop()
    equal(done("revoke", "greta.neuve", "operator", "pepi"), "Gréta Neuve (greta.neuve) is no longer operator of pepi.\n")
    equal(done("revoke", "greta.neuve", "operator", "pepi"), "Gréta Neuve (greta.neuve) is not operator of pepi.\n")
    equal(row("greta.neuve")[2], "administrator")


@case("ASVS 7.4.2 disabled: every token ends, the right password no longer opens; enabled: it does")
def _():
    give_password("plume")
    server.start()
    token = log_in("plume").json()["token"]
    equal(server.get("/v1/members/me", token=token).status, 200)
    server.stop()
    done("disable", "plume")
    equal(row("plume")[3], "disabled")
    server.start()
    equal((server.get("/v1/members/me", token=token).status, log_in("plume").status), (401, 401))
    server.stop()
    done("enable", "plume")
    equal(len(row("plume")), 3)
    server.start()
    equal((server.get("/v1/members/me", token=token).status, log_in("plume").status), (401, 201))
    server.stop()


@case("what was done by hand is written down as such")
def _():
    lines = server.sql("SELECT a.action, a.fields, a.actor, a.request_id FROM member_audit a JOIN member m ON m.id = a.member_id "
                       "WHERE m.login IN ('greta.neuve', 'plume') AND a.request_id = 'hacktivd user' ORDER BY m.login, a.seq")
    equal([(action, fields) for action, fields, _, _ in lines],
          [("member.created", ""), ("role.granted", "administrator"), ("role.granted", "operator"), ("role.revoked", "operator"),
           ("member.disabled", ""), ("member.enabled", "")])


@rows("a slip is told and nothing is done", [
    ("a login that is there", ["add", "plume", "Plume"], "already"),
    ("a login that is none", ["add", "Pl ume", "Plume"], "a to z"),
    ("a login that ends in a dot", ["add", "plume.", "Plume"], "a to z"),
    ("no name", ["add", "nobody", "\t"], "name"),
    ("a home nobody knows", ["add", "nobody", "No Body", "atlantis"], "atlantis"),
    ("a member nobody knows", ["grant", "nobody", "finance"], "nobody"),
    ("a role nobody knows", ["grant", "plume", "king"], "operator"),
    ("a desk of no space", ["grant", "plume", "reception"], "one space"),
    ("a desk of a space nobody knows", ["grant", "plume", "reception", "atlantis"], "no space atlantis. It has: "),
    ("finance of one space", ["grant", "plume", "finance", "ferme"], "whole network"),
    ("disabling nobody", ["disable", "nobody"], "nobody")])
def _(words, expected):
    before = done("list")
    told = user(*words)
    equal((told.returncode, told.stdout), (1, ""))
    assert expected in told.stderr and told.stderr.count("\n") == 1, told.stderr
    equal(done("list"), before)


@rows("what is missing is asked for", [
    ("which of them", ["make"], "After hacktivd user one of these was expected: add, list, grant"), ("a login", ["disable"], "LOGIN"), ("a role", ["grant", "plume"], "LOGIN ROLE [SPACE]"),
    ("nothing more", ["disable", "plume", "now"], "now")])
def _(words, expected):
    told = user(*words)
    equal(told.returncode, 2)
    assert expected in told.stderr, told.stderr


@sqlite_case("a database that is not there is not made")
def _():
    missing = server.directory / "missing.db"
    told = user("list", database=f"sqlite:{missing}")
    equal(told.returncode, 1)
    assert "no database" in told.stderr and not missing.exists(), told.stderr


run()
