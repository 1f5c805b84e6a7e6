"""A copy for the patient in the real window: shown as a sheet, saved or printed, and recorded."""

from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.patient_copies import CopyForm
from dermstation.domain.records import new_id
from dermstation.domain.shots import ShotKind
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.patient_copy import flow, printing
from dermstation.ui.patient_copy.page import PatientCopyPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.system.printers import new_printer
from dermstation.workflow import episodes
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, take


def an_episode_with_pictures(signed_in) -> None:
    view = an_episode(signed_in)
    take(signed_in, view, ShotKind.GENERAL, ShotKind.CLOSEUP)
    episodes.finish_pictures(signed_in.vault, view.episode.id)


def at_the_copy(desk: Desk) -> PatientCopyPage:
    desk.set_up(an_episode_with_pictures)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    desk.page(SummaryPage).cards[0].copy.trigger()
    page = desk.page(PatientCopyPage)
    desk.until(page.primary.isEnabled)
    return page


def given(desk: Desk):
    (line,) = desk.in_vault(unfinished)
    return line.view.given_copies


def test_a_pdf_is_saved_with_the_password_shown_and_recorded(desk: Desk, tmp_path) -> None:
    page = at_the_copy(desk)
    page.forms[CopyForm.PDF].setChecked(True)
    before = page.password
    page.another.click()
    assert page.password != before
    page.save_wanted.emit(page.chosen, tmp_path / "picture.pdf", page.password)
    desk.said("saved and recorded")
    reader = PdfReader(tmp_path / "picture.pdf")
    assert reader.decrypt(page.password)
    (copy,) = given(desk)
    assert (copy.capture_id, copy.form) == (page.chosen, CopyForm.PDF)
    assert "PDF" in page._given_words.text()
    page.back.click()
    desk.page(SummaryPage)


def test_a_copy_that_cannot_be_recorded_is_taken_back(desk: Desk, tmp_path, monkeypatch) -> None:
    page = at_the_copy(desk)

    def refuse(*_args, **_kwargs):
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    monkeypatch.setattr(flow, "record_given", refuse)
    page.save_wanted.emit(page.chosen, tmp_path / "picture.pdf", page.password)
    desk.said("full")
    assert not (tmp_path / "picture.pdf").exists()
    assert page.primary.isEnabled()


def test_a_page_is_printed_and_recorded(desk: Desk, tmp_path, monkeypatch) -> None:
    page = at_the_copy(desk)
    printer = new_printer(printing.PRINTED_AS)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    monkeypatch.setattr(flow, "ask_printer", lambda *_: printer)
    list(page.choices.values())[1].setChecked(True)
    desk.until(page.primary.isEnabled)
    page.primary.click()
    desk.said("sent to the printer and recorded")
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == 1
    (copy,) = given(desk)
    assert (copy.capture_id, copy.form) == (page.chosen, CopyForm.PRINTED)


def test_nothing_is_printed_or_recorded_if_the_dialog_is_cancelled(desk: Desk, monkeypatch) -> None:
    page = at_the_copy(desk)
    monkeypatch.setattr(flow, "ask_printer", lambda *_: None)
    page.primary.click()
    assert given(desk) == ()
    assert page.notice.isHidden()


def test_a_lock_in_the_print_dialog_prints_nothing(desk: Desk, monkeypatch) -> None:
    page = at_the_copy(desk)

    def lock_meanwhile(*_):
        desk.window.lock()
        return new_printer(printing.PRINTED_AS)

    monkeypatch.setattr(flow, "ask_printer", lock_meanwhile)
    page.primary.click()
    desk.page(SignInPage)
    desk.sign_in()
    desk.page(SummaryPage)
    assert given(desk) == ()


def test_a_missing_printer_is_reported_and_the_pdf_is_offered(desk: Desk, monkeypatch) -> None:
    page = at_the_copy(desk)

    def none_here(*_):
        raise StationError(ErrorCode.PRINTER_ABSENT)

    monkeypatch.setattr(flow, "ask_printer", none_here)
    page.primary.click()
    assert "Save it as a PDF" in desk.said("no printer")


def test_a_picture_of_another_episode_is_never_gathered(desk: Desk) -> None:
    page = at_the_copy(desk)
    page.picture_chosen.emit(new_id())
    desk.said("consent")
    assert not page.primary.isEnabled()
