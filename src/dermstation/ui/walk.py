"""The walk from the work list through patient, consent and lesion to the certificate.

`Walk.go` maps each place to the room that shows it. The position of an episode is never remembered
here: after every step it is derived again from the vault.
"""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.records import Certificate, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.ui.cameras.flow import CamerasFlow
from dermstation.ui.capture.flow import CaptureFlow
from dermstation.ui.card.flow import CardFlow
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.places import Place
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.flow import HandOverFlow
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
from dermstation.ui.station.flow import StationFlow
from dermstation.ui.summary.flow import SummaryFlow
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.summary.pathway_flow import PathwayFlow
from dermstation.workflow.notices import (
    EPISODE_LEFT,
    SAVE_FIRST,
    WIPE_RESUMED,
    reminder_words,
)
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.station import Station
from dermstation.workflow.succession import Left
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, place_of


class Walk(QObject):
    """The walk that takes an operator and an episode from place to place."""

    def __init__(self, station: Station, shell: Shell, background: Background) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session = Session(shell, background)
        go = self.go
        self.capture = CaptureFlow(station, shell, background, go)
        self.patient = PatientFlow(station, shell, background, session, go)
        self._cameras = CamerasFlow(station, shell, background, session, go)
        self._card = CardFlow(station, shell, background, session, go)
        self._consent = ConsentFlow(station, shell, session, go, self.capture.forget)
        self._copy = PatientCopyFlow(station, shell, background, session, go)
        self._hand_over = HandOverFlow(station, shell, background, session, go)
        self._home = HomeFlow(station, shell, session, self.patient.formats, go)
        self.patient.unread.count_changed.connect(self._home.show_unread)
        self._how_to = HowToFlow(station, shell, go)
        self._lesion = LesionFlow(station, shell, session, go)
        self._pathway = PathwayFlow(station, shell, session, go)
        self._review = ReviewFlow(station, shell, background, session, go)
        self._station_menu = StationFlow(station, shell, background, session, go)
        self._summary = SummaryFlow(station, shell, background, session, go)
        self._to_show: list[Certificate] = []
        self._trouble: StationError | None = None
        self._reminder = Reminder()
        self._left = Left()
        self.before_home: Callable[[], bool] = lambda: False  # return True: somebody else shows it

    def go(self, place: Place) -> None:  # noqa: C901, PLR0912, PLR0915 - one line a place
        """Show a place. Only this function knows which room shows it."""
        match place:
            case places.Home():
                self._show_home()
            case places.Onward():
                self._go_on()
            case places.Standing(view):
                self._show_standing(view)
            case places.PatientForm(scanned):
                self.patient.new(scanned)
            case places.UnreadPatientFiles():
                self.patient.unread.enter()
            case places.Expected():
                self.patient.worklist.enter()
            case places.Consent(view):
                self._consent.enter(view)
            case places.Site(view, lesion):
                self._lesion.enter(view, lesion)
            case places.History(view, lesion):
                self._lesion.ask_history(view, lesion)
            case places.Pictures(view, lesion, shot):
                self._show_pictures(view, lesion, shot)
            case places.Card(view, lesion, shot):
                self._rest_camera()  # its light goes off while it is not needed
                self._card.enter(view, lesion, shot)
            case places.Summary(view):
                self._rest_camera()
                self._summary.enter(view)
            case places.Review(view, lesion, shot):
                self._rest_camera()
                self._review.enter(view, lesion, shot)
            case places.Pathway(view):
                self._pathway.enter(view)
            case places.PatientCopy(view):
                self._copy.enter(view)
            case places.Packing(view, folder, options):
                self._hand_over.make_package(view, folder, options)
            case places.Retaining(episode_id):
                self._hand_over.ask_to_retain(episode_id)
            case places.Abandoning(episode_id):
                self._hand_over.abandon(episode_id)
            case places.Cameras():
                self._cameras.enter()
            case places.CertificateOf(certificate, wiped_by):
                self._hand_over.show_certificate(certificate, wiped_by)
            case places.SettingsForm():
                self._station_menu.ask_settings()
            case places.Operators():
                self._station_menu.show_operators()
            case places.Backup():
                self._station_menu.show_backup()
            case places.StationMenu():
                self._station_menu.show_menu()
            case places.HowTo():
                self._how_to.enter()
            case _:
                assert_never(place)

    def begin(self, signed_in: SignedIn, left: Left | None = None) -> None:
        """Start after sign-in: finished wipes first, then the place left or the work list."""
        self._session.begin(signed_in)
        self._to_show = list(signed_in.resumed.certificates)
        self._trouble = signed_in.resumed.trouble
        self._reminder = signed_in.reminder
        self._left = left or Left()
        self.patient.begin()
        self._hand_over.archive.begin()
        self._go_on()

    def lock(self) -> Left:
        """Leave the current page and return what was open. A held frame stays in memory."""
        page = self._shell.page
        self._flush_draft()
        certificate = self._hand_over.certificate_shown
        left = Left(
            certificate.episode_id if certificate else self._shell.episode_id,
            at_patient_form=isinstance(page, PatientPage) and not page.is_incoming,
        )
        self.stop()
        return left

    def leave_for_work_list(self) -> None:
        """Close the open episode where it is and show the work list; nothing is lost."""
        if self._shell.episode_id is None or isinstance(self._shell.page, BusyPage):
            return
        if self.capture.waiting is not None:
            self._shell.show_words(Level.WARN, SAVE_FIRST)
            return
        self._flush_draft()
        self._shell.carry(Level.INFO, EPISODE_LEFT)
        self._show_home()

    def _flush_draft(self) -> None:
        page = self._shell.page
        if isinstance(page, LesionPage | HistoryPage | SummaryPage | DrawingPage) or (
            isinstance(page, PatientPage) and not page.is_incoming
        ):
            page.flush_draft()

    def stop(self) -> None:
        """Release operator, vault and camera, whatever is on the screen."""
        self.capture.leave()
        self._card.leave()
        self._review.leave()
        self._cameras.leave()
        self._copy.leave()
        self._station.viewfinder.close()
        self._shell.drop_carried()
        self.patient.end()
        self._session.end()
        self._hand_over.forget()
        self._to_show = []

    def _show_home(self) -> None:
        self._rest_camera()
        self.capture.forget()
        self._review.leave()
        self._shell.show_patient(None)
        self.patient.watch_over(None)
        if not self.before_home():
            self._home.enter()

    def _show_standing(self, view: EpisodeView) -> None:
        """Show the page at which the episode is."""
        self._shell.show_patient(view)
        self.patient.watch_over(view)
        if self._show_waiting(view):
            return
        place = place_of(view)
        match place.step:
            case Step.CONSENT:
                self._consent.enter(view)
            case Step.LESION:
                self._lesion.enter(view, None)
            case Step.PICTURES if place.lesion and place.shot:
                self._show_pictures(view, place.lesion, place.shot)
            case Step.SUMMARY:
                self.go(places.Summary(view))
            case _:
                self._rest_camera()
                self._hand_over.show_hand_over(view)

    def _show_pictures(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        session = self._session
        self.capture.enter(session.vault, session.operator, view, lesion, shot)

    def _rest_camera(self) -> None:
        self.capture.leave()
        self._station.viewfinder.close()

    def _show_waiting(self, view: EpisodeView) -> bool:
        """Resume with the picture that was unsaved at the lock, if it is of this episode."""
        waiting = self.capture.waiting
        if waiting is None or not view.pictures_wanted:
            return False
        for lesion in view.lesions:
            if lesion.id == waiting.lesion.id:
                self._show_pictures(view, lesion, waiting.shot)
                return True
        return False

    def _go_on(self) -> None:
        """Show the next waiting certificate, or else the place that was left, or else the list."""
        if self._to_show:
            self._shell.carry(Level.INFO, WIPE_RESUMED)
            self._hand_over.show_certificate(self._to_show.pop(0))
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
            self.patient.new()
        elif left.episode_id is not None:
            self._hand_over.return_to(left.episode_id)
        else:
            self._show_home()
