"""The bar at the top of every page, with the patient and the operator. GUI thread."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.identity import Patient
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import icon
from dermstation.ui.parts.text import ElidedLabel, day_words, label
from dermstation.ui.theme import Colour, Space

HEIGHT_PX = 60
_NARROW_PX = 1200  # 1366 px at 125 % are 1092
_DEMO = "DEMO \u00b7 made-up patients"


class Header(QFrame):
    """The bar with the station, patient and operator, and the buttons `change` and `lock`."""

    def __init__(self, station: str = "Dermstation", *, demo: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.setFixedHeight(HEIGHT_PX)
        self._station = label(station, "strong")
        self._station.setMinimumWidth(1)
        self.demo_badge = label(_DEMO, "badge")
        self.demo_badge.setAccessibleName(_DEMO)
        self.demo_badge.setVisible(demo)
        self._name = ElidedLabel(role="heading")
        self._facts = label()
        self._patient = QWidget()
        lines = QVBoxLayout(self._patient)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self._name)
        lines.addWidget(self._facts)
        self._operator = ElidedLabel()
        self._operator.setMaximumWidth(220)
        self.work_list = button("Work l&ist", "header")
        self.work_list.setAccessibleDescription("Closes this episode; nothing is lost")
        self.lock = button(" &Lock", "header")
        self.lock.setIcon(icon("lock", Colour.ON_DARK))
        self.lock.setAccessibleName("Lock the station")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XS, Space.XL, Space.XS)
        layout.setSpacing(Space.L)
        layout.addWidget(self._station)
        layout.addWidget(self.demo_badge, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacing(Space.S)
        layout.addWidget(self._patient, 1)
        layout.addStretch(0)
        layout.addWidget(self.work_list)
        layout.addWidget(self._operator)
        layout.addWidget(self.lock)
        self.show_patient(None)
        self.show_operator("")
        self._show_texts(is_narrow=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room of a narrow window to patient and operator."""
        self._show_texts(is_narrow=event.size().width() < _NARROW_PX)
        super().resizeEvent(event)

    def _show_texts(self, *, is_narrow: bool) -> None:
        """Show or shorten what may give way; the long texts never keep the window wide."""
        self._station.setVisible(not is_narrow)
        self.demo_badge.setText(_DEMO.partition(" ")[0] if is_narrow else _DEMO)
        self.demo_badge.setMinimumWidth(self.demo_badge.sizeHint().width() if is_narrow else 1)

    def show_patient(self, patient: Patient | None, today: date | None = None) -> None:
        """Show the patient of the episode; None empties the banner."""
        if patient is None or today is None:
            self._name.setText("")
            self._facts.setText("")
        else:
            self._name.setText(patient.full_name)
            self._facts.setText(
                f"born {day_words(patient.born_on)} ({patient.age_on(today)} y)"
                f"  \u00b7  NHS {patient.nhs_number}"
            )
        self._patient.setAccessibleName(self.banner)
        self.work_list.setVisible(patient is not None)

    def show_operator(self, name: str) -> None:
        """Show who is signed in; an empty name also hides the lock button."""
        self._operator.setText(name)
        self._operator.setVisible(bool(name))
        self.lock.setVisible(bool(name))

    @property
    def banner(self) -> str:
        """Return the patient banner as shown; empty without a patient."""
        return " ".join(part for part in (self._name.text(), self._facts.text()) if part)
