"""Read OpenCV's VideoCapture, and keep the camera's own JPEG packets if it delivers them.

Lives in the camera process. Packets that are JPEG are passed on undecoded, torn ones too: the gate
refuses those. OpenCV would fill what is missing of them from an older frame
(docs/adr/0059-torn-frames.md). Any other stream is decoded to BGR. Which of the two it is depends
on the format that the driver grants, not on what comes first or how soon
(docs/adr/0067-cameras-that-look-alike.md).
"""

import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import jpeg_outline, self_contained
from dermstation.camera.source import JPEG_CODINGS, Mode, RawFrame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.jpeg_segments import START

PATIENCE_S = 6.0  # of an attached camera; some give their first picture seconds after opening
_FIRST_READS = 5
_FIRST_PACKETS = 60  # of a stream that is said to be JPEG: its first packets may be torn
_ERROR_WITHIN_S = 0.3  # a read that fails sooner has met an error, and was not out of time


class VideoReader:
    """An open cv2.VideoCapture that has given a first frame."""

    def __init__(self, video: cv2.VideoCapture, first: RawFrame, coding: str) -> None:
        self.video = video
        self._first: RawFrame | None = first
        self._keeps_packets = first.encoding is Encoding.JPEG
        self.mode = Mode(
            first.width,
            first.height,
            _rate(video),
            coding,
            keeps_packets=self._keeps_packets,
            adds_tables=not first.has_tables,
        )

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


def coding_of(video: cv2.VideoCapture) -> str:
    """Return the pixel format of a stream as OpenCV names it, in four letters, or ""."""
    code = int(video.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    letters = code.to_bytes(4, "little")
    return letters.decode("ascii").strip() if letters.isascii() and code else ""


def open_video(
    opened: Callable[[bool], cv2.VideoCapture],
    granted: Callable[[cv2.VideoCapture], str] = coding_of,
    patience_s: float = 0.0,
) -> VideoReader:
    """Open a video, asking for packets first, then for decoded frames.

    `opened(packets)` makes the VideoCapture, and `granted` names the format of its stream. A stream
    of JPEG is decoded only if OpenCV decodes it in any case. The first picture may take
    `patience_s`. Raises StationError CAMERA_ABSENT if the video does not open, CAMERA_STALLED if
    time runs out, CAMERA_TORN if no packet can be read, and CAMERA_FAILED for any other reason.
    """
    was_open = False
    for packets in (True, False):
        video = opened(packets)
        was_open = was_open or video.isOpened()
        if video.isOpened():
            coding = granted(video)
            reader = reader_of(video, coding, packets=packets, patience_s=patience_s)
            if reader is not None:
                return reader
    raise StationError(ErrorCode.CAMERA_FAILED if was_open else ErrorCode.CAMERA_ABSENT)


def reader_of(
    video: cv2.VideoCapture, coding: str, *, packets: bool, patience_s: float
) -> VideoReader | None:
    """Wait for the first frame of an open video; release it and return None if none comes.

    Raises StationError as `open_video` does.
    """
    first = None
    try:
        first = _first_frame(video, coding, packets=packets, patience_s=patience_s)
    finally:
        if first is None:
            video.release()
    return VideoReader(video, first, coding) if first is not None else None


def _first_frame(
    video: cv2.VideoCapture, coding: str, *, packets: bool, patience_s: float
) -> RawFrame | None:
    """Return the first frame, or None if the stream gives none of this kind.

    The headers of a torn packet are enough to tell how large the pictures are.
    """
    is_jpeg = packets and coding.upper() in JPEG_CODINGS
    # without the driver's word there may be no packets to wait for
    until_s = time.perf_counter() + (patience_s if is_jpeg or not packets else 0)
    for _ in range(_FIRST_PACKETS if is_jpeg else _FIRST_READS):
        image = _first_image(video, until_s)
        if image is None:
            if is_jpeg:
                raise StationError(ErrorCode.CAMERA_FAILED, reason="no_packets")
            return None
        if (raw := _raw(image, packets=packets)) is not None:
            return raw
        is_decoded = image.ndim == 3  # noqa: PLR2004 - height, width, colours
        begins_as_jpeg = bytes(image.reshape(-1)[: len(START)]) == START
        if packets and (is_decoded or not (is_jpeg or begins_as_jpeg)):
            return None
    if is_jpeg:
        raise StationError(ErrorCode.CAMERA_TORN)
    return None


def _first_image(video: cv2.VideoCapture, until_s: float) -> NDArray[np.uint8] | None:
    """Wait for an image, also after the time limit of a read has passed; None after an error.

    Raises StationError CAMERA_STALLED if none has come by `until_s`, unless that was at once.
    """
    may_wait = time.perf_counter() < until_s
    while True:
        began_s = time.perf_counter()
        good, image = video.read()
        now_s = time.perf_counter()
        if good:
            return np.asarray(image)
        if not may_wait or now_s - began_s < _ERROR_WITHIN_S:
            return None
        if now_s >= until_s:
            raise StationError(ErrorCode.CAMERA_STALLED)


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
    marks = (outline.has_end, outline.has_tables)
    known = outline if outline.is_self_contained else None
    return RawFrame(captured_at_ns, Encoding.JPEG, *size, packet, *marks, known)


def _rate(video: cv2.VideoCapture) -> float:
    rate = float(video.get(cv2.CAP_PROP_FPS))
    return rate if 0 < rate <= 1000 else 0.0  # noqa: PLR2004 - other values are a driver's nonsense
