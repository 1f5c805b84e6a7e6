"""The key files `keys.a` and `keys.b`: fixed size, written in place one after the other, synced.

The older (or damaged) one is written first, then the other, so that at every instant one of them
is whole, and between changes both have the same content. Damage to one therefore loses nothing and
brings back no old key. Any thread or process may read; a change must hold the lock of `changing`.
"""

import hashlib
import json
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import write_in_place
from dermstation.security.anchor import Anchor
from dermstation.security.disk import named_troubles
from dermstation.security.slots import IndexKeys, OperatorSlot, SealedKeys

KEY_FILES = ("keys.a", "keys.b")
KEY_FILE_BYTES = 64 * 1024
FORMAT = 2  # format 1 had no anchor and no failed attempts
MOST_FAILED_TRIES = 50
_LOCK = "keys.lock"
_MAGIC = b"DERMKEYS"
_HEAD = struct.Struct(">8sQI")  # magic, generation, length of the JSON that follows
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class FailedTry:
    """A failed attempt to sign in, kept until it can be written to the audit."""

    operator_id: str
    at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of one whole key file; `generation` increases with each change.

    `current_id` and `next_id` identify the sealed index keys without revealing anything about them.
    """

    generation: int
    current_id: str
    next_id: str | None
    recovery: SealedKeys
    slots: tuple[OperatorSlot, ...]
    anchor: Anchor | None = None
    failed_tries: tuple[FailedTry, ...] = ()

    def slot(self, operator_id: str) -> OperatorSlot:
        """Return an operator's slot. Raises LookupError."""
        for slot in self.slots:
            if slot.operator.id == operator_id:
                return slot
        raise LookupError("no such operator in the key files")

    def with_slot(self, slot: OperatorSlot) -> "KeyFile":
        """Return a copy with one operator's slot replaced."""
        slots = [slot if one.operator.id == slot.operator.id else one for one in self.slots]
        return replace(self, slots=tuple(slots))

    def with_failed_try(self, failed: FailedTry) -> "KeyFile":
        """Return a copy with one more failed attempt; the oldest are dropped beyond the limit."""
        return replace(self, failed_tries=(*self.failed_tries, failed)[-MOST_FAILED_TRIES:])

    def is_sealed_for(self, keys: IndexKeys) -> bool:
        """Return whether `keys` are exactly the keys sealed here."""
        coming = None if keys.next is None else key_id(keys.next)
        return (self.current_id, self.next_id) == (key_id(keys.current), coming)

    def with_next(self, key: bytearray) -> "KeyFile":
        """Return a copy with `key` as the next key, sealed for every slot and the recovery key."""
        return replace(
            self,
            next_id=key_id(key),
            recovery=self.recovery.with_next(key),
            slots=tuple(replace(slot, keys=slot.keys.with_next(key)) for slot in self.slots),
        )

    def advanced(self) -> "KeyFile":
        """Return a copy with the next key as the only one. Raises ValueError if there is none."""
        if self.next_id is None:
            raise ValueError("no next key to advance to")
        return replace(
            self,
            current_id=self.next_id,
            next_id=None,
            recovery=self.recovery.advanced(),
            slots=tuple(replace(slot, keys=slot.keys.advanced()) for slot in self.slots),
        )


def key_id(key: bytes | bytearray) -> str:
    """Return an identifier for a random 32-byte key: a hash that does not reveal it."""
    return hashlib.sha256(b"dermstation index key id v1" + key).hexdigest()[:32]


def read_key_file(folder: Path) -> KeyFile:
    """Return the newest whole key file of a vault folder.

    Raises StationError: VAULT_ABSENT (no key file), KEYS_DAMAGED (none whole), VAULT_NEWER.
    """
    contents = [_content(folder / name) for name in KEY_FILES]
    if all(content is None for content in contents):
        raise StationError(ErrorCode.VAULT_ABSENT)
    whole = [found for content in contents if (found := _parsed(content)) is not None]
    if not whole:
        raise StationError(ErrorCode.KEYS_DAMAGED)
    return max(whole, key=lambda found: found.generation)


