"""Ask once more before something that cannot be undone. GUI thread."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space, set_role


class AskFirst(QFrame):
    """A question with two buttons; pressing `asking` shows it and puts the focus on `keep`.

    `keep` hides it again; the caller connects `confirm`, which does what is asked about.
    """

    def __init__(self, asking: QPushButton, words: str, *, keep: str, confirm: str) -> None:
        super().__init__()
        set_role(self, "band-warn")
        self._asking = asking
        self.keep = button(keep)
        self.confirm = button(confirm, "danger")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.M)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.confirm)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        layout.addWidget(WrapLabel(words))
        layout.addLayout(buttons)
        asking.clicked.connect(self._ask)
        self.keep.clicked.connect(self._keep)
        self.hide()

    def _ask(self) -> None:
        self.show()
        self._asking.setEnabled(False)
        self.keep.setFocus()

    def _keep(self) -> None:
        self.hide()
        self._asking.setEnabled(True)
        self._asking.setFocus()
