"""The live picture, the shutter, the review, and saving: the capture loop on the screen.

The window's timer takes the newest frame from the camera's ring; nothing queues. Holding and
saving run on the worker threads. The timer rests while the page is hidden.
"""

from time import perf_counter_ns

from PySide6.QtCore import QObject, QTimer, Signal

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import LinkState, LinkStatus
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Lesion, Operator
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.ui.bridge import Bridge
from dermstation.ui.pages.capture import CapturePage
from dermstation.ui.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow.capturing import CaptureLoop, Held, hold, save
from dermstation.workflow.episodes import view_of
from dermstation.workflow.messages import MESSAGES
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

FRAME_TIMER_MS = 8  # well below a frame's 33 ms, so that a frame waits little for its turn
STATUS_EVERY_TICKS = 12  # about ten times a second

_LINK_ERRORS = {
    LinkState.ABSENT: ErrorCode.CAMERA_ABSENT,
    LinkState.BUSY: ErrorCode.CAMERA_BUSY,
    LinkState.STALLED: ErrorCode.CAMERA_STALLED,
    LinkState.FAILED: ErrorCode.CAMERA_FAILED,
}


class CaptureFlow(QObject):
    """Drive one capture page for one lesion at a time."""

    finished = Signal(object)  # EpisodeView
    left = Signal()

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self._loop = CaptureLoop()
        self._timer = QTimer(self, interval=FRAME_TIMER_MS)
        self._timer.timeout.connect(self._on_tick)
        self._ticks = 0
        self.frame: Frame | None = None

    @property
    def held(self) -> Held | None:
        """Return the frame that waits for review; it survives a lock, in memory only."""
        return self._loop.held

    def enter(
        self, vault: Vault, operator: Operator, view: EpisodeView, lesion: Lesion, shot: ShotKind
    ) -> None:
        """Show the page and aim at `shot`, or go on with the review of a held frame."""
        self._vault, self._operator, self._view, self._lesion = vault, operator, view, lesion
        self._page = CapturePage()
        self._page.show_lesion(lesion.label, lesion.site_words)
        self._page.shutter_pressed.connect(self._on_shutter)
        self._page.accepted.connect(self._on_accepted)
        self._page.retaken.connect(self._on_retaken)
        self._page.shot_chosen.connect(self._aim)
        self._page.back_pressed.connect(self.left)
        self._page.finished.connect(lambda: self.finished.emit(self._view))
        self._shell.show_page(self._page, Step.PICTURES)
        self._timer.start()
        self._aim(shot)
        if self._loop.held is not None:
            self._show_review(self._loop.held)

    def leave(self) -> None:
        """Stop looking; the camera itself is closed by who opened it."""
        self._timer.stop()
        self.frame = None

    def forget(self) -> None:
        """Let a held frame go: its episode was left for good."""
        self._loop = CaptureLoop()

    def _aim(self, shot: ShotKind) -> None:
        self._shot = shot
        self._station.viewfinder.aim(shot)
        done = {
            kind: capture.report.verdict
            for kind, capture in self._view.chosen(self._lesion).items()
        }
        self._page.enter_aiming(shot, done)

    def _on_tick(self) -> None:
        link, scorer = self._station.viewfinder.link, self._station.viewfinder.scorer
        if link is None or scorer is None or not self._page.isVisible():
            return
        self._ticks += 1
        if self._ticks % STATUS_EVERY_TICKS == 0:
            self._show_status(link.status())
            self._page.show_live_report(scorer.latest())
        newest = link.newest(after_sequence=self.frame.sequence if self.frame else -1)
        if newest is None or self._loop.state is not LoopState.AIMING:
            return
        try:
            pixels = pixels_of(newest, reduce=self._reduction(newest))
        except StationError:
            return  # a torn packet; the next one is 33 ms away
        self.frame = newest
        self._page.show_frame(pixels)
        self._page.show_age(newest.age_s(perf_counter_ns()))

    def _reduction(self, frame: Frame) -> int:
        """Choose how much smaller a JPEG may be decoded and still fill the picture's place."""
        wanted = max(1, self._page.view.width())
        if frame.encoding is not Encoding.JPEG:
            return 1
        return next((by for by in (8, 4, 2) if frame.width // by >= wanted), 1)

    def _show_status(self, status: LinkStatus) -> None:
        code = _LINK_ERRORS.get(status.state)
        words = f"{MESSAGES[code].what}\n{MESSAGES[code].todo}" if code else ""
        self._page.show_link(status.state.value, words)
        if self.frame is not None and self._loop.state is LoopState.AIMING:
            self._page.show_age(self.frame.age_s(perf_counter_ns()))

    def _on_shutter(self) -> None:
        link = self._station.viewfinder.link
        if link is None or self._loop.state is not LoopState.AIMING:
            return
        try:
            frame = self._loop.press(link.newest())
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        self._shell.clear_notice()
        self._page.enter_holding()
        job = self._station.jobs.aside(hold, frame, self._shot, link.status().label)
        self._bridge.watch(job, self._on_held, self._on_hold_failed)

    def _on_held(self, held: Held) -> None:
        self._loop.take_held(held)
        self._show_review(held)

    def _show_review(self, held: Held) -> None:
        self._page.enter_review(held.pixels, held.report)

    def _on_hold_failed(self, trouble: StationError) -> None:
        self._loop.hold_failed()
        self._aim(self._shot)
        self._shell.show_trouble(trouble)

    def _on_retaken(self) -> None:
        if self._loop.state is LoopState.REVIEWING:
            self._loop.retake()
            self._shell.clear_notice()
            self._aim(self._shot)

    def _on_accepted(self, reason: str | None) -> None:
        if self._loop.state is not LoopState.REVIEWING:
            return
        try:
            held = self._loop.accept(reason)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        self._page.enter_saving()
        job = self._station.jobs.on_vault(self._save, held, self._lesion, reason)
        self._bridge.watch(job, self._on_saved, self._on_save_failed)

    def _save(self, held: Held, lesion: Lesion, reason: str | None) -> EpisodeView:
        save(self._vault, held, lesion, self._operator, reason)
        return view_of(self._vault, lesion.episode_id)

    def _on_saved(self, view: EpisodeView) -> None:
        self._loop.saved()
        self._shell.clear_notice()
        self._view = view
        self._page.show_saved(self._shot)
        missing = view.missing(self._lesion)
        if missing:
            self._aim(missing[0])
        else:
            self.finished.emit(view)

    def _on_save_failed(self, trouble: StationError) -> None:
        self._loop.save_failed()
        self._page.return_to_review()
        self._shell.show_trouble(trouble)
