"""A real station for the benchmarks: its vault, an episode in it, and its measured window.

frame_age is the time from the camera process's timestamp of a frame to the end of the paint that
shows it, when the window's picture has gone to the X server. CPU is that of the station's process
and the camera process.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import until
from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.paths import StationPaths
from dermstation.security.passphrases import suggest_passphrase
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.workflow import episodes, unlocking
from dermstation.workflow.station import Station, build_station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView

SETTLING_FRAMES = 15  # the first frames arrive while the page is still being laid out


@contextmanager
def open_station(
    folder: Path, camera: str, width: int = 1600, height: int = 1200
) -> Iterator[tuple[Station, SignedIn, EpisodeView]]:
    """Set up a station in `folder`, with one episode of one lesion, for the block."""
    paths = StationPaths(folder / "station")
    settings = Settings(
        camera=camera, stream_width=width, stream_height=height, lock_after_minutes=30
    )
    station = build_station(paths, settings, demo=camera.startswith("sim"))
    try:
        signed_in, view = station.jobs.on_vault(_episode, paths).result()
        yield station, signed_in, view
        station.jobs.on_vault(unlocking.lock, signed_in).result()
    finally:
        station.stop()


def _episode(paths: StationPaths) -> tuple[SignedIn, EpisodeView]:
    operator = Operator(new_id(), "Bench", Role.ADMINISTRATOR)
    signed_in = unlocking.set_up_station(
        paths.vault, operator, suggest_passphrase(), new_recovery_key(), keystore=None
    )
    vault = signed_in.vault
    typed = episodes.TypedPatient(
        NhsNumber.parse("9990000018"), "Example", "Bench", date(1970, 1, 1)
    )
    episode_id = episodes.open_episode(vault, operator, typed).episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    view = episodes.save_lesion(
        vault, episode_id, lesion_id=None, site_code="43067004", side=None, history=""
    )
    return signed_in, view


class MeasuredView:
    """The window on its capture page, which records each frame it has painted."""

    def __init__(self, station: Station) -> None:
        from dermstation.ui.system.interpreter import suit_a_window

        suit_a_window()
        from dermstation.app import qt_application
        from dermstation.ui.capture.live_picture import LivePicture
        from dermstation.ui.picture.live_view import LiveView
        from dermstation.ui.window import StationWindow

        self.station = station
        self.application = qt_application()
        self.sequences: list[int] = []
        self.ages_ms: list[float] = []
        self.lost = 0  # frames that came and were not painted, but for those left out on purpose
        self.first_at_s = 0.0
        self.still_at_ns = 0  # when a still picture was first painted since `forget`
        self._painted: list[Any] = []
        self._put_back = [
            (LivePicture, "_on_tick", LivePicture._on_tick),
            (LiveView, "paintEvent", LiveView.paintEvent),
        ]
        paint, tick = LiveView.paintEvent, LivePicture._on_tick

        def noted_tick(live: LivePicture) -> None:
            tick(live)
            self.note()

        LivePicture._on_tick = noted_tick  # type: ignore[method-assign]
        self.window = StationWindow(station)

        def noted_paint(widget: LiveView, event: Any) -> None:
            paint(widget, event)
            if widget.is_still:
                self.still_at_ns = self.still_at_ns or time.perf_counter_ns()
            frame = self.window.walk.capture.frame
            if frame is not None and frame.sequence > (self.sequences or [-1])[-1]:
                self._painted = [frame]

        LiveView.paintEvent = noted_paint  # type: ignore[method-assign]

    def note(self) -> None:
        """Record the frame that was painted; call it after a tick, when the X server has it."""
        every = self.paints_every
        for frame in self._painted:
            if self.sequences:
                self.lost += max(0, frame.sequence - self.sequences[-1] - every)
            self.sequences.append(frame.sequence)
            self.ages_ms.append((time.perf_counter_ns() - frame.captured_at_ns) / 1e6)
            self.first_at_s = self.first_at_s or time.perf_counter()
        self._painted = []

    @property
    def paints_every(self) -> int:
        """Return how many frames come for each that is painted: 1, or 2 on a slow PC."""
        return self.window.walk.capture._live.budget.terms.paints_every

    def show(self, signed_in: SignedIn, view: EpisodeView, size: tuple[int, int]) -> float:
        """Go to the capture page, wait for frames, and return the ms from opening to the first."""
        from dermstation.ui.frame.places import Standing
        from dermstation.ui.home.page import HomePage

        turn = self.application.processEvents
        self.window.resize(*size)
        self.window.show()
        self.window.enter(signed_in)
        until(lambda: isinstance(self.window.shell.page, HomePage), turn)
        opened_s = time.perf_counter()
        self.window.walk.go(Standing(view))
        until(lambda: len(self.sequences) > SETTLING_FRAMES, turn)
        return (self.first_at_s - opened_s) * 1000

    def stir(self) -> None:
        """Move the mouse, as an operator would: an idle window locks itself."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent

        nothing = Qt.MouseButton.NoButton
        at = QPointF(1, 1)
        moved = QMouseEvent(
            QEvent.Type.MouseMove, at, at, nothing, nothing, Qt.KeyboardModifier.NoModifier
        )
        self.application.sendEvent(self.window.windowHandle(), moved)

    def run(self, seconds: float) -> None:
        """Run the window's event loop for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def forget(self) -> None:
        """Discard what was recorded so far."""
        self.sequences.clear()
        self.ages_ms.clear()
        self.lost = self.still_at_ns = 0

    def processes(self) -> list[psutil.Process]:
        """Return the station's process and the camera process."""
        link = self.station.viewfinder.link
        assert link is not None
        assert link.process_id is not None
        return [psutil.Process(), psutil.Process(link.process_id)]

    def cpu_s(self) -> list[float]:
        """Return the CPU time of both processes so far."""
        times = [process.cpu_times() for process in self.processes()]
        return [one.user + one.system for one in times]

    def close(self) -> None:
        """Leave the page and restore the patched methods; the camera keeps running."""
        from PySide6.QtCore import QEvent

        for owner, name, method in self._put_back:
            setattr(owner, name, method)
        self.window.walk.capture.leave()
        self.window.hide()
        self.window.deleteLater()
        # without this, the window's timer would later lock a station that no longer exists
        self.application.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
        self.application.processEvents()
