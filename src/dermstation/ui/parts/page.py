"""The layout common to all pages: title, help, content, and below it a notice and the buttons.

The primary button is at the bottom right, with secondary ones to its left; "Back" is at the bottom
left. A notice stands above them, near what was pressed, and moves nothing that somebody is about to
press. Enter presses the focused button, otherwise the primary one. GUI thread; no domain state.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import ANY_PX, COLUMN_MARGIN_PX, FoldingArea, Widening, aligned
from dermstation.ui.parts.following import Following
from dermstation.ui.parts.notice import Level, Notice
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import COLUMN_MAX_PX, TARGET_PX, Space

_PRIMARY_PX = 180
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Page(QWidget):
    """The base of all pages. Build the content before the buttons, for the tab order."""

    back_pressed = Signal()
    about = ""  # the lesion, for the header
    gives_way = False  # whether a patient sent by the record system may take its place
    is_short: bool = False  # a form: its buttons stand below it, also in a high window
    is_over = False  # whether all is done here, so that such a patient leads on to the work list

    def __init__(
        self,
        title: str,
        intro: str = "",
        *,
        framed: bool = True,
        footed: bool = True,
        column_px: int = COLUMN_MAX_PX,
    ) -> None:
        """Lay out an empty page, whose content scrolls if it does not fit.

        A page that is not `framed` uses the whole area, and places the title itself. One without a
        foot (`footed`) places notice and buttons too.
        """
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = WrapLabel(title, "title")
        self.intro = WrapLabel(intro, "soft")
        self.notice = Notice()
        self.content = QVBoxLayout()
        self.content.setSpacing(Space.M)
        self.primary: QPushButton | None = None
        self.back: QPushButton | None = None
        self._first: QWidget | None = None
        self._scroll: FoldingArea | None = None
        self._column_px = column_px
        self._idle_text: str | None = None
        self.set_title(title, intro)

        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        if not footed:
            body.addLayout(self.content, 1)
            return
        column = self._scroll = self._make_column() if framed else None
        footer = self._make_footer()
        if column is not None and self.is_short:
            body.addWidget(Following(column, footer))
        else:
            body.addWidget(column or self._make_room(), 1)
            body.addWidget(footer)

    def set_title(self, title: str, intro: str = "") -> None:
        """Set the title and the sentence of help below it; neither may identify the patient."""
        self.setWindowTitle(title)
        self.title.setText(title)
        self.intro.setText(intro)
        self.intro.setVisible(bool(intro))
        self.setAccessibleName(title)

    def set_primary(self, made: QPushButton | str) -> QPushButton:
        """Add the primary button at the bottom right."""
        primary = button(made, "primary", _PRIMARY_PX) if isinstance(made, str) else made
        self._right.addWidget(primary)
        self.primary = primary
        return primary

    def press_primary(self) -> None:
        """Press the primary button, which does nothing while it is off."""
        if self.primary is not None:
            self.primary.click()

    def add_secondary(self, text: str, role: str = "secondary") -> QPushButton:
        """Add a button to the left of the existing ones."""
        return self.add_made(button(text, role))

    def add_made(self, made: QPushButton) -> QPushButton:
        """Put a button that was made elsewhere to the left of the existing ones."""
        self._right.insertWidget(0, made)
        return made

    def set_back(self, text: str = "&Back") -> QPushButton:
        """Add the button that leads back at the bottom left."""
        self.back = button(text)
        self.back.clicked.connect(self.back_pressed)
        self._left.addWidget(self.back)
        return self.back

    def add_left(self, widget: QWidget) -> None:
        """Add a widget beside "Back", about the buttons on the right."""
        self._left.addWidget(widget)

    def show_notice(self, level: Level, what: str, safe: str = "", todo: str = "") -> None:
        """Show what happened, whether the picture is safe, and what to do."""
        self.notice.show_message(level, what, safe, todo)
        if self.primary is not None:
            self.notice.follow(self.primary)

    def clear_notice(self) -> None:
        """Hide the notice."""
        self.notice.clear()

    def show_busy(self, words: str) -> None:
        """Disable the primary button and show why on it; an empty text enables it again."""
        if self.primary is None:
            return
        if words:
            if self._idle_text is None:
                self._idle_text = self.primary.text()
            self.primary.setText(words)
        elif self._idle_text is not None:
            self.primary.setText(self._idle_text)
            self._idle_text = None
        self.primary.setEnabled(not words)

    def lead_to(self, widget: QWidget) -> None:
        """Scroll to a widget and give it the focus."""
        if self._scroll is not None:
            self._scroll.ensureWidgetVisible(widget)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_first(self, widget: QWidget) -> None:
        """Set the widget that gets the focus when the page appears."""
        self._first = widget

    def showEvent(self, event: QShowEvent) -> None:
        """Focus the first widget, or the page itself, so that no key reaches a button elsewhere."""
        super().showEvent(event)
        (self._first or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused or the primary button on Enter."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
            Qt.KeyboardModifier.ControlModifier,  # out of a text of several lines
        )
        if event.key() not in _ENTER or not plain:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():  # a key held down confirms one page, not the next one too
            focused = self.focusWidget()
            pressed = focused if isinstance(focused, QPushButton) else self.primary
            if pressed is not None and pressed.isVisible():
                pressed.click()

    def _make_room(self) -> QWidget:
        room = QWidget()
        inside = QVBoxLayout(room)
        inside.setContentsMargins(COLUMN_MARGIN_PX, Space.M, COLUMN_MARGIN_PX, Space.M)
        inside.setSpacing(Space.S)
        inside.addLayout(self.content, 1)
        return room

    def _make_column(self) -> FoldingArea:
        column = QWidget()
        inside = QVBoxLayout(column)
        inside.setContentsMargins(COLUMN_MARGIN_PX, Space.L, COLUMN_MARGIN_PX, Space.L)
        inside.setSpacing(Space.S)
        inside.addWidget(self.title)
        inside.addWidget(self.intro)
        inside.addSpacing(Space.XS)
        inside.addLayout(self.content, 1)
        return FoldingArea(column, self._column_px)

    def _make_footer(self) -> QFrame:
        footer = QFrame()
        footer.setProperty("role", "footer")
        self._left = QHBoxLayout()
        self._left.setSpacing(Space.M)
        self._left.addStrut(TARGET_PX)  # a page without buttons keeps the same height
        self._right = QHBoxLayout()
        self._right.setSpacing(Space.M)
        most_px = ANY_PX if self._scroll is None else self._column_px
        inside = Widening(most_px)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.M)
        buttons.addLayout(self._left)
        buttons.addStretch(1)
        buttons.addLayout(self._right)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(COLUMN_MARGIN_PX, Space.M, COLUMN_MARGIN_PX, Space.M)
        layout.setSpacing(Space.M)
        layout.addWidget(self.notice)
        layout.addLayout(buttons)
        across = aligned(inside, most_px)  # its edges are those of the column
        across.setContentsMargins(0, 0, 0 if self._scroll is None else self._scroll.gutter_px, 0)
        footer.setLayout(across)
        return footer
