"""Processes for the tests of the launcher: each plays a part of a station, without a window."""

import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from dermstation.process_messages import LineKind, LineMessage, Wanted

BODY = bytes(range(256)) * 400
FACTS = {"left": "place"}


def play(connection: Connection) -> None:
    """Wait for the order, then do as the wanted camera says; each process notes what happens."""
    wanted = Wanted.from_message(LineMessage.from_bytes(connection.recv_bytes()))
    telling = _Telling(connection, wanted.home)
    if _is_second(wanted.home):
        if wanted.camera == "no spare lives":
            sys.exit(1)
        telling.tell(LineKind.READY, public="ab" * 32)
    order = telling.heard()
    if wanted.camera == "has wiped" and order is not None and order.kind is LineKind.WIPED:
        telling.note("wiped")
        order = telling.heard()
    if order is None:
        sys.exit(0)
    if "first" in order.facts:
        _first(telling, wanted.camera)
    telling.note(f"began with {order.facts == FACTS} {order.body == BODY}")
    if wanted.camera == "the successor dies":
        sys.exit(1)
    telling.tell(LineKind.SHOWN)
    sys.exit(5)


def _is_second(home: Path) -> bool:
    try:
        os.close(os.open(home / "first", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return True
    return False


def _first(telling: "_Telling", part: str) -> None:
    telling.tell(LineKind.SHOWN)
    if part == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if part == "closes":
        sys.exit(3)
    if part == "waits":
        telling.note("waits")
        telling.heard()
        telling.note("alone")
        sys.exit(0)
    if part == "has wiped":
        telling.tell(LineKind.WIPED)
    telling.tell(LineKind.GIVE_WAY, BODY, **FACTS)
    while (told := telling.heard()) is not None:
        telling.note(told.kind.value)
        if told.kind is LineKind.END:
            sys.exit(0)
        if told.kind is LineKind.REFUSED:
            sys.exit(4)


class _Telling:
    def __init__(self, connection: Connection, home: Path) -> None:
        self._connection = connection
        self._home = home

    def tell(self, kind: LineKind, body: bytes = b"", **facts: object) -> None:
        self._connection.send_bytes(LineMessage(kind, facts, body).to_bytes())

    def heard(self) -> LineMessage | None:
        try:
            return LineMessage.from_bytes(self._connection.recv_bytes())
        except (EOFError, OSError):  # the latter if the launcher had not read all when it ended
            return None

    def note(self, words: str) -> None:
        with (self._home / "notes").open("a") as notes:
            notes.write(f"{words}\n")
