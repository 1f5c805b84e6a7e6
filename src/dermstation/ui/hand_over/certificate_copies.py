"""Copies of a certificate: saved as a PDF, or printed. It names no patient. GUI thread."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.system.printers import ask_printer, print_pages
from dermstation.workflow import wiping
from dermstation.workflow.station import Station

PRINTED_AS = "Certificate of wipe"


class CertificateCopies(QObject):
    """The flow that saves or prints the certificate on the page."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, session: Session
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session

    def enter(self, page: CertificatePage, certificate: Certificate, wiped_by: str) -> None:
        """Answer the page's buttons."""
        page.save_requested.connect(partial(self._save, certificate, wiped_by))
        page.print_requested.connect(lambda: self._print(page, certificate, wiped_by))

    def _save(self, certificate: Certificate, wiped_by: str, path: Path) -> None:
        self._background.on_worker(
            wiping.save_certificate,
            self._session.operator,
            certificate,
            path,
            self._station.settings.practice_name,
            wiped_by=wiped_by,
        ).then(lambda _: self._shell.show_done("The certificate has been saved."))

    def _print(self, page: CertificatePage, certificate: Certificate, wiped_by: str) -> None:
        try:
            printer = ask_printer(page.window(), PRINTED_AS)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        if printer is None or page is not self._shell.page:  # locked while the dialog was open
            return
        self._background.on_worker(
            wiping.printed_certificate,
            self._session.operator,
            certificate,
            self._station.settings.practice_name,
            wiped_by=wiped_by,
        ).then(partial(self._send, printer))

    def _send(self, printer: QPrinter, pages: tuple[bytes, ...]) -> None:
        if print_pages(printer, pages):
            self._shell.show_done("The certificate has been sent to the printer.")
        else:
            self._shell.show_trouble(StationError(ErrorCode.CERTIFICATE_NOT_PRINTED))