def key_files_agree(folder: Path) -> bool:
    """Return whether both key files are whole and identical; for signing in one is enough."""
    contents = {_content(folder / name) for name in KEY_FILES}
    return len(contents) == 1 and _parsed(next(iter(contents))) is not None


def write_key_file(folder: Path, content: KeyFile) -> None:
    """Write both key files, the older or damaged one first.

    Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
    """
    image = _image(content)
    with named_troubles():
        for path in sorted((folder / name for name in KEY_FILES), key=_generation):
            write_in_place(path, image)


def write_anchor(folder: Path, anchor: Anchor, *, beyond: int) -> int:
    """Record in the key files how far the audit has got, and return their new generation.

    The new generation is greater than `beyond`, the newest one that the audit knows.
    Raises as `read_key_file` and `write_key_file` do.
    """
    with changing(folder) as content:
        generation = max(content.generation, beyond + 1)
        write_key_file(folder, replace(content, generation=generation, anchor=anchor))
        return generation


@contextmanager
def changing(folder: Path) -> Iterator[KeyFile]:
    """Hold the lock that keeps two processes from changing the key files at the same time.

    Yields the current content with its generation already increased, ready to be written back.
    Raises as `read_key_file` and `write_key_file` do.
    """
    if not folder.is_dir():
        raise StationError(ErrorCode.VAULT_ABSENT)
    with named_troubles():
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with named_troubles():
            _lock(descriptor)
        found = read_key_file(folder)
        yield replace(found, generation=found.generation + 1)
    finally:
        os.close(descriptor)  # this also releases the lock


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists only on Windows

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - exists only on POSIX

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return b""  # it exists but cannot be read: damaged


def _generation(path: Path) -> int:
    with suppress(StationError):
        found = _parsed(_content(path))
        return -1 if found is None else found.generation
    return -1


def _image(content: KeyFile) -> bytes:
    body = json.dumps(
        {
            "format": FORMAT,
            "current_id": content.current_id,
            "next_id": content.next_id,
            "recovery": content.recovery.to_json(),
            "slots": [slot.to_json() for slot in content.slots],
            "anchor": None if content.anchor is None else content.anchor.to_json(),
            "failed_tries": [[one.operator_id, one.at] for one in content.failed_tries],
        }
    ).encode()
    head = _HEAD.pack(_MAGIC, content.generation, len(body))
    room = KEY_FILE_BYTES - _HASH_BYTES - len(head) - len(body)
    if room < 0:
        raise ValueError("the key files cannot hold so many operators")
    filled = head + body + bytes(room)
    return filled + hashlib.sha256(filled).digest()


def _parsed(image: bytes | None) -> KeyFile | None:
    if image is None or len(image) != KEY_FILE_BYTES:
        return None
    filled, digest = image[:-_HASH_BYTES], image[-_HASH_BYTES:]
    magic, generation, length = _HEAD.unpack_from(filled)
    if magic != _MAGIC or hashlib.sha256(filled).digest() != digest:
        return None
    try:
        return _from_json(generation, json.loads(filled[_HEAD.size : _HEAD.size + length]))
    except (ValueError, KeyError, TypeError):
        return None


def _from_json(generation: int, data: Mapping[str, Any]) -> KeyFile:
    if data["format"] > FORMAT:
        raise StationError(ErrorCode.VAULT_NEWER, found=data["format"], known=FORMAT)
    slots = tuple(OperatorSlot.from_json(item) for item in data["slots"])
    recovery = SealedKeys.from_json(data["recovery"])
    failed = tuple(FailedTry(who, at) for who, at in data.get("failed_tries", ()))
    anchor = Anchor.from_json(data.get("anchor"))
    return KeyFile(generation, data["current_id"], data["next_id"], recovery, slots, anchor, failed)
