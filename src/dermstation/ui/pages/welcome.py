"""Set the station up on this PC: who the first operator is. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from dermstation.domain.records import Role
from dermstation.ui.theme import Space
from dermstation.ui.widgets.field import Field
from dermstation.ui.widgets.new_secret import NewSecret
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.text import label

_ROLE_WORDS = {
    Role.NURSE: "Nurse",
    Role.CLINICIAN: "Clinician",
    Role.ADMINISTRATOR: "Administrator",
}


class WelcomePage(Page):
    """Name, role, and a secret typed twice."""

    submitted = Signal(str, object, str)  # name, Role, secret

    def __init__(self, suggest: Callable[[], str] | None = None) -> None:
        super().__init__(
            "Set up the station", "This is done once on this PC. It takes about two minutes."
        )
        self.name = Field("Your name", "As it should appear on referrals")
        self.roles = {role: QRadioButton(words) for role, words in _ROLE_WORDS.items()}
        self.roles[Role.CLINICIAN].setChecked(True)
        self.secret = NewSecret(suggest)
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        across.addWidget(self.name, 1)
        across.addWidget(self._make_roles(), 1)
        self.content.addLayout(across)
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_first(self.name)

    def set_pin_allowed(self, allowed: bool) -> None:
        """Say whether this PC keeps its part of the key safe, so that a PIN is enough."""
        self.secret.set_pin_allowed(allowed)

    def set_busy(self, *, busy: bool) -> None:
        """Wait for the vault to be made."""
        self.show_busy("Setting up\u2026" if busy else "")

    def _make_roles(self) -> QWidget:
        group = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(Space.L)
        for made in self.roles.values():
            group.addButton(made)
            choices.addWidget(made)
        choices.addStretch(1)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(label("Your role", "strong"))
        layout.addWidget(label("What you do in the practice", "small"))
        layout.addLayout(choices)
        layout.addStretch(1)
        return column

    def _on_primary(self) -> None:
        name = self.name.text().strip()
        self.name.show_error("" if name else "Type your name.")
        secret = self.secret.checked()
        if not name:
            self.name.setFocus()
        elif secret is not None:
            role = next(role for role, one in self.roles.items() if one.isChecked())
            self.submitted.emit(name, role, secret)
