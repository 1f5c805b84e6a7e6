"""The parts of the capture page, and what it shows of the camera at every stage.

A view: it shows frames and reports, and never touches the camera or the vault. GUI thread. No frame
is ever sent by a signal.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dermstation.domain.quality import QualityReport
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.aim_panel import AimPanel
from dermstation.ui.capture.buttons import LIVE, CaptureButtons
from dermstation.ui.capture.camera_state import CameraState
from dermstation.ui.capture.columns import CaptureColumns
from dermstation.ui.capture.how_to_panel import HowToPanel
from dermstation.ui.capture.live_tools import LiveTools
from dermstation.ui.capture.readings import Readings
from dermstation.ui.capture.scale_panel import ScalePanel
from dermstation.ui.capture.shutter_key_panel import ShutterKeyPanel
from dermstation.ui.capture.taken_panel import TakenPanel
from dermstation.ui.capture.tool_bar import ToolBar
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.verdict_panel import VerdictPanel
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.picture.spinner import Spinner
from dermstation.workflow.capture_keys import Stage, Tool


class LivePage(Page):
    """The page with the live picture left, and what was taken, the light and the shutter right."""

    shutter_pressed = Signal()
    accepted = Signal(object)  # the reason for using a poor picture, or None
    retaken = Signal()
    replace_wanted = Signal(object)  # ShotKind, of a picture that was taken before
    scale_wanted = Signal()  # to measure it; the answer is `enter_ruler`
    still_wanted = Signal()  # of the ruler; the answer is `enter_marks`
    scale_measured = Signal(object)  # Scale
    measuring_left = Signal()
    how_to_wanted = Signal(object)  # ShotKind; offer the topics, then `enter_how_to`

    def __init__(self) -> None:
        super().__init__("Pictures", footed=False)
        self.stage = Stage.AIMING
        self._camera = CameraState()
        self._judged: tuple[QualityReport | None, tuple[str, str]] | None = None  # as shown
        self._caption = ""  # of the picture that is not live
        self._rests = False  # just after a picture that was used at once
        self.view = LiveView()
        self.view.set_shown(self.view.over.reticle, True)
        self._spinner = Spinner(self.view)
        self.bar = ToolBar()
        self.tools = LiveTools(self.view, self.bar)
        self.aim, self.readings = AimPanel(), Readings()
        self.review = VerdictPanel()
        self.taken = TakenPanel()
        self.scale = ScalePanel()
        self.keys = ShutterKeyPanel()
        self.how_to = HowToPanel()
        self.tip = self.aim.tip
        panels: dict[Stage, QWidget] = dict.fromkeys((Stage.AIMING, Stage.HOLDING), self.aim)
        panels |= dict.fromkeys((Stage.REVIEWING, Stage.SAVING), self.review)
        panels |= dict.fromkeys((Stage.RULER, Stage.MARKS), self.scale)
        panels |= {Stage.KEYS: self.keys, Stage.HOW_TO: self.how_to, Stage.TAKEN: self.taken}
        self.buttons = CaptureButtons(self)
        self.shutter = self.buttons.shutter
        self._columns = CaptureColumns(
            (self.bar, self.view), self.notice, panels, (self.aim, self.readings), self.buttons
        )
        self.content.addWidget(self._columns, 1)

    def show_lesion(self, label: str, site_words: str) -> None:
        """Show which lesion the pictures are of: L1, "Forearm, back (left)"."""
        self.set_title(f"{label}  \u00b7  {site_words}")
        self.about = f"{label}  {site_words}"

    def show_frame(self, frame: NDArray[np.uint8], full: tuple[int, int] | None = None) -> None:
        """Show a live frame at once, as described in `LiveView.show_image`; not while one is held.

        `full` is the frame's size from the camera, if it was decoded smaller.
        """
        if self.stage in LIVE:
            self.view.show_image(frame, full=full, now=True)

    def show_link(self, state: str, text: str = "") -> None:
        """Show the state of the camera's link and, unless it is streaming, a text about it."""
        self._camera.link = (str(state), text)
        self._show_camera()

    def show_age(self, seconds: float | None, pace: str = "") -> None:
        """Show the age of the newest frame, None if there is none; a stale one cannot be taken.

        `pace` says in words if it is checked less often than usual.
        """
        self._camera.age_s, self._camera.pace = seconds, pace
        self._show_camera()

    def show_live_report(self, report: QualityReport | None, *, only_at_rest: bool = False) -> None:
        """Show the measurements of the newest frame; None clears the meters.

        They are shown only while a picture can be taken: nothing is green over an old picture.
        `only_at_rest`: a slow PC checks only pictures that do not move.
        """
        self._camera.report, self._camera.only_at_rest = report, only_at_rest
        self._show_judgement()

    def _in_order(self) -> tuple[QWidget, ...]:
        """List what Tab goes through: tools, panel, buttons."""
        shots = [self.aim.shots.tile(kind) for kind in ShotKind]
        lights = [self.aim.polarisation.button(one) for one in (*Polarisation, None)]
        tools = [self.bar.button(tool) for tool in Tool]
        panel = (self.review.mark, self.review.why.choice, self.review.why.other)
        return (
            *tools,
            self.view,
            *shots,
            self.aim.again,
            *lights,
            *panel,
            *self.buttons.in_order(),
        )

    def _show_camera(self) -> None:
        if self.stage in LIVE:
            self.view.show_message(*self._camera.over_picture)
            self.view.show_age(self._camera.age_words)
        self._spinner.show_turning(on=self.stage in LIVE and self._camera.is_opening)
        self._show_judgement()
        self._show_shutter()

    def _show_judgement(self) -> None:
        shown = (self._camera.judged, self._camera.unread)
        if shown != self._judged:
            self._judged = shown
            self.readings.show_report(*shown)

    def _show_shutter(self) -> None:
        had_focus = self.shutter.hasFocus()
        if self.stage is Stage.HOLDING:
            words = "Checking\u2026" if self.view.is_still else "Hold still\u2026"
            self.shutter.show_busy(words)
        elif self._rests:
            self.shutter.show_busy("Saved")
        elif reason := self._camera.dead_because:
            self.shutter.show_dead(reason)
        else:
            self.shutter.show_ready()
        if had_focus and not self.shutter.hasFocus():
            self.setFocus()  # not the next button, or Enter would finish the lesion
