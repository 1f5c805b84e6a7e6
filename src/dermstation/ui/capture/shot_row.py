"""The shots of the lesion as small pictures: what was taken, what is next. GUI thread."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from dermstation.domain.quality import Verdict
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind
from dermstation.ui.parts.icon import draw_icon
from dermstation.ui.parts.verdict import VERDICT_STYLES, VerdictStyle
from dermstation.ui.picture.fitting import as_image
from dermstation.ui.theme import Colour, Space, Type, sized_font

_PICTURE_PX, _SMALL_PICTURE_PX = 60, 48
_LINE_PX = 18
_SIGN_PX = 20
_CORNER_PX = 6
_RING_PX = 3

Pixels = NDArray[np.uint8]


class ShotTile(QAbstractButton):
    """A small picture of one shot or the place for it, the shot's name, and its state."""

    def __init__(self, kind: ShotKind) -> None:
        super().__init__()
        self.kind = kind
        self.verdict: Verdict | None = None
        self._title = SHOT_GUIDES[kind].title
        self._state = ""
        self._is_current = False
        self._is_small = False
        self._pixmap = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_small(small=False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_state(self, verdict: Verdict | None, *, current: bool) -> None:
        """Show the verdict on what was taken, and whether this shot is the present one."""
        self.verdict, self._is_current = verdict, current
        self._state = self._state_words()
        if verdict is None:
            self._pixmap = QPixmap()
        taken = "taken, " if verdict is not None else ""
        self.setAccessibleName(f"{self._title}: {taken}{self._state}")
        self.setToolTip(
            "Look at the picture, or take it again" if taken else SHOT_GUIDES[self.kind].purpose
        )
        self.update()

    def show_picture(self, pixels: Pixels | None) -> None:
        """Show a small picture of what was taken, BGR; None shows the empty place."""
        self._pixmap = QPixmap()
        if pixels is not None:
            self._pixmap = QPixmap.fromImage(as_image(np.ascontiguousarray(pixels)).copy())
        self.update()

    def set_small(self, *, small: bool) -> None:
        """Leave the state to the sign and the frame, in a low window."""
        self._is_small = small
        self._picture_px = _SMALL_PICTURE_PX if small else _PICTURE_PX
        lines = 1 if small else 2
        self.setFixedHeight(self._picture_px + lines * _LINE_PX + Space.XS)
        self.update()

    @property
    def has_picture(self) -> bool:
        """Return whether a picture is shown."""
        return not self._pixmap.isNull()

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the size at which the shot's name is whole."""
        return QSize(self._least_px(), self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(1.5, 1.5, self.width() - 3, self._picture_px - 3)
        outline = QPainterPath()
        outline.addRoundedRect(area, _CORNER_PX, _CORNER_PX)
        painter.fillPath(outline, QColor(Colour.OFF.value))
        if self.has_picture:
            self._paint_picture(painter, outline, area)
        self._paint_ring(painter, outline)
        if self.verdict is not None:
            self._paint_sign(painter, VERDICT_STYLES[self.verdict], area)
        self._paint_words(painter)

    def _paint_picture(self, painter: QPainter, outline: QPainterPath, area: QRectF) -> None:
        size = self._pixmap.size().scaled(
            area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(area.center().toPoint())
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(place, self._pixmap)
        painter.restore()

    def _paint_ring(self, painter: QPainter, outline: QPainterPath) -> None:
        if self.hasFocus():
            painter.setPen(QPen(QColor(Colour.INK.value), _RING_PX))
        elif self._is_current:
            painter.setPen(QPen(QColor(Colour.BRAND.value), _RING_PX))
        else:
            painter.setPen(QPen(QColor(Colour.LINE.value), 1))
        painter.drawPath(outline)

    def _paint_sign(self, painter: QPainter, style: VerdictStyle, area: QRectF) -> None:
        place = QRectF(area.right() - Space.XS - _SIGN_PX, Space.XS + 1, _SIGN_PX, _SIGN_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Colour.SURFACE.value))
        painter.drawEllipse(place.adjusted(-1.5, -1.5, 1.5, 1.5))
        draw_icon(painter, style.icon, style.colour.value, place)

    def _paint_words(self, painter: QPainter) -> None:
        left = Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignVCenter.value
        line = QRect(0, self._picture_px + Space.XS, self.width(), _LINE_PX)
        painter.setFont(sized_font(Type.SMALL, bold=self._is_current and self._has_room_for_bold))
        painter.setPen(QColor(Colour.INK.value))
        painter.drawText(line, left, self._title)
        if self._is_small:
            return
        painter.setFont(sized_font(Type.SMALL))
        painter.setPen(QColor(Colour.INK_SOFT.value))
        painter.drawText(line.translated(0, _LINE_PX), left, self._state)

    def _state_words(self) -> str:
        if self.verdict is not None:
            word = VERDICT_STYLES[self.verdict].word.lower()
            return f"{word}, again" if self._is_current else word
        if self._is_current:
            return "now"
        return "to do" if self.kind in STANDARD_SHOTS else "if raised"

    @property
    def _has_room_for_bold(self) -> bool:
        bold = QFontMetrics(sized_font(Type.SMALL, bold=True))
        return bold.horizontalAdvance(self._title) <= self.width()

    def _least_px(self) -> int:
        return QFontMetrics(sized_font(Type.SMALL)).horizontalAdvance(self._title) + 2


class ShotRow(QWidget):
    """A tile for each kind of shot.

    A press on what was taken shows it large; only a press on an empty place chooses that shot.
    """

    shot_chosen = Signal(object)  # ShotKind
    taken_wanted = Signal(object)  # ShotKind

    def __init__(self) -> None:
        super().__init__()
        self._tiles = {kind: ShotTile(kind) for kind in ShotKind}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        for tile in self._tiles.values():
            tile.clicked.connect(lambda _=False, tile=tile: self._on_pressed(tile))
            layout.addWidget(tile, 1)

    def show_shots(self, current: ShotKind, done: Mapping[ShotKind, Verdict]) -> None:
        """Show which shot is the present one, and the verdict on each that is done."""
        for kind, tile in self._tiles.items():
            tile.show_state(done.get(kind), current=kind is current)

    def show_picture(self, kind: ShotKind, pixels: Pixels | None) -> None:
        """Show a small picture of a shot that is done, BGR; None shows the empty place."""
        if self._tiles[kind].verdict is not None:
            self._tiles[kind].show_picture(pixels)

    def set_small(self, *, small: bool) -> None:
        """Use less room, in a low window."""
        for tile in self._tiles.values():
            tile.set_small(small=small)

    def tile(self, kind: ShotKind) -> ShotTile:
        """Return the tile of a kind of shot."""
        return self._tiles[kind]

    def _on_pressed(self, tile: ShotTile) -> None:
        (self.shot_chosen if tile.verdict is None else self.taken_wanted).emit(tile.kind)
