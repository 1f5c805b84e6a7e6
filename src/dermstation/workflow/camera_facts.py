"""Facts about the open camera: a lasting identity, and the button on the camera itself.

They are read from the system, which may take some tenths of a second: for a worker thread.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from dermstation.camera.button import find_button
from dermstation.camera.discovery import attached_devices, device_index
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.camera_address import without_password

_DEVICE_LABEL = re.compile(r"Camera (\d+)")
_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """The facts of a camera; `identity` is empty if the camera has no lasting one."""

    identity: str = ""
    button: Path | None = None


def facts_of(spec: CameraSpec, label: str) -> CameraFacts:
    """Find the facts of a camera that was requested as `spec` and calls itself `label`.

    An address goes into the identity only as a hash, and without a password.
    """
    if spec.kind in {CameraKind.FILE, CameraKind.NETWORK}:
        digest = hashlib.sha256(without_password(spec.address).encode()).hexdigest()
        return CameraFacts(f"{spec.kind.value}:{digest[:_HASH_DIGITS]}")
    if spec.identity:
        index = device_index(spec.identity, spec.backend)
        return CameraFacts(spec.identity, find_button(index) if index is not None else None)
    matched = _DEVICE_LABEL.fullmatch(label)
    if matched is None:  # the simulated dermatoscope
        return CameraFacts(label)
    number = int(matched[1])
    found = next((one for one in attached_devices() if one.index == number), None)
    return CameraFacts(found.identity if found else "", find_button(number))
