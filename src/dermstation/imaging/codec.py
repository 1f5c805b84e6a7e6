"""Read and write encoded pictures: bounded decoding, PNG and JPEG encoding.

Never decodes a picture before its header has shown an acceptable size, and never returns half a
picture. Pure functions on bytes; any thread or process.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.headers import JPEG, PNG, ImageInfo, probe
from dermstation.imaging.png import pixels_of, png_of
from dermstation.imaging.wholeness import is_whole, whole_picture

__all__ = ["Bgr", "ImageInfo", "decode", "decode_grey", "encode_jpeg", "encode_png", "probe"]

Bgr = NDArray[np.uint8]

MAX_PIXELS = 40_000_000
MAX_BYTES = 64 * 1024 * 1024
FULL_CHROMA_QUALITY = 90  # from this quality on, JPEG keeps colour at full resolution

# in every process: pictures are small, and idle threads would still use up a core
cv2.setNumThreads(1)

_REDUCED: Final = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


def decode(data: bytes, reduce: int = 1) -> Bgr:
    """Decode a picture to (height, width, 3) BGR uint8, ignoring its orientation tag.

    `reduce` is 1, 2, 4 or 8: the picture is decoded at that fraction of its size, which for a
    JPEG costs less than decoding it in full.

    Raises StationError IMAGE_TOO_LARGE (over 64 MB, or over 40 megapixels by its header) or
    IMAGE_UNREADABLE (not a picture, damaged, cut short).
    """
    if len(data) > MAX_BYTES:
        raise StationError(ErrorCode.IMAGE_TOO_LARGE, size_bytes=len(data), limit=MAX_BYTES)
    info = probe(data)
    if info.width * info.height > MAX_PIXELS:
        raise StationError(
            ErrorCode.IMAGE_TOO_LARGE, width=info.width, height=info.height, limit=MAX_PIXELS
        )
    if info.media_type == JPEG:
        width, height = (-(-side // reduce) for side in (info.width, info.height))
        if (bgr := whole_picture(data, width, height)) is not None:
            return bgr
    elif info.media_type == PNG and reduce == 1 and (bgr := pixels_of(data)) is not None:
        return bgr
    if not _is_whole(data, info.media_type):
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="cut short", size_bytes=len(data))
    return _decoded(data, _REDUCED[reduce] | cv2.IMREAD_IGNORE_ORIENTATION)


def decode_grey(data: bytes) -> NDArray[np.uint8]:
    """Decode only the luma (height, width) of a JPEG, in a third of the time colours would take.

    Any other kind of picture is decoded in full first. Raises StationError as `decode` does, except
    that the size of a JPEG is not checked.
    """
    if probe(data).media_type != JPEG or not _is_whole(data, JPEG):
        return np.asarray(cv2.cvtColor(decode(data), cv2.COLOR_BGR2GRAY), np.uint8)
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    return _decoded(data, flags)


def _decoded(data: bytes, flags: int) -> NDArray[np.uint8]:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        image = None
    if image is None:
        raise StationError(ErrorCode.IMAGE_UNREADABLE, reason="content", size_bytes=len(data))
    return np.asarray(image, np.uint8)


def encode_png(bgr: Bgr) -> bytes:
    """Encode (height, width, 3) BGR uint8 as a lossless PNG, fast rather than small.

    Raises ValueError for any other shape.
    """
    if bgr.ndim != 3 or bgr.shape[2] != 3 or not bgr.size:  # noqa: PLR2004 - B, G, R
        raise ValueError(f"cannot encode an array of shape {bgr.shape} as .png")
    return png_of(bgr)


def encode_jpeg(bgr: Bgr, quality: int) -> bytes:
    """Encode (height, width, 3) BGR uint8 as a baseline JPEG of `quality` 1-100.

    Colour is kept at full resolution from quality 90 on and at half (4:2:0) below that. Raises
    ValueError if the array cannot be encoded.
    """
    full = quality >= FULL_CHROMA_QUALITY
    sampling = (
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if full else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    )
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    return _encoded(".jpg", bgr, options)


def _encoded(extension: str, bgr: Bgr, options: list[int]) -> bytes:
    written, buffer = cv2.imencode(extension, bgr, options)
    if not written:
        raise ValueError(f"cannot encode an array of shape {bgr.shape} as {extension}")
    return bytes(buffer)


def _is_whole(data: bytes, media_type: str) -> bool:
    """Return whether the picture is all there; a decoder may fill what is missing with grey."""
    if media_type == JPEG:
        return is_whole(data)
    if media_type == PNG:
        return data.rfind(b"IEND") > 0
    return True
