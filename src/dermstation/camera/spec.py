"""Parse the setting `camera` into a camera spec. Opens nothing; used in any process."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from dermstation.camera.controls import Control
from dermstation.camera.sources.simulated.knobs import Knobs
from dermstation.domain.errors import ErrorCode, StationError

MOST_DEVICES = 64
BY_ID, BY_PATH = "by-id/", "by-path/"
_NETWORK_SCHEMES = frozenset({"http", "https", "rtsp"})
_LONGEST_IDENTITY = 300


class CameraKind(StrEnum):
    """The kinds of cameras."""

    AUTO = "auto"
    SIMULATED = "sim"
    DEVICE = "device"
    FILE = "file"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """A camera and how to open it.

    `index` is a device's number. `identity` identifies a device in whichever socket it is plugged
    in ("by-id/..."), or the socket it is plugged into ("by-path/..."); if set, `index` is ignored.
    `address` is a path or URL; it may hold a credential, so the repr leaves it out and it reaches
    no log. `backend` is the OpenCV back end to use ("v4l2", "dshow", "msmf"; empty for the
    platform's usual order). `controls` are set each time the device is opened; those in `lock` are
    fixed at the values the camera has chosen once it has settled. If `simulated_allowed` is False,
    no picture is ever simulated, because it could be mistaken for the patient's. `tries_packets` is
    False after the way to a camera's packets on Windows has hung.
    """

    kind: CameraKind
    index: int = -1
    address: str = field(default="", repr=False)
    knobs: Knobs = field(default_factory=Knobs)
    identity: str = ""
    backend: str = ""
    controls: tuple[tuple[Control, float | None], ...] = ()
    lock: frozenset[Control] = frozenset()
    simulated_allowed: bool = True
    tries_packets: bool = True

    def after_restart(self) -> "CameraSpec":
        """Return the spec for the next camera process after one was lost."""
        return replace(self, knobs=self.knobs.after_restart())


def parse_camera(text: str) -> CameraSpec:
    """Parse the text that names a camera.

    `auto`, `sim`, `sim:KNOB=VALUE,...`, `device:N`, `device:by-id/NAME`, `device:by-path/NAME`,
    `file:PATH`, or an http(s)/rtsp URL.

    Raises StationError CAMERA_NOT_KNOWN for anything else.
    """
    text = text.strip()
    head, colon, rest = text.partition(":")
    kind = head.lower()
    try:
        spec = _read(text, kind, rest, given=bool(colon)) if text.isprintable() else None
    except (ValueError, StationError):
        spec = None
    if spec is None:
        raise StationError(ErrorCode.CAMERA_NOT_KNOWN)
    return spec


def _read(text: str, kind: str, rest: str, *, given: bool) -> CameraSpec | None:
    if kind == "auto" and not given:
        return CameraSpec(CameraKind.AUTO)
    if kind == "sim":
        return CameraSpec(CameraKind.SIMULATED, knobs=_knobs(rest, given=given))
    if kind == "device":
        return _device(rest)
    if kind == "file" and rest:
        return CameraSpec(CameraKind.FILE, address=rest)
    if kind in _NETWORK_SCHEMES and urlsplit(text).hostname and urlsplit(text).port != 0:
        return CameraSpec(CameraKind.NETWORK, address=text)
    return None


def _knobs(text: str, *, given: bool) -> Knobs:
    if not given:
        return Knobs()
    turns = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or name.strip() in turns:
            raise ValueError
        turns[name.strip()] = value.strip()
    return Knobs().turned(turns)


def _device(text: str) -> CameraSpec:
    if text.startswith((BY_ID, BY_PATH)):
        return CameraSpec(CameraKind.DEVICE, identity=_identity(text))
    return CameraSpec(CameraKind.DEVICE, index=_device_index(text))


def _device_index(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < MOST_DEVICES):
        raise ValueError
    return int(text)


def _identity(text: str) -> str:
    folder, _, name = text.partition("/")
    if not name or len(text) > _LONGEST_IDENTITY or name in {".", ".."} or "/" in name:
        raise ValueError(folder)
    return text
