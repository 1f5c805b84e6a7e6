"""The buttons of the live tools beside the picture, each with its word and key. GUI thread."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import Colour
from dermstation.workflow.capture_keys import Act, Tool, row_of

_ICON_PX = 16
_WIDTH_PX = 86
_HEIGHT_PX = 52
_LEAST_HEIGHT_PX = 44  # under a long notice


class ToolBar(QWidget):
    """A column of buttons, one for each tool, that show whether the tool is on."""

    pressed = Signal(object)  # Tool

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH_PX)
        self.menu = QMenu(self)
        self._buttons = {tool: self._make(tool) for tool in Tool}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for made in self._buttons.values():
            column.addWidget(made, 100)
        column.addStretch(1)

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

    def _make(self, tool: Tool) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "tool")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setIcon(icon(tool.value, Colour.INK, _ICON_PX))
        made.setIconSize(QSize(_ICON_PX, _ICON_PX))
        made.setCheckable(tool is not Tool.MORE)
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        made.setFixedWidth(_WIDTH_PX)
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
        made.setText(f"{word}  {row.key}")
        state = (", on" if made.isChecked() else ", off") if made.isCheckable() else ""
        made.setAccessibleName(f"{word}{state}. {row.about}. Key {row.key}")
