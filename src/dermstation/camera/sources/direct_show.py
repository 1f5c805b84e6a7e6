"""A camera's own packets on Windows, by FFmpeg's DirectShow input. Lives in the camera process.

OpenCV's own back ends for Windows ask the system for decoded pictures. This one, which is in
OpenCV's FFmpeg, takes the first format of the camera's list that has the size and the rate that
were asked for, and fails if none has both. Where a size and a rate are more than USB carries
uncompressed, that format is JPEG; sizes and rates are therefore tried until one opens. It has no
controls (docs/adr/0085-own-bytes-on-windows.md).
"""

import time
from collections.abc import Iterator

import cv2

from dermstation.camera.source import JPEG_CODINGS
from dermstation.camera.sources.ffmpeg import set_options
from dermstation.camera.sources.video import PATIENCE_S, VideoReader, coding_of, reader_of
from dermstation.domain.errors import ErrorCode, StationError

_RATES = (30, 15)  # the higher first: it is the less likely to come uncompressed
_SIZES = ((2592, 1944), (2048, 1536), (1920, 1080), (1600, 1200), (1280, 960), (1280, 720))
_TRIED_FOR_S = 4.0  # a camera that another program has is refused again and again
_BYTES_FOR_EACH_PX = 4  # of the queue of packets: about ten; those that do not fit are dropped


def open_packets(name: str, width: int, height: int) -> VideoReader:
    """Open the camera that DirectShow has under this name, in a mode in which it sends JPEG.

    Raises StationError CAMERA_FAILED with the `coding` of what it sends instead, empty if it does
    not open at all, and CAMERA_STALLED or CAMERA_TORN as other streams of JPEG do.
    """
    coding = ""
    until_s = time.perf_counter() + _TRIED_FOR_S
    for size, rate in _modes((width, height)) if name else ():
        if time.perf_counter() > until_s:
            break
        video = _opened(name, size, rate)
        if not video.isOpened():
            continue
        coding = coding_of(video)
        if coding.upper() not in JPEG_CODINGS:
            video.release()
            break  # smaller ones come uncompressed too
        reader = reader_of(video, coding, packets=True, patience_s=PATIENCE_S)
        if reader is not None:
            return reader
    raise StationError(ErrorCode.CAMERA_FAILED, reason="no_packets", coding=coding)


def _modes(wanted: tuple[int, int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield sizes with rates: the size that is wanted, then the nearest ones."""

    def distance(size: tuple[int, int]) -> int:
        return abs(size[0] * size[1] - wanted[0] * wanted[1])

    others = (size for size in _SIZES if size != wanted)
    for size in (wanted, *sorted(others, key=distance)):
        for rate in _RATES:
            yield size, rate


def _opened(name: str, size: tuple[int, int], rate: int) -> cv2.VideoCapture:
    width, height = size
    set_options(
        input_format="dshow",
        format_whitelist="dshow",
        codec_whitelist="mjpeg,rawvideo",
        video_size=f"{width}x{height}",
        framerate=str(rate),
        rtbufsize=str(_BYTES_FOR_EACH_PX * width * height),
        fflags="nobuffer",
    )
    return cv2.VideoCapture(f"video={name}", cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
