"""The key files `keys.a` and `keys.b`: twin files that unlock the index.

Only a holder of the index key writes them: a MAC under that key seals everything in them. Who may
unlock the vault is decided by the encrypted index, not here; these files only repeat it for
those who have no key yet. Anybody may read them.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.anchor import Anchor
from dermstation.security.kdf import expand, zero
from dermstation.security.slots import IndexKeys, OperatorSlot, SealedKeys
from dermstation.security.twins import HASH_BYTES, Twins

FORMAT = 3  # 1 had no anchor and no failed tries; 1 and 2 had tries and no MAC
FIRST_WITH_MAC = 3
KEY_FILE_BYTES = 64 * 1024
_MAC_BYTES = 32
KEY_TWINS = Twins(("keys.a", "keys.b"), b"DERMKEYS", KEY_FILE_BYTES, tail_bytes=2 * _MAC_BYTES)
KEY_FILES = KEY_TWINS.names
_MAC = b"dermstation key file mac v1"


@dataclass(frozen=True, slots=True)
class OldTries:
    """The tries that formats 1 and 2 kept in the key files themselves."""

    wrong: Mapping[str, tuple[int, float]] = field(default_factory=dict)  # count, since
    failed: tuple[tuple[str, str], ...] = ()  # operator, at


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of one whole key file; `generation` increases with each change.

    `current_id` and `next_id` identify the sealed index keys without revealing anything about them.
    `index_salt` is the one in the index's first bytes: an index with another one is another index.
    """

    generation: int
    current_id: str
    next_id: str | None
    recovery: SealedKeys
    slots: tuple[OperatorSlot, ...]
    anchor: Anchor | None = None
    vault_id: str = ""
    index_salt: str = ""
    format: int = FORMAT
    old_tries: OldTries = field(default_factory=OldTries, compare=False)

    def slot(self, operator_id: str) -> OperatorSlot:
        """Return an operator's slot. Raises LookupError."""
        for slot in self.slots:
            if slot.operator.id == operator_id:
                return slot
        raise LookupError("no such operator in the key files")

    def is_about(self, key: bytes | bytearray) -> bool:
        """Return whether `key` is one of the keys sealed here, as far as the file itself says."""
        return key_id(key) in (self.current_id, self.next_id)

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

    def resealed(self, keys: IndexKeys) -> "KeyFile":
        """Return a copy for other index keys; every way in stays the same."""
        slots = (replace(slot, keys=SealedKeys.seal(slot.keys.public, keys)) for slot in self.slots)
        return replace(
            self,
            current_id=key_id(keys.current),
            next_id=None if keys.next is None else key_id(keys.next),
            recovery=SealedKeys.seal(self.recovery.public, keys),
            slots=tuple(slots),
        )


@dataclass(frozen=True, slots=True)
class KeyImage:
    """One key file as it lies on the disk; `content` is None if it is missing or not whole."""

    name: str
    image: bytes | None
    content: KeyFile | None = None
    newer_format: int = 0  # of a whole file that a newer station wrote

    @property
    def is_whole(self) -> bool:
        """Return whether this is a key file, of whichever format."""
        return self.content is not None or self.newer_format > 0

    def is_sealed_by(self, key: bytes | bytearray) -> bool:
        """Return whether a holder of this index key wrote the file, and nobody changed it since."""
        if self.content is None or self.content.format < FIRST_WITH_MAC or self.image is None:
            return False
        body, tail = self.image[: -HASH_BYTES - 2 * _MAC_BYTES], self.image[:-HASH_BYTES]
        expected = _mac(key, body)
        found = (tail[-2 * _MAC_BYTES : -_MAC_BYTES], tail[-_MAC_BYTES:])
        fits = [hmac.compare_digest(expected, one) for one in found]
        return any(fits) if self.content.next_id is not None else all(fits)


def key_id(key: bytes | bytearray) -> str:
    """Return an identifier for a random 32-byte key: a hash that does not reveal it."""
    return hashlib.sha256(b"dermstation index key id v1" + key).hexdigest()[:32]


