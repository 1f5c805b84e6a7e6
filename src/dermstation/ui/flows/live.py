"""Take the newest frame to the page, by the window's own timer; nothing queues.

GUI thread. The timer rests while the page is hidden and while nothing is aimed at.
"""

from collections.abc import Callable
from time import perf_counter_ns

from PySide6.QtCore import QObject, QTimer, Signal

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import LinkState, LinkStatus
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.pages.capture import CapturePage
from dermstation.workflow.messages import MESSAGES
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import Viewfinder

FRAME_TIMER_MS = 8  # well below a frame's 33 ms, so that a frame waits little for its turn
_LEAST_SHARE = 0.9
STATUS_EVERY_TICKS = 12  # about ten times a second

_LINK_ERRORS = {
    LinkState.ABSENT: ErrorCode.CAMERA_ABSENT,
    LinkState.BUSY: ErrorCode.CAMERA_BUSY,
    LinkState.STALLED: ErrorCode.CAMERA_STALLED,
    LinkState.FAILED: ErrorCode.CAMERA_FAILED,
}


class LivePicture(QObject):
    """Keep one capture page supplied with the newest frame, its age, and how the camera is."""

    looked = Signal()  # about ten times a second, after the page was told how the camera is

    def __init__(
        self, viewfinder: Viewfinder, is_aiming: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._viewfinder = viewfinder
        self._is_aiming = is_aiming
        self._page: CapturePage | None = None
        self._timer = QTimer(self, interval=FRAME_TIMER_MS)
        self._timer.timeout.connect(self._on_tick)
        self._ticks = 0
        self.frame: Frame | None = None

    def follow(self, page: CapturePage) -> None:
        """Show the live picture on `page` from now on."""
        self._page = page
        self._timer.start()

    def rest(self) -> None:
        """Stop looking, and let the newest frame go."""
        self._timer.stop()
        self._page = None
        self.frame = None

    def _on_tick(self) -> None:
        link, scorer, page = self._viewfinder.link, self._viewfinder.scorer, self._page
        if page is None or link is None or scorer is None or not page.isVisible():
            return
        self._ticks += 1
        if self._ticks % STATUS_EVERY_TICKS == 0:
            self._show_status(page, link.status())
            page.show_live_report(scorer.latest())
            self.looked.emit()
        newest = link.newest(after_sequence=self.frame.sequence if self.frame else -1)
        if newest is None or not self._is_aiming():
            return
        try:
            pixels = pixels_of(newest, reduce=_reduction(newest, page.view.wanted_width))
        except StationError:
            return  # a torn packet; the next one is 33 ms away
        self.frame = newest
        scorer.offer(newest, pixels)
        page.show_frame(pixels, (newest.width, newest.height))
        page.show_age(newest.age_s(perf_counter_ns()))

    def _show_status(self, page: CapturePage, status: LinkStatus) -> None:
        code = _LINK_ERRORS.get(status.state)
        said = MESSAGES[code] if code else None
        words = f"{said.what}\n{said.todo}\n{said.safe}" if said else ""
        page.show_link(status.state.value, words)
        if self.frame is not None and self._is_aiming():
            page.show_age(self.frame.age_s(perf_counter_ns()))


def _reduction(frame: Frame, wanted_px: int) -> int:
    """Choose how much smaller a JPEG may be decoded and still fill the picture's place.

    A tenth of enlargement is not seen, and saves decoding four times the pixels.
    """
    if frame.encoding is not Encoding.JPEG:
        return 1
    least_px = max(1, wanted_px) * _LEAST_SHARE
    return next((by for by in (8, 4, 2) if frame.width // by >= least_px), 1)
