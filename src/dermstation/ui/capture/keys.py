"""Answer the capture page's keys as the one table says. Part of the page; GUI thread.

The shutter's keys come before whatever has the focus; the others only where no field takes the key.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QToolButton, QWidget

from dermstation.ui.capture.live_tools import LiveTools
from dermstation.ui.capture.shutter import Shutter
from dermstation.workflow.capture_keys import Act, Stage, Tool, key_words, row_at, row_of


def qt_key(name: str) -> Qt.Key:
    """Return the key that has a name in the table or in `SHUTTER_KEYS`."""
    return Qt.Key[f"Key_{name}"]


def key_name(key: int) -> str:
    """Return the name of a key by its number in Qt, or an empty string if it has none."""
    try:
        return Qt.Key(key).name.removeprefix("Key_")
    except ValueError:
        return ""


class CaptureKeys:
    """Turn keys into what the page offers at its stage."""

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
        # A shortcut comes before the focused button, so Space is the shutter wherever the focus is.
        self._fixed = [self._shortcut(name) for name in row_of(Act.TAKE).keys]
        self._chosen = self._shortcut("")

    @property
    def shortcuts(self) -> tuple[QShortcut, ...]:
        """Return the shortcuts that are the shutter."""
        return (*self._fixed, self._chosen)

    def choose(self, name: str) -> None:
        """Let a further key be the shutter, by its name in `SHUTTER_KEYS`."""
        is_fixed = name in row_of(Act.TAKE).keys
        self._chosen.setKey(QKeySequence() if is_fixed else QKeySequence(qt_key(name)))
        self._shutter.set_key(key_words(name))

    def enter(self, stage: Stage) -> None:
        """Answer the keys of a stage from now on."""
        self._stage = stage
        for made in self.shortcuts:
            made.setEnabled(stage in row_of(Act.TAKE).stages)

    def press(self, event: QKeyEvent) -> bool:
        """Answer a key that nobody else took; return whether it was answered."""
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
        """Press a focused tool or box; the page itself presses any other button."""
        focused = self._page.focusWidget()
        if not isinstance(focused, QToolButton | QCheckBox):
            return False
        focused.click()
        return True

    def _shortcut(self, name: str) -> QShortcut:
        made = QShortcut(QKeySequence(qt_key(name)) if name else QKeySequence(), self._page)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setAutoRepeat(False)
        made.activated.connect(self._answers[Act.TAKE])
        return made
