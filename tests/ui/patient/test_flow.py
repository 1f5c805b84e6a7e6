"""The patient in the real window: incoming, scanned, changed, and never mixed up with another."""

import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.identity import NhsNumber
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home import scanner
from dermstation.ui.home.page import HomePage
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.patient.readings_page import ReadingsPage
from dermstation.ui.patient.unread_page import UnreadPage
from dermstation.workflow.episodes import TypedPatient, open_episode
from dermstation.workflow.patient_file import FORMAT
from dermstation.workflow.patient_inbox import leave_note
from dermstation.workflow.unlocking import SignedIn
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.domain.test_gdt import patient as gdt_patient
from tests.unit.workflow.conftest import an_episode

HANDED = {
    "format": FORMAT,
    "nhs_number": "9990000026",
    "family_name": "Patient-Two",
    "given_name": "Handed",
    "born_on": "1971-02-28",
}
SAME = {
    "format": FORMAT,
    "nhs_number": "9990000018",
    "family_name": "Patient-One",
    "given_name": "Test",
    "born_on": "1958-09-03",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "watched"
    made.mkdir()
    return made


@pytest.fixture
def at_list(desk: Desk, folder: Path) -> Desk:
    desk.set_up()
    desk.open(patient_folder=str(folder))
    desk.sign_in()
    desk.page(HomePage)
    return desk


@pytest.fixture
def at_pictures(desk: Desk, folder: Path) -> Desk:
    desk.set_up(an_episode)
    desk.open(patient_folder=str(folder))
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    desk.page(CapturePage)
    return desk


def drop_gdt(folder: Path, family: bytes) -> Path:
    file = folder / "patient.gdt"
    file.write_bytes(gdt_patient(family))
    return file


def readings_page(desk: Desk) -> ReadingsPage:
    page = desk.page(ReadingsPage)
    desk.until(page.isActiveWindow)
    return page


def test_a_name_that_can_be_read_in_two_ways_is_chosen_by_keys(at_list, folder) -> None:
    file = drop_gdt(folder, b"Siobh\xe1n")
    page = readings_page(at_list)
    assert {"Siobh\u00e1n, Test", "Siobh\u00dfn, Test"} <= set(at_list.texts().split("\n"))
    QTest.keyClick(at_list.window.focusWidget(), Qt.Key.Key_Return)  # meant for the list
    assert at_list.shell.page is page
    QTest.keyClick(at_list.window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(at_list.window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(at_list.window.focusWidget(), Qt.Key.Key_Up)
    assert at_list.window.focusWidget() is page.buttons[0]
    QTest.keyClick(at_list.window.focusWidget(), Qt.Key.Key_Return)
    confirming = incoming_page(at_list)
    assert "SIOBH\u00c1N, Test" in at_list.texts()
    assert file.exists()
    at_list.press(confirming)
    at_list.page(ConsentPage)
    assert "SIOBH\u00c1N" in at_list.shell.header.banner
    at_list.until(lambda: not file.exists())


def test_a_name_that_is_none_of_the_readings_is_typed(at_list, folder) -> None:
    file = drop_gdt(folder, b"Siobh\xe1n")
    readings_page(at_list).none.click()
    form = at_list.page(PatientPage)
    assert not form.confirming
    typed = {name: field.text() for name, field in form.fields.items()}
    assert typed == {
        "nhs_number": "999 000 0018",
        "family_name": "",
        "given_name": "",
        "born_on": "03/09/1958",
    }
    at_list.until(lambda: not file.exists())


def test_the_open_patient_read_in_one_of_two_ways_is_the_same_patient(desk, folder) -> None:
    def opened(signed_in: SignedIn) -> None:
        typed = TypedPatient(NhsNumber("9990000018"), "Siobh\u00e1n", "Test", date(1958, 9, 3))
        open_episode(signed_in.vault, signed_in.operator, typed)

    desk.set_up(opened)
    desk.open(patient_folder=str(folder))
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    desk.page(ConsentPage)
    file = drop_gdt(folder, b"Siobh\xe1n")
    desk.said("this same patient")
    desk.until(lambda: not file.exists())


@pytest.mark.expects_log("was not read")
def test_files_that_could_not_be_read_are_listed_and_wiped_in_the_window(at_list, folder) -> None:
    assert at_list.page(HomePage).unread.isHidden()
    drop(folder, {**HANDED, "born_on": "28.02.1971"})
    at_list.until(at_list.page(HomePage).unread.isVisible)
    at_list.page(HomePage).unread.click()
    page = at_list.page(UnreadPage)
    assert "patient.json.not-read" in at_list.texts()
    page.buttons[0].click()
    at_list.until(lambda: list(folder.iterdir()) == [])
    at_list.until(lambda: "There are none." in at_list.texts())
    at_list.shell.page.back.click()
    assert at_list.page(HomePage).unread.isHidden()


def drop(folder: Path, content: dict[str, str], name: str = "patient.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def incoming_page(desk: Desk) -> PatientPage:
    desk.until(lambda: isinstance(desk.shell.page, PatientPage) and desk.shell.page.is_incoming)
    assert desk.shell.page.confirming
    return desk.shell.page


def test_a_patient_dropped_into_the_folder_is_confirmed_then_the_file_is_deleted(
    at_list, folder
) -> None:
    file = drop(folder, HANDED)
    page = incoming_page(at_list)
    assert "PATIENT-TWO, Handed" in at_list.texts()
    assert "NHS 999 000 0026" in at_list.texts()
    assert file.exists()  # not before the patient was confirmed
    at_list.press(page)
    at_list.page(ConsentPage)
    assert "PATIENT-TWO, Handed" in at_list.shell.header.banner
    at_list.until(lambda: not file.exists())


def test_a_file_named_on_the_command_line_is_taken_up_by_the_open_window(at_list, tmp_path) -> None:
    file = drop(tmp_path, HANDED, "named")
    leave_note(at_list.paths.incoming, file)
    at_list.press(incoming_page(at_list))
    at_list.page(ConsentPage)
    at_list.until(lambda: not file.exists())


def test_an_enter_meant_for_the_list_confirms_nobody(at_list, folder) -> None:
    drop(folder, HANDED)
    page = incoming_page(at_list)
    assert not page.primary.isEnabled()  # the button responds after a moment
    QTest.keyClick(page, Qt.Key.Key_Return)
    QTest.keyClick(page._change, Qt.Key.Key_Return)
    assert at_list.shell.page is page
    assert at_list.in_vault(unfinished) == ()


def test_another_patient_than_the_one_in_the_room_is_declined_and_deleted(at_list, folder) -> None:
    file = drop(folder, HANDED)
    page = incoming_page(at_list)
    at_list.until(page._change.isEnabled)
    page._change.click()
    at_list.page(HomePage)
    at_list.until(lambda: not file.exists())
    assert at_list.in_vault(unfinished) == ()


@pytest.mark.expects_log("was not read")
def test_a_bad_file_is_reported_in_plain_words_and_kept_aside(at_list, folder) -> None:
    drop(folder, {**HANDED, "born_on": "28.02.1971"})
    words = at_list.said("date of birth")
    assert "kept aside" in words
    assert "Handed" not in words
    assert [file.name for file in folder.iterdir()] == ["patient.json.not-read"]
    assert isinstance(at_list.shell.page, HomePage)


def test_another_incoming_patient_is_refused_while_an_episode_is_open(at_pictures, folder) -> None:
    before = at_pictures.shell.header.banner
    file = drop(folder, HANDED)
    words = at_pictures.said("another patient", "refused")
    assert "Two" not in words
    assert file.exists()
    assert at_pictures.shell.header.banner == before
    assert len(at_pictures.in_vault(unfinished)) == 1


def test_a_known_number_with_another_name_is_refused_too(at_pictures, folder) -> None:
    drop(folder, {**SAME, "family_name": "Patient-Won"})
    at_pictures.said("another patient", "refused")


def test_the_same_patient_again_is_fine(at_pictures, folder) -> None:
    file = drop(folder, SAME)
    at_pictures.said("this same patient")
    at_pictures.until(lambda: not file.exists())


def test_changing_the_patient_closes_the_episode_at_its_place(at_pictures, folder) -> None:
    drop(folder, HANDED)
    at_pictures.said("refused")
    at_pictures.shell.header.work_list.click()
    at_pictures.press(incoming_page(at_pictures))  # the refused patient waited for the list
    at_pictures.page(ConsentPage)
    assert "PATIENT-TWO" in at_pictures.shell.header.banner
    places = {
        one.view.patient.family_name: one.place.step for one in at_pictures.in_vault(unfinished)
    }
    assert places == {"Patient-One": "pictures", "Patient-Two": "consent"}


def test_changing_the_patient_says_that_nothing_is_lost(at_pictures) -> None:
    at_pictures.shell.header.work_list.click()
    at_pictures.page(HomePage)
    at_pictures.said("previous patient's episode is closed", "safe")
    assert at_pictures.shell.header.banner == ""
    assert at_pictures.shell.header.work_list.isHidden()


def test_a_picture_that_is_not_saved_keeps_the_patient(at_pictures) -> None:
    page = at_pictures.take()
    at_pictures.shell.header.work_list.click()
    at_pictures.said("not saved yet", "still held")
    assert at_pictures.shell.page is page
    assert at_pictures.loop is LoopState.REVIEWING


def test_a_form_that_is_being_filled_is_not_replaced(at_list, folder) -> None:
    at_list.press(at_list.page(HomePage))
    page = at_list.page(PatientPage)
    page.fields["family_name"].set_text("Half-Typed")
    drop(folder, HANDED)
    at_list.said("has sent a patient")
    assert at_list.shell.page is page
    page.back.click()
    incoming_page(at_list)


def test_a_locked_station_leaves_an_incoming_patient_waiting(at_list, folder) -> None:
    at_list.window.lock()
    file = drop(folder, HANDED)
    at_list.sign_in()
    incoming_page(at_list)
    at_list.window.lock()
    at_list.sign_in()
    incoming_page(at_list)
    assert file.exists()


def test_a_test_number_is_refused_outside_of_demo_mode(desk, folder) -> None:
    desk.set_up()
    desk.open(patient_folder=str(folder), demo_mode=False)
    assert desk.shell.header.demo_badge.isHidden()
    desk.sign_in()
    desk.page(HomePage)
    drop(folder, HANDED)
    page = incoming_page(desk)
    desk.said("kept for tests")
    desk.press(page)
    desk.said("kept for tests")
    assert desk.in_vault(unfinished) == ()


def test_demo_mode_is_written_over_every_page(at_list) -> None:
    shown = at_list.shell._watermark
    assert shown is not None
    assert shown.isVisible()
    assert shown.size() == at_list.shell.size()
    at_list.press(at_list.page(HomePage))  # its button is reached by the mnemonic
    at_list.page(PatientPage)


def test_a_scan_of_the_number_leads_on_to_the_name(at_list) -> None:
    at_list.press(at_list.page(HomePage))
    page = at_list.page(PatientPage)
    QTest.keyClicks(page.fields["nhs_number"].edit, "9990000018\r")
    assert page.fields["nhs_number"].text() == "999 000 0018"
    assert not page.confirming
    assert not any(field.error for field in page.fields.values())


def test_a_scan_of_everything_leads_to_the_confirmation(at_list) -> None:
    at_list.press(at_list.page(HomePage))
    page = at_list.page(PatientPage)
    QTest.keyClicks(page.fields["family_name"].edit, "9990000018|Patient-One|Test|03/09/1958\r")
    assert page.confirming
    at_list.press(page)
    at_list.page(ConsentPage)
    assert at_list.in_vault(unfinished)[0].view.patient.family_name == "Patient-One"


@pytest.fixture
def patient_ear(monkeypatch) -> None:
    """Allow long gaps in a burst, because the keys of a test carry no time of their own."""
    monkeypatch.setattr(scanner, "APART_MS", 20_000)


def scan(desk: Desk, text: str) -> None:
    """Type as a scanner does, into the focused widget, and end with Enter."""
    for character in text:
        QTest.keyClicks(desk.window.focusWidget(), character)
    QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Return)


@pytest.mark.usefixtures("patient_ear")
def test_a_scan_at_the_work_list_asks_whether_this_is_the_patient(at_list) -> None:
    scan(at_list, "9990000026|Patient-Two|Scanned|28/02/1971")
    page = at_list.page(PatientPage)
    assert page.confirming  # and the scan alone admits nobody
    assert "PATIENT-TWO, Scanned" in at_list.texts()
    assert at_list.in_vault(unfinished) == ()
    at_list.press(page)
    at_list.page(ConsentPage)
    assert "PATIENT-TWO" in at_list.shell.header.banner


@pytest.mark.usefixtures("patient_ear")
def test_a_scanned_number_at_the_work_list_leads_on_to_the_name(at_list) -> None:
    scan(at_list, "9990000026")
    page = at_list.page(PatientPage)
    assert not page.confirming
    assert page.fields["nhs_number"].text() == "999 000 0026"
    assert at_list.window.focusWidget() is page.fields["family_name"].edit


@pytest.mark.usefixtures("patient_ear")
def test_a_scan_mixes_nothing_with_a_form_half_typed_for_somebody_else(at_list) -> None:
    at_list.press(at_list.page(HomePage))
    form = at_list.page(PatientPage)
    QTest.keyClicks(form.fields["family_name"].edit, "Somebody-Else")
    form.back.click()
    at_list.page(HomePage)
    scan(at_list, "9990000026")
    page = at_list.page(PatientPage)
    assert page.fields["family_name"].text() == ""


@pytest.mark.usefixtures("patient_ear")
def test_a_scan_that_contradicts_a_known_identity_is_refused(desk) -> None:
    desk.set_up(an_episode)
    desk.open()
    desk.sign_in()
    desk.page(HomePage)
    scan(desk, "9990000018|Patient-Two|Other|28/02/1971")
    desk.press(desk.page(PatientPage))
    desk.said("another name or date of birth")
    assert len(desk.in_vault(unfinished)) == 1


def test_a_search_finds_and_one_press_resumes(desk) -> None:
    desk.set_up(an_episode)
    desk.open()
    desk.sign_in()
    page = desk.page(HomePage)
    page.finder.search.setText("patient-o 3.9.58")
    desk.until(lambda: page._query.text == "patient-o 3.9.58")
    assert len(page.rows) == 1
    page.finder.search.setText("nobody of this name")
    desk.until(lambda: page.rows == [])
    desk.until(lambda: "No episode found" in desk.texts())
    page.finder.search.setText("999 000 0018")
    desk.until(lambda: len(page.rows) == 1)
    page.rows[0].go_on.click()
    desk.page(CapturePage)
