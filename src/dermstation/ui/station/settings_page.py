"""Change the practice's settings: one plain line each, saved together. GUI thread."""

from dataclasses import fields

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.settings import Settings
from dermstation.ui.parts.button import literal
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.station.settings_rows import GROUPS, PRESET_WORDS, SettingRow
from dermstation.ui.theme import TARGET_PX, Space
from dermstation.workflow.review_policy import NO_ROUTE, review_routes_of

_COLUMN_PX = 1320
_COLUMNS = 2
_SET_BY_IT = "These are set by IT: the settings file of this PC cannot be changed from here."
_BOUNDS = {
    one.name: (one.metadata["least"], one.metadata["most"])
    for one in fields(Settings)
    if "least" in one.metadata
}


class SettingsPage(Page):
    """Cards of settings in two columns; nothing is changed before "Save"."""

    saved = Signal(dict)  # by name in Settings

    def __init__(self, settings: Settings, *, locked: bool = False) -> None:
        """Show the settings; `locked`: the file cannot be written by whoever is at this PC."""
        super().__init__(
            "Settings", "They hold from the next start of the station.", column_px=_COLUMN_PX
        )
        self._settings = settings
        self.texts: dict[str, Field] = {}
        self.ticks: dict[str, QCheckBox] = {}
        self.choices: dict[str, QComboBox] = {}
        self.routes: dict[Route, QCheckBox] = {}  # that a clinician reviews
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        for place, group in enumerate(GROUPS):
            frame, inside = card()
            inside.addWidget(label(group.title, "heading"))
            for row in group.rows:
                self._add(inside, row)
            frame.setEnabled(not locked)
            columns[place % _COLUMNS].addWidget(frame)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        for column in columns:
            column.setSpacing(Space.M)
            column.addStretch(1)
            across.addLayout(column, 1)
        if locked:
            band, within = card("band-info")
            within.addWidget(WrapLabel(_SET_BY_IT, "strong"))
            self.content.addWidget(band)
        self.content.addLayout(across)
        self.content.addStretch(1)
        back = self.set_back()
        save = self.set_primary("&Save")
        save.clicked.connect(self._on_primary)
        save.setEnabled(not locked)
        self.set_first(back if locked else next(iter(self.texts.values())))

    def show_wrong(self, name: str, words: str) -> None:
        """Say below a setting what is wrong with it, and lead there."""
        if name in self.texts:
            self.texts[name].show_error(words)
            self.lead_to(self.texts[name].edit)

    def _add(self, inside: QVBoxLayout, row: SettingRow) -> None:
        value = getattr(self._settings, row.name)
        made: QWidget
        if isinstance(value, bool):
            made = self.ticks[row.name] = QCheckBox(row.title)
            made.setChecked(value)
        elif row.name == "package_preset":
            made = self._make_preset(row, value)
        elif row.name == "review_routes":
            made = self._make_routes(row, value)
        else:
            made = self.texts[row.name] = Field(row.title, row.about)
            made.set_text(str(value))
        inside.addWidget(made)

    def _make_preset(self, row: SettingRow, value: str) -> QWidget:
        box = QWidget()
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, Space.S)
        lines.setSpacing(Space.XS)
        choice = self.choices[row.name] = QComboBox()
        for name, words in PRESET_WORDS.items():
            choice.addItem(words, name)
        choice.setCurrentIndex(choice.findData(value))
        choice.setMinimumHeight(TARGET_PX)
        choice.setAccessibleName(row.title)
        lines.addWidget(label(row.title, "strong"))
        lines.addWidget(label(row.about, "small"))
        lines.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _make_routes(self, row: SettingRow, value: str) -> QWidget:
        box = QWidget()
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(label(row.title, "strong"))
        lines.addWidget(label(row.about, "small", wrap=True))
        for route, guide in ROUTE_GUIDES.items():
            tick = self.routes[route] = QCheckBox(literal(guide.title))
            tick.setAccessibleDescription(row.title)
            tick.setChecked(route in review_routes_of(value))
            lines.addWidget(tick)
        return box

    def _on_primary(self) -> None:
        changes: dict[str, object] = {name: one.isChecked() for name, one in self.ticks.items()}
        changes |= {name: one.currentData() for name, one in self.choices.items()}
        ticked = [route.value for route, one in self.routes.items() if one.isChecked()]
        changes["review_routes"] = " ".join(ticked) or NO_ROUTE
        for name, field in self.texts.items():
            typed = field.text().strip()
            if name not in _BOUNDS:
                changes[name] = typed
                continue
            least, most = _BOUNDS[name]
            if not (typed.isascii() and typed.isdigit() and least <= int(typed) <= most):
                self.show_wrong(name, f"A whole number from {least} to {most}.")
                return
            changes[name] = int(typed)
        self.saved.emit(changes)
