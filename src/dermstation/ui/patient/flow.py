"""Identify the patient: typed, scanned or sent by the record system (incoming); then confirm.

An incoming patient is offered only if no other patient's episode is open; otherwise they are
refused. GUI thread; another thread looks for the files.
"""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.settings import Settings
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.patient.page import EXPECTED_INTRO, PatientPage
from dermstation.ui.patient.readings_page import ReadingsPage
from dermstation.ui.patient.unread_flow import UnreadFlow
from dermstation.ui.patient.worklist_flow import WorklistFlow
from dermstation.ui.system.timers import timer
from dermstation.workflow import admission, episodes, unfinished_entry
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import PATIENT_WAITS, SAME_PATIENT
from dermstation.workflow.patient_file import PatientReadings
from dermstation.workflow.patient_inbox import IncomingPatient, NotRead, Stamp
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step
from dermstation.workflow.worklist import ExpectedPatient

LOOK_EVERY_MS = 700


class PatientFlow(QObject):
    """The flow that shows the form or an incoming patient, and opens the patient's episode."""

    incoming_shown = Signal()

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
        self.formats = _formats(station.settings)
        self._inbox = station.patient_inbox()
        self.unread = UnreadFlow(shell, background, session, self._inbox.unread, go)
        self.worklist = WorklistFlow(station, shell, background, go, self._ask_about_expected)
        self._view: EpisodeView | None = None
        self._told: set[Stamp] = set()  # incoming patients the operator was told about
        self._timer = timer(self, LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """Start looking for incoming patients."""
        self._timer.start()

    def end(self) -> None:
        """Stop looking for incoming patients; those not yet seen wait."""
        self._timer.stop()
        self._told.clear()
        self._view = None

    def watch_over(self, view: EpisodeView | None) -> None:
        """Refuse other incoming patients while this episode is open; None if no episode is open."""
        self._view = view
        if view is None:
            self._told.clear()

    def new(self, scanned: Mapping[str, str] | None = None) -> None:
        """Show an empty form that offers an unfinished entry, or one with what a scanner read."""
        if scanned is not None:
            self._new_scanned(scanned)
            return
        self._session.on_vault(unfinished_entry.find).then(self._show_empty_form)

    def _show_empty_form(self, left: unfinished_entry.UnfinishedEntry | None) -> None:
        page = self._show_form({})
        if left is None:
            return
        offer = page.unfinished
        offer.use.clicked.connect(lambda: page.load_draft(left.typed))
        offer.clear.clicked.connect(lambda: self._session.on_vault(unfinished_entry.clear))
        offer.show_entry(left.author, left.at)

    def _new_scanned(self, fields: Mapping[str, str]) -> None:
        """Show the form with what a scanner read; the patient is still to be confirmed.

        It replaces a half-typed form of somebody else, so that details of two patients never mix.
        """
        page = self._show_form(fields)
        page.take_scanned()

    def _show_form(self, draft: Mapping[str, str]) -> PatientPage:
        page = self._make_page()
        page.load_draft(draft)
        page.edited.connect(self._keep)
        page.back_pressed.connect(page.flush_draft)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        page.confirmed.connect(lambda *typed: self._admit(episodes.TypedPatient(*typed), None))
        self._shell.show_page(page, Step.PATIENT)
        return page

    def _show_incoming(self, incoming: IncomingPatient) -> None:
        if isinstance(incoming.patient, PatientReadings):
            self._ask_how_written(incoming, incoming.patient)
        else:
            self._ask_about(incoming, incoming.patient)

    def _ask_how_written(self, incoming: IncomingPatient, readings: PatientReadings) -> None:
        page = ReadingsPage(readings)
        page.chosen.connect(lambda patient: self._ask_about(incoming, patient))
        page.none.clicked.connect(lambda: self._type_name(incoming, readings.choices[0].patient))
        page.back_pressed.connect(lambda: self._decline(incoming))
        self.incoming_shown.emit()
        self._shell.show_page(page, Step.PATIENT)

    def _type_name(self, incoming: IncomingPatient, patient: episodes.TypedPatient) -> None:
        """Show the form with everything but the name, which could not be read."""
        born = patient.born_on
        self._remove(incoming)
        self._show_form(
            {
                "nhs_number": str(patient.nhs_number),
                "born_on": f"{born.day:02}/{born.month:02}/{born.year}",
            }
        )

    def _ask_about(self, incoming: IncomingPatient, patient: episodes.TypedPatient) -> None:
        page = self._make_page()
        page.ask_about_incoming(patient)
        page.confirmed.connect(
            lambda *facts: self._admit(replace(patient, sex=facts[-1]), incoming)
        )
        page.declined.connect(lambda: self._decline(incoming))
        page.back_pressed.connect(lambda: self._decline(incoming))
        self.incoming_shown.emit()
        self._shell.show_page(page, Step.PATIENT)

    def _ask_about_expected(self, one: ExpectedPatient) -> None:
        """Ask whether somebody of the worklist is in the room; complete what it does not say."""
        patient = one.patient
        if patient is None:
            self._show_form(one.typed)
            return
        page = self._make_page()
        page.ask_about_incoming(patient, EXPECTED_INTRO)
        page.confirmed.connect(lambda *facts: self._admit(replace(patient, sex=facts[-1]), None))
        page.declined.connect(lambda: self._go(places.Expected()))
        page.back_pressed.connect(lambda: self._go(places.Expected()))
        self._shell.show_page(page, Step.PATIENT)

    def _make_page(self) -> PatientPage:
        return PatientPage(
            lambda trouble: str(message_for(trouble)),
            formats=self.formats,
            check_number=lambda number: admission.check_range(
                number, made_up=self._station.made_up_patients
            ),
        )

    def _keep(self, typed: dict[str, str]) -> None:
        self._session.on_vault(unfinished_entry.keep, self._session.operator, typed)

    def _admit(self, confirmed: episodes.TypedPatient, incoming: IncomingPatient | None) -> None:
        def admitted(view: EpisodeView) -> None:
            if incoming is not None:
                self._remove(incoming)
            self._go(places.Standing(view))

        self._session.submit(
            admission.admit,
            self._session.operator,
            confirmed,
            made_up=self._station.made_up_patients,
        ).then(admitted)

    def _decline(self, incoming: IncomingPatient) -> None:
        self._remove(incoming)
        self._go(places.Home())

    def _remove(self, incoming: IncomingPatient) -> None:
        self._background.on_worker(self._inbox.remove, incoming, self._session.operator)

    def _look(self) -> None:
        looking = self._inbox.start_look()
        if looking is not None:
            self._background.watch(looking).then(self._on_found)

    def _on_found(self, found: IncomingPatient | NotRead | None) -> None:
        self.unread.update_count()
        if isinstance(found, NotRead):
            self._shell.show_trouble(found.trouble)
        elif found is not None and self._shell.episode_id is not None:
            self._compare(found)
        elif found is not None and isinstance(self._shell.page, PatientPage):
            self._show_beside_form(self._shell.page, found)
        elif found is not None and self._shell.page is not None:
            self._show_over(self._shell.page, found)

    def _show_over(self, page: Page, incoming: IncomingPatient) -> None:
        """Show the incoming patient in place of the work list; after a wipe, go there first.

        Who waited while another episode was open waits on, so that the certificate can be read.
        """
        if page.gives_way:
            self._show_incoming(incoming)
        elif page.is_over and not _is_read(page) and incoming.stamp not in self._told:
            self._go(places.Onward())  # as "Finish" does; the next look finds the patient again

    def _compare(self, incoming: IncomingPatient) -> None:
        """Compare an incoming patient with the open episode: accept the same, refuse another."""
        if self._view is not None and _may_be(self._view, incoming):
            self._remove(incoming)
            self._shell.show_words(Level.INFO, SAME_PATIENT)
        elif incoming.stamp not in self._told:
            self._told.add(incoming.stamp)
            self._shell.show_trouble(StationError(ErrorCode.PATIENT_FILE_OTHER))

    def _show_beside_form(self, page: PatientPage, incoming: IncomingPatient) -> None:
        """Show the incoming patient only if nothing is typed and nobody is being confirmed."""
        if not page.confirming and page.is_empty:
            self._show_incoming(incoming)
        elif incoming.stamp not in self._told and not page.is_incoming:
            self._told.add(incoming.stamp)
            self._shell.show_words(Level.INFO, PATIENT_WAITS)


def _is_read(page: Page) -> bool:
    """Return whether somebody has to read a message, or answers a dialog."""
    return bool(page.notice.words) or QApplication.activeModalWidget() is not None


def _may_be(view: EpisodeView, incoming: IncomingPatient) -> bool:
    """Return whether the incoming patient, read in one way, is the patient of the episode."""
    found = incoming.patient
    if isinstance(found, PatientReadings):
        return any(admission.is_same_patient(view, one.patient) for one in found.choices)
    return admission.is_same_patient(view, found)


def _formats(settings: Settings) -> BarcodeFormats:
    """Return the scanner's formats; formats that cannot be used fall back to the defaults."""
    try:
        return BarcodeFormats.parse(settings.barcode_formats)
    except StationError:
        return BarcodeFormats.parse(Settings().barcode_formats)
