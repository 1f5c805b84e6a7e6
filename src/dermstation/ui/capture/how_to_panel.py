"""The panel beside the live picture that shows how to take the current shot. GUI thread.

Part of the capture page.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from dermstation.ui.capture.key_list import KeyList
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.how_to_step import HowToStepCard
from dermstation.ui.parts.own_links import OwnLinks
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space
from dermstation.workflow.how_to import OwnLink, Topic

_DRAWING_PX = 128
KEYS_TITLE = "Keys on this page"


class HowToPanel(QWidget):
    """A list of the shot's topics and the steps of the chosen one; the last entry is the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.topics = Choice()
        self.topics.setAccessibleName("How to: choose a topic")
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.topics.setSizeAdjustPolicy(policy)  # otherwise the longest title would set the width
        self.topics.currentIndexChanged.connect(lambda _: self._show())
        self._offered: tuple[Topic, ...] = ()
        self._inside: QWidget | None = None
        self.links = OwnLinks()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.S)
        self._layout.addWidget(self.topics)
        self._layout.addWidget(self.links)
        self._layout.addStretch(1)

    def offer(self, topics: Sequence[Topic], links: Sequence[OwnLink]) -> None:
        """Show the first topic, and offer the others and the practice's own links."""
        self.topics.blockSignals(True)
        self.topics.clear()
        self._offered = tuple(topics)
        self.topics.addItems([*(topic.title for topic in topics), KEYS_TITLE])
        self.topics.blockSignals(False)
        self.links.show_links(links)
        self._show()

    @property
    def shown(self) -> Topic | None:
        """Return the topic whose steps are shown; None if the keys are shown."""
        place = self.topics.currentIndex()
        return self._offered[place] if 0 <= place < len(self._offered) else None

    def _show(self) -> None:
        if self._inside is not None:
            self._layout.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
            self._inside = None
        self._inside = KeyList() if self.shown is None else _steps(self.shown)
        self._layout.insertWidget(1, self._inside)


def _steps(topic: Topic) -> QWidget:
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(Space.XS)
    for number, step in enumerate(topic.steps, start=1):
        lines.addWidget(HowToStepCard(number, step, _DRAWING_PX, beside=True))
    if topic.note:
        lines.addWidget(WrapLabel(topic.note, "strong"))
    lines.addWidget(WrapLabel(topic.source, "small"))
    return made
