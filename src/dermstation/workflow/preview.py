"""Decode packets to what the screen needs, thirty times a second, into memory that is used again.

For one thread. A picture that was given out stays as it is while the next two are made; whoever
needs it longer copies it.
"""

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
        """Return a frame as height x width x 3, BGR, a JPEG at 1/`reduce` of its size.

        Raises StationError IMAGE_UNREADABLE for a torn packet.
        """
        if frame.encoding is not Encoding.JPEG:
            return frame.payload
        height, width = -(-frame.height // reduce), -(-frame.width // reduce)
        buffer = self._next_buffer((height, width, 3))
        try:
            made = simplejpeg.decode_jpeg(
                frame.payload, "BGR", False, False, height, width, reduce, buffer
            )
        except ValueError:
            return pixels_of(frame, reduce)
        return np.asarray(made, np.uint8)

    def _next_buffer(self, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [np.empty(shape, np.uint8) for _ in range(_BUFFERS)]
        self._turn = (self._turn + 1) % _BUFFERS
        return self._buffers[self._turn]
