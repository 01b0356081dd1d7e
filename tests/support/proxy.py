"""A validating proxy that we did not write, between the tests and hacktivd: Prism reads doc/api/openapi.yaml and says of every answer
where it is not as described, in a header of its own. scripts/check-api sets HACKTIV_TEST_PROXY to the program.
"""
import atexit
import json
import os
import socket
import subprocess
import time

from contract import PATH

PROGRAM = os.environ.get("HACKTIV_TEST_PROXY")
START_LIMIT = 60          # seconds: node on a busy machine


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """One proxy before one address."""

    def __init__(self, upstream):
        self.port = _free_port()
        self._process = subprocess.Popen(
            [PROGRAM, "proxy", str(PATH), upstream, "--host", "127.0.0.1", "--port", str(self.port), "--verboseLevel", "silent"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.end)
        deadline = time.monotonic() + START_LIMIT
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, "the proxy does not start"
            time.sleep(0.05)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def end(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def faults_of_answer(headers):
    """What it found wrong with the answer. What it finds wrong with requests is often what a test wants to be wrong."""
    for name, value in headers:
        if name.lower() == "sl-violations":
            return [found for found in json.loads(value)
                    if found["location"][0] == "response" and found["severity"] == "Error"]
    return []
