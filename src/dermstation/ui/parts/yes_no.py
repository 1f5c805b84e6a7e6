"""Ask one question with the answers yes, no and not asked. GUI thread.

One Tab stop: Y and N answer, Backspace or Delete clears the answer, the arrow keys move on.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from dermstation.domain.consents import Answer
from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space, set_mark

_BUTTON_PX = 44
_LONG_CHARS = 32  # longer words are set smaller, so that they fit beside the buttons
_KEYS = {
    Qt.Key.Key_Y: Answer.YES,
    Qt.Key.Key_N: Answer.NO,
    Qt.Key.Key_Backspace: Answer.NOT_ASKED,
    Qt.Key.Key_Delete: Answer.NOT_ASKED,
}
_SPOKEN = {Answer.YES: "yes", Answer.NO: "no", Answer.NOT_ASKED: "not asked"}


class YesNo(QFrame):
    """A question with two buttons; neither is lit until there is an answer."""

    answered = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("role", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._words = words
        self._answer = Answer.NOT_ASKED
        self.buttons = {
            one: button(_SPOKEN[one].title(), "answer", _BUTTON_PX)
            for one in (Answer.NO, Answer.YES)
        }
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.XS, 0, 0, 0)
        layout.setSpacing(Space.XS)
        shown = WrapLabel(words, "small" if len(words) > _LONG_CHARS else "body")
        layout.addWidget(shown, 1, Qt.AlignmentFlag.AlignVCenter)
        for one, made in self.buttons.items():
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAccessibleName(f"{words}: {_SPOKEN[one]}")
            made.clicked.connect(lambda _on, one=one: self._toggle(one))
            layout.addWidget(made)
        self.show_answer(Answer.NOT_ASKED)

    @property
    def answer(self) -> Answer:
        """Return the answer."""
        return self._answer

    def show_answer(self, answer: Answer) -> None:
        """Show an answer without emitting it."""
        self._answer = answer
        for one, made in self.buttons.items():
            set_mark(made, "lit", "true" if one is answer else "false")
            made.updateGeometry()  # the one that is lit is bold
        self.setAccessibleName(f"{self._words}: {_SPOKEN[answer]}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with a key; the arrow keys go to the previous or next question."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            self._take(_KEYS[key])
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextChild()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def _toggle(self, answer: Answer) -> None:
        self._take(Answer.NOT_ASKED if answer is self._answer else answer)

    def _take(self, answer: Answer) -> None:
        self.show_answer(answer)
        self.answered.emit()
