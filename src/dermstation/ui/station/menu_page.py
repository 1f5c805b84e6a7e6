"""Choose a page about the station rather than a patient. GUI thread."""

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, may
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card
from dermstation.ui.theme import PAGE_MAX_PX, Space


class Entry(Enum):
    """A page that the menu leads to."""

    SECRET = auto()
    HOW_TO = auto()
    OPERATORS = auto()
    AUDIT = auto()
    INSIGHT = auto()
    BACKUP = auto()
    SETTINGS = auto()
    CERTIFICATES = auto()
    ABOUT = auto()


class StationMenuPage(Page):
    """The page with one card for each entry; administrators have more of them than others."""

    chosen = Signal(object)  # Entry

    def __init__(self, operator: Operator) -> None:
        super().__init__("Station", "This PC and the people who use it.", column_px=PAGE_MAX_PX)
        self._grid = FoldingGrid(2)
        self.content.addLayout(self._grid)
        self.secret = self._add(
            "Your PIN or passphrase",
            "Change it if somebody may have seen it. It is yours alone.",
            "Change &mine\u2026",
            Entry.SECRET,
        )
        self.how_to = self._add(
            "How to",
            "Scope, base plate and pictures in a few steps, with drawings.",
            "&How to\u2026",
            Entry.HOW_TO,
        )
        self.certificates: QPushButton | None = None
        if may(operator, Right.COMPLETE):
            self.certificates = self._add(
                "Certificates",
                "Find what was wiped, by date or number.",
                "&Certificates\u2026",
                Entry.CERTIFICATES,
            )
        self.about_station = self._add(
            "About this station",
            "Version, licences, log folder, and whether this PC is set up as it should be.",
            "Abou&t\u2026",
            Entry.ABOUT,
        )
        self.administration: list[QPushButton] = []
        if may(operator, Right.ADMINISTER):
            self.administration = [
                self._add(
                    "Operators",
                    "Add operators, give a new PIN after a lock-out, and revoke people who have"
                    " left.",
                    "&Operators\u2026",
                    Entry.OPERATORS,
                ),
                self._add(
                    "Audit trail",
                    "Who did what and when, and whether the audit trail is intact.",
                    "&Audit trail\u2026",
                    Entry.AUDIT,
                ),
                self._add(
                    "Backup",
                    "One encrypted file of everything that has not been handed over yet.",
                    "Back &up\u2026",
                    Entry.BACKUP,
                ),
                self._add(
                    "Settings",
                    "The practice, the idle lock, taking pictures, and the package.",
                    "S&ettings\u2026",
                    Entry.SETTINGS,
                ),
                self._add(
                    "Insight",
                    "How complete the pictures were, month by month, without any patient.",
                    "&Insight\u2026",
                    Entry.INSIGHT,
                ),
            ]
        self.content.addStretch(1)
        self.set_back()
        self.set_first(self.secret)

    def _add(self, title: str, words: str, action: str, entry: Entry) -> QPushButton:
        frame, inside = card()
        inside.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addLayout(_lines(title, words), 1)
        made = button(action, least_px=160)
        made.clicked.connect(lambda: self.chosen.emit(entry))
        across.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addLayout(across)
        self._grid.add(frame)
        return made


def _lines(title: str, words: str) -> QVBoxLayout:
    lines = QVBoxLayout()
    lines.setSpacing(Space.XS)
    lines.addWidget(WrapLabel(title, "heading"))
    lines.addWidget(WrapLabel(words, "soft"))
    lines.addStretch(1)
    return lines
