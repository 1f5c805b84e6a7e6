"""Show the whole episode for a last check, and ask for its route. GUI thread."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QVBoxLayout,
)

from dermstation.domain.errors import ErrorCode
from dermstation.domain.presets import Preset
from dermstation.domain.routes import Route
from dermstation.domain.text_limits import QUESTION_MAX_CHARS, REASON_MAX_CHARS
from dermstation.handover.options import PackageOptions
from dermstation.ui.parts.button import button, plain
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.shortening import ShortButton
from dermstation.ui.summary.dermoscopy_gap import DermoscopyGapRow
from dermstation.ui.summary.lesion_card import LesionCard
from dermstation.ui.summary.missing_list import MissingList
from dermstation.ui.summary.package_choice import PackageChoice
from dermstation.ui.summary.removed_row import RemovedRow
from dermstation.ui.summary.review_card import ReviewCard
from dermstation.ui.summary.route_card import RouteCard
from dermstation.ui.theme import Space
from dermstation.workflow.route_checks import AnsweredAt, Missing, missing_for
from dermstation.workflow.walk import EpisodeView

DRAFT_AFTER_MS = 400
_TITLE = "Check, then make the package"
_NURSE_TITLE = "Check, then send for review"
_PACKAGE = "&Make the package"
_REVIEWED_PACKAGE = "Reviewed: &make the package"  # says what the press confirms
_COLUMN_PX = 1640  # four pictures across on a large screen
_SIDE_PX = 364
_REASON_PX = 52
SOURCE = "G-care: Use of images for clinical purposes; Advice and Guidance; RADS"
# If identity cannot be withheld, the referral is made without pictures.
_NO_PICTURES_HINT = "For example: the patient declined, or a face or tattoo cannot be covered."
_QUESTION_HINT = "What do you think, what is uncertain: how to manage it here, or whether to refer?"
ANSWERED_HERE = (
    AnsweredAt.ROUTE,
    AnsweredAt.TOLD,
    AnsweredAt.DERMOSCOPY_GAP,
    AnsweredAt.QUESTION,
    AnsweredAt.TICK,
)
REVIEW_TICK = Missing("Your review.", AnsweredAt.TICK, ErrorCode.REVIEW_MISSING)


class SummaryPage(Page):
    """The page with lesions and question at the left, and route and package at the right."""

    edited = Signal(dict, str, object, dict)  # histories, question, Route or None, opinions
    package_requested = Signal(object)  # Path of the folder to write into
    destination_chosen = Signal(object)  # Path
    reviewed = Signal(bool)  # ticked or cleared
    review_asked = Signal()
    told_given = Signal(object)  # Answer: was the patient told of a possible cancer
    missing_wanted = Signal(object)  # Missing, which is answered on another page

    def __init__(
        self,
        view: EpisodeView,
        pictures: Mapping[str, NDArray[np.uint8]],
        destination: Path,
        defaults: Mapping[Preset, PackageOptions] | None = None,
        preset: Preset = Preset.GP_SYSTEM,
        *,
        review_routes: frozenset[Route] = frozenset(),
        may_complete: bool = True,
        fixed: frozenset[str] = frozenset(),
    ) -> None:
        """Show an episode; `defaults` gives each destination's options, `preset` the first one.

        On `review_routes` a clinician must tick a review before the package. An operator who may
        not complete an episode sends it for review instead. What IT has `fixed` cannot be changed.
        """
        super().__init__(_TITLE if may_complete else _NURSE_TITLE, column_px=_COLUMN_PX)
        self._view = view
        self._review_routes = review_routes
        self._may_complete = may_complete
        self._fixed = fixed
        self.review = ReviewCard(may_review=may_complete)
        self._destination = destination
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(self.flush_draft)
        self.cards = [LesionCard(view, lesion, pictures) for lesion in view.lesions]
        self.removed = [RemovedRow(lesion) for lesion in view.removed]
        self.question = Prose(
            "Question to the specialist", _QUESTION_HINT, QUESTION_MAX_CHARS, height_px=46
        )
        self.question.set_text(view.episode.question)
        options = dict(defaults or {one: PackageOptions(one) for one in Preset})
        self.package = PackageChoice(options[preset], options, fixed)
        self.no_pictures = self._make_no_pictures(view)
        across = SideBySide()
        across.addLayout(self._make_left(), 1)
        self.card = RouteCard(view.episode.route)
        self.told, self.routes, self.chart = self.card.told, self.card.routes, self.card.chart
        self.told.show_answer(view.told)
        self.missing = MissingList()
        across.addLayout(self._make_right(across))
        self.content.addLayout(across, 1)
        self.set_back()
        self.set_destination(destination)
        self._connect()
        self.set_primary(_PACKAGE if may_complete else "Send for &review").clicked.connect(
            self._on_primary
        )
        self.add_lesion = self.add_made(ShortButton("&Add another lesion", "&Add lesion"))
        self.count = self.add_made(button("", "link"))  # what is missing may be scrolled away
        self.count.clicked.connect(lambda: self.lead_to(self.missing.lines[0]))
        self.consent = button("C&onsent\u2026", "link")
        self.add_left(self.consent)
        self._show_missing()

    def flush_draft(self) -> None:
        """Emit the texts and the route at once if a change is still to be emitted."""
        self._draft_timer.stop()
        for gap in self._gaps:
            gap.flush()
        histories = {card.lesion_id: card.history.text() for card in self.cards}
        opinions = {card.lesion_id: card.opinion.opinion() for card in self.cards}
        self.edited.emit(histories, self.question.text(), self.route, opinions)

    @property
    def route(self) -> Route | None:
        """Return the chosen route, or None."""
        return self.card.route

    @property
    def _gaps(self) -> list[DermoscopyGapRow]:
        return [card.gap for card in self.cards if card.gap is not None]

    @property
    def no_pictures_because(self) -> str | None:
        """Return why the referral has no pictures, or None if it has some."""
        return self.no_pictures.text() if self.no_pictures is not None else None

    @property
    def problem(self) -> str:
        """Return the words about what is missing."""
        return self.card.problem

    def set_destination(self, folder: Path) -> None:
        """Show the folder that the package will be written to."""
        self._destination = folder
        self.package.show_folder(folder)

    def _make_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        left.addWidget(self.question)  # first, so that nobody has to scroll to it
        for row in self.removed:  # above the others: it was just removed, and may be a mistake
            left.addWidget(row)
        for one in self.cards:
            left.addWidget(one)
        if self.no_pictures is not None:
            left.addWidget(self.no_pictures)
        left.addStretch(1)
        return left

    def _make_no_pictures(self, view: EpisodeView) -> Prose | None:
        """Ask for the reason if there is no picture to send."""
        if view.has_pictures:
            return None
        asked = Prose(
            "Why are there no pictures?", _NO_PICTURES_HINT, REASON_MAX_CHARS, height_px=48
        )
        consent = view.episode.consent
        asked.edit.setFixedHeight(_REASON_PX)
        asked.set_text(consent.no_pictures_because if consent else "")
        return asked

    def _make_right(self, across: SideBySide) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(Space.M)
        for panel in (self.card, self.review, self.missing, self.package):
            across.keep_width(panel, _SIDE_PX)
            right.addWidget(panel)
        right.addStretch(1)
        self.package.setVisible(self._may_complete)
        return right

    def _connect(self) -> None:
        for one in self.cards:
            one.history.edited.connect(self._on_edited)
            for field in (one.opinion.diagnosis, one.opinion.uncertain):
                field.textEdited.connect(lambda _: self._on_edited())
            if one.gap is not None:
                one.gap.edited.connect(self._show_missing)
        self.question.edited.connect(self._on_edited)
        self.told.answered.connect(lambda: self.told_given.emit(self.told.answer))
        self.card.changed.connect(self._on_edited)
        self.missing.chosen.connect(self._on_missing)
        if self.no_pictures is not None:
            self.no_pictures.edited.connect(self._on_edited)
        self.package.change.clicked.connect(self._on_change)
        self.review.tick.clicked.connect(self._on_reviewed)

    def entered(self) -> EpisodeView:
        """Return the episode with everything that is entered here."""
        episode = replace(self._view.episode, question=self.question.text(), route=self.route)
        why = self.no_pictures_because
        if episode.consent is not None and why is not None:
            consent = replace(episode.consent, no_pictures_because=why.strip())
            episode = replace(episode, consent=consent)
        lesions = tuple(card.entered() for card in self.cards)
        return replace(self._view, episode=episode, lesions=lesions, told=self.told.answer)

    def _missing(self) -> tuple[Missing, ...]:
        found = missing_for(self.entered(), self.route)
        needs_tick = self.route in self._review_routes and not self.review.tick.isChecked()
        return (*found, REVIEW_TICK) if needs_tick and self._may_complete else found

    def _show_missing(self) -> None:
        self.review.setVisible(self.route in self._review_routes)
        found = self._missing()
        self.missing.show_missing(self.route, found)
        if self.primary is not None and self._may_complete:
            words = _REVIEWED_PACKAGE if found == (REVIEW_TICK,) else _PACKAGE
            self.primary.setText(words)
            self.primary.setAccessibleName(plain(words))
        self.count.setText(f"{len(found)} still missing")
        self.count.setVisible(bool(found))

    def _on_edited(self) -> None:
        self._draft_timer.start()
        self._show_missing()

    def _on_missing(self, missing: Missing) -> None:
        """Lead to where something missing is answered, on this page or on another one."""
        match missing.at:
            case AnsweredAt.ROUTE:
                self.card.show_problem("Choose a route." if self.route is None else missing.words)
                self.lead_to(next(iter(self.routes.values())))
            case AnsweredAt.TOLD:
                words = "Answer yes or no." if not self.told.answer.is_asked else missing.words
                self.card.show_problem(words)
                self.lead_to(self.told)
            case AnsweredAt.QUESTION:
                self.lead_to(self.question.edit)
            case AnsweredAt.DERMOSCOPY_GAP:
                unanswered = next(gap for gap in self._gaps if not gap.check())
                self.lead_to(unanswered.asked)
            case AnsweredAt.TICK:
                self.review.show_missing()
                self.lead_to(self.review.tick)
            case _:
                self.missing_wanted.emit(missing)

    def _on_reviewed(self, ticked: bool) -> None:
        self._show_missing()
        self.flush_draft()
        self.reviewed.emit(ticked)

    def _on_change(self) -> None:
        dialog = QFileDialog(self, "Folder for the package", str(self._destination))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        # the system's own dialog would add the folder to its recent places
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_chosen(self, name: str) -> None:
        self.set_destination(Path(name))
        self.clear_notice()
        self.destination_chosen.emit(Path(name))

    def _on_primary(self) -> None:
        """Go on if nothing is missing, else lead to what is answered here, else to the list.

        If nothing but the review is missing, the button says that its press is the review.
        """
        texts = [*(one.history for one in self.cards), self.question]
        if self.no_pictures is not None:
            texts.append(self.no_pictures)
        missing = self._missing() if self._may_complete else ()
        if missing == (REVIEW_TICK,) and all(text.check() for text in texts):
            self.review.tick.click()
            missing = ()
        here = [one for one in missing if one.at in ANSWERED_HERE]
        if here:
            self._on_missing(min(here, key=lambda one: ANSWERED_HERE.index(one.at)))
        elif missing:
            self.lead_to(self.missing.lines[0])
        elif all(text.check() for text in texts):
            self.flush_draft()
            if self._may_complete:
                self.package_requested.emit(self._destination)
            else:
                self.review_asked.emit()
