"""Decode packets to what the screen needs, thirty times a second, into memory that is used again.

For one thread. A picture that was given out stays as it is while the next two are made; whoever
needs it longer copies it. A packet becomes B, G, R and an unused fourth, as screens have it: then
nothing is left to be converted thirty times a second.
"""

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.imaging.wholeness import is_whole
from dermstation.workflow.scoring import pixels_of

_BUFFERS = 3
_MOST_SHARED = 2  # of a picture reduced further, the second decoding is the cheaper one


class Preview:
    """Makes small pictures of frames."""

    def __init__(self) -> None:
        self._buffers: list[NDArray[np.uint8]] = []
        self._turn = 0
        self._whole: NDArray[np.uint8] | None = None

    def picture(self, frame: Frame, reduce: int) -> NDArray[np.uint8]:
        """Return a packet at 1/`reduce` of its size, height x width x 4, B, G, R and unused.

        What is no packet is returned as it is: height x width x 3, BGR.
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
        """Return what `picture` does, and the frame's luma (height, width) in full.

        One decoding for both: most of a decoding is reading the packet's bits, which does not
        grow less with the size. The luma is None where two decodings cost less, and of what is no
        packet.
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
        """Let go of what was decoded last; whoever still shows a picture keeps it."""
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
    """Decode a packet into a buffer; tell whether it could be.

    `smooth` is between the samples of its colours, which a picture that is made smaller needs not.
    """
    height, width, _ = into.shape
    rough = not smooth
    for strict in (True, False):
        try:
            simplejpeg.decode_jpeg(
                frame.payload, "BGRX", False, rough, height, width, reduce, into, strict
            )
        except ValueError:
            if not strict or not is_whole(frame.payload.tobytes()):
                return False
        else:
            break
    return True


def _luma_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY), np.uint8)
