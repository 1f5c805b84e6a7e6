"""Show an episode of the work list: patient, age, state, and what can be done. GUI thread."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.identity import Patient
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.domain.states import EpisodeState
from dermstation.ui.parts.ask_first import AskFirst
from dermstation.ui.parts.button import button
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import WrapLabel, card, count_words, day_words
from dermstation.ui.theme import Colour, Space
from dermstation.vault.work_list import Group
from dermstation.workflow.retaining import RetainedLine
from dermstation.workflow.walk import Place, Step
from dermstation.workflow.work_list import WorkLine

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


class EpisodeRow(QFrame):
    """The patient, age and last step of an episode, with any unencrypted package."""

    def __init__(
        self,
        line: WorkLine,
        at: datetime,
        retained: RetainedLine | None = None,
        *,
        is_hidden: bool = False,
    ) -> None:
        """Show an episode; if `is_hidden`, without name, date of birth and most of the number."""
        super().__init__()
        self.is_retained = retained is not None
        self.setProperty("role", "card")
        self.episode_id = line.view.episode.id
        self.group = line.group
        name = hidden_name(line.view.patient) if is_hidden else line.view.patient.full_name
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.S)
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        across.addLayout(_facts(line, at, name, is_hidden=is_hidden), 1)
        self.go_on = button("Reopen" if self.is_retained else "Continue")
        self.go_on.setAccessibleName(f"Continue the episode of {name}")
        self.abandon = button("Abandon\u2026", "text")
        self.abandon.setAccessibleName(f"Abandon the episode of {name}")
        self.retain = button("Keep on PC\u2026", "text")
        self.retain.setAccessibleName(f"Keep the episode of {name} on this PC")
        self.retain.setVisible(not self.is_retained)
        for made in (self.go_on, self.retain, self.abandon):
            across.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(across)
        if line.view.package is not None and line.view.episode.state is EpisodeState.PACKAGED:
            layout.addWidget(_in_the_clear(line.view.package.folder))
        if retained is not None:
            layout.addWidget(_kept(retained))
        self.ask = AskFirst(
            self.abandon,
            "Wipe this episode? Its pictures, texts and package cannot be brought back.",
            keep="Keep it",
            confirm="Yes, wipe it",
        )
        layout.addWidget(self.ask)

    def show_damage(self) -> None:
        """Show that this episode's pictures are missing or damaged; its other facts are intact."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            words = "Its picture file is missing or damaged."
            layout.insertWidget(1, _flag("poor", Colour.POOR, "band-error", words))


def age_words(opened_at: datetime, at: datetime) -> str:
    """Return how long ago an episode was opened, such as "5 minutes ago" or "3 days ago"."""
    seconds = max(0.0, (at - opened_at).total_seconds())
    if seconds < _HOUR_S:
        return f"{count_words(max(1, int(seconds // 60)), 'minute', 'minutes')} ago"
    if seconds < _DAY_S:
        return f"{count_words(int(seconds // _HOUR_S), 'hour', 'hours')} ago"
    return f"{count_words(int(seconds // _DAY_S), 'day', 'days')} ago"


def hidden_name(patient: Patient) -> str:
    """Return enough of a patient to tell one's own episodes apart, and no name."""
    return f"{patient.family_name[:1]}\u2022\u2022\u2022, NHS \u2026{str(patient.nhs_number)[-4:]}"


def _facts(line: WorkLine, at: datetime, name: str, *, is_hidden: bool) -> QVBoxLayout:
    patient = line.view.patient
    lines = QVBoxLayout()
    lines.setSpacing(Space.XS)
    lines.addWidget(WrapLabel(name, "heading"))
    facts = [f"Born {day_words(patient.born_on)}", f"NHS {patient.nhs_number}"]
    facts = [] if is_hidden else facts
    if (route := line.view.episode.route) is not None:
        facts.append(ROUTE_GUIDES[route].title)
    if facts:
        lines.addWidget(WrapLabel("  \u00b7  ".join(facts)))
    lines.addWidget(WrapLabel(status_words(line, at), "soft"))
    return lines


def status_words(line: WorkLine, at: datetime) -> str:
    """Return who opened an episode and when, and where it stopped or who sent it for review."""
    episode = line.view.episode
    by = f" by {line.opened_by}" if line.opened_by else ""
    words = [f"Opened {age_words(episode.opened_at, at)}{by}."]
    asked = line.view.review_asked
    if line.group is Group.FOR_REVIEW and asked is not None:
        by = f" by {line.asked_by}" if line.asked_by else ""
        words.append(f"Sent for review {age_words(asked.asked_at, at)}{by}.")
    elif episode.state is not EpisodeState.RETAINED:
        words.append(f"Stopped at {_place_words(line.place)}.")
    return " ".join(words)


def _place_words(place: Place) -> str:
    words = _STEP_WORDS[place.step]
    return f"{words} of {place.lesion.label}" if place.lesion is not None else words


def _kept(retained: RetainedLine) -> QWidget:
    kept = retained.retention
    day = day_words(kept.review_on)
    owner = f"{retained.owner_name} is responsible for it."
    if retained.is_due:
        words = f"Kept on this PC; review was due {day}. {owner}"
        return _flag("clock", Colour.FAIR, "band-warn", words, reason=kept.reason)
    words = f"Kept on this PC until {day}. {owner}"
    return _flag("clock", Colour.BRAND, "band-info", words, reason=kept.reason)


def _in_the_clear(folder: str) -> QWidget:
    words = "Its package is unencrypted on this PC until the hand-over."
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
