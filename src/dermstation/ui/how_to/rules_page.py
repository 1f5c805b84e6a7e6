"""The page with the rules for pictures, and the practice's own policy. GUI thread."""

from PySide6.QtWidgets import QFrame, QPushButton

from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import PAGE_MAX_PX, Space
from dermstation.workflow.guidance import Guidance, Part
from dermstation.workflow.how_to import OwnLink

_COLUMNS = 3


class RulesPage(Page):
    """The page with a card for each part of the rules, and a button for the policy."""

    def __init__(self, guidance: Guidance, policy: OwnLink | None = None) -> None:
        super().__init__(guidance.title, guidance.about, column_px=PAGE_MAX_PX)
        grid = FoldingGrid(_COLUMNS)
        for part in guidance.parts:
            grid.add(_card(part))
        self.content.addLayout(grid)
        self.content.addStretch(1)
        back = self.set_back("&All topics")
        self.policy: QPushButton | None = None
        if policy is not None:
            self.policy = self._make_policy(policy)
        self.set_first(back)

    def _make_policy(self, policy: OwnLink) -> QPushButton:
        made = button(literal(f"{policy.title}\u2026"))
        made.setAccessibleName(f"{policy.title}: from your practice, opens outside the station")
        made.setToolTip(f"Opens outside the station: {policy.target}")
        self.add_left(made)
        return made


def _card(part: Part) -> QFrame:
    frame, inside = card()
    inside.setSpacing(Space.XS)
    inside.addWidget(label(part.title, "heading"))
    for line in part.lines:
        inside.addWidget(WrapLabel(line))
    inside.addStretch(1)
    inside.addWidget(WrapLabel(part.source, "small"))
    return frame
