"""Show one lesion on the summary: its pictures, its history, and a menu of the rest.

GUI thread.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.domain.lesion_facts import HISTORY_QUESTIONS, IDENTIFIABLE_WORDS
from dermstation.domain.opinion import made_opinion
from dermstation.domain.records import LIGHT_TITLES, Capture, Lesion
from dermstation.domain.set_score import SetPoint, SetScore
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind
from dermstation.domain.text_limits import HISTORY_MAX_CHARS
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import FoldingGrid
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.menu_button import MenuButton
from dermstation.ui.parts.prose import HISTORY_HINT, Prose
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.parts.thumbnail import FOURTH_PX, MEDIUM_PX, Thumbnail
from dermstation.ui.summary.dermoscopy_gap import DermoscopyGapRow
from dermstation.ui.summary.opinion_row import OpinionRow
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.route_checks import asks_why
from dermstation.workflow.walk import EpisodeView

_WHOLE = SetScore(())
_MOST_ACROSS = 4
_LARGE_ACROSS = 3
_UNDO_WORDS = {
    "left out": "Put the {} picture back",
    "mark": "Take the mark off the {} picture",
    "cover": "Take the cover off the {} picture",
}


@dataclass(frozen=True, slots=True)
class Undo:
    """What can be undone of a picture: that it is left out, its mark, or its cover."""

    what: str
    capture_id: str


class LesionCard(QFrame):
    """Title and menu at the top, then the pictures, then the texts."""

    def __init__(
        self, view: EpisodeView, lesion: Lesion, pictures: Mapping[str, NDArray[np.uint8]]
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.lesion_id = lesion.id
        self.lesion = lesion
        self.history = Prose("History", HISTORY_HINT, HISTORY_MAX_CHARS, height_px=48)
        self.history.edit.setAccessibleName(f"History of {lesion.label}")
        self.history.set_text(lesion.history)
        self.opinion = OpinionRow(lesion.label, lesion.facts.opinion)
        self.score = view.score(lesion)
        self.missing_words = _missing_words(view, lesion, self.score)
        self.has_ruler: QPushButton | None = None  # only if no ruler is seen in the close-up
        self.closeup = view.chosen(lesion).get(ShotKind.CLOSEUP)
        self.thumbnails: dict[ShotKind, Thumbnail] = {}
        self.takes: dict[ShotKind, QPushButton] = {}  # of the missing shots
        self.retakes: dict[ShotKind, QAction] = {}
        self.undos: list[tuple[QAction, Undo]] = []
        self.cover: QPushButton | None = None  # only if something is still to be covered
        self.to_cover = view.to_cover(lesion)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        layout.setSpacing(Space.S)
        layout.addLayout(self._make_top(view, lesion))
        layout.addLayout(self._make_shots(view, lesion, pictures))
        self.gap = (
            DermoscopyGapRow(lesion.label, lesion.facts.no_dermoscopy)
            if asks_why(view, lesion)
            else None
        )
        texts = QVBoxLayout()
        texts.setSpacing(Space.S)
        texts.addWidget(self.opinion)
        texts.addWidget(self.history, 1)
        texts.addLayout(self._make_below(lesion))
        layout.addLayout(texts)
        if self.to_cover:
            layout.addWidget(self._make_cover_band(lesion))
        missing = self.score.missing if self.score is not None else ""
        notes = QVBoxLayout()
        notes.setSpacing(0)
        for words in (missing[:1].upper() + missing[1:], *_override_words(view, lesion)):
            if words:
                notes.addWidget(WrapLabel(words, "soft"))
        layout.addLayout(notes)

    def entered(self) -> Lesion:
        """Return the lesion with what is entered here."""
        facts = self.lesion.facts
        opinion = made_opinion(*astuple(self.opinion.opinion()))
        gap = facts.no_dermoscopy if self.gap is None else self.gap.gap
        facts = replace(facts, opinion=opinion, no_dermoscopy=gap)
        return replace(self.lesion, history=self.history.text(), facts=facts)

    def _make_shots(
        self, view: EpisodeView, lesion: Lesion, pictures: Mapping[str, NDArray[np.uint8]]
    ) -> FoldingGrid:
        grid = FoldingGrid(_MOST_ACROSS, Space.S)
        if view.pictures_wanted and not lesion.facts.safeguards.without_pictures:
            kinds, pair = _kinds(view, lesion), _pair(view, lesion)
            # four large ones in a row would push the route below the lesions
            is_full = len(kinds) + (pair is not None) > _LARGE_ACROSS
            size_px = FOURTH_PX if is_full else MEDIUM_PX
            for kind in kinds:
                grid.add(self._make_shot(view, lesion, kind, pictures, size_px))
            if pair is not None:
                grid.add(_pair_shown(pair, pictures, size_px))
            is_noted = any(one.note for one in self.thumbnails.values())
            for one in self.thumbnails.values():
                one.keep_room(kept=is_noted)
        return grid

    def _make_top(self, view: EpisodeView, lesion: Lesion) -> QHBoxLayout:
        given = [one for one in HISTORY_QUESTIONS if one in lesion.facts.history.answers]
        asked = f"{len(given)} of {len(HISTORY_QUESTIONS)}"
        self.ask = button(f"History  {asked}")
        self.ask.setAccessibleName(f"Edit the history of {lesion.label}: {asked} questions asked")
        menu = self._make_menu(view, lesion)
        top = QHBoxLayout()
        top.setSpacing(Space.M)
        top.addWidget(label(f"{lesion.label}  \u00b7  {lesion.site_words}", "heading"))
        is_whole = self.missing_words == _WHOLE.words
        picture, colour = ("good", Colour.GOOD) if is_whole else ("fair", Colour.FAIR)
        top.addWidget(IconBox(picture, colour, 20))
        words = WrapLabel(self.missing_words, "soft" if is_whole else "fair")
        top.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.ask)
        top.addWidget(menu)
        return top

    def _make_menu(self, view: EpisodeView, lesion: Lesion) -> MenuButton:
        """Make the menu of what is wanted more rarely, the removal last."""
        self.menu = menu = MenuButton("More", f"More about {lesion.label}")
        self.edit = menu.add("Site, privacy and chaperone\u2026")
        for kind in view.taken(lesion):
            title = SHOT_GUIDES[kind].title.lower()
            self.retakes[kind] = menu.add(f"Retake the {title} picture\u2026")
        self.copy = menu.add("Copy for the patient\u2026")
        self.copy.setVisible(bool(view.chosen(lesion)))
        for capture in view.reviewed(lesion):
            title = SHOT_GUIDES[capture.shot].title.lower()
            for undo in _undos(view, capture):
                self.undos.append((menu.add(_UNDO_WORDS[undo.what].format(title)), undo))
        self.remove: QAction | None = None
        if len(view.lesions) > 1:
            self.remove = menu.add("Remove this lesion", apart=True)
        return menu

    def _make_below(self, lesion: Lesion) -> QHBoxLayout:
        """Make the row that asks what is still open: why no dermoscopic picture, and the ruler."""
        across = QHBoxLayout()
        across.setSpacing(Space.S)
        if self.gap is not None:
            across.addWidget(self.gap, 1)
        lacks = self.score.lacks if self.score is not None else ()
        if SetPoint.RULER in lacks and SetPoint.CLOSEUP not in lacks:
            self.has_ruler = button("Ruler is there")
            self.has_ruler.setToolTip("Say that the close-up has a ruler that was not recognised")
            self.has_ruler.setAccessibleName(f"The close-up of {lesion.label} has a ruler")
            across.addWidget(
                self.has_ruler, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
            )
        return across

    def _make_cover_band(self, lesion: Lesion) -> QFrame:
        """Make the band that asks to cover what could identify the patient, with its button."""
        what = IDENTIFIABLE_WORDS[lesion.facts.safeguards.identifiable]
        titles = ", ".join(SHOT_GUIDES[one.shot].title.lower() for one in self.to_cover)
        asked = f"{what[0].upper()}{what[1:]} could identify the patient."
        self.cover = button("Cover\u2026")
        self.cover.setAccessibleName(f"Cover what could identify the patient on {lesion.label}")
        todo = f"Cover it, or tick \u201cNot identifying\u201d, on these pictures: {titles}."
        without = "To send no pictures instead: More, Site, privacy and chaperone."
        band, inside = card("band-warn")
        across = QHBoxLayout()
        across.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(WrapLabel(asked, "strong"))
        words.addWidget(WrapLabel(f"{todo} {without}", "small"))
        across.addLayout(words, 1)
        across.addWidget(self.cover)
        inside.addLayout(across)
        return band

    def _make_shot(
        self,
        view: EpisodeView,
        lesion: Lesion,
        kind: ShotKind,
        pictures: Mapping[str, NDArray[np.uint8]],
        size_px: tuple[int, int],
    ) -> QWidget:
        title, capture = SHOT_GUIDES[kind].title, view.taken(lesion).get(kind)
        opens = "Review the pictures" if capture is not None else ""
        thumbnail = Thumbnail(title, size_px=size_px, opens=opens)
        self.thumbnails[kind] = thumbnail
        if capture is not None:
            thumbnail.show_image(pictures.get(capture.id), capture.report.verdict)
            thumbnail.show_note(_note(view, capture))
            return _column(thumbnail)
        take = button("Take")
        take.setAccessibleName(f"Take the {title.lower()} picture of {lesion.label}")
        self.takes[kind] = take
        return _column(thumbnail, take)


def _missing_words(view: EpisodeView, lesion: Lesion, score: SetScore | None) -> str:
    if view.episode.consent is not None and not view.episode.consent.given:
        return "The patient declined pictures."
    if lesion.facts.safeguards.without_pictures:
        return "No pictures of this lesion: they could identify the patient."
    parts = [score.words] if score is not None else []
    history = lesion.facts.history
    if history.suggests_cancer_route:
        parts.append(f"7-point list, score {history.score}")
    return "  \u00b7  ".join(parts)


def _kinds(view: EpisodeView, lesion: Lesion) -> tuple[ShotKind, ...]:
    """Return the shots to show, in their own order or in the chosen one."""
    taken = view.taken(lesion)
    if lesion.id in view.choices.orders:
        return (*taken, *(kind for kind in STANDARD_SHOTS if kind not in taken))
    return tuple(kind for kind in ShotKind if kind in taken or kind in STANDARD_SHOTS)


def _note(view: EpisodeView, capture: Capture) -> str:
    if capture.id in view.choices.left_out:
        return "Left out"
    noted = ["covered"] if view.shown(capture) is not capture else []
    noted += ["marked"] if view.marked(capture) is not None else []
    return ", ".join(noted).capitalize()


def _override_words(view: EpisodeView, lesion: Lesion) -> list[str]:
    chosen = view.chosen(lesion)
    pair = _pair(view, lesion)
    is_second = pair is not None and pair not in chosen.values()
    return [
        f"{capture.title} used although poor: {capture.override_reason}"
        for capture in (*chosen.values(), *([pair] if is_second else []))
        if capture is not None and capture.override_reason
    ]


def _pair(view: EpisodeView, lesion: Lesion) -> Capture | None:
    """Return the other picture of a pair, which goes along whether or not the newer one does."""
    capture = view.taken(lesion).get(ShotKind.DERMOSCOPIC)
    return view.other_light(capture) if capture is not None else None


def _pair_shown(
    pair: Capture, pictures: Mapping[str, NDArray[np.uint8]], size_px: tuple[int, int]
) -> QWidget:
    light = pair.details.polarisation
    title = LIGHT_TITLES[light] if light is not None else "Other light"
    thumbnail = Thumbnail(title, size_px=size_px)
    thumbnail.show_image(pictures.get(pair.id), pair.report.verdict)
    return _column(thumbnail)


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS)
    for one in widgets:
        column.addWidget(one)
    column.addStretch(1)
    return made


def _undos(view: EpisodeView, capture: Capture) -> list[Undo]:
    """List what was decided about a picture in its review and can be undone."""
    found = []
    if capture.id in view.choices.left_out:
        found.append(Undo("left out", capture.id))
    if view.marked(capture) is not None:
        found.append(Undo("mark", capture.id))
    if view.shown(capture) is not capture and capture.wiped_at is None:
        found.append(Undo("cover", capture.id))
    return found
