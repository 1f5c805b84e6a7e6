"""Ask for the site of the lesion, on a body map or in a list, and for safeguards. GUI thread."""

from dataclasses import asdict
from typing import Any

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

from dermstation.domain.lesion_facts import (
    NO_SAFEGUARDS,
    Chaperone,
    Identifiable,
    Safeguards,
    Spot,
)
from dermstation.domain.sites import BODY_SITES, BodySite, Side, body_site
from dermstation.ui.lesion.body_map import BodyMap
from dermstation.ui.lesion.safeguards_card import SafeguardsCard
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import label
from dermstation.ui.theme import PAGE_MAX_PX, Space, sized_font

DRAFT_AFTER_MS = 400
_ROW = QSize(0, 40)  # as wide as the list, high enough to press
_CODE = Qt.ItemDataRole.UserRole
_SIDE_WORDS = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.MIDLINE: "Midline"}


class LesionPage(Page):
    """The page with the body map, a searchable list of sites, the side and the safeguards."""

    submitted = Signal(str, object, object, object)
    """Site code, Side or None, Spot or None, Safeguards."""
    edited = Signal(dict)  # what was entered so far, for the draft

    def __init__(self) -> None:
        super().__init__("Where is the lesion?", column_px=PAGE_MAX_PX)
        self._spot: Spot | None = None
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(self.flush_draft)
        across = SideBySide(Space.XL)
        self.map = BodyMap()
        right = QVBoxLayout()
        right.setSpacing(Space.S)
        right.addWidget(self._make_sites(), 1)
        right.addWidget(self._make_details())
        across.addWidget(self.map, 1)
        across.addLayout(right, 1)
        self.content.addLayout(across, 1)
        self.map.chosen.connect(self._on_map_chosen)
        self._fill("")
        self.set_primary("&Continue").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.search)

    def show_lesion(
        self,
        label: str,
        site_code: str = "",
        side: Side | None = None,
        spot: Spot | None = None,
        safeguards: Safeguards = NO_SAFEGUARDS,
    ) -> None:
        """Show the known facts of the lesion L1, L2, ..."""
        self.set_title(f"{label}: where is the lesion?")
        self.search.clear()
        self._fill("")
        self.safeguards.show_safeguards(safeguards)
        self._choose_site(site_code)
        self._choose_side(side)
        self._spot = spot
        self._show_on_map()
        for problem in (self._site_problem, self._side_problem):
            problem.show_words("")

    def load_draft(self, label: str, draft: dict[str, Any]) -> None:
        """Show the draft emitted by `edited` before the page was left."""
        side, spot = draft.get("side"), draft.get("spot")
        kept = draft.get("safeguards") or {}
        self.show_lesion(
            label,
            draft.get("site_code", ""),
            Side(side) if side else None,
            Spot(*spot) if spot else None,
            Safeguards(
                kept.get("is_intimate"),
                Chaperone(kept.get("chaperone", Chaperone.NOT_ASKED)),
                kept.get("chaperone_name", ""),
                Identifiable(kept.get("identifiable", Identifiable.NOT_ASKED)),
                kept.get("without_pictures", False),
            ),
        )

    def flush_draft(self) -> None:
        """Emit the entries at once if a change is still to be emitted."""
        self._draft_timer.stop()
        side, spot = self._side(), self._spot
        self.edited.emit(
            {
                "site_code": self._site_code(),
                "side": side.value if side else "",
                "spot": [spot.view, spot.x, spot.y] if spot else [],
                "safeguards": asdict(self.safeguards.safeguards()),
            }
        )

    @property
    def problems(self) -> str:
        """Return the words about what is missing."""
        parts = (self._site_problem.words, self._side_problem.words, self.safeguards.problem)
        return " ".join(part for part in parts if part)

    def _make_sites(self) -> QWidget:
        self.search = _Search()
        self.search.setPlaceholderText("Search: arm, back, nose\u2026")
        self.search.setAccessibleName("Search body sites")
        self.search.textEdited.connect(self._fill)
        self.search.moved.connect(self._move)
        self.sites = _Sites()
        self.sites.setAccessibleName("Body sites")
        self.sites.setMinimumHeight(96)
        self.sites.currentItemChanged.connect(lambda *_: self._on_site_changed())
        self._site_problem = Problem()
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.search)
        layout.addWidget(self.sites, 1)
        layout.addWidget(self._site_problem)
        return column

    def _make_details(self) -> QWidget:
        self._side_title = label("The patient's own side", "strong")
        self._sides = QButtonGroup(self)
        self.side_buttons = {side: QRadioButton(words) for side, words in _SIDE_WORDS.items()}
        self._side_problem = Problem()
        choices = QHBoxLayout()
        choices.setSpacing(Space.M)
        choices.addWidget(self._side_title)
        choices.addStretch(1)
        for button in self.side_buttons.values():
            self._sides.addButton(button)
            choices.addWidget(button)
        self._sides.buttonToggled.connect(lambda *_: self._on_side_changed())
        self.safeguards = SafeguardsCard()
        self.safeguards.edited.connect(self._draft_timer.start)
        self.safeguards.nothing_left.connect(self.press_primary)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(choices)
        layout.addWidget(self._side_problem)
        layout.addWidget(self.safeguards)
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
        self.safeguards.show_site(is_intimate=bool(code) and body_site(code).is_intimate)
        self._spot = None
        self._show_on_map()
        if code:
            self._site_problem.show_words("")
            self._draft_timer.start()

    def _on_map_chosen(self, code: str, side: Side | None, spot: Spot | None) -> None:
        if self._site_code() != code:
            self.search.clear()
            self._fill("")
            self._choose_site(code)
        self._choose_side(side)
        self._spot = spot  # after the side, which clears it
        self._show_on_map()
        self._draft_timer.start()

    def _show_on_map(self) -> None:
        self.map.show_site(self._site_code(), self._side(), self._spot)

    def _on_side_changed(self) -> None:
        self._spot = None  # the spot is on the other side
        self._show_on_map()
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
        elif self.safeguards.check():
            self._draft_timer.stop()
            self.submitted.emit(code, side, self._spot, self.safeguards.safeguards())


class _Search(QLineEdit):
    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Allow the arrow keys to move through the list while the operator types."""
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(way)


class _Sites(QListWidget):
    def sizeHint(self) -> QSize:
        """Return the preferred size, which is what the page has left."""
        return QSize(240, 96)


def _matches(site: BodySite, wanted: str) -> bool:
    told = f"{site.words} {site.region} {site.meaning}".lower()
    return all(word in told for word in wanted.lower().split())
