"""A stream on the loopback that takes an attached camera's way through the station.

Practices have attached cameras. Their packets enter the station as they are and are decoded once,
by the window. Pictures of a network camera are decoded in the camera process and enter as pixels
(docs/adr/0064-processes-as-a-boundary.md). Only the driver is replaced here: the camera process is
the real one, and OpenCV hands it the packets of the stream as it hands it those of a driver.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from unittest.mock import patch

import cv2

from dermstation.camera import child, process
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.camera.source import Mode
from dermstation.camera.sources.network import RtspCamera
from dermstation.camera.sources.video import PATIENCE_S, open_video
from dermstation.security.confinement import Needs, confine

CAMERA = "device:0"  # as the settings name it
_URL = "DERMSTATION_BENCH_STREAM"


@contextmanager
def attached(url: str) -> Iterator[str]:
    """Let camera processes read `url` as their device while the block runs; yield its name."""
    with patch.dict(os.environ, {_URL: url}), patch.object(child, "run_camera", run_attached):
        yield CAMERA


def run_attached(connection: Connection, memory: NamelessMemory) -> None:
    """Run the camera process with the stream in the place of a device."""
    process.source_of = lambda *_: StreamedDevice(os.environ[_URL])
    process.confine = lambda _: confine(Needs(network=True))
    process.run_camera(connection, memory)


class StreamedDevice(RtspCamera):
    """The part of `AttachedCamera` that reads, over a stream."""

    label = "Camera"

    def __init__(self, url: str) -> None:
        self._url = url
        self._reader = None

    def open(self) -> Mode:
        """Connect, and wait for the first packet."""
        self._reader = open_video(self._opened, patience_s=PATIENCE_S)
        if not self._reader.mode.keeps_packets:
            raise RuntimeError("the stream came decoded")
        return self._reader.mode

    def _opened(self, packets: bool) -> cv2.VideoCapture:
        settings = [cv2.CAP_PROP_FORMAT, -1] if packets else []
        return cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, settings)
