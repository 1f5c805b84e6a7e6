"""Open a played camera of DirectShow in real camera processes, and print what came as JSON.

Run as a program: `played_direct_show.py FOLDER`. A camera process imports this module too: it has
the camera that the folder of PLAYED_CAMERA describes.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from dermstation.camera.spec import CameraKind, CameraSpec
from tests.faults.camera.direct_show_camera import install, serve_camera
from tests.faults.camera.direct_show_records import Format
from tests.torn_pictures import without_tables

SIZE = (320, 240)
PATIENCE_S = 120.0
_ENOUGH, _SENT = 6, 8
_RAW, _JPEG = ["YUY2", *SIZE, [5, 10]], ["MJPG", *SIZE, [5, 30]]
_turn = itertools.count()

if "PLAYED_CAMERA" in os.environ:
    folder = Path(os.environ["PLAYED_CAMERA"])

    def _formats() -> tuple[Format, ...]:
        listed = json.loads((folder / "formats.json").read_text())
        return tuple(Format(*one[:3], rates=(one[3][0], one[3][1])) for one in listed)

    def _picture(form: Format) -> bytes:
        while (folder / "silent").exists():
            time.sleep(0.02)
        turn = next(_turn)
        if form.letters == "MJPG":
            return (folder / f"{turn % _SENT}.jpg").read_bytes()
        return bytes([80 + turn % 50, 128]) * (form.width * form.height)

    _kept = serve_camera(_formats, _picture)


def main(place: Path) -> None:
    """Play every situation, and print the outcomes."""
    os.environ["PLAYED_CAMERA"] = str(place)
    try:
        remove = install("Played camera")
    except PermissionError:
        sys.stdout.write(json.dumps({"skipped": "it takes an administrator to enter a camera"}))
        return
    plain = [_packet(seed) for seed in range(_SENT)]
    try:
        outcomes = {
            "plain": _seen(place, plain, bytes, plain),
            "no tables": _seen(place, [without_tables(one) for one in plain], without_tables),
            "padding": _seen(place, [one + bytes(777) for one in plain], bytes, plain),
            "silent": _silenced(place),
        }
    finally:
        remove()
    sys.stdout.write(json.dumps(outcomes) + "\n")


def _seen(
    place: Path,
    sent: list[bytes],
    as_sent: Callable[[bytes], bytes],
    wanted: list[bytes] | None = None,
) -> dict[str, Any]:
    """Play a camera with these packets; return how it was opened and how its pictures came."""
    for number, packet in enumerate(sent):
        (place / f"{number}.jpg").write_bytes(packet)
    (place / "formats.json").write_text(json.dumps([_RAW, _JPEG]))
    with _opened() as link:
        frames = _frames(link)
        mode = link.status().mode
    own = sum(as_sent(one.payload.tobytes()) in (wanted or sent) for one in frames)
    return {
        "backend": mode.backend,
        "coding": mode.coding,
        "form": frames[-1].encoding.name,
        "own": own,
        "tables added": mode.adds_tables,
    }


def _silenced(place: Path) -> dict[str, Any]:
    """Let the camera go silent for a while; return how it comes back."""
    silent = place / "silent"
    with _opened() as link:
        last = _frames(link)[-1]
        silent.touch()
        _wait(lambda: link.status().restarts, link)
        silent.unlink()
        _wait(lambda: _frames(link, last.sequence), link)
        status = link.status()
        return {"backend": status.mode.backend, "state": status.state.value}


def _opened() -> CameraLink:
    spec = CameraSpec(CameraKind.DEVICE, index=0)
    return CameraLink(spec, width=SIZE[0], height=SIZE[1])


def _frames(link: CameraLink, after: int = -1) -> list[Frame]:
    frames: list[Frame] = []

    def are_enough() -> bool:
        frame = link.newest(frames[-1].sequence if frames else after)
        frames.extend([frame] if frame is not None else [])
        return len(frames) >= _ENOUGH

    _wait(are_enough, link)
    return frames


def _wait(condition: Callable[[], object], link: CameraLink) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until_s, link.status()
        time.sleep(0.005)


def _packet(seed: int) -> bytes:
    small = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8)
    large = small.repeat(SIZE[1] // 24, axis=0).repeat(SIZE[0] // 32, axis=1)
    return cv2.imencode(".jpg", large)[1].tobytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
