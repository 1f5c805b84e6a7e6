"""Search the work list by text, today's episodes or one state. GUI thread."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QWidget

from dermstation.domain.text_limits import SEARCH_MAX_CHARS
from dermstation.ui.parts.button import button
from dermstation.ui.theme import TARGET_PX, Space
from dermstation.vault.work_list import Group
from dermstation.workflow.work_list import WorkCounts, WorkQuery

SEARCH_AFTER_MS = 150
_BOLD_PX = 14
_HINT = "Name, NHS number, or date of birth or visit: 1/2/1980, today"
_SPOKEN_HINT = "Family or given name, NHS number, date of birth or day of the visit"
# the titles of the states; the words that follow tell what such an episode waits for
GROUP_WORDS: dict[Group, tuple[str, str]] = {
    Group.OPEN: ("Open", "not finished yet"),
    Group.CAPTURED: ("Captured", "pictures finished"),
    Group.FOR_REVIEW: ("For review", "waiting for a clinician"),
    Group.REVIEWED: ("Reviewed", "ready for the package"),
    Group.PACKAGED: ("Packaged", "not handed over yet"),
    Group.RETAINED: ("Kept", "on this PC, with a reason and a review date"),
}


class WorkFinder(QWidget):
    """A search field, and a button for today and for each state that occurs."""

    asked = Signal()

    def __init__(self, counts: WorkCounts) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText(_HINT)
        self.search.setAccessibleName("Find an episode")
        self.search.setAccessibleDescription(_SPOKEN_HINT)
        self.search.setMaxLength(SEARCH_MAX_CHARS)
        self.search.setMinimumHeight(TARGET_PX)
        self._typed = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._typed.timeout.connect(self.asked)
        self.search.textChanged.connect(lambda _: self._typed.start())
        self.today = _choice("Today", counts.of_today, "Show episodes opened today")
        self.today.toggled.connect(lambda _: self.ask_now())
        self.groups: dict[Group | None, QPushButton] = {}
        self._group = QButtonGroup(self)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.S)
        across.addWidget(self.search, 1)
        across.addWidget(self.today)
        self._add_group(None, sum(counts.of_group.values()))
        for group in GROUP_WORDS:
            if count := counts.of_group.get(group):
                self._add_group(group, count)
        for chip in self.groups.values():
            across.addWidget(chip)
        self._group.buttonClicked.connect(self._on_group)

    def query(self, first: int = 0) -> WorkQuery:
        """Return the query, starting at line `first` of the whole list."""
        group = next((one for one, chip in self.groups.items() if chip.isChecked()), None)
        return WorkQuery(self.search.text(), group, self.today.isChecked(), max(0, first))

    def ask_now(self) -> None:
        """Search for the typed text at once."""
        self._typed.stop()
        self.asked.emit()

    def begin(self, text: str) -> None:
        """Take a key typed elsewhere on the page, and focus the field for the next ones."""
        self.search.setFocus()
        self.search.insert(text)

    def clear(self) -> None:
        """Clear the search and show everything."""
        self.blockSignals(True)  # one search, not three
        self.search.clear()
        self.today.setChecked(False)
        self.groups[None].setChecked(True)
        self.blockSignals(False)
        self.ask_now()

    def forget(self) -> None:
        """Remove the text without searching, because it was not meant for the search."""
        self.search.clear()
        self._typed.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel a search that was typed just now."""
        self._typed.stop()
        super().hideEvent(event)

    def _on_group(self, pressed: QPushButton) -> None:
        if pressed is self.groups[None]:
            self.clear()
        else:
            self.ask_now()

    def _add_group(self, group: Group | None, count: int) -> None:
        title = GROUP_WORDS[group][0] if group else "All"
        chip = _choice(title, count, f"Show {title.lower()}" if group else "Show everything")
        chip.setChecked(group is None)
        self._group.addButton(chip)
        self.groups[group] = chip


def _choice(title: str, count: int, spoken: str) -> QPushButton:
    made = button(f"{title} {count}", "choice")
    made.setCheckable(True)
    made.setMinimumWidth(made.sizeHint().width() + _BOLD_PX)  # it is bold while it is chosen
    made.setAccessibleName(f"{spoken}, {count}")
    return made
