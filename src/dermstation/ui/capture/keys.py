"""Key handling of the capture page, following the one table of keys. GUI thread.

The shutter's keys take precedence over the focused widget; the others work only if the focused
widget does not use the key.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from dermstation.ui.capture.live_tools import LiveTools
from dermstation.ui.capture.shutter import Shutter
from dermstation.workflow.capture_keys import Act, Stage, Tool, key_words, row_at, row_of


def qt_key(name: str) -> Qt.Key:
    """Return the Qt key for a name in the table or in `SHUTTER_KEYS`."""
    return Qt.Key[f"Key_{name}"]


def key_name(key: int) -> str:
    """Return the name of a Qt key number, or an empty string if it has none."""
    try:
        return Qt.Key(key).name.removeprefix("Key_")
    except ValueError:
        return ""


class CaptureKeys:
    """The keys of the page, each doing what the table says for the current stage."""

    def __init__(
        self,
        page: QWidget,
        shutter: Shutter,
        tools: LiveTools,
        answers: Mapping[Act, Callable[[], object]],
    ) -> None:
        self._page = page
        self._shutter = shutter
        self._tools = tools
        self._answers = answers
        self._stage = Stage.AIMING
        # a shortcut precedes the focused button, so Space is the shutter wherever the focus is
        self._fixed = [self._shortcut(name) for name in row_of(Act.TAKE).keys]
        self._chosen = self._shortcut("")

    @property
    def shortcuts(self) -> tuple[QShortcut, ...]:
        """Return the shortcuts that press the shutter."""
        return (*self._fixed, self._chosen)

    def choose(self, name: str) -> None:
        """Make another key, named as in `SHUTTER_KEYS`, press the shutter too."""
        is_fixed = name in row_of(Act.TAKE).keys
        self._chosen.setKey(QKeySequence() if is_fixed else QKeySequence(qt_key(name)))
        self._shutter.set_key(key_words(name))

    def enter(self, stage: Stage, *, good: bool = True) -> None:
        """Switch to the keys of a stage; the shutter's keys use a held picture only if `good`."""
        self._stage = stage
        is_offered = stage in row_of(Act.TAKE).stages and (good or stage is not Stage.REVIEWING)
        for made in self.shortcuts:
            made.setEnabled(is_offered)

    def press(self, event: QKeyEvent) -> bool:
        """Act on a key that no widget used; return whether it did anything."""
        row = row_at(self._stage, key_name(event.key()))
        if row is None or row.act is Act.TAKE:  # the shutter's keys are shortcuts
            return False
        if row.act is Act.MOVE:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return self._tools.move(event.key(), far=far)
        if event.isAutoRepeat() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if row.act is Act.CONFIRM:
            return self._press_focused()
        if isinstance(row.act, Tool):
            return self._tools.press_offered(row.act)
        self._answers[row.act]()
        return True

    def _press_focused(self) -> bool:
        """Press the focused tool, tile or check box; the page itself presses a plain button."""
        focused = self._page.focusWidget()
        if not isinstance(focused, QAbstractButton) or isinstance(focused, QPushButton):
            return False
        focused.click()
        return True

    def _shortcut(self, name: str) -> QShortcut:
        made = QShortcut(QKeySequence(qt_key(name)) if name else QKeySequence(), self._page)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setAutoRepeat(False)
        made.activated.connect(self._press_space if name == "Space" else self._answers[Act.TAKE])
        return made

    def _press_space(self) -> None:
        """Take or use the picture, but at a held one let Space press the button with the focus."""
        focused = self._page.focusWidget()
        if self._stage is Stage.REVIEWING and isinstance(focused, QPushButton):
            focused.click()
        else:
            self._answers[Act.TAKE]()
