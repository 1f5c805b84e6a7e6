"""Ask where the lesion is and what its history is. GUI thread."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from dermstation.domain.sites import BODY_SITES, BodySite, Side, body_site
from dermstation.ui.theme import Space, sized_font
from dermstation.ui.widgets.field import Problem
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.prose import HISTORY_HINT, Prose
from dermstation.ui.widgets.text import label

DRAFT_AFTER_MS = 400
_ROW = QSize(0, 40)  # wide as the list, high enough to press
_CODE = Qt.ItemDataRole.UserRole
_SIDE_WORDS = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.MIDLINE: "Midline"}


class LesionPage(Page):
    """Site from a searchable list, the patient's own side, and the history in free text."""

    submitted = Signal(str, object, str)  # site code, Side or None, history
    edited = Signal(dict)  # what was entered so far, for the draft

    def __init__(self, history_max_chars: int = 4000) -> None:
        super().__init__("Where is the lesion?", "One lesion at a time. More can be added later.")
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(self.flush_draft)
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        across.addWidget(self._make_sites(), 1)
        across.addWidget(self._make_details(history_max_chars), 1)
        self.content.addLayout(across, 1)
        self._fill("")
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.search)

    def show_lesion(
        self, label: str, site_code: str = "", side: Side | None = None, history: str = ""
    ) -> None:
        """Show the lesion L1, L2, ... as far as it is known."""
        self.set_title(f"{label}: where is the lesion?", self.intro.text())
        self.search.clear()
        self._fill("")
        self._choose_site(site_code)
        self._choose_side(side)
        self.history.set_text(history)
        for problem in (self._site_problem, self._side_problem):
            problem.show_words("")

    def load_draft(self, label: str, draft: dict[str, str]) -> None:
        """Show what was entered before the page was left, as told by `edited`."""
        side = draft.get("side")
        self.show_lesion(
            label,
            draft.get("site_code", ""),
            Side(side) if side else None,
            draft.get("history", ""),
        )

    def flush_draft(self) -> None:
        """Tell at once what has been entered, if that was not told yet."""
        self._draft_timer.stop()
        side = self._side()
        self.edited.emit(
            {
                "site_code": self._site_code(),
                "side": side.value if side else "",
                "history": self.history.text(),
            }
        )

    @property
    def problems(self) -> str:
        """Give what is said to be missing."""
        return f"{self._site_problem.words} {self._side_problem.words}".strip()

    def _make_sites(self) -> QWidget:
        self.search = _Search()
        self.search.setPlaceholderText("Search: arm, back, nose\u2026")
        self.search.setAccessibleName("Search body sites")
        self.search.textEdited.connect(self._fill)
        self.search.moved.connect(self._move)
        self.sites = QListWidget()
        self.sites.setAccessibleName("Body sites")
        self.sites.setMinimumHeight(180)
        self.sites.currentItemChanged.connect(lambda *_: self._on_site_changed())
        self._site_problem = Problem()
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(label("Body site", "strong"))
        layout.addWidget(self.search)
        layout.addWidget(self.sites, 1)
        layout.addWidget(self._site_problem)
        return column

    def _make_details(self, history_max_chars: int) -> QWidget:
        self.history = Prose("History", HISTORY_HINT, history_max_chars)
        self.history.edited.connect(self._draft_timer.start)
        self._side_title = label("The patient's own side", "strong")
        self._sides = QButtonGroup(self)
        self.side_buttons = {side: QRadioButton(words) for side, words in _SIDE_WORDS.items()}
        self._side_problem = Problem()
        choices = QHBoxLayout()
        choices.setSpacing(Space.L)
        for button in self.side_buttons.values():
            self._sides.addButton(button)
            choices.addWidget(button)
        choices.addStretch(1)
        self._sides.buttonToggled.connect(lambda *_: self._on_side_changed())
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self._side_title)
        layout.addLayout(choices)
        layout.addWidget(self._side_problem)
        layout.addWidget(self.history, 1)
        return column

    def _fill(self, wanted: str) -> None:
        chosen = self._site_code()
        self.sites.blockSignals(True)
        self.sites.clear()
        region = ""
        for site in BODY_SITES:
            if not _matches(site, wanted):
                continue
            if site.region != region:
                region = site.region
                heading = QListWidgetItem(region)
                heading.setSizeHint(_ROW)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                heading.setFont(sized_font(14, bold=True))
                self.sites.addItem(heading)
            item = QListWidgetItem(f"    {site.words}")
            item.setSizeHint(_ROW)
            item.setData(_CODE, site.code)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{site.words}, {site.region}")
            self.sites.addItem(item)
        self.sites.blockSignals(False)
        self._choose_site(chosen)
        if wanted and self.sites.currentItem() is None:
            self._move(1)

    def _move(self, way: int) -> None:
        rows = [row for row in range(self.sites.count()) if self.sites.item(row).data(_CODE)]
        if not rows:
            return
        present = self.sites.currentRow()
        place = rows.index(present) + way if present in rows else 0
        self.sites.setCurrentRow(rows[max(0, min(place, len(rows) - 1))])

    def _choose_site(self, code: str) -> None:
        for row in range(self.sites.count()):
            if code and self.sites.item(row).data(_CODE) == code:
                self.sites.setCurrentRow(row)
                return
        self.sites.setCurrentRow(-1)
        self._on_site_changed()

    def _choose_side(self, side: Side | None) -> None:
        self._sides.setExclusive(False)
        for one, button in self.side_buttons.items():
            button.setChecked(one is side)
        self._sides.setExclusive(True)

    def _site_code(self) -> str:
        item = self.sites.currentItem()
        return str(item.data(_CODE) or "") if item is not None else ""

    def _side(self) -> Side | None:
        code = self._site_code()
        if code and not body_site(code).has_side:
            return None
        return next((side for side, one in self.side_buttons.items() if one.isChecked()), None)

    def _on_site_changed(self) -> None:
        code = self._site_code()
        has_side = not code or body_site(code).has_side
        self._side_title.setText(
            "The patient's own side" if has_side else "This site has no left or right"
        )
        for button in self.side_buttons.values():
            button.setEnabled(has_side)
        if code:
            self._site_problem.show_words("")
            self._draft_timer.start()

    def _on_side_changed(self) -> None:
        self._side_problem.show_words("")
        self._draft_timer.start()

    def _on_primary(self) -> None:
        code, side = self._site_code(), self._side()
        lacks_side = bool(code) and body_site(code).has_side and side is None
        self._site_problem.show_words("" if code else "Choose the body site.")
        self._side_problem.show_words("Choose left, right or midline." if lacks_side else "")
        if not code:
            self.search.setFocus()
        elif lacks_side:
            self.side_buttons[Side.LEFT].setFocus()
        elif self.history.check():
            self._draft_timer.stop()
            self.submitted.emit(code, side, self.history.text())


class _Search(QLineEdit):
    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrow keys walk the list while the operator goes on typing."""
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(way)


def _matches(site: BodySite, wanted: str) -> bool:
    told = f"{site.words} {site.region} {site.meaning}".lower()
    return all(word in told for word in wanted.lower().split())
