"""The pictures that the station lets in from the lab's camera, and how they are told apart."""

import hashlib
import time

from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from tests.lab.plugged import UsbCamera
from tests.lab.usb.camera import HUFFMAN_TABLES, segments
from tests.lab.waiting import until

PADDING = 777
NEVER_S = 4.0  # nothing else may happen for so long
_POLL_S = 0.01


def let_in_torn(link: CameraLink, camera: UsbCamera) -> int:
    """Return how many pictures are let in while the camera sends none that is whole.

    A whole one that was under way may still come.
    """
    last = link.newest()
    came_in: list[Frame] = []
    ends_at = time.monotonic() + NEVER_S
    while time.monotonic() < ends_at:
        frame = link.newest(-1 if last is None else last.sequence)
        if frame is not None:
            came_in.append(frame)
            last = frame
        time.sleep(_POLL_S)
    return len(came_in) - camera.known_whole(hashes_of(came_in))


def new_frames(link: CameraLink, count: int) -> list[Frame]:
    got: list[Frame] = []
    last = -1

    def is_new() -> bool:
        nonlocal last
        frame = link.newest(last)
        if frame is not None:
            got.append(frame)
            last = frame.sequence
        return len(got) >= count

    until(is_new, f"{count} pictures")
    return got


def without_tables(frame: Frame) -> bytes:
    """Return a picture without the tables that the station added."""
    return b"".join(segments(frame.payload.tobytes(), without=HUFFMAN_TABLES))


def padded(frame: Frame) -> bytes:
    """Return a picture with the padding that the station took off."""
    return frame.payload.tobytes() + bytes(PADDING)


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hashes_of(frames: list[Frame]) -> list[str]:
    return [sha256_of(one.payload.tobytes()) for one in frames]


def encodings_of(frames: list[Frame]) -> str:
    return ", ".join(sorted({one.encoding.name for one in frames}))
