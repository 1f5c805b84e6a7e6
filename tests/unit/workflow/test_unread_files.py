"""Files that could not be read are listed until somebody wipes them or their time is over."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow import unread_files
from dermstation.workflow.patient_inbox import NotRead, PatientInbox, leave_note
from dermstation.workflow.unread_files import UnreadFiles
from tests.unit.workflow.conftest import NURSE

DAYS = 7


class Clock:
    """Today, or days later."""

    def __init__(self) -> None:
        self.later = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "from record system"
    made.mkdir()
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unread(tmp_path: Path, folder: Path, clock: Clock) -> UnreadFiles:
    return UnreadFiles(tmp_path / "notes", folder, DAYS, clock)


def kept(unread: UnreadFiles, file: Path, content: bytes = b"Patient-One") -> Path:
    file.write_bytes(content)
    assert unread.keep_aside(file)
    return file.with_name(file.name + ".not-read")


def test_a_file_that_was_kept_aside_is_listed_with_its_day(
    unread: UnreadFiles, folder: Path, clock: Clock
) -> None:
    aside = kept(unread, folder / "Patient-One.gdt")
    os.utime(aside, (1_000_000_000, 1_000_000_000))  # an old file, which came today
    (one,) = unread.look()
    assert one.file == aside
    assert abs(one.aside_at - clock()) < timedelta(hours=1)
    assert one.wiped_at - one.aside_at == timedelta(days=DAYS)
    assert "Patient" not in repr(one)


def test_a_file_is_wiped_when_its_time_is_over_and_not_before(
    unread: UnreadFiles, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    aside = kept(unread, folder / "patient.gdt")
    clock.later = timedelta(days=DAYS - 1)
    assert len(unread.look()) == 1
    assert aside.exists()
    clock.later = timedelta(days=DAYS + 1)
    assert unread.look() == ()
    assert not aside.exists()
    assert list((tmp_path / "notes").iterdir()) == []


def test_a_file_outside_the_watched_folder_is_wiped_too(tmp_path: Path, clock: Clock) -> None:
    unread = UnreadFiles(tmp_path / "notes", None, DAYS, clock)
    aside = kept(unread, tmp_path / "named.json")
    assert [one.file for one in unread.look()] == [aside]
    clock.later = timedelta(days=DAYS + 1)
    unread.look()
    assert not aside.exists()


def test_files_of_an_earlier_version_get_the_full_time(
    unread: UnreadFiles, folder: Path, clock: Clock
) -> None:
    left = folder / "old.json.not-read2"
    left.write_bytes(b"{")
    os.utime(left, (1_000_000_000, 1_000_000_000))
    (one,) = unread.look()
    assert one.file == left
    assert [each.file for each in unread.look()] == [left]  # not listed twice
    clock.later = timedelta(days=DAYS + 1)
    assert unread.look() == ()
    assert not left.exists()


def test_no_other_file_is_ever_wiped(
    unread: UnreadFiles, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    other = folder / "letter.not-read.pdf"
    other.write_bytes(b"a letter")
    target = tmp_path / "elsewhere"
    target.write_bytes(b"not ours")
    (folder / "link.not-read").symlink_to(target)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "x.aside").write_text(str(target), encoding="utf-8")
    clock.later = timedelta(days=DAYS + 400)
    assert unread.look() == ()
    assert other.exists()
    assert target.read_bytes() == b"not ours"


def test_one_file_is_wiped_on_request(unread: UnreadFiles, folder: Path) -> None:
    first, second = kept(unread, folder / "a.json"), kept(unread, folder / "b.json")
    wanted = next(one for one in unread.look() if one.file == first)
    assert [one.file for one in unread.wipe(wanted, NURSE)] == [second]
    assert not first.exists()
    assert unread.wipe(wanted, NURSE) == unread.files  # gone already


@pytest.mark.expects_log("stays")
def test_a_file_that_cannot_be_wiped_stays_in_the_list(
    unread: UnreadFiles, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(unread, folder / "a.json")
    (one,) = unread.look()

    def refuse(path: Path) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(unread_files, "shred", refuse)
    with pytest.raises(StationError) as caught:
        unread.wipe(one, NURSE)
    assert caught.value.code is ErrorCode.PATIENT_FILE_STAYS
    clock.later = timedelta(days=DAYS + 1)
    assert unread.look() == (one,)


def test_a_file_that_somebody_removed_is_forgotten_but_not_with_its_drive(
    unread: UnreadFiles, folder: Path
) -> None:
    aside = kept(unread, folder / "a.json")
    assert len(unread.look()) == 1
    folder.rename(folder.with_name("away"))  # as an unplugged drive
    assert len(unread.look()) == 1
    folder.with_name("away").rename(folder)
    aside.unlink()
    assert unread.look() == ()


@pytest.mark.expects_log("was not read")
def test_the_inbox_lists_what_it_kept_aside(tmp_path: Path, folder: Path) -> None:
    inbox = PatientInbox(tmp_path / "notes", folder, unread_days=1)
    (folder / "one.json").write_bytes(b"{")
    named = tmp_path / "named.gdt"
    named.write_bytes(b"01380006301\r\n")
    leave_note(tmp_path / "notes", named)
    found = [inbox.look() for _ in range(4)]
    assert sum(isinstance(one, NotRead) for one in found) == 2
    listed = {one.file.name for one in inbox.unread.files}
    assert listed == {"one.json.not-read", "named.gdt.not-read"}


def test_a_name_is_found_however_many_are_taken_and_however_long_it_is(
    unread: UnreadFiles, folder: Path
) -> None:
    for tail in ("", *map(str, range(1, 1001))):
        (folder / f"a.gdt.not-read{tail}").touch()
    for name in ("a.gdt", f"{'b' * 250}.gdt"):
        (folder / name).write_bytes(b"Patient-One")
        assert unread.keep_aside(folder / name)
        assert not (folder / name).exists()
    kept_now = [one for one in folder.iterdir() if one.stat().st_size]
    assert len(kept_now) == 2
    assert all(".not-read" in one.suffix for one in kept_now)
    assert {one.file for one in unread.look()} >= set(kept_now)


def test_thousands_of_files_are_noted_a_few_at_a_look(
    unread: UnreadFiles, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_files, "MOST_NOTES", 120)
    for number in range(300):
        (folder / f"{number}.gdt.not-read").touch()
    assert [len(unread.look()) for _ in range(4)] == [50, 100, 120, 120]
    assert unread_files.kept_aside(folder) == 120


def test_a_file_with_another_name_elsewhere_is_not_overwritten(
    unread: UnreadFiles, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "thesis").write_bytes(b"years of work")
    (folder / "x.not-read").hardlink_to(tmp_path / "thesis")
    (one,) = unread.look()
    assert unread.wipe(one, NURSE) == ()
    assert (tmp_path / "thesis").read_bytes() == b"years of work"
