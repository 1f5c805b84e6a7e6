"""Decode packets for the screen, thirty times a second, into memory that is reused.

For one thread. A returned picture stays valid while the next two are made; whoever needs it longer
copies it. A packet becomes B, G, R and an unused fourth byte, the form that screens use, so that
nothing else has to be converted thirty times a second.
"""

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.workflow.scoring import pixels_of

_BUFFERS = 3
_MOST_SHARED = 2  # at smaller sizes, decoding twice is cheaper


class Preview:
    """A maker of small pictures of frames."""

    def __init__(self) -> None:
        self._buffers: list[NDArray[np.uint8]] = []
        self._turn = 0
        self._whole: NDArray[np.uint8] | None = None

    def picture(self, frame: Frame, reduce: int) -> NDArray[np.uint8]:
        """Return a packet at 1/`reduce` of its size, height x width x 4, B, G, R and unused.

        Raw pixels are returned as they are: height x width x 3, BGR.
        Raises StationError IMAGE_UNREADABLE for a torn packet.
        """
        if frame.encoding is not Encoding.JPEG:
            return frame.payload
        buffer = self._next_buffer(_reduced(frame, reduce))
        if not _decoded(frame, reduce, buffer, smooth=reduce == 1):
            whole = cv2.cvtColor(pixels_of(frame, reduce), cv2.COLOR_BGR2BGRA)
            return np.asarray(whole, np.uint8)
        return buffer

    def picture_and_luma(
        self, frame: Frame, reduce: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """Return the result of `picture`, and the frame's luma (height, width) at full size.

        Both come from one decoding: most of its time goes into reading the packet's bits, which
        takes as long for a small picture. The luma is None if two decodings cost less, and for raw
        pixels.
        """
        if frame.encoding is not Encoding.JPEG or reduce > _MOST_SHARED:
            return self.picture(frame, reduce), None
        if reduce == 1:
            picture = self.picture(frame, 1)
            return picture, _luma_of(picture)
        shape = _reduced(frame, 1)
        if self._whole is None or self._whole.shape != shape:
            self._whole = np.empty(shape, np.uint8)
        if not _decoded(frame, 1, self._whole, smooth=False):
            return self.picture(frame, reduce), None
        buffer = self._next_buffer(_reduced(frame, reduce))
        size = (buffer.shape[1], buffer.shape[0])
        cv2.resize(self._whole, size, dst=buffer, interpolation=cv2.INTER_AREA)
        return buffer, _luma_of(self._whole)

    def forget(self) -> None:
        """Release the buffers; a picture that is still shown stays valid."""
        self._buffers = []
        self._whole = None

    def _next_buffer(self, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [np.empty(shape, np.uint8) for _ in range(_BUFFERS)]
        self._turn = (self._turn + 1) % _BUFFERS
        return self._buffers[self._turn]


def _reduced(frame: Frame, reduce: int) -> tuple[int, int, int]:
    return -(-frame.height // reduce), -(-frame.width // reduce), 4


def _decoded(frame: Frame, reduce: int, into: NDArray[np.uint8], *, smooth: bool) -> bool:
    """Decode a packet into a buffer; return whether that worked.

    `smooth` interpolates between the colour samples, which a reduced picture does not need.
    """
    height, width, _ = into.shape
    rough = not smooth
    try:
        simplejpeg.decode_jpeg(frame.payload, "BGRX", False, rough, height, width, reduce, into)
    except ValueError:
        return False
    return True


def _luma_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY), np.uint8)
