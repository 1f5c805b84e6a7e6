"""Show the pictures of a package as they are on the disk, without history or question.

Helps to check that the right files are attached. GUI thread.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dermstation.domain.records import Package
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, label, size_words
from dermstation.ui.parts.thumbnail import LARGE_PX, Thumbnail
from dermstation.ui.theme import PAGE_MAX_PX, Space

_COLUMNS = 3
_INTRO = "These are the files in the folder. Compare the patient above with the record."


class CheckPage(Page):
    """The page with the pictures and their file names, and the other files below them."""

    def __init__(self, package: Package, pictures: Mapping[str, NDArray[np.uint8]]) -> None:
        super().__init__("Check the package", _INTRO, column_px=PAGE_MAX_PX)
        if pictures:
            self.content.addWidget(_pictures(package, pictures))
        self.content.addWidget(_others(package, pictures))
        self.content.addStretch(1)
        self.set_primary("&Back to the hand-over").clicked.connect(self.back_pressed)


def _pictures(package: Package, pictures: Mapping[str, NDArray[np.uint8]]) -> QFrame:
    frame, inside = card()
    inside.addWidget(label(count_words(len(pictures), "picture", "pictures"), "heading"))
    grid = FoldingGrid(_COLUMNS, Space.L)
    for file in (one for one in package.files if one.name in pictures):
        picture = Thumbnail(file.name, size_px=LARGE_PX)
        picture.show_image(pictures[file.name], None)
        size = size_words(file.size_bytes)
        words = f"{size}, {file.note}" if file.note else size
        grid.add(_below(picture, words))
    inside.addLayout(grid)
    return frame


def _below(picture: Thumbnail, words: str) -> QWidget:
    made = QWidget()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(Space.XS)
    rows.addWidget(picture, 0, Qt.AlignmentFlag.AlignLeft)
    rows.addWidget(WrapLabel(words, "soft"))
    rows.addStretch(1)
    return made


def _others(package: Package, pictures: Mapping[str, NDArray[np.uint8]]) -> QFrame:
    frame, inside = card()
    others = [file for file in package.files if file.name not in pictures]
    words = ", ".join(f"{file.name} ({size_words(file.size_bytes)})" for file in others)
    inside.addWidget(WrapLabel(f"Also in the package: {words}" if pictures else words))
    if not pictures:
        inside.addWidget(WrapLabel("There are no picture files, only the summary.", "soft"))
    return frame
