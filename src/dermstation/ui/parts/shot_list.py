"""The list of a lesion's shots: the current one, and verdicts on those done. GUI thread."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind
from dermstation.ui.parts.icon import icon
from dermstation.ui.parts.verdict import VERDICT_STYLES
from dermstation.ui.theme import Colour, Space, set_mark

_ICON_PX = 22
_TILE_PX = 52
_COLUMNS = 2


class ShotList(QWidget):
    """A grid with one tile for each kind of shot; pressing a tile chooses that shot."""

    shot_chosen = Signal(object)  # ShotKind

    def __init__(self) -> None:
        super().__init__()
        self._tiles: dict[ShotKind, QPushButton] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        for place, kind in enumerate(ShotKind):
            tile = QPushButton()
            tile.setProperty("role", "shot")
            tile.setIconSize(QSize(_ICON_PX, _ICON_PX))
            tile.setFixedHeight(_TILE_PX)
            tile.clicked.connect(lambda _=False, kind=kind: self.shot_chosen.emit(kind))
            layout.addWidget(tile, *divmod(place, _COLUMNS))
            self._tiles[kind] = tile
        for column in range(_COLUMNS):
            layout.setColumnStretch(column, 1)

    def show_shots(self, current: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Show which shot is current, and the verdict on each that is done."""
        for kind, tile in self._tiles.items():
            verdict = done.get(kind)
            words = self._state_words(kind, current, verdict)
            title = SHOT_GUIDES[kind].title
            tile.setText(f"{title}\n{words}")
            tile.setAccessibleName(f"{title}: {words}")
            if verdict is not None:
                tile.setIcon(
                    icon(VERDICT_STYLES[verdict].icon, VERDICT_STYLES[verdict].colour, _ICON_PX)
                )
            elif kind is current:
                tile.setIcon(icon("now", Colour.BRAND, _ICON_PX))
            else:
                tile.setIcon(icon("todo", Colour.INK_SOFT, _ICON_PX))
            set_mark(tile, "current", "true" if kind is current else "false")

    def tile(self, kind: ShotKind) -> QPushButton:
        """Return the tile of a kind of shot."""
        return self._tiles[kind]

    @staticmethod
    def _state_words(kind: ShotKind, current: ShotKind, verdict: Verdict | None) -> str:
        if verdict is not None:
            word = VERDICT_STYLES[verdict].word.lower()
            return f"Again ({word})" if kind is current else f"Done: {word}"
        if kind is current:
            return "Now"
        return "To do" if kind in STANDARD_SHOTS else "If raised"
