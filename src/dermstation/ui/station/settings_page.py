"""Change the practice's settings: one plain line for each, saved together. GUI thread.

Shows the settings that an administrator may change.
"""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from dermstation.domain.errors import StationError
from dermstation.domain.setting import NONE, SET_BY_IT, Kind, Setting, Who, named_in
from dermstation.settings import SETTINGS, Settings
from dermstation.ui.parts.button import literal
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import PAGE_MAX_PX, TARGET_PX, Space

_COLUMNS = 2
_BESIDE_TICK_PX = 41  # from the left of a check box to its words
_WHEN = "Most changes hold at once. The page says which wait for the next lock or start."
_LOCKED = "IT manages the settings of this PC. They cannot be changed here."


class SettingsPage(Page):
    """The page with cards of settings in two columns; nothing is changed before "Save"."""

    saved = Signal(dict)  # by name in Settings

    def __init__(self, settings: Settings, *, locked: bool = False) -> None:
        """Show the settings; `locked` if people at this PC cannot write the file.

        Those that IT has fixed for the PC cannot be changed and say so.
        """
        super().__init__("Settings", "" if locked else _WHEN, column_px=PAGE_MAX_PX)
        self._settings = settings
        self.texts: dict[str, Field] = {}
        self.ticks: dict[str, QCheckBox] = {}
        self.choices: dict[str, QComboBox] = {}
        self.several: dict[str, dict[str, QCheckBox]] = {}
        if locked:
            band, within = card("band-info")
            within.addWidget(WrapLabel(_LOCKED, "strong"))
            self.content.addWidget(band)
        self.content.addLayout(self._make_cards(locked=locked))
        self.content.addStretch(1)
        back = self.set_back()
        save = self.set_primary("&Save")
        save.clicked.connect(self._on_primary)
        save.setEnabled(not locked)
        open_texts = (one for name, one in self.texts.items() if name not in settings.fixed)
        self.set_first(back if locked else next(open_texts, back))

    def show_wrong(self, name: str, words: str) -> None:
        """Show below a setting what is wrong with it, and focus it."""
        if name in self.texts:
            self.texts[name].show_error(words)
            self.lead_to(self.texts[name].edit)

    def _make_cards(self, *, locked: bool) -> SideBySide:
        across = SideBySide(Space.M)
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        heights_px = [0] * _COLUMNS
        for title, rows in _groups().items():
            frame, inside = card()
            inside.setSpacing(Space.L)
            inside.addWidget(label(title, "heading"))
            for row in rows:
                inside.addWidget(self._make_fixed(row) if self._is_fixed(row) else self._make(row))
            frame.setEnabled(not locked)
            shorter = heights_px.index(min(heights_px))
            heights_px[shorter] += frame.sizeHint().height()
            columns[shorter].addWidget(frame)
        for column in columns:
            column.setSpacing(Space.M)
            column.addStretch(1)
            across.addLayout(column, 1)
        return across

    def _is_fixed(self, row: Setting) -> bool:
        return row.name in self._settings.fixed

    def _make_fixed(self, row: Setting) -> QWidget:
        made = self._make(replace(row, help=f"{SET_BY_IT} {row.help}".strip()))
        made.setEnabled(False)
        return made

    def _make(self, row: Setting) -> QWidget:
        value = getattr(self._settings, row.name)
        match row.kind:
            case Kind.TICK:
                return self._make_tick(row, value)
            case Kind.CHOICE:
                return self._make_choice(row, value)
            case Kind.CHOICES:
                return self._make_several(row, value)
            case Kind.NUMBER:
                hint = f"{row.help} {row.range_words[0].upper()}{row.range_words[1:]}."
                made = Field(row.title, hint.strip(), unit=row.unit)
            case Kind.TEXT:
                made = Field(row.title, row.help)
        made.set_text(str(value))
        self.texts[row.name] = made
        return made

    def _make_tick(self, row: Setting, value: bool) -> QWidget:
        tick = self.ticks[row.name] = QCheckBox(literal(row.title))
        tick.setChecked(value)
        tick.setAccessibleDescription(row.help)
        box, lines = _column()
        lines.addWidget(tick)
        if row.help:
            about = label(row.help, "small", wrap=True)
            about.setContentsMargins(_BESIDE_TICK_PX, 0, 0, 0)
            lines.addWidget(about)
        return box

    def _make_choice(self, row: Setting, value: str) -> QWidget:
        box, lines = _column()
        choice = self.choices[row.name] = Choice()
        for name, words in row.choices.items():
            choice.addItem(words, name)
        choice.setCurrentIndex(choice.findData(value))
        choice.setMinimumHeight(TARGET_PX)
        choice.setAccessibleName(row.title)
        choice.setAccessibleDescription(row.help)
        lines.setSpacing(Space.XS)
        lines.addWidget(label(row.title, "strong"))
        lines.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(label(row.help, "small", wrap=True))
        return box

    def _make_several(self, row: Setting, value: str) -> QWidget:
        box, lines = _column()
        lines.addWidget(label(row.title, "strong"))
        lines.addSpacing(Space.XS)
        lines.addWidget(label(row.help, "small", wrap=True))
        ticks = self.several[row.name] = {}
        for name, words in row.choices.items():
            tick = ticks[name] = QCheckBox(literal(words))
            tick.setAccessibleDescription(row.title)
            tick.setChecked(name in named_in(value))
            lines.addWidget(tick)
        return box

    def _on_primary(self) -> None:
        changes: dict[str, object] = {name: one.isChecked() for name, one in self.ticks.items()}
        changes |= {name: one.currentData() for name, one in self.choices.items()}
        for name, ticks in self.several.items():
            ticked = [value for value, tick in ticks.items() if tick.isChecked()]
            changes[name] = " ".join(ticked) or NONE
        for name, field in self.texts.items():
            row, typed = SETTINGS[name], field.text().strip()
            try:
                changes[name] = row.checked(_number(typed) if row.kind is Kind.NUMBER else typed)
            except (StationError, ValueError):
                self.show_wrong(name, _wrong_words(row))
                return
        fixed = self._settings.fixed
        self.saved.emit({name: value for name, value in changes.items() if name not in fixed})


def _groups() -> dict[str, list[Setting]]:
    groups: dict[str, list[Setting]] = {}
    for row in SETTINGS.values():
        if Who.ADMINISTRATOR in row.changed_by:
            groups.setdefault(row.group, []).append(row)
    return groups


def _column() -> tuple[QWidget, QVBoxLayout]:
    box = QWidget()
    lines = QVBoxLayout(box)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    return box, lines


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()):
        raise ValueError("not a whole number")
    return int(typed)


def _wrong_words(row: Setting) -> str:
    if row.kind is Kind.NUMBER:
        least, most = row.bounds
        return f"Enter a whole number from {least:,} to {most:,}."
    return "The station cannot use this text."
