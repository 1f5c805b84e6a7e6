"""List the files of a package in the order in which they are to be attached. GUI thread."""

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout

from dermstation.domain.records import Package
from dermstation.ui.parts.button import icon_button
from dermstation.ui.parts.icon import icon
from dermstation.ui.parts.text import WrapLabel, count_words, label, size_words
from dermstation.ui.system.adorning import announce
from dermstation.ui.theme import Colour, Space


class PackageFiles(QFrame):
    """The number, name and size of each file, with a button that copies its path."""

    def __init__(self, package: Package, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._folder = PurePath(package.folder)
        total = sum(file.size_bytes for file in package.files)
        files = count_words(len(package.files), "file", "files")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        inside.setSpacing(Space.S)
        inside.addWidget(label(title, "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(1, 1)
        for row, file in enumerate(package.files):
            grid.addWidget(label(f"{row + 1}", "soft"), row, 0)
            words = f"{file.name}\n{file.note}" if file.note else file.name
            grid.addWidget(WrapLabel(words), row, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label(size_words(file.size_bytes), "soft"), row, 2)
            grid.addWidget(self._make_copy(file.name), row, 3)
        inside.addLayout(grid)
        inside.addWidget(label(f"{files}, {size_words(total)} in all", "strong"))

    def _make_copy(self, name: str) -> QPushButton:
        """Return a button that copies one path, to be pasted when e-RS asks for a file."""
        copy = icon_button("copy", f"Copy the path of {name}")
        copy.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # keeps the Tab order short
        copy.clicked.connect(lambda: self._copy(copy, str(self._folder / name)))
        return copy

    def _copy(self, copy: QPushButton, path: str) -> None:
        QGuiApplication.clipboard().setText(path)  # a path, nothing about the patient
        copy.setIcon(icon("done", Colour.GOOD))
        announce(copy, "Path copied")
