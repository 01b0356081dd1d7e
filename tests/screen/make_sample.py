"""make_sample.py — the sample network as hacktivd lays it down at $HACKTIV_NOW, once for all plays.

    make_sample.py sample.db demo.token other.token

The member "demo" has the password "La Ferme 2026"; both tokens are as good as a log-in.
"""
import os
import pathlib
import shutil
import sys

from server import Server

PASSWORD = "La Ferme 2026"

database, demo, other = (pathlib.Path(name).absolute() for name in sys.argv[1:])
server = Server(now=os.environ["HACKTIV_NOW"], options=["--sample-password", "password"])
(server.directory / "password").write_text(PASSWORD)
(server.directory / "password").chmod(0o600)
server.start().stop()
tokens = server.grant("demo", "zoe.lambermont")
shutil.copy(server.database, database)
for path, login in ((demo, "demo"), (other, "zoe.lambermont")):
    path.write_text(tokens[login])
    path.chmod(0o600)
