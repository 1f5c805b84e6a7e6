"""Read OpenCV's VideoCapture, and keep the camera's own JPEG packets if it delivers them.

Lives in the camera process. Packets that are JPEG are passed on undecoded, torn ones too: the gate
refuses those. OpenCV would fill what is missing of them from an older frame
(docs/adr/0059-torn-frames.md). Any other stream is decoded to BGR.
"""

import os
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import jpeg_outline, self_contained
from dermstation.camera.source import Mode, RawFrame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.jpeg_segments import START

_FIRST_READS = 5
_FIRST_PACKETS = 60  # of a stream that is said to be JPEG: its first packets may be torn
_JPEG_CODES = frozenset({b"MJPG", b"JPEG"})


class VideoReader:
    """An open cv2.VideoCapture that has given a first frame."""

    def __init__(self, video: cv2.VideoCapture, first: RawFrame) -> None:
        self.video = video
        self._first: RawFrame | None = first
        self._keeps_packets = first.encoding is Encoding.JPEG
        self.mode = Mode(first.width, first.height, _rate(video))

    def read(self) -> RawFrame | None:
        """Wait for the next frame and return it, or None if it is not whole.

        Raises StationError CAMERA_FAILED if the stream has ended or its time limit has passed;
        OpenCV delivers nothing more after that.
        """
        if self._first is not None:
            first, self._first = self._first, None
            return first
        good, image = self.video.read()
        if not good:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="no_more_frames")
        return _raw(image, packets=self._keeps_packets)

    def close(self) -> None:
        """Release the device."""
        self.video.release()


def open_video(opened: Callable[[bool], cv2.VideoCapture]) -> VideoReader:
    """Open a video, asking for packets first, then for decoded frames.

    `opened(packets)` makes the VideoCapture. Raises StationError CAMERA_ABSENT if it does not
    open, CAMERA_FAILED if it opens but delivers no frame.
    """
    was_open = False
    for packets in (True, False):
        video = opened(packets)
        was_open = was_open or video.isOpened()
        if video.isOpened() and (first := _first_frame(video, packets=packets)) is not None:
            return VideoReader(video, first)
        video.release()
    raise StationError(ErrorCode.CAMERA_FAILED if was_open else ErrorCode.CAMERA_ABSENT)


def ffmpeg_options(**options: str) -> None:
    """Set FFmpeg's options for the next open; OpenCV offers no other way to pass them."""
    text = "|".join(f"{name};{value}" for name, value in options.items())
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = text


def _first_frame(video: cv2.VideoCapture, *, packets: bool) -> RawFrame | None:
    """Return the first frame, or None if the stream gives none of this kind.

    The headers of a torn packet are enough to tell how large the pictures are.
    """
    reads = _FIRST_PACKETS if packets and _sends_jpeg(video) else _FIRST_READS
    for _ in range(reads):
        good, image = video.read()
        if not good:
            return None
        if (raw := _raw(image, packets=packets)) is not None:
            return raw
        decoded = image.ndim == 3  # noqa: PLR2004 - height, width, colours: it decodes all the same
        is_jpeg = bytes(image.reshape(-1)[: len(START)]) == START
        if packets and (decoded or (reads == _FIRST_READS and not is_jpeg)):
            return None
    return None


def _sends_jpeg(video: cv2.VideoCapture) -> bool:
    """Return whether the driver says that it sends JPEG."""
    code = int(video.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    return code.to_bytes(4, "little").upper() in _JPEG_CODES


def _raw(image: object, *, packets: bool) -> RawFrame | None:
    captured_at_ns = time.perf_counter_ns()
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        return None
    pixels: NDArray[np.uint8] = image
    if not packets:
        if pixels.ndim != 3 or pixels.shape[2] != 3:  # noqa: PLR2004 - height, width, BGR
            return None
        height, width = pixels.shape[:2]
        return RawFrame(captured_at_ns, Encoding.BGR, width, height, pixels)
    data = pixels.tobytes()
    outline = jpeg_outline(data)
    if outline is None:
        return None
    packet = np.frombuffer(self_contained(data, outline), np.uint8)
    size = (outline.width, outline.height)
    return RawFrame(captured_at_ns, Encoding.JPEG, *size, packet, outline.has_end)


def _rate(video: cv2.VideoCapture) -> float:
    rate = float(video.get(cv2.CAP_PROP_FPS))
    return rate if 0 < rate <= 1000 else 0.0  # noqa: PLR2004 - other values are a driver's nonsense
