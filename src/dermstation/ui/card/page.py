"""Choose pictures on a memory card for the shots of one lesion, and check each before it is used.

A view: it shows thumbnails, then one picture in full with its verdict, and signals what the
operator wants. It touches neither the card nor the vault. GUI thread.
"""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dermstation.domain.quality import QualityReport, Verdict
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.card.picture_grid import PictureGrid
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import ScrollArea
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.shot_list import ShotList
from dermstation.ui.parts.text import WrapLabel, card
from dermstation.ui.parts.verdict_panel import VerdictPanel
from dermstation.ui.picture.live_view import LiveView
from dermstation.ui.theme import Space, set_role

ACCEPT_GUARD_MS = 400  # a second press of Enter must not accept a picture that nobody has looked at
_COLUMN_PX = 368


class _Stage(StrEnum):
    CHOOSING = "choosing"
    READING = "reading"
    REVIEWING = "reviewing"
    SAVING = "saving"


class CardPage(Page):
    """The page with the pictures at the left, and the next shot and the verdict at the right."""

    full_wanted = Signal(str)  # the picture's key
    accepted = Signal(object)  # the reason for using a poor picture, or None
    rejected = Signal()

    def __init__(self) -> None:
        super().__init__("Pictures from a memory card", framed=False)
        self._stage = _Stage.CHOOSING
        self._shot = ShotKind.GENERAL
        self._verdict = Verdict.GOOD
        self.grid = PictureGrid()
        self.grid.itemActivated.connect(lambda _: self._on_chosen())
        self.grid.place_changed.connect(self._show_buttons)
        self.view = LiveView()
        self.choose = ChoosePanel()
        self.review = VerdictPanel()
        self._taken = WrapLabel()
        self._beware, inside = card("band-warn")
        self._beware_words = WrapLabel(role="strong")
        inside.addWidget(self._beware_words)
        self._make_columns()
        self._make_buttons()
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.setInterval(ACCEPT_GUARD_MS)
        self._guard.timeout.connect(self._show_buttons)
        self.set_first(self.grid)
        self._show_buttons()

    def show_lesion(self, label: str, site_words: str) -> None:
        """Show the label and site of the lesion, such as L1 and "Forearm, back (left)"."""
        self.set_title(f"{label}  \u00b7  {site_words}")

    def enter_choosing(self, shot: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Ask for a picture for `shot`; `done` holds the verdicts of the finished shots."""
        self._stage = _Stage.CHOOSING
        self._shot = shot
        self.view.clear()
        self.choose.show_shot(shot, done)
        self._pictures.setCurrentWidget(self.grid)
        self._columns.setCurrentIndex(0)
        self._show_buttons()
        self.grid.setFocus()

    def enter_reading(self) -> None:
        """Show that the chosen picture is being read."""
        self._stage = _Stage.READING
        self._show_buttons()

    def enter_review(
        self, pixels: NDArray[np.uint8], report: QualityReport, taken: str, beware: str = ""
    ) -> None:
        """Show a picture in full with its verdict, the time it was taken and any warning."""
        self._stage = _Stage.REVIEWING
        self._verdict = report.verdict
        self.view.show_image(pixels, still=True)
        self._pictures.setCurrentWidget(self.view)
        self.review.show_report(report)
        self._taken.setText(taken)
        self._beware_words.setText(beware)
        self._beware.setVisible(bool(beware))
        self._columns.setCurrentIndex(1)
        self._review_scroll.ensureVisible(0, 0)
        self._guard.start()
        self._show_buttons()
        (self._other if self._verdict is Verdict.POOR else self.view).setFocus()

    def enter_saving(self) -> None:
        """Show that the picture is being stored and read back."""
        self._stage = _Stage.SAVING
        self._show_buttons()

    def return_to_review(self) -> None:
        """Return to the picture after a failed import."""
        self._stage = _Stage.REVIEWING
        self._show_buttons()
        self._use.setFocus()

    def show_copies(self, count: int) -> None:
        """Offer to erase, because imported pictures of this episode are on the card."""
        self.finish.setText("&Finish and erase\u2026" if count else "&Finish with this card")

    @property
    def is_choosing(self) -> bool:
        """Return whether the grid is shown and nothing is under way."""
        return self._stage is _Stage.CHOOSING

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the pictures with Escape, show 100 % with Z; Enter works as on every page."""
        if self._stage is _Stage.REVIEWING and not event.isAutoRepeat():
            if event.key() == Qt.Key.Key_Escape:
                self.rejected.emit()
                return
            if event.key() == Qt.Key.Key_Z:
                self.view.toggle_zoom()
                return
        super().keyPressEvent(event)

    def _make_columns(self) -> None:
        self._pictures = QStackedWidget()
        self._pictures.addWidget(self.grid)
        self._pictures.addWidget(self.view)
        judged = QWidget()
        rows = QVBoxLayout(judged)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.M)
        rows.addWidget(self._beware)
        rows.addWidget(self.review)
        rows.addWidget(self._taken)
        rows.addStretch(1)
        self._columns = QStackedWidget()
        self._columns.addWidget(ScrollArea(self.choose))
        self._review_scroll = ScrollArea(judged)
        self._columns.addWidget(self._review_scroll)
        set_role(self.title, "heading")
        side = QWidget()
        side.setFixedWidth(_COLUMN_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.title)
        column.addWidget(self._columns, 1)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addWidget(self._pictures, 1)
        across.addWidget(side)
        self.content.addLayout(across, 1)

    def _make_buttons(self) -> None:
        self._show_full = button("Show this picture", "primary")
        self._show_full.clicked.connect(self._on_chosen)
        self._use = button("&Use this picture", "primary")
        self._use.clicked.connect(self._on_use)
        for made in (self._show_full, self._use):
            self.set_primary(made)
            made.setProperty("tall", "true")
            made.setFixedWidth(_COLUMN_PX)
        self.finish = self.add_secondary("&Finish with this card")
        self._other = self.add_secondary("&Another picture")
        self._other.clicked.connect(self.rejected)
        self.set_back()

    def _on_chosen(self) -> None:
        """Ask for the current picture in full, after the button, Enter or a double click."""
        key = self.grid.current_key
        if key and self._stage is _Stage.CHOOSING:
            self.full_wanted.emit(key)

    def _on_use(self) -> None:
        if self._verdict is not Verdict.POOR:
            self.accepted.emit(None)
        elif reason := self.review.reason:
            self.accepted.emit(reason)
        else:
            self.review.show_problem("Choose a reason, or another picture.")
            self.review.focus_reason()

    def _show_buttons(self) -> None:
        choosing = self._stage in (_Stage.CHOOSING, _Stage.READING)
        saving = self._stage is _Stage.SAVING
        poor = self._verdict is Verdict.POOR
        title = SHOT_GUIDES[self._shot].title.lower()
        self.primary = self._show_full if choosing else self._use
        self._show_full.setVisible(choosing)
        self.finish.setVisible(choosing)
        self._use.setVisible(not choosing)
        self._other.setVisible(not choosing)
        if self.back is not None:
            self.back.setVisible(choosing)
        reading = self._stage is _Stage.READING
        self._show_full.setText("Reading\u2026" if reading else f"Show it as the {title} picture")
        self._show_full.setEnabled(not reading and bool(self.grid.current_key))
        self.finish.setEnabled(not reading)
        words = f"Use it an&yway as {title}" if poor else f"&Use it as the {title} picture"
        self._use.setText("Storing and checking\u2026" if saving else words)
        set_role(self._use, "secondary" if poor and not saving else "primary")
        set_role(self._other, "primary" if poor else "secondary")
        self._use.setEnabled(not saving and not self._guard.isActive())
        self._other.setEnabled(not saving)
        self.review.setEnabled(not saving)


