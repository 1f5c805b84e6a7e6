"""The patient page checks details as they are typed, and confirms before anything is opened."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber, Sex
from dermstation.settings import Settings
from dermstation.ui.parts.text import day_words
from dermstation.ui.patient.page import PatientPage
from dermstation.workflow.episodes import TypedPatient

TYPED = {
    "nhs_number": "9990000018",
    "family_name": "Patient-One",
    "given_name": "Test",
    "born_on": "03/09/1958",
}


def words(error: StationError) -> str:
    return f"words for {error.code.value}"


@pytest.fixture
def page(qtbot) -> PatientPage:
    page = PatientPage(words, lambda: date(2026, 9, 4))
    qtbot.addWidget(page)
    page.resize(1366, 600)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.fields["nhs_number"].edit.hasFocus)
    return page


def test_the_keyboard_alone_leads_to_a_confirmed_patient(page, qtbot) -> None:
    for text in TYPED.values():
        QTest.keyClicks(QApplication.focusWidget(), text)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    with qtbot.assertNotEmitted(page.confirmed):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.confirming
    with qtbot.waitSignal(page.confirmed) as confirmed:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    number, family, given, born_on, sex = confirmed.args
    assert sex is Sex.NOT_RECORDED
    assert number == NhsNumber("9990000018")
    assert (family, given, born_on) == ("Patient-One", "Test", date(1958, 9, 3))


def test_the_confirmation_shows_everything_that_tells_patients_apart(page) -> None:
    page.load_draft(TYPED)
    page.primary.click()
    assert page._name.text() == "PATIENT-ONE, Test"
    assert page._born.text() == "Born 03-Sep-1958, 68 years old"
    assert page._number.text() == "NHS 999 000 0018"
    assert page.windowTitle() == "Is this the patient in front of you?"


def test_a_scanned_number_leaves_the_name_of_its_barcode_behind(qtbot) -> None:
    formats = BarcodeFormats.parse(Settings().barcode_formats)
    page = PatientPage(words, lambda: date(2026, 9, 4), formats=formats)
    qtbot.addWidget(page)
    page.fields["nhs_number"].edit.insert("]C19990000018")
    page.primary.click()
    assert page.fields["nhs_number"].text() == "999 000 0018"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("nhs_number", "9990000019", "nhs_number_check_digit"),
        ("nhs_number", "123", "nhs_number_length"),
        ("family_name", "T3st", "name_characters"),
        ("given_name", "=+", "name_characters"),
        ("born_on", "31/02/1958", "birth_date_format"),
        ("born_on", "05/09/2026", "birth_date_future"),
    ],
)
def test_leaving_a_wrong_field_says_why_under_it(page, name, text, code) -> None:
    field = page.fields[name]
    field.edit.setFocus()
    QTest.keyClicks(field.edit, text)
    QTest.keyClick(field.edit, Qt.Key.Key_Tab)
    assert field.error == f"words for {code}"


def test_what_is_pasted_from_a_record_is_taken(page) -> None:
    pasted = (
        "NHS No. \u202d999 000 0018\u202c",
        "O\u00b4Test\u200b",
        "Test\u2013Ann",
        "3 Sep 1958",
    )
    for field, text in zip(page.fields.values(), pasted, strict=True):
        field.edit.setFocus()
        QApplication.clipboard().setText(text)
        field.edit.paste()
    page.primary.click()
    assert page.confirming
    assert page._name.text() == "O'TEST, Test-Ann"
    assert page._born.text() == "Born 03-Sep-1958, 68 years old"


def test_a_scan_that_cannot_be_understood_is_said(qtbot) -> None:
    formats = BarcodeFormats.parse(Settings().barcode_formats)
    page = PatientPage(words, lambda: date(2026, 9, 4), formats=formats)
    qtbot.addWidget(page)
    page.fields["nhs_number"].edit.insert("9990000018^Patient-One^Test")
    page.primary.click()
    assert page.fields["nhs_number"].error == "words for scan_not_known"
    assert not page.confirming


def test_passing_an_empty_field_is_no_error_but_continuing_is(page, qtbot) -> None:
    QTest.keyClick(page.fields["nhs_number"].edit, Qt.Key.Key_Tab)
    assert page.fields["nhs_number"].error == ""
    with qtbot.assertNotEmitted(page.confirmed):
        page.primary.click()
    assert not page.confirming
    assert all(field.error for field in page.fields.values())
    assert page.fields["nhs_number"].edit.hasFocus()


def test_details_can_be_changed_before_confirming(page, qtbot) -> None:
    page.load_draft(TYPED)
    page.primary.click()
    page._change.click()
    assert not page.confirming
    assert page.fields["family_name"].text() == "Patient-One"


def test_what_is_typed_is_emitted_for_the_draft(page, qtbot) -> None:
    with qtbot.waitSignal(page.edited) as edited:
        QTest.keyClicks(page.fields["nhs_number"].edit, "999")
    assert edited.args[0]["nhs_number"] == "999"
    assert set(edited.args[0]) == {*TYPED, "sex"}


def test_a_draft_comes_back_as_it_was(page, qtbot) -> None:
    with qtbot.assertNotEmitted(page.edited):
        page.load_draft(TYPED)
        page.flush_draft()
    with qtbot.waitSignal(page.edited) as edited:
        page.sex.choice.activated.emit(0)
        page.flush_draft()
    assert edited.args[0] == {**TYPED, "sex": "not_recorded"}


def test_an_unfinished_entry_is_offered_until_somebody_types(page) -> None:
    typed_at = datetime.now().astimezone()
    page.unfinished.show_entry("Test Nurse", typed_at)
    assert f"{typed_at:%H:%M} by Test Nurse" in page.unfinished.use.accessibleName()
    assert page.is_empty
    QTest.keyClicks(page.fields["nhs_number"].edit, "9")
    assert page.unfinished.isHidden()


def test_an_unfinished_entry_of_another_day_says_which(page) -> None:
    typed_at = datetime(2026, 9, 4, 1, 24, tzinfo=UTC).astimezone()
    page.unfinished.show_entry("", typed_at)
    words = f"Unfinished entry from {day_words(typed_at.date())} {typed_at:%H:%M}"
    assert page.unfinished.clear.accessibleName() == f"Clear: {words}"
    page.unfinished.show_entry("", None)
    assert page.unfinished.clear.accessibleName() == "Clear: Unfinished entry"


def test_no_window_title_names_the_patient(page) -> None:
    page.load_draft(TYPED)
    page.primary.click()
    assert "PATIENT" not in page.windowTitle().upper().replace("THE PATIENT", "")


def test_an_incoming_patient_is_confirmed_after_a_moment(page, qtbot) -> None:
    number, born_on = NhsNumber("9990000018"), date(1958, 9, 3)
    page.ask_about_incoming(TypedPatient(number, "Patient-One", "Test", born_on, Sex.FEMALE))
    assert page.sex.sex is Sex.FEMALE
    assert not page.primary.isEnabled()
    qtbot.waitUntil(page.primary.isEnabled)
    with qtbot.waitSignal(page.confirmed) as confirmed:
        page.primary.click()
    assert confirmed.args == [number, "Patient-One", "Test", born_on, Sex.FEMALE]


def test_an_incoming_patient_may_be_another_one(page, qtbot) -> None:
    incoming = TypedPatient(NhsNumber("9990000018"), "Patient-One", "Test", date(1958, 9, 3))
    page.ask_about_incoming(incoming)
    qtbot.waitUntil(page._change.isEnabled)
    with qtbot.waitSignal(page.declined):
        page._change.click()


def test_a_refused_number_is_reported_below_its_field(qtbot) -> None:
    def refuse(number: NhsNumber) -> None:
        raise StationError(ErrorCode.TEST_NUMBER)

    page = PatientPage(words, lambda: date(2026, 9, 4), check_number=refuse)
    qtbot.addWidget(page)
    page.load_draft(TYPED)
    page.primary.click()
    assert page.fields["nhs_number"].error == "words for test_number"


def test_the_sex_in_the_record_is_asked_kept_in_the_draft_and_confirmed(page, qtbot) -> None:
    page.load_draft({"sex": "male"})
    assert page.sex.sex is Sex.MALE
    with qtbot.waitSignal(page.edited) as told:
        page.sex.choice.activated.emit(page.sex.choice.currentIndex())
        page.flush_draft()
    assert told.args[0]["sex"] == "male"
    page.load_draft({})
    assert page.sex.sex is Sex.NOT_RECORDED
