"""The list of the capture page's keys. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import KEY_TABLE

# one line for a key that does the same at several stages
_ROWS = tuple({(row.key, row.word): row for row in KEY_TABLE}.values())
_LINES = (len(_ROWS) + 1) // 2


class KeyList(QWidget):
    """Two columns of keys, each with a word; the tooltip shows the full row of the table."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XS)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for place, row in enumerate(_ROWS):
            half, line = divmod(place, _LINES)
            key, word = label(row.key, "strong"), WrapLabel(row.word)
            word.setAccessibleName(f"Key {row.all_keys}: {row.about}")
            for column, made in enumerate((key, word), start=2 * half):
                made.setToolTip(row.tip)
                grid.addWidget(made, line, column, Qt.AlignmentFlag.AlignTop)
