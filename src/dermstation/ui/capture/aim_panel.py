"""The panel that shows what to take and how good the live picture is. GUI thread.

Part of the capture page.
"""

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.quality import Aspect, QualityReport, Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.capture.meter import Meter
from dermstation.ui.capture.polarisation import PolarisationChoice
from dermstation.ui.capture.traffic_light import TrafficLight
from dermstation.ui.parts.shot_list import ShotList
from dermstation.ui.parts.text import WrapLabel, card
from dermstation.ui.theme import Space


class AimPanel(QWidget):
    """The lesion's shots, the steps for the current one, the traffic light and its two bars."""

    def __init__(self) -> None:
        super().__init__()
        self.shot = ShotKind.GENERAL
        self.shots = ShotList()
        self._purpose = WrapLabel(role="strong")
        self._steps = [WrapLabel() for _ in range(3)]
        guide, inside = card()
        inside.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        inside.setSpacing(2)
        inside.addWidget(self._purpose)
        for step in self._steps:
            inside.addWidget(step)
        self.polarisation = PolarisationChoice()
        self.light = TrafficLight()
        self._meters = {aspect: Meter(aspect) for aspect in (Aspect.FOCUS, Aspect.EXPOSURE)}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.shots)
        layout.addWidget(guide)
        layout.addWidget(self.polarisation)
        layout.addWidget(self.light)
        below = QVBoxLayout()
        below.setSpacing(Space.XS)
        for meter in self._meters.values():
            below.addWidget(meter)
        below.addWidget(self.light.others)
        layout.addLayout(below)
        layout.addStretch(1)

    def show_shot(self, current: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Show the current shot, its steps, and the shots that are done."""
        self.shot = current
        self.shots.show_shots(current, done)
        guide = SHOT_GUIDES[current]
        self._purpose.setText(guide.purpose)
        for place, line in enumerate(self._steps):
            line.setVisible(place < len(guide.steps))
            if place < len(guide.steps):
                line.setText(f"{place + 1}. {guide.steps[place]}")
        self.polarisation.setVisible(current is ShotKind.DERMOSCOPIC)

    def show_light_taken(self, light: Polarisation | None) -> None:
        """Show what a new dermoscopic picture would do, if the last one's polarisation is known."""
        if light is not None and self.shot is ShotKind.DERMOSCOPIC:
            other = "non-polarised" if light is Polarisation.POLARISED else "polarised"
            self._purpose.setText(f"Taking it again replaces it; {other} light makes a pair.")

    def show_report(self, report: QualityReport | None) -> None:
        """Show the judgements on the live picture; None clears the traffic light and the bars."""
        self.light.show_report(report)
        judgements = {found.aspect: found for found in report.judgements} if report else {}
        for aspect, meter in self._meters.items():
            meter.show_judgement(judgements.get(aspect), report.shot if report else None)

    def ask_light(self) -> None:
        """Select the next answer about polarisation, which only the dermoscopic shot asks for."""
        if self.shot is ShotKind.DERMOSCOPIC:
            self.polarisation.ask_next()

    @property
    def light_said(self) -> Polarisation | None:
        """Return the polarisation that was chosen; None if not known or not a dermoscopic shot."""
        return self.polarisation.answer if self.shot is ShotKind.DERMOSCOPIC else None
