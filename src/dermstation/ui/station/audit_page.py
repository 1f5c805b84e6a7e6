"""Show the audit trail: whether it is intact, who did what, filters, and a file. GUI thread."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from dermstation.domain.audit import AuditEvent
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words, label
from dermstation.ui.theme import PAGE_MAX_PX, Colour, Space
from dermstation.vault.audit import AuditFilter
from dermstation.workflow.auditing import (
    EVENT_WORDS,
    AuditPage,
    facts_words,
    finding_words,
)

_TITLES = ("No.", "When", "What", "Who", "Episode", "About", "Details")
_MOST_NAMED = 4
_SHORT_ID = 8


class AuditViewPage(Page):
    """The page with a band that shows whether the chain is intact, two filters, and the table."""

    filtered = Signal(object)  # AuditFilter
    export_wanted = Signal(object, object)  # AuditFilter, Path

    def __init__(self, found: AuditPage, wanted: AuditFilter) -> None:
        super().__init__("Audit trail", column_px=PAGE_MAX_PX)
        self.what = Choice()
        self.who = Choice()
        self.table = _table()
        self.content.addWidget(_state(found))
        self.content.addLayout(self._make_filter(found, wanted))
        self.content.addWidget(self.table, 1)
        self._fill(found)
        self.set_primary("&Save as CSV\u2026").clicked.connect(self._on_save)
        self.set_back()
        self.set_first(self.what)

    @property
    def wanted(self) -> AuditFilter:
        """Return what the two filters select."""
        event = self.what.currentData()
        events = (AuditEvent(event),) if event else ()
        return AuditFilter(events=events, operator_id=str(self.who.currentData() or ""))

    def _make_filter(self, found: AuditPage, wanted: AuditFilter) -> QHBoxLayout:
        self.what.addItem("Everything", "")
        for event, words in sorted(EVENT_WORDS.items(), key=lambda item: item[1]):
            self.what.addItem(words, event.value)
        self.who.addItem("Everybody", "")
        for one in found.operators:
            self.who.addItem(one.name, one.id)
        if wanted.events:
            self.what.setCurrentIndex(self.what.findData(wanted.events[0].value))
        self.who.setCurrentIndex(max(0, self.who.findData(wanted.operator_id)))
        across = QHBoxLayout()
        across.setSpacing(Space.XL)
        for title, box in (("What", self.what), ("Who", self.who)):
            box.setAccessibleName(title)
            box.setMinimumContentsLength(16)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.currentIndexChanged.connect(lambda _: self.filtered.emit(self.wanted))
            column = QVBoxLayout()
            column.setSpacing(Space.XS)
            name = label(title, "strong")
            name.setBuddy(box)
            column.addWidget(name)
            column.addWidget(box)
            across.addLayout(column, 1)
        shown, count = len(found.entries), found.count
        words = count_words(count, "entry", "entries")
        if shown < count:
            words = (
                f"The newest {shown:,} of {count:,} entries are shown; the file contains all of"
                " them."
            )
        self.counted = WrapLabel(words, "soft")
        across.addWidget(self.counted, 2, Qt.AlignmentFlag.AlignBottom)
        return across

    def _fill(self, found: AuditPage) -> None:
        self.table.setRowCount(len(found.entries))
        for row, entry in enumerate(found.entries):
            at = entry.at.astimezone()
            texts = (
                str(entry.number),
                f"{day_words(at.date())} {at:%H:%M:%S}",
                EVENT_WORDS[entry.event],
                found.who(entry),
                entry.episode_id[:_SHORT_ID],
                entry.subject[:_SHORT_ID],
                facts_words(entry),
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.resizeColumnsToContents()

    def _on_save(self) -> None:
        dialog = QFileDialog(self, "Save the audit trail", str(Path.home()), "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("dermstation-audit.csv")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda name: self.export_wanted.emit(self.wanted, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_TITLES))
    table.setHorizontalHeaderLabels(_TITLES)
    table.setAccessibleName("Entries of the audit trail, newest first")
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setMinimumHeight(240)
    return table


def _state(found: AuditPage) -> QFrame:
    frame, inside = card("band-error" if found.findings else "band-good")
    across = QHBoxLayout()
    across.setSpacing(Space.M)
    picture, colour = ("poor", Colour.POOR) if found.findings else ("good", Colour.GOOD)
    across.addWidget(IconBox(picture, colour, 24), 0, Qt.AlignmentFlag.AlignTop)
    lines = QVBoxLayout()
    lines.setSpacing(Space.XS)
    if not found.findings:
        lines.addWidget(WrapLabel("Intact: every entry is as it was written.", "strong"))
    for finding in found.findings[:_MOST_NAMED]:
        lines.addWidget(WrapLabel(finding_words(finding), "strong"))
    if (more := len(found.findings) - _MOST_NAMED) > 0:
        lines.addWidget(WrapLabel(f"and {more} more: run \u201cdermstation audit verify\u201d"))
    across.addLayout(lines, 1)
    inside.addLayout(across)
    return frame
