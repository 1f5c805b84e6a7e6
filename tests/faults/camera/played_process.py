"""Open played cameras of `v4l2_node.c` in real camera processes, and print what came as JSON.

Run as a program, with the library loaded before libc: `played_process.py FOLDER`. A camera process
imports this module too, and so looks for its devices where PLAYED_SYSTEM says.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from dermstation.camera import discovery
from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink, LinkState
from dermstation.camera.pixel_cause import pixel_cause
from dermstation.camera.sources import attached
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.cli import main as main_of_station
from dermstation.domain.errors import ErrorCode
from dermstation.workflow import camera_check
from tests.torn_pictures import without_tables
from tests.unit.camera.usb_place import Place, Plugged

SIZE = (320, 240)
SENT = 8
PATIENCE_S = 120.0
_ENOUGH = 4
_HUES = {"1": 90, "2": 160}  # of the cameras in the sockets
_GARBAGE = bytes(range(256)) * 3 + b"\xff\xd8\xff\xdb\x00\x04rest\xff\xd9"

if "PLAYED_SYSTEM" in os.environ:
    root = Path(os.environ["PLAYED_SYSTEM"])
    discovery.DEVICES = attached.DEVICES = root / "dev"
    discovery.SYSTEM = root / "sys" / "class" / "video4linux"


def main(folder: Path) -> None:
    """Play every situation, and print the outcomes."""
    outcomes = {**_packets(folder), "pixels": _pixels(folder), "alike": _alike(folder)}
    sys.stdout.write(json.dumps(outcomes) + "\n")


def _packets(folder: Path) -> dict[str, Any]:
    """Play a camera whose packets are whole but unusual, and torn ones between them."""
    _boot(folder / "one", {60: "1"})
    found: dict[str, Any] = {}
    plain = [_packet(seed) for seed in range(SENT)]
    bare = [without_tables(one) for one in plain]
    _send(folder, bare)
    _tell(folder)
    found["listed"] = _listed(folder, "device:60")
    with _opened(60) as link:
        found["no tables"] = _seen(link, _all_of(bare, as_sent=without_tables))
        found["no tables"]["tables added"] = link.status().mode.adds_tables
        _tell(folder, cut=2000)
        _wait(lambda: link.status().detail_code is ErrorCode.CAMERA_TORN)
        newest = link.newest()
        _wait(lambda: link.status().state is LinkState.STALLED)
        found["torn let in"] = link.newest() is not newest
        _tell(folder)
        for name, behind in (("padding", bytes(777)), ("garbage", _GARBAGE)):
            packets = [_packet(100 * len(found) + seed) for seed in range(SENT)]
            _send(folder, [one + behind for one in packets])
            found[name] = _seen(link, _all_of(packets, as_sent=bytes))
    return found


def _listed(folder: Path, camera: str) -> dict[str, Any]:
    """Return what `dermstation cameras --json` says of a camera."""
    camera_check.MEASURED_OVER_S = 0.3
    words = ["--home", str(folder / "home"), "cameras", "--json", "--camera", camera]
    with redirect_stdout(io.StringIO()) as printed:
        assert main_of_station(words) == 0
    (listed,) = json.loads(printed.getvalue())["cameras"]
    (backend,) = listed["backends"]
    return {name: backend[name] for name in ("coding", "keeps_packets", "adds_tables")}


def _pixels(folder: Path) -> dict[str, Any]:
    """Play a camera that has no JPEG."""
    _boot(folder / "two", {60: "1"})
    _tell(folder, jpeg=0, hue=_HUES["1"])
    with _opened(60) as link:
        seen = _seen(link, lambda frame: _colour(frame) == "1")
        mode = link.status().mode
        return seen | {"coding": mode.coding, "why": pixel_cause(CameraKind.DEVICE, mode).value}


def _alike(folder: Path) -> dict[str, str]:
    """Play two cameras of one model, and a restart after which they have each other's number."""
    found = {}
    for name, sockets in (("before", {60: "1", 61: "2"}), ("after", {60: "2", 61: "1"})):
        place = _boot(folder / name, sockets)
        _tell(folder, jpeg=0, **{f"hue{node}": _HUES[one] for node, one in sockets.items()})
        with ExitStack() as stack:
            for socket in _HUES:
                identity = f"by-path/{Plugged(0, socket, None).by_path}"
                assert (place.devices / "v4l" / identity).exists()
                link = stack.enter_context(_opened(-1, identity))
                found[f"{name} {socket}"] = _colour(_frames(link)[-1])
    return found


def _boot(system: Path, sockets: dict[int, str]) -> Place:
    """Let the system have cameras of one model, by the number of each its socket."""
    place = Place(system)
    place.devices.mkdir(parents=True)
    for number, socket in sockets.items():
        node = place.devices / f"video{number}"
        os.mknod(node)  # to open it would open the played camera
        place.plug(Plugged(number, socket, serial=None))
        os.utime(node, (1_000_000_000, 1_000_000_000))
    os.environ["PLAYED_SYSTEM"] = str(system)
    return place


def _opened(number: int, identity: str = "") -> CameraLink:
    return CameraLink(
        CameraSpec(CameraKind.DEVICE, index=number, identity=identity),
        width=SIZE[0],
        height=SIZE[1],
    )


def _tell(folder: Path, **told: int) -> None:
    lines = {"jpeg": 1, **told}.items()
    new = folder / "told.new"
    new.write_text("".join(f"{name} {value}\n" for name, value in lines))
    new.replace(folder / "told")


def _send(folder: Path, packets: Iterable[bytes]) -> None:
    for number, packet in enumerate(packets):
        file = folder / "pictures" / "60" / f"{number}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_bytes(packet)
        new.replace(file)


def _packet(seed: int) -> bytes:
    small = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8)
    return cv2.imencode(".jpg", cv2.resize(small, SIZE))[1].tobytes()


def _all_of(sent: list[bytes], as_sent: Callable[[bytes], bytes]) -> Callable[[Frame], bool]:
    return lambda frame: as_sent(frame.payload.tobytes()) in sent


def _seen(link: CameraLink, is_own: Callable[[Frame], bool]) -> dict[str, Any]:
    """Wait for the first picture of this situation, and return how the next ones came."""

    def has_come() -> bool:
        frame = link.newest()
        return frame is not None and is_own(frame)

    _wait(has_come)
    frames = _frames(link)
    return {"form": frames[-1].encoding.name, "own": all(map(is_own, frames))}


def _frames(link: CameraLink) -> list[Frame]:
    frames: list[Frame] = []

    def are_enough() -> bool:
        frame = link.newest(frames[-1].sequence if frames else -1)
        if frame is not None:
            frames.append(frame)
        return len(frames) == _ENOUGH

    _wait(are_enough)
    return frames


def _colour(frame: Frame) -> str:
    """Return the socket whose camera sends this colour."""
    blue, _, red = (float(one) for one in frame.payload.reshape(-1, 3).mean(axis=0))
    is_alike = abs(blue - red) < 40
    return "neither" if frame.payload.ndim != 3 or not is_alike else "12"[blue > 128]


def _wait(condition: Callable[[], object]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s, "the condition never became true"
        time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
