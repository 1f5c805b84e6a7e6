"""The newest frame on the page, fetched by a timer of the window so that nothing queues.

GUI thread. Nothing is fetched while the page is hidden or not aiming.
"""

from collections.abc import Callable
from time import perf_counter_ns, process_time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import LinkState, LinkStatus
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.imaging.stillness import glance
from dermstation.ui.capture.camera_words import SLOW, TORN
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.system.timers import timer
from dermstation.workflow.hands_free import RestingHand
from dermstation.workflow.live_budget import LiveBudget, Terms
from dermstation.workflow.messages import message_for
from dermstation.workflow.preview import Preview
from dermstation.workflow.scoring import LiveScorer
from dermstation.workflow.viewfinder import Viewfinder

LOOK_EVERY_MS = 4  # when a frame is due; far less than its 33 ms, so that it hardly waits
LONGEST_REST_MS = 32
_RESTED_SHARE = 0.95
_LEAST_SHARE = 0.8
STATUS_EVERY_NS = 100_000_000

_LINK_ERRORS = {
    LinkState.ABSENT: ErrorCode.CAMERA_ABSENT,
    LinkState.BUSY: ErrorCode.CAMERA_BUSY,
    LinkState.STALLED: ErrorCode.CAMERA_STALLED,
    LinkState.FAILED: ErrorCode.CAMERA_FAILED,
}
# causes that say more than the state of the link does
_CAUSES = frozenset(
    {
        ErrorCode.CAMERA_OTHER,
        ErrorCode.CAMERA_ALIKE,
        ErrorCode.CAMERA_REFUSED,
        ErrorCode.CAMERA_CERTIFICATE,
    }
)
_BARELY = {ErrorCode.CAMERA_SLOW: SLOW, ErrorCode.CAMERA_TORN: TORN}  # it streams, and no use


class LivePicture(QObject):
    """The supplier of one capture page: the newest frame, its age, and the camera's state."""

    looked = Signal()  # about ten times a second, after the page was told the camera's state

    def __init__(
        self, viewfinder: Viewfinder, is_aiming: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._viewfinder = viewfinder
        self._is_aiming = is_aiming
        self._page: CapturePage | None = None
        self._timer = timer(self, LOOK_EVERY_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._told_at_ns = 0
        self._is_fresh = False  # as the page was told
        self._said: QualityReport | None = None
        self._preview = Preview()
        self.budget = LiveBudget()
        self._hand = RestingHand()
        self.frame: Frame | None = None

    def follow(self, page: CapturePage) -> None:
        """Show the live picture on `page` from now on."""
        self._page = page
        self._is_fresh, self._said = False, None
        self._timer.start()

    def rest(self) -> None:
        """Stop fetching, and release the newest frame and its decoded pixels."""
        self._timer.stop()
        self._page = None
        self.frame = None
        self._preview.forget()

    def _on_tick(self) -> None:
        link, scorer, page = self._viewfinder.link, self._viewfinder.scorer, self._page
        if page is None or link is None or scorer is None or not page.isVisible():
            return
        now_ns = perf_counter_ns()
        if now_ns - self._told_at_ns >= STATUS_EVERY_NS:
            self._told_at_ns = now_ns
            self._show_status(page, link.status(), scorer.fault)
            self._show_report(page, scorer.fresh(now_ns))
            self.looked.emit()
        terms = self.budget.terms
        scorer.keep_to(terms.score_every_s, only_shown=terms.scores_at_rest)
        seen = self.frame.sequence + terms.paints_every - 1 if self.frame else -1
        newest = link.newest(after_sequence=seen) if self._is_aiming() else None
        if newest is None:
            self._timer.setInterval(LOOK_EVERY_MS)
            return
        try:
            reduce = reduction(newest, page.view.wanted_width)
            pixels = self._decoded(newest, reduce, scorer, terms)
        except StationError:
            return  # a torn packet; the next one is 33 ms away
        self._timer.setInterval(rest_ms(self.frame, newest, terms, perf_counter_ns()))
        before, self.frame = self.frame, newest
        if not self._is_fresh:  # tell at once that it is live again; its age is told now and then
            self._show_age(page, newest)
        page.show_frame(pixels, (newest.width, newest.height))
        painted_ns = perf_counter_ns()
        missed = newest.sequence - before.sequence - terms.paints_every if before else 0
        age_ms = newest.age_s(painted_ns) * 1000
        self.budget.note(painted_ns, age_ms, max(0, missed), process_time())

    def _decoded(
        self, frame: Frame, reduce: int, scorer: LiveScorer, terms: Terms
    ) -> NDArray[np.uint8]:
        """Decode a frame for the screen and, if a score is due, at once for the scorer."""
        if scorer.is_due and (self._hand.rests or not terms.scores_at_rest):
            self._hand.forget()
            pixels, luma = self._preview.picture_and_luma(frame, reduce)
            scorer.offer(frame, pixels, luma)
            return pixels
        pixels = self._preview.picture(frame, reduce)
        if scorer.is_due:
            self._hand.look(glance(pixels))
        return pixels

    def _show_status(
        self, page: CapturePage, status: LinkStatus, fault: StationError | None
    ) -> None:
        state, code = status.state, _LINK_ERRORS.get(status.state)
        if fault is not None and state is LinkState.STREAMING:
            state, code = LinkState.FAILED, fault.code  # it sends data that is no picture
        elif status.detail_code in _BARELY or status.detail_code in _CAUSES:
            code = status.detail_code
        trouble = None
        if code is not None:
            trouble = StationError(code, program=status.program, other=status.other)
        said = message_for(trouble) if trouble is not None else None
        words = f"{said.what}\n{said.todo}\n{said.safe}" if said else ""
        page.show_link(_BARELY.get(code, state.value) if code else state.value, words)
        if self.frame is not None and self._is_aiming():
            self._show_age(page, self.frame)

    def _show_age(self, page: CapturePage, frame: Frame) -> None:
        now_ns = perf_counter_ns()
        self._is_fresh = not frame.is_stale(now_ns)
        page.show_age(frame.age_s(now_ns), self.budget.terms.words)

    def _show_report(self, page: CapturePage, report: QualityReport | None) -> None:
        if report is None or report is not self._said:
            self._said = report
            page.show_live_report(report, only_at_rest=self.budget.terms.scores_at_rest)


def rest_ms(before: Frame | None, newest: Frame, terms: Terms, now_ns: int) -> int:
    """Return how long to pause: for most of the time until the next frame there is none.

    That time began when the frame came, not now: what decoding it took is part of it.
    """
    gap_ms = (newest.captured_at_ns - before.captured_at_ns) / 1e6 if before is not None else 0
    rest_ms = min(LONGEST_REST_MS * terms.paints_every, gap_ms * _RESTED_SHARE)
    return max(LOOK_EVERY_MS, round(rest_ms - newest.age_s(now_ns) * 1000))


def reduction(frame: Frame, wanted_px: int) -> int:
    """Return by how much a JPEG can be reduced on decoding and still fill the picture's area.

    Enlarged by a quarter, its fine detail is nearer to that of the frame than if the whole frame
    is reduced in one fast pass (docs/adr/0105-a-live-picture-at-half-its-size.md).
    """
    if frame.encoding is not Encoding.JPEG:
        return 1
    least_px = max(1, wanted_px) * _LEAST_SHARE
    return next((by for by in (8, 4, 2) if frame.width // by >= least_px), 1)
