"""From the work list through patient, consent and lesion to the certificate.

Where an episode stands is never remembered here: after every step it is asked anew from what the
vault holds.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import StationError
from dermstation.domain.records import Certificate, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.ui.cameras.flow import CamerasFlow
from dermstation.ui.capture.flow import CaptureFlow
from dermstation.ui.card.flow import ImportFlow
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.flow import LeavingFlow
from dermstation.ui.home.flow import HomeFlow
from dermstation.ui.how_to.flow import HowToFlow
from dermstation.ui.lesion.flow import LesionFlow
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.parts.notice import Level
from dermstation.ui.patient.consent_flow import ConsentFlow
from dermstation.ui.patient.flow import PatientFlow
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.patient_copy.flow import PatientCopyFlow
from dermstation.ui.review.drawing_page import DrawingPage
from dermstation.ui.review.flow import ReviewFlow
from dermstation.ui.station.flow import AdministrationFlow
from dermstation.ui.summary.flow import SummaryFlow
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.summary.pathway_flow import PathwayFlow
from dermstation.workflow import viewing
from dermstation.workflow.notices import (
    EPISODE_LEFT,
    SAVE_FIRST,
    WIPE_RESUMED,
    reminder_words,
)
from dermstation.workflow.outstanding import Reminder, standing
from dermstation.workflow.station import Station
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, place_of


@dataclass(frozen=True, slots=True)
class Left:
    """What was on the screen when the station was locked."""

    episode_id: str | None = None
    at_patient_form: bool = False


class EpisodeFlow(QObject):
    """Lead an operator and an episode from page to page."""

    handed_over = Signal()  # by the record system

    def __init__(self, station: Station, shell: Shell, background: Background) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = Session(shell, background)
        self.capture = CaptureFlow(station, shell, background)
        self.capture.finished.connect(self._finish_pictures)
        self.capture.left.connect(self.home)
        self._consent = ConsentFlow(station, shell, self._session)
        self._consent.declined.connect(self.capture.forget)
        self._consent.recorded.connect(self.show_view)
        self._consent.back.connect(self._back_from_consent)
        self._pathway = PathwayFlow(station, shell, self._session)
        self._pathway.finished.connect(self.show_view)
        self._lesion = LesionFlow(station, shell, self._session)
        self._lesion.finished.connect(self.show_view)
        self._lesion.back.connect(self._back_from_lesion)
        self.capture.card_wanted.connect(self._show_card)
        self._cameras = CamerasFlow(station, shell, background)
        self._cameras.ended.connect(self.home)
        self._importing = ImportFlow(station, shell, background, self._session)
        self._importing.finished.connect(self.show_view)
        self._summary = SummaryFlow(station, shell, background, self._session)
        self._summary.retake_wanted.connect(self._show_capture)
        self._summary.lesion_wanted.connect(self._lesion.enter)
        self._review = ReviewFlow(station, shell, background, self._session)
        self._review.finished.connect(self.show_view)
        self._review.retake_wanted.connect(self._show_capture)
        self._summary.review_wanted.connect(self._review.enter)
        self._summary.history_wanted.connect(self._lesion.ask_history)
        self._summary.pathway_wanted.connect(self._pathway.enter)
        self._summary.consent_wanted.connect(self._consent.enter)
        self._summary.left.connect(self.home)
        self._leaving = LeavingFlow(station, shell, background, self._session)
        self._summary.package_wanted.connect(self._leaving.make_package)
        self._leaving.moved.connect(self.show_view)
        self._leaving.stopped.connect(self._return_to)
        self._leaving.ended.connect(self._go_on)
        self._patient = PatientFlow(station, shell, background, self._session)
        self._patient.opened.connect(self.show_view)
        self._patient.left.connect(self.home)
        self._patient.handed_over.connect(self.handed_over)
        self._administration = AdministrationFlow(station, shell, self._session)
        self._administration.ended.connect(self.home)
        self._home = self._make_home()
        self._wire_helpers(station, shell, background)
        self._to_show: list[Certificate] = []
        self._trouble: StationError | None = None
        self._reminder = Reminder()
        self._left = Left()

    def _make_home(self) -> HomeFlow:
        home = HomeFlow(self._station, self._shell, self._session, self._patient.formats)
        home.new_patient_wanted.connect(self._patient.new)
        home.scanned.connect(self._patient.new_scanned)
        home.opened.connect(self._open)
        home.abandoned.connect(self._leaving.abandon)
        home.retain_wanted.connect(self._leaving.ask_to_retain)
        home.taken_up.connect(self._leaving.take_up)
        home.cameras_wanted.connect(self._cameras.enter)
        home.station_wanted.connect(self._administration.show_menu)
        return home

    def _wire_helpers(self, station: Station, shell: Shell, background: Background) -> None:
        """Wire what stands beside the walk: the patient's copy, and the how-to."""
        self._copy = PatientCopyFlow(station, shell, background, self._session)
        self._copy.finished.connect(self._summary.enter)
        self._summary.copy_wanted.connect(self._copy.enter)
        self._how_to = HowToFlow(station, shell)
        self._how_to.ended.connect(self.home)
        self._home.how_to_wanted.connect(self._how_to.enter)
        self._administration.how_to_wanted.connect(self._how_to.enter)

    def begin(self, signed_in: SignedIn, left: Left | None = None) -> None:
        """Take over after sign-in: what was finished at the opening, the place left, the list."""
        self._session.begin(signed_in)
        self._to_show = list(signed_in.resumed.certificates)
        self._trouble = signed_in.resumed.trouble
        self._reminder = signed_in.reminder
        self._left = left or Left()
        self._patient.begin()
        self._go_on()

    def lock(self) -> Left:
        """Leave every page; return what was open. A held frame stays in memory."""
        page = self._shell.page
        self._flush_draft()
        certificate = self._leaving.certificate_shown
        left = Left(
            certificate.episode_id if certificate else self._shell.episode_id,
            at_patient_form=isinstance(page, PatientPage) and not page.is_handed,
        )
        self.stop()
        return left

    def change_patient(self) -> None:
        """Close the open episode where it is, and show the list; nothing of it is lost."""
        if self._shell.episode_id is None or isinstance(self._shell.page, BusyPage):
            return
        if self.capture.waiting is not None:
            self._shell.show_words(Level.WARN, SAVE_FIRST)
            return
        self._flush_draft()
        self._shell.carry(Level.INFO, EPISODE_LEFT)
        self.home()

    def _flush_draft(self) -> None:
        page = self._shell.page
        if isinstance(page, LesionPage | HistoryPage | SummaryPage | DrawingPage) or (
            isinstance(page, PatientPage) and not page.is_handed
        ):
            page.flush_draft()

    def stop(self) -> None:
        """Let go of operator, vault and camera, whatever is on the screen."""
        self.capture.leave()
        self._importing.leave()
        self._review.leave()
        self._cameras.leave()
        self._copy.leave()
        self._station.viewfinder.close()
        self._shell.drop_carried()
        self._patient.end()
        self._session.end()
        self._leaving.forget()
        self._to_show = []

    def home(self) -> None:
        """Show the work list."""
        self.capture.leave()
        self.capture.forget()
        self._review.leave()
        self._station.viewfinder.close()
        self._shell.show_patient(None)
        self._patient.watch_over(None)
        self._home.enter()

    def show_view(self, view: EpisodeView) -> None:
        """Show the page at which the episode stands."""
        place = place_of(view)
        self._shell.show_patient(view)
        self._patient.watch_over(view)
        if self._show_waiting(view):
            return
        match place.step:
            case Step.CONSENT:
                self._consent.enter(view)
            case Step.LESION:
                self._lesion.enter(view, None)
            case Step.PICTURES if place.lesion and place.shot:
                self._show_capture(view, place.lesion, place.shot)
            case Step.SUMMARY:
                self._finish_pictures(view)
            case _:
                self.capture.leave()
                self._station.viewfinder.close()
                self._leaving.show_hand_over(view)

    def _show_waiting(self, view: EpisodeView) -> bool:
        """Go on with the picture that a lock kept from being saved, if it is of this episode."""
        waiting = self.capture.waiting
        if waiting is None or not view.pictures_wanted:
            return False
        for lesion in view.lesions:
            if lesion.id == waiting.lesion.id:
                self._show_capture(view, lesion, waiting.shot)
                return True
        return False

    def _go_on(self) -> None:
        """Show the next certificate that waits, then the place that was left, then the list."""
        if self._to_show:
            self._shell.carry(Level.INFO, WIPE_RESUMED)
            self._leaving.show_certificate(self._to_show.pop(0))
            return
        if self._trouble is not None:
            self._shell.carry_trouble(self._trouble)
        elif self._left.episode_id is not None and self._reminder.not_handed_over > 1:
            words = reminder_words(self._reminder, leaving=False)
            if words is not None:
                self._shell.carry(Level.INFO, words)
        self._reminder = Reminder()
        left, self._left, self._trouble = self._left, Left(), None
        if left.at_patient_form:
            self._patient.new()
        elif left.episode_id is not None:
            self._return_to(left.episode_id)
        else:
            self.home()

    def _return_to(self, episode_id: str) -> None:
        """Show where an episode stands now, whatever was known of it before."""

        def show(found: EpisodeView | Certificate | None) -> None:
            if isinstance(found, Certificate):
                self._leaving.show_certificate(found)
            elif found is not None:
                self.show_view(found)
            else:
                self.home()

        def failed(trouble: StationError) -> None:
            self._shell.carry_trouble(trouble)
            self.home()

        self._session.on_vault(standing, episode_id).then(show).otherwise(failed)

    def _open(self, episode_id: str) -> None:
        self._session.on_vault(viewing.view_of, episode_id).then(self.show_view)

    def _back_from_consent(self, view: EpisodeView) -> None:
        if view.lesions:
            self.show_view(view)
        else:
            self.home()

    def _back_from_lesion(self, view: EpisodeView) -> None:
        if view.lesions:
            self.show_view(view)
        else:
            self._consent.enter(view)

    def _show_capture(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        session = self._session
        self.capture.enter(session.vault, session.operator, view, lesion, shot)

    def _show_card(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        self.capture.leave()
        self._station.viewfinder.close()  # its light goes out while nobody looks
        self._importing.enter(view, lesion, shot)

    def _finish_pictures(self, view: EpisodeView) -> None:
        self.capture.leave()
        self._station.viewfinder.close()
        self._summary.enter(view)
