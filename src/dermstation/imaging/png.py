"""Encode a lossless PNG, and decode it again, in a fraction of the time general code takes.

Captures from cameras without JPEG packets are stored this way while the operator waits. Each line
is stored as differences from the pixel to the left and deflated by ISA-L, about six times as fast
as OpenCV's encoder at about the same size; they are read back in less than half of its decoder's
time. PNG: ISO/IEC 15948. Pure functions; any thread or process.
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
_HEADER = struct.Struct(">8sI4sIIBBBBBI")  # signature, and the chunk that tells the size
_LENGTH = struct.Struct(">I4s")


def png_of(bgr: NDArray[np.uint8]) -> bytes:
    """Encode (height, width, 3) BGR uint8 as an RGB PNG with the same pixels."""
    height, width = bgr.shape[:2]
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8).reshape(height, 3 * width)
    lines = np.empty((height, 1 + 3 * width), np.uint8)
    lines[:, 0] = _SUB
    lines[:, 1:4] = rgb[:, :3]
    np.subtract(rgb[:, 3:], rgb[:, :-3], out=lines[:, 4:])  # modulo 256, as the filter requires
    return _file(width, height, isal_zlib.compress(lines, _LEVEL))


def pixels_of(data: bytes) -> NDArray[np.uint8] | None:
    """Decode a PNG as `png_of` writes it to BGR; None for any other PNG, or a damaged one."""
    if len(data) < _HEADER.size + _LENGTH.size:
        return None
    _, _, _, width, height, *_ = _HEADER.unpack_from(data)
    length, _ = _LENGTH.unpack_from(data, _HEADER.size)
    begin = _HEADER.size + _LENGTH.size
    coded = data[begin : begin + length]
    if not width or not height or data != _file(width, height, coded):
        return None
    most = height * (1 + 3 * width)
    reader = isal_zlib.decompressobj()
    try:
        lines = reader.decompress(coded, most + 1)
    except isal_zlib.error:  # type: ignore[misc]  # its stub names a value, not a class
        return None
    if len(lines) != most or not reader.eof:
        return None
    filtered = np.frombuffer(lines, np.uint8).reshape(height, 1 + 3 * width)
    if (filtered[:, 0] != _SUB).any():
        return None
    differences = filtered[:, 1:].reshape(height, width, 3)
    rgb = np.add.accumulate(differences, axis=1, dtype=np.uint8)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def _file(width: int, height: int, coded: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, *_DEPTH_8_RGB_PLAIN)
    return b"".join(
        (_SIGNATURE, *_chunk(b"IHDR", header), *_chunk(b"IDAT", coded), *_chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    check = zlib.crc32(data, zlib.crc32(kind))
    return struct.pack(">I", len(data)), kind, data, struct.pack(">I", check)
