"""List the cameras attached to this PC under names that do not change. Opens no stream.

On Linux the stable name comes from udev: the camera's maker, model and serial number
("by-id/..."), or, if these do not stand for this camera alone, the socket it is plugged into
("by-path/..."; see `naming`). On Windows it is the device's own path, which holds the USB ids and
the socket. For any process, but not for the window's thread: a driver may take some tenths of a
second to answer.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dermstation.camera import v4l2
from dermstation.camera.naming import SocketCause, VideoNames, number_of
from dermstation.camera.spec import BY_ID
from dermstation.camera.v4l2 import OfferedMode
from dermstation.domain.errors import ErrorCode, StationError

__all__ = [
    "AttachedDevice",
    "OfferedMode",
    "SocketCause",
    "attached_as",
    "attached_devices",
    "backends",
    "device_index",
    "direct_show_name",
]

DEVICES = Path("/dev")
SYSTEM = Path("/sys/class/video4linux")
_SOCKET = re.compile(r"-usb(v\d)?-\d+:(?P<socket>[\d.]+):")
_WINDOWS_LISTS = ("dshow", "msmf")
_WINDOWS_BACKENDS = ("ffmpeg", *_WINDOWS_LISTS)
_WINDOWS_PATH = re.compile(r"^\\\\[?.]\\(?P<id>.+?)(#\{[^}]*\}.*)?$")


@dataclass(frozen=True, slots=True)
class AttachedDevice:
    """A camera: its stable identity, the name its maker gave it, and its current number.

    `identity` is empty if the system has no stable name for it. `modes` is None if the system
    cannot list them without streaming (Windows). `by_socket` says why it is known by its socket.
    """

    identity: str
    name: str
    index: int
    modes: tuple[OfferedMode, ...] | None = None
    by_socket: SocketCause | None = None

    @property
    def camera(self) -> str:
        """Return the text for the setting `camera`, stable if possible."""
        return f"device:{self.identity or self.index}"

    @property
    def socket(self) -> str:
        """Return the USB socket as the system numbers it ("1", or "1.4" behind a hub), or ""."""
        found = _SOCKET.search(self.identity) if self.by_socket is not None else None
        return found["socket"] if found is not None else ""


def attached_devices() -> tuple[AttachedDevice, ...]:
    """List the cameras of this PC in the order of their numbers."""
    is_linux = sys.platform == "linux"
    listed = [_of_linux(DEVICES)] if is_linux else map(_of_windows, _WINDOWS_LISTS)
    return tuple(next(filter(None, listed), ()))


def backends() -> tuple[str, ...]:
    """Return the OpenCV back ends worth trying on this system, in this order.

    On Windows the first gives a camera's own packets, the others the system's pictures; of those,
    the first opens sooner.
    """
    return {"linux": ("v4l2",), "win32": _WINDOWS_BACKENDS}.get(sys.platform, ("any",))


def device_index(identity: str, backend: str) -> int | None:
    """Return the number by which `backend` can open the device now, or None if not attached.

    Raises StationError CAMERA_ALIKE if another attached device has the same right to the name.
    """
    if sys.platform != "linux":
        found = (one.index for one in _of_windows(backend) if one.identity == identity)
        return next(found, None)
    folder, _, name = identity.partition("/")
    number = number_of(DEVICES / "v4l" / folder / name)
    if number < 0:
        return None
    if VideoNames(DEVICES, SYSTEM, _cards(DEVICES)).is_shared(identity, number):
        raise StationError(ErrorCode.CAMERA_ALIKE)
    return number


def attached_as(identity: str, index: int, backend: str) -> AttachedDevice | None:
    """Return the attached device with that name, or if the name is empty with that number.

    Its own `identity` may be another one: a name that stands for it alone. Raises StationError
    CAMERA_ALIKE as `device_index` does.
    """
    number = device_index(identity, backend) if identity else index
    if sys.platform != "linux" and identity:
        return None if number is None else AttachedDevice(identity, "", number)
    return next((one for one in attached_devices() if one.index == number), None)


def _of_linux(devices: Path) -> list[AttachedDevice]:
    described = {number: v4l2.describe(node) for number, node in _nodes(devices).items()}
    cameras = {number: found for number, found in described.items() if found is not None}
    names = VideoNames(devices, SYSTEM, {number: name for number, (name, _) in cameras.items()})
    found = []
    for number, (name, modes) in cameras.items():
        lasting = names.of(number)
        found.append(AttachedDevice(lasting.identity, name, number, modes, lasting.by_socket))
    return found


def _cards(devices: Path) -> dict[int, str]:
    """Return the drivers' names of all devices; no driver is asked if /sys has them.

    One that hangs must not keep another camera from being opened.
    """
    cards = {}
    for number, node in _nodes(devices).items():
        try:
            cards[number] = (SYSTEM / f"video{number}" / "name").read_text(errors="replace").strip()
        except OSError:
            if (described := v4l2.describe(node)) is not None:
                cards[number] = described[0]
    return cards


def _nodes(devices: Path) -> dict[int, Path]:
    nodes = {number_of(node): node for node in devices.glob("video*")}
    return {number: nodes[number] for number in sorted(nodes) if number >= 0}


def _of_windows(backend: str) -> list[AttachedDevice]:
    return [
        AttachedDevice(windows_identity(one.path), one.name, one.index)
        for one in _enumerated(backend)
    ]


class _Enumerated(Protocol):
    """A camera as Windows lists it; `path` is None for one that is only a program."""

    index: int
    name: str
    path: str | None


def _enumerated(backend: str) -> list[_Enumerated]:
    found: list[_Enumerated] = []
    if sys.platform == "win32":
        import cv2  # noqa: PLC0415 - only needed on Windows
        from cv2_enumerate_cameras import enumerate_cameras  # noqa: PLC0415

        found += enumerate_cameras(cv2.CAP_DSHOW)
        if backend == "msmf" and found:  # without a camera, the library frees what it never had
            found = list(enumerate_cameras(cv2.CAP_MSMF))
    return found


def direct_show_name(index: int) -> str:
    """Return the name by which FFmpeg finds the device with this number, or "" if there is none.

    It is the device's own path, which two cameras of one model do not share. A camera that is only
    a program has none; then it is the name that is shown, if no other camera has it.
    """
    listed = _enumerated("dshow")
    wanted = next((one for one in listed if one.index == index), None)
    if wanted is None:
        return ""
    if wanted.path:
        # a colon would end the name
        return "@device_pnp_" + wanted.path.replace(":", "_")
    is_alone = [one.name for one in listed].count(wanted.name) == 1
    return wanted.name if is_alone and ":" not in wanted.name else ""


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
