"""The panel beside a picture that was taken before, shown large. Part of the capture page.

GUI thread.
"""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.parts.verdict import VerdictBadge
from dermstation.ui.theme import Space


class TakenPanel(QWidget):
    """The name of a shot that was taken, its verdict, and what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.shot = ShotKind.GENERAL
        self._name = label(role="title")
        self._badge = VerdictBadge()
        self._when = WrapLabel(role="soft")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.S, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._name)
        layout.addWidget(self._badge)
        layout.addWidget(self._when)
        layout.addWidget(
            WrapLabel("It is saved. A new one replaces it in the package; this one is kept.")
        )

    def show_taken(self, shot: ShotKind, verdict: Verdict, when: str) -> None:
        """Show which picture it is, how good, and when it was taken."""
        self.shot = shot
        self._name.setText(SHOT_GUIDES[shot].title)
        self._badge.show_verdict(verdict)
        self._when.setText(when)

    @property
    def words(self) -> str:
        """Return the name, verdict and time as shown."""
        return f"{self._name.text()}. {self._badge.words}. {self._when.text()}"
