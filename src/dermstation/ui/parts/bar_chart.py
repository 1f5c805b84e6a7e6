"""Paint a few numbers as bars, each with its value above it and its name below. GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermstation.ui.theme import Colour, Space, Type, sized_font

_HEIGHT_PX = 190
_BAR_MOST_PX = 56
_BAR_SHARE = 0.62


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its names, wide and narrow, its value, and how the value is written."""

    title: str
    short: str
    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A line across the chart to compare with."""

    value: float
    words: str


class BarChart(QWidget):
    """Bars from 0 to `most`, the oldest at the left, and perhaps a line to compare with."""

    def __init__(
        self, name: str, bars: Sequence[Bar], most: float, reference: Reference | None = None
    ) -> None:
        super().__init__()
        self._bars = bars
        self._most = most
        self._reference = reference
        self._font = sized_font(Type.SMALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        told = [f"{one.title}: {one.words}" for one in bars]
        told += [reference.words] if reference is not None else []
        self.setAccessibleDescription("; ".join(told))

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(360, _HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        line = QFontMetrics(self._font).height()
        area = QRectF(0, line + Space.XS, self.width(), self.height() - 2 * (line + Space.XS))
        if self._bars:
            step = area.width() / len(self._bars)
            for place, bar in enumerate(self._bars):
                self._paint_bar(painter, bar, area, QRectF(place * step, 0, step, line))
            self._paint_reference(painter, area)
            for place, bar in enumerate(self._bars):
                self._paint_words(painter, bar, area, QRectF(place * step, 0, step, line))
        painter.setPen(QPen(QColor(Colour.LINE.value), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_bar(self, painter: QPainter, bar: Bar, area: QRectF, column: QRectF) -> None:
        height = area.height() * min(1.0, max(0.0, bar.value / self._most))
        width = min(_BAR_MOST_PX, column.width() * _BAR_SHARE)
        left = column.center().x() - width / 2
        painter.fillRect(
            QRectF(left, area.bottom() - height, width, height), QColor(Colour.BRAND.value)
        )

    def _paint_words(self, painter: QPainter, bar: Bar, area: QRectF, column: QRectF) -> None:
        height = area.height() * min(1.0, max(0.0, bar.value / self._most))
        metrics = QFontMetrics(self._font)
        centred = Qt.AlignmentFlag.AlignCenter
        wide = metrics.horizontalAdvance(bar.words) + Space.XS
        above = area.bottom() - height - column.height()
        words = QRectF(column.center().x() - wide / 2, above, wide, column.height())
        painter.fillRect(words, QColor(Colour.SURFACE.value))  # the line does not strike it out
        painter.setPen(QColor(Colour.INK.value))
        painter.drawText(words, centred, bar.words)
        fits = metrics.horizontalAdvance(bar.title) <= column.width()
        below = QRectF(column.x(), area.bottom() + Space.XS, column.width(), column.height())
        painter.setPen(QColor(Colour.INK_SOFT.value))
        painter.drawText(below, centred, bar.title if fits else bar.short)

    def _paint_reference(self, painter: QPainter, area: QRectF) -> None:
        if self._reference is None:
            return
        y = area.bottom() - area.height() * self._reference.value / self._most
        for colour, width, style in (
            (Colour.SURFACE, 4, Qt.PenStyle.SolidLine),  # so that it is seen on the bars
            (Colour.FAIR, 2, Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(QColor(colour.value), width, style))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
