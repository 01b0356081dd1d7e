"""Something that listens on a loopback port and answers as no booking server should."""
import gzip
import socket
import threading

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEBIBYTE = 1 << 20


class Hostile:
    """`act(connection, request)` is called for every request's head, in a thread of its own; bytes are sent as they are."""

    def __init__(self, act):
        self.seen = []                                         # heads of all requests
        self.act = (lambda connection, request: connection.sendall(act)) if isinstance(act, bytes) else act
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.where = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.where}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        head = b""
        try:
            connection.settimeout(30)
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    break
                head += got
            self.seen.append(head)
            self.act(connection, head)
        except OSError:
            pass
        finally:
            connection.close()


def answer(body, status="200 OK", kind="application/json", *more):
    fields = "".join(f"{line}\r\n" for line in more)
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{fields}\r\n".encode() + body


def chunks_without_end(connection, request):
    """More than anybody takes, in pieces whose sum nobody tells."""
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(50):
        connection.sendall(b"%x\r\n%s\r\n" % (MEBIBYTE, b"x" * MEBIBYTE))


def bomb():
    """Fifty megabytes in fifty kilobytes."""
    packed = gzip.compress(b'{"items":[' + b" " * (50 * MEBIBYTE))
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed


def nobody():
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
