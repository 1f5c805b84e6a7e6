"""List the episodes that are not finished, and start a new one. GUI thread."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.domain.records import now
from dermstation.domain.states import EpisodeState
from dermstation.ui.theme import Colour, Space
from dermstation.ui.widgets.button import button
from dermstation.ui.widgets.icon import IconBox
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.text import WrapLabel, card, count_words, day_words, label
from dermstation.workflow.episodes import Unfinished
from dermstation.workflow.retaining import RetainedLine
from dermstation.workflow.walk import Place, Step

_STEP_WORDS = {
    Step.PATIENT: "the patient's details",
    Step.CONSENT: "consent",
    Step.LESION: "the lesion's site and history",
    Step.PICTURES: "the pictures",
    Step.SUMMARY: "the summary",
    Step.PACKAGE: "making the package",
    Step.HAND_OVER: "the hand-over",
    Step.DONE: "wiping",
}
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S


class HomePage(Page):
    """One card for each unfinished episode, or a word that there is none."""

    new_patient_requested = Signal()
    continued = Signal(str)  # episode id
    abandoned = Signal(str)  # episode id, after confirmation
    cameras_requested = Signal()
    retain_requested = Signal(str)  # episode id
    taken_up = Signal(str)  # episode id of one that was retained
    station_requested = Signal()
    how_to_requested = Signal()

    def __init__(
        self,
        lines: Sequence[Unfinished],
        clock: Callable[[], datetime] = now,
        *,
        is_clean: bool = True,
        retained: Mapping[str, RetainedLine] | None = None,
    ) -> None:
        """List the episodes; a PC that is not `is_clean` still holds files of a wiped one."""
        super().__init__("Unfinished episodes", _intro(len(lines)))
        kept = retained or {}
        self.rows = [EpisodeRow(line, clock(), kept.get(line.view.episode.id)) for line in lines]
        for row in self.rows:
            row.continued.connect(self.taken_up if row.is_retained else self.continued)
            row.abandoned.connect(self.abandoned)
            row.retain_requested.connect(self.retain_requested)
            self.content.addWidget(row)
        if not lines and is_clean:
            self.content.addWidget(_nothing())
        self.content.addStretch(1)
        self.set_primary("&New patient").clicked.connect(self.new_patient_requested)
        self.station = button("&Station\u2026")
        self.station.clicked.connect(self.station_requested)
        self.cameras = button("&Cameras\u2026")
        self.cameras.clicked.connect(self.cameras_requested)
        self.add_left(self.station)
        self.add_left(self.cameras)
        self.how_to = button("&How to\u2026")
        self.how_to.clicked.connect(self.how_to_requested)
        self.add_left(self.how_to)
        if self.primary is not None:
            self.set_first(self.primary)

    def mark_damaged(self, episode_ids: Collection[str]) -> None:
        """Mark the episodes whose file of pictures is missing or damaged."""
        for row in self.rows:
            if row.episode_id in episode_ids:
                row.show_damage()


class EpisodeRow(QFrame):
    """Whose episode it is, how old, where it stopped, and what lies in the clear."""

    continued = Signal(str)
    abandoned = Signal(str)
    retain_requested = Signal(str)

    def __init__(
        self, line: Unfinished, at: datetime, retained: RetainedLine | None = None
    ) -> None:
        super().__init__()
        self.is_retained = retained is not None
        self.setProperty("role", "card")
        self.episode_id = line.view.episode.id
        name = line.view.patient.full_name
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addLayout(_facts(line, at, is_retained=self.is_retained), 1)
        self.go_on = button("Take up again" if self.is_retained else "Continue")
        self.go_on.setAccessibleName(f"Continue the episode of {name}")
        self.go_on.clicked.connect(lambda: self.continued.emit(self.episode_id))
        self.abandon = button("Abandon\u2026")
        self.abandon.setAccessibleName(f"Abandon the episode of {name}")
        self.abandon.clicked.connect(self._ask)
        self.retain = button("Keep on PC\u2026")
        self.retain.setAccessibleName(f"Keep the episode of {name} on this PC")
        self.retain.clicked.connect(lambda: self.retain_requested.emit(self.episode_id))
        self.retain.setVisible(not self.is_retained)
        for made in (self.go_on, self.retain, self.abandon):
            across.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(across)
        if line.view.package is not None and line.view.episode.state is EpisodeState.PACKAGED:
            layout.addWidget(_in_the_clear(line.view.package.folder))
        if retained is not None:
            layout.addWidget(_kept(retained))
        self._confirmation, self.keep, self.wipe = self._make_confirmation()
        layout.addWidget(self._confirmation)

    def show_damage(self) -> None:
        """Say that this episode's pictures are gone; its other facts are whole."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            words = "Its file of pictures is missing or damaged."
            layout.insertWidget(1, _flag("poor", Colour.POOR, "band-error", words))

    def _make_confirmation(self) -> tuple[QFrame, QPushButton, QPushButton]:
        frame, inside = card("band-warn")
        inside.addWidget(
            WrapLabel("Wipe this episode? Its pictures, texts and package cannot be brought back.")
        )
        keep = button("Keep it")
        keep.clicked.connect(self._keep)
        wipe = button("Yes, wipe it", "danger")
        wipe.clicked.connect(lambda: self.abandoned.emit(self.episode_id))
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addWidget(keep)
        across.addWidget(wipe)
        across.addStretch(1)
        inside.addLayout(across)
        frame.hide()
        return frame, keep, wipe

    def _ask(self) -> None:
        self._confirmation.show()
        self.abandon.setEnabled(False)
        self.keep.setFocus()

    def _keep(self) -> None:
        self._confirmation.hide()
        self.abandon.setEnabled(True)
        self.abandon.setFocus()