class ChoosePanel(QWidget):
    """The panel with the next shot, the content of the card, and whether its clock is right."""

    def __init__(self) -> None:
        super().__init__()
        self.shots = ShotList()
        self._purpose = WrapLabel(role="strong")
        self._how = WrapLabel("Choose the picture at the left that shows this, then check it.")
        guide, inside = card()
        inside.setSpacing(Space.XS)
        inside.addWidget(self._purpose)
        inside.addWidget(self._how)
        self._clock, clocked = card("band-warn")
        self._clock_words = WrapLabel()
        clocked.addWidget(self._clock_words)
        self._clock.hide()
        self._card = WrapLabel(role="strong")
        self._counts = WrapLabel(role="soft")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(self.shots)
        layout.addWidget(guide)
        layout.addWidget(self._clock)
        named = QVBoxLayout()
        named.setSpacing(2)
        named.addWidget(self._card)
        named.addWidget(self._counts)
        layout.addLayout(named)
        layout.addStretch(1)

    def show_shot(self, shot: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Show which shot the picture is for, and which shots are done."""
        self.shots.show_shots(shot, done)
        guide = SHOT_GUIDES[shot]
        self._purpose.setText(f"{guide.title}. {guide.purpose}")

    def show_card(self, name: str, counts: str) -> None:
        """Show the name of the card and what is on it."""
        self._card.setText(name)
        self._counts.setText(counts)

    def show_clock(self, words: str) -> None:
        """Show what is wrong with the camera's clock, or nothing if `words` is empty."""
        self._clock_words.setText(words)
        self._clock.setVisible(bool(words))

    @property
    def words(self) -> str:
        """Return the words about the card and its clock."""
        shown = (self._card, self._counts, self._clock_words)
        return " ".join(one.text() for one in shown if one.text())
