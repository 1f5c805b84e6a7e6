"""Erase imported pictures from their card and show the outcome of each. GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from dermstation.camera.card.pictures import Companions
from dermstation.ui.card.companions_panel import CompanionsPanel
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, card, count_words, label
from dermstation.ui.theme import Colour, Space

# Flash memory writes new data elsewhere rather than in place, so claim no more than this.
CLAIM = (
    "Each picture is overwritten and then deleted. The card's chips may still hold old copies"
    " that special tools can read, so look after the card as carefully as the pictures."
)
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class EraseLine:
    """A file on the card: its name, its picture's lesion and shot, and its outcome in words."""

    name: str
    shot: str  # "L1, close-up"
    outcome: str = ""
    is_off: bool = False
    is_left: bool = False  # because the operator chose so


class CardErasePage(Page):
    """The page that asks whether to erase, then shows the outcome, never better than it is."""

    is_short = True
    erase_wanted = Signal()
    finished = Signal()

    def __init__(
        self,
        card_name: str,
        lines: Sequence[EraseLine],
        *,
        is_card: bool,
        companions: Companions | None = None,
    ) -> None:
        super().__init__("Erase the imported pictures from the card?")
        self._card_name = card_name
        self._is_card = is_card
        self._is_done = False
        self._band = QVBoxLayout()
        self._list = QVBoxLayout()
        self.companions = CompanionsPanel(companions or Companions())
        self.content.addLayout(self._band)
        self.content.addLayout(self._list)
        self.content.addWidget(self.companions)
        self.content.addWidget(WrapLabel(CLAIM, "soft"))
        self.content.addStretch(1)
        self.set_primary("&Erase from the card").clicked.connect(self._on_primary)
        self._leave = self.add_secondary("Leave &them on the card")
        self._leave.clicked.connect(self.finished)
        self.eject = self.add_secondary("E&ject the card safely")
        self.eject.hide()
        if self.primary is not None:
            self.set_first(self.primary)
        self._show_question(lines)

    def show_erasing(self, done: int, total: int) -> None:
        """Show how many files have been erased so far."""
        self.show_busy(f"Erasing {min(done + 1, total)} of {total}\u2026")
        self._leave.setEnabled(False)
        self.companions.setEnabled(False)

    def show_outcome(self, lines: Sequence[EraseLine]) -> None:
        """Show the outcome of each file."""
        left = [line for line in lines if not line.is_off and not line.is_left]
        self.show_busy("")
        self.companions.hide()
        self._is_done = not left
        if left:
            self.set_title("Some pictures are not erased")
            count = count_words(len(left), "picture is", "pictures are")
            words = f"{count} still on the card, or may be. They are listed below."
            self._show_band("poor", Colour.POOR, "band-error", words)
        else:
            self._show_done(lines)
        self._show_lines(sorted(lines, key=lambda line: line.is_off), are_done=True)
        self._leave.setVisible(bool(left))
        self._leave.setEnabled(True)
        self._leave.setText("Lea&ve the rest on the card")
        self.eject.setVisible(self._is_card)
        if self.primary is not None:
            self.primary.setText("Try &again" if left else "&Continue")
            self.primary.setFocus()

    def _show_done(self, lines: Sequence[EraseLine]) -> None:
        count = count_words(sum(line.is_off for line in lines), "file was", "files were")
        if stay := sum(line.is_left for line in lines):
            self.set_title("Some files stay on the card")
            kept = count_words(stay, "other file stays", "other files stay")
            words = f"{count} erased. {kept} on the card, and the certificate says so."
            self._show_band("fair", Colour.FAIR, "band-warn", words)
        else:
            self.set_title("The pictures have been erased")
            words = f"{count} erased. Other pictures on the card were not touched."
            self._show_band("good", Colour.GOOD, "band-good", words)

    def show_ejecting(self) -> None:
        """Switch the button off while the card is being ejected."""
        self.eject.setEnabled(False)

    def show_ejected(self, *, is_out: bool) -> None:
        """Hide the button if the card is out; otherwise switch it on again."""
        self.eject.setVisible(not is_out)
        self.eject.setEnabled(not is_out)
        if is_out and not self._is_done:
            self.primary_off()

    def primary_off(self) -> None:
        """Switch "Try again" off, because the card is out."""
        if self.primary is not None:
            self.primary.setEnabled(False)
            self._leave.setFocus()

    @property
    def is_done(self) -> bool:
        """Return whether every picture is off the card."""
        return self._is_done

    def _on_primary(self) -> None:
        if self._is_done:
            self.finished.emit()
        else:
            self.erase_wanted.emit()

    def _show_question(self, lines: Sequence[EraseLine]) -> None:
        if not lines:
            words = "The pictures are off the card. Other files of them are still on it."
            self._show_band("fair", Colour.FAIR, "band-warn", words)
            return
        count = count_words(len(lines), "picture is", "pictures are")
        words = f"{count} stored on this station and checked against the card."
        self._show_band("good", Colour.GOOD, "band-good", words)
        self._show_lines(lines, are_done=False)

    def _show_band(self, picture: str, colour: Colour, role: str, words: str) -> None:
        _clear(self._band)
        frame, inside = card(role)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addWidget(IconBox(picture, colour, 32), 0, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(WrapLabel(words, "heading"), 1)
        inside.addLayout(across)
        self._band.addWidget(frame)

    def _show_lines(self, lines: Sequence[EraseLine], *, are_done: bool) -> None:
        _clear(self._list)
        frame, inside = card()
        inside.addWidget(WrapLabel(f"On {self._card_name}", "strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(2, 1)
        for row, line in enumerate(lines[:_MOST_SHOWN]):
            grid.addWidget(ElidedLabel(line.name), row, 0)
            grid.addWidget(label(line.shot, "soft"), row, 1)
            role = ("good" if line.is_off else "poor") if are_done else "soft"
            role = "fair" if line.is_left else role
            grid.addWidget(WrapLabel(line.outcome, role), row, 2)
        inside.addLayout(grid)
        if len(lines) > _MOST_SHOWN:
            inside.addWidget(label(f"and {len(lines) - _MOST_SHOWN} more", "soft"))
        self._list.addWidget(frame)


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if isinstance(widget, QFrame):
            widget.hide()
            widget.deleteLater()
