"""How good the live picture is: the traffic light and two bars below it. GUI thread."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.quality import Aspect, QualityReport
from dermstation.ui.capture.meter import Meter
from dermstation.ui.capture.traffic_light import TrafficLight
from dermstation.ui.theme import Space


class Readings(QWidget):
    """The light, and below it a bar for focus and one for light."""

    def __init__(self) -> None:
        super().__init__()
        self.light = TrafficLight()
        self.meters = {aspect: Meter(aspect) for aspect in (Aspect.FOCUS, Aspect.EXPOSURE)}
        bars = QHBoxLayout()
        bars.setSpacing(Space.L)
        for meter in self.meters.values():
            bars.addWidget(meter, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.light)
        layout.addLayout(bars)

    def set_small(self, *, small: bool) -> None:
        """Use less room, in a low window."""
        self.light.set_small(small=small)

    def show_report(self, report: QualityReport | None, unread: tuple[str, str]) -> None:
        """Show the judgements on the live picture; None clears the bars, and the light says why."""
        self.light.show_report(report, unread)
        judgements = {found.aspect: found for found in report.judgements} if report else {}
        for aspect, meter in self.meters.items():
            meter.show_judgement(judgements.get(aspect), report.shot if report else None)
