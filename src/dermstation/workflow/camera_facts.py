"""Facts about the open camera: a lasting identity, and the button on the camera itself.

They are read from the system, which may take some tenths of a second: for a worker thread.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dermstation.camera.button import find_button
from dermstation.camera.discovery import attached_as, backends
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.camera_address import without_password
from dermstation.domain.errors import StationError

_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """The facts of a camera; `identity` is empty if the camera has no lasting one."""

    identity: str = ""
    button: Path | None = None


def facts_of(spec: CameraSpec, label: str) -> CameraFacts:
    """Find the facts of the camera `spec` that is open and calls itself `label`.

    A device has the name that stands for it alone, however it was asked for: the scale of one
    camera is never given to another one of its kind. An address goes into the identity only as a
    hash, and without a password.
    """
    if spec.kind in {CameraKind.FILE, CameraKind.NETWORK}:
        digest = hashlib.sha256(without_password(spec.address).encode()).hexdigest()
        return CameraFacts(f"{spec.kind.value}:{digest[:_HASH_DIGITS]}")
    if spec.kind is CameraKind.SIMULATED:
        return CameraFacts(label)
    if spec.kind is CameraKind.AUTO:  # not chosen yet
        return CameraFacts()
    try:
        device = attached_as(spec.identity, spec.index, spec.backend or backends()[0])
        button = find_button(device.index) if device is not None else None
    except (StationError, OSError):  # two cameras have one name, or it was just unplugged
        return CameraFacts()
    return CameraFacts(device.identity if device is not None else spec.identity, button)
