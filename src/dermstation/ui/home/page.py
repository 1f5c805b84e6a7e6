"""The work list: open episodes, search, and the way to a new patient.

Typed text goes to the flow and nowhere else. A key typed anywhere goes into the search; a scanner's
burst that matches a configured barcode format starts that patient instead. GUI thread.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QWidget,
)

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.records import now
from dermstation.ui.home.scanner import ScannerEar
from dermstation.ui.home.set_up_card import SetUpCard
from dermstation.ui.home.work_finder import WorkFinder
from dermstation.ui.home.work_notes import group_heading, nobody_found, nothing_left
from dermstation.ui.home.work_row import EpisodeRow
from dermstation.ui.parts.button import button
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import count_words, label
from dermstation.ui.theme import PAGE_MAX_PX, Space
from dermstation.vault.work_list import Group
from dermstation.workflow.first_steps import FirstStep
from dermstation.workflow.retaining import RetainedLine
from dermstation.workflow.work_list import PAGE_LINES, WorkCounts, WorkPage, WorkQuery

_NO_SCANNER = BarcodeFormats(())
_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_NO_RETAINED: Mapping[str, RetainedLine] = {}


class HomePage(Page):
    """The page with search and states at the top, then one card for each episode, by state."""

    gives_way = True
    scanned = Signal(dict)  # fields of a barcode by name
    searched = Signal(object)  # WorkQuery
    continued = Signal(str)  # episode id
    abandoned = Signal(str)  # episode id, after confirmation
    retain_requested = Signal(str)  # episode id
    taken_up = Signal(str)  # episode id of a kept episode
    step_wanted = Signal(object)  # StepKind of the set-up

    def __init__(
        self,
        work: WorkPage,
        counts: WorkCounts | None = None,
        clock: Callable[[], datetime] = now,
        *,
        is_clean: bool = True,
        retained: Mapping[str, RetainedLine] = _NO_RETAINED,
        formats: BarcodeFormats = _NO_SCANNER,
        reviews: bool = False,
        hides_names: bool = False,
        has_worklist: bool = False,
    ) -> None:
        """List the episodes; a PC that is not `is_clean` still holds files of a wiped one.

        If the operator `reviews`, the first episode for review has the focus, so that one key opens
        it. If the practice `hides_names`, they are shown once somebody asks for them.
        """
        self._counts = counts or WorkCounts()
        super().__init__("Work list", _intro(self._counts), column_px=PAGE_MAX_PX)
        self._clock = clock
        self._is_clean = is_clean
        self._retained = retained
        self._damaged: Collection[str] = ()
        self._formats = formats
        self.rows: list[EpisodeRow] = []
        self._turns: list[QWidget] = []  # the buttons to the previous and next page
        self._shown: list[QWidget] = []
        self._wants_first = False
        self._ear = ScannerEar(self._hear, self)
        self.finder = WorkFinder(self._counts)
        self.finder.asked.connect(self._ask)
        self.content.addWidget(self.finder)
        self.content.addStretch(1)
        self._work = work
        self.set_up: SetUpCard | None = None
        self._make_buttons()
        self.expected.setVisible(has_worklist)
        self.names.setChecked(not hides_names)
        self.names.setVisible(hides_names)
        self.names.toggled.connect(self._on_names)
        self.show_found(WorkQuery(), work)
        if reviews and self.rows and self.rows[0].group is Group.FOR_REVIEW:
            self.set_first(self.rows[0].go_on)
        else:
            self.set_first(self.new_patient)

    def show_found(self, query: WorkQuery, work: WorkPage) -> None:
        """Show one page of search results in place of the previous one."""
        self._query, self._work = query, work
        focused = self.focusWidget()
        had_focus = focused is not None and any(one.isAncestorOf(focused) for one in self._shown)
        for shown in self._shown:
            self.content.removeWidget(shown)
            shown.hide()
            shown.deleteLater()
        self.rows, self._shown = [], []
        at, group = self._clock(), None
        for line in work.lines:
            if line.group is not group:
                group = line.group
                self._show(group_heading(group))
            retained = self._retained.get(line.view.episode.id)
            hidden = not self.names.isChecked()
            self._show_row(EpisodeRow(line, at, retained, is_hidden=hidden))
        if not work.lines and not query.is_plain:
            self._show(nobody_found())
        elif not work.lines and self._is_clean:
            self._show(nothing_left())
        self.finder.setVisible(bool(work.lines) or not query.is_plain)
        self._show_pager(work)
        self._order_tabs()
        if self._wants_first and self.rows:
            self.lead_to(self.rows[0].go_on)
        elif had_focus:  # never on another patient's button that the operator is about to press
            self.lead_to(self.finder.search)
        self._wants_first = False

    def show_steps(self, steps: Sequence[FirstStep]) -> None:
        """Show the steps of the set-up below an empty list; nothing if there are none."""
        if steps and self.set_up is None and not self.rows:
            self.set_up = SetUpCard(steps)
            self.set_up.wanted.connect(self.step_wanted)
            self._show(self.set_up)

    def _on_names(self, shown: bool) -> None:
        self.names.setText("Hide na&mes" if shown else "Show na&mes")
        self.show_found(self._query, self._work)

    def mark_damaged(self, episode_ids: Collection[str]) -> None:
        """Mark the episodes whose picture file is missing or damaged."""
        self._damaged = episode_ids
        for row in self.rows:
            if row.episode_id in episode_ids:
                row.show_damage()

    def show_unread(self, count: int) -> None:
        """Lead to the patient files that could not be read; the button is hidden if none are."""
        self.unread.setText(f"Unread &files: {count}\u2026")
        self.unread.setAccessibleName(f"Patient files that could not be read, {count}")
        self.unread.setVisible(count > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between episodes with the arrow keys, and send letters and digits to the search."""
        text = event.text()
        is_typed = len(text) == 1 and text.isalnum() and event.modifiers() in _PLAIN
        if event.key() in _ARROWS and self.rows:
            self._step(_ARROWS[Qt.Key(event.key())])
        elif is_typed and self.finder.isVisibleTo(self):
            self.finder.begin(text)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.finder.search.hasFocus():
            self._go_to_first()
        elif event.key() == Qt.Key.Key_Escape and not self._query.is_plain:
            self.finder.clear()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the arrow keys from a button, which would move to its neighbours with them."""
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in _ARROWS
        ):
            self._step(_ARROWS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Listen for a scanner while the page is visible."""
        super().showEvent(event)
        self._ear.listen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop listening."""
        self._ear.stop()
        super().hideEvent(event)

    def _make_buttons(self) -> None:
        self.new_patient = self.set_primary("&New patient")
        self.new_patient.installEventFilter(self)
        self.expected = self.add_secondary("&Expected today\u2026")
        self.expected.installEventFilter(self)
        self.station = button("&Station\u2026")
        self.cameras = button("&Cameras\u2026")
        self.how_to = button("&How to\u2026")
        self.names = button("Show na&mes", "link")
        self.names.setCheckable(True)
        self.unread = button("", "danger")
        for made in (self.station, self.cameras, self.how_to, self.names, self.unread):
            self.add_left(made)
        self.show_unread(0)

    def _show(self, widget: QWidget) -> None:
        self.content.insertWidget(self.content.count() - 1, widget)
        self._shown.append(widget)

    def _show_row(self, row: EpisodeRow) -> None:
        row.go_on.installEventFilter(self)
        row.go_on.clicked.connect(lambda: self._on_go_on(row))
        row.ask.confirm.clicked.connect(lambda: self.abandoned.emit(row.episode_id))
        row.retain.clicked.connect(lambda: self.retain_requested.emit(row.episode_id))
        if row.episode_id in self._damaged:
            row.show_damage()
        self.rows.append(row)
        self._show(row)

    def _on_go_on(self, row: EpisodeRow) -> None:
        if row.is_retained:
            self.taken_up.emit(row.episode_id)
        else:
            self.continued.emit(row.episode_id)

    def _show_pager(self, work: WorkPage) -> None:
        self._turns = []
        if work.total <= PAGE_LINES:
            return
        last = work.first + len(work.lines)
        pager = QWidget()
        across = QHBoxLayout(pager)
        across.setContentsMargins(0, Space.S, 0, Space.S)
        across.setSpacing(Space.M)
        before, after = button("Pre&vious"), button("Ne&xt")
        before.setEnabled(work.first > 0)
        after.setEnabled(last < work.total)
        before.clicked.connect(lambda: self._turn_to(work.first - PAGE_LINES))
        after.clicked.connect(lambda: self._turn_to(work.first + PAGE_LINES))
        across.addWidget(label(f"{work.first + 1} to {last} of {work.total}", "strong"))
        across.addStretch(1)
        across.addWidget(before)
        across.addWidget(after)
        self._turns = [before, after]
        self._show(pager)

    def _ask(self, first: int = 0) -> None:
        query = self.finder.query(first)
        if query != self._query:
            self.searched.emit(query)

    def _order_tabs(self) -> None:
        """Order the Tab stops as they are read: search, episodes, pages, then the buttons below."""
        stops: list[QWidget] = [self.finder.search, self.finder.today, *self.finder.groups.values()]
        for row in self.rows:
            stops += [row.go_on, row.retain, row.abandon, row.ask.keep, row.ask.confirm]
        stops += self._turns
        below = (self.primary, self.expected, self.station, self.cameras)
        stops += [one for one in below if one is not None]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _turn_to(self, first: int) -> None:
        self._wants_first = True
        self._ask(first)

    def _go_to_first(self) -> None:
        """Focus the first match once it is found; it takes a second press to open it."""
        if self.finder.query() == self._query:
            self._step(1)
        else:
            self._wants_first = True
        self.finder.ask_now()

    def _step(self, by: int) -> None:
        """Focus the next episode below or above; above the first is the search."""
        focused = self.focusWidget()
        place = next((n for n, row in enumerate(self.rows) if row.go_on is focused), None)
        if place is None:
            place = next(
                (n for n, row in enumerate(self.rows) if focused and row.isAncestorOf(focused)),
                -1 if by > 0 else len(self.rows),
            )
        wanted = place + by
        if 0 <= wanted < len(self.rows):
            self.lead_to(self.rows[wanted].go_on)
        elif wanted < 0:
            self.lead_to(self.finder.search)

    def _hear(self, burst: str) -> bool:
        fields = self._formats.read(burst)
        if fields is None:
            return False
        self.finder.forget()
        self.scanned.emit(fields)
        return True


_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


def _intro(counts: WorkCounts) -> str:
    total = sum(counts.of_group.values())
    parts = []
    if total:
        parts.append(f"{count_words(total, 'episode', 'episodes')} on this PC.")
    if counts.wiped_today:
        parts.append(f"Finished and wiped today: {counts.wiped_today}.")
    return " ".join(parts)
