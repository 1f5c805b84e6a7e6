"""The headings between the episodes of the work list, and the notes if there are none.

GUI thread.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dermstation.ui.home.work_finder import GROUP_WORDS
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import card, label
from dermstation.ui.theme import Colour, Space
from dermstation.vault.work_list import Group


def group_heading(group: Group) -> QWidget:
    """Return the heading of a state, with what its episodes wait for."""
    title, waits = GROUP_WORDS[group]
    line = QWidget()
    across = QHBoxLayout(line)
    across.setContentsMargins(0, Space.S, 0, 0)
    across.setSpacing(Space.S)
    across.addWidget(label(title, "heading"))
    across.addWidget(label(waits, "soft"))
    across.addStretch(1)
    return line


def _message(picture: str, colour: Colour, title: str, words: str) -> QWidget:
    frame, inside = card()
    inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    across = QHBoxLayout()
    across.setSpacing(Space.L)
    across.addWidget(IconBox(picture, colour, 40), 0, Qt.AlignmentFlag.AlignTop)
    lines = QVBoxLayout()
    lines.addWidget(label(title, "heading"))
    lines.addWidget(label(words, wrap=True))
    across.addLayout(lines, 1)
    inside.addLayout(across)
    return frame


def nothing_left() -> QWidget:
    """Return the note that no episode is on this PC."""
    return _message(
        "good",
        Colour.GOOD,
        "Nothing left to finish",
        "No patient's pictures are on this PC. Start with \u201cNew patient\u201d.",
    )


def nobody_found() -> QWidget:
    """Return the note that no episode was found, with what else to try."""
    return _message(
        "info",
        Colour.BRAND,
        "No episode found",
        "Try the beginning of the family name, the NHS number, or a date as day/month/year."
        " Episodes that were handed over and wiped are no longer here: look in the"
        " patient\u2019s record. Escape shows the whole list again.",
    )
