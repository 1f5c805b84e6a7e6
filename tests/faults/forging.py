"""The changes that anybody who may write to the vault's folder can make to its key files.

The checksum is plain and is made good after each change; the MAC stays what it was.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dermstation.security.keyfile import KEY_FILE_BYTES, KEY_FILES
from dermstation.security.twins import HASH_BYTES, HEAD

_MACS = 64


def data_of(image: bytes) -> dict[str, Any]:
    """Return the JSON of a key file."""
    _, _, length = HEAD.unpack_from(image)
    return json.loads(image[HEAD.size : HEAD.size + length])


def generation_of(image: bytes) -> int:
    """Return the generation in a key file's head."""
    return int(HEAD.unpack_from(image)[1])


def rewritten(image: bytes, data: dict[str, Any], generation: int | None = None) -> bytes:
    """Return a key file with other content, its checksum made good."""
    magic, found, _ = HEAD.unpack_from(image)
    body = json.dumps(data).encode()
    head = HEAD.pack(magic, found if generation is None else generation, len(body))
    filled = (head + body).ljust(KEY_FILE_BYTES - HASH_BYTES - _MACS, b"\0")
    filled += image[-HASH_BYTES - _MACS : -HASH_BYTES]
    return filled + hashlib.sha256(filled).digest()


def rehashed(image: bytes) -> bytes:
    """Return a key file with its checksum made good."""
    return image[:-HASH_BYTES] + hashlib.sha256(image[:-HASH_BYTES]).digest()


def forge(
    folder: Path,
    change: Callable[[dict[str, Any]], None],
    *,
    names: tuple[str, ...] = KEY_FILES,
    ahead: int = 1,
) -> None:
    """Change the JSON of key files, and let their generation be `ahead` of what it was."""
    for name in names:
        image = (folder / name).read_bytes()
        data = data_of(image)
        change(data)
        (folder / name).write_bytes(rewritten(image, data, generation_of(image) + ahead))


def slot_of(data: dict[str, Any], operator_id: str) -> dict[str, Any]:
    """Return an operator's slot."""
    return next(one for one in data["slots"] if one["id"] == operator_id)
