"""Buttons for the practice's own films and pages, marked as the practice's own. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.theme import Space
from dermstation.workflow.how_to import LinkKind, OwnLink

_OPENS = {LinkKind.WEB: "in the browser", LinkKind.FILE: "in this PC's own player"}


class OwnLinks(QFrame):
    """A card with a button for each link; hidden if there are none."""

    link_wanted = Signal(object)  # OwnLink

    def __init__(self, links: Sequence[OwnLink] = ()) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        self._layout.setSpacing(Space.S)
        self._layout.addWidget(label("From your practice", "strong"))
        self._layout.addWidget(
            WrapLabel("Made by your practice, not part of this program. Opens outside it.", "small")
        )
        self._fill(links)
        if not links:
            self.hide()

    def show_links(self, links: Sequence[OwnLink]) -> None:
        """Offer these links instead of the previous ones."""
        self._fill(links)
        self.setVisible(bool(links))

    def _fill(self, links: Sequence[OwnLink]) -> None:
        for made in self.buttons:
            self._layout.removeWidget(made)
            made.hide()
            made.deleteLater()
        self.buttons = [self._made(link) for link in links]
        for made in self.buttons:
            self._layout.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)

    def _made(self, link: OwnLink) -> QPushButton:
        made = button(literal(f"{link.title}\u2026"), "link")
        made.setAccessibleName(f"{link.title}: from your practice, opens {_OPENS[link.kind]}")
        made.setToolTip(f"Opens {_OPENS[link.kind]}: {link.target}")
        made.clicked.connect(lambda: self.link_wanted.emit(link))
        return made
