"""How to take the shot at hand, beside the live picture. Part of the capture page; GUI thread."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from dermstation.ui.capture.key_list import KeyList
from dermstation.ui.parts.how_to_step import HowToStepCard
from dermstation.ui.parts.own_links import OwnLinks
from dermstation.ui.parts.text import WrapLabel
from dermstation.ui.theme import Space
from dermstation.workflow.how_to import OwnLink, Topic

_DRAWING_PX = 128
KEYS_TITLE = "Keys on this page"


class HowToPanel(QWidget):
    """A choice of the topics of the shot, and the steps of one of them; last, the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.topics = QComboBox()
        self.topics.setAccessibleName("How to: choose what to show the steps of")
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.topics.setSizeAdjustPolicy(policy)  # else the longest title would set the width
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
        """Show the first of some topics, and offer the others and the practice's own."""
        self.topics.blockSignals(True)
        self.topics.clear()
        self._offered = tuple(topics)
        self.topics.addItems([*(topic.title for topic in topics), KEYS_TITLE])
        self.topics.blockSignals(False)
        self.links.show_links(links)
        self._show()

    @property
    def shown(self) -> Topic | None:
        """Return the topic whose steps are shown; None while the keys are."""
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
