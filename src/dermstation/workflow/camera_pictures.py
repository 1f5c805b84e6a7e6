"""How cameras' pictures come, in words: as their own bytes, or as pixels and why. Opens no stream.

It is what was seen when a camera was last tried; until then nobody can know.
"""

from contextlib import suppress
from pathlib import Path

from dermstation.camera.discovery import attached_devices
from dermstation.camera.pixel_cause import PixelCause
from dermstation.workflow.camera_setup import OWN_BYTES, CameraMemory, load_setup

_WORDS = {
    OWN_BYTES: "the camera's own bytes are kept",
    PixelCause.CAMERA: "kept as PNG: the camera sends no JPEG in this mode",
    PixelCause.SYSTEM: "kept as PNG: the system decodes its pictures, and no packets came",
    PixelCause.CONTROLS: "kept as PNG: its controls are set, which the way to its packets lacks",
    PixelCause.NETWORK: "kept as PNG: pictures from a network are decoded before they come in",
    PixelCause.SOURCE: "kept as PNG: it is no camera",
    "": "not tried yet: dermstation cameras tries it",
}


def pictures_words(pictures: str) -> str:
    """Return in words how pictures come, given as in `CameraMemory.pictures`."""
    return _WORDS[pictures]


def of_attached_cameras(file: Path) -> dict[str, str]:
    """Return for each attached camera how its pictures came when it was last tried."""
    found = {}
    with suppress(OSError):
        memories = load_setup(file).cameras
        for device in attached_devices():
            memory = memories.get(device.camera, CameraMemory())
            found[device.camera] = pictures_words(memory.pictures)
    return found
