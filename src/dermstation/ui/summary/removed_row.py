"""A removed lesion on the summary, with the button that brings it back. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from dermstation.domain.records import Lesion
from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space


class RemovedRow(QFrame):
    """One line about the lesion; it is there until the package is made."""

    def __init__(self, lesion: Lesion) -> None:
        super().__init__()
        self.lesion_id = lesion.id
        self.setProperty("role", "card")
        self.back = button("Bring back")
        self.back.setAccessibleName(f"Bring {lesion.label} back")
        words = f"{lesion.label}, {lesion.site_words}: removed. It does not go along."
        across = QHBoxLayout(self)
        across.setContentsMargins(Space.L, Space.XS, Space.L, Space.XS)
        across.setSpacing(Space.M)
        across.addWidget(WrapLabel(words, "soft"), 1, Qt.AlignmentFlag.AlignVCenter)
        across.addWidget(self.back)
