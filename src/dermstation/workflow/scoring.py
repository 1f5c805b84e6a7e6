"""Score the newest frame in a separate thread, ten times a second or as often as it is told.

The measures are those of a still, taken from cheaper parts and steadied for the eye. When a score
is due, the page that shows frames decodes one of them for both purposes: its luma at full size,
and its colours from the small picture on the screen. No frame is scored twice.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter, perf_counter_ns

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Judgement, QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import decode, decode_grey
from dermstation.imaging.live import LiveAssessor
from dermstation.imaging.scale import small_colour
from dermstation.imaging.sight import PictureFault, Thumbnail, fault_in, thumbnail
from dermstation.workflow.steadying import steadied

log = logging.getLogger(__name__)

SCORE_EVERY_S = 0.1
FRESH_FOR_S = 0.7  # of a score three times a second, at its oldest on a slow PC
_LEAST_REST_S = 0.02
_SHOWN_WITHIN_S = 0.07  # two frames; a hidden page shows none
_FAULTS = {
    PictureFault.BLACK: ErrorCode.CAMERA_BLACK,
    PictureFault.WHITE: ErrorCode.CAMERA_WHITE,
    PictureFault.SWAPPED: ErrorCode.CAMERA_COLOURS,
}
_KEPT_SCORES = 6  # more than a press looks back
_SMALL_REDUCTION = 2  # a VGA picture keeps 320 px, and a larger one more than is needed


@dataclass(frozen=True, slots=True)
class _Shown:
    """A frame, and the parts that were decoded for the screen."""

    frame: Frame
    small: NDArray[np.uint8] | None = None
    luma: NDArray[np.uint8] | None = None


class LiveScorer:
    """A thread that keeps the report on the newest frame; readers never wait."""

    def __init__(self, link: CameraLink) -> None:
        self._link = link
        self._shot: ShotKind | None = None
        self._latest: QualityReport | None = None
        self._latest_at_ns = 0
        self._every_s = SCORE_EVERY_S
        self._only_shown = False
        self._focus: dict[int, Judgement] = {}
        self._is_due = False
        self._shown: _Shown | None = None
        self._offered = threading.Event()
        self._reference: Thumbnail | None = None
        self._fault: PictureFault | None = None
        self._assessor = LiveAssessor()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scorer", daemon=True)

    def start(self) -> None:
        """Start the thread; it scores once a shot is aimed at."""
        self._thread.start()

    def aim(self, shot: ShotKind | None) -> None:
        """Score for `shot` from now on; None pauses the scoring."""
        self._shot = shot
        self._latest = self._shown = None
        self._focus = {}

    def keep_to(self, every_s: float, *, only_shown: bool) -> None:
        """Score once in `every_s` from now on; `only_shown`: only frames that are offered."""
        self._every_s, self._only_shown = every_s, only_shown

    @property
    def focus(self) -> Mapping[int, Judgement]:
        """Return the focus of the frames scored last, by sequence: measured, not steadied."""
        return self._focus

    @property
    def is_due(self) -> bool:
        """Return whether the next shown frame will be scored if it is offered."""
        return self._is_due

    def offer(
        self, frame: Frame, picture: NDArray[np.uint8], luma: NDArray[np.uint8] | None
    ) -> None:
        """Take a frame that is shown, and the parts decoded from it if it is a packet.

        These are the `picture` (B, G, R and unused), which is copied, and the `luma` at full size
        if it was made, which is not copied.
        """
        if not self._is_due:
            return
        small = None
        if frame.encoding is Encoding.JPEG:
            reduced = cv2.cvtColor(small_colour(picture), cv2.COLOR_BGRA2BGR)  # always a copy
            small = np.asarray(reduced, np.uint8)
        self._shown = _Shown(frame, small, luma)
        self._is_due = False
        self._offered.set()

    def latest(self) -> QualityReport | None:
        """Return the newest report for the shot aimed at, or None if there is none yet."""
        report = self._latest
        return report if report is not None and report.shot is self._shot else None

    def fresh(self, now_ns: int) -> QualityReport | None:
        """Return the newest report, unless its frame is older than the scores' slowest rate."""
        age_s = (now_ns - self._latest_at_ns) / 1e9
        return self.latest() if age_s <= FRESH_FOR_S else None

    @property
    def fault(self) -> StationError | None:
        """Return the trouble if the camera sends pictures but shows no scene now, or None."""
        fault = self._fault
        return StationError(_FAULTS[fault]) if fault is not None else None

    @property
    def reference(self) -> Thumbnail | None:
        """Return how the scene looked last, for whoever takes a frame of it."""
        return self._reference

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        scored, due_s = -1, perf_counter()
        while True:
            # the interval includes the time of the last score; a slow machine still gets a rest
            due_s = max(due_s + self._every_s, perf_counter() + _LEAST_REST_S)
            if self._ending.wait(due_s - perf_counter()):
                return
            shown = self._next(scored) if self._shot is not None else None
            shot = self._shot  # it may have changed while a frame was waited for
            if shot is None or shown is None or shown.frame.is_stale(perf_counter_ns()):
                continue
            scored = shown.frame.sequence
            try:
                small = shown.small if shown.small is not None else _small(shown.frame)
                scene = thumbnail(small)
                self._look(scene)
                self._note(shown.frame, self._assessed(shown, small, scene, shot))
            except StationError as trouble:  # a torn packet: the next one will come
                log.info("a live frame was not scored: %s", trouble.code.value)

    def _assessed(
        self, shown: _Shown, small: NDArray[np.uint8], scene: Thumbnail, shot: ShotKind
    ) -> QualityReport:
        frame, source = shown.frame, shown.luma
        if source is None:
            is_packet = frame.encoding is Encoding.JPEG
            source = decode_grey(frame.payload.tobytes()) if is_packet else frame.payload
        return self._assessor.assess(source, small, scene, shot, (frame.width, frame.height))

    def _note(self, frame: Frame, newest: QualityReport) -> None:
        if newest.shot is self._shot:
            kept = [*self._focus.items(), (frame.sequence, newest.judgement(Aspect.FOCUS))]
            self._focus = dict(kept[-_KEPT_SCORES:])  # whoever reads it keeps the one before
        gap_s = (frame.captured_at_ns - self._latest_at_ns) / 1e9
        self._latest = steadied(self.latest(), newest, gap_s)
        self._latest_at_ns = frame.captured_at_ns

    def _look(self, now: Thumbnail) -> None:
        self._fault = fault_in(now, self._reference)
        if self._fault is None:
            self._reference = now

    def _next(self, scored: int) -> _Shown | None:
        """Return the frame to score: the next one shown, or else the newest."""
        self._taken()
        self._offered.clear()
        self._is_due = True
        while not self._offered.wait(_SHOWN_WITHIN_S):
            if not self._only_shown or self._shot is None or self._ending.is_set():
                break
        self._is_due = False
        shown = self._taken()
        if shown is not None and shown.frame.sequence > scored:
            return shown
        if self._only_shown:
            return None
        newest = self._link.newest(after_sequence=scored)
        return _Shown(newest) if newest is not None else None

    def _taken(self) -> _Shown | None:
        shown, self._shown = self._shown, None
        return shown


def _small(frame: Frame) -> NDArray[np.uint8]:
    return small_colour(pixels_of(frame, reduce=_SMALL_REDUCTION))


def pixels_of(frame: Frame, reduce: int = 1) -> NDArray[np.uint8]:
    """Decode a frame: height x width x 3, BGR, at 1/`reduce` of its size if it is a JPEG."""
    if frame.encoding is Encoding.JPEG:
        return decode(frame.payload.tobytes(), reduce=reduce)
    return frame.payload
