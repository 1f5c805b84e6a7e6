"""Choose a place on the body: one click sets site and side, another the exact spot.

On the keyboard, the list of sites beside the map sets the site. The arrow keys on the map set the
spot, and Delete removes it. GUI thread.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dermstation.body_map import VIEWS, view_with
from dermstation.domain.lesion_facts import Spot
from dermstation.domain.sites import Side, body_site
from dermstation.ui.lesion.body_picture import BodyPicture, Hit
from dermstation.ui.parts.button import button
from dermstation.ui.theme import Colour, Space, Type, set_mark, sized_font

_CHOSEN_ALPHA = 190  # the outlines of the body stay visible
_MARGIN = 8
_STEP, _FINE_STEP = 0.01, 0.0025  # of the picture
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BodyMap(QWidget):
    """The pictures of the body, one of them shown, and a button for each."""

    chosen = Signal(str, object, object)  # site code, Side or None, Spot or None

    def __init__(self) -> None:
        super().__init__()
        self._pictures = {name: BodyPicture(name) for name in VIEWS}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        self.buttons = {name: button(words, "shot") for name, words in VIEWS.items()}
        for name, one in self.buttons.items():
            one.setCheckable(True)
            one.setAccessibleName(f"Show the body map: {VIEWS[name]}")
            one.clicked.connect(lambda _on, name=name: self.show_view(name))
            self._group.addButton(one)
            row.addWidget(one)
        self.canvas = _Canvas(self._pictures["front"])
        self.canvas.clicked.connect(self._on_clicked)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.cleared.connect(lambda: self._choose_spot(None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(row)
        layout.addWidget(self.canvas, 1)
        self.show_view("front")

    def show_view(self, name: str) -> None:
        """Show one of the pictures."""
        self.canvas.show_picture(self._pictures[name])
        for one, made in self.buttons.items():
            made.setChecked(one == name)
            set_mark(made, "current", "true" if one == name else "false")

    def show_site(self, code: str, side: Side | None, spot: Spot | None = None) -> None:
        """Mark a site; change the picture only if it does not show that site."""
        if spot is not None and spot.view in self._pictures:
            self.show_view(spot.view)
        elif code and code not in self.canvas.picture.codes:
            shown = view_with(code)
            if shown is not None:
                self.show_view(shown)
        self.canvas.mark(code, side, spot)

    def _on_clicked(self, x: float, y: float) -> None:
        hit = self.canvas.picture.hit(x, y)
        if hit is None:
            return
        if hit.leads_to:
            self.show_view(hit.leads_to)
            return
        again = (hit.code, hit.side) == (self.canvas.code, self.canvas.side)
        spot = Spot(self.canvas.picture.name, round(x, 4), round(y, 4)) if again else None
        self.canvas.mark(hit.code, hit.side, spot)
        self.chosen.emit(hit.code, hit.side, spot)

    def _on_moved(self, across: float, down: float) -> None:
        """Move the spot, which starts in the middle of the site and never leaves it."""
        canvas = self.canvas
        before = canvas.spot
        if before is not None and before.view == canvas.picture.name:
            wanted = (before.x + across, before.y + down)
            if canvas.picture.hit(*wanted) != Hit(canvas.code, canvas.side):
                return
        else:
            middle = canvas.picture.middle(canvas.code, canvas.side)
            if middle is None:
                return
            wanted = middle
        self._choose_spot(Spot(canvas.picture.name, round(wanted[0], 4), round(wanted[1], 4)))

    def _choose_spot(self, spot: Spot | None) -> None:
        code, side = self.canvas.code, self.canvas.side
        self.canvas.mark(code, side, spot)
        self.chosen.emit(code, side, spot)


class _Canvas(QWidget):
    clicked = Signal(float, float)  # from 0 to 1 across and down the picture
    moved = Signal(float, float)  # the distance, as a fraction of the picture
    cleared = Signal()

    def __init__(self, picture: BodyPicture) -> None:
        super().__init__()
        self.picture = picture
        self.code = ""
        self.side: Side | None = None
        self.spot: Spot | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._name()

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(320, 320)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which a finger still hits a site."""
        return QSize(280, 300)

    def show_picture(self, picture: BodyPicture) -> None:
        self.picture = picture
        self.update()

    def mark(self, code: str, side: Side | None, spot: Spot | None) -> None:
        self.code, self.side, self.spot = code, side, spot
        self._name()
        self.update()

    def place(self) -> QRectF:
        """Return the rectangle of the picture in the widget."""
        size = self.picture.size
        scale = min(
            (self.width() - 2 * _MARGIN) / size.width(),
            (self.height() - 2 * _MARGIN) / size.height(),
        )
        width, height = size.width() * scale, size.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Emit the place in the picture that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(*self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the spot with the arrow keys, finely with Shift; remove it with Delete."""
        key = Qt.Key(event.key())
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _FINE_STEP if fine else _STEP
        if self.code and key in _ARROWS:
            across, down = _ARROWS[key]
            self.moved.emit(across * step, down * step)
        elif self.spot is not None and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the name of the site below the pointer."""
        hit = self.picture.hit(*self._at(event.position()))
        self.setToolTip("" if hit is None else _words(hit))
        shape = Qt.CursorShape.ArrowCursor if hit is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Colour.LINE.value), 1))
        painter.setBrush(QColor(Colour.SURFACE.value))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        place = self.place()
        self.picture.renderer.render(painter, place)
        if self.code in self.picture.codes:
            chosen = QColor(Colour.BRAND.value)
            chosen.setAlpha(_CHOSEN_ALPHA)
            marked = self.picture.mark(self.code, self.side, chosen)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, marked)
        if self.spot is not None and self.spot.view == self.picture.name:
            at = QPointF(
                place.left() + self.spot.x * place.width(),
                place.top() + self.spot.y * place.height(),
            )
            painter.setBrush(QColor(Colour.FOCUS.value))
            painter.setPen(QPen(QColor(Colour.INK.value), 2))
            painter.drawEllipse(at, 6, 6)
        self._write_sides(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(Colour.INK.value), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6)

    def _write_sides(self, painter: QPainter) -> None:
        painter.setFont(sized_font(Type.SMALL, bold=True))
        painter.setPen(QColor(Colour.INK_SOFT.value))
        room = self.rect().adjusted(Space.M, Space.S, -Space.M, -Space.S)
        top = Qt.AlignmentFlag.AlignTop
        for align, x in ((Qt.AlignmentFlag.AlignLeft, 0.0), (Qt.AlignmentFlag.AlignRight, 1.0)):
            words = f"Patient's\n{self.picture.side_at(x).value}"
            painter.drawText(room, int(align | top), words)

    def _at(self, position: QPointF) -> tuple[float, float]:
        place = self.place()
        return (
            (position.x() - place.left()) / place.width(),
            (position.y() - place.top()) / place.height(),
        )

    def _name(self) -> None:
        chosen = _words(Hit(self.code, self.side)) if self.code else "nothing chosen"
        spot = ", with the exact spot" if self.spot is not None else ""
        self.setAccessibleName(
            f"Body map: {chosen}{spot}. Choose the site in the list, and set the spot with the"
            " arrow keys."
        )


def _words(hit: Hit) -> str:
    if hit.leads_to:
        return f"Show the {hit.leads_to} larger"
    words = body_site(hit.code).words
    return f"{words} ({hit.side.value})" if hit.side else words
