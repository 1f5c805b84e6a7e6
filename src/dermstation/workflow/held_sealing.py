"""A held frame, sealed for the time between two processes of the station.

It is not saved, but encrypted under a key that only an open vault has, so that nobody sees it
before an operator of this vault has signed in. From one process to the next it goes in memory; if
the program itself ends, by a bug or with the PC, it waits in a file for the next sign-in.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import Lesion, MediaType, Operator
from dermstation.domain.shots import ShotKind
from dermstation.files import OWNER_ONLY, make_private, shred, write_file
from dermstation.imaging.codec import decode
from dermstation.plain_files import read_plain
from dermstation.security.locked_memory import locked
from dermstation.security.sealing import NONCE_BYTES
from dermstation.vault import columns
from dermstation.vault.store import Vault
from dermstation.workflow.capturing import Held

_PURPOSE = b"dermstation held frame v1"
_MOST_BYTES = 1 << 28  # beyond the largest picture


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A held frame with the lesion it is for, who took it, and what kept it from being saved."""

    held: Held
    lesion: Lesion
    operator: Operator
    trouble: StationError | None = None


def held_key(vault: Vault) -> bytearray:
    """Return the key under which a held frame is sealed: any sign-in of this vault has it."""
    return locked(vault.audit.derived_key(_PURPOSE))


def seal_held(unsaved: Unsaved, key: bytearray) -> bytes:
    """Return the held frame, encrypted under `key`."""
    held, trouble = unsaved.held, unsaved.trouble
    head = {
        "shot": held.shot.value,
        "sha256": held.sha256,
        "media_type": held.media_type.value,
        "report": held.report.to_json(),
        "captured_at": columns.from_instant(held.captured_at),
        "camera": held.camera,
        "capture_id": held.capture_id,
        "held_for": held.lesion_id,
        "pressed_by": held.pressed_by,
        "details": columns.from_details(held.details),
        "lesion_id": unsaved.lesion.id,
        "operator_id": unsaved.operator.id,
        "trouble": None if trouble is None else [trouble.code.value, dict(trouble.facts)],
    }
    plain = b"\n".join((json.dumps(head, default=str).encode(), held.data))
    nonce = os.urandom(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(bytes(key)).encrypt(nonce, plain, _PURPOSE)


def unseal_held(vault: Vault, sealed: bytes) -> Unsaved:
    """Return the held frame, opened with the vault that is open now. Runs on its thread.

    Raises StationError HELD_LOST if it is another vault's, or its lesion is gone.
    """
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    key = held_key(vault)
    try:
        plain = ChaCha20Poly1305(bytes(key)).decrypt(nonce, ciphertext, _PURPOSE)
        head, _, data = plain.partition(b"\n")
        return _unsaved(vault, json.loads(head), data)
    except (InvalidTag, LookupError):
        raise StationError(ErrorCode.HELD_LOST) from None


def keep_on_disk(file: Path, sealed: bytes) -> None:
    """Keep a sealed frame in a file until somebody signs in. Raises OSError."""
    make_private(file.parent)
    write_file(file, sealed, OWNER_ONLY)


def take_up_held(vault: Vault, sealed: bytes, file: Path) -> Unsaved | None:
    """Return the frame that waits, sealed here or else in the file, which is then removed.

    Returns None if it was saved after all. Runs on the vault's thread. Raises StationError
    HELD_LOST if it cannot be read, and as `unseal_held` does.
    """
    try:
        waiting = sealed or read_plain(file, _MOST_BYTES)
    except OSError:
        raise StationError(ErrorCode.HELD_LOST) from None
    try:
        unsaved = unseal_held(vault, waiting)
    finally:
        with suppress(OSError):
            shred(file)
    with suppress(LookupError):
        vault.captures.get(unsaved.held.capture_id)
        return None
    return unsaved


def _unsaved(vault: Vault, head: dict[str, Any], data: bytes) -> Unsaved:
    if hashlib.sha256(data).hexdigest() != head["sha256"]:
        raise LookupError("other bytes than were held")
    held = Held(
        shot=ShotKind(head["shot"]),
        data=data,
        sha256=head["sha256"],
        media_type=MediaType(head["media_type"]),
        pixels=decode(data),
        report=QualityReport.from_json(head["report"]),
        captured_at=datetime.fromisoformat(head["captured_at"]),
        camera=head["camera"],
        capture_id=head["capture_id"],
        lesion_id=head["held_for"],
        pressed_by=head["pressed_by"],
        details=columns.to_details(head["details"]),
    )
    trouble = head["trouble"]
    return Unsaved(
        held,
        vault.lesions.get(head["lesion_id"]),
        vault.operators.get(head["operator_id"]),
        None if trouble is None else StationError(ErrorCode(trouble[0]), **trouble[1]),
    )
