"""Encode a lossless PNG in a fraction of the time a general encoder takes.

Captures from cameras without JPEG packets are stored this way while the operator waits. Each line
is stored as differences from the pixel to the left and deflated by ISA-L, about six times as fast
as OpenCV's encoder at about the same size. PNG: ISO/IEC 15948. Pure functions; any thread or
process.
"""

import struct
import zlib

import cv2
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH_8_RGB_PLAIN = (8, 2, 0, 0, 0)  # bits, colour type, compression, filter method, no interlace
_SUB = 1  # the filter "Sub": each byte minus that of the pixel to its left
_LEVEL = 1


def png_of(bgr: NDArray[np.uint8]) -> bytes:
    """Encode (height, width, 3) BGR uint8 as an RGB PNG with the same pixels."""
    height, width = bgr.shape[:2]
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8).reshape(height, 3 * width)
    lines = np.empty((height, 1 + 3 * width), np.uint8)
    lines[:, 0] = _SUB
    lines[:, 1:4] = rgb[:, :3]
    np.subtract(rgb[:, 3:], rgb[:, :-3], out=lines[:, 4:])  # modulo 256, as the filter requires
    header = struct.pack(">IIBBBBB", width, height, *_DEPTH_8_RGB_PLAIN)
    data = isal_zlib.compress(lines, _LEVEL)
    return b"".join(
        (_SIGNATURE, *_chunk(b"IHDR", header), *_chunk(b"IDAT", data), *_chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    check = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)), kind, data, struct.pack(">I", check)
