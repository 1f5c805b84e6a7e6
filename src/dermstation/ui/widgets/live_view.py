"""Show the newest picture as large as it fits, and in large words why there is none.

GUI thread. Pixels come by `show_image` only, never through a signal: each picture replaces the one
before, whether or not that was painted, so that no queue can grow. The pixels are not copied: the
caller must not change an array after handing it over.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dermstation.ui.theme import Colour, Space, Type, sized_font

_VEIL = QColor(15, 22, 28, 205)
_PILL = QColor(15, 22, 28, 215)
_PAN_STEP_PX = 60
_CLICK_SLOP_PX = 4
_CENTRE = QPointF(0.5, 0.5)
_PAN_KEYS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class LiveView(QWidget):
    """A picture on a dark ground, with its age, a message over it, and a look at 100 %."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: NDArray[np.uint8] | None = None  # keeps the pixels of _image alive
        self._image = QImage()
        self._scaled: QImage | None = None
        self._still = False
        self._message: tuple[str, ...] = ()
        self._age = ""
        self._note = ""
        self._reticle = False
        self._zoomed = False
        self._centre = _CENTRE
        self._pressed_at: QPointF | None = None
        self._dragged = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Live picture")

    def show_image(
        self, frame: NDArray[np.uint8], *, rgb: bool = False, still: bool = False
    ) -> None:
        """Show an array of shape (height, width, 3), BGR unless `rgb`, or (height, width).

        A `still` is scaled once, well, and may be looked at in 100 %; a live picture is scaled
        fast.
        """
        frame = np.ascontiguousarray(frame)
        height, width = frame.shape[:2]
        if frame.ndim == 2:
            kind = QImage.Format.Format_Grayscale8
        else:
            kind = QImage.Format.Format_RGB888 if rgb else QImage.Format.Format_BGR888
        image = QImage(frame.data, width, height, frame.strides[0], kind)
        self._image, self._frame = image, frame
        self._scaled = None
        if still != self._still:
            self._still = still
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if still else Qt.FocusPolicy.NoFocus)
            self.setAccessibleName("Held picture" if still else "Live picture")
        if not still:
            self._zoomed = False
        self.update()

    def clear(self) -> None:
        """Forget the picture: the pixels are let go at once."""
        self._image, self._frame, self._scaled = QImage(), None, None
        self._zoomed = False
        self.update()

    def show_message(self, *lines: str) -> None:
        """Lay words over the dimmed picture, the first line large; no line takes them away."""
        if (shown := tuple(line for line in lines if line)) != self._message:
            self._message = shown
            self.setAccessibleDescription(" ".join(shown))
            self.update()

    def show_age(self, words: str) -> None:
        """Show how old the picture is, in a corner; an empty text shows nothing."""
        if words != self._age:
            self._age = words
            self.update()

    def show_note(self, words: str) -> None:
        """Show a short good piece of news in a corner; an empty text shows nothing."""
        if words != self._note:
            self._note = words
            self.update()

    def set_reticle(self, shown: bool) -> None:
        """Mark the middle of the picture, or not."""
        self._reticle = shown
        self.update()

    def toggle_zoom(self, at: QPointF | None = None) -> None:
        """Switch a still between the whole picture and 100 %, around a point of the widget."""
        if not self._still or self._image.isNull():
            return
        if not self._zoomed and at is not None:
            area = self._fitted()
            x = (at.x() - area.x()) / area.width()
            y = (at.y() - area.y()) / area.height()
            self._centre = QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        elif not self._zoomed:
            self._centre = _CENTRE
        self._zoomed = not self._zoomed
        self.update()

    @property
    def zoomed(self) -> bool:
        """Tell whether the picture is shown at 100 %."""
        return self._zoomed

    @property
    def message(self) -> tuple[str, ...]:
        """Give the lines laid over the picture."""
        return self._message

    @property
    def age(self) -> str:
        """Give the words of the age readout."""
        return self._age

    @property
    def note(self) -> str:
        """Give the good news in the corner."""
        return self._note

    @property
    def frame(self) -> NDArray[np.uint8] | None:
        """Give the array that is shown."""
        return self._frame

    def sizeHint(self) -> QSize:
        """Give the size it likes."""
        return QSize(960, 540)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Colour.DARK.value))
        if not self._image.isNull():
            self._paint_image(painter)
        if self._message:
            self._paint_message(painter)
        else:
            self._paint_corners(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(Colour.FOCUS.value), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self._pressed_at = event.position()
        self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the enlarged picture."""
        if self._pressed_at is None:
            return
        moved = event.position() - self._pressed_at
        if self._dragged or moved.manhattanLength() > _CLICK_SLOP_PX:
            self._dragged = True
            self._pressed_at = event.position()
            self._pan(-moved.x(), -moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Zoom at a click."""
        if self._pressed_at is not None and not self._dragged:
            self.toggle_zoom(event.position())
        self._pressed_at = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys that move or confirm."""
        step = _PAN_KEYS.get(event.key())
        if step is not None and self._zoomed:
            self._pan(step[0] * _PAN_STEP_PX, step[1] * _PAN_STEP_PX)
        else:
            super().keyPressEvent(event)

    def _fitted(self) -> QRectF:
        size = QSizeF(self._image.size()).scaled(
            QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio
        )
        corner = QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2)
        return QRectF(corner, size)

    def _full_size(self) -> QSizeF:
        ratio = self.devicePixelRatioF()  # one pixel of the picture is one of the screen
        return QSizeF(self._image.width() / ratio, self._image.height() / ratio)

    def _at_full_size(self) -> QRectF:
        size = self._full_size()
        spare = QSizeF(max(size.width() - self.width(), 0), max(size.height() - self.height(), 0))
        x = min(max(self._centre.x() * size.width() - self.width() / 2, 0), spare.width())
        y = min(max(self._centre.y() * size.height() - self.height() / 2, 0), spare.height())
        left = -x if spare.width() else (self.width() - size.width()) / 2
        top = -y if spare.height() else (self.height() - size.height()) / 2
        return QRectF(QPointF(left, top), size)

    def _pan(self, right_px: float, down_px: float) -> None:
        if not self._zoomed:
            return
        size = self._full_size()
        half_x, half_y = self.width() / 2 / size.width(), self.height() / 2 / size.height()
        x = self._centre.x() + right_px / size.width()
        y = self._centre.y() + down_px / size.height()
        self._centre = QPointF(
            min(max(x, min(half_x, 0.5)), max(1 - half_x, 0.5)),
            min(max(y, min(half_y, 0.5)), max(1 - half_y, 0.5)),
        )
        self.update()

    def _paint_image(self, painter: QPainter) -> None:
        if self._zoomed:
            painter.drawImage(self._at_full_size(), self._image)
            return
        area = self._fitted()
        if self._still:
            if self._scaled is None or self._scaled.size() != self._device_size(area):
                self._scaled = self._image.scaled(
                    self._device_size(area),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            painter.drawImage(area, self._scaled)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._image)
        if self._reticle and not self._still and not self._message:
            self._paint_reticle(painter, area.center())

    def _device_size(self, area: QRectF) -> QSize:
        return (area.size() * self.devicePixelRatioF()).toSize().expandedTo(QSize(1, 1))

    @staticmethod
    def _paint_reticle(painter: QPainter, middle: QPointF) -> None:
        for colour, width in ((QColor(0, 0, 0, 130), 4), (QColor(255, 255, 255, 210), 2)):
            painter.setPen(QPen(colour, width))
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                way = QPointF(x, y)
                painter.drawLine(middle + way * 10, middle + way * 26)

    def _paint_message(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), _VEIL)
        painter.setPen(QColor(Colour.ON_DARK.value))
        width = min(self.width() - 2 * Space.XL, 720)
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignHCenter.value
        fonts = [sized_font(Type.TITLE, bold=True)]
        fonts += [sized_font(Type.HEADING)] * (len(self._message) - 1)
        heights = []
        for font, line in zip(fonts, self._message, strict=True):
            painter.setFont(font)
            room = QRect(0, 0, width, self.height())
            heights.append(painter.boundingRect(room, flags, line).height() + Space.M)
        top = (self.height() - sum(heights)) // 2
        left = (self.width() - width) // 2
        for font, line, height in zip(fonts, self._message, heights, strict=True):
            painter.setFont(font)
            painter.drawText(QRect(left, top, width, height), flags, line)
            top += height

    def _paint_corners(self, painter: QPainter) -> None:
        painter.setFont(sized_font(Type.SMALL))
        if self._still:
            words = (
                "100 %  \u00b7  Z or click: whole picture"
                if self._zoomed
                else "Z or click: look at 100 %"
            )
            self._paint_pills(painter, ["Held picture", words])
        else:
            shown = [self._age] if self._age and not self._image.isNull() else []
            self._paint_pills(painter, [*shown, self._note] if self._note else shown)

    def _paint_pills(self, painter: QPainter, texts: Sequence[str]) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        left = float(Space.M)
        for text in texts:
            height = metrics.height() + Space.S
            width = metrics.horizontalAdvance(text) + 2 * Space.M
            pill = QRectF(left, self.height() - height - Space.M, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_PILL)
            painter.drawRoundedRect(pill, height / 2, height / 2)
            painter.setPen(QColor(Colour.ON_DARK.value))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            left += width + Space.S
