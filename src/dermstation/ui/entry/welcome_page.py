"""Set up the station on this PC, with the first operator as its administrator. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from dermstation.security.pin_policy import PinRule
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.new_secret import NewSecret
from dermstation.ui.parts.operator_entry import typed_operator
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space


class WelcomePage(Page):
    """The page that asks for a name, a professional number, and a secret typed twice."""

    is_short = True
    submitted = Signal(str, str, str)  # name, professional number, secret

    def __init__(self, suggest: Callable[[str], str] | None = None) -> None:
        super().__init__(
            "Set up the station", "This is done once on this PC. It takes about two minutes."
        )
        self.name = Field("Your name", "As it should appear on referrals")
        self.number = Field("Your GMC or NMC number", "If you have one; may be left empty", lines=2)
        self.secret = NewSecret(suggest, self.name.text)
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        for field in (self.name, self.number):
            across.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(across)
        self.content.addWidget(
            WrapLabel("You become the administrator, and can add other people later.", "soft")
        )
        self.content.addWidget(self.secret)
        self.content.addStretch(1)
        self.secret.edited.connect(self.clear_notice)
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.restore = self.add_secondary("&Restore a backup\u2026")
        self.set_first(self.name)

    def set_pin_rule(self, rule: PinRule) -> None:
        """Show whether a PIN is enough on this PC, or why it is not."""
        self.secret.set_pin_rule(rule)

    def _on_primary(self) -> None:
        typed = typed_operator(self.name, self.number, self.secret, ask_name="Type your name.")
        if typed is not None:
            self.submitted.emit(*typed)
