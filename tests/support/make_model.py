"""make_model.py — the sample network as hacktivd lays it down at the usual time, once for all tests that begin with it.

    make_model.py model.db
"""
import os
import pathlib
import shutil
import sys

from server import Server

file = pathlib.Path(sys.argv[1]).absolute()
server = Server().start()
server.stop()
server.forget_itself()
shutil.copy(server.database, file)
file.chmod(0o600)
