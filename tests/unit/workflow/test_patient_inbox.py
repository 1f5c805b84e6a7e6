"""Files of incoming patients are read once they no longer change, then deleted or kept aside."""

import json
import os
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from dermstation.domain.character_sets import CharacterSet
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow import patient_inbox
from dermstation.workflow.episodes import TypedPatient
from dermstation.workflow.patient_file import PatientReadings, read_patient_file
from dermstation.workflow.patient_inbox import IncomingPatient, NotRead, PatientInbox, leave_note
from tests.unit.domain.test_gdt import patient as gdt_patient
from tests.unit.workflow.conftest import NURSE
from tests.unit.workflow.test_patient_file import GOOD, PLANTED, as_json, bad_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "from record system"
    made.mkdir()
    return made


@pytest.fixture
def inbox(tmp_path: Path, folder: Path) -> PatientInbox:
    return PatientInbox(tmp_path / "notes", folder)


def looked(inbox: PatientInbox, looks: int = 2) -> IncomingPatient | NotRead | None:
    for _ in range(looks):
        found = inbox.look()
    return found


def test_an_empty_inbox_finds_nothing(inbox: PatientInbox) -> None:
    assert looked(inbox) is None


@pytest.mark.parametrize("name", ["patient.json", "PATIENT.GDT", "DERM.001"])
def test_a_dropped_file_is_read_at_the_second_look(
    inbox: PatientInbox, folder: Path, name: str
) -> None:
    (folder / name).write_bytes(as_json())
    assert inbox.look() is None
    found = inbox.look()
    assert isinstance(found, IncomingPatient)
    assert isinstance(found.patient, TypedPatient)
    assert found.patient.family_name == GOOD["family_name"]
    assert GOOD["family_name"] not in repr(found)


def test_a_file_that_is_still_being_written_waits(inbox: PatientInbox, folder: Path) -> None:
    file = folder / "patient.json"
    for end in range(10, len(as_json()), 20):
        file.write_bytes(as_json()[:end])
        assert inbox.look() is None
    file.write_bytes(as_json())
    assert isinstance(looked(inbox), IncomingPatient)


@pytest.mark.parametrize("name", ["letter.pdf", "patient.json.not-read", "patient.tmp", "x.12a"])
def test_other_files_are_left_alone(inbox: PatientInbox, folder: Path, name: str) -> None:
    (folder / name).write_bytes(as_json())
    assert looked(inbox) is None
    assert (folder / name).read_bytes() == as_json()


def test_the_newest_patient_goes_first(inbox: PatientInbox, folder: Path) -> None:
    for age, name in enumerate(("new.json", "old.json")):
        (folder / name).write_bytes(as_json(given_name=name.split(".")[0]))
        os.utime(folder / name, (1_700_000_000 - age, 1_700_000_000 - age))
    found = looked(inbox)
    assert isinstance(found, IncomingPatient)
    assert isinstance(found.patient, TypedPatient)
    assert found.patient.given_name == "new"


def test_a_file_that_was_used_is_deleted(inbox: PatientInbox, folder: Path) -> None:
    (folder / "patient.json").write_bytes(as_json())
    found = looked(inbox)
    assert isinstance(found, IncomingPatient)
    inbox.remove(found, NURSE)
    assert list(folder.iterdir()) == []
    inbox.remove(found, NURSE)  # gone already
    assert looked(inbox) is None


def test_a_file_rewritten_meanwhile_is_not_deleted(inbox: PatientInbox, folder: Path) -> None:
    file = folder / "patient.json"
    file.write_bytes(as_json())
    found = looked(inbox)
    assert isinstance(found, IncomingPatient)
    file.write_bytes(as_json(given_name="Somebody-Else"))
    inbox.remove(found, NURSE)
    again = looked(inbox)
    assert isinstance(again, IncomingPatient)
    assert isinstance(again.patient, TypedPatient)
    assert again.patient.given_name == "Somebody-Else"


@pytest.mark.expects_log("patient file stays")
def test_a_file_that_cannot_be_deleted_is_reported_and_not_offered_again(
    inbox: PatientInbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "patient.json").write_bytes(as_json())
    found = looked(inbox)
    assert isinstance(found, IncomingPatient)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(patient_inbox, "shred", refuse)
    with pytest.raises(StationError) as trouble:
        inbox.remove(found, NURSE)
    assert trouble.value.code is ErrorCode.PATIENT_FILE_STAYS
    assert looked(inbox) is None


@pytest.mark.expects_log("was not read")
def test_a_bad_file_is_kept_aside_with_every_byte(inbox: PatientInbox, folder: Path) -> None:
    for number in range(3):
        (folder / "patient.json").write_bytes(b"{broken %d" % number)
        found = looked(inbox)
        assert isinstance(found, NotRead)
        assert found.trouble.code is ErrorCode.PATIENT_FILE_INVALID
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        "patient.json.not-read": b"{broken 0",
        "patient.json.not-read1": b"{broken 1",
        "patient.json.not-read2": b"{broken 2",
    }
    assert looked(inbox) is None


@pytest.mark.parametrize("part", range(6))  # each look reads all that lie there
@pytest.mark.expects_log("was not read")
def test_300_bad_files_are_kept_aside_and_nothing_of_them_is_logged(
    inbox: PatientInbox, folder: Path, caplog: pytest.LogCaptureFixture, part: int
) -> None:
    files = bad_files()[part::6]
    for data in files:
        (folder / "zweigelt.json").write_bytes(data)
        assert isinstance(looked(inbox), NotRead)
    kept = sorted(file.read_bytes() for file in folder.iterdir())
    assert kept == sorted(files)
    logged = "\n".join(record.getMessage() for record in caplog.records).lower()
    assert len(caplog.records) == len(files)
    assert not any(planted in logged for planted in PLANTED)


