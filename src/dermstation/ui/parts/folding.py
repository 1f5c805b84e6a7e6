"""Contents side by side that go below each other if the window is narrow. GUI thread.

What they do depends on the room alone, never on how they lie, so that the layout comes to rest.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QWidget,
)

from dermstation.ui.theme import COLUMN_MAX_PX, PAGE_MAX_PX, Space

COLUMN_MARGIN_PX = Space.XL  # of the column, left and right
_ROW = QBoxLayout.Direction.LeftToRight
ANY_PX = 16_777_215  # as Qt has it
_COLUMN = QBoxLayout.Direction.TopToBottom


class SideBySide(QBoxLayout):
    """A row that becomes a column if its parts have no room beside each other."""

    def __init__(self, spacing_px: int = Space.L) -> None:
        super().__init__(_ROW)
        self.setSpacing(spacing_px)
        self._kept: list[tuple[QWidget, int]] = []

    def keep_width(self, widget: QWidget, width_px: int) -> None:
        """Give a widget in one of the parts this width, unless it has all of the row's."""
        widget.setFixedWidth(width_px)
        self._kept.append((widget, width_px))

    def fit(self, width_px: int) -> None:
        """Lay the parts out for this width."""
        parts = [one for place in range(self.count()) if (one := self.itemAt(place)) is not None]
        widths = [one.minimumSize().width() for one in parts if not one.isEmpty()]
        least = sum(widths) + self.spacing() * (len(widths) - 1)
        wanted = _ROW if least <= width_px else _COLUMN
        if self.direction() is not wanted:
            self.setDirection(wanted)
            for widget, kept_px in self._kept:
                widget.setMaximumWidth(kept_px if wanted is _ROW else ANY_PX)


class FoldingGrid(QGridLayout):
    """A grid of widgets, row by row, with fewer columns if there is no room for the most."""

    def __init__(self, most_columns: int, spacing_px: int = Space.M) -> None:
        super().__init__()
        self.setSpacing(spacing_px)
        self._most = most_columns
        self._columns = most_columns
        self._widgets: list[QWidget] = []
        self._stretch()

    def add(self, widget: QWidget) -> None:
        """Put a widget in the next place."""
        self._widgets.append(widget)
        self.addWidget(widget, *divmod(len(self._widgets) - 1, self._columns))

    def fit(self, width_px: int) -> None:
        """Lay the widgets out for this width."""
        least = max((one.minimumSizeHint().width() for one in self._widgets), default=1)
        gap = self.horizontalSpacing()
        columns = max(1, min(self._most, (width_px + gap) // (least + gap)))
        if columns == self._columns:
            return
        self._columns = columns
        for place, widget in enumerate(self._widgets):
            self.removeWidget(widget)
            self.addWidget(widget, *divmod(place, columns))
        self._stretch()

    def _stretch(self) -> None:
        for column in range(self._most):
            self.setColumnStretch(column, 1 if column < self._columns else 0)


class ScrollArea(QScrollArea):
    """An area that scrolls if needed; sideways only if something cannot be made narrower."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setProperty("role", "ground")
        self.setWidget(inside)


class Narrow(ScrollArea):
    """A column that scrolls, with the scroll bar beside it: of its least width, or of its words."""

    def __init__(self, inside: QWidget) -> None:
        self._inside = inside
        super().__init__(inside)
        self.verticalScrollBar().rangeChanged.connect(self._widen)
        self._widen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the contents when they ask for another size."""
        done = super().eventFilter(watched, event)
        if event.type() is QEvent.Type.LayoutRequest and watched is self._inside:
            self._widen()
        return done

    def _widen(self) -> None:
        bar, words = self.verticalScrollBar(), self._inside.minimumSizeHint()
        bar_px = bar.sizeHint().width() if bar.maximum() else 0
        self.setFixedWidth(max(self._inside.minimumWidth(), words.width()) + bar_px)


class Widening(QWidget):
    """A part that is at most so wide, unless its words need more."""

    def __init__(self, most_px: int) -> None:
        super().__init__()
        self._most_px = most_px
        self.setMaximumWidth(most_px)

    def event(self, event: QEvent) -> bool:
        """Follow the words."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.setMaximumWidth(max(self._most_px, self.minimumSizeHint().width()))
        return super().event(event)


def aligned(inside: QWidget, most_px: int) -> QHBoxLayout:
    """Return a row with a part of at most so many px at the left edge that all pages share.

    What is narrower than a column, as the sign-in is, stands in the middle.
    """
    page = Widening(max(most_px, PAGE_MAX_PX) if most_px >= COLUMN_MAX_PX else most_px)
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(inside, 1000)
    row.addStretch(1)
    across = QHBoxLayout()
    across.setContentsMargins(0, 0, 0, 0)
    across.addStretch(1)
    across.addWidget(page, 1000)
    across.addStretch(1)
    return across


class FoldingArea(ScrollArea):
    """A scrolled column, at most so wide, that folds what lies side by side in it.

    The room of its scroll bar is always kept, so that the column never moves sideways.
    """

    def __init__(self, column: QWidget, most_px: int) -> None:
        column.setMaximumWidth(most_px)
        self._column = column
        self._most_px = most_px
        self.ground = _Ground(self.fold)
        self.ground.setLayout(aligned(column, most_px))
        super().__init__(self.ground)
        self.verticalScrollBar().rangeChanged.connect(self._keep_gutter)
        self._keep_gutter(0, 0)
        self._following: QMetaObject.Connection | None = None

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the focus."""
        super().showEvent(event)
        application = QApplication.instance()
        if self._following is None and isinstance(application, QApplication):
            self._following = application.focusChanged.connect(self._show_focused)

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow the focus no longer: it changes too while a page is taken apart."""
        super().hideEvent(event)
        if self._following is not None:
            QObject.disconnect(self._following)
            self._following = None

    @property
    def gutter_px(self) -> int:
        """Return the room of the scroll bar."""
        return self.verticalScrollBar().sizeHint().width()

    def _show_focused(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what a key has led to; nothing moves below a mouse that is pressed."""
        is_pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if now is not None and self.ground.isAncestorOf(now) and not is_pressed:
            self.ensureWidgetVisible(now)

    def _keep_gutter(self, _least: int, most: int) -> None:
        self.setViewportMargins(0, 0, 0 if most else self.gutter_px, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the contents before they are laid out."""
        self.fold()
        super().resizeEvent(event)

    def fold(self) -> None:
        """Fold what has no room."""
        room = min(self.width() - self.gutter_px, self._most_px) - 2 * COLUMN_MARGIN_PX
        rows = self._column.findChildren(SideBySide)
        grids = self._column.findChildren(FoldingGrid)
        parts: list[SideBySide | FoldingGrid] = [*rows, *grids]
        for one in parts:
            one.fit(room - self._around(one.parentWidget()))

    def _around(self, holder: QWidget | None) -> int:
        """Return the margins of the card that holds contents, if it is not the column itself."""
        layout = holder.layout() if holder is not None and holder is not self._column else None
        if layout is None:
            return 0
        margins = layout.contentsMargins()
        return margins.left() + margins.right()


class _Ground(QWidget):
    """The ground of a column, which says when its contents have changed."""

    def __init__(self, fold: Callable[[], None]) -> None:
        super().__init__()
        self._fold = fold

    def event(self, event: QEvent) -> bool:
        """Fold again what has changed its size."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fold()
        return super().event(event)
