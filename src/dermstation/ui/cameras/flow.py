"""The cameras page: look for attached cameras again and again, and try one of them.

A choice is saved at once and used from the next picture on.
"""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from dermstation.camera.controls import Control
from dermstation.camera.discovery import AttachedDevice, attached_devices, backends
from dermstation.camera.frames import Frame
from dermstation.camera.link import LinkState, LinkStatus
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.ui.cameras.chart_flow import ChartFlow
from dermstation.ui.cameras.page import CamerasPage, names_of
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.system.timers import timer
from dermstation.workflow.camera_check import pictures_of
from dermstation.workflow.camera_setup import CameraMemory, CameraSetup, save_setup
from dermstation.workflow.messages import message_for
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import Station
from dermstation.workflow.viewfinder import Viewfinder

LOOK_EVERY_MS = 3000
_FRAME_MS = 33
_STATUS_EVERY_TICKS = 8
_MEASURED_AFTER_TICKS = 90  # about three seconds of pictures


class CamerasFlow(QObject):
    """The flow that shows the cameras, tries one, and saves what the operator chooses."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, session: Session, go: Go
    ) -> None:
        super().__init__(shell)
        self._chart = ChartFlow(shell, background, session)
        self._chart.left.connect(self.enter)
        self._station = station
        self._shell = shell
        self._background = background
        self._go = go
        self._page: CamerasPage | None = None
        self._devices: tuple[AttachedDevice, ...] = ()
        self._is_looking = False
        self._trial: Viewfinder | None = None
        self._tried = ""
        self._frame: Frame | None = None
        self._ticks = 0  # with a new picture
        self._looks = 0
        self._is_rated = False
        self._looking = timer(self, LOOK_EVERY_MS)
        self._looking.timeout.connect(self._look)
        self._timer = timer(self, _FRAME_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def _setup(self) -> CameraSetup:
        return self._station.viewfinder.setup

    def enter(self) -> None:
        """Show the page; the cameras follow as soon as the system has listed them."""
        page = CamerasPage(self._station.settings.camera)
        self._page = page
        page.show_cameras((), self._setup.shots, locks=self._setup.locks_controls)
        page.try_wanted.connect(self._try)
        page.controls.changed.connect(self._set_control)
        page.lock.toggled.connect(
            lambda on: self._remember(replace(self._setup, locks_controls=on))
        )
        for shot, choice in page.choices.items():
            choice.activated.connect(partial(self._choose, shot))
        page.check.clicked.connect(self._check)
        page.sheet.clicked.connect(lambda: self._chart.save_sheet(page))
        page.back_pressed.connect(self._end)
        self._shell.show_page(page)
        self._look()
        self._looking.start()

    def leave(self) -> None:
        """Release the camera that was being tried."""
        self._looking.stop()
        self._stop_trying()
        self._page = None

    def _end(self) -> None:
        self.leave()
        self._go(places.Home())

    def _check(self) -> None:
        """Check the camera on trial by the colour chart in its newest picture."""
        frame = self._frame
        if frame is not None:
            camera = names_of(self._devices).get(self._tried, self._tried)
            self._chart.check(frame, camera, found=self.leave)

    def _look(self) -> None:
        if self._page is None or self._is_looking:
            return
        self._is_looking = True
        looking = self._background.on_worker(_devices).even_after_session()
        looking.then(self._on_devices).otherwise(self._on_no_devices)

    def _on_devices(self, devices: tuple[AttachedDevice, ...]) -> None:
        self._is_looking = False
        self._devices = devices
        self._show()

    def _on_no_devices(self, _trouble: StationError) -> None:
        self._is_looking = False

    def _show(self) -> None:
        if self._page is not None:
            setup = self._setup
            self._page.show_cameras(self._devices, setup.shots, locks=setup.locks_controls)

    def _try(self, camera: str) -> None:
        self._stop_trying()
        page = self._page
        if page is None:
            return
        self._shell.clear_notice()
        page.show_trying(camera)
        if not camera:
            return
        settings = self._station.settings
        try:
            spec = self._setup.spec_of(camera)
            trial = Viewfinder(spec, settings.stream_width, settings.stream_height)
            trial.open()
        except StationError as trouble:
            page.show_trying("")
            self._shell.show_trouble(trouble)
            return
        self._trial, self._tried = trial, camera
        self._ticks, self._is_rated = 0, False
        self._timer.start()

    def _stop_trying(self) -> None:
        self._timer.stop()
        trial, self._trial, self._frame, self._tried = self._trial, None, None, ""
        if trial is not None:
            trial.close()

    def _on_tick(self) -> None:
        page, link = self._page, self._trial.link if self._trial is not None else None
        if page is None or link is None:
            return
        status = link.status()
        is_streaming = status.state is LinkState.STREAMING
        newest = link.newest(after_sequence=self._frame.sequence if self._frame else -1)
        if newest is not None and is_streaming:
            self._ticks += 1
            self._show_frame(page, newest)
        self._looks += 1
        if self._looks % _STATUS_EVERY_TICKS == 0:  # also while no picture comes
            self._show_status(page, status)
        if self._ticks >= _MEASURED_AFTER_TICKS and status.fps and not self._is_rated:
            self._is_rated = True  # once for each trial
            self._remember_rate(status)

    def _show_frame(self, page: CamerasPage, frame: Frame) -> None:
        try:
            pixels = pixels_of(frame, reduce=2 if frame.width >= 2 * page.view.width() else 1)
        except StationError:
            return  # a damaged packet; the next one is 33 ms away
        self._frame = frame
        page.show_frame(pixels)

    def _show_status(self, page: CamerasPage, status: LinkStatus) -> None:
        if status.state is LinkState.STREAMING:
            settings = self._station.settings
            asked = (settings.stream_width, settings.stream_height)
            page.show_figures(asked, (status.width, status.height), status.fps)
            page.show_controls(status.controls)
        elif status.detail_code is not None:
            trouble = StationError(status.detail_code, program=status.program, other=status.other)
            words = message_for(trouble)
            page.show_trouble_over_picture(words.what, words.todo)

    def _remember_rate(self, status: LinkStatus) -> None:
        """Store the measured rate under the back end that was used, and how the pictures came."""
        memory, frame = self._setup.cameras.get(self._tried, CameraMemory()), self._frame
        backend = status.mode.backend or backends()[0]
        fps = {**memory.fps, backend: round(status.fps, 1)}
        pictures = memory.pictures
        if frame is not None:
            pictures = pictures_of(self._setup.spec_of(self._tried), status.mode, frame)
        self._remember(
            self._setup.with_memory(self._tried, replace(memory, fps=fps, pictures=pictures))
        )

    def _choose(self, shot: ShotKind, place: int) -> None:
        """Use the camera at this place in the list for the shot; empty text means the default."""
        if self._page is None:
            return
        camera = str(self._page.choices[shot].itemData(place))
        self._remember(self._setup.with_camera_for(shot, camera))

    def _set_control(self, control: Control, value: float | None) -> None:
        link = self._trial.link if self._trial is not None else None
        if link is None:
            return
        link.adjust({control: value})
        memory = self._setup.cameras.get(self._tried, CameraMemory())
        wanted = {**memory.controls, control: value}
        self._remember(self._setup.with_memory(self._tried, replace(memory, controls=wanted)))

    def _remember(self, setup: CameraSetup) -> None:
        """Use a setup from the next picture on, and save it for the next start."""
        self._station.viewfinder.use(setup)
        self._show()
        saving = self._background.on_worker(_saved, setup, self._station)
        saving.otherwise(partial(self._on_not_saved, self._page))

    def _on_not_saved(self, page: CamerasPage | None, trouble: StationError) -> None:
        if page is not None and page is self._page:
            self._shell.show_trouble(trouble)


def _devices() -> tuple[AttachedDevice, ...]:
    try:
        return attached_devices()
    except OSError:
        return ()


def _saved(setup: CameraSetup, station: Station) -> None:
    try:
        save_setup(setup, station.paths.cameras)
    except OSError as error:
        raise StationError(ErrorCode.SETTING_NOT_KEPT, errno=error.errno) from None
