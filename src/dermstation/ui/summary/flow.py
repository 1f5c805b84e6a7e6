"""The summary: all pictures, texts and the route, saved as they are entered, and the next step."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.errors import StationError
from dermstation.domain.opinion import Opinion
from dermstation.domain.presets import Preset
from dermstation.domain.rights import Right, may
from dermstation.domain.routes import Route
from dermstation.handover.contents import PackageContents
from dermstation.handover.places import check_place
from dermstation.handover.readiness import make_ready
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.summary.leaving import Leaving
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import (
    deriving,
    episodes,
    reviewing,
    routing,
)
from dermstation.workflow.capturing import Previews, previews
from dermstation.workflow.dermoscopy_gap import save_gap
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import REVIEW_ASKED, original_stays, withheld_words
from dermstation.workflow.package_choice import options_of
from dermstation.workflow.prediction import Prediction, gather, predict
from dermstation.workflow.removing_lesions import bring_back
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step


class SummaryFlow(QObject):
    """The flow that shows the summary of one episode and goes where the operator wants next."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        go: Go,
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session
        self._go = go
        self._asked = 0  # how often the review status was requested

    def enter(self, view: EpisodeView) -> None:
        """Record that the pictures are finished for now, and show them."""
        self._session.on_vault(episodes.finish_pictures, view.episode.id).then(self._load)

    def _load(self, view: EpisodeView) -> None:
        if self._station.settings.keep_covered_originals:
            self._load_pictures(view)
            return

        def not_wiped(trouble: StationError) -> None:
            self._shell.carry(Level.WARN, original_stays(trouble))
            self._load_pictures(view)

        operator = self._session.operator  # the original that an earlier attempt could not wipe
        wiping = self._session.on_vault(deriving.wipe_covered, operator, view.episode.id)
        wiping.then(self._load_pictures).otherwise(not_wiped)

    def _load_pictures(self, view: EpisodeView) -> None:
        self._session.on_vault(previews, view).then(lambda found: self._show(view, found))

    def _show(self, view: EpisodeView, found: Previews) -> None:
        settings = self._station.settings
        page = SummaryPage(
            view,
            found.pictures,
            self._station.package_folder(),
            {preset: options_of(settings, preset) for preset in Preset},
            Preset(settings.package_preset),
            review_routes=self._station.practice().review_routes,
            may_complete=may(self._session.operator, Right.COMPLETE),
            fixed=settings.fixed,
        )
        self._connect(page, view)
        self._shell.show_patient(view)
        self._shell.show_page(page, Step.SUMMARY)
        self._predict(page, view.episode.id)
        self._show_status(page, view.episode.id)
        if page.notice.words:
            return  # what has just failed comes first
        if found.trouble is not None:
            self._shell.show_trouble(found.trouble)
        elif view.withheld:
            may_wipe = may(self._session.operator, Right.COMPLETE)
            self._shell.show_words(Level.WARN, withheld_words(view.withheld, may_wipe=may_wipe))

    def _predict(self, page: SummaryPage, episode_id: str) -> None:
        """Predict the package and show the prediction; then load what making the package needs.

        Not before: it keeps the interpreter from the page that is being built and painted.
        Whoever may not make the package sees none of it.
        """
        if not may(self._session.operator, Right.COMPLETE):
            return
        options = page.package.options

        def is_asked() -> bool:
            return page is self._shell.page and page.package.options == options

        def show(found: Prediction) -> None:
            if is_asked():
                page.package.show_prediction(found)
                loading = self._background.at_low_priority(make_ready, options)
                loading.even_after_session().silently()

        def refuse(trouble: StationError) -> None:
            if is_asked():
                words = message_for(trouble)
                page.package.show_problem(f"{words.what} {words.todo}")

        def work_out(contents: PackageContents) -> None:
            if is_asked():  # not for a destination that was changed meanwhile
                self._background.on_worker(predict, contents).then(show).otherwise(refuse)

        operator, practice = self._session.operator, self._station.practice()
        gathering = self._session.on_vault(gather, operator, episode_id, practice, options)
        gathering.then(work_out).otherwise(refuse)

    def _show_status(self, page: SummaryPage, episode_id: str) -> None:
        """Show whether the stored episode is reviewed in its present form."""
        self._asked += 1
        asked = self._asked

        def show(status: reviewing.ReviewStatus) -> None:
            if page is self._shell.page and asked == self._asked:
                page.review.show_status(status)

        self._session.on_vault(reviewing.review_status, episode_id).then(show)

    def _review(self, page: SummaryPage, episode_id: str, *, ticked: bool) -> None:
        """Record a review or take it back; if that fails, show the status that is stored."""

        def failed(trouble: StationError) -> None:
            self._shell.show_trouble(trouble)
            self._show_status(page, episode_id)

        self._asked += 1  # an earlier request must not clear this tick
        recording = self._session.on_vault(
            reviewing.review if ticked else reviewing.take_back_review,
            self._session.operator,
            episode_id,
        )
        recording.then(lambda _: self._show_status(page, episode_id)).otherwise(failed)

    def _ask_for_review(self, episode_id: str) -> None:
        def asked(_view: EpisodeView) -> None:
            self._shell.carry(Level.GOOD, REVIEW_ASKED)
            self._go(places.Home())

        operator = self._session.operator
        self._session.submit(reviewing.ask_for_review, operator, episode_id).then(asked)

    def _check_place(self, page: SummaryPage, folder: Path) -> None:
        """Show at once, before the package is made, that a folder cannot be used."""

        def refuse(trouble: StationError) -> None:
            if page is self._shell.page:
                self._shell.show_trouble(trouble)

        self._background.on_worker(
            check_place,
            folder,
            network_allowed=self._station.settings.network_folders_allowed,
            sealed=page.package.options.sealed,
        ).otherwise(refuse)

    def _connect(self, page: SummaryPage, view: EpisodeView) -> None:
        episode_id = view.episode.id

        def keep(
            histories: dict[str, str],
            question: str,
            route: Route | None,
            opinions: dict[str, Opinion],
        ) -> None:
            self._session.on_vault(
                episodes.save_summary,
                episode_id,
                histories=histories,
                question=question,
                route=route,
                no_pictures_because=page.no_pictures_because,
                opinions=opinions,
            ).then(lambda _: self._show_status(page, episode_id))

        def keep_told(told: Answer) -> None:
            self._session.on_vault(routing.save_told, episode_id, told).then(
                lambda _: self._show_status(page, episode_id)
            )

        def make_package(destination: Path) -> None:
            self._go(places.Packing(view, destination, page.package.options))

        leaving = Leaving(self._session, self._go, page, episode_id, self._load_pictures)
        page.edited.connect(keep)
        page.told_given.connect(keep_told)
        page.reviewed.connect(lambda ticked: self._review(page, episode_id, ticked=ticked))
        page.review_asked.connect(lambda: self._ask_for_review(episode_id))
        page.destination_chosen.connect(lambda folder: self._check_place(page, folder))
        page.package.changed.connect(lambda _: self._predict(page, episode_id))
        page.package_requested.connect(make_package)
        page.add_lesion.clicked.connect(lambda: leaving.leave(places.Site))
        page.chart.clicked.connect(lambda: leaving.leave(places.Pathway))
        page.consent.clicked.connect(lambda: leaving.leave(places.Consent))
        page.back_pressed.connect(page.flush_draft)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        page.missing_wanted.connect(leaving.answer)
        for row in page.removed:
            back = row.lesion_id
            row.back.clicked.connect(lambda _=False, back=back: leaving.change(bring_back, back))
        for card in page.cards:
            leaving.connect_card(card)
            if card.gap is not None:
                card.gap.answered.connect(partial(self._keep_gap, episode_id, card.lesion_id))

    def _keep_gap(
        self, episode_id: str, lesion_id: str, reason: NoDermoscopy | None, note: str
    ) -> None:
        self._session.on_vault(save_gap, episode_id, lesion_id, reason, note)