def age_words(opened_at: datetime, at: datetime) -> str:
    """Say how long ago an episode was opened: 5 minutes ago, 3 days ago."""
    seconds = max(0.0, (at - opened_at).total_seconds())
    if seconds < _HOUR_S:
        return f"{count_words(max(1, int(seconds // 60)), 'minute', 'minutes')} ago"
    if seconds < _DAY_S:
        return f"{count_words(int(seconds // _HOUR_S), 'hour', 'hours')} ago"
    return f"{count_words(int(seconds // _DAY_S), 'day', 'days')} ago"


def _facts(line: Unfinished, at: datetime, *, is_retained: bool) -> QVBoxLayout:
    patient, episode = line.view.patient, line.view.episode
    lines = QVBoxLayout()
    lines.setSpacing(Space.XS)
    lines.addWidget(WrapLabel(patient.full_name, "heading"))
    lines.addWidget(
        WrapLabel(f"Born {day_words(patient.born_on)}  \u00b7  NHS {patient.nhs_number}")
    )
    opened = age_words(episode.opened_at, at)
    stopped = "" if is_retained else f" Stopped at {_place_words(line.place)}."
    lines.addWidget(WrapLabel(f"Opened {opened}.{stopped}", "soft"))
    return lines


def _place_words(place: Place) -> str:
    words = _STEP_WORDS[place.step]
    return f"{words} of {place.lesion.label}" if place.lesion is not None else words


def _kept(retained: RetainedLine) -> QWidget:
    kept = retained.retention
    day = day_words(kept.review_on)
    owner = f"{retained.owner_name} looks after it."
    if retained.is_due:
        words = f"Kept on this PC, and to be looked at again since {day}. {owner}"
        return _flag("clock", Colour.FAIR, "band-warn", words, reason=kept.reason)
    words = f"Kept on this PC until {day}. {owner}"
    return _flag("clock", Colour.BRAND, "band-info", words, reason=kept.reason)


def _in_the_clear(folder: str) -> QWidget:
    words = "Its package lies unencrypted on this PC until the hand-over."
    return _flag("fair", Colour.FAIR, "band-warn", words, path=folder)


def _flag(
    picture: str, colour: Colour, role: str, words: str, *, path: str = "", reason: str = ""
) -> QWidget:
    frame, inside = card(role)
    across = QHBoxLayout()
    across.setSpacing(Space.S)
    across.addWidget(IconBox(picture, colour, 20), 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(WrapLabel(words, "strong"), 1)
    inside.addLayout(across)
    if path:
        inside.addWidget(WrapLabel(path, "mono"))
    if reason:
        inside.addWidget(WrapLabel(reason))
    return frame


def _nothing() -> QWidget:
    frame, inside = card()
    inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    across = QHBoxLayout()
    across.setSpacing(Space.L)
    across.addWidget(IconBox("good", Colour.GOOD, 40))
    words = QVBoxLayout()
    words.addWidget(label("Nothing is left to finish", "heading"))
    words.addWidget(
        label(
            "No patient's pictures are on this PC. Start with \u201cNew patient\u201d.", wrap=True
        )
    )
    across.addLayout(words, 1)
    inside.addLayout(across)
    return frame


def _intro(count: int) -> str:
    if not count:
        return ""
    return f"{count_words(count, 'episode', 'episodes')} to finish, newest first."
