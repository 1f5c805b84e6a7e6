"""A small picture of a capture with its shot and verdict, or a note if missing. GUI thread."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dermstation.domain.quality import Verdict
from dermstation.ui.parts.text import label
from dermstation.ui.parts.verdict import VerdictBadge
from dermstation.ui.theme import Colour, Space, Type, sized_font

_SMALL_PX, FOURTH_PX, MEDIUM_PX, LARGE_PX = (136, 102), (212, 159), (280, 210), (320, 240)


class _Picture(QWidget):
    def __init__(self, size_px: tuple[int, int]) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setFixedSize(QSize(*size_px))

    def show_array(self, image: NDArray[np.uint8] | None) -> None:
        self._pixmap = QPixmap()
        if image is not None:
            image = np.ascontiguousarray(image)
            height, width = image.shape[:2]
            whole = QImage(image.data, width, height, image.strides[0], QImage.Format.Format_BGR888)
            ratio = self.devicePixelRatioF()
            small = whole.scaled(
                self.size() * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._pixmap = QPixmap.fromImage(
                small.copy()
            )  # keeps no reference to the caller's pixels
            self._pixmap.setDevicePixelRatio(ratio)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.fillRect(self.rect(), QColor(Colour.GROUND.value))
            painter.setPen(QPen(QColor(Colour.EDGE.value), 2, Qt.PenStyle.DashLine))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            painter.setPen(QColor(Colour.INK_SOFT.value))
            painter.setFont(sized_font(Type.SMALL))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No picture")
            return
        painter.fillRect(self.rect(), QColor(Colour.DARK.value))
        size = self._pixmap.deviceIndependentSize().toSize()
        place = QRect(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )
        painter.drawPixmap(place, self._pixmap)


class Thumbnail(QWidget):
    """A small picture with its title and its verdict in words; some can be pressed."""

    pressed = Signal()

    def __init__(
        self, title: str, *, size_px: tuple[int, int] = _SMALL_PX, opens: str = ""
    ) -> None:
        """Start empty. `opens` says what a press shows; without it a press does nothing."""
        super().__init__()
        self._picture = _Picture(size_px)
        self._opens = opens
        self._note = label(role="small")
        self._note.hide()
        if opens:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(opens)
            self.setAccessibleDescription(opens)
        self._badge = VerdictBadge(18)
        self._title = title
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(label(title, "strong"))
        layout.addWidget(self._picture)
        layout.addWidget(self._badge)
        layout.addWidget(self._note)
        self.show_missing()

    def show_image(self, image: NDArray[np.uint8] | None, verdict: Verdict | None) -> None:
        """Show a BGR array of shape (height, width, 3) and its verdict, if it has one."""
        self._picture.show_array(image)
        self._badge.setVisible(verdict is not None)
        if verdict is not None:
            self._badge.show_verdict(verdict)
        said = f": {self._badge.words}" if verdict is not None else ""
        self.setAccessibleName(f"{self._title}{said}")

    def show_note(self, words: str) -> None:
        """Show a note of two or three words below the verdict."""
        self._note.setText(words)
        self._note.setVisible(bool(words))
        if words:
            self.setAccessibleName(f"{self.accessibleName()}, {words}")

    def keep_room(self, *, kept: bool) -> None:
        """Reserve the height of a note, for when thumbnails beside this one have one."""
        policy = self._note.sizePolicy()
        policy.setRetainSizeWhenHidden(kept)
        self._note.setSizePolicy(policy)

    @property
    def note(self) -> str:
        """Return the note below the verdict."""
        return self._note.text()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit `pressed` on a left click, if a press opens something."""
        if self._opens and event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit `pressed` on Enter or Space, if a press opens something."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if self._opens and event.key() in keys and not event.isAutoRepeat():
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a frame around the picture while it has the focus."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(Colour.INK.value), 3))
            painter.drawRect(self._picture.geometry().adjusted(-2, -2, 1, 1))

    def show_missing(self, words: str = "Missing") -> None:
        """Show that there is no such picture."""
        self._picture.show_array(None)
        self._badge.show_verdict(None, words)
        self.setAccessibleName(f"{self._title}: {words}")

    @property
    def words(self) -> str:
        """Return the verdict's words as shown."""
        return self._badge.words
