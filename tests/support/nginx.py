"""nginx with the configuration that hacktivd ships, before hacktivd's instances, in a directory of its own; with TLS where a certificate is given."""
import atexit
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

from server import TOP
from tap import Skip

PROGRAM = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
START_LIMIT = 30


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _shipped(port, upstreams, tls):
    """data/nginx-hacktivd.conf as it is, but for names, addresses and TLS."""
    text = (TOP / "data" / "nginx-hacktivd.conf").read_text()
    servers = "".join(f"\tserver {upstream} max_fails=2 fail_timeout=5s;\n" for upstream in upstreams)
    text = re.sub(r"(\tserver 127\.0\.0\.1:\d+ [^\n]*\n)+", servers, text, count=1)
    how = re.search(r"\tlisten 443([^;]*);", text)[1] if tls else ""
    text = re.sub(r"\tlisten (\[::\]:)?443[^\n]*\n", "", text)
    text = re.sub(r"\tssl_certificate[^\n]*\n" if tls else r"\tssl_[^\n]*\n", "", text)
    text = text.replace("\tserver_name reseau.example.org;\n", f"\tlisten 127.0.0.1:{port}{how};\n\tserver_name _;\n{tls}", 1)
    return text[:text.index("server {\n\tlisten 80;")]


class Nginx:
    """`certificate`: the paths of one and its key. `more`: directives for all of http."""

    def __init__(self, *upstreams, certificate=None, more=""):
        if not PROGRAM:
            raise Skip("nginx is not installed")
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hacktiv-nginx-"))
        atexit.register(shutil.rmtree, self.directory, ignore_errors=True)
        self.port = _free_port()
        user = "user www-data;\n" if os.geteuid() == 0 else ""
        tls = "\tssl_certificate {};\n\tssl_certificate_key {};\n".format(*certificate) if certificate else ""
        self.log = self.directory / "access.log"
        (self.directory / "nginx.conf").write_text(
            f"daemon off;\n{user}worker_processes 1;\npid {self.directory}/pid;\nerror_log {self.directory}/error.log;\n"
            "events { worker_connections 8192; }\n"
            "http {\nlog_format told '$connection $server_protocol $status $request_method $uri $gzip_ratio';\n"
            f"access_log {self.log} told;\n{more}\n" + "".join(f"{kind}_temp_path {self.directory}/{kind};\n" for kind in
            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) + _shipped(self.port, upstreams, tls) + "}\n")
        os.chmod(self.directory, 0o755)
        self._process = subprocess.Popen([PROGRAM, "-c", str(self.directory / "nginx.conf"), "-p", str(self.directory)],
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.end)
        deadline = time.monotonic() + START_LIMIT
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, self.told()
            time.sleep(0.02)

    def _answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def told(self):
        log = self.directory / "error.log"
        return log.read_text() if log.exists() else ""

    def connect(self, timeout=30):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def end(self):
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
