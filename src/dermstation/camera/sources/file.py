"""A video file, a picture, or a folder of pictures, played in a loop like a camera.

Lives in the camera process, so that crafted bytes are never decoded in the station's process. JPEG
bytes are passed on unchanged; PNG is decoded. Only the last part of a path is ever shown.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding
from dermstation.camera.packets import (
    MOST_PIXELS,
    jpeg_outline,
    png_size,
    self_contained,
)
from dermstation.camera.source import Mode, RawFrame
from dermstation.camera.sources.ffmpeg import set_options
from dermstation.camera.sources.video import VideoReader, open_video
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.wholeness import is_whole
from dermstation.plain_files import read_plain

PICTURE_FPS = 12.0
PICTURE_SHOWN_S = 1.0
MOST_BYTES = 64 * 2**20
_LONGEST_WAIT_S = 0.1
_PICTURES = frozenset({".jpg", ".jpeg", ".png"})
_FALLBACK_FPS = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    encoding: Encoding
    width: int
    height: int
    payload: NDArray[np.uint8]


class FilePictures:
    """A picture, or the pictures of a folder in order of name, each shown for about a second."""

    is_recording = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: list[Path] = []
        self._turn = -1
        self._shown: _Picture | None = None
        self._started_s = self._due_s = 0.0
        self.label = f"Pictures in {path.name}"

    def open(self) -> Mode:
        """List the pictures and read the first. Raises StationError CAMERA_ABSENT if none."""
        if self._path.is_dir():
            self._files = sorted(
                file for file in self._path.iterdir() if file.suffix.lower() in _PICTURES
            )
        else:
            self._files = [self._path] if self._path.is_file() else []
        self._turn = -1
        self._show_next()
        if self._shown is None:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        self._due_s = time.perf_counter()
        return Mode(self._shown.width, self._shown.height, PICTURE_FPS)

    def read(self) -> RawFrame | None:
        """Return the current picture with a new instant, or None if it is not due yet."""
        if not _wait_until(self._due_s):
            return None
        now_s = time.perf_counter()
        self._due_s = max(self._due_s + 1 / PICTURE_FPS, now_s)
        if now_s - self._started_s >= PICTURE_SHOWN_S and len(self._files) > 1:
            self._show_next()
        if self._shown is None:
            raise StationError(ErrorCode.CAMERA_ABSENT)
        shown = self._shown
        return RawFrame(
            time.perf_counter_ns(), shown.encoding, shown.width, shown.height, shown.payload
        )

    def close(self) -> None:
        """Drop the current picture."""
        self._shown = None

    def _show_next(self) -> None:
        """Move on to the next readable file, going through the list at most once."""
        self._shown = None
        for _ in range(len(self._files)):
            self._turn = (self._turn + 1) % len(self._files)
            self._shown = _read_picture(self._files[self._turn])
            if self._shown is not None:
                break
        self._started_s = time.perf_counter()


class FileVideo:
    """A video file, played at its own frame rate."""

    is_recording = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: VideoReader | None = None
        self._due_s = 0.0
        self.label = f"Video {path.name}"

    def open(self) -> Mode:
        """Open the file at its beginning.

        Raises StationError CAMERA_ABSENT, CAMERA_FAILED or IMAGE_TOO_LARGE.
        """
        if not self._path.is_file():
            raise StationError(ErrorCode.CAMERA_ABSENT)
        try:
            self._reader = open_video(self._opened)
        except StationError:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_a_video") from None
        mode = self._reader.mode
        if mode.width * mode.height > MOST_PIXELS:
            self.close()
            raise StationError(ErrorCode.IMAGE_TOO_LARGE, most_pixels=MOST_PIXELS)
        self._due_s = time.perf_counter()
        return mode

    def read(self) -> RawFrame | None:
        """Return the next picture, or None if it is not due yet; start again after the last."""
        if self._reader is None:
            raise StationError(ErrorCode.CAMERA_FAILED, reason="not_open")
        if not _wait_until(self._due_s):
            return None
        rate = self._reader.mode.fps or _FALLBACK_FPS
        self._due_s = max(self._due_s + 1 / rate, time.perf_counter())
        try:
            return self._reader.read()
        except StationError:
            self.close()
            self.open()
            return None

    def close(self) -> None:
        """Close the file."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _opened(self, packets: bool) -> cv2.VideoCapture:
        set_options(protocol_whitelist="file")
        settings = [cv2.CAP_PROP_FORMAT, -1] if packets else []
        return cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG, settings)


def file_source(path: Path) -> FilePictures | FileVideo:
    """Return the source for a path: pictures for a folder or picture file, else video."""
    if path.is_dir() or path.suffix.lower() in _PICTURES or not path.suffix:
        return FilePictures(path)
    return FileVideo(path)


def _wait_until(due_s: float) -> bool:
    """Wait at most 0.1 s for an instant of perf_counter; return whether it has come."""
    left_s = due_s - time.perf_counter()
    if left_s > 0:
        time.sleep(min(left_s, _LONGEST_WAIT_S))
    return left_s <= _LONGEST_WAIT_S


def _read_picture(file: Path) -> _Picture | None:
    """Return the picture in a file, or None if it is too large, cut off or not a picture."""
    try:
        data = read_plain(file, MOST_BYTES, follows_link=True)
    except OSError:
        return None
    return _read_png(data) if png_size(data) else _read_jpeg(data)


def _read_jpeg(data: bytes) -> _Picture | None:
    outline = jpeg_outline(data)
    if outline is None or outline.width * outline.height > MOST_PIXELS:
        return None
    packet = self_contained(data, outline)
    if not is_whole(packet):
        return None
    payload = np.frombuffer(packet, np.uint8)
    return _Picture(Encoding.JPEG, outline.width, outline.height, payload)


def _read_png(data: bytes) -> _Picture | None:
    size = png_size(data)
    if size is None or not 0 < size[0] * size[1] <= MOST_PIXELS:
        return None
    image = cv2.imdecode(
        np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if image is None:
        return None
    return _Picture(Encoding.BGR, image.shape[1], image.shape[0], np.asarray(image, np.uint8))