def read_key_images(folder: Path) -> tuple[KeyImage, ...]:
    """Return both key files as they are."""
    found = KEY_TWINS.read(folder)
    return tuple(key_image(name, found[name]) for name in KEY_FILES)


def key_image(name: str, image: bytes | None) -> KeyImage:
    """Return a key file for its bytes, None for a missing one."""
    whole = KEY_TWINS.parsed(image)
    if whole is None:
        return KeyImage(name, image)
    try:
        data = json.loads(whole[1])
        found = int(data["format"])
        if found > FORMAT:
            return KeyImage(name, image, newer_format=found)
        return KeyImage(name, image, _from_json(whole[0], data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return KeyImage(name, image)


def read_key_files(folder: Path) -> tuple[KeyFile, ...]:
    """Return the whole key files of a vault folder that differ, the newest first.

    Nothing here says that they are this vault's: only the index can.
    Raises StationError: VAULT_ABSENT (no key file), KEYS_DAMAGED (none whole), VAULT_NEWER.
    """
    images = read_key_images(folder)
    if all(one.image is None for one in images):
        raise StationError(ErrorCode.VAULT_ABSENT)
    whole = [one.content for one in images if one.content is not None]
    if not whole:
        newer = max(one.newer_format for one in images)
        if newer:
            raise StationError(ErrorCode.VAULT_NEWER, found=newer, known=FORMAT)
        raise StationError(ErrorCode.KEYS_DAMAGED)
    whole.sort(key=lambda one: -one.generation)
    return tuple(whole[:1]) if whole[0] == whole[-1] else tuple(whole)


def read_key_file(folder: Path) -> KeyFile:
    """Return the newest whole key file of a vault folder. Raises as `read_key_files` does."""
    return read_key_files(folder)[0]


def key_file_bytes(content: KeyFile, keys: Sequence[bytes | bytearray]) -> bytes:
    """Return the bytes of a key file, sealed by one index key, or by two during a rotation.

    Raises ValueError if there are too many operators.
    """
    body = json.dumps(
        {
            "format": FORMAT,
            "vault_id": content.vault_id,
            "index_salt": content.index_salt,
            "current_id": content.current_id,
            "next_id": content.next_id,
            "recovery": content.recovery.to_json(),
            "slots": [slot.to_json() for slot in content.slots],
            "anchor": None if content.anchor is None else content.anchor.to_json(),
        }
    ).encode()

    def sealed(filled: bytes) -> bytes:
        return b"".join(_mac(key, filled) for key in (keys[0], keys[-1]))

    return KEY_TWINS.image(content.generation, body, sealed)


def write_key_file(folder: Path, content: KeyFile, keys: Sequence[bytes | bytearray]) -> None:
    """Write both key files of a folder that no open vault uses, sealed by `keys`.

    Raises StationError: VAULT_DISK_FULL, VAULT_READ_ONLY, VAULT_WRITE_FAILED.
    """
    KEY_TWINS.write(folder, key_file_bytes(content, keys))


def _mac(key: bytes | bytearray, filled: bytes) -> bytes:
    mac_key = expand(key, b"", _MAC)
    try:
        return hmac.new(mac_key, filled, hashlib.sha256).digest()
    finally:
        zero(mac_key)


def _from_json(generation: int, data: Mapping[str, Any]) -> KeyFile:
    old = OldTries()
    if data["format"] < FIRST_WITH_MAC:
        old = OldTries(
            {
                str(one["id"]): (int(one["wrong_tries"]), float(one["waits_since_s"]))
                for one in data["slots"]
                if one["wrong_tries"]
            },
            tuple((str(who), str(at)) for who, at in data.get("failed_tries", ())),
        )
    return KeyFile(
        generation,
        data["current_id"],
        data["next_id"],
        SealedKeys.from_json(data["recovery"]),
        tuple(OperatorSlot.from_json(item) for item in data["slots"]),
        Anchor.from_json(data.get("anchor")),
        str(data.get("vault_id", "")),
        str(data.get("index_salt", "")),
        int(data["format"]),
        old,
    )
