"""Offer the practice's own films and pages, marked as the practice's own. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space
from dermstation.workflow.how_to import LinkKind, OwnLink

_OPENS = {LinkKind.WEB: "in the browser", LinkKind.FILE: "in this PC's own player"}


class OwnLinks(QFrame):
    """One button a link; hidden where there is none."""

    link_wanted = Signal(object)  # OwnLink

    def __init__(self, links: Sequence[OwnLink]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.buttons = [self._made(link) for link in links]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.S)
        layout.addWidget(label("From your practice", "strong"))
        layout.addWidget(
            WrapLabel("Made by the practice, not by the station. Opens outside it.", "small")
        )
        rows: list[QWidget] = [*self.buttons]
        for row in rows:
            layout.addWidget(row, 0, Qt.AlignmentFlag.AlignLeft)
        if not links:
            self.hide()

    def _made(self, link: OwnLink) -> QWidget:
        made = button(literal(f"{link.title}\u2026"))
        made.setAccessibleName(f"{link.title}: from your practice, opens {_OPENS[link.kind]}")
        made.setToolTip(f"Opens {_OPENS[link.kind]}: {link.target}")
        made.clicked.connect(lambda: self.link_wanted.emit(link))
        return made
