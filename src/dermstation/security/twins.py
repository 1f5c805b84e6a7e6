"""Twin files: fixed size, the same content twice, written in place one after the other, synced.

The older (or damaged) one is written first, then the other, so that at every instant one of them
is whole. Damage to one therefore loses nothing, and a full disk prevents no change.
"""

import ctypes
import hashlib
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import share_in_advance, write_in_place
from dermstation.plain_files import read_plain
from dermstation.security.disk import named_troubles

HEAD = struct.Struct(">8sQI")  # magic, generation, length of the body that follows
HASH_BYTES = 32
_LOCK = "keys.lock"
_MOST_BYTES = 1 << 20  # far more than any of them has
_EXCLUSIVE = 0x2  # LOCKFILE_EXCLUSIVE_LOCK: minwinbase.h
_OVERLAPPED_BYTES = 32  # OVERLAPPED, all zeros: from the file's first byte on


@dataclass(frozen=True, slots=True)
class Twins:
    """A kind of twin files: their names, their magic and the size of each in bytes.

    The last `tail_bytes` before the hash are left for what seals everything before them.
    """

    names: tuple[str, str]
    magic: bytes
    size: int
    tail_bytes: int = 0

    def image(
        self, generation: int, body: bytes, seal: Callable[[bytes], bytes] | None = None
    ) -> bytes:
        """Return the bytes of a file. Raises ValueError if the body does not fit."""
        head = HEAD.pack(self.magic, generation, len(body))
        tail_bytes = self.tail_bytes if seal is not None else 0
        room = self.size - HASH_BYTES - tail_bytes - len(head) - len(body)
        if room < 0:
            raise ValueError(f"{self.names[0]} cannot hold so much")
        filled = head + body + bytes(room)
        if seal is not None:
            filled += seal(filled)
        return filled + hashlib.sha256(filled).digest()

    def parsed(self, image: bytes | None) -> tuple[int, bytes] | None:
        """Return generation and body of a whole file, else None."""
        if image is None or len(image) != self.size:
            return None
        filled, digest = image[:-HASH_BYTES], image[-HASH_BYTES:]
        magic, generation, length = HEAD.unpack_from(filled)
        if magic != self.magic or hashlib.sha256(filled).digest() != digest:
            return None
        return generation, filled[HEAD.size : HEAD.size + length]

    def generation(self, image: bytes | None) -> int:
        """Return the generation of a whole file, -1 of any other."""
        found = self.parsed(image)
        return -1 if found is None else found[0]

    def read(self, folder: Path) -> dict[str, bytes | None]:
        """Return the bytes of both files by name; None for one that is missing."""
        return {name: _content(folder / name) for name in self.names}

    def write(self, folder: Path, image: bytes) -> None:
        """Write both files, the older or damaged one first.

        Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
        """
        present = self.read(folder)
        with named_troubles():
            for name in sorted(self.names, key=lambda one: self.generation(present[one])):
                write_in_place(folder / name, image)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock that keeps two processes from changing twin files at the same time.

    Raises StationError: VAULT_ABSENT, VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
    """
    if not folder.is_dir():
        raise StationError(ErrorCode.VAULT_ABSENT)
    with named_troubles():
        share_in_advance(folder / _LOCK)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with named_troubles():
            _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # this also releases the lock


def _lock(descriptor: int) -> None:
    """Wait for the lock, however long another process holds it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists only on Windows

        # `msvcrt.locking` looks once a second, and gives up after ten
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        overlapped = ctypes.create_string_buffer(_OVERLAPPED_BYTES)
        handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))
        if not kernel.LockFileEx(handle, _EXCLUSIVE, 0, 1, 0, overlapped):
            raise ctypes.WinError(ctypes.get_last_error())
    else:
        import fcntl  # noqa: PLC0415 - exists only on POSIX

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _content(path: Path) -> bytes | None:
    try:
        return read_plain(path, _MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError:
        return b""  # it exists but cannot be read: damaged
