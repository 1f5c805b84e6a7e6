"""The states that a disk may be in after a power loss, replayed from the log of every operation.

Each write that was not synced may be there or not; a torn write ends at a sector. Names (create,
rename, unlink) become durable when their folder is synced, and on a journalling file system, in
order, also when any file is synced. Both kinds of disk are tried.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = struct.Struct("<cHHqI")
_SECTOR = 512


@dataclass(frozen=True)
class Operation:
    """One line of the log."""

    kind: str  # w write, t truncate, s sync, c create, u unlink, r rename, d mkdir, x rmdir, m mark
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""


def read_log(path: Path) -> list[Operation]:
    """Return the operations in a log written by the shim."""
    content = path.read_bytes()
    at, found = 0, []
    while at < len(content):
        kind, length, others, offset, size = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        name = content[at : at + length].decode()
        other = content[at + length : at + length + others].decode()
        at += length + others
        letter = kind.decode()
        data = content[at : at + size] if letter == "w" else b""
        at += len(data)
        found.append(Operation(letter, name, other, offset, data))
    return found


@dataclass
class _File:
    durable: bytearray
    pending: list[Operation] = field(default_factory=list)

    def synced(self) -> None:
        for operation in self.pending:
            _apply(self.durable, operation, len(operation.data))
        self.pending = []

    def after_power_loss(self, chance: random.Random) -> bytes:
        content = bytearray(self.durable)
        for operation in self.pending:
            if chance.random() < 0.5:
                whole = len(operation.data)
                torn = chance.randrange(0, whole + 1, _SECTOR) if whole else 0
                _apply(content, operation, torn if chance.random() < 0.2 else whole)
        return bytes(content)


def _apply(content: bytearray, operation: Operation, size: int) -> None:
    if operation.kind == "t":
        del content[operation.offset :]
        content.extend(bytes(operation.offset - len(content)))
        return
    end = operation.offset + size
    content.extend(bytes(max(0, end - len(content))))
    content[operation.offset : end] = operation.data[:size]


class Disk:
    """A disk on which operations are replayed, with the states it may be in after a power loss."""

    def __init__(self, root: Path, *, is_journalling: bool) -> None:
        self._is_journalling = is_journalling
        self._live: dict[str, _File | None] = {}  # None for a folder
        for path in sorted(root.rglob("*")):
            self._live[str(path)] = None if path.is_dir() else _File(bytearray(path.read_bytes()))
        self._durable = dict(self._live)
        self._pending: list[tuple[Operation, _File | None]] = []

    def play(self, operation: Operation) -> None:
        """Replay one operation."""
        kind, path = operation.kind, operation.path
        if kind == "m":
            return
        if kind in "wt":
            file = self._live.get(path)
            if file is not None:
                file.pending.append(operation)
        elif kind == "s":
            self._sync(path)
        else:
            made = _File(bytearray()) if kind == "c" else None
            self._pending.append((operation, made))
            _rename_in(self._live, operation, made)

    def images(self, chance: random.Random, count: int) -> Iterator[dict[str, bytes | None]]:
        """Yield `count` random states in which the disk may be found."""
        for _ in range(count):
            names = dict(self._durable)
            kept = self._pending[: chance.randint(0, len(self._pending))]
            for operation, made in kept:
                _rename_in(names, operation, made)
            yield {
                path: None if file is None else file.after_power_loss(chance)
                for path, file in names.items()
            }

    def _sync(self, path: str) -> None:
        file = self._live.get(path)
        if file is not None:
            file.synced()
        is_folder = file is None
        kept = []
        for operation, made in self._pending:
            is_here = is_folder and path in {
                str(Path(operation.path).parent),
                str(Path(operation.other).parent),
            }
            if is_here or (self._is_journalling and not is_folder):
                _rename_in(self._durable, operation, made)
            else:
                kept.append((operation, made))
        self._pending = kept


def _rename_in(names: dict[str, _File | None], operation: Operation, made: _File | None) -> None:
    path = operation.path
    if operation.kind in "cd":
        names[path] = made
    elif operation.kind in "ux":
        names.pop(path, None)
    elif operation.kind == "r":
        for old in [one for one in names if one == path or one.startswith(path + "/")]:
            names[operation.other + old[len(path) :]] = names.pop(old)


def write_image(image: dict[str, bytes | None], source: Path, target: Path) -> None:
    """Write a state of the folder `source` into the empty folder `target`."""
    for name, content in sorted(image.items()):
        path = target / Path(name).relative_to(source)
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        elif path.parent.is_dir():
            path.write_bytes(content)
