"""List the cameras attached to this PC under names that do not change. Opens no stream.

On Linux the stable name comes from udev: the camera's maker, model and serial number
("by-id/..."), or, if it has no serial number, the socket it is plugged into ("by-path/..."). On
Windows it is the device's own path, which holds the USB ids and the socket. For any process, but
not for the window's thread: a driver may take some tenths of a second to answer.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from dermstation.camera import v4l2
from dermstation.camera.spec import BY_ID, BY_PATH
from dermstation.camera.v4l2 import OfferedMode

__all__ = ["AttachedDevice", "OfferedMode", "attached_devices", "backends", "device_index"]

DEVICES = Path("/dev")
_WINDOWS_BACKENDS = ("dshow", "msmf")
_WINDOWS_PATH = re.compile(r"^\\\\[?.]\\(?P<id>.+?)(#\{[^}]*\}.*)?$")


@dataclass(frozen=True, slots=True)
class AttachedDevice:
    """A camera: its stable identity, the name its maker gave it, and its current number.

    `identity` is empty if the system has no stable name for it. `modes` is None if the system
    cannot list them without streaming (Windows).
    """

    identity: str
    name: str
    index: int
    modes: tuple[OfferedMode, ...] | None = None

    @property
    def camera(self) -> str:
        """Return the text for the setting `camera`, stable if possible."""
        return f"device:{self.identity or self.index}"


def attached_devices() -> tuple[AttachedDevice, ...]:
    """List the cameras of this PC in the order of their numbers."""
    is_linux = sys.platform == "linux"
    return tuple(_of_linux(DEVICES) if is_linux else _of_windows(_WINDOWS_BACKENDS[0]))


def backends() -> tuple[str, ...]:
    """Return the OpenCV back ends worth trying on this system, the fastest to open first."""
    return {"linux": ("v4l2",), "win32": _WINDOWS_BACKENDS}.get(sys.platform, ("any",))


def device_index(identity: str, backend: str) -> int | None:
    """Return the number by which `backend` can open the device now, or None if not attached."""
    if sys.platform != "linux":
        found = (one.index for one in _of_windows(backend) if one.identity == identity)
        return next(found, None)
    folder, _, name = identity.partition("/")
    number = _number(DEVICES / "v4l" / folder / name)
    return number if number >= 0 else None


def _of_linux(devices: Path) -> list[AttachedDevice]:
    names: dict[int, str] = {}
    for folder in (BY_PATH, BY_ID):  # the better name comes last and wins
        for link in sorted((devices / "v4l" / folder).glob("*")):
            names[_number(link)] = folder + link.name
    found = []
    for node in sorted(devices.glob("video*"), key=_number):
        described = v4l2.describe(node)
        if described is not None:
            name, modes = described
            found.append(AttachedDevice(names.get(_number(node), ""), name, _number(node), modes))
    return found


def _number(node: Path) -> int:
    """Return N for /dev/videoN or a link to it, and -1 for anything else."""
    digits = node.resolve().name.removeprefix("video") if node.exists() else ""
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def _of_windows(backend: str) -> list[AttachedDevice]:
    found: list[AttachedDevice] = []
    if sys.platform == "win32":
        import cv2  # noqa: PLC0415 - only needed on Windows
        from cv2_enumerate_cameras import enumerate_cameras  # noqa: PLC0415

        chosen = cv2.CAP_MSMF if backend == "msmf" else cv2.CAP_DSHOW
        found += [
            AttachedDevice(windows_identity(one.path), one.name, one.index)
            for one in enumerate_cameras(chosen)
        ]
    return found


def windows_identity(path: str | None) -> str:
    r"""Return the part of a Windows device path that identifies the device, in lower case.

    A path looks like `\\?\usb#vid_1234&pid_5678#...#{class}\global`. The class differs between
    back ends, the rest does not. Empty if there is no path or it has another form.
    """
    matched = _WINDOWS_PATH.match(path or "")
    if matched is None:
        return ""
    name = matched["id"].lower().replace("/", "_").replace("\\", "_")
    return BY_ID + name
