"""The scale of the picture: measuring it, showing a ruler, and storing it with a capture.

GUI thread; a worker thread reads and writes the file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from dermstation.camera.frames import Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CaptureDetails, now
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.camera_facts_flow import CameraFactsFlow
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.workflow.capture_keys import Stage, Tool
from dermstation.workflow.measuring import Scale
from dermstation.workflow.messages import message_for
from dermstation.workflow.scales import (
    CONTACT_SHOTS,
    MeasuredScale,
    MeasuredScales,
    load_scales,
    remember_scale,
)
from dermstation.workflow.scoring import pixels_of
from dermstation.workflow.station import Station


@dataclass(frozen=True, slots=True)
class _Measured:
    """The camera and picture size that the lengths are being measured for."""

    camera: str
    width: int
    height: int


class ScaleFlow(QObject):
    """The scales of this station, applied to one page at a time."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        live: LivePicture,
        camera: CameraFactsFlow,
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._live = live
        self._camera = camera
        self._page: CapturePage | None = None
        self._known = MeasuredScales()
        self._measured: _Measured | None = None
        self._held: CaptureDetails | None = None
        live.looked.connect(self._on_looked)

    def enter(self, page: CapturePage) -> None:
        """Connect to `page`, and read the file of scales again."""
        self._page = page
        self._measured = None
        page.tools.ruler_wanted.connect(self._on_ruler_wanted)
        page.scale_wanted.connect(self._on_scale_wanted)
        page.still_wanted.connect(self._on_still_wanted)
        page.scale_measured.connect(self._on_scale_measured)
        reading = self._background.at_low_priority(load_scales, self._station.paths.scales)
        reading.then(self._take_known)

    def leave(self) -> None:
        """Disconnect from the page."""
        self._page = None

    def review(self, held: CaptureDetails | None) -> None:
        """Use the scale stored with a held picture; None means that of the open camera."""
        self._held = held

    def scale_of(self, shot: ShotKind, width: int, height: int) -> Scale | None:
        """Return the scale of a picture of this size from the camera; None if there is none."""
        try:
            return self._known.scale_for(shot, self._camera.facts.identity, width, height)
        except StationError:
            return None

    def _take_known(self, known: MeasuredScales) -> None:
        self._known = known

    def _size(self) -> tuple[int, int]:
        """Return the size of the shown picture as it came from the camera."""
        full = self._page.view.full if self._page is not None else None
        return (round(full.width()), round(full.height())) if full is not None else (0, 0)

    def _on_ruler_wanted(self, _wanted: bool) -> None:
        page = self._page
        if page is None:
            return
        try:
            page.tools.show_scale(self._scale_now(page))
        except StationError as trouble:
            page.tools.show_scale(None)
            self._shell.show_words(Level.INFO, message_for(trouble))

    def _scale_now(self, page: CapturePage) -> Scale:
        held = self._held
        if held is None:
            camera = self._camera.facts.identity
            return self._known.scale_for(page.aim.shot, camera, *self._size())
        if held.mm_per_px is None or held.scale_error is None:
            raise StationError(
                ErrorCode.SCALE_NOT_MEASURED
                if page.aim.shot in CONTACT_SHOTS
                else ErrorCode.SCALE_NOT_CONTACT
            )
        return Scale(held.mm_per_px, held.scale_error)

    def _on_looked(self) -> None:
        """Remove or rescale the ruler as soon as the camera, picture size or shot changes."""
        page = self._page
        if page is not None and page.tools.is_on(Tool.RULER):
            try:
                scale = self._scale_now(page)
            except StationError:
                scale = None
            if scale != page.view.over.ruler.scale:
                page.tools.show_scale(scale)

    def _on_scale_wanted(self) -> None:
        page = self._page
        if page is None or page.stage is not Stage.AIMING:
            return
        if page.aim.shot not in CONTACT_SHOTS:
            trouble = StationError(ErrorCode.SCALE_NOT_CONTACT)
            self._shell.show_words(Level.INFO, message_for(trouble))
        elif not self._camera.facts.identity:
            self._shell.show_trouble(StationError(ErrorCode.SCALE_CAMERA_NAMELESS))
        else:
            self._shell.clear_notice()
            self._measured = None
            page.enter_ruler()

    def _on_still_wanted(self) -> None:
        frame, page = self._live.frame, self._page
        if frame is None or page is None:
            return
        measured = _Measured(self._camera.facts.identity, frame.width, frame.height)
        if self._measured not in (None, measured):
            page.scale.restart()  # lengths for another camera or picture size no longer count
        self._measured = measured

        def show(pixels: NDArray[np.uint8]) -> None:
            if self._page is page and page.stage is Stage.RULER:
                page.enter_marks(pixels)

        self._background.on_worker(_whole, frame).then(show)

    def _on_scale_measured(self, scale: Scale) -> None:
        measured, page = self._measured, self._page
        if measured is None or page is None:
            return
        new = MeasuredScale(
            measured.camera,
            measured.width,
            measured.height,
            scale.mm_per_px,
            scale.relative_error,
            now().isoformat(),
        )

        def kept(known: MeasuredScales) -> None:
            self._known = known
            if self._page is page:
                page.leave_panel()
                page.show_passing("Scale saved for this camera and picture size")

        self._background.at_low_priority(remember_scale, self._station.paths.scales, new).then(kept)


def _whole(frame: Frame) -> NDArray[np.uint8]:
    return pixels_of(frame)
