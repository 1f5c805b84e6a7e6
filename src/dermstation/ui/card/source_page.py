"""Choose the memory card or folder that the pictures are taken from. GUI thread."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.camera.card.places import CardPlace
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Colour, Space


class CardSourcePage(Page):
    """The page with a row for each plugged-in card; rows appear and disappear with the cards."""

    place_chosen = Signal(object)  # CardPlace
    folder_chosen = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__(
            "Pictures from a memory card",
            "Insert the camera's memory card. A camera on a cable works if it shows up as a drive.",
        )
        self._plugged_in: list[tuple[CardPlace, str]] | None = None
        self.rows: list[CardRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self._nothing = _nothing()
        self.content.addLayout(self._list)
        self.content.addWidget(self._nothing)
        self.content.addStretch(1)
        self.folder = self.add_secondary("&Choose a folder\u2026")
        self.folder.clicked.connect(self._on_folder)
        self.set_back()
        self.set_first(self.folder)

    def show_places(self, places: Sequence[CardPlace]) -> None:
        """Show the cards that are plugged in now; unchanged rows keep the focus."""
        plugged_in = [(one, one.instance) for one in places]
        if plugged_in == self._plugged_in:
            return
        self._plugged_in = plugged_in
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CardRow(place) for place in places]
        for row in self.rows:
            row.open_button.clicked.connect(
                lambda _=False, one=row: self.place_chosen.emit(one.place)
            )
            self._list.addWidget(row)
        self._nothing.setVisible(not places)
        if self.rows:
            self.rows[0].open_button.setFocus()

    def show_opening(self, place: CardPlace | None) -> None:
        """Show that a card is being read, or with None that it no longer is."""
        for row in self.rows:
            row.show_opening(is_this=place == row.place, is_any=place is not None)
        self.folder.setEnabled(place is None)

    def _on_folder(self) -> None:
        dialog = QFileDialog(self, "Choose the folder with the pictures", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        # the system's own dialog would add the folder to its recent places
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.folder_chosen.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class CardRow(QFrame):
    """A card: its name, its location and a summary of what is on it."""

    def __init__(self, place: CardPlace) -> None:
        super().__init__()
        self.place = place
        self.setProperty("role", "card")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.L)
        layout.addWidget(IconBox("card", Colour.BRAND, 36), 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(Space.XS)
        lines.addWidget(WrapLabel(place.label, "heading"))
        lines.addWidget(WrapLabel(_facts(place), "soft"))
        layout.addLayout(lines, 1)
        self.open_button: QPushButton = button("Show its pictures", "primary")
        self.open_button.setAccessibleName(f"Show the pictures on {place.label}")
        layout.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_opening(self, *, is_this: bool, is_any: bool) -> None:
        """Switch the button off while a card is being read."""
        self.open_button.setText("Reading\u2026" if is_this else "Show its pictures")
        self.open_button.setEnabled(not is_any)


def _facts(place: CardPlace) -> str:
    facts = [place.path]
    if not place.has_dcim:
        facts.append("no camera folder (DCIM) on it")
    if place.is_read_only:
        facts.append("locked: pictures cannot be erased from it")
    return "  \u00b7  ".join(facts)


def _nothing() -> QFrame:
    frame, inside = card()
    inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    across = QHBoxLayout()
    across.setSpacing(Space.L)
    across.addWidget(IconBox("card", Colour.INK_SOFT, 40))
    words = QVBoxLayout()
    words.addWidget(label("No memory card found", "heading"))
    words.addWidget(label("Insert one and it appears here. Or choose a folder below.", wrap=True))
    across.addLayout(words, 1)
    inside.addLayout(across)
    return frame
