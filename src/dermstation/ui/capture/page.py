"""The page that takes the pictures of one lesion: aim, press, review, then use it or take it again.

A view: it shows frames and reports, and signals what the operator pressed. It never touches the
camera or the vault. GUI thread. No frame is ever sent by a signal.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent

from dermstation.domain.quality import QualityReport, Verdict
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.capture.buttons import LIVE
from dermstation.ui.capture.keys import CaptureKeys
from dermstation.ui.capture.landing import Landing
from dermstation.ui.capture.live_page import LivePage
from dermstation.ui.capture.looking import Look
from dermstation.ui.system.adorning import announce
from dermstation.ui.system.timers import timer
from dermstation.workflow.capture_keys import Act, Stage, Tool

ACCEPT_GUARD_MS = 400  # a second press of the shutter must not accept a picture nobody looked at
SAVED_NOTE_MS = 4000


class CapturePage(LivePage):
    """The page at one of its stages; each `enter_...` changes to another one."""

    def __init__(self) -> None:
        super().__init__()
        self._verdict = Verdict.GOOD
        self._landing = Landing(self, self.view)
        self._look = Look(self.view)
        self.hands = CaptureKeys(self, self.shutter, self.tools, self._answers())
        self._connect()
        self._guard = timer(self, ACCEPT_GUARD_MS, once=True)
        self._guard.timeout.connect(self._end_guard)
        self._look.passed.connect(self.use_at_once)
        self._look.ended.connect(lambda: self.review.show_look(goes_on=False))
        self._passing = timer(self, SAVED_NOTE_MS, once=True)
        self._passing.timeout.connect(lambda: self.view.show_note(""))
        self._enter(Stage.AIMING)
        self._show_camera()

    def enter_aiming(self, shot: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Aim at a shot; `done` holds the verdicts of the shots already saved."""
        if self.stage not in LIVE:
            self.view.clear()  # the held picture must not be taken for the live one
        if self._rests:
            self._guard.start()  # a press that came too late to use the picture takes no other one
        self.aim.show_shot(shot, done)
        self.buttons.show_finish(has_pictures=bool(done))
        self._enter(Stage.AIMING)
        self._landing.let_go()
        self.tools.enter_live()
        self._show_camera()
        self.setFocus()

    def enter_holding(self) -> None:
        """Show that the press was registered and the sharpest frame is being chosen."""
        self.aim.show_used(None)
        self._enter(Stage.HOLDING)
        self.setFocus()  # a button that is disabled passes its focus to another one

    def show_held(self, frame: NDArray[np.uint8], full: tuple[int, int]) -> None:
        """Show the picture that was chosen; it is still being judged, and cannot be used yet.

        It may be smaller than it will be stored; `full` is that width and height.
        """
        self._show_still(frame, full=full, at_once=True)
        self._guard.start()
        self._show_shutter()

    def enter_review(
        self, frame: NDArray[np.uint8], report: QualityReport, noted: str = ""
    ) -> None:
        """Show the held picture and its verdict, and ask whether to use it.

        `noted` describes in a few words what is stored with it, for a tool tip.
        """
        if self.stage is not Stage.HOLDING or not self.view.is_still:
            self._guard.start()  # it is seen only now
        self._show_still(frame)
        self.review.setToolTip(noted)
        self._verdict = report.verdict
        self.review.show_report(report)
        self._enter(Stage.REVIEWING)
        self.tools.enter_still()
        (self.buttons.again if self._verdict is Verdict.POOR else self.view).setFocus()

    def enter_saving(self) -> None:
        """Show that the picture is being saved."""
        self._enter(Stage.SAVING)
        self.setFocus()

    def return_to_review(self) -> None:
        """Return to the held picture after a failed save."""
        self._rests = False
        self._enter(Stage.REVIEWING)
        self.buttons.use.setFocus()

    def enter_taken(self, shot: ShotKind, verdict: Verdict, when: str) -> None:
        """Show large, in place of the live picture, what was taken; then call `show_taken`."""
        self.view.clear()
        self.view.show_message("One moment")
        self.view.show_age("")
        self.taken.show_taken(shot, verdict, when)
        self._caption = f"{SHOT_GUIDES[shot].title} picture, saved"
        self._enter(Stage.TAKEN)
        self.tools.enter_still(Stage.TAKEN)
        self.setFocus()

    def show_taken(self, shot: ShotKind, picture: NDArray[np.uint8] | None) -> None:
        """Show the picture that was asked for, or that it cannot be read."""
        if self.stage is not Stage.TAKEN or self.taken.shot is not shot:
            return
        if picture is None:
            self.view.show_message("This picture cannot be read", "Take it again.")
            return
        self.view.show_message()
        self.view.show_image(picture, still=True)

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
        """Return to aiming from a panel or from a picture that was taken before."""
        if self.stage in (Stage.MARKS, Stage.TAKEN):
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
        self._landing.take_up(self.aim.shots.tile(kind))
        self.aim.show_used(kind)

    def show_passing(self, words: str) -> None:
        """Show good news for a few seconds in a corner of the picture."""
        self.view.show_note(f"\u2713  {words}")
        announce(self, words)
        self._passing.start()

    def press_shutter(self) -> None:
        """Press the shutter for a key, footswitch or camera button, unless it is disabled.

        A second press uses the held picture, if it is good and could be looked at.
        """
        if self.stage is Stage.REVIEWING and self._verdict is Verdict.GOOD:
            self.buttons.use.click()
            return
        if not self.shutter.isEnabled() or not self.shutter.isVisible():
            return
        if self.stage in (Stage.AIMING, Stage.HOW_TO):
            self.shutter_pressed.emit()
        elif self.stage is Stage.RULER:
            self.still_wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """End a look, as at a lock: nobody sees the picture any more."""
        self._look.end()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the page's own keys; Enter works as on every page."""
        is_choosing = self.stage is Stage.KEYS
        if not (self.hands.press(event) or (is_choosing and self.keys.take_key(event))):
            super().keyPressEvent(event)

    def _answers(self) -> dict[Act, Callable[[], object]]:
        return {
            Act.TAKE: self.press_shutter,
            Act.RETAKE: self.retaken.emit,
            Act.REPLACE: self.buttons.replace.click,
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
        self.aim.again.clicked.connect(lambda: self.replace_wanted.emit(self.aim.used))
        made.replace.clicked.connect(lambda: self.replace_wanted.emit(self.taken.shot))
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
        for before, after in pairwise(self._in_order()):
            self.setTabOrder(before, after)

    def look_then_use(self) -> None:
        """Show the held picture for a moment, then use it without asking; any press stops that."""
        self._look.begin()
        self.review.show_look(goes_on=self._look.goes_on)

    def use_at_once(self) -> None:
        """Use the held picture without asking; a second press at once takes no other one."""
        self._rests = True
        self.use()

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
        if self.stage in (Stage.KEYS, Stage.TAKEN):
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
        self._look.end()
        self._columns.show_stage(stage)
        over = self.view.over
        self.view.set_shown(over.marks, stage is Stage.MARKS)
        self.view.set_caption("Picture of the ruler" if stage is Stage.MARKS else self._caption)
        self._show_marks()
        self.aim.shots.setEnabled(stage is not Stage.HOLDING)
        self.bar.show_on(Tool.HOW, on=stage is Stage.HOW_TO)
        self.bar.setEnabled(stage not in (Stage.KEYS, Stage.SAVING, Stage.HOLDING))
        self.review.setEnabled(stage is not Stage.SAVING)
        self.hands.enter(stage, good=self._verdict is Verdict.GOOD)
        self._show_buttons()

    def _show_still(
        self,
        frame: NDArray[np.uint8],
        *,
        full: tuple[int, int] | None = None,
        at_once: bool = False,
    ) -> None:
        self._caption = "Held picture"
        self.view.set_caption(self._caption)
        self.view.show_message()
        self.view.show_image(frame, still=True, full=full, now=at_once, rough=at_once)

    def _show_marks(self) -> None:
        self.view.over.marks.length_words = f"{self.scale.length_mm} mm"
        self.view.update()

    def _end_guard(self) -> None:
        self._rests = False
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.buttons.show_stage(
            self.stage,
            poor=self._verdict is Verdict.POOR,
            guarded=self._guard.isActive(),
            complete=self.scale.result is not None,
        )
        self._show_shutter()
