"""Of the two processes that hacktiv is (src/porter.h), the one that works."""
import contextlib
import pathlib


def worker(pid):
    """The one behind the porter `pid`; `pid` itself while, or where, it is one process."""
    with contextlib.suppress(OSError):
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(child)
    return pid
