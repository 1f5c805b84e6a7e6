"""Show the pictures of a card as thumbnails, each with its name, time and mark.

GUI thread. Pictures arrive one after the other; a cell without one says why. The arrow keys move,
and Enter or a double click chooses.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from dermstation.ui.theme import Colour, Space, Type, sized_font

CELL_PX = QSize(208, 212)
_PICTURE_PX = QSize(184, 138)
_LINE_PX = 22
_MARK_PX = 26


class Tone(StrEnum):
    """The meaning of a mark."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


_TONES = {
    Tone.GOOD: (Colour.GOOD_TINT, Colour.GOOD),
    Tone.WARN: (Colour.FAIR_TINT, Colour.FAIR),
    Tone.BAD: (Colour.POOR_TINT, Colour.POOR),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    key: str
    name: str
    when: str = ""
    instead: str = "Reading\u2026"  # of the picture
    mark: str = ""
    tone: Tone = Tone.GOOD
    is_usable: bool = False

    @property
    def words(self) -> str:
        parts = (self.name, self.when, self.mark, self.instead)
        return ", ".join(part for part in parts if part)


_CELL = Qt.ItemDataRole.UserRole
_PIXMAP = Qt.ItemDataRole.UserRole + 1


class PictureGrid(QListWidget):
    """The pictures of a card, by their keys."""

    place_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, QListWidgetItem] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL_PX)
        self.setItemDelegate(_CellDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Pictures on the card")
        self.currentItemChanged.connect(lambda *_: self.place_changed.emit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the columns over the whole width."""
        width = self.viewport().width() - 1
        columns = max(1, width // CELL_PX.width())
        self.setGridSize(QSize(width // columns, CELL_PX.height()))
        super().resizeEvent(event)

    def show_files(self, files: list[tuple[str, str]]) -> None:
        """Show a cell for each (key, name) in this order and select the first."""
        self.clear()
        self._items = {}
        for key, name in files:
            item = QListWidgetItem()
            item.setSizeHint(CELL_PX)
            self._items[key] = item
            self._put(item, _Cell(key, name))
            self.addItem(item)
        if files:
            self.setCurrentRow(0)

    def show_picture(self, key: str, pixels: NDArray[np.uint8], when: str) -> None:
        """Show a picture, (height, width, 3) BGR, and when it was taken."""
        item = self._items[key]
        pixels = np.ascontiguousarray(pixels)
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_BGR888)
        item.setData(_PIXMAP, QPixmap.fromImage(image.copy()))  # releases the caller's pixels
        self._put(item, replace(_cell(item), when=when, instead="", is_usable=True))
        self.place_changed.emit()

    def show_failed(self, key: str, words: str) -> None:
        """Show why there is no picture; it cannot be used."""
        item = self._items[key]
        self._put(item, replace(_cell(item), instead=words, is_usable=False))
        self.place_changed.emit()

    def mark(self, key: str, words: str, tone: Tone) -> None:
        """Mark a picture with what the station knows of it."""
        item = self._items[key]
        self._put(item, replace(_cell(item), mark=words, tone=tone))

    @property
    def current_key(self) -> str:
        """Return the key of the selected picture, or "" if none is selected or usable."""
        item = self.currentItem()
        return _cell(item).key if item is not None and _cell(item).is_usable else ""

    def words_of(self, key: str) -> str:
        """Return the words of a cell."""
        return _cell(self._items[key]).words

    @staticmethod
    def _put(item: QListWidgetItem, cell: _Cell) -> None:
        item.setData(_CELL, cell)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, cell.words)
        item.setToolTip(cell.name)


class _CellDelegate(QStyledItemDelegate):
    """The painter of a cell: picture or words, name, time, and the mark over the picture's foot."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        cell, pixmap = index.data(_CELL), index.data(_PIXMAP)
        area = option.rect.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(area, QColor((Colour.BRAND_TINT if is_current else Colour.SURFACE).value))
        pen = QPen(QColor((Colour.BRAND if is_current else Colour.LINE).value))
        pen.setWidth(3 if is_current else 1)
        painter.setPen(pen)
        painter.drawRect(area.adjusted(1, 1, -2, -2))
        left = area.left() + (area.width() - _PICTURE_PX.width()) // 2
        place = QRect(left, area.top() + Space.S, _PICTURE_PX.width(), _PICTURE_PX.height())
        _paint_picture(painter, place, pixmap, cell.instead)
        if cell.mark:
            _paint_mark(painter, place, cell)
        line = QRect(left, place.bottom() + Space.XS, place.width(), _LINE_PX)
        _paint_line(painter, line, cell.name, is_strong=True)
        _paint_line(painter, line.translated(0, _LINE_PX), cell.when, is_strong=False)
        painter.restore()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of every cell."""
        return CELL_PX


def _paint_picture(painter: QPainter, place: QRect, pixmap: object, instead: str) -> None:
    if isinstance(pixmap, QPixmap):
        painter.fillRect(place, QColor(Colour.DARK.value))
        size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        inside = QRect(place.topLeft(), size)
        inside.moveCenter(place.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(inside, pixmap)
        return
    painter.fillRect(place, QColor(Colour.GROUND.value))
    painter.setPen(QColor(Colour.INK_SOFT.value))
    painter.setFont(sized_font(Type.SMALL))
    words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(place.adjusted(Space.S, 0, -Space.S, 0), words, instead)


def _paint_mark(painter: QPainter, place: QRect, cell: _Cell) -> None:
    ground, ink = _TONES[cell.tone]
    band = QRect(place.left(), place.bottom() - _MARK_PX + 1, place.width(), _MARK_PX)
    painter.fillRect(band, QColor(ground.value))
    painter.setPen(QColor(ink.value))
    font = sized_font(Type.SMALL)
    font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    shown = QFontMetrics(font).elidedText(
        cell.mark, Qt.TextElideMode.ElideRight, band.width() - 2 * Space.S
    )
    painter.drawText(band, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_line(painter: QPainter, place: QRect, words: str, *, is_strong: bool) -> None:
    font = sized_font(Type.SMALL)
    if is_strong:
        font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor((Colour.INK if is_strong else Colour.INK_SOFT).value))
    shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)


def _cell(item: QListWidgetItem) -> _Cell:
    found = item.data(_CELL)
    if not isinstance(found, _Cell):
        raise TypeError("a cell without content")
    return found
