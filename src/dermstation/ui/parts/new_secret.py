"""The form for a new PIN or passphrase, typed twice, with the rules in sight. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from dermstation.security.pin_policy import PinRule
from dermstation.ui.parts.button import button
from dermstation.ui.parts.secret_field import SecretField
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space

_PIN_RULE = "A PIN of at least 6 digits that is not easy to guess, or a passphrase of 4 or more"
_PIN_RULE += " random words. Nobody else should know it."
_WORDS_RULE = "A passphrase of 4 or more random words. A PIN is not safe enough on this PC"
_REASONS = {
    PinRule.NO_KEYSTORE: ".",
    PinRule.DISK_OPEN: ": its disk is not encrypted, and whoever steals it could try every PIN.",
    PinRule.DISK_NOT_KNOWN: ": whoever steals its disk could try every PIN, unless the disk is"
    " encrypted, which this PC does not say.",
}


class NewSecret(QWidget):
    """Two hidden fields that must match.

    `suggest`, if given, makes a passphrase for the name that `owner` returns.
    """

    edited = Signal()  # so that what was said of the one before goes away

    def __init__(
        self, suggest: Callable[[str], str] | None = None, owner: Callable[[], str] = str
    ) -> None:
        super().__init__()
        self._suggest = suggest
        self._owner = owner
        self._rule = WrapLabel(role="soft")
        self.first = SecretField("PIN or passphrase")
        self.second = SecretField("The same again")
        for field in (self.first, self.second):
            field.edited.connect(lambda _: self.edited.emit())
        self.suggestion = button("Su&ggest a passphrase")
        self.suggestion.setVisible(suggest is not None)
        self.suggestion.clicked.connect(self._on_suggest)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        grid.addWidget(self._rule, 0, 0, 1, 2)
        grid.addWidget(self.first, 1, 0)
        grid.addWidget(self.second, 1, 1)
        grid.addWidget(self.suggestion, 2, 0, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.set_pin_rule(PinRule.ENOUGH)

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""
        is_enough = rule is PinRule.ENOUGH
        self._rule.setText(_PIN_RULE if is_enough else _WORDS_RULE + _REASONS[rule])
        self._called = "PIN or passphrase" if is_enough else "passphrase"
        self.first.rename(self._called[0].upper() + self._called[1:])

    def checked(self) -> str | None:
        """Return the secret if both fields match; otherwise show what is wrong and return None."""
        first, second = self.first.text(), self.second.text()
        self.first.show_error("" if first else f"Type a {self._called}.")
        self.second.show_error("" if first == second else "This is not the same as the first one.")
        if not first:
            self.first.setFocus()
        elif first != second:
            self.second.setFocus()
        else:
            return first
        return None

    def clear(self) -> None:
        """Clear both fields."""
        self.first.clear()
        self.second.clear()

    def _on_suggest(self) -> None:
        if self._suggest is not None:
            self.clear()
            self.edited.emit()
            self.first.set_text(self._suggest(self._owner()))
            self.first.reveal(
                True
            )  # so that it can be written down; typing it again helps to learn it
            self.second.setFocus()
