"""The station's memory of its cameras: which one takes which shot, and how each is driven.

It is a small JSON file in the station's home, with nothing about a patient. If the file or a part
of it cannot be read, a warning is logged and the defaults are used; the station always starts.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dermstation.camera.controls import Control, Wanted
from dermstation.camera.discovery import backends
from dermstation.camera.pixel_cause import PixelCause
from dermstation.camera.spec import CameraSpec, parse_camera
from dermstation.domain.errors import StationError
from dermstation.domain.shots import ShotKind
from dermstation.files import OWNER_ONLY, write_file
from dermstation.plain_files import read_plain

log = logging.getLogger(__name__)

VERSION = 1
_MOST_BYTES = 1 << 20
_BACKENDS = frozenset({"v4l2", "ffmpeg", "dshow", "msmf", "any"})
OWN_BYTES = "own_bytes"
_PICTURES = frozenset({OWN_BYTES, *PixelCause})


@dataclass(frozen=True, slots=True)
class CameraMemory:
    """The memory of one camera.

    `backend` is the best OpenCV back end, empty if none was tried; `fps` is the frame rate that
    each back end gave in its trial; `controls` are the chosen values, None for automatic.
    `pictures` says how pictures came when it was tried last: OWN_BYTES, why as pixels, or empty.
    """

    backend: str = ""
    fps: Mapping[str, float] = field(default_factory=dict)
    controls: Wanted = field(default_factory=dict)
    pictures: str = ""

    @property
    def pinned_backend(self) -> str:
        """Return the back end to open the camera with, or "" for the usual order.

        The first of that order needs no pin: the others stay behind it. One that was chosen before
        the first could be tried is not the best for certain.
        """
        usual = backends()
        is_usual = self.backend == usual[0] or usual[0] not in self.fps
        return "" if self.backend in usual and is_usual else self.backend


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """The camera of each shot (as text, as in the setting `camera`), and the memory of each camera.

    A shot that is not named is taken by the camera of the settings. With `locks_controls`, exposure
    and white balance stay as they are for the length of an episode.
    """

    shots: Mapping[ShotKind, str] = field(default_factory=dict)
    cameras: Mapping[str, CameraMemory] = field(default_factory=dict)
    locks_controls: bool = False

    def spec_of(self, camera: str) -> CameraSpec:
        """Return the spec of a camera with its remembered back end and controls.

        Raises StationError CAMERA_NOT_KNOWN.
        """
        memory = self.cameras.get(camera, CameraMemory())
        controls = tuple(sorted(memory.controls.items()))
        spec = parse_camera(camera)
        return replace(spec, backend=memory.pinned_backend, controls=controls)

    def with_camera_for(self, shot: ShotKind, camera: str) -> "CameraSetup":
        """Return the setup with another camera for `shot`; an empty text: that of the settings."""
        shots = {**self.shots, shot: camera}
        return replace(self, shots={kind: text for kind, text in shots.items() if text})

    def with_memory(self, camera: str, memory: CameraMemory) -> "CameraSetup":
        """Return the setup with `memory` as the new memory of `camera`."""
        return replace(self, cameras={**self.cameras, camera: memory})


def load_setup(file: Path) -> CameraSetup:
    """Read the setup; leave out whatever is missing or wrong, with a warning."""
    try:
        data = json.loads(read_plain(file, _MOST_BYTES, follows_link=True))
    except FileNotFoundError:
        return CameraSetup()
    except (OSError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("version") != VERSION:
        log.warning("the file of the cameras cannot be read; nothing is remembered of them")
        return CameraSetup()
    shots, cameras = {}, {}
    for kind, camera in _items(data, "shots"):
        if kind in set(ShotKind) and _is_camera(camera):
            shots[ShotKind(kind)] = camera
        else:
            log.warning("a camera for a shot is not usable and was left out")
    for camera, memory in _items(data, "cameras"):
        if _is_camera(camera) and isinstance(memory, dict):
            cameras[camera] = _memory(memory)
        else:
            log.warning("what was remembered of a camera is not usable and was left out")
    return CameraSetup(shots, cameras, data.get("locks_controls") is True)


def save_setup(setup: CameraSetup, file: Path) -> None:
    """Write the setup, whole or not at all. Raises OSError."""
    data = {
        "version": VERSION,
        "shots": {kind.value: camera for kind, camera in setup.shots.items()},
        "cameras": {
            camera: {
                "backend": memory.backend,
                "fps": dict(memory.fps),
                "controls": {control.value: value for control, value in memory.controls.items()},
                "pictures": memory.pictures,
            }
            for camera, memory in setup.cameras.items()
        },
        "locks_controls": setup.locks_controls,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    # a network camera's address may hold its password
    write_file(file, content.encode(), OWNER_ONLY)


def _items(data: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    part = data.get(name, {})
    if isinstance(part, dict):
        return list(part.items())
    log.warning("a part of the file of the cameras cannot be read and was left out")
    return []


def _is_camera(text: object) -> bool:
    try:
        return isinstance(text, str) and parse_camera(text) is not None
    except StationError:
        return False


def _memory(data: Mapping[str, Any]) -> CameraMemory:
    backend = data.get("backend")
    controls = {
        Control(name): value
        for name, value in _items(data, "controls")
        if name in set(Control) and (value is None or _is_number(value))
    }
    fps = {name: value for name, value in _items(data, "fps") if _is_number(value)}
    backend = backend if backend in _BACKENDS else ""
    pictures = str(data.get("pictures", ""))
    return CameraMemory(backend, fps, controls, pictures if pictures in _PICTURES else "")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
