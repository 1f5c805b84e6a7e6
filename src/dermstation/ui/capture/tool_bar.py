"""The buttons of the live tools beside the picture: an icon and, with room, a word. GUI thread."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.capture_keys import Act, Tool, row_of

_ICON_PX = 20
_WIDTH_PX, _SMALL_WIDTH_PX = 64, 40
_HEIGHT_PX, _LEAST_HEIGHT_PX = 52, 34


class _ToolButton(QToolButton):
    """A button that knows how wide its word makes it, also while it shows its icon alone."""

    @property
    def words_px(self) -> int:
        """Return the width in px for the icon with the word below it."""
        self.ensurePolished()
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.toolButtonStyle = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        word = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, self.text())
        word.setWidth(word.width() + self.fontMetrics().horizontalAdvance("  "))  # as Qt does
        kind = QStyle.ContentsType.CT_ToolButton
        return self.style().sizeFromContents(kind, option, word, self).width()


class ToolBar(QWidget):
    """A column of buttons, one for each tool, that show whether the tool is on."""

    pressed = Signal(object)  # Tool

    def __init__(self) -> None:
        super().__init__()
        self.menu = QMenu(self)
        self._buttons = {tool: self._make(tool) for tool in Tool}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for made in self._buttons.values():
            column.addWidget(made, 100)
        column.addStretch(1)
        self.fit(0, small=False)

    def fit(self, room_px: int, *, small: bool) -> None:
        """Show icons with words, as wide as the widest, or icons alone; `room_px` may be taken.

        Icons alone are shown in a small window, and if the words need more than the room and the
        usual width; tips and spoken names then have the words.
        """
        words_px = max(_WIDTH_PX, *(made.words_px for made in self._buttons.values()))
        if small or words_px > max(_WIDTH_PX, room_px):
            style, width = Qt.ToolButtonStyle.ToolButtonIconOnly, _SMALL_WIDTH_PX
        else:
            style, width = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, words_px
        for made in self._buttons.values():
            made.setToolButtonStyle(style)
            made.setFixedWidth(width)
        self.setFixedWidth(width)

    def button(self, tool: Tool) -> QToolButton:
        """Return the button of a tool."""
        return self._buttons[tool]

    def show_on(self, tool: Tool, *, on: bool, word: str = "") -> None:
        """Show whether a tool is on, and another word for it if it has several states."""
        made = self._buttons[tool]
        made.setChecked(on)
        self._name(made, tool, word or row_of(tool).word)

    def set_available(self, tool: Tool, available: bool) -> None:
        """Enable or disable a tool."""
        self._buttons[tool].setEnabled(available)

    def add_entry(self, act: Act) -> QAction:
        """Add a key's action to the "More" menu; connect to its `triggered`."""
        made = self.menu.addAction(f"{row_of(act).word}\u2026")
        made.setShortcut(row_of(act).key)  # only shown: the page itself handles the key
        made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return made

    def open_menu(self) -> None:
        """Open the "More" menu beside its button."""
        made = self._buttons[Tool.MORE]
        self.menu.popup(made.mapToGlobal(made.rect().topRight()))

    def _make(self, tool: Tool) -> "_ToolButton":
        made = _ToolButton()
        made.setProperty("role", "tool")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIcon(icon(tool.value, Colour.INK, _ICON_PX))
        made.setIconSize(QSize(_ICON_PX, _ICON_PX))
        made.setCheckable(tool is not Tool.MORE)
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        made.setMinimumHeight(_LEAST_HEIGHT_PX)
        made.setMaximumHeight(_HEIGHT_PX)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setToolTip(row_of(tool).tip)
        made.clicked.connect(lambda: self._on_clicked(tool))
        self._name(made, tool, row_of(tool).word)
        return made

    def _on_clicked(self, tool: Tool) -> None:
        made = self._buttons[tool]
        if made.isCheckable():
            made.setChecked(not made.isChecked())  # the receiver of the signal decides what is on
        self.pressed.emit(tool)

    @staticmethod
    def _name(made: QToolButton, tool: Tool, word: str) -> None:
        row = row_of(tool)
        made.setText(word)
        state = (", on" if made.isChecked() else ", off") if made.isCheckable() else ""
        made.setAccessibleName(f"{word}{state}. {row.about}. Key {row.key}")
