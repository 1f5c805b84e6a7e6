"""Take the pictures of one lesion: aim, press, look at the held picture, keep it or take it again.

A view: it is shown frames and reports and tells what the operator pressed. It never touches the
camera or the vault. GUI thread. No frame is ever sent by a signal.
"""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dermstation.domain.quality import QualityReport, Verdict
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.pages.aim import AimPanel
from dermstation.ui.pages.camera_words import dead_because, over_picture
from dermstation.ui.pages.review import ReviewPanel
from dermstation.ui.theme import Space, set_role
from dermstation.ui.widgets.button import button
from dermstation.ui.widgets.live_view import LiveView
from dermstation.ui.widgets.page import Page, scrolled
from dermstation.ui.widgets.shutter import Shutter

ACCEPT_GUARD_MS = 400  # a second press of the shutter must not accept what nobody looked at
SAVED_NOTE_MS = 4000
_COLUMN_PX = 368


class _Stage(StrEnum):
    AIMING = "aiming"
    HOLDING = "holding"
    REVIEWING = "reviewing"
    SAVING = "saving"


class CapturePage(Page):
    """Live picture at the left; what to do, the meters and the shutter at the right."""

    shutter_pressed = Signal()
    accepted = Signal(object)  # the reason for using a poor picture, or None
    retaken = Signal()
    shot_chosen = Signal(object)  # ShotKind
    finished = Signal()
    card_wanted = Signal()  # a standalone camera's pictures instead of live ones

    def __init__(self) -> None:
        super().__init__("Pictures", framed=False)
        self._stage = _Stage.AIMING
        self._link = ("", "")
        self._age_s: float | None = None
        self._verdict = Verdict.GOOD
        self.view = LiveView()
        self.view.set_shown(self.view.reticle, True)
        self.aim = AimPanel()
        self.aim.shot_chosen.connect(self.shot_chosen)
        self.review = ReviewPanel()
        self._make_columns()
        self._make_buttons()
        self._make_keys()
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.setInterval(ACCEPT_GUARD_MS)
        self._guard.timeout.connect(self._show_buttons)
        self._show_buttons()
        self._show_camera()

    def show_lesion(self, label: str, site_words: str) -> None:
        """Name the lesion whose pictures are taken: L1, "Forearm, back (left)"."""
        self.set_title(f"{label}  \u00b7  {site_words}")

    def show_frame(self, frame: NDArray[np.uint8], full: tuple[int, int] | None = None) -> None:
        """Show a live frame, BGR, shape (height, width, 3); ignored while a picture is held.

        `full` is the size that the camera gave it, where it was decoded smaller.
        """
        if self._stage is _Stage.AIMING:
            self.view.show_image(frame, full=full)

    def show_link(self, state: str, text: str = "") -> None:
        """Show the state of the camera's link and, unless it is streaming, words for it."""
        self._link = (str(state), text)
        self._show_camera()

    def show_age(self, seconds: float | None) -> None:
        """Show how old the newest frame is; an old one cannot be taken. None: there is none."""
        self._age_s = seconds
        self._show_camera()

    def show_live_report(self, report: QualityReport | None) -> None:
        """Show what was measured on the newest frame; None empties the meters."""
        self.aim.show_report(report)

    def enter_aiming(self, shot: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Aim for a shot; `done` holds the verdicts of the shots that are saved."""
        held = self._stage is not _Stage.AIMING
        self._stage = _Stage.AIMING
        if held:
            self.view.clear()  # the held picture must not be taken for the live one
        self.aim.show_shot(shot, done)
        self._stack.setCurrentIndex(0)
        self._finish.setText("&Finish this lesion" if done else "&Finish without pictures")
        self._show_buttons()
        self._show_camera()
        self.setFocus()

    def enter_holding(self) -> None:
        """Say that the press was heard and the sharpest frame is being chosen."""
        self._stage = _Stage.HOLDING
        self._show_buttons()

    def enter_review(self, frame: NDArray[np.uint8], report: QualityReport) -> None:
        """Show the held picture and its verdict, and ask whether to use it."""
        self._stage = _Stage.REVIEWING
        self._verdict = report.verdict
        self.view.show_message()
        self.view.show_image(frame, still=True)
        self.review.show_report(report)
        self._stack.setCurrentIndex(1)
        self._review_scroll.ensureVisible(0, 0)
        self._guard.start()
        self._show_buttons()
        (self._again if self._verdict is Verdict.POOR else self.view).setFocus()

    def enter_saving(self) -> None:
        """Say that the picture is being saved."""
        self._stage = _Stage.SAVING
        self._show_buttons()

    def return_to_review(self) -> None:
        """Go back to the held picture after a save that failed."""
        self._stage = _Stage.REVIEWING
        self._show_buttons()
        self._use.setFocus()

    def show_saved(self, kind: ShotKind) -> None:
        """Say for some seconds that the picture is in the vault; call it after the commit alone."""
        words = f"{SHOT_GUIDES[kind].title} picture saved"
        self.view.show_note(f"\u2713  {words}")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self._saved_timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """R takes the picture again, Z looks at it in 100 %; Enter as on every page."""
        if self._stage is _Stage.REVIEWING and not event.isAutoRepeat():
            if event.key() in (Qt.Key.Key_R, Qt.Key.Key_Escape):
                self.retaken.emit()
                return
            if event.key() == Qt.Key.Key_Z:
                self.view.toggle_zoom()
                return
        super().keyPressEvent(event)

    def _make_columns(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolled(self.aim))
        self._review_scroll = scrolled(self.review)
        self._stack.addWidget(self._review_scroll)
        self._saved_timer = QTimer(self)
        self._saved_timer.setSingleShot(True)
        self._saved_timer.setInterval(SAVED_NOTE_MS)
        self._saved_timer.timeout.connect(lambda: self.view.show_note(""))
        set_role(self.title, "heading")
        side = QWidget()
        side.setFixedWidth(_COLUMN_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.title)
        column.addWidget(self._stack, 1)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addWidget(self.notice)
        left.addWidget(self.view, 1)
        across.addLayout(left, 1)
        across.addWidget(side)
        self.content.addLayout(across, 1)

    def _make_buttons(self) -> None:
        self.shutter = Shutter()
        self.shutter.clicked.connect(self.shutter_pressed)
        self.set_primary(self.shutter)
        self._use = button("&Use this picture", "primary")
        self._use.clicked.connect(self._on_use)
        self.set_primary(self._use)
        for made in (self.shutter, self._use):
            made.setProperty("tall", "true")
            made.setFixedWidth(_COLUMN_PX)
        self._finish = self.add_secondary("&Finish this lesion")
        self._finish.clicked.connect(self.finished)
        self.card = self.add_secondary("From a memory &card\u2026")
        self.card.clicked.connect(self.card_wanted)
        self._again = self.add_secondary("Take again  (&R)")
        self._again.clicked.connect(self.retaken)
        self.set_back()

    def _make_keys(self) -> None:
        # A shortcut comes before the focused button, so Space is the shutter wherever the focus is.
        self._space = QShortcut(QKeySequence(Qt.Key.Key_Space), self)
        self._space.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._space.setAutoRepeat(False)
        self._space.activated.connect(self._on_space)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_first(self)

    def _on_space(self) -> None:
        if self.shutter.isEnabled():
            self.shutter_pressed.emit()

    def _on_use(self) -> None:
        if self._verdict is not Verdict.POOR:
            self.accepted.emit(None)
        elif reason := self.review.reason:
            self.accepted.emit(reason)
        else:
            self.review.show_problem("Choose a reason, or take the picture again.")
            self.review.focus_reason()

    def _show_buttons(self) -> None:
        reviewing = self._stage in (_Stage.REVIEWING, _Stage.SAVING)
        saving = self._stage is _Stage.SAVING
        poor = self._verdict is Verdict.POOR
        self.primary = self._use if reviewing else self.shutter
        self.shutter.setVisible(not reviewing)
        self._use.setVisible(reviewing)
        self._again.setVisible(reviewing)
        self._finish.setVisible(not reviewing)
        self._finish.setEnabled(self._stage is _Stage.AIMING)
        self.card.setVisible(not reviewing)
        self.card.setEnabled(self._stage is _Stage.AIMING)
        if self.back is not None:
            self.back.setVisible(not reviewing)
        self._space.setEnabled(self._stage is _Stage.AIMING)
        words = "Use it an&yway" if poor else "&Use this picture"
        self._use.setText("Saving\u2026" if saving else words)
        set_role(self._use, "secondary" if poor and not saving else "primary")
        set_role(self._again, "primary" if poor else "secondary")
        self._use.setEnabled(not saving and not self._guard.isActive())
        self._again.setEnabled(not saving)
        self.review.setEnabled(not saving)
        self._show_shutter()

    def _show_camera(self) -> None:
        state, text = self._link
        if self._stage is _Stage.AIMING:
            over = over_picture(state, text, self._age_s)
            self.view.show_message(*over)
            fresh = self._age_s is not None and not over
            self.view.show_age(f"Live  \u00b7  {self._age_s:.2f} s" if fresh else "")
        self._show_shutter()

    def _show_shutter(self) -> None:
        if self._stage is _Stage.HOLDING:
            self.shutter.show_busy("Holding still\u2026")
        elif reason := dead_because(self._link[0], self._age_s):
            self.shutter.show_dead(reason)
        else:
            self.shutter.show_ready()
