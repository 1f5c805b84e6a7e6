"""Say what to attach where, and ask for the two confirmations before the wipe. GUI thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from dermstation.domain.records import Package
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.ui.theme import Space
from dermstation.ui.widgets.button import button
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.text import WrapLabel, card, count_words, label, size_words

IN_RECORD = "The pictures are in the patient's record and I have seen them there"
IN_ERS = "The package is attached in e-RS"


class HandOverPage(Page):
    """Folder, files in their order, two ticks; the wipe needs both."""

    confirmed = Signal(bool, bool)  # in the record, in e-RS
    withdrawn = Signal()

    def __init__(self, package: Package, route: Route | None = None) -> None:
        super().__init__("Attach the package", _intro(route))
        self._folder_text = package.folder
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(Space.M)
            across.addLayout(column, 1)
        left.addWidget(self._make_folder())
        left.addWidget(_files(package))
        left.addStretch(1)
        right.addWidget(self._make_ticks())
        right.addStretch(1)
        self.content.addLayout(across)
        self.content.addStretch(1)
        primary = self.set_primary("&Wipe every local copy")
        primary.clicked.connect(
            lambda: self.confirmed.emit(self.in_record.isChecked(), self.in_ers.isChecked())
        )
        self.add_secondary("Wi&thdraw package").clicked.connect(self.withdrawn)
        self.set_back()
        self.set_first(self.copy)
        self._on_ticked()

    def _make_folder(self) -> QFrame:
        frame, inside = card()
        self.copy = button("&Copy path")
        self.copy.clicked.connect(self._on_copy)
        top = QHBoxLayout()
        top.addWidget(label("1. Open this folder", "heading"), 1)
        top.addWidget(self.copy)
        inside.addLayout(top)
        inside.addWidget(WrapLabel(self._folder_text, "mono"))
        return frame

    def _make_ticks(self) -> QFrame:
        frame, inside = card()
        inside.addWidget(label("3. Confirm, then wipe", "heading"))
        inside.addWidget(
            WrapLabel(
                "An upload can still fail after you have moved on: look at the record and at e-RS"
                " before you tick.",
                "soft",
            )
        )
        self.in_record, record = _tick(IN_RECORD)
        self.in_ers, ers = _tick(IN_ERS)
        for made, row in ((self.in_record, record), (self.in_ers, ers)):
            made.toggled.connect(self._on_ticked)
            inside.addLayout(row)
        self._lack = label(role="soft", wrap=True)
        inside.addWidget(self._lack)
        return frame

    def _on_ticked(self) -> None:
        both = self.in_record.isChecked() and self.in_ers.isChecked()
        self._lack.setText(
            "Ready. After the wipe the pictures are in the record and in e-RS alone."
            if both
            else "The wipe waits for both ticks."
        )
        if self.primary is not None:
            self.primary.setEnabled(both)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._folder_text)  # a path, nothing of the patient
        self.copy.setText("&Copied")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.copy, "Path copied"))


def _tick(words: str) -> tuple[QCheckBox, QHBoxLayout]:
    """Make a check box whose words wrap; pressing the words ticks too."""
    tick = QCheckBox()
    tick.setAccessibleName(words)
    tick.setProperty("bare", "true")  # its words stand beside it, because they wrap
    text = _Words(words, tick)
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addWidget(tick)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    return tick, row


class _Words(WrapLabel):
    def __init__(self, words: str, tick: QCheckBox) -> None:
        super().__init__(words)
        self._tick = tick

    def mouseReleaseEvent(self, _event: object) -> None:
        """Tick as a press on the box does."""
        self._tick.click()


def _files(package: Package) -> QFrame:
    frame, inside = card()
    total = sum(file.size_bytes for file in package.files)
    files = count_words(len(package.files), "file", "files")
    inside.addWidget(label("2. Attach these, in this order", "heading"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(1, 1)
    for row, file in enumerate(package.files):
        grid.addWidget(label(f"{row + 1}", "soft"), row, 0)
        grid.addWidget(WrapLabel(file.name), row, 1)
        grid.addWidget(label(size_words(file.size_bytes), "soft"), row, 2)
    inside.addLayout(grid)
    inside.addWidget(label(f"{files}, {size_words(total)} in all", "strong"))
    return frame


def _intro(route: Route | None) -> str:
    where = f" Route: {ROUTE_GUIDES[route].title}." if route is not None else ""
    return f"The package is written and checked.{where}"
