"""What a confined process tries in vain; each runs in a process of its own."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from dermstation.security.confinement import Needs, confine

TIOCSTI = 0x5412


def try_all(connection: Connection, needs: Needs, folder: str) -> None:
    """Confine this process, try everything, and send what was refused and what was done."""
    place = Path(folder)
    begun = threading.Event()
    go = threading.Event()
    found: dict[str, str] = {}

    def in_another_thread() -> None:
        begun.set()
        go.wait()
        _try(found, "socket in a thread", socket.socket)

    thread = threading.Thread(target=in_another_thread)
    thread.start()
    begun.wait()
    found["confined"] = str(confine(needs))
    go.set()
    thread.join()
    for name, act in _acts(place).items():
        _try(found, name, act)
    connection.send(found)


def _acts(place: Path) -> dict[str, Callable[[], object]]:
    libc = ctypes.CDLL(None, use_errno=True)

    def called(number: int, *arguments: int) -> None:
        if libc.syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    def thread() -> None:
        one = threading.Thread(target=time.sleep, args=(0.001,))
        one.start()
        one.join()

    there = place / "there"
    memory = os.memfd_create("memory")
    return {
        "socket": socket.socket,
        "pair": socket.socketpair,
        "program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "fork": lambda: os.waitpid(os.fork() or os._exit(0), 0),  # type: ignore[func-returns-value]
        "kill the parent": lambda: os.kill(os.getppid(), signal.SIGTERM),
        "memory of the parent": lambda: called(310, os.getppid(), 0, 0, 0, 0, 0),
        "ring of io": lambda: called(425, 1, 0),
        "make": lambda: (place / "made").write_text("x"),
        "shorten": lambda: there.write_text("x"),
        "truncate": lambda: os.truncate(there, 0),
        "cut a hole": lambda: called(285, memory, 3, 0, 4096),  # FALLOC_FL_*: linux/falloc.h
        "rename": lambda: there.rename(place / "other"),
        "mode": lambda: there.chmod(0o777),
        "remove": (place / "old").unlink,
        "type": lambda: fcntl.ioctl(0, TIOCSTI, b"x"),
        # what it needs
        "read": there.read_text,
        "write over": lambda: os.close(os.open(there, os.O_RDWR)),
        "allocate": lambda: os.posix_fallocate(memory, 0, 4096),
        "list": lambda: list(place.iterdir()),
        "threads": thread,
        "signal itself": lambda: os.kill(os.getpid(), 0),
        "import": lambda: __import__("wave"),
    }


def _try(found: dict[str, str], name: str, act: Callable[[], object]) -> None:
    try:
        act()
        found[name] = "done"
    except PermissionError:
        found[name] = "refused"
    except OSError as error:
        found[name] = f"errno {error.errno}"