def test_a_file_named_on_the_command_line_is_found_by_its_note(
    inbox: PatientInbox, tmp_path: Path
) -> None:
    file = tmp_path / "any name"
    file.write_bytes(as_json())
    leave_note(tmp_path / "notes", file)
    found = looked(inbox)
    assert isinstance(found, IncomingPatient)
    inbox.remove(found, NURSE)
    assert not file.exists()
    assert list((tmp_path / "notes").iterdir()) == []


@pytest.mark.expects_log("was not read")
def test_a_named_file_that_is_missing_is_reported_once(inbox: PatientInbox, tmp_path: Path) -> None:
    leave_note(tmp_path / "notes", tmp_path / "gone.json")
    found = looked(inbox, 1 + patient_inbox.TRIES)
    assert isinstance(found, NotRead)
    assert found.trouble.code is ErrorCode.PATIENT_FILE_UNREADABLE
    assert looked(inbox) is None
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_missing_watched_folder_is_reported_once_until_it_returns(
    inbox: PatientInbox, folder: Path
) -> None:
    folder.rmdir()
    found = inbox.look()
    assert isinstance(found, NotRead)
    assert found.trouble.code is ErrorCode.PATIENT_FOLDER_ABSENT
    assert inbox.look() is None
    folder.mkdir()
    assert inbox.look() is None
    folder.rmdir()
    assert isinstance(inbox.look(), NotRead)


def test_a_name_that_can_be_read_in_two_ways_is_offered_in_both_unless_the_set_is_known(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "patient.gdt").write_bytes(gdt_patient(b"Siobh\xe1n"))
    found = looked(PatientInbox(tmp_path / "notes", folder))
    assert isinstance(found, IncomingPatient)
    assert isinstance(found.patient, PatientReadings)
    assert len(found.patient.choices) == 2
    known = PatientInbox(tmp_path / "notes", folder, expected=CharacterSet.WINDOWS_1252)
    found = looked(known)
    assert isinstance(found, IncomingPatient)
    assert isinstance(found.patient, TypedPatient)
    assert found.patient.family_name == "Siobh\u00e1n"


def test_a_link_in_the_watched_folder_is_not_followed(
    inbox: PatientInbox, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.json").write_bytes(as_json())
    (folder / "link.json").symlink_to(tmp_path / "elsewhere.json")
    assert looked(inbox) is None


def test_looks_never_pile_up(
    inbox: PatientInbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(inbox, "look", lambda: go_on.wait(20) and None)
    first = inbox.start_look()
    assert first is not None
    assert inbox.start_look() is None
    go_on.set()
    assert first.result(20) is None
    assert inbox.start_look() is not None


def test_an_error_in_a_look_is_reported(
    inbox: PatientInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(inbox, "look", fail)
    looking = inbox.start_look()
    assert looking is not None
    with pytest.raises(RuntimeError):
        looking.result(20)


def test_json_of_the_docs_is_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "patient-file.md").read_text(encoding="utf-8")
    example = text.split("```json")[1].split("```")[0]
    assert json.loads(example)["format"] == GOOD["format"]
    read = read_patient_file(example.encode(), today=date(2026, 9, 4))
    assert isinstance(read, TypedPatient)
    assert read.nhs_number.is_test


@pytest.mark.expects_log("was not read")
@pytest.mark.parametrize("name", ["settings.json", "thesis.001", "letter.docx"])
def test_a_note_does_not_make_the_station_rename_a_file_that_is_no_patient_file(
    inbox: PatientInbox, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b'{"somebody": "else"}')
    leave_note(tmp_path / "notes", file)
    found = looked(inbox)
    assert isinstance(found, NotRead)
    assert found.trouble.code is ErrorCode.PATIENT_FILE_FOREIGN
    assert looked(inbox) is None
    assert file.read_bytes() == b'{"somebody": "else"}'
    assert inbox.unread.look() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.expects_log("was not read")
def test_notes_and_files_that_are_no_plain_files_block_nothing(
    inbox: PatientInbox, folder: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in ("a.named", "b.aside"):
        os.mkfifo(notes / name)
    (notes / "c.named").symlink_to("/dev/zero")
    os.mkfifo(folder / "patient.gdt")
    os.mkfifo(folder / "patient.gdt.not-read")
    os.mkfifo(tmp_path / "named.json")
    leave_note(notes, tmp_path / "named.json")
    found = looked(inbox)
    assert isinstance(found, NotRead)
    assert found.trouble.code is ErrorCode.PATIENT_FILE_UNREADABLE
    assert looked(inbox) is None
    assert (tmp_path / "named.json").is_fifo()


def test_an_archive_in_the_place_of_the_watched_folder_is_told_and_not_read(
    inbox: PatientInbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_inbox, "MOST_FILES", 20)
    for number in range(21):
        (folder / f"{number}.json").write_bytes(as_json())
    found = inbox.look()
    assert isinstance(found, NotRead)
    assert found.trouble.code is ErrorCode.PATIENT_FOLDER_FULL
    assert looked(inbox) is None
    (folder / "0.json").unlink()
    assert isinstance(looked(inbox), IncomingPatient)
