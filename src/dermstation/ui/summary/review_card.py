"""Ask a clinician for the word that an episode was reviewed, and say who gave it. GUI thread.

Who may not review is told what the route needs; the tick is then not there.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout

from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import TARGET_PX, Space, set_role
from dermstation.workflow.reviewing import ReviewStatus

_TICK = "I have reviewed this episode"


class ReviewCard(QFrame):
    """A tick, and who and when beside it."""

    def __init__(self, *, may_review: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMinimumHeight(TARGET_PX)
        self._may_review = may_review
        self.tick = QCheckBox(_TICK)
        self.tick.setVisible(may_review)
        self._words = WrapLabel(role="soft")
        across = QHBoxLayout(self)
        across.setContentsMargins(Space.M, 0, Space.M, 0)
        across.setSpacing(Space.L)
        across.addWidget(self.tick)
        across.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.show_status(ReviewStatus())

    @property
    def words(self) -> str:
        """Give what is said beside the tick."""
        return self._words.text()

    def show_status(self, status: ReviewStatus) -> None:
        """Show whether the episode is reviewed as it is now, and by whom."""
        self.tick.setChecked(status.is_reviewed)
        if status.words:
            words = status.words
        elif self._may_review:
            words = "This route needs it. A change afterwards takes the tick away."
        else:
            words = "A clinician reviews this route before the package is made."
        self._say(words, "soft")

    def show_missing(self) -> None:
        """Say that the tick is missing."""
        self._say("Look through pictures and answers, then tick.", "error")

    def _say(self, words: str, role: str) -> None:
        set_role(self._words, role)
        self._words.setText(words)
