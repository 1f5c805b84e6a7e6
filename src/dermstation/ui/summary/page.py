"""Show the whole episode for a last check, and ask for its route. GUI thread."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
)

from dermstation.domain.presets import Preset
from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.domain.setting import SET_BY_IT
from dermstation.domain.text_limits import QUESTION_MAX_CHARS, REASON_MAX_CHARS
from dermstation.handover.options import PackageOptions
from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.prose import Prose
from dermstation.ui.parts.shortening import ShortButton, ShortLabel
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, card, label
from dermstation.ui.summary.dermoscopy_gap import DermoscopyGapRow
from dermstation.ui.summary.lesion_card import LesionCard
from dermstation.ui.summary.package_choice import PackageChoice
from dermstation.ui.summary.review_card import ReviewCard
from dermstation.ui.summary.told_row import told_row
from dermstation.ui.theme import Space
from dermstation.workflow.route_checks import ASKS_TOLD, WITHOUT_DERMOSCOPY
from dermstation.workflow.walk import EpisodeView

DRAFT_AFTER_MS = 400
_TITLE = "Check, then make the package"
_NURSE_TITLE = "Check, then send for review"
_COLUMN_PX = 1320
_SIDE_PX = 364
_FOLDER_MAX_PX = 340
_REASON_PX = 52
SOURCE = "G-care: Use of images for clinical purposes; Advice and Guidance; RADS"
# If identity cannot be withheld, the referral is made without pictures.
_NO_PICTURES_HINT = "For example: the patient declined, or a face or tattoo cannot be covered."
_QUESTION_HINT = (
    "What do you think it is, what is uncertain, and what do you ask: how to manage it here, or"
    " whether to refer?"
)
_NEEDS = {Route.RADS: "Needs general, close-up and history."}


class SummaryPage(Page):
    """The page with lesions and question at the left, and route and package at the right."""

    edited = Signal(dict, str, object, dict)  # histories, question, Route or None, opinions
    package_requested = Signal(object)  # Path of the folder to write into
    destination_chosen = Signal(object)  # Path
    reviewed = Signal(bool)  # ticked or cleared
    review_asked = Signal()
    told_given = Signal(object)  # Answer: was the patient told of a possible cancer

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
        self.question = Prose(
            "Question to the specialist", _QUESTION_HINT, QUESTION_MAX_CHARS, height_px=60
        )
        self.question.set_text(view.episode.question)
        options = dict(defaults or {one: PackageOptions(one) for one in Preset})
        self.package = PackageChoice(options[preset], options, fixed)
        self.no_pictures = self._make_no_pictures(view)
        across = SideBySide()
        across.addLayout(self._make_left(), 1)
        across.addLayout(self._make_right(view.episode.route, across))
        self.content.addLayout(across, 1)
        self.told.show_answer(view.told)
        self._show_meaning()
        self.set_back()
        self._make_destination()
        self._connect()
        words = "&Make the package" if may_complete else "Send for &review"
        self.set_primary(words).clicked.connect(self._on_primary)
        self.add_lesion = self.add_made(ShortButton("&Add another lesion", "&Add lesion"))

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
        return next((route for route, one in self.routes.items() if one.isChecked()), None)

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
        return self._problem.words

    def set_destination(self, folder: Path) -> None:
        """Show the folder that the package will be written to."""
        self._destination = folder
        self._folder.setText(str(folder))
        self._folder.updateGeometry()

    def _make_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        for one in self.cards:
            left.addWidget(one)
        if self.no_pictures is not None:
            left.addWidget(self.no_pictures)
        left.addWidget(self.question, 1)
        left.addWidget(self.review)
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

    def _make_right(self, route: Route | None, across: SideBySide) -> QVBoxLayout:
        self.routes = {
            one: QRadioButton(literal(guide.title)) for one, guide in ROUTE_GUIDES.items()
        }
        self._group = QButtonGroup(self)
        frame, inside = card()
        inside.setSpacing(0)
        inside.addWidget(label("Which route?", "heading"))
        for one, choice in self.routes.items():
            self._group.addButton(choice)
            choice.setChecked(one is route)
            choice.setAccessibleDescription(ROUTE_GUIDES[one].meaning)
            last = QHBoxLayout()
            last.addWidget(choice, 1)
            inside.addLayout(last)
        # after the routes, so that Shift+Tab from them leads to the question
        self.chart = button("Chart")
        self.chart.setAccessibleName(
            "Show the pathway chart: the purpose and requirements of each route"
        )
        last.addWidget(self.chart)
        self._problem = Problem()
        self._meaning = WrapLabel(role="soft")
        self.told = told_row()
        inside.addWidget(self._meaning)
        inside.addWidget(self.told)
        inside.addWidget(self._problem)
        right = QVBoxLayout()
        right.setSpacing(Space.M)
        for panel in (frame, self.package):
            across.keep_width(panel, _SIDE_PX)
            right.addWidget(panel)
        right.addStretch(1)
        self.package.setVisible(self._may_complete)
        return right

    def _make_destination(self) -> None:
        """Show the folder in the row of buttons, beside the button that writes to it."""
        self.change = button("Chan&ge\u2026")
        self.change.setAccessibleName("Change the folder for the package")
        self._folder = ElidedLabel(role="soft", elide=Qt.TextElideMode.ElideMiddle)
        self._folder.setMaximumWidth(_FOLDER_MAX_PX)
        for one in (ShortLabel("Saved in", "In", "strong"), self._folder, self.change):
            self.add_left(one)
            one.setVisible(self._may_complete)
        self.set_destination(self._destination)
        if "package_folder" in self._fixed:
            self.change.setEnabled(False)
            self.change.setToolTip(SET_BY_IT)

    def _connect(self) -> None:
        for one in self.cards:
            one.history.edited.connect(self._draft_timer.start)
            for field in (one.opinion.diagnosis, one.opinion.uncertain):
                field.textEdited.connect(lambda _: self._draft_timer.start())
        self.question.edited.connect(self._draft_timer.start)
        self.told.answered.connect(self._on_told)
        if self.no_pictures is not None:
            self.no_pictures.edited.connect(self._draft_timer.start)
        self._group.buttonToggled.connect(lambda *_: self._on_route_chosen())
        self.change.clicked.connect(self._on_change)
        self.review.tick.clicked.connect(self._on_reviewed)

    def _show_meaning(self) -> None:
        route = self.route
        if route is None:
            self._meaning.setText("")
        else:
            self._meaning.setText(_NEEDS.get(route, ROUTE_GUIDES[route].meaning))
        self._meaning.setVisible(route is not None)
        self.told.setVisible(route in ASKS_TOLD)
        self.review.setVisible(route in self._review_routes)

    def _on_route_chosen(self) -> None:
        self._problem.show_words("")
        self._show_meaning()
        self._draft_timer.start()

    def _on_told(self) -> None:
        self._problem.show_words("")
        self._show_meaning()
        self.told_given.emit(self.told.answer)

    def _on_reviewed(self, ticked: bool) -> None:
        self._problem.show_words("")
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

    def _unanswered(self) -> list[DermoscopyGapRow]:
        """Return the rows without a reason why the picture that the route needs is missing."""
        if self.route in WITHOUT_DERMOSCOPY:
            return []
        return [gap for gap in self._gaps if not gap.check()]

    def _on_primary(self) -> None:
        texts = [*(one.history for one in self.cards), self.question]
        if self.no_pictures is not None:
            texts.append(self.no_pictures)
        if not self._may_complete:
            if all(text.check() for text in texts):
                self.flush_draft()
                self.review_asked.emit()
        elif self.route is None:
            self._problem.show_words("Choose a route.")
            self.lead_to(self.routes[Route.ADVICE])
        elif self.route in ASKS_TOLD and not self.told.answer.is_asked:
            self._problem.show_words("Answer yes or no.")
            self._meaning.hide()  # its place is needed
            self.lead_to(self.told)
        elif unanswered := self._unanswered():
            self.lead_to(unanswered[0].reason)
        elif self.route in self._review_routes and not self.review.tick.isChecked():
            self.review.show_missing()
            self.lead_to(self.review.tick)
        elif all(text.check() for text in texts):
            self.flush_draft()
            self.package_requested.emit(self._destination)
