"""What the tests run in a process of its own, beside the ring that they read."""

import numpy as np

from dermstation.camera.frames import Encoding
from dermstation.camera.ring import FrameRing
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.camera.source import RawFrame


def write_without_pause(memory: NamelessMemory) -> None:
    """Write pictures of one grey value each, as fast as possible, until killed."""
    ring = FrameRing.attach(memory)
    pictures = [np.full((600, 800, 3), value, np.uint8) for value in range(7)]
    for sequence in range(200_000):
        ring.put(RawFrame(sequence, Encoding.BGR, 800, 600, pictures[sequence % 7]))
