"""The summary: every picture once more, texts and route kept as they are typed, what comes next."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.errors import StationError
from dermstation.domain.presets import Preset
from dermstation.domain.rights import Right, may
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.handover.contents import PackageContents
from dermstation.handover.places import check_place
from dermstation.handover.readiness import make_ready
from dermstation.ui.frame.bridge import Bridge
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import deriving, episodes, reviewing
from dermstation.workflow.capturing import Previews, previews
from dermstation.workflow.dermoscopy_gap import save_gap
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import ORIGINAL_NOT_WIPED, REVIEW_ASKED, withheld_words
from dermstation.workflow.package_choice import options_of, practice_of
from dermstation.workflow.prediction import Prediction, gather, predict
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step


class SummaryFlow(QObject):
    """Show the summary of one episode and tell what the operator wants next."""

    retake_wanted = Signal(object, object, object)  # EpisodeView, Lesion, ShotKind
    lesion_wanted = Signal(object, object)  # EpisodeView, Lesion to edit or None to add one
    history_wanted = Signal(object, object)  # EpisodeView, Lesion
    review_wanted = Signal(object, object, object)  # EpisodeView, Lesion, ShotKind
    pathway_wanted = Signal(object)  # EpisodeView
    consent_wanted = Signal(object)  # EpisodeView
    copy_wanted = Signal(object)  # EpisodeView
    package_wanted = Signal(object, object, object)  # EpisodeView, Path, PackageOptions
    left = Signal()

    def __init__(self, station: Station, shell: Shell, bridge: Bridge, session: Session) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self._session = session
        self._asked = 0  # how often it was asked whether the episode is reviewed

    def enter(self, view: EpisodeView) -> None:
        """Say that the pictures are finished for now, and show them."""
        self._session.ask(self._load, episodes.finish_pictures, view.episode.id)

    def _load(self, view: EpisodeView) -> None:
        if self._station.settings.keep_covered_originals:
            self._look(view)
            return

        def not_wiped(_trouble: StationError) -> None:
            self._shell.carry(Level.WARN, ORIGINAL_NOT_WIPED)
            self._look(view)

        operator = self._session.operator  # what an earlier try could not wipe
        self._session.attempt(
            self._look, not_wiped, deriving.wipe_covered, operator, view.episode.id
        )

    def _look(self, view: EpisodeView) -> None:
        self._session.ask(lambda found: self._show(view, found), previews, view)

    def _show(self, view: EpisodeView, found: Previews) -> None:
        settings = self._station.settings
        page = SummaryPage(
            view,
            found.pictures,
            self._station.package_folder(),
            {preset: options_of(settings, preset) for preset in Preset},
            Preset(settings.package_preset),
            review_routes=practice_of(settings).review_routes,
            may_complete=may(self._session.operator, Right.COMPLETE),
        )
        self._connect(page, view)
        self._shell.show_patient(view)
        self._shell.show_page(page, Step.SUMMARY)
        self._predict(page, view.episode.id)
        self._show_standing(page, view.episode.id)
        if page.notice.words:
            return  # what failed just now goes first
        if found.trouble is not None:
            self._shell.show_trouble(found.trouble)
        elif view.withheld:
            self._shell.show_words(Level.WARN, withheld_words(view.withheld))

    def _predict(self, page: SummaryPage, episode_id: str) -> None:
        """Work out what the package would be and show it, and load what making it will need."""
        options = page.package.options
        ready = self._station.jobs.looking(make_ready, options)
        self._bridge.watch(ready, _ignore, _ignore, outlives_session=True)

        def is_asked() -> bool:
            return page is self._shell.page and page.package.options == options

        def show(found: Prediction) -> None:
            if is_asked():
                page.package.show_prediction(found)

        def refuse(trouble: StationError) -> None:
            if is_asked():
                words = message_for(trouble)
                page.package.show_problem(f"{words.what} {words.todo}")

        def work_out(contents: PackageContents) -> None:
            if is_asked():  # not of a destination that was passed over
                self._bridge.watch(self._station.jobs.aside(predict, contents), show, refuse)

        self._session.attempt(
            work_out,
            refuse,
            gather,
            self._session.operator,
            episode_id,
            practice_of(self._station.settings),
            options,
        )

    def _show_standing(self, page: SummaryPage, episode_id: str) -> None:
        """Show whether the episode is reviewed as it is stored now."""
        self._asked += 1
        asked = self._asked

        def show(standing: reviewing.Standing) -> None:
            if page is self._shell.page and asked == self._asked:
                page.review.show_standing(standing)

        self._session.ask(show, reviewing.standing_of, episode_id)

    def _review(self, page: SummaryPage, episode_id: str, *, ticked: bool) -> None:
        """Record a review, or take it back; what could not be recorded is not shown as ticked."""

        def failed(trouble: StationError) -> None:
            self._shell.show_trouble(trouble)
            self._show_standing(page, episode_id)

        self._asked += 1  # what was asked before this tick must not take it away
        self._session.attempt(
            lambda _: self._show_standing(page, episode_id),
            failed,
            reviewing.review if ticked else reviewing.take_back_review,
            self._session.operator,
            episode_id,
        )

    def _ask_for_review(self, episode_id: str) -> None:
        def asked(_view: EpisodeView) -> None:
            self._shell.carry(Level.GOOD, REVIEW_ASKED)
            self.left.emit()

        self._session.submit(asked, reviewing.ask_for_review, self._session.operator, episode_id)

    def _check_place(self, page: SummaryPage, folder: Path) -> None:
        """Say at once, not only when the package is made, that a folder will not do."""

        def refuse(trouble: StationError) -> None:
            if page is self._shell.page:
                self._shell.show_trouble(trouble)

        job = self._station.jobs.aside(
            check_place,
            folder,
            network_allowed=self._station.settings.network_folders_allowed,
            sealed=page.package.options.sealed,
        )
        self._bridge.watch(job, _ignore, refuse)

    def _connect(self, page: SummaryPage, view: EpisodeView) -> None:
        episode_id = view.episode.id
        lesions = {lesion.id: lesion for lesion in view.lesions}

        def keep(histories: dict[str, str], question: str, route: Route | None) -> None:
            self._session.ask(
                lambda _: self._show_standing(page, episode_id),
                episodes.save_summary,
                episode_id,
                histories=histories,
                question=question,
                route=route,
                no_pictures_because=page.no_pictures_because,
            )

        def keep_gap(lesion_id: str, reason: NoDermoscopy | None, note: str) -> None:
            self._session.ask(_ignore, save_gap, episode_id, lesion_id, reason, note)

        def take_again(lesion_id: str, shot: ShotKind) -> None:
            self._session.ask(
                lambda opened: self.retake_wanted.emit(opened, lesions[lesion_id], shot),
                episodes.take_more,
                episode_id,
            )

        def make_package(destination: Path) -> None:
            self.package_wanted.emit(view, destination, page.package.options)

        def change_consent() -> None:
            page.flush_draft()
            self.consent_wanted.emit(view)

        page.edited.connect(keep)
        page.reviewed.connect(lambda ticked: self._review(page, episode_id, ticked=ticked))
        page.review_asked.connect(lambda: self._ask_for_review(episode_id))
        page.gap_answered.connect(keep_gap)
        page.destination_chosen.connect(lambda folder: self._check_place(page, folder))
        page.package.changed.connect(lambda _: self._predict(page, episode_id))
        page.retake_requested.connect(take_again)
        page.lesion_requested.connect(lambda: self.lesion_wanted.emit(view, None))
        page.lesion_edit_requested.connect(
            lambda lesion_id: self.lesion_wanted.emit(view, lesions[lesion_id])
        )
        page.history_requested.connect(
            lambda lesion_id: self.history_wanted.emit(view, lesions[lesion_id])
        )
        page.copy_requested.connect(lambda: self.copy_wanted.emit(view))
        page.review_requested.connect(
            lambda lesion_id, shot: self.review_wanted.emit(view, lesions[lesion_id], shot)
        )
        page.pathway_requested.connect(lambda: self.pathway_wanted.emit(view))
        page.package_requested.connect(make_package)
        page.add_secondary("C&onsent\u2026").clicked.connect(change_consent)
        page.back_pressed.connect(page.flush_draft)
        page.back_pressed.connect(self.left)


def _ignore(_outcome: object) -> None:
    """Take an outcome that nobody waits for."""
