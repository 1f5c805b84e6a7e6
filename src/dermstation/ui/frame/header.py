"""The bar at the top of every page: patient, lesion, steps, operator. GUI thread."""

from datetime import date

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.identity import Patient
from dermstation.ui.frame.steps import Steps
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import icon
from dermstation.ui.parts.text import ElidedLabel, day_words, label
from dermstation.ui.theme import Colour, Space

HEIGHT_PX = 42  # two lines of text; each px less is a px more of the picture
_NARROW_PX = 1240  # 1366 px at 125 % are 1092
_NARROWEST_PX = 1000
_LEAST_PX = 640
_BUTTON_PX = 32
_DEMO = "DEMO \u00b7 made-up patients"


class Header(QFrame):
    """The bar with patient, lesion, steps and operator, and the buttons `work_list` and `lock`."""

    def __init__(self, station: str = "Dermstation", *, demo: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.setFixedHeight(HEIGHT_PX)
        self._station = label(station, "strong")
        self._station.setMinimumWidth(1)
        self.demo_badge = label(_DEMO, "badge")
        self.demo_badge.setAccessibleName(_DEMO)
        self.demo_badge.setVisible(demo)
        self._name = ElidedLabel(role="strong")
        self._facts = label(role="small")
        self._patient = _two_lines(self._name, self._facts)
        self._label, self._site = ElidedLabel(role="strong"), ElidedLabel(role="small")
        self._about = _two_lines(self._label, self._site)
        self.steps = Steps()
        self.steps.hide()
        self._operator = ElidedLabel(role="small")
        self._operator.setMaximumWidth(160)
        self.work_list = button("Work l&ist", "header-text")
        self.work_list.setAccessibleDescription("Closes this episode; nothing is lost")
        self.lock = button(" &Lock", "header")
        self.lock.setIcon(icon("lock", Colour.BRAND_DEEP))
        self.lock.setAccessibleName("Lock the station")
        for made in (self.work_list, self.lock):
            made.setMinimumHeight(_BUTTON_PX)
        self._lay_out()
        self.show_patient(None)
        self.show_operator("")
        self._show_texts(0)

    def _lay_out(self) -> None:
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, 0, Space.L, 0)
        layout.setSpacing(Space.L)
        layout.addWidget(self._station)
        layout.addWidget(self.demo_badge, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._patient, 3)
        layout.addWidget(self._about, 2)
        layout.addStretch(0)
        layout.addWidget(self.steps)
        layout.addWidget(self.work_list)
        layout.addWidget(self._operator)
        layout.addWidget(self.lock)

    def minimumSizeHint(self) -> QSize:
        """Return a size that no text makes larger: they give way once the window is narrow."""
        return QSize(_LEAST_PX, HEIGHT_PX)

    def event(self, event: QEvent) -> bool:
        """Follow the words, once they are laid out anew."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._show_texts(self.width())
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room of a narrow window to patient and lesion."""
        self._show_texts(event.size().width())
        super().resizeEvent(event)

    def _show_texts(self, width_px: int) -> None:
        """Show or shorten what may give way; the long texts never keep the window wide."""
        is_narrow, has_patient = width_px < _NARROW_PX, bool(self._name.text())
        self._station.setVisible(not (is_narrow or has_patient))
        self._operator.setVisible(bool(self._operator.text()) and width_px >= _NARROWEST_PX)
        self.steps.set_short(short=is_narrow or not self._has_room_for_names(width_px))
        is_short = is_narrow or has_patient
        self.demo_badge.setText(_DEMO.partition(" ")[0] if is_short else _DEMO)
        self.demo_badge.setMinimumWidth(self.demo_badge.sizeHint().width() if is_short else 1)

    def _has_room_for_names(self, width_px: int) -> bool:
        """Return whether the steps have room for their names beside all that is shown."""
        item = self._row.itemAt(self._row.indexOf(self.steps))
        steps_px = item.minimumSize().width() if item is not None else 0
        others_px = self._row.minimumSize().width() - steps_px
        return self.steps.isHidden() or others_px + self.steps.names_px <= width_px

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
        self._patient.setVisible(patient is not None)
        self.work_list.setVisible(patient is not None)
        self._show_texts(self.width())

    def show_place(self, step: str = "", about: str = "") -> None:
        """Show the step of the walk, and the lesion the page is about; empty texts hide them."""
        self.steps.setVisible(bool(step))
        if step:
            self.steps.show_step(step)
        name, _, site = about.partition("  ")
        self._label.setText(name)
        self._site.setText(site)
        self._about.setVisible(bool(about))

    def show_operator(self, name: str) -> None:
        """Show who is signed in; an empty name also hides the lock button."""
        self._operator.setText(name)
        self.lock.setVisible(bool(name))
        self._show_texts(self.width())

    @property
    def banner(self) -> str:
        """Return the patient banner as shown; empty without a patient."""
        return " ".join(part for part in (self._name.text(), self._facts.text()) if part)


def _two_lines(upper: QWidget, lower: QWidget) -> QWidget:
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    lines.addStretch()
    lines.addWidget(upper)
    lines.addWidget(lower)
    lines.addStretch()
    return made
