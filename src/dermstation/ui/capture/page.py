"""The page that takes the pictures of one lesion: aim, press, review, then use it or take it again.

A view: it shows frames and reports, and signals what the operator pressed. It never touches the
camera or the vault. GUI thread. No frame is ever sent by a signal.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from dermstation.domain.quality import QualityReport, Verdict
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.capture.aim_panel import AimPanel
from dermstation.ui.capture.buttons import LIVE, CaptureButtons
from dermstation.ui.capture.camera_words import dead_because, over_picture
from dermstation.ui.capture.columns import CaptureColumns
from dermstation.ui.capture.how_to_panel import HowToPanel
from dermstation.ui.capture.keys import CaptureKeys
from dermstation.ui.capture.live_tools import LiveTools
from dermstation.ui.capture.scale_panel import ScalePanel
from dermstation.ui.capture.shutter_key_panel import ShutterKeyPanel
from dermstation.ui.capture.tip_band import TipBand
from dermstation.ui.capture.tool_bar import ToolBar
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.verdict_panel import VerdictPanel
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.system.adorning import announce
from dermstation.ui.system.timers import timer
from dermstation.workflow.capture_keys import Act, Stage, Tool

ACCEPT_GUARD_MS = 400  # a second press of the shutter must not accept a picture nobody looked at
SAVED_NOTE_MS = 4000


class CapturePage(Page):
    """The page with the live picture left, and instructions, meters and shutter right."""

    shutter_pressed = Signal()
    accepted = Signal(object)  # the reason for using a poor picture, or None
    retaken = Signal()
    scale_wanted = Signal()  # to measure it; the answer is `enter_ruler`
    still_wanted = Signal()  # of the ruler; the answer is `enter_marks`
    scale_measured = Signal(object)  # Scale
    measuring_left = Signal()
    how_to_wanted = Signal(object)  # ShotKind; offer the topics, then `enter_how_to`

    def __init__(self) -> None:
        super().__init__("Pictures", framed=False)
        self.stage = Stage.AIMING
        self._link = ("", "")
        self._age_s: float | None = None
        self._report: QualityReport | None = None
        self._judged: QualityReport | None = None  # as shown
        self._verdict = Verdict.GOOD
        self._noted = ""  # what is stored with the held picture
        self.view = LiveView()
        self.view.set_shown(self.view.over.reticle, True)
        self.bar = ToolBar()
        self.tools = LiveTools(self.view, self.bar)
        self.aim = AimPanel()
        self.review = VerdictPanel()
        self.scale = ScalePanel()
        self.keys = ShutterKeyPanel()
        self.how_to = HowToPanel()
        self.tip = TipBand()
        panels: dict[Stage, QWidget] = dict.fromkeys((Stage.AIMING, Stage.HOLDING), self.aim)
        panels |= dict.fromkeys((Stage.REVIEWING, Stage.SAVING), self.review)
        panels |= dict.fromkeys((Stage.RULER, Stage.MARKS), self.scale)
        panels[Stage.KEYS], panels[Stage.HOW_TO] = self.keys, self.how_to
        self._columns = CaptureColumns(self, self.bar, self.tip, self.view, panels)
        self.buttons = CaptureButtons(self)
        self.shutter = self.buttons.shutter
        self.hands = CaptureKeys(self, self.shutter, self.tools, self._answers())
        self._connect()
        self._guard = timer(self, ACCEPT_GUARD_MS, once=True)
        self._guard.timeout.connect(self._show_buttons)
        self._passing = timer(self, SAVED_NOTE_MS, once=True)
        self._passing.timeout.connect(lambda: self.view.show_note(""))
        self._enter(Stage.AIMING)
        self._show_camera()

    def show_lesion(self, label: str, site_words: str) -> None:
        """Show which lesion the pictures are of: L1, "Forearm, back (left)"."""
        self.set_title(f"{label}  \u00b7  {site_words}")

    def show_frame(self, frame: NDArray[np.uint8], full: tuple[int, int] | None = None) -> None:
        """Show a live frame at once, as described in `LiveView.show_image`; not while one is held.

        `full` is the frame's size from the camera, if it was decoded smaller.
        """
        if self.stage in LIVE:
            self.view.show_image(frame, full=full, now=True)

    def show_link(self, state: str, text: str = "") -> None:
        """Show the state of the camera's link and, unless it is streaming, a text about it."""
        self._link = (str(state), text)
        self._show_camera()

    def show_age(self, seconds: float | None) -> None:
        """Show the age of the newest frame, None if there is none; a stale one cannot be taken."""
        self._age_s = seconds
        self._show_camera()

    def show_live_report(self, report: QualityReport | None) -> None:
        """Show the measurements of the newest frame; None clears the meters.

        They are shown only while a picture can be taken: nothing is green over an old picture.
        """
        self._report = report
        self._show_judgement()

    def enter_aiming(self, shot: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Aim at a shot; `done` holds the verdicts of the shots already saved."""
        if self.stage not in LIVE:
            self.view.clear()  # the held picture must not be taken for the live one
        self.aim.show_shot(shot, done)
        self.buttons.show_finish(has_pictures=bool(done))
        self._enter(Stage.AIMING)
        self.tools.enter_live()
        self._show_camera()
        self.setFocus()

    def enter_holding(self) -> None:
        """Show that the press was registered and the sharpest frame is being chosen."""
        self._enter(Stage.HOLDING)
        self.setFocus()  # a button that is disabled passes its focus to another one

    def enter_review(
        self, frame: NDArray[np.uint8], report: QualityReport, noted: str = ""
    ) -> None:
        """Show the held picture and its verdict, and ask whether to use it.

        `noted` describes in a few words what is stored with it.
        """
        self._noted = noted
        self._verdict = report.verdict
        self.view.show_message()
        self.view.show_image(frame, still=True)
        self.review.show_report(report)
        self._guard.start()
        self._enter(Stage.REVIEWING)
        self.tools.enter_still()
        (self.buttons.again if self._verdict is Verdict.POOR else self.view).setFocus()

    def enter_saving(self) -> None:
        """Show that the picture is being saved."""
        self._enter(Stage.SAVING)
        self.setFocus()

    def return_to_review(self) -> None:
        """Return to the held picture after a failed save."""
        self._enter(Stage.REVIEWING)
        self.buttons.use.setFocus()

    def enter_keys(self) -> None:
        """Wait for the operator to press the new shutter key; the live picture continues."""
        self._enter(Stage.KEYS)
        self.keys.setFocus()

    def enter_how_to(self) -> None:
        """Show the steps of the shot beside the live picture; the shutter keeps working."""
        self._enter(Stage.HOW_TO)
        self.setFocus()

    def enter_ruler(self) -> None:
        """Ask for a picture of a ruler; the live picture continues."""
        if self.stage is Stage.MARKS:
            self.view.clear()
            self.scale.show_aiming()
        else:
            self.scale.restart()
        self._enter(Stage.RULER)
        self.tools.enter_live(Stage.RULER)
        self._show_camera()
        self.setFocus()

    def enter_marks(self, frame: NDArray[np.uint8]) -> None:
        """Show the picture of the ruler (BGR, full size) with two marks to put on its lines."""
        self.view.show_message()
        self.view.show_image(frame, still=True)
        self.scale.show_marking()
        self._enter(Stage.MARKS)
        self.tools.enter_marks()
        self.view.setFocus()

    def leave_panel(self) -> None:
        """Return to aiming from the choice of a key, the how-to or the measuring."""
        if self.stage is Stage.MARKS:
            self.view.clear()
        if self.stage in (Stage.RULER, Stage.MARKS):
            self.measuring_left.emit()
        self._enter(Stage.AIMING)
        self.tools.enter_live()
        self._show_camera()
        self.setFocus()

    def show_saved(self, kind: ShotKind) -> None:
        """Show for a few seconds that the picture is saved; call it only after the commit."""
        self.show_passing(f"{SHOT_GUIDES[kind].title} picture saved")

    def show_passing(self, words: str) -> None:
        """Show good news for a few seconds in a corner of the picture."""
        self.view.show_note(f"\u2713  {words}")
        announce(self, words)
        self._passing.start()

    def press_shutter(self) -> None:
        """Press the shutter for a key, footswitch or camera button, unless it is disabled."""
        if not self.shutter.isEnabled() or not self.shutter.isVisible():
            return
        if self.stage in (Stage.AIMING, Stage.HOW_TO):
            self.shutter_pressed.emit()
        elif self.stage is Stage.RULER:
            self.still_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the page's own keys; Enter works as on every page."""
        is_choosing = self.stage is Stage.KEYS
        if not (self.hands.press(event) or (is_choosing and self.keys.take_key(event))):
            super().keyPressEvent(event)

    def _answers(self) -> dict[Act, Callable[[], object]]:
        return {
            Act.TAKE: self.press_shutter,
            Act.RETAKE: self.retaken.emit,
            Act.HANDS_FREE: self.buttons.hands_free.click,
            Act.LIGHT: self.aim.ask_light,
            Act.MEASURE: self.scale_wanted.emit,
            Act.FIRST_MARK: lambda: self._choose_mark(0),
            Act.SECOND_MARK: lambda: self._choose_mark(1),
            Act.NEW_PICTURE: self.enter_ruler,
            Act.CHOOSE_KEY: self.enter_keys,
            Act.LEAVE: self.leave_panel,
        }

    def _connect(self) -> None:
        made = self.buttons
        made.shutter.clicked.connect(self.press_shutter)
        made.use.clicked.connect(self.use)
        made.again.clicked.connect(self.retaken)
        made.act.clicked.connect(self._on_act)
        made.add.clicked.connect(self.add_length)
        made.cancel.clicked.connect(self.leave_panel)
        self.scale.another.clicked.connect(self.enter_ruler)
        self.scale.changed.connect(self._show_buttons)
        self.scale.length_changed.connect(self._show_marks)
        self.tools.how_wanted.connect(self._on_how_wanted)
        self.bar.add_entry(Act.MEASURE).triggered.connect(self.scale_wanted)
        self.bar.add_entry(Act.CHOOSE_KEY).triggered.connect(self.enter_keys)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_first(self)

    def use(self) -> None:
        """Use the held picture; a poor one needs a reason first."""
        if self._verdict is not Verdict.POOR:
            self.accepted.emit(None)
        elif reason := self.review.reason:
            self.accepted.emit(reason)
        else:
            self.review.show_problem("Choose a reason, or take the picture again.")
            self.review.focus_reason()

    def _on_act(self) -> None:
        if self.stage is Stage.KEYS:
            self.leave_panel()
        elif (result := self.scale.result) is not None:
            self.scale_measured.emit(result)
        else:
            self.add_length()

    def _on_how_wanted(self) -> None:
        if self.stage is Stage.AIMING:
            self.how_to_wanted.emit(self.aim.shot)
        elif self.stage is Stage.HOW_TO:
            self.leave_panel()

    def add_length(self) -> None:
        """Add the length between the marks."""
        marks = self.view.over.marks
        if self.scale.add((marks.ends[0], marks.ends[1]), QSizeF(self.view.full)):
            self.view.setFocus()

    def _choose_mark(self, place: int) -> None:
        self.view.over.marks.active = place
        self.view.update()

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self._columns.show_stage(stage)
        self.tip.set_wanted(stage in (*LIVE, Stage.HOLDING))
        over = self.view.over
        self.view.set_shown(over.marks, stage is Stage.MARKS)
        held = f"Held picture: {self._noted}" if self._noted else ""
        self.view.set_caption("Picture of the ruler" if stage is Stage.MARKS else held)
        self._show_marks()
        self.bar.show_on(Tool.HOW, on=stage is Stage.HOW_TO)
        self.bar.setEnabled(stage not in (Stage.KEYS, Stage.SAVING, Stage.HOLDING))
        self.review.setEnabled(stage is not Stage.SAVING)
        self.hands.enter(stage)
        self._show_buttons()

    def _show_marks(self) -> None:
        self.view.over.marks.length_words = f"{self.scale.length_mm} mm"
        self.view.update()

    def _show_buttons(self) -> None:
        self.buttons.show_stage(
            self.stage,
            poor=self._verdict is Verdict.POOR,
            guarded=self._guard.isActive(),
            complete=self.scale.result is not None,
        )
        self._show_shutter()

    def _show_camera(self) -> None:
        state, text = self._link
        if self.stage in LIVE:
            over = over_picture(state, text, self._age_s)
            self.view.show_message(*over)
            fresh = self._age_s is not None and not over
            self.view.show_age(f"Live  \u00b7  {self._age_s:.2f} s" if fresh else "")
        self._show_judgement()
        self._show_shutter()

    def _show_judgement(self) -> None:
        is_dead = bool(dead_because(self._link[0], self._age_s))
        report = None if is_dead else self._report
        if report is not self._judged:
            self._judged = report
            self.aim.show_report(report)

    def _show_shutter(self) -> None:
        had_focus = self.shutter.hasFocus()
        if self.stage is Stage.HOLDING:
            self.shutter.show_busy("Hold still\u2026")
        elif reason := dead_because(self._link[0], self._age_s):
            self.shutter.show_dead(reason)
        else:
            self.shutter.show_ready()
        if had_focus and not self.shutter.hasFocus():
            self.setFocus()  # not the next button, or Enter would finish the lesion
