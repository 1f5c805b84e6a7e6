"""Show who can sign in, and add, reset and revoke operators. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dermstation.domain.records import Role
from dermstation.ui.parts.ask_first import AskFirst
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.operators import OperatorLine

ROLE_WORDS = {
    Role.NURSE: "Nurse",
    Role.CLINICIAN: "Clinician",
    Role.ADMINISTRATOR: "Administrator",
}
ROLE_MEANING = {
    Role.NURSE: "takes pictures",
    Role.CLINICIAN: "takes pictures, makes packages, hands over and wipes",
    Role.ADMINISTRATOR: "does all this, and manages operators, audit trail and backup",
}


class OperatorsPage(Page):
    """The page with one card for each operator."""

    def __init__(self, lines: Sequence[OperatorLine], own_id: str) -> None:
        super().__init__("Operators", "Who can sign in on this PC.")
        self.rows = [OperatorRow(line, is_own=line.operator.id == own_id) for line in lines]
        for row in self.rows:
            self.content.addWidget(row)
        self.content.addStretch(1)
        self.add = self.set_primary("&Add an operator\u2026")
        self.set_back()
        self.set_first(self.add)


class OperatorRow(QFrame):
    """An operator's name, role, number, any lock-out, and the buttons to change them."""

    def __init__(self, line: OperatorLine, *, is_own: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.operator = line.operator
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addLayout(self._facts(is_own=is_own), 1)
        name = line.operator.name
        self.reset = button("New PIN\u2026")
        self.reset.setAccessibleName(f"Give {name} a new PIN or passphrase")
        self.revoke = button("Revoke\u2026")
        self.revoke.setAccessibleName(f"Revoke {name}")
        self.reset.setVisible(not is_own)
        self.revoke.setVisible(not is_own)
        for made in (self.reset, self.revoke):
            across.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(across)
        if line.is_locked_out:
            layout.addWidget(_locked_out())
        self.ask = AskFirst(
            self.revoke,
            f"Revoke {name}? They will no longer be able to sign in. What they did remains recorded"
            " under their name.",
            keep="Keep",
            confirm="Yes, revoke",
        )
        layout.addWidget(self.ask)

    def _facts(self, *, is_own: bool) -> QVBoxLayout:
        one = self.operator
        lines = QVBoxLayout()
        lines.setSpacing(Space.XS)
        lines.addWidget(WrapLabel(f"{one.name} (you)" if is_own else one.name, "heading"))
        facts = f"{ROLE_WORDS[one.role]}: {ROLE_MEANING[one.role]}"
        lines.addWidget(WrapLabel(facts))
        if one.professional_number:
            lines.addWidget(WrapLabel(f"Registered as {one.professional_number}", "soft"))
        return lines


def _locked_out() -> QFrame:
    frame, inside = card("band-warn")
    across = QHBoxLayout()
    across.setSpacing(Space.S)
    across.addWidget(IconBox("lock", Colour.FAIR, 20), 0, Qt.AlignmentFlag.AlignTop)
    words = "Locked out after too many wrong attempts. A new PIN or passphrase lets them in again."
    across.addWidget(WrapLabel(words, "strong"), 1)
    inside.addLayout(across)
    return frame
