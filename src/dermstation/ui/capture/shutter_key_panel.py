"""The panel to choose the shutter key and switch sounds on or off. GUI thread.

Part of the capture page. A footswitch is a keyboard with one key: pressing it here is enough.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.settings import SETTINGS, SHUTTER_KEYS
from dermstation.ui.capture.keys import key_name
from dermstation.ui.parts.button import button
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.shortening import ShortCheckBox
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import key_words

_MOVE_ON = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape),
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter),
)
_ONLY_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
)


class ShutterKeyPanel(QWidget):
    """The panel that waits for a key while it is shown; Tab, Enter and Esc work as usual."""

    key_chosen = Signal(str)  # one of SHUTTER_KEYS

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Press the key or footswitch that should take the picture")
        self._now = label(role="title")
        self._problem = Problem(lines=2)
        self.space = button("Use only the space bar")
        self.space.clicked.connect(lambda: self.key_chosen.emit("Space"))
        self.sounds = ShortCheckBox(SETTINGS["sounds"].title, "Play a sound")
        frame, inside = card()
        inside.addWidget(label("The key that takes the picture", "strong"))
        inside.addWidget(self._now)
        inside.addWidget(
            WrapLabel("Press another key now, or the footswitch. The space bar always works too.")
        )
        inside.addWidget(self._problem)
        inside.addWidget(self.space)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(label("Shutter key and sounds", "heading"))
        layout.addWidget(frame)
        layout.addWidget(self.sounds)
        layout.addStretch(1)

    def show_choice(self, name: str, *, sounds: bool) -> None:
        """Show the current key and whether sounds are on."""
        self._now.setText(key_words(name))
        self._now.setAccessibleName(f"Now: {key_words(name)}")
        self.space.setEnabled(name != "Space")
        self.sounds.setChecked(sounds)
        self._problem.show_words("")

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose the key of an event; return whether the event was handled here."""
        key = event.key()
        if key in _MOVE_ON:
            return False
        if key in _ONLY_MODIFIERS or event.isAutoRepeat():
            return True
        name = key_name(key)
        if name in SHUTTER_KEYS:
            self._problem.show_words("")
            self.key_chosen.emit(name)
        else:
            self._problem.show_words("This key does something else here. Press another one.")
        return True

    @property
    def words(self) -> str:
        """Return the key and the problem, as shown."""
        return f"{self._now.text()} {self._problem.words}".strip()
