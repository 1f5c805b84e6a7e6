"""The entries of a backup: a plain tar inside the sealed stream, with a manifest at its end.

Anybody who has the key files can make such a stream. So only plain files are read, each in bounded
pieces: no header and no entry costs memory by what it claims of itself. Runs in the vault's thread.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dermstation.domain.errors import ErrorCode, StationError

MANIFEST = "manifest.json"
COPY_BYTES = 1 << 20
_MOST_MANIFEST_BYTES = 1 << 24  # enough for 80,000 episodes
_BLOCK_BYTES = tarfile.BLOCKSIZE


class FileSum(NamedTuple):
    """The size of an entry and its SHA-256, which backups of version 0.1 do not have."""

    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a backup that is its last entry."""

    files: dict[str, FileSum] = field(default_factory=dict)
    vault_id: str = ""  # empty in backups of version 0.1, as is all that follows
    number: int = 0
    entries: int = 0  # of the audit, when the backup was begun
    made_at: str = ""

    def to_bytes(self) -> bytes:
        """Write it as JSON."""
        return json.dumps(
            {
                "vault_id": self.vault_id,
                "number": self.number,
                "entries": self.entries,
                "made_at": self.made_at,
                "files": {name: [*found] for name, found in self.files.items()},
            }
        ).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Manifest":
        """Read it. Raises StationError BACKUP_DAMAGED."""
        try:
            data = json.loads(body)
            return cls(
                {str(name): _sum(found) for name, found in data["files"].items()},
                str(data.get("vault_id", "")),
                int(data.get("number", 0)),
                int(data.get("entries", 0)),
                str(data.get("made_at", "")),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise damaged("manifest") from None

    def agrees_with(self, found: dict[str, FileSum]) -> bool:
        """Return whether exactly these files were found, each as it was when it was added."""
        return self.files.keys() == found.keys() and all(
            known.size == found[name].size and known.sha256 in ("", found[name].sha256)
            for name, known in self.files.items()
        )


class Content:
    """The bytes of one entry, to be read in pieces; hashed on the way."""

    def __init__(self, stream: io.RawIOBase, size: int) -> None:
        self._stream = stream
        self._left = self.size = size
        self._digest = hashlib.sha256()

    def read(self) -> bytes:
        """Return the next piece, or nothing at the end. Raises StationError BACKUP_DAMAGED."""
        piece = _exactly(self._stream, min(self._left, COPY_BYTES))
        self._left -= len(piece)
        self._digest.update(piece)
        return piece

    def rest(self) -> FileSum:
        """Read on to the end and return what was read in all."""
        while self.read():
            pass
        return FileSum(self.size, self._digest.hexdigest())

    def manifest(self) -> Manifest:
        """Read the whole entry as a manifest. Raises StationError BACKUP_DAMAGED."""
        if self.size > _MOST_MANIFEST_BYTES:
            raise damaged("manifest")
        return Manifest.from_bytes(b"".join(iter(self.read, b"")))


def entries(stream: io.RawIOBase) -> Iterator[tuple[str, Content]]:
    """Yield each file's name and content, then read to the very end, which proves it whole.

    Raises StationError BACKUP_DAMAGED for anything but plain files.
    """
    while any(block := _exactly(stream, _BLOCK_BYTES)):
        try:
            entry = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeError):
            raise damaged("entries") from None
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.size < 0:
            raise damaged("entries")
        content = Content(stream, entry.size)
        yield entry.name, content
        content.rest()
        _exactly(stream, -entry.size % _BLOCK_BYTES)
    while stream.read(COPY_BYTES):
        pass


def damaged(part: str) -> StationError:
    """Return the error for a backup that is not whole, or was never made by a station."""
    return StationError(ErrorCode.BACKUP_DAMAGED, part=part)


def _exactly(stream: io.RawIOBase, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        piece = stream.read(size - len(found))
        if not piece:
            raise damaged("entries")
        found += piece
    return bytes(found)


def _sum(found: Any) -> FileSum:
    if isinstance(found, list):
        size, sha256 = found
        return FileSum(int(size), str(sha256))
    return FileSum(int(found))
