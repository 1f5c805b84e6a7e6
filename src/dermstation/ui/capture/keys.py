"""The keys of the capture page, by stage. Part of it; GUI thread.

Every button has a key, so that one hand can stay on the patient. The shutter's keys come before
whatever has the focus; the others only where no field takes the key.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QToolButton

from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.buttons import AT_SHUTTER, Stage
from dermstation.ui.capture.shutter_key_panel import key_words

if TYPE_CHECKING:
    from dermstation.ui.capture.page import CapturePage

_ALWAYS = (Qt.Key.Key_Space, Qt.Key.Key_Camera, Qt.Key.Key_WebCam)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVE_ON = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, *_ENTER)


class CaptureKeys:
    """Turn keys into what the page offers at its stage."""

    def __init__(self, page: "CapturePage") -> None:
        self._page = page
        # A shortcut comes before the focused button, so Space is the shutter wherever the focus is.
        self._fixed = [self._shortcut(key) for key in _ALWAYS]
        self._chosen = self._shortcut(None)

    @property
    def shortcuts(self) -> tuple[QShortcut, ...]:
        """Give the shortcuts that are the shutter."""
        return (*self._fixed, self._chosen)

    def choose(self, name: str) -> None:
        """Let a further key be the shutter, by its name in `SHUTTER_KEYS`."""
        key = Qt.Key[f"Key_{name}"]
        others = key in _ALWAYS
        self._chosen.setKey(QKeySequence() if others else QKeySequence(key))
        self._page.shutter.set_key(key_words(name))

    def enter(self, stage: Stage) -> None:
        """Let the shutter's keys work while there is a shutter."""
        for made in self.shortcuts:
            made.setEnabled(stage in AT_SHUTTER)

    def press(self, event: QKeyEvent) -> bool:
        """Answer a key that nobody else took; tell whether it was answered."""
        page, key = self._page, event.key()
        if page.stage is Stage.KEYS and key not in _MOVE_ON:
            return page.keys.take_key(event)
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if page.view.press_arrow(key, far=far):
            return True
        if event.isAutoRepeat() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        focused = page.focusWidget()
        if key in _ENTER and isinstance(focused, QToolButton | QCheckBox):
            focused.click()
            return True
        return self._answer(key)

    def _answer(self, key: int) -> bool:
        answers = {
            Stage.AIMING: self._while_aiming,
            Stage.HOW_TO: self._while_reading,
            Stage.REVIEWING: self._while_reviewing,
            Stage.RULER: self._while_at_the_ruler,
            Stage.MARKS: self._while_marking,
            Stage.KEYS: self._while_at_the_ruler,
        }
        answer = answers.get(self._page.stage)
        return answer is not None and answer(key)

    def _while_reviewing(self, key: int) -> bool:
        if key not in (Qt.Key.Key_R, Qt.Key.Key_Escape):
            return self._page.tools.press_key(key)
        self._page.retaken.emit()
        return True

    def _while_reading(self, key: int) -> bool:
        if key != Qt.Key.Key_Escape:
            return self._page.tools.press_key(key)
        self._page.leave_panel()
        return True

    def _while_at_the_ruler(self, key: int) -> bool:
        if key != Qt.Key.Key_Escape:
            return self._page.stage is Stage.RULER and self._page.tools.press_key(key)
        self._page.leave_panel()
        return True

    def _while_aiming(self, key: int) -> bool:
        page = self._page
        if key == Qt.Key.Key_H:
            page.buttons.hands_free.click()
        elif key == Qt.Key.Key_C:
            page.scale_wanted.emit()
        elif key == Qt.Key.Key_K:
            page.enter_keys()
        elif key == Qt.Key.Key_P and page.aim.shot is ShotKind.DERMOSCOPIC:
            page.aim.polarisation.ask_next()
        else:
            return page.tools.press_key(key)
        return True

    def _while_marking(self, key: int) -> bool:
        page = self._page
        if key in (Qt.Key.Key_1, Qt.Key.Key_2):
            page.view.over.marks.active = 0 if key == Qt.Key.Key_1 else 1
            page.view.update()
        elif key == Qt.Key.Key_N:
            page.enter_ruler()
        elif key == Qt.Key.Key_Escape:
            page.leave_panel()
        else:
            return page.tools.press_key(key)
        return True

    def _shortcut(self, key: Qt.Key | None) -> QShortcut:
        made = QShortcut(QKeySequence() if key is None else QKeySequence(key), self._page)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setAutoRepeat(False)
        made.activated.connect(self._page.press_shutter)
        return made
