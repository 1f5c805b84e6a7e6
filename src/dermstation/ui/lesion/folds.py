"""Parts of the history page that fold away. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.ui.theme import TARGET_PX, Space


class Fold(QPushButton):
    """A link that folds a part of the page away, and shows it again."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self.setProperty("role", "link")
        self.setCheckable(True)
        self.setMinimumHeight(TARGET_PX)
        self.toggled.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setText("Show" if self.isChecked() else "Fold away")
        self.setAccessibleName(f"{self.text()} {self._what}")


def column_of(*parts: QLayout) -> QWidget:
    """Return a widget with layouts below each other."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS)
    for one in parts:
        column.addLayout(one)
    return made


def row_of(name: QLabel, words: QLabel | None, fold: QPushButton) -> QHBoxLayout:
    """Return a heading with words beside it and its fold at the right."""
    row = QHBoxLayout()
    row.setSpacing(Space.M)
    row.addWidget(name)
    if words is None:
        row.addStretch(1)
    else:
        row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(fold)
    return row
