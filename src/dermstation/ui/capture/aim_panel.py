"""The panel that shows what was taken, which shot is next, and how to take it. GUI thread.

Part of the capture page.
"""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.capture.polarisation import PolarisationChoice
from dermstation.ui.capture.shot_row import ShotRow
from dermstation.ui.capture.tip_band import TipBand
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space


class AimPanel(QWidget):
    """The lesion's shots as small pictures, the present one's name and steps, and a tip."""

    def __init__(self) -> None:
        super().__init__()
        self.shot = ShotKind.GENERAL
        self.shots = ShotRow()
        self._name = label(role="title")
        self._how = WrapLabel(role="soft")
        self._pair = WrapLabel(role="strong")
        self.polarisation = PolarisationChoice()
        self.tip = TipBand()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.shots)
        layout.addWidget(self._name)
        layout.addWidget(self._how)
        layout.addWidget(self._pair)
        layout.addWidget(self.polarisation)
        layout.addWidget(self.tip)

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

    def set_small(self, *, small: bool) -> None:
        """Leave the name to the tile of the shot if there is little room."""
        self._name.setHidden(small)

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
