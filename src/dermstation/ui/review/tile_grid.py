"""The tiles of a lesion's pictures, side by side, as large as possible. GUI thread."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dermstation.ui.parts.text import label
from dermstation.ui.review.picture_tile import PictureTile
from dermstation.ui.theme import Space

_MOST_COLUMNS = 3
_LINES = 4  # more rows or columns than there are kinds of pictures to fill


class TileGrid(QWidget):
    """A grid of tiles, or words if there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[PictureTile] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.M)
        self._none = label("There is no picture of this lesion.", "soft")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(self._grid, 1)
        rows.addWidget(self._none, 1)

    def replace(self, tiles: Sequence[PictureTile]) -> None:
        """Take these tiles in place of the present ones, without laying them out."""
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = list(tiles)
        self._none.setVisible(not self.tiles)

    def show_tiles(self, shown: Sequence[PictureTile]) -> None:
        """Lay out these of the tiles, and hide the others."""
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.setVisible(tile in shown)
        columns = len(shown)
        if columns > _MOST_COLUMNS:
            columns = min(_MOST_COLUMNS, math.ceil(math.sqrt(columns)))
        for place, tile in enumerate(shown):
            self._grid.addWidget(tile, place // columns, place % columns)
        for line in range(_LINES):
            self._grid.setRowStretch(line, 1 if shown and line * columns < len(shown) else 0)
            self._grid.setColumnStretch(line, 1 if line < columns else 0)
