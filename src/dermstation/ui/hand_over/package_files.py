"""List the files of a package in the order in which they are to be attached. GUI thread."""

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout

from dermstation.domain.records import Package
from dermstation.ui.hand_over.copy_path import copy_path_button
from dermstation.ui.hand_over.dragged_files import DraggedFiles
from dermstation.ui.parts.text import count_words, label, size_words
from dermstation.ui.theme import Space


class PackageFiles(QFrame):
    """The number, name and size of each file, to drag, with a button that copies its path."""

    def __init__(self, package: Package, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        folder = PurePath(package.folder)
        self.copies: list[QPushButton] = []
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
            path = folder / file.name
            grid.addWidget(DraggedFiles(words, [path]), row, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label(size_words(file.size_bytes), "soft"), row, 2)
            self.copies.append(copy_path_button(str(path), f"Copy the path of {file.name}"))
            grid.addWidget(self.copies[-1], row, 3)
        inside.addLayout(grid)
        every = [folder / file.name for file in package.files]
        inside.addWidget(DraggedFiles(f"{files}, {size_words(total)} in all", every, "strong"))
