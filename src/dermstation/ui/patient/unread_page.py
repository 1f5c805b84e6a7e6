"""List the patient files that could not be read, until they are wiped. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words, label
from dermstation.ui.theme import Space
from dermstation.workflow.unread_files import UnreadFile

_TITLE = "Patient files that could not be read"
_MOST_SHOWN = 50
_INTRO = (
    "They come from the record system, name patients, and are not encrypted."
    " Let IT see what is wrong with them, then wipe them."
)


class UnreadPage(Page):
    """One card for each file, with the day on which the station wipes it."""

    is_short = True
    wipe_wanted = Signal(object)  # UnreadFile

    def __init__(self, files: Sequence[UnreadFile]) -> None:
        super().__init__(_TITLE, _INTRO)
        self.buttons: list[QPushButton] = []
        for file in files[:_MOST_SHOWN]:
            self._add(file)
        if len(files) > _MOST_SHOWN:
            more = count_words(len(files) - _MOST_SHOWN, "more file", "more files")
            self.content.addWidget(label(f"{more}, shown when these are wiped.", "strong"))
        if not files:
            self.content.addWidget(label("There are none.", "strong"))
        self.content.addStretch(1)
        self.set_back("B&ack")
        self.set_first(self)

    def _add(self, unread: UnreadFile) -> None:
        frame, inside = card()
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        inside.addWidget(WrapLabel(str(unread.file), "mono"))
        days = [day_words(at.astimezone().date()) for at in (unread.aside_at, unread.wiped_at)]
        words = f"Kept aside on {days[0]}. The station wipes it on {days[1]}."
        across.addWidget(label(words, "soft", wrap=True), 1)
        made = button("Wipe now", "danger")
        made.setAccessibleName(f"Wipe now: {unread.file.name}")
        made.clicked.connect(lambda: self.wipe_wanted.emit(unread))
        across.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(across)
        self.buttons.append(made)
        self.content.addWidget(frame)
