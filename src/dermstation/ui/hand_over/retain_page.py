"""Ask why an episode is kept on this PC, who is responsible for it, and until when. GUI thread."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dermstation.domain.records import Operator
from dermstation.domain.text_limits import REASON_MAX_CHARS
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.text import label
from dermstation.ui.theme import Space
from dermstation.workflow.retaining import LONGEST_DAYS

_SUGGESTED_DAYS = 28


class RetainPage(Page):
    """The page that asks for the reason, the person responsible and the review date."""

    is_short = True
    submitted = Signal(str, str, object)  # reason, operator id of the owner, date

    def __init__(self, operators: Sequence[Operator], own_id: str, today: date) -> None:
        super().__init__(
            "Keep the pictures on this PC",
            "Only for a continuing clinical need. The episode stays in the list until it is"
            " reopened or wiped.",
        )
        self._today = today
        self.reason = Prose("Why", "The continuing clinical need", REASON_MAX_CHARS)
        self.owner = Choice()
        self.owner.setAccessibleName("Person responsible")
        for one in operators:
            self.owner.addItem(one.name, one.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(own_id)))
        hint = f"Day, month and year; {LONGEST_DAYS} days at most"
        self.review = Field("Review on", hint, lines=2)
        suggested = today + timedelta(days=_SUGGESTED_DAYS)
        self.review.set_text(suggested.strftime("%d/%m/%Y"))
        owner = QVBoxLayout()
        owner.setSpacing(Space.XS)
        title = label("Person responsible", "strong")
        title.setBuddy(self.owner)
        owner.addWidget(title)
        owner.addWidget(self.owner)
        owner.addWidget(label("Their name is shown in the list", "small"))
        owner.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        across.addLayout(owner, 1)
        across.addWidget(self.review, 1)
        self.content.addWidget(self.reason)
        self.content.addLayout(across)
        self.content.addStretch(1)
        self.set_primary("&Keep").clicked.connect(self._on_primary)
        self.set_back("&Cancel")
        self.set_first(self.reason)

    def _on_primary(self) -> None:
        review_on = parse_day(self.review.text())
        latest = self._today + timedelta(days=LONGEST_DAYS)
        fits = review_on is not None and self._today < review_on <= latest
        self.review.show_error(
            "" if fits else f"A day from tomorrow up to {LONGEST_DAYS} days ahead: 03/09/2027."
        )
        missing = not self.reason.text().strip()
        self.reason.problem.show_words("Enter the continuing clinical need." if missing else "")
        if missing or not self.reason.check():
            self.reason.setFocus()
        elif not fits:
            self.review.setFocus()
        else:
            self.submitted.emit(self.reason.text(), str(self.owner.currentData()), review_on)


def parse_day(text: str) -> date | None:
    """Parse a date typed day first: 03/09/2027, 3-9-2027 or 3.9.2027; None for anything else."""
    parts = text.strip().replace("-", "/").replace(".", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None
