"""Copies of a certificate: saved or printed whole, or a word that it was not."""

from dataclasses import replace

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter

from dermstation.domain.records import WipedItem
from dermstation.handover.pdf_certificate import certificate_pages
from dermstation.ui.frame import places
from dermstation.ui.hand_over import certificate_copies
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.system.printers import new_printer
from tests.ui.conftest import make_certificate
from tests.ui.hand_over.test_flow import at_the_hand_over, tick_all


def test_a_certificate_that_cannot_be_saved_says_so_and_stays(desk, tmp_path) -> None:
    page = at_the_hand_over(desk)
    tick_all(page)
    desk.press(page)
    certificate = desk.page(CertificatePage)
    certificate.save_requested.emit(tmp_path / "gone" / "certificate.pdf")
    desk.said("could not be saved there", "station keeps it")
    certificate.save_requested.emit(tmp_path / "certificate.pdf")
    desk.said("certificate has been saved")
    assert (tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.qt_log_ignore("Returned false", "propagateSizeHints", extend=True)
def test_a_certificate_is_printed_whole_or_says_that_it_was_not(
    desk, tmp_path, monkeypatch
) -> None:
    desk.set_up()
    desk.open()
    desk.sign_in()
    desk.page(HomePage)
    items = tuple(
        WipedItem("package file", f"{n:032x}", "0" * 64, "overwritten", True) for n in range(90)
    )
    certificate = replace(make_certificate(), items=items)
    desk.window.walk.go(places.CertificateOf(certificate, "Test Nurse"))
    page = desk.page(CertificatePage)
    for place in ("gone/printed.pdf", "printed.pdf"):
        printer = new_printer("Certificate of wipe")
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / place))
        monkeypatch.setattr(certificate_copies, "ask_printer", lambda *_, printer=printer: printer)
        page.print_requested.emit()
        gone = place.startswith("gone")
        desk.said("did not take" if gone else "has been sent to the printer")
    printed = PdfReader(tmp_path / "printed.pdf").pages
    assert len(printed) == len(certificate_pages(certificate, "Test Nurse")) > 1
