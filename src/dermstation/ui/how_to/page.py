"""The page that lists the how-to topics, and the page of one topic. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from dermstation.ui.parts.button import button
from dermstation.ui.parts.drawing import Drawing
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.how_to_step import HowToStepCard
from dermstation.ui.parts.own_links import OwnLinks
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card
from dermstation.ui.theme import PAGE_MAX_PX, Space
from dermstation.workflow.how_to import HowTo, OwnLink, Topic

_COLUMNS = 3
_TOPIC_PX = 300
_IN_A_ROW = 4  # steps side by side
_RULES_ABOUT = "Privacy, intimate areas, phones, and your practice's policy."
_RULES_DRAWING = "pat-own"
_LARGE_PX, _SMALL_PX, _THUMBNAIL_PX = 296, 208, 104


class HowToPage(Page):
    """The page with a button and a drawing for each topic, and the practice's own links."""

    topic_chosen = Signal(object)  # Topic

    def __init__(self, how_to: HowTo, links: Sequence[OwnLink] = ()) -> None:
        super().__init__("How to", "Short steps with drawings.", column_px=PAGE_MAX_PX)
        self.buttons = {topic.id: self._made(topic) for topic in how_to.topics}
        grid = FoldingGrid(_COLUMNS)
        for made in self.buttons.values():
            grid.add(made)
        self.rules = _made("Rules for pictures", _RULES_ABOUT, _RULES_DRAWING)
        grid.add(self.rules)
        self.links = OwnLinks(links)
        self.content.addLayout(grid)
        self.content.addWidget(self.links)
        self.content.addStretch(1)
        self.set_back()
        self.set_first(next(iter(self.buttons.values())))

    def _made(self, topic: Topic) -> QPushButton:
        made = _made(topic.title, topic.about, topic.steps[-1].drawing)
        made.clicked.connect(lambda: self.topic_chosen.emit(topic))
        return made


def _made(title: str, about: str, drawing: str) -> QPushButton:
    """Return a large button with a title, a few words and a drawing."""
    made = button("", "topic", _TOPIC_PX)
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
    made.setAccessibleName(f"{title}. {about}")
    across = QHBoxLayout(made)
    across.setContentsMargins(Space.S, Space.S, Space.M, Space.S)
    across.setSpacing(Space.M)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addStretch(1)
    words.addWidget(WrapLabel(title, "strong"))
    words.addWidget(WrapLabel(about, "small"))
    words.addStretch(1)
    across.addWidget(Drawing(drawing, "", _THUMBNAIL_PX))
    across.addLayout(words, 1)
    return made


class TopicPage(Page):
    """The page with the steps of one topic, large."""

    def __init__(self, topic: Topic, following: Topic | None = None) -> None:
        super().__init__(topic.title, topic.about, column_px=PAGE_MAX_PX)
        in_a_row = len(topic.steps) <= _IN_A_ROW
        width_px = _LARGE_PX if in_a_row else _SMALL_PX
        grid = FoldingGrid(_IN_A_ROW if in_a_row else _COLUMNS)
        for number, step in enumerate(topic.steps):
            grid.add(HowToStepCard(number + 1, step, width_px, beside=not in_a_row))
        self.content.addLayout(grid)
        if topic.note:
            band, inside = card("band-info")
            inside.addWidget(WrapLabel(topic.note, "strong"))
            self.content.addWidget(band)
        self.content.addWidget(WrapLabel(topic.source, "small"), 0, Qt.AlignmentFlag.AlignTop)
        self.content.addStretch(1)
        back = self.set_back("&All topics")
        self.next: QPushButton | None = None
        if following is not None:
            self.next = self.add_secondary("&Next: " + following.title.replace("&", "&&"))
        self.set_first(back)
