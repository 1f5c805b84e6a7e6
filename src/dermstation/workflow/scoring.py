"""Live scores of the newest frame, in a thread of their own, ten times a second or more.

The measures are those of a still, steadied for the eye, and taken from cheaper parts. Whoever
shows frames decodes one of them for both when a score is due: its luma in full, and its colours
from the small picture on the screen. A frame that is already scored is not scored again.
"""

import logging
import threading
from dataclasses import dataclass
from time import perf_counter, perf_counter_ns

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess_parts
from dermstation.imaging.codec import decode, decode_grey
from dermstation.imaging.scale import small_colour
from dermstation.imaging.sight import PictureFault, Thumbnail, fault_in, thumbnail
from dermstation.workflow.steadying import steadied

log = logging.getLogger(__name__)

SCORE_EVERY_S = 0.1
_LEAST_REST_S = 0.02
_SHOWN_WITHIN_S = 0.07  # two frames; nothing is shown by a page that is hidden
_FAULTS = {
    PictureFault.BLACK: ErrorCode.CAMERA_BLACK,
    PictureFault.WHITE: ErrorCode.CAMERA_WHITE,
    PictureFault.SWAPPED: ErrorCode.CAMERA_COLOURS,
}
_SMALL_REDUCTION = 2  # of a VGA picture this leaves 320 px, of a large one more than is needed


@dataclass(frozen=True, slots=True)
class _Shown:
    """A frame, and what was decoded of it for the screen."""

    frame: Frame
    small: NDArray[np.uint8] | None = None
    luma: NDArray[np.uint8] | None = None


class LiveScorer:
    """Keep the newest report on the newest frame; readers never wait."""

    def __init__(self, link: CameraLink) -> None:
        self._link = link
        self._shot: ShotKind | None = None
        self._latest: QualityReport | None = None
        self._is_due = False
        self._shown: _Shown | None = None
        self._offered = threading.Event()
        self._reference: Thumbnail | None = None
        self._fault: PictureFault | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scorer", daemon=True)

    def start(self) -> None:
        """Start scoring once a shot is aimed at."""
        self._thread.start()

    def aim(self, shot: ShotKind | None) -> None:
        """Score for `shot` from now on; None rests."""
        self._shot = shot
        self._latest = self._shown = None

    @property
    def is_due(self) -> bool:
        """Tell whether the next frame that is shown will be scored, if it is offered."""
        return self._is_due

    def offer(
        self, frame: Frame, picture: NDArray[np.uint8], luma: NDArray[np.uint8] | None
    ) -> None:
        """Take a frame that is shown; of a packet, what was decoded of it.

        That is the `picture`, B, G, R and unused, which is copied, and where it was made the
        `luma` in full, which is not.
        """
        if not self._is_due:
            return
        small = None
        if frame.encoding is Encoding.JPEG:
            reduced = cv2.cvtColor(small_colour(picture), cv2.COLOR_BGRA2BGR)  # our own in any case
            small = np.asarray(reduced, np.uint8)
        self._shown = _Shown(frame, small, luma)
        self._is_due = False
        self._offered.set()

    def latest(self) -> QualityReport | None:
        """Return the newest report of the shot aimed at, None while there is none."""
        report = self._latest
        return report if report is not None and report.shot is self._shot else None

    @property
    def fault(self) -> StationError | None:
        """Say that the camera shows no scene now, although it sends pictures; None: it does."""
        fault = self._fault
        return StationError(_FAULTS[fault]) if fault is not None else None

    @property
    def reference(self) -> Thumbnail | None:
        """Return what the scene last looked like, for whoever takes a frame of it."""
        return self._reference

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        scored, due_s = -1, perf_counter()
        while True:
            # what the last one took is counted in; a machine too slow for it still gets a rest
            due_s = max(due_s + SCORE_EVERY_S, perf_counter() + _LEAST_REST_S)
            if self._ending.wait(due_s - perf_counter()):
                return
            shot = self._shot
            shown = self._next(scored) if shot is not None else None
            if shot is None or shown is None or shown.frame.is_stale(perf_counter_ns()):
                continue
            scored = shown.frame.sequence
            try:
                small = shown.small if shown.small is not None else _small(shown.frame)
                self._look(small)
                self._latest = steadied(self.latest(), _assessed(shown, small, shot))
            except StationError as trouble:  # a torn packet: the next one comes
                log.info("a live frame was not scored: %s", trouble.code.value)

    def _look(self, small: NDArray[np.uint8]) -> None:
        now = thumbnail(small)
        self._fault = fault_in(now, self._reference)
        if self._fault is None:
            self._reference = now

    def _next(self, scored: int) -> _Shown | None:
        """Return the frame to score: the next on the screen, else the newest."""
        self._taken()
        self._offered.clear()
        self._is_due = True
        self._offered.wait(_SHOWN_WITHIN_S)
        self._is_due = False
        shown = self._taken()
        if shown is not None and shown.frame.sequence > scored:
            return shown
        newest = self._link.newest(after_sequence=scored)
        return _Shown(newest) if newest is not None else None

    def _taken(self) -> _Shown | None:
        shown, self._shown = self._shown, None
        return shown


def _small(frame: Frame) -> NDArray[np.uint8]:
    return small_colour(pixels_of(frame, reduce=_SMALL_REDUCTION))


def _assessed(shown: _Shown, small: NDArray[np.uint8], shot: ShotKind) -> QualityReport:
    frame, source = shown.frame, shown.luma
    if source is None:
        is_packet = frame.encoding is Encoding.JPEG
        source = decode_grey(frame.payload.tobytes()) if is_packet else frame.payload
    return assess_parts(source, small, shot, frame.width, frame.height)


def pixels_of(frame: Frame, reduce: int = 1) -> NDArray[np.uint8]:
    """Decode a frame: height x width x 3, BGR, at 1/`reduce` of the size where it is a JPEG."""
    if frame.encoding is Encoding.JPEG:
        return decode(frame.payload.tobytes(), reduce=reduce)
    return frame.payload
