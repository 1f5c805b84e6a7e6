"""The live tools beside the picture: each with its word and its key. GUI thread."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dermstation.ui.parts.icon import icon
from dermstation.ui.theme import Colour

_ICON_PX = 16
_WIDTH_PX = 84
_HEIGHT_PX = 52
_LEAST_HEIGHT_PX = 43  # under a long notice


class Tool(StrEnum):
    """One tool; what it does is only ever seen on the screen, never in a stored capture."""

    GRID = "grid"
    SHARP = "sharp"
    LENS = "lens"
    ZOOM = "zoom"
    EARLIER = "earlier"
    TROUBLE = "trouble"
    RULER = "ruler"
    HOW = "how"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class ToolWords:
    """What a tool is called, its key, and what it does."""

    word: str
    key: Qt.Key
    about: str


TOOLS: dict[Tool, ToolWords] = {
    Tool.GRID: ToolWords("Grid", Qt.Key.Key_G, "Lines at each third of the picture"),
    Tool.SHARP: ToolWords("Sharp", Qt.Key.Key_S, "Edges that are sharp just now, in green"),
    Tool.LENS: ToolWords("Lens", Qt.Key.Key_L, "A part in full size; arrow keys move it"),
    Tool.ZOOM: ToolWords("Zoom", Qt.Key.Key_Z, "The picture in full size; arrow keys move it"),
    Tool.EARLIER: ToolWords("Earlier", Qt.Key.Key_E, "The picture of this shot taken before"),
    Tool.TROUBLE: ToolWords("Trouble", Qt.Key.Key_T, "Where it is not sharp or too bright"),
    Tool.RULER: ToolWords("Ruler", Qt.Key.Key_M, "Millimetres, where the scale is known"),
    Tool.HOW: ToolWords("How", Qt.Key.Key_F1, "How to take this shot, step by step"),
    Tool.MORE: ToolWords("More", Qt.Key.Key_O, "Scale, shutter key and sounds"),
}


class ToolBar(QWidget):
    """A column of buttons; those with a state keep it, and tell when it changes."""

    pressed = Signal(object)  # Tool

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH_PX)
        self.menu = QMenu(self)
        self._buttons = {tool: self._make(tool) for tool in Tool}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for made in self._buttons.values():
            column.addWidget(made, 100)
        column.addStretch(1)

    def button(self, tool: Tool) -> QToolButton:
        """Give the button of a tool."""
        return self._buttons[tool]

    def show_on(self, tool: Tool, *, on: bool, word: str = "") -> None:
        """Show whether a tool is on, and another word for it where it has several states."""
        made = self._buttons[tool]
        made.setChecked(on)
        self._name(made, tool, word or TOOLS[tool].word)

    def set_available(self, tool: Tool, available: bool) -> None:
        """Let a tool be pressed, or not."""
        self._buttons[tool].setEnabled(available)

    def add_entry(self, words: str, key: Qt.Key | None = None) -> QAction:
        """Add an entry to "More"; connect its `triggered`."""
        made = self.menu.addAction(words)
        if key is not None:  # shown only: the page itself hears the key
            made.setShortcut(key)
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return made

    def open_menu(self) -> None:
        """Open "More" beside its button."""
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
        made.setToolTip(f"{TOOLS[tool].about}  ({_key_word(tool)})")
        made.clicked.connect(lambda: self._on_clicked(tool))
        self._name(made, tool, TOOLS[tool].word)
        return made

    def _on_clicked(self, tool: Tool) -> None:
        made = self._buttons[tool]
        if made.isCheckable():
            made.setChecked(not made.isChecked())  # whoever answers the press says what is on
        self.pressed.emit(tool)

    @staticmethod
    def _name(made: QToolButton, tool: Tool, word: str) -> None:
        made.setText(f"{word}  {_key_word(tool)}")
        state = (", on" if made.isChecked() else ", off") if made.isCheckable() else ""
        made.setAccessibleName(f"{word}{state}. {TOOLS[tool].about}. Key {_key_word(tool)}")


def _key_word(tool: Tool) -> str:
    return TOOLS[tool].key.name.removeprefix("Key_")
