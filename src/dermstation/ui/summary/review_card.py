"""Ask a clinician to confirm that an episode was reviewed, and show who did. GUI thread.

An operator who may not review sees what the route needs, without the box to tick.
"""

from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import TARGET_PX, Space, set_role
from dermstation.workflow.reviewing import ReviewStatus

_TICK = "I have reviewed this episode"


class ReviewCard(QFrame):
    """A box to tick, with the reviewer and the time beside it."""

    def __init__(self, *, may_review: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMinimumHeight(TARGET_PX)
        self._may_review = may_review
        self.tick = QCheckBox(_TICK)
        self.tick.setVisible(may_review)
        self._words = WrapLabel(role="small")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(Space.M, 0, Space.M, Space.XS)
        inside.setSpacing(0)
        inside.addWidget(self.tick)
        inside.addWidget(self._words)
        self.show_status(ReviewStatus())

    @property
    def words(self) -> str:
        """Return the words beside the box."""
        return self._words.text()

    def show_status(self, status: ReviewStatus) -> None:
        """Show whether the episode is reviewed in its present form, and by whom."""
        self.tick.setChecked(status.is_reviewed)
        if status.words:
            words = status.words
        elif self._may_review:
            words = "Any later change clears the tick."
        else:
            words = "A clinician reviews this route before the package is made."
        self._say(words, "small")

    def show_missing(self) -> None:
        """Show that the tick is missing."""
        self._say("Check the pictures and answers, then tick.", "error")

    def _say(self, words: str, role: str) -> None:
        set_role(self._words, role)
        self._words.setText(words)
