"""Show what this station is, what is installed, and what `doctor` says. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.domain.purpose import PURPOSE
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import PAGE_MAX_PX, Colour, Space
from dermstation.workflow.about import About


class AboutPage(Page):
    """The page with the purpose, the installed parts, and the result of each check."""

    copy_wanted = Signal(str)
    folder_wanted = Signal(object)  # Path

    def __init__(self, found: About) -> None:
        super().__init__("About this station", column_px=PAGE_MAX_PX)
        self._found = found
        self.folders: dict[str, QPushButton] = {}
        self.content.addWidget(WrapLabel(PURPOSE, "strong"))
        across = SideBySide(Space.M)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self._make_station())
        left.addWidget(_findings(found.findings))
        left.addStretch(1)
        across.addLayout(left, 1)
        across.addWidget(_checks(found), 1, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(across, 1)
        copy = self.set_primary("&Copy without identity")
        copy.clicked.connect(lambda: self.copy_wanted.emit(found.text()))
        self.set_back()
        self.set_first(copy)

    def _make_station(self) -> QFrame:
        found = self._found
        frame, inside = card()
        grid = _grid()
        rows: tuple[tuple[str, str, Path | None], ...] = (
            ("Version", found.version, None),
            ("System", found.system, None),
            ("Logs", str(found.logs), found.logs),
            ("Licences", str(found.licences or "in docs/licences.md"), found.licences),
            (
                "Parts (SBOM)",
                str(found.parts or "made with the installed program"),
                found.parts.parent if found.parts is not None else None,
            ),
        )
        for row, (name, words, folder) in enumerate(rows):
            grid.addWidget(label(name, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(WrapLabel(words), row, 1, Qt.AlignmentFlag.AlignTop)
            if folder is not None:
                made = button("Open", "link")
                made.setAccessibleName(f"Open the folder: {name}")
                made.clicked.connect(lambda _=False, one=folder: self.folder_wanted.emit(one))
                self.folders[name] = made
                grid.addWidget(made, row, 2)
        inside.addLayout(grid)
        return frame


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.M)
    grid.setVerticalSpacing(Space.XS)
    grid.setColumnStretch(1, 1)
    return grid


def _findings(found: tuple[str, ...]) -> QFrame:
    frame, inside = card("band-warn" if found else "band-good")
    lines = [(words, "fair", Colour.FAIR) for words in found]
    for words, picture, colour in lines or [("Nothing is wrong.", "good", Colour.GOOD)]:
        across = QHBoxLayout()
        across.setSpacing(Space.S)
        across.addWidget(IconBox(picture, colour, 20))
        across.addWidget(WrapLabel(words), 1)
        inside.addLayout(across)
    return frame


def _checks(found: About) -> QFrame:
    frame, inside = card()
    inside.addWidget(label("Checks of this PC", "heading"))
    grid = _grid()
    for row, (name, words) in enumerate(found.lines()):
        grid.addWidget(label(name, "soft"), row, 0)
        grid.addWidget(WrapLabel(words), row, 1)
    inside.addLayout(grid)
    return frame
