"""A field for a PIN or passphrase, hidden unless the operator shows it. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from dermstation.ui.parts.button import button
from dermstation.ui.parts.field import Field


class SecretField(Field):
    """A field with hidden text and a button that shows it."""

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__(name, hint)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._toggle = button("Show")
        self._toggle.setCheckable(True)
        self._toggle.setMinimumWidth(96)
        self._toggle.toggled.connect(self.reveal)
        self._line.addWidget(self._toggle)
        self._name = name
        self.reveal(False)

    def reveal(self, shown: bool) -> None:
        """Show the text, or hide it again."""
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self._toggle.setChecked(shown)
        self._toggle.setText("Hide" if shown else "Show")
        self._toggle.setAccessibleName(f"{'Hide' if shown else 'Show'} {self._name}")

    def clear(self) -> None:
        """Clear the field and hide its text again."""
        self.set_text("")
        self.reveal(False)
