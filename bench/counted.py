"""A line to a Unix socket that counts what goes over it in both directions, and notes what is asked for."""
import re
import socket
import threading


class Line:
    def __init__(self, path):
        self._path = str(path)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._guard = threading.Lock()
        self.begin()
        threading.Thread(target=self._accept, daemon=True).start()

    def begin(self):
        with self._guard:
            self._bytes, self._said = 0, b""

    def end(self):
        """(bytes since begin(), targets of the requests)."""
        with self._guard:
            return self._bytes, [target.decode() for target in re.findall(rb"(?m)^GET (\S+) HTTP/1.1\r$", self._said)]

    def _accept(self):
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._path)
            for source, sink, asks in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, sink, asks), daemon=True).start()

    def _carry(self, source, sink, asks):
        try:
            while piece := source.recv(65536):
                with self._guard:
                    self._bytes += len(piece)
                    self._said += piece if asks else b""
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self._door.close()
