"""The panel that shows what was taken, which shot is next, and how to take it. GUI thread.

Part of the capture page.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.capture.polarisation import PolarisationChoice
from dermstation.ui.capture.shot_row import ShotRow
from dermstation.ui.capture.tip_band import TipBand
from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space


class AimPanel(QWidget):
    """The lesion's shots as small pictures, the present one's name and steps, and a tip."""

    def __init__(self) -> None:
        super().__init__()
        self.shot = ShotKind.GENERAL
        self.shots = ShotRow()
        self.used: ShotKind | None = None  # just now; one press takes it again
        self.again = button("", "text")
        self._name = label(role="title")
        self._how = WrapLabel(role="soft")
        self._pair = WrapLabel(role="strong")
        self.polarisation = PolarisationChoice()
        self.tip = TipBand()
        self._rows = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.shots)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._name)
        layout.addWidget(self._how)
        layout.addWidget(self._pair)
        layout.addWidget(self.polarisation)
        layout.addWidget(self.tip)
        self.set_small(small=False)

    def show_shot(self, current: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Show the current shot, its steps, and the shots that are done."""
        self.shot = current
        self.shots.show_shots(current, done)
        guide = SHOT_GUIDES[current]
        self._name.setText(guide.title)
        self._name.setToolTip(guide.purpose)
        self._how.setText(" ".join(guide.steps))
        self._pair.hide()
        self.polarisation.setVisible(current is ShotKind.DERMOSCOPIC)
        self.show_used(self.used if self.used in done and self.used is not current else None)

    def show_used(self, shot: ShotKind | None) -> None:
        """Offer to take again the picture that was used just now, or stop offering it."""
        self.used = shot
        if shot is not None:
            title = SHOT_GUIDES[shot].title
            self.again.setText(f"&Retake {title.lower()}")
            self.again.setToolTip(f"The {title.lower()} picture is saved; a new one replaces it")
        self._show_again()

    def set_small(self, *, small: bool, low: bool = False) -> None:
        """Leave the name to the tile of the shot if there is little room, and retaking if least."""
        self._is_low = low
        self._rows.setSpacing(Space.XS if small else Space.S)
        self._name.setHidden(small)
        self.shots.set_small(small=small)
        self._show_again()

    def _show_again(self) -> None:
        self.again.setHidden(self.used is None or self._is_low)

    def show_light_taken(self, light: Polarisation | None) -> None:
        """Show what a new dermoscopic picture would do, if the last one's polarisation is known."""
        if light is not None and self.shot is ShotKind.DERMOSCOPIC:
            other = "non-polarised" if light is Polarisation.POLARISED else "polarised"
            self._pair.setText(f"Taking it again replaces it; {other} light makes a pair.")
            self._pair.show()

    def ask_light(self) -> None:
        """Select the next answer about polarisation, which only the dermoscopic shot asks for."""
        if self.shot is ShotKind.DERMOSCOPIC:
            self.polarisation.ask_next()

    @property
    def light_said(self) -> Polarisation | None:
        """Return the polarisation that was chosen; None if not known or not a dermoscopic shot."""
        return self.polarisation.answer if self.shot is ShotKind.DERMOSCOPIC else None
