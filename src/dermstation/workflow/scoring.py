"""Live scores of the newest frame, in a thread of their own, ten times a second or more.

The same `assess` as for a still, steadied for the eye; a frame that is already scored is not
scored again.
"""

import logging
import threading
from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.errors import StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from dermstation.imaging.codec import decode
from dermstation.workflow.steadying import steadied

log = logging.getLogger(__name__)

SCORE_EVERY_S = 0.1


class LiveScorer:
    """Keep the newest report on the newest frame; readers never wait."""

    def __init__(self, link: CameraLink) -> None:
        self._link = link
        self._shot: ShotKind | None = None
        self._latest: QualityReport | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scorer", daemon=True)

    def start(self) -> None:
        """Start scoring once a shot is aimed at."""
        self._thread.start()

    def aim(self, shot: ShotKind | None) -> None:
        """Score for `shot` from now on; None rests."""
        self._shot = shot
        self._latest = None

    def latest(self) -> QualityReport | None:
        """Return the newest report of the shot aimed at, None while there is none."""
        report = self._latest
        return report if report is not None and report.shot is self._shot else None

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        scored = -1
        while not self._ending.wait(SCORE_EVERY_S):
            shot = self._shot
            frame = self._link.newest(after_sequence=scored) if shot is not None else None
            if shot is None or frame is None or frame.is_stale(perf_counter_ns()):
                continue
            scored = frame.sequence
            try:
                self._latest = steadied(self.latest(), assess(pixels_of(frame), shot))
            except StationError as trouble:  # a torn packet: the next one comes
                log.info("a live frame was not scored: %s", trouble.code.value)


def pixels_of(frame: Frame, reduce: int = 1) -> NDArray[np.uint8]:
    """Decode a frame: height x width x 3, BGR, at 1/`reduce` of the size where it is a JPEG."""
    if frame.encoding is Encoding.JPEG:
        return decode(frame.payload.tobytes(), reduce=reduce)
    return frame.payload
