"""Add a new operator, or give an existing one a new PIN or passphrase. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from dermstation.domain.records import Role
from dermstation.security.pin_policy import PinRule
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.new_secret import NewSecret
from dermstation.ui.parts.operator_entry import typed_operator
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.secret_field import SecretField
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.station.operators_page import ROLE_MEANING, ROLE_WORDS
from dermstation.ui.theme import Space
from dermstation.workflow.operators import TypedOperator


class AddOperatorPage(Page):
    """The page with a name, number, role, and a secret that the new operator types."""

    is_short = True
    submitted = Signal(object, str)  # TypedOperator, secret

    def __init__(self, suggest: Callable[[str], str] | None = None) -> None:
        super().__init__(
            "Add an operator", "The new operator should type the PIN or passphrase themselves."
        )
        self.name = Field("Name", "As it should appear on referrals")
        self.number = Field("GMC or NMC number", "If they have one; may be left empty", lines=2)
        self.roles = {role: QRadioButton(words) for role, words in ROLE_WORDS.items()}
        self.secret = NewSecret(suggest, self.name.text)
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        for field in (self.name, self.number):
            across.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(across)
        self.content.addWidget(self._make_roles())
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self.secret.edited.connect(self.clear_notice)
        self.set_primary("&Add").clicked.connect(self._on_primary)
        self.set_back("&Cancel")
        self.set_first(self.name)

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""
        self.secret.set_pin_rule(rule)

    def _make_roles(self) -> QWidget:
        group = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(Space.L)
        for made in self.roles.values():
            group.addButton(made)
            choices.addWidget(made)
        choices.addStretch(1)
        self.meaning = WrapLabel(role="soft")
        for role, made in self.roles.items():
            made.toggled.connect(lambda on, role=role: self._show_meaning(role) if on else None)
        self.roles[Role.NURSE].setChecked(True)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, Space.S)
        layout.setSpacing(Space.XS)
        layout.addWidget(label("Role", "strong"))
        layout.addLayout(choices)
        layout.addWidget(self.meaning)
        return column

    def _show_meaning(self, role: Role) -> None:
        words = ROLE_MEANING[role]
        self.meaning.setText(f"{words[0].upper()}{words[1:]}.")

    def _on_primary(self) -> None:
        typed = typed_operator(self.name, self.number, self.secret, ask_name="Type the name.")
        if typed is not None:
            name, number, secret = typed
            role = next(role for role, one in self.roles.items() if one.isChecked())
            self.submitted.emit(TypedOperator(name, role, number), secret)


class SecretPage(Page):
    """The page that asks twice for a new secret; one's own needs the present one first."""

    is_short = True
    submitted = Signal(str, str)  # the present secret, empty for another operator's; the new secret

    def __init__(
        self, name: str, *, is_own: bool, suggest: Callable[[str], str] | None = None
    ) -> None:
        title = "Change your PIN or passphrase" if is_own else "New PIN or passphrase"
        intro = "" if is_own else f"For {name}. They should type it themselves."
        super().__init__(title, intro)
        self.present = SecretField("Your present PIN or passphrase")
        self.present.setVisible(is_own)
        self.secret = NewSecret(suggest, lambda: name)
        self._is_own = is_own
        self.content.addWidget(self.present)
        if is_own:
            self.content.addWidget(label("The new one", "heading"))
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self.secret.edited.connect(self.clear_notice)
        self.set_primary("C&hange" if is_own else "&Save").clicked.connect(self._on_primary)
        self.set_back("&Cancel")
        self.set_first(self.present if is_own else self.secret.first)

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""
        self.secret.set_pin_rule(rule)

    def _on_primary(self) -> None:
        present = self.present.text()
        missing = self._is_own and not present
        self.present.show_error("Type your present PIN or passphrase." if missing else "")
        secret = self.secret.checked()
        if missing:
            self.present.setFocus()
        elif secret is not None:
            self.submitted.emit(present, secret)
