"""From the list of unfinished episodes through patient, consent and lesion to the certificate.

Where an episode stands is never remembered here: after every step it is asked anew from what the
vault holds.
"""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.records import ConsentForm, Lesion
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.ui.bridge import Bridge
from dermstation.ui.flows.capture import CaptureFlow
from dermstation.ui.flows.leaving import LeavingFlow
from dermstation.ui.pages.consent import ConsentPage
from dermstation.ui.pages.home import HomePage
from dermstation.ui.pages.lesion import LesionPage
from dermstation.ui.pages.patient import PatientPage
from dermstation.ui.pages.summary import SummaryPage
from dermstation.ui.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow import episodes
from dermstation.workflow.capturing import previews
from dermstation.workflow.episodes import Unfinished
from dermstation.workflow.messages import message_for
from dermstation.workflow.station import Station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, place_of

P = ParamSpec("P")
T = TypeVar("T")


class EpisodeFlow(QObject):
    """Lead an operator and an episode from page to page."""

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self._signed_in: SignedIn | None = None
        self.capture = CaptureFlow(station, shell, bridge)
        self.capture.finished.connect(self._finish_pictures)
        self.capture.left.connect(self.home)
        self._leaving = LeavingFlow(station, shell, bridge)
        self._leaving.moved.connect(self.show_view)
        self._leaving.ended.connect(self.home)

    @property
    def _vault(self) -> Vault:
        return self._present.vault

    @property
    def _present(self) -> SignedIn:
        if self._signed_in is None:
            raise RuntimeError("no operator is signed in")
        return self._signed_in

    def begin(self, signed_in: SignedIn, *, at_episode: str | None = None) -> None:
        """Take over after sign-in: the episode that was open at the lock, or the list."""
        self._signed_in = signed_in
        self._leaving.begin(signed_in)
        if at_episode is not None:
            self._ask(self.show_view, episodes.view_of, at_episode)
        else:
            self.home()

    def lock(self) -> str | None:
        """Leave every page; return the episode that was open. A held frame stays in memory."""
        if isinstance(self._shell.page, PatientPage | LesionPage):
            self._shell.page.flush_draft()
        self.capture.leave()
        self._station.viewfinder.close()
        self._signed_in = None
        return self._shell.episode_id

    def home(self) -> None:
        """Show the unfinished episodes."""
        self.capture.leave()
        self.capture.forget()
        self._station.viewfinder.close()
        self._shell.show_patient(None)
        self._ask(self._show_home, episodes.unfinished)

    def show_view(self, view: EpisodeView) -> None:
        """Show the page at which the episode stands."""
        place = place_of(view)
        self._shell.show_patient(view)
        match place.step:
            case Step.CONSENT:
                self._show_consent(view)
            case Step.LESION:
                self._show_lesion(view, None)
            case Step.PICTURES if place.lesion and place.shot:
                self._show_capture(view, place.lesion, place.shot)
            case Step.SUMMARY:
                self._finish_pictures(view)
            case _:
                self.capture.leave()
                self._station.viewfinder.close()
                self._leaving.show_hand_over(view)

    def _show_home(self, lines: tuple[Unfinished, ...]) -> None:
        page = HomePage(lines)
        page.new_patient_requested.connect(self._new_patient)
        page.continued.connect(self._open)
        page.abandoned.connect(self._leaving.abandon)
        self._shell.show_page(page)

    def _open(self, episode_id: str) -> None:
        self._ask(self.show_view, episodes.view_of, episode_id)

    def _new_patient(self) -> None:
        self._ask(self._show_patient, episodes.draft, episodes.PATIENT_DRAFT)

    def _show_patient(self, draft: dict[str, Any]) -> None:
        page = PatientPage(lambda trouble: str(message_for(trouble)))
        page.load_draft(draft)
        page.edited.connect(lambda typed: self._keep_draft(episodes.PATIENT_DRAFT, typed))
        page.confirmed.connect(self._open_episode)
        page.back_pressed.connect(self.home)
        self._shell.show_page(page, Step.PATIENT)

    def _open_episode(self, *typed: Any) -> None:
        patient = episodes.TypedPatient(*typed)
        self._ask(self.show_view, episodes.open_episode, self._present.operator, patient)

    def _show_consent(self, view: EpisodeView) -> None:
        def record(given: bool, form: ConsentForm, secondary_use: bool) -> None:
            self._ask(
                self.show_view,
                episodes.record_consent,
                self._present.operator,
                view.episode.id,
                given=given,
                form=form,
                secondary_use=secondary_use,
            )

        page = ConsentPage()
        page.show_consent(view.episode.consent)
        page.submitted.connect(record)
        page.back_pressed.connect(self.home)
        self._shell.show_page(page, Step.CONSENT)

    def _show_lesion(self, view: EpisodeView, lesion: Lesion | None) -> None:
        if view.pictures_wanted:
            self._station.viewfinder.open()  # warm by the time it is needed
        key = episodes.lesion_draft(view.episode.id)
        self._ask(
            lambda draft: self._show_lesion_page(view, lesion, key, draft), episodes.draft, key
        )

    def _show_lesion_page(
        self, view: EpisodeView, lesion: Lesion | None, key: str, draft: dict[str, Any]
    ) -> None:
        def save(site_code: str, side: Side | None, history: str) -> None:
            self._ask(
                self.show_view,
                episodes.save_lesion,
                view.episode.id,
                lesion_id=lesion.id if lesion else None,
                site_code=site_code,
                side=side,
                history=history,
            )

        page = LesionPage(episodes.HISTORY_MAX_CHARS)
        if lesion is not None:
            page.show_lesion(lesion.label, lesion.site_code, lesion.side, lesion.history)
        else:
            page.load_draft(f"L{len(view.lesions) + 1}", draft)
            page.edited.connect(lambda typed: self._keep_draft(key, typed, view.episode.id))
        page.submitted.connect(save)
        page.back_pressed.connect(lambda: self._back_from_lesion(view))
        self._shell.show_page(page, Step.LESION)

    def _back_from_lesion(self, view: EpisodeView) -> None:
        if view.lesions:
            self.show_view(view)
        else:
            self._show_consent(view)

    def _show_capture(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        present = self._present
        self.capture.enter(present.vault, present.operator, view, lesion, shot)

    def _finish_pictures(self, view: EpisodeView) -> None:
        self.capture.leave()
        self._station.viewfinder.close()
        self._ask(self._load_summary, episodes.finish_pictures, view.episode.id)

    def _load_summary(self, view: EpisodeView) -> None:
        self._ask(lambda pictures: self._show_summary(view, pictures), previews, view)

    def _show_summary(self, view: EpisodeView, pictures: dict[str, Any]) -> None:
        page = SummaryPage(view, pictures, self._station.package_folder())
        episode_id = view.episode.id

        def keep(
            histories: dict[str, str], question: str, route: Route | None
        ) -> Future[EpisodeView]:
            return self._station.jobs.on_vault(
                episodes.save_summary,
                self._vault,
                episode_id,
                histories=histories,
                question=question,
                route=route,
            )

        def take_again(lesion_id: str, shot: ShotKind) -> None:
            lesion = next(one for one in view.lesions if one.id == lesion_id)
            self._ask(
                lambda opened: self._show_capture(opened, lesion, shot),
                episodes.take_more,
                episode_id,
            )

        def make_package(destination: Path) -> None:
            self._leaving.make_package(view, destination)

        page.edited.connect(
            lambda *texts: self._bridge.watch(keep(*texts), _ignore, self._shell.show_trouble)
        )
        page.retake_requested.connect(take_again)
        page.lesion_requested.connect(lambda: self._show_lesion(view, None))
        page.lesion_edit_requested.connect(
            lambda lesion_id: self._show_lesion(
                view, next(one for one in view.lesions if one.id == lesion_id)
            )
        )
        page.package_requested.connect(make_package)
        page.back_pressed.connect(self.home)
        self._shell.show_page(page, Step.SUMMARY)

    def _keep_draft(self, key: str, typed: dict[str, Any], episode_id: str | None = None) -> None:
        self._ask(_ignore, episodes.keep_draft, key, typed, episode_id)

    def _ask(
        self,
        then: Callable[[T], object],
        job: Callable[Concatenate[Vault, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run a workflow function on the open vault and go on with `then`, or say what failed."""
        future = self._station.jobs.on_vault(job, self._vault, *args, **kwargs)
        self._bridge.watch(future, then, self._refused)

    def _refused(self, trouble: StationError) -> None:
        self._shell.show_trouble(trouble)


def _ignore(_outcome: object) -> None:
    """Take an outcome that nobody waits for."""
