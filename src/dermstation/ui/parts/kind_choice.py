"""Ask what to do with a picture that looks like another shot. GUI thread.

It never blocks: the picture can be used without an answer.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from dermstation.domain.quality import QualityReport
from dermstation.domain.quality_words import KEPT_AS
from dermstation.domain.shots import ShotKind
from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Space

SOURCE = "The station's own words for what it measures"
_LOOKS: dict[ShotKind, str] = {
    ShotKind.GENERAL: "This looks like a general picture.",
    ShotKind.CLOSEUP: "This looks like a close-up.",
    ShotKind.DERMOSCOPIC: "This looks like dermoscopy.",
}
_STORE_AS: dict[ShotKind, str] = {
    ShotKind.GENERAL: "Store as general",
    ShotKind.CLOSEUP: "Store as close-up",
    ShotKind.DERMOSCOPIC: "Store as dermoscopic",
}
_IT_IS: dict[ShotKind, str] = {
    ShotKind.GENERAL: "It is a general picture",
    ShotKind.CLOSEUP: "It is a close-up",
    ShotKind.DERMOSCOPIC: "It is dermoscopic",
    ShotKind.LATERAL: "It is a side view",
}
_KEPT = "Kept as {kind}. The package says so."


class KindChoice(QFrame):
    """The question and its two answers; hidden if there is nothing to ask."""

    chosen = Signal(object)  # the ShotKind to store the picture as

    def __init__(self) -> None:
        super().__init__()
        self._question = label(role="strong", wrap=True)
        self._noted = WrapLabel("")
        self._answers: list[QPushButton] = []
        frame, self._inside = card()
        self._inside.addWidget(self._question)
        self._inside.addWidget(self._noted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(frame)
        self.hide()

    @property
    def answers(self) -> tuple[QPushButton, ...]:
        """Return the buttons: to store it as another shot, and to keep the shot."""
        return tuple(self._answers)

    def show_report(self, report: QualityReport) -> None:
        """Ask if the picture looks like another shot, or show nothing."""
        for made in self._answers:
            made.hide()
            made.deleteLater()
        self._answers = []
        self._noted.hide()
        looks_like = report.looks_like
        self.setVisible(looks_like is not None)
        if looks_like is None:
            return
        self._question.setText(_LOOKS[looks_like])
        for words, shot in (
            (_STORE_AS[looks_like], looks_like),
            (_IT_IS[report.shot], report.shot),
        ):
            made = button(words)
            made.clicked.connect(partial(self._on_chosen, shot, report.shot))
            self._inside.addWidget(made)
            self._answers.append(made)

    def _on_chosen(self, shot: ShotKind, taken_as: ShotKind) -> None:
        if shot is taken_as:
            for made in self._answers:
                made.hide()
            self._noted.setText(_KEPT.format(kind=KEPT_AS[shot]))
            self._noted.show()
        self.chosen.emit(shot)
