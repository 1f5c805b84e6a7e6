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
from dermstation.workflow.scoring import pixels_of

_BUFFERS = 3


class Preview:
    """Makes small pictures of frames."""

    def __init__(self) -> None:
        self._buffers: list[NDArray[np.uint8]] = []
        self._turn = 0

    def picture(self, frame: Frame, reduce: int) -> NDArray[np.uint8]:
        """Return a packet at 1/`reduce` of its size, height x width x 4, B, G, R and unused.

        What is no packet is returned as it is: height x width x 3, BGR.
        Raises StationError IMAGE_UNREADABLE for a torn packet.
        """
        if frame.encoding is not Encoding.JPEG:
            return frame.payload
        height, width = -(-frame.height // reduce), -(-frame.width // reduce)
        buffer = self._next_buffer((height, width, 4))
        try:
            # made smaller, its colours need no smoothing between their samples
            fast = reduce > 1
            simplejpeg.decode_jpeg(
                frame.payload, "BGRX", False, fast, height, width, reduce, buffer
            )
        except ValueError:
            whole = cv2.cvtColor(pixels_of(frame, reduce), cv2.COLOR_BGR2BGRA)
            return np.asarray(whole, np.uint8)
        return buffer

    def _next_buffer(self, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [np.empty(shape, np.uint8) for _ in range(_BUFFERS)]
        self._turn = (self._turn + 1) % _BUFFERS
        return self._buffers[self._turn]
