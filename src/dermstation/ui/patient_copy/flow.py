"""The patient's copy: choose a picture, see it as a sheet, print or save it, and record that.

A file is recorded after it has been written and read back. A printed page is recorded before it
goes to the printer, because it cannot be recalled from there.
"""

from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.patient_copies import CopyForm
from dermstation.handover.patient_pdf import remove_patient_pdf
from dermstation.handover.sealing import new_passphrase
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.patient_copy.page import SHEET_PX, PatientCopyPage
from dermstation.ui.patient_copy.printing import (
    PRINTED_AS,
    print_sheet,
    sheet_image,
    sheet_pdf,
)
from dermstation.ui.system.printers import ask_printer
from dermstation.workflow.capturing import Previews, previews
from dermstation.workflow.patient_copy import (
    CopySheet,
    gather_sheet,
    given_words,
    offered,
    record_given,
    save_sheet,
)
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

_PRINTED = "The copy has been sent to the printer and recorded."
_SAVED = "The copy has been saved and recorded. Give the patient the password now."


class PatientCopyFlow(QObject):
    """The flow that gives copies of one episode's pictures."""

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
        self._sheet: CopySheet | None = None

    def enter(self, view: EpisodeView) -> None:
        """Show the pictures that the patient can have a copy of."""
        self._session.on_vault(previews, view).then(lambda found: self._show(view, found))

    def leave(self) -> None:
        """Release the sheet."""
        self._sheet = None

    def _show(self, view: EpisodeView, found: Previews) -> None:
        self._sheet = None
        page = PatientCopyPage(offered(view), found.pictures, new_passphrase, given_words(view))
        page.picture_chosen.connect(lambda name: self._gather(page, view.episode.id, name))
        page.print_wanted.connect(lambda name: self._print(page, view.episode.id, name))
        page.save_wanted.connect(
            lambda name, path, password: self._save(page, view.episode.id, name, path, password)
        )
        page.back_pressed.connect(self.leave)
        page.back_pressed.connect(lambda: self._go(places.Summary(view)))
        self._shell.show_page(page, Step.SUMMARY)
        self._gather(page, view.episode.id, page.chosen)

    def _gather(self, page: PatientCopyPage, episode_id: str, capture_id: str) -> None:
        settings = self._station.settings
        self._sheet = None
        page.show_sheet(None)

        def show(sheet: CopySheet) -> None:
            if page is self._shell.page and page.chosen == capture_id:
                self._sheet = sheet
                page.show_sheet(sheet_image(sheet, SHEET_PX))

        self._session.on_vault(
            gather_sheet,
            self._session.operator,
            episode_id,
            capture_id,
            practice=settings.practice_name,
            own_words=settings.patient_copy_words,
        ).then(show)

    def _print(self, page: PatientCopyPage, episode_id: str, capture_id: str) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        try:
            printer = ask_printer(page.window(), PRINTED_AS)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        if printer is None or page is not self._shell.page:  # locked while the dialog was open
            return

        def go_on(view: EpisodeView) -> None:
            try:
                print_sheet(printer, sheet)
            except StationError as trouble:
                page.show_busy("")
                page.show_given(given_words(view))
                self._shell.show_trouble(trouble)
            else:
                self._done(view, _PRINTED)

        self._session.submit(
            record_given, self._session.operator, episode_id, capture_id, CopyForm.PRINTED
        ).then(go_on)

    def _save(
        self, page: PatientCopyPage, episode_id: str, capture_id: str, path: Path, password: str
    ) -> None:
        sheet = self._sheet
        if sheet is None:
            return

        def refuse(trouble: StationError) -> None:
            page.show_busy("")
            self._shell.show_trouble(trouble)

        def record(place: Path) -> None:
            def take_back(trouble: StationError) -> None:
                remove_patient_pdf(place)  # nothing may be given that is not recorded
                refuse(trouble)

            recording = self._session.on_vault(
                record_given, self._session.operator, episode_id, capture_id, CopyForm.PDF
            )
            recording.then(lambda view: self._done(view, _SAVED)).otherwise(take_back)

        page.show_busy("Saving\u2026")
        writing = self._background.on_worker(
            save_sheet,
            self._session.operator,
            sheet_pdf(sheet),
            path,
            password,
            network_allowed=self._station.settings.network_folders_allowed,
        )
        writing.then(record).otherwise(refuse)

    def _done(self, view: EpisodeView, words: str) -> None:
        page = self._shell.page
        if isinstance(page, PatientCopyPage):
            page.show_busy("")
            page.show_given(given_words(view))
        self._shell.show_done(words)
